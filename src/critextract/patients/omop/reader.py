"""Patients from an OMOP CDM 5.4."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from critextract.errors import SchemaError
from critextract.patients.model import Days, Event, Fault, Patient, Sex, parse_day
from critextract.patients.omop.database import Cdm, open_cdm
from critextract.patients.omop.rows import row_events
from critextract.patients.omop.tables import Fact, Person, fact_sql, person_sql

_SEXES: dict[str, Sex] = {"8507": "male", "8532": "female"}


def read_omop(source: str | Path, schema: str | None = None) -> Iterator[Patient | Fault]:
    """Yield the patients of an OMOP CDM 5.4 in the order of their ids, and faults of its rows.

    Persons and facts are read as two streams in one order, so memory does not grow with them.

    Parameters
    ----------
    source, schema : see `open_cdm`.

    Raises
    ------
    InputError : it cannot be opened, or holds no CDM.
    """
    with open_cdm(str(source), schema) as cdm:
        facts = (Fact(*row) for row in cdm.rows(fact_sql(cdm)))
        groups = groupby(facts, key=attrgetter("person"))
        group = next(groups, None)
        before: int | None = None
        for person in (Person(*row) for row in cdm.rows(person_sql(cdm))):
            if person.person is None or person.person == before:
                yield _refused(cdm, person)
                continue
            before = person.person
            while group and (group[0] is None or group[0] < before):
                if group[0] is None:
                    break
                yield _nobodys(cdm, group[0], group[1])
                group = next(groups, None)
            own: Iterator[Fact] = iter(())
            if group and group[0] == before:
                own = group[1]
            yield from _patient(cdm, person, own)
            if group and group[0] == before:
                group = next(groups, None)
        while group:
            yield _nobodys(cdm, group[0], group[1])
            group = next(groups, None)


def _refused(cdm: Cdm, person: Person) -> Fault:
    if person.person is None:
        return Fault(f"{cdm.label}: person without person_id, expected a whole number")
    return Fault(f"{cdm.label}: person {person.person} is in the table twice; the first stands")


def _nobodys(cdm: Cdm, person: int | None, facts: Iterator[Fact]) -> Fault:
    first = next(facts)
    count = 1 + sum(1 for _ in facts)
    return Fault(
        f"{cdm.label}: {count} rows of person_id {person}, the first {first.table} {first.id}, "
        "expected a person of that id; is a part of the table person missing?"
    )


def _patient(cdm: Cdm, person: Person, facts: Iterator[Fact]) -> Iterator[Patient | Fault]:
    where = f"{cdm.label}: person {person.person}"
    try:
        birth = _birth(person)
    except SchemaError as error:
        yield Fault(f"{where}: {error}")
        return
    born = birth.first if birth else None
    events: list[Event] = []
    for fact in facts:
        try:
            events += row_events(fact, born)
        except SchemaError as error:
            yield Fault(f"{where}: {fact.table} {fact.id}: {error}", skipped=False)
    yield Patient(
        id=str(person.person),
        sex=_sex(person),
        birth_date=born,
        birth_last=birth.last if birth and birth.last != birth.first else None,
        events=tuple(events),
    )


def _sex(person: Person) -> Sex | None:
    name = (person.gender or "").lower()
    named: Sex | None = "male" if name == "male" else "female" if name == "female" else None
    return _SEXES.get(person.gender_id or "", named)


def _birth(person: Person) -> Days | None:
    """Return the days of birth that the columns of a person leave possible."""
    year, month, day = person.year, person.month, person.day
    if not year:
        return parse_day(person.datetime) if person.datetime else None
    text = year.zfill(4)
    if month:
        text += f"-{month.zfill(2)}" + (f"-{day.zfill(2)}" if day else "")
    try:
        return parse_day(text)
    except SchemaError as error:
        raise SchemaError(f"birth: {error}") from None
