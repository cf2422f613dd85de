"""Neighbouring quantities: a unit printed once for several bounds, a bound printed twice."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from critextract.components.drafts import Quantity
from critextract.components.ranges import bounds, op_of
from critextract.schema import Value
from critextract.units import TIME_CODES, dimension, factor

_CONNECTED = re.compile(
    r"[\s,(]*(?:(?:and|or|to|but|and/or|through|also|both|yet|but also|and is|and are|&|/)[\s,]*)*"
)
_VARIABLE_BETWEEN = re.compile(r"\s?[A-Za-z][A-Za-z0-9 ()/-]{0,40}?\s?")
_OPENS_ALTERNATIVE = re.compile(
    r"\s?(?:[(\[]\s?|(?:or|=|;|/)\s|/)(?:or|i\.?e\.?,?|=|equivalent to|equal to|about|approximately"
    r"|corresponding to|approx\.?|~|≈)?\s?"
)
_PRESSURE = re.compile(r"(?<![a-z])(?:bp|blood\s?pressures?|hypertension)(?![a-z])")
_SIDE = re.compile(
    r"\s?(?:mm\s?hg)?,?\s?\(?(?:for\s)?(?P<side>systolic|diastolic)\)?(?![a-z]|\s?(?:bp|blood|pressure|heart))"
)
_SAME_BY_DEFINITION = ({"%", "mmol/mol"},)
"""HbA1c in its two scales."""
_SAME_BY_MOLAR_MASS = ({"mass", "substance", "arbitrary", "enzyme", "charge"}, {"volume"})


def share_units(low: str, found: list[Quantity]) -> list[Quantity]:
    """Give a unit printed once to the bounds it was left out of: "< 18 or > 35 kg/m2"."""
    shared = list(found)
    order = [*range(len(found) - 1, 0, -1), *(-n for n in range(1, len(found)))]
    for n in order:
        a, b = (n - 1, n) if n > 0 else (-n - 1, -n)
        giver, taker = (b, a) if n > 0 else (a, b)
        if _can_share(low, shared[a].value, shared[b].value, shared[giver], shared[taker]):
            value = shared[giver].value
            given = replace(
                shared[taker].value, unit=value.unit, unit_text=value.unit_text,
                relative_to=value.relative_to,
            )  # fmt: skip
            shared[taker] = replace(shared[taker], value=given)
    return shared


def _can_share(low: str, a: Value, b: Value, giver: Quantity, taker: Quantity) -> bool:
    if "word" in (giver.kind, taker.kind) or taker.kind == "bare":
        return False
    if a.end > b.start and a.start != b.start:
        return False
    if taker.value.unit or taker.value.relative_to or giver.value.text_value:
        return False
    if not (giver.value.unit or giver.value.relative_to):
        return False
    if giver.value.unit in TIME_CODES and "(" in low[a.end : b.start]:
        return False  # "Lansky ≥ 70 (12-16 years)"
    if (a.start, a.end) == (b.start, b.end) or _CONNECTED.fullmatch(low, a.end, b.start):
        return True
    two_sided = low[a.end - 1] in "<>≤≥=" and low[b.start] in "<>≤≥="
    return two_sided and _VARIABLE_BETWEEN.fullmatch(low, a.end, b.start) is not None


def with_sides(low: str, found: list[Quantity]) -> list[Quantity]:
    """Tell the sides of a pressure named behind its bounds: "BP > 160 systolic, > 100 diastolic".

    They are its component then, and their names belong to the values.
    """
    if not _PRESSURE.search(low):
        return found
    sided = []
    for quantity in found:
        value = quantity.value
        side = _SIDE.match(low, value.end) if value.unit in (None, "mm[Hg]") else None
        named = side and _PRESSURE.search(low, max(0, value.start - 60), value.start)
        if side and named and quantity.component is None and quantity.kind == "comparison":
            value = replace(value, end=side.end())
            quantity = replace(quantity, value=value, component=side["side"])  # type: ignore[arg-type]
        sided.append(quantity)
    return sided if sum(q.component is not None for q in sided) > 1 else found


def _same_quantity(a: str, b: str) -> bool:
    """Tell whether two different units can print the same bound."""
    if {a, b} in _SAME_BY_DEFINITION:
        return True
    first, second = dimension(a).split("/"), dimension(b).split("/")
    if a == b or "" in first[1:] + second[1:]:
        return False
    if first == second:
        return True
    heads, rest = _SAME_BY_MOLAR_MASS
    return (
        first[1:] == second[1:] and {first[0], second[0]} <= heads and set(first[1:]) <= rest
        and len(first) > 1
    )  # fmt: skip


def _same_size(a: Value, b: Value) -> bool:
    """Tell whether two bounds agree up to rounding, where their units can be compared."""
    first, second = a.unit and factor(a.unit), b.unit and factor(b.unit)
    x, y = (a.low if a.low is not None else a.high), (b.low if b.low is not None else b.high)
    if not (first and second and x and y) or dimension(a.unit or "") != dimension(b.unit or ""):
        return True
    return Decimal("0.8") < (x * first) / (y * second) < Decimal("1.25")


def merge_alternatives(low: str, found: list[Quantity]) -> list[Quantity]:
    """Join a bound printed twice into one value: "126 mg/dL (7.0 mmol/L)"."""
    merged: list[Quantity] = []
    for quantity in found:
        if merged and _is_alternative(low, merged[-1].value, quantity.value):
            value, other = merged[-1].value, quantity.value
            if other.low is not None and other.high is not None and other.low == other.high:
                other = replace(other, low=None, low_closed=None, high=None, high_closed=None)
                other = replace(other, **bounds(op_of(value), quantity.value.low))  # type: ignore
            merged[-1] = replace(merged[-1], value=replace(value, alternative=other))
        else:
            merged.append(quantity)
    return merged


def _is_alternative(low: str, a: Value, b: Value) -> bool:
    if a.unit is None or b.unit is None or a.relative_to or b.relative_to or a.alternative:
        return False
    if a.end > b.start or not _same_quantity(a.unit, b.unit) or not _same_size(a, b):
        return False
    if dimension(a.unit) == "time" and low[a.end : b.start].strip()[:1] not in ("(", "[", "="):
        return False  # "6 months or 1 year" are two
    gap = _OPENS_ALTERNATIVE.fullmatch(low, a.end, b.start)
    if gap is None or (
        gap.group().strip()[:1] in ("(", "[")
        and low[b.end : b.end + 1] not in (")", "]", ",", ";", "/")
    ):
        return False
    exact = b.low is not None and b.low == b.high
    ranges = (a.low is None) == (b.low is None) and (a.high is None) == (b.high is None)
    if exact and a.low is not None and a.high is not None and a.low != a.high:
        return False
    return exact or (
        ranges and op_of(a) == op_of(b) and low[a.end : b.start].strip() not in ("or", ";", "/")
    )
