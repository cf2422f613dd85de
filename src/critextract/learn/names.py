"""What kinds of names a word is found in: evidence from open vocabularies, learned as weights.

A word's evidence for a kind (drug, disease, procedure …) is the logarithm of how much more often
it is in names of that kind than chance would have it. The evidence goes into columns of the table
of hashed subwords beside the word vectors: the model holds weights, not the lists, and a word that
is in no list gets the evidence of its parts ("-mab", "-itis").

Read are, where they are there: ``mesh_2015_terms.tsv`` with ``mesh_2015_tree_numbers.tsv``,
``doid_labels.tsv``, ``drugbank_vocabulary.csv`` and ``d_labitems_to_loinc.csv``.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy

from critextract.components.tokens import split_words
from critextract.errors import InputError
from critextract.learn.vectors import WordVectors

TREES = {
    "A": "anatomy",
    "B": "organism",
    "C": "disease",
    "D": "chemical",
    "E01": "diagnosis",
    "E02": "therapy",
    "E03": "therapy",
    "E04": "surgery",
    "E06": "therapy",
    "E07": "device",
    "F": "behaviour",
    "F03": "disease",
    "G": "process",
    "I": "society",
    "M": "person",
    "N": "care",
}
"""Beginnings of MeSH's tree numbers, the longest that fits, to kinds of names."""
SHORTEST = 3
"""Characters below which a word is no evidence."""
SMOOTHING = 0.5
ABSENT = 0.3
"""Weight of a word that no list holds; one that is in a list has 1."""

Name = tuple[str, str]
"""A kind and a name of it."""


def _rows(path: Path, delimiter: str) -> Iterator[list[str]]:
    """Yield the rows of a table after its heading."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream, delimiter=delimiter)
        next(rows, None)
        yield from rows


def _mesh(path: Path) -> Iterator[Name]:
    for _, name, number, *_ in _rows(path, "\t"):
        for length in (3, 1):
            if number[:length] in TREES:
                yield TREES[number[:length]], name
                break


def _disease_ontology(path: Path) -> Iterator[Name]:
    for _, label, *_ in _rows(path, "\t"):
        yield "disease", label


def _drugbank(path: Path) -> Iterator[Name]:
    for row in _rows(path, ";"):
        if row[0].startswith("DB"):
            for name in (row[2], *row[5].split("|")):
                yield "drug", name.strip()


def _laboratory(path: Path) -> Iterator[Name]:
    for row in _rows(path, ","):
        yield "laboratory", row[1]


READERS = {
    "mesh_2015_tree_numbers.tsv": _mesh,
    "doid_labels.tsv": _disease_ontology,
    "drugbank_vocabulary.csv": _drugbank,
    "d_labitems_to_loinc.csv": _laboratory,
}


def read_names(folder: Path) -> list[Name]:
    """Return the different names of the lists in `folder`, each with its kind, sorted.

    Raises
    ------
    InputError : none of the lists is there.
    """
    found = {
        name
        for file, read in READERS.items()
        if (folder / file).is_file()
        for name in read(folder / file)
    }
    if not found:
        raise InputError(f"{folder}: no vocabularies; expected one of {', '.join(READERS)}")
    return sorted(found)


def evidence(names: Sequence[Name], absent: Sequence[str] = ()) -> WordVectors:
    """Return the words of `names` with their evidence, one column a kind, mean square 1.

    absent : words of the texts; those that no name holds have no evidence for any kind.
    """
    kinds = sorted({kind for kind, _ in names})
    seen: dict[str, Counter[str]] = {}
    for kind, name in names:
        for word in {word.lower() for word in split_words(name)[0] if len(word) >= SHORTEST}:
            seen.setdefault(word, Counter())[kind] += 1
    words = sorted(seen)
    counts = numpy.array([[seen[word][kind] for kind in kinds] for word in words], dtype=float)
    chance = counts.sum(1, keepdims=True) * counts.sum(0) / counts.sum()
    rows = numpy.maximum(0, numpy.log((counts + SMOOTHING) / (chance + SMOOTHING)))
    rows /= max(1e-9, numpy.sqrt((rows**2).mean()))  # one kind alone is no evidence
    others = [word for word in absent if word not in seen]
    return WordVectors(
        (*words, *others),
        (1.0,) * len(words) + (ABSENT,) * len(others),
        numpy.vstack([rows, numpy.zeros((len(others), len(kinds)))]).astype("f"),
    )
