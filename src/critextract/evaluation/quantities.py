"""Values and windows in a form in which what means the same is equal.

``>= 9 g/dL`` and ``>= 90 g/L``, ``250 %`` of ULN and ``2.5 x ULN``, ``6 mo`` and ``0.5 a`` have one
form each. Months and years do not turn into days: their length is not fixed.
"""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from functools import lru_cache
from itertools import pairwise

from critextract.schema import Value, Window
from critextract.units import dimension, factor

_TIME = {
    "s": ("second", 1),
    "min": ("second", 60),
    "h": ("second", 3600),
    "d": ("second", 86400),
    "wk": ("second", 604800),
    "mo": ("month", 1),
    "a": ("month", 12),
}
"""Unit of time -> base unit and how many of it."""

_SCALES = frozenset({"{score}", "{class}", "{stage}", "{grade}"})
_EXACT = Context(prec=28)
_ROUNDED = Context(prec=12)
"""Digits in which converted bounds are compared: enough for any printed number."""

Bound = tuple[Decimal, bool] | None
"""A bound in its base unit, and whether it belongs to the interval."""


@lru_cache(maxsize=4096)
def base_unit(unit: str | None, relative_to: str | None) -> tuple[str, Decimal]:
    """Return the name of a unit's base and how many of it one unit is.

    Without a unit, or with one whose size is not known, the base is the unit as it stands.
    """
    if unit == "%" and relative_to is not None:
        return "", Decimal("0.01")
    if unit is None:
        return "", Decimal(1)
    if unit in _TIME:
        base, size = _TIME[unit]
        return base, Decimal(size)
    known = factor(unit)
    with localcontext(_EXACT):
        return (unit, Decimal(1)) if known is None else (dimension(unit), +known)


def _convert(number: Decimal, size: Decimal) -> Decimal:
    with localcontext(_EXACT):
        product = number * size
    return _ROUNDED.plus(product).normalize(_ROUNDED)


def interval_key(value: Value | Window) -> tuple[object, ...]:
    """Return base unit, lower and upper `Bound`, set and words of a value or window."""
    relative = value.relative_to if isinstance(value, Value) else None
    base, size = base_unit(value.unit, relative)
    low: Bound = None if value.low is None else (_convert(value.low, size), bool(value.low_closed))
    high: Bound = (
        None if value.high is None else (_convert(value.high, size), bool(value.high_closed))
    )
    if isinstance(value, Window):
        return base, low, high, None, None
    numbers = None if value.set is None else tuple(sorted({_convert(n, size) for n in value.set}))
    if numbers and value.unit in _SCALES and _is_run(numbers):
        low, high, numbers = (numbers[0], True), (numbers[-1], True), None
    words = value.text_value.lower() if value.text_value else None
    return base, low, high, numbers, words


def _is_run(numbers: tuple[Decimal, ...]) -> bool:
    """Tell whether numbers of a scale leave none out: 0, 1, 2 says the same as 0 to 2."""
    return all(b - a == 1 for a, b in pairwise(numbers))


def comparator(value: Value | Window) -> str | None:
    """Return the shape of an interval.

    ``above`` (a lower bound only), ``below``, ``between``, ``equal`` (both bounds are one number),
    ``set``, ``words``; None for a window without numbers.
    """
    if isinstance(value, Value) and value.set is not None:
        return "set"
    if value.low is not None and value.high is not None:
        return "equal" if value.low == value.high else "between"
    if value.low is not None:
        return "above"
    if value.high is not None:
        return "below"
    return "words" if isinstance(value, Value) and value.text_value else None


def closedness(value: Value | Window) -> str | None:
    """Return ``closed`` or ``open``, or both for two bounds; None without bounds."""
    ends = [
        "closed" if closed else "open"
        for bound, closed in ((value.low, value.low_closed), (value.high, value.high_closed))
        if bound is not None
    ]
    return " ".join(ends) or None


def numbers(value: Value | Window) -> tuple[Decimal, ...] | None:
    """Return the printed numbers, lowest first, each once; None where there are none."""
    if isinstance(value, Value) and value.set is not None:
        found = sorted(set(value.set))
    else:
        found = [n for n in (value.low, value.high) if n is not None]
        if len(found) == 2 and found[0] == found[1]:
            found = found[:1]
    return tuple(n.normalize() for n in found) or None
