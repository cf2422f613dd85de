"""The concepts a CDM is written with, each with an id.

Concepts whose id is the same in every CDM keep it; all others get one above two thousand million,
the numbers the CDM leaves to local concepts, with the name, code and vocabulary they came with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from critextract.patients.model import Code, Domain, Event

LOCAL = 2_000_000_000

VOCABULARY_IDS = {"SNOMED CT": "SNOMED", "ICD-10-CM": "ICD10CM", "ICD-10": "ICD10"}
_STANDARD = frozenset({"SNOMED CT", "LOINC", "RxNorm", "CVX", "CPT4"})
_DOMAINS: dict[Domain, tuple[str, str]] = {
    "condition": ("Condition", "Disorder"),
    "drug": ("Drug", "Ingredient"),
    "procedure": ("Procedure", "Procedure"),
    "measurement": ("Measurement", "Lab Test"),
    "observation": ("Observation", "Clinical Observation"),
}


class ConceptRow(NamedTuple):
    """A row of the table `concept`."""

    id: int
    name: str
    domain: str
    vocabulary: str
    kind: str
    code: str


KNOWN = (
    ConceptRow(8507, "MALE", "Gender", "Gender", "Gender", "M"),
    ConceptRow(8532, "FEMALE", "Gender", "Gender", "Gender", "F"),
    ConceptRow(9201, "Inpatient Visit", "Visit", "Visit", "Visit", "IP"),
    ConceptRow(9203, "Emergency Room Visit", "Visit", "Visit", "Visit", "ER"),
    ConceptRow(4171756, "<", "Meas Value Operator", "SNOMED", "Qualifier Value", "276136004"),
    ConceptRow(4171754, "<=", "Meas Value Operator", "SNOMED", "Qualifier Value", "276137008"),
    ConceptRow(4172704, ">", "Meas Value Operator", "SNOMED", "Qualifier Value", "276139006"),
    ConceptRow(4171755, ">=", "Meas Value Operator", "SNOMED", "Qualifier Value", "276138003"),
    ConceptRow(45884084, "Positive", "Meas Value", "LOINC", "Answer", "LA6576-8"),
    ConceptRow(45878583, "Negative", "Meas Value", "LOINC", "Answer", "LA6577-6"),
    ConceptRow(32817, "EHR", "Type Concept", "Type Concept", "Type Concept", "OMOP4976890"),
    ConceptRow(1340204, "History of event", "Observation", "SNOMED", "Context-dependent", ""),
)
RECORD = 32817
HISTORY = 1340204
VISITS = {"hospitalization": 9201, "emergency department visit": 9203}
RESULTS = {"positive": 45884084, "negative": 45878583}
OPERATOR_IDS = {"<": 4171756, "<=": 4171754, ">": 4172704, ">=": 4171755}
GENDERS = {"male": 8507, "female": 8532, None: 0}


class Concepts:
    """Gives concepts their ids, in the order in which they are first asked for."""

    def __init__(self, broader: Mapping[str, tuple[str, ...]]) -> None:
        self._ids: dict[tuple[str, str, str], ConceptRow] = {}
        self._broader = broader
        self._conditions: dict[str, int] = {}

    def of(self, name: str, domain: str, vocabulary: str, kind: str, code: str = "") -> int:
        """Return the id of a concept; one without a code is its own."""
        key = (name, vocabulary, code)
        row = self._ids.get(key)
        if row is None:
            number = LOCAL + len(self._ids) + 1
            row = ConceptRow(number, name, domain, vocabulary, kind, code or str(number))
            self._ids[key] = row
        return row.id

    def of_event(self, event: Event) -> tuple[int, int]:
        """Return the ids of the standard concept and of the source's concept, 0 without one."""
        domain, kind = _DOMAINS[event.domain]
        coded = [code for code in event.codes if code.system is not None]
        standard = next((code for code in coded if code.system in _STANDARD), None)
        source = next((code for code in coded if code is not standard), None)
        vocabulary, code = _known(standard) if standard else ("None", "")
        number = self.of(event.name, domain, vocabulary, kind, code)
        if event.domain == "condition":
            self._conditions.setdefault(event.name, number)
        if source is None:
            return number, 0
        vocabulary, code = _known(source)
        return number, self.of(event.name, domain, vocabulary, "code", code)

    def of_code(self, name: str, domain: str, code: Code) -> int:
        """Return the id of a concept of a vocabulary."""
        vocabulary, written = _known(code)
        return self.of(name, domain, vocabulary, domain, written)

    def of_unit(self, unit: str) -> int:
        """Return the id of a UCUM unit."""
        return self.of(unit, "Unit", "UCUM", "Unit", unit)

    def ancestors(self) -> Iterator[tuple[int, int, int]]:
        """Yield broader concept, narrower concept and steps between, each condition with itself."""
        for name in sorted(self._conditions):
            number = self._conditions[name]
            yield number, number, 0
            above = self._broader.get(name) or self._broader.get(_unstaged(name)) or ()
            chain = (_unstaged(name), *above) if _unstaged(name) != name else above
            for steps, broader in enumerate(chain, start=1):
                yield self._condition(broader), number, steps

    def _condition(self, name: str) -> int:
        domain, kind = _DOMAINS["condition"]
        return self._conditions.get(name) or self.of(name, domain, "None", kind)

    def rows(self) -> Iterator[ConceptRow]:
        """Yield every concept that was asked for, those with a fixed id first."""
        yield from KNOWN
        yield from self._ids.values()


def _known(code: Code) -> tuple[str, str]:
    system = code.system or "None"
    return VOCABULARY_IDS.get(system, system), code.code


def _unstaged(name: str) -> str:
    """Return "lung cancer" of "stage IV lung cancer"."""
    return name.split(" ", 2)[2] if name.startswith("stage ") and name.count(" ") > 1 else name
