"""People at the edges of an age: born so that they turn it today, or tomorrow; and their sex."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from critextract.patients.boundary_facts import (
    DAY,
    NOT_RECORDED,
    Facts,
    Probe,
    day_from,
    join_truths,
)
from critextract.patients.model import Sex
from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, Truth
from critextract.schema import Mention, Value
from critextract.terms import lookup

_SEXES: dict[str, Sex] = {
    "person.female": "female", "person.woman": "female",
    "person.male": "male", "person.man": "male",
}  # fmt: skip
_OTHER: dict[Sex, Sex] = {"female": "male", "male": "female"}
_AGE_UNITS = frozenset({"a", "mo", "wk", "d"})


def person_probes(mention: Mention, as_of: date) -> Iterator[Probe]:
    """Yield people at the edges of what a mention of age or sex says; none for other words."""
    if mention.values:
        if not mention.windows:
            yield from age_probes(mention.values, mention.values_op, as_of)
        return
    term = lookup(mention.text)
    sex = _SEXES.get(term.id) if term else None
    if sex is not None:
        yield from sex_probes(sex)
    elif term is not None and term.id == "person.adult":
        adult = Value(0, 1, Decimal(18), True, unit="a")
        yield from age_probes([adult], "all", as_of)


def sex_probes(sex: Sex) -> Iterator[Probe]:
    """Yield a patient of a sex, one of the other, and one whose sex is not recorded."""
    yield Probe(sex, Facts(sex=sex), TRUE)
    yield Probe(_OTHER[sex], Facts(sex=_OTHER[sex]), FALSE)
    yield Probe("sex not recorded", Facts(sex=NOT_RECORDED), UNKNOWN)


def age_probes(values: Sequence[Value], how: str, as_of: date) -> Iterator[Probe]:
    """Yield people at the edges of ages: just turned it, turning it tomorrow, a unit on each side.

    Ages are whole units completed; years that are no whole number are months.
    """
    plain = all(v.unit in _AGE_UNITS and v.relative_to is None and not v.text_value for v in values)
    units = {v.unit for v in values}
    if not plain or len(units) != 1:
        return
    bounds = [b for v in values for b in (v.low, v.high, *(v.set or ())) if b is not None]
    unit = units.pop()
    whole = all(bound == bound.to_integral_value() for bound in bounds)
    if not whole and unit != "a":
        return
    size = 1 if whole else 12
    unit = unit if whole else "mo"
    for bound in dict.fromkeys(bounds):
        age = int(bound * size)
        for number in (age, age - 1, age + 1):
            yield from _at_age(number, age, values, how, (unit or "a", size, as_of))
    yield Probe("birth not recorded", Facts(birth=NOT_RECORDED), UNKNOWN)


def _at_age(
    number: int, bound: int, values: Sequence[Value], how: str, by: tuple[str, int, date]
) -> Iterator[Probe]:
    """Yield who has turned an age today, and who will be a unit older tomorrow."""
    unit, size, as_of = by
    if number < 0 or (unit == "a" and number > 150):
        return
    truth = join_truths([_allowed(value, number, size) for value in values], how)
    youngest = day_from(as_of, Decimal(number), unit, -1)
    older = day_from(as_of, Decimal(number + 1), unit, -1)
    if youngest is None or older is None:
        return
    if number >= bound:
        yield Probe(f"turned {number} {unit} today", Facts(birth=youngest), truth)
    if number <= bound:
        words = f"{number} {unit}, turning {number + 1} {unit} tomorrow"
        yield Probe(words, Facts(birth=older + DAY), truth)


def _allowed(value: Value, number: int, size: int) -> Truth:
    age = Decimal(number)
    if value.set is not None:
        return TRUE if any(age == member * size for member in value.set) else FALSE
    low = None if value.low is None else value.low * size
    high = None if value.high is None else value.high * size
    if low is not None and (age < low or (age == low and not value.low_closed)):
        return FALSE
    if high is not None and (age > high or (age == high and not value.high_closed)):
        return FALSE
    return TRUE
