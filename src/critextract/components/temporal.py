"""Time windows and the words of period, in one criterion's clean text.

A numbered window is a length of time (`lengths`) with the words beside it (`sides`): "within 6
months prior to enrolment". An unnumbered one is a word of period ("history of", "current") or a
preposition with a reference point ("at screening").
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from critextract import extensions
from critextract.components.drafts import TimeExpression
from critextract.components.event_ages import find_event_ages
from critextract.components.lengths import Length, find_lengths
from critextract.components.lookalikes import is_lookalike
from critextract.components.periods import find_period_words, find_placed, is_tense
from critextract.components.sides import (
    OTHER_EVENT,
    Left,
    Right,
    read_left,
    read_right,
)
from critextract.schema import Direction, Period, Window, WindowRole
from critextract.text import lower

__all__ = ["OTHER_EVENT", "find_times", "is_tense", "make_window_matcher"]

# --- numbered windows -------------------------------------------------------------------------


def _has_evidence(text: str, length: Length, left: Left, right: Right) -> bool:
    """Tell whether the words make the length a window and not part of a name."""
    tied = right.ago or right.duration or right.connector in ("before", "after", "since")
    if length.unit == "{cycle}":
        return left.preposition == "within" or right.connector in ("before", "after")
    if left.comparator == "=":  # mostly a sign that was lost on the way, "≥" or "≤"
        return tied or bool(left.preposition)
    if left.comparator or left.relative:
        return True
    if length.article:  # "within a week", "in the month prior to screening"
        a_week = text[: length.start].endswith((" a ", " an ", "one "))
        placed = left.preposition in ("within", "in", "for", "over")
        return left.article and placed and (tied or a_week or left.preposition == "within")
    if left.preposition in ("at", "after", "before"):
        return tied
    if left.preposition or tied or length.inner or right.comparator or length.plus:
        return True
    named = "-" in text[length.start : length.end] and length.low == length.high
    if right.connector == "of":
        return not named  # "3 months of treatment"
    return right.reference_point is not None and right.connector in ("to", "at") and not named


_TURNED = str.maketrans("<>", "><")


def _comparator(length: Length, left: Left, right: Right) -> str:
    printed = left.comparator or right.comparator or (">=" if length.plus else "")
    if printed.endswith("t"):  # "no later than 3 days before" is at least 3 days before
        back = _direction(length, left, right) == "before" or right.ago
        return printed[:-1].translate(_TURNED) if back else printed[:-1]
    if left.preposition == "within" and printed == ">=":
        return ""  # "within a minimum of 21 days of the first dose"
    if printed or left.preposition != "over":
        return printed
    more_than = not (left.relative or left.article or right.direction)
    return ">" if more_than else ""  # "over 2 weeks", not "over the last 2 weeks"


def _bounds(length: Length, comparator: str, role: WindowRole) -> dict[str, Any]:
    """Return the bounds as fields of `Window`; without a comparator, recency is at most.

    Of "at least 4-6 weeks" the bound that holds whichever is meant: at least 4.
    """
    number = length.high if comparator[:1] == "<" else length.low
    if length.low != length.high and comparator[:1] not in ("<", ">"):
        return {"low": number, "low_closed": True, "high": length.high, "high_closed": True}
    if comparator == "=":
        return {"low": number, "low_closed": True, "high": number, "high_closed": True}
    comparator = comparator or ("<=" if role == "recency" else ">=")
    if comparator[0] == ">":
        return {"low": number, "low_closed": comparator == ">="}
    return {"high": number, "high_closed": comparator == "<="}


def _role(length: Length, left: Left, right: Right) -> WindowRole:
    if right.duration or left.preposition == "for":
        return "duration"
    if left.preposition == "of":  # "exposure of more than 28 days", but not of 28 days ago
        return "recency" if right.ago or right.connector in ("before", "since") else "duration"
    if left.preposition == "at" and length.unit == "a" and not (right.connector or left.relative):
        return "age"  # "migraine at ≥ 35 years"
    placed = left.preposition or left.relative or right.ago or length.inner
    if placed or right.connector not in ("", "of"):
        return "recency"
    return "recency" if (left.comparator or right.comparator) in ("<", "<=", "=") else "duration"


def _relative(length: Length, left: Left) -> str:
    """Return ``past`` ("the last 6 months"), ``next``, ``first`` or nothing."""
    return left.relative or {"": "", "following": "next"}.get(length.inner, "past")


_STARTS = (OTHER_EVENT, "first_dose", "last_dose", "study_end")


def _counts_back(length: Length, left: Left, right: Right) -> bool:
    """Tell whether now is what the length ends at: "at least 4 weeks since chemotherapy"."""
    comparator = left.comparator or right.comparator or (">=" if length.plus else "")
    past = right.connector == "since" and right.reference_point in (OTHER_EVENT, "last_dose")
    if _role(length, left, right) == "duration":
        return False
    return past and left.preposition != "within" and comparator not in ("<", "<=")


def _direction(length: Length, left: Left, right: Right) -> Direction | None:
    if right.direction is not None:
        return right.direction
    if right.connector == "since" and right.reference_point in _STARTS:
        return "before" if _counts_back(length, left, right) else "after"
    if right.connector == "since" and right.reference_point and left.preposition in ("in", "for"):
        return "after"  # "during the 12 months from screening"
    match _relative(length, left):
        case "past":
            return "before"
        case "next" | "first":
            return "after"
    return "after" if left.preposition == "after" else None


def _period(length: Length, left: Left, right: Right) -> Period | None:
    relative = _relative(length, left)
    if right.history or relative == "past":
        return "past"
    if relative == "next" and right.connector not in ("after", "of", "since"):
        return "future"
    return None


def _numbered(length: Length, left: Left, right: Right) -> TimeExpression:
    role = _role(length, left, right)
    reference, end = right.reference_point, right.end
    placed = left.preposition == "within" and not left.relative
    placed = placed or (left.comparator == "<" and not right.duration)
    if right.of_end is not None and placed:
        reference, end = OTHER_EVENT, right.of_end  # "within 72 hours of the culture"
    if _counts_back(length, left, right):
        reference = None
    direction = _direction(length, left, right)
    if role == "age":
        direction, reference = "after", "birth"
    window = Window(
        left.start,
        end,
        role,
        unit=length.unit,
        direction=direction,
        reference_point=reference,
        **_bounds(length, _comparator(length, left, right), role),
    )
    return TimeExpression(window, _period(length, left, right))


_TOTAL = re.compile(r" (?:total|cumulative|continuous|consecutive|prior|previous) (?!study)")
_MUST = re.compile(r"\b(?:must|should|shall|has to|have to) (?:be|have been|have passed) $")
_JOINED = re.compile(r" ?\(?,? ?(?:or|and|and/or|but|/) ?\(?$")


def _find_numbered(text: str) -> Iterator[TimeExpression]:
    lengths = find_lengths(text)
    sides: list[tuple[Length, Left, Right]] = []
    floor = 0
    for length in lengths:
        left = read_left(text, length.start, floor)
        right = read_right(text, length.end)
        if right.connector == "since" and not left.says_time and _MUST.search(text[: left.start]):
            left.comparator = ">="  # "must be 4 weeks since"
        within = left.preposition == "within"
        if not within and right.of_end is not None and _TOTAL.match(text, right.of_end):
            right.duration = True  # "no more than 8 weeks of prior steroids"
        if right.direction is None and "older" in text[left.start : length.start]:
            right.direction = "before"  # "a scan not older than 6 weeks"
        sides.append((length, left, right))
        floor = right.end
    for n in range(len(sides) - 1, 0, -1):
        _share(text, sides[n - 1], sides[n])
    for first, second in pairwise(sides):
        _share_longer(text, first, second)
    for length, left, right in sides:
        if _has_evidence(text, length, left, right) and not is_lookalike(text, length, left, right):
            yield _numbered(length, left, right)


def _share(
    text: str, first: tuple[Length, Left, Right], second: tuple[Length, Left, Right]
) -> None:
    """Give both their words: "within 4 weeks or 5 half-lives before screening"."""
    (_, left, right), (_, left2, right2) = first, second
    gap = text[right.end : left2.start]
    if right.connector == right2.connector == "since" and _NEXT.fullmatch(gap):
        if not left2.says_time and left.comparator:
            left2.comparator = left.comparator  # "at least 4 weeks since A and 6 weeks since B"
        return
    if not _JOINED.fullmatch(gap):
        if _ITEM.fullmatch(gap) and _says_when(left, right) and _ends_list(left2, right2):
            right.direction, right.connector = right2.direction, right2.connector
            right.reference_point = right2.reference_point
        return
    if not left2.says_time:
        left2.comparator, left2.relative = left.comparator, left.relative
        left2.preposition, left2.article = left.preposition, left.article
    if not right.connector and not right.ago:
        right.direction, right.connector = right2.direction, right2.connector
        right.reference_point, right.ago = right2.reference_point, right2.ago


def _share_longer(
    text: str, first: tuple[Length, Left, Right], second: tuple[Length, Left, Right]
) -> None:
    """Give the first one's words to the second: "4 weeks since prior X (6 weeks for Y)".

    Not where the second is shorter: Y, which is an X too, would be asked for both.
    """
    (length, left, right), (longer, left2, right2) = first, second
    opened = _OPENED.fullmatch(text, right.end, left2.start)
    since = right.connector == right2.connector == "since"
    if opened is None or not (
        since or (text.startswith(" for ", longer.end) and not right2.connector)
    ):
        return
    if longer.unit != length.unit or not longer.low >= length.low:
        return
    if _role(length, left, right) != "recency" or left2.relative or not left.says_time:
        return
    if left2.comparator not in ("", left.comparator) and {left2.comparator, left.comparator} != {
        ">",
        ">=",
    }:
        return
    left2.comparator = left2.comparator or left.comparator
    left2.preposition, left2.article = left.preposition, left.article
    if not since:
        left2.relative = left.relative
        right2.direction, right2.connector = right.direction, right.connector
        right2.reference_point, right2.end = right.reference_point, longer.end + len(" for")


_OPENED = re.compile(r"[^.;:()]{0,60} ?\((?:or )?")
_NEXT = re.compile(r" [^.;:()]{1,60}?(?:, ?| ?/ ?|,? (?:and|or|and/or) )")
_ITEM = re.compile(r"(?:,? ?(?:or|and|and/or) |, ?)[^.;:()]{1,80}")


def _says_when(left: Left, right: Right) -> bool:
    """Tell whether a length says how far back, but not from which day: "A within 28 days"."""
    placed = left.preposition == "within" or left.comparator in ("<", "<=")
    return placed and not (left.relative or right.connector or right.ago or right.duration)


def _ends_list(left: Left, right: Right) -> bool:
    """Tell whether the last of several says the day: "or B within 14 days before screening"."""
    placed = left.preposition == "within" or left.comparator in ("<", "<=")
    known = right.reference_point not in (None, OTHER_EVENT)
    return placed and known and not left.relative and right.connector in ("before", "of")


# --- together ---------------------------------------------------------------------------------


_DIOPTRES = re.compile(r"(?<=\d) ?D(?![\w/])")
"""A capital D behind a number is of lenses, no day: "≥ 1.00 D"."""


def find_times(text: str) -> list[TimeExpression]:
    """Return the time expressions of one criterion's clean text, in text order.

    Offsets are half-open characters of `text`. Of overlapping readings the numbered one, then the
    longest, is kept; only "… prior to or during the study" gives two that overlap. A reference
    point that is printed but not known is `OTHER_EVENT`: the words that name it begin at the
    window's end. None as reference point: none is printed.
    """
    if "D" in text:
        text = _DIOPTRES.sub(lambda match: "\0" * len(match[0]), text)
    text = lower(text)
    taken = bytearray(len(text))
    found = _free(find_event_ages(text), taken)
    found += _free(_find_numbered(text), taken)
    loose = [*find_period_words(text), *find_placed(text)]
    found += _free(sorted(loose, key=lambda t: t.window.start - t.window.end), taken)
    for time in [time for time in found if time.window.low or time.window.high]:
        found += _also_during(text, time)
    return sorted(found, key=lambda t: (t.window.start, t.window.end))


def _free(times: Iterable[TimeExpression], taken: bytearray) -> list[TimeExpression]:
    """Return the expressions none of whose characters is taken, and take theirs."""
    free = []
    for time in times:
        a, b = time.window.start, time.window.end
        if not any(taken[a:b]):
            taken[a:b] = b"\1" * (b - a)
            free.append(time)
    return free


_OR_DURING = re.compile(r"(?:and/or|and|or|/) ?(?=during )")


def _also_during(text: str, time: TimeExpression) -> list[TimeExpression]:
    """Return the second half of "within 7 days prior to or during the study"."""
    match = _OR_DURING.search(text, time.window.start, time.window.end)
    if match is None:
        return []
    point = time.window.reference_point
    window = Window(match.end(), time.window.end, direction="during", reference_point=point)
    return [TimeExpression(window)]


class WindowMatcher:
    """Store ``doc._.critextract_times``."""

    def __call__(self, doc: Doc) -> Doc:
        """Read the time expressions of one criterion."""
        extensions.put(doc, "times", find_times(doc.text))
        return doc


@Language.factory("critextract_temporal")
def make_window_matcher(nlp: Language, name: str) -> "WindowMatcher":  # noqa: ARG001
    """Build the component."""
    return WindowMatcher()
