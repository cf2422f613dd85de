"""Results against values: numbers, units, limits of normal, words, stages."""

from decimal import Decimal

import pytest

from critextract.patients.model import event_from_dict
from critextract.patients.ranges import ReferenceRange, reference_ranges
from critextract.patients.results import Measured, judge, within
from critextract.patients.stages import Stage, judge_stage, parse_stage
from small_rules import event, holds, mention, patient, record, value

T, F, U = "true", "false", "unknown"


def result(number, unit="mg/dL", name="glucose", **rest):
    return event("measurement", name, "2024-05-30", value=number, unit=unit, **rest)


def truth(made, recorded, **rest):
    return judge(made, event_from_dict(recorded), Measured("glucose", **rest)).truth


@pytest.mark.parametrize(
    ("made", "number", "expected"),
    [
        (value(low="126", unit="mg/dL"), 126, T),
        (value(low="126", unit="mg/dL", open_ends=("low",)), 126, F),
        (value(low="126", unit="mg/dL"), 125.9, F),
        (value(high="126", unit="mg/dL"), "126.0", T),
        (value(high="126", unit="mg/dL", open_ends=("high",)), 126, F),
        (value("70", "99", "mg/dL"), 99, T),
        (value("70", "99", "mg/dL"), 99.5, F),
        (value(set=("90", "95"), unit="mg/dL"), 95, T),
        (value(set=("90", "95"), unit="mg/dL"), 92, F),
        (value(low="126", unit="mg/dL"), None, U),
        (value(low="126", unit="mg/dL"), "high", U),
        (value(low="126"), 130, U),  # the criterion prints no unit
    ],
)
def test_numbers(made, number, expected):
    assert truth(made, result(number)) == expected


def test_a_result_without_unit_is_unknown():
    assert truth(value(low="126", unit="mg/dL"), result(130, None)) == U


def test_scores_and_ratios_may_be_recorded_without_unit():
    assert truth(value("0", "1", "{score}"), result(1, None, "ECOG")) == T
    assert truth(value(high="1.5", unit="1"), result(1.2, None, "INR")) == T


def test_a_unit_that_cannot_be_converted_is_unknown_with_the_reason():
    judged = judge(
        value(low="5", unit="mg/dL"), event_from_dict(result(6, "mm[Hg]")), Measured("x")
    )
    assert judged.truth == U
    assert "mm[Hg]" in judged.why


def test_the_bound_printed_in_the_unit_of_the_result_decides():
    made = value(high="1.5", unit="mg/dL", alternative=value(high="133", unit="umol/L"))
    by = Measured("creatinine")
    for number, expected in ((133, T), (134, F)):
        recorded = event_from_dict(result(number, "umol/L", "creatinine"))
        assert judge(made, recorded, by).truth == expected


@pytest.mark.parametrize(
    ("made", "comparator", "number", "expected"),
    [
        (value(high="5"), "<", "5", T),
        (value(high="5"), "<", "6", U),
        (value(high="5"), "<=", "5", T),
        (value(high="5", open_ends=("high",)), "<", "5", T),
        (value(high="5", open_ends=("high",)), "<=", "5", U),
        (value(low="5"), "<", "5", F),
        (value(low="5"), "<=", "5", U),
        (value(low="5"), "<", "6", U),
        (value(low="5"), ">", "5", T),
        (value(low="5", open_ends=("low",)), ">=", "5", U),
        (value(high="5"), ">", "5", F),
        (value(high="5"), ">=", "5", U),
        (value("1", "5"), "<", "9", U),
    ],
)
def test_results_beyond_a_number(made, comparator, number, expected):
    assert within(made, Decimal(number), comparator) == expected


ULN = {"relative_to": "ULN"}


@pytest.mark.parametrize(
    ("made", "recorded", "expected"),
    [
        (value(high="2.5", **ULN), result(100, "U/L", "ALT", ref_high=40), T),
        (value(high="2.5", **ULN), result(101, "U/L", "ALT", ref_high=40), F),
        (value(high="2.5", **ULN), result(100, "U/L", "ALT"), U),
        (value(high="2.5", **ULN), result(100, "U/L", "ALT", ref_low=4), U),
        (value(high="150", unit="%", **ULN), result(60, "U/L", "ALT", ref_high=40), T),
        (value(high="150", unit="%", **ULN), result(61, "U/L", "ALT", ref_high=40), F),
        (value(high="1", open_ends=("high",), relative_to="LLN"),
         result(3, "g/dL", "albumin", ref_low=3.5), T),
        (value(high="2", relative_to="baseline"), result(3, "g/dL"), U),
        (value(high="80", unit="%", relative_to="predicted"), result(65, "%", "FEV1"), T),
        (value(high="80", unit="%", relative_to="predicted"), result(2.1, "L", "FEV1"), U),
    ],
)  # fmt: skip
def test_multiples_of_a_limit(made, recorded, expected):
    assert truth(made, recorded) == expected


