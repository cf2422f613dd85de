"""Patients from FHIR R4.

Read are Patient, Condition, Observation, MedicationRequest, MedicationStatement,
MedicationAdministration, Medication, Procedure, Immunization, AllergyIntolerance and Encounter;
other types hold nothing that criteria ask and are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from critextract.errors import SchemaError
from critextract.patients.fhir.facts import (
    allergy_events,
    condition_events,
    death_events,
    encounter_events,
    immunization_events,
    procedure_events,
)
from critextract.patients.fhir.files import Entry, read_entries
from critextract.patients.fhir.medications import medication_events
from critextract.patients.fhir.observations import observation_events
from critextract.patients.fhir.parts import note
from critextract.patients.fhir.references import Store, names_of
from critextract.patients.fhir.validation import READ, resource_fault
from critextract.patients.model import Event, Fault, Patient, parse_day

_SUBJECT = {"Immunization": "patient", "AllergyIntolerance": "patient"}
_PLAIN = {
    "Condition": condition_events,
    "Observation": observation_events,
    "Procedure": procedure_events,
    "Immunization": immunization_events,
    "AllergyIntolerance": allergy_events,
    "Encounter": encounter_events,
}
_SEXES = ("male", "female")


def read_fhir(source: str | Path) -> Iterator[Patient | Fault]:
    """Yield the patients of FHIR R4 resources, and a fault for each resource that is not valid.

    A resource that is not valid costs no other; a patient is given up only where the Patient
    itself cannot be read.

    Parameters
    ----------
    source : a Bundle or one resource (``.json``), NDJSON of a bulk export (``.ndjson``), either
        gzipped, or a folder of such files; a patient's resources may lie in several of them.

    Raises
    ------
    InputError : there is no such file, or the library fhir.resources is not installed.
    """
    with Store() as store:
        for item in read_entries(Path(source)):
            fault = item if isinstance(item, Fault) else _keep(item, store)
            if fault:
                yield fault
        store.close_writing()
        for subject, count, place in store.lost_facts():
            yield Fault(
                f"{source}: {count} resources are of {subject!r:.80}, expected a Patient that was "
                f"read; the first stands at {place}; is a file of the export missing?"
            )
        for key, entry in store.patients():
            yield from _patient(entry, store, key)


def _keep(entry: Entry, store: Store) -> Fault | None:
    """Put a valid resource in the store; return what is wrong with another."""
    kind = entry.resource["resourceType"]
    if kind == "OperationOutcome":
        return _server_fault(entry)
    if kind not in READ:
        return None
    wrong = resource_fault(entry.resource)
    if wrong:
        return Fault(f"{entry.where}: {wrong}", skipped=kind == "Patient")
    if kind == "Patient":
        return _keep_patient(entry, store)
    if kind == "Medication":
        store.add_other(entry)
        return None
    subject = (entry.resource.get(_SUBJECT.get(kind, "subject")) or {}).get("reference")
    if not subject:
        return note(entry.where, "names no patient by reference; it is nobody's")
    store.add_fact(subject, entry)
    return None


def _keep_patient(entry: Entry, store: Store) -> Fault | None:
    if not names_of(entry):
        return Fault(f"{entry.where}: patient without id")
    other = store.add_patient(entry)
    if other is None:
        return None
    name = entry.resource.get("id", entry.url)
    return Fault(f"{entry.where}: patient {name!r} is also at {other}, and differs")


def _server_fault(entry: Entry) -> Fault | None:
    for issue in entry.resource.get("issue") or []:
        if isinstance(issue, dict) and issue.get("severity") in ("fatal", "error"):
            said = issue.get("diagnostics") or (issue.get("details") or {}).get("text") or "error"
            return note(entry.where, f"the server reports: {said!s:.160}")
    return None


def _patient(entry: Entry, store: Store, key: str) -> Iterator[Patient | Fault]:
    """Yield a patient, after the faults of its resources."""
    data = entry.resource
    name = data.get("id") or key.rpartition(":")[2]
    try:
        birth = parse_day(data["birthDate"]) if data.get("birthDate") else None
        events = list(death_events(data, entry.where))
    except SchemaError as error:
        yield Fault(f"{entry.where}: {error}")
        return
    born = birth.first if birth else None
    for fact in store.facts(key):
        try:
            events += _events(fact, store, born)
        except SchemaError as error:
            yield note(fact.where, error)
    yield Patient(
        id=name,
        sex=data["gender"] if data.get("gender") in _SEXES else None,
        birth_date=born,
        birth_last=birth.last if birth and birth.last != birth.first else None,
        events=tuple(events),
    )


def _events(fact: Entry, store: Store, born: date | None) -> Iterator[Event]:
    data: dict[str, Any] = fact.resource
    kind = data["resourceType"]
    source = f"{kind}/{data['id']}" if data.get("id") else kind
    if kind.startswith("Medication"):
        find = partial(store.other, file=fact.file)
        return medication_events(data, find, born, source)
    return _PLAIN[kind](data, born, source)
