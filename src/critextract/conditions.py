"""Where clauses and conditions end ("if on A, B or C, a stable dose"), and what obliges."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from critextract.exceptions import opening
from critextract.linking import Leaf, gap_between, pattern, search_outside
from critextract.rules import AllOf, If, Rule
from critextract.schema import Section, Uncovered

_LISTED = re.compile(r"\s*,\s*(?:(?:and|or)\s+)?", re.IGNORECASE)
_LAST = re.compile(r"[\s,]*\b(?:or|and|and/or)\s+(?:an?\s+|the\s+)?", re.IGNORECASE)
_NEXT = re.compile(r"\s*[,/]\s*(?:an?\s+|the\s+)?", re.IGNORECASE)
_SIGN = re.compile(r"\s*[,:]")


def condition_end(text: str, start: int, end: int, leaves: Sequence[Leaf]) -> int:
    """Return the comma or colon that ends a condition which stands first, -1 if there is none.

    A list that ends with "or" goes on over its commas: "if on A, B or C, a stable dose". Else the
    first colon, without one the first comma.

    Parameters
    ----------
    start, end : characters behind the word that opens the condition, and where the text ends.
    leaves : what stands in them.
    """
    run = leaves[:1]
    for a, b in pairwise(leaves):
        gap = gap_between(text, a, b)
        if a.kind != b.kind or b.kind in {None, "PERSON"}:
            break
        if _LAST.fullmatch(gap):
            sign = _SIGN.match(text, _behind(b))
            if sign is not None and len(run) > 1:
                return sign.end() - 1
            break
        if not _NEXT.fullmatch(gap):
            break
        run = [*run, b]
    signs = [at for at in (text.find(sign, start, end) for sign in ":,") if at >= 0]
    return signs[0] if signs else -1


def _behind(leaf: Leaf) -> int:
    return max([leaf.end, *(end for start, end in leaf.held if start <= leaf.end + 2)])


def condition_cue(text: str, start: int, end: int, leaves: Sequence[Leaf]) -> re.Match[str] | None:
    """Return the words that open a condition: "if", or "in patients with" at the start.

    In brackets that name nothing ("if measured") they open none.
    """
    cue = search_outside(pattern("condition"), text, start, end, leaves)
    cue = cue or pattern("case_before").match(text, start, leaves[0].start)
    bracket = opening(text, start, cue.end()) if cue else -1
    closing = text.find(")", cue.end()) if cue and bracket >= 0 else -1
    if cue and closing >= 0 and not any(cue.end() <= leaf.start < closing for leaf in leaves):
        return None
    return cue


def is_whole(text: str, start: int, end: int, leaves: Sequence[Leaf]) -> bool:
    """Tell whether what is asked in a case stands behind it: "A; if B, C" asks for C if B."""
    comma = condition_end(text, start, end, leaves)
    return comma >= 0 and leaves[0].end <= comma < leaves[-1].start


def is_open(text: str, at: int, leaves: Sequence[Leaf]) -> bool:
    """Tell whether commas in a row leave open where the condition ends: "if on A, B, C, stable"."""
    pure = [
        b
        for a, b in pairwise(leaves)
        if b.start > at and _LISTED.fullmatch(text, a.end, b.start) is not None
    ]
    return len(pure) > 1


def is_widened(before: Sequence[Leaf]) -> bool:
    """Tell whether what stands before a case is bounded by multiples of a limit alone.

    "≤ 5 x ULN is allowed if" widens what else is asked.
    """
    values = [leaf.mention.values if leaf.mention else () for leaf in before]
    return bool(values) and all(
        own and all(v.relative_to == "ULN" and v.low is None for v in own) for own in values
    )


def permitted_doubts(said: str, cue: tuple[int, int], before: Sequence[Leaf]) -> list[Uncovered]:
    """Name the case in which a bound is allowed, which may be one for all: "> 500 allowed if"."""
    bounded = before and before[-1].mention and before[-1].mention.values
    if not bounded or is_widened(before) or not pattern("permission").search(said):
        return []
    return [Uncovered(*cue, "permission or condition: which is not said")]


_ELIGIBLE = re.compile(
    r"\b(?:is|are|will be|would be|remain) (?:also |still |considered )?"
    r"(?:eligible|included|enrolled)\b",
    re.IGNORECASE,
)


def on_condition(said: str, when: Rule, what: Rule, section: Section, *, widened: bool) -> Rule:
    """Return what is asked on a condition; `said` are the words up to it where it comes last.

    "Surgery is allowed if X", "A only if X": who had surgery, who has A, must have X. A bound that
    is allowed is asked where X holds.
    """
    if section == "exclusion":
        return AllOf((when, what))
    permitted = pattern("permission").search(said) and not widened
    if permitted or _ELIGIBLE.search(said) or pattern("only_if").search(said):
        return If((what, when))
    return AllOf((what, when)) if pattern("provided").search(said) else If((when, what))


def clause_cut(text: str, start: int, end: int, leaves: Sequence[Leaf]) -> int | None:
    """Return the first semicolon outside brackets with clauses on both sides, no cue behind it."""
    for at in (i for i in range(start, end) if text[i] == ";"):
        before = [leaf for leaf in leaves if leaf.end <= at]
        after = [leaf for leaf in leaves if leaf.start > at]
        open_ = text.count("(", start, at) > text.count(")", start, at)
        if not before or not after or open_ or len(before) + len(after) < len(leaves):
            continue
        reaches = before[-1].cue is not None and before[-1].cue == after[0].cue
        behind = _CLAUSE_OPENS.match(text, at + 1)
        place = behind.end() if behind else at + 1
        case = pattern("condition").match(text, place)
        opens = pattern("exception").match(text, place) is not None
        opens = opens or (case is not None and not is_whole(text, case.end(), end, after))
        aside = text[place : place + 1] == "(" and pattern("excepted").search(text, place, end)
        if not (reaches or opens or aside):
            return at
    return None


_CLAUSE_OPENS = re.compile(r"\s*(?:(?:and|or|but)\s+)?", re.IGNORECASE)


def obligation(text: str, start: int, end: int, leaves: Sequence[Leaf]) -> re.Match[str] | None:
    """Return the first words that oblige; those behind "who" say who is meant: "who will have"."""
    while True:
        cue = search_outside(pattern("obligation"), text, start, end, leaves)
        if cue is None or not _WHO.search(text, start, cue.start()):
            return cue
        start = cue.end()


_WHO = re.compile(r"\b(?:who|which)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
