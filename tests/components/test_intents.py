"""What has happened or is planned: the two mentions that one name stands for."""

from __future__ import annotations

import pytest

import critextract
from marked import MarkedReader


def read(text: str) -> list[str]:
    """Return name, modality, period and windows of each mention of one criterion."""
    record = critextract.extract(f"Exclusion Criteria:\n- {text}")
    return [
        " ".join(
            [
                m.text,
                m.modality,
                m.period or "-",
                *(record.text[w.start : w.end] for w in m.windows),
            ]
        )
        for m in record.mentions
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Prior or planned radiotherapy",
            ["radiotherapy actual past Prior", "radiotherapy planned future"],
        ),
        (
            "Planned or previous radiotherapy",
            ["radiotherapy actual past previous", "radiotherapy planned future"],
        ),
        (
            "Radiotherapy within 4 weeks or planned during the study",
            [
                "Radiotherapy actual - within 4 weeks",
                "Radiotherapy planned future during the study",
            ],
        ),
        (
            "Warfarin within 30 days or planned use",
            ["Warfarin actual - within 30 days", "Warfarin planned future"],
        ),
        (
            "Received or scheduled to receive a live vaccine",
            ["live vaccine actual past", "live vaccine planned future"],
        ),
        (
            "Prior radiotherapy (planned is also excluded)",
            ["radiotherapy actual past Prior", "radiotherapy planned future"],
        ),
        (
            "Existing or intended pregnancy",
            ["pregnancy actual present", "pregnancy planned future"],
        ),
        (
            "Current or anticipated use of warfarin",
            ["warfarin actual present Current", "warfarin planned future"],
        ),
        (
            "Currently enrolled in or planning to participate in another drug study",
            ["drug study actual present Currently", "drug study planned future"],
        ),
        ("Already booked for cryoablation", ["cryoablation planned future"]),
        (
            "Pregnant, planning a pregnancy or nursing",
            ["Pregnant actual -", "pregnancy planned future", "nursing actual -"],
        ),
        ("Planned lactation", ["lactation planned future"]),
        (
            "Diabetes, planned surgery or radiotherapy",
            ["Diabetes actual -", "surgery planned future", "radiotherapy planned future"],
        ),
        (
            "History of stroke; surgery planned or performed within 3 months",
            [
                "stroke actual past History of",
                "surgery actual - within 3 months",
                "surgery planned future within 3 months",
            ],
        ),
        (
            "Planned surgery or surgery within 4 weeks",
            ["surgery planned future", "surgery actual - within 4 weeks"],
        ),
        ("Planned radiotherapy", ["radiotherapy planned future"]),
        (
            "Prior, planned or expected radiotherapy",
            ["radiotherapy actual past Prior", "radiotherapy planned future"],
        ),
        ("Existing pregnancy", ["pregnancy actual present"]),
        (
            "Pregnant or planning to become pregnant",
            ["Pregnant actual -", "pregnant planned future"],
        ),
        (
            "Live vaccine within 4 weeks, or plans to receive warfarin",
            ["Live vaccine actual - within 4 weeks", "warfarin planned future"],
        ),
        (
            "Stroke within 4 weeks or planned radiotherapy",
            ["Stroke actual - within 4 weeks", "radiotherapy planned future"],
        ),
        (
            "Nursing, or planning on becoming pregnant",
            ["Nursing actual -", "pregnant planned future"],
        ),
        ("Prior radiotherapy", ["radiotherapy actual past Prior"]),
        ("Anticipated radiotherapy", ["radiotherapy planned future"]),
    ],
)
def test_has_happened_or_is_planned(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Concurrent cancer within 3 years", ("any", 2)),
        ("Current (past 12 months) diagnosis of gout", ("any", 2)),
        ("Current or recent (within 4 weeks) fever", ("any", 2)),
        ("Recent (within 4 weeks) fever", ("all", 2)),
        ("Previous, current or planned chemotherapy", ("any", 2)),
        ("Current smoking for at least 3 years", ("all", 2)),
        ("Current haemoglobin > 8 g/dL within 3 days", ("all", 2)),
        ("Previous and current cancer within 3 years", ("all", 1)),
        ("Recent (< 6 weeks) or current history of gout", ("any", 2)),
        ("Current, recent (within 4 weeks) or planned chemotherapy", ("any", 2)),
    ],
)
def test_what_goes_on_or_was_lately(text: str, expected: tuple[str, int]) -> None:
    mention = critextract.extract(f"Exclusion Criteria:\n- {text}").mentions[0]
    assert (mention.windows_op, len(mention.windows)) == expected


@pytest.mark.parametrize(
    ("marked", "modality"),
    [
        ("Patients will have [diabetes](CONDITION)", "actual"),
        ("Subjects will have [hemoglobin](MEASUREMENT) > 9 g/dL", "actual"),
        ("Patients will have [surgery](PROCEDURE)", "planned"),
        ("Patients who will have [gout](CONDITION)", "planned"),
    ],
)
def test_what_patients_will_have(marked: str, modality: str) -> None:
    (mention,) = MarkedReader()(marked).mentions
    assert mention.modality == modality
