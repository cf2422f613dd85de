"""Silver lines: unannotated criteria with the mentions that several trained models agree on."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from spacy.language import Language

from critextract.components.tokens import CriterionTokenizer
from critextract.learn.corpora import Example, clean_lines
from critextract.learn.vectors import raw_texts

Span = tuple[int, int, str]
SHORTEST, LONGEST = 8, 600
"""Characters of the lines that are taken."""


def raw_lines(path: Path, *, without: Iterable[str] = ()) -> list[str]:
    """Return the different clean lines of the criteria in `path`, in their order.

    without : lines that are left out, those of the annotated texts.
    """
    seen = dict.fromkeys(without, False)
    for text in raw_texts(path):
        for _, _, line in clean_lines(text):
            if SHORTEST <= len(line.text) <= LONGEST:
                seen.setdefault(line.text, True)
    return [line for line, is_new in seen.items() if is_new]


def sample(lines: Sequence[str], words: int, *, seed: int) -> list[str]:
    """Return lines in a random order that hold `words` words or a little more, at most all."""
    order = list(lines)
    random.Random(seed).shuffle(order)
    taken: list[str] = []
    for line in order:
        if words <= 0:
            break
        taken.append(line)
        words -= 1 + line.count(" ")
    return taken


def predict(nlp: Language, lines: Sequence[str], ways: Sequence[str]) -> Iterator[list[Span]]:
    """Yield the spans that a model finds in each line, by the line's convention."""
    read = {way: CriterionTokenizer(nlp.vocab, way) for way in set(ways)}
    docs = (read[way](line) for line, way in zip(lines, ways, strict=True))
    for doc in nlp.pipe(docs, batch_size=500):
        yield [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]


def vote(found: Sequence[Sequence[Span]]) -> tuple[list[Span], list[tuple[int, int]]]:
    """Return the spans that most of the models found, and the ranges half of them found.

    found : each model's spans in one line. The same span is the same label and characters.
    Spans of the majority that overlap: more votes win, then the longer one.
    """
    votes = Counter(span for spans in found for span in spans)
    kept: list[Span] = []
    for span, count in sorted(votes.items(), key=lambda x: (-x[1], x[0][0] - x[0][1], x[0])):
        apart = all(span[1] <= a or b <= span[0] for a, b, _ in kept)
        if 2 * count > len(found) and apart:
            kept.append(span)
    tied = {(a, b) for (a, b, _), count in votes.items() if 2 * count == len(found)}
    return sorted(kept), sorted(tied)


def silver_examples(
    lines: Sequence[str], ways: Sequence[str], found: Iterable[Sequence[Sequence[Span]]]
) -> list[Example]:
    """Return an example a line, by its convention: the majority's spans, ties left open."""
    made = []
    for line, way, spans in zip(lines, ways, found, strict=True):
        kept, tied = vote(spans)
        made.append(Example(line, tuple(kept), tuple(tied), way))
    return made
