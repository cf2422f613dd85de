"""What a mention says about one event: named so, at that time, of that quality, with that value.

`event_judge` joins all of it to one test of an event; `critextract.patients.answers` joins what
the events of a patient say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from critextract.intervals import interval_text
from critextract.lexicon import lexicon
from critextract.patients.chart import Chart, Concept, Met, Names
from critextract.patients.model import Event
from critextract.patients.qualities import quality_tests
from critextract.patients.results import Judged, Measured, judge, word_of
from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN
from critextract.patients.windows import (
    LASTING,
    STUDY_POINTS,
    Onset,
    Points,
    Test,
    age_test,
    duration_test,
    once_test,
    past_test,
    points_of,
    present_test,
    recency_test,
    says_now,
    side_test,
    vague_test,
)
from critextract.schema import Label, Mention, Record, Value, Window

Missing = Literal["absent", "unknown"]
EventTest = Callable[[Met, Chart], Judged]

_ONSET = re.compile(
    r"(?:diagnos\w*|onset|initiat\w*|start\w*|began|begun|occurr\w*)(?: of \w+)?\W*$", re.IGNORECASE
)

_OF = re.compile(r"\s+(?:of|with)\s+(?:the\s+|an?\s+)?")


@dataclass(frozen=True, slots=True)
class Setting:
    """What all leaves of one record are compiled with."""

    record: Record
    names: Names
    missing: Missing = "absent"


class Times(NamedTuple):
    """The tests of time of a mention, and how they join."""

    tests: tuple[Test, ...]
    join: Literal["all", "any"]


def name_of(mention: Mention) -> str:
    """Return how a mention is called: its vocabulary entry's name, else its own words."""
    if mention.component:
        return f"{mention.component} blood pressure"
    return mention.concept.display if mention.concept else " ".join(mention.text.split())


def joined(judged: Sequence[Judged], how: str = "all") -> Judged:
    """Return the first that decides, else the unknown ones as one, else the last."""
    decisive = FALSE if how == "all" else TRUE
    for one in judged:
        if one.truth == decisive:
            return one
    open_ones = [one for one in judged if one.truth == UNKNOWN]
    if not open_ones:
        return judged[-1] if judged else Judged(TRUE)
    why = "; ".join(dict.fromkeys(one.why for one in open_ones if one.why))
    need = "; ".join(dict.fromkeys(one.need for one in open_ones if one.need))
    return Judged(UNKNOWN, why, need)


# --- time -------------------------------------------------------------------------------------


def is_numbered(window: Window) -> bool:
    """Tell whether a window has a bound."""
    return window.low is not None or window.high is not None


def times_of(mention: Mention, setting: Setting) -> Times:
    """Return the tests of time of a mention's windows and period, else of its label."""
    windows = [(w, _window_test(w, mention, setting)) for w in mention.windows]
    tests = [test for _, test in windows]
    numbered = any(is_numbered(w) and w.role != "duration" for w in mention.windows)
    placed = any(is_numbered(w) or w.reference_point for w in mention.windows)
    join = mention.windows_op
    if mention.period == "present" and not numbered:
        tests.append(present_test())
        join = "all" if len(mention.windows) < 2 else join
    elif mention.period == "past" and not placed:
        tests.append(past_test())
    elif not mention.windows:
        tests.append(_default_test(mention))
    return Times(tuple(tests), join)


def _default_test(mention: Mention) -> Test:
    if mention.count is not None or mention.label not in LASTING:
        return once_test()
    return present_test()


def _window_test(window: Window, mention: Mention, setting: Setting) -> Test:
    named = setting.missing == "absent" and any(
        m.id == window.reference_point for m in setting.record.mentions
    )
    points = points_of(window, reference_concept(window, setting), named=named)
    if window.role == "age":
        return age_test(window)
    if window.role == "duration":
        return duration_test(window, points, past=mention.period == "past")
    if is_numbered(window):
        return recency_test(window, points, mention, onset_of(window, mention, setting))
    return _wordy_test(window, points, mention, setting)


def _wordy_test(window: Window, points: Points, mention: Mention, setting: Setting) -> Test:
    """Return the test of a time expression without a number, by its words and reference point."""
    words = setting.record.text[window.start : window.end].lower()
    if lexicon("charts").pattern("vague_time").search(words):
        return vague_test()
    if window.reference_point and window.direction in ("before", "after"):
        return side_test(window, points)
    if says_now(window, setting.record.text):
        return present_test()
    if window.reference_point:
        study = window.reference_point in ("study", "treatment")
        if window.reference_point in STUDY_POINTS and not study:
            return present_test(points) if mention.label in LASTING else once_test()
        return side_test(window, points)
    return past_test() if mention.period == "past" else once_test()


def onset_of(window: Window, mention: Mention, setting: Setting) -> Onset:
    """Tell whether the words about a window ask when the event began."""
    text = setting.record.text
    if _ONSET.search(text[max(0, window.start - 30) : window.start]):
        return "asked"
    around = text[min(mention.start, window.start) : max(mention.end, window.end)]
    return "maybe" if lexicon("charts").pattern("onset_asked").search(around) else "no"


