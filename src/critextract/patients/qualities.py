"""Whether an event has the qualities a criterion asks for: its severity, stage, site, specimen.

What a record is called must say it: "renal disease" neither confirms nor denies "severe".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from critextract.lexicon import lexicon
from critextract.names import normalise_name
from critextract.patients.model import Event
from critextract.patients.results import Judged
from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, Truth
from critextract.schema import Mention, Qualifier

_ORDERED = ("mild", "moderate", "severe")
_EXCLUSIVE = (
    frozenset(_ORDERED),
    frozenset({"acute", "chronic"}),
    frozenset({"stable", "unstable"}),
    frozenset({"controlled", "uncontrolled"}),
    frozenset({"left", "right"}),
    frozenset({"unilateral", "bilateral"}),
    frozenset({"symptomatic", "asymptomatic"}),
    frozenset({"compensated", "decompensated"}),
    frozenset({"primary", "secondary"}),
    frozenset({"congenital", "acquired"}),
    frozenset({"localized", "metastatic"}),
)
"""Words of which one says that the others do not hold."""

_OR = re.compile(r"\s*(?:,|/|\band/or\b|\bor\b)\s*")
_TO = re.compile(r"[\s-]+to[\s-]+|-(?=moderate|severe)")


def quality_tests(mention: Mention) -> list[Callable[[Event], Judged]]:
    """Return one test of an event for each qualifier that is no part of the mention's name."""
    outside = [
        q for q in mention.qualifiers if not (mention.start <= q.start and q.end <= mention.end)
    ]
    return [_test(qualifier, mention) for qualifier in outside]


def _test(qualifier: Qualifier, mention: Mention) -> Callable[[Event], Judged]:
    words = " ".join(qualifier.value.lower().split())

    def test(event: Event) -> Judged:
        truth = _holds(words, qualifier.kind, event.name)
        if truth == TRUE:
            return Judged(TRUE)
        if truth == FALSE:
            return Judged(FALSE, f"it is recorded as {event.name!r:.60}, not as {words!r}")
        need = f"whether {' '.join(mention.text.split())} is {words}"
        return Judged(UNKNOWN, f"{event.name!r:.60} does not say whether it is {words}", need)

    return test


@lru_cache(maxsize=65536)
def _holds(words: str, kind: str, name: str) -> Truth:
    lists = lexicon("charts")
    if lists.pattern("active").fullmatch(words):
        said = "active" in normalise_name(name).split()
        return FALSE if lists.pattern("inactive").search(name) else TRUE if said else UNKNOWN
    if lists.pattern("recorded").fullmatch(words):
        return TRUE
    if kind == "specimen" and lists.pattern("blood").fullmatch(words):
        return FALSE if lists.pattern("other_specimen").search(name) else TRUE
    asked = _alternatives(words)
    found = normalise_name(name)
    truths = [_holds_one(normalise_name(one), found) for one in asked]
    return TRUE if TRUE in truths else UNKNOWN if UNKNOWN in truths else FALSE


def _alternatives(words: str) -> list[str]:
    """Return the qualities of "mild or moderate", and all from one to the other of "mild to"."""
    asked: list[str] = []
    for part in _OR.split(words):
        ends = _TO.split(part)
        if len(ends) == 2 and set(ends) <= set(_ORDERED):
            first, last = (_ORDERED.index(end) for end in ends)
            asked += _ORDERED[first : last + 1]
        else:
            asked.append(part)
    return [part for part in asked if part]


def _holds_one(words: str, name: str) -> Truth:
    held = set(name.split())
    if re.search(rf"\b(?:non|not|no) {re.escape(words)}\b", name):
        return FALSE
    if set(words.split()) <= held:
        return TRUE
    others = [group for group in _EXCLUSIVE if words in group and (group - {words}) & held]
    return FALSE if others else UNKNOWN
