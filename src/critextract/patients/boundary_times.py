"""Days at the edges of a mention's windows and periods: N and N+1 days, ended, going on, undated.

Events that are dated at the edge of a numbered window begin and end on one day, so that it makes
no difference whether the window asks when they began or whether they went on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from critextract.lexicon import lexicon
from critextract.patients.boundary_facts import (
    DAY,
    HOURS,
    MONTHS,
    NOT_RECORDED,
    NOTHING,
    Facts,
    day_from,
    join_truths,
    months_from,
    near,
)
from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, Truth
from critextract.patients.windows import says_now
from critextract.schema import Label, Mention, Window

STUDY_POINTS = frozenset(
    {"screening", "consent", "enrollment", "registration", "randomization", "baseline",
     "first_dose", "study", "treatment", "visit"}
)  # fmt: skip
"""Reference points that fall on the day of the check."""

LASTS = frozenset({Label.CONDITION, Label.DRUG, Label.OBSERVATION})
"""Labels of what goes on for a time."""

LONG_AGO = 30
"""Days before the check that stand for "some time ago" where no window says when."""


class Moment(NamedTuple):
    """When an event was, and whether that is when the criterion asks for.

    facts : what else must be recorded for it: the day of a reference point, of birth.
    """

    what: str
    start: date | None
    end: date | None
    facts: Facts
    truth: Truth | None


@dataclass(frozen=True, slots=True)
class Timing:
    """A mention's windows, with the day each counts from.

    now : one of them says that it goes on ("current").
    """

    mention: Mention
    words: str
    as_of: date
    now: bool = False

    @property
    def lasting(self) -> bool:
        """Tell whether what the mention names goes on for a time."""
        return self.mention.label in LASTS

    def one_day(self, day: date | None) -> date | None:
        """Return the end of an event of one day: tests and procedures have none."""
        return None if self.mention.label in (Label.PROCEDURE, Label.MEASUREMENT) else day


def moments_of(mention: Mention, text: str, as_of: date) -> list[Moment]:
    """Return when an event of the mention may be dated, the telling ones first.

    text : of the record; only the words of the mention and its windows are looked at.
    """
    spans = [(mention.start, mention.end), *((w.start, w.end) for w in mention.windows)]
    words = text[max(0, min(s for s, _ in spans) - 30) : max(e for _, e in spans)].lower()
    now = any(says_now(window, text) for window in mention.windows)
    timing = Timing(mention, words, as_of, now)
    numbered = [w for w in mention.windows if w.low is not None or w.high is not None]
    durations = [w for w in numbered if w.role == "duration"]
    made: Iterator[Moment]
    if durations:
        made = _durations(timing, durations[0]) if len(mention.windows) == 1 else iter(())
    elif numbered:
        made = _numbered(timing, numbered)
    else:
        made = _plain(timing)
    return list({(m.start, m.end, m.facts): m for m in reversed(list(made))}.values())[::-1]


# --- without numbers --------------------------------------------------------------------------


def _plain(timing: Timing) -> Iterator[Moment]:
    mention, today = timing.mention, timing.as_of
    then = today - LONG_AGO * DAY
    if any(_is_vague(window, timing) for window in mention.windows):
        return
    placed = any(window.reference_point for window in mention.windows)
    if mention.period == "past":
        if timing.now:
            return
        over = timing.one_day(then)
        yield Moment(f"{LONG_AGO} days ago", then, over, NOTHING, TRUE)
        yield Moment("the day before", today - DAY, timing.one_day(today - DAY), NOTHING, TRUE)
        first = None if placed or mention.label is Label.PROCEDURE else FALSE
        yield Moment("begun on the day itself", today, None, NOTHING, first)
        yield Moment("no day recorded", None, None, NOTHING, None if placed else TRUE)
    elif timing.lasting:
        yield from _going_on(timing, then)
    elif mention.label is Label.PROCEDURE and mention.period is None:
        yield Moment(f"{LONG_AGO} days ago", then, None, NOTHING, TRUE)
        yield Moment("on the day itself", today, None, NOTHING, TRUE)
        later = None if mention.windows else FALSE
        yield Moment("a day after", today + DAY, None, NOTHING, later)
        yield Moment("no day recorded", None, None, NOTHING, None)
    elif mention.label is Label.MEASUREMENT:
        yield Moment(f"{LONG_AGO} days ago", then, None, NOTHING, TRUE)
        yield Moment("on the day itself", today, None, NOTHING, TRUE)
        yield Moment("a day after", today + DAY, None, NOTHING, FALSE)
    else:
        yield Moment("going on", then, None, NOTHING, TRUE)


def _going_on(timing: Timing, then: date) -> Iterator[Moment]:
    today = timing.as_of
    no = None if timing.mention.windows and timing.mention.period is None else FALSE
    ahead = any(window.reference_point for window in timing.mention.windows)
    yield Moment("going on", then, None, NOTHING, TRUE)
    yield Moment("begun on the day itself", today, None, NOTHING, TRUE)
    yield Moment("begun a day after", today + DAY, None, NOTHING, None if ahead else FALSE)
    yield Moment("ended on the day itself", then, today, NOTHING, TRUE)
    yield Moment("ended the day before", then, today - DAY, NOTHING, no)
    yield Moment("no day recorded, going on", None, None, NOTHING, TRUE if no else None)


def _is_vague(window: Window, timing: Timing) -> bool:
    """Tell whether a window without numbers is one whose days are not derived here."""
    if window.role != "recency":
        return True
    study = window.reference_point is None or window.reference_point in STUDY_POINTS
    if timing.mention.period == "past" and study and window.direction in (None, "before"):
        return lexicon("charts").pattern("vague_time").search(timing.words) is not None
    placed = window.direction in ("before", "after") or not study
    return placed or lexicon("charts").pattern("vague_time").search(timing.words) is not None


# --- numbered windows -------------------------------------------------------------------------


class _Placed(NamedTuple):
    """A numbered window and the day it counts from, with what must be recorded for it."""

    window: Window
    point: date
    sign: int
    facts: Facts


def _numbered(timing: Timing, numbered: Sequence[Window]) -> Iterator[Moment]:
    placed = [_place(window, timing) for window in numbered]
    known = [one for one in placed if one is not None]
    if len(known) < len(placed) or (timing.mention.windows_op == "any" and len(known) > 1):
        return
    facts: Facts | None = NOTHING
    for one in known:
        facts = facts.joined(one.facts) if facts else None
    if facts is None:
        return
    unknown = any(_days_of(one) is None for one in known)
    if unknown:
        day = known[0].point - DAY
        yield Moment("in a time no calendar tells", day, timing.one_day(day), facts, None)
        return
    made = list(_days(timing, known, facts))
    yield from sorted(made, key=lambda moment: moment.truth != TRUE)[:1]
    yield from made
    if not any(one.window.role == "age" for one in known) and len(known) == 1:
        yield from _long(timing, known[0], facts)
    undated = UNKNOWN if len(numbered) == len(timing.mention.windows) else None
    yield Moment("no day recorded", None, None, facts, undated)


def _place(window: Window, timing: Timing) -> _Placed | None:
    """Return the day a window counts from; None where none can be given."""
    if window.role == "age":
        years = int(max(n for n in (window.low, window.high) if n is not None)) + 30
        birth = months_from(timing.as_of, -12 * min(years, 120))
        return _Placed(window, birth, 1, Facts(birth=birth))
    name = window.reference_point or "screening"
    if name == "birth" or window.unit not in {*MONTHS, *HOURS, "d", "wk"}:
        return None if name == "birth" else _Placed(window, timing.as_of, -1, NOTHING)
    if name in STUDY_POINTS:
        ahead = window.direction == "after"
        return None if ahead else _Placed(window, timing.as_of, -1, NOTHING)
    if _is_mention(name) or window.direction in (None, "during"):
        return None
    if window.direction == "before":
        point = timing.as_of - LONG_AGO * DAY
        return _Placed(window, point, -1, Facts(dates=((name, point),)))
    size = max(n for n in (window.low, window.high) if n is not None)
    reach = day_from(timing.as_of, size, window.unit, -1)
    if reach is None:
        return None
    point = reach - 3 * LONG_AGO * DAY
    return _Placed(window, point, 1, Facts(dates=((name, point),)))


def _is_mention(name: str) -> bool:
    return name[:1] == "m" and name[1:].isdigit()


def _days_of(placed: _Placed) -> tuple[date | None, date | None] | None:
    """Return the days of the lower and the upper bound; None where they are no days."""
    window = placed.window
    found = []
    for bound in (window.low, window.high):
        day = bound if bound is None else day_from(placed.point, bound, window.unit, placed.sign)
        if bound is not None and day is None:
            return None
        found.append(day)
    return found[0], found[1]


def _days(timing: Timing, placed: Sequence[_Placed], facts: Facts) -> Iterator[Moment]:
    """Yield events of one day at, before and after the edges of every window."""
    for one in placed:
        bounds = _days_of(one)
        assert bounds is not None
        for bound, day in zip((one.window.low, one.window.high), bounds, strict=True):
            if day is None:
                continue
            edges = near(day)
            if one.window.role == "age":
                birthday = months_from(one.point, 12 * (int(bound or 0) + 1))
                later = (", the next birthday", birthday), (", the day before it", birthday - DAY)
                edges = (*edges[:2], *later) if one.window.unit == "a" else edges
            for words, moment in edges:
                what = f"{bound} {one.window.unit} from {_point(one.window)}{words}"
                yield _moment(what, moment, timing, placed, facts)
    yield _moment(
        f"on the day of {_point(placed[0].window)}", placed[0].point, timing, placed, facts
    )


def _point(window: Window) -> str:
    if window.role == "age":
        return "birth"
    return (window.reference_point or "screening").replace("_", " ")


def _moment(
    what: str, day: date, timing: Timing, placed: Sequence[_Placed], facts: Facts
) -> Moment:
    truths = [_holds(one, day) for one in placed]
    truth: Truth | None = join_truths(truths, timing.mention.windows_op)
    if day > timing.as_of or (timing.mention.period == "past" and day == timing.as_of):
        truth = None if truth == TRUE else truth
    if truth == TRUE and timing.mention.period == "present":
        truth = None
    plain = [w for w in timing.mention.windows if w.low is None and w.high is None]
    if timing.now or any(w.reference_point for w in plain):
        truth = None
    if truth == TRUE and any(_is_vague(w, timing) for w in plain):
        truth = None
    if plain and timing.mention.windows_op == "any":
        truth = None
    return Moment(what, day, timing.one_day(day), facts, truth)


def _holds(placed: _Placed, day: date) -> Truth:
    """Return whether a day lies in a window, by its bounds and their closedness alone."""
    bounds = _days_of(placed)
    assert bounds is not None
    window, sign = placed.window, placed.sign
    if window.role == "age":
        return TRUE if _age_holds(placed, day) else FALSE
    nearest, farthest = bounds
    if sign * (day - placed.point).days < 0:
        return FALSE
    if nearest is not None:
        beyond = sign * (day - nearest).days
        if beyond < 0 or (beyond == 0 and not window.low_closed):
            return FALSE
    if farthest is not None:
        within = sign * (farthest - day).days
        if within < 0 or (within == 0 and not window.high_closed):
            return FALSE
    return TRUE


def _age_holds(placed: _Placed, day: date) -> bool:
    """Tell whether the age on a day, in whole units, lies in a window of ages."""
    window, age = placed.window, 0
    while True:
        birthday = day_from(placed.point, Decimal(age + 1), window.unit, 1)
        if birthday is None or birthday > day:
            break
        age += 1
    if day < placed.point:
        return False
    low, high = window.low, window.high
    if low is not None and (age < low or (age == low and not window.low_closed)):
        return False
    return not (high is not None and (age > high or (age == high and not window.high_closed)))


def _long(timing: Timing, placed: _Placed, facts: Facts) -> Iterator[Moment]:
    """Yield what began long before a window and ended in it, before it, or goes on."""
    window, mention = placed.window, timing.mention
    bounds = _days_of(placed)
    if not timing.lasting or window.low is not None or placed.sign > 0 or bounds is None:
        return
    edge = bounds[1]
    if edge is None or mention.period == "present" or len(mention.windows) > 1:
        return
    edge = edge if window.high_closed else edge + DAY
    before = max(edge.toordinal() - 200, 1)
    start = date.fromordinal(before)
    onset = lexicon("charts").pattern("onset_asked").search(timing.words) is not None
    yes = None if onset else TRUE
    yield Moment("ended on the first day of the window", start, edge, facts, yes)
    yield Moment("ended the day before the window", start, edge - DAY, facts, FALSE)
    going = yes if mention.label is Label.DRUG else None
    yield Moment("going on since before the window", start, None, facts, going)


# --- durations --------------------------------------------------------------------------------


def _durations(timing: Timing, window: Window) -> Iterator[Moment]:
    """Yield what goes on for as long as asked, a day more and a day less."""
    study = window.reference_point is None or window.reference_point in STUDY_POINTS
    if not timing.lasting or not study or window.direction == "after":
        return
    made = []
    for bound, closed, sign in (
        (window.low, window.low_closed, 1), (window.high, window.high_closed, -1)
    ):  # fmt: skip
        day = None if bound is None else day_from(timing.as_of, bound, window.unit, -1)
        if day is None:
            if bound is not None:
                return
            continue
        for words, start in near(day):
            reached = day_from(start, bound or Decimal(0), window.unit, 1) or day
            longer = sign * (timing.as_of - reached).days
            truth = TRUE if longer > 0 or (longer == 0 and closed) else FALSE
            both = window.low is not None and window.high is not None
            what = f"going on for {bound} {window.unit}{words}"
            made.append(Moment(what, start, None, NOTHING, None if both else truth))
    yield from sorted(made, key=lambda moment: moment.truth != TRUE)
    yield Moment("going on, no day recorded", None, None, NOTHING, UNKNOWN)


def birth_not_recorded(moment: Moment) -> Moment:
    """Return a moment at an age without the birth it counts from."""
    facts = Facts(birth=NOT_RECORDED, dates=moment.facts.dates)
    return Moment("birth not recorded", moment.start, moment.end, facts, UNKNOWN)
