"""The answer of what must be some time ago if it ever was: "at least 4 weeks since prior X"."""

from __future__ import annotations

from dataclasses import replace

from critextract.patients.answers import Answer, Outcome, event_answer
from critextract.patients.chart import Chart
from critextract.patients.leaves import Setting
from critextract.patients.verdicts import flip
from critextract.schema import Mention, Window


def waited_answer(mention: Mention, window: Window, setting: Setting) -> Answer:
    """Return the answer that nothing a mention names is nearer than its window.

    window : the one of the mention's windows that says how long ago at least.
    """
    near = replace(window, low=None, high=window.low, high_closed=not window.low_closed)
    windows = tuple(near if own == window else own for own in mention.windows)
    nearer = event_answer(replace(mention, windows=windows), setting)
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
