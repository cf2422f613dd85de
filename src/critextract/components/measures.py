"""Measures: a number with what belongs to it: sign, unit, limit of normal, comparators."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from critextract.components import limits
from critextract.components.comparators import Comparator, before, behind, flipped
from critextract.components.numerals import Number, find_numbers
from critextract.lexicons import read_rows
from critextract.schema import RelativeTo
from critextract.units import TIME_CODES, match_unit, with_power

_NAMES = frozenset(row[0] for row in read_rows("number_names.tsv"))
_SCALES = {"stag": "{stage}", "grad": "{grade}", "clas": "{class}"}
_SCALE_BEFORE = re.compile(
    r"(?<![a-z])(?P<scale>stage|grade|class|staging)(?:s|es)?\s?(?:[:=(-]|of|is|at least)?\s?$"
)
_SCALE_BETWEEN = re.compile(r"(?<![a-z])(?P<scale>stage|grade|class)(?:s|es)?(?![a-z])")
_TEMPERATURE = re.compile(r"\s?(?P<scale>[CF])(?![A-Za-z0-9])")
_DIOPTER = re.compile(r"\s?D(?![A-Za-z0-9])")
_REVERSED = re.compile(r"(?<![a-z])(?P<limit>uln|unl|lln)\s?[x×*]\s?$")
_PLUSSED = re.compile(r"\s?\++(?![\w/-])")
_GOES_ON = re.compile(r"(?:to|year|month|week|day|old|and|[IVX]+(?![a-z]))")
_NUMBERED = re.compile(r" \d")
_CHEMICAL = re.compile(r"\([A-Z]{2}")
_STAGE_LETTER = re.compile(r"[A-Da-d]\d?(?![A-Za-z0-9])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_HYPHEN_TAIL = re.compile(
    r"-?\s?(?:of age|olds?|in age|(?:or|and) (?:older|over|above|younger))|\s?(?:to|-|–)\s?\d"
)
_AGE_OR_TAIL = re.compile(r"(?:\s\(s\))?(?:\sof\sage|[\s-]olds?|\sin\sage)(?![a-z])")
_JOINT = re.compile(r"-?\s?(?:-|–|—|~|/|&|,|,? ?(?:or|and|to|through|and/or))\s?")
_KARYOTYPE = re.compile(r"(?<![a-z])(?:t|inv|del|dup|add)\s?\((?:\d+\s?[;,]\s?)?$")
_ARTICLE = re.compile(r"\san?(?=\s)")
_TIMES_ALONE = re.compile(r"\s?[x×](?![a-z0-9])(?!\s?\d)")
_MOLECULE = re.compile(r"(?<![a-z])(?:(?:mhc|hla)[ -])?class(?:es)?[ -]$")
_ANTIGEN = re.compile(r"\s(?:mhc|hla|antigens?|molecules?)(?![a-z])")
_VERSION = re.compile(r"(?<![a-z])v(?:ers(?:ion)?)?\.? ?$")
_BY_X = re.compile(r"(?<=[\dm])\sX\s?\d")
_SUM = re.compile(r"\+\d")
_NAME_BEHIND = re.compile(r"[\s-]?(?:lead|channel|item)s?(?![a-z])|\s?=\s?[a-z]")
"""Behind a number: it is part of a name, or is explained ("2 = mild")."""
SCALE_BEHIND = re.compile(
    r"[\s-]?(?:points?[\s-])?(?:likert\s|numeric(?:al)?\s|rating\s|analog(?:ue)?\s|ordinal\s)*scale(?![a-z])"
)
_NORMAL = re.compile(r"\s?N(?![\w=.-])")
"""The upper limit of normal as one letter: "> 5 N"."""
_GIGA = re.compile(r"\s?G/[lL](?![A-Za-z])")
"""Giga per litre, or grams in capital letters: the variable tells."""
_GESTATION = re.compile(r"[\s-]?(?:of\s)?(?:gestation|pregnancy|GA(?![a-z]))", re.IGNORECASE)
_BEFORE_WEEK = re.compile(r"(?<![a-z])(?:before|prior to|earlier than)\s$")
_TIMES_WORDS = frozenset({"once", "twice", "thrice", "double", "triple"})


@dataclass(frozen=True, slots=True)
class Measure:
    """One printed number and its surroundings.

    start, end : from the number (sign included) to its unit or limit.
    unit : UCUM code with the power of ten, None where none is printed.
    opener : comparator in front; closer : behind, or the flipped sign of "7 % ≤ HbA1c".
    scale : ``{stage}`` ``{grade}`` ``{class}`` where the word stands beside it.
    label : the word before it makes it a name ("week 12"), unless a unit follows the range.
    """

    start: int
    end: int
    number: Number
    value: Decimal
    unit: str | None = None
    unit_text: str | None = None
    relative_to: RelativeTo | None = None
    opener: Comparator | None = None
    closer: Comparator | None = None
    scale: str | None = None
    label: bool = False

    @property
    def bare(self) -> bool:
        """Tell whether neither unit nor limit is printed."""
        return self.unit is None and self.relative_to is None

    @property
    def first(self) -> int:
        """Where the value begins: at the comparator, if there is one."""
        return self.opener.start if self.opener else self.start


def _unit(text: str, number: Number, hyphen: bool) -> tuple[int, str | None]:
    """Return end and UCUM code of the unit behind a number; the end is the number's if none."""
    found = match_unit(text, number.end + hyphen)
    if found and hyphen and found.code.split("/")[0] not in TIME_CODES:
        found = None
    if found:
        powers = [power for power in (number.power, found.power) if power]
        return found.end, with_power(found.code, sum(powers) if powers else None)
    giga = _GIGA.match(text, number.end) if number.power is None else None
    if giga:
        return giga.end(), "10*9/L"
    temperature = _TEMPERATURE.match(text, number.end)
    if temperature and (
        30 <= number.value <= 45 if temperature["scale"] == "C" else 85 <= number.value <= 115
    ):
        return temperature.end(), "Cel" if temperature["scale"] == "C" else "[degF]"
    diopter = _DIOPTER.match(text, number.end)
    if diopter and ("." in text[number.start : number.end] or text[number.start - 1] in "+-"):
        return diopter.end(), "[diop]"
    return number.end, with_power("", number.power) if number.power else None


