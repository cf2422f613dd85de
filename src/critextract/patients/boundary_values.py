"""Results at the edges of a mention's values: below a bound, at it, above it, in other units.

`results_of` makes them, `truth_of` says by the bound's closedness alone whether a value allows
one: what the result means in the printed unit is known from how it was made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from critextract.conversions import convert, implausible
from critextract.errors import UnitError
from critextract.intervals import number_text
from critextract.patients.boundary_facts import join_truths
from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, Truth
from critextract.schema import Value
from critextract.terms import lookup

Form = Literal["number", "alternative", "multiple", "stage", "word", "range", "unknown"]
Kind = Literal["number", "multiple", "predicted", "baseline", "mean", "stage", "word", "mixed"]

SCALES = frozenset({"{stage}", "{grade}", "{class}", "{score}"})

LIMITS = Decimal(10), Decimal(40)
"""Reference range that results are recorded with where a bound multiplies a limit of normal."""

BASELINE = Decimal(100)
"""Result at baseline where a bound multiplies it."""

_OPPOSITE = {
    "positive": "negative", "negative": "positive", "present": "absent", "absent": "present",
    "normal": "abnormal", "abnormal": "normal", "elevated": "normal", "low": "normal",
    "detectable": "undetectable", "undetectable": "detectable",
}  # fmt: skip
"""A result in words that is certainly not what is asked for."""

_UNITS = (
    "g/L", "mg/dL", "mg/L", "ug/mL", "ng/mL", "umol/L", "mmol/L", "nmol/L", "10*9/L", "10*3/uL",
    "/uL", "10*12/L", "mmol/mol", "%", "kPa", "mm[Hg]", "kg", "g", "cm", "m", "mm", "mL", "L",
    "Cel", "[degF]", "min", "h", "s", "d", "mo", "wk", "m[IU]/mL", "[IU]/L", "mg", "ug",
)  # fmt: skip
"""Units of records that a bound's unit may be converted to, the likely ones first."""

_STAGE = re.compile(r"([0-9]{1,2})\s*([A-Ea-e]?)[0-9]?")


class Result(NamedTuple):
    """A result as recorded, and what it means.

    means : the number in the unit of the bound (or of its alternative); of a stage, its number.
    """

    what: str
    value: Decimal | str | None
    unit: str | None = None
    ref_low: Decimal | None = None
    ref_high: Decimal | None = None
    form: Form = "number"
    means: Decimal = Decimal(0)
    letter: str = ""


def kind_of_values(values: Sequence[Value]) -> Kind:
    """Return what sort of results the values of a mention ask for; ``mixed``: more than one."""
    kinds = {_kind(value) for value in values}
    units = {value.unit for value in values}
    if len(kinds) > 1 or (len(units) > 1 and kinds != {"word"}):
        return "mixed"
    return kinds.pop() if kinds else "mixed"


def _kind(value: Value) -> Kind:
    if value.relative_to in ("ULN", "LLN"):
        return "multiple"
    if value.relative_to is not None:
        named: dict[str, Kind] = {"predicted": "predicted", "baseline": "baseline"}
        return named.get(value.relative_to, "mean")
    if value.low is None and value.high is None and value.set is None:
        return "word" if value.unit is None else "mixed"
    return "stage" if value.unit in SCALES else "number"


def results_of(values: Sequence[Value], name: str) -> list[Result]:
    """Return results at the edges of the values, the telling ones first; empty where none is made.

    values : of all cases of a mention, so that every case is asked at the edges of the others.
    """
    kind = kind_of_values(values)
    makers = {
        "number": _numbers, "stage": _stages, "multiple": _multiples, "word": _words,
        "predicted": _predicted, "baseline": _of_baseline, "mean": _of_mean,
    }  # fmt: skip
    made = makers[kind](values, name) if kind in makers else iter(())
    found = list({(r.value, r.unit, r.ref_high): r for r in reversed(list(made))}.values())[::-1]
    if found and kind != "stage":
        found.append(Result("no result recorded", None, form="unknown"))
    return found


# --- truth ------------------------------------------------------------------------------------


def truth_of(values: Sequence[Value], how: str, result: Result, name: str) -> Truth | None:
    """Return whether the values of one case allow a result; None where that is not derived."""
    truths = [_one_truth(value, result, name) for value in values]
    known = [truth for truth in truths if truth is not None]
    return join_truths(known, how) if len(known) == len(truths) else None


