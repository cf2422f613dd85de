"""Rows of an OMOP CDM as events: names, codes, days, values and units."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from critextract.errors import SchemaError
from critextract.patients.model import Code, Days, Domain, Event, parse_day
from critextract.patients.omop.tables import FACTS, Fact
from critextract.patients.recorded import Recorded, event_codes, ingredients, recorded_name
from critextract.patients.words import NEGATIVE_FINDINGS, meaning, unit_of_words, value_of_words

VOCABULARIES = {
    "SNOMED": "SNOMED CT",
    "ICD10CM": "ICD-10-CM",
    "ICD10": "ICD-10",
    "ICD9CM": "ICD-9-CM",
}
"""Vocabularies whose name here is another than in the CDM."""

NO_END = date(2099, 1, 1)
"""Ends from this day on fill a column that must not be empty: the event is still going on."""

OPERATORS = {"4171756": "<", "4171754": "<=", "4172704": ">", "4171755": ">=", "4172703": None}
HISTORY_OF = ("1340204", "417662000")
"""Concept of "History of event", SNOMED CT code of a finding's history: the value is what was."""

_DOMAIN: dict[str, Domain] = {table.name: table.domain for table in FACTS}
_UNSURE = ("preliminary", "provisional", "differential", "suspected", "to be diagnosed")
_OVER = ("resolved", "history")


def row_events(fact: Fact, born: date | None) -> Iterator[Event]:
    """Yield the events of a row: one, several for the ingredients of a drug, none for what is not.

    Raises
    ------
    SchemaError : a day or a number cannot be read, or the row names nothing.
    """
    start, end = _days(fact.start, "start"), _days(fact.end, "end")
    if fact.table == "death":
        yield _event("observation", "death", [], start, start)
        return
    if fact.table == "visit_occurrence":
        yield from _visit(fact, start, end)
        return
    recorded, codes = _named(fact)
    domain = _DOMAIN[fact.table]
    if fact.table == "observation":
        yield from _observation(fact, recorded, codes, start, born)
    elif recorded.kind == "absent":
        return
    elif domain == "measurement":
        yield _valued(fact, recorded.name, codes, start, domain)
    elif domain == "drug":
        names = ingredients(recorded.name)
        for name in names:
            yield _event(domain, name, codes, start, _running(end), fact)
    elif domain == "procedure":
        yield _event(domain, recorded.name, codes, start, end or start, fact)
    else:
        yield _condition(fact, recorded, codes, start, _running(end), born)


def _days(text: str | None, what: str) -> Days | None:
    if text is None or not text.strip():
        return None
    try:
        return parse_day(text.strip())
    except SchemaError as error:
        raise SchemaError(f"{what}: {error}") from None


def _running(end: Days | None) -> Days | None:
    return None if end and end.first >= NO_END else end


def _codes(fact: Fact) -> list[Code]:
    codes = []
    if fact.code and fact.concept_id != "0" and fact.vocabulary != "None":
        codes.append(Code(fact.code, _system(fact.vocabulary)))
    if fact.source_code and fact.source_code != "No matching concept":
        codes.append(Code(fact.source_code, _system(fact.source_vocabulary)))
    if fact.concept_id and fact.concept_id != "0":
        codes.append(Code(fact.concept_id, "OMOP"))
    return codes


def _system(vocabulary: str | None) -> str | None:
    return VOCABULARIES.get(vocabulary, vocabulary) if vocabulary else None


def _named(fact: Fact) -> tuple[Recorded, list[Code]]:
    """Return the name of a row: that of its concept, else of its source."""
    known = fact.concept_id not in (None, "", "0")
    names = (fact.name if known else None, fact.source_name, fact.written)
    name = next((n for n in names if n and n.strip() and n != "No matching concept"), None)
    if name is None:
        raise SchemaError("no concept and no source value, expected one to name it")
    recorded = recorded_name(name)
    return recorded, _codes(fact) if recorded.kind == "present" else []


def _event(
    domain: Domain,
    name: str,
    codes: list[Code],
    start: Days | None,
    end: Days | None,
    fact: Fact | None = None,
) -> Event:
    if start and end and end.last < start.first:
        raise SchemaError(f"ends {end.last} before it starts {start.first}; were they swapped?")
    code, all_codes = event_codes(codes)
    return Event(
        domain=domain,
        name=name,
        code=code,
        codes=all_codes,
        start=start.first if start else None,
        start_last=start.last if start and start.last != start.first else None,
        end=end.first if end else None,
        end_last=end.last if end and end.last != end.first else None,
        source=f"{fact.table} {fact.id}" if fact else None,
    )


