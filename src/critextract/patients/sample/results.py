"""Results of a synthetic patient: panels, derived values, words, scores, body size."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from critextract.patients.model import Code, Event
from critextract.patients.recorded import event_codes
from critextract.patients.sample.person import Person
from critextract.patients.sample.tables import (
    Limits,
    MeasurementRow,
    ScoreRow,
    measurement_rows,
    score_rows,
    settings,
    word_rows,
)

_OWN_SPREAD = 0.75
_DAY_SPREAD = 0.45
_ELDERLY = 65
_ADULT = 18


def result_events(person: Person) -> Iterator[Event]:
    """Yield every measurement of a patient."""
    own = {row.name: person.random.gauss(0, _OWN_SPREAD) for row in measurement_rows()}
    height = _height(person)
    for day in person.records:
        yield from _panels(person, own, day)
        yield from _body(person, height, day)
    yield from _words(person)
    yield from _scores(person)


def number(value: float, decimals: int) -> Decimal:
    """Return a number rounded to some decimals, as laboratories print it, without ``-0``."""
    rounded = Decimal(f"{value:.{decimals}f}")
    plain = rounded.normalize() + 0
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain


def _event(
    name: str, loinc: str, day: date, value: Decimal | str, unit: str | None = None, **more: object
) -> Event:
    code, codes = event_codes([Code(loinc, "LOINC")] if loinc else [])
    return Event("measurement", name, code, day, None, value, unit, codes=codes, **more)  # type: ignore[arg-type]


# --- panels -----------------------------------------------------------------------------------


@cache
def _panel_rows() -> dict[str, tuple[MeasurementRow, ...]]:
    rows: dict[str, list[MeasurementRow]] = {}
    for row in measurement_rows():
        rows.setdefault(row.panel, []).append(row)
    return {panel: tuple(found) for panel, found in rows.items()}


def _panels(person: Person, own: dict[str, float], day: date) -> Iterator[Event]:
    missing = settings()["missing"]["measurement"]
    for panel, rows in _panel_rows().items():
        if not person.happens(_share(person, panel)):
            continue
        values: dict[str, float] = {}
        for row in rows:
            value = _value(person, row, own[row.name])
            if value is None:
                continue
            values[row.name] = value
            if not person.happens(missing):
                yield _measured(person, row, value, day)
        yield from _derived(person, panel, values, day)


def _share(person: Person, panel: str) -> float:
    chosen = settings()["panels"][panel]
    raised = [s for name, s in chosen.get("raised", {}).items() if name in person.courses]
    return float(max([chosen["share"], *raised]))


def _limits(person: Person, row: MeasurementRow) -> Limits:
    return row.women if person.sex == "female" else row.men


def _value(person: Person, row: MeasurementRow, own: float) -> float | None:
    """Return a value, moved by what the patient has; None: it is not asked of this sex."""
    centre = _limits(person, row).centre
    if centre is None:
        return None
    moved = sum(by * person.factors[name] for name, by in row.moves)
    moved += own + person.random.gauss(0, _DAY_SPREAD)
    raw = centre * math.exp(row.spread * moved) if row.logarithmic else centre + row.spread * moved
    return min(max(raw, row.least), row.most)


def _measured(person: Person, row: MeasurementRow, value: float, day: date) -> Event:
    limits = _limits(person, row)
    shown = not person.happens(settings()["missing"]["reference_range"])
    low, high = (limits.low, limits.high) if shown else (None, None)
    unit, decimals, comparator = row.unit, row.decimals, None
    if row.detectable is not None and value <= row.detectable:
        value, comparator = row.detectable, "<"
    elif row.other_unit == "[degF]" and not person.si_units:
        value, low, high = (None if v is None else v * 1.8 + 32 for v in (value, low, high))  # type: ignore[assignment]
        unit, decimals = row.other_unit, row.other_decimals
    elif row.factor and person.si_units:
        value, low, high = (None if v is None else v * row.factor for v in (value, low, high))  # type: ignore[assignment]
        unit, decimals = row.other_unit, row.other_decimals
    return _event(
        row.name,
        row.loinc,
        day,
        number(value, decimals),
        unit,
        ref_low=None if low is None else number(low, decimals),
        ref_high=None if high is None else number(high, decimals),
        comparator=comparator,
    )


def _derived(person: Person, panel: str, values: dict[str, float], day: date) -> Iterator[Event]:
    """Yield what is computed from other results, so that they agree."""
    if panel == "blood count":
        white = values["white blood cell count"]
        share = min(max(person.random.gauss(0.58, 0.06), 0.25), 0.85)
        yield _count("absolute neutrophil count", "751-8", white * share, "1.8|7.7", day)
        rest = min(0.92 - share, max(0.05, person.random.gauss(0.29, 0.05)))
        yield _count("absolute lymphocyte count", "731-0", white * rest, "1.0|4.8", day)
    elif panel == "chemistry" and person.age >= _ADULT:
        rate = filtration_rate(values["creatinine"], person.age, female=person.sex == "female")
        limit = Decimal(60)
        unit = "mL/min/{1.73_m2}"
        name = "glomerular filtration rate"
        yield _event(name, "69405-9", day, number(rate, 0), unit, ref_low=limit)
    elif panel == "lipids" and values["triglycerides"] < 400:
        low = values["total cholesterol"] - values["HDL cholesterol"] - values["triglycerides"] / 5
        if low > 15:
            yield _low_density(person, low, day)


def _count(name: str, loinc: str, value: float, normal: str, day: date) -> Event:
    low, _, high = normal.partition("|")
    limits = {"ref_low": number(float(low), 1), "ref_high": number(float(high), 1)}
    return _event(name, loinc, day, number(max(value, 0.01), 2), "10*9/L", **limits)


def _low_density(person: Person, value: float, day: date) -> Event:
    name, loinc = "LDL cholesterol", "2089-1"
    if person.si_units:
        return _event(name, loinc, day, number(value * 0.02586, 2), "mmol/L", ref_high=Decimal(3))
    return _event(name, loinc, day, number(value, 0), "mg/dL", ref_high=Decimal(130))


def filtration_rate(creatinine: float, age: float, *, female: bool) -> float:
    """Return the glomerular filtration rate in mL/min/1.73 m².

    creatinine : of serum, in mg/dL.

    Source: CKD-EPI 2021, doi:10.1056/NEJMoa2102953.
    """
    kappa, alpha = (0.7, -0.241) if female else (0.9, -0.302)
    ratio = creatinine / kappa
    below, above = math.pow(min(ratio, 1.0), alpha), math.pow(max(ratio, 1.0), -1.2)
    rate = 142 * below * above * math.pow(0.9938, age)
    return rate * 1.012 if female else rate


# --- body, words, scores ----------------------------------------------------------------------


def _height(person: Person) -> float:
    """Return the height in cm; children have grown by part."""
    mean, spread = (163.0, 6.5) if person.sex == "female" else (176.5, 7.0)
    adult = person.random.gauss(mean, spread)
    grown = min(1.0, 0.42 + 0.58 * math.pow(person.age / 17, 0.85))
    return adult * grown


def _body(person: Person, height: float, day: date) -> Iterator[Event]:
    if not person.happens(85):
        return
    usual = 25.3 if person.age >= _ADULT else 15.5 + 0.4 * person.age
    index = usual + 3.1 * person.factors["fat"] - 0.4 * person.factors["frailty"]
    obese = "obesity" in person.courses and person.age >= _ADULT
    index = min(max(index, 30.3 if obese else 13.0), 58.0 if obese else 29.6)
    index += person.random.gauss(0, 0.15)
    weight = index * (height / 100) ** 2
    yield _event("body weight", "29463-7", day, number(weight, 1), "kg")
    yield _event("body height", "8302-2", day, number(height, 0), "cm")
    if person.happens(70):
        yield _event("body mass index", "39156-5", day, number(index, 1), "kg/m2")


def _is_asked(person: Person, asked: str) -> bool:
    if asked == "any":
        return True
    if asked == "female":
        return person.fertile
    if asked == "cancer":
        return person.has_cancer
    if asked == "elderly":
        return person.age >= _ELDERLY
    return asked in person.courses


def _words(person: Person) -> Iterator[Event]:
    for row in word_rows():
        if not _is_asked(person, row.asked) or not person.happens(row.share):
            continue
        day = person.random.choice(person.records)
        since = person.since(row.condition)
        share = row.positive_with if since and since <= day else row.positive_without
        value = "positive" if person.happens(share) else "negative"
        yield _event(row.name, row.loinc, day, value)


def _scores(person: Person) -> Iterator[Event]:
    scored: set[str] = set()
    for row in score_rows():
        if row.name in scored or not _is_asked(person, row.asked) or not person.happens(row.share):
            continue
        if person.age < _ADULT:
            continue
        scored.add(row.name)
        days = [person.records[-1]]
        if len(person.records) > 1 and person.happens(40):
            days.append(person.records[-2])
        for day in days:
            yield _event(row.name, row.loinc, day, _score(person, row), row.unit)


def _score(person: Person, row: ScoreRow) -> Decimal:
    moved = sum(by * person.factors[name] for name, by in row.moves)
    value = row.centre + row.spread * (moved + person.random.gauss(0, 0.9))
    value = min(max(value, row.least), row.most)
    if row.name == "Karnofsky performance status":
        return number(round(value / 10) * 10, 0)
    return number(value, 1 if row.name == "DAS28" else 0)


def recent(person: Person, days: int) -> date:
    """Return a day within the last days before today, not before birth."""
    return max(person.birth, person.today - timedelta(days=person.random.randint(1, days)))
