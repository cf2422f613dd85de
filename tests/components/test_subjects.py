"""Which of several mentions a value belongs to where its nearest is not the likeliest."""

import pytest

from critextract.components.attach import clauses
from critextract.components.quantities import find_quantities
from critextract.components.subjects import SURER, is_open, likelier, subject_features, surer
from critextract.components.values import rivals
from marked import MarkedReader, parse_marked

READ = MarkedReader()


def owners(marked):
    """Return the mentions that have a value, a count or a dose."""
    return [m.text for m in READ(marked).mentions if m.values or m.count or m.dose]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Left main [coronary disease](CONDITION) (≥ 50% [stenosis](CONDITION))", ["stenosis"]),
        ("[Angiography](PROCEDURE) with > 70% [stenosis](CONDITION)", ["stenosis"]),
        ("[Relapse](CONDITION) (defined as more than 20% [blasts](MEASUREMENT))", ["blasts"]),
        (
            "[Measurable disease](CONDITION), defined as at least one [lesion](CONDITION)",
            ["lesion"],
        ),
        ("[Lesion](CONDITION) with > 50% [stenosis](CONDITION)", ["stenosis"]),
        ("[Cramps](CONDITION) with at least 2 [seizures](CONDITION)", ["seizures"]),
        ("[Bone scan](PROCEDURE) positive and [PSA](MEASUREMENT) elevated", ["Bone scan", "PSA"]),
        (
            "[HIV](CONDITION)-positive adults with [CD4 count](MEASUREMENT) < 9/uL",
            ["HIV", "CD4 count"],
        ),
        (
            "[BMI](MEASUREMENT) < 18 kg/m2 or [weight loss](CONDITION) > 10%",
            ["BMI", "weight loss"],
        ),
        (
            "[Leukocytes](MEASUREMENT) < 4 10^9/L or > 10% [bands](CONDITION)",
            ["Leukocytes", "bands"],
        ),
        (
            "Total dose of [doxorubicin](DRUG) or [epirubicin](DRUG) > 450 mg/m2",
            ["doxorubicin", "epirubicin"],
        ),
        ("[Cycle](PROCEDURE): at least 2 [embryos](CONDITION)", ["embryos"]),
        ("[Gout](CONDITION) or more than 1 [seizure](CONDITION)", ["seizure"]),
        ("[ECOG](MEASUREMENT) > 1 or > 3 [metastases](CONDITION)", ["ECOG", "metastases"]),
        (
            "[Renal function](CONDITION), [lung function](CONDITION) are normal",
            ["Renal function", "lung function"],
        ),
        ("Past [surgery](PROCEDURE) with an [abnormal gait](CONDITION)", []),
        ("Abnormal [renal function](CONDITION) or [gout](CONDITION)", ["renal function"]),
        # the rules stay surer
        ("[Doxorubicin](DRUG) or [epirubicin](DRUG) > 450 mg/m2", ["epirubicin"]),
        ("At least 4 criteria of [lupus](CONDITION)", []),
        ("At least 10 mm by [spiral CT](PROCEDURE)", []),
        ("[Lesion](CONDITION) > 10 mm on [CT](PROCEDURE)", ["Lesion"]),
        ("[LVEF](MEASUREMENT) < 40% or > 60% with [dyspnea](CONDITION)", ["LVEF"]),
        ("[ALT](MEASUREMENT) > 90 U/L or > 3 x ULN", ["ALT"]),
        ("[Weight loss](CONDITION) of > 10% [body weight](MEASUREMENT)", ["Weight loss"]),
        ("[HER2-positive](CONDITION) [breast cancer](CONDITION)", ["HER2-positive"]),
        (
            "[Platelet count](MEASUREMENT) < 50 10^9/L with [bleeding](CONDITION)",
            ["Platelet count"],
        ),
        (
            "[Corticosteroids](DRUG) (> 10 mg/day [prednisone](DRUG) or equivalent)",
            ["Corticosteroids"],
        ),
        ("[LVEF](MEASUREMENT) of at least 45% on [ultrasound](PROCEDURE)", ["LVEF"]),
        ("[Tumour](CONDITION) that measures > 3 cm", ["Tumour"]),
    ],
)
def test_subject(marked, expected):
    assert owners(marked) == expected


@pytest.mark.parametrize(
    ("marked", "counted"),
    [
        ("[Seizures](CONDITION) > 2 per month", True),
        ("[Lesions](CONDITION): >= 3", True),
        ("More than 30 [lesions](CONDITION)", True),
        ("[Fever](CONDITION) > 100.5", False),
        ("[Proteinuria](CONDITION) > 1+", False),
        ("[Neuropathy](CONDITION) score > 2", False),
        ("[Hypertension](CONDITION) > 140", False),
    ],
)
def test_what_a_number_without_a_unit_counts(marked, counted):
    (mention,) = READ(marked).mentions
    assert (mention.count is not None) == counted
    assert bool(mention.values) != counted


@pytest.mark.parametrize(
    ("scores", "ruled", "expected"),
    [
        ([0.0, SURER], 0, 1),
        ([0.0, SURER - 0.01], 0, 0),
        ([0.0, 9.0], 1, 1),
        ([5.0, 1.0, 5.0], 1, 0),  # the first of equals
        ([-1.0], 0, 0),
    ],
)
def test_another_one_must_be_clearly_likelier(scores, ruled, expected):
    assert likelier(scores, ruled) == expected


def draft(marked):
    text, candidates = parse_marked(marked)
    (quantity,) = find_quantities(text)
    place = (quantity.value.start, quantity.value.end)
    costs, covered = rivals(text, candidates, quantity, [place], clauses(text))
    return text, candidates, quantity, costs, covered


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[Anemia](CONDITION) seen with > 20% [blasts](CONDITION)", True),
        ("[Blasts](MEASUREMENT) > 20% with [anemia](CONDITION)", False),  # stands right beside
        ("[Anemia](CONDITION) with > 20%", False),  # alone
        ("[Steroids](DRUG) with > 20 mg [aspirin](DRUG)", False),  # a dose
    ],
)
def test_what_the_rules_leave_open(marked, expected):
    text, candidates, quantity, costs, _ = draft(marked)
    ruled = min(costs, key=costs.__getitem__)
    assert is_open(text, candidates[ruled], quantity, costs) is expected


def test_people_are_no_subjects_of_bounds():
    """Chia's annotators have it so; here a sex is the guard of a case."""
    *_, costs, _ = draft("[Haemoglobin](MEASUREMENT) below 12 g/dL in [women](PERSON)")
    assert list(costs) == [0]


def test_features_name_what_stands_between():
    text, candidates, quantity, costs, covered = draft(
        "[Anemia](CONDITION) (with > 20% [blasts](CONDITION))"
    )
    left, right = (
        set(subject_features(text, candidates, n, quantity, costs, covered)) for n in (0, 1)
    )
    assert {"comparisonL CONDITION", "comparisonL opens", "m anemia", "comparisonL higher"} <= left
    assert {"comparisonR CONDITION", "comparisonR next", "m blasts"} <= right
    assert surer(text, candidates, quantity, costs, covered) in costs
