"""Numbers of a time expression: digits, words, halves, "six (6)", "a couple of"."""

from __future__ import annotations

import re
from decimal import Decimal

_UNITS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

WORDS: dict[str, Decimal] = {word: Decimal(n) for n, word in enumerate(_UNITS)}
WORDS |= {word: Decimal(10 * n) for n, word in enumerate(_TENS, start=2)}
WORDS |= {"couple": Decimal(2), "half": Decimal("0.5"), "hundred": Decimal(100)}
"""Number words, one each; compounds ("twenty-four") are sums of two."""

_FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_FRACTIONS |= {"1/2": Decimal("0.5"), "1/4": Decimal("0.25"), "3/4": Decimal("0.75")}

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d{1,6})(?:[.·]\d{1,3})?"
_FRACTION = r"(?:1/2|1/4|3/4|[½¼¾])"
_WORD = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_UNITS[1:10])}))?|{'|'.join(_UNITS[:0:-1])}"
    r"|(?:one )?hundred)(?![a-z])"
)
NUMBER = (
    rf"(?:{_DIGITS}(?:[ -]?{_FRACTION}| and (?:a|one) half)?(?: ?\( ?{_WORD} ?\))?"
    rf"|{_FRACTION}|{_WORD}(?: and (?:a|one) half)?(?: ?\( ?{_DIGITS} ?\))?"
    r"|(?:a )?couple(?: of)?(?![a-z])|(?:one |a )?half(?: an?)?(?![a-z]))"
)
"""Regular expression of one number in lower-case text; read by `read_number`."""

_PRINTED = re.compile(_DIGITS)
_PART = re.compile(_FRACTION)


def _digits(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("·", "."))


def _words(text: str) -> Decimal | None:
    parts = [WORDS[word] for word in re.findall(r"[a-z]+", text) if word in WORDS]
    if parts and parts[-1] == WORDS["hundred"]:
        return parts[-1]
    if parts and parts[-1] == WORDS["half"] and not re.search(r"\band\b", text):
        return parts[-1]  # "one half" is a half
    return sum(parts, Decimal(0)) if parts else None


def read_number(text: str) -> Decimal | None:
    """Return the number that a match of `NUMBER` prints, None where it contradicts itself.

    "six (6)" is 6; "six (8)" is no number that could be trusted, hence None.
    """
    outer, _, inner = text.partition("(")
    number = _outer(outer.strip())
    if not inner:
        return number
    repeated = _outer(inner.rstrip(" )"))
    return number if number == repeated else None


def _outer(text: str) -> Decimal | None:
    if text in _FRACTIONS:
        return _FRACTIONS[text]
    digits = _PRINTED.match(text)
    if digits is None:
        return _words(text)
    rest = text[digits.end() :].strip(" -")
    part = _PART.match(rest)
    extra = _FRACTIONS[part[0]] if part else Decimal("0.5") if "half" in rest else Decimal(0)
    return _digits(digits[0]) + extra
