"""The tables of the CDM 5.4 that hold facts, and the one query that reads them in person order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from critextract.errors import InputError
from critextract.patients.model import Domain
from critextract.patients.omop.database import Cdm


@dataclass(frozen=True, slots=True)
class FactTable:
    """Columns of a table of facts, by what they mean; "" where the table has no such column."""

    name: str
    domain: Domain
    id: str
    concept: str
    start: str
    end: str = ""
    source_concept: str = ""
    source_value: str = ""
    status: str = ""
    has_values: bool = False


FACTS = (
    FactTable(
        "condition_occurrence",
        "condition",
        "condition_occurrence_id",
        "condition_concept_id",
        "condition_start_date",
        "condition_end_date",
        "condition_source_concept_id",
        "condition_source_value",
        "condition_status_concept_id",
    ),
    FactTable(
        "drug_exposure",
        "drug",
        "drug_exposure_id",
        "drug_concept_id",
        "drug_exposure_start_date",
        "drug_exposure_end_date",
        "drug_source_concept_id",
        "drug_source_value",
    ),
    FactTable(
        "drug_era",
        "drug",
        "drug_era_id",
        "drug_concept_id",
        "drug_era_start_date",
        "drug_era_end_date",
    ),
    FactTable(
        "procedure_occurrence",
        "procedure",
        "procedure_occurrence_id",
        "procedure_concept_id",
        "procedure_date",
        "procedure_end_date",
        "procedure_source_concept_id",
        "procedure_source_value",
    ),
    FactTable(
        "measurement",
        "measurement",
        "measurement_id",
        "measurement_concept_id",
        "measurement_date",
        "",
        "measurement_source_concept_id",
        "measurement_source_value",
        has_values=True,
    ),
    FactTable(
        "observation",
        "observation",
        "observation_id",
        "observation_concept_id",
        "observation_date",
        "",
        "observation_source_concept_id",
        "observation_source_value",
        has_values=True,
    ),
    FactTable(
        "visit_occurrence",
        "observation",
        "visit_occurrence_id",
        "visit_concept_id",
        "visit_start_date",
        "visit_end_date",
        "visit_source_concept_id",
        "visit_source_value",
    ),
    FactTable("death", "observation", "person_id", "", "death_date"),
)
"""condition_era is left out: its end is the last record of a condition, not the end of it."""


class Fact(NamedTuple):
    """A row of any table of facts, every column as text."""

    person: int | None
    table: str
    id: str | None
    concept_id: str | None
    name: str | None
    code: str | None
    vocabulary: str | None
    source_name: str | None
    source_code: str | None
    source_vocabulary: str | None
    written: str | None
    start: str | None
    end: str | None
    status: str | None
    number: str | None
    words: str | None
    value_id: str | None
    value_name: str | None
    value_code: str | None
    value_vocabulary: str | None
    operator: str | None
    operator_id: str | None
    unit: str | None
    unit_written: str | None
    low: str | None
    high: str | None


class Person(NamedTuple):
    """A row of `person`, every column but the id as text."""

    person: int | None
    gender_id: str | None
    gender: str | None
    year: str | None
    month: str | None
    day: str | None
    datetime: str | None


def _picker(cdm: Cdm, table: str) -> tuple[frozenset[str], str]:
    return cdm.columns(table), cdm.table(table)


def _text(column: str, there: frozenset[str], alias: str = "t") -> str:
    return f"CAST({alias}.{column} AS VARCHAR)" if column and column in there else "NULL"


def _number(cdm: Cdm, column: str) -> str:
    """Return SQL of an id; where tables are of text, what is no number is NULL."""
    cast = "CAST" if cdm.label.startswith("postgres") else "TRY_CAST"
    return f"{cast}({column} AS BIGINT)"


def person_sql(cdm: Cdm) -> str:
    """Return the query of all persons in the order of their ids."""
    there, table = _picker(cdm, "person")
    if "person_id" not in there:
        raise InputError(f"{cdm.label}: person has no column person_id; is it a CDM 5.4?")
    columns = ("year_of_birth", "month_of_birth", "day_of_birth", "birth_datetime")
    join = ""
    name = "NULL"
    if "gender_concept_id" in there:
        join = f" LEFT JOIN {cdm.table('concept')} g ON g.concept_id = t.gender_concept_id"
        name = "g.concept_name"
    picked = ", ".join(_text(column, there) for column in columns)
    gender = _text("gender_concept_id", there)
    person = _number(cdm, "t.person_id")
    return f"SELECT {person} AS person, {gender}, {name}, {picked} FROM {table} t{join} ORDER BY 1"


def fact_sql(cdm: Cdm) -> str:
    """Return the query of all facts in the order of their persons, then of tables, days, ids."""
    parts = [_select(cdm, place, facts) for place, facts in enumerate(FACTS)]
    found = [part for part in parts if part]
    if not found:
        names = ", ".join(facts.name for facts in FACTS)
        raise InputError(f"{cdm.label}: no table of facts, expected one of {names}")
    columns = ", ".join(f"c{n}" for n in range(len(Fact._fields)))
    union = " UNION ALL ".join(found)
    return f"SELECT {columns} FROM ({union}) facts ORDER BY c0, place, c11, sequence, c2"


class _Joins:
    """The concepts that a table's columns name, and the joins that bring them."""

    def __init__(self, cdm: Cdm, there: frozenset[str]) -> None:
        self._home = cdm.table("concept")
        self._has = cdm.columns("concept")
        self._there = there
        self.sql = ""

    def concept(self, column: str, alias: str, *wanted: str) -> list[str]:
        """Return columns of the concept a column names, NULL where there is no such column."""
        if not column or column not in self._there:
            return ["NULL"] * len(wanted)
        self.sql += f" LEFT JOIN {self._home} {alias} ON {alias}.concept_id = t.{column}"
        return [_text(name, self._has, alias) for name in wanted]