def _named_behind(window: Window, setting: Setting) -> Mention | None:
    """Return what a diagnosis is of: the mention behind "at diagnosis of"."""
    found = _OF.match(setting.record.text, window.end)
    start = found.end() if found else -1
    return next((m for m in setting.record.mentions if m.start == start), None)


def reference_concept(window: Window, setting: Setting) -> Concept | None:
    """Return what a reference point names where it is an event: a mention, or "surgery"."""
    name = window.reference_point
    if name is None or name in STUDY_POINTS:
        return None
    known = next((m for m in setting.record.mentions if m.id == name), None)
    if known is not None:
        return setting.names.concept(known)
    if name == "diagnosis":
        named = _named_behind(window, setting)
        return None if named is None else setting.names.concept(named)
    if name in ("surgery", "transplantation", "vaccination", "delivery", "injury", "admission"):
        words = name.replace("_", " ")
        return setting.names.concept(Mention("", "", Label.PROCEDURE, 0, 1, words))
    return None


# --- all that is said of one event ------------------------------------------------------------


def name_test(mention: Mention) -> EventTest:
    """Return the test whether an event is what the mention names, and not its absence."""
    name = name_of(mention)

    def test(met: Met, chart: Chart) -> Judged:  # noqa: ARG001
        event, match = met.event, met.match
        if isinstance(event.value, str) and word_of(event.value) in ("negative", "no"):
            return Judged(FALSE, f"{event.name} is recorded as {event.value}")
        if match.relation == "broader":
            return Judged(UNKNOWN, match.detail, f"whether {event.name} is {name}")
        return Judged(TRUE)

    return test


def time_test(mention: Mention, setting: Setting) -> EventTest:
    """Return the test of time; a name that says the event is over has no days of its own."""
    times = times_of(mention, setting)
    only_past = mention.period == "past" and not any(is_numbered(w) for w in mention.windows)

    def test(met: Met, chart: Chart) -> Judged:
        if met.match.past and not only_past:
            if any(is_numbered(w) for w in mention.windows):
                return Judged(
                    UNKNOWN, f"{met.event.name!r} does not say when", f"day of {mention.text}"
                )
            return Judged(FALSE, f"{met.event.name!r} says that it is over")
        return joined([test(met.event, chart) for test in times.tests], times.join)

    return test


def value_test(mention: Mention) -> EventTest | None:
    """Return the test of the values and the dose of one case, None where there are none."""
    values = [*mention.values]
    if not values and mention.dose is None:
        return None
    name = name_of(mention)

    def test(met: Met, chart: Chart) -> Judged:
        by = Measured(name, chart.patient.sex, chart.ranges)
        judged = [judge(value, met.event, by) for value in values]
        answers = [joined(judged, mention.values_op)] if values else []
        if mention.dose is not None:
            answers.append(_judge_dose(mention.dose, met, name))
        return joined(answers)

    return test


def _judge_dose(dose: Value, met: Met, name: str) -> Judged:
    if met.event.value is None:
        return Judged(UNKNOWN, "no dose is recorded", f"dose of {name}")
    judged = judge(dose, met.event, Measured(name))
    if judged.truth != UNKNOWN:
        return judged
    return Judged(UNKNOWN, judged.why, f"dose of {name} ({interval_text(dose)} is asked for)")


def qualities_of(
    met: Met, mention: Mention, qualities: Sequence[Callable[[Event], Judged]], chart: Chart
) -> Judged:
    """Return whether an event has all qualities: each by itself, or all by its name."""
    judged = joined([one(met.event) for one in qualities])
    active = lexicon("charts").pattern("active")
    if any(active.fullmatch(" ".join(q.value.lower().split())) for q in mention.qualifiers):
        return judged  # a name does not tell whether it is active now
    if judged.truth == UNKNOWN and chart.names.has_qualities(mention, met.event):
        return Judged(TRUE)
    return judged


def event_judge(mention: Mention, setting: Setting, *, timeless: bool = False) -> EventTest:
    """Return the test of all a mention says about an event.

    timeless : without the time that is meant where none is written; for exceptions.
    """
    tests = [name_test(mention)]
    if not timeless or mention.windows or mention.period == "present":
        tests.append(time_test(mention, setting))
    qualities = quality_tests(mention)
    value = value_test(mention)

    def test(met: Met, chart: Chart) -> Judged:
        judged = [one(met, chart) for one in tests]
        if qualities:
            judged.append(qualities_of(met, mention, qualities, chart))
        if value is not None:
            judged.append(value(met, chart))
        return joined(judged)

    return test


def without_cases(mention: Mention, values: Sequence[Value]) -> Mention:
    """Return the mention with the values of one case alone, their guards taken off."""
    return replace(mention, values=tuple(replace(value, guard=None) for value in values))
