"""What the values of a mention leave open."""

import pytest

import critextract
from critextract.rules import walk

EXACT = [
    "Lesion > 2 cm",
    "Tumor of at least 2 cm",
    "Platelets abnormal or < 100 10^9/L",
    "ALT normal",
    "FEV1 ≥ 75% of normal",
    "Stage III or IV breast cancer",
    "Neuropathy of grade 2 or 3",
    "Child-Pugh class B or C",
    "No heart failure, stroke or LVEF < 50%",
    "No heart failure or LVEF < 50%",
    "At least one stroke or seizure",
    "More than two strokes or at least two seizures",
]
OPEN = [
    ("No chronic hepatitis Hepatitis B surface antigen negative", "two lines may be two items"),
    ("No history of heart disease OR LVEF greater than 50%", "how far the denial goes"),
    (
        "No more than 1 prior autologous or allogeneic transplant",
        "the number is of all that is named together",
    ),
    ("More than two strokes or seizures", "the number is of all that is named together"),
    ("No heart failure, LVEF ≥ 50%", "how far the denial goes"),
    (
        "Stage III or IV ovarian cancer Stage III or IV colon cancer",
        "two bounds where one is looked for",
    ),
    ("Warts within 2 cm of the eyelid", "a distance, no size"),
    ("Colitis beyond 15 cm of the anal verge", "a distance, no size"),
    ("Tumor < 10 cm from the anal verge", "a distance, no size"),
    ("Platelet count outside normal limits (140-400 10^9/L)", "the range may be the normal one"),
    ("Prothrombin time within 10% of normal", "what the share is of"),
    (
        "Stage III or IV breast cancer, or stage I or II with metastasis",
        "the case may be of that step only",
    ),
    ("Stage III or axillary node positive", "two scales where one is looked for"),
]


def gaps(text):
    record = critextract.extract(f"Exclusion Criteria:\n- {text}")
    return [gap.reason for criterion in record.criteria for gap in criterion.uncovered]


@pytest.mark.parametrize("text", EXACT)
def test_no_doubt(text):
    assert gaps(text) == []


@pytest.mark.parametrize(("text", "reason"), OPEN)
def test_doubt(text, reason):
    assert reason in gaps(text)


@pytest.mark.parametrize(
    "text",
    ["prednisone (PDN) > 10 mg/day", "aspirin (Bufferin) 81 mg", "more than 2 heart attacks (HA)"],
)
def test_what_is_said_behind_a_short_form_is_in_the_rule(text):
    record = critextract.extract(f"Exclusion Criteria:\n- {text}")
    named = {leaf.mention for leaf in walk(record.criteria[0].rule) if leaf.op == "is"}
    assert any(m.dose or m.count for m in record.mentions if m.id in named)
