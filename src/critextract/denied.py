"""Denials of compiled rules: none is lost, and where one stands among exclusions it is in doubt.

What a rule says of a negated mention stands under a `not`, there or in a lead-in above. Under an
exclusion heading most trials list what excludes; some list what they ask for ("No other cancer",
"Must not have leukemia"): read as it stands, everybody without a cancer would be excluded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from critextract.changes import doubted, replace, with_partial_parents
from critextract.rules import Child, Is, Not, Rule, asserted, children, map_leaves
from critextract.schema import Criterion, Record, Uncovered

LOST = "how far the denial goes"
MISPLACED = "a denial among exclusions may be what is asked for"
_DENIES = re.compile(r"(?:\w+\W+){0,4}?(?:no|not|without|free|cannot)\b", re.IGNORECASE)


def lost_denials(record: Record) -> Iterator[tuple[Criterion, str]]:
    """Yield the negated mentions that a rule asks for, and no `not` above it; not exceptions."""
    negated = {mention.id for mention in record.mentions if mention.negated}
    asked = [
        (criterion, mention)
        for criterion in record.criteria
        if criterion.rule
        for mention in asserted(criterion.rule)
        if mention in negated
    ]
    if asked:
        under = _under_not({c.id: c.rule for c in record.criteria if c.rule})
        yield from ((c, mention) for c, mention in asked if c.id not in under)


def _under_not(rules: Mapping[str, Rule]) -> set[str]:
    """Return the criteria that stand under a `not` of a parent's rule, or below such a one."""
    covered: set[str] = set()
    waiting = [(rule, False) for rule in rules.values()]
    while waiting:
        node, inside = waiting.pop()
        inside = inside or isinstance(node, Not)
        if isinstance(node, Child) and inside and node.id not in covered:
            covered.add(node.id)
            waiting += [(rules[node.id], True)] if node.id in rules else []
        waiting += [(child, inside) for child in children(node)]
    return covered


def with_denials(record: Record) -> Record:
    """Return the record with every lost denial in its rule, which is then partial, and in doubt.

    So is what is denied among exclusions, where two or more and half of them or more are denials.
    """
    lost: dict[str, set[str]] = {}
    for criterion, mention in lost_denials(record):
        lost.setdefault(criterion.id, set()).add(mention)
    misplaced = _misplaced(record)
    if not lost and not misplaced:
        return record
    criteria = [
        _denying(record, c, lost[c.id]) if c.id in lost
        else doubted(c, Uncovered(c.start, c.end, MISPLACED)) if c.id in misplaced
        else c
        for c in record.criteria
    ]  # fmt: skip
    return with_partial_parents(replace(record, criteria=tuple(criteria)))


def _misplaced(record: Record) -> set[str]:
    own = [c for c in record.criteria if c.section == "exclusion" and c.parent is None and c.rule]
    denied = [c for c in own if isinstance(c.rule, Not) and _DENIES.match(c.text)]
    return {c.id for c in denied} if len(denied) > 1 and 2 * len(denied) >= len(own) else set()


def _denying(record: Record, criterion: Criterion, lost: set[str]) -> Criterion:
    """Return the criterion with a `not` over each of the mentions."""
    assert criterion.rule is not None
    rule = map_leaves(
        criterion.rule,
        lambda leaf: Not((leaf,)) if isinstance(leaf, Is) and leaf.mention in lost else leaf,
    )
    first = next(m for m in record.mentions if m.id in lost)
    return doubted(replace(criterion, rule=rule), Uncovered(first.start, first.end, LOST))
