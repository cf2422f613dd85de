"""Boundary patients: where they stand, what is expected of them, and that the check agrees."""

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import critextract
from critextract.cli import app
from critextract.io.records import read_records
from critextract.patients import boundary_report, calendar, exceptions, logic, results, windows
from critextract.patients.boundary import boundary_cases, boundary_patients, boundary_to_dict
from critextract.patients.boundary_report import verify
from critextract.patients.model import patient_from_dict
from critextract.rules import AllOf, AnyOf, AtLeast, Except, If, Is, Not, Unparsed
from critextract.schema import (
    AgeLimit,
    Demographics,
    Otherwise,
    RuleGuard,
    SexGuard,
    Uncovered,
    to_dict,
)
from small_rules import mention, record, value, window

TODAY = date(2024, 6, 1)
GOLD = Path(__file__).parents[2] / "annotations" / "gold" / "dev.jsonl"

HB = mention("m1", "MEASUREMENT", "hemoglobin", value("9.0", None, "g/dL"))
GOUT, ASTHMA, EPILEPSY = (
    mention(name, "CONDITION", text)
    for name, text in (("m2", "gout"), ("m3", "asthma"), ("m4", "epilepsy"))
)


def expected(made):
    """Return what each patient of a record is made for, and what it must get."""
    return {one.what: one.holds for one in boundary_cases(made, TODAY)}


def whole(made):
    """Return the cases, after the check has agreed with all of them."""
    report = verify([made], TODAY)
    assert report.differences == []
    assert report.expected > 0
    return expected(made)


@pytest.mark.parametrize(
    ("values", "truths"),
    [
        ([value("9.0", None, "g/dL")], {"at 9": "true", "below 9": "false", "above 9": "true"}),
        ([value("9.0", None, "g/dL", open_ends=["low"])], {"at 9": "false", "above 9": "true"}),
        ([value(None, "9", "g/dL")], {"at 9": "true", "below 9": "true", "above 9": "false"}),
        ([value("9", "15", "g/dL")], {"at 9": "true", "below 9": "false", "above 15": "false"}),
        ([value("9.0", None, "g/dL")], {"no result recorded": "unknown"}),
        ([value("9.0", None, "g/dL")], {"nothing recorded": "unknown"}),
        ([value("9.0", None, "g/dL")], {"9 without a unit": "unknown"}),
        ([value("9.0", None, "g/dL")], {"9 in a unit that cannot be converted": "unknown"}),
        ([value("9.0", None, "g/dL")], {"below 9, in g/L": "false", "above 9, in g/L": "true"}),
        ([value("9", None, "g/dL", alternative=value("5.6", None, "mmol/L"))],
         {"at 5.6 mmol/L": "true", "below 5.6 mmol/L": "false"}),
        ([value(None, "3", relative_to="ULN")],
         {"at 3 x ULN": "true", "above 3 x ULN": "false",
          "no reference range recorded": "unknown"}),
        ([value("150", None, "%", relative_to="ULN")], {"below 150 x ULN": "false"}),
        ([value("1", None, relative_to="LLN", text_value="normal"),
          value(None, "1", relative_to="ULN", text_value="normal")],
         {"below 1 x LLN": "false", "at 1 x ULN": "true", "recorded as normal": "true"}),
        ([value(set=["1", "3"], unit="{score}")],
         {"at 1": "true", "above 1": "false", "at 3": "true", "above 3": "false"}),
        ([value(text_value="positive")],
         {"recorded as positive": "true", "recorded as negative": "false"}),
        ([value(text_value="elevated")],
         {"above the upper limit": "true", "at the upper limit": "false",
          "a number without a reference range": "unknown"}),
    ],
)  # fmt: skip
def test_results_at_the_edges_of_values(values, truths):
    found = whole(record(mention("m1", "MEASUREMENT", "hemoglobin", *values)))
    assert {what: found[what] for what in truths} == truths


def test_one_step_is_the_last_printed_decimal():
    patients = [
        one.patient.events[0].value
        for one in boundary_cases(record(HB), TODAY)
        if one.what in ("at 9", "below 9", "above 9")
    ]
    assert sorted(map(str, patients)) == ["8.9", "9.0", "9.1"]


def test_the_letter_of_a_stage():
    stage = value("3", "3", "{stage}", text_value="3B")
    found = whole(record(mention("m1", "CONDITION", "lymphoma", stage)))
    got = {what: found[what] for what in ("3A", "3B", "3C", "at 3", "above 3")}
    assert got == {"3A": "false", "3B": "true", "3C": "false", "at 3": "unknown",
                   "above 3": "false"}  # fmt: skip


