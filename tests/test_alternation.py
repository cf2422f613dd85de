"""Criteria side by side of which either will do."""

import pytest

from critextract.rules import rule_to_dict

READ = [
    ("- Creatinine at most 1.5 mg/dL OR\n- Creatinine clearance at least 60 mL/min",
     ["any exact", "any exact"]),
    ("- Has asthma or\n- Has gout or\n- Has diabetes\n- Has migraine",
     ["any exact", "any exact", "any exact", "is exact"]),
    ("- Has migraine\n- Has asthma, or\n- Has gout", ["is exact", "any exact", "any exact"]),
    ("- Has migraine;\n- Has asthma; or\n- Has gout", ["is exact", "is partial", "is partial"]),
    ("- Has migraine;\n- Has asthma; OR\n- Has gout", ["is exact", "any exact", "any exact"]),
    ("- Has asthma or\n- Able to comply", ["is partial", "none non_computable"]),
    ("- Has asthma or\n- Hemoglobin > 9", ["is partial", "is partial"]),
    ("Has asthma or\nhas gout within 6 months", ["is partial", "is partial"]),
    ("- Has asthma\n- Has gout", ["is exact", "is exact"]),
]  # fmt: skip


@pytest.mark.parametrize(("bullets", "expected"), READ)
def test_or_between_criteria(extractor, bullets, expected):
    record = extractor.extract(f"Inclusion Criteria:\n{bullets}\n")
    found = [
        f"{rule_to_dict(c.rule)['op'] if c.rule else 'none'} {c.status}" for c in record.criteria
    ]
    assert found == expected


def test_a_case_of_one_alternative(extractor):
    bullets = "- Karnofsky 50-100% if over 10 years of age OR\n- Lansky 50-100% if 10 or younger"
    record = extractor.extract(f"Inclusion Criteria:\n{bullets}\n")
    rule = rule_to_dict(record.criteria[0].rule)
    assert rule["op"] == "any"
    assert [arg["op"] for arg in rule["args"]] == ["all", "all"]


def test_what_one_sex_is_asked_is_no_alternative(extractor):
    bullets = "- Women: negative pregnancy test OR\n- Women: surgically sterile"
    record = extractor.extract(f"Inclusion Criteria:\n{bullets}\n")
    assert [c.status for c in record.criteria] == ["partial", "partial"]


def test_an_or_before_a_heading_joins_nothing(extractor):
    text = "Inclusion Criteria:\n- Has asthma or\nExclusion Criteria:\n- Has gout\n"
    record = extractor.extract(text)
    assert [c.status for c in record.criteria] == ["partial", "exact"]
