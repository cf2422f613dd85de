"""The case in which something is asked: what a condition is of, and the case a lead-in sets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from critextract.exceptions import same_variable
from critextract.linking import Leaf, pattern
from critextract.schema import Uncovered


def own_case(text: str, before: Sequence[Leaf], after: Sequence[Leaf]) -> bool:
    """Tell whether a case is of the last of two alternatives: "A ≤ 1.5, or B ≥ 60 if A > 1.5"."""
    if len(before) < 2 or not any(same_variable(leaf, before[:-1]) for leaf in after):
        return False
    gap = text[before[-2].end : before[-1].start]
    own = not same_variable(before[-1], before[:-1]) and len(after) == 1
    return own and re.search(r"\bor\b", gap, re.IGNORECASE) is not None


def late_bounds(at: int, before: Sequence[Leaf]) -> list[Uncovered]:
    """Name a bound behind a case at offset `at`: "A ≥ 350 (if B) or ≥ 250 (if C)"."""
    values = before[-1].mention.values if before and before[-1].mention else ()
    late = [Uncovered(v.start, v.end, "of which case the bound is") for v in values]
    return [gap for gap in late if gap.start > at][:1]


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
        m for m in pattern("obligation").finditer(text, start, end) if m.end() == last.start()
    ]
    people = pattern("conditional_subject").search(text, start, end)
    return orders[0].span() if orders and people else None


_BEFORE_ITEMS = re.compile(r"(?:,?\s*(?:the|all of the)?\s*following(?: \w+){0,3})?\s*:?\s*$")
_BLANK = re.compile(r"\s*")
