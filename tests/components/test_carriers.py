"""What is said of words that carry a name, and so of what they carry."""

import pytest

import critextract


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Daily use of aspirin, ibuprofen or naproxen", ["daily", "daily", "daily"]),
        ("Daily aspirin, ibuprofen or naproxen", ["daily", None, None]),
        ("Daily use of aspirin; ibuprofen or naproxen", ["daily", None, None]),
        ("Chronic treatment with aspirin or warfarin", ["chronic", "chronic"]),
        ("Failed treatment with tamoxifen", ["failed"]),
    ],
)
def test_what_is_said_before_use_is_of_all_that_is_listed(text, said):
    record = critextract.extract(f"Exclusion Criteria:\n- {text}")
    drugs = [m for m in record.mentions if m.label == "DRUG"]
    assert [m.qualifiers[0].value if m.qualifiers else None for m in drugs] == said
