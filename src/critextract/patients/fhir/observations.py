"""Observations: results with units and reference ranges, panels, words, smoking status."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from critextract.patients.fhir.parts import (
    Concept,
    Resource,
    Span,
    concept,
    ended,
    event,
    quantity,
    span,
    status_of,
    written_by,
)
from critextract.patients.model import Domain, Event
from critextract.patients.words import NEGATIVE_FINDINGS, meaning, value_of_words

KEPT = frozenset({"registered", "preliminary", "final", "amended", "corrected", "unknown"})
LEFT = frozenset({"cancelled", "entered-in-error"})

_TESTS = frozenset({"laboratory", "vital-signs", "imaging", "procedure", "exam"})
_NORMAL = "normal"


def observation_events(data: Resource, born: date | None, source: str) -> Iterator[Event]:
    """Yield the events of an Observation: its own value, and one for each component with one.

    A finding that is not there ("dyspnoea: absent") is no event; a test that is negative is one.
    """
    if status_of(data, "status", KEPT, LEFT) is None:
        return
    when = span(data, "effective")
    if when.start is None and when.end is None:
        when = span({"effectiveDateTime": data.get("issued")}, "effective")
    named = concept(data.get("code"))
    if meaning("smoking", named.said) == "status":
        yield from _smoking(data, named, when, born, source)
        return
    domain = _domain(data)
    parts = data.get("component") or []
    if _has_value(data) or not parts:
        yield from _valued(data, named, when, domain, source)
    for part in parts:
        yield from _valued(part, concept(part.get("code"), "component"), when, domain, source)


def _has_value(data: Resource) -> bool:
    return any(key.startswith("value") and data[key] is not None for key in data)


def _domain(data: Resource) -> Domain:
    codes = {
        coding.get("code")
        for category in data.get("category") or []
        for coding in category.get("coding") or []
    }
    if "social-history" in codes:
        return "observation"
    tested = codes & _TESTS or "valueQuantity" in data or "valueInteger" in data
    numbers = any("valueQuantity" in part for part in data.get("component") or [])
    return "measurement" if tested or numbers or not codes else "observation"


def _valued(
    data: Resource, named: Concept, when: Span, domain: Domain, source: str
) -> Iterator[Event]:
    value, comparator, unit = _value(data)
    if domain == "observation" and value in NEGATIVE_FINDINGS:
        return
    low, high = _reference_range(data, unit) if isinstance(value, Decimal) else (None, None)
    point = Span(when.start, None) if when.start == when.end else when
    yield event(
        domain,
        named,
        point,
        value=value,
        comparator=comparator,
        unit=unit,
        ref_low=low,
        ref_high=high,
        source=source,
    )


def _value(data: Resource) -> tuple[Decimal | str | None, str | None, str | None]:
    """Return value, comparator and unit; a result without a value has that of its flag."""
    if data.get("valueQuantity"):
        return quantity(data["valueQuantity"])
    if data.get("valueInteger") is not None:
        return Decimal(data["valueInteger"]), None, None
    if data.get("valueBoolean") is not None:
        return "present" if data["valueBoolean"] else "absent", None, None
    if data.get("valueCodeableConcept"):
        said = concept(data["valueCodeableConcept"], "valueCodeableConcept")
        return meaning("result", said.said) or said.name, None, None
    if data.get("valueString"):
        return (*value_of_words(str(data["valueString"])), None)
    flags = [
        coding.get("code")
        for flag in data.get("interpretation") or []
        for coding in flag.get("coding") or []
    ]
    return meaning("flag", flags), None, None


def _reference_range(data: Resource, unit: str | None) -> tuple[Decimal | None, Decimal | None]:
    """Return the limits of normal in the unit of the value; those in another unit are left out."""
    ranges = [item for item in data.get("referenceRange") or [] if _is_normal(item)]
    if len(ranges) != 1:  # several: by age or sex, and which is the patient's is not said
        return None, None
    limits = []
    for side in ("low", "high"):
        limit, _, limit_unit = quantity(ranges[0].get(side))
        limits.append(limit if limit_unit in (None, unit) else None)
    return limits[0], limits[1]


def _is_normal(item: dict[str, Any]) -> bool:
    """Tell a range of normal values from one of therapy or of panic."""
    kind = item.get("type")
    if not kind:
        return bool(item.get("low") or item.get("high"))
    return _NORMAL in {coding.get("code") for coding in kind.get("coding") or []}


def _smoking(
    data: Resource, named: Concept, when: Span, born: date | None, source: str
) -> Iterator[Event]:
    """Yield the event a smoking status names: smoking, smoking that ended, a non-smoker."""
    status = data.get("valueCodeableConcept")
    said = concept(status, "valueCodeableConcept") if status else None
    kind = meaning("smoking", said.said) if said else None
    seen = when.start
    written = seen.last if seen else written_by(data, "issued")
    if said is None or kind == "unknown":
        return
    if kind == "current":
        yield event("observation", Concept("smoking", said.codes), Span(seen), source=source)
    elif kind == "former":
        over = ended(Span(), written, born)
        yield event("observation", Concept("smoking", ()), over, source=source)
    elif kind == "never":
        yield event("observation", Concept("never smoker", said.codes), Span(seen), source=source)
    else:
        yield event("observation", named, Span(seen), value=said.name, source=source)
