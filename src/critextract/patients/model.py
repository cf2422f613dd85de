"""The form of a patient: sex, birth, reference dates and what is recorded about them.

Standard library only. Numbers are `Decimal`, days are `datetime.date`. A day of which only the
year or the month is known is kept as the first and the last day it can be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any, Literal, NamedTuple

from critextract.errors import SchemaError
from critextract.schema import RECORD_SCHEMA

Domain = Literal["condition", "drug", "procedure", "measurement", "observation"]
Sex = Literal["male", "female"]

DOMAINS: tuple[Domain, ...] = ("condition", "drug", "procedure", "measurement", "observation")
COMPARATORS = ("<=", ">=", "<", ">")


class Code(NamedTuple):
    """A code and the vocabulary it is of; `system` is None where the source does not say."""

    code: str
    system: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something recorded about a patient.

    Parameters
    ----------
    start, end : days; `end` None: still going on. `start` None: the day is not recorded.
    start_last, end_last : the last day `start` or `end` can be, where only the month or the year
        is known; `start` and `end` are then the first. None: the day is known.
    value : a number, or a word ("positive"); of a drug, its dose.
    comparator : ``< <= >= >`` where the value is only known to lie beyond a number ("< 0.1").
    unit : as recorded; UCUM where it can be.
    ref_low, ref_high : reference range of the value, in `unit`.
    codes : every code of the event in its vocabularies, `code` included.
    source : where the event was read from, in words; only shown.
    """

    domain: Domain
    name: str
    code: str | None = None
    start: date | None = None
    end: date | None = None
    value: Decimal | str | None = None
    unit: str | None = None
    ref_low: Decimal | None = None
    ref_high: Decimal | None = None
    codes: tuple[Code, ...] = ()
    comparator: str | None = None
    start_last: date | None = None
    end_last: date | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient; `dates` are the days of study reference points that are known.

    `birth_last` is the last day the birth can be, where only its month or year is known.
    """

    id: str
    sex: Sex | None = None
    birth_date: date | None = None
    dates: Mapping[str, date] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    birth_last: date | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a patient, in one line that says where.

    skipped : the patient could not be read; else it was, and what is wrong is only flagged.
    """

    message: str
    skipped: bool = True


# --- days -------------------------------------------------------------------------------------

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?")


class Days(NamedTuple):
    """The first and the last day something can have been."""

    first: date
    last: date


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - date.resolution


def parse_day(text: Any) -> Days:
    """Return the first and the last day a date can be.

    Forms: "2024-03-05" (a time behind it is left out), "2024-03", "2024", and
    "2024-03-01/2024-04-15" for a day between two.

    Raises
    ------
    SchemaError : no such day is in the calendar, or the form is another.
    """
    if isinstance(text, str) and "/" in text:
        first, _, last = text.partition("/")
        return Days(parse_day(first).first, parse_day(last).last)
    found = _DAY.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise SchemaError(f"date is {text!r:.40}, expected YYYY-MM-DD, YYYY-MM or YYYY")
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        if day is not None and month is not None:
            return Days(date(year, month, day), date(year, month, day))
        if month is not None:
            return Days(date(year, month, 1), _month_end(year, month))
        return Days(date(year, 1, 1), date(year, 12, 31))
    except (ValueError, OverflowError):
        raise SchemaError(f"date {text!r:.40} is in no calendar; was a digit lost?") from None


def day_text(first: date | None, last: date | None = None) -> str | None:
    """Return the text `parse_day` reads back: the shortest that says the same days."""
    if first is None:
        return None
    if last is None or last == first:
        return first.isoformat()
    if first.day == 1 and last == _month_end(first.year, first.month):
        return first.isoformat()[:7]
    if (first.month, first.day, last) == (1, 1, date(first.year, 12, 31)):
        return first.isoformat()[:4]
    return f"{first.isoformat()}/{last.isoformat()}"


def _days(data: Mapping[str, Any], key: str) -> tuple[date | None, date | None]:
    """Return a day and its last day, None where it is known to the day."""
    if data.get(key) is None:
        return None, None
    try:
        first, last = parse_day(data[key])
    except SchemaError as error:
        raise SchemaError(f"{key}: {error}") from None
    return first, None if first == last else last


# --- JSON -------------------------------------------------------------------------------------


def _number(data: Any, key: str) -> Decimal | None:
    if data is None:
        return None
    try:
        number = Decimal(str(data)) if not isinstance(data, bool) else Decimal("nan")
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise SchemaError(f"{key} is {data!r:.40}, expected a number")
    return number


def _value(data: Any) -> tuple[Decimal | str | None, str | None]:
    """Return a recorded value and its comparator: 90, "positive", "< 0.1"."""
    if data is None or not isinstance(data, str):
        return _number(data, "value"), None
    text = data.strip()
    comparator = next((c for c in COMPARATORS if text.startswith(c)), None)
    try:
        number = Decimal(text.removeprefix(comparator or ""))
    except InvalidOperation:
        return text or None, None
    return (number, comparator) if number.is_finite() else (text, None)


def _codes(data: Mapping[str, Any]) -> tuple[Code, ...]:
    codes = []
    if data.get("code") is not None:
        codes.append(Code(str(data["code"])))
    for item in data.get("codes") or ():
        if not isinstance(item, dict) or "code" not in item:
            raise SchemaError(f"codes holds {item!r:.40}, expected an object with a code")
        codes.append(Code(str(item["code"]), item.get("system")))
    return tuple(dict.fromkeys(codes))