_NAMED = ("concept_name", "concept_code", "vocabulary_id")


def _select(cdm: Cdm, place: int, facts: FactTable) -> str | None:
    """Return the query of one table with the columns of `Fact`; None: it is not there."""
    there, table = _picker(cdm, facts.name)
    if facts.start not in there or "person_id" not in there:
        return None
    joins = _Joins(cdm, there)
    ident = facts.id if facts.id in there else "person_id"
    picked = [
        _number(cdm, "t.person_id"),
        f"'{facts.name}'",
        _text(ident, there),
        _text(facts.concept, there),
        *joins.concept(facts.concept, "c", *_NAMED),
        *joins.concept(facts.source_concept, "s", *_NAMED),
        _text(facts.source_value, there),
        _text(facts.start, there),
        _text(facts.end, there),
        *joins.concept(facts.status, "st", "concept_name"),
        *_values(joins, there if facts.has_values else frozenset()),
    ]
    columns = ", ".join(f"{sql} AS c{n}" for n, sql in enumerate(picked))
    sequence = f"{_number(cdm, f't.{ident}')} AS sequence"
    return f"SELECT {columns}, {place} AS place, {sequence} FROM {table} t{joins.sql}"


def _values(joins: _Joins, there: frozenset[str]) -> list[str]:
    """Return the columns of value, operator, unit and limits of normal."""

    def asked(column: str) -> str:
        return column if there else ""

    words = "value_as_string" if "value_as_string" in there else "value_source_value"
    return [
        _text("value_as_number", there),
        _text(words, there),
        _text("value_as_concept_id", there),
        *joins.concept(asked("value_as_concept_id"), "v", *_NAMED),
        *joins.concept(asked("operator_concept_id"), "o", "concept_name"),
        _text("operator_concept_id", there),
        *joins.concept(asked("unit_concept_id"), "u", "concept_code"),
        _text("unit_source_value", there),
        _text("range_low", there),
        _text("range_high", there),
    ]
