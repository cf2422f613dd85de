"""Whether the confidence of mentions is the share of them that is right.

A predicted mention is right where gold has one of the same label and characters whose attributes
are the same (those that gold annotates). Definitions: expected calibration error, Naeini 2015
(doi:10.1609/aaai.v29i1.9602), over bins of equal width; Brier score, Brier 1950.

Worked example: four mentions of confidence 0.9, three right; one of 0.2, wrong. The bin
``[0.9, 1.0]`` is off by 0.15, ``[0.2, 0.3)`` by 0.2: ECE = (4 * 0.15 + 1 * 0.2) / 5 = 0.16.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from critextract.evaluation.alignment import mention_item
from critextract.evaluation.match import Entry, match, order
from critextract.evaluation.results import Bin, Calibration
from critextract.schema import Mention, Record

BINS = 10


def judged(
    gold: Record,
    pred: Record,
    attributes: Sequence[str],
    labels: Collection[str] | None = None,
) -> Iterator[tuple[float, bool]]:
    """Yield confidence and rightness of every predicted mention; see `judged_mentions`."""
    for mention, right in judged_mentions(gold, pred, attributes, labels):
        yield mention.confidence, right


def judged_mentions(
    gold: Record,
    pred: Record,
    attributes: Sequence[str],
    labels: Collection[str] | None = None,
) -> Iterator[tuple[Mention, bool]]:
    """Yield every predicted mention of one document and whether it is right.

    labels : those that gold annotates; None: all. Mentions of other labels are left out.
    """
    named = ("component", *attributes)

    def entries(record: Record) -> list[tuple[Entry, Mention]]:
        found = [
            (
                Entry(mention_item(record, mention), {n: getattr(mention, n) for n in named}),
                mention,
            )
            for mention in record.mentions
            if labels is None or mention.label in labels
        ]
        return sorted(found, key=lambda one: (order(one[0]), -one[1].confidence))

    def same(one: Entry, other: Entry) -> float:
        a, b = one.item, other.item
        return float(a.label == b.label and a.ranges == b.ranges and one.key == other.key)

    theirs = entries(pred)
    pairs = match([e for e, _ in entries(gold)], [e for e, _ in theirs], same).pairs
    right = {place for _, place in pairs}
    for place, (_, mention) in enumerate(theirs):
        yield mention, place in right


def calibrate(judgements: Iterable[tuple[float, bool]], bins: int = BINS) -> Calibration:
    """Return the reliability curve, ECE and Brier score of (confidence, right)."""
    kept = list(judgements)
    found: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, right in kept:
        found[min(bins - 1, max(0, int(confidence * bins)))].append((confidence, right))
    curve = tuple(
        Bin(
            place / bins,
            (place + 1) / bins,
            len(inside),
            sum(c for c, _ in inside) / len(inside) if inside else None,
            sum(r for _, r in inside) / len(inside) if inside else None,
        )
        for place, inside in enumerate(found)
    )
    if not kept:
        return Calibration(curve, None, None, 0)
    off = sum(
        one.count * abs(one.confidence - one.right)
        for one in curve
        if one.confidence is not None and one.right is not None
    )
    brier = sum((confidence - right) ** 2 for confidence, right in kept) / len(kept)
    return Calibration(curve, off / len(kept), brier, len(kept))
