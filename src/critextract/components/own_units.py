"""Units that the variable says: of a scale, a ratio, cell counts in G/L, a neighbour's variable."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from critextract import terms
from critextract.components.values import SCALE_UNITS
from critextract.schema import Label, Mention, Value
from critextract.units import dimension

_UNPRINTED = frozenset({"{score}", "{class}", "{stage}", "{grade}", "1"})
"""Units that are not printed behind a number."""
_RATIO = re.compile(r"\b(?:ratio|quotient|fold[ -]change)s?$", re.IGNORECASE)
_SCORE = re.compile(
    r"\bscores?\b|\b(?:questionnaire|inventory|scale|checklist)s?$"
    r"|\bperformance (?:status|score)\b|^(?:PS )?(?:WHO|GOG|SWOG|CALGB|Zubrod)(?: PS)?$",
    re.IGNORECASE,
)
_GRAMS = re.compile(r"mass\b")
_BETWEEN = re.compile(r"\s*(?:[,;/]|,?\s*\b(?:and|or|and/or)\b)\s*(?:an?\s|the\s)?", re.IGNORECASE)


def of_variable(name: str, value: Value) -> Value:
    """Return the value with the unit that its variable's name says, where it prints none.

    "ECOG 0-1" is a score, a ratio has the unit ``1``. "G/L" is 10^9/L of cells, g/L of a protein;
    of another variable it may be either, and is none.
    """
    if value.unit_text in ("G/L", "G/l"):
        return _giga(name, value)
    if (value.unit or "").startswith("U/") and "alcohol" in name.lower():
        return replace(value, unit="{units}" + (value.unit or "")[1:])
    bounded = value.low is not None or value.high is not None or value.set
    if value.unit or value.relative_to or not bounded:
        return value
    unit = _said(name)
    return replace(value, unit=unit) if unit in _UNPRINTED else value


def _giga(name: str, value: Value) -> Value:
    term = terms.lookup(name)
    units = term.units if term else ()
    if "10*9/L" in units:
        return value
    if any(_GRAMS.match(dimension(unit)) for unit in units):
        return replace(value, unit="g/L")
    return replace(value, unit=None, unit_text=None)


def _said(name: str) -> str | None:
    """Return the unit of a variable by its name, by its last word ("HF NYHA"), by its kind."""
    term = terms.lookup(name)
    if term is None and name.split()[-1].isupper():
        term = terms.lookup(name.split()[-1])
    if term:
        return term.unit or ("1" if _RATIO.search(name) else None)
    if _SCORE.search(name):
        return "{score}"
    return "1" if _RATIO.search(name) else None


def share_unit(values: Sequence[Value]) -> tuple[Value, ...]:
    """Give the unit printed once to the bounds of the same variable that print none."""
    units = {v.unit for v in values if v.unit} - SCALE_UNITS
    if len(units) != 1:
        return tuple(values)
    unit = units.pop()
    return tuple(
        replace(v, unit=unit)
        if v.unit is None and v.relative_to is None and v.text_value is None
        else v
        for v in values
    )


def share_between(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Give the unit printed for one variable to its neighbour of the same dimension.

    "SBP ≥ 130 or DBP ≥ 85 mmHg": both are pressures, and the unit is printed once.
    """
    result = list(mentions)
    for n, (a, b) in enumerate(pairwise(mentions)):
        if len(a.values) != 1 or len(b.values) != 1 or a.label is not b.label:
            continue
        if a.label is not Label.MEASUREMENT or not _adjoin(text, a, b):
            continue
        first, second = a.values[0], b.values[0]
        if _takes(a, first, second):
            result[n] = replace(a, values=(_given(first, second),))
        elif _takes(b, second, first):
            result[n + 1] = replace(b, values=(_given(second, first),))
    return result


def _adjoin(text: str, a: Mention, b: Mention) -> bool:
    """Tell whether one variable and its bound stand right behind the other's."""
    end = a.values[0].end
    return a.end <= end <= b.start and _BETWEEN.fullmatch(text, end, b.start) is not None


def _takes(mention: Mention, value: Value, other: Value) -> bool:
    """Tell whether a bound without a unit is in the other's: its variable is measured in that."""
    if value.unit or value.relative_to or value.text_value or other.relative_to:
        return False
    term = terms.lookup(mention.text)
    return term is not None and other.unit is not None and other.unit in term.units


def _given(value: Value, other: Value) -> Value:
    return replace(value, unit=other.unit, unit_text=other.unit_text)
