"""Counts and doses: what is counted, and two bounds as one value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from critextract.components.drafts import Candidate, Quantity
from critextract.schema import Label, Mention, Value

EVENTS = frozenset({Label.CONDITION, Label.PROCEDURE, Label.DRUG, Label.VISIT, Label.DEVICE})
"""What is counted."""
_COUNTED = re.compile(
    r"\d+\s?(?:-|–|to|or)\s?\d+(?!\.)|one (?:to|or) two|two (?:to|or) three", re.IGNORECASE
)
_OF_EVENTS = re.compile(
    r"\s+(?:(?:prior|previous|different|separate|documented)\s+)?"
    r"(?:(?:episodes?|attacks?|bouts?|courses?|cycles?|lines?|doses?)\s+of\s+)?",
    re.IGNORECASE,
)


_SPELLED = re.compile(
    r"(?<![\w-])(?P<number>single|one|two|three|four|five|six|[1-9])\s+"
    r"(?:(?:prior|previous|documented|confirmed|consecutive|separate|different|distinct|clinical"
    r"|additional|further|acute|severe|major|serious|unprovoked|documented\s+clinical)\s+){0,2}"
    r"(?:(?:episodes?|attacks?|bouts?|courses?|lines?)\s+of\s+)?$",
    re.IGNORECASE,
)
"""What counts the event behind it without a comparator: "two documented relapses"."""
_NUMBERS = dict(zip(("one", "two", "three", "four", "five", "six"), range(1, 7), strict=True))
_NAMED = re.compile(
    r"(?:type|stage|grade|class|phase|group|day|week|month|visit|arm|cohort|part|cycle|score|level"
    r"|category|step|factor|line|version|status|ecog|ps|nyha|asa|who|of|than|=|[<>≤≥/-]|least|most"
    r"|to|or|and|the|these|up|only|any|either|under|over|at)\s?$",
    re.IGNORECASE,
)
"""Words before a number that make it a name, a bound or one of several."""


def spelled_count(text: str, candidate: Candidate) -> Value | None:
    """Return how many of an event a plain number right before it counts, None without one.

    Of what happens to a patient it is at least so many ("two relapses"); of what is given, just
    so many ("one course of steroids").
    """
    origin = max(0, candidate.start - 60)
    found = _SPELLED.search(text, origin, candidate.start)
    if found is None or candidate.label not in EVENTS:
        return None
    printed, opens = found["number"].lower(), not text[: found.start()].strip(" -*•([")
    if printed == "single" and candidate.label is not Label.CONDITION:
        return None  # "a single dose of X" counts no X
    if printed.isdigit() if opens else _NAMED.search(text, origin, found.start()):
        return None  # a list's number, or a piece of a name
    return _counted(found, candidate)


def with_spelled(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions with the plain numbers that count them, where no bound does."""
    result = []
    for m in mentions:
        free = m.count is None and not m.values and m.fragments is None
        start = min([q.start for q in m.qualifiers if q.end <= m.start] + [m.start])
        count = spelled_count(text, Candidate(m.label, start, m.end, "model")) if free else None
        result.append(replace(m, count=count) if count else m)
    return result


def _counted(found: re.Match[str], candidate: Candidate) -> Value:
    printed = found["number"].lower()
    number = Decimal(int(printed) if printed.isdigit() else _NUMBERS.get(printed, 1))
    open_ended = candidate.label in {Label.CONDITION, Label.VISIT} and printed != "single"
    return Value(
        *found.span("number"), number, True, None if open_ended else number,
        None if open_ended else True,
    )  # fmt: skip


def counted_event(text: str, candidates: Sequence[Candidate], quantity: Quantity) -> int | None:
    """Return the event right behind a range that counts it: "1-2 exacerbations"."""
    value = quantity.value
    if quantity.kind != "bare" or value.low is None or value.low == value.high or value.unit:
        return None
    named = any(value.start - 3 <= c.end <= value.start for c in candidates)
    if named or not _COUNTED.match(text, value.start):
        return None
    gap = _OF_EVENTS.match(text, value.end)
    place = gap.end() if gap else -1
    found = (n for n, c in enumerate(candidates) if c.start == place and c.label in EVENTS)
    return next(found, None)


_SCALED = re.compile(r"\b(?:scores?|grades?|levels?|index|scale|class|stage)\b", re.IGNORECASE)
_MOST = 20
"""The highest number behind an event that is taken to say how often it happened."""


def is_counted(label: Label, name: str) -> bool:
    """Tell whether a number without a unit counts what is named: an event, or lesions."""
    return label in EVENTS or _THINGS.search(name) is not None


_THINGS = re.compile(
    r"\b(?:lesions?|nodules?|metastas[ei]s|polyps?|tumou?rs?|lymph nodes?|sites?)$", re.IGNORECASE
)


def may_count(text: str, candidate: Candidate, value: Value) -> bool:
    """Tell whether a number without a unit can say how often an event happened.

    Not so one with decimals ("fever > 100.5"), a strip's "1+", one on a scale behind the name
    ("neuropathy grade > 2"), or a high one there ("heart failure 90 or above").
    """
    printed = text[value.start : value.end]
    bounds_ = [n for n in (value.low, value.high, *(value.set or ())) if n is not None]
    if "+" in printed or any(n != n.to_integral_value() for n in bounds_):
        return False
    if value.unit or value.start < candidate.end:
        return True
    return max(bounds_, default=0) <= _MOST and not _SCALED.search(text, candidate.end, value.start)


def one_of(values: Sequence[Value], op: str) -> Value:
    """Return a dose's or count's bounds, joined by `op`, as one value: "≥ 5 and ≤ 10 mg daily".

    What one interval cannot hold ("< 75 or > 325 mg") stays in the text: the first is returned.
    """
    if len(values) != 2 or op != "all":
        return values[0]
    lower, upper = sorted(values, key=lambda v: v.low is None)
    sided = lower.high is None and upper.low is None and not (lower.set or upper.set)
    if not sided or lower.low is None or upper.high is None or lower.low > upper.high:
        return values[0]
    first, last = values
    rated = bool(first.unit and last.unit and last.unit.startswith(f"{first.unit}/"))
    if not (rated or first.unit == last.unit) or lower.relative_to or upper.relative_to:
        return first
    return replace(
        last,
        start=first.start,
        low=lower.low,
        low_closed=lower.low_closed,
        high=upper.high,
        high_closed=upper.high_closed,
    )


def part_counts(
    candidate: Candidate, values: Sequence[Value]
) -> tuple[Sequence[Value], Sequence[Value]]:
    """Return how many and how much: "at least one lesion of at least 1 cm".

    The number before the event counts it, the measured one behind it is its value; all are
    values where it is not just so.
    """
    counted = [v for v in values if v.end <= candidate.start and not (v.unit or v.relative_to)]
    measured = [v for v in values if v.start >= candidate.end and v.unit and v.unit[0] != "{"]
    apart = candidate.label in {*EVENTS, Label.OBSERVATION} and counted and measured
    if not apart or len(counted) + len(measured) < len(values):
        return (), values
    return counted, measured


_OF_LIST = re.compile(r"\s+of\s*(?::|the following\b:?)?\s*$", re.IGNORECASE)


def of_list(text: str, value: Value, candidate: Candidate) -> bool:
    """Tell whether a number says how many of a list are needed: "two or more of: fever, cough"."""
    before = value.end <= candidate.start and value.unit is None
    return before and _OF_LIST.fullmatch(text[value.end : candidate.start]) is not None
