"""Training and loading the mention model, on made-up sentences."""

import gzip
import json
from dataclasses import replace

import numpy
import pytest
import spacy

from critextract.errors import InputError, ModelError
from critextract.learn import load
from critextract.learn.corpora import Example
from critextract.learn.load import following
from critextract.learn.network import (
    Settings,
    batches,
    blank_model,
    fit,
    lean,
    prefer_mentions,
    shares,
    spacy_examples,
)
from critextract.learn.pretrain import PretrainSettings
from critextract.learn.train import Recipe, train
from critextract.learn.vectors import VectorSettings

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
    fit(nlp, SENTENCES, SMALL, seed=seed, progress=seen.append)
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
    losses = [int(news.rpartition(" ")[2]) for news in seen]
    assert len(losses) == 40
    assert losses[-1] < losses[0]


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


def test_more_mentions_are_found_the_more_they_are_preferred():
    nlp = blank_model(SMALL, static_vectors=False)
    fit(nlp, SENTENCES, replace(SMALL, epochs=3), seed=3)
    found = []
    for amount in (-100.0, 200.0):
        prefer_mentions(nlp, amount)
        found.append(len(nlp("Patients with gout and more").ents))
    assert found[0] == 0 < found[1]


def test_silver_is_shown_once_and_less_and_less():
    parts = shares(list(range(100)), 4)
    assert [n for part in parts for n in part] == list(range(100))
    assert list(map(len, parts)) == [43, 32, 18, 7]


def test_silver_lines_are_learned_too():
    nlp = blank_model(SMALL, static_vectors=False)
    silver = [Example(f"{name} at entry", ((0, 4, "DRUG"),)) for name in ("iron", "zinc")] * 60
    fit(nlp, SENTENCES, replace(SMALL, epochs=10), seed=3, silver=silver)
    assert [(e.text, e.label_) for e in nlp("zinc at entry").ents] == [("zinc", "DRUG")]


def test_one_network_learns_both_conventions():
    nlp = blank_model(SMALL, static_vectors=False)
    text = "Known gout at entry"
    chia = Example(text, ((0, 10, "CONDITION"),), convention="chia")
    lct = Example(text, ((6, 10, "CONDITION"),), convention="lct")
    fit(nlp, [chia, lct] * 10, SMALL, seed=3)
    found = {way: following(nlp, way)(text).ents[0].text for way in ("chia", "lct")}
    assert found == {"chia": "Known gout", "lct": "gout"}


def test_the_own_way_leans_towards_a_convention():
    nlp = blank_model(SMALL, static_vectors=False)
    text = "Known gout at entry"
    chia = Example(text, ((0, 10, "CONDITION"),), convention="chia")
    lct = Example(text, ((6, 10, "CONDITION"),), convention="lct")
    plain = Example(text, ((6, 10, "CONDITION"),))
    fit(nlp, [chia, lct, plain] * 10, SMALL, seed=3)
    found = []
    for share in (0.0, 1.0):
        lean(nlp, "chia", share)
        found.append([following(nlp, way)(text).ents[0].text for way in ("", "chia", "lct")])
    assert found == [["gout", "Known gout", "gout"], ["Known gout", "Known gout", "gout"]]


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
        for name in CONDITIONS:
            text = f"- Men or women with severe {name}\n- Subjects who had {name} for a year"
            stream.write(json.dumps({"criteria": text}) + "\n")
    return folder


def names(folder):
    folder.mkdir()
    (folder / "doid_labels.tsv").write_text('id\tlabel\tsubClassOf\n"D1"\t"gout"\t"x"\n')
    (folder / "d_labitems_to_loinc.csv").write_text("itemid,label\n1,iron\n")
    return folder


FEW = replace(SMALL, epochs=3, chia_copies=2, lct_copies=2)
RECIPE = Recipe(
    vectors=VectorSettings(dim=10, least=1, rows=200),
    pretrain=PretrainSettings(passes=1, tokens=20),
    teachers=(FEW, replace(FEW, extra_tokens=True)),
    student=replace(FEW, epochs=12, evidence=True),
    silver_words=40,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of a training from start to end, its results kept, and what it returned."""
    folder, news = tmp_path_factory.mktemp("trained"), []
    own = train(
        corpora(folder / "corpora"),
        folder / "model",
        seed=3,
        recipe=RECIPE,
        names=names(folder / "names"),
        work=folder / "work",
        progress=news.append,
    )
    return folder, own, news


def test_train_writes_a_model_that_loads(made):
    folder, own, _ = made
    nlp = load.load_mention_model(folder / "model")
    assert nlp.meta["critextract"]["seed"] == own["seed"] == 3
    assert own["dev"]["both"]["CONDITION"]["gold"] == 2 * len(SENTENCES)
    assert set(own["dev"]) == {"chia", "lct", "both"}
    assert set(own["confidence"]) == {"CONDITION"}
    assert set(own["following"]) == {"chia", "lct"}
    assert own["following"]["lct"]["dev"]["lct"]["CONDITION"]["gold"] == len(SENTENCES)
    assert [e.text for e in nlp("History of asthma").ents] == ["asthma"]
    assert json.loads((folder / "model" / "vocab" / "strings.json").read_text()) == []


def test_a_stage_whose_result_is_there_is_not_run_again(made):
    folder, _, news = made
    assert [line for line in news if "epoch" not in line] == [
        "vectors of 26 words",
        "pretrained: 0.00 of hidden words guessed",
        "teacher 1",
        "teacher 2",
        "7 silver lines",
        "student",
    ]
    again = []
    train(
        folder / "corpora",
        folder / "again",
        seed=3,
        recipe=replace(RECIPE, silver_words=10),
        names=folder / "names",
        work=folder / "work",
        progress=again.append,
    )
    assert [line for line in again if "epoch" not in line] == ["2 silver lines", "student"]


def test_the_same_from_start_to_end_is_the_same_model(made, tmp_path):
    folder = made[0]
    train(folder / "corpora", tmp_path / "model", seed=3, recipe=RECIPE, names=folder / "names")
    one, two = (load.load_mention_model(p / "model") for p in (folder, tmp_path))
    assert all(numpy.array_equal(a, b) for a, b in zip(weights(one), weights(two), strict=True))
    assert numpy.array_equal(one.vocab.vectors.data, two.vocab.vectors.data)


def test_train_names_what_is_missing(tmp_path):
    with pytest.raises(InputError, match=r"chia/dev: no \.ann files"):
        train(tmp_path, tmp_path / "model")
    (corpora(tmp_path / "corpora") / "raw" / "criteria.jsonl.gz").unlink()
    with pytest.raises(InputError, match=r"raw/criteria\.jsonl\.gz: missing"):
        train(tmp_path / "corpora", tmp_path / "model", recipe=RECIPE)


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
