"""Parts of a treatment and reasons of a stay: whose time they share."""

from __future__ import annotations

import pytest

import critextract


def read(text: str) -> list[str]:
    """Return name, period and windows of each mention of one criterion."""
    record = critextract.extract(f"Exclusion Criteria:\n- {text}")
    return [
        " ".join([m.text, m.period or "-", *(record.text[w.start : w.end] for w in m.windows)])
        for m in record.mentions
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Prior chemotherapy with cisplatin", ["chemotherapy past Prior", "cisplatin past Prior"]),
        (
            "Previous chemotherapy containing paclitaxel or docetaxel",
            [f"{name} past Previous" for name in ("chemotherapy", "paclitaxel", "docetaxel")],
        ),
        (
            "Hospitalization for asthma within 3 months",
            ["Hospitalization - within 3 months", "asthma -"],
        ),
        (
            "Hospitalization within 3 months due to heart failure",
            ["Hospitalization - within 3 months", "heart failure -"],
        ),
        (
            "Hospitalized within 3 months due to heart failure",
            ["Hospitalized - within 3 months", "heart failure - within 3 months"],
        ),
        ("Prior surgery with residual tumor", ["surgery past Prior", "residual tumor -"]),
        (
            "Prior chemotherapy with ongoing cisplatin",
            ["chemotherapy past Prior", "cisplatin present ongoing"],
        ),
        ("Chemotherapy with cisplatin", ["Chemotherapy -", "cisplatin -"]),
        ("Hospitalization for asthma", ["Hospitalization -", "asthma -"]),
        ("Prior surgery and diabetes", ["surgery past Prior", "diabetes -"]),
    ],
)
def test_what_shares_the_time_of_a_treatment_or_stay(text: str, expected: list[str]) -> None:
    assert read(text) == expected
