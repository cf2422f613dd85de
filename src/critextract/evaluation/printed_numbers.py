"""The number a printed string is, as the corpora's annotations print numbers."""

from __future__ import annotations

import re

_UNITS = re.split(
    r"\s+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty",
)
WORDS: dict[str, float] = {
    **{word: float(number) for number, word in enumerate(_UNITS)},
    "a": 1,
    "an": 1,
    "once": 1,
    "single": 1,
    "twice": 2,
    "half": 0.5,
    "twenty-four": 24,
    "thirty": 30,
    "forty": 40,
    "forty-eight": 48,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
    "hundred": 100,
}
"""Words that are one number."""
_ROMAN = {"i": 1.0, "ii": 2.0, "iii": 3.0, "iv": 4.0, "v": 5.0, "vi": 6.0}
_NUMERAL = re.compile(r"([ivx]+)[ab]?")
_FIGURES = re.compile(r"[-+−–]?\s*(?:\d[\d,]*(?:[.·]\d+)?|\.\d+)")
_DOTTED_THOUSANDS = re.compile(r"\d{1,3}\.000")
_COMMA_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_TO_ASCII = str.maketrans({"−": "-", "–": "-", "·": ".", " ": None})
_PRINTED = re.compile(r"\d[\d,.]*\d|\d|[a-zA-Z]+")


def number(printed: str) -> float | None:
    """Return the number a string is; None unless all of it was read, and of one reading.

    ``12,000`` is 12000, ``1,5`` is 1.5, ``III`` and ``IIIb`` are 3, ``two`` is 2; ``50.000``,
    ``10^3`` and ``1/2`` are None.
    """
    text = printed.strip().lower().replace("\u00a0", " ").strip("()%").strip()
    if text in WORDS:
        return float(WORDS[text])
    if numeral := _NUMERAL.fullmatch(text):
        return _ROMAN.get(numeral[1])
    if not _FIGURES.fullmatch(text) or _DOTTED_THOUSANDS.fullmatch(text):
        return None
    text = text.translate(_TO_ASCII)
    text = text.replace(",", "" if _COMMA_THOUSANDS.fullmatch(text) else ".")
    try:
        return float(text)
    except ValueError:  # two commas that mark no thousands
        return None


def numbers_in(text: str) -> frozenset[float]:
    """Return every number a text prints, in each reading: 1,5 as 1.5 and as 15."""
    found = set()
    for printed in _PRINTED.findall(text):
        for reading in (printed, printed.replace(",", ""), re.sub("[.,]", "", printed)):
            if (value := number(reading)) is not None:
                found.add(value)
    return frozenset(found)
