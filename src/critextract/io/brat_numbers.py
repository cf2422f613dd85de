"""LCT's comparisons as bounds: operator, numbers and units are annotated one by one."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from critextract.io.standoff import BratDocument, Entity
from critextract.lexicons import read_rows
from critextract.schema import Direction, RelativeTo
from critextract.units import TIME_CODES, TIME_WORDS, to_ucum

TIME_UNITS = {word: code for code, word in TIME_WORDS.items() if code in TIME_CODES}
"""Eq-Temporal-Unit-Value to UCUM."""

LIMITS: dict[str, RelativeTo] = {"ref-range-high": "ULN", "ref-range-low": "LLN"}
"""Eq-Unit-Value to the limit a bound is a multiple of."""

DIRECTIONS: dict[str, Direction] = {"past": "before", "future": "after"}
"""Eq-Temporal-Period-Value to the direction of a window."""

_WORDS = {word: Decimal(number) for word, number in read_rows("number_words.tsv") if number}
_WORDS |= {"half": Decimal("0.5"), "a": Decimal(1), "an": Decimal(1), "single": Decimal(1)}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_PLAIN = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:[.·]\d+)?|[-+]?[.·]\d+")
_POWER = re.compile(r"\d\s*[x×*]\s*10")


def number(written: str) -> Decimal | None:
    """Return the number that words or digits write, None where they do not write one.

    Thousands commas, a raised decimal point, Roman numerals to VI and number words are read.
    """
    text = written.strip().strip("()%").strip().lower().replace("−", "-").replace("–", "-")
    if text in _WORDS:
        return _WORDS[text]
    if text.rstrip("ab") in _ROMAN:
        return Decimal(_ROMAN[text.rstrip("ab")])
    if not _PLAIN.fullmatch(text):
        return None
    try:
        return Decimal(text.replace(",", "").replace("·", "."))
    except InvalidOperation:
        return None


def arguments(document: BratDocument, entity: Entity) -> dict[str, list[Entity]]:
    """Return the arguments of the events an entity triggers, by role, in text order."""
    found: dict[str, list[Entity]] = {}
    for event in document.events_of(entity.id):
        for role, target in event.args:
            if (part := document.entity(target)) is not None:
                found.setdefault(role.rstrip("0123456789"), []).append(part)
    return {role: sorted(parts, key=lambda part: part.start) for role, parts in found.items()}


def annotated(document: BratDocument, parts: list[Entity], name: str) -> str | None:
    """Return the value of an attribute of the first part that has it."""
    values = (document.values.get(part.id, {}).get(name) for part in parts)
    return next((value for value in values if value), None)


def bounds(document: BratDocument, comparison: Entity) -> dict[str, Any]:
    """Return the bound fields of a `Value` or `Window` that an Eq-Comparison states.

    Empty where a number cannot be read; a comparison without an operator states equality, or a
    range where it has two numbers.
    """
    parts = arguments(document, comparison)
    written = parts.get("Value", [])
    if len(written) == 2 and _POWER.search(comparison.text):
        written = written[:1]  # 100 x 10^9: the power is no bound
    numbers = [number(part.text) for part in written]
    operator = annotated(document, parts.get("Operator", []), "Eq-Operator-Value")
    known = [n for n in numbers if n is not None]
    if not known and not numbers and operator and _limit(document, parts):
        known = [Decimal(1)]  # "above the upper limit": one time the limit
    elif len(known) != len(numbers):
        return {}
    return _interval(operator, known)


def _interval(operator: str | None, numbers: list[Decimal]) -> dict[str, Any]:
    if not numbers or operator == "PLUS-MINUS":
        return {}
    least, most = min(numbers), max(numbers)
    if operator == "BETWEEN" and len(numbers) < 2:
        return {}
    if operator == "BETWEEN" or (operator is None and len(numbers) == 2):
        return {"low": least, "low_closed": True, "high": most, "high_closed": True}
    if len(numbers) > 2 or (operator in (None, "EQ") and len(numbers) > 1):
        return {"set": tuple(sorted(set(numbers)))}
    bound = numbers[-1]
    if operator in ("GT", "GTEQ"):
        return {"low": bound, "low_closed": operator == "GTEQ"}
    if operator in ("LT", "LTEQ"):
        return {"high": bound, "high_closed": operator == "LTEQ"}
    return {"low": bound, "low_closed": True, "high": bound, "high_closed": True}


def _limit(document: BratDocument, parts: dict[str, list[Entity]]) -> RelativeTo | None:
    return LIMITS.get(annotated(document, parts.get("Unit", []), "Eq-Unit-Value") or "")


def value_fields(document: BratDocument, comparison: Entity) -> dict[str, Any]:
    """Return all fields of a `Value` that an Eq-Comparison states, without its characters."""
    parts = arguments(document, comparison)
    limit = _limit(document, parts)
    fields = bounds(document, comparison)
    units = [*parts.get("Unit", []), *parts.get("Per", [])]
    time = time_unit(document, comparison)
    if limit:
        fields["relative_to"] = limit
    elif time:
        fields |= {"unit": time, "unit_text": parts["Temporal-Unit"][0].text}
    elif units:
        first, last = min(u.start for u in units), max(u.end for u in units)
        fields["unit_text"] = document.text[first:last]
        fields["unit"] = to_ucum(fields["unit_text"])
    if not fields.keys() - {"unit", "unit_text"} and not re.search(r"\d", comparison.text):
        fields["text_value"] = comparison.text
    return fields


def time_unit(document: BratDocument, comparison: Entity) -> str | None:
    """Return the UCUM time unit of an Eq-Comparison, None where none is annotated."""
    parts = arguments(document, comparison).get("Temporal-Unit", [])
    return TIME_UNITS.get(annotated(document, parts, "Eq-Temporal-Unit-Value") or "")


def period_of(document: BratDocument, comparison: Entity) -> str | None:
    """Return the Eq-Temporal-Period-Value of an Eq-Comparison."""
    parts = arguments(document, comparison).get("Temporal-Period", [])
    return annotated(document, parts, "Eq-Temporal-Period-Value")
