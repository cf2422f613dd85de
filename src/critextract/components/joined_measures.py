"""Numbers that are one bound together: "11 years 9 months", "2 x 2 cm", "ALT <3x, AST <4x ULN"."""

from __future__ import annotations

import re
from dataclasses import replace

from critextract.components.measures import Measure

_THEN = re.compile(r"\s?(?:and|&)?\s?")
_AMOUNT = re.compile(r"\s?(?:of|in)\s(?!age|gestation|pregnancy)")
_TO = re.compile(r"\s?(?:-|–|to|and|through)\s?")
_BY = re.compile(r"\s?[x×*]\s?(?:an?\s)?")
_NEAR = re.compile(r"[^.;]{0,60}")
_PARTS = {("a", "mo"): 12, ("a", "wk"): 52, ("wk", "d"): 7, ("h", "min"): 60}
"""How many of the second unit make one of the first."""
_LENGTHS = frozenset({"mm", "cm", "m", "um"})


def join_measures(low: str, measures: list[Measure]) -> list[Measure]:
    """Return the measures, those that say one number together as one.

    Parameters
    ----------
    low : one criterion's clean text in lower case.
    measures : what `find_measures` found in it, in text order.
    """
    return _share_limits(low, _sizes(low, _lengths(low, measures)))


def _lengths(low: str, measures: list[Measure]) -> list[Measure]:
    """Join a length of time to its smaller part: "11 years 9 months" are 141 months.

    A number that a range joins to it keeps the larger unit: "6 to 11 years 9 months".
    """
    out: list[Measure] = []
    for measure in measures:
        whole = out[-1] if out else None
        part = _PARTS.get((whole.unit or "", measure.unit or "")) if whole else None
        if whole is None or part is None or not _goes_on(low, whole, measure, part):
            out.append(measure)
            continue
        if len(out) > 1 and out[-2].bare and _TO.fullmatch(low, out[-2].end, whole.start):
            out[-2] = replace(out[-2], unit=whole.unit, unit_text=whole.unit_text)
        value = whole.value * part + measure.value
        out[-1] = replace(
            measure, start=whole.start, number=whole.number, value=value, opener=whole.opener
        )
    return out


def _goes_on(low: str, whole: Measure, part: Measure, most: int) -> bool:
    plain = not (whole.closer or part.opener or whole.label) and whole.value == int(whole.value)
    follows = _THEN.fullmatch(low, whole.end, part.start) and not _AMOUNT.match(low, part.end)
    return plain and part.value < most and bool(follows)


def _sizes(low: str, measures: list[Measure]) -> list[Measure]:
    """Join the sides of a square: "at least 2 cm x 2 cm" is at least 2 cm.

    Sides of different lengths bound two things at once, which no value can: they are left out.
    """
    out: list[Measure] = []
    for side in reversed(measures):
        if not (out and _is_side(low, side, out[-1])):
            out.append(side)
            continue
        square = side.value == out[-1].value
        out[-1] = replace(
            out[-1], start=side.start, opener=side.opener, value=side.value, label=not square
        )
    return [m for m in out[::-1] if not (m.label and m.unit in _LENGTHS)]


def _is_side(low: str, side: Measure, measure: Measure) -> bool:
    long = measure.unit in _LENGTHS and side.unit in (None, measure.unit)
    plain = not (measure.opener or side.closer or side.relative_to)
    return long and plain and _BY.fullmatch(low, side.end, measure.start) is not None


def _share_limits(low: str, measures: list[Measure]) -> list[Measure]:
    """Give the limit that is printed once to the multiples before it: "ALT <3x, AST <4x ULN".

    A multiple of nothing is left out.
    """
    out: list[Measure] = []
    for measure in reversed(measures):
        dangling = measure.number.style == "digits" and low[measure.end - 1] in "x×"
        if not (dangling and measure.opener and measure.bare):
            out.append(measure)
            continue
        limit = out[-1].relative_to if out else None
        if limit and _NEAR.fullmatch(low, measure.end, out[-1].start):
            out.append(replace(measure, relative_to=limit))
    return out[::-1]
