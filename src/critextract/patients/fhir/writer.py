"""Patients as FHIR R4: one Bundle a patient, of the type ``collection``.

What FHIR cannot hold of a patient: the days of study reference points, and a day known to lie
between two others, except where the end of something is only known to lie before it was written.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from critextract.patients.fhir.parts import SYSTEMS, UCUM
from critextract.patients.model import Code, Event, Patient, day_text

_ADDRESS = {name: address for address, name in SYSTEMS.items()}
_TERMS = "http://terminology.hl7.org/CodeSystem"
_CLASSES = {"hospitalization": "IMP", "emergency department visit": "EMER"}
_VITALS = frozenset(
    {"8480-6", "8462-4", "8867-4", "9279-1", "8310-5", "59408-5", "29463-7", "8302-2", "39156-5"}
)
_PRESSURE = {"systolic blood pressure", "diastolic blood pressure"}
_RESULTS = {"positive": "10828004", "negative": "260385009"}
_ALLERGY = "allergy to "

Resource = dict[str, Any]


def write_fhir(patients: Iterable[Patient], folder: Path) -> int:
    """Write ``patient-<id>.json`` for each patient; return how many.

    The same patient gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for patient in patients:
        count += 1
        text = json.dumps(bundle(patient), ensure_ascii=False)
        name = "".join(c if c.isalnum() or c in "-_." else "_" for c in patient.id)
        (folder / f"patient-{name}.json").write_text(text + "\n", encoding="utf-8")
    return count


def bundle(patient: Patient) -> Resource:
    """Return a patient and all events as a Bundle; references are by ``urn:uuid``."""
    who = _urn(patient.id, "patient")
    entries = [{"fullUrl": who, "resource": _patient(patient)}]
    for number, resource in enumerate(_resources(patient), start=1):
        kind = resource["resourceType"]
        owner = "patient" if kind in ("AllergyIntolerance", "Immunization") else "subject"
        resource["id"] = f"{patient.id}-{number}"
        resource[owner] = {"reference": who}
        entries.append({"fullUrl": _urn(patient.id, str(number)), "resource": resource})
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _urn(patient: str, name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'critextract/{patient}/{name}')}"


def _patient(patient: Patient) -> Resource:
    resource = {"resourceType": "Patient", "id": patient.id, "gender": patient.sex or "unknown"}
    birth = day_text(patient.birth_date, patient.birth_last)
    return resource | ({"birthDate": birth} if birth else {})


def _resources(patient: Patient) -> Iterator[Resource]:
    pressures: dict[tuple[date | None, str], list[Event]] = {}
    for event in patient.events:
        if event.name in _PRESSURE and event.ref_low is not None:
            pressures.setdefault((event.start, event.name), []).append(event)
    done: set[int] = set()
    for event in patient.events:
        if id(event) in done:
            continue
        pair = _pair(event, pressures)
        done |= {id(part) for part in pair}
        yield _pressure(pair) if len(pair) == 2 else _resource(event)


def _pair(event: Event, pressures: dict[tuple[date | None, str], list[Event]]) -> list[Event]:
    """Return both blood pressures of a day where there is one of each, else the event alone."""
    both = [pressures.get((event.start, name), []) for name in sorted(_PRESSURE)]
    if event.name in _PRESSURE and all(len(found) == 1 for found in both):
        pair = [found[0] for found in both]
        return pair if event in pair else [event]
    return [event]


def _resource(event: Event) -> Resource:
    if event.domain == "condition":
        allergy = event.name.startswith(_ALLERGY) and not event.codes
        return _allergy(event) if allergy else _condition(event)
    if event.domain == "drug":
        return _drug(event)
    if event.domain == "procedure":
        return _procedure(event)
    if event.name in _CLASSES and event.value is None:
        return _encounter(event)
    return _smoking(event) if _is_smoking(event) else _observation(event)


# --- parts ------------------------------------------------------------------------------------


def _concept(text: str, codes: Iterable[Code]) -> Resource:
    coding = []
    for code in codes:
        if code.system is not None:
            coding.append({"system": _ADDRESS.get(code.system, code.system), "code": code.code})
    return {"coding": coding, "text": text} if coding else {"text": text}


def _term(system: str, code: str) -> Resource:
    return {"coding": [{"system": f"{_TERMS}/{system}", "code": code}]}


def _start(event: Event) -> str | None:
    text = day_text(event.start, event.start_last)
    return text.partition("/")[0] if text else None


def _end(event: Event) -> str | None:
    """Return the day of the end; None where none is known, be it that it is not over."""
    text = day_text(event.end, event.end_last)
    return None if text is None or "/" in text else text


def _filled(resource: Resource, **fields: Any) -> Resource:
    """Return a resource with the fields that have a value."""
    return resource | {key: value for key, value in fields.items() if value}


def _written(event: Event) -> Resource | None:
    """Return when the resource was written, where the end is only known to lie before that."""
    if event.end_last is None or _end(event):
        return None
    return {"lastUpdated": f"{event.end_last.isoformat()}T00:00:00Z"}


