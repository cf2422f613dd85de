"""Windows and period to mentions: which event a time expression is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from critextract.components.attach import (
    Span,
    chains,
    content_words,
    gap_text,
    same_clause,
    words,
)
from critextract.components.drafts import Candidate, Quantity, TimeExpression
from critextract.components.sides import OTHER_EVENT
from critextract.components.values import TIME_UNITS, time_valued
from critextract.schema import Join, Label, Period, Window

MAX_COST = 7.0
"""Words between a time expression and its event above which it is left alone."""

_ASIDE = re.compile(
    r"\b(?:including|such as|e\.g\.,?|like|other than|except|according to)"
    r"\s+(?:(?:the|a|an|any|other)\s+)*$"
)

EVENT_COST = {
    Label.CONDITION: 0.0,
    Label.PROCEDURE: 0.0,
    Label.DRUG: 0.0,
    Label.MEASUREMENT: 0.5,
    Label.OBSERVATION: 0.5,
    Label.VISIT: 0.5,
    Label.DEVICE: 0.5,
    Label.PERSON: 4.0,
}
"""What a window's event is, in order of likelihood (counts of Chia's Has_temporal)."""


def settle(
    text: str,
    candidates: Sequence[Candidate],
    quantities: Sequence[Quantity],
    times: Sequence[TimeExpression],
) -> tuple[list[Quantity], list[TimeExpression]]:
    """Decide, where a quantity and a window share characters, which of them it is.

    A length of time is a value of an age or of a time-valued variable right before it (life
    expectancy, QTc); else it is a window.
    """
    kept_times, dropped = [], set[int]()
    for time in times:
        a, b = time.window.start, time.window.end
        clash = [n for n, q in enumerate(quantities) if q.value.start < b and a < q.value.end]
        if time.window.role == "age":
            dropped.update(clash)
        elif any(_is_value(text, candidates, quantities[n]) for n in clash):
            continue
        dropped.update(n for n in clash if quantities[n].value.unit in TIME_UNITS)
        dropped.update(n for n in clash if quantities[n].kind == "bare")
        kept_times.append(time)
    return [q for n, q in enumerate(quantities) if n not in dropped], kept_times


def _is_value(text: str, candidates: Sequence[Candidate], quantity: Quantity) -> bool:
    if quantity.kind == "age":
        return True
    if quantity.value.unit not in TIME_UNITS:
        return False
    left = [c for c in candidates if c.end <= quantity.value.start]
    right = [c for c in candidates if c.start >= quantity.value.end]
    if left and time_valued(text, left[-1]):
        return content_words(text[left[-1].end : quantity.value.start]) <= 2
    if right and time_valued(text, right[0]):
        return content_words(text[quantity.value.end : right[0].start]) <= 0
    return False


def is_prefix(text: str, time: TimeExpression) -> bool:
    """Tell whether the expression stands before its event ("history of", "prior")."""
    words_ = text[time.window.start : time.window.end].lower()
    return words_ in words()["prefix_times"] or words_.endswith(
        ("history of", " since", " before", " after", " of", " prior", " previous")
    )


def find_event(
    text: str,
    candidates: Sequence[Candidate],
    time: TimeExpression,
    covered: Sequence[Span],
    spans: Sequence[Span],
) -> int | None:
    """Return the index of the candidate the time expression is about, None if none is near."""
    a, b = time.window.start, time.window.end
    prefix = is_prefix(text, time)
    costs = []
    for n, c in enumerate(candidates):
        if not same_clause(spans, c.start, a):
            continue
        left = c.start < a
        if left:
            gap = gap_text(text, c.end, a, covered)
            passed = sum(c.end <= o.start and o.end <= a for o in candidates)
        else:
            gap = gap_text(text, b, c.start, covered)
            passed = sum(b <= o.start and o.end <= c.start for o in candidates)
        if left and _is_aside(text, c, a):
            passed += 3
        far = content_words(gap) + 1.5 * passed + (1.0 if "," in gap else 0.0)
        wrong_side = 2.5 if left == prefix else 0.0
        costs.append((far + wrong_side + EVENT_COST[c.label], n))
    best = min(costs, default=(99.0, -1))
    return best[1] if best[0] <= MAX_COST else None


def _is_aside(text: str, candidate: Candidate, start: int) -> bool:
    """Tell whether a candidate left of a time is no head: an example, an exception, in parentheses."""
    between = text[candidate.end : start]
    if between.count(")") > between.count("("):
        return True
    before = text[max(0, candidate.start - 24) : candidate.start].lower()
    return _ASIDE.search(before) is not None


def assign_times(
    text: str,
    candidates: Sequence[Candidate],
    times: Sequence[TimeExpression],
    covered: Sequence[Span],
    spans: Sequence[Span],
) -> tuple[dict[int, list[TimeExpression]], dict[int, Period]]:
    """Return the time expressions and the period of each candidate, by index.

    A time expression right before or after a coordinated run holds for all of it ("stroke, TIA or
    MI within 6 months"). One that only says a period ("history of") is a window of its own event
    alone; the rest of the run has the period.
    """
    owned: dict[int, list[TimeExpression]] = {}
    periods: dict[int, Period] = {}
    taken = [*covered, *((t.window.start, t.window.end) for t in times)]
    runs = chains(text, candidates, covered)
    for time in times:
        event = find_event(text, candidates, time, taken, spans)
        if event is None:
            continue
        for n in _sharing(event, time, candidates, runs):
            if n == event or time.period is None or numbered(time):
                owned.setdefault(n, []).append(time)
            if time.period:
                periods.setdefault(n, time.period)
    return owned, periods


def numbered(time: TimeExpression) -> bool:
    """Tell whether the expression prints a bound."""
    return time.window.low is not None or time.window.high is not None


def point_to(
    text: str, candidates: Sequence[Candidate], times: Sequence[TimeExpression]
) -> list[TimeExpression]:
    """Return the times with the mention their reference point names ("after transplantation").

    The window then runs through that mention; where none stands there, no point is known.
    """
    return [
        replace(time, window=_pointed(text, candidates, time.window))
        if time.window.reference_point == OTHER_EVENT
        else time
        for time in times
    ]


def _pointed(text: str, candidates: Sequence[Candidate], window: Window) -> Window:
    for n, candidate in enumerate(candidates):
        between = text[window.end : candidate.start] if candidate.start >= window.end else None
        if between is not None and content_words(between) == 0 and len(between) < 8:
            return replace(window, reference_point=str(n), end=candidate.end)
    return replace(window, reference_point=None)


def joined_windows(text: str, windows: Sequence[Window]) -> Join:
    """Return how windows of one mention join: ``any`` where either is enough.

    "within 4 weeks or 5 half-lives, whichever is longer" is met inside either; "at least 4 weeks
    or 5 half-lives, whichever is longer" asks for both. Windows on common characters ("prior to or
    during the study") are alternatives.
    """
    for a, b in pairwise(sorted(windows, key=lambda w: (w.start, w.end))):
        if b.start < a.end and a.unit is None and b.unit is None:
            return "any"
        span = text[a.start : max(a.end, b.end)].lower()
        tail = text[b.end : b.end + 30].lower()
        if " or " in span or "whichever" in span + tail:
            shorter = re.search(r"short|earl|less", (span + tail).partition("whichever")[2])
            within = a.low is None
            return "any" if within != bool(shorter) else "all"
    return "all"


def _sharing(
    event: int, time: TimeExpression, candidates: Sequence[Candidate], runs: list[list[int]]
) -> list[int]:
    """Return the members of the event's run on the same side of the time expression."""
    run = next((run for run in runs if event in run), [event])
    before = candidates[event].start < time.window.start
    return [
        n
        for n in run
        if (candidates[n].start < time.window.start) == before
        and (n <= event if before else n >= event)
    ]
