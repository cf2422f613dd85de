"""Values printed once for several variables: "AST and ALT ≤ 2.5", "enzymes (ALT, AST) > 3"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from critextract.components.attach import Span, chains
from critextract.components.drafts import Candidate, Quantity
from critextract.components.ranges import bounds, op_of
from critextract.components.values import DOSE_UNIT, FARTHEST
from critextract.schema import Label

_LONG = re.compile(r"[A-Za-z]{7,}")
_BRACKETS = re.compile(r"\([^()]*\)(?=(?:\s+(?:levels?|values?|both|are|is|must be))*\s*$)")
_TEST = re.compile(
    r"test|assay|cultur|biops|smear|screen|x-?ray|radiogra|scan|\bct\b|\bmri\b|imaging|exam|swab|pcr"
    r"|serolog|scop|gram|graph|cytolog|histolog|aspirat|analys|sampl|ultraso|echo",
    re.IGNORECASE,
)
"""Procedures that have a result."""
_OF_BLOOD = re.compile(r"(?:penia|(?<!leuk)(?<!leuka)a?emia)$", re.IGNORECASE)
_FUNCTION = re.compile(r"(?:function|status)$", re.IGNORECASE)
_DOSE_OF = re.compile(r"\bdos(?:es?|age) of\s+(?:\w+\s+)?$", re.IGNORECASE)
_RESPECTIVELY = re.compile(r"[\s,(]{0,3}respectively", re.IGNORECASE)


def distribute(
    text: str,
    candidates: Sequence[Candidate],
    owned: dict[int, list[Quantity]],
    covered: Sequence[Span],
) -> dict[int, list[Quantity]]:
    """Give a coordinated run's values to all of it: "AST and ALT ≤ 2.5", "positive for A or B".

    A bound stands behind its run and goes to the measurements before it; a word stands before its
    run and goes to every test or condition after it.
    """
    if not owned:
        return {}
    result = dict(owned)
    for run in chains(text, candidates, covered):
        for place, n in enumerate(run):
            if n in owned:
                continue
            later = next((m for m in run[place + 1 :] if m in owned), None)
            earlier = next((m for m in reversed(run[:place]) if m in owned), None)
            if later is not None and (
                _bound_behind(text, candidates, owned[later], n, later)
                or _dose_of_all(text, candidates, owned[later], run, later)
            ):
                result[n] = owned[later]
            elif earlier is not None and _word_before(text, candidates, owned[earlier], n, earlier):
                result[n] = owned[earlier]
        result.update(_respective(text, run, owned))
    for n, values in owned.items():
        result.update(
            {m: values for m in _bracketed(text, candidates, n, values) if m not in owned}
        )
    return result


def _bracketed(
    text: str, candidates: Sequence[Candidate], n: int, values: Sequence[Quantity]
) -> list[int]:
    """Return the tests that brackets name of a kind before its bound: "enzymes (ALT, AST) > 3"."""
    start = values[0].value.start
    brackets = _BRACKETS.search(text, max(0, start - FARTHEST), start)
    if brackets is None or candidates[n].label is not Label.MEASUREMENT:
        return []
    inside = [
        m for m, c in enumerate(candidates) if brackets.start() < c.start and c.end < brackets.end()
    ]
    if len(inside) < 2 or any(candidates[m].label is not Label.MEASUREMENT for m in inside):
        return []
    head = inside[0] - 1
    named = head >= 0 and not text[candidates[head].end : brackets.start()].strip()
    whole = [head, *inside] if named and candidates[head].label is Label.MEASUREMENT else inside
    return whole if n in whole else []


def _respective(
    text: str, run: Sequence[int], owned: dict[int, list[Quantity]]
) -> dict[int, list[Quantity]]:
    """Return one bound for each of a run: "AST and bilirubin ≤ 3 and 2 × ULN, respectively"."""
    values = owned.get(run[-1], [])
    if len(run) < 2 or len(values) != len(run):
        return {}
    word = _RESPECTIVELY.match(text, values[-1].value.end)
    if word is None:
        return {}
    op, last = op_of(values[0].value), values[-1]
    values = [*values[:-1], replace(last, value=replace(last.value, end=word.end()))]
    return {n: [_with_op(quantity, op)] for n, quantity in zip(run, values, strict=True)}


def _with_op(quantity: Quantity, op: str) -> Quantity:
    """Give the comparator printed once to a number that prints none."""
    value = quantity.value
    if value.low is None or value.low != value.high:
        return quantity
    plain = replace(value, low=None, low_closed=None, high=None, high_closed=None)
    return replace(quantity, value=replace(plain, **bounds(op, value.low)))  # type: ignore[arg-type]


def _bound_behind(
    text: str, candidates: Sequence[Candidate], values: Sequence[Quantity], n: int, later: int
) -> bool:
    labels = {candidates[n].label, candidates[later].label}
    shared = labels == {Label.MEASUREMENT} or (
        labels == {Label.CONDITION}
        and (values[0].value.unit == "{grade}" or values[0].value.relative_to in ("ULN", "LLN"))
        and _of_one_kind(text, candidates[n], candidates[later])
    )
    shared = shared or (
        values[0].kind == "word"
        and all(_FUNCTION.search(text, candidates[m].start, candidates[m].end) for m in (n, later))
    )
    return shared and values[0].value.start >= candidates[later].end


def _dose_of_all(
    text: str, candidates: Sequence[Candidate], values: Sequence[Quantity], run: Sequence[int],
    later: int,
) -> bool:  # fmt: skip
    """Tell whether a dose behind several drugs is of each: "total dose of A or B > 450 mg/m2"."""
    drugs = all(candidates[n].label is Label.DRUG for n in run)
    start, value = candidates[run[0]].start, values[0].value
    named = _DOSE_OF.search(text, max(0, start - 40), start) is not None
    dosed = DOSE_UNIT.match(value.unit or "") is not None
    return drugs and named and dosed and value.start >= candidates[later].end


def _of_one_kind(text: str, first: Candidate, second: Candidate) -> bool:
    """Tell whether two names share a stem: "neuropathy or neuropathic pain grade 2".

    Or say both what a count or a level of the blood is: "leukopenia or thrombocytopenia grade 2".
    """
    if all(_OF_BLOOD.search(text, c.start, c.end) for c in (first, second)):
        return True
    stems = [
        {word.lower()[:7] for word in _LONG.findall(text[c.start : c.end])} for c in (first, second)
    ]
    return not stems[0].isdisjoint(stems[1])


def _word_before(
    text: str, candidates: Sequence[Candidate], values: Sequence[Quantity], n: int, earlier: int
) -> bool:
    last, tests = values[-1], {Label.MEASUREMENT, Label.PROCEDURE}
    alike = (candidates[n].label in tests) == (candidates[earlier].label in tests)
    if candidates[n].label is Label.PROCEDURE:  # "negative skin test or treatment"
        said = last.value.text_value in {"positive", "negative", "normal", "abnormal"}
        alike = (
            alike
            and said
            and _TEST.search(text, candidates[n].start, candidates[n].end) is not None
        )
    elif candidates[n].label is Label.CONDITION and last.value.text_value in {"normal", "abnormal"}:
        # "abnormal renal function or dementia"
        alike = alike and _FUNCTION.search(text, candidates[n].start, candidates[n].end) is not None
    return last.kind == "word" and last.value.end <= candidates[earlier].start and alike
