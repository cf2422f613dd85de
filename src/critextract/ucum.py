"""UCUM codes as exact numbers: a size and powers of base dimensions.

The units are ``lexicons/ucum.tsv``; products, powers, prefixes and brackets are read as UCUM
defines them. What stands in braces is a remark that changes nothing, with these exceptions: what is
counted and is not cells (``{copies}``, ``{drinks}``) is a dimension of its own, and so are scores;
``{1.73_m2}`` is an area; ``{FEU}`` and ``{DDU}`` say in what fibrinogen is counted.

Source: The Unified Code for Units of Measure, version 2.2.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache, lru_cache
from typing import NamedTuple

from critextract.errors import UnitError
from critextract.lexicons import read_rows

Powers = tuple[tuple[str, int], ...]


class Unit(NamedTuple):
    """A size, and the powers of its dimensions by name, those that are not zero."""

    size: Fraction
    powers: Powers

    def power(self, dimension: str) -> int:
        """Return the power of one dimension: 1 of ``g`` in ``mg/dL``."""
        return dict(self.powers).get(dimension, 0)


ONE = Unit(Fraction(1), ())

_PREFIXES = {
    "Y": 24, "Z": 21, "E": 18, "P": 15, "T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "da": 1,
    "d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15, "a": -18, "z": -21, "y": -24,
}  # fmt: skip

SCORE = "{score}"
"""Dimension of points, classes, stages and grades."""

_SCORES = frozenset(
    {"score", "points", "point", "class", "stage", "grade", "ratio", "INR", "index", "pH", "plus"}
)
_SILENT = frozenset(
    {"cells", "cell", "beats", "beat", "breaths", "breath", "times", "episodes", "events"}
    | {"count", "counts", "number", "#", "tot", "total", "platelets", "plt", "rbc", "wbc"}
    | {"neutrophils", "leukocytes", "lymphocytes", "erythrocytes"}
)
_SAME = {"copy": "copies", "cp": "copies", "cycles": "cycle", "half_lives": "half_life"}
_OTHER_FORMS = (
    (re.compile(r"[μµ]"), "u"),
    (re.compile(r"\[iU\]"), "[IU]"),
    (re.compile(r"\{?1\.73[._ ]?\{?m2\}?"), "[1.73_m2]"),
    (re.compile(r"(?<=[A-Za-z\]])\{(FEU|DDU)\}"), r".[\1]"),
)
_TOKEN = re.compile(
    r"(?P<open>\()|(?P<note>\{[^{}]*\})|(?P<ten>10[*^](?P<of_ten>[+-]?\d{1,2})?)|(?P<number>\d+(?:\.\d+(?![*^\d]))?)"
    r"(?![A-Za-z])|(?P<atom>(?:[A-Za-z%']+(?:_j)?|\[[^\[\]]+\])+)(?P<power>[+-]?\d{1,2})?"
)
_REMARKS = re.compile(r"(?:\{[^{}]*\})+")


def _times(a: Unit, b: Unit, power: int = 1) -> Unit:
    powers = dict(a.powers)
    for name, n in b.powers:
        powers[name] = powers.get(name, 0) + n * power
    kept = tuple(sorted((name, n) for name, n in powers.items() if n))
    return Unit(a.size * b.size**power, kept)


@cache
def _definitions() -> dict[str, tuple[bool, str]]:
    return {code: (metric == "yes", made_of) for code, metric, made_of in read_rows("ucum.tsv")}


@cache
def _defined(code: str) -> Unit:
    made_of = _definitions()[code][1]
    if made_of == "base":
        return Unit(Fraction(1), ((code, 1),))
    number, _, unit = made_of.partition(" ")
    return Unit(Fraction(number) * _parse(unit).size, _parse(unit).powers)


def _atom(code: str) -> Unit:
    """Return a unit with or without a prefix."""
    known = _definitions()
    if code in known:
        return _defined(code)
    for length in (2, 1):
        prefix, rest = code[:length], code[length:]
        if prefix in _PREFIXES and known.get(rest, (False,))[0]:
            scaled = _defined(rest)
            return Unit(Fraction(10) ** _PREFIXES[prefix] * scaled.size, scaled.powers)
    raise UnitError(f"unit {code!r} is not known")


def _note(written: str) -> Unit:
    """Return what a remark that stands alone counts."""
    word = written[1:-1].strip()
    if word.lower() in _SILENT:
        return ONE
    if word in _SCORES:
        return Unit(Fraction(1), ((SCORE, 1),))
    return Unit(Fraction(1), (("{" + _SAME.get(word, word) + "}", 1),))


def _component(text: str, pos: int) -> tuple[Unit, int]:
    found = _TOKEN.match(text, pos)
    if found is None:
        raise UnitError(f"unit {text!r}: {text[pos:]!r} is not a UCUM code")
    end = found.end()
    if found["open"]:
        unit, end = _product(text, end)
        if text[end : end + 1] != ")":
            raise UnitError(f"unit {text!r}: a bracket is not closed")
        end += 1
    elif found["note"]:
        return _note(found["note"]), end
    elif found["ten"]:
        unit = Unit(Fraction(10) ** int(found["of_ten"] or 1), ())
    elif found["number"]:
        unit = Unit(Fraction(found["number"]), ())
    else:
        unit = _times(ONE, _atom(found["atom"]), int(found["power"] or 1))
    remarks = _REMARKS.match(text, end)
    return unit, remarks.end() if remarks else end


def _product(text: str, pos: int) -> tuple[Unit, int]:
    result, power = ONE, 1
    if text.startswith("/", pos):
        pos, power = pos + 1, -1
    while True:
        unit, pos = _component(text, pos)
        result = _times(result, unit, power)
        sign = text[pos : pos + 1]
        if sign not in {".", "/"}:
            return result, pos
        power, pos = (1 if sign == "." else -1), pos + 1


def _parse(text: str) -> Unit:
    unit, end = _product(text, 0)
    if end != len(text):
        raise UnitError(f"unit {text!r}: {text[end:]!r} is not a UCUM code")
    return unit


@lru_cache(maxsize=4096)
def parse(code: str) -> Unit:
    """Return size and dimensions of a UCUM code.

    ``1`` and ``{score}`` are units like others; ``Cel`` and ``[degF]`` have no size and are not.

    Raises
    ------
    UnitError : the code, or a part of it, is no UCUM code of the table.
    """
    text = code.strip()
    for pattern, form in _OTHER_FORMS:
        text = pattern.sub(form, text)
    if not text:
        raise UnitError("unit is empty; the unit of no unit is '1'")
    try:
        return _parse(text)
    except (ZeroDivisionError, OverflowError, RecursionError, ValueError):
        raise UnitError(f"unit {code!r:.60} is not a UCUM code") from None
