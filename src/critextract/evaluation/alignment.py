"""Which predicted mention and criterion stands for which of gold's, within one document.

Mentions are aligned by place, whatever their label: of all one-to-one matchings of mentions that
overlap, the one with the largest sum of shared characters over all characters; the same label and
the same component decide where places do not. What is left is aligned by name within criteria
that are aligned. Criteria are aligned where they share at least half of all their characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from critextract.evaluation.leaves import Leaves
from critextract.evaluation.match import Entry, in_order, jaccard, match
from critextract.evaluation.results import Item
from critextract.names import normalise_name
from critextract.schema import Criterion, Mention, Record

SAME_CRITERION = 0.5
"""Share of common characters from which two criteria are one."""

_EDGES = re.compile(r"[\s.;:,]*")


def mention_item(record: Record, mention: Mention, label: str | None = None) -> Item:
    """Return a mention as an item, under its own label or another."""
    fragments = mention.fragments or ()
    return Item(
        record.id,
        label or str(mention.label),
        mention.start,
        mention.end,
        mention.text,
        tuple(sorted(fragments)) if len(fragments) > 1 else (),
        criterion=mention.criterion,
    )


def criterion_item(record: Record, criterion: Criterion) -> Item:
    """Return a criterion as an item: without white space and closing punctuation around it."""
    words = record.text[criterion.start : criterion.end]
    lead = len(words) - len(words.lstrip())
    tail = _EDGES.match(words[::-1])
    start, end = criterion.start + lead, criterion.end - (tail.end() if tail else 0)
    if start >= end:
        start, end = criterion.start, criterion.end
    return Item(
        record.id, criterion.section, start, end, record.text[start:end], criterion=criterion.id
    )


def same_place(gold: Entry, pred: Entry) -> float:
    """Weigh a pair of entries by the characters they share."""
    return jaccard(gold.item, pred.item)


def _mention_weight(gold: Entry, pred: Entry) -> float:
    shared = jaccard(gold.item, pred.item)
    if not shared:
        return 0.0
    label = gold.item.label == pred.item.label
    component = gold.key["component"] == pred.key["component"]
    return 0.97 * shared + 0.02 * label + 0.01 * component


def _criterion_weight(gold: Entry, pred: Entry) -> float:
    shared = jaccard(gold.item, pred.item)
    return shared if shared >= SAME_CRITERION else 0.0


@dataclass(frozen=True)
class Alignment:
    """One document's gold and predicted record, and who is who in them.

    Parameters
    ----------
    mentions, criteria : pairs of (gold id, predicted id).
    """

    gold: Record
    pred: Record
    mentions: tuple[tuple[str, str], ...]
    criteria: tuple[tuple[str, str], ...]

    @cached_property
    def gold_leaves(self) -> Leaves:
        """Leaves of gold's rules: every mention and criterion is itself."""
        who = {mention.id: ("mention", mention.id) for mention in self.gold.mentions}
        which = {criterion.id: ("gold", criterion.id) for criterion in self.gold.criteria}
        return Leaves(self.gold, who, which)

    @cached_property
    def pred_leaves(self) -> Leaves:
        """Leaves of the predicted rules: what is aligned is gold's, the rest its own name."""
        who: dict[str, object] = {
            mention.id: ("name", normalise_name(mention.text)) for mention in self.pred.mentions
        }
        who.update((pred, ("mention", gold)) for gold, pred in self.mentions)
        which: dict[str, object] = {c.id: ("pred", c.id) for c in self.pred.criteria}
        which.update((pred, ("gold", gold)) for gold, pred in self.criteria)
        return Leaves(self.pred, who, which)


def _mention_entries(record: Record) -> list[Entry]:
    return in_order(
        Entry(mention_item(record, mention), {"component": mention.component, "id": mention.id})
        for mention in record.mentions
    )


def _criterion_entries(record: Record) -> list[Entry]:
    return in_order(
        Entry(criterion_item(record, criterion), {"id": criterion.id})
        for criterion in record.criteria
        if criterion.start < criterion.end
    )


def align(gold: Record, pred: Record) -> Alignment:
    """Return who is who in two records of one text."""
    ours, theirs = _criterion_entries(gold), _criterion_entries(pred)
    criteria = _ids(ours, theirs, match(ours, theirs, _criterion_weight, most=False).pairs)
    ours, theirs = _mention_entries(gold), _mention_entries(pred)
    mentions = _ids(ours, theirs, match(ours, theirs, _mention_weight, most=False).pairs)
    mentions += _by_name(gold, pred, mentions, dict(criteria))
    return Alignment(gold, pred, tuple(mentions), tuple(criteria))


def _ids(
    gold: list[Entry], pred: list[Entry], pairs: Iterable[tuple[int, int]]
) -> list[tuple[str, str]]:
    return [(str(gold[g].key["id"]), str(pred[p].key["id"])) for g, p in pairs]


def _by_name(
    gold: Record, pred: Record, known: list[tuple[str, str]], criteria: dict[str, str]
) -> list[tuple[str, str]]:
    """Return pairs of unaligned mentions of one name in criteria that are one, in text order."""
    taken_gold, taken_pred = {g for g, _ in known}, {p for _, p in known}
    waiting: dict[tuple[str, str], list[str]] = {}
    for mention in sorted(pred.mentions, key=lambda m: (m.start, m.end, m.id)):
        if mention.id not in taken_pred:
            name = (mention.criterion, normalise_name(mention.text))
            waiting.setdefault(name, []).append(mention.id)
    out = []
    for mention in sorted(gold.mentions, key=lambda m: (m.start, m.end, m.id)):
        if mention.id in taken_gold or mention.criterion not in criteria:
            continue
        names = waiting.get((criteria[mention.criterion], normalise_name(mention.text)))
        if names:
            out.append((mention.id, names.pop(0)))
    return out


def empty_like(record: Record) -> Record:
    """Return a record of the same text that says nothing: what a missing prediction counts as."""
    return replace(record, headings=(), criteria=(), mentions=())