def _one_truth(value: Value, result: Result, name: str) -> Truth | None:
    match result.form:
        case "unknown":
            return UNKNOWN
        case "word":
            return _word_truth(value, str(result.value))
        case "range":
            return _range_truth((value.text_value or "").lower(), result)
        case "stage":
            return _stage_truth(value, result)
        case "multiple":
            return _truth(_inside(value, result.means, _size(value)))
        case "alternative":
            if value.alternative is None:
                return None
            return _truth(_inside(value.alternative, result.means, Decimal(1)))
    if result.unit and isinstance(result.value, Decimal):
        odd = implausible(result.value, result.unit, name)
        if odd and value.relative_to is None:
            return UNKNOWN
    return _truth(_inside(value, result.means, Decimal(1)))


def _truth(inside: bool) -> Truth:
    return TRUE if inside else FALSE


def _inside(value: Value, number: Decimal, size: Decimal) -> bool:
    """Tell whether a number lies within bounds that are multiplied by `size`."""
    if value.set is not None:
        return any(number == member * size for member in value.set)
    if value.low is not None:
        least = value.low * size
        if number < least or (number == least and not value.low_closed):
            return False
    if value.high is not None:
        most = value.high * size
        if number > most or (number == most and not value.high_closed):
            return False
    return True


def _size(value: Value) -> Decimal:
    """Return the number that a bound relative to something multiplies."""
    limit = {"LLN": LIMITS[0], "ULN": LIMITS[1]}.get(value.relative_to or "", BASELINE)
    return limit / 100 if value.unit == "%" else limit


def _word_truth(value: Value, word: str) -> Truth | None:
    asked = (value.text_value or "").lower()
    if asked == word.lower():
        return TRUE
    return FALSE if _OPPOSITE.get(asked) == word else None


def _range_truth(asked: str, result: Result) -> Truth | None:
    low, high = LIMITS
    above, below = result.means > high, result.means < low
    held = {"elevated": above, "low": below, "normal": not above and not below,
            "abnormal": above or below}  # fmt: skip
    return _truth(held[asked]) if asked in held else None


def _stage_truth(value: Value, result: Result) -> Truth | None:
    """Compare numbers, and letters where one is printed and the numbers are the same."""
    ends = [_STAGE.fullmatch(end) for end in (value.text_value or "").split("-")]
    letters = {Decimal(end[1]): end[2].upper() for end in ends if end and end[2]}
    if not letters:
        return _truth(_inside(value, result.means, Decimal(1)))
    if value.set is not None or None in ends:
        return None
    letter = letters.get(result.means, "")
    if not letter:
        return _truth(_inside(value, result.means, Decimal(1)))
    if not result.letter:
        return UNKNOWN
    low_ok = value.low != result.means or result.letter >= letter
    high_ok = value.high != result.means or result.letter <= letter
    inside = _inside(value, result.means, Decimal(1))
    return _truth(inside and low_ok and high_ok)


# --- numbers ----------------------------------------------------------------------------------


def _step(bound: Decimal) -> Decimal:
    """Return one step of the last printed decimal."""
    exponent = bound.as_tuple().exponent
    return Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0)


def _bounds(values: Sequence[Value]) -> list[Decimal]:
    """Return the bounds of values, each once."""
    bounds = [b for v in values for b in (v.low, v.high, *(v.set or ())) if b is not None]
    return list(dict.fromkeys(bounds))