@pytest.mark.parametrize(
    ("label", "time", "truths"),
    [
        ("PROCEDURE", window(None, "6", "mo", direction="before"),
         {"6 mo from screening": ("2023-12-01", "true"),
          "6 mo from screening, a day earlier": ("2023-11-30", "false"),
          "no day recorded": (None, "unknown")}),
        ("PROCEDURE", window("4", None, "wk", direction="before"),
         {"4 wk from screening": ("2024-05-04", "true"),
          "4 wk from screening, a day later": ("2024-05-05", "false")}),
        ("PROCEDURE", window(None, "30", "d", open_ends=["high"], direction="before"),
         {"30 d from screening": ("2024-05-02", "false"),
          "30 d from screening, a day later": ("2024-05-03", "true")}),
        ("MEASUREMENT", window(None, "7", "d", direction="before"),
         {"7 d from screening, a day earlier": ("2024-05-24", "unknown")}),
        ("DRUG", window(None, "1", "mo", direction="before"),
         {"ended the day before the window": ("2023-10-13", "false"),
          "going on since before the window": ("2023-10-14", "true")}),
        ("DRUG", window("3", None, "mo", role="duration"),
         {"going on for 3 mo": ("2024-03-01", "true"),
          "going on for 3 mo, a day later": ("2024-03-02", "false")}),
        ("PROCEDURE", window(None, "2", "a", direction="after", reference_point="surgery"),
         {"2 a from surgery, a day later": ("2024-03-04", "false")}),
    ],
)  # fmt: skip
def test_days_at_the_edges_of_windows(label, time, truths):
    made = record(mention("m1", label, "radiotherapy", windows=(time,)))
    assert verify([made], TODAY).differences == []
    cases = {one.what: one for one in boundary_cases(made, TODAY)}
    got = {what: cases[what].holds for what in truths}
    assert got == {what: truth for what, (_, truth) in truths.items()}
    for what, (start, _) in truths.items():
        if "window" not in what and "surgery" not in what:
            day = cases[what].patient.events[0].start
            assert (day and day.isoformat()) == start


def test_months_are_the_calendar_s():
    time = window(None, "1", "mo", direction="before")
    made = record(mention("m1", "PROCEDURE", "radiotherapy", windows=(time,)))
    cases = {one.what: one for one in boundary_cases(made, date(2024, 3, 31))}
    assert cases["1 mo from screening"].patient.events[0].start == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("rest", "truths"),
    [
        ({}, {"going on": "true", "begun a day after": "false", "ended the day before": "false",
              "ended on the day itself": "true", "nothing recorded": "false"}),
        ({"period": "past"}, {"the day before": "true", "begun on the day itself": "false",
                              "no day recorded": "true"}),
        ({"experiencer": "family"}, {"recorded": "unknown", "nothing recorded": "unknown"}),
        ({"modality": "planned"}, {"recorded": "unknown"}),
        ({"modality": "hypothetical"}, {"recorded": "unknown"}),
        ({"period": "past", "count": value("2", None),
          "windows": (window(None, "1", "a", direction="before"),)},
         {"once": "false", "2 times": "true", "3 times": "true", "nothing recorded": "false"}),
    ],
)  # fmt: skip
def test_periods_counts_and_what_no_record_holds(rest, truths):
    found = whole(record(mention("m1", "CONDITION", "gout", **rest)))
    assert {what: found[what] for what in truths} == truths


def test_ages_turn_on_the_birthday():
    age = mention("m1", "PERSON", "age", value("18", "65", "a"))
    cases = {one.what: one for one in boundary_cases(record(age), TODAY)}
    assert verify([record(age)], TODAY).differences == []
    births = {
        "turned 18 a today": ("2006-06-01", "true"),
        "17 a, turning 18 a tomorrow": ("2006-06-02", "false"),
        "65 a, turning 66 a tomorrow": ("1958-06-02", "true"),
        "turned 66 a today": ("1958-06-01", "false"),
    }
    got = {w: (cases[w].patient.birth_date.isoformat(), cases[w].holds) for w in births}
    assert got == births
    assert cases["birth not recorded"].holds == "unknown"


def test_the_registry_s_own_fields():
    from decimal import Decimal

    fields = Demographics("female", AgeLimit(Decimal(18), "a"), AgeLimit(Decimal(65), "a"))
    made = record(GOUT, demographics=fields)
    found = {(one.criterion, one.what): one.holds for one in boundary_cases(made, TODAY)}
    assert verify([made], TODAY).differences == []
    assert found["D1", "female"] == "true"
    assert found["D1", "sex not recorded"] == "unknown"
    assert found["D2", "17 a, turning 18 a tomorrow"] == "false"
    assert found["D3", "65 a, turning 66 a tomorrow"] == "true"


# --- rules ------------------------------------------------------------------------------------

ARGS = (Is("m2"), Is("m3"), Is("m4"))