def _period(event: Event) -> Resource:
    return _filled({}, start=_start(event), end=_end(event))


# --- resources --------------------------------------------------------------------------------


def _condition(event: Event) -> Resource:
    status = "active" if event.end is None else "resolved"
    resource = {
        "resourceType": "Condition",
        "clinicalStatus": _term("condition-clinical", status),
        "verificationStatus": _term("condition-ver-status", "confirmed"),
        "code": _concept(event.name, event.codes),
    }
    meta, onset, abated = _written(event), _start(event), _end(event)
    return _filled(resource, meta=meta, onsetDateTime=onset, abatementDateTime=abated)


def _allergy(event: Event) -> Resource:
    resource = {
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": _term("allergyintolerance-clinical", "active"),
        "verificationStatus": _term("allergyintolerance-verification", "confirmed"),
        "type": "allergy",
        "code": {"text": event.name.removeprefix(_ALLERGY)},
    }
    return _filled(resource, onsetDateTime=_start(event))


def _drug(event: Event) -> Resource:
    named = _concept(event.name, event.codes)
    if "vaccine" in event.name.lower() and event.start and event.start == event.end:
        resource = {"resourceType": "Immunization", "status": "completed", "vaccineCode": named}
        return resource | {"occurrenceDateTime": _start(event)}
    resource = {"resourceType": "MedicationRequest", "status": "active", "intent": "order"}
    if event.end is None:
        return _filled(resource, medicationCodeableConcept=named, authoredOn=_start(event))
    resource = {"resourceType": "MedicationStatement", "status": "completed"}
    period, meta = _period(event), _written(event)
    return _filled(resource, meta=meta, medicationCodeableConcept=named, effectivePeriod=period)


def _procedure(event: Event) -> Resource:
    status = "in-progress" if event.end is None and event.start else "completed"
    code = _concept(event.name, event.codes)
    resource = {"resourceType": "Procedure", "status": status, "code": code}
    if event.start is not None and event.start == event.end:
        return resource | {"performedDateTime": _start(event)}
    return _filled(resource, meta=_written(event), performedPeriod=_period(event))


def _encounter(event: Event) -> Resource:
    status = "in-progress" if event.end is None else "finished"
    kind = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode"}
    resource = {
        "resourceType": "Encounter",
        "status": status,
        "class": kind | {"code": _CLASSES[event.name]},
    }
    return _filled(resource, meta=_written(event), period=_period(event))


def _observation(event: Event) -> Resource:
    category = "laboratory" if event.domain == "measurement" else "social-history"
    if event.code in _VITALS:
        category = "vital-signs"
    resource = {
        "resourceType": "Observation",
        "status": "final",
        "category": [_term("observation-category", category)],
        "code": _concept(event.name, event.codes),
    }
    return _filled(resource, effectiveDateTime=_start(event)) | _value(event)


def _pressure(pair: list[Event]) -> Resource:
    code = [Code("85354-9", "LOINC")]
    panel = _observation(Event("measurement", "blood pressure", "8480-6", pair[0].start))
    panel["code"] = _concept("blood pressure", code)
    panel["component"] = [
        {"code": _concept(part.name, part.codes)} | _value(part)
        for part in sorted(pair, key=lambda part: part.name, reverse=True)
    ]
    return panel


def _value(event: Event) -> Resource:
    """Return value and reference range of an event as fields of an Observation."""
    if isinstance(event.value, str):
        coding = [{"system": "http://snomed.info/sct", "code": _RESULTS.get(event.value)}]
        known = {"coding": coding} if event.value in _RESULTS else {}
        return {"valueCodeableConcept": known | {"text": event.value}}
    if event.value is None:
        return {}
    value = _quantity(event.value, event.unit)
    if event.comparator:
        value["comparator"] = event.comparator
    limits = {
        side: _quantity(limit, event.unit)
        for side, limit in (("low", event.ref_low), ("high", event.ref_high))
        if limit is not None
    }
    return {"valueQuantity": value} | ({"referenceRange": [limits]} if limits else {})


def _quantity(value: Decimal, unit: str | None) -> Resource:
    shown = int(value) if value == value.to_integral_value() else float(value)
    named = {"unit": unit, "system": UCUM, "code": unit} if unit else {}
    return {"value": shown} | named


def _is_smoking(event: Event) -> bool:
    return event.domain == "observation" and event.name in ("smoking", "never smoker")


def _smoking(event: Event) -> Resource:
    """Return a smoking status; of one who stopped it is dated by when that was said."""
    codes = [Code("72166-2", "LOINC")]
    resource = _observation(Event("observation", "tobacco smoking status", None, event.start))
    resource["code"] = _concept("tobacco smoking status", codes)
    if event.name == "smoking" and event.end is not None:
        value = _concept("former smoker", [Code("8517006", "SNOMED CT")])
        said = event.end_last or event.end
        return resource | {"effectiveDateTime": said.isoformat(), "valueCodeableConcept": value}
    text = "never smoker" if event.name == "never smoker" else "current smoker"
    return resource | {"valueCodeableConcept": _concept(text, event.codes)}
