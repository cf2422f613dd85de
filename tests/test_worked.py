"""The worked rows of the published contract, run from text to rule by the shipped pipeline."""

import pytest

from critextract.rules import rule_to_dict
from critextract.schema import to_dict


def read(extractor, text, section="inclusion"):
    """Return the one criterion of a line and its mentions by text, in JSON form."""
    record = to_dict(extractor.extract(text, default_section=section))
    assert len(record["criteria"]) == 1, [c["text"] for c in record["criteria"]]
    return record["criteria"][0], record["mentions"]


def short(value):
    """Return a value or window without its empty fields and places."""
    leave = {"start", "end", "unit_text", "alternative"}
    return {k: v for k, v in value.items() if v is not None and k not in leave}


def one(mentions, text):
    """Return the mention with that text."""
    found = [m for m in mentions if m["text"] == text]
    assert len(found) == 1, [m["text"] for m in mentions]
    return found[0]


def test_a_scale_without_a_comparator(extractor):
    criterion, mentions = read(extractor, "ECOG 0-1")
    ecog = one(mentions, "ECOG")
    assert ecog["label"] == "MEASUREMENT"
    assert [short(v) for v in ecog["values"]] == [
        {"low": "0", "low_closed": True, "high": "1", "high_closed": True, "unit": "{score}"}
    ]
    assert criterion["rule"] == {"op": "is", "mention": ecog["id"]}
    assert criterion["status"] == "exact"


def test_a_bound_that_is_wider_in_one_case(extractor):
    criterion, mentions = read(extractor, "AST and ALT ≤ 2.5 × ULN (≤ 5 × ULN if liver metastases)")
    ast, alt = one(mentions, "AST"), one(mentions, "ALT")
    liver = one(mentions, "liver metastases")
    assert liver["label"] == "CONDITION"
    assert liver["modality"] == "hypothetical"
    cases = [
        {
            "high": "5",
            "high_closed": True,
            "relative_to": "ULN",
            "guard": {"rule": {"op": "is", "mention": liver["id"]}},
        },
        {"high": "2.5", "high_closed": True, "relative_to": "ULN", "guard": {"otherwise": True}},
    ]
    assert [short(v) for v in ast["values"]] == cases
    assert [short(v) for v in alt["values"]] == cases
    leaves = [{"op": "is", "mention": m["id"]} for m in (ast, alt)]
    assert criterion["rule"] == {"op": "all", "args": leaves}


def test_a_bound_for_each_sex_without_a_unit(extractor):
    criterion, mentions = read(extractor, "Hb ≥ 13 (men), ≥ 12 (women)")
    hb = one(mentions, "Hb")
    assert [short(v) for v in hb["values"]] == [
        {"low": "13", "low_closed": True, "guard": {"sex": "male"}},
        {"low": "12", "low_closed": True, "guard": {"sex": "female"}},
    ]
    assert criterion["status"] == "partial"
    assert {u["reason"] for u in criterion["uncovered"]} == {"unit_missing"}


def test_two_bounds_joined_by_or(extractor):
    _, mentions = read(extractor, "BMI < 18 or > 35 kg/m²")
    bmi = one(mentions, "BMI")
    assert [short(v) for v in bmi["values"]] == [
        {"high": "18", "high_closed": False, "unit": "kg/m2"},
        {"low": "35", "low_closed": False, "unit": "kg/m2"},
    ]
    assert bmi["values_op"] == "any"


def test_a_negated_condition_with_a_window(extractor):
    text = "No MI within 6 months before enrolment"
    criterion, mentions = read(extractor, text)
    mi = one(mentions, "MI")
    assert mi["label"] == "CONDITION"
    assert mi["negated"] is True
    assert text[slice(*mi["negation_cue"])] == "No"
    assert [short(w) for w in mi["windows"]] == [
        {
            "role": "recency",
            "high": "6",
            "high_closed": True,
            "unit": "mo",
            "direction": "before",
            "reference_point": "enrollment",
        }
    ]
    assert mi["period"] is None
    assert criterion["rule"] == {"op": "not", "args": [{"op": "is", "mention": mi["id"]}]}
    assert criterion["status"] == "exact"


def test_history_of_is_a_window_without_bounds(extractor):
    text = "History of seizures"
    criterion, mentions = read(extractor, text, "exclusion")
    seizures = one(mentions, "seizures")
    assert seizures["period"] == "past"
    (window,) = seizures["windows"]
    assert text[window["start"] : window["end"]] == "History of"
    assert window["role"] == "recency"
    assert window["low"] is None
    assert window["high"] is None
    assert criterion["status"] == "exact"


def test_an_age(extractor):
    _, mentions = read(extractor, "Age < 18 years", "exclusion")
    age = one(mentions, "Age")
    assert age["label"] == "PERSON"
    assert [short(v) for v in age["values"]] == [{"high": "18", "high_closed": False, "unit": "a"}]


def test_an_exception_stays_in_the_rule(extractor):
    criterion, mentions = read(extractor, "malignancy other than basal cell carcinoma", "exclusion")
    ids = [one(mentions, text)["id"] for text in ("malignancy", "basal cell carcinoma")]
    assert criterion["rule"] == {
        "op": "except",
        "args": [{"op": "is", "mention": id_} for id_ in ids],
    }
    assert criterion["status"] == "exact"


