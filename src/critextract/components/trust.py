"""How likely a mention is right: its label, its characters and its attributes.

What the mention model and the lexicon say of the span (`mentions`) is one feature of several, for
they know nothing of the attributes; `critextract.learn.trust` learns what each weighs, on the
project's own annotations.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

from critextract.changes import replace
from critextract.components.weights import CONFIDENCE_FILE, load_weights, probability
from critextract.schema import Mention

STEPS = (0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.78, 0.9)
"""Confidences of the span from which on it is another one."""
LONGEST = 4
"""Words of a mention that are told apart up to this many."""

Said = tuple[int, str, int, str, str | None, tuple[bool, ...]]
"""Steps reached, label, words, modality, period, and which of `_FLAGS` hold."""
_FLAGS = ("negated", "value", "window", "qualifier", "concept")


def said_of(mention: Mention) -> Said:
    """Return what tells how likely a mention with the confidence of its span is right."""
    return (
        bisect_right(STEPS, mention.confidence),
        mention.label,
        min(LONGEST, len(mention.text.split())),
        mention.modality,
        mention.period,
        (
            mention.negated,
            bool(mention.values),
            bool(mention.windows),
            bool(mention.qualifiers),
            mention.concept is not None,
        ),
    )


def trust_features(said: Said) -> list[str]:
    """Return the names of the features that hold."""
    steps, label, words, modality, period, flags = said
    return [
        *(f"span >= {step}" for step in STEPS[:steps]),
        str(label),
        f"words {words}",
        f"modality {modality}",
        f"period {period or 'not said'}",
        *(name for name, holds in zip(_FLAGS, flags, strict=True) if holds),
    ]


@cache
def _trust(said: Said) -> float:
    weights = load_weights("confidence", CONFIDENCE_FILE)
    return round(probability(weights, trust_features(said)), 3)


def trusted(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions with their probability to be right instead of that of the span."""
    return tuple(replace(mention, confidence=_trust(said_of(mention))) for mention in mentions)
