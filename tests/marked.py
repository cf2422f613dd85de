"""Sentences with their mentions marked: ``No [cancer](CONDITION) within 2 years``.

Broken markup raises `MarkupError`, so a test cannot pass by a slip of the pen.
"""

import re

import spacy

from critextract import extensions
from critextract.compiler import compile_record
from critextract.components.drafts import Candidate
from critextract.components.tokens import make_tokenizer
from critextract.pipeline import to_mentions
from critextract.schema import Criterion, Label, Record, Section
from critextract.text import clean

_MARK = re.compile(r"\[([^\[\]]+)\]\(([A-Z]+)\)")


class MarkupError(ValueError):
    """The marked sentence is malformed."""


def parse_marked(marked: str) -> tuple[str, list[Candidate]]:
    """Return the plain text and its candidates, in text order."""
    text, candidates, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        label = match[2]
        if label not in Label.__members__:
            raise MarkupError(f"unknown label {label!r} in {marked!r}")
        candidates.append(Candidate(Label(label), len(text), len(text) + len(match[1]), "model"))
        text += match[1]
        at = match.end()
    text += marked[at:]
    if re.search(r"\]\(|\[[^\]]*$", text):
        raise MarkupError(f"unparsed markup in {marked!r}")
    return text, candidates


class MarkedReader:
    """Runs the stages after the mention model on marked sentences."""

    def __init__(self) -> None:
        self.nlp = spacy.blank("en")
        self.nlp.tokenizer = make_tokenizer()(self.nlp)
        for stage in ("quantities", "temporal", "context", "relations"):
            self.nlp.add_pipe(f"critextract_{stage}")

    def __call__(self, marked: str, section: Section = "inclusion") -> Record:
        """Return the compiled record of one criterion."""
        from critextract.components.qualifiers import find_qualifiers

        text, candidates = parse_marked(marked)
        doc = self.nlp.make_doc(text)
        extensions.put(doc, "candidates", candidates)
        spans = [(c.start, c.end) for c in candidates]
        extensions.put(
            doc,
            "qualifiers",
            [
                q
                for q in find_qualifiers(text)
                if not any(a < q.end and q.start < b for a, b in spans)
            ],
        )
        for _, stage in self.nlp.pipeline:
            doc = stage(doc)
        criterion = Criterion(section[0].upper() + "1", section, None, 0, len(text), text)
        mentions = to_mentions(doc._.critextract_mentions, clean(text, 0, len(text)), criterion, 0)
        return compile_record(
            Record("marked", text, criteria=(criterion,), mentions=tuple(mentions))
        )
