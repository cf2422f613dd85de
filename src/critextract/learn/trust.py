"""Learn how likely a mention or a rule is right.

The weights that `components.trust` and `components.rule_trust` sum: a logistic regression over
what was held against annotations, or judged by readers. Its probabilities are checked apart from
what they are learned on: each of `FOLDS` parts of the documents by the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from critextract import __version__
from critextract.components.rule_trust import rule_features
from critextract.components.trust import said_of, trust_features
from critextract.components.weights import CONFIDENCE_FILE, FORMAT, RULES_FILE, Weights, probability
from critextract.errors import InputError
from critextract.learn.attachment import Row, fit
from critextract.learn.weights_file import write_weights
from critextract.schema import Criterion, Mention

FOLDS, BINS, FEWEST = 25, 10, 40

Judged = Sequence[tuple[Mention, bool]]
"""The mentions of one document, each with the confidence of its span, and whether it is right."""
Read = Sequence[tuple[Criterion, Sequence[Mention], bool]]
"""The exact criteria of one document, each with its own mentions, and whether its rule is right."""


def train_trust(documents: Sequence[Judged], output: Path, *, data: str) -> dict[str, Any]:
    """Learn the weights of mentions and write them to the folder `output`.

    documents : judged mentions by document, in an order that does not change.

    Further parameters, what is returned and errors as of `learn_chances`.
    """
    rows = [_rows(document) for document in documents]
    return learn_chances(rows, output / CONFIDENCE_FILE, "confidence", "mentions", data)


def train_rule_trust(documents: Sequence[Read], output: Path, *, data: str) -> dict[str, Any]:
    """Learn the weights of exact rules and write them to the folder `output`.

    documents : judged rules by document, in an order that does not change.

    Further parameters, what is returned and errors as of `learn_chances`.
    """
    rows = [
        [(rule_features(criterion, own), right) for criterion, own, right in document]
        for document in documents
    ]
    return learn_chances(rows, output / RULES_FILE, "exact", "rules", data)


def learn_chances(
    rows: Sequence[Sequence[Row]], file: Path, part: str, things: str, data: str
) -> dict[str, Any]:
    """Learn how likely a thing with its features is right, and write the weights.

    Parameters
    ----------
    rows : features and truth of the things of each document, in an order that does not change.
    file : where the weights go, under `part`.
    things : what is counted.
    data : hash of the annotations, written with the weights.

    Returns
    -------
    What is written besides the weights: counts, and error and Brier score measured apart.

    Raises
    ------
    InputError : too few things, or all are right, or none is.
    ModelError : `file` cannot be written.
    """
    truths = [right for document in rows for _, right in document]
    if len(truths) < FEWEST or len(set(truths)) < 2:
        raise InputError(
            f"confidences need {FEWEST} {things} or more with some of which the annotations agree, "
            f"not with all; found {len(truths)}, of which {sum(truths)} are right"
        )
    facts = {
        "format": FORMAT,
        "program": __version__,
        "data": data,
        things: len(truths),
        **_measured([pair for n in range(FOLDS) for pair in _apart(rows, n)]),
    }
    weights = fit([row for document in rows for row in document])
    write_weights(file, {**facts, part: weights})
    return facts


def _rows(document: Judged) -> list[Row]:
    return [(trust_features(said_of(mention)), right) for mention, right in document]


def _apart(rows: Sequence[Sequence[Row]], fold: int) -> list[tuple[float, bool]]:
    """Return probability and truth in one part of the documents, learned on the others."""
    known = [row for n, document in enumerate(rows) if n % FOLDS != fold for row in document]
    weights: Weights = fit(known) if len({right for _, right in known}) == 2 else {}
    return [
        (probability(weights, features), right)
        for document in rows[fold::FOLDS]
        for features, right in document
    ]


def _measured(pairs: Sequence[tuple[float, bool]]) -> dict[str, float]:
    """Return the expected calibration error over bins of equal width, and the Brier score."""
    gaps = [0.0] * BINS
    for chance, right in pairs:
        gaps[min(BINS - 1, int(chance * BINS))] += chance - right
    many = max(1, len(pairs))
    brier = sum((chance - right) ** 2 for chance, right in pairs) / many
    return {"calibration_error": round(sum(map(abs, gaps)) / many, 3), "brier": round(brier, 3)}
