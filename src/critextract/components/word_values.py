"""Values in words: "positive", "elevated", "within normal limits", "> ULN"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from critextract.components import limits
from critextract.components.comparators import Comparator, before
from critextract.components.drafts import Quantity
from critextract.components.ranges import bounds, op_of
from critextract.lexicon import Words
from critextract.lexicons import read_rows
from critextract.schema import RelativeTo, Value

_TEXT_VALUES = {row[0]: row[1] for row in read_rows("word_values.tsv")}
_WORD = Words(
    re.compile(
        "(?:" + "|".join(map(re.escape, sorted(_TEXT_VALUES, key=len, reverse=True))) + r")(?![\w])"
    )
)
_BEHIND = {
    "low": re.compile(
        r"[\s-](?:birth\s?-?weight|back|molecular|grade|dose|density|income|risk|calorie|fat|carb|sodium"
        r"|protein diet|cardiac output|anterior|vision|level of)(?![a-z])"
    ),
    "positive": re.compile(
        r"[\s-](?:airway|(?:end[\s-])?expiratory|pressure|end[\s-]|predictive)(?![a-z]*\stest)"
        r"|\sand\snegative\s(?:syndrome|symptom|affect)"
    ),
    "reactive": re.compile(
        r"\s(?:airways?|arthritis|depression|hypoglyc|pupils?|gliosis|lymph|thrombocyt|gastr)"
    ),
    "negative": re.compile(r"[\s-](?:pressure|syndrome|symptoms?|affect)(?![a-z])"),
    "normal": re.compile(
        r"\s(?:volunteers?|donors?|subjects?|controls?|saline|organs?|tissues?)(?![a-z])"
    ),
}
"""Behind the word: it is a part of a name, "low birth weight", "normal volunteers"."""
_OF_NAME = re.compile(r"(?:(?:triple|double|gram|rh|rhesus|false)|(?<![a-z])(?:c|at))[\s-]$")
"""Before the word: it is a part of a name ("C-reactive protein"), or of a time ("at present")."""
_SIGN = re.compile(
    r"(?<=[a-z]{2})(?<![^a-z](?:na|ca|mg|li|cu|zn))(?<!^na)(?:\+(?=[\s,;.)]|$)|\s\+(?=\s?[,;.()]|\s?$))"
)
"""Positive by sign: "HBsAg+"; no sum ("A + B"), no ion ("Na+"), no cell ("CD19+")."""
_OR = re.compile(r"\s(?:or|and|and/or)\s(?:(?:the|an?|its|their)\s)?")
_ONE = Decimal(1)
_LETTERED = Words(
    re.compile(
        r"(?<![a-z])(?:child(?:-|\s|–)?(?:turcotte(?:-|\s|–)?)?pugh|ctp|bclc|binet)(?:['’]s)?"
        r"(?:[\s:(-]+(?:liver|disease|cirrhosis|class(?:ification)?|score|grade|stage|status|category"
        r"|of|is|[=:(]))*[\s:(-]*(?P<letters>[abcd](?![a-z0-9'’])(?:\s?(?:,|/|-|or|and|to)\s?"
        r"(?:(?:class|stage|grade)\s)?[abcd](?![a-z0-9'’]))*)"
    )
)
_LETTER = re.compile(r"(?<![a-z])[abcd](?![a-z])")


def find_letters(low: str) -> list[Quantity]:
    """Return the letters of scales that count by letters, each on the characters of them all."""
    return [
        Quantity(Value(*found.span("letters"), text_value=letter.upper()), "word")
        for found in _LETTERED.finditer(low)
        for letter in _LETTER.findall(found["letters"])
    ]


def find_words(low: str) -> list[Quantity]:
    """Return the word values of a text, each with its `text_value`."""
    words = [
        Quantity(Value(m.start(), m.end(), text_value=_TEXT_VALUES[m.group()]), "word")
        for m in _WORD.finditer(low)
        if not (m.start() and (low[m.start() - 1].isalnum() or low[m.start() - 1] == "_"))
        and not (m.group() in _BEHIND and _BEHIND[m.group()].match(low, m.end()))
        and not _OF_NAME.search(low, max(0, m.start() - 8), m.start())
    ]
    signs = _SIGN.finditer(low) if "+" in low else ()
    return words + [
        Quantity(Value(m.end() - 1, m.end(), text_value="positive"), "word") for m in signs
    ]


def find_within_limits(low: str) -> list[Quantity]:
    """Return "within normal limits": at least LLN and at most ULN, two values on one place."""
    found = []
    for start, end in limits.find_within(low):
        lower = Value(start, end, low=_ONE, low_closed=True, text_value="normal", relative_to="LLN")
        upper = Value(
            start, end, high=_ONE, high_closed=True, text_value="normal", relative_to="ULN"
        )
        found += [Quantity(lower, "comparison"), Quantity(upper, "comparison")]
    return found


def _again(low: str, start: int, bounded: Sequence[Quantity]) -> Comparator | None:
    """Return the comparator of the bound before a limit: "below 50 % or the lower limit"."""
    for quantity in bounded:
        value = quantity.value
        one = quantity.kind == "comparison" and (value.low is None) != (value.high is None)
        if one and _OR.fullmatch(low, value.end, start):
            return Comparator(start, start, op_of(value))
    return None


def find_limits(low: str, bounded: Sequence[Quantity] = ()) -> list[Quantity]:
    """Return the bounds that are a limit of normal itself: "> ULN", "below the LLN".

    bounded : the values read before, one of which may say the comparator.
    """
    found = []
    for start, end, name in limits.find_bare(low):
        opener = before(low, start) or (None if name == "normal" else _again(low, start, bounded))
        if opener is None or opener.op not in ("<", "<=", ">", ">="):
            continue
        relative: RelativeTo = "LLN" if name == "LLN" else "ULN"
        if name == "normal" and opener.op in ("<", ">="):  # "below normal", "at least normal"
            relative = "LLN"
        value = Value(
            opener.start, end, **bounds(opener.op, _ONE), relative_to=relative,  # type: ignore[arg-type]
        )  # fmt: skip
        found.append(Quantity(value, "comparison"))
    return found
