"""A recorded result against a criterion's value: numbers with units, limits of normal, words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from critextract.conversions import convert, implausible
from critextract.errors import UnitError
from critextract.intervals import contains, number_text
from critextract.lexicons import read_rows
from critextract.patients.model import Event, Sex
from critextract.patients.ranges import ReferenceRange, ReferenceRanges, own_range
from critextract.patients.stages import SCALES, judge_stage, stage_of
from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, Truth
from critextract.patients.words import meaning
from critextract.schema import Value
from critextract.terms import lookup
from critextract.units import factor, to_ucum

_WORDS = {row[0]: row[1] for row in read_rows("word_values.tsv")}
_SIGNS = {"present": "positive", "absent": "negative", "detectable": "positive",
          "undetectable": "negative"}  # fmt: skip
_OUTSIDE = frozenset({"elevated", "low"})
_LETTER = re.compile(r"(?:^|\s)([A-D])$", re.IGNORECASE)
_BARE = frozenset({"1", *SCALES})
"""Units that a record may leave out."""


class Judged(NamedTuple):
    """Truth of a value for a result; why, and the fact that is missing where it is unknown."""

    truth: Truth
    why: str = ""
    need: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """What results are judged by beside themselves: the name, the sex, ranges, a baseline."""

    name: str
    sex: Sex | None = None
    ranges: ReferenceRanges = field(default_factory=ReferenceRanges)
    baseline: Event | None = None


def judge(value: Value, event: Event, by: Measured) -> Judged:
    """Return whether a recorded result is one of those a value allows."""
    if event.value is None and value.unit not in SCALES:
        return Judged(UNKNOWN, "no result is recorded", f"result of {by.name}")
    if value.unit in SCALES and value.relative_to is None:
        return _judge_scale(value, event, by)
    if value.relative_to is not None:
        return _judge_multiple(value, event, by)
    if value.low is None and value.high is None and value.set is None:
        return _judge_words(value, event, by)
    return _judge_number(value, event, by)


def _known(allowed: bool) -> Truth:
    return TRUE if allowed else FALSE


# --- numbers ----------------------------------------------------------------------------------


def _judge_scale(value: Value, event: Event, by: Measured) -> Judged:
    stage = stage_of(event, value.unit or "")
    kind = (value.unit or "").strip("{}")
    if stage is None:
        return Judged(UNKNOWN, f"its {kind} is not recorded", f"{kind} of {by.name}")
    truth = judge_stage(value, stage)
    return Judged(truth, need=f"{kind} of {by.name} with its letter" if truth == UNKNOWN else "")


def _judge_number(value: Value, event: Event, by: Measured) -> Judged:
    """Compare in the event's own unit where the bound is printed in it, else after conversion."""
    if value.unit is None:
        return Judged(UNKNOWN, "the criterion prints no unit", "unit of the criterion's bound")
    if not isinstance(event.value, Decimal):
        return Judged(UNKNOWN, f"the result is {event.value!r:.40}", f"{by.name} as a number")
    unit = code_of(event.unit) if event.unit else "1" if value.unit in _BARE else None
    if unit is None:
        return Judged(UNKNOWN, "the result has no unit", f"unit of {by.name}")
    odd = implausible(event.value, unit, by.name)
    if odd:
        return Judged(UNKNOWN, odd, f"{by.name} in a unit that is sure")
    bounds = [bound for bound in (value, value.alternative) if bound and bound.unit]
    bounds.sort(key=lambda bound: bound.unit != unit)
    failed = ""
    for bound in bounds:
        try:
            number = _converted(event.value, unit, bound.unit or "", by.name, event.name)
        except UnitError as error:
            failed = failed or str(error)
            continue
        truth = within(bound, number, event.comparator)
        return Judged(truth, need=f"{by.name} as a number" if truth == UNKNOWN else "")
    return Judged(UNKNOWN, failed, f"{by.name} in {value.unit}")


@lru_cache(maxsize=4096)
def code_of(unit: str) -> str:
    """Return the UCUM code of a recorded unit, the unit itself where it is not known."""
    return unit if factor(unit) is not None else to_ucum(unit) or unit


@lru_cache(maxsize=65536)
def _converted(number: Decimal, unit: str, to: str, *names: str) -> Decimal:
    if unit == to or {unit, to} <= _BARE:
        return number
    failed: UnitError | None = None
    for name in names:
        try:
            return convert(number, unit, to, analyte=name)
        except UnitError as error:
            failed = failed or error
    raise failed or UnitError(f"{unit} cannot be converted to {to}")


def within(value: Value, number: Decimal, comparator: str | None = None) -> Truth:
    """Return whether a number, or everything on one side of it, is one of the allowed values.

    comparator : ``< <= >= >`` where only that is known of the result.
    """
    if comparator is None:
        return _known(contains(value, number))
    if value.set is not None:
        return UNKNOWN
    below = comparator in ("<", "<=")
    near, near_closed = (value.low, value.low_closed) if below else (value.high, value.high_closed)
    far, far_closed = (value.high, value.high_closed) if below else (value.low, value.low_closed)
    sign = 1 if below else -1
    closed = comparator in ("<=", ">=")
    if near is not None:
        past = sign * (number - near)
        if past < 0 or (past == 0 and not (near_closed and closed)):
            return FALSE
        return UNKNOWN
    if far is None or sign * (far - number) > 0:
        return TRUE
    return _known(True) if far == number and (far_closed or not closed) else UNKNOWN


