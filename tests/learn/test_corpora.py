"""Reading brat documents into training examples."""

from pathlib import Path

import pytest

from critextract.errors import AnnotationError, InputError
from critextract.learn import labels
from critextract.learn.corpora import (
    Example,
    examples,
    flatten,
    label_of,
    read_brat,
    read_corpus,
)

SHARED = Path(__file__).parents[3] / "shared" / "corpora"


def document(folder, text, ann, name="made_up"):
    (folder / f"{name}.txt").write_bytes(text.encode())
    (folder / f"{name}.ann").write_text(ann, encoding="utf-8")
    return read_brat(folder / f"{name}.ann")


def spans_of(found):
    return [(example.text[a:b], label) for example in found for a, b, label in example.spans]


def test_offsets_count_carriage_returns(tmp_path):
    text = "Adults over 18\r\n\r\nNo gout\r\n"
    doc = document(tmp_path, text, "T1\tPerson 0 6\tAdults\nT2\tCondition 21 25\tgout\n")
    found = list(examples(doc, corpus="chia"))
    assert [example.text for example in found] == ["Adults over 18", "No gout"]
    assert spans_of(found) == [("Adults", "PERSON"), ("gout", "CONDITION")]


def test_discontinuous_annotations_are_left_open(tmp_path):
    doc = document(
        tmp_path,
        "liver or kidney disease",
        "T1\tCondition 0 5;16 23\tliver disease\nT2\tCondition 9 23\tkidney disease\n",
    )
    (found,) = examples(doc, corpus="chia")
    assert found.spans == ((9, 23, "CONDITION"),)
    assert found.unknown == ((0, 5), (16, 23))


def test_spans_move_with_the_clean_text(tmp_path):
    doc = document(tmp_path, "  -  Platelets  \\> 100", "T1\tMeasurement 5 14\tPlatelets\n")
    assert list(examples(doc, corpus="chia")) == [
        Example("Platelets > 100", ((0, 9, "MEASUREMENT"),))
    ]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        pytest.param("- Pregnant", "Pregnant", id="dash"),
        pytest.param("  1. Pregnant", "Pregnant", id="number"),
        pytest.param("a) Pregnant", "Pregnant", id="letter"),
        pytest.param("1.5 mg daily", "1.5 mg daily", id="decimal-is-no-marker"),
        pytest.param("Pregnant - or not", "Pregnant - or not", id="dash-inside"),
        pytest.param("observed", "observed", id="word-in-o"),
    ],
)
def test_list_markers_are_dropped(tmp_path, line, text):
    (found,) = examples(document(tmp_path, line, ""), corpus="chia")
    assert found.text == text


def test_lct_observation_is_a_measurement_by_its_attribute(tmp_path):
    doc = document(
        tmp_path,
        "Weight over 50 kg, smoker",
        "T1\tObservation 0 6\tWeight\nT2\tObservation-Name 0 6\tWeight\n"
        "T3\tObservation 19 25\tsmoker\nE1\tObservation:T1 Name:T2\n"
        "A1\tObservation-Type-Value E1 vital\nA2\tObservation-Type-Value T3 social-habit\n",
    )
    assert spans_of(examples(doc, corpus="lct")) == [
        ("Weight", "MEASUREMENT"),
        ("smoker", "OBSERVATION"),
    ]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param("E1\tEq-Comparison:T2\nE2\tAge:T1 Numeric-Filter:E1", "VALUE", id="filter"),
        pytest.param(
            "E1\tEq-Comparison:T2\nE2\tAge:T1 Temporality2:E1", "TEMPORAL", id="numbered-role"
        ),
        pytest.param("E1\tEq-Comparison:T2 Temporal-Unit:T3", "TEMPORAL", id="by-its-parts"),
        pytest.param("E1\tEq-Comparison:T2", "VALUE", id="nobody's"),
    ],
)
def test_lct_comparison_is_a_value_or_a_time(tmp_path, events, expected):
    ann = "T1\tAge 0 3\tAge\nT2\tEq-Comparison 4 12\t> 3 days\nT3\tEq-Temporal-Unit 8 12\tdays\n"
    doc = document(tmp_path, "Age > 3 days", ann + events + "\n")
    assert label_of(doc, "T2", corpus="lct") == expected


def test_flatten_keeps_the_longer_span():
    spans = [(0, 12, "CONDITION"), (8, 12, "PROCEDURE"), (13, 15, "VALUE"), (13, 15, "VALUE")]
    assert flatten(spans) == [(0, 12, "CONDITION"), (13, 15, "VALUE")]


def test_unknown_type_names_document_and_type(tmp_path):
    doc = document(tmp_path, "gout", "T1\tDisorder 0 4\tgout\n")
    with pytest.raises(AnnotationError, match=r"made_up.*'Disorder'.*chia"):
        list(examples(doc, corpus="chia"))


@pytest.mark.parametrize("bad", ["T1\tCondition x 4\tgout", "T1\tCondition\tgout"])
def test_malformed_line_is_named(tmp_path, bad):
    with pytest.raises(AnnotationError, match=r"made_up\.ann:1: found 'Condition"):
        document(tmp_path, "gout", bad + "\n")


def test_missing_text_and_empty_folder(tmp_path):
    with pytest.raises(InputError, match=r"no \.ann files"):
        read_corpus(tmp_path, corpus="lct")
    (tmp_path / "alone.ann").write_text("")
    with pytest.raises(InputError, match=r"alone\.txt"):
        read_brat(tmp_path / "alone.ann")


def test_every_mapped_type_gets_a_label_of_the_model():
    for table in (labels.CHIA, labels.LCT):
        assert {label for label in table.values() if label} <= set(labels.LABELS)
    left_out = {kind for table in (labels.CHIA, labels.LCT) for kind in table if not table[kind]}
    assert left_out >= labels.UNKNOWN


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the corpora in ../shared")
@pytest.mark.parametrize("corpus", ["chia", "lct"])
def test_every_type_of_the_corpora_is_mapped_or_left_out(corpus):
    table = labels.CHIA if corpus == "chia" else labels.LCT
    for path in sorted((SHARED / corpus / "dev").glob("*.ann")):
        doc = read_brat(path)
        assert {found.type for found in doc.entities.values()} <= set(table), path.name
