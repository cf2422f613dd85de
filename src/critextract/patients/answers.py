"""What a patient's events answer to a mention: one of them is what it says, or the latest is.

A condition, drug, procedure or observation holds if one event does; a measurement by its latest
result in the time that is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from critextract.intervals import contains, number_text
from critextract.lexicon import lexicon
from critextract.patients.chart import Chart, Concept, Met, Names
from critextract.patients.leaves import (
    Missing,
    Setting,
    event_judge,
    is_numbered,
    joined,
    name_of,
    name_test,
    qualities_of,
    times_of,
)
from critextract.patients.model import Event
from critextract.patients.qualities import quality_tests
from critextract.patients.results import Judged, Measured, judge, word_of
from critextract.patients.timing import start_of
from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, Truth
from critextract.patients.windows import STUDY_POINTS, lies_ahead, points_of, says_now
from critextract.schema import Label, Mention, Window
from critextract.units import unit_words

_PAIR = re.compile(r"\s*[0-9]{2,3}\s*/\s*[0-9]{2,3}\s*")


class Outcome:
    """What a patient's events answer; compared by identity, so that equal answers are made once.

    static : it is the same for every patient of whom nothing of the kind is recorded.
    """

    __slots__ = ("by", "event", "needs", "static", "truth", "why")

    def __init__(
        self,
        truth: Truth,
        event: int | None = None,
        why: str = "",
        by: str = "",
        needs: tuple[str, ...] = (),
        *,
        static: bool = False,
    ) -> None:
        self.truth = truth
        self.event = event
        self.why = why
        self.by = by
        self.needs = needs
        self.static = static


Answer = Callable[[Chart], Outcome]
Decided = tuple[Met, Judged]


def fixed(truth: Truth, why: str = "", need: str = "") -> Answer:
    """Return the answer that is the same for every patient."""
    outcome = Outcome(truth, None, why, needs=(need,) if need else (), static=True)
    return lambda _: outcome


# --- one event is enough ----------------------------------------------------------------------


def event_answer(mention: Mention, setting: Setting) -> Answer:
    """Return the answer of a condition, drug, procedure, observation, device or visit."""
    concept = setting.names.concept(mention)
    test = event_judge(mention, setting)
    absent = absence(mention, setting.missing)

    def answer(chart: Chart) -> Outcome:
        met = chart.met(concept)
        if not met:
            return absent
        decided = [(one, test(one, chart)) for one in met]
        if mention.count is not None:
            return _counted(mention, decided, setting.missing)
        return one_of(decided, mention, absent, setting.missing)

    return answer


def absence(mention: Mention, missing: Missing) -> Outcome:
    """Return what it means that nothing a mention names is recorded."""
    name = name_of(mention)
    if any(lies_ahead(window) for window in mention.windows):
        return Outcome(
            UNKNOWN, None, "it lies ahead", needs=(f"whether {name} follows",), static=True
        )
    if _is_never_recorded(mention):
        return Outcome(UNKNOWN, None, "no record says so", needs=(name,), static=True)
    if missing == "unknown":
        return Outcome(
            UNKNOWN, None, "not recorded", needs=(f"whether there is {name}",), static=True
        )
    none = mention.count is not None and contains(mention.count, Decimal(0))
    return Outcome(TRUE if none else FALSE, None, "not recorded", static=True)


def _is_never_recorded(mention: Mention) -> bool:
    """Tell whether a mention is a judgement that no record holds: "adequate organ function"."""
    if mention.label not in (Label.CONDITION, Label.OBSERVATION):
        return False
    words = " ".join([*(qualifier.value for qualifier in mention.qualifiers), mention.text])
    return lexicon("charts").pattern("never_recorded").search(words) is not None


def one_of(
    decided: Sequence[Decided], mention: Mention, absent: Outcome, missing: Missing
) -> Outcome:
    """Return true by the first event that is what the mention says, else what is not settled."""
    true = [one for one in decided if one[1].truth == TRUE]
    open_ones = [one for one in decided if one[1].truth == UNKNOWN]
    if true:
        nearer = _nearer(true, decided, mention)
        if nearer is not None:
            why = "this one lies nearer than the time asked for"
            return outcome_of(nearer, Judged(UNKNOWN, why, f"which {name_of(mention)} is meant"))
        return outcome_of(*true[0])
    if open_ones:
        return outcome_of(*min(open_ones, key=lambda one: one[1].need.count(";")))
    met, judged = decided[-1]
    complete = any(one.match.relation == "same" for one, _ in decided)
    if absent.truth == UNKNOWN and not (complete and missing == "unknown"):
        return absent
    return outcome_of(met, judged)


def _nearer(true: Sequence[Decided], decided: Sequence[Decided], mention: Mention) -> Met | None:
    """Return an event too near where another is far enough: "more than 3 months ago"."""
    least = [w for w in mention.windows if w.low is not None and w.high is None]
    if not least or any(w.role != "recency" or w.direction == "after" for w in mention.windows):
        return None
    latest = max((one.event.start or date.min for one, _ in true), default=date.min)
    for one, judged in decided:
        if judged.truth != TRUE and one.event.start is not None and one.event.start > latest:
            return one
    return None


def outcome_of(met: Met, judged: Judged) -> Outcome:
    """Return the answer an event gives."""
    needs = tuple(judged.need.split("; ")) if judged.need and judged.truth == UNKNOWN else ()
    return Outcome(judged.truth, met.place, judged.why, met.match.by, needs)


def _counted(mention: Mention, decided: Sequence[Decided], missing: Missing) -> Outcome:
    """Return whether as many distinct events hold as are asked for."""
    count = mention.count
    assert count is not None
    name = name_of(mention)
    if count.unit not in (None, "1", "{times}", "{episodes}") or count.text_value:
        return Outcome(UNKNOWN, decided[0][0].place, "a rate", needs=(f"how often {name} is",))
    least = len({_day(one) for one, j in decided if j.truth == TRUE})
    most = len({_day(one) for one, j in decided if j.truth != FALSE})
    first = next((one for one, j in decided if j.truth == TRUE), decided[0][0])
    open_end = missing == "unknown" and all(one.match.relation != "same" for one, _ in decided)
    inside = {contains(count, Decimal(n)) for n in range(least, most + 1)}
    if len(inside) > 1 or (open_end and not (count.high is None and True in inside)):
        return Outcome(UNKNOWN, first.place, f"{least} to {most}", needs=(f"how often {name} was",))
    truth = TRUE if True in inside else FALSE
    return Outcome(truth, first.place, f"{least} recorded", first.match.by)


def _day(met: Met) -> tuple[str, date | None]:
    return met.event.name.lower(), met.event.start


# --- the latest result ------------------------------------------------------------------------


def measurement_answer(mention: Mention, setting: Setting) -> Answer:
    """Return the answer of a measurement: by its latest result in the time asked for."""
    concept = setting.names.concept(mention)
    dated = _as_results(mention, setting.record.text)
    select = _selection(dated, setting)
    others = quality_tests(mention)
    named = name_test(mention)
    ever = mention.period == "past" and not any(is_numbered(w) for w in mention.windows)
    missing = _missing_result(dated, setting)

    def value(met: Met, chart: Chart) -> Judged:
        judged = [qualities_of(met, mention, others, chart)] if others else []
        if met.match.relation == "broader":
            judged.append(named(met, chart))
        return joined([*judged, judge_result(dated, met, chart, concept)])

    def answer(chart: Chart) -> Outcome:
        placed, chosen = select(chart)
        if not chosen:
            return missing(chart, placed)
        decided = [(one, joined([when, value(one, chart)])) for one, when in chosen]
        return _ever(decided, missing(chart, ())) if ever else _agreed(decided)

    return answer


def _selection(
    mention: Mention, setting: Setting
) -> Callable[[Chart], tuple[Sequence[Decided], Sequence[Decided]]]:
    """Return the results of a mention, each with its time, and those that decide.

    What different bounds ask of one measurement in the same time is chosen once a patient.
    """
    names = setting.names
    concept = names.concept(mention)
    pairs = names.concept(replace(mention, component=None)) if mention.component else None
    times = times_of(mention, setting)
    ever = mention.period == "past" and not any(is_numbered(w) for w in mention.windows)
    place = _shared_place(mention, concept, names)

    def choose(chart: Chart) -> tuple[Sequence[Decided], Sequence[Decided]]:
        met = [one for one in chart.met(concept) if _is_result(one.event, mention)]
        met += [one for one in (chart.met(pairs) if pairs else ()) if _is_pair(one.event)]
        placed = [
            (one, joined([test(one.event, chart) for test in times.tests], times.join))
            for one in met
        ]
        kept = [(one, when) for one, when in placed if when.truth != FALSE]
        return placed, kept if ever or not kept else _latest(kept)

    def select(chart: Chart) -> tuple[Sequence[Decided], Sequence[Decided]]:
        if place is None:
            return choose(chart)
        known: tuple[Sequence[Decided], Sequence[Decided]] | None = chart.memo.get(place)
        if known is None:
            known = chart.memo[place] = choose(chart)
        return known

    return select


def _shared_place(mention: Mention, concept: Concept, names: Names) -> int | None:
    """Return where a patient's chart keeps a selection; None where it is this mention's alone."""
    alone = any(
        w.role != "recency"
        or not is_numbered(w)
        or (w.reference_point is not None and w.reference_point not in STUDY_POINTS)
        for w in mention.windows
    )
    if alone:
        return None
    windows = tuple(replace(window, start=0, end=1) for window in mention.windows)
    key = (concept.id, windows, mention.windows_op, mention.period, bool(mention.values))
    return names.selections.setdefault(key, -1 - len(names.selections))


def _as_results(mention: Mention, text: str) -> Mention:
    """Return the mention without what says no time of a result: "current", a present tense."""
    windows = tuple(w for w in mention.windows if not says_now(w, text))
    period = None if mention.period == "present" else mention.period
    return replace(mention, windows=windows, period=period)


def _is_result(event: Event, mention: Mention) -> bool:
    """Tell whether an event may be a result: a measurement, or anything with a value."""
    return event.domain == "measurement" or event.value is not None or not mention.values


def _latest(kept: Sequence[Decided]) -> list[Decided]:
    """Return the results that may be the latest; several where days are not known or the same."""
    sure = [
        start.first for one, when in kept if when.truth == TRUE and (start := start_of(one.event))
    ]
    last = max(sure, default=date.min)
    chosen = [
        (one, when)
        for one, when in kept
        if (start := start_of(one.event)) is None or start.last >= last
    ]
    with_value = [item for item in chosen if item[0].event.value is not None]
    return with_value or chosen


def _agreed(decided: Sequence[Decided]) -> Outcome:
    """Return what all results that may be the latest say, unknown where they differ."""
    truths = {judged.truth for _, judged in decided}
    met, judged = decided[-1]
    if len(truths) == 1:
        return outcome_of(met, judged)
    unknown = [one for one in decided if one[1].truth == UNKNOWN]
    if unknown:
        return outcome_of(*unknown[0])
    name = met.event.name
    return outcome_of(
        met, Judged(UNKNOWN, "results differ", f"which result of {name} is the latest")
    )


def _ever(decided: Sequence[Decided], unknown: Outcome) -> Outcome:
    """Return true where any result was so; no result is one of every day that was."""
    true = [one for one in decided if one[1].truth == TRUE]
    return outcome_of(*true[0]) if true else unknown


def judge_result(mention: Mention, met: Met, chart: Chart, concept: Concept) -> Judged:
    """Return whether a result is what a measurement's values ask for."""
    name = name_of(mention)
    if mention.count is not None or any(w.role == "duration" for w in mention.windows):
        return Judged(UNKNOWN, "several results are asked for", f"every result of {name}")
    if not mention.values:
        return _bare_result(mention, met, name)
    event = _component(mention, met.event)
    base = None
    if any(value.relative_to == "baseline" for value in mention.values):
        base = _baseline(chart, concept)
    by = Measured(name, chart.patient.sex, chart.ranges, base)
    return joined([judge(value, event, by) for value in mention.values], mention.values_op)


