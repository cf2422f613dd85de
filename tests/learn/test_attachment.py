"""Learning what a time expression is about, on documents written here."""

import json

import pytest

from critextract.components.weights import probability
from critextract.errors import InputError
from critextract.learn.attachment import (
    best,
    choices,
    drafts,
    fit,
    keep_rows,
    linked_spans,
    read_choices,
    train_attachment,
)
from critextract.learn.corpora import read_brat

CHIA = """T1\tCondition 0 6\tStroke
T2\tTemporal 7 22\twithin 6 months
T3\tCondition 24 32\tseizures
R1\tHas_temporal Arg1:T1 Arg2:T2
R2\tAND Arg1:T1 Arg2:T3
"""
LCT = """T1\tCondition 0 6\tStroke
T2\tEq-Comparison 7 22\twithin 6 months
E1\tCondition:T1 Temporality:E2
E2\tEq-Comparison:T2
"""
TEXT = "Stroke within 6 months\n\nseizures\n"


def write(folder, annotations, name="NCT00000001_exc"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_text(TEXT, encoding="utf-8")
    path = folder / f"{name}.ann"
    path.write_text(annotations, encoding="utf-8")
    return path


@pytest.mark.parametrize("annotations", [CHIA, LCT], ids=["chia", "lct"])
def test_linked_spans(tmp_path, annotations):
    path = write(tmp_path, annotations)
    assert linked_spans(read_brat(path)) == {((0, 6), (7, 22))}


def test_choices_carry_the_annotated_link(tmp_path, nlp):
    path = write(tmp_path, CHIA)
    document = read_brat(path)
    links = linked_spans(document)
    found = [c for draft, piece in drafts(nlp, document) for c in choices(draft, piece, links)]
    (choice,) = [c for c in found if c.is_numbered]
    assert choice.right == [True]
    assert read_choices(nlp, tmp_path)[0] == found


def test_no_annotations_is_an_error(tmp_path, nlp):
    with pytest.raises(InputError, match=r"no \.ann files"):
        read_choices(nlp, tmp_path)


def test_fit_tells_what_it_was_shown_and_does_so_again():
    rows = [(["near"], True), (["far"], False)] * 40
    weights = fit(rows)
    assert probability(weights, ["near"]) > 0.7 > 0.3 > probability(weights, ["far"])
    assert fit(rows) == weights
    assert "rare" not in fit([*rows, (["rare"], True)])


def test_training_writes_the_weights(tmp_path, monkeypatch):
    for corpus, annotations in (("chia", CHIA), ("lct", LCT)):
        for split in ("train", "dev"):
            write(tmp_path / corpus / split, annotations)
    rows = [(["near"], True), (["far"], False)] * 40
    monkeypatch.setattr("critextract.learn.attachment.fit", lambda _: fit(rows))
    facts = train_attachment(tmp_path, tmp_path / "out", model="critextract_mentions")
    written = json.loads((tmp_path / "out" / "weights.json").read_text(encoding="utf-8"))
    assert {name: written[name] for name in facts} == facts
    assert written["attach"] == fit(rows)
    assert written["value"] == {}
    assert facts["dev"]["chia"]["expressions"] == 1


def test_keep_is_about_unnumbered_expressions(tmp_path, nlp):
    path = write(tmp_path, CHIA)
    found, _ = read_choices(nlp, path.parent)
    assert keep_rows(found, {}) == []
    assert all(best(choice, {}) == 0 for choice in found)
