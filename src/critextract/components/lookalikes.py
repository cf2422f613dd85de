"""Lengths of time that are no windows: ages, life expectancy, frequencies, names of tests."""

from __future__ import annotations

import re
from functools import cache

from critextract.components.lengths import Length
from critextract.components.sides import Left, Right
from critextract.components.tables import read_words


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = read_words("time_words")["lookalikes"]
    forms = {
        "age_left": rf"\b(?:{words['age_word']})\b(?:{words['age_filler']})*$",
        "age_right": rf"[ -]*(?:{words['age_right']})",
        "people": rf"\b(?:{words['people']})[ ,:]*(?:(?:{words['people_filler']})[ ,]*)*$",
        "value_left": rf"\b(?:{words['value_left']})\b[^.;,]{{0,32}}$",
        "value_right": rf"[ -]?(?:{words['value_right']})",
        "rate_left": rf"(?:{words['rate_left']}) ?$",
        "rate_days": rf"(?:{words['rate_days']}) ?$",
        "rate_unit": rf"(?:{words['rate_unit']})",
        "rate_right": rf"(?:{words['rate_right']})",
    }
    return {name: re.compile(pattern) for name, pattern in forms.items()}


_ADULT = frozenset({16, 17, 18, 21})
"""Years that are the age of somebody who may consent, where nothing says otherwise."""

_ITEM = re.compile(r"(?:^|[(,;]|\bto)\s*$")


def is_lookalike(text: str, length: Length, left: Left, right: Right) -> bool:
    """Tell whether a length with these words beside it is something else than a window."""
    patterns = _patterns()
    if _is_age(text, length, left, right):
        return True
    before = text[max(0, left.start - 60) : left.start]
    placed = left.relative or left.preposition == "within" or right.direction
    if not placed and patterns["rate_left"].search(before[-12:]):
        return True
    if not placed and length.unit == "d" and patterns["rate_days"].search(before[-12:]):
        return True  # "on at least one day"
    whole_day = patterns["rate_unit"].fullmatch(text, length.start, length.end)
    if whole_day and left.preposition == "in" and not (placed or right.connector):
        return True  # "2 g of protein in 24 h"
    if patterns["rate_right"].match(text, length.end) and right.end == length.end:
        return True
    if left.relative or left.preposition == "within":
        return patterns["value_left"].search(before[-20:]) is not None and not left.relative
    if patterns["value_left"].search(before):
        return True
    return patterns["value_right"].match(text, length.end) is not None


def _is_age(text: str, length: Length, left: Left, right: Right) -> bool:
    if length.unit not in ("a", "mo", "wk", "d") or left.relative or left.preposition == "within":
        return False
    patterns = _patterns()
    if patterns["age_right"].match(text, length.end) and not right.ago:
        return True
    before = text[max(0, left.start - 80) : left.start]
    if patterns["age_left"].search(before):
        return True
    bare = length.unit == "a" and left.preposition in ("", "between")
    tied = right.connector or right.duration or right.ago
    if bare and not tied and length.low in _ADULT and _ITEM.search(before):
        return True  # "(≥ 18 years in Germany)"
    return bare and not tied and patterns["people"].search(before) is not None