@pytest.mark.parametrize(
    ("rule", "decided"),
    [
        (AllOf(ARGS), {"true", "false"}),
        (AnyOf(ARGS), {"true", "false"}),
        (Not((AnyOf(ARGS),)), {"true", "false"}),
        (AtLeast(2, ARGS), {"true", "false"}),
        (If(ARGS), {"true", "false"}),
        (If(ARGS[:2]), {"true", "false"}),
        (AllOf((*ARGS, Unparsed(0, 5, "not understood"))), {"unknown", "false"}),
        (AnyOf((*ARGS, Unparsed(0, 5, "not understood"))), {"unknown", "true"}),
    ],
)
def test_each_leaf_decides(rule, decided):
    """Of every leaf there are two patients that get different verdicts."""
    status = "partial" if decided & {"unknown"} else "exact"
    gap = (Uncovered(0, 5, "not understood"),) if status == "partial" else ()
    made = record(GOUT, ASTHMA, EPILEPSY, rule=rule, status=status, uncovered=gap)
    assert verify([made], TODAY).differences == []
    cases = [one for one in boundary_cases(made, TODAY) if one.mentions]
    used = {leaf.mention for leaf in ARGS if leaf in getattr(rule.args[0], "args", rule.args)}
    for name in used:
        assert {one.holds for one in cases if one.mentions == (name,)} >= decided


def test_of_two_the_patient_with_one_less():
    made = record(GOUT, ASTHMA, EPILEPSY, rule=AtLeast(2, ARGS))
    counts = {}
    for one in boundary_cases(made, TODAY):
        if one.what in ("going on", "nothing recorded"):
            counts.setdefault(one.holds, set()).add(len(one.patient.events))
    assert counts == {"true": {2}, "false": {1}}


def test_cases_by_sex_and_a_sex_that_is_not_recorded():
    cases = (value("13", None, "g/dL", guard=SexGuard("male")),
             value("12", None, "g/dL", guard=SexGuard("female")))  # fmt: skip
    found = whole(record(mention("m1", "MEASUREMENT", "hemoglobin", *cases)))
    assert found["below 13, male"] == "false"
    assert found["below 13, female"] == "true"
    assert found["below 13, sex not recorded"] == "unknown"
    assert found["at 13, sex not recorded"] == "true"


def test_cases_by_a_condition():
    mets = mention("m2", "CONDITION", "liver metastases", modality="hypothetical")
    cases = (value(None, "5", relative_to="ULN", guard=RuleGuard(Is("m2"))),
             value(None, "2.5", relative_to="ULN", guard=Otherwise()))  # fmt: skip
    ast, alt = (mention(n, "MEASUREMENT", t, *cases) for n, t in (("m1", "AST"), ("m3", "ALT")))
    found = whole(record(ast, mets, alt, rule=AllOf((Is("m1"), Is("m3")))))
    assert found["at 5 x ULN, the condition of the case holds"] == "true"
    assert found["above 5 x ULN, the condition of the case holds"] == "false"
    assert found["above 2.5 x ULN, no other case applies"] == "false"


def test_an_exception_and_another_event():
    malignancy = mention("m1", "CONDITION", "malignancy")
    skin = mention("m2", "CONDITION", "basal cell carcinoma")
    made = record(malignancy, skin, rule=Except((Is("m1"), Is("m2"))), section="exclusion")
    found = whole(made)
    assert found["only the exception, going on"] == "false"
    assert found["the exception and another event"] == "true"
    assert found["going on"] == "true"
    assert found["nothing recorded"] == "false"


def test_one_leaf_with_a_gap_is_unknown():
    gap = (Uncovered(20, 24, "not understood"),)
    made = record(GOUT, status="partial", uncovered=gap)
    assert set(whole(made).values()) == {"unknown"}


def test_an_event_that_another_leaf_names_expects_nothing():
    diabetes = mention("m5", "CONDITION", "diabetes")
    kind = mention("m6", "CONDITION", "type 2 diabetes", period="past")
    made = record(diabetes, kind, rule=AnyOf((Is("m5"), Is("m6"))))
    for one in boundary_cases(made, TODAY):
        assert one.holds is None or not one.patient.events
    assert verify([made], TODAY).left_out.total() > 0


def test_an_event_that_two_leaves_are_made_of():
    before = mention("m3", "CONDITION", "gout", period="past")
    found = whole(record(GOUT, before, rule=AllOf((Is("m2"), Is("m3")))))
    assert found["begun on the day itself"] == "false"


# --- all of them ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(extractor):
    texts = sorted((Path(critextract.__file__).parent / "data" / "demo").glob("*.txt"))
    return [extractor.extract(path.read_text(encoding="utf-8"), id=path.stem) for path in texts]


