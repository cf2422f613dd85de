"""Numbers of a criterion: digits with their power of ten, words, Roman numerals.

Number forms only; what a number means (bound, name, date) is decided by its neighbours, in
`components.measures` and `components.quantities`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from critextract.lexicons import read_rows

Style = Literal["digits", "words", "roman"]

_WORDS = {word: Decimal(number) for word, number in read_rows("number_words.tsv")}
_TENS = [word for word, n in _WORDS.items() if 20 <= n <= 90 and n % 10 == 0]
_ONES = [word for word, n in _WORDS.items() if 1 <= n <= 9 and len(word) > 2]
_WORD = re.compile(
    rf"(?:(?:{'|'.join(_TENS)})[- ](?:{'|'.join(_ONES)})(?![\w])"
    rf"|(?:one |two |three |five |a )?hundred(?![\w])|(?:{'|'.join(_WORDS)})(?![\w]))"
)
_DIGITS = re.compile(  # one leading character class: the engine skips to candidates fast
    r"[.\d½¼¾](?:(?<=[½¼¾])|(?<=\.)(?<!\d\.)\d+|(?<=\d)(?:\d{0,2}(?:,\d{3})+(?:\.\d+)?(?!\d|,\d)"
    r"|\d{0,2}(?: \d{3})+(?!\d)|\d*[.·]\d+(?![.]\d)|\d*))"
)
_RUN = re.compile(r"[\d.]+(?:,\d{4,})?")
_GLUED = re.compile(r"(?:than|age|aged|[<>]_|[<>≤≥=] ?x)$")
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
_PARTS = {"half": Decimal("0.5"), "quarter": Decimal("0.25"), "fourth": Decimal("0.25")}
_PART = re.compile(r"[- ](?P<part>half|third|quarter|fourth|fifth|sixth|tenth)s?(?![a-z])")
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
    r"(?:\s?(?:\^|\*\*|\*|[eE]|exp|EXP)\s?[({\[]?\s?\+?(?P<#a>\d{1,2})[)}\]]?"
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
_OWN_POWER = re.compile(_EXPONENT.replace("#", "o"))
_WORD_IN_PARENS = re.compile(r"\s?\(([a-z]+(?:[- ][a-z]+)?)\)")
_DIGITS_IN_PARENS = re.compile(r"\s?\((\d+)\)")


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number: characters, value, and the power of ten that goes into the unit.

    letter : what follows a staged numeral ("B" of IIIB); `text` the numeral as Arabic with it.
    mantissa : where the digits end and the power of ten begins.
    """

    start: int
    end: int
    value: Decimal
    power: int | None = None
    style: Style = "digits"
    letter: str = ""
    mantissa: int = -1

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
        return bool(_GLUED.search(low, max(0, start - 5), start))
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


def _digit_number(text: str, low: str, found: re.Match[str]) -> Number | None:
    """Return the number printed at a match of `_DIGITS`, with its power of ten."""
    start = found.start()
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
            if value == 1 and part["part"] in _PARTS:
                numbers.append(
                    Number(found.start(), part.end(), _PARTS[part["part"]], style="words")
                )
            continue
        again = _DIGITS_IN_PARENS.match(low, found.end())
        end = found.end()
        if again:
            if Decimal(again[1]) != value:
                continue  # "six (8)" contradicts itself
            end = again.end()
        numbers.append(Number(found.start(), end, value, style="words"))
    return numbers


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
