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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Histologically confirmed sarcoma or melanoma", [True, True]),
        ("Histologic diagnosis of sarcoma or melanoma", [True, True]),
        ("Severe eczema or psoriasis, histologically confirmed sarcoma", [False, False, True]),
        ("Histologically confirmed sarcoma and gout", [True, False]),
        ("Histologically confirmed sarcoma; melanoma", [True, False]),
    ],
)
def test_a_proof_is_of_all_that_is_listed(text, said):
    record = critextract.extract(f"Inclusion Criteria:\n- {text}")
    found = [any("histolog" in q.value for q in m.qualifiers) for m in record.mentions]
    assert found == said