def test_the_check_agrees_on_the_demo(demo):
    report = verify(demo, TODAY)
    assert report.differences == []
    assert report.expected > 500
    assert report.left_out.total() < report.expected / 10


@pytest.mark.parametrize("today", [TODAY, date(2024, 2, 29), date(2023, 12, 31)])
def test_the_check_agrees_on_hand_annotations(today):
    records = list(read_records(GOLD))[:8]
    report = verify(records, today)
    assert report.differences == []
    assert report.expected > 1000


MUTANTS = [
    (results, "contains", lambda value, number: number != value.low),
    (results, "implausible", lambda *_: "odd"),
    (results, "convert", lambda number, *_, **__: number),
    (windows, "window_span", lambda _w, point, _s: calendar.Span(date.min, point)),
    (windows, "age_in", lambda birth, day, _: (day - birth).days // 365),
    (logic, "all_of", logic.any_of),
    (logic, "at_least", lambda _, findings: logic.any_of(findings)),
    (exceptions, "disjunction", lambda _: "false"),
]
"""Mistakes in the check that its boundary patients must show."""


@pytest.mark.parametrize(("module", "name", "wrong"), MUTANTS, ids=[m[1] for m in MUTANTS])
def test_a_mistake_in_the_check_is_shown(module, name, wrong, monkeypatch):
    hb = mention("m1", "MEASUREMENT", "hemoglobin", value("9", None, "g/dL"))
    surgery = mention("m5", "PROCEDURE", "surgery",
                      windows=(window(None, "6", "mo", direction="before"),))  # fmt: skip
    age = mention("m6", "PERSON", "age", value("18", None, "a"))
    malignancy = mention("m7", "CONDITION", "malignancy")
    skin = mention("m8", "CONDITION", "basal cell carcinoma")
    early = mention("m9", "CONDITION", "rickets",
                    windows=(window(None, "18", "a", role="age", open_ends=["high"]),))  # fmt: skip
    made = [
        record(hb), record(surgery), record(early), record(age),
        record(GOUT, ASTHMA, EPILEPSY, rule=AllOf(ARGS)),
        record(GOUT, ASTHMA, EPILEPSY, rule=AtLeast(2, ARGS)),
        record(malignancy, skin, rule=Except((Is("m7"), Is("m8")))),
    ]  # fmt: skip
    assert verify(made, TODAY).differences == []
    results._converted.cache_clear()
    monkeypatch.setattr(module, name, wrong)
    assert verify(made, TODAY).differences
    results._converted.cache_clear()


def test_same_bytes_and_ids_of_their_own():
    made = record(HB)
    lines = [json.dumps(boundary_to_dict(one)) for one in boundary_cases(made, TODAY)]
    assert lines == [json.dumps(boundary_to_dict(one)) for one in boundary_cases(made, TODAY)]
    assert len({json.loads(line)["id"] for line in lines}) == len(lines)


def test_what_is_written_is_read_back():
    for one in boundary_cases(record(HB), TODAY):
        assert patient_from_dict(json.loads(json.dumps(boundary_to_dict(one)))) == one.patient


def test_fewer_patients_of_a_leaf():
    made = record(HB)
    few, many = (len(list(boundary_patients(made, TODAY, per_leaf=n))) for n in (3, 40))
    assert few == 4
    assert many > 10


# --- command ----------------------------------------------------------------------------------


@pytest.fixture
def records_file(tmp_path):
    path = tmp_path / "out.jsonl"
    path.write_text(json.dumps(to_dict(record(HB))) + "\n", encoding="utf-8")
    return path


def test_command_writes_and_verifies(records_file, tmp_path):
    out = tmp_path / "patients.jsonl"
    done = CliRunner().invoke(app, ["patients", str(records_file), "-o", str(out), "--verify"])
    assert done.exit_code == 0, done.output
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {line["expected"]["criterion"] for line in lines} == {"I1"}
    assert f"{len(lines)} boundary patients; {len(lines)} get the verdict" in done.output


def test_command_tells_of_a_difference(records_file, monkeypatch):
    monkeypatch.setattr(results, "contains", lambda *_: True)
    done = CliRunner().invoke(app, ["patients", str(records_file), "--verify"])
    assert done.exit_code == 1
    assert "below 9: expected false, found true" in done.output


@pytest.mark.parametrize(
    "args", [[], ["x.jsonl", "--sample", "3", "-o", "y"], ["--sample", "3"], ["x.jsonl"]]
)
def test_command_needs_one_source_and_a_place(args):
    done = CliRunner().invoke(app, ["patients", *args])
    assert done.exit_code == 2 or done.exception is not None


def test_report_in_words(monkeypatch):
    monkeypatch.setattr(results, "contains", lambda *_: True)
    (difference, *_) = verify([record(HB)], TODAY).differences
    assert "expected false, found true" in boundary_report.difference_text(difference)
