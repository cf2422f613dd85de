"""Whether an event lies in the time a criterion asks for: windows, periods, ages, durations.

Each function returns a test ``(event, chart) -> Judged``; a patient's dates are looked up when it
is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from critextract.intervals import contains
from critextract.lexicon import lexicon
from critextract.patients.calendar import (
    Span,
    age_in,
    is_part_of_day,
    lasted,
    whole_unit,
    window_span,
)
from critextract.patients.chart import Chart, Concept
from critextract.patients.model import Event
from critextract.patients.results import Judged
from critextract.patients.timing import (
    conjunction,
    disjunction,
    end_of,
    going_on,
    lies_in,
    overlaps,
    start_of,
    started_before,
    started_by,
)
from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, Truth
from critextract.schema import Label, Mention, Value, Window

Test = Callable[[Event, Chart], Judged]
Points = Callable[[Chart], "Sequence[date] | None"]
Onset = Literal["asked", "maybe", "no"]

STUDY_POINTS = frozenset(
    {"screening", "consent", "enrollment", "registration", "randomization", "baseline",
     "first_dose", "study", "treatment", "visit"}
)  # fmt: skip
"""Reference points of the study itself: without a date of the patient's, the day of the check."""

_SIDES = ("before", "after")

LASTING = frozenset({Label.CONDITION, Label.DRUG, Label.OBSERVATION, Label.DEVICE, Label.VISIT})
"""Labels of what goes on for a time; a procedure took place once."""


def points_of(window: Window, concept: Concept | None, *, named: bool = False) -> Points:
    """Return the days a window may count from; None where they are not known.

    concept : what the reference point names, where it is an event of the patient's own.
    named : it is a mention of the criterion, of which nothing recorded means that there is none.
    """
    name = window.reference_point or "screening"

    def points(chart: Chart) -> Sequence[date] | None:
        own = chart.patient.dates.get(name)
        if own is not None:
            return (own,)
        if name in STUDY_POINTS:
            return (chart.as_of,)
        if name == "birth":
            birth = chart.patient.birth_date
            return None if birth is None or chart.patient.birth_last else (birth,)
        if concept is None:
            return None
        met = [m.event for m in chart.met(concept) if m.match.relation != "broader"]
        known = [event.start for event in met if event.start and not event.start_last]
        return known if len(known) == len(met) and (known or named) else None

    return points


def _sides(window: Window, point: date, chart: Chart) -> tuple[int, ...]:
    """Return on which sides of a point a window lies: -1 before it, 1 after it."""
    if window.direction == "after":
        return (1,)
    if window.direction in ("before", "during") or point >= chart.as_of:
        return (-1,)
    return (-1, 1)


def spans_of(window: Window, points: Points, chart: Chart) -> list[Span] | None:
    """Return the days of a numbered window, None where they are not known."""
    days = points(chart)
    if days is None:
        return None
    spans = [window_span(window, day, sign) for day in days for sign in _sides(window, day, chart)]
    return None if None in spans else [span for span in spans if span is not None]


def lies_ahead(window: Window) -> bool:
    """Tell whether a window lies after the check, in what no record holds yet."""
    study = (window.reference_point or "screening") in STUDY_POINTS
    numbered = window.low is not None or window.high is not None
    during = window.direction == "during" and window.reference_point in ("study", "treatment")
    return (
        study
        and window.role == "recency"
        and (window.direction == "after" or (during and not numbered))
    )


def says_now(window: Window, text: str) -> bool:
    """Tell whether a window without numbers is of the day itself: "current", "ongoing".

    text : of the record, in which the window's characters are looked up.
    """
    if window.low is not None or window.high is not None or window.reference_point:
        return False
    words = text[window.start : window.end].lower()
    return (
        window.direction == "during" or lexicon("charts").pattern("now").search(words) is not None
    )


def point_name(window: Window) -> str:
    """Return how a reference point is called in words."""
    return (window.reference_point or "screening").replace("_", " ")


# --- tests ------------------------------------------------------------------------------------