def _unit_of_part(text: str, low: str, number: Number) -> tuple[int, str | None]:
    """Return end and unit of a part: of "half an hour" the hour, of "half the dose" its own."""
    article = _ARTICLE.match(low, number.end)
    end, unit = _unit(text, replace(number, end=article.end() if article else number.end), False)
    return (end, unit) if unit else (number.end, number.unit)


def _limit(text: str, low: str, number: Number) -> limits.Limit | None:
    if number.unit == "1" or text[number.start : number.end].lower() in _TIMES_WORDS:
        return limits.after_word(low, number.end)
    letter = _NORMAL.match(text, number.end)
    return limits.Limit(letter.end(), "ULN") if letter else limits.after_number(low, number.end)


def _negative(text: str, start: int, previous_end: int) -> bool:
    """Tell whether the dash in front of a number is its sign and not a range's or a name's."""
    if start == 0 or text[start - 1] not in "-–+":
        return False
    if start == 1:
        return True
    if text[start - 2] == " ":
        return previous_end != start - 2
    return text[start - 2] in "(<>≤≥=[,;:"


def _is_name(text: str, low: str, number: Number, end: int, previous_end: int) -> bool:
    """Tell whether the number is a piece of a name, a date or a list mark: no threshold."""
    start = number.start
    glued = text[start - 1 : start]
    if glued in "#$€" and glued:
        return True
    molecule = _MOLECULE.search(low, max(0, start - 12), start)
    if molecule and (molecule.group()[0] in "mh" or _ANTIGEN.match(low, end)):
        return True
    if _KARYOTYPE.search(low, max(0, start - 12), start) or _SUM.match(text, number.end):
        return True
    if glued == "+" and text[start - 2 : start - 1].isdigit():
        return True
    if glued in "-–" and glued and _SCALE_BEFORE.search(low[max(0, start - 9) : start - 1]):
        return False
    if glued in "-–/'." and start > 1 and (text[start - 2].isalnum() or text[start - 2] in ")]%"):
        return previous_end != start - 1
    behind_it = text[end : end + 1] if text[end - 1].isalnum() else ""
    if behind_it.isalnum() or behind_it == "_" or _CHEMICAL.match(text, end):
        return True
    if behind_it and behind_it in "-–" and text[end + 1 : end + 2].isalpha():
        return not re.match(
            r"(?:to|year|month|week|day|old|and|[IVX]+(?![a-z]))", text[end + 1 : end + 6]
        )
    return False


