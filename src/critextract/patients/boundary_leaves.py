"""Patients at the edges of one mention: of its values, its time, its count, its dose.

A mention is put at one edge at a time, with everything else it says held true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple

from critextract.lexicon import lexicon
from critextract.patients.boundary_facts import DAY, NOTHING, Facts, Probe, domain_of
from critextract.patients.boundary_persons import person_probes
from critextract.patients.boundary_times import (
    LONG_AGO,
    Moment,
    birth_not_recorded,
    moments_of,
)
from critextract.patients.boundary_values import (
    BASELINE,
    Result,
    kind_of_values,
    results_of,
    truth_of,
)
from critextract.patients.model import Event
from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, Truth
from critextract.schema import Join, Label, Mention, Value

_CHOICE = re.compile(r"\s*(?:,|/|\band/or\b|\bor\b|\b(?<=mild )to\b|\b(?<=moderate )to\b)\s*")


class Case(NamedTuple):
    """The values that apply in one case of a mention, with the edges of all cases.

    values : those of the case. edges : those of all cases, at whose bounds patients are made.
    """

    values: tuple[Value, ...]
    edges: tuple[Value, ...]
    how: Join


def event_name(mention: Mention) -> str:
    """Return what an event is called that is what the mention names, its qualifiers included."""
    if mention.component:
        return f"{mention.component} blood pressure"
    front = [
        _one_of(qualifier.value)
        for qualifier in mention.qualifiers
        if not (mention.start <= qualifier.start and qualifier.end <= mention.end)
        and not lexicon("charts").pattern("recorded").fullmatch(qualifier.value.lower())
    ]
    return " ".join(" ".join([*front, mention.text]).split())


def _one_of(words: str) -> str:
    """Return the last of the qualities that a few words leave a choice of: "mild or moderate"."""
    return _CHOICE.split(words)[-1] if len(words.split()) <= 4 else words


def result_name(mention: Mention) -> str:
    """Return the name by which magnitudes and molar masses are looked up."""
    if mention.component:
        return f"{mention.component} blood pressure"
    return mention.concept.display if mention.concept else " ".join(mention.text.split())


def is_result(mention: Mention) -> bool:
    """Tell whether a mention is decided by a result, so that none recorded means unknown."""
    return mention.label is Label.MEASUREMENT


def _is_like_result(mention: Mention) -> bool:
    """Tell whether a mention that is no measurement asks for a number or a result in words.

    What it means that none is recorded in time is then open. So it is of judgements ("adequate
    organ function"), which no record holds.
    """
    judged = lexicon("charts").pattern("never_recorded").search(event_name(mention)) is not None
    numbers = mention.label is Label.OBSERVATION and any(
        value.low is not None or value.high is not None for value in mention.values
    )
    words = any(value.text_value and value.unit is None for value in mention.values)
    return judged or numbers or words


def beyond_records(mention: Mention, *, assumed: bool) -> bool:
    """Tell whether a mention says what no record holds: of the family, planned, hypothetical.

    assumed : it stands in a guard or an ``if``, where it may be hypothetical.
    """
    return (
        mention.experiencer != "patient"
        or mention.modality in ("planned", "uncertain")
        or mention.period == "future"
        or (mention.modality == "hypothetical" and not assumed)
    )


def leaf_probes(
    mention: Mention, case: Case, text: str, as_of: date, *, assumed: bool = False
) -> list[Probe]:
    """Return patients at the edges of one mention in one case, with the truth it has for each.

    text : of the record. assumed : see `beyond_records`.
    """
    if beyond_records(mention, assumed=assumed):
        event = _event(mention, Moment("", as_of - LONG_AGO * DAY, None, NOTHING, None), None)
        return [Probe("recorded", Facts(events=(event,)), UNKNOWN),
                Probe("nothing recorded", NOTHING, UNKNOWN)]  # fmt: skip
    if mention.label is Label.PERSON:
        bare = replace(mention, values=case.values, values_op=case.how)
        return list(person_probes(bare, as_of))
    moments = moments_of(mention, text, as_of)
    good = next((moment for moment in moments if moment.truth == TRUE), None)
    at_results: list[Probe] = []
    if good is not None:
        series = mention.count is not None
        made = (
            _counts(mention, case, moments) if series else _at_results(mention, case, good, as_of)
        )
        at_results = list(made)
    full = _full_result(mention, case)
    at_moments: list[Probe] = []
    if not case.values or full is not None:
        skip = good if case.values else None
        at_moments = list(_at_moments(mention, moments, full, skip))
    nothing = _nothing(mention, case)
    return in_turn([at_results[::2], at_results[1::2], [*at_moments[:1], nothing, *at_moments[1:]]])


def in_turn(parts: Sequence[Sequence[Probe]]) -> list[Probe]:
    """Return the probes of several lists, one of each in turn, so that the first hold of all."""
    turns = zip_longest(*parts)
    return [probe for turn in turns for probe in turn if probe is not None]


# --- results ----------------------------------------------------------------------------------


def _edges(mention: Mention, case: Case) -> list[tuple[Result, Truth | None]]:
    """Return results at the edges with the truth of the case; the dose where no value is asked."""
    edges, values, how = case.edges, case.values, case.how
    words = kind_of_values(values) == "word"
    if words and mention.label in (Label.DRUG, Label.PROCEDURE):
        return []  # a treatment has no such result
    if not edges and mention.dose is not None:
        edges, values, how = (mention.dose,), (mention.dose,), "all"
    elif mention.dose is not None:
        return []
    name = result_name(mention)
    return [(result, truth_of(values, how, result, name)) for result in results_of(edges, name)]


def _full_result(mention: Mention, case: Case) -> Result | None:
    """Return a result that the case allows."""
    return next((result for result, truth in _edges(mention, case) if truth == TRUE), None)


def _at_results(mention: Mention, case: Case, when: Moment, as_of: date) -> Iterator[Probe]:
    """Yield each result at a time that is asked for."""
    found = _edges(mention, case)
    past_result = mention.period == "past" and (is_result(mention) or _is_like_result(mention))
    steady = any(window.role == "duration" for window in mention.windows)
    for result, truth in found:
        if (past_result and truth == FALSE) or (steady and is_result(mention)):
            truth = None
        facts = _with_baseline(_facts(mention, when, result), mention, result, as_of)
        if facts is not None:
            yield Probe(result.what, facts, truth)
    yield from _latest(mention, found, as_of)


def _latest(
    mention: Mention, found: Sequence[tuple[Result, Truth | None]], as_of: date
) -> Iterator[Probe]:
    """Yield two results of two days: the later decides."""
    plain = is_result(mention) and not mention.windows and mention.period is None
    yes = next((r for r, truth in found if truth == TRUE and r.form != "unknown"), None)
    no = next((r for r, truth in found if truth == FALSE and r.form != "unknown"), None)
    if not plain or yes is None or no is None or kind_of_values(mention.values) == "baseline":
        return
    for first, last, truth in ((no, yes, TRUE), (yes, no, FALSE)):
        events = []
        for days, result in ((60, first), (LONG_AGO, last)):
            moment = Moment("", as_of - days * DAY, None, NOTHING, TRUE)
            events.append(_event(mention, moment, result))
        what = f"{last.what}, after {first.what}"
        yield Probe(what, Facts(events=tuple(events)), truth)


def _with_baseline(facts: Facts, mention: Mention, result: Result, as_of: date) -> Facts | None:
    """Return the facts with a result at baseline where bounds multiply it."""
    if not any(value.relative_to == "baseline" for value in mention.values):
        return facts
    if mention.windows or not is_result(mention):
        return None
    day = as_of - 200 * DAY
    first = Result("", BASELINE, result.unit or "1")
    event = _event(mention, Moment("", day, None, NOTHING, None), first)
    return facts.joined(Facts(dates=(("baseline", day),), events=(event,)))


# --- times ------------------------------------------------------------------------------------


def _at_moments(
    mention: Mention, moments: Sequence[Moment], result: Result | None, skip: Moment | None
) -> Iterator[Probe]:
    """Yield a result that is asked for at every time; one out of time is as good as none."""
    if mention.count is not None or any(v.relative_to == "baseline" for v in mention.values):
        return
    number = not is_result(mention) and _is_like_result(mention)
    for moment in moments:
        if moment is skip:
            continue
        truth = None if number and moment.truth == FALSE else moment.truth
        if is_result(mention):
            steady = any(window.role == "duration" for window in mention.windows)
            truth = None if steady else UNKNOWN if truth == FALSE else truth
            if truth == TRUE and not mention.values and mention.period == "past":
                truth = None
        yield Probe(moment.what, _facts(mention, moment, result), truth)
    ages = [w for w in mention.windows if w.role == "age"]
    if ages and moments:
        moment = birth_not_recorded(moments[0])
        yield Probe(moment.what, _facts(mention, moment, result), moment.truth)


def _counts(mention: Mention, case: Case, moments: Sequence[Moment]) -> Iterator[Probe]:
    """Yield one event fewer than asked for, as many, and one more, each of its own day."""
    count = mention.count
    assert count is not None
    full = _full_result(mention, case)
    if case.values and full is None:
        return
    numbers = [n for n in (count.low, count.high) if n is not None]
    rate = count.unit not in (None, "1", "{times}", "{episodes}") or count.text_value is not None
    good = next((m for m in moments if m.truth == TRUE and m.start is not None), None)
    numbered = any(w.low is not None or w.high is not None for w in mention.windows)
    if rate or is_result(mention) or good is None or good.start is None or not numbers:
        return
    if numbered and any(w.role != "recency" or w.low is not None for w in mention.windows):
        return
    for number in dict.fromkeys(n + step for n in numbers for step in (0, -1, 1)):
        if not 0 < number <= 12 or number != int(number):
            continue
        days = [good.start + i * DAY for i in range(int(number))]
        whole = good.end == good.start or good.end is None
        if days[-1] >= _last_day(mention, good) or not whole:
            return
        ends = [None if good.end is None else day for day in days]
        events = tuple(
            _event(mention, Moment("", day, end, NOTHING, None), full)
            for day, end in zip(days, ends, strict=True)
        )
        facts = good.facts.joined(Facts(events=events))
        if facts is not None:
            times = "once" if number == 1 else f"{number} times"
            yield Probe(times, facts, _count_truth(count, Decimal(number)))


def _last_day(mention: Mention, good: Moment) -> date:
    assert good.start is not None
    points = dict(good.facts.dates).values()
    return (
        min(points, default=good.start + LONG_AGO * DAY)
        if mention.windows
        else (good.start + LONG_AGO * DAY)
    )


def _count_truth(count: Value, number: Decimal) -> Truth:
    if count.low is not None and (
        number < count.low or (number == count.low and not count.low_closed)
    ):
        return FALSE
    if count.high is not None and (
        number > count.high or (number == count.high and not count.high_closed)
    ):
        return FALSE
    return TRUE


# --- nothing ----------------------------------------------------------------------------------


def _nothing(mention: Mention, case: Case) -> Probe:
    """Return a patient of whom nothing of the kind is recorded."""
    what = "nothing recorded"
    if is_result(mention):
        return Probe(what, NOTHING, UNKNOWN)
    ahead = any(
        window.direction == "after"
        or (window.direction == "during" and window.reference_point in ("study", "treatment"))
        for window in mention.windows
    )
    if ahead or _is_like_result(replace(mention, values=case.values)):
        return Probe(what, NOTHING, None)
    if mention.count is not None:
        return Probe(what, NOTHING, _count_truth(mention.count, Decimal(0)))
    return Probe(what, NOTHING, FALSE)


# --- events -----------------------------------------------------------------------------------


def _facts(mention: Mention, when: Moment, result: Result | None) -> Facts:
    event = _event(mention, when, result)
    return replace(when.facts, events=(*when.facts.events, event))


def _event(mention: Mention, when: Moment, result: Result | None) -> Event:
    """Return an event that is what the mention names."""
    return Event(
        domain_of(mention),
        event_name(mention),
        start=when.start,
        end=when.end,
        value=result.value if result else None,
        unit=result.unit if result else None,
        ref_low=result.ref_low if result else None,
        ref_high=result.ref_high if result else None,
    )
