"""What an exception is of, and what it does to the rule before it.

It takes events out of a name ("cancer except basal cell carcinoma"), or frees the patients who
have it ("INR < 1.5 unless on warfarin"). Where its words leave open what it reaches, that is
named as a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from critextract.linking import Leaf, pattern
from critextract.rules import AllOf, AnyOf, Except, Not, Rule
from critextract.schema import Section, Uncovered


def reach_of(text: str, cue: int, end: int) -> int:
    """Return where words after offset `cue` stop counting: the closing bracket or a semicolon."""
    depth = 0
    for i in range(cue, end):
        char = text[i]
        if char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
            if depth < 0:
                return i
        elif (char == ";" and depth == 0) or (
            char == "," and depth == 0 and _OF_BASE.match(text, i)
        ):
            return i
    return end


_OF_BASE = re.compile(r",\s*(?:requiring|(?:that|which) (?:require|need)s?)\b", re.I)
"""Behind a comma they go on with what is excepted from: "infection, excluding A, requiring B"."""


_LISTED_OR = re.compile(r"[\s),]*(?:\bor\s+)?(?:\w+\s+)?", re.IGNORECASE)


def own_bounded(text: str, cue: re.Match[str], base: list[Leaf]) -> list[Leaf]:
    """Return the part of the base that an exception in brackets behind a bound is of.

    "AST ≤ 3 × ULN, bilirubin ≤ 1.5 × ULN (except Gilbert's syndrome)": the bilirubin.
    """
    last = base[-1].mention
    opened = re.search(r"\(\s*$", text[base[-1].end : cue.start()]) is not None
    if not opened or last is None or not last.values:
        return base
    shared = [leaf for leaf in base if leaf.mention and leaf.mention.values == last.values]
    return shared if shared == base[-len(shared) :] else base


def behind_exception(text: str, cue: re.Match[str], reach: int) -> list[Uncovered]:
    """Name what behind an exception may be of the base, and a cause that everybody has."""
    example = _example_behind(text, cue, reach)
    found = [*_unless_owed(text, cue, reach), *_of_the_base(text, cue, reach)]
    aim = _AIM.match(text, cue.start())
    if aim is not None:  # "surgery except for diagnosis of lymphoma"
        found.append(Uncovered(*aim.span(), "what is excepted is not said"))
    if example is not None:  # "lung disease other than asthma, e.g. fibrosis": fibrosis counts
        found.append(Uncovered(*example.span(), "examples after an exception"))
    return found


_AIM = re.compile(
    r"except(?:ing)? (?:that )?for (?:the )?(?:diagnosis|treatment|management|relief|prevention"
    r"|palliation|biopsy|staging|control) of\b",
    re.I,
)


def _example_behind(text: str, cue: re.Match[str], reach: int) -> re.Match[str] | None:
    """Return the words behind an exception that open examples, of what is not said."""
    aside = cue.group().lower() == "other than"
    found = _EXAMPLES.search(text, cue.end(), reach)
    return found or (_EXAMPLES_ASIDE.search(text, cue.end(), reach) if aside else None)


_EXAMPLES_ASIDE = re.compile(r"\(\s*(?:e\.?g\b|such as|including|for example)", re.IGNORECASE)
_EXAMPLES = re.compile(r",\s*\(?(?:e\.g\.|eg|such as|including|for example)", re.IGNORECASE)


def _unless_owed(text: str, cue: re.Match[str], reach: int) -> list[Uncovered]:
    """Name a cause that all who are asked have: "no neuropathy unless due to the cancer".

    That it is the cause is not in the rule; a tumour, being there, would free everybody.
    """
    owed = _OWED.match(text, cue.start())
    found = _TUMOUR.search(text, cue.end(), reach) if owed else None
    return [Uncovered(*found.span(), "cause")] if found else []


_OWED = re.compile(
    r"(?:unless|except)\s+(?:\w+\s+){0,3}?(?:due|related|secondary|attribut\w+|caused|owing)\b",
    re.I,
)
_TUMOUR = re.compile(
    r"\b(?:\w*(?:cancer|tumou?r|malignan|leuka?em|lymphom|myelom|blastom|carcinom|sarcom|melanom)\w*"
    r"|metasta\w+|(?-i:CML|AML|ALL|CLL|MDS)|(?:underlying|study|primary|the) disease)\b"
    r"|(?<=to )disease\b",
    re.I,
)


def _of_the_base(text: str, cue: re.Match[str], reach: int) -> list[Uncovered]:
    """Name a need that may be of the base: "cancer other than skin cancer that needs surgery"."""
    found = _NEEDS.search(text, cue.end(), reach) if cue.group().lower() == "other than" else None
    return [Uncovered(*found.span(), "what it is said of is not said")] if found else []


_NEEDS = re.compile(r"\b(?:(?:that|which)\s+(?:requir|need)\w*|requiring|needing)\b", re.I)


def is_completed(text: str, cue: re.Match[str], reach: int, after: Sequence[Leaf]) -> bool:
    """Tell whether what is behind a bracket of exceptions is of the base: "A (not B) with C"."""
    gap = text[reach : after[0].start] if after else ""
    if after and _OF_BASE.match(text, reach):
        return True
    opened = re.search(r"\(\s*$", text[max(0, cue.start() - 3) : cue.start()])
    return (
        bool(opened)
        and re.fullmatch(r"\)\s*(?:[\w-]+\s+)+", gap) is not None
        and not (re.search(r"\b(?:and|or)\b", gap, re.IGNORECASE))
    )


def late_members(text: str, reach: int, left: Rule, after: Sequence[Leaf]) -> list[Uncovered]:
    """Name what a negation may reach behind an exception: "no A (except B) or C"."""
    gap = text[reach : after[0].start]
    if not isinstance(left, Not) or after[0].cue or not _LISTED_OR.fullmatch(gap):
        return []
    return [Uncovered(after[0].start, after[0].end, "the negation before it may reach it")]


def late_times(base: Sequence[Leaf], inner: Sequence[Leaf]) -> list[Uncovered]:
    """Name a time behind the exceptions of what has none: "cancer except A or B within 5 years"."""
    if base[-1].mention is None or inner[-1].mention is None:
        return []
    if any(w.unit for w in base[-1].mention.windows):
        return []
    windows = {w for leaf in inner if leaf.mention for w in leaf.mention.windows}
    late = [w for w in windows if w.high is not None and w.role == "recency"]
    reason = "the time may hold for all that is named"
    found = [Uncovered(w.start, w.end, reason) for w in late if w.start >= inner[-1].end]
    return sorted(found, key=lambda gap: gap.start)


def late_kinds(text: str, inner: Sequence[Leaf]) -> list[Uncovered]:
    """Name a member of another kind behind a comma: "drugs, excluding A, or B failure"."""
    reason = "where the exceptions end is not said"
    return [
        Uncovered(b.start, b.end, reason)
        for a, b in pairwise(inner)
        if a.kind != b.kind and _COMMA_OR.match(text, a.end, b.start)
    ][:1]


_COMMA_OR = re.compile(r"\s*,\s*(?:and|or)\s", re.IGNORECASE)


def same_variable(leaf: Leaf, base: Sequence[Leaf]) -> bool:
    """Tell whether a bound is of a variable that the base bounds too."""
    if leaf.mention is None or not leaf.mention.values:
        return False
    names = {b.mention.text.lower() for b in base if b.mention and b.mention.values}
    return leaf.mention.text.lower() in names


def opening(text: str, start: int, at: int) -> int:
    """Return the bracket that offset `at` stands in, -1 if in none."""
    depth = 0
    for i in reversed(range(start, at)):
        depth += {")": 1, "(": -1}.get(text[i], 0)
        if depth < 0:
            return i
    return -1


def frees_patients(
    text: str, cue: re.Match[str], base: Sequence[Leaf], inner: Sequence[Leaf]
) -> bool:
    """Tell whether the exception is about patients ("unless on warfarin"), not about events.

    A bound cannot be taken out of by a condition: "ALT ≤ 3 × ULN except liver metastases" frees
    the patients who have them.
    """
    if cue.group().lower().startswith("unless"):
        return not _names_kinds(text, cue, base[-1], inner[0])
    if pattern("patients").search(text, cue.start(), inner[0].start):
        return True
    labels = [leaf.mention.label for leaf in (base[-1], inner[0]) if leaf.mention]
    return len(labels) == 2 and labels[0] == "MEASUREMENT" != labels[1]


def _names_kinds(text: str, cue: re.Match[str], base: Leaf, exception: Leaf) -> bool:
    """Tell whether "unless" names a kind of the base itself: "antidiabetics unless metformin"."""
    between = re.fullmatch(r"\s*(?:an?\s+|the\s+)?", text[cue.end() : exception.start])
    alike = base.kind == exception.kind in {"exposure", "CONDITION"}
    plain = cue.group().lower().strip() == "unless" and exception.cue is None
    state = _STATE.search(text, exception.start, exception.end) is not None
    return between is not None and alike and plain and not state


_STATE = re.compile(
    r"free\b|remission|resol|cured|treated|stable|controlled|recover|inactive|abstin|sober|symptom"
    r"|desensiti",
    re.IGNORECASE,
)


def is_one(text: str, inner: Sequence[Leaf]) -> bool:
    """Tell whether all that is excepted is one thing: "tumours with anaplastic components"."""
    gaps = [text[a.end : b.start] for a, b in pairwise(inner)]
    return bool(gaps) and all(
        re.fullmatch(r"\s+(?:with|without)\s+(?:[\w-]+\s+)?", g) for g in gaps
    )


def exempt(
    patients: bool, base: Rule, exception: Rule, section: Section, *, one: bool = False
) -> Rule:
    """Return base and exception joined: patients freed from the base, or events taken out of it.

    one : what is excepted is one thing, however many words name it.
    """
    if patients:
        if section == "exclusion":
            return AllOf((base, Not((exception,))))
        return AnyOf((base, exception))
    return _without(base, (exception,) if one else _members(exception))


def _members(exception: Rule) -> tuple[Rule, ...]:
    """Return what is excepted one by one; "A and B" are two exceptions, as "A or B" are."""
    if not isinstance(exception, AnyOf | AllOf):
        return (exception,)
    parts = (_members(arg) if isinstance(arg, AnyOf) else (arg,) for arg in exception.args)
    return tuple(member for part in parts for member in part)


def _without(base: Rule, exceptions: Sequence[Rule]) -> Rule:
    """Return the base with the exceptions taken out, inside its negations if it has any."""
    if isinstance(base, Not):
        return Not((Except((base.args[0], *exceptions)),))
    if isinstance(base, AllOf | AnyOf) and any(isinstance(arg, Not) for arg in base.args):
        parts = (_without(arg, exceptions) if isinstance(arg, Not) else arg for arg in base.args)
        return type(base)(tuple(parts))
    return Except((base, *exceptions))