def _is_label(text: str, low: str, number: Number, end: int) -> bool:
    """Tell whether a number without comparator and unit labels something: "type 2", "(1)"."""
    word = low[max(0, number.start - 24) : number.start].rstrip(" :-–").rpartition(" ")[2]
    if word.lstrip("([\"'") in _NAMES:
        return True
    after = text[end : end + 2]
    if _NAME_BEHIND.match(low, end) or SCALE_BEHIND.match(low, end):
        return True
    if number.start == 0 and after[:1] in ").":
        return True
    if number.style == "words":
        return word not in {"age", "aged", "ages"}
    return (
        text[number.start - 1 : number.start] in ("(", "[")
        and after[:1] in ("]", ")")
        and (number.style == "digits" and number.value < 30 and text[end - 1] != "+")
    )


def _scale(low: str, first: int, number_start: int) -> str | None:
    """Return the unit of a scale whose word stands right before the value or inside it."""
    found = _SCALE_BETWEEN.search(low, first, number_start) or _SCALE_BEFORE.search(
        low[max(0, first - 24) : first]
    )
    return _SCALES[found["scale"][:4]] if found else None


def _lettered(text: str, number: Number, scale: str | None, end: int) -> tuple[Number, int]:
    """Take the letter of "stage 3b" into the numeral, and its end."""
    letter = _STAGE_LETTER.match(text, number.end)
    if scale is None or letter is None or number.style != "digits":
        return number, end
    said = letter.group().upper()
    return Number(number.start, letter.end(), number.value, None, "digits", said, -1), letter.end()


def _opener(text: str, low: str, start: int, previous_end: int) -> Comparator | None:
    """Return the comparator in front, unless it belongs to the number before or is a range's ~."""
    opener = before(low, start)
    if opener is None or opener.start < previous_end:
        return None
    of_range = opener.start == previous_end or text[opener.start - 1 : opener.start].isdigit()
    return None if opener.op == "~" and of_range else opener


_OF_WEIGHT = re.compile(
    r"\s(?:of\s)?(?:(?:the|their|his|her|his/her)\s)?(?:(?:total|usual|actual|current|initial|habitual"
    r"|pre-?illness|original)\s)?body\s?weight(?![a-z])"
)
"""Behind a percentage: what it is of, no other variable ("weight loss > 10 % of body weight")."""


def _extent(text: str, low: str, number: Number) -> tuple[int, str | None, RelativeTo | None]:
    """Return where unit or limit end, the unit and the limit; the number's end without either."""
    if number.style == "roman":
        return number.end, None, None
    limit = _limit(text, low, number)
    if limit:
        return limit.end, None, limit.relative_to
    if number.unit:
        end, unit = _unit_of_part(text, low, number)
    else:
        end, unit = _unit(text, number, text[number.end : number.end + 1] == "-")
    share = limits.after_percent(low, end) if unit == "%" else None
    if share:
        return share.end, unit, share.relative_to
    named = unit == "%" and low.find("weight", max(0, end - 60), end) >= 0
    if named and (weight := _OF_WEIGHT.match(low, end)):
        return weight.end(), unit, None
    plus = _PLUSSED.match(text, end) if unit is None and number.value <= 4 else None
    return plus.end() if plus else end, unit, None


def _closer(text: str, low: str, end: int, unit: str | None, opened: bool) -> Comparator | None:
    tail = _AGE_OR_TAIL.match(low, end) if unit in TIME_CODES else None
    found = behind(low, tail.end() if tail else end)
    return found if found or opened else flipped(text, end)


def _behind_closer(
    text: str, low: str, number: Number, pos: int
) -> tuple[int, str | None, RelativeTo | None]:
    """Return end, unit and limit that stand behind "or more": "3 or more times ULN"."""
    moved = replace(number, end=pos, mantissa=-1)
    end, unit, relative = _extent(text, low, moved)
    return (end, unit, relative) if unit or relative else (number.end, None, None)


def _reversed(text: str, low: str, measure: Measure, previous_end: int) -> Measure:
    """Take in the limit of "ULN x 2.5"."""
    origin = max(0, measure.start - 8)
    found = _REVERSED.search(low, origin, measure.start)
    if found is None or not measure.bare:
        return measure
    opener = _opener(text, low, found.start(), previous_end)
    relative: RelativeTo = "LLN" if found["limit"] == "lln" else "ULN"
    return replace(measure, start=found.start(), relative_to=relative, opener=opener)


