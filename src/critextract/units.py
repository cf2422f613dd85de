"""Units: written form -> UCUM code and dimension. The table is ``lexicons/units.tsv``.

A written unit is a product of table forms divided by others: "mg/dL", "cells per cubic
millimeter", "mL/min/1.73 m2". What is counted leaves no trace where something divides it, so that
counts compare ("cells/mm3" is ``/mm3``); copies keep theirs (``{copies}/mL``).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from critextract.lexicons import read_rows

_ROWS = read_rows("units.tsv")
_EXACT = {form: code for code, _, _, forms in _ROWS for form in forms.split("|")}
_LOWER: dict[str, str] = {}
for _form, _code in _EXACT.items():
    _LOWER.setdefault(_form.lower(), _code)
_DIMENSION = {code: dimension for code, dimension, _, _ in _ROWS}
_FACTOR = {code: Decimal(factor) for code, _, factor, _ in _ROWS if factor}

TIME_CODES = frozenset({"ms", "s", "min", "h", "d", "wk", "mo", "a"})
"""Codes that are lengths of time."""

TIME_WORDS = {
    "s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month",
    "a": "year", "{half_life}": "half-life", "{cycle}": "cycle", "{visit}": "visit",
}  # fmt: skip
"""Units of windows in English."""

_UNSAID = frozenset({"1", "{score}", "{class}", "{stage}", "{grade}"})
"""Units that are not said behind a number."""

_SILENT = frozenset({"{cells}", "{times}", "{beats}", "{breaths}", "{episodes}"})
"""Counted things that are left out in front of a denominator."""

_AMBIGUOUS = frozenset({"G/L", "T/L"})
"""Written forms that mean different things to different writers; never guessed."""

_DENOMINATORS = frozenset(
    {"mm3", "uL", "nL", "mL", "L", "dL", "m2", "cm2", "kg", "g", "mg", "mol", "mmol", "[HPF]"}
    | TIME_CODES
)
"""Codes that may follow "/" without anything in front: "5,000/mm3", "3/week"."""


def _alternatives(forms: list[str]) -> str:
    """Return a pattern of the forms, the longest first, tried by their first letter."""
    by_letter: dict[str, list[str]] = {}
    for form in sorted(forms, key=lambda form: (-len(form), form)):
        by_letter.setdefault(form[0].lower(), []).append(
            re.escape(form[1:])
            + ("(?![A-Za-zμ])" if form[-1].isalpha() else "")
            + ("(?!\\d)" if form[-1].isdigit() else "")
        )
    return "|".join(f"{re.escape(char)}(?:{'|'.join(f)})" for char, f in by_letter.items())


_FORM = f"(?:{_alternatives(list(_EXACT))})"
_COMPONENT = re.compile(_FORM, re.IGNORECASE)
_BODY_SURFACE = re.compile(
    r"\s?(?:\(?\s?(?:/|per)\s?)\s?\(?1[.,·]73\s?(?:m\s?\^?\(?[2²]\)?|m(?![a-z])|sq\.? ?m"
    r"|square met(?:er|re)s?"
    r"|met(?:er|re)s? squared)?(?:\s?BSA)?\)?(?![\d])",
    re.IGNORECASE,
)
_DIVIDE = re.compile(
    r"\s?/\s?|\s(?:per|a|an|each|every|in)\s(?:a\s)?|\sper\s?/\s?|\.(?=m-?[2²])", re.IGNORECASE
)
_MULTIPLIER = re.compile(r"100\s?(?=m[lL]|cc)|24[\s-]?(?=h)|1\s(?=[a-z])|one\s", re.IGNORECASE)
_ADVERB = re.compile(
    r"\s(daily|weekly|monthly|yearly|hourly)(?![a-z])|\s?q\.?d\.?(?![a-z])", re.IGNORECASE
)
_ADVERBS = {"daily": "d", "weekly": "wk", "monthly": "mo", "yearly": "a", "hourly": "h"}
_MINUS = re.compile(r"[\s.·]?(m|L|kg|min|s|h|d)\s?(?:-([12])|⁻([¹²]))", re.IGNORECASE)
_POWER = re.compile(
    r"(?:(k)(?=/|\s?cells|[\s.,;)](?!/)|$)|(thousand|thous|thou|k)(?=\s?/|\s?per\s|\s?cells|\s?platelets|\s?[cμu]\.?l)"
    r"|(million|mill|mio|millions)(?![a-z])|(billion)(?![a-z])|(giga|gpt|gig)(?=/))\s?",
    re.IGNORECASE,
)
_POWERS = (3, 3, 6, 9, 9)


_UNKNOWN_BELOW = re.compile(r"/[A-Za-zμ]|\sper\s[A-Za-z]")
"""A denominator that was not read: the unit as a whole is then unknown."""


class WrittenUnit(NamedTuple):
    """A unit read at a place of a text: where it ends, its UCUM code (power of ten left out).

    power : 3 for "K/μL", 6 for "million", None where no multiplier is written.
    """

    end: int
    code: str
    power: int | None = None


def _component(text: str, pos: int) -> tuple[int, str] | None:
    found = _COMPONENT.match(text, pos)
    if not found:
        return None
    form = found.group()
    code = _EXACT.get(form)
    if code is None and len(form) == 1 and form not in "lu" and text[found.end() :][:1] != "/":
        return None  # D is no day, M no metre
    code = code or _LOWER.get(form.lower())
    return None if code is None else (found.end(), code)


def _denominators(text: str, pos: int) -> tuple[int, list[str]]:
    """Read "/dL", " per kg per day", "/24 h", "·min-1" from `pos` on."""
    codes: list[str] = []
    while len(codes) < 4:
        surface = _BODY_SURFACE.match(text, pos)
        if surface:
            codes.append("{1.73_m2}")
            pos = surface.end()
            continue
        step = _denominator(text, pos)
        if step is None:
            return pos, codes
        pos = step[0]
        codes.append(step[1])
    return pos, codes


def _denominator(text: str, pos: int) -> tuple[int, str] | None:
    adverb = _ADVERB.match(text, pos)
    if adverb:
        return adverb.end(), _ADVERBS.get((adverb[1] or "daily").lower(), "d")
    inverse = _MINUS.match(text, pos)
    if inverse:
        code = _LOWER[inverse[1].lower()]
        return inverse.end(), code + ("2" if (inverse[2] or inverse[3]) in "2²" else "")
    divide = _DIVIDE.match(text, pos)
    if not divide:
        return None
    pos = divide.end()
    factor = _MULTIPLIER.match(text, pos)
    found = _component(text, factor.end() if factor else pos)
    if found is None:
        return None
    end, code = found
    if factor and factor.group().startswith("100"):
        code = {"mL": "dL"}.get(code, code)
    elif factor and factor.group().startswith("24"):
        code = "d" if code == "h" else code
    if code in {"{copies}", "{times}", "%", "{cells}"} or (
        divide.group().strip().lower() in {"a", "an", "in", "each", "every"}
        and code not in TIME_CODES
    ):
        return None
    return end, code


def match_unit(text: str, pos: int) -> WrittenUnit | None:
    """Read the longest unit of `text` at `pos`, after at most one space; None if there is none.

    Examples: "mg/dL" -> ``mg/dL``; "K/μL" -> ``/uL`` with power 3; "cells/mm3" -> ``/mm3``;
    "mL/min/1.73 m2" -> ``mL/min/{1.73_m2}``; "beats per minute" -> ``/min``.
    """
    start = pos + text.startswith(" ", pos)
    power_match = _POWER.match(text, start)
    power = None
    if power_match:
        power = _POWERS[next(n for n, group in enumerate(power_match.groups()) if group)]
        start = power_match.end()
    head = None if _MINUS.match(text, start) else _component(text, start)  # "h-1" is 1/h
    end, code = head if head else (start, "")
    end, below = _denominators(text, end)
    if not head and not below and start > pos:
        end, below = _denominators(text, start - 1)
    if _UNKNOWN_BELOW.match(text, end) or (not below and code in _SILENT and code != "{cells}"):
        return None
    if not head and (not below or below[0] not in _DENOMINATORS):
        if power_match and (power != 3 or text[power_match.start()] == "K"):
            return WrittenUnit(power_match.end(), "", power)
        return None
    if text[start:end] in _AMBIGUOUS:
        return None
    if below and code in _SILENT:
        code = ""
    return WrittenUnit(end, "/".join([code, *below]) if below else code, power)


def with_power(code: str, power: int | None) -> str:
    """Return the UCUM code with its power of ten: ``10*9/L``, ``10*6.{copies}/mL``, ``10*6``."""
    if power is None:
        return code
    head = f"10*{power}"
    if code in _SILENT:
        return head
    return head + code if not code or code.startswith("/") else f"{head}.{code}"


def to_ucum(written: str) -> str | None:
    """Return the UCUM code of a written unit, None where it is not known or ambiguous.

    Parameters
    ----------
    written : the unit alone, as printed and cleaned: "mg/dl", "x 10^9/L", "K/μL", "cells/mm3".
    """
    written = " " + written.strip()  # as behind a number
    found = match_unit(written, 0)
    if found is None or found.end != len(written):
        return None
    return with_power(found.code, found.power)


def dimension(code: str) -> str:
    """Return the dimension of a UCUM code of the table: ``mass/volume``; ``""`` if unknown."""
    parts = re.sub(r"^10\*\d+\.?", "", code).split("/")
    return "/".join(_DIMENSION.get(part, "") for part in parts)


def factor(code: str) -> Decimal | None:
    """Return the size of a unit in its dimension's base unit, None where it is not known.

    Only codes of one dimension compare: ``10*9/L`` and ``/mm3``, ``mg/dL`` and ``g/L``.
    """
    power = re.match(r"10\*(\d+)\.?", code)
    size = Decimal(10) ** int(power[1]) if power else Decimal(1)
    head, *below = code[power.end() if power else 0 :].split("/")
    for place, part in enumerate([head, *below]):
        if part == "" and place == 0:
            continue
        known = _FACTOR.get(part)
        if known is None:
            return None
        size = size * known if place == 0 else size / known
    return size


def unit_words(unit: str | None, *, one: bool = False) -> str:
    """Return how a unit is read behind a number: ``a`` is "years", or "year" behind one.

    Remarks in braces are read too: ``mL/min/{1.73_m2}`` is "mL/min/1.73 m2". A scale has no words.
    """
    if unit is None or unit in _UNSAID:
        return ""
    if unit not in TIME_WORDS:
        return re.sub(r"\{(.*?)\}", lambda remark: remark[1].replace("_", " "), unit)
    word = TIME_WORDS[unit]
    if one:
        return word
    return "half-lives" if word == "half-life" else f"{word}s"
