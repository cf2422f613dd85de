"""What the words of a single mention leave open."""

import pytest

import critextract
from critextract.doubts import listed_nouns, needless, organs, shared_results
from critextract.schema import Label, Mention, Qualifier, Value


def qualified(text, name, words):
    found = tuple(
        Qualifier(kind, word, text.index(word), text.index(word) + len(word))
        for kind, word in words
    )
    start = text.index(name)
    return Mention("m1", "I1", Label.CONDITION, start, start + len(name), name, qualifiers=found)


@pytest.mark.parametrize(
    ("text", "name", "words", "expected"),
    [
        ("renal and malignant disease", "malignant disease", [("site", "renal")], [" and "]),
        ("cardiac, renal disease", "disease", [("site", "cardiac"), ("site", "renal")], [", "]),
        ("neurologic and renal disease", "disease", [("other", "neurologic"), ("site", "renal")],
         [" and "]),
        ("head and neck cancer", "cancer", [("site", "head"), ("site", "neck")], []),
        ("mild and rare disease", "disease", [("severity", "mild"), ("acuteness", "rare")], []),
        ("severe renal disease", "disease", [("severity", "severe"), ("site", "renal")], []),
        ("disease of lung and liver", "disease", [("site", "lung"), ("site", "liver")], []),
    ],
)  # fmt: skip
def test_organs_of_one_condition(text, name, words, expected):
    found = organs(text, qualified(text, name, words))
    assert [text[gap.start : gap.end] for gap in found] == expected


@pytest.mark.parametrize(
    ("text", "name", "cue", "expected"),
    [
        ("no biopsy is required", "biopsy", "no", ["is required"]),
        ("biopsy is not required", "biopsy", "is not required", ["is not required"]),
        ("no biopsy", "biopsy", "no", []),
        ("biopsy is required", "biopsy", None, []),
        ("no biopsy within a year", "biopsy", "no", []),
    ],
)
def test_what_asks_for_nothing(text, name, cue, expected):
    start = text.index(name)
    place = None if cue is None else (text.index(cue), text.index(cue) + len(cue))
    mention = Mention(
        "m1", "I1", Label.PROCEDURE, start, start + len(name), name,
        negated=cue is not None, negation_cue=place,
    )  # fmt: skip
    assert [text[gap.start : gap.end] for gap in needless(text, mention)] == expected


M, P, C = Label.MEASUREMENT, Label.PROCEDURE, Label.CONDITION


@pytest.mark.parametrize(
    ("text", "test", "other", "label", "expected"),
    [
        ("normal labs and chest x-ray", "labs", "chest x-ray", P, ["normal"]),
        ("normal lab values or an ECG", "lab", "ECG", M, ["normal"]),
        ("abnormal serum lactate, carnitine", "lactate", "carnitine", C, ["abnormal"]),
        ("positive VDRL or pregnancy", "VDRL", "pregnancy", C, []),
        ("abnormal serum lactate or fever", "lactate", "fever", C, []),
        ("abnormal serum lactate or proteinuria", "lactate", "proteinuria", C, []),
        ("normal labs and prior surgery", "labs", "surgery", P, []),
        ("normal labs with a chest x-ray", "labs", "chest x-ray", P, []),
    ],
)
def test_a_result_printed_once(text, test, other, label, expected):
    word = text.split()[0]
    said = (Value(0, len(word), text_value=word),)
    serum = text.find("serum")
    specimen = (Qualifier("specimen", "serum", serum, serum + 5),) if serum >= 0 else ()
    mentions = [
        Mention("m1", "I1", M, text.index(test), text.index(test) + len(test), test,
                values=said, qualifiers=specimen),
        Mention("m2", "I1", label, text.index(other), text.index(other) + len(other), other),
    ]  # fmt: skip
    found = shared_results(text, mentions)
    assert [text[gap.start : gap.end] for gap in found] == expected


@pytest.mark.parametrize(
    ("text", "name", "word", "expected"),
    [
        ("bone rods, stents", "stents", "bone rods", [", "]),
        ("T3, N1 tumour", "N1 tumour", "T3", []),
        ("T3, T4 tumour", "T4 tumour", "T3", [", "]),
        ("T3, tumour", "tumour", "T3", [", "]),
        ("metastatic, painful tumour", "painful tumour", "metastatic", []),
        ("biopsy proven, painful tumour", "painful tumour", "biopsy proven", []),
    ],
)
def test_a_noun_before_a_comma_may_be_an_item(text, name, word, expected):
    at = text.index(name)
    said = (Qualifier("other", word.lower(), 0, len(word)),)
    mention = Mention("m1", "I1", Label.CONDITION, at, at + len(name), name, qualifiers=said)
    assert [text[gap.start : gap.end] for gap in listed_nouns(text, mention)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Currently using or has used opioids within 4 weeks", []),
        ("No prior or concurrent malignancy within 5 years", ["either is enough"]),
        ("Concurrent malignancy", []),
        (
            "Entered on study within 7 days before radiotherapy",
            ["what the time is about is not said"],
        ),
        ("Radiotherapy within 7 days of surgery", []),
        ("No diagnosis or hospitalization for a psychotic condition", ["either is enough"]),
        ("Seizures must be well controlled", ["whether it is asked of all is not said"]),
        (
            "Brain metastases must have been stable for 4 weeks",
            [
                "whether it is asked of all is not said",
            ],
        ),
        ("Stable angina", []),
        ("Diagnosis of a psychotic condition", []),
        ("Coma - stroke, poisoning or trauma", ["what the dash joins is not said"]),
        ("Post-traumatic coma, poisoning or trauma", []),
        ("Enrollment in this study or participation in another trial", ["not understood"]),
        ("Participation in another trial", []),
        ("Hypersensitivity to the active component", []),
        ("Stage III and completed adjuvant therapy", ["what is at this stage is not said"]),
        (
            "Diagnostic and Statistical Manual of Mental Disorders (DSM) 5 Anxiety Disorder",
            ["may be of the standard's name"],
        ),
        ("Prior treatment stopped", ["which one is meant is not said"]),
        ("Prior radiotherapy stopped", []),
        ("Oral medication, a requirement for", ["not understood"]),
        ("A requirement for warfarin", []),
        ("Failed treatment with tamoxifen", []),
        ("Class IV antiarrhythmic drugs", ["not understood"]),
        ("Subjects taken off warfarin performed", ["not understood"]),
    ],
)
def test_what_is_read_whole_and_is_not(text, expected):
    record = critextract.extract(f"Exclusion Criteria:\n- {text}")
    reasons = [gap.reason for criterion in record.criteria for gap in criterion.uncovered]
    assert reasons[:1] == expected


def test_previously_untreated_is_no_time():
    record = critextract.extract(
        "Inclusion Criteria:\n- Previously untreated myeloma\n- Previous gout"
    )
    assert [len(mention.windows) for mention in record.mentions] == [0, 1]
    assert [mention.period for mention in record.mentions] == [None, "past"]
