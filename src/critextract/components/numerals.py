"""Numbers of a criterion: digits with their power of ten, words, Roman numerals.

Number forms only; what a number means (bound, name, date) is decided by its neighbours, in
`components.measures` and `components.quantities`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from critextract.components.comparators import before
from critextract.lexicon import Words
from critextract.lexicons import read_rows

Style = Literal["digits", "words", "roman"]

_WORDS = {word: Decimal(number) for word, number in read_rows("number_words.tsv")}
_TENS = [word for word, n in _WORDS.items() if 20 <= n <= 90 and n % 10 == 0]
_ONES = [word for word, n in _WORDS.items() if 1 <= n <= 9 and len(word) > 2]
_WORD = Words(
    re.compile(
        rf"(?:(?:{'|'.join(_TENS)})[- ](?:{'|'.join(_ONES)})(?![\w])"
        rf"|(?:one |two |three |five |a )?hundred(?![\w])|(?:{'|'.join(_WORDS)})(?![\w]))"
    )
)
_DIGITS = re.compile(  # one leading character class: the engine skips to candidates fast
    r"[.\d½¼¾](?:(?<=[½¼¾])|(?<=\.)(?<!\d\.)\d+|(?<=\d)(?:\d{0,2}(?:,\d{3}){1,5}(?:\.\d+)?(?!\d|,\d)"
    r"|\d{0,2}(?: \d{3}){1,4}(?!\d)|\d*[.·]\d+(?![.]\d)|\d*))"
)
_RUN = re.compile(r"[\d.]+(?:,\d{4,})?")
_GLUED = re.compile(r"(?:than|age|aged|equal to|[<>]_|[<>≤≥=] ?x)$")
_ROMAN = re.compile(
    r"(?<![\w.-])(?P<n>VI{1,3}|IV|V|IX|X|I{1,3})(?P<dash>[- ]?)(?P<letter>[A-Ea-e]\d?)?(?![\w])"
    r"|(?<=[-/])(?P<n2>VI{1,3}|IV|V|I{1,3})(?P<letter2>[A-Ea-e]\d?)?(?![\w-])"
)
_ROMANS = {
    "I": 1,
    "II": 2,
    "III": 3,
    "IV": 4,
    "V": 5,
    "VI": 6,
    "VII": 7,
    "VIII": 8,
    "IX": 9,
    "X": 10,
}
_FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_PART = re.compile(r"[- ](?P<part>half|third|quarter|fourth|fifth|sixth|tenth)s?(?![a-z])")
_WHOLE = re.compile(r"\s(?:of|the|an?|their|normal|maxim(?:um|al))(?![a-z])")
"""Behind a fraction in words: what it is a part of."""
_HALF = re.compile(r"(?<![\w-])half(?=\s(?:of|the|an?|their|normal|maxim(?:um|al))(?![a-z]))")
_QUOTIENT = re.compile(r"/(?P<below>10|[2-9])(?![\w/]|[.,-]\d)")
_MIXED = re.compile(
    r"(?:\s|-|\s?\^\s?)(?P<days>[0-6])/7(?![\d/])|\s(?:and\s)?(?P<over>[12])/(?P<under>[234])(?![\d/])"
    r"|\s?(?P<sign>[½¼¾])"
    r"|\+(?P<plus>[0-6])(?=\s?(?:(?:-|–|to|and|until)\s?\d\d\+[0-6]\s?)?(?:weeks?|wks?|w)(?![a-z]))"
)
"""Behind a whole number: "22 0/7 weeks", "24+6 weeks", "1 1/2", "2½"."""
_ORDINAL = re.compile(
    r"(?:st|nd|rd|th)(?=\s?(?:-|–|to|and|or|through)\s?(?:the\s)?\d+(?:st|nd|rd|th)?[\s-]?(?:per)?cent?iles?(?![a-z]))"
)
"""Behind the first of two percentiles: "5th-85th percentile"."""
_TITER = re.compile(
    r"1\s?:\s?(?P<to>\d{1,3}(?:,\d{3})+|\d{1,6})(?![\d:.]|,\d|\s?[ap]\.?m|\s?h(?![a-z]))"
)
_TITER_WORD = re.compile(r"(?:tit(?:er|re)s?|dilutions?)[^.;:]{0,30}$")
_BOUNDS = frozenset({"<", "<=", ">", ">="})
_SCALE_NEAR = re.compile(
    r"(?<![a-z])(?:stages?|grades?|class(?:es)?|types?|genotypes?|scores?|ecog|ps|nyha|asa)(?![a-z])"
)
_MISPRINT = re.compile(r",\d{4}")
_DECIMAL_COMMA = re.compile(r",\d{1,2}(?![\d.,]|\s?,)")
_COUNT_UNIT = re.compile(
    r"\s?(?:cells|platelets|neutrophils)?\s?(?:/|per)\s?(?:mm|cu|mic|μ|u|mc)", re.I
)

_GOES_ON = re.compile(r"(?:or|and|to|,|/)(?![a-z])")
_BY_UNIT = re.compile(
    r"(?:[x×*%/]|[kmμ]?g(?![a-z])|[munp]?mol|ng|μ|m?[il]?u/|ml|[kcm]?m(?![a-z])|times|years)"
)

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_TIMES = r"\s?[x×X*·∙•✕✖]\s?"
_EXPONENT = (  # "#" stands for a prefix that keeps the group names apart
    r"(?:\s?(?:\^|\*\*|\*|x?[eE]\^?|exp|EXP)\s?[({\[]?\s?\+?(?P<#a>\d{1,2})[)}\]]?"
    r"|\s?[(\[{<]\s?(?:sup>)?(?P<#b>\d{1,2})\s?[)\]}<](?:/sup>)?"
    r"|(?P<#c>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|\s?to the (?:power (?:of )?)?(?P<#d>\d{1,2})(?:th)?(?: power)?)"
)
_POWER = re.compile(
    rf"{_TIMES}10(?:{_EXPONENT.replace('#', 't')}|\s?(?P<lost>1[0-2]|[3-9])(?![\d.,]))"
    rf"|\s10(?P<bare>9|12|6|3)(?=\s?/\s?(?:[lL]|kg|m[lL]|[μu][lL])(?![A-Za-z]))"
    rf"|\s10{_EXPONENT.replace('#', 's')}|{_TIMES}1[,.]?(?P<zeros>000(?:[,.]?000)?)(?![\d.,])"
    r"|[eE]\+?(?P<sci>0?[3-9]|1[0-2])(?![\d.,])"
)
_THOUSANDS = re.compile(r"k(?![\w/.-]|\s?/|\s?[a-zμ]?[Ll](?![a-z])|\s(?:per|cells)(?![a-z]))")
"""Behind a number of thousands: "platelets < 50k"; with a unit behind it the k belongs to that."""
_OWN_POWER = re.compile(_EXPONENT.replace("#", "o"))
_WORD_IN_PARENS = re.compile(r"\s?\(([a-z]+(?:[- ][a-z]+)?)\)")
_DIGITS_IN_PARENS = re.compile(r"\s?\((\d+)\)")


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number: characters, value, and the power of ten that goes into the unit.

    letter : what follows a staged numeral ("B" of IIIB); `text` the numeral as Arabic with it.
    mantissa : where the digits end and the power of ten begins.
    unit : the unit of a number that prints none and needs none: ``1`` of a part ("1/3 of the
        liver", "half the dose"), ``{titer}`` of a titre ("1:160" is 160).
    """

    start: int
    end: int
    value: Decimal
    power: int | None = None
    style: Style = "digits"
    letter: str = ""
    mantissa: int = -1
    unit: str | None = None

    @property
    def text(self) -> str:
        """The numeral in Arabic digits with its letter: ``3B``."""
        return f"{self.value:f}{self.letter}"


