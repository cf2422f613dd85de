"""The attachment model: weights of named features, learned by `critextract.learn.attachment`.

A feature is a string that holds or does not ("L words<=2"); the score of a pair is the sum of its
features' weights and the bias (``""``), its probability the logistic function of that.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from critextract.errors import ModelError

MODEL_NAME = "critextract_attachment"
FILE = "weights.json"
FORMAT = "critextract/attachment/1"

Weights = Mapping[str, float]


@cache
def load_weights(part: str) -> Weights:
    """Return the weights of one part of the shipped model (``attach`` or ``keep``) by feature.

    Looked for beside the package (``critextract/models``), then in the checkout's ``models``.

    Raises
    ------
    ModelError : the file is missing, or of another format.
    """
    package = Path(__file__).resolve().parents[1]
    places = [base / "models" / MODEL_NAME / FILE for base in (package, package.parents[1])]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise ModelError(
            f"model {MODEL_NAME!r} is missing: looked in {' and '.join(map(str, places))}; "
            "is the installation complete?"
        )
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        weights: dict[str, float] = data[part]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: no attachment model ({error!r}); train it again") from None
    if data.get("format") != FORMAT:
        raise ModelError(f"{path}: format {data.get('format')!r}, expected {FORMAT!r}")
    return weights


def probability(weights: Weights, features: Iterable[str]) -> float:
    """Return the probability of a pair with these features; unknown ones count nothing."""
    score = weights.get("", 0.0) + sum(weights.get(feature, 0.0) for feature in features)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))
