"""How the mentions of one criterion combine: except, unless, if, who it is about, and the rest.

Reads the words between the mentions. The result says what the text says; where the text can be
read two ways, `Parsed.doubts` names the characters. What stands side by side is left to
`combining`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from critextract.cases import case_doubts, joined_case, own_case
from critextract.combining import combine
from critextract.conditions import (
    clause_cut,
    condition_cue,
    condition_end,
    is_open,
    is_widened,
    obligation,
    on_condition,
    permitted_doubts,
)
from critextract.connectives import JOINING_DOUBTS, count_cue, sex_of
from critextract.exceptions import (
    behind_exception,
    exempt,
    frees_patients,
    is_completed,
    is_one,
    late_kinds,
    late_members,
    late_times,
    opening,
    own_bounded,
    reach_of,
    same_variable,
)
from critextract.linking import Leaf, Parsed, pattern, search_outside
from critextract.rules import AllOf, AnyOf, If, Not, Rule
from critextract.schema import Section, Uncovered
from critextract.stated import as_stated, different, only_permits, without_permissions

DEEPEST = 12
"""Exceptions and conditions inside each other; no criterion says more, run-on text may."""


def parse(text: str, start: int, end: int, leaves: Sequence[Leaf], section: Section) -> Parsed:
    """Return the rule of the leaves that lie in ``text[start:end]``, None if there are none."""
    out = Parsed(None)
    leaves = different(text, start, leaves, out)
    if not leaves or only_permits(text, start, end, leaves, section, out):
        return out
    leaves = without_permissions(text, start, end, leaves, section, out)
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


def _split_clauses(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Cut at a semicolon where words follow that hold for one clause alone: except, if, must."""
    cues = ("exception", "condition", "obligation")
    if not any(search_outside(pattern(name), text, start, end, leaves) for name in cues):
        return None
    cut = clause_cut(text, start, end, leaves)
    if cut is None or count_cue(text, start, leaves[0].start):
        return None
    first = [leaf for leaf in leaves if leaf.end <= cut]
    then = [leaf for leaf in leaves if leaf.start > cut]
    excepting = search_outside(pattern("exception"), text, start, cut, first)
    if excepting is not None and _LISTED_ON.search(text, cut, end):
        if re.search(r"\bexceptions\b", text[start:cut], re.IGNORECASE):
            return None  # "with the exceptions of A; B; or C": exceptions to the end
        out.doubts.append(Uncovered(*excepting.span(), "where the exceptions end is not said"))
    one = _scope(text, start, cut, first, section, out)
    two = _scope(text, cut + 1, end, then, section, out)
    assert one is not None
    assert two is not None
    case = search_outside(pattern("condition"), text, cut, end, then)
    if case is not None and any(same_variable(leaf, first) for leaf in then):
        out.doubts.append(Uncovered(*case.span(), "the bound before it may hold otherwise only"))
    return _join(text[cut : then[0].start], one, two, section)


_LISTED_ON = re.compile(r";\s*(?:and|or)\b", re.IGNORECASE)


