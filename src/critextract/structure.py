"""How the mentions of one criterion combine: except, unless, if, who it is about, and the rest.

Reads the words between the mentions. The result says what the text says; where the text can be
read two ways, `Parsed.doubts` names the characters. What stands side by side is left to
`combining`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from critextract.combining import combine
from critextract.connectives import count_cue
from critextract.linking import Leaf, Parsed, pattern, search_outside
from critextract.rules import AllOf, AnyOf, Except, If, Not, Rule
from critextract.schema import Section, Uncovered
from critextract.stated import as_stated, different, only_permits

DEEPEST = 12
"""Exceptions and conditions inside each other; no criterion says more, run-on text may."""


def parse(text: str, start: int, end: int, leaves: Sequence[Leaf], section: Section) -> Parsed:
    """Return the rule of the leaves that lie in ``text[start:end]``, None if there are none."""
    out = Parsed(None)
    leaves = different(text, start, leaves, out)
    if not leaves or only_permits(text, start, end, leaves, section, out):
        return out
    for leaf in leaves:
        if leaf.mention and pattern("anaphora").fullmatch(leaf.mention.text):
            out.doubts.append(Uncovered(leaf.start, leaf.end, "refers to what is named elsewhere"))
    for named in pattern("it").finditer(text, start, end):
        out.doubts.append(Uncovered(*named.span(), "refers to what is named elsewhere"))
    excludes = search_outside(pattern("stated_exclusion"), text, start, end, leaves)
    side = "exclusion" if excludes else section  # "those with A are excluded if B, unless C"
    out.rule = _scope(text, start, end, list(leaves), side, out)
    out.rule = as_stated(text, start, end, leaves, section, out)
    return out


_EXAMPLES = re.compile(r",\s*\(?(?:e\.g\.|eg|such as|including|for example)", re.IGNORECASE)


def _scope(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Cut at the first exception, condition or subject; combine what is left."""
    if not leaves:
        return None
    if out.depth == DEEPEST:
        out.doubts.append(Uncovered(start, end, "nested too deeply"))
        return combine(text, start, leaves, section, out)
    out.depth += 1
    rules = (split(text, start, end, leaves, section, out) for split in _SPLITS)
    rule = next((rule for rule in rules if rule is not None), None)
    out.depth -= 1
    return combine(text, start, leaves, section, out) if rule is None else rule


def _reach(text: str, cue: int, end: int) -> int:
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
        elif char == ";" and depth == 0:
            return i
    return end


