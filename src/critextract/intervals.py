"""Intervals of a `Value`: print, ask whether a number lies in it, intersect two.

A value is an interval with closedness, a set of numbers, or words; numbers are compared as they
stand, so both sides must have the same unit and the same `relative_to`.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from critextract.errors import UnitError
from critextract.schema import Value


def number_text(number: Decimal) -> str:
    """Return a number without exponent and without trailing zeros: ``1500``, ``0.5``."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def interval_text(value: Value) -> str:
    """Return a value in the notation of intervals: ``[1500, inf) /mm3``, ``(-inf, 2.5] x ULN``.

    Sets are ``{1, 3}``, words stand alone; the text of a staged numeral follows in quotes.
    """
    if value.set is not None:
        body = "{" + ", ".join(number_text(n) for n in value.set) + "}"
    elif value.low is None and value.high is None:
        return value.text_value or "(-inf, inf)"
    else:
        low = "(-inf" if value.low is None else "[("[not value.low_closed] + number_text(value.low)
        high = (
            "inf)" if value.high is None else number_text(value.high) + "])"[not value.high_closed]
        )
        body = f"{low}, {high}"
    if value.unit is not None:
        body += f" {value.unit}"
    if value.relative_to is not None:
        body += f" x {value.relative_to}"
    if value.text_value is not None:
        body += f" '{value.text_value}'"
    return body if value.alternative is None else f"{body} = {interval_text(value.alternative)}"


def contains(value: Value, number: Decimal) -> bool:
    """Tell whether `number`, in the value's unit, is one of the allowed values.

    Raises
    ------
    UnitError : the value is words, with no bound to compare with.
    """
    if value.set is not None:
        return number in value.set
    if value.low is None and value.high is None:
        raise UnitError(f"value {value.text_value!r} has no bound to compare {number} with")
    above = value.low is None or number > value.low or (number == value.low and value.low_closed)
    below = (
        value.high is None or number < value.high or (number == value.high and value.high_closed)
    )
    return bool(above and below)


def _tighter_low(a: Value, b: Value) -> Value:
    if a.low is None or b.low is None:
        return b if a.low is None else a
    if a.low == b.low:
        return b if a.low_closed else a
    return a if a.low > b.low else b


def _tighter_high(a: Value, b: Value) -> Value:
    if a.high is None or b.high is None:
        return b if a.high is None else a
    if a.high == b.high:
        return b if a.high_closed else a
    return a if a.high < b.high else b


def intersect(a: Value, b: Value) -> Value:
    """Return the values both allow, with the characters and the rest of `a`; may be empty.

    Raises
    ------
    UnitError : the units or limits of normal differ, or one of them is words.
    """
    if (a.unit, a.relative_to) != (b.unit, b.relative_to):
        raise UnitError(f"cannot intersect {interval_text(a)!r} with {interval_text(b)!r}")
    if a.set is not None or b.set is not None:
        numbers, other = (a.set, b) if a.set is not None else (b.set, a)
        assert numbers is not None
        kept = tuple(n for n in numbers if contains(other, n))
        return replace(a, set=kept, low=None, low_closed=None, high=None, high_closed=None)
    low, high = _tighter_low(a, b), _tighter_high(a, b)
    return replace(
        a, low=low.low, low_closed=low.low_closed, high=high.high, high_closed=high.high_closed
    )
