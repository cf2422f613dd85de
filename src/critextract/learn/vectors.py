"""Word vectors for the mention model: counts of neighbours in unannotated criteria, factored.

A word's neighbours are counted by place (one and two tokens left and right) and as a bag of five
tokens around it; positive pointwise mutual information, a truncated singular value decomposition.
The vectors are then written into a table of hashed subwords (floret's layout, which spaCy reads):
its size is fixed whatever the vocabulary, and every word has a vector, seen or not.
Sources: Levy et al. 2015 (doi:10.1162/tacl_a_00134); Zhao et al. 2018 (doi:10.18653/v1/D18-1059).
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy
from spacy.language import Language
from spacy.vectors import Vectors

from critextract.components.tokens import split_words
from critextract.text import clean

NAME = "critextract_subwords"
_EDGE, _RARE = -1, -2
"""In a sequence of word numbers: the end of a line, and a word that has no vector."""


@dataclass(frozen=True, slots=True)
class VectorSettings:
    """Of the counts, the factors and the table.

    least : occurrences below which a word is left out.
    contexts : most frequent words that are counted as neighbours, and the line's edge.
    near, window : places told apart on either side, tokens of the bag on either side.
    smoothing, bag : exponent of the neighbours' frequencies; weight of the bag.
    rows, shortest, longest, hashes : of the table, its subwords and rows for each.
    ridge, rounds : penalty and most steps of the least squares that fill the table.
    """

    dim: int = 200
    least: int = 3
    contexts: int = 12_000
    near: int = 2
    window: int = 5
    smoothing: float = 0.75
    bag: float = 1.5
    rows: int = 40_000
    shortest: int = 3
    longest: int = 5
    hashes: int = 2
    ridge: float = 0.02
    rounds: int = 60
    seed: int = 1


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Words, how often each was seen (or its weight), and their vectors (words, dim)."""

    words: tuple[str, ...]
    counts: tuple[float, ...]
    rows: Any


