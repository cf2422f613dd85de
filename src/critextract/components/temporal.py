"""Time windows and the words of period, in one criterion's clean text.

A numbered window is a length of time (`lengths`) with the words beside it (`sides`): "within 6
months prior to enrolment". An unnumbered one is a word of period ("history of", "current") or a
preposition with a reference point ("at screening").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from critextract import extensions
from critextract.components.drafts import TimeExpression
from critextract.components.lengths import Length, find_lengths
from critextract.components.numbers import NUMBER, read_number
from critextract.components.sides import (
    OTHER_EVENT,
    Left,
    Right,
    read_left,
    read_reference,
    read_right,
)
from critextract.components.tables import read_table
from critextract.schema import Direction, Period, Window, WindowRole

__all__ = ["OTHER_EVENT", "find_times", "is_tense", "make_window_matcher"]

# --- lengths that are no windows --------------------------------------------------------------

_AGE_LEFT = re.compile(
    r"\b(?:age[ds]?|ages|years old|year olds)\b(?:[\s,:()/-]|\b(?:of|at|is|was|are|between|from|range|group|limit|"
    r"over|under|above|below|least|more|less|than|greater|older|younger|or|equal|to|and|the|minimum|maximum|"
    r"years?|must|be|being|should|male|female|inclusive|in|within|consent|screening|enrol?lment|time|inclusion)\b"
    r"|[<>≤≥=~–]|\d+)*$",
    re.I,
)
_AGE_RIGHT = re.compile(
    r"[ -]*(?:of age|of life|olds?\b|aged?\b|and older|or older|and over\b|or over\b|and above|or above|"
    r"or younger|and younger|and up\b|\(inclusive\)|inclusive|at the time of (?:consent|screening|enrol))",
    re.I,
)
_PEOPLE = re.compile(
    r"\b(?:patients?|subjects?|participants?|males?|females?|m[ae]n|wom[ae]n|adults?|children|child|boys?|girls?|"
    r"infants?|adolescents?|volunteers?|individuals?|persons?|people)[ ,:]*(?:who |that )?(?:(?:is|are|must be|"
    r"aged?|of|at least|over|under|above|below|between|from|older|younger|greater|more|less|than|or|equal|to|"
    r"the|≥|≤|<|>|=)[ ,]*)*$",
    re.I,
)
_VALUE_LEFT = re.compile(
    r"\b(?:expectancy|expected survival|survival|expected to (?:live|survive)|prognosis|gestation(?:al)?(?: age)?|"
    r"half-?\s?li(?:fe|ves)|p\.?t\.?t?\.?|inr|prothrombin|thromboplastin|clotting|bleeding time|qtc?[fb]?|"
    r"beats|breaths|every|each|per|pack|hba1c|once in|twice in|times in|times|twice a|q|menstrual cycles?)\b"
    r"[^.;,]{0,32}$",
    re.I,
)
_RATE_LEFT = re.compile(
    r"(?:\b(?:every|each|per|times in|once in|once|twice|times an?|(?:day|week|month|visit)s?)|/) ?$",
    re.I,
)
_VALUE_RIGHT = re.compile(
    r"[ -]?(?:gestation|pregnan|of gestation|of pregnancy|of amenorrh|gestational|survival|life[- ]expectancy|"
    r"of life expectancy|walk|urine|urinary|mortality|risk|ecg|holter|ambulatory|creatinine|proteinuria|protein|"
    r"recall|collection|monitoring|ogtt|oral glucose|plasma glucose|postprandial|blood pressure|light|dark|"
    r"post[- ]?(?:prandial|glucose|dose)|timed|electrocardiogra|fasting|diary|dietary|stay)",
    re.I,
)
_RATE_RIGHT = re.compile(
    r" ?(?:/|per\b|a (?=day|week|month|year|night)|each\b|every\b|weekly|daily|nightly|out of)",
    re.I,
)
_EVENT = re.compile(
    r"\b(?:diagnos\w*|onset|began|begun|begin\w*|start\w*|occurr\w*|first|debut|happened|acquired|initiated|"
    r"symptoms|manifest\w*|develop\w*|menopause|episode|disease|surgery|death|deceased|died|disorder|before|after)\b[^.;]{0,60}$",
    re.I,
)


def _is_age(text: str, length: Length, left: Left, right: Right) -> bool:
    if length.unit not in ("a", "mo", "wk", "d") or left.relative or left.preposition == "within":
        return False
    if _AGE_RIGHT.match(text, length.end) and not right.ago:
        return True
    before = text[max(0, left.start - 80) : left.start]
    if _AGE_LEFT.search(before):
        return True
    bare_years = length.unit == "a" and not right.connector and left.preposition in ("", "between")
    return bare_years and not right.duration and _PEOPLE.search(before) is not None


def _is_no_window(text: str, length: Length, left: Left, right: Right) -> bool:
    if _is_age(text, length, left, right):
        return True
    before = text[max(0, left.start - 60) : left.start]
    if _RATE_LEFT.search(text[max(0, length.start - 12) : length.start]) or _RATE_LEFT.search(
        before[-12:]
    ):
        return True
    if _VALUE_LEFT.search(before) and left.relative == "" and left.preposition != "within":
        return True
    if _VALUE_RIGHT.match(text, length.end) and not left.relative:
        return True
    return _RATE_RIGHT.match(text, length.end) is not None and right.end == length.end


def _has_evidence(text: str, length: Length, left: Left, right: Right) -> bool:
    """Tell whether the words make the length a window and not part of a name."""
    tied = right.ago or right.duration or right.connector in ("before", "after", "since")
    if length.unit == "{cycle}":
        return left.preposition == "within" or right.connector in ("before", "after")
    if length.article:
        placed = left.preposition in ("within", "in", "for", "over") or bool(left.comparator)
        return left.relative != "" or (
            left.article
            and placed
            and (
                tied
                or left.preposition == "within"
                or text[length.start - 2 : length.start] == "a "
            )
        )
    if left.says_time or tied or length.inner or right.comparator or length.plus:
        return (
            left.preposition not in ("at", "after", "before")
            or tied
            or left.comparator != ""
            or left.relative != ""
        )
    if "-" in text[length.start : length.end] and length.low == length.high:
        return False
    return right.reference_point is not None and right.connector in ("of", "to", "at")


# --- numbered windows -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Bounds:
    low: Decimal | None = None
    low_closed: bool | None = None
    high: Decimal | None = None
    high_closed: bool | None = None


def _bounds(length: Length, comparator: str, at_most: bool) -> _Bounds:
    if length.low != length.high:
        return _Bounds(length.low, True, length.high, True)
    number = length.low
    match comparator:
        case ">=" | ">":
            return _Bounds(low=number, low_closed=comparator == ">=")
        case "<=" | "<":
            return _Bounds(high=number, high_closed=comparator == "<=")
        case "=":
            return _Bounds(number, True, number, True)
    return (
        _Bounds(high=number, high_closed=True) if at_most else _Bounds(low=number, low_closed=True)
    )


def _role(length: Length, left: Left, right: Right) -> WindowRole:
    if right.duration or left.preposition == "for":
        return "duration"
    if (
        left.preposition
        or left.relative
        or right.ago
        or length.inner
        or right.connector not in ("", "of")
    ):
        return "recency"
    return "duration" if (left.comparator or right.comparator) in (">", ">=") else "recency"


def _direction(length: Length, left: Left, right: Right) -> Direction | None:
    if right.direction is not None:
        return right.direction
    relative = left.relative or {"": "", "following": "next"}.get(length.inner, "past")
    if right.connector == "since" and right.reference_point == OTHER_EVENT:
        return "before"
    if relative:
        return "before" if relative == "past" else "after"
    return "after" if left.preposition == "after" else None


def _period(length: Length, left: Left, right: Right) -> Period | None:
    if (
        right.history
        or right.ago
        or left.relative == "past"
        or length.inner not in ("", "following")
    ):
        return "past"
    if left.relative == "next" and right.connector not in ("after", "of", "since"):
        return "future"
    return None


def _numbered(text: str, length: Length, left: Left, right: Right) -> TimeExpression:
    comparator = left.comparator or right.comparator or (">=" if length.plus else "")
    if (
        left.preposition == "over"
        and not comparator
        and not (left.relative or left.article or right.direction)
    ):
        comparator = ">"
    role = _role(length, left, right)
    at_most = role == "recency"
    bounds = _bounds(length, comparator, at_most)
    start = left.start
    reference = right.reference_point
    if right.connector == "since" and reference == OTHER_EVENT:
        reference = None  # "4 weeks since chemotherapy" counts back from now to it
    window = Window(
        start=start,
        end=right.end,
        role=role,
        low=bounds.low,
        low_closed=bounds.low_closed,
        high=bounds.high,
        high_closed=bounds.high_closed,
        unit=length.unit,
        direction=_direction(length, left, right),
        reference_point=reference,
    )
    return TimeExpression(window, _period(length, left, right))


_JOINED = re.compile(r" ?\(?,? ?(?:or|and|and/or) ?\(?$", re.I)


def _find_numbered(text: str) -> Iterator[TimeExpression]:
    lengths = find_lengths(text)
    sides: list[tuple[Length, Left, Right]] = []
    floor = 0
    for length in lengths:
        left = read_left(text, length.start, floor)
        right = read_right(text, length.end)
        sides.append((length, left, right))
        floor = right.end
    for n in range(len(sides) - 1, 0, -1):
        _share(text, sides[n - 1], sides[n])
    for length, left, right in sides:
        if _has_evidence(text, length, left, right) and not _is_no_window(
            text, length, left, right
        ):
            yield _numbered(text, length, left, right)


def _share(
    text: str, first: tuple[Length, Left, Right], second: tuple[Length, Left, Right]
) -> None:
    """ "within 4 weeks or 5 half-lives before": both have the comparator and the connector."""
    (_, left, right), (_, left2, right2) = first, second
    if not _JOINED.fullmatch(text[right.end : left2.start]):
        return
    if not left2.says_time:
        left2.comparator, left2.relative = left.comparator, left.relative
        left2.preposition, left2.article = left.preposition, left.article
    if not right.connector and not right.ago:
        right.direction, right.connector = right2.direction, right2.connector
        right.reference_point, right.ago = right2.reference_point, right2.ago


# --- ages at an event -------------------------------------------------------------------------

_SIGN = r"(?P<sign>≥|≤|>=|<=|<|>)?"
_EVENT_AGE = re.compile(
    rf"\b(?P<prep>before|prior to|by|until|after|since|at|from)(?: (?:the|an?|their))? ages?(?: of)? ?{_SIGN} ?"
    rf"(?P<n>{NUMBER})(?: years?(?! prior)(?: of age| old)?)?(?: (?:or|and) (?P<more>older|later|above|over)"
    rf"| (?:or|and) (?P<less>younger|earlier|below))?"
    rf"|\b(?P<prep2>before|after) (?P<n2>{NUMBER}) years (?:of age|old)",
    re.I,
)
_AGE_BOUND = {
    "before": "<",
    "prior to": "<",
    "by": "<=",
    "until": "<=",
    "after": ">",
    "since": ">=",
    "from": ">=",
}


def _find_event_ages(text: str) -> Iterator[TimeExpression]:
    if "age" not in text.lower():
        return
    for match in _EVENT_AGE.finditer(text):
        prep = (match["prep"] or match["prep2"]).lower()
        number = read_number(match["n"] or match["n2"])
        sign = match["sign"] or (">=" if match["more"] else "<=" if match["less"] else "")
        comparator = {"≥": ">=", "≤": "<="}.get(sign, sign) or _AGE_BOUND.get(prep, "=")
        if number is None or (prep in ("at", "from") and not _EVENT.search(text[: match.start()])):
            continue
        length = Length(match.start(), match.end(), number, number, "a")
        bounds = _bounds(length, comparator, at_most=True)
        yield TimeExpression(
            Window(
                match.start(),
                match.end(),
                "age",
                bounds.low,
                bounds.low_closed,
                bounds.high,
                bounds.high_closed,
                "a",
                "after",
                "birth",
            )  # fmt: skip
        )


# --- unnumbered -------------------------------------------------------------------------------


@cache
def _period_words() -> tuple[re.Pattern[str], dict[str, dict[str, str]]]:
    rows = read_table("period_words.tsv")
    every = "|".join(f"(?P<{row['id']}>{row['pattern']})" for row in rows)
    return re.compile(rf"(?<![a-z0-9-])(?:{every})(?![a-z0-9])(?!-(?!treat|exist))", re.I), {
        row["id"]: row for row in rows
    }


def _find_period_words(text: str) -> Iterator[TimeExpression]:
    pattern, rows = _period_words()
    for match in pattern.finditer(text):
        row = rows[match.lastgroup or ""]
        window = Window(
            match.start(),
            match.end(),
            direction=_as(row["direction"]),
            reference_point=row["reference_point"] or None,
        )
        yield TimeExpression(window, _as(row["period"]))


def _as(cell: str) -> Any:
    """Return a cell of a packaged table, whose values a test checks, None where it is empty."""
    return cell or None


_PLACED = re.compile(
    r"(?<![a-z0-9-])(?:at any (?:time|point) )?(?:(?P<during>at(?: the)?(?: time of| moment of)?|upon|on(?: the)? da(?:y|te) of|on|"
    r"during|throughout|while (?:in|on|receiving)|for the (?:entire |whole |full )?(?:duration|length|course) of|"
    r"within the (?:duration|course) of|in the course of|over the course of|as of|for the|until(?! the end)|up to)"
    r"|(?P<before>prior to|before|preceding|previous to)"
    r"|(?P<after>after|following|since|subsequent to|starting from|from)) ",
    re.I,
)
_FOR_THE = re.compile(r"(?:for the|up to|from|on) $", re.I)


def _find_placed(text: str) -> Iterator[TimeExpression]:
    for match in _PLACED.finditer(text):
        reference = read_reference(text, match.end())
        if reference is None or not _fits(text, match, reference):
            continue
        direction: Direction = "during"
        if match["before"] is not None:
            direction = "before"
        elif match["after"] is not None:
            direction = "after"
        point, end = reference
        yield TimeExpression(Window(match.start(), end, direction=direction, reference_point=point))


def _fits(text: str, match: re.Match[str], reference: tuple[str, int]) -> bool:
    """ "on treatment", "for the surgery", "from the study" place nothing in time."""
    point, end = reference
    if not _FOR_THE.search(match[0]):
        return True
    if match[0].lower().startswith("for the"):
        return re.search(r"duration|period|length|course", text[match.end() : end]) is not None
    if match[0].lower().startswith("from"):
        return point not in ("study", "treatment", "procedure", "surgery", "enrollment")
    return point in ("visit", "screening", "admission", "randomization", "enrollment", "baseline")


# --- together ---------------------------------------------------------------------------------

_ANY = re.compile(
    r"\d|histor|prior|previous|past|last|current|going|recent|con|plan|schedul|futur|month|week|day|year|hour|"
    r"before|after|during|since|at |on |upon|base|ing|received|under|life|ever|exist|next|pre|post|peri|pend|"
    r"through|until|follow|will|one|two|former|already|in progress|antecedent|simult|for the",
    re.I,
)


def find_times(text: str) -> list[TimeExpression]:
    """Return the time expressions of one criterion's clean text, in text order.

    The longest of overlapping readings is kept. Offsets are half-open characters of `text`. A
    reference point that is printed but not known is `OTHER_EVENT`; the words that name it begin
    at the window's end. None as reference point: none is printed.
    """
    if not _ANY.search(text):
        return []
    ranked = [*_find_event_ages(text), *_find_numbered(text)]
    taken = _without_overlaps(ranked)
    loose = sorted(
        [*_find_period_words(text), *_find_placed(text)],
        key=lambda t: (t.window.start - t.window.end, t.window.start),
    )
    return sorted(_without_overlaps([*taken, *loose]), key=lambda t: t.window.start)


def _without_overlaps(found: list[TimeExpression]) -> list[TimeExpression]:
    kept: list[TimeExpression] = []
    for time in found:
        a, b = time.window.start, time.window.end
        if not any(a < k.window.end and k.window.start < b for k in kept):
            kept.append(time)
    return kept


def is_tense(words: str) -> bool:
    """Tell whether the words of an unnumbered expression only say a period.

    "receiving", "planned" and the like are what the sentence says happens, not an expression of
    time: they set a mention's period and make no window.
    """
    pattern, rows = _period_words()
    match = pattern.fullmatch(words)
    return match is not None and rows[match.lastgroup or ""]["window"] == "no"


class WindowMatcher:
    """Store ``doc._.critextract_times``."""

    def __call__(self, doc: Doc) -> Doc:
        """Read the time expressions of one criterion."""
        extensions.put(doc, "times", find_times(doc.text))
        return doc


@Language.factory("critextract_temporal")
def make_window_matcher(nlp: Language, name: str) -> WindowMatcher:  # noqa: ARG001
    """Build the component."""
    return WindowMatcher()
