"""The pieces that resources share: concepts, days, quantities, and what makes an event of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from critextract.errors import SchemaError
from critextract.patients.model import Code, Days, Domain, Event, Fault, parse_day
from critextract.patients.recorded import event_codes
from critextract.patients.words import unit_of_words

UCUM = "http://unitsofmeasure.org"
SYSTEMS = {
    "http://loinc.org": "LOINC",
    "http://snomed.info/sct": "SNOMED CT",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10-CM",
    "http://hl7.org/fhir/sid/icd-10": "ICD-10",
    "http://hl7.org/fhir/sid/icd-9-cm": "ICD-9-CM",
    "http://hl7.org/fhir/sid/cvx": "CVX",
    "http://hl7.org/fhir/sid/ndc": "NDC",
    "http://www.whocc.no/atc": "ATC",
    "http://www.ama-assn.org/go/cpt": "CPT4",
}
"""Vocabularies by their address; codes of others keep the address as system."""

LATEST = date.max

Resource = Mapping[str, Any]


class NoEventError(SchemaError):
    """A resource that holds no fact the reader can name; the message says why."""


@dataclass(frozen=True, slots=True)
class Concept:
    """What a CodeableConcept says: a name, and its codes."""

    name: str
    codes: tuple[Code, ...]

    @property
    def said(self) -> Iterator[str]:
        """Every code, then the name: what a table of words is asked for."""
        yield from (code.code for code in self.codes)
        yield self.name


def concept(data: Resource | None, field: str = "code") -> Concept:
    """Return name and codes of a CodeableConcept: its text, else a display, else a code.

    Raises
    ------
    NoEventError : it has neither words nor codes.
    """
    codings = (data or {}).get("coding") or []
    codes = tuple(
        Code(str(coding["code"]), SYSTEMS.get(coding.get("system"), coding.get("system")))
        for coding in codings
        if coding.get("code")
    )
    chosen = sorted(codings, key=lambda coding: not coding.get("userSelected"))
    displays = (coding.get("display") for coding in chosen)
    named = ((data or {}).get("text"), *displays, *(code.code for code in codes))
    name = next((str(word).strip() for word in named if word and str(word).strip()), None)
    if name is None:
        raise NoEventError(f"{field} has neither text nor coding, expected one to name it")
    return Concept(name, codes)


def status_of(data: Resource, field: str, kept: frozenset[str], left: frozenset[str]) -> str | None:
    """Return the status of a resource; None: by its status it is no fact.

    Raises
    ------
    NoEventError : the status is none of the code system.
    """
    status = data.get(field)
    if isinstance(status, Mapping):  # a CodeableConcept: conditions and allergies
        codes = [coding.get("code") for coding in status.get("coding") or []]
        status = next((code for code in codes if code in kept | left), codes[0] if codes else None)
    if status is None or status in kept:
        return status or ""
    if status in left:
        return None
    expected = ", ".join(sorted(kept | left))
    raise NoEventError(f"{field} is {status!r:.40}, expected one of {expected}")


@dataclass(frozen=True, slots=True)
class Span:
    """When something began and ended; None: not recorded, of an end: still going on."""

    start: Days | None = None
    end: Days | None = None


def days(text: str | None) -> Days | None:
    """Return the days a dateTime can be, None where there is none."""
    return parse_day(text) if text else None


def span(data: Resource, field: str) -> Span:
    """Return the time of ``<field>DateTime``, ``<field>Period``, ``<field>Instant`` or `field`."""
    point = days(data.get(f"{field}DateTime") or data.get(f"{field}Instant"))
    if point:
        return Span(point, point)
    period = data.get(f"{field}Period") or {}
    return Span(days(period.get("start")), days(period.get("end")))


def written_by(data: Resource, *fields: str) -> date:
    """Return the last day on which the resource can have been written."""
    said = [days(data.get(field)) for field in fields]
    said.append(days((data.get("meta") or {}).get("lastUpdated")))
    known = [day.last for day in said if day]
    return max(known) if known else LATEST


def ended(when: Span, written: date, born: date | None) -> Span:
    """Return the time of what is over without saying since when: between start and writing."""
    if when.end is not None:
        return when
    first = when.start.first if when.start else (born or date.min)
    return Span(when.start, Days(min(first, written), max(first, written)))


def quantity(data: Resource | None) -> tuple[Decimal | None, str | None, str | None]:
    """Return value, comparator and unit of a Quantity; UCUM codes as they are, else as written."""
    if not data or data.get("value") is None:
        return None, None, None
    code = data.get("code")
    is_ucum = code and data.get("system") in (None, UCUM)
    unit = code if is_ucum else unit_of_words(str(data.get("unit") or "")) or code
    return Decimal(str(data["value"])), data.get("comparator"), _shared_unit(str(unit or ""))


def _shared_unit(unit: str) -> str | None:
    """Return a unit without what UCUM sets in braces behind a unit: "mg{creat}/dL" is "mg/dL"."""
    same = {"10*3/uL{cells}": "10*3/uL", "mL/min/1.73.m2": "mL/min/{1.73_m2}"}
    same |= {"mL/min/1.73m2": "mL/min/{1.73_m2}", "mL/min/{1.73.m2}": "mL/min/{1.73_m2}"}
    same |= {"mmHg": "mm[Hg]", "mEq/L": "meq/L", "{INR}": "1", "{ratio}": "1"}
    return same.get(unit, unit) if unit else None


def event(domain: Domain, named: Concept, when: Span, **more: Any) -> Event:
    """Return an event of a concept at a time.

    Raises
    ------
    NoEventError : it ends before it starts.
    """
    start, end = when.start, when.end
    if start and end and end.last < start.first:
        raise NoEventError(
            f"ends {end.last} before it starts {start.first}; were the days swapped?"
        )
    if end and start and end.first < start.first:
        end = Days(start.first, end.last)
    code, codes = event_codes(list(named.codes))
    return Event(
        domain=domain,
        name=named.name,
        code=code,
        codes=codes,
        start=start.first if start else None,
        start_last=start.last if start and start.last != start.first else None,
        end=end.first if end else None,
        end_last=end.last if end and end.last != end.first else None,
        **more,
    )


def note(where: str, message: object) -> Fault:
    """Return a fault of one resource; its patient is read on."""
    return Fault(f"{where}: {message}", skipped=False)
