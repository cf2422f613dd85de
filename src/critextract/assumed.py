"""Which mentions only say in which case something is asked, or are named without being asked for.

"≤ 5 × ULN if liver metastases" asks nobody for metastases: they are hypothetical. So is what a text
permits, or finds indifferent.
"""

from __future__ import annotations

from collections.abc import Set

from critextract.changes import replace
from critextract.rules import If, Is, walk
from critextract.schema import Record, RuleGuard


def _conditions(record: Record) -> tuple[set[str], set[str]]:
    """Return the mentions under guards and conditions of `if`, and those said of the patient."""
    under: set[str] = set()
    said: set[str] = set()
    for mention in record.mentions:
        for value in mention.values:
            if isinstance(value.guard, RuleGuard):
                under |= {n.mention for n in walk(value.guard.rule) if isinstance(n, Is)}
    for criterion in record.criteria:
        inside: set[int] = set()
        for node in walk(criterion.rule) if criterion.rule else ():
            if isinstance(node, If):
                inside |= {id(below) for below in walk(node.args[0])}
            if isinstance(node, Is):
                (under if id(node) in inside else said).add(node.mention)
    return under, said


def with_hypothetical(
    record: Record, stated: Set[str] = frozenset(), named: Set[str] = frozenset()
) -> Record:
    """Return the record with what it does not say of the patient hypothetical.

    Parameters
    ----------
    record : compiled; mentions of guards and of conditions of `if` alone become hypothetical.
    stated : ids of mentions that keep their modality.
    named : ids of further mentions that become so where no rule says them of the patient.
    """
    under, said = _conditions(record)
    assumed = (under | named) - said - stated
    if not assumed:
        return record
    return replace(
        record,
        mentions=tuple(
            replace(m, modality="hypothetical") if m.id in assumed else m for m in record.mentions
        ),
    )
