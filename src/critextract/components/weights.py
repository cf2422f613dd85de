"""The attachment model: weights of named features, learned by `critextract.learn.attachment`.

A feature is a string that holds or does not ("L words<=2"); the score of a pair is the sum of its
features' weights and the bias (``""``), its probability the logistic function of that.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from functools import cache

from critextract.errors import ModelError
from critextract.packaged import model_folder

MODEL_NAME = "critextract_attachment"
FILE = "weights.json"
CONFIDENCE_FILE = "confidence.json"
RULES_FILE = "rule_confidence.json"
FOLLOWED_FILE = "followed.json"
FORMAT = "critextract/attachment/1"

Weights = Mapping[str, float]


@cache
def load_weights(part: str, file: str = FILE) -> Weights:
    """Return the weights of one part of the shipped model by feature.

    part : ``attach`` a time expression and its event, ``keep`` whether an unnumbered one is said
        of it at all, ``value`` a value and its subject; ``confidence``, in a file of its own,
        whether a mention is right, and ``exact`` whether a rule is; ``chia TEMPORAL`` and the
        like, in another one, what the annotators of a corpus link, with their least probabilities
        as ``least``.

    Raises
    ------
    ModelError : the file is missing, or of another format.
    """
    path = model_folder(MODEL_NAME, file) / file
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        weights: dict[str, float] = data[part]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: no attachment model ({error!r}); train it again") from None
    if data.get("format") != FORMAT:
        raise ModelError(f"{path}: format {data.get('format')!r}, expected {FORMAT!r}")
    return weights


def score(weights: Weights, features: Iterable[str]) -> float:
    """Return the sum of the weights of a pair's features; unknown ones count nothing."""
    return weights.get("", 0.0) + sum([weights.get(feature, 0.0) for feature in features])


def probability(weights: Weights, features: Iterable[str]) -> float:
    """Return the probability of a pair with these features."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score(weights, features)))))
