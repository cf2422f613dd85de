"""Drugs: requests, statements and administrations of medications."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from critextract.patients.fhir.parts import (
    Concept,
    NoEventError,
    Resource,
    Span,
    concept,
    days,
    ended,
    event,
    quantity,
    span,
    status_of,
    written_by,
)
from critextract.patients.model import Event
from critextract.patients.recorded import ingredients, recorded_name

FindMedication = Callable[[str], dict[str, Any] | None]
"""Returns the Medication a reference names, None where none was read."""

_KEPT = {
    "MedicationRequest": frozenset({"active", "on-hold", "completed", "stopped", "unknown"}),
    "MedicationStatement": frozenset({"active", "on-hold", "completed", "stopped", "unknown"}),
    "MedicationAdministration": frozenset(
        {"in-progress", "on-hold", "completed", "stopped", "unknown"}
    ),
}
_LEFT = {
    "MedicationRequest": frozenset({"cancelled", "draft", "entered-in-error"}),
    "MedicationStatement": frozenset({"intended", "not-taken", "entered-in-error"}),
    "MedicationAdministration": frozenset({"not-done", "entered-in-error"}),
}
_OVER = frozenset({"completed", "stopped", "on-hold"})
_NOT_ORDERED = frozenset({"proposal", "option"})
_DAYS_OF = {"h": Decimal(1) / 24, "d": Decimal(1), "wk": Decimal(7)}


def medication_events(
    data: Resource, find: FindMedication, born: date | None, source: str
) -> Iterator[Event]:
    """Yield one event for each ingredient of a drug that is or was taken or ordered.

    A request or statement that is completed, stopped or on hold without saying since when ended
    between its start and the writing of the resource.
    """
    kind = str(data["resourceType"])
    status = status_of(data, "status", _KEPT[kind], _LEFT[kind])
    if status is None or data.get("doNotPerform") or data.get("intent") in _NOT_ORDERED:
        return
    when = _time(data, kind)
    if status in _OVER and kind != "MedicationAdministration":
        when = ended(when, written_by(data, "dateAsserted"), born)
    dose, unit = _dose(data)
    for named in _drugs(data, find):
        yield event("drug", named, when, value=dose, unit=unit, source=source)


def _time(data: Resource, kind: str) -> Span:
    if kind == "MedicationAdministration":
        return span(data, "effective")
    if kind == "MedicationStatement":
        found = span(data, "effective")
        point = data.get("effectiveDateTime") and data.get("status") in ("active", "unknown")
        found = Span(found.start, None) if data.get("effectiveDateTime") else found
        return Span(found.start) if point else found
    bounds = _bounds(data.get("dosageInstruction"))
    return Span(bounds.start or days(data.get("authoredOn")), bounds.end)


def _bounds(dosage: Any) -> Span:
    """Return the period that the first dosage which has one is bound to."""
    for item in dosage or []:
        repeat = (item.get("timing") or {}).get("repeat") or {}
        if repeat.get("boundsPeriod"):
            return span({"periodPeriod": repeat["boundsPeriod"]}, "period")
    return Span()


def _drugs(data: Resource, find: FindMedication) -> Iterator[Concept]:
    """Yield the ingredients of a drug, each with the codes it was recorded under."""
    code = data.get("medicationCodeableConcept")
    reference = (data.get("medicationReference") or {}).get("reference")
    medication: Resource | None = None
    if code is None and reference:
        medication = _contained(data, reference) or find(reference)
        if medication is None:
            display = (data.get("medicationReference") or {}).get("display")
            if not display:
                raise NoEventError(
                    f"medicationReference {reference!r:.80} names no Medication that was read"
                )
            code = {"text": display}
        elif not medication.get("code"):
            for item in medication.get("ingredient") or []:
                named = concept(item.get("itemCodeableConcept"), "ingredient")
                yield from _ingredients(named)
            return
        else:
            code = medication["code"]
    yield from _ingredients(concept(code, "medication"))


def _contained(data: Resource, reference: str) -> dict[str, Any] | None:
    inside = data.get("contained") or []
    return next((item for item in inside if f"#{item.get('id')}" == reference), None)


def _ingredients(named: Concept) -> Iterator[Concept]:
    for name in ingredients(recorded_name(named.name).name):
        yield Concept(name, named.codes)


def _dose(data: Resource) -> tuple[Decimal | None, str | None]:
    """Return the dose a day where the timing tells it, else the dose at a time."""
    dosages = data.get("dosageInstruction") or data.get("dosage") or []
    if isinstance(dosages, dict):  # an administration has one
        return quantity(dosages.get("dose"))[::2]
    if len(dosages) != 1:
        return None, None
    rates = dosages[0].get("doseAndRate") or []
    value, _, unit = quantity(rates[0].get("doseQuantity")) if len(rates) == 1 else (None,) * 3
    repeat = (dosages[0].get("timing") or {}).get("repeat") or {}
    period = _DAYS_OF.get(repeat.get("periodUnit", ""))
    if value is None or unit is None or period is None or not repeat.get("period"):
        return value, unit
    if repeat.get("periodMax") or repeat.get("frequencyMax"):
        return value, unit
    total = value * (repeat.get("frequency") or 1) / (period * Decimal(str(repeat["period"])))
    return round(total, 6).normalize() + 0, f"{unit}/d"
