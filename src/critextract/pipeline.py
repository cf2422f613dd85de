"""From text to `Record`: the border. Nothing after this module sees spaCy.

``text -> sections -> criteria -> one Doc a criterion -> mentions -> Record -> rules and coverage``
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from critextract import __version__
from critextract.changes import replace
from critextract.compiler import compile_record
from critextract.components.criteria import split_criteria
from critextract.components.drafts import Drawn, TimeExpression
from critextract.components.followed import as_annotated
from critextract.components.lead_times import carried, govern
from critextract.components.rule_trust import with_confidence
from critextract.components.sections import find_headings
from critextract.components.tokens import CONVENTIONS
from critextract.components.trust import trusted
from critextract.errors import InputError, reason
from critextract.rules import Is, map_leaves
from critextract.schema import (
    Criterion,
    Demographics,
    Heading,
    Mention,
    Provenance,
    Qualifier,
    Record,
    RuleGuard,
    Section,
    Value,
    Window,
)
from critextract.text import CleanText, clean, join

if TYPE_CHECKING:
    from spacy.language import Language

    from critextract.io.documents import Document

TOPICS = frozenset({"age", "ages", "life expectancy", "weight", "sex", "gender"})
"""Headings that are the subject of the criterion under them."""

_WAYS = {convention: convention for convention in ("", *CONVENTIONS)}

_Span = TypeVar("_Span", Drawn, Qualifier, Value, Window)

MAX_CRITERION = 20_000
"""Characters of one criterion that are read; a longer one comes out as ``unparsed``."""

LINES_KEPT, LONGEST_KEPT = 5_000, 200
"""Lines read last whose findings are kept, and their most characters: one line in four of a
registry's stood in another record, word for word."""

_Findings = tuple[tuple[Mention, ...], tuple[TimeExpression, ...], tuple[Drawn, ...]]
"""Mentions of a line, its times that belong to none of them, and what annotators mark besides, if a
corpus is followed; offsets in the line."""


def load(config: str | Path | None = None) -> Extractor:
    """Return an extractor, the default one or the one a configuration describes.

    config : a file, or the name of a packaged one: ``chia`` and ``lct`` name mentions as the
        annotators of these corpora did, and tie to them what they did, for figures that compare
        with others on them.

    Raises
    ------
    InputError : `config` cannot be read or is no JSON object with ``model`` and ``components``.
    ModelError : the model it names is missing or was trained by another version.
    """
    name = Path(config or "default")
    packaged = resources.files("critextract") / "configs" / f"{name.name}.json"
    source = packaged if str(name) == name.name and packaged.is_file() else name
    try:
        text = source.read_text(encoding="utf-8")
        settings = json.loads(text)
        model, components = settings["model"], dict(settings["components"])
        convention = _WAYS[settings.get("convention", "")]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{source}: expected JSON with model and components, and a convention of "
            f"{', '.join(CONVENTIONS)} or none, found {reason(error)}; "
            "see configs/default.json of the package"
        ) from None
    return Extractor(model, components, convention)


