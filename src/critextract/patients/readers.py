"""Where patients come from: JSON Lines, FHIR R4 bundles, an OMOP CDM database.

Patients are read one at a time; what is wrong with one is a `Fault` in its place, and the others
are read on.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO

from critextract import ucum
from critextract.errors import InputError, SchemaError, UnitError
from critextract.patients.model import Fault, Patient, patient_from_dict
from critextract.units import to_ucum

JSON_LINES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
DATABASES = (".duckdb", ".db")
TEMPERATURES = ("Cel", "[degF]", "K")


def read_patients(source: str | Path) -> Iterator[Patient | Fault]:
    """Yield the patients of a source, and a fault for each that could not be read.

    Parameters
    ----------
    source : a file of patients (``.jsonl``, also gzipped), a FHIR R4 bundle (``.json``) or a
        folder of them, a DuckDB file or a folder of tables with an OMOP CDM, or a
        ``postgresql://`` address of one.

    Raises
    ------
    InputError : the source cannot be opened or is of no known kind.
    """
    name = str(source)
    if name.endswith(JSON_LINES) and not _is_bulk_fhir(name):
        return read_patient_lines(Path(source))
    if name.startswith(("postgresql://", "postgres://")) or _holds_omop(Path(source)):
        from critextract.patients.omop import read_omop

        return read_omop(name)
    if name.endswith((".json", ".json.gz")) or Path(source).is_dir() or _is_bulk_fhir(name):
        from critextract.patients.fhir import read_fhir

        return read_fhir(Path(source))
    if not Path(source).exists():
        raise InputError(f"{source}: no such file or folder, expected patients")
    raise InputError(
        f"{source}: expected patients as .jsonl, FHIR bundles as .json or a folder of them, "
        "or an OMOP database as .duckdb or postgresql://"
    )


def _is_bulk_fhir(name: str) -> bool:
    return name.endswith((".ndjson", ".ndjson.gz"))


def _holds_omop(path: Path) -> bool:
    """Tell a database file, or a folder with a table of persons, from a folder of bundles."""
    if path.is_dir():
        return any(entry.name.lower().split(".")[0] == "person" for entry in path.iterdir())
    return path.name.endswith(DATABASES)


def read_patient_lines(path: Path) -> Iterator[Patient | Fault]:
    """Yield the patients of a JSON Lines file, and faults that name file and line.

    A repeated id is skipped: the first stands. A unit that is not known is kept and flagged.

    Raises
    ------
    InputError : the file cannot be opened, or breaks off inside its compression.
    """
    seen: dict[str, int] = {}
    try:
        with _open(path) as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield from _patient_line(line, number, f"{path}:{number}", seen)
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read ({reason}), expected patients") from None


def _open(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def _patient_line(
    line: bytes, number: int, where: str, seen: dict[str, int]
) -> Iterator[Patient | Fault]:
    try:
        patient = patient_from_dict(json.loads(line.decode("utf-8-sig")))
    except SchemaError as error:
        yield Fault(f"{where}: {error}")
        return
    except (ValueError, RecursionError) as error:
        cut = "" if line.endswith(b"\n") else "; was the file cut off?"
        yield Fault(f"{where}: not JSON in UTF-8 ({error}), expected a patient{cut}")
        return
    if seen.setdefault(patient.id, number) != number:
        yield Fault(f"{where}: patient {patient.id!r} is also on line {seen[patient.id]}")
        return
    yield from unit_faults(patient, where)
    yield patient


def unit_faults(patient: Patient, where: str) -> Iterator[Fault]:
    """Yield a fault for each unit of the patient's values that is not known; none is skipped."""
    for number, event in enumerate(patient.events):
        if event.unit is not None and not is_known_unit(event.unit):
            yield Fault(
                f"{where}: patient {patient.id!r}: events[{number}]: unit {event.unit!r:.40} of "
                f"{event.name!r:.60} is not known; its value decides nothing",
                skipped=False,
            )


@lru_cache(maxsize=4096)
def is_known_unit(unit: str) -> bool:
    """Tell whether a unit can be compared with another: a UCUM code, or a written form of one."""
    if unit in TEMPERATURES or to_ucum(unit) is not None:
        return True
    try:
        ucum.parse(unit)
    except UnitError:
        return False
    return True