def _condition(
    fact: Fact,
    recorded: Recorded,
    codes: list[Code],
    start: Days | None,
    end: Days | None,
    born: date | None,
) -> Event:
    status = (fact.status or "").lower()
    if recorded.kind == "past":
        return _past("condition", recorded.name, [], start, born, fact)
    if end is None and any(word in status for word in _OVER):
        end = Days(start.first if start else date.min, date.max)
    name = recorded.name
    if recorded.kind in ("family", "uncertain"):
        name = fact.name or name
        domain: Domain = "observation" if recorded.kind == "family" else "condition"
        return _event(domain, name, [], start, end, fact)
    if any(word in status for word in _UNSURE):
        return _event("condition", f"suspected {name}", [], start, end, fact)
    return _event("condition", name, codes, start, end, fact)


def _past(
    domain: Domain,
    name: str,
    codes: list[Code],
    recorded: Days | None,
    born: date | None,
    fact: Fact,
) -> Event:
    """Return what was over when it was recorded, at a time that is not known."""
    last = recorded.last if recorded else date.max
    first = min(born or date.min, last)
    return _event(domain, name, codes, None, Days(first, last), fact)


def _visit(fact: Fact, start: Days | None, end: Days | None) -> Iterator[Event]:
    name = meaning("visit", [fact.concept_id]) or fact.name or fact.source_name or fact.written
    if name and name != "No matching concept":
        yield _event("observation", name, [], start, _running(end), fact)


def _observation(
    fact: Fact, recorded: Recorded, codes: list[Code], start: Days | None, born: date | None
) -> Iterator[Event]:
    said = [fact.code, fact.name, recorded.name]
    kind = meaning("smoking", said)
    if kind is not None:
        yield from _smoking(fact, kind, codes, start, born)
    elif fact.concept_id in HISTORY_OF or fact.code in HISTORY_OF:
        if fact.value_name:
            past = recorded_name(fact.value_name).name
            value_codes = [Code(fact.value_code, _system(fact.value_vocabulary))]  # type: ignore[arg-type]
            yield _past("condition", past, value_codes, start, born, fact)
    elif recorded.kind == "past" and not _has_value(fact):
        yield _past("condition", recorded.name, [], start, born, fact)
    elif recorded.kind == "family":
        named = " ".join(filter(None, (fact.name, fact.value_name)))
        yield _event("observation", named, [], start, None, fact)
    elif recorded.kind != "absent":
        event = _valued(fact, recorded.name, codes, start, "observation")
        if event.value not in NEGATIVE_FINDINGS:
            yield event


def _has_value(fact: Fact) -> bool:
    return any((fact.number, fact.words, fact.value_name))


def _smoking(
    fact: Fact, kind: str, codes: list[Code], start: Days | None, born: date | None
) -> Iterator[Event]:
    """Yield smoking, smoking that ended, or a non-smoker, from a status or from its value."""
    if kind == "status":
        kind = meaning("smoking", [fact.value_code, fact.value_name, fact.words]) or "unknown"
        coded = fact.value_code and fact.value_id != "0"
        codes = [Code(fact.value_code, _system(fact.value_vocabulary))] if coded else []  # type: ignore[arg-type]
    if kind == "current":
        yield _event("observation", "smoking", codes, start, None, fact)
    elif kind == "former":
        yield _past("observation", "smoking", [], start, born, fact)
    elif kind == "never":
        yield _event("observation", "never smoker", codes, start, None, fact)


def _valued(fact: Fact, name: str, codes: list[Code], start: Days | None, domain: Domain) -> Event:
    event = _event(domain, name, codes, start, None, fact)
    value, comparator = _value(fact)
    numeric = isinstance(value, Decimal)
    return Event(
        domain=domain,
        name=event.name,
        code=event.code,
        codes=event.codes,
        start=event.start,
        start_last=event.start_last,
        value=value,
        comparator=comparator,
        unit=_unit(fact) if numeric else None,
        ref_low=_decimal(fact.low, "range_low") if numeric else None,
        ref_high=_decimal(fact.high, "range_high") if numeric else None,
        source=event.source,
    )


def _value(fact: Fact) -> tuple[Decimal | str | None, str | None]:
    number = _decimal(fact.number, "value_as_number")
    if number is not None:
        return number, OPERATORS.get(fact.operator_id or "", _comparator(fact.operator))
    if fact.value_name and fact.value_id != "0":
        return meaning("result", [fact.value_code, fact.value_name]) or fact.value_name, None
    return value_of_words(fact.words) if fact.words else (None, None)


def _comparator(operator: str | None) -> str | None:
    return operator if operator in ("<", "<=", ">", ">=") else None


def _unit(fact: Fact) -> str | None:
    if fact.unit and fact.unit != "No matching concept":
        return fact.unit
    return unit_of_words(fact.unit_written)


def _decimal(text: str | None, what: str) -> Decimal | None:
    if text is None or not text.strip():
        return None
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise SchemaError(f"{what} is {text!r:.40}, expected a number") from None
    if not number.is_finite():
        return None
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number
