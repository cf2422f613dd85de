"""How often the mention model is right, measured on held-out examples.

The network gives no probability for a span, so a mention's confidence is the precision that spans
of the same label and length had on held-out lines: label and characters both right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy
from spacy.language import Language

from critextract.learn.corpora import Example

LENGTHS = 4
"""Lengths in tokens are told apart up to this one; longer spans count with it."""
_PRIOR = 20
"""Weight, in spans, of the label's own precision in that of a label and length."""
DRAWS = 1000
"""Of the bootstrap: how often the lines are drawn anew."""
ENTITIES = {
    "CONDITION": "CONDITION",
    "DRUG": "DRUG",
    "PROCEDURE": "PROCEDURE",
    "MEASUREMENT": "OBSERVATION",
    "OBSERVATION": "OBSERVATION",
}
"""The four types that both corpora have; a measurement is an observation in LCT."""

Span = tuple[int, int, str]
Row = tuple[int, int, int]
"""Of one line: spans that are right, spans made, spans expected."""


def _predicted(nlp: Language, held_out: Sequence[Example]) -> list[dict[Span, int]]:
    """Return each example's predicted spans with their length in tokens."""
    return [
        {(ent.start_char, ent.end_char, ent.label_): len(ent) for ent in doc.ents}
        for doc in nlp.pipe((example.text for example in held_out), batch_size=128)
    ]


def _in_account(span: Span, example: Example) -> bool:
    """Tell whether the annotation says what the characters of `span` are."""
    return not any(span[0] < b and a < span[1] for a, b in example.unknown)


def _as_types(spans: Iterable[Span], types: dict[str, str]) -> set[Span]:
    return {(a, b, types[label]) for a, b, label in spans if label in types}


def _rows(
    found: Sequence[dict[Span, int]], held_out: Sequence[Example], types: dict[str, str]
) -> Iterator[Row]:
    """Yield each line's counts of the spans whose label is in `types`, under its type there."""
    for spans, example in zip(found, held_out, strict=True):
        gold = _as_types(example.spans, types)
        made = {s for s in _as_types(spans, types) if s in gold or _in_account(s, example)}
        yield len(made & gold), len(made), len(gold)


def _figure(rows: Sequence[Row]) -> dict[str, float]:
    """Return precision, recall, F1 with its interval, and the gold spans; three digits.

    low, high : 95 % interval of F1, percentiles of `DRAWS` bootstrap samples of the lines. A
    figure that is undefined is left out.
    """
    counts = numpy.array(rows, dtype=float).reshape(-1, 3)
    right, made, gold = counts.sum(0)
    row: dict[str, float] = {"gold": int(gold)}
    if made:
        row["precision"] = round(right / made, 3)
    if gold:
        chance = numpy.random.default_rng(1)
        lines = len(counts)
        drawn = chance.multinomial(lines, numpy.full(lines, 1 / lines), size=DRAWS) @ counts
        f1 = 2 * drawn[:, 0] / numpy.maximum(drawn[:, 1] + drawn[:, 2], 1)
        low, high = numpy.percentile(f1, [2.5, 97.5])
        row["recall"] = round(right / gold, 3)
        row["f1"] = round(2 * right / (gold + made), 3)
        row |= {"low": round(low, 3), "high": round(high, 3)}
    return {name: float(value) if name != "gold" else value for name, value in row.items()}


def figures(nlp: Language, held_out: Sequence[Example]) -> dict[str, dict[str, float]]:
    """Return precision, recall, F1 and number of gold spans by label: same label and characters.

    Besides the labels: ``ENTITIES``, the four types of both corpora, and ``ALL`` labels.
    """
    found = _predicted(nlp, held_out)
    labels = {label for example in held_out for _, _, label in example.spans}
    labels |= {label for spans in found for _, _, label in spans}
    groups = {label: {label: label} for label in sorted(labels)}
    groups |= {"ENTITIES": ENTITIES, "ALL": {label: label for label in labels}}
    return {name: _figure(list(_rows(found, held_out, types))) for name, types in groups.items()}


def confidence_table(nlp: Language, held_out: Sequence[Example]) -> dict[str, list[float]]:
    """Return by label the precision of spans of 1, 2 … `LENGTHS` tokens, held-out lines.

    Few spans of a length lean on the label's precision (`_PRIOR`). Never below 0.01. Spans in text
    of which the annotation does not say what it holds count as wrong: a confidence is rather too
    low than too high.
    """
    return _table(_predicted(nlp, held_out), held_out)


def _table(found: Sequence[dict[Span, int]], held_out: Sequence[Example]) -> dict[str, list[float]]:
    right: Counter[tuple[str, int]] = Counter()
    made: Counter[tuple[str, int]] = Counter()
    for spans, example in zip(found, held_out, strict=True):
        for span, length in spans.items():
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


def calibration_error(nlp: Language, held_out: Sequence[Example], *, bins: int = 10) -> float:
    """Return the expected calibration error of `confidence_table`, made and measured apart.

    The table of every second line gives the confidences of the other lines, and the other way
    round; spans are put in `bins` of equal width.
    """
    found = _predicted(nlp, held_out)
    pairs: list[tuple[float, bool]] = []
    for half in (0, 1):
        table = _table(found[half::2], held_out[half::2])
        for spans, example in zip(found[1 - half :: 2], held_out[1 - half :: 2], strict=True):
            for span, length in spans.items():
                if span[2] in table:
                    trust = table[span[2]][min(length, LENGTHS) - 1]
                    pairs.append((trust, span in example.spans))
    return _error(pairs, bins)


def _error(pairs: Sequence[tuple[float, bool]], bins: int) -> float:
    """Return the mean gap between confidence and share right over bins, weighted by size."""
    gaps: Counter[int] = Counter()
    for trust, right in pairs:
        gaps[min(bins - 1, int(trust * bins))] += trust - right  # type: ignore[assignment]
    return round(sum(map(abs, gaps.values())) / max(1, len(pairs)), 3)
