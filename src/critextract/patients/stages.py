"""Stages, grades and classes: a numeral that may have a letter behind it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from critextract.intervals import contains
from critextract.patients.model import Event
from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, Truth
from critextract.schema import Value

SCALES = frozenset({"{stage}", "{grade}", "{class}", "{score}"})

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_NUMERAL = (
    r"(?P<numeral>iv|v?i{1,3}|v|[0-9]{1,2})(?:\s?(?P<letter>[a-e])[0-9]?)?(?![a-z0-9]|\.[0-9])"
)
_ALONE = re.compile(rf"(?:[a-z][a-z -]*\s)?{_NUMERAL}", re.IGNORECASE)
_NAMED = {
    "{stage}": re.compile(rf"\bstage:?\s+{_NUMERAL}", re.IGNORECASE),
    "{grade}": re.compile(rf"\bgrade:?\s+{_NUMERAL}", re.IGNORECASE),
    "{class}": re.compile(rf"\b(?:class|type):?\s+{_NUMERAL}", re.IGNORECASE),
}


class Stage(NamedTuple):
    """A numeral and the letter behind it, ``""`` without one: IIIB is 3, "B"."""

    number: Decimal
    letter: str = ""


def _stage(found: re.Match[str] | None) -> Stage | None:
    if found is None or not found["numeral"]:
        return None
    numeral = found["numeral"].lower()
    number = _ROMAN.get(numeral) if not numeral.isdigit() else int(numeral)
    return None if number is None else Stage(Decimal(number), (found["letter"] or "").upper())


def parse_stage(text: str) -> Stage | None:
    """Return the stage words name: "IIIB", "stage 2", "NYHA class II"; None for anything else."""
    return _stage(_ALONE.fullmatch(text.strip()))


def stage_of(event: Event, unit: str) -> Stage | None:
    """Return the stage, grade or class of an event: its value, else what its name says."""
    if isinstance(event.value, str):
        return parse_stage(event.value)
    if event.value is not None and (event.unit is None or event.unit in (unit, "1")):
        return Stage(event.value)
    named = _NAMED.get(unit)
    return _stage(named.search(event.name)) if named else None


def judge_stage(value: Value, stage: Stage) -> Truth:
    """Return whether a stage is one of those a value allows; the letter decides where printed."""
    ends = [parse_stage(part) for part in (value.text_value or "").split("-")]
    lettered = [end for end in ends if end is not None]
    if value.text_value is None or not any(end.letter for end in lettered):
        return TRUE if contains(value, stage.number) else FALSE
    if value.set is not None:
        same = [end for end in lettered if end.number == stage.number]
        if not same:
            return FALSE
        return _any([_compare(stage, end, least=None) for end in same])
    low = lettered[0] if value.low is not None else None
    high = lettered[-1] if value.high is not None else None
    sides = [_compare(stage, low, least=True)] if low else []
    sides += [_compare(stage, high, least=False)] if high else []
    if low and high and low == high:
        sides = [_compare(stage, low, least=None)]
    if FALSE in sides:
        return FALSE
    return UNKNOWN if UNKNOWN in sides else TRUE


def _any(truths: list[Truth]) -> Truth:
    return TRUE if TRUE in truths else UNKNOWN if UNKNOWN in truths else FALSE


def _compare(stage: Stage, end: Stage, *, least: bool | None) -> Truth:
    """Compare with an end of a range: at least, at most, or (None) the same."""
    if stage.number != end.number:
        beyond = stage.number > end.number
        return TRUE if least is not None and beyond == least else FALSE
    if not end.letter or stage.letter == end.letter:
        return TRUE
    if not stage.letter:
        return UNKNOWN
    if least is None:
        return FALSE
    return TRUE if (stage.letter > end.letter) == least else FALSE
