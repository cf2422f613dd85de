"""The answer of what must be long ago, or no more than so much, if it ever was at all."""

from __future__ import annotations

from dataclasses import replace

from critextract.patients.answers import Answer, Outcome, event_answer
from critextract.patients.chart import Chart
from critextract.patients.leaves import Setting
from critextract.patients.verdicts import TRUE, UNKNOWN, flip
from critextract.schema import Join, Mention, Window


def waited_answer(mention: Mention, waits: tuple[Window, ...], setting: Setting) -> Answer:
    """Return the answer that nothing a mention names is nearer than its windows.

    waits : those of the mention's windows that say how long ago at least; nearer than all of them
        is what is nearer than either.
    """
    near = {w: replace(w, low=None, high=w.low, high_closed=not w.low_closed) for w in waits}
    if len(waits) > 1:
        join: Join = "any" if mention.windows_op == "all" else "all"
        meant = replace(mention, windows=tuple(near.values()), windows_op=join)
    else:
        meant = replace(mention, windows=tuple(near.get(own, own) for own in mention.windows))
    return _denied(event_answer(meant, setting))


def limited_answer(mention: Mention, setting: Setting) -> Answer:
    """Return the answer that there was no more of what a mention names than its dose says.

    Of a single dose that is recorded it is not known how many there were.
    """
    dose = mention.dose
    assert dose is not None
    more = replace(
        dose, low=dose.high, low_closed=not dose.high_closed, high=None, high_closed=None
    )
    period = mention.period or "past"
    denied = _denied(event_answer(replace(mention, dose=more, period=period), setting))
    total = f"total dose of {mention.text}"

    def answer(chart: Chart) -> Outcome:
        outcome = denied(chart)
        if outcome.truth != TRUE or outcome.event is None:
            return outcome
        return Outcome(UNKNOWN, outcome.event, "the total is not recorded", outcome.by, (total,))

    return answer


def _denied(asked: Answer) -> Answer:
    static: dict[Outcome, Outcome] = {}

    def answer(chart: Chart) -> Outcome:
        outcome = asked(chart)
        if not outcome.static:
            return _opposite(outcome)
        return static.setdefault(outcome, _opposite(outcome))

    return answer


def _opposite(outcome: Outcome) -> Outcome:
    truth = flip(outcome.truth)
    return Outcome(
        truth, outcome.event, outcome.why, outcome.by, outcome.needs, static=outcome.static
    )
