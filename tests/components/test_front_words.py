"""Words at the front of a name that only qualify it."""

import pytest

from critextract.components.drafts import Candidate, QualifierCandidate
from critextract.components.front_words import beside, cut_front, ended, is_beside, is_route
from critextract.schema import Label


@pytest.mark.parametrize(
    ("label", "text", "name", "front"),
    [
        pytest.param("DRUG", "systemic corticosteroids", "corticosteroids", ["systemic"], id="way"),
        pytest.param("DRUG", "high-dose statins", "statins", ["high-dose"], id="high-dose"),
        pytest.param("MEASUREMENT", "Serum sodium", "sodium", ["Serum"], id="specimen"),
        pytest.param(
            "MEASUREMENT",
            "fasting plasma homocysteine",
            "homocysteine",
            ["fasting", "plasma"],
            id="setting-and-specimen",
        ),
        pytest.param("CONDITION", "chronic hives", "hives", ["chronic"], id="chronic"),
        pytest.param("PROCEDURE", "elective hysterectomy", "hysterectomy", ["elective"], id="why"),
        pytest.param("CONDITION", "chronic kidney disease", None, [], id="disease-by-that-name"),
        pytest.param("CONDITION", "acute coronary syndrome", None, [], id="fixed-name"),
        pytest.param("DRUG", "oral contraceptives", None, [], id="drug-by-that-name"),
        pytest.param("DRUG", "systemic therapy", None, [], id="nothing-is-named-without-it"),
        pytest.param("MEASUREMENT", "blood pressure", None, [], id="quantity-by-that-name"),
        pytest.param("MEASUREMENT", "serum sample", None, [], id="sample-of-it"),
        pytest.param("PERSON", "severe patients", None, [], id="of-people-none"),
    ],
)
def test_cut_front(label, text, name, front):
    whole = Candidate(Label(label), 0, len(text), "model")
    (found,), words = cut_front(text, [whole])
    assert text[found.start : found.end] == (name or text)
    assert [text[q.start : q.end] for q in words] == front


def test_cut_front_tells_the_kinds_apart():
    text = "severe chronic hives and urine ferritin"
    names = [
        Candidate(Label.CONDITION, 0, 20, "model"),
        Candidate(Label.MEASUREMENT, 25, 39, "model"),
    ]
    _, words = cut_front(text, names)
    assert [q.kind for q in words] == ["severity", "acuteness", "specimen"]


def test_a_specimen_alone_is_no_name():
    text = "pregnancy test (serum)"
    names = [Candidate(Label.MEASUREMENT, *span, "model") for span in ((0, 14), (16, 21))]
    kept, words = cut_front(text, names)
    assert kept == names[:1]
    assert [(q.kind, text[q.start : q.end]) for q in words] == [("specimen", "serum")]


@pytest.mark.parametrize(
    ("label", "text", "words"),
    [
        ("DRUG", "daily IRON", ["daily"]),
        ("DRUG", "Regular use of any IRON", ["Regular"]),
        ("DRUG", "IV IRON", ["IV"]),
        ("DRUG", "high dose IRON", ["high dose"]),
        ("DRUG", "failed at least two IRON", ["failed"]),
        ("DRUG", "10 mg daily IRON", []),
        ("DRUG", "twice daily IRON", []),
        ("DRUG", "class III or IV IRON", []),
        ("DRUG", "daily, IRON", []),
        ("DRUG", "daily walks with IRON", []),
        ("CONDITION", "new severe IRON", ["new"]),
        ("CONDITION", "daily IRON", []),
        ("CONDITION", "renewed IRON", []),
        ("PERSON", "new IRON", []),
    ],
)
def test_words_beside_a_name(label, text, words):
    start = text.index("IRON")
    found = [Candidate(Label(label), start, len(text), "model")]
    severe = text.find("severe")
    known = [QualifierCandidate("severity", severe, severe + 6)] if severe >= 0 else []
    assert [text[q.start : q.end] for q in beside(text, found, known)] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("IRON completed 3 weeks before", ["completed"]),
        ("IRON must have been discontinued", ["discontinued"]),
        ("IRON, stopped yesterday", ["stopped"]),
        ("IRON has not been completed", []),
        ("IRON discontinued due to a rash", []),
        ("IRON and a completed form", []),
    ],
)
def test_treatments_that_are_over(text, words):
    found = [Candidate(Label.DRUG, 0, 4, "model")]
    assert [text[q.start : q.end] for q in ended(text, found)] == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IV iron", True),
        ("oral or IV iron", True),
        ("stage IV iron", False),
        ("III or IV iron", False),
        ("DSM-IV iron", False),
        ("V iron", False),
    ],
)
def test_a_route_is_no_number(text, expected):
    start = text.index("IV") if "IV" in text else 0
    assert is_route(text, start, text.index(" iron")) is expected


@pytest.mark.parametrize(
    ("phrase", "label", "expected"),
    [
        ("high dose", "PROCEDURE", True),
        ("High-risk", "CONDITION", True),
        ("high dose chemotherapy", "PROCEDURE", False),
        ("high risk", "PERSON", False),
        ("gout", "CONDITION", False),
    ],
)
def test_a_name_that_only_qualifies_the_next(phrase, label, expected):
    assert is_beside(phrase, Label(label)) is expected
