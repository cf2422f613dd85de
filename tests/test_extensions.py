"""Findings survive what spaCy does with a Doc."""

import pickle

import pytest

from critextract.extensions import _READERS

TEXT = (
    "No history of severe asthma within 6 months, unless ALT < 2.5 x ULN in women or "
    "haemoglobin 9 to 12 g/dL"
)


@pytest.fixture(scope="module")
def doc(extractor):
    return extractor.nlp(TEXT)


def findings(doc):
    return {name: doc._.get(f"critextract_{name}") for name in _READERS}


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(lambda doc: type(doc)(doc.vocab).from_bytes(doc.to_bytes()), id="bytes"),
        pytest.param(lambda doc: pickle.loads(pickle.dumps(doc)), id="pickle"),
        pytest.param(lambda doc: doc.copy(), id="copy"),
    ],
)
def test_findings_survive(doc, again):
    found = findings(doc)
    assert {name for name, items in found.items() if items} >= {
        "candidates",
        "qualifiers",
        "quantities",
        "times",
        "edges",
        "mentions",
    }
    assert findings(again(doc)) == found


def test_findings_survive_other_processes(extractor, doc):
    (other,) = extractor.nlp.pipe([TEXT], n_process=2)
    assert findings(other) == findings(doc)
