"""Lengths of time: "6 months", "2 to 4 weeks", "six (6) months", "5 half-lives", "past year".

A length is a number and a unit and nothing more; what it means is for `temporal` to read from the
words beside it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from critextract.components.numbers import NUMBER, read_number
from critextract.components.tables import read_table


@dataclass(frozen=True, slots=True)
class Length:
    """A printed length of time.

    low, high : equal, but for a range ("2-4 weeks"); in `unit`, a UCUM code.
    article : the number is "a", "an", or left out ("past year").
    inner : a word between number and unit ("6 previous months").
    plus : "6+ months".
    """

    start: int
    end: int
    low: Decimal
    high: Decimal
    unit: str
    article: bool = False
    inner: str = ""
    plus: bool = False


_INNER = (
    r"(?:(?:full|calendar|consecutive|complete|continuous|business|working|study|additional|more|"
    r"cumulative|successive|entire|elimination|plasma|terminal|drug|pk|serum|biological|effective|"
    r"x|times|times the|of the|(?P<inner>previous|past|prior|preceding|last|following|recent))[ -]"
    r"){0,2}"
)
_TO = r" ?(?:-|–|—|to|~|or|and|through|up to) ?"
_RELATIVE = (
    "past|last|previous|prior|preceding|next|following|coming|recent|subsequent|a|an|the|this|"
    "calendar|full|whole|entire"
)


_EDGE = r"(?:(?<=than)|(?<=s/)|(?<![a-z0-9.,/^+]))"
_NUMBER = re.compile(_EDGE + NUMBER)
_BETWEEN = re.compile(r"\bbetween\W*$")
_HINT = re.compile(
    r"day|week|month|year|hour|min|sec|half|cycle|wk|mo|hr|yr|mth|mnth|(?<=[\d½) -])[hdy](?![a-z])"
)
_REACH = 80
"""A number stands at most so many characters before its unit."""
_LISTED = re.compile(r"\d ?(?:and|to|&|/|-|–) ?$")
"""Before a number: it is the last of several, which are no single length."""


@cache
def _units() -> tuple[str, dict[str, re.Pattern[str]]]:
    rows = read_table("time_units")
    patterns: dict[str, list[str]] = {}
    for row in rows:
        patterns.setdefault(row["unit"], []).append(row["pattern"])
    every = "|".join(row["pattern"] for row in rows)
    each = {unit: re.compile("|".join(p)) for unit, p in patterns.items()}
    return every, each


@cache
def _grammar() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    unit = rf"(?:{_units()[0]})(?![a-z0-9])(?:\(s\)|'(?!s))?"
    number = rf"{_EDGE}(?P<n1>{NUMBER})(?P<plus> ?\+| or (?:more|longer|greater))?"
    single = rf"{number}[ -]?{_INNER}(?P<u>{unit})"
    ranged = rf"{number}(?:[ -]?(?P<u1>{unit}))?(?P<to>{_TO})(?P<n2>{NUMBER})[ -]?(?P<u>{unit})"
    one = rf"(?<![a-z0-9-])(?:{_RELATIVE})[ -](?P<u>hour|day|week|month|year)(?![a-z0-9])"
    return re.compile(single), re.compile(ranged), re.compile(one)


def unit_code(text: str) -> str | None:
    """Return the UCUM code of a printed unit of time, None for any other word."""
    bare = text.removesuffix("(s)").rstrip("'")
    return next((code for code, p in _units()[1].items() if p.fullmatch(bare)), None)


def _range(text: str, match: re.Match[str]) -> Length | None:
    low, high = read_number(match["n1"]), read_number(match["n2"])
    unit = unit_code(match["u"])
    first = unit_code(match["u1"]) if match["u1"] else unit
    if low is None or high is None or unit is None or first != unit or low >= high:
        return None
    if match["to"].strip() == "and" and not _BETWEEN.search(text[: match.start()][-20:]):
        return None  # "3 and 6 months" alone are two points
    return Length(match.start(), match.end(), low, high, unit)


def _single(match: re.Match[str]) -> Length | None:
    number, unit = read_number(match["n1"]), unit_code(match["u"])
    if number is None or unit is None or match[0].startswith("half of"):
        return None  # "half of the days" is a part
    inner = match["inner"] or ""
    plus = match["plus"] is not None
    return Length(match.start(), match.end(), number, number, unit, inner=inner, plus=plus)


def find_lengths(text: str) -> list[Length]:
    """Return the lengths of time printed in lower-case `text`, in order, without overlaps."""
    hints = [match.start() for match in _HINT.finditer(text)]
    if not hints:
        return []
    found = list(_counted(text, hints))
    taken = bytearray(len(text))
    for length in found:
        taken[length.start : length.end] = b"\1" * (length.end - length.start)
    for match in _grammar()[2].finditer(text):
        start, end = match.span("u")
        unit = unit_code(match["u"])
        if unit is not None and not any(taken[match.start() : end]):
            found.append(Length(start, end, Decimal(1), Decimal(1), unit, article=True))
    return sorted(found, key=lambda length: length.start)


def _counted(text: str, hints: list[int]) -> Iterator[Length]:
    position = 0
    for anchor in _NUMBER.finditer(text):
        start = anchor.start()
        nearest = bisect_left(hints, anchor.end() - 1)
        if nearest == len(hints):
            return
        if (
            start < position
            or hints[nearest] > start + _REACH
            or _LISTED.search(text[max(0, start - 12) : start])
        ):
            continue
        length = _length_at(text, start)
        if length is not None:
            yield length
            position = length.end


def _length_at(text: str, start: int) -> Length | None:
    single, ranged, _ = _grammar()
    if (match := ranged.match(text, start)) and (length := _range(text, match)):
        return length
    if match := single.match(text, start):
        return _single(match)
    return None
