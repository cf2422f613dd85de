"""One-to-one matching of gold with predicted items: maximum, never greedy, whatever their order.

Definitions
-----------
Two items *overlap* when they hold a common character; fragments count, the gap between them does
not, and adjacent spans do not overlap. A *matching* pairs each item with at most one of the other
side. Of all matchings those with the most pairs are taken, and of these the one whose pairs weigh
most (`match`). What is left on both sides is paired once more, to name errors: heaviest first and
however few (`pair_up`).

Worked example: gold A ``[0, 10)`` and B ``[8, 20)``; predicted x ``[5, 12)`` and y ``[0, 4)``.
x overlaps both, y only A. A greedy matcher that gives x to A (the first) leaves y and B alone: one
pair. The maximum is two: x with B, y with A.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from critextract.evaluation.results import Item

Weight = Callable[["Entry", "Entry"], float]
"""Of a gold and a predicted entry: 0 where they may not be paired, else in (0, 1]."""


class Entry(NamedTuple):
    """An item and what its slots are compared by (`Item.slots` is what people are shown).

    key : slot -> canonical content, None where the slot holds nothing.
    """

    item: Item
    key: Mapping[str, object]


class Matching(NamedTuple):
    """Indices of the paired entries, and of those left alone on either side, in order."""

    pairs: list[tuple[int, int]]
    missed: list[int]
    spurious: list[int]


def common(a: Item, b: Item) -> int:
    """Return the number of characters two items share."""
    if not a.fragments and not b.fragments:
        return max(0, min(a.end, b.end) - max(a.start, b.start))
    return sum(
        max(0, min(x[1], y[1]) - max(x[0], y[0])) for x in a.ranges for y in b.ranges
    )  # fragments of one item do not overlap each other


def jaccard(a: Item, b: Item) -> float:
    """Return shared characters over all characters of two items: 1 for the same span."""
    shared = common(a, b)
    if not shared:
        return 0.0
    return shared / (sum(e - s for s, e in a.ranges) + sum(e - s for s, e in b.ranges) - shared)


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Return entries in an order that depends on what they are, not on how they came."""
    return sorted(entries, key=order)


def order(entry: Entry) -> tuple[object, ...]:
    """Return what entries are sorted by: their characters first, then all they hold.

    A guard is taken as it is shown: its key holds sets, which have no order.
    """
    item = entry.item
    rest = sorted(f"{slot}={key}" for slot, key in entry.key.items() if slot != "guard")
    shown = sorted(f"{slot}={content}" for slot, content in item.slots.items())
    return (item.start, item.end, item.ranges, item.label, rest, shown, item.criterion or "")


def match(
    gold: Sequence[Entry], pred: Sequence[Entry], weight: Weight, *, most: bool = True
) -> Matching:
    """Return the maximum matching of entries that overlap and that `weight` allows.

    Parameters
    ----------
    gold, pred : sorted by `in_order`; only pairs whose hulls overlap are asked of `weight`.
    most : as many pairs as can be, then as heavy as can be; else only as heavy as can be, which
        keeps a close pair together where two distant pairs could be had for it.
    """
    edges = {
        (g, p): worth for g, p in _meeting(gold, pred) if (worth := weight(gold[g], pred[p])) > 0.0
    }
    pairs = sorted(pair for part in _parts(edges) for pair in _assign(part, edges, most))
    found, used = {g for g, _ in pairs}, {p for _, p in pairs}
    return Matching(
        pairs,
        [g for g in range(len(gold)) if g not in found],
        [p for p in range(len(pred)) if p not in used],
    )


def _meeting(gold: Sequence[Entry], pred: Sequence[Entry]) -> Iterable[tuple[int, int]]:
    """Yield the index pairs whose hulls overlap; both sides are sorted by start."""
    spans = [(entry.item.start, entry.item.end) for entry in pred]
    longest = max((end - start for start, end in spans), default=0)
    first = 0
    for g, entry in enumerate(gold):
        start, end = entry.item.start, entry.item.end
        while first < len(spans) and spans[first][0] + longest <= start:
            first += 1
        for p in range(first, len(spans)):
            if spans[p][0] >= end:
                break
            if spans[p][1] > start:
                yield g, p


def _parts(edges: Mapping[tuple[int, int], float]) -> list[list[tuple[int, int]]]:
    """Return the edges in groups that share no item with each other."""
    root: dict[tuple[str, int], tuple[str, int]] = {}

    def find(node: tuple[str, int]) -> tuple[str, int]:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for g, p in edges:
        root[find(("p", p))] = find(("g", g))
    groups: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for g, p in edges:
        groups.setdefault(find(("g", g)), []).append((g, p))
    return list(groups.values())


def _assign(
    part: list[tuple[int, int]], edges: Mapping[tuple[int, int], float], most: bool
) -> list[tuple[int, int]]:
    """Return the best pairs of one group."""
    if len(part) == 1:
        return part
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    rows, columns = sorted({g for g, _ in part}), sorted({p for _, p in part})
    row, column = {g: n for n, g in enumerate(rows)}, {p: n for n, p in enumerate(columns)}
    worth = np.zeros((len(rows), len(columns)))
    extra = (min(worth.shape) + 1) * most  # more than all the weights of a matching together
    for pair in part:
        worth[row[pair[0]], column[pair[1]]] = extra + edges[pair]
    chosen = zip(*linear_sum_assignment(worth, maximize=True), strict=True)
    return [(rows[r], columns[c]) for r, c in chosen if worth[r, c] > 0]


class Paired(NamedTuple):
    """A gold entry, a predicted one, or both; `same` where the two are one thing."""

    gold: Entry | None
    pred: Entry | None
    same: bool = False


def pair_up(
    gold: Iterable[Entry], pred: Iterable[Entry], *, same: Weight, near: Weight
) -> list[Paired]:
    """Return the entries in pairs, in the order of their characters.

    Parameters
    ----------
    same : weighs pairs that count as right: a maximum matching of these is made first.
    near : weighs pairs that were meant as one thing but differ: of what is left, the heaviest.
    """
    left, right = in_order(gold), in_order(pred)
    first = match(left, right, same)
    out = [Paired(left[g], right[p], True) for g, p in first.pairs]
    left, right = [left[g] for g in first.missed], [right[p] for p in first.spurious]
    second = match(left, right, near, most=False)
    out += [Paired(left[g], right[p]) for g, p in second.pairs]
    out += [Paired(left[g], None) for g in second.missed]
    out += [Paired(None, right[p]) for p in second.spurious]
    return sorted(out, key=_place)


def _place(paired: Paired) -> tuple[int, int, bool]:
    entry = paired.gold or paired.pred
    assert entry is not None
    return entry.item.start, entry.item.end, paired.gold is None
