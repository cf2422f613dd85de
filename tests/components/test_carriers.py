"""What is said of a word that only carries names is said of all of them."""

from __future__ import annotations

import pytest

import critextract


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Treatment with trastuzumab or other targeted therapies within 2 weeks",
            ["trastuzumab", "targeted therapies"],
        ),
        ("Prior treatment with heparin or aspirin", ["heparin", "aspirin"]),
        ("Prior treatment with heparin; stroke", ["heparin"]),
    ],
)
def test_names_with_the_time_of_their_carrier(text: str, expected: list[str]) -> None:
    record = critextract.extract(f"Exclusion Criteria:\n- {text}")
    named = [m.text for m in record.mentions if m.windows]
    assert [name for name in named if name.lower() != "treatment"] == expected
