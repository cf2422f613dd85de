"""Windows and period to mentions: which event a time expression is about."""

from __future__ import annotations

from collections.abc import Sequence

from critextract.components.attach import (
    Span,
    chains,
    content_words,
    gap_text,
    same_clause,
    words,
)
from critextract.components.drafts import Candidate, Quantity, TimeExpression
from critextract.components.values import TIME_UNITS, time_valued
from critextract.schema import Label, Period

MAX_COST = 7.0
"""Words between a time expression and its event above which it is left alone."""

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
        if any(_is_value(text, candidates, quantities[n]) for n in clash):
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
    return words_ in words()["prefix_times"] or words_.endswith(("history of", " since"))


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
        far = content_words(gap) + 1.5 * passed + (1.0 if "," in gap else 0.0)
        wrong_side = 2.5 if left == prefix else 0.0
        costs.append((far + wrong_side + EVENT_COST[c.label], n))
    best = min(costs, default=(99.0, -1))
    return best[1] if best[0] <= MAX_COST else None


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
