"""What the words of a text make of the whole: it permits, excludes, orders, or makes no difference.

"Patients with asthma are excluded" under inclusion denies asthma; "prior surgery is allowed" asks
for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from critextract.linking import Leaf, Parsed, pattern, search_outside
from critextract.rules import AllOf, AnyOf, Is, Not, Rule, children, walk
from critextract.schema import Section, Uncovered

_OR = re.compile(r"\s*(?:/|,|,?\s*\bor\b)\s*", re.IGNORECASE)


def different(text: str, start: int, leaves: Sequence[Leaf], out: Parsed) -> list[Leaf]:
    """Return the leaves that make a difference: not B in "A with or without B or C"."""
    kept: list[Leaf] = []
    alike = False
    at = start
    for leaf in leaves:
        cue = pattern("indifferent").search(text, at, leaf.start)
        alike = cue is not None or (alike and _OR.fullmatch(text, at, leaf.start) is not None)
        if alike:
            out.used += [*([cue.span()] if cue else []), (at, leaf.end), *leaf.held]
            out.named |= _mentions([leaf])
        else:
            kept.append(leaf)
        at = leaf.end
    return kept


def only_permits(
    text: str, start: int, end: int, leaves: Sequence[Leaf], section: Section, out: Parsed
) -> bool:
    """Tell whether the text only permits something ("prior surgery is allowed").

    A limit ("no more than 2 prior regimens allowed") and a condition ("allowed if …") restrict.
    """
    offered = pattern("offer").search(text, start, leaves[0].start)
    if offered and section != "exclusion":
        out.doubts.append(Uncovered(*offered.span(), "permission: restricts nothing"))
        out.named |= _mentions(leaves)
        return True
    cue = search_outside(pattern("permission"), text, leaves[0].end, end, leaves)
    forbids = search_outside(pattern("stated_exclusion"), text, leaves[0].start, end, leaves)
    if cue is None or (forbids and forbids.start() <= cue.start() < forbids.end()):
        return False
    before = [leaf for leaf in leaves if leaf.end <= cue.start()]
    limits = any(
        leaf.cue or leaf.mention is None or leaf.mention.count or leaf.mention.values
        for leaf in before
    )
    conditional = pattern("condition").search(text, start, end) or pattern("exception").search(
        text, start, end
    )
    if limits or conditional:
        out.used.append(cue.span())
        if not conditional and _permits_some(before):
            out.doubts.append(Uncovered(*cue.span(), "permission: restricts only some"))
        return False
    out.doubts.append(Uncovered(*cue.span(), "permission: restricts nothing"))
    out.named |= _mentions(leaves)
    return True


def _mentions(leaves: Sequence[Leaf]) -> set[str]:
    return {node.mention for leaf in leaves for node in walk(leaf.node) if isinstance(node, Is)}


def _permits_some(leaves: Sequence[Leaf]) -> bool:
    """Tell whether what is permitted is narrowed: "metastases not requiring steroids allowed".

    Or bounded, where nobody must have it: "radiotherapy allowed to less than 25 % of the marrow".
    """
    first = leaves[0].mention
    if first is None or leaves[0].cue or first.count:
        return False
    measured = leaves[0].kind in {"MEASUREMENT", "PERSON", "OBSERVATION"}
    return not measured if first.values else len(leaves) > 1


def as_stated(
    text: str, start: int, end: int, leaves: Sequence[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Return the rule of a text that says itself that something is excluded, or must be."""
    rule = out.rule
    excluding = search_outside(pattern("stated_exclusion"), text, start, end, leaves)
    if excluding is not None and rule is not None:
        out.used.append(excluding.span())
        rule = _any_of_list(text, leaves, rule, out)
        if section != "exclusion":
            rule = Not((rule,))
    order = (
        search_outside(pattern("order"), text, start, end, leaves)
        if section == "exclusion"
        else None
    )
    if order is not None and excluding is None:
        reason = "what must be, under exclusion: which way it counts is not said"
        out.doubts.append(Uncovered(*order.span(), reason))
    bare = search_outside(pattern("bare_exclusion"), text, leaves[0].end, end, leaves)
    if bare is not None and excluding is None:
        out.doubts.append(Uncovered(*bare.span(), "from what it is excluded is not said"))
    return rule


def _any_of_list(text: str, leaves: Sequence[Leaf], rule: Rule, out: Parsed) -> Rule:
    """Return the rule of what is excluded: "patients with A, B and C are excluded" means any."""
    plain = isinstance(rule, AllOf) and all(isinstance(arg, Is) for arg in rule.args)
    alike = len({leaf.kind for leaf in leaves}) == 1 and len(leaves) == len(children(rule))
    if not plain or not alike or leaves[0].kind in {"MEASUREMENT", "PERSON"}:
        return rule
    if len(leaves) > 2:
        return AnyOf(children(rule))
    cue = re.compile(r"\band\b", re.IGNORECASE).search(text, leaves[0].end, leaves[1].start)
    if cue is not None:
        out.doubts.append(Uncovered(*cue.span(), "who is excluded: with both or with either"))
    return rule