def recency_test(window: Window, points: Points, mention: Mention, onset: Onset) -> Test:
    """Return the test of a numbered window.

    onset : whether the words ask when it began ("diagnosed within 6 months"), not whether it
        still went on then.
    """

    def test(event: Event, chart: Chart) -> Judged:
        if is_part_of_day(window):
            return _part_of_day(window, points, event, chart)
        spans = spans_of(window, points, chart)
        if spans is None:
            point = point_name(window)
            unit = "" if window.unit and window.unit[0] != "{" else f" {window.unit}"
            return Judged(UNKNOWN, f"no day is known for {point}{unit}", f"day of {point}{unit}")
        truth = disjunction(_in_window(event, span, window, mention, onset) for span in spans)
        if truth == FALSE and lies_ahead(window):
            return Judged(UNKNOWN, "it lies ahead", f"{mention.text} after {point_name(window)}")
        if truth == UNKNOWN:
            return Judged(UNKNOWN, _unsure(event), f"day of {event.name}")
        return Judged(truth, "" if truth == TRUE else f"not {words_of_spans(spans)}")

    return test


def _unsure(event: Event) -> str:
    return "no day is recorded" if event.start is None else "its days do not settle the time"


def words_of_spans(spans: Sequence[Span]) -> str:
    """Return "from 2024-01-01 to 2024-06-01"; an open end is left out."""
    said = []
    for first, last in spans:
        since = "" if first == date.min else f"from {first} "
        until = "" if last == date.max else f"to {last}"
        said.append(f"{since}{until}".strip() or "at any time")
    return " or ".join(said) or "at any time"


def _in_window(event: Event, span: Span, window: Window, mention: Mention, onset: Onset) -> Truth:
    start, end = start_of(event), end_of(event)
    if end is None and _is_point(event, mention):
        return lies_in(start, span)
    touched, began = overlaps(event, span), lies_in(start, span)
    if touched == FALSE:
        return FALSE
    if window.low is not None:  # all of it must lie there; of a condition, its beginning
        if mention.label not in (Label.CONDITION, Label.OBSERVATION):
            began = conjunction((began, UNKNOWN if end is None else lies_in(end, span)))
        return TRUE if began == TRUE else UNKNOWN
    if began == TRUE or onset == "asked":
        return began
    brief = end is None and lexicon("charts").pattern("short_lived").search(event.name)
    return UNKNOWN if onset == "maybe" or brief else touched


def _is_point(event: Event, mention: Mention) -> bool:
    """Tell whether an event is of one day: tests and procedures without an end."""
    return event.domain in ("procedure", "measurement") or mention.label == Label.PROCEDURE


def _part_of_day(window: Window, points: Points, event: Event, chart: Chart) -> Judged:
    """Judge hours that make no whole days: days say only what is nearer and farther than them."""
    start = start_of(event)
    days = points(chart)
    hours = {"h": 1, "min": 1 / 60, "s": 1 / 3600}[window.unit or "h"]
    if start is not None and days and start.first == start.last:
        gaps = [abs((start.first - day).days) for day in days]
        far = [gap * 24 - 24 for gap in gaps]
        if window.high is not None and all(f >= float(window.high) * hours for f in far):
            return Judged(FALSE, f"{min(gaps)} days away")
        if window.high is None and any(f >= float(window.low or 0) * hours for f in far):
            return Judged(TRUE)
    return Judged(UNKNOWN, "the hour is not recorded", f"hour of {event.name}")


def age_test(window: Window) -> Test:
    """Return the test of the age at which an event began."""
    unit = whole_unit(window)
    bounds = in_unit(window, unit)

    def test(event: Event, chart: Chart) -> Judged:
        patient, start = chart.patient, start_of(event)
        if patient.birth_date is None:
            return Judged(UNKNOWN, "the date of birth is not recorded", "date of birth")
        if start is None:
            return Judged(UNKNOWN, "no day is recorded", f"day of {event.name}")
        births = (patient.birth_date, patient.birth_last or patient.birth_date)
        ages = {age_in(birth, day, unit) for birth in births for day in start}
        truth = ages_within(bounds, ages)
        return Judged(truth, need="date of birth" if truth == UNKNOWN else "")

    return test


def in_unit(bounds: Window | Value, unit: str | None) -> Value:
    """Return the bounds as a value whose numbers are whole units of age."""
    times = 12 if unit == "mo" and bounds.unit == "a" else 1
    low = None if bounds.low is None else bounds.low * times
    high = None if bounds.high is None else bounds.high * times
    several = bounds.set if isinstance(bounds, Value) else None
    return Value(0, 1, low, bounds.low_closed, high, bounds.high_closed, several, unit=unit)