def test_given_reference_ranges_are_used_where_the_result_has_none():
    given = reference_ranges(
        [ReferenceRange("ALT", high=Decimal(40), unit="U/L"),
         ReferenceRange("ALT", high=Decimal(30), unit="U/L", sex="female")]
    )  # fmt: skip
    made = value(high="1", **ULN)
    alt = result(35, "U/L", "alanine aminotransferase")
    assert truth(made, alt, ranges=given, sex="male") == T
    assert truth(made, alt, ranges=given, sex="female") == F
    assert truth(made, {**alt, "ref_high": 36}, ranges=given, sex="female") == T


@pytest.mark.parametrize(
    ("asked", "recorded", "expected"),
    [
        ("positive", {"value": "Positive"}, T),
        ("positive", {"value": "reactive"}, T),
        ("positive", {"value": "not detected"}, F),
        ("negative", {"value": "negative"}, T),
        ("negative", {"value": "indeterminate"}, U),
        ("positive", {"value": 3}, U),
        ("elevated", {"value": 50, "ref_high": 40}, T),
        ("elevated", {"value": 40, "ref_high": 40}, F),
        ("elevated", {"value": 50}, U),
        ("elevated", {"value": "high"}, T),
        ("elevated", {"value": "abnormal"}, U),
        ("low", {"value": 3, "ref_low": 4, "ref_high": 9}, T),
        ("low", {"value": "elevated"}, F),
        ("normal", {"value": 5, "ref_low": 4, "ref_high": 9}, T),
        ("normal", {"value": 5, "ref_high": 9}, U),
        ("normal", {"value": 10, "ref_high": 9}, F),
        ("normal", {"value": 10}, U),
        ("abnormal", {"value": 10, "ref_high": 9}, T),
        ("abnormal", {"value": "low"}, T),
        ("abnormal", {"value": "normal"}, F),
        ("B", {"value": "B"}, T),
        ("B", {"value": "class C"}, F),
        ("B", {"value": 7}, U),
    ],
)
def test_words(asked, recorded, expected):
    assert truth(value(text_value=asked), {**result(None, "U/L", "ALT"), **recorded}) == expected


def test_within_normal_limits_needs_both_limits():
    m = mention(
        "m1", "MEASUREMENT", "ALT",
        value(low="1", relative_to="LLN", text_value="normal"),
        value(high="1", relative_to="ULN", text_value="normal"),
    )  # fmt: skip
    assert holds(record(m), patient(result(20, "U/L", "ALT", ref_low=5, ref_high=40))) == T
    assert holds(record(m), patient(result(20, "U/L", "ALT", ref_high=40))) == U
    assert holds(record(m), patient(result(41, "U/L", "ALT", ref_high=40))) == F
    assert holds(record(m), patient(result(20, "U/L", "ALT"))) == U
    assert holds(record(m), patient(result("normal", None, "ALT"))) == T


@pytest.mark.parametrize(
    ("text", "expected"),
    [("IIIB", (3, "B")), ("stage 2", (2, "")), ("NYHA class IV", (4, "")), ("3a", (3, "A")),
     ("0", (0, "")), ("unknown", None), ("", None)],
)  # fmt: skip
def test_parse_stage(text, expected):
    found = parse_stage(text)
    assert found == (expected and Stage(Decimal(expected[0]), expected[1]))


@pytest.mark.parametrize(
    ("low", "high", "text", "stage", "expected"),
    [
        ("2", "3", None, (3, "B"), T),
        ("3", None, "3B", (3, "B"), T),
        ("3", None, "3B", (3, "A"), F),
        ("3", None, "3B", (3, ""), U),
        ("3", None, "3B", (4, ""), T),
        ("3", "4", "3B-4", (3, "A"), F),
        ("3", "4", "3B-4", (4, "A"), T),
        ("3", "3", "3B", (3, "C"), F),
        ("3", "3", "3B", (3, ""), U),
        (None, "2", "2A", (2, "B"), F),
        (None, "2", "2A", (1, ""), T),
    ],
)
def test_judge_stage(low, high, text, stage, expected):
    made = value(low, high, "{stage}", text_value=text)
    assert judge_stage(made, Stage(Decimal(stage[0]), stage[1])) == expected


@pytest.mark.parametrize(
    ("name", "recorded", "expected"),
    [
        ("neuropathy grade 2", None, T),
        ("neuropathy grade 1", None, F),
        ("neuropathy", None, U),
        ("neuropathy", 3, T),
        ("neuropathy", "grade III", T),
    ],
)
def test_a_grade_is_in_the_value_or_the_name_of_an_event(name, recorded, expected):
    made = value(low="2", unit="{grade}")
    assert truth(made, event("condition", name, value=recorded)) == expected