class Extractor:
    """Reads eligibility texts; made by `load`.

    Parameters
    ----------
    model : name of a folder under ``models/``.
    components : spaCy factory name to its settings, in the order of running.
    convention : the corpus whose annotators the mentions follow; empty for the program's own.

    Attributes
    ----------
    convention : as given.
    weighs_trust : a mention's confidence is that its attributes are right too, by this project's
        annotations; else that its span is right by the corpus' that is followed.
    """

    def __init__(
        self, model: str, components: dict[str, dict[str, Any]], convention: str = ""
    ) -> None:
        from critextract import extensions  # noqa: F401  (registers them)
        from critextract.learn.load import load_mention_model

        self._lines: dict[str, _Findings] = {}
        self.nlp: Language = load_mention_model(model, convention)
        for factory, settings in components.items():
            self.nlp.add_pipe(factory, config=settings)
        self.convention, self.weighs_trust = convention, not convention
        parts = json.dumps([model, components, convention], sort_keys=True)
        self.made_by = Provenance(
            program=f"critextract {__version__}",
            model=f"{model} {self.nlp.meta.get('version', '')}".strip(),
            config=hashlib.sha256(parts.encode()).hexdigest()[:16],
        )

    def extract(
        self,
        text: str,
        *,
        id: str = "-",
        demographics: Demographics | None = None,
        default_section: Section | None = None,
        problems: Sequence[str] = (),
    ) -> Record:
        """Return the record of one eligibility text.

        Parameters
        ----------
        text : the text as it stands in its source; all offsets of the record count in it.
        default_section : section of criteria no heading stands over, else told by their words.
        problems : what went wrong before, kept; text named ``not English`` is not interpreted.
        """
        record, spans = self.read(text, default_section, problems)
        if self.convention:
            record = as_annotated(record, spans, self.convention)
        else:
            record = with_confidence(record)
        return replace(record, id=id, demographics=demographics)

    def read(
        self, text: str, default_section: Section | None = None, problems: Sequence[str] = ()
    ) -> tuple[Record, tuple[Drawn, ...]]:
        """Return a text's record without its rules' confidence, and what annotators would mark.

        The latter only where the annotators of a corpus are followed. Parameters as of `extract`.
        """
        headings = find_headings(text, default_section)
        criteria = split_criteria(text, headings, default_section)
        found = list(problems)
        if not criteria and "no eligibility text" not in found:
            found.append("no eligibility text" if not text.strip() else "no criteria found")
        foreign = any(problem.startswith("not English") for problem in found)
        mentions, spans = ((), ()) if foreign else self._mentions(text, headings, criteria)
        record = Record(
            id="-",
            text=text,
            headings=headings,
            criteria=criteria,
            mentions=mentions,
            problems=tuple(found),
            made_by=self.made_by,
        )
        return compile_record(record), spans

    def extract_many(self, documents: Iterable[Document]) -> Iterator[Record]:
        """Yield the record of each document, in order."""
        for document in documents:
            yield self.extract(
                document.text,
                id=document.id,
                demographics=document.demographics,
                default_section=document.default_section,
                problems=document.problems,
            )

    def _mentions(
        self, text: str, headings: Sequence[Heading], criteria: Sequence[Criterion]
    ) -> tuple[tuple[Mention, ...], tuple[Drawn, ...]]:
        """Return the mentions of all criteria, and what annotators mark besides.

        Mentions of sentences belong to the sentence.
        """
        whole = split_in_sentences(criteria)
        topics = {heading.end: heading for heading in headings if is_topic(text, heading)}
        own = [
            (criterion, join(topic_over(text, criterion, topics), cleaned))
            for criterion in criteria
            if criterion.end - criterion.start <= MAX_CRITERION and criterion.id not in whole
            for cleaned in [clean(text, criterion.start, criterion.end)]
        ]
        lines = self._read([cleaned.text for _, cleaned in own])
        mentions: list[Mention] = []
        spans: list[Drawn] = []
        parents = {criterion.parent for criterion in criteria}
        governing: dict[str, tuple[TimeExpression, ...]] = {}
        for (criterion, cleaned), (local, times, drawn) in zip(own, lines, strict=True):
            found = to_mentions(local, cleaned, criterion, len(mentions))
            spans += [_move(span, cleaned) for span in drawn]
            above = governing.get(criterion.parent or "", ())
            mentions += [govern(text, mention, above) for mention in found]
            loose = [_move_time(time, cleaned) for time in times]
            if criterion.id in parents:
                governing[criterion.id] = (*above, *loose, *carried(text, found, criterion.end))
        return tuple(_worded(text, mention) for mention in mentions), tuple(spans)

    def _read(self, texts: Sequence[str]) -> list[_Findings]:
        """Return what is found in each text, by reading it or from when it was last read."""
        unique = dict.fromkeys(texts)
        found = {text: self._lines.pop(text) for text in unique if text in self._lines}
        new = [text for text in unique if text not in found]
        for text, doc in zip(new, self.nlp.pipe(new), strict=True):
            own = doc._
            found[text] = (
                self._weighed(own.critextract_mentions),
                own.critextract_loose_times,
                own.critextract_drawn,
            )
        self._lines.update((text, f) for text, f in found.items() if len(text) <= LONGEST_KEPT)
        for text in list(islice(self._lines, max(0, len(self._lines) - LINES_KEPT))):
            del self._lines[text]
        return [found[text] for text in texts]

    def _weighed(self, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
        return trusted(mentions) if self.weighs_trust else mentions


def split_in_sentences(criteria: Sequence[Criterion]) -> frozenset[str]:
    """Return the ids of the criteria whose text is held by children that lie inside it."""
    by_id = {criterion.id: criterion for criterion in criteria}
    parents = [(by_id[c.parent], c) for c in criteria if c.parent is not None]
    return frozenset(p.id for p, c in parents if p.start <= c.start and c.start < p.end)


def is_topic(text: str, heading: Heading) -> bool:
    """Tell whether a heading names what the criterion under it bounds ("Age:")."""
    name = text[heading.start : heading.end].strip(" \t\r\n:-*").lower()
    return name in TOPICS


def topic_over(text: str, criterion: Criterion, topics: dict[int, Heading]) -> CleanText:
    """Return the topic heading right over a criterion, empty if there is none."""
    near = max(0, criterion.start - 60)
    last = near + len(text[near : criterion.start].rstrip(" \t\r\n-*•:.()0123456789"))
    end = next((end for end in range(criterion.start, last - 1, -1) if end in topics), None)
    return clean(text, topics[end].start, end) if end is not None else CleanText("", ())


def _worded(text: str, mention: Mention) -> Mention:
    """Return the mention with its words as they stand in the original text."""
    parts = mention.fragments or ((mention.start, mention.end),)
    words = " ".join(text[start:end] for start, end in parts)
    return mention if words == mention.text else replace(mention, text=words)


def _move_time(time: TimeExpression, cleaned: CleanText) -> TimeExpression:
    """Return the time in original offsets; a reference point that is a mention is not known."""
    window = _move(time.window, cleaned)
    if window.reference_point and window.reference_point.isdigit():
        window = replace(window, reference_point=None)
    return TimeExpression(window, time.period)


def to_mentions(
    local: Sequence[Mention], cleaned: CleanText, criterion: Criterion, before: int
) -> list[Mention]:
    """Return a line's mentions with original offsets and ids counted on from `before`."""
    names = {mention.id: f"m{before + n}" for n, mention in enumerate(local, start=1)}
    return [_to_original(mention, names, cleaned, criterion.id) for mention in local]


def _to_original(m: Mention, names: dict[str, str], cleaned: CleanText, criterion: str) -> Mention:
    start, end = cleaned.span(m.start, m.end)
    return replace(
        m,
        id=names[m.id],
        criterion=criterion,
        start=start,
        end=end,
        fragments=m.fragments and tuple(cleaned.span(a, b) for a, b in m.fragments),
        negation_cue=m.negation_cue and cleaned.span(*m.negation_cue),
        qualifiers=tuple(_move(q, cleaned) for q in m.qualifiers),
        values=tuple(_move_value(v, names, cleaned) for v in m.values),
        windows=tuple(_move_window(w, names, cleaned) for w in m.windows),
        count=m.count and _move_value(m.count, names, cleaned),
        dose=m.dose and _move_value(m.dose, names, cleaned),
    )


def _move(item: _Span, cleaned: CleanText) -> _Span:
    start, end = cleaned.span(item.start, item.end)
    return replace(item, start=start, end=end)


def _move_window(window: Window, names: dict[str, str], cleaned: CleanText) -> Window:
    reference = window.reference_point
    named = names.get(reference or "", None if reference and reference.isdigit() else reference)
    start, end = cleaned.span(window.start, window.end)
    return replace(window, start=start, end=end, reference_point=named)


def _move_value(value: Value, names: dict[str, str], cleaned: CleanText) -> Value:
    guard = value.guard
    if isinstance(guard, RuleGuard):
        guard = RuleGuard(
            map_leaves(
                guard.rule,
                lambda leaf: Is(names[leaf.mention]) if isinstance(leaf, Is) else leaf,
            )
        )
    alternative = value.alternative and _move(value.alternative, cleaned)
    start, end = cleaned.span(value.start, value.end)
    return replace(value, start=start, end=end, guard=guard, alternative=alternative)