# --- limits of normal -------------------------------------------------------------------------


def _ranges(event: Event, by: Measured) -> Iterator[ReferenceRange]:
    own = own_range(event)
    if own is not None:
        yield own
    given = by.ranges.of(event.name, by.sex) or by.ranges.of(by.name, by.sex)
    if given is not None:
        yield given


def _limit(value: Value, event: Event, by: Measured) -> tuple[Decimal, str | None] | None:
    """Return the limit a bound multiplies and its unit, None where it is not known."""
    if value.relative_to == "baseline":
        base = by.baseline
        known = base is not None and isinstance(base.value, Decimal) and base.comparator is None
        return (base.value, base.unit) if known and base else None  # type: ignore[return-value]
    part = {"ULN": "high", "LLN": "low", "normal_mean": "mean"}.get(value.relative_to or "")
    for known_range in _ranges(event, by) if part else ():
        limit = getattr(known_range, part or "")
        if limit is not None:
            return limit, known_range.unit or event.unit
    return None


def _judge_multiple(value: Value, event: Event, by: Measured) -> Judged:
    limit = _limit(value, event, by)
    name = (value.relative_to or "").replace("_", " ")
    if not isinstance(event.value, Decimal):
        return _judge_normal(value, event, by)
    if value.relative_to == "predicted" and _is_of_predicted(event):
        return Judged(within(value, event.value, event.comparator))
    if limit is None:
        return Judged(UNKNOWN, f"{name} of {by.name} is not known", f"{name} of {by.name}")
    unit = code_of(limit[1]) if limit[1] else None
    own = code_of(event.unit) if event.unit else None
    try:
        number = _converted(event.value, own or "1", unit or "1", by.name, event.name)
    except UnitError as error:
        return Judged(UNKNOWN, str(error), f"{by.name} in {unit}")
    truth = within(_times(value, limit[0]), number, event.comparator)
    return Judged(truth, f"{name} is {number_text(limit[0])} {unit or ''}".rstrip())


def _times(value: Value, limit: Decimal) -> Value:
    size = limit / 100 if value.unit == "%" else limit
    low = None if value.low is None else value.low * size
    high = None if value.high is None else value.high * size
    several = None if value.set is None else tuple(number * size for number in value.set)
    return replace(value, low=low, high=high, set=several)


def _is_of_predicted(event: Event) -> bool:
    """Tell whether a result is itself a percentage of the predicted value."""
    if event.unit is None or "%" not in event.unit:
        return False
    term = lookup(event.name)
    said = "predicted" in event.unit or "predicted" in event.name
    return said or (term is not None and set(term.units) != {"%"})


def _judge_normal(value: Value, event: Event, by: Measured) -> Judged:
    """Judge a result in words against limits of normal: only "normal" itself is asked for."""
    if value.text_value == "normal":
        return _judge_words(value, event, by)
    return Judged(UNKNOWN, f"the result is {event.value!r:.40}", f"{by.name} as a number")


# --- words ------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def word_of(text: str) -> str:
    """Return the one form of a result in words: "Non-reactive" is "negative"."""
    low = " ".join(text.lower().split())
    known = _WORDS.get(low) or meaning("result", [low]) or low
    return _SIGNS.get(known, known)


def _judge_words(value: Value, event: Event, by: Measured) -> Judged:
    asked = word_of(value.text_value or "")
    if isinstance(event.value, Decimal):
        return _judge_against_range(asked, event, by)
    letter = _LETTER.search(event.value or "")
    if len(asked) == 1 and letter:
        return Judged(_known(letter[1].lower() == asked))
    return _compare_words(asked, word_of(event.value or ""), by)


def _compare_words(asked: str, found: str, by: Measured) -> Judged:
    if asked == found or (asked == "abnormal" and found in _OUTSIDE):
        return Judged(TRUE)
    signs, limits = {"positive", "negative"}, {"normal", "abnormal", *_OUTSIDE}
    if {asked, found} <= signs:
        return Judged(FALSE)
    if {asked, found} <= limits and (asked != "abnormal" or found == "normal"):
        unsure = found == "abnormal" and asked in _OUTSIDE
        return Judged(UNKNOWN if unsure else FALSE, need=f"{by.name}" if unsure else "")
    return Judged(UNKNOWN, f"the result is {found!r:.40}, {asked!r} is asked for", by.name)


def _judge_against_range(asked: str, event: Event, by: Measured) -> Judged:
    """Judge a number by its reference range: above it, below it, within it, outside of it."""
    if asked not in {"normal", "abnormal", *_OUTSIDE}:
        return Judged(UNKNOWN, f"the result is a number, {asked!r} is asked for", by.name)
    one = Decimal(1)
    bounds = {
        "above": Value(0, 1, low=one, low_closed=False, relative_to="ULN"),
        "below": Value(0, 1, high=one, high_closed=False, relative_to="LLN"),
    }
    sides = {side: _judge_multiple(bound, event, by) for side, bound in bounds.items()}
    above, below = sides["above"], sides["below"]
    if asked in _OUTSIDE:
        return above if asked == "elevated" else below
    truths = {above.truth, below.truth}
    if TRUE in truths:
        return Judged(_known(asked == "abnormal"))
    unknown = next((side for side in sides.values() if side.truth == UNKNOWN), None)
    return unknown or Judged(_known(asked == "normal"), above.why)