def _power(text: str, pos: int) -> tuple[int, int] | None:
    """Return end and exponent of "x 10^9", "x 109" (superscript lost), "10⁹" after a number."""
    found = _POWER.match(text, pos)
    if not found:
        return None
    groups = found.groupdict()
    if groups["zeros"]:
        return found.end(), 6 if len(groups["zeros"]) > 4 else 3
    digits = next(group for name, group in groups.items() if group and name != "zeros")
    return found.end(), int(digits.translate(_SUPERSCRIPTS))


def _digits_value(text: str, found: re.Match[str]) -> tuple[int, Decimal] | None:
    """Return end and value of printed digits, thousands and decimal marks told apart."""
    printed, end = found.group(), found.end()
    if printed in _FRACTIONS:
        return end, _FRACTIONS[printed]
    if " " in printed and not _thousands_by_space(text, found):
        printed = printed[: printed.index(" ")]
        end = found.start() + len(printed)
    plain = printed.replace(" ", "").replace("·", ".")
    if "," in plain:
        plain = plain.replace(",", "." if plain.startswith("0,") else "")
    elif re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", plain) and (
        plain.endswith(".000") or _COUNT_UNIT.match(text, end)
    ):
        plain = plain.replace(".", "")
    elif "." not in plain:
        comma = _DECIMAL_COMMA.match(text, end)
        if comma and _is_decimal_comma(text, found.start(), comma.end()):
            plain += "." + comma.group()[1:]
            end = comma.end()
    following = text[end : end + 1]
    if following == ":" and text[end + 1 : end + 2].isdigit():
        return None  # a ratio or a time of day
    if _MISPRINT.match(text, end):
        return None  # "3,5000": which digit is too many is not known
    return end, Decimal(plain)


