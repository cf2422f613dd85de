"""Which mentions a text names without saying them of the patient.

Marked sentences; the words after them are the mentions that must be hypothetical.
"""

import pytest

from marked import MarkedReader

ASSUMED = [
    ("If [diabetic](CONDITION): [HbA1c](MEASUREMENT) < 8 %", "inclusion", "diabetic"),
    (
        "Fertile [women](PERSON) of [childbearing potential](OBSERVATION) must have a negative"
        " [pregnancy test](MEASUREMENT)",
        "inclusion",
        "women, childbearing potential",
    ),
    (
        "[ALT](MEASUREMENT) ≤ 2.5 × ULN (≤ 5 × ULN if [liver metastases](CONDITION))",
        "inclusion",
        "liver metastases",
    ),
    (
        "[Allergy](CONDITION) to [aspirin](DRUG) or [ibuprofen](DRUG)",
        "exclusion",
        "aspirin, ibuprofen",
    ),
    ("[Peanut](DRUG) [allergy](CONDITION) or [intolerance](CONDITION)", "exclusion", "Peanut"),
    ("[Contraindication](CONDITION) to [MRI](PROCEDURE)", "exclusion", "MRI"),
    (
        "Type 2 [diabetes](CONDITION) with or without [neuropathy](CONDITION)",
        "inclusion",
        "neuropathy",
    ),
    ("Prior [surgery](PROCEDURE) is allowed", "inclusion", "surgery"),
    ("Willing to use [condoms](DEVICE)", "inclusion", "condoms"),
]

SAID = [
    ("[Heart failure](CONDITION), if not on [diuretics](DRUG)", "exclusion"),
    ("[Asthma](CONDITION) treated with [steroids](DRUG)", "exclusion"),
    ("[ALT](MEASUREMENT) ≤ 2.5 × ULN unless [liver metastases](CONDITION)", "inclusion"),
    ("[Cancer](CONDITION) except [skin cancer](CONDITION)", "exclusion"),
    ("[Pregnant](CONDITION) [women](PERSON) are excluded", "inclusion"),
    ("[INR](MEASUREMENT) > 1.5 in patients with [cirrhosis](CONDITION)", "exclusion"),
]


@pytest.fixture(scope="module")
def read():
    return MarkedReader()


def hypothetical(read, marked, section):
    record = read(marked, section)
    return ", ".join(m.text for m in record.mentions if m.modality == "hypothetical")


@pytest.mark.parametrize(("marked", "section", "words"), ASSUMED, ids=[a for a, _, _ in ASSUMED])
def test_what_is_named_without_being_asked_for(read, marked, section, words):
    assert hypothetical(read, marked, section) == words


@pytest.mark.parametrize(("marked", "section"), SAID, ids=[a for a, _ in SAID])
def test_what_is_said_of_the_patient_stays_actual(read, marked, section):
    assert hypothetical(read, marked, section) == ""
