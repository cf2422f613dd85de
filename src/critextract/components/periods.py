"""Time expressions without a number: words of period, and reference points with a preposition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from critextract.components.drafts import TimeExpression
from critextract.components.references import read_reference
from critextract.components.sides import OTHER_EVENT
from critextract.components.tables import read_table, read_words
from critextract.schema import Direction, Window
from critextract.text import lower

_INSIDE = re.compile("[a-z0-9-]")
"""Before a word: it is part of another one ("concurrent" in "nonconcurrent")."""


@dataclass(frozen=True, slots=True)
class _Words:
    """One row of the table; a text without any of the `stems` has no match of `pattern`."""

    stems: tuple[str, ...]
    pattern: re.Pattern[str]
    row: dict[str, str]


@cache
def _period_words() -> tuple[_Words, ...]:
    return tuple(
        _Words(
            tuple(row["stems"].split()),
            re.compile(rf"(?:{row['pattern']})(?![a-z0-9])"),
            row,
        )
        for row in read_table("period_words")
    )


def find_period_words(text: str) -> Iterator[TimeExpression]:
    """Yield the words that say a period or a time without a number ("history of", "current")."""
    for words in _period_words():
        for stem in words.stems:
            if stem in text:
                break
        else:  # the pattern need not be tried; a loop is twice as fast as any()
            continue
        row = words.row
        for match in words.pattern.finditer(text):
            if match.start() and _INSIDE.match(text, match.start() - 1):
                continue
            window = Window(
                match.start(),
                match.end(),
                direction=_cell(row["direction"]),
                reference_point=row["reference_point"] or None,
            )
            yield TimeExpression(window, _cell(row["period"]))


def _cell(cell: str) -> Any:
    """Return a cell of a packaged table, whose values a test checks; None where it is empty."""
    return cell or None


def is_tense(text: str, time: TimeExpression) -> bool:
    """Tell whether the words of an unnumbered expression only say a period.

    "receiving", "planned" and the like are what the sentence says happens, not an expression of
    time: they set a mention's period and make no window. `text` is what `time` was found in.
    """
    if time.window.unit is not None or time.period is None:
        return False
    lowered, start, end = lower(text), time.window.start, time.window.end
    return any(
        words.row["window"] == "no"
        and (match := words.pattern.match(lowered, start)) is not None
        and match.end() == end
        for words in _period_words()
    )


@cache
def _placed() -> re.Pattern[str]:
    words = read_words("time_words")["placed"]
    named = "|".join(f"(?P<{side}>{pattern})" for side, pattern in words.items())
    return re.compile(rf"(?<![a-z0-9-])(?:at any (?:time|point) )?(?:{named}) ")


def find_placed(text: str) -> Iterator[TimeExpression]:
    """Yield prepositions with a reference point ("at screening", "since diagnosis").

    Of "before", "after" and "during" also those before other words, with `OTHER_EVENT`: they are
    expressions of time if a mention stands there ("relapse after first-line therapy").
    """
    for match in _placed().finditer(text):
        sides: tuple[Direction, ...] = ("before", "after", "during")
        direction = next((side for side in sides if match[side] is not None), None)
        reference = read_reference(text, match.end())
        if reference is not None and _fits(text, match, reference):
            point, end = reference
            window = Window(match.start(), end, direction=direction, reference_point=point)
            yield TimeExpression(window)
            if direction is None:
                yield from _also_at(text, end)
        elif reference is None and match[0].strip() in _POINTING:
            window = Window(
                match.start(), match.end() - 1, direction=direction, reference_point=OTHER_EVENT
            )
            yield TimeExpression(window)


_ALSO = re.compile(r"(?:,? (?:and|or|and/or)|,|/) ?(?=[a-z])")


def _also_at(text: str, end: int) -> Iterator[TimeExpression]:
    """Yield the further points of "at screening, baseline and visit 3"."""
    while joint := _ALSO.match(text, end):
        reference = read_reference(text, joint.end())
        if reference is None or reference[0] not in _VISITS:
            return
        end = reference[1]
        yield TimeExpression(Window(joint.end(), end, reference_point=reference[0]))


_POINTING = ("before", "prior to", "after", "following", "during")
_DURATION = re.compile("duration|period|length|course")
_DAY = re.compile(
    r"(?:(?:study |treatment )?day|c(?:ycle )?1)(?![^,;.]{0,12} of (?:each|every|an? ))"
)
_VISITS = ("visit", "screening", "admission", "randomization", "enrollment", "baseline")


def _fits(text: str, match: re.Match[str], reference: tuple[str, int]) -> bool:
    """Tell "on admission" from "on treatment", "for the surgery", "from the study"."""
    point, end = reference
    match match[0].strip():
        case "for the":
            return _DURATION.search(text[match.end() : end]) is not None
        case "from" | "up to":
            named = text.startswith("receiv", match.end())  # "from receiving treatment"
            return not named and point not in (
                "study",
                "treatment",
                "procedure",
                "surgery",
                "enrollment",
            )
        case "on":
            return point in _VISITS or _DAY.match(text, match.end()) is not None
    return True