def test_within_normal_limits(extractor):
    _, mentions = read(extractor, "Serum calcium within normal limits")
    (calcium,) = mentions
    assert [short(v) for v in calcium["values"]] == [
        {"low": "1", "low_closed": True, "relative_to": "LLN", "text_value": "normal"},
        {"high": "1", "high_closed": True, "relative_to": "ULN", "text_value": "normal"},
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [("positive for HIV antibody", "positive"), ("negative pregnancy test", "negative")],
)
def test_a_word_value_is_no_negation(extractor, text, word):
    _, mentions = read(extractor, text)
    (test,) = mentions
    assert test["label"] == "MEASUREMENT"
    assert test["negated"] is False
    assert [short(v) for v in test["values"]] == [{"text_value": word}]


@pytest.mark.parametrize(("sign", "op", "low"), [(">", "any", True), ("≤", "all", False)])
def test_a_blood_pressure_pair(extractor, sign, op, low):
    criterion, mentions = read(extractor, f"BP {sign} 160/100 mmHg")
    assert [(m["text"], m["component"]) for m in mentions] == [
        ("BP", "systolic"),
        ("BP", "diastolic"),
    ]
    side = "low" if low else "high"
    assert [m["values"][0][side] for m in mentions] == ["160", "100"]
    assert {m["values"][0]["unit"] for m in mentions} == {"mm[Hg]"}
    assert criterion["rule"] == {
        "op": op,
        "args": [{"op": "is", "mention": m["id"]} for m in mentions],
    }


def test_at_least_two_of_a_list(extractor):
    text = (
        "Inclusion Criteria:\n- At least two of the following:\n"
        "  (a) diabetes mellitus\n  (b) hypertension\n  (c) current smoking\n"
    )
    record = extractor.extract(text)
    assert [c.id for c in record.criteria] == ["I1", "I1.1", "I1.2", "I1.3"]
    assert rule_to_dict(record.criteria[0].rule) == {
        "op": "at_least",
        "n": 2,
        "args": [{"op": "criterion", "id": f"I1.{n}"} for n in (1, 2, 3)],
    }


def test_at_least_two_of_in_one_line(extractor):
    criterion, mentions = read(
        extractor, "At least two of the following: diabetes, hypertension, dyslipidemia"
    )
    assert criterion["rule"] == {
        "op": "at_least",
        "n": 2,
        "args": [{"op": "is", "mention": m["id"]} for m in mentions],
    }


def test_an_excepted_syndrome_is_not_dropped(extractor):
    criterion, mentions = read(
        extractor, "Total bilirubin ≤ 1.5 × ULN (Gilbert's syndrome excepted)"
    )
    gilbert = next(m for m in mentions if m["text"].startswith("Gilbert"))
    bilirubin = next(m for m in mentions if "bilirubin" in m["text"].lower())
    guards = [v["guard"] for v in bilirubin["values"]]
    held = gilbert["id"] in str(criterion["rule"]) or gilbert["id"] in str(guards)
    assert held


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Received warfarin® or other anticoagulants within 4 weeks",
            ["warfarin: within 4 weeks", "anticoagulants: within 4 weeks"],
        ),
        (
            "Peripheral sensory or motor neuropathy of grade ≥ 3",
            ["Peripheral sensory neuropathy: ≥ 3", "neuropathy: ≥ 3, motor"],
        ),
        ("GFR < 30 mL/min (MDRD) or hemodialysis", ["GFR: < 30 mL/min, MDRD", "hemodialysis:"]),
        ("GFR < 30 mL/min or chronic hemodialysis", ["GFR: < 30 mL/min", "hemodialysis: chronic"]),
    ],
)
def test_what_is_said_of_which(extractor, text, expected):
    record = extractor.extract(f"Exclusion Criteria:\n- {text}")
    found = []
    for m in record.mentions:
        parts = (record.text[p.start : p.end] for p in (*m.values, *m.windows, *m.qualifiers))
        found.append(f"{m.text}: {', '.join(parts)}".strip())
    assert found == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("No jaundice and bilirubin ≤ 2.5 mg/dL", ["and"]),
        ("No ALT > 3 x ULN and AST > 3 x ULN", ["and"]),
        ("No jaundice or bilirubin > 2.5 mg/dL", []),
        ("No jaundice and no bilirubin > 2.5 mg/dL", []),
        ("Platelets > 100,000/mm3 and bilirubin ≤ 2.5 mg/dL", []),
    ],
)
def test_a_bound_that_may_not_be_denied_is_named(extractor, text, words):
    criterion, _ = read(extractor, text)
    assert [text[u["start"] : u["end"]] for u in criterion["uncovered"]] == words
    assert (criterion["status"] == "partial") == bool(words)


def test_a_denied_part_of_what_has_an_exception_stays_denied(extractor):
    text = "Brain metastases that do not require corticosteroids (except prednisone) for relief"
    criterion, mentions = read(extractor, text)
    steroids = one(mentions, "corticosteroids")
    assert steroids["negated"]
    denied = {"op": "is", "mention": steroids["id"]}
    assert f"{{'op': 'not', 'args': [{{'op': 'except', 'args': [{denied}" in str(criterion["rule"])