def _thousands_by_space(text: str, found: re.Match[str]) -> bool:
    """Tell whether "100 000" is one number: something that is counted or divided follows."""
    if _POWER.match(text, found.end() - 4):
        return False
    return found.group()[0] != "0" and bool(
        _COUNT_UNIT.match(text, found.end())
        or re.match(
            r"\s?(?:copies|cells|IU|U|UI|/|platelets)", text[found.end() : found.end() + 12]
        )
    )


def _is_decimal_comma(text: str, start: int, end: int) -> bool:
    """Tell whether "2,5" is a number and not a list of two: a unit, limit or sign stands by it."""
    after = text[end : end + 8].lower().lstrip()
    before = text[max(0, start - 3) : start].rstrip()
    if before[-1:] in "<>≤≥=" and before:
        return True
    return not _GOES_ON.match(after) and bool(_BY_UNIT.match(after))


def _starts(low: str, start: int) -> bool:
    """Tell whether digits begin a number here: not inside a word, a ratio or another number."""
    if start == 0:
        return True
    previous = low[start - 1]
    if previous.isalnum() or previous == "_":
        return bool(_GLUED.search(low, max(0, start - 9), start))
    return not (previous in ".·:" and start > 1 and low[start - 2].isdigit())


def _digit_numbers(text: str, low: str) -> list[Number]:
    numbers: list[Number] = []
    found = _DIGITS.search(text)
    while found:
        number = _digit_number(text, low, found) if _starts(low, found.start()) else None
        if number:
            numbers.append(number)
            pos = number.end
        else:
            run = _RUN.match(text, found.start())
            pos = run.end() if run else found.end()
        found = _DIGITS.search(text, pos)
    return numbers


def _quotient(above: int, below: int) -> Decimal:
    """Return a fraction to three digits behind the point."""
    return (Decimal(above) / Decimal(below)).quantize(Decimal("0.001")).normalize()


def _part(low: str, found: re.Match[str]) -> Number | None:
    """Return the fraction that digits begin: "1/3 of the liver", "more than 2/3 for", else None.

    It needs the words of what it is a part of, or a comparator, and must not be a step of a scale
    or a score ("grade 2/3", "ECOG 0/1").
    """
    below = _QUOTIENT.match(low, found.end())
    if below is None or not found.group().isdigit() or int(found.group()) >= int(below["below"]):
        return None
    whole = _WHOLE.match(low, below.end())
    if not (whole and whole.group() in (" of", " the")):
        opener = before(low, found.start())
        if int(below["below"]) > 4 or opener is None or opener.op not in _BOUNDS:
            return None
        if _SCALE_NEAR.search(low, max(0, found.start() - 30), found.start()):
            return None
    number = _quotient(int(found.group()), int(below["below"]))
    return Number(found.start(), below.end(), number, unit="1")


def _titer(low: str, start: int) -> Number | None:
    """Return a titre by what it is diluted to: "1:160" is 160; None for another ratio."""
    found = _TITER.match(low, start)
    if found is None:
        return None
    to = Decimal(found["to"].replace(",", ""))
    opener = before(low, start)
    compared = opener is not None and opener.op in _BOUNDS
    if to < 2 or not (compared or _TITER_WORD.search(low, max(0, start - 45), start)):
        return None
    return Number(start, found.end(), to, unit="{titer}")


