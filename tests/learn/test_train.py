"""Training and loading the mention model, on made-up sentences."""

import gzip
import json

import numpy
import pytest
import spacy

from critextract.errors import InputError, ModelError
from critextract.learn import load
from critextract.learn.corpora import Example
from critextract.learn.train import Settings, batches, blank_model, fit, spacy_examples, train
from critextract.packaged import model_folder

CONDITIONS = ("gout", "asthma", "scurvy", "migraine", "psoriasis")
FRAMES = ("Patients with {}", "No {} in the past", "History of {}", "{} at entry")
SMALL = Settings(
    width=32, depth=2, hidden=16, epochs=40, learn_rate=0.005, first_batch=20, last_batch=40
)


def sentence(frame, name):
    at = frame.index("{")
    return Example(frame.format(name), ((at, at + len(name), "CONDITION"),))


SENTENCES = [sentence(frame, name) for frame in FRAMES for name in CONDITIONS]


def trained(seed):
    nlp = blank_model(SMALL, static_vectors=False)
    seen = []
    fit(nlp, SENTENCES, SMALL, seed=seed, progress=lambda *args: seen.append(args))
    return nlp, seen


def weights(nlp):
    nodes = nlp.get_pipe("ner").model.walk()
    return [n.get_param(name) for n in nodes for name in n.param_names if n.has_param(name)]


@pytest.fixture(scope="module")
def small():
    return trained(3)


def test_made_up_sentences_are_learned(small):
    nlp, seen = small
    assert [(e.text, e.label_) for e in nlp("No gout in the past").ents] == [("gout", "CONDITION")]
    assert [epoch for epoch, _, _ in seen] == list(range(1, 41))
    assert seen[-1][2] < seen[0][2]


def test_same_seed_same_weights(small):
    again, other = trained(3)[0], trained(4)[0]
    assert all(
        numpy.array_equal(a, b) for a, b in zip(weights(again), weights(small[0]), strict=True)
    )
    assert not all(
        numpy.array_equal(a, b) for a, b in zip(weights(again), weights(other), strict=True)
    )


def test_tokens_of_unknown_ranges_are_left_open():
    nlp = blank_model(SMALL, static_vectors=False)
    item = Example("liver or kidney disease", ((9, 23, "CONDITION"),), ((0, 5), (16, 23)))
    (made,) = spacy_examples(nlp, [item])
    assert [token.ent_iob_ for token in made.reference] == ["", "O", "B", "I"]


def test_batches_hold_every_example_once():
    nlp = blank_model(SMALL, static_vectors=False)
    items = spacy_examples(nlp, SENTENCES)
    made = list(batches(items, iter([6.0] * 100)))
    assert [item for batch in made for item in batch] == items
    assert len(made) > 5


def corpora(folder):
    for corpus in ("chia", "lct"):
        for split in ("train", "dev"):
            place = folder / corpus / split
            place.mkdir(parents=True)
            for n, item in enumerate(SENTENCES):
                ((a, b, _),) = item.spans
                (place / f"{n}.txt").write_text(item.text)
                (place / f"{n}.ann").write_text(f"T1\tCondition {a} {b}\t{item.text[a:b]}\n")
    (folder / "raw").mkdir()
    with gzip.open(folder / "raw" / "criteria.jsonl.gz", "wt") as stream:
        stream.write(json.dumps({"criteria": "Patients with gout"}) + "\n")


def test_train_writes_a_model_that_loads(tmp_path):
    corpora(tmp_path / "corpora")
    own = train(
        tmp_path / "corpora",
        tmp_path / "model",
        seed=3,
        settings=SMALL,
        vectors=model_folder(load.MODEL_NAME, load.META),
    )
    nlp = load.load_mention_model(tmp_path / "model")
    assert nlp.meta["critextract"]["seed"] == own["seed"] == 3
    assert own["dev"]["CONDITION"]["gold"] == 2 * len(SENTENCES)
    assert set(own["confidence"]) == {"CONDITION"}
    assert [e.text for e in nlp("History of asthma").ents] == ["asthma"]


def test_train_names_what_is_missing(tmp_path):
    with pytest.raises(InputError, match=r"chia/train: no \.ann files"):
        train(tmp_path, tmp_path / "model", vectors=tmp_path)


def test_missing_model_names_where_it_was_looked_for():
    with pytest.raises(ModelError, match=r"'no_such_model' is missing: looked in .*models"):
        load.load_mention_model("no_such_model")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"version": "0.0.1"}, "model version 0.0.1, expected", id="version"),
        pytest.param({"spacy_version": ">=9,<10"}, "model needs spaCy >=9,<10", id="spacy"),
        pytest.param({"version": None}, "model version None", id="none"),
    ],
)
def test_other_versions_are_refused(tmp_path, change, message):
    meta = {"version": load.MODEL_VERSION, "spacy_version": f"=={spacy.__version__}", **change}
    (tmp_path / "meta.json").write_text(json.dumps(meta))
    with pytest.raises(ModelError, match=message):
        load.load_mention_model(tmp_path)


def test_unreadable_meta_data_are_refused(tmp_path):
    (tmp_path / "meta.json").write_text("{")
    with pytest.raises(ModelError, match="no model that can be read"):
        load.load_mention_model(tmp_path)
