"""Counts of documents pooled into the scores of tasks.

Micro figures come from counts pooled over documents and labels. A macro figure is the mean over
labels for which it is defined; None where it is for none. Every label with gold or predictions
takes part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from critextract.evaluation.bootstrap import draws, intervals, mean_interval
from critextract.evaluation.results import Counts, Pair, Range, Score, TaskResult
from critextract.evaluation.tasks import SLOT_TASKS, DocumentScores

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray


def macro(micro: Score, labels: Iterable[Score]) -> Score:
    """Return the mean figures of labels, with the counts of `micro`."""
    known = list(labels)

    def mean(figure: str) -> float | None:
        defined = [value for score in known if (value := getattr(score, figure)) is not None]
        return sum(defined) / len(defined) if defined else None

    return replace(
        micro,
        precision=mean("precision"),
        recall=mean("recall"),
        f1=mean("f1"),
        precision_ci=None,
        recall_ci=None,
        f1_ci=None,
    )


def confusion(pairs: Iterable[Pair]) -> dict[tuple[str | None, str | None], int]:
    """Return how often a gold label met a predicted one in the same place; None: nothing there."""
    found = Counter(
        (pair.gold.label if pair.gold else None, pair.pred.label if pair.pred else None)
        for pair in pairs
    )
    return dict(sorted(found.items(), key=lambda entry: tuple(map(str, entry[0]))))


def pool(
    documents: Sequence[DocumentScores], tasks: Sequence[str], *, resamples: int, seed: int
) -> tuple[TaskResult, ...]:
    """Return the result of every task over all documents."""
    drawn = draws(len(documents), resamples, seed) if resamples and len(documents) > 1 else None
    homes = {name: home for name, (home, _) in SLOT_TASKS.items() if home in tasks}
    return tuple(_task(documents, name, homes.get(name), drawn) for name in tasks)


def _task(
    documents: Sequence[DocumentScores], name: str, home: str | None, drawn: NDArray[Any] | None
) -> TaskResult:
    tallies = {document.document: document.tallies.get(name, {}) for document in documents}
    labels = sorted({label for tally in tallies.values() for label in tally})
    by_document = {
        document: sum((Counts(*counts) for counts in tally.values()), Counts())
        for document, tally in tallies.items()
    }
    pairs = tuple(pair for document in documents for pair in document.pairs.get(name, ()))
    credits = [credit for document in documents for credit in document.credit.get(name, ())]
    micro = Score.of(sum(by_document.values(), Counts()))
    scores = {
        label: Score.of(sum((Counts(*t[label]) for t in tallies.values() if label in t), Counts()))
        for label in labels
    }
    mean = macro(micro, scores.values())
    if drawn is not None:
        micro, mean, scores = _with_intervals(tallies, micro, mean, scores, drawn)
    return TaskResult(
        name,
        micro,
        mean,
        scores,
        {} if name in SLOT_TASKS else confusion(pairs),
        pairs,
        home,
        by_document,
        sum(credits) / len(credits) if credits else None,
    )


def _with_intervals(
    tallies: Mapping[str, Mapping[str, list[int]]],
    micro: Score,
    mean: Score,
    labels: Mapping[str, Score],
    drawn: NDArray[Any],
) -> tuple[Score, Score, dict[str, Score]]:
    import numpy as np

    if not labels:
        return micro, mean, {}
    places = {label: place for place, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(tallies), 3))
    for document, tally in enumerate(tallies.values()):
        for label, numbers in tally.items():
            counts[places[label], document] = numbers
    whole, *parts = intervals([counts.sum(axis=0), *counts], drawn)
    return (
        _filled(micro, whole[0]),
        _filled(mean, mean_interval([sample for _, sample in parts])),
        {label: _filled(labels[label], parts[place][0]) for label, place in places.items()},
    )


def _filled(score: Score, found: Sequence[Range | None]) -> Score:
    precision, recall, f1 = found
    return replace(
        score,
        precision_ci=precision if score.precision is not None else None,
        recall_ci=recall if score.recall is not None else None,
        f1_ci=f1 if score.f1 is not None else None,
    )
