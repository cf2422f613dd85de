"""Names that are the front of one."""

import pytest

import critextract
from critextract.components.alternatives import split_alternatives
from critextract.components.half_names import noun_for
from critextract.schema import Label, Mention, Qualifier


def read(text, label, *names, **said):
    mentions, at = [], 0
    for n, name in enumerate(names):
        at = text.index(name, at)
        mentions.append(Mention(str(n), "I1", Label(label), at, at + len(name), name, **said))
        at += len(name)
    return [m.text for m in split_alternatives(text, mentions)]


@pytest.mark.parametrize(
    ("text", "label", "names", "expected"),
    [
        ("deep venous or arterial thrombosis", "CONDITION",
         ["deep venous", "arterial thrombosis"], ["deep venous thrombosis", "arterial thrombosis"]),
        ("deep vein or arterial thrombosis", "CONDITION", ["deep vein", "arterial thrombosis"],
         ["deep vein thrombosis", "arterial thrombosis"]),
        ("fallopian tube or primary peritoneal cancer", "CONDITION",
         ["fallopian tube", "primary peritoneal cancer"],
         ["fallopian tube cancer", "primary peritoneal cancer"]),
        ("clotting or platelet disorder", "CONDITION", ["clotting", "platelet disorder"],
         ["clotting disorder", "platelet disorder"]),
        ("retinal artery or vein occlusion", "CONDITION", ["retinal artery", "vein occlusion"],
         ["retinal artery occlusion", "vein occlusion"]),
        ("B-cell or T-cell lymphoma", "CONDITION", ["B-cell", "T-cell lymphoma"],
         ["B-cell lymphoma", "T-cell lymphoma"]),
        ("sickle-cell or Gaucher disease", "CONDITION", ["sickle-cell", "Gaucher disease"],
         ["sickle-cell", "Gaucher disease"]),
        ("bleeding or bleeding disorder", "CONDITION", ["bleeding", "bleeding disorder"],
         ["bleeding", "bleeding disorder"]),
        ("malignant pleural or pericardial effusion", "CONDITION",
         ["malignant pleural", "pericardial effusion"],
         ["malignant pleural effusion", "pericardial effusion"]),
        ("mantle cell and marginal zone lymphoma", "CONDITION",
         ["mantle cell", "marginal zone lymphoma"],
         ["mantle cell lymphoma", "marginal zone lymphoma"]),
        ("Wilson's or Gaucher's disease", "CONDITION", ["Wilson's", "Gaucher's disease"],
         ["Wilson's disease", "Gaucher's disease"]),
        ("lactose or fructose intolerance", "CONDITION", ["lactose", "fructose intolerance"],
         ["lactose intolerance", "fructose intolerance"]),
        ("humanized or human antibodies", "DRUG", ["humanized", "human antibodies"],
         ["humanized antibodies", "human antibodies"]),
        ("CYP3A4 or P-gp inhibitors", "DRUG", ["CYP3A4", "P-gp inhibitors"],
         ["CYP3A4 inhibitors", "P-gp inhibitors"]),
        ("toxic or potentially toxic agents", "DRUG", ["toxic", "potentially toxic agents"],
         ["toxic agents", "potentially toxic agents"]),
        ("major speech or walking impairment", "CONDITION",
         ["major speech", "walking impairment"],
         ["major speech impairment", "walking impairment"]),
        ("thyroid or adrenal dysfunction", "CONDITION", ["thyroid", "adrenal dysfunction"],
         ["thyroid dysfunction", "adrenal dysfunction"]),
        ("loss of vision or hearing impairment", "CONDITION",
         ["loss of vision", "hearing impairment"], ["loss of vision", "hearing impairment"]),
        ("horseshoe kidney or renal transplantation", "CONDITION",
         ["horseshoe kidney", "renal transplantation"],
         ["horseshoe kidney", "renal transplantation"]),
        ("spleen or thyroid biopsy", "CONDITION", ["spleen", "thyroid biopsy"],
         ["spleen", "thyroid biopsy"]),
        ("urine drug or alcohol screen", "MEASUREMENT", ["urine drug", "alcohol screen"],
         ["urine drug screen", "alcohol screen"]),
        ("warfarin or CYP3A4 inhibitors", "DRUG", ["warfarin", "CYP3A4 inhibitors"],
         ["warfarin", "CYP3A4 inhibitors"]),
        ("oral contraceptive or hormone therapy", "DRUG",
         ["oral contraceptive", "hormone therapy"], ["oral contraceptive", "hormone therapy"]),
        ("medical history or renal disease", "CONDITION", ["medical history", "renal disease"],
         ["medical history", "renal disease"]),
        ("sickle cell or thyroid disease", "CONDITION", ["sickle cell", "thyroid disease"],
         ["sickle cell", "thyroid disease"]),
        ("local anesthetic or amino acid", "DRUG", ["local anesthetic", "amino acid"],
         ["local anesthetic", "amino acid"]),
        ("renal colic or liver disease", "CONDITION", ["renal colic", "liver disease"],
         ["renal colic", "liver disease"]),
    ],
)  # fmt: skip
def test_half_names_take_the_noun(text, label, names, expected):
    assert read(text, label, *names) == expected


