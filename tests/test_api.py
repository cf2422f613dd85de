import json

import pytest

import critextract
from critextract.errors import InputError


def test_extract_and_extract_many(monkeypatch, extractor):
    monkeypatch.setattr("critextract.api.default_extractor", lambda: extractor)
    text = "Inclusion Criteria:\n- Age 18 years or older\n"
    record = critextract.extract(text, id="t")
    assert (record.id, record.text) == ("t", text)
    assert record.criteria[0].rule == critextract.Is("m1")
    many = list(critextract.extract_many([text, ""]))
    assert [r.id for r in many] == ["1", "2"]
    assert many[0].criteria == record.criteria
    assert many[1].problems == ("no eligibility text",)


@pytest.mark.parametrize("text", [None, 3, b"Age 18"])
def test_what_is_no_text_is_said(text):
    with pytest.raises(InputError, match="expected a text"):
        critextract.extract(text)


def test_one_text_is_not_many():
    with pytest.raises(InputError, match="found one text"):
        next(critextract.extract_many("Age 18"))


@pytest.mark.parametrize("name", ["chia", "lct"])
def test_a_packaged_configuration_is_loaded_by_its_name(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert critextract.load(name).nlp.tokenizer.convention == name


def test_the_mentions_follow_no_corpus_unless_asked(extractor):
    assert extractor.nlp.tokenizer.convention == ""


@pytest.mark.parametrize("settings", [{}, {"model": "m", "components": {}, "convention": "cha"}])
def test_a_configuration_that_cannot_be_is_one_line(settings, tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(settings), encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.json: expected JSON with model and components"):
        critextract.load(path)


@pytest.mark.parametrize(
    ("lead_in", "item", "expected"),
    [
        ("As measured within 2 weeks of enrolment:", "Platelets > 100,000/mm3", 1),
        ("At screening:", "Platelets > 100,000/mm3", 1),
        ("History of any of the following:", "Stroke", 1),
        ("Planned visits with:", "Platelets > 100,000/mm3", 0),
        ("At screening:", "Age > 18 years", 0),
    ],
)
def test_the_time_of_a_lead_in_is_said_of_its_items(lead_in, item, expected):
    record = critextract.extract(f"Inclusion Criteria:\n- {lead_in}\n  - {item}")
    (mention,) = [m for m in record.mentions if m.criterion == "I1.1"]
    assert len(mention.windows) == expected
