"""What must be true of an annotation sheet beyond the invariants of every record."""

from __future__ import annotations

from collections.abc import Iterator

from critextract.rules import Child, Is, Unparsed, walk
from critextract.schema import Criterion, Mention, Record, RuleGuard


def named_by(mention: Mention) -> Iterator[str]:
    """Yield the mentions that guards and windows of a mention name."""
    for value in mention.values:
        if isinstance(value.guard, RuleGuard):
            yield from (node.mention for node in walk(value.guard.rule) if isinstance(node, Is))
    yield from (w.reference_point for w in mention.windows if w.reference_point)


def used_in(record: Record) -> Iterator[str]:
    """Yield the mentions that a rule, a guard or a window names."""
    for criterion in record.criteria:
        if criterion.rule:
            yield from (n.mention for n in walk(criterion.rule) if isinstance(n, Is))
    for mention in record.mentions:
        yield from named_by(mention)


def status_faults(criterion: Criterion, record: Record) -> Iterator[str]:
    """Yield where the status of a criterion does not fit its rule and what lies below it."""
    rule, status = criterion.rule, criterion.status
    below = [c for c in record.criteria if c.parent == criterion.id]
    weak = [c.id for c in below if c.status != "exact"]
    open_parts = [n for n in walk(rule) if isinstance(n, Unparsed)] if rule else []
    if status == "exact" and weak:
        yield f"exact, but {', '.join(weak)} below it is not"
    if status == "exact" and (criterion.uncovered or open_parts):
        yield "exact, but a part of its text is not in the rule"
    if status == "partial" and not (criterion.uncovered or open_parts or weak):
        yield "partial, but nothing says what is not covered"
    if status in ("non_computable", "unparsed") and (rule or criterion.uncovered):
        yield f"{status}, but it has a rule or uncovered characters"
    held = {n.id for n in walk(rule) if isinstance(n, Child)} if rule else set()
    if missing := [c.id for c in below if c.id not in held]:
        yield f"its rule does not hold {', '.join(missing)}"