def test_the_noun_is_taken_beside_another_label():
    text = "antiviral or immunosuppressive therapy"
    first = Mention("0", "I1", Label.DRUG, 0, 9, "antiviral")
    second = Mention("1", "I1", Label.PROCEDURE, 13, len(text), "immunosuppressive therapy")
    found = split_alternatives(text, [first, second])
    assert [(m.text, m.label) for m in found] == [
        ("antiviral therapy", Label.PROCEDURE),
        ("immunosuppressive therapy", Label.PROCEDURE),
    ]


def test_what_stands_behind_the_noun_may_be_said_of_both():
    text = "allergic or anaphylactic reaction to milk"
    behind = (Qualifier("other", "milk", 37, 41),)
    first = Mention("0", "I1", Label.CONDITION, 0, 8, "allergic", qualifiers=behind)
    second = Mention("1", "I1", Label.CONDITION, 12, 33, "anaphylactic reaction", qualifiers=behind)
    found = split_alternatives(text, [first, second])
    assert [m.text for m in found] == ["allergic reaction", "anaphylactic reaction"]


def test_a_kind_of_the_list_is_not_said_of_its_members():
    text = "severe cardiac, speech or hearing problems"
    said = (Qualifier("severity", "severe", 0, 6), Qualifier("site", "cardiac", 7, 14))
    first = Mention("0", "", Label.CONDITION, 16, 22, "speech", qualifiers=said)
    second = Mention("1", "", Label.CONDITION, 26, len(text), "hearing problems")
    found = {
        m.text: [q.value for q in m.qualifiers] for m in split_alternatives(text, [first, second])
    }
    assert found["hearing problems"] == ["severe"]
    assert "cardiac" not in found["speech problems"]


def test_a_long_list_shares_the_last_noun_alone():
    text = "renal, respiratory, endocrine, hematologic or psychiatric disorder"
    names = ["respiratory", "hematologic", "psychiatric disorder"]
    kinds = [("site", "renal"), ("other", "endocrine")]
    mentions = []
    for n, name in enumerate(names):
        at = text.index(name)
        own = tuple(
            Qualifier(kind, word, text.index(word), text.index(word) + len(word))
            for kind, word in kinds[n : n + 1]
        )
        mentions.append(
            Mention(str(n), "", Label.CONDITION, at, at + len(name), name, qualifiers=own)
        )
    found = split_alternatives(text, mentions)
    assert [m.text for m in sorted(found, key=lambda m: m.start)] == [
        f"{kind} disorder"
        for kind in ("renal", "respiratory", "endocrine", "hematologic", "psychiatric")
    ]
    assert not any(m.qualifiers for m in found)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("ovarian", ["fallopian tube cancer", "ovarian cancer", "peritoneal cancer"]),
        ("recurrent", ["fallopian tube cancer", "peritoneal cancer"]),
        ("non-metastatic", ["fallopian tube cancer", "peritoneal cancer"]),
    ],
)
def test_a_kind_begins_a_list(before, expected):
    text = f"{before}, fallopian tube or peritoneal cancer"
    at = len(before)
    kind = (Qualifier("stability" if before == "recurrent" else "other", before, 0, at),)
    first = Mention("0", "", Label.CONDITION, at + 2, at + 16, "fallopian tube", qualifiers=kind)
    second = Mention("1", "", Label.CONDITION, at + 20, len(text), "peritoneal cancer")
    assert [m.text for m in split_alternatives(text, [first, second])] == expected


@pytest.mark.parametrize(
    ("name", "noun", "expected"),
    [
        ("renal", "disease", "disease"),
        ("renal disease", "disease", None),
        ("ductal", "ductal carcinoma", "carcinoma"),
    ],
)
def test_a_noun_is_not_said_twice(name, noun, expected):
    assert noun_for(name, noun) == expected


def test_what_denies_a_shared_noun_behind_it_denies_both():
    text = "MEK/ERK inhibitor naive"
    first = Mention("0", "", Label.DRUG, 0, 3, "MEK")
    second = Mention(
        "1", "", Label.DRUG, 4, 17, "ERK inhibitor", negated=True, negation_cue=(18, 23)
    )
    found = split_alternatives(text, [first, second])
    assert [(m.text, m.negated) for m in found] == [
        ("MEK inhibitor", True),
        ("ERK inhibitor", True),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "abuse of alcohol or narcotic/illegal drugs",
        "other than non-metastatic, squamous cell or basal cell carcinoma",
    ],
)
def test_fragments_reach_from_start_to_end(line):
    record = critextract.extract(f"Exclusion Criteria:\n- Cancer, {line}\n")
    split = [m for m in record.mentions if m.fragments]
    assert split
    assert all((m.fragments[0][0], m.fragments[-1][1]) == (m.start, m.end) for m in split)
