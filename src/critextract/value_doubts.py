"""What the values of a mention leave open: a distance, a range of what is normal, a step's case.

A bound that is read but is not the one the text means would be wrong at full confidence; each
becomes an `Uncovered` with its reason (see `doubts`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from critextract.schema import Mention, RuleGuard, Uncovered, Value

_LENGTHS = frozenset({"mm", "cm", "m", "[in_i]"})
_STEPS = frozenset({"{stage}", "{grade}", "{class}"})
_FROM = re.compile(r"\s*(?:from|proximal|distal|away|above|beyond|deep)\b", re.IGNORECASE)
_WITHIN = re.compile(r"(?:within|beyond|closer)\b", re.IGNORECASE)
_OF = re.compile(r"\s*(?:of|to)\b", re.IGNORECASE)
_MEASURED = re.compile(r"distance|margin|spleen|liver|megaly|elevation|depression", re.IGNORECASE)


def distances(text: str, mention: Mention) -> list[Uncovered]:
    """Return the lengths that say where something is: "warts within 2 cm of the eyelid".

    Not so of what is measured from a place ("spleen > 4 cm below the costal margin").
    """
    if _MEASURED.search(mention.text):
        return []
    return [
        Uncovered(v.start, v.end, "a distance, no size")
        for v in mention.values
        if v.unit in _LENGTHS
        and (_FROM.match(text, v.end) or (_WITHIN.match(text, v.start) and _OF.match(text, v.end)))
    ]


def normal_ranges(text: str, mention: Mention) -> list[Uncovered]:
    """Return the range beside "abnormal", which may be the normal one: "outside normal (4-10)".

    So too the "normal" beside a share, of which it is none: "within 10 % of normal".
    """
    del text
    words = {v.text_value for v in mention.values if _is_word(v)}
    if "abnormal" in words:
        ranges = [v for v in mention.values if v.low is not None and v.high is not None]
        return [Uncovered(v.start, v.end, "the range may be the normal one") for v in ranges]
    if "normal" in words and any(v.unit == "%" and v.guard is None for v in mention.values):
        named = [v for v in mention.values if v.text_value == "normal" and _is_word(v)]
        return [Uncovered(v.start, v.end, "what the share is of") for v in named]
    return []


def steps_in_case(text: str, mention: Mention) -> list[Uncovered]:
    """Return the step of a scale that a case goes with: "stage IV, or stage III with ascites".

    As a case of the bound it would be asked of all with ascites.
    """
    del text
    return [
        Uncovered(v.start, v.end, "the case may be of that step only")
        for v in mention.values
        if v.unit in _STEPS and v.low is not None and v.high is not None
        if isinstance(v.guard, RuleGuard) and len(mention.values) > 1
    ]


def doubled_steps(text: str, mention: Mention) -> list[Uncovered]:
    """Return a step said again of one mention, which runs two together: "stage I ca stage I tu"."""
    del text
    return [
        Uncovered(b.start, b.end, "two bounds where one is looked for")
        for a, b in pairwise(mention.values)
        if a.unit in _STEPS and a.unit == b.unit and a.guard == b.guard
        if a.end <= mention.start < mention.end <= b.start and a.start != b.start
    ]


def two_scales(text: str, mention: Mention) -> list[Uncovered]:
    """Return the second of two values on different scales, either of which is enough.

    "Stage III or node positive", "grade 2 or 3 carcinoma (stage IC or IIA)".
    """
    del text
    if mention.values_op != "any":
        return []
    return [
        Uncovered(b.start, b.end, "two scales where one is looked for")
        for a, b in pairwise(mention.values)
        if _scale(a) != _scale(b) and {_scale(a), _scale(b)} & _STEPS
    ]


def _scale(value: Value) -> str | None:
    return "in words" if _is_word(value) else value.unit


def _is_word(value: Value) -> bool:
    return value.text_value is not None and value.low is None and value.high is None


def denied_bounds(text: str, mentions: Sequence[Mention]) -> list[Uncovered]:
    """Return what a "no" denies though it may be asked: "no heart failure, LVEF ≥ 50 %".

    A list would end with "or": what only a comma parts from what is denied may stand by itself.
    """
    found = []
    denied = [m for m in mentions if m.negated and m.negation_cue]
    for cue in sorted({m.negation_cue for m in denied if m.negation_cue}):
        members = sorted((m for m in denied if m.negation_cue == cue), key=lambda m: m.start)
        if len(members) < 2 or cue[1] > members[0].start:
            continue
        first, last = members[-2:]
        bounded = any(v.low is not None or v.high is not None for v in last.values)
        behind = max(first.end, *(v.end for v in first.values), 0)
        gap = _COMMA.fullmatch(text, behind, last.start) or _LOUD.search(text, behind, last.start)
        listed = _OR.search(text, cue[1], last.end)
        if last.label in {"MEASUREMENT", "PERSON"} and bounded and gap and not listed:
            found.append(Uncovered(*cue, "how far the denial goes"))
    return found


_COMMA = re.compile(r"\s*[),;]+\s*(?:(?:an?|the)\s+)?", re.IGNORECASE)
_OR = re.compile(r"\b(?:[nN]?or|[aA]nd)\b|/")
_LOUD = re.compile(r"\bOR\b")
_JOINED = re.compile(r"\s*(?:,|/|,?\s*\b(?:or|and/or)\b)\s*(?:[\w-]+\s+){0,2}", re.IGNORECASE)


def shared_counts(text: str, mentions: Sequence[Mention]) -> list[Uncovered]:
    """Return the number before two names that counts both: "no more than 1 prior IVF or ICSI".

    At least one of them is at least one of either.
    """
    return [
        Uncovered(a.count.start, a.count.end, "the number is of all that is named together")
        for a, b in pairwise(sorted(mentions, key=lambda m: m.start))
        if a.count is not None
        and a.count.end <= a.start
        and not (a.count.low == 1 and a.count.high is None and a.count.low_closed)
        and (b.count is None or b.count.start == a.count.start)
        and a.criterion == b.criterion
        and (a.end <= b.start or a.fragments or b.fragments)
        and (b.fragments or a.fragments or _JOINED.fullmatch(text, a.end, b.start))
    ]


VALUE_CHECKS = (distances, normal_ranges, steps_in_case, doubled_steps, two_scales)
"""What is asked of the values of each mention of a rule."""
