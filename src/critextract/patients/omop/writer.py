"""Patients as an OMOP CDM 5.4 in a DuckDB file.

What the CDM cannot hold, and is left out or changed: an event without a day (all tables ask one;
what is only known to be over is kept as "History of event"), a day of which only the month is
known, the dose of a drug, limits of normal of an observation, the days of study reference points,
an id that is no number (it is counted anew), and of what goes on and must have an end, that it
has none: its end is written as 2099-12-31.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from critextract.errors import OutputError
from critextract.patients.model import Code, Event, Patient
from critextract.patients.omop.concepts import (
    GENDERS,
    HISTORY,
    OPERATOR_IDS,
    RECORD,
    RESULTS,
    VISITS,
    Concepts,
)

_DDL = Path(__file__).parents[2] / "data" / "omop" / "cdm54.sql"
_RUNNING = date(2099, 12, 31)
_VALID = (date(1970, 1, 1), date(2099, 12, 31))
_SMOKING = Code("72166-2", "LOINC")
_FORMER = Code("8517006", "SNOMED CT")

Row = dict[str, Any]


@dataclass(slots=True)
class Written:
    """What was written, and how many events could not be."""

    patients: int = 0
    events: int = 0
    left_out: int = 0


@dataclass(slots=True)
class _Tables:
    """One csv file for each table, to be copied into the database at the end."""

    folder: Path
    columns: Mapping[str, list[str]]
    concepts: Concepts
    done: Written = field(default_factory=Written)
    _files: dict[str, Any] = field(default_factory=dict)
    _ids: dict[str, int] = field(default_factory=dict)

    def add(self, table: str, row: Row) -> None:
        """Add a row; its id is counted where the table has one of its own."""
        if table not in self._files:
            file = (self.folder / f"{table}.csv").open("w", encoding="utf-8", newline="")
            writer = csv.writer(file)
            writer.writerow(self.columns[table])
            self._files[table] = (file, writer)
        key = f"{table}_id"
        if key in self.columns[table] and key not in row:
            row[key] = self._ids[table] = self._ids.get(table, 0) + 1
        self._files[table][1].writerow([row.get(name) for name in self.columns[table]])

    def close(self) -> list[str]:
        """Close the files and return the tables that have rows."""
        for file, _ in self._files.values():
            file.close()
        return list(self._files)


def write_omop(
    patients: Iterable[Patient], path: Path, broader: Mapping[str, tuple[str, ...]] | None = None
) -> Written:
    """Write a CDM to a new DuckDB file.

    Parameters
    ----------
    broader : for the table `concept_ancestor`: names of conditions to those of broader ones,
        the nearest first.

    Raises
    ------
    OutputError : the file is there already or cannot be written.
    """
    import duckdb

    if path.exists():
        raise OutputError(f"{path}: is there already; name another file or remove it")
    ddl = _DDL.read_text(encoding="utf-8")
    try:
        with duckdb.connect(str(path)) as base, tempfile.TemporaryDirectory() as folder:
            base.execute(ddl)
            tables = _Tables(Path(folder), _columns(base), Concepts(broader or {}))
            for patient in patients:
                _add_patient(tables, patient)
            _add_vocabulary(tables)
            for table in tables.close():
                source = str(Path(folder) / f"{table}.csv").replace("'", "''")
                base.execute(f"COPY {table} FROM '{source}' (HEADER, NULLSTR '')")
    except duckdb.Error as error:
        raise OutputError(f"{path}: cannot be written ({str(error).splitlines()[0]})") from None
    return tables.done


def _columns(base: Any) -> dict[str, list[str]]:
    rows = base.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " ORDER BY table_name, ordinal_position"
    ).fetchall()
    columns: dict[str, list[str]] = {}
    for table, column in rows:
        columns.setdefault(table, []).append(column)
    return columns


def _add_vocabulary(tables: _Tables) -> None:
    for broader, narrower, steps in list(tables.concepts.ancestors()):
        tables.add(
            "concept_ancestor",
            {
                "ancestor_concept_id": broader,
                "descendant_concept_id": narrower,
                "min_levels_of_separation": steps,
                "max_levels_of_separation": steps,
            },
        )
    for row in tables.concepts.rows():
        names = ("concept_id", "concept_name", "domain_id", "vocabulary_id", "concept_class_id")
        cells: Row = dict(zip(names, row[:5], strict=True))
        code = row.code or str(row.id)
        valid = {"valid_start_date": _VALID[0], "valid_end_date": _VALID[1]}
        tables.add("concept", cells | valid | {"standard_concept": "S", "concept_code": code})


# --- patients ---------------------------------------------------------------------------------


def _add_patient(tables: _Tables, patient: Patient) -> None:
    tables.done.patients += 1
    number = int(patient.id) if patient.id.isdecimal() else tables.done.patients
    birth, whole = patient.birth_date, patient.birth_last is None
    month_known = birth and (whole or patient.birth_last.month == birth.month)  # type: ignore[union-attr]
    tables.add(
        "person",
        {
            "person_id": number,
            "gender_concept_id": GENDERS[patient.sex],
            "year_of_birth": birth.year if birth else None,
            "month_of_birth": birth.month if birth and month_known else None,
            "day_of_birth": birth.day if birth and whole else None,
            "race_concept_id": 0,
            "ethnicity_concept_id": 0,
            "person_source_value": patient.id,
            "gender_source_value": patient.sex,
        },
    )
    days: list[date] = []
    for event in patient.events:
        if _add_event(tables, number, event):
            tables.done.events += 1
            days += [day for day in (event.start, event.end_last or event.end) if day]
        else:
            tables.done.left_out += 1
    if days:
        period = {"person_id": number, "period_type_concept_id": RECORD}
        period["observation_period_start_date"] = min(days)  # type: ignore[assignment]
        period["observation_period_end_date"] = max(days)  # type: ignore[assignment]
        tables.add("observation_period", period)


def _add_event(tables: _Tables, person: int, event: Event) -> bool:
    """Add an event; False: no table can hold it."""
    row: Row = {"person_id": person}
    if event.domain == "observation" and event.name in ("smoking", "never smoker"):
        return _add_smoking(tables, row, event)
    if event.start is None:
        return _add_history(tables, row, event)
    if event.domain == "observation" and event.name in VISITS:
        row |= {
            "visit_concept_id": VISITS[event.name],
            "visit_start_date": event.start,
            "visit_end_date": event.end or _RUNNING,
            "visit_type_concept_id": RECORD,
        }
        tables.add("visit_occurrence", row)
        return True
    standard, source = tables.concepts.of_event(event)
    if event.domain in ("measurement", "observation"):
        name = str(event.domain)
        row |= _named(name, standard, source, event) | {f"{name}_date": event.start}
        tables.add(name, row | _value(tables, event))
        return True
    _add_lasting(tables, row | _named(event.domain, standard, source, event), event)
    return True


def _named(name: str, standard: int, source: int, event: Event) -> Row:
    return {
        f"{name}_concept_id": standard,
        f"{name}_source_concept_id": source,
        f"{name}_source_value": event.name,
        f"{name}_type_concept_id": RECORD,
    }


def _add_lasting(tables: _Tables, row: Row, event: Event) -> None:
    """Add a condition, drug or procedure."""
    start, end = event.start, event.end
    if event.domain == "condition":
        row |= {"condition_start_date": start, "condition_end_date": end}
        tables.add("condition_occurrence", row)
    elif event.domain == "drug":
        row |= {"drug_exposure_start_date": start, "drug_exposure_end_date": end or _RUNNING}
        tables.add("drug_exposure", row)
    else:
        tables.add(
            "procedure_occurrence", row | {"procedure_date": start, "procedure_end_date": end}
        )


def _add_history(tables: _Tables, row: Row, event: Event) -> bool:
    """Add a condition that is over since a day that is not known; False: it is not."""
    coded = [code for code in event.codes if code.system is not None]
    if event.domain != "condition" or event.end_last is None or not coded:
        return False
    tables.add(
        "observation",
        row
        | {
            "observation_concept_id": HISTORY,
            "observation_date": event.end_last,
            "observation_type_concept_id": RECORD,
            "value_as_concept_id": tables.concepts.of_event(event)[0],
            "observation_source_value": f"history of {event.name}",
        },
    )
    return True


def _add_smoking(tables: _Tables, row: Row, event: Event) -> bool:
    """Add a smoking status; of one who stopped it is dated by when that was said."""
    coded = [code for code in event.codes if code.system is not None]
    day, name, status = event.start, event.name, coded[0] if coded else None
    if event.end is not None:
        day, name, status = event.end_last or event.end, "former smoker", _FORMER
    elif name == "smoking":
        name = "current smoker"
    if day is None or status is None:
        return False
    concept = tables.concepts.of_code("tobacco smoking status", "Observation", _SMOKING)
    value = tables.concepts.of_code(name, "Meas Value", status)
    named = {"observation_concept_id": concept, "value_as_concept_id": value}
    dated = {"observation_date": day, "observation_type_concept_id": RECORD}
    tables.add("observation", row | named | dated)
    return True


def _value(tables: _Tables, event: Event) -> Row:
    """Return the columns of a value, of its unit and of the limits of normal."""
    row: Row = {}
    if isinstance(event.value, Decimal):
        row["value_as_number"] = event.value
        row["operator_concept_id"] = OPERATOR_IDS.get(event.comparator or "")
    elif event.value is not None:
        row["value_as_concept_id"] = RESULTS.get(event.value)
        row["value_source_value"] = event.value
    if event.unit is not None:
        row["unit_concept_id"] = tables.concepts.of_unit(event.unit)
        row["unit_source_value"] = event.unit
    row["range_low"], row["range_high"] = event.ref_low, event.ref_high
    return row
