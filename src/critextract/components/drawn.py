"""Characters as the annotators of a corpus draw them, in the configurations that follow one.

How far a time, a value or a qualifying word goes ("History" or "History of", "12 months" or
"12 months (365 days)") is a habit and changes no meaning: the grammars have the program's, the
mention model has learned the annotators'. A record gets theirs after its rules are made, so that
what was read is told by the program's own characters. What annotators call no qualifier is none
here; its words are then named as not covered.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from spacy.language import Language
from spacy.tokens import Doc

from critextract import extensions
from critextract.schema import Mention, Qualifier, Value, Window

Range = tuple[int, int]
_Part = TypeVar("_Part", Qualifier, Value, Window)


def redrawn(mention: Mention, spans: dict[str, list[Range]]) -> Mention:
    """Return the mention with its parts' characters as in `spans`, by label of the model."""
    times, values = spans.get("TEMPORAL", []), spans.get("VALUE", [])
    words = spans.get("QUALIFIER", [])
    return replace(
        mention,
        values=tuple(_drawn(value, values) for value in mention.values),
        windows=tuple(_drawn(window, times) for window in mention.windows),
        qualifiers=tuple(_drawn(word, words) for word in mention.qualifiers),
    )


def _drawn(part: _Part, spans: Sequence[Range]) -> _Part:
    found = _most_shared(part, spans)
    return part if found is None else replace(part, start=found[0], end=found[1])


def _most_shared(part: Qualifier | Value | Window, spans: Sequence[Range]) -> Range | None:
    shared = {span: min(part.end, span[1]) - max(part.start, span[0]) for span in spans}
    best = max(spans, key=shared.__getitem__, default=None)
    return best if best is not None and shared[best] > 0 else None


def draw(doc: Doc) -> Doc:
    """Put ``drawn`` on the Doc: its mentions, their parts with the annotators' characters."""
    spans: dict[str, list[Range]] = {}
    for ent in doc.ents:
        spans.setdefault(ent.label_, []).append((ent.start_char, ent.end_char))
    known = spans.get("QUALIFIER", [])
    mentions = [
        replace(m, qualifiers=tuple(q for q in m.qualifiers if _most_shared(q, known)))
        for m in doc._.critextract_mentions
    ]
    extensions.put(doc, "mentions", mentions)
    extensions.put(doc, "drawn", [redrawn(mention, spans) for mention in mentions])
    return doc


@Language.factory(
    "critextract_drawn",
    requires=["doc._.critextract_mentions", "doc.ents"],
    assigns=["doc._.critextract_mentions", "doc._.critextract_drawn"],
)
def make_drawn(nlp: Language, name: str) -> Callable[[Doc], Doc]:  # noqa: ARG001
    """Build the component."""
    return draw
