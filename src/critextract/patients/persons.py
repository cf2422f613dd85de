"""Who a patient is: age, sex and words of both; what else people are called is looked up.

Ages are completed years, months, weeks or days. Words such as "elderly" have no one limit: ages
that some would call so and others not are unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from critextract.patients.answers import Answer, Outcome, fixed, one_of
from critextract.patients.calendar import age_in, whole_unit
from critextract.patients.chart import Chart
from critextract.patients.leaves import (
    Setting,
    event_judge,
    is_numbered,
    name_of,
    reference_concept,
)
from critextract.patients.model import Sex
from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, Truth
from critextract.patients.windows import ages_within, in_unit, points_of
from critextract.schema import Mention, Value
from critextract.terms import lookup

_SEXES: dict[str, Sex] = {
    "person.female": "female", "person.woman": "female", "person.girl": "female",
    "person.male": "male", "person.man": "male", "person.boy": "male",
}  # fmt: skip

_AGES: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "person.adult": ((18, 200), (18, 200)),
    "person.child": ((2, 12), (0, 18)),
    "person.boy": ((0, 18), (0, 18)),
    "person.girl": ((0, 18), (0, 18)),
    "person.adolescent": ((12, 18), (10, 20)),
    "person.elderly": ((65, 200), (60, 200)),
    "person.infant": ((0, 2), (0, 2)),
}
"""Years (from, below) that anyone, and that someone calls by a word."""

_DAY_UNITS = frozenset({"a", "mo", "wk", "d", "h"})


def person_answer(mention: Mention, setting: Setting) -> Answer:
    """Return the answer of a mention of age, sex or another attribute of people."""
    term = lookup(mention.text)
    kind = term.id if term else ""
    if mention.values:
        return _age_answer(mention, setting)
    if kind in _SEXES or kind in _AGES:
        return _kind_answer(kind)
    if kind in ("person.sex", "person.gender"):
        both = {"both", "either", "any", "all"} & set(mention.text.lower().split())
        return fixed(TRUE) if both else fixed(UNKNOWN, "no sex is named", "which sex is meant")
    return _recorded_answer(mention, setting)


def sex_answer(sex: Sex) -> Answer:
    """Return the answer whether the patient is of a sex."""
    yes, no = Outcome(TRUE, static=True), Outcome(FALSE, static=True)
    unknown = Outcome(UNKNOWN, None, "the sex is not recorded", needs=("sex",), static=True)

    def answer(chart: Chart) -> Outcome:
        found = chart.patient.sex
        return unknown if found is None else yes if found == sex else no

    return answer


def _kind_answer(kind: str) -> Answer:
    sex = sex_answer(_SEXES[kind]) if kind in _SEXES else None
    if kind not in _AGES and sex is not None:
        return sex
    outcomes = _outcomes()

    def answer(chart: Chart) -> Outcome:
        truth = _called(kind, chart)
        if sex is None or truth == FALSE:
            return outcomes[truth]
        found = sex(chart)
        return found if found.truth != TRUE else outcomes[truth]

    return answer


def _outcomes() -> dict[Truth, Outcome]:
    return {
        TRUE: Outcome(TRUE, static=True),
        FALSE: Outcome(FALSE, static=True),
        UNKNOWN: Outcome(UNKNOWN, None, "the age does not settle it", needs=("age",), static=True),
    }


def _called(kind: str, chart: Chart) -> Truth:
    """Return whether the patient's age is one that the word names."""
    (sure_from, sure_below), (some_from, some_below) = _AGES[kind]
    ages = ages_on(chart, chart.as_of, "a")
    if ages is None:
        return UNKNOWN
    if all(sure_from <= age < sure_below for age in ages):
        return TRUE
    return FALSE if all(not some_from <= age < some_below for age in ages) else UNKNOWN


def ages_on(chart: Chart, day: date, unit: str | None) -> list[int] | None:
    """Return the least and the greatest age on a day; None where no birth or no such age is."""
    birth = chart.patient.birth_date
    if birth is None:
        return None
    births = (birth, chart.patient.birth_last or birth)
    ages = [age_in(born, day, unit) for born in births]
    known = [age for age in ages if age is not None and age >= 0]
    return known if len(known) == len(ages) else None


# --- age in numbers ---------------------------------------------------------------------------


def age_bounds_answer(bounds: Value) -> Callable[[Chart, date], Outcome]:
    """Return the answer whether the patient's age on a day lies within bounds."""
    unit = whole_unit(bounds)
    whole = in_unit(bounds, unit)
    outcomes = {
        TRUE: Outcome(TRUE, static=True),
        FALSE: Outcome(FALSE, static=True),
        UNKNOWN: Outcome(
            UNKNOWN, None, "the day of birth is not recorded", needs=("date of birth",), static=True
        ),
    }

    def answer(chart: Chart, day: date) -> Outcome:
        ages = ages_on(chart, day, unit)
        return outcomes[UNKNOWN if ages is None else ages_within(whole, set(ages))]

    return answer


def _age_answer(mention: Mention, setting: Setting) -> Answer:
    """Return the answer of an age: on the day of the check, or of the reference point it names."""
    plain = all(
        value.unit in _DAY_UNITS and value.relative_to is None and not value.text_value
        for value in mention.values
    )
    if not plain or any(is_numbered(w) for w in mention.windows):
        return fixed(UNKNOWN, "no age in units of time", f"what {name_of(mention)} must be")
    answers = [age_bounds_answer(value) for value in mention.values]
    points = [
        points_of(window, reference_concept(window, setting))
        for window in mention.windows
        if window.reference_point
    ]
    decisive = FALSE if mention.values_op == "all" else TRUE

    def answer(chart: Chart) -> Outcome:
        days = points[0](chart) if points else (chart.as_of,)
        if not days:
            return _no_day
        found = [_joined([one(chart, day) for one in answers], decisive) for day in days]
        return found[0] if len({one.truth for one in found}) == 1 else _no_day

    return answer


def _joined(outcomes: list[Outcome], decisive: Truth) -> Outcome:
    """Return the outcome that decides, else one that is unknown, else the first."""
    for truth in (decisive, UNKNOWN):
        found = next((one for one in outcomes if one.truth == truth), None)
        if found is not None:
            return found
    return outcomes[0]


_no_day = Outcome(
    UNKNOWN, None, "no day is known", needs=("day the age is asked for",), static=True
)


def limit_value(low: Decimal | None, high: Decimal | None, unit: str) -> Value:
    """Return a registry's age limit as a value, both ends included."""
    closed = (None if low is None else True, None if high is None else True)
    return Value(0, 1, low, closed[0], high, closed[1], unit=unit)


# --- anything else ----------------------------------------------------------------------------


def _recorded_answer(mention: Mention, setting: Setting) -> Answer:
    """Return the answer of race and the like: known where it is recorded, else unknown."""
    concept = setting.names.concept(mention)
    test = event_judge(mention, setting, timeless=True)
    name = name_of(mention)
    unknown = Outcome(UNKNOWN, None, "not recorded", needs=(f"whether the patient is {name}",),
                      static=True)  # fmt: skip

    def answer(chart: Chart) -> Outcome:
        met = chart.met(concept)
        if not met:
            return unknown
        return one_of([(one, test(one, chart)) for one in met], mention, unknown, setting.missing)

    return answer