def _split_exception(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    cue = search_outside(pattern("exception"), text, start, end, leaves)
    if cue is None:
        return None
    reach = reach_of(text, cue.end(), end)
    if re.search(r"\bexceptions\b", text[cue.start() : reach], re.IGNORECASE):
        reach = end  # "with the exceptions of A; B; or C"
    out.doubts += behind_exception(text, cue, reach)
    base = [leaf for leaf in leaves if leaf.end <= cue.start()]
    inner = [leaf for leaf in leaves if cue.end() <= leaf.start and leaf.end <= reach]
    after = [leaf for leaf in leaves if leaf.start >= reach]
    if not base or not inner:
        return None
    bounded = own_bounded(text, cue, base)
    if len(bounded) < len(base) or is_completed(text, cue, reach, after):
        whole = _in_brackets(text, cue, bounded, inner, section, out)
        rest = [*base[: -len(bounded)], whole, *after]
        return _scope(text, start, end, rest, section, out)
    left = _scope(text, start, cue.start(), base, section, out)
    out.doubts += [*late_times(base, inner), *late_kinds(text, inner)]
    own = [leaf for leaf in inner if same_variable(leaf, base)]
    cases = [leaf for leaf in inner if leaf not in own]
    if own and cases and section != "exclusion" and not after:
        return _own_bound(text, cue, left, cases, own, section, out)
    assert left is not None
    rule = _excepting(text, cue, reach, left, (base, inner), section, out)
    if not after:
        return rule
    out.doubts += late_members(text, reach, left, after)
    rest_rule = _scope(text, reach, end, after, section, out)
    gap = text[reach : after[0].start]
    if isinstance(rule, Not) and isinstance(rest_rule, Not) and base[0].cue == after[0].cue:
        return Not((AnyOf((*rule.args, *rest_rule.args)),))  # "no A (except B) or C"
    return rule if rest_rule is None else _join(gap, rule, rest_rule, section)


def _excepting(
    text: str,
    cue: re.Match[str],
    reach: int,
    left: Rule,
    leaves: tuple[list[Leaf], list[Leaf]],
    section: Section,
    out: Parsed,
) -> Rule:
    """Return `left` with what stands between the cue and `reach` taken out, in its two ways.

    leaves : those of the base and those excepted. "Other than A, with the exception of B" takes
    both out of the base.
    """
    base, inner = leaves
    again = search_outside(pattern("exception"), text, cue.end(), reach, inner)
    if again and cue.group().lower() == "other than" and "(" not in text[cue.end() : again.start()]:
        first = [leaf for leaf in inner if leaf.end <= again.start()]
        then = [leaf for leaf in inner if leaf.start >= again.end()]
        if first and then:
            rule = _excepting(text, cue, again.start(), left, (base, first), section, out)
            return _excepting(text, again, reach, rule, (base, then), section, out)
    right = _excepted_rule(text, cue.end(), reach, inner, section, out)
    out.used.append(cue.span())
    freed = frees_patients(text, cue, base, inner)
    return exempt(freed, left, right, section, one=is_one(text, inner))


def _excepted_rule(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule:
    """Return the rule of what is excepted; how its members join makes no difference there."""
    own = Parsed(None, depth=out.depth)
    rule = _scope(text, start, end, leaves, section, own)
    out.used += own.used
    out.named |= own.named
    out.doubts += [doubt for doubt in own.doubts if doubt.reason not in JOINING_DOUBTS]
    assert rule is not None
    return rule


def _in_brackets(
    text: str,
    cue: re.Match[str],
    base: list[Leaf],
    inner: list[Leaf],
    section: Section,
    out: Parsed,
) -> Leaf:
    """Return the base and the exception in brackets behind it as one leaf, denied as it was.

    Of a base with several negations, or of which a part is denied, each keeps its own.
    """
    shared = base[0].cue if len({leaf.cue for leaf in base}) == 1 else None
    close = re.compile(r"[\s.]*\)").match(text, inner[-1].end)
    reach = close.end() if close else inner[-1].end
    bare = [replace(leaf, cue=None) for leaf in base] if shared else base
    left = _scope(text, base[0].start, base[-1].end, bare, section, out)
    assert left is not None
    node = _excepting(text, cue, reach, left, (base, inner), section, out)
    held = tuple(span for leaf in (*base, *inner) for span in leaf.held)
    held = (*held, (base[0].start, reach))
    return replace(base[0], end=reach, node=node, held=held, cue=shared)


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
    bracket = opening(text, start, cue.start()) if cue else -1
    if cue is None or bracket < 0:
        return None
    inner = [leaf for leaf in leaves if bracket < leaf.start < cue.start()]
    base = [leaf for leaf in leaves if leaf.end <= bracket]
    after = [leaf for leaf in leaves if leaf.start >= cue.end()]
    if not base or not inner or after:
        return None
    left = _scope(text, start, bracket, base, section, out)
    right = _scope(text, bracket, cue.start(), inner, section, out)
    assert left is not None
    assert right is not None
    out.used.append(cue.span())
    return exempt(frees_patients(text, cue, base, inner), left, right, section)


def _join(gap: str, left: Rule, right: Rule, section: Section) -> Rule:
    also = section == "exclusion" and re.search(r"\band\s+(?:all\s+|any\s+)?other\b", gap, re.I)
    if also or re.search(r"\bor\b", gap, re.IGNORECASE):
        return AnyOf((left, right))
    if re.search(r"\band\b", gap, re.IGNORECASE) or section != "exclusion":
        return AllOf((left, right))
    return AnyOf((left, right))


def _split_condition(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Read "if X, Y" and "Y if X"."""
    cue = condition_cue(text, start, end, leaves)
    if cue is None:
        return None
    before = [leaf for leaf in leaves if leaf.end <= cue.start()]
    after = [leaf for leaf in leaves if leaf.start >= cue.end()]
    if before and after:
        condition, then = (cue.end(), end, after), (start, cue.start(), before)
    else:
        comma = condition_end(text, cue.end(), end, after)
        head = [leaf for leaf in after if leaf.end <= comma]
        tail = [leaf for leaf in after if leaf.start > comma]
        if before or not head or not tail:
            if section != "exclusion" and comma >= 0 and not before and not tail:
                out.doubts.append(Uncovered(*cue.span(), "what is asked in this case is not read"))
            return None
        if is_open(text, comma, after):
            out.doubts.append(Uncovered(*cue.span(), "where the condition ends is not said"))
        condition, then = (cue.end(), comma, head), (comma, end, tail)
    out.used.append(cue.span())
    said = text[start : cue.end()] if before else ""
    out.doubts += case_doubts(text, cue.span(), before, after)
    if section != "exclusion":
        out.doubts += permitted_doubts(said, cue.span(), before)
    when = _scope(text, *condition, section, out)
    if section != "exclusion" and before and own_case(text, before, after):
        first = _scope(text, start, before[-1].start, before[:-1], section, out)
        last = _scope(text, before[-1].start, cue.start(), before[-1:], section, out)
        assert first is not None
        assert last is not None
        assert when is not None
        return AnyOf((first, AllOf((when, last))))
    what = _scope(text, *then, section, out)
    assert when is not None
    assert what is not None
    return on_condition(said, when, what, section, widened=is_widened(before))


def _split_joined_case(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Read "A or, if B, C" as A, or B with C; "A and, if B, C" as A, and C where there is B."""
    joined = joined_case(text, start, end, leaves)
    before = [leaf for leaf in leaves if joined and leaf.end <= joined.start()]
    after = [leaf for leaf in leaves if joined and leaf.start >= joined.end()]
    if section == "exclusion" or joined is None or not before or len(after) < 2:
        return None
    own = _split_condition(text, joined.end(), end, after, section, out)
    if not isinstance(own, If):
        return None
    first = _scope(text, start, joined.start(), before, section, out)
    assert first is not None
    either = joined.group(1).lower() == "or"
    return AnyOf((first, AllOf(own.args[:2]))) if either else AllOf((first, own))


def _split_subject_after(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Read "negative pregnancy test in women of childbearing potential": only they need it."""
    cue = search_outside(pattern("subject_after"), text, start, end, leaves)
    if section == "exclusion" or cue is None:
        return None
    before = [leaf for leaf in leaves if leaf.end <= cue.start()]
    after = [leaf for leaf in leaves if leaf.start >= cue.end()]
    if not before or not any(map(sex_of, after[:2])) or any(map(sex_of, before)):
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
    cue = obligation(text, start, end, leaves)
    if section == "exclusion" or cue is None:
        return None
    if not (
        sex_of(leaves[0])
        or pattern("conditional_subject").search(text, start, cue.start())
        or pattern("case_subject").match(text, start, leaves[0].start)
    ):
        return None
    head = [leaf for leaf in leaves if leaf.end <= cue.start()]
    tail = [leaf for leaf in leaves if leaf.start >= cue.end()]
    sexes = {leaf.node for leaf in head if sex_of(leaf)}
    if not head or not tail or len(sexes) > 1:
        return None
    opening = pattern("condition").match(text, start)
    out.used += [cue.span(), *([opening.span()] if opening else [])]
    when = _scope(text, opening.end() if opening else start, cue.start(), head, section, out)
    what = _scope(text, cue.end(), end, tail, section, out)
    assert when is not None
    assert what is not None
    return If((when, what))


def _split_subject_before(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Read "for women of childbearing potential, negative pregnancy test": only they need it."""
    if section == "exclusion" or not sex_of(leaves[0]) or len(leaves) < 2:
        return None
    if pattern("people_named").match(text, leaves[0].end) and not any(map(sex_of, leaves[1:])):
        then = _scope(text, leaves[0].end, end, leaves[1:], section, out)
        return None if then is None else If((leaves[0].node, then))  # "female patients: sterile"
    if len(leaves) < 3:
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


_SPLITS = (
    _split_clauses,
    _split_subject,
    _split_subject_after,
    _split_subject_before,
    _split_exception,
    _split_excepted,
    _split_joined_case,
    _split_condition,
)
"""What may cut a text in two, in the order it is tried."""