def _mixed(text: str, end: int, value: Decimal) -> tuple[int, Decimal]:
    """Take the part behind a whole number into it: "41 6/7 weeks" are 41.857."""
    found = _MIXED.match(text, end) if value == int(value) else None
    if found is None:
        return end, value
    if found["sign"]:
        return found.end(), value + _FRACTIONS[found["sign"]]
    days = found["days"] or found["plus"]
    if days:
        return found.end(), value + _quotient(int(days), 7)
    if int(found["over"]) >= int(found["under"]):
        return end, value
    return found.end(), value + _quotient(int(found["over"]), int(found["under"]))


def _digit_number(text: str, low: str, found: re.Match[str]) -> Number | None:
    """Return the number printed at a match of `_DIGITS`, with its power of ten."""
    start = found.start()
    special = _part(low, found) or (_titer(low, start) if found.group() == "1" else None)
    if special:
        return special
    own = _OWN_POWER.match(text, found.end()) if found.group() == "10" else None
    if own:  # "10^9/L" alone: one of it
        exponent = next(group for group in own.groups() if group).translate(_SUPERSCRIPTS)
        return Number(start, own.end(), Decimal(1), int(exponent), mantissa=start)
    read = _digits_value(text, found)
    if read is None:
        return None
    end, value = read
    power = _power(text, end)
    if power:
        return Number(start, power[0], value, power[1], mantissa=end)
    ordinal = _ORDINAL.match(low, end)
    if ordinal:
        return Number(start, ordinal.end(), value, unit="{percentile}")
    if _THOUSANDS.match(text, end):
        return Number(start, end + 1, value, 3, mantissa=end)
    end, value = _mixed(text, end, value)
    spelled = _WORD_IN_PARENS.match(low, end)
    if spelled and read_word(spelled[1]) == value:
        end = spelled.end()
    return Number(start, end, value)


def read_word(word: str) -> Decimal | None:
    """Return the number a word or a pair of words says: "three", "twenty-four", "two hundred"."""
    parts = re.split(r"[- ]", word)
    values = [Decimal(1) if part == "a" else _WORDS.get(part) for part in parts]
    if any(value is None for value in values):
        return None
    known = [value for value in values if value is not None]
    if len(known) == 1:
        return known[0]
    return known[0] * known[1] if known[1] == 100 else known[0] + known[1]


def _word_numbers(low: str) -> list[Number]:
    numbers = []
    for found in _WORD.finditer(low):
        value = read_word(found.group())
        glued = low[found.start() - 1 : found.start()]
        if value is None or glued.isalnum() or glued in ("-", "_"):
            continue
        part = _PART.match(low, found.end())
        if part:
            below = _PARTS[part["part"]]
            whole = _WHOLE.match(low, part.end())
            if value < below and (whole or (value == 1 and below in (2, 4))):
                number, unit = _quotient(int(value), below), "1" if whole else None
                numbers.append(Number(found.start(), part.end(), number, style="words", unit=unit))
            continue
        again = _DIGITS_IN_PARENS.match(low, found.end())
        end = found.end()
        if again:
            if Decimal(again[1]) != value:
                continue  # "six (8)" contradicts itself
            end = again.end()
        numbers.append(Number(found.start(), end, value, style="words"))
    half = (Number(*m.span(), Decimal("0.5"), style="words", unit="1") for m in _HALF.finditer(low))
    return [*numbers, *half]


def _roman_numbers(text: str) -> list[Number]:
    numbers = []
    for found in _ROMAN.finditer(text):
        numeral = found["n"] or found["n2"]
        letter, end = found["letter"] or found["letter2"] or "", found.end()
        if found["dash"] and letter:  # "III B", "II a": only where nothing else can be meant
            if letter[0] not in "ABC":
                letter, end = "", found.end("n")
        elif found["dash"]:
            end = found.end("n")
        numbers.append(
            Number(found.start(), end, Decimal(_ROMANS[numeral]), None, "roman", letter.upper())
        )
    return numbers


def find_numbers(text: str, low: str) -> list[Number]:
    """Return all printed numbers in text order, not overlapping.

    Parameters
    ----------
    text, low : one criterion's clean text, and the same in lower case with the same length.
    """
    digits = _digit_numbers(text, low)
    words = _word_numbers(low)
    romans = _roman_numbers(text)
    if not words and not romans:
        return digits
    found = sorted([*digits, *words, *romans], key=lambda n: (n.start, -n.end))
    kept: list[Number] = []
    for number in found:
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return kept