def ages_within(bounds: Value, ages: set[int | None]) -> Truth:
    """Return whether an age that is one of `ages` lies within the bounds."""
    if None in ages:
        return UNKNOWN
    numbers = [age for age in ages if age is not None]
    reach = {min(numbers), max(numbers)} if bounds.set is None else set(numbers)
    inside = {contains(bounds, Decimal(age)) for age in reach}
    if bounds.set is None and len(reach) == 2 and inside == {False}:
        low_side = {bounds.low is not None and Decimal(age) <= bounds.low for age in reach}
        return FALSE if len(low_side) == 1 else UNKNOWN
    return TRUE if inside == {True} else FALSE if inside == {False} else UNKNOWN


def duration_test(window: Window, points: Points, *, past: bool) -> Test:
    """Return the test of how long an event lasted, up to the reference point or its end."""

    def test(event: Event, chart: Chart) -> Judged:
        days = points(chart)
        start, end = start_of(event), end_of(event)
        if start is None or days is None:
            return Judged(UNKNOWN, "no day is recorded", f"day {event.name} began")
        truths = {_lasted(window, first, end, day) for day in days for first in start}
        truth = TRUE if truths == {True} else FALSE if truths == {False} else UNKNOWN
        over = not past and days and going_on(event, min(days[0], chart.as_of)) != TRUE
        if truth == TRUE and over:
            return Judged(UNKNOWN, "it lasted as long and is over", f"whether {event.name} goes on")
        return Judged(truth, need=f"how long {event.name} lasted" if truth == UNKNOWN else "")

    def _lasted(window: Window, first: date, end: Span | None, day: date) -> bool | None:
        if end is None:
            return lasted(first, day, window)
        ends = {lasted(first, min(last, day), window) for last in end}
        return ends.pop() if len(ends) == 1 else None

    return test


def present_test(points: Points | None = None) -> Test:
    """Return the test whether an event goes on on the day of the check, or of a point."""

    def test(event: Event, chart: Chart) -> Judged:
        days = (chart.as_of,) if points is None else points(chart)
        if not days:
            return Judged(UNKNOWN, "no day is known", f"day of {event.name}")
        truth = disjunction(going_on(event, day) for day in days)
        if truth == TRUE and event.end is None and event.domain == "measurement":
            return Judged(UNKNOWN, "a record of one day", f"whether {event.name} goes on")
        why = "" if truth != FALSE else f"not going on on {days[0]}"
        return Judged(truth, why, f"days of {event.name}" if truth == UNKNOWN else "")

    return test


def past_test() -> Test:
    """Return the test whether an event began before the day of the check."""

    def test(event: Event, chart: Chart) -> Judged:
        truth = started_before(event, chart.as_of)
        return Judged(truth, "" if truth == TRUE else f"not before {chart.as_of}")

    return test


def once_test() -> Test:
    """Return the test whether an event took place up to the day of the check."""

    def test(event: Event, chart: Chart) -> Judged:
        truth = started_by(event, chart.as_of)
        return Judged(truth, "" if truth == TRUE else f"not up to {chart.as_of}")

    return test


def side_test(window: Window, points: Points) -> Test:
    """Return the test of a window without numbers on a side of its point: "after surgery"."""

    def test(event: Event, chart: Chart) -> Judged:
        days, start = points(chart), start_of(event)
        if days is None or start is None:
            return Judged(UNKNOWN, "no day is known", f"day of {event.name}")
        spans = [_open_side(window, day) for day in days]
        truth = disjunction(
            lies_in(start, span) if window.direction in _SIDES else overlaps(event, span)
            for span in spans
        )
        if truth == FALSE and lies_ahead(window):
            return Judged(UNKNOWN, "it lies ahead", f"{event.name} after {point_name(window)}")
        return Judged(truth, "" if truth == TRUE else f"not {words_of_spans(spans)}")

    return test


def _open_side(window: Window, day: date) -> Span:
    if window.direction not in _SIDES:
        return Span(day, day)
    return Span(date.min, day) if window.direction == "before" else Span(day, date.max)


def vague_test() -> Test:
    """Return the test of a time no calendar settles: "recent"."""

    def test(event: Event, chart: Chart) -> Judged:
        if started_by(event, chart.as_of) == FALSE:
            return Judged(FALSE, f"not up to {chart.as_of}")
        return Judged(
            UNKNOWN, "the time asked for has no number", f"whether {event.name} is recent"
        )

    return test