def _split_clauses(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Cut at a semicolon where words follow that hold for one clause alone: except, if, must."""
    cues = ("exception", "condition", "obligation")
    if not any(search_outside(pattern(name), text, start, end, leaves) for name in cues):
        return None
    cut = _clause_cut(text, start, end, leaves)
    if cut is None or count_cue(text, start, leaves[0].start):
        return None
    first = [leaf for leaf in leaves if leaf.end <= cut]
    then = [leaf for leaf in leaves if leaf.start > cut]
    one = _scope(text, start, cut, first, section, out)
    two = _scope(text, cut + 1, end, then, section, out)
    assert one is not None
    assert two is not None
    case = search_outside(pattern("condition"), text, cut, end, then)
    if case is not None and any(_same_variable(leaf, first) for leaf in then):
        out.doubts.append(Uncovered(*case.span(), "the bound before it may hold otherwise only"))
    return _join(text[cut : then[0].start], one, two, section)


def _clause_cut(text: str, start: int, end: int, leaves: Sequence[Leaf]) -> int | None:
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
        opens = any(pattern(name).match(text, place) for name in ("exception", "condition"))
        if not reaches and not opens:
            return at
    return None


_CLAUSE_OPENS = re.compile(r"\s*(?:(?:and|or|but)\s+)?", re.IGNORECASE)


def _split_exception(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    cue = search_outside(pattern("exception"), text, start, end, leaves)
    if cue is None:
        return None
    reach = _reach(text, cue.end(), end)
    example = _EXAMPLES.search(text, cue.end(), reach)
    if example is not None:  # "lung disease other than asthma, e.g. fibrosis": fibrosis counts
        out.doubts.append(Uncovered(*example.span(), "examples after an exception"))
    base = [leaf for leaf in leaves if leaf.end <= cue.start()]
    inner = [leaf for leaf in leaves if cue.end() <= leaf.start and leaf.end <= reach]
    after = [leaf for leaf in leaves if leaf.start >= reach]
    if not base or not inner:
        return None
    left = _scope(text, start, cue.start(), base, section, out)
    out.doubts += _late_times(base, inner)
    own = [leaf for leaf in inner if _same_variable(leaf, base)]
    cases = [leaf for leaf in inner if leaf not in own]
    if own and cases and section != "exclusion" and not after:
        return _own_bound(text, cue, left, cases, own, section, out)
    right = _scope(text, cue.end(), reach, inner, section, out)
    assert left is not None
    assert right is not None
    out.used.append(cue.span())
    rule = _exempt(_frees_patients(text, cue, base, inner), left, right, section)
    if not after:
        return rule
    rest = _scope(text, reach, end, after, section, out)
    return rule if rest is None else _join(text[reach : after[0].start], rule, rest, section)


def _late_times(base: Sequence[Leaf], inner: Sequence[Leaf]) -> list[Uncovered]:
    """Name a time behind the exceptions of what has none: "cancer except A or B within 5 years"."""
    if base[-1].mention is None or inner[-1].mention is None:
        return []
    if any(w.unit for w in base[-1].mention.windows):
        return []
    late = [w for w in inner[-1].mention.windows if w.high is not None and w.role == "recency"]
    reason = "the time may hold for all that is named"
    return [Uncovered(w.start, w.end, reason) for w in late if w.start >= inner[-1].end]


def _same_variable(leaf: Leaf, base: Sequence[Leaf]) -> bool:
    """Tell whether a bound is of a variable that the base bounds too."""
    if leaf.mention is None or not leaf.mention.values:
        return False
    names = {b.mention.text.lower() for b in base if b.mention and b.mention.values}
    return leaf.mention.text.lower() in names


def _own_bound(
    text: str,
    cue: re.Match[str],
    base: Rule | None,
    cases: list[Leaf],
    own: list[Leaf],
    section: Section,
    out: Parsed,
) -> Rule:
    """Read "X ≤ 1.5, except in patients with Y, who must have X ≤ 3": Y has a bound of its own."""
    out.used.append(cue.span())
    when = _scope(text, cue.end(), own[0].start, cases, section, out)
    then = _scope(text, own[0].start, own[-1].end, own, section, out)
    assert base is not None
    assert when is not None
    assert then is not None
    return If((when, then, base))


def _split_excepted(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Read "X (Y excepted)": the exception stands before its cue."""
    cue = search_outside(pattern("excepted"), text, start, end, leaves)
    if cue is None:
        return None
    opening = text.rfind("(", start, cue.start())
    inner = [leaf for leaf in leaves if opening >= 0 and opening < leaf.start < cue.start()]
    base = [leaf for leaf in leaves if leaf.end <= opening]
    after = [leaf for leaf in leaves if leaf.start >= cue.end()]
    if not base or not inner or after:
        return None
    left = _scope(text, start, opening, base, section, out)
    right = _scope(text, opening, cue.start(), inner, section, out)
    assert left is not None
    assert right is not None
    out.used.append(cue.span())
    return _exempt(_frees_patients(text, cue, base, inner), left, right, section)


def _frees_patients(
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
    return between is not None and alike and plain


def _exempt(patients: bool, base: Rule, exception: Rule, section: Section) -> Rule:
    """Return base and exception joined: patients freed from the base, or events taken out of it."""
    if patients:
        if section == "exclusion":
            return AllOf((base, Not((exception,))))
        return AnyOf((base, exception))
    exceptions = exception.args if isinstance(exception, AnyOf | AllOf) else (exception,)
    return _without(base, exceptions)


def _without(base: Rule, exceptions: Sequence[Rule]) -> Rule:
    """Return the base with the exceptions taken out, inside its negations if it has any."""
    if isinstance(base, Not):
        return Not((Except((base.args[0], *exceptions)),))
    if isinstance(base, AllOf | AnyOf) and any(isinstance(arg, Not) for arg in base.args):
        parts = (_without(arg, exceptions) if isinstance(arg, Not) else arg for arg in base.args)
        return type(base)(tuple(parts))
    return Except((base, *exceptions))


def _join(gap: str, left: Rule, right: Rule, section: Section) -> Rule:
    if re.search(r"\bor\b", gap, re.IGNORECASE):
        return AnyOf((left, right))
    if re.search(r"\band\b", gap, re.IGNORECASE) or section != "exclusion":
        return AllOf((left, right))
    return AnyOf((left, right))


def _split_condition(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Read "if X, Y" and "Y if X"."""
    cue = search_outside(pattern("condition"), text, start, end, leaves)
    cue = cue or pattern("case_before").match(text, start, leaves[0].start)
    if cue is None:
        return None
    before = [leaf for leaf in leaves if leaf.end <= cue.start()]
    after = [leaf for leaf in leaves if leaf.start >= cue.end()]
    if before and after:
        condition, then = (cue.end(), end, after), (start, cue.start(), before)
    else:
        signs = [at for at in (text.find(s, cue.end(), end) for s in ",:") if at >= 0]
        comma = min(signs, default=-1)
        head = [leaf for leaf in after if leaf.end <= comma]
        tail = [leaf for leaf in after if leaf.start > comma]
        if before or not head or not tail:
            return None
        pure = [
            b for a, b in pairwise(after) if _LISTED.fullmatch(text, a.end, b.start) is not None
        ]
        if len(pure) > 1:  # "if on A, B, or C, has been stable": the condition is a list
            out.doubts.append(Uncovered(*cue.span(), "where the condition ends is not said"))
        condition, then = (cue.end(), comma, head), (comma, end, tail)
    out.used.append(cue.span())
    when = _scope(text, *condition, section, out)
    what = _scope(text, *then, section, out)
    assert when is not None
    assert what is not None
    if pattern("permission").search(text, start, cue.start()) and before:
        when, what = what, when  # "surgery is allowed if X": who had surgery must have X
    return AllOf((when, what)) if section == "exclusion" else If((when, what))


_LISTED = re.compile(r"\s*,\s*(?:(?:and|or)\s+)?", re.IGNORECASE)


def _split_subject_after(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Read "negative pregnancy test in women of childbearing potential": only they need it."""
    cue = search_outside(pattern("subject_after"), text, start, end, leaves)
    if section == "exclusion" or cue is None:
        return None
    before = [leaf for leaf in leaves if leaf.end <= cue.start()]
    after = [leaf for leaf in leaves if leaf.start >= cue.end()]
    if not before or not after or not _is_sex(after[0]) or any(map(_is_sex, before)):
        return None
    out.used.append(cue.span())
    what = _scope(text, start, cue.start(), before, section, out)
    when = _scope(text, cue.end(), end, after, section, out)
    assert when is not None
    assert what is not None
    return If((when, what))


def _split_subject(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Read "women of childbearing potential must have …": the subject is the condition."""
    cue = search_outside(pattern("obligation"), text, start, end, leaves)
    if section == "exclusion" or cue is None:
        return None
    if not (
        _is_sex(leaves[0])
        or pattern("conditional_subject").search(text, start, cue.start())
        or pattern("case_subject").match(text, start, leaves[0].start)
    ):
        return None
    head = [leaf for leaf in leaves if leaf.end <= cue.start()]
    tail = [leaf for leaf in leaves if leaf.start >= cue.end()]
    sexes = {leaf.node for leaf in head if _is_sex(leaf)}
    if not head or not tail or len(sexes) > 1:
        return None
    opening = pattern("condition").match(text, start)
    out.used += [cue.span(), *([opening.span()] if opening else [])]
    when = _scope(text, start, cue.start(), head, section, out)
    what = _scope(text, cue.end(), end, tail, section, out)
    assert when is not None
    assert what is not None
    return If((when, what))


def _split_subject_before(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Read "for women of childbearing potential, negative pregnancy test": only they need it."""
    if section == "exclusion" or not _is_sex(leaves[0]) or len(leaves) < 3:
        return None
    cut = re.compile(r"\s*[,:]\s").search(text, leaves[1].end, leaves[2].start)
    if cut is None or not pattern("conditional_subject").search(text, start, cut.start()):
        return None
    said = text[start : leaves[0].start].lower().strip()
    ordered = pattern("obligation").search(text, cut.end(), leaves[2].start) is not None
    if said != "for" and (said not in {"in", ""} or ordered or ":" not in cut.group()):
        return None
    when = _scope(text, start, cut.start(), leaves[:2], section, out)
    what = _scope(text, cut.end(), end, leaves[2:], section, out)
    assert when is not None
    assert what is not None
    return If((when, what))


def _is_sex(leaf: Leaf) -> bool:
    m = leaf.mention
    return m is not None and m.label == "PERSON" and pattern("sex").fullmatch(m.text) is not None


_SPLITS = (
    _split_clauses,
    _split_subject,
    _split_subject_after,
    _split_subject_before,
    _split_exception,
    _split_excepted,
    _split_condition,
)
"""What may cut a text in two, in the order it is tried."""
