"""Criteria that ask for nothing: fields nobody filled in, and pointers to other lists."""

import pytest

import critextract
from critextract.exports.english import to_english
from critextract.io.invariants import record_faults
from critextract.patients.model import Patient
from critextract.rules import AllOf, AnyOf
from critextract.stated import asks_nothing


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Not specified", True),
        ("not otherwise stated.", True),
        ("Age: Not specified", True),
        ("See Disease\n    Characteristics", True),
        ("Refer to the inclusion criteria above", True),
        ("No exclusion criteria", True),
        ("Hormone receptor status not specified", True),
        ("Hepatic: Not specified", True),
        ("Life\n   expectancy: Not specified", True),
        ("Age: no limit", True),
        ("Prior therapy: None", False),
        ("Adenocarcinoma: not otherwise specified", False),
        ("Sex: male", False),
        ("All races and ethnicities are included", True),
        ("Any sex or race", True),
        ("All races but one", False),
        ("Cause not specified", False),
        ("None", False),
        ("See above, and no prior surgery", False),
        ("Depressive disorder not otherwise specified", False),
        ("Healthy volunteers allowed", False),
    ],
)
def test_what_asks_nothing(words, expected):
    assert asks_nothing(words) is expected


def test_nobody_fails_what_asks_nothing():
    text = (
        "Inclusion Criteria:\n\nAge:\n\n- Not specified\n- See Disease Characteristics\n\n"
        "Exclusion Criteria:\n\n- Not specified\n"
    )
    record = critextract.extract(text)
    assert [(c.rule, c.status) for c in record.criteria] == [
        (AllOf(()), "exact"),
        (AllOf(()), "exact"),
        (AnyOf(()), "exact"),
    ]
    assert record.mentions == ()
    assert list(record_faults(record)) == []
    assert [to_english(record, c) for c in record.criteria[1:]] == [
        "nothing is asked",
        "nothing is excluded",
    ]
    (verdict,) = critextract.check(record, [Patient("p1")], "2024-06-01")
    assert verdict.verdict == "eligible"


LET_IN = "who is let in, under exclusion: which way it counts is not said"
MUST_BE = "what must be, under exclusion: which way it counts is not said"


@pytest.mark.parametrize(
    ("words", "reasons"),
    [
        ("Patients receiving corticosteroids are eligible", [LET_IN]),
        ("Participants with a history of seizures are eligible", [LET_IN]),
        ("No concurrent chemotherapy is allowed", [LET_IN]),
        ("Malignancy; patients with skin cancer are eligible", [LET_IN]),
        ("Patients receiving corticosteroids are not eligible", []),
        ("Corticosteroids (inhaled corticosteroids are permitted)", []),
        ("Chemotherapy is not permitted", []),
        ("Subjects should have no diabetes", [MUST_BE]),
        ("A negative pregnancy test is required prior to enrollment", [MUST_BE]),
        ("Patients must not have diabetes", [MUST_BE]),
        ("Patients who must take aspirin", []),
        ("Patients with diabetes must be excluded", []),
        ("Patients who require dialysis", []),
        ("Recreational drug use will be documented", [MUST_BE]),
    ],
)
def test_who_is_let_in_and_what_must_be_under_exclusion(words, reasons):
    record = critextract.extract(f"Exclusion Criteria:\n\n- {words}\n")
    assert [gap.reason for gap in record.criteria[0].uncovered] == reasons


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("No women who are pregnant", "not: all of: women pregnant"),
        ("No prior gene therapy using adenoviral vectors", None),
        (
            "Malignancy (does not include basal cell carcinoma)",
            "this: Malignancy except: basal cell carcinoma",
        ),
        ("Must not have a chest x-ray with evidence of pneumonia", None),
        ("Biologic: No concurrent warfarin", "not warfarin, “concurrent”, present"),
        ("Patients with no asthma who are taking aspirin", "all of: not asthma aspirin, present"),
        ("Patients without diabetes who have hypertension", "all of: not diabetes hypertension"),
        ("Patients who have an absent gag reflex", "not gag reflex"),
        ("Non-insulin-dependent diabetes mellitus", "Non-insulin-dependent diabetes mellitus"),
        ("Non-sickle cell arthropathies", "Non-sickle cell arthropathies"),
        ("Non-smokers", "not smokers"),
        ("Non-childbearing potential", "not childbearing potential"),
    ],
)
def test_what_is_denied(words, expected):
    record = critextract.extract(f"Inclusion Criteria:\n\n- {words}\n")
    said = " ".join(to_english(record, record.criteria[0]).split())
    assert record.criteria[0].status == "exact"
    assert said == expected or (expected is None and said.startswith("not: all of:"))


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("HIV antibody positive allowed", "unparsed"),
        ("Bilirubin elevation due to liver metastases allowed", "unparsed"),
        ("ECOG 0-2 allowed", "exact"),
        ("No brain metastases or other", "partial"),
        ("Aged 21 years or older with hypertension, systolic blood", "partial"),
        ("No radiotherapy except whole brain irradiation for documented", "partial"),
        ("ECOG performance status  2", "partial"),
        ("ECOG performance status 2", "exact"),
        ("Hepatitis A", "exact"),
        ("Age 18 years or greater", "exact"),
    ],
)
def test_what_only_permits_and_what_is_cut_is_not_exact(words, status):
    record = critextract.extract(f"Inclusion Criteria:\n\n- {words}\n")
    assert record.criteria[0].status == status


@pytest.mark.parametrize(
    ("text", "uncovered"),
    [
        ("Gout treated with aspirin +/- heparin for at least 4 weeks", ["for at least 4 weeks"]),
        ("Pleurisy with or without empyema within 6 months", ["within 6 months"]),
        ("Pleurisy within 6 months with or without empyema", []),
        ("Pleurisy with or without empyema", []),
    ],
)
def test_a_time_behind_what_makes_no_difference_is_not_lost(text, uncovered):
    record = critextract.extract(f"Exclusion Criteria:\n- {text}")
    (criterion,) = record.criteria
    found = [record.text[gap.start : gap.end] for gap in criterion.uncovered]
    assert found == uncovered
