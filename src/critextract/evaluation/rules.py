"""Rules of aligned criteria: equivalent or not, the credit each earns, and who is honest.

Criteria are the ones that `critextract.evaluation.alignment` holds to be one; a gold rule whose
criterion has no partner is missed, a predicted one spurious. A criterion without a rule on both
sides counts nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from critextract.evaluation.alignment import Alignment, criterion_item
from critextract.evaluation.canonical import Key, credit, differences, equivalent, inline
from critextract.evaluation.entries import rule_text
from critextract.evaluation.leaves import Leaves
from critextract.evaluation.results import Item, Pair
from critextract.schema import Criterion, Record


class Two(NamedTuple):
    """A gold and a predicted criterion that are one; None where a side has none."""

    gold: Criterion | None
    pred: Criterion | None


def criteria_in_pairs(alignment: Alignment) -> Iterator[Two]:
    """Yield every criterion of either side once, gold's in their order, then the spurious."""
    partner = dict(alignment.criteria)
    theirs = {criterion.id: criterion for criterion in alignment.pred.criteria}
    for criterion in alignment.gold.criteria:
        yield Two(criterion, theirs.pop(partner.get(criterion.id, ""), None))
    for criterion in theirs.values():
        yield Two(None, criterion)


def rule_key(
    record: Record, leaves: Leaves, criterion: Criterion | None, whole: bool
) -> Key | None:
    """Return the canonical form of a criterion's rule, None without one.

    whole : with the rules of child criteria in the place of their ``criterion`` nodes.
    """
    if criterion is None or criterion.rule is None:
        return None
    rule = criterion.rule
    if whole:
        rule = inline(rule, {c.id: c.rule for c in record.criteria})
    return leaves.key(rule)


def _item(record: Record, leaves: Leaves, criterion: Criterion) -> Item:
    item = criterion_item(record, criterion)
    shown = {"rule": rule_text(criterion.rule, leaves), "status": criterion.status}
    return Item(
        item.document, criterion.section, item.start, item.end, item.text, (), shown, criterion.id
    )


def score_rules(alignment: Alignment, *, whole: bool) -> tuple[list[Pair], list[float]]:
    """Return one pair for each criterion with a rule, and the credit of each gold rule.

    A gold rule without a partner, or whose partner has no rule, has credit 0.
    """
    gold_record, pred_record = alignment.gold, alignment.pred
    ours, theirs = alignment.gold_leaves, alignment.pred_leaves
    pairs: list[Pair] = []
    credits: list[float] = []
    for gold, pred in criteria_in_pairs(alignment):
        if whole and ((gold and gold.parent) or (gold is None and pred and pred.parent)):
            continue
        left = rule_key(gold_record, ours, gold, whole)
        right = rule_key(pred_record, theirs, pred, whole)
        one = _item(gold_record, ours, gold) if gold and left else None
        two = _item(pred_record, theirs, pred) if pred and right else None
        name = gold_record.id
        if left is None or right is None:
            if one:
                pairs.append(Pair(name, "missed", one, None, ("missed",)))
                credits.append(0.0)
            elif two:
                pairs.append(Pair(name, "spurious", None, two, ("spurious",)))
            continue
        if equivalent(left, right):
            pairs.append(Pair(name, "matched", one, two))
            credits.append(1.0)
        else:
            pairs.append(Pair(name, "wrong", one, two, differences(left, right)))
            credits.append(credit(left, right))
    return pairs, credits


class Claim(NamedTuple):
    """A criterion's statuses, and of one that the prediction calls exact whether it is."""

    gold: str | None
    pred: str | None
    right: bool
    pair: Pair


def claims(alignment: Alignment) -> Iterator[Claim]:
    """Yield every criterion of either side, with what the prediction says of its coverage.

    A predicted ``exact`` is right where gold calls the criterion exact too and the rules, those of
    children put in, are equivalent.
    """
    ours, theirs = alignment.gold_leaves, alignment.pred_leaves
    for gold, pred in criteria_in_pairs(alignment):
        right = False
        if gold and pred and gold.status == pred.status == "exact":
            left = rule_key(alignment.gold, ours, gold, True)
            other = rule_key(alignment.pred, theirs, pred, True)
            right = left is not None and other is not None and equivalent(left, other)
        pair = Pair(
            alignment.gold.id,
            "matched" if right else "wrong",
            _item(alignment.gold, ours, gold) if gold else None,
            _item(alignment.pred, theirs, pred) if pred else None,
            () if right else ("status",),
        )
        yield Claim(gold.status if gold else None, pred.status if pred else None, right, pair)
