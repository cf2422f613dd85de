"""What a value is about, as choices to learn from: what `components.subjects` weighs.

The annotated link of a value (Chia's Has_value, LCT's Numeric-Filter and Stage) tells which of the
mentions that the rules allow is right. Chia has men and women for subjects of their cases; people
are no subjects here, and none of that is learned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from critextract.components.attach import aliases, clauses
from critextract.components.drafts import Candidate
from critextract.components.relations import Draft, values_of
from critextract.components.subjects import is_open, likelier, subject_features
from critextract.components.values import LIMIT, rivals
from critextract.components.weights import Weights, score
from critextract.io.standoff import BratDocument
from critextract.learn.corpora import Range, meet
from critextract.text import CleanText

LINKS = frozenset({"has_value", "numeric-filter", "stage"})

Pair = tuple[Range, Range]


@dataclass(frozen=True, slots=True)
class ValueChoice:
    """One value of a corpus with the mentions it can belong to.

    features, right : one entry a mention: its features, and whether the annotation links it.
    ruled : the place of the rules' choice.
    is_open : the learned scorer is asked at run time.
    """

    features: list[list[str]]
    right: list[bool]
    ruled: int
    is_open: bool

    def chosen(self, weights: Weights) -> int:
        """Return the place of the mention that the value goes to at run time."""
        if not self.is_open:
            return self.ruled
        return likelier([score(weights, features) for features in self.features], self.ruled)


def valued_spans(document: BratDocument) -> set[Pair]:
    """Return (mention, value) of each annotated link of a brat document, as hulls."""
    return {
        ((a.start, a.end), (b.start, b.end))
        for kind, a, b in document.links
        if kind.lower() in LINKS
    }


def value_choices(draft: Draft, piece: CleanText, links: Iterable[Pair]) -> Iterator[ValueChoice]:
    """Yield the values of a criterion with the mentions they can belong to."""
    text, spans, pairs = draft.text, clauses(draft.text), list(links)
    candidates, quantities, covered = values_of(draft)
    long = {short: n for n, short in aliases(text, candidates).items()}
    for quantity in quantities:
        place = piece.span(quantity.value.start, quantity.value.end)
        events = [event for event, other in pairs if meet(other, place)]
        costs, blank = rivals(text, candidates, quantity, covered, spans)
        if not costs:
            continue
        ruled = min(costs, key=costs.__getitem__)
        near = costs[ruled] <= LIMIT[quantity.kind]
        yield ValueChoice(
            [list(subject_features(text, candidates, n, quantity, costs, blank)) for n in costs],
            [_is_linked(piece, candidates, (n, long.get(n, n)), events) for n in costs],
            list(costs).index(ruled),
            near and is_open(text, candidates[ruled], quantity, costs),
        )


def _is_linked(
    piece: CleanText, candidates: Sequence[Candidate], names: Iterable[int], events: Sequence[Range]
) -> bool:
    """Tell whether one of a mention's names, its short or long form, is linked."""
    places = [piece.span(candidates[n].start, candidates[n].end) for n in names]
    return any(meet(event, place) for event in events for place in places)
