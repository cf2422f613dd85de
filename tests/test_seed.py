"""The trial page the project began with, from page to rules."""

from decimal import Decimal

import pytest

from critextract.io.documents import Document, read_documents
from critextract.rules import AnyOf, Child, Is

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def record(shared, extractor):
    (document,) = read_documents([str(shared / "seed")])
    assert isinstance(document, Document)
    (record,) = extractor.extract_many([document])
    return record


def values(record, word):
    """Return the values of the mentions whose text holds the word."""
    found = [m for m in record.mentions if word in m.text.lower()]
    return [value for mention in found for value in mention.values]


def test_criteria_and_sections(record):
    assert record.id.startswith("NCT")
    tops = [c.id for c in record.criteria if c.parent is None]
    assert tops == ["I1", "I2", "I3", "I4", "I5", "E1", "E2", "E3", "E4"]


def test_no_boilerplate_is_a_criterion(record):
    for word in ("contact", "identifier", "sponsor", "first posted", "institute", "@"):
        assert not any(word in c.text.lower() for c in record.criteria)


def test_the_six_circumstances_are_examples(record):
    lead_in = next(c for c in record.criteria if c.id == "I2")
    children = [c.id for c in record.criteria if c.parent == "I2"]
    assert children == [f"I2.{n}" for n in range(1, 7)]
    assert isinstance(lead_in.rule, AnyOf)
    assert [a.id for a in lead_in.rule.args if isinstance(a, Child)] == children


def test_lost_superscripts_are_powers_of_ten(record):
    (lymphocytes,) = values(record, "lymphocyte")
    assert (lymphocytes.low, lymphocytes.low_closed) == (Decimal("0.3"), False)
    assert lymphocytes.unit == "10*9/L"
    cells = [v for m in record.mentions for v in m.values if v.unit == "10*6/kg"]
    assert [(v.low, v.low_closed) for v in cells] == [(Decimal("0.1"), False)]


def test_age_and_performance_status(record):
    (age,) = values(record, "age")
    assert (age.high, age.high_closed, age.unit) == (Decimal(18), False, "a")
    (ecog,) = values(record, "ecog")
    assert (ecog.low, ecog.low_closed, ecog.unit) == (Decimal(1), False, "{score}")


def test_any_of_four_serologies(record):
    criterion = next(c for c in record.criteria if c.id == "E1")
    assert criterion.status == "exact"
    assert isinstance(criterion.rule, AnyOf)
    by_id = {m.id: m for m in record.mentions}
    mentions = [by_id[a.mention] for a in criterion.rule.args if isinstance(a, Is)]
    assert len(mentions) == 4
    assert {m.label for m in mentions} == {"MEASUREMENT"}
    assert [[v.text_value for v in m.values] for m in mentions] == [["positive"]] * 4


def test_history_of_epilepsy_is_past(record):
    epilepsy = next(m for m in record.mentions if m.text.lower() == "epilepsy")
    assert epilepsy.period == "past"
    assert epilepsy.windows
    assert not epilepsy.negated


def test_consent_and_judgement_are_not_guessed(record):
    status = {c.id: c.status for c in record.criteria}
    assert status["I5"] == "non_computable"
    assert status["E4"] == "non_computable"
