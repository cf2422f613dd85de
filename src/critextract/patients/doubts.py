"""What of a rule stands where parts of the text are not in it.

A criterion that is not exact is answered only where the answer is the same whatever truth each
uncovered part has. An uncovered part may narrow the mentions it stands beside, or be a member of
its own: those mentions become unknown, and every node around it gets an unknown member. Where its
words may change how the rest is joined ("unless", "either is enough"), all of it is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from critextract.lexicon import lexicon
from critextract.rules import (
    AllOf,
    AnyOf,
    Child,
    Is,
    Not,
    Rule,
    Unparsed,
    children,
    map_leaves,
    walk,
)
from critextract.schema import Criterion, Mention, Qualifier, Record, Uncovered, Value, Window

_LOCAL = frozenset({"not understood", "number not read"})
"""Reasons that say nothing of how the parts of a text are joined."""

_GROUPING = frozenset(
    {"how the two belong together", "what follows may belong to the last only",
     "and beside or: more than one reading"}
)  # fmt: skip
"""Reasons that say that the parts are read, and not how they are joined."""

_JOINED = re.compile(r"\band\b|\bor\b|;|[a-z)]{3}\.\s")
_AND, _OR = re.compile(r"\band\b"), re.compile(r"\bor\b")


class Place(NamedTuple):
    """A leaf of a rule and the characters it holds, the nodes it stands in from the root on."""

    leaf: Rule
    start: int
    end: int
    above: tuple[Rule, ...]


def standing_rule(record: Record, criterion: Criterion) -> Rule | None:
    """Return the rule with what its uncovered parts make unknown; None where it has no rule."""
    rule = criterion.rule
    if rule is None or criterion.status == "exact":
        return rule
    whole = Unparsed(criterion.start, criterion.end, criterion.status.replace("_", " "))
    unparsed = [node for node in walk(rule) if isinstance(node, Unparsed)]
    gaps = [gap for gap in criterion.uncovered if not _has_own_node(gap, unparsed)]
    if not gaps:
        inside = unparsed or any(isinstance(node, Child) for node in walk(rule))
        return rule if inside else whole
    if all(gap.reason in _GROUPING for gap in gaps):
        return _whatever_joins(rule, gaps[0])
    for gap in _one_of_a_leaf(record, rule, gaps):
        changed = _with_gap(record, criterion, rule, gap)
        if changed is None:
            return Unparsed(gap.start, gap.end, gap.reason)
        rule = changed
    return rule


def _whatever_joins(rule: Rule, gap: Uncovered) -> Rule:
    """Return a rule that holds where all parts do, does not where none does, else is unknown."""
    parts = tuple(_parts(rule))
    doubt = Unparsed(gap.start, gap.end, gap.reason)
    if not _is_plain(rule) or len(parts) < 2:
        return doubt
    return AnyOf((AllOf(parts), AllOf((AnyOf(parts), doubt))))


def _parts(rule: Rule) -> Iterator[Rule]:
    """Yield what all and any join, however deep; a negated part is one."""
    match rule:
        case AllOf(args) | AnyOf(args):
            for arg in args:
                yield from _parts(arg)
        case _:
            yield rule


def _has_own_node(gap: Uncovered, unparsed: list[Unparsed]) -> bool:
    return any(node.start <= gap.start and gap.end <= node.end for node in unparsed)


def _one_of_a_leaf(record: Record, rule: Rule, gaps: list[Uncovered]) -> list[Uncovered]:
    """Return the gaps, of several missing units in one leaf the first: it is unknown once."""
    places = list(_places(record, rule))
    kept: list[Uncovered] = []
    seen: set[frozenset[Rule]] = set()
    for gap in gaps:
        held = frozenset(place.leaf for place in places if place.start <= gap.start < place.end)
        if gap.reason != "unit_missing" or not held or held not in seen:
            kept.append(gap)
        if gap.reason == "unit_missing":
            seen.add(held)
    return kept


def _with_gap(record: Record, criterion: Criterion, rule: Rule, gap: Uncovered) -> Rule | None:
    """Return the rule with what one gap makes unknown; None where that may be all of it."""
    stand_in = Unparsed(gap.start, gap.end, gap.reason)
    places = sorted(_places(record, rule), key=lambda place: (place.start, place.end))
    if gap.reason == "unit_missing":
        held = {place.leaf for place in places if place.start <= gap.start < place.end}
        return _replace(rule, held, stand_in) if held else None
    if gap.reason not in _LOCAL or not _is_plain(rule):
        return None
    before = [place for place in places if place.start < gap.start]
    after = [place for place in places if place.start >= gap.start]
    start = max((place.end for place in before), default=criterion.start)
    end = min((place.start for place in after), default=criterion.end)
    left, right = record.text[start : gap.start], record.text[gap.end : end]
    near = record.text[min(start, gap.start) : max(end, gap.end)].lower()
    if lexicon("charts").pattern("structure").search(near):
        return None
    if _crosses(left.lower() + " | " + right.lower(), before[-1:] + after[:1]):
        return None
    poisoned: set[Rule] = set()
    if before and not _JOINED.search(left.lower()):
        poisoned |= {place.leaf for place in before}
    if after and not _JOINED.search(right.lower()):
        poisoned |= {place.leaf for place in after}
    around = {node for place in before[-1:] + after[:1] for node in place.above}
    if not any(isinstance(node, AllOf | AnyOf) for node in around):
        return None  # nothing to be a member of
    return _widen(_replace(rule, poisoned, stand_in), rule, around, stand_in)


def _is_plain(rule: Rule) -> bool:
    """Tell whether a rule is made of all, any and not alone."""
    plain = (AllOf, AnyOf, Not, Is, Child, Unparsed)
    return all(isinstance(node, plain) for node in walk(rule))


def _crosses(joins: str, beside: list[Place]) -> bool:
    """Tell whether a gap is joined by other words than the nodes it stands in."""
    above = [node for place in beside for node in place.above]
    every = any(isinstance(node, AllOf) for node in above)
    some = any(isinstance(node, AnyOf) for node in above)
    single = not every and not some
    found_or, found_and = _OR.search(joins) is not None, _AND.search(joins) is not None
    return (found_or and every) or (found_and and some) or (single and (found_or or found_and))


def _places(record: Record, rule: Rule) -> Iterator[Place]:
    """Yield the leaves of a rule with their characters."""
    mentions = {mention.id: mention for mention in record.mentions}
    criteria = {criterion.id: criterion for criterion in record.criteria}
    stack: list[tuple[Rule, tuple[Rule, ...]]] = [(rule, ())]
    while stack:
        node, above = stack.pop()
        match node:
            case Is(name) if name in mentions:
                yield Place(node, *hull(mentions[name]), above)
            case Child(name) if name in criteria:
                yield Place(node, criteria[name].start, criteria[name].end, above)
            case Unparsed(start, end, _):
                yield Place(node, start, end, above)
        stack += [(child, (*above, node)) for child in children(node)]


def hull(mention: Mention, within: Criterion | None = None) -> tuple[int, int]:
    """Return the characters from the first to the last that a mention holds in its criterion."""
    parts: list[Value | Window | Qualifier] = [*mention.values, *mention.windows]
    parts += [*mention.qualifiers, *(p for p in (mention.count, mention.dose) if p is not None)]
    first, last = (within.start, within.end) if within else (mention.start - 400, mention.end + 400)
    near = [part for part in parts if first <= part.start and part.end <= last]
    starts = [mention.start, *(part.start for part in near)]
    return min(starts), max([mention.end, *(part.end for part in near)])


def _replace(rule: Rule, leaves: set[Rule], stand_in: Unparsed) -> Rule:
    return map_leaves(rule, lambda leaf: stand_in if leaf in leaves else leaf)


def _widen(changed: Rule, rule: Rule, around: set[Rule], stand_in: Unparsed) -> Rule:
    """Return `changed` with an unknown member in each of its nodes that stand `around` a gap."""
    pairs = zip(children(changed), children(rule), strict=True)
    args = tuple(_widen(new, old, around, stand_in) for new, old in pairs)
    match changed:
        case AllOf() | AnyOf():
            more = (stand_in,) if rule in around else ()
            return type(changed)((*args, *more))
        case Not():
            return Not(args)
    return changed
