"""How the values of one variable are joined: "≥ 9 and ≤ 15" by all, "< 18 or > 35" by any."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from critextract.components.values import STEP_UNITS
from critextract.schema import Value


def _above(value: Value, bound: Decimal) -> bool:
    return value.high is None and value.low is not None and value.low > bound


def _comparable(a: Value, b: Value) -> bool:
    """Tell whether two bounds may be in one unit; one that prints none may be in the other's."""
    units = {v.unit for v in (a, b) if v.unit}
    return len(units) < 2 and a.relative_to == b.relative_to


def _apart(a: Value, b: Value) -> bool:
    """Tell whether two values are different steps of one scale."""
    stepped = a.unit in STEP_UNITS and a.unit == b.unit and a.low is not None
    return stepped and (a.low, a.text_value) != (b.low, b.text_value)


def joined_by(text: str, values: Sequence[Value]) -> str:
    """Return ``any`` if the values of one case are joined by "or", else ``all``."""
    if all(value.text_value and len(value.text_value) == 1 for value in values):
        return "any"  # letters of a scale
    alike = [(a, b) for a, b in pairwise(values) if _comparable(a, b)]
    if any(a.high is not None and a.low is None and _above(b, a.high) for a, b in alike):
        return "any"  # no number is both below 18 and above 35
    if any(a.low == a.high and b.low == b.high and _apart(a, b) for a, b in pairwise(values)):
        return "any"  # nothing is of two stages at once
    gaps = [text[a.end : b.start] for a, b in pairwise(values)]
    return "any" if any(re.search(r"\bor\b", gap, re.IGNORECASE) for gap in gaps) else "all"
