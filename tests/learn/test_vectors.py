"""Word vectors from counts of neighbours, and the table of subwords that holds them."""

import gzip
import json

import numpy
import pytest
import spacy

from critextract.learn import vectors
from critextract.learn.vectors import VectorSettings, add_vectors, train_vectors

SMALL = VectorSettings(dim=6, least=1, rows=300)
FRAMES = ("patients with {} at entry", "no {} in the past", "history of severe {}")
CONDITIONS = ("gout", "asthma", "scurvy")
LINES = [frame.format(name).split() for frame in FRAMES for name in CONDITIONS]


def likeness(a, b):
    return float(a @ b / numpy.linalg.norm(a) / numpy.linalg.norm(b))


def test_token_lines_are_clean_and_lower_case():
    text = "Inclusion:\r\n\r\n  -  Hb \\> 9 g/dL\n"
    assert list(vectors.token_lines(text)) == [
        ["inclusion", ":"],
        ["-", "hb", ">", "9", "g", "/", "dl"],
    ]


def test_raw_texts_are_read_from_json_lines(tmp_path):
    path = tmp_path / "criteria.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.write(json.dumps({"nct_id": "x", "criteria": "Gout"}) + "\n")
    assert list(vectors.raw_texts(path)) == ["Gout"]


def test_words_with_the_same_neighbours_have_like_vectors():
    found = train_vectors(LINES, SMALL)
    by_word = dict(zip(found.words, found.rows, strict=True))
    assert likeness(by_word["gout"], by_word["asthma"]) > 0.99
    assert likeness(by_word["gout"], by_word["severe"]) < 0.5
    assert found.counts[found.words.index("gout")] == 3


def test_rare_words_have_no_vector_and_lines_do_not_meet():
    lines = [["a", "b"], ["c", "d"], ["a", "b"], ["c", "d"], ["a", "e"]]
    found = train_vectors(lines, VectorSettings(dim=3, least=2, rows=100))
    assert set(found.words) == {"a", "b", "c", "d"}
    ids = vectors._numbers(lines, {word: i for i, word in enumerate("abcd")}, 5)
    pairs = vectors._pairs(ids, 1, 4, SMALL).toarray()
    assert pairs.tolist() == [
        [0, 2, 0, 0, 0],  # a: b twice; e has no number
        [0, 0, 0, 0, 2],  # b: the edge
        [0, 0, 0, 2, 0],
        [0, 0, 0, 0, 2],
    ]


def test_the_table_gives_words_about_their_vectors_and_new_words_some():
    found = train_vectors(LINES, SMALL)
    nlp = spacy.blank("en")
    add_vectors(nlp, found, SMALL)
    for word, row in zip(found.words, found.rows, strict=True):
        assert likeness(nlp.vocab[word].vector, row) > 0.9, word
    assert numpy.array_equal(nlp.vocab["Gout"].vector, nlp.vocab["gout"].vector)
    assert nlp.vocab["asthmatic"].vector.any()
    data = nlp.vocab.vectors.data
    assert data.shape == (300, 6)
    assert numpy.array_equal(data, data.astype("float16").astype("float32"))


def test_same_lines_same_table():
    tables = []
    for _ in range(2):
        nlp = spacy.blank("en")
        add_vectors(nlp, train_vectors(LINES, SMALL), SMALL)
        tables.append(nlp.vocab.vectors.data)
    assert numpy.array_equal(*tables)


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_precision_is_set(dtype):
    nlp = spacy.blank("en")
    add_vectors(nlp, train_vectors(LINES, SMALL), SMALL)
    vectors.set_precision(nlp, dtype)
    assert nlp.vocab.vectors.data.dtype == dtype
