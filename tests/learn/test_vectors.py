"""Word vectors: the tokens they are trained on, and what is said where floret is missing."""

import gzip
import json
import sys
from types import SimpleNamespace

import numpy
import pytest
import spacy

from critextract.errors import ModelError
from critextract.learn import vectors

TABLE = """3 2 2 3 2 2166136261 < >
0 0.5 1.0
1 0.1 -1.0
2 0.25 3.0
"""


def test_token_lines_are_clean_and_lower_case():
    text = "Inclusion:\r\n\r\n  -  Hb \\> 9 g/dL\n"
    assert list(vectors.token_lines(text)) == ["inclusion :", "- hb > 9 g / dl"]


def test_raw_texts_are_read_from_json_lines(tmp_path):
    path = tmp_path / "criteria.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.write(json.dumps({"nct_id": "x", "criteria": "Gout"}) + "\n")
    assert list(vectors.raw_texts(path)) == ["Gout"]


def test_missing_floret_is_one_clear_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "floret", None)
    with pytest.raises(ModelError, match=r"needs floret.*pip install floret"):
        vectors.add_trained_vectors(spacy.blank("en"), ["Gout"])


def test_trained_table_is_put_into_the_vocabulary_rounded(monkeypatch):
    seen = {}

    class Trained:
        def save_floret_vectors(self, path):
            with open(path, "w", encoding="utf-8") as stream:  # noqa: PTH123
                stream.write(TABLE)

    def train_unsupervised(path, **options):
        with open(path, encoding="utf-8") as stream:  # noqa: PTH123
            seen["text"], seen["options"] = stream.read(), options
        return Trained()

    monkeypatch.setitem(
        sys.modules, "floret", SimpleNamespace(train_unsupervised=train_unsupervised)
    )
    nlp = spacy.blank("en")
    vectors.add_trained_vectors(nlp, ["Gout\nHb < 9"])
    assert seen["text"] == "gout\nhb < 9\n"
    assert seen["options"]["mode"] == "floret"
    assert seen["options"]["thread"] == 1
    assert nlp.vocab.vectors.shape == (3, 2)
    assert nlp.vocab.vectors.data[1, 0] == numpy.float32(numpy.float16(0.1)) != numpy.float32(0.1)
    assert numpy.array_equal(nlp.vocab["Gout"].vector, nlp.vocab["gout"].vector)


def test_vectors_are_copied_from_another_model():
    source, target = spacy.blank("en"), spacy.blank("en")
    source.vocab.vectors = spacy.vectors.Vectors(
        strings=source.vocab.strings,
        data=numpy.ones((4, 2), dtype="f"),
        mode="floret",
        minn=2,
        maxn=3,
        hash_count=2,
        attr="LOWER",
    )
    vectors.copy_vectors(target, source)
    assert numpy.array_equal(target.vocab["gout"].vector, source.vocab["gout"].vector)
    assert target.vocab.vectors.shape == (4, 2)
