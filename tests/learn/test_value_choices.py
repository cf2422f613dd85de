"""Values of annotated documents as choices, on a document written here."""

import pytest

from critextract.learn.attachment import drafts, read_choices, value_accuracy
from critextract.learn.corpora import read_brat
from critextract.learn.subjects import value_choices, valued_spans

TEXT = "Hemoglobin < 9 g/dL, creatinine > 2 mg/dL or anemia\n"
CHIA = """T1\tMeasurement 0 10\tHemoglobin
T2\tValue 11 19\t< 9 g/dL
T3\tMeasurement 21 31\tcreatinine
R1\tHas_value Arg1:T1 Arg2:T2
R2\tHas_temporal Arg1:T3 Arg2:T2
"""
LCT = """T1\tObservation 0 10\tHemoglobin
T2\tEq-Comparison 11 19\t< 9 g/dL
E1\tObservation:T1 Numeric-Filter:E2
E2\tEq-Comparison:T2
"""


@pytest.fixture(params=[CHIA, LCT], ids=["chia", "lct"])
def path(request, tmp_path):
    (tmp_path / "NCT00000001_exc.txt").write_text(TEXT, encoding="utf-8")
    path = tmp_path / "NCT00000001_exc.ann"
    path.write_text(request.param, encoding="utf-8")
    return path


def test_valued_spans(path):
    assert valued_spans(read_brat(path)) == {((0, 10), (11, 19))}


def test_choices_carry_the_annotated_link(path, nlp):
    document = read_brat(path)
    links = valued_spans(document)
    found = [c for d, piece in drafts(nlp, document) for c in value_choices(d, piece, links)]
    first, second = found
    assert any(first.right)
    assert not any(second.right)
    assert first.right[first.chosen({})]
    assert all(len(c.features) == len(c.right) for c in found)
    assert read_choices(nlp, path.parent)[1] == found


def test_accuracy_counts_annotated_values(path, nlp):
    _, found = read_choices(nlp, path.parent)
    assert value_accuracy(found, {}) == {"rules": 1.0, "accuracy": 1.0, "values": 1, "open": 0}
    assert value_accuracy([], {}) == {"values": 0, "open": 0}


def test_no_weights_leave_the_choice_to_the_rules(path, nlp):
    _, found = read_choices(nlp, path.parent)
    assert [choice.chosen({}) for choice in found] == [choice.ruled for choice in found]
