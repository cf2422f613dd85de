"""Learning what annotators link, from small annotated folders."""

import json

import pytest

from critextract.commands.followed import read_corpus
from critextract.components.followed import Link, Links
from critextract.errors import InputError
from critextract.learn.corpora import read_brat
from critextract.learn.followed import linked, train_followed

TEXT = "No stroke within 6 months\nPlatelets > 100 at screening\n"
CHIA = """T1\tNegation 0 2\tNo
T2\tCondition 3 9\tstroke
T3\tTemporal 10 25\twithin 6 months
T4\tMeasurement 26 35\tPlatelets
T5\tValue 36 41\t> 100
R1\tHas_negation Arg1:T2 Arg2:T1
R2\tHas_temporal Arg1:T2 Arg2:T3
R3\tHas_value Arg1:T4 Arg2:T5
"""
LCT = """T1\tNegation 0 2\tNo
T2\tCondition 3 9\tstroke
T3\tEq-Comparison 10 25\twithin 6 months
T4\tModifier 26 35\tPlatelets
T5\tEq-Comparison 36 41\t> 100
E1\tNegation:T1 Negates:E2
E2\tCondition:T2 Temporality:E3
E3\tEq-Comparison:T3
E4\tModifier:T4 Numeric-Filter:E5
E5\tEq-Comparison:T5
"""


def write(folder, annotations):
    folder.mkdir(parents=True)
    (folder / "a_inc.txt").write_text(TEXT, encoding="utf-8", newline="")
    (folder / "a_inc.ann").write_text(annotations, encoding="utf-8")
    return folder / "a_inc.ann"


def test_links_have_the_subject_first(tmp_path):
    chia = read_brat(write(tmp_path / "chia", CHIA))
    assert linked(chia, "NEGATION", "chia") == [((3, 9), (0, 2), True)]
    assert linked(chia, "TEMPORAL", "chia") == [((3, 9), (10, 25), True)]
    assert linked(chia, "VALUE", "chia") == [((26, 35), (36, 41), True)]
    lct = read_brat(write(tmp_path / "lct", LCT))
    assert linked(lct, "NEGATION", "lct") == [((3, 9), (0, 2), True)]
    assert linked(lct, "TEMPORAL", "lct") == [((3, 9), (10, 25), True)]
    assert linked(lct, "VALUE", "lct") == [((26, 35), (36, 41), False)]


@pytest.fixture
def both(tmp_path):
    """Both corpora, one document each, as read."""
    for corpus, annotations in (("chia", CHIA), ("lct", LCT)):
        write(tmp_path / corpus, annotations)
    return {corpus: list(read_corpus(tmp_path / corpus, corpus)) for corpus in ("chia", "lct")}


def test_a_document_is_read_whole(both):
    ((record, spans, document),) = both["chia"]
    assert document.name == "a_inc"
    assert [c.section for c in record.criteria] == ["inclusion"] * 2
    assert record.mentions[0].windows
    assert {span.label for span in spans} <= {"TEMPORAL", "VALUE", "NEGATION", "QUALIFIER"}


def test_training_writes_weights_and_least_probabilities(both, tmp_path, monkeypatch):
    seen = []

    def fit(rows, _):
        seen.append([right for _, right in rows])
        return {"": 0.0, "said": 1.0}

    monkeypatch.setattr("critextract.learn.followed.fit", fit)
    facts = train_followed(both, both, tmp_path / "out", data={"chia/train": "1"})
    written = json.loads((tmp_path / "out" / "followed.json").read_text(encoding="utf-8"))
    assert {name: written[name] for name in facts} == facts
    assert written["chia NEGATION"] == {"": 0.0, "said": 1.0}
    assert written["least"]["chia TEMPORAL"] == 0.0
    assert facts["dev"]["chia NEGATION"]["found"] == 1.0
    assert True in seen[0]
    assert facts["data"] == {"chia/train": "1"}


def test_a_link_to_what_is_no_mention_tells_nothing(both):
    from critextract.learn.followed import _judged

    judged = _judged("VALUE", both["lct"][0], "lct")
    assert judged.annotated == 0
    assert all(link.mention.text != "Platelets" for link in judged.right)


def test_links_of_a_record_can_be_told_apart(both):
    record, spans, _ = both["chia"][0]
    links = Links("NEGATION", record, spans)
    said = [link for link in links.all if link.said]
    assert [(link.mention.text, link.place) for link in said] == [("stroke", (0, 2))]
    other = Link(said[0].mention, 0, 2, said=False)
    assert list(links.features(said[0])) != list(links.features(other))


def test_a_folder_without_annotations_is_named(tmp_path):
    with pytest.raises(InputError, match=r"no \.ann files"):
        list(read_corpus(tmp_path, "chia"))
