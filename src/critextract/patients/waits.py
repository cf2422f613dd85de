"""The answer of what must be some time ago if it ever was: "at least 4 weeks since prior X"."""

from __future__ import annotations

from dataclasses import replace

from critextract.patients.answers import Answer, Outcome, event_answer
from critextract.patients.chart import Chart
from critextract.patients.leaves import Setting
from critextract.patients.verdicts import flip
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
    nearer = event_answer(meant, setting)
    static: dict[Outcome, Outcome] = {}

    def answer(chart: Chart) -> Outcome:
        outcome = nearer(chart)
        if not outcome.static:
            return _opposite(outcome)
        return static.setdefault(outcome, _opposite(outcome))

    return answer


def _opposite(outcome: Outcome) -> Outcome:
    truth = flip(outcome.truth)
    return Outcome(
        truth, outcome.event, outcome.why, outcome.by, outcome.needs, static=outcome.static
    )
