"""Weights of named features by which the right one of several wins: a conditional logit.

The loss of one choice is minus the logarithm of the share that the softmax of the scores gives to
the right ones (McFadden 1974). A share is the probability of being the one; scores say nothing of
whether any is. With one right one the loss is convex; no seed is needed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any, Protocol

PENALTY = 10.0
"""Strength of half the squared weights, chosen by cross-validation on train."""
LEAST = 4
"""Occurrences below which a feature is left out."""
SMALLEST = 0.02
"""Weights below it are left out."""


class Choice(Protocol):
    """Several of which some are right: the features of each, and whether it is."""

    @property
    def features(self) -> Sequence[Sequence[str]]:
        """The named features of each."""

    @property
    def right(self) -> Sequence[bool]:
        """Whether each is right."""


def fit_ranking(choices: Sequence[Choice]) -> dict[str, float]:
    """Return the weights by feature; choices with nothing right are no help."""
    import numpy
    from scipy.optimize import minimize

    asked = [choice for choice in choices if any(choice.right)]
    if not asked:
        return {}
    matrix, names = _matrix(asked)
    right = numpy.array([r for choice in asked for r in choice.right], dtype=float)
    sizes = [len(choice.right) for choice in asked]
    loss = _Loss(matrix, right, numpy.array(sizes))
    start = numpy.zeros(len(names))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 400}).x
    weights = {name: round(float(w), 2) for name, w in zip(names, found, strict=True)}
    return {name: weight for name, weight in weights.items() if abs(weight) >= SMALLEST}


def shares(scores: Sequence[float]) -> list[float]:
    """Return the probability of each of a choice's scores to be that of the right one."""
    top = max(scores)
    grown = [math.exp(score - top) for score in scores]
    return [one / sum(grown) for one in grown]


def _matrix(choices: Sequence[Choice]) -> tuple[Any, list[str]]:
    """Return pairs x features as a sparse matrix of ones, and the features' names in order."""
    from scipy.sparse import csr_matrix

    pairs = [set(features) for choice in choices for features in choice.features]
    counts = Counter(chain.from_iterable(pairs))
    names = sorted(name for name, count in counts.items() if count >= LEAST)
    place = {name: n for n, name in enumerate(names)}
    columns = [sorted(place[name] for name in pair if name in place) for pair in pairs]
    ends = [0]
    for row in columns:
        ends.append(ends[-1] + len(row))
    flat = list(chain.from_iterable(columns))
    return csr_matrix(([1.0] * len(flat), flat, ends), shape=(len(pairs), len(names))), names


class _Loss:
    """The loss and its gradient at some weights."""

    def __init__(self, matrix: Any, right: Any, sizes: Any) -> None:
        import numpy

        self.matrix, self.right = matrix, right
        self.first = numpy.concatenate(([0], numpy.cumsum(sizes)[:-1]))
        self.of = numpy.repeat(numpy.arange(len(sizes)), sizes)

    def __call__(self, weights: Any) -> tuple[float, Any]:
        import numpy

        scores = self.matrix @ weights
        top = numpy.maximum.reduceat(scores, self.first)
        grown = numpy.exp(scores - top[self.of])
        share = grown / numpy.add.reduceat(grown, self.first)[self.of]
        hit = numpy.add.reduceat(share * self.right, self.first)
        loss = -numpy.log(hit).sum() + PENALTY / 2 * weights @ weights
        pull = share - share * self.right / hit[self.of]
        return float(loss), self.matrix.T @ pull + PENALTY * weights
