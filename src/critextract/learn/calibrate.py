"""How often the mention model is right, measured on held-out examples.

The network gives no probability for a span, so a mention's confidence is the precision that spans
of the same label and length had on held-out lines: label and characters both right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from spacy.language import Language

from critextract.learn.corpora import Example

LENGTHS = 4
"""Lengths in tokens are told apart up to this one; longer spans count with it."""
_PRIOR = 20
"""Weight, in spans, of the label's own precision in that of a label and length."""

Span = tuple[int, int, str]


def _predicted(nlp: Language, held_out: Sequence[Example]) -> list[dict[Span, int]]:
    """Return each example's predicted spans with their length in tokens."""
    return [
        {(ent.start_char, ent.end_char, ent.label_): len(ent) for ent in doc.ents}
        for doc in nlp.pipe((example.text for example in held_out), batch_size=128)
    ]


def _in_account(span: Span, example: Example) -> bool:
    """Tell whether the annotation says what the characters of `span` are."""
    return not any(span[0] < b and a < span[1] for a, b in example.unknown)


def figures(nlp: Language, held_out: Sequence[Example]) -> dict[str, dict[str, float]]:
    """Return precision, recall, F1 and number of gold spans by label: same label and characters.

    Rounded to three digits; a figure that is undefined is left out.
    """
    right: Counter[str] = Counter()
    made: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for spans, example in zip(_predicted(nlp, held_out), held_out, strict=True):
        expected = set(example.spans)
        gold.update(label for _, _, label in expected)
        for span in spans:
            if span in expected or _in_account(span, example):
                made[span[2]] += 1
                right[span[2]] += span in expected
    out: dict[str, dict[str, float]] = {}
    for label in sorted(gold | made):
        row: dict[str, float] = {"gold": gold[label]}
        if made[label]:
            row["precision"] = round(right[label] / made[label], 3)
        if gold[label]:
            row["recall"] = round(right[label] / gold[label], 3)
            row["f1"] = round(2 * right[label] / (gold[label] + made[label]), 3)
        out[label] = row
    return out


def confidence_table(nlp: Language, held_out: Sequence[Example]) -> dict[str, list[float]]:
    """Return by label the precision of spans of 1, 2 … `LENGTHS` tokens, held-out lines.

    Few spans of a length lean on the label's precision (`_PRIOR`). Never below 0.01.
    """
    right: Counter[tuple[str, int]] = Counter()
    made: Counter[tuple[str, int]] = Counter()
    for spans, example in zip(_predicted(nlp, held_out), held_out, strict=True):
        for span, length in spans.items():
            if span in example.spans or _in_account(span, example):
                key = (span[2], min(length, LENGTHS))
                made[key] += 1
                right[key] += span in example.spans
    table: dict[str, list[float]] = {}
    for label in sorted({label for label, _ in made}):
        hits = sum(right[label, n] for n in range(1, LENGTHS + 1))
        share = hits / sum(made[label, n] for n in range(1, LENGTHS + 1))
        table[label] = [
            max(0.01, round((right[label, n] + _PRIOR * share) / (made[label, n] + _PRIOR), 3))
            for n in range(1, LENGTHS + 1)
        ]
    return table