def event_from_dict(data: Any) -> Event:
    """Return the event a JSON form describes.

    Raises
    ------
    SchemaError : a field is missing, of the wrong form, or names an impossible day.
    """
    if not isinstance(data, dict):
        raise SchemaError(f"event is {data!r:.40}, expected an object")
    domain, name = data.get("domain"), data.get("name") or data.get("code")
    if domain not in DOMAINS:
        raise SchemaError(f"domain is {domain!r:.40}, expected {', '.join(DOMAINS)}")
    if not isinstance(name, str) or not name.strip():
        raise SchemaError(f"name is {name!r:.40}, expected words")
    unit = data.get("unit")
    if unit is not None and not isinstance(unit, str):
        raise SchemaError(f"unit is {unit!r:.40}, expected a UCUM code")
    start, start_last = _days(data, "start")
    end, end_last = _days(data, "end")
    if start is not None and end is not None and (end_last or end) < start:
        raise SchemaError(f"end {data['end']} is before start {data['start']}")
    value, comparator = _value(data.get("value"))
    return Event(
        domain=domain,
        name=name,
        code=None if data.get("code") is None else str(data["code"]),
        start=start,
        end=end,
        value=value,
        unit=unit,
        ref_low=_number(data.get("ref_low"), "ref_low"),
        ref_high=_number(data.get("ref_high"), "ref_high"),
        codes=_codes(data),
        comparator=data.get("comparator") or comparator,
        start_last=start_last,
        end_last=end_last,
        source=data.get("source"),
    )


def patient_from_dict(data: Any) -> Patient:
    """Return the patient a JSON form describes.

    Raises
    ------
    SchemaError : there is no id, a date is impossible, or a field is of the wrong form; the
        message names the field, and the event by its number from 0.
    """
    if not isinstance(data, dict):
        raise SchemaError(f"found {data!r:.40}, expected an object with a patient")
    if data.get("schema") == RECORD_SCHEMA:
        raise SchemaError("is a record of criteria, expected a patient; files exchanged?")
    name = data.get("id")
    if isinstance(name, int) and not isinstance(name, bool):
        name = str(name)
    if not isinstance(name, str) or not name:
        raise SchemaError("patient without id")
    _misspelt(name, data)
    sex = data.get("sex")
    if sex not in (None, "male", "female"):
        raise SchemaError(f"patient {name!r}: sex is {sex!r:.40}, expected male, female or null")
    try:
        birth, birth_last = _days(data, "birth_date")
        dates = _reference_dates({} if data.get("dates") is None else data["dates"])
        events = _events(() if data.get("events") is None else data["events"])
    except SchemaError as error:
        raise SchemaError(f"patient {name!r}: {error}") from None
    return Patient(name, sex, birth, dates, events, birth_last)


_FIELDS = ("id", "sex", "birth_date", "dates", "events")


def _misspelt(name: str, data: dict[str, Any]) -> None:
    """Refuse a key close to a field that is not there: "evnts" would be no events at all."""
    missing = [field for field in _FIELDS if field not in data]
    for key in data.keys() - set(_FIELDS):
        meant = get_close_matches(key.lower(), missing, n=1, cutoff=0.75)
        if meant:
            raise SchemaError(f"patient {name!r}: field {key!r:.40}, expected {meant[0]!r}?")


def _reference_dates(data: Any) -> dict[str, date]:
    if not isinstance(data, dict):
        raise SchemaError(f"dates is {data!r:.40}, expected an object of days")
    dates = {}
    for point in data:
        first, last = _days(data, point)
        if last is not None:
            raise SchemaError(f"{point}: date is {data[point]!r}, expected the whole day")
        if first is not None:
            dates[point] = first
    return dates


def _events(data: Any) -> tuple[Event, ...]:
    if not isinstance(data, list | tuple):
        raise SchemaError(f"events is {data!r:.40}, expected a list")
    events = []
    for number, item in enumerate(data):
        try:
            events.append(event_from_dict(item))
        except SchemaError as error:
            raise SchemaError(f"events[{number}]: {error}") from None
    return tuple(events)


def _json_number(number: Decimal | str | None) -> int | float | str | None:
    if not isinstance(number, Decimal):
        return number
    return int(number) if number == number.to_integral_value() else float(number)


def event_to_dict(event: Event) -> dict[str, Any]:
    """Return the JSON form of an event; fields beyond the published ones only where set."""
    data: dict[str, Any] = {
        "domain": event.domain,
        "name": event.name,
        "code": event.code,
        "start": day_text(event.start, event.start_last),
        "end": day_text(event.end, event.end_last),
    }
    if event.value is not None:
        data["value"] = _json_number(event.value)
    if event.unit is not None:
        data["unit"] = event.unit
    for key in ("ref_low", "ref_high"):
        if getattr(event, key) is not None:
            data[key] = _json_number(getattr(event, key))
    more = [code for code in event.codes if code != (event.code, None)]
    if more:
        data["codes"] = [{"system": code.system, "code": code.code} for code in more]
    if event.comparator is not None:
        data["comparator"] = event.comparator
    if event.source is not None:
        data["source"] = event.source
    return data


def patient_to_dict(patient: Patient) -> dict[str, Any]:
    """Return the JSON form of a patient."""
    return {
        "id": patient.id,
        "sex": patient.sex,
        "birth_date": day_text(patient.birth_date, patient.birth_last),
        "dates": {point: day.isoformat() for point, day in patient.dates.items()},
        "events": [event_to_dict(event) for event in patient.events],
    }
