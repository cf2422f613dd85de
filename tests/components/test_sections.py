"""Headings: the forms they have, the section and group they open, and what is none."""

from __future__ import annotations

import pytest

from critextract.components.sections import find_headings


def headings(text, default=None):
    return [(text[h.start : h.end], h.section[0], h.group) for h in find_headings(text, default)]


@pytest.mark.parametrize(
    ("line", "section", "group"),
    [
        ("Inclusion Criteria:", "i", None),
        ("EXCLUSION CRITERIA", "e", None),
        ("Key Inclusion", "i", None),
        ("INCLUSION", "i", None),
        ("Exclusions:", "e", None),
        ("Exclusion criteria (any of)", "e", None),
        ("Non-inclusion criteria:", "e", None),
        ("Inclusion/Exclusion Criteria:", "o", None),
        ("Main exclusion criteria to be assessed at screening:", "e", None),
        ("Inclusion Criteria for Cohort A:", "i", "Cohort A"),
        ("Inclusion Criteria - Healthy Volunteers:", "i", "Healthy Volunteers"),
        ("Donor Exclusion Criteria", "e", "Donor"),
        ("Eligible patients must", "i", None),
        ("Patients will not be eligible for this study if they:", "e", None),
        ("You may be eligible if you:", "i", None),
        ("Patients with any of the following conditions are excluded:", "e", None),
        ("Donor siblings must have:", "i", "Donor siblings"),
        ("DISEASE CHARACTERISTICS:", "i", None),
        ("PRIOR CONCURRENT THERAPY:", "i", None),
        ("Allowed:", "o", None),
        ("Required:", "i", None),
        ("Excluded:", "e", None),
        ("Healthy volunteers:", "i", "Healthy volunteers"),
        ("Arm 2:", "i", "Arm 2"),
        ("Allowed for nausea:", "o", None),
        ("Exlcusion Criteria:", "e", None),
        ("Allowed for infants:", "o", "infants"),
        ("Category II:", "i", "Category II"),
        ("Hepatic function:", "i", None),
    ],
)
def test_line_alone_is_a_heading(line, section, group):
    assert headings(f"{line}\n\n- stroke\n") == [(line, section, group)]


@pytest.mark.parametrize(
    "line",
    [
        "Does not meet the inclusion criteria",
        "Other protocol-defined exclusion criteria may apply.",
        "Patients must meet at least one of the following criteria:",
        "Adequate liver function as defined below:",
        "Stroke is an exclusion.",
        "Adequate kidneys as shown by:",
        "History of:",
        "exclusion criteria of the parent study",
        "Age over 18 years",
        "Note: aspirin is allowed",
    ],
)
def test_line_is_no_heading(line):
    assert headings(f"{line}\n- stroke") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Inclusion: adults. Exclusion: stroke.",
            [("Inclusion:", "i", None), ("Exclusion:", "e", None)],
            id="run-on-short",
        ),
        pytest.param(
            "Inclusion Criteria: adults with gout Exclusion Criteria: stroke",
            [("Inclusion Criteria:", "i", None), ("Exclusion Criteria:", "e", None)],
            id="middle-of-line",
        ),
        pytest.param(
            "patients meeting exclusion criteria: none", [], id="small-letters-in-the-middle"
        ),
        pytest.param(
            "**Inclusion Criteria:**\n\n* x", [("Inclusion Criteria:", "i", None)], id="bold"
        ),
        pytest.param(
            "2\\. Exclusion criteria\n\n* x", [("Exclusion criteria", "e", None)], id="numbered"
        ),
        pytest.param(
            "-  INCLUSION CRITERIA:\r\n\r\n  Adults.",
            [("INCLUSION CRITERIA:", "i", None)],
            id="bullet",
        ),
        pytest.param(
            "Excluded within 30 days of entry:\n- aspirin",
            [("Excluded", "e", None)],
            id="window-stays",
        ),
        pytest.param(
            "Exclusion Criteria:\n\nAllowed:\n\n- a\n\nPrior Treatment:\n\n- b",
            [
                ("Exclusion Criteria:", "e", None),
                ("Allowed:", "o", None),
                ("Prior Treatment:", "e", None),
            ],
            id="minor-label-ends",
        ),
        pytest.param(
            "Inclusion Criteria:\n- Group A:\n   - gout\n- Group B:\n   - no gout",
            [
                ("Inclusion Criteria:", "i", None),
                ("Group A:", "i", "Group A"),
                ("Group B:", "i", "Group B"),
            ],
            id="bulleted-arms",
        ),
        pytest.param(
            "DISEASE CHARACTERISTICS: Proven gout PATIENT CHARACTERISTICS: Age: 18 and"
            " over Hepatic: Bilirubin normal",
            [
                ("DISEASE CHARACTERISTICS:", "i", None),
                ("PATIENT CHARACTERISTICS:", "i", None),
                ("Hepatic:", "i", None),
            ],
            id="protocol-labels-age-stays",
        ),
    ],
)
def test_headings_in_text(text, expected):
    assert headings(text) == expected


def test_default_section_holds_for_labels_only():
    assert headings("Cardiac:\n\n- stroke", "exclusion") == [("Cardiac:", "e", None)]