def _edges(values: Sequence[Value]) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Yield below, at and above each bound, as words, the number of steps, and the number.

    Nothing below zero, unless a bound is.
    """
    bounds = _bounds(values)
    least = min([Decimal(0), *bounds])
    for bound in bounds:
        step, text = _step(bound), number_text(bound)
        for words, sign in (("at", 0), ("below", -1), ("above", 1)):
            number = bound + sign * step
            if number >= least:
                yield f"{words} {text}", Decimal(sign), number


def _numbers(values: Sequence[Value], name: str) -> Iterator[Result]:
    unit = values[0].unit
    if unit is None:
        for what, _, number in _edges(values):
            yield Result(f"{what}; the criterion prints no unit", number, "1", form="unknown")
        return
    edges = list(_edges(values))
    for what, _, number in edges:
        yield Result(what, number, unit, means=number)
    yield from _alternatives(values)
    number = edges[0][2]
    if unit != "1":
        yield Result(f"{number_text(number)} without a unit", number, None, form="unknown")
    strange = "kg" if unit in ("Cel", "[degF]", "K") else "Cel"
    what = f"{number_text(number)} in a unit that cannot be converted"
    yield Result(what, number, strange, form="unknown")
    printed = {unit, *(v.alternative.unit for v in values if v.alternative)}
    yield from _converted(edges, unit, printed, name)


def _converted(
    edges: Sequence[tuple[str, Decimal, Decimal]], unit: str, printed: set[str | None], name: str
) -> Iterator[Result]:
    """Yield the numbers beside a bound in another unit, one that the criterion does not print."""
    term = lookup(name)
    for other in (*(term.units if term else ()), *_UNITS):
        if other in printed or unit == "1":
            continue
        try:
            turned = [
                (f"{what}, in {other}", convert(number, unit, other, analyte=name), number)
                for what, sign, number in edges
                if sign
            ]
        except UnitError:
            continue
        turned = [(what, _short(number), means) for what, number, means in turned]
        if turned and turned[0][1] != turned[0][2]:
            for what, number, means in turned[:2]:
                yield Result(what, number, other, means=means)
            return


def _short(number: Decimal) -> Decimal:
    """Return a number with the twelve digits a record may hold."""
    return Decimal(f"{number:.12g}") if number else number


def _alternatives(values: Sequence[Value]) -> Iterator[Result]:
    """Yield the same edges as the criterion prints them in its other unit."""
    others = [value.alternative for value in values if value.alternative is not None]
    units = {other.unit for other in others}
    if len(others) != len(values) or len(units) != 1 or None in units:
        return
    if any(_kind(other) != "number" for other in others):
        return
    unit = units.pop()
    for what, _, number in _edges(others):
        yield Result(f"{what} {unit}", number, unit, form="alternative", means=number)


def _stages(values: Sequence[Value], name: str) -> Iterator[Result]:
    del name
    for what, _, number in _edges(values):
        if number == number.to_integral_value() or values[0].unit == "{score}":
            yield Result(what, number, values[0].unit, form="stage", means=number)
    for value in values:
        for end in (value.text_value or "").split("-"):
            found = _STAGE.fullmatch(end)
            if not found or not found[2]:
                continue
            number = Decimal(found[1])
            for letter in {chr(ord(found[2].upper()) + step) for step in (0, -1, 1)} & set("ABC"):
                stage = f"{found[1]}{letter}"
                yield Result(stage, stage, None, form="stage", means=number, letter=letter)


# --- multiples --------------------------------------------------------------------------------


def _multiples(values: Sequence[Value], name: str) -> Iterator[Result]:
    term = lookup(name)
    unit = term.units[0] if term and term.units else "1"
    low, high = LIMITS
    first = None
    for value in values:
        for what, _, number in _edges([value]):
            means = number * _size(value)
            said = f"{what} x {value.relative_to}"
            first = first or means
            yield Result(said, means, unit, low, high, "multiple", means)
    if first is not None:
        yield Result("no reference range recorded", first, unit, form="unknown")
    if all(value.text_value == "normal" for value in values):
        for word in ("normal", "abnormal"):
            yield Result(f"recorded as {word}", word, form="word")


def _predicted(values: Sequence[Value], name: str) -> Iterator[Result]:
    del name
    if values[0].unit != "%":
        return
    for what, _, number in _edges(values):
        yield Result(f"{what} % of predicted", number, "%{predicted}", means=number)
    yield Result("predicted value not recorded", Decimal(3), "L", form="unknown")


def _of_baseline(values: Sequence[Value], name: str) -> Iterator[Result]:
    term = lookup(name)
    unit = term.units[0] if term and term.units else "1"
    for value in values:
        for what, _, number in _edges([value]):
            means = number * _size(value)
            yield Result(f"{what} x baseline", means, unit, form="multiple", means=means)


def _of_mean(values: Sequence[Value], name: str) -> Iterator[Result]:
    del values, name
    yield Result("mean of normal not recorded", Decimal(3), "1", form="unknown")


# --- words ------------------------------------------------------------------------------------


def _words(values: Sequence[Value], name: str) -> Iterator[Result]:
    term = lookup(name)
    unit = term.units[0] if term and term.units else "1"
    asked = list(dict.fromkeys((value.text_value or "").lower() for value in values))
    for word in filter(None, asked):
        yield Result(f"recorded as {word}", word, form="word")
        if word in _OPPOSITE:
            yield Result(f"recorded as {_OPPOSITE[word]}", _OPPOSITE[word], form="word")
    if set(asked) <= {"elevated", "low", "normal", "abnormal"}:
        low, high = LIMITS
        for what, number in (
            ("above the upper limit", high + 1), ("at the upper limit", high),
            ("at the lower limit", low), ("below the lower limit", low - 1),
        ):  # fmt: skip
            yield Result(what, number, unit, low, high, "range", number)
        yield Result("a number without a reference range", high, unit, form="unknown")
