"""A synthetic population in files: JSON Lines, FHIR R4 bundles, an OMOP CDM 5.4."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from critextract.errors import OutputError, writing
from critextract.patients.fhir.writer import write_fhir
from critextract.patients.model import Patient, patient_to_dict
from critextract.patients.omop.writer import write_omop
from critextract.patients.sample.population import TODAY, sample_patients
from critextract.patients.sample.tables import condition_rows

NAMES = {"jsonl": "patients.jsonl", "fhir": "fhir", "omop": "omop.duckdb"}
"""Where each form is written in the folder of a sample."""

Step = Callable[[str], None]
"""Is told the form each time a patient is written in it."""


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """A form that was written, and how many events it could not hold."""

    form: str
    path: Path
    patients: int
    left_out: int = 0


def write_sample(
    folder: Path,
    count: int,
    *,
    seed: int = 0,
    today: date = TODAY,
    forms: Iterable[str] = tuple(NAMES),
    step: Step | None = None,
) -> Iterator[WrittenForm]:
    """Write the same patients in each form, and yield each form when it is done.

    The patients are drawn anew for each form, so memory does not grow with their number.

    Parameters
    ----------
    forms : of ``jsonl``, ``fhir`` and ``omop``.

    Raises
    ------
    OutputError : one of the forms is in the folder already, or it cannot be written.
    """
    targets = {form: folder / NAMES[form] for form in forms}
    for target in targets.values():
        if target.exists():
            raise OutputError(f"{target}: is there already; name another folder or remove it")
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: is a file, expected a folder; name another")
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for form, target in targets.items():
            patients = _told(sample_patients(count, seed, today), form, step)
            yield _write(form, target, patients, count)


def _told(patients: Iterable[Patient], form: str, step: Step | None) -> Iterator[Patient]:
    for patient in patients:
        yield patient
        if step:
            step(form)


def _write(form: str, target: Path, patients: Iterable[Patient], count: int) -> WrittenForm:
    if form == "fhir":
        return WrittenForm(form, target, write_fhir(patients, target))
    if form == "omop":
        done = write_omop(patients, target, {row.name: row.broader for row in condition_rows()})
        return WrittenForm(form, target, done.patients, done.left_out)
    with target.open("w", encoding="utf-8", newline="\n") as file:
        for patient in patients:
            file.write(json.dumps(patient_to_dict(patient), ensure_ascii=False) + "\n")
    return WrittenForm(form, target, count)