def _bare_result(mention: Mention, met: Met, name: str) -> Judged:
    """Judge a result where none is asked for: that there is one, or that it says so itself."""
    if any(is_numbered(window) for window in mention.windows):
        return Judged(TRUE)
    if met.event.value is None:
        return Judged(TRUE)
    if isinstance(met.event.value, str):
        word = word_of(met.event.value)
        if word in ("positive", "abnormal", "elevated"):
            return Judged(TRUE)
        if word in ("negative", "normal"):
            return Judged(FALSE, f"the result is {word}")
    return Judged(UNKNOWN, "the criterion names no result", f"what {name} must be")


def _component(mention: Mention, event: Event) -> Event:
    """Return the systolic or diastolic part of a pressure recorded as "160/95"."""
    if not mention.component or not _is_pair(event):
        return event
    systolic, _, diastolic = str(event.value).partition("/")
    part = systolic if mention.component == "systolic" else diastolic
    return replace(event, value=Decimal(part.strip()))


def _is_pair(event: Event) -> bool:
    """Tell whether a result is a pressure with both numbers: "160/95"."""
    return isinstance(event.value, str) and _PAIR.fullmatch(event.value) is not None


def _baseline(chart: Chart, concept: Concept) -> Event | None:
    """Return the one result of the day the patient's baseline is dated on."""
    day = chart.patient.dates.get("baseline")
    found = [m.event for m in chart.met(concept) if day is not None and m.event.start == day]
    return found[0] if len(found) == 1 else None