def _before_week(text: str, low: str, start: int, end: int) -> Comparator | None:
    """Return the comparator of "before 34 weeks of gestation", None for another week."""
    early = _BEFORE_WEEK.search(low, max(0, start - 13), start)
    if early is None or _GESTATION.match(text, end) is None:
        return None
    return Comparator(early.start(), early.end(), "<")


def _bounds_nothing(
    text: str, number: Number, opener: Comparator | None, known: str | None, linked: bool
) -> bool:
    """Tell whether a number is a share nobody compares, two letters, a sign of times, or money.

    known : its unit, limit or scale.
    """
    if number.style == "roman" and number.start and _BY_X.match(text, number.start - 1):
        return True  # "2 cm X 2 cm"
    if known == "1" and number.style == "words" and not opener:
        return True  # "half of the patients"
    if number.letter and number.style == "roman" and not (known or linked or opener):
        return text[number.start + 1 : number.start + 2] not in "IVX -"  # "slow VC"
    first = opener.start if opener else max(0, number.start - 1)
    sign = text[first : number.start]
    return "£" in sign and known is None  # no sign that was lost


def _measure(
    text: str, low: str, number: Number, previous: Measure | None, linked: bool
) -> Measure | None:
    """Return the number with its surroundings, None where it is a piece of a name or a date."""
    previous_end = previous.end if previous else -1
    signed = number.style == "digits" and _negative(text, number.start, previous_end)
    start = number.start - signed
    opener = _opener(text, low, start, previous_end)
    end, unit, relative = _extent(text, low, number)
    alone = _TIMES_ALONE.match(low, number.end) if opener and not (unit or relative) else None
    if alone:  # "<3 x ULN or <5x in those with"
        end, relative = alone.end(), previous.relative_to if previous else None
    if not opener and relative and limits.is_beyond(low, number.end, end):
        opener = Comparator(start, start, ">")
    if not opener and unit == "wk":
        opener = _before_week(text, low, start, end)
    hyphen = text[number.end : number.end + 1] == "-"
    if hyphen and unit and not (opener or linked or _HYPHEN_TAIL.match(low, end)):
        return None
    scale = None if unit or relative else _scale(low, opener.start if opener else start, start)
    if previous and linked and not (unit or relative):
        scale = scale or previous.scale
    number, end = _lettered(text, number, scale, end)
    if _is_name(text, low, number, end, previous_end) and not signed:
        return None
    if _bounds_nothing(text, number, opener, unit or relative or scale, linked):
        return None
    mantissa = number.mantissa if number.mantissa >= 0 else number.end
    closer = _closer(text, low, end, unit, opener is not None)
    if closer and text[closer.end - 1] not in "<>≤≥=" and not (unit or relative or scale):
        end, unit, relative = _behind_closer(text, low, number, closer.end)
        mantissa = closer.end if unit else mantissa
        closer = closer._replace(end=max(end, closer.end))
    measure = Measure(
        start, end, number, -number.value if text[start] in "-–" else number.value, unit,
        text[mantissa:end].strip(" -") or None if unit else None, relative, opener,
        closer, scale,
    )  # fmt: skip
    return _reversed(text, low, measure, previous_end)


def find_measures(text: str, low: str) -> list[Measure]:
    """Return every printed number that may bound something, with its surroundings, in text order.

    Number words and lone Roman numerals need a unit, a comparator, a limit or a scale beside
    them; digits may stand alone. Parts of names, dates and labels are left out.
    """
    measures: list[Measure] = []
    end = -1
    for number in find_numbers(text, low):
        if number.start < end:
            continue
        linked = end >= 0 and _JOINT.fullmatch(low, end, number.start) is not None
        previous = measures[-1] if measures else None
        measure = _measure(text, low, number, previous, linked)
        if measure is None:
            continue
        plain = not (measure.opener or measure.closer)
        alone = plain and (measure.bare or _NUMBERED.match(text, measure.end) is not None)
        year = plain and measure.bare and _YEAR.fullmatch(text, number.start, number.end)
        if year or (alone and not linked and _is_label(text, low, number, measure.end)):
            if _VERSION.search(low, max(0, number.start - 9), number.start):
                continue
            measure = replace(measure, label=True)
        measures.append(measure)
        end = measure.end
    return measures
