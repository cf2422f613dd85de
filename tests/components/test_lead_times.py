"""Times of a lead-in that its items have."""

from __future__ import annotations

import pytest

import critextract


def read(lead_in: str, item: str) -> tuple[str, str | None, list[str]]:
    """Return modality, period and windows of the last mention of an item under a lead-in."""
    text = f"Exclusion Criteria:\n\n1. {lead_in}\n   - {item}\n   - gout\n"
    record = critextract.extract(text)
    mention = [m for m in record.mentions if m.criterion == "E1.1"][-1]
    return mention.modality, mention.period, [text[w.start : w.end] for w in mention.windows]


@pytest.mark.parametrize(
    ("lead_in", "item", "expected"),
    [
        ("History of cardiac disease, including:", "stroke", ("past", ["History of"])),
        ("History of cardiac disease:", "stroke", (None, [])),
        (
            "Cardiac disease within 6 months, including any of the following:",
            "stroke",
            (None, ["within 6 months"]),
        ),
        (
            "No stroke, bleeding or cardiac event within 6 months, including but not limited to:",
            "angina",
            (None, ["within 6 months"]),
        ),
        ("Treatment within 60 days with:", "warfarin", (None, ["within 60 days"])),
        (
            "No treatments within the past 4 weeks of:",
            "Ara-C",
            ("past", ["within the past 4 weeks"]),
        ),
        (
            "At least 4 weeks since other treatment, e.g.:",
            "heparin",
            (None, ["At least 4 weeks since"]),
        ),
        (
            "Organ function measured within 2 weeks of randomization as defined below:",
            "Platelets > 100,000/mm3",
            (None, ["within 2 weeks of randomization"]),
        ),
        ("Current angina with any of the following:", "fever", (None, [])),
        ("No cancer within 5 years except:", "melanoma", (None, [])),
        ("Prior cancer, including:", "melanoma within 3 years", (None, ["within 3 years"])),
        (
            "At least 7 days since prior and no concurrent inhibitors, including:",
            "rifampin",
            ("past", ["At least 7 days since", "prior"]),
        ),
        (
            "No concurrent anticoagulants or antiplatelet agents, including:",
            "heparin",
            ("present", ["concurrent"]),
        ),
    ],
)
def test_items_have_the_time_of_what_they_are(
    lead_in: str, item: str, expected: tuple[str | None, list[str]]
) -> None:
    assert read(lead_in, item)[1:] == expected


def test_what_is_planned_in_a_lead_in_is_planned_in_its_items() -> None:
    modality, period, _ = read("One of the following operations planned:", "gastrectomy")
    assert (modality, period) == ("planned", "future")