def _missing_result(
    mention: Mention, setting: Setting
) -> Callable[[Chart, Sequence[Decided]], Outcome]:
    """Return the answer where no result lies in the time that is asked for."""
    made: dict[str, Outcome] = {}
    points = [(w, points_of(w, None)) for w in mention.windows if is_numbered(w)]
    name = name_of(mention)
    del setting

    def missing(chart: Chart, placed: Sequence[Decided]) -> Outcome:
        when = " and ".join(_when(window, days(chart)) for window, days in points)
        need = f"{name} {when or f'up to {chart.as_of}'}"
        if placed:
            met, judged = placed[-1]
            return Outcome(UNKNOWN, met.place, judged.why or "not in time", met.match.by, (need,))
        if need not in made:
            if len(made) > 512:
                made.clear()
            made[need] = Outcome(UNKNOWN, None, "not recorded", needs=(need,), static=True)
        return made[need]

    return missing


def _when(window: Window, days: Sequence[date] | None) -> str:
    """Return "within 7 days of 2024-06-01"."""
    point = str(days[0]) if days else (window.reference_point or "screening").replace("_", " ")
    side = window.direction if window.direction in ("before", "after") else "of"
    said = []
    for words, bound in (("within", window.high), ("more than", window.low)):
        if bound is not None:
            unit = unit_words(window.unit, one=bound == 1)
            said.append(f"{words} {number_text(bound)} {unit}")
    return f"{' and '.join(said)} {side} {point}"