def raw_texts(path: Path) -> Iterator[str]:
    """Yield the criteria of a gzipped JSON-lines file, field ``criteria``."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)["criteria"]


def token_lines(text: str) -> Iterator[list[str]]:
    """Yield each line of `text` as lower-case tokens."""
    for line in text.replace("\r\n", "\n").split("\n"):
        tidy = clean(line, 0, len(line)).text
        if tidy:
            yield [word.lower() for word in split_words(tidy)[0]]


def train_vectors(
    lines: Iterable[list[str]], settings: VectorSettings | None = None
) -> WordVectors:
    """Return vectors of the words of `lines`, which are lower-case tokens."""
    from scipy.sparse import hstack
    from sklearn.utils.extmath import randomized_svd

    chosen = settings or VectorSettings()
    kept = list(lines)
    counts = Counter(chain.from_iterable(kept))
    found = [(word, n) for word, n in counts.most_common() if n >= chosen.least]
    ids = _numbers(kept, {word: i for i, (word, _) in enumerate(found)}, chosen.window)
    places = [n for k in range(1, chosen.near + 1) for n in (-k, k)]
    blocks = [_informative(_pairs(ids, n, len(found), chosen), chosen) for n in places]
    bag = sum(
        (chosen.window + 1 - abs(n)) / chosen.window * _pairs(ids, n, len(found), chosen)
        for n in range(-chosen.window, chosen.window + 1)
        if n
    )
    blocks.append(chosen.bag * _informative(bag, chosen))
    matrix = hstack(blocks).tocsr()
    dim = min(chosen.dim, len(found))
    left, values, _ = randomized_svd(matrix, dim, n_iter=4, random_state=chosen.seed)
    rows = (left * numpy.sqrt(values)).astype("f")
    rows /= numpy.sqrt((rows**2).mean())
    words, seen = zip(*found, strict=True)
    return WordVectors(words, seen, rows)


def _numbers(lines: Sequence[list[str]], index: dict[str, int], gap: int) -> Any:
    """Return all lines as one array of word numbers, `gap` edges between lines."""
    ids: list[int] = [_EDGE] * gap
    for line in lines:
        ids.extend(index.get(word, _RARE) for word in line)
        ids.extend([_EDGE] * gap)
    return numpy.array(ids)


def _pairs(ids: Any, offset: int, words: int, settings: VectorSettings) -> Any:
    """Return how often each word (row) has each neighbour (column) `offset` places away."""
    from scipy.sparse import coo_matrix

    columns = min(settings.contexts, words)
    here, there = (ids[:-offset], ids[offset:]) if offset > 0 else (ids[-offset:], ids[:offset])
    there = numpy.where(there == _EDGE, columns, there)
    kept = (here >= 0) & (there >= 0) & (there <= columns)
    ones = numpy.ones(kept.sum(), dtype="f")
    return coo_matrix((ones, (here[kept], there[kept])), shape=(words, columns + 1)).tocsr()


def _informative(counts: Any, settings: VectorSettings) -> Any:
    """Return the positive pointwise mutual information of counts, rare pairs discounted."""
    from scipy.sparse import csr_matrix

    pairs = counts.tocoo()
    total = pairs.sum()
    by_word = numpy.asarray(pairs.sum(1)).ravel() / total
    by_other = numpy.asarray(pairs.sum(0)).ravel() ** settings.smoothing
    by_other = by_other / by_other.sum()
    value = numpy.log(pairs.data / total / by_word[pairs.row] / by_other[pairs.col])
    value *= pairs.data / (pairs.data + 1)
    kept = value > 0
    return csr_matrix((value[kept], (pairs.row[kept], pairs.col[kept])), shape=pairs.shape)


def add_vectors(nlp: Language, found: WordVectors, settings: VectorSettings | None = None) -> None:
    """Fill a table of hashed subwords so that words get about their vectors; give it to `nlp`.

    Least squares, frequent words weighing more (logarithm of the count), by conjugate gradients.
    """
    chosen = settings or VectorSettings()
    _set_table(nlp, numpy.zeros((chosen.rows, 0), dtype="f"), chosen)
    add_columns(nlp, found, chosen)


def add_columns(nlp: Language, found: WordVectors, settings: VectorSettings) -> None:
    """Add the columns of other vectors to the table of `nlp`, which `add_vectors` has made."""
    table = nlp.vocab.vectors
    subwords = _subwords(table, found.words, settings.rows)
    weights = numpy.log1p(numpy.array(found.counts))[:, None]
    weights = (weights / weights.mean()).astype("f")
    columns = _least_squares(subwords, weights, found.rows, settings)
    _set_table(nlp, numpy.hstack([table.data, columns]), settings)
    set_precision(nlp, "float16")  # what is stored is what is trained with
    set_precision(nlp, "float32")


def _set_table(nlp: Language, data: Any, settings: VectorSettings) -> None:
    nlp.vocab.vectors = Vectors(
        strings=nlp.vocab.strings,
        data=data,
        mode="floret",
        minn=settings.shortest,
        maxn=settings.longest,
        hash_count=settings.hashes,
        attr="LOWER",
        name=NAME,
    )


def _subwords(table: Any, words: Sequence[str], rows: int) -> Any:
    """Return the matrix (words, rows) whose product with the table is the words' vectors."""
    from scipy.sparse import csr_matrix

    places: list[int] = []
    shares: list[float] = []
    starts = [0]
    for word in words:
        grams = table._get_ngrams(word)
        own = [n % rows for gram in grams for n in table._get_ngram_hashes(gram)]
        places += own
        shares += [1 / len(own)] * len(own)
        starts.append(len(places))
    return csr_matrix((numpy.array(shares, "f"), places, starts), shape=(len(words), rows))


def _least_squares(matrix: Any, weights: Any, wanted: Any, settings: VectorSettings) -> Any:
    """Return the ridge solution X of ``matrix @ X = wanted``, each column by itself."""
    turned = matrix.T.tocsr()
    rest = turned @ (weights * wanted)
    found, step, size = numpy.zeros_like(rest), rest.copy(), (rest**2).sum(0)
    enough = 1e-7 * size.max()
    for _ in range(settings.rounds):
        moved = turned @ (weights * (matrix @ step)) + settings.ridge * step
        share = size / numpy.maximum((step * moved).sum(0), 1e-20)
        found += share * step
        rest -= share * moved
        last, size = size, (rest**2).sum(0)
        if size.max() < enough:
            break
        step = rest + size / numpy.maximum(last, 1e-20) * step
    return found.astype("f")


def set_precision(nlp: Language, dtype: str) -> None:
    """Store the table as ``float16`` (on disk, half the size) or ``float32`` (to compute with)."""
    nlp.vocab.vectors.data = nlp.vocab.vectors.data.astype(dtype)
