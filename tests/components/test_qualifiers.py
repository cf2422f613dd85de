"""Qualifying words and their kinds."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critextract.components.drafts import Candidate
from critextract.components.qualifiers import (
    find_qualifiers,
    is_state,
    load_lexicon,
    qualifier_kind,
    requirements,
)
from critextract.schema import Label, Qualifier, QualifierKind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Severe asthma", [("severity", "Severe")]),
        ("moderate to severe psoriasis", [("severity", "moderate to severe")]),
        ("Mild or moderate pain", [("severity", "Mild or moderate")]),
        ("clinically significant arrhythmia", [("severity", "clinically significant")]),
        ("potentially life-threatening allergy", [("severity", "potentially life-threatening")]),
        ("active or chronic infection", [("acuteness", "active"), ("acuteness", "chronic")]),
        ("newly diagnosed myeloma", [("other", "newly diagnosed")]),
        ("uncontrolled hypertension", [("stability", "uncontrolled")]),
        ("poorly controlled diabetes", [("stability", "poorly controlled")]),
        ("a stable dose of metformin", [("stability", "stable dose")]),
        ("clinically unstable", [("stability", "clinically unstable")]),
        ("previously untreated lymphoma", [("other", "previously untreated")]),
        ("relapsed or refractory disease", [("stability", "relapsed or refractory")]),
        ("locally advanced or metastatic tumour", [("stage", "locally advanced or metastatic")]),
        ("end-stage heart failure", [("stage", "end-stage")]),
        ("bilateral pneumonia", [("site", "bilateral")]),
        ("histologically confirmed sarcoma", [("other", "histologically confirmed")]),
        ("elective surgery", [("other", "elective")]),
        ("SEVERE", [("severity", "SEVERE")]),
        ("sexually active women", []),
        ("physically active", []),
        ("interactive device", []),
        ("activein a word", []),
        ("non-severe", []),
        ("proactive-severe", []),
        ("known diabetes", []),
        ("serum creatinine", []),
        ("diabetes", []),
        ("İ severe asthma", [("severity", "severe")]),
        ("", []),
    ],
)
def test_find_qualifiers(text, expected):
    assert [(q.kind, text[q.start : q.end]) for q in find_qualifiers(text)] == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("severe", "severity"),
        ("Very  severe", "severity"),
        ("known", "other"),
        ("serum", "specimen"),
        ("left", "site"),
        ("of the left knee", "site"),
        ("end-stage", "stage"),
        ("well controlled", "stability"),
        ("chronic", "acuteness"),
        ("requiring treatment", "other"),
        ("", "other"),
    ],
)
def test_qualifier_kind(text, kind):
    assert qualifier_kind(text) == kind


def test_the_lexicon_has_every_kind():
    assert {kind for kind, _ in load_lexicon().values()} == set(get_args(QualifierKind))


@given(st.text(max_size=60))
def test_found_qualifiers_do_not_overlap(text):
    found = find_qualifiers(text)
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_a_line_of_20000_characters_is_no_trap():
    start = time.perf_counter()
    find_qualifiers("moderate to severe " * 1000)
    find_qualifiers("moderate" * 2500)
    find_qualifiers("a " * 10000)
    assert time.perf_counter() - start < 0.3


@pytest.mark.parametrize(
    ("text", "mentions", "found"),
    [
        pytest.param(
            "infection requiring intravenous antibiotics within 4 weeks",
            [("CONDITION", 0, 9), ("DRUG", 32, 43)],
            ["requiring intravenous antibiotics"],
            id="how-bad",
        ),
        pytest.param(
            "asthma that needs oxygen, or stroke",
            [("CONDITION", 0, 6), ("PROCEDURE", 18, 24), ("CONDITION", 29, 35)],
            ["that needs oxygen"],
            id="that-needs",
        ),
        pytest.param(
            "patients requiring oxygen", [("PROCEDURE", 19, 25)], [], id="the-patient-needs-it"
        ),
        pytest.param(
            "surgery requiring general anesthesia within 4 weeks",
            [("PROCEDURE", 0, 7), ("PROCEDURE", 26, 36)],
            ["requiring general anesthesia"],
            id="a-procedure-too",
        ),
        pytest.param(
            "cancer requiring surgery, or dialysis",
            [("CONDITION", 0, 6), ("PROCEDURE", 17, 24), ("PROCEDURE", 29, 37)],
            ["requiring surgery"],
            id="another-item",
        ),
        pytest.param(
            "stroke, requiring consent", [("CONDITION", 0, 6)], [], id="not-behind-a-comma"
        ),
    ],
)
def test_requirements(text, mentions, found):
    candidates = [Candidate(Label(label), a, b, "model") for label, a, b in mentions]
    assert [text[q.start : q.end] for q in requirements(text, candidates)] == found


def test_is_state_tells_how_from_which():
    words = [("other", "Untreated"), ("severity", "severe"), ("other", "congenital")]
    found = [is_state(Qualifier(kind, value, 0, len(value))) for kind, value in words]
    assert found == [True, True, False]
