"""The case in which something is asked: what a condition is of, and the case a lead-in sets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from critextract.exceptions import same_variable
from critextract.linking import Leaf, pattern
from critextract.schema import Uncovered


def own_case(text: str, before: Sequence[Leaf], after: Sequence[Leaf]) -> bool:
    """Tell whether a case is of the last of two alternatives: "A ≤ 1.5, or B ≥ 60 if A > 1.5".

    So is that of another bound of the same variable: "A ≤ 2, or A ≤ 5 if B".
    """
    if len(before) < 2 or not re.search(
        r"\bor\b", text[before[-2].end : before[-1].start], re.IGNORECASE
    ):
        return False
    again = same_variable(before[-1], before[:-1])
    if again:
        return len(before) == 2 and text[before[-1].end : after[0].start].count(",") == 0
    return len(after) == 1 and same_variable(after[0], before[:-1])


def case_doubts(
    text: str, cue: tuple[int, int], before: Sequence[Leaf], after: Sequence[Leaf]
) -> list[Uncovered]:
    """Name what a case said by `cue` may be of: bounds behind it, the last alternative alone."""
    found = late_bounds(cue[1], before) + second_case(text, cue[1], after)
    if not own_case(text, before, after) and of_the_last(text, before):
        found.append(Uncovered(*cue, "the case may be of the last only"))
    return found


def of_the_last(text: str, before: Sequence[Leaf]) -> bool:
    """Tell whether a case may be of the last alternative alone: "A ≤ 2 or B ≤ 5 if C"."""
    bounded = [leaf.mention for leaf in before[-2:] if leaf.mention and leaf.mention.values]
    if len(bounded) < 2 or before[-1].kind != "MEASUREMENT":
        return False
    first, last = (mention.values[0] for mention in bounded)
    gap = text[before[-2].end : before[-1].start]
    apart = first.start != last.start and not same_variable(before[-1], before[:-1])
    return apart and re.search(r"\bor\b", gap, re.IGNORECASE) is not None


def joined_case(text: str, start: int, end: int, leaves: Sequence[Leaf]) -> re.Match[str] | None:
    """Return the "or", "and" that a case stands behind: "A or, if B, C", "A or in men, C"."""
    for joined in _JOINS.finditer(text, start, end):
        opened = any(pattern(n).match(text, joined.end()) for n in ("condition", "case_before"))
        first, last = joined.span()
        if opened and not any(leaf.start < last and first < leaf.end for leaf in leaves):
            return joined
    return None


_JOINS = re.compile(r"\b(or|and)\b[\s,(]*", re.IGNORECASE)


def late_bounds(at: int, before: Sequence[Leaf]) -> list[Uncovered]:
    """Name a bound behind a case at offset `at`: "A ≥ 350 (if B) or ≥ 250 (if C)"."""
    values = before[-1].mention.values if before and before[-1].mention else ()
    late = [Uncovered(v.start, v.end, "of which case the bound is") for v in values]
    return [gap for gap in late if gap.start > at][:1]


def second_case(text: str, at: int, after: Sequence[Leaf]) -> list[Uncovered]:
    """Name another case with its own bound behind one: "A < 9 if B or A < 5 if C"."""
    for first, second in pairwise(after):
        cue = pattern("condition").search(text, max(at, first.end), second.start)
        if cue is not None and first.kind == "MEASUREMENT":
            return [Uncovered(*cue.span(), "of which case the bound is")]
    return []


def case_of_items(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the words that make a lead-in the case in which its items hold, None if none do.

    "If HIV-infected:", "In patients on dialysis:", "Women of childbearing potential must:".
    """
    if (last := _BEFORE_ITEMS.search(text, start, end)) is None:
        return None
    for name in ("condition", "case_before"):
        cue = pattern(name).match(text, _BLANK.match(text, start).end())  # type: ignore[union-attr]
        if cue is not None:
            return cue.span()
    orders = [
        m
        for m in pattern("obligation").finditer(text, start, end)
        if m.end() == last.start() or _MEET.fullmatch(text, m.end(), end)
    ]
    people = pattern("conditional_subject").search(text, start, end)
    people = people or _SEX.match(text, start) or pattern("case_subject").match(text, start)
    return orders[0].span() if orders and people else None


_BEFORE_ITEMS = re.compile(r"(?:,?\s*(?:the|all of the)?\s*following(?: \w+){0,3})?\s*:?\s*$")
_BLANK = re.compile(r"\s*")
_MEET = re.compile(
    r"\s*(?:meet|fulfil+|satisfy|have|be|show)?\s*(?:(?:at least )?(?:one|two|any|all|either|each)"
    r"(?: or more)?(?: of)?)?\s*(?:the )?(?:following|these)(?: \w+){0,2}\s*:?\s*",
    re.IGNORECASE,
)
_SEX = re.compile(
    r"\s*(?:(?:all|any|adult|fertile) )*(?:(?:wo)?men|(?:fe)?males?|girls|boys)\b", re.IGNORECASE
)
