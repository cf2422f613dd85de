"""Inabilities by name: what somebody cannot take or undergo is no exposure."""

from __future__ import annotations

import pytest

import critextract


def read(text: str) -> list[str]:
    """Return label, modality, negation and name of each mention of one criterion."""
    record = critextract.extract(f"Exclusion Criteria:\n- {text}")
    return [f"{m.label} {m.modality}{' not' * m.negated} {m.text}" for m in record.mentions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Unable to take oral medication",
            ["CONDITION actual Unable to take oral medication"],
        ),
        (
            "Inability to undergo MRI or CT",
            [
                "CONDITION actual Inability to undergo MRI",
                "CONDITION actual Inability to undergo CT",
            ],
        ),
        ("No inability to undergo MRI", ["CONDITION actual not inability to undergo MRI"]),
        ("Cannot tolerate methotrexate", ["CONDITION actual Cannot tolerate methotrexate"]),
        (
            "Unable to undergo MRI, pregnancy or asthma",
            [
                "CONDITION actual Unable to undergo MRI",
                "CONDITION actual pregnancy",
                "CONDITION actual asthma",
            ],
        ),
        ("Aspirin within 4 weeks", ["DRUG actual Aspirin"]),
        ("Allergy to aspirin", ["CONDITION actual Allergy", "DRUG hypothetical aspirin"]),
        (
            "Inability to tolerate abacavir, zidovudine (or stavudine), or lamivudine",
            [
                f"CONDITION actual Inability to tolerate {name}"
                for name in ("abacavir", "zidovudine", "stavudine", "lamivudine")
            ],
        ),
        ("Candidate for surgery", ["PROCEDURE hypothetical surgery"]),
        (
            "Able to swallow and retain oral medication",
            ["OBSERVATION actual Able to swallow and retain oral medication"],
        ),
        (
            "Able to undergo MRI or CT",
            ["OBSERVATION actual Able to undergo MRI", "OBSERVATION actual Able to undergo CT"],
        ),
        ("Able to take aspirin 100 mg", ["DRUG hypothetical aspirin"]),
        ("Suitable for surgery", ["PROCEDURE hypothetical surgery"]),
    ],
)
def test_what_one_cannot_take_is_a_condition(text, expected):
    assert read(text) == expected


def test_what_one_may_not_take_is_no_inability():
    assert all("cannot" not in name for name in read("Patients cannot take aspirin"))


def test_the_record_holds_the_words_it_names():
    record = critextract.extract("Exclusion Criteria:\n- Inability to undergo MRI or CT")
    second = record.mentions[1]
    assert second.fragments is not None
    words = " ".join(record.text[a:b] for a, b in second.fragments)
    assert words == second.text == "Inability to undergo CT"
    assert record.criteria[0].status == "exact"
