"""Pretrain the token network on unannotated criteria: guess hidden words from their neighbours.

A share of the tokens is hidden behind one made-up token; the network's vector there has to be
nearer to the hidden word's vector than to those of the other hidden words and of random words.
The annotated lines then start from its weights. Source: spaCy's ``pretrain``, with a softmax.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import Linear, Model, Relu, chain, list2array, set_dropout_rate
from thinc.optimizers import Adam
from thinc.util import fix_random_seed

from critextract.components.tokens import split_words
from critextract.learn.vectors import WordVectors

HIDDEN = "[MASK]"
SHARPNESS = 12.0
"""Factor of the cosines in the softmax."""
STEP = 10.0
"""Factor of the gradient; the clipping of gradients is set for it."""


@dataclass(frozen=True, slots=True)
class PretrainSettings:
    """tokens : of a step; longest : tokens of a line that are read; strangers : random words."""

    passes: int = 2
    tokens: int = 1500
    longest: int = 80
    share: float = 0.2
    strangers: int = 200
    hidden: int = 256
    dropout: float = 0.1
    learn_rate: float = 0.002
    warm_up: int = 50


@dataclass(frozen=True, slots=True)
class Puzzle:
    """Lines with hidden words: `places` count tokens over all of `docs`; `words` are numbers."""

    docs: list[Doc]
    places: Any
    words: Any


class Hider:
    """Makes puzzles of lines: hides a share of the words that have vectors."""

    def __init__(
        self, nlp: Language, found: WordVectors, settings: PretrainSettings, seed: int
    ) -> None:
        self.nlp = nlp
        self.settings = settings
        self.index = {word: i for i, word in enumerate(found.words)}
        self.random = random.Random(seed)

    def puzzle(self, lines: Sequence[str]) -> Puzzle:
        """Return the lines with words hidden, a different choice at each call."""
        docs: list[Doc] = []
        places: list[int] = []
        words: list[int] = []
        before = 0
        for line in lines:
            tokens, spaces = split_words(line)
            tokens, spaces = tokens[: self.settings.longest], spaces[: self.settings.longest]
            for i, token in enumerate(tokens):
                number = self.index.get(token.lower())
                if self.random.random() < self.settings.share and number is not None:
                    tokens[i] = HIDDEN
                    places.append(before + i)
                    words.append(number)
            before += len(tokens)
            docs.append(Doc(self.nlp.vocab, words=tokens, spaces=spaces))
        return Puzzle(docs, numpy.array(places, dtype="i"), numpy.array(words, dtype="i"))

    def puzzles(self, lines: Sequence[str]) -> Iterator[tuple[float, Puzzle]]:
        """Yield puzzles of all lines in a new order, and the share of lines done before each."""
        order = list(lines)
        self.random.shuffle(order)
        batch: list[str] = []
        tokens = 0
        for n, line in enumerate(order):
            batch.append(line)
            tokens += 1 + line.count(" ")
            if tokens >= self.settings.tokens:
                made = self.puzzle(batch)
                if len(made.words):
                    yield n / len(order), made
                batch, tokens = [], 0


def pretrain(
    nlp: Language,
    token_network: Any,
    lines: Sequence[str],
    found: WordVectors,
    settings: PretrainSettings,
    *,
    seed: int,
) -> float:
    """Train `token_network` in place on `lines`; return the share of words guessed at the end."""
    fix_random_seed(seed)
    hider = Hider(nlp, found, settings, seed)
    targets = found.rows / numpy.linalg.norm(found.rows, axis=1, keepdims=True)
    head: Model[Any, Any] = chain(Relu(settings.hidden, normalize=True), Linear(targets.shape[1]))
    model: Model[Any, Any] = chain(token_network, list2array(), head)
    first = [nlp.make_doc(line) for line in lines[:20]]
    model.initialize(first, numpy.zeros((1, targets.shape[1]), dtype="f"))
    set_dropout_rate(model, settings.dropout)
    optimizer = Adam(settings.learn_rate, L2=0.0, grad_clip=1.0)
    chance = numpy.random.default_rng(seed)
    step, recent = 0, 0.0
    for number in range(settings.passes):
        for part, puzzle in hider.puzzles(lines):
            step += 1
            made, learn = model(puzzle.docs, is_train=True)
            known = numpy.union1d(
                puzzle.words, chance.integers(0, len(targets), settings.strangers)
            )
            right, slope = _slope(made[puzzle.places], targets[known], known, puzzle.words)
            gradient = numpy.zeros_like(made)
            gradient[puzzle.places] = slope
            learn(gradient)
            left = 1 - (number + part) / settings.passes
            optimizer.learn_rate = settings.learn_rate * max(
                0.05, min(left, step / settings.warm_up)
            )
            model.finish_update(optimizer)
            recent = 0.99 * recent + 0.01 * right
    return recent


def _slope(made: Any, targets: Any, known: Any, words: Any) -> tuple[float, Any]:
    """Return the share of words guessed, and the gradient of the softmax over `targets`."""
    length = numpy.linalg.norm(made, axis=1, keepdims=True) + 1e-6
    unit = made / length
    scores = SHARPNESS * (unit @ targets.T)
    chances = numpy.exp(scores - scores.max(1, keepdims=True))
    chances /= chances.sum(1, keepdims=True)
    rows, columns = numpy.arange(len(words)), numpy.searchsorted(known, words)
    right = float((chances.argmax(1) == columns).mean())
    chances[rows, columns] -= 1
    slope = SHARPNESS * (chances @ targets)
    slope -= unit * (slope * unit).sum(1, keepdims=True)
    return right, (STEP * slope / length / len(words)).astype("f")
