"""The network at prediction gives what its layers give, and steps aside where it is trained."""

import numpy
import pytest
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry

from critextract.components import prediction
from critextract.components.prediction import quicken
from critextract.learn.network import Settings, blank_model, token_network_config

SMALL = Settings(width=16, hidden=8)
LINES = [
    "no history of gout",
    "",
    "gout",
    "severe asthma or gout in the last 6 months, unless it is treated",
    *["gout or asthma"] * 60,  # more lines at once than NumPy is given
]


@pytest.fixture
def nlp():
    model = blank_model(SMALL, static_vectors=False)
    doc = model.make_doc("no gout")
    gold = doc.copy()
    gold.set_ents([doc.char_span(3, 7, label="CONDITION")])
    model.initialize(lambda: [Example(doc, gold)])
    rng = numpy.random.default_rng(3)
    for node in model.get_pipe("ner").model.walk():
        for name in node.param_names:
            if node.name != "lstm" or name != "HC0":  # the first states are zero, never trained
                shape = node.get_param(name).shape
                node.set_param(name, rng.normal(0, 0.5, shape).astype("f"))
    return model


def docs_of(nlp, tag=""):
    words = [line.split() for line in LINES]
    return [Doc(nlp.vocab, words=line, tags=[tag] * len(line)) for line in words]


@pytest.mark.parametrize("most", [50_000, 3])
def test_the_same_vectors_come_out(nlp, monkeypatch, most):
    monkeypatch.setattr(prediction, "MOST_REMEMBERED", most)
    network = nlp.get_pipe("ner").model.get_ref("tok2vec").layers[0]
    slow = [network.predict(docs_of(nlp, tag)) for tag in ("", "lct")]
    assert numpy.abs(slow[0][0] - slow[1][0]).max() > 0.01  # the tag is read
    quicken(nlp)
    for _ in range(2):  # words new, then met before
        for tag, rows in zip(("", "lct"), slow, strict=True):
            found = network.predict(docs_of(nlp, tag))
            assert [len(line) for line in found] == [len(line.split()) for line in LINES]
            for a, b in zip(found, rows, strict=True):
                numpy.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5)


def test_a_line_alone_is_a_line_among_others(nlp):
    quicken(nlp)
    network = nlp.get_pipe("ner").model.get_ref("tok2vec").layers[0]
    together = network.predict(docs_of(nlp))
    for doc, rows in zip(docs_of(nlp), together, strict=True):
        if len(doc):
            numpy.testing.assert_allclose(network.predict([doc])[0], rows, rtol=1e-5, atol=1e-5)


def test_training_goes_on_with_the_layers(nlp):
    weights = nlp.to_bytes()
    quicken(nlp)
    assert nlp.to_bytes() == weights  # nothing of it is saved
    doc = nlp.make_doc("no gout")
    gold = doc.copy()
    gold.set_ents([doc.char_span(3, 7, label="CONDITION")])
    network = nlp.get_pipe("ner").model.get_ref("tok2vec").layers[0]
    before = network.predict([doc])[0]
    nlp.update([Example(doc, gold)], sgd=nlp.create_optimizer())
    after = network.predict([doc])[0]
    assert numpy.abs(after - before).max() > 1e-5
    config = token_network_config(SMALL, static_vectors=False)
    layers = registry.resolve({"model": config})["model"].from_bytes(network.to_bytes())
    numpy.testing.assert_allclose(after, layers.predict([doc])[0], rtol=1e-5)
