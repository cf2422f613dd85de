"""Confidence intervals: documents are drawn again and again, with replacement.

Documents, not items, are what was sampled: the items of one document resemble each other. Each
resample draws as many documents as there are; counts are pooled and the figure computed anew; the
interval is the middle 95 % of these figures (percentile bootstrap, Efron 1979). A figure that is
undefined in more than half of the resamples has no interval, nor has one of a single document.

The counts of all tasks are resampled together: drawing documents is a multinomial count for each,
and pooling is one product of matrices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from critextract.evaluation.results import Range

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

LEVEL = 0.95
CHUNK = 64_000_000
"""Numbers held at once while resampling."""


def draws(documents: int, resamples: int, seed: int) -> NDArray[Any]:
    """Return how often each document is drawn: array of shape (resamples, documents)."""
    import numpy as np

    generator = np.random.default_rng(seed)
    return generator.multinomial(documents, np.full(documents, 1 / documents), size=resamples)


def resampled(counts: NDArray[Any], drawn: NDArray[Any]) -> NDArray[Any]:
    """Return pooled counts of each resample.

    counts : of shape (documents, columns, 3): tp, fp, fn. Returned is (resamples, columns, 3).
    """
    import numpy as np

    flat = counts.reshape(len(counts), -1).astype(np.float64)
    pooled = drawn.astype(np.float64) @ flat
    return pooled.reshape(len(drawn), *counts.shape[1:])


def figures(pooled: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return precision, recall and F1 of counts of shape (..., 3); nan where undefined."""
    import numpy as np

    tp, fp, fn = pooled[..., 0], pooled[..., 1], pooled[..., 2]
    with np.errstate(invalid="ignore", divide="ignore"):
        return tp / (tp + fp), tp / (tp + fn), 2 * tp / (2 * tp + fp + fn)


def interval(sample: NDArray[Any]) -> Range | None:
    """Return the middle of a sample of one figure; nan is undefined."""
    import numpy as np

    defined = sample[~np.isnan(sample)]
    if len(defined) * 2 <= len(sample):
        return None
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def intervals(
    columns: Sequence[NDArray[Any]], drawn: NDArray[Any]
) -> list[tuple[tuple[Range | None, ...], NDArray[Any]]]:
    """Return for each column the intervals of precision, recall and F1, and the three samples.

    Parameters
    ----------
    columns : counts of shape (documents, 3) each.
    drawn : of `draws`.
    """
    import numpy as np

    out = []
    step = max(1, CHUNK // (3 * len(drawn)))
    for first in range(0, len(columns), step):
        pooled = resampled(np.stack(columns[first : first + step], axis=1), drawn)
        samples = np.stack(figures(pooled))  # (3, resamples, columns)
        for place in range(samples.shape[2]):
            sample = samples[:, :, place]
            out.append((tuple(interval(one) for one in sample), sample))
    return out


def mean_interval(samples: Sequence[NDArray[Any]]) -> tuple[Range | None, ...]:
    """Return the intervals of the mean over labels of three figures each, undefined ones aside."""
    import numpy as np

    stacked = np.stack(samples)  # (labels, 3, resamples)
    known = ~np.isnan(stacked)
    with np.errstate(invalid="ignore"):
        mean = np.where(known, stacked, 0).sum(axis=0) / known.sum(axis=0)
    return tuple(interval(one) for one in mean)


def share_interval(
    by_document: Mapping[str, tuple[int, int]], resamples: int, seed: int
) -> Range | None:
    """Return the interval of a share, from (part, whole) of each document."""
    import numpy as np

    if len(by_document) < 2 or not resamples:
        return None
    counts = np.array(list(by_document.values()), dtype=np.float64)
    pooled = draws(len(counts), resamples, seed) @ counts
    with np.errstate(invalid="ignore", divide="ignore"):
        return interval(pooled[:, 0] / pooled[:, 1])
