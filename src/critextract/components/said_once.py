"""Qualifiers that say nothing: what is a time too, "known" of "known or suspected", examples."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from critextract.lexicon import lexicon
from critextract.schema import Mention
from critextract.text import lower

_SURE = re.compile(
    r"(?:\w+ly |biopsy[- ])?(?:known|confirmed|proven|documented|diagnosed|suspected)",
    re.IGNORECASE,
)
_OR_NOT = re.compile(
    r"(?:,? ?(?:or|and/or)|,| ?/) ?(?:clinically )?"
    r"(?:suspected|known|confirmed|proven|documented)\b",
    re.IGNORECASE,
)
_SUBSTANCE = re.compile(
    r" (?:component|ingredient|substance|principle|compound|agent|drug|moiety|comparator)s?\b"
    r"(?!(?:[ /](?:(?:or|and|and/or) )?\w+)?[ /](?:abuse|misuse|use|dependen|addict))",
    re.I,
)
_BEFORE = re.compile(
    r"\b(?:known|confirmed|suspected|proven)(?:,? ?(?:or|and/or)|,| ?/) ?$", re.IGNORECASE
)


def without_idle_qualifiers(text: str, mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Return the mentions without qualifiers that narrow nothing.

    "Concurrent" is a time of its mention, not besides a qualifier of it; of "known or suspected
    asthma" being known is enough, and no more than asthma itself; what is active in "allergy to
    the active component" is the component. "Clinical" is the evidence and not what it is of, and
    places that are examples are no demand ("organ failure (e.g., liver, kidney)").
    """
    return tuple(_without_idle(text, m) if m.qualifiers else m for m in mentions)


def _without_idle(text: str, mention: Mention) -> Mention:
    own = mention.qualifiers
    kept = tuple(q for q in own if not _is_idle(text, mention, q.start, q.end))
    return mention if len(kept) == len(own) else replace(mention, qualifiers=kept)


def _is_idle(text: str, mention: Mention, start: int, end: int) -> bool:
    if not mention.fragments and mention.start <= start and end <= mention.end:
        return True  # "prostate" of "adenocarcinoma of the prostate"
    if text[start:end].lower() == "active" and _SUBSTANCE.match(text, end):
        return True
    if text[:start].endswith(("prior and no ", "prior and no other ")):
        return True  # "at least 4 weeks since prior and no concurrent X": the time says so
    if _is_shown(text, start, end) or _is_example(text, mention, start):
        return True
    if any(w.start <= start and end <= w.end for w in mention.windows):
        return any(q.start == start and q.kind == "other" for q in mention.qualifiers)
    if not _SURE.fullmatch(text, start, end):
        return False
    return bool(_OR_NOT.match(text, end) or _BEFORE.search(text[max(0, start - 30) : start]))


def _is_shown(text: str, start: int, end: int) -> bool:
    """Tell whether a qualifier is how something shows: "clinical or laboratory evidence of"."""
    if _EVIDENCE.search(text, end, end + 40) is None:
        return False
    shown = lexicon("coverage").pattern("shown", lowered=True).match(lower(text), start)
    return shown is not None and end < shown.end()


def _is_example(text: str, mention: Mention, start: int) -> bool:
    """Tell whether a qualifier stands in brackets of examples behind its mention."""
    between = text[mention.end : start] if mention.end < start else ""
    return "(" in between and _EXAMPLES.search(between) is not None


_EVIDENCE = re.compile(r"\b(?:evidence|signs?|findings?)\s+(?:of|for)\b", re.IGNORECASE)
_EXAMPLES = re.compile(
    r"\(\s*(?:e\.?g\.?|such as|for (?:example|instance))\b[^()]*$", re.IGNORECASE
)
