"""Rules on patients: guards, exceptions, qualifiers, counts, what is missing, and reasons."""

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pytest

import critextract
from critextract.errors import InputError
from critextract.patients.model import Fault
from critextract.rules import AllOf, AnyOf, AtLeast, Child, Except, If, Is, Not, Unparsed
from critextract.schema import (
    AgeLimit,
    Criterion,
    Demographics,
    Otherwise,
    Qualifier,
    RuleGuard,
    SexGuard,
)
from small_rules import AS_OF, decide, event, holds, mention, patient, record, value, window

T, F, U = "true", "false", "unknown"


def lab(name, number, unit, start="2024-05-30", **rest):
    return event("measurement", name, start, value=number, unit=unit, **rest)


def has(name, start="2020-01-01", end=None, domain="condition"):
    return event(domain, name, start, end)


# --- measurements -----------------------------------------------------------------------------

ANC = mention("m1", "MEASUREMENT", "platelets", value(low="100", unit="10*9/L"))
ANC_WEEK = replace(ANC, windows=(window(high="7", unit="d", direction="before"),))


@pytest.mark.parametrize(
    ("asked", "events", "expected"),
    [
        (ANC, [("90", "2024-05-01"), ("110", "2024-05-30")], T),  # the latest
        (ANC, [("110", "2024-05-01"), ("90", "2024-05-30")], F),
        (ANC, [("90", "2024-05-01"), ("110", "2024-06-02")], F),  # not after the day
        (ANC, [("90", "2020-05-01")], F),
        (ANC, [("110", None)], T),
        (ANC, [("110", None), ("90", "2024-05-30")], U),  # which is the latest?
        (ANC, [("110", None), ("120", "2024-05-30")], T),
        (ANC, [("110", "2024-05-30"), ("90", "2024-05-30")], U),
        (ANC, [], U),
        (ANC_WEEK, [("110", "2024-05-25")], T),
        (ANC_WEEK, [("110", "2024-05-24")], U),  # too old
        (ANC_WEEK, [("110", None)], U),
        (ANC_WEEK, [("90", "2024-05-24"), ("110", "2024-05-26")], T),
        (ANC_WEEK, [("110", "2024-05")], U),
    ],
)
def test_the_latest_result_in_time_decides(asked, events, expected):
    made = [lab("platelets", float(number), "10*9/L", day) for number, day in events]
    assert holds(record(asked), patient(*made)) == expected


def test_what_is_too_old_says_which_result_is_needed():
    found = decide(record(ANC_WEEK), patient(lab("platelets", 110, "10*9/L", "2024-01-01")))
    assert found.needs == ("platelets within 7 days before 2024-06-01",)
    assert found.because[0].event == 0


def test_a_pressure_is_read_from_both_numbers():
    m = mention("m1", "MEASUREMENT", "BP", value(low="160", unit="mm[Hg]"), component="systolic")
    both = event("measurement", "BP", "2024-05-30", value="165/80", unit="mm[Hg]")
    assert holds(record(m), patient(both)) == T


# --- guards -----------------------------------------------------------------------------------

HB = mention(
    "m1", "MEASUREMENT", "hemoglobin",
    value(low="13", unit="g/dL", guard=SexGuard("male")),
    value(low="12", unit="g/dL", guard=SexGuard("female")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("sex", "number", "expected"),
    [("male", 12.5, F), ("female", 12.5, T), (None, 12.5, U), (None, 13, T), (None, 11, F)],
)
def test_cases_by_sex(sex, number, expected):
    assert holds(record(HB), patient(lab("hemoglobin", number, "g/dL"), sex=sex)) == expected


AST = mention(
    "m1", "MEASUREMENT", "AST",
    value(high="5", relative_to="ULN", guard=RuleGuard(Is("m2"))),
    value(high="2.5", relative_to="ULN", guard=Otherwise()),
)  # fmt: skip
GUARD = mention("m2", "CONDITION", "liver metastases", modality="hypothetical")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([lab("AST", 160, "U/L", ref_high=40)], F),
        ([lab("AST", 160, "U/L", ref_high=40), has("liver metastases")], T),
        ([lab("AST", 210, "U/L", ref_high=40), has("liver metastases")], F),
        ([lab("AST", 90, "U/L", ref_high=40)], T),
        ([lab("AST", 160, "U/L")], U),
    ],
)
def test_cases_by_condition(events, expected):
    assert holds(record(AST, GUARD, rule=Is("m1")), patient(*events)) == expected


def test_an_unknown_guard_is_unknown_unless_the_cases_agree():
    asked = record(AST, GUARD, rule=Is("m1"))
    unsure = {"missing": "unknown"}
    assert holds(asked, patient(lab("AST", 160, "U/L", ref_high=40)), **unsure) == U
    assert holds(asked, patient(lab("AST", 90, "U/L", ref_high=40)), **unsure) == T


@pytest.mark.parametrize(("section", "expected"), [("inclusion", T), ("exclusion", F)])
def test_a_bound_of_the_other_sex_asks_nothing(section, expected):
    men = replace(HB, values=HB.values[:1])
    found = decide(record(men, section=section), patient(lab("hemoglobin", 10, "g/dL")))
    assert (found.holds, found.passes) == (expected, T)


# --- exceptions -------------------------------------------------------------------------------

TREATED = mention("m1", "CONDITION", "carcinoma")
LOBULAR = mention("m2", "CONDITION", "lobular carcinoma")
EXCEPT = record(TREATED, LOBULAR, rule=Except((Is("m1"), Is("m2"))), section="exclusion")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([has("ductal carcinoma")], T),
        ([has("carcinoma")], U),  # it may be lobular
        ([has("lobular carcinoma")], F),
        ([has("lobular carcinoma"), has("ductal carcinoma")], T),
        ([], F),
    ],
)
def test_an_event_that_is_an_exception_is_taken_out(events, expected):
    assert holds(EXCEPT, patient(*events)) == expected


def test_an_exception_may_be_an_item():
    items = [replace(EXCEPT.criteria[0], id="E1.1", parent="E1", rule=Is("m2"), status="exact")]
    lead_in = replace(EXCEPT.criteria[0], id="E1", rule=Except((Is("m1"), Child("E1.1"))))
    listed = replace(EXCEPT, criteria=(lead_in, *items))
    assert holds(listed, patient(has("lobular carcinoma"))) == F
    assert holds(listed, patient(has("lobular carcinoma"), has("ductal carcinoma"))) == T


def test_an_exception_of_another_kind_takes_out_the_whole():
    base = mention("m1", "MEASUREMENT", "bilirubin", value(low="2", unit="mg/dL"))
    gilbert = mention("m2", "CONDITION", "Gilbert's syndrome")
    asked = record(base, gilbert, rule=Except((Is("m1"), Is("m2"))))
    high = lab("bilirubin", 3, "mg/dL")
    assert holds(asked, patient(high)) == T
    assert holds(asked, patient(high, has("Gilbert's syndrome"))) == F


def test_exceptions_of_alternatives_reach_each_of_them():
    gout = mention("m3", "CONDITION", "gout")
    rule = Except((AnyOf((Is("m1"), Is("m3"))), Is("m2")))
    asked = record(TREATED, LOBULAR, gout, rule=rule)
    assert holds(asked, patient(has("lobular carcinoma"))) == F
    assert holds(asked, patient(has("lobular carcinoma"), has("gout"))) == T


# --- qualifiers and counts --------------------------------------------------------------------


def qualified(kind, words, name="asthma"):
    return record(mention("m1", "CONDITION", name, qualifiers=(Qualifier(kind, words, 14, 20),)))


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        ("severe", "asthma", U),
        ("severe", "severe asthma", T),
        ("severe", "mild asthma", F),
        ("severe", "non-severe asthma", F),
        ("moderate to severe", "moderate asthma", T),
        ("mild to severe", "moderate asthma", T),
        ("mild or moderate", "severe asthma", F),
        ("active", "asthma", U),
        ("active", "active asthma", T),
        ("active", "inactive asthma", F),
        ("documented", "asthma", T),
        ("severe", "gout", F),
    ],
)
def test_qualities_must_be_recorded(words, name, expected):
    assert holds(qualified("severity", words), patient(has(name))) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [(["2024-01-01", "2024-02-01"], T), (["2024-01-01"], F), (["2024-01-01", "2024-01-01"], F),
     (["2024-01-01", None], U), ([], F)],
)  # fmt: skip
def test_at_least_two_in_the_past_year(days, expected):
    m = mention(
        "m1", "CONDITION", "gout", count=value(low="2"),
        windows=(window(high="1", unit="a", direction="before"),),
    )  # fmt: skip
    assert holds(record(m), patient(*[has("gout", day, day) for day in days])) == expected


def test_no_more_than_two_holds_where_there_is_none():
    m = mention("m1", "PROCEDURE", "dialysis", count=value(high="2"))
    assert holds(record(m), patient()) == T
    assert holds(record(m), patient(), missing="unknown") == U


def test_a_dose_is_unknown_unless_recorded():
    m = mention("m1", "DRUG", "prednisone", dose=value(high="10", unit="mg/d"))
    assert holds(record(m), patient(has("prednisone", domain="drug"))) == U
    dosed = {**has("prednisone", domain="drug"), "value": 5, "unit": "mg/d"}
    assert holds(record(m), patient(dosed)) == T
    assert holds(record(m), patient({**dosed, "value": 20})) == F


# --- what is missing --------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["CONDITION", "DRUG", "PROCEDURE", "OBSERVATION"])
def test_what_is_not_recorded_is_absent_or_unknown(label):
    asked = record(mention("m1", label, "gout"))
    assert holds(asked, patient()) == F
    found = decide(asked, patient(), missing="unknown")
    assert (found.holds, found.needs) == (U, ("whether there is gout",))


@pytest.mark.parametrize("words", ["inadequate bone marrow", "adequate organ function"])
def test_what_no_record_would_say_is_not_absent(words):
    assert holds(record(mention("m1", "CONDITION", words)), patient()) == U


def test_what_is_recorded_as_absent_is_known():
    absent = {**has("gout", domain="observation"), "value": "absent"}
    asked = record(mention("m1", "CONDITION", "gout"))
    assert holds(asked, patient(absent), missing="unknown") == F


# --- people -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "birth", "expected"),
    [
        (value(low="18", unit="a"), "2006-06-01", T),
        (value(low="18", unit="a"), "2006-06-02", F),
        (value(high="75", unit="a"), "1948-06-02", T),  # 75, not yet 76
        (value(high="75", unit="a"), "1948-06-01", F),
        (value(low="65", unit="a", open_ends=("low",)), "1958-06-02", F),  # 65 is not over 65
        (value(high="18", unit="a", open_ends=("high",)), "2006-06-01", F),
        (value("6", "24", "mo"), "2023-12-01", T),
        (value("6", "24", "mo"), "2023-12-02", F),
        (value(low="2.5", unit="a"), "2021-12-01", T),
        (value(low="2.5", unit="a"), "2021-12-02", F),
        (value(low="18", unit="a"), None, U),
        (value(low="18", unit="a"), "2006", U),
        (value(low="18", unit="a"), "2005", T),
        (value(low="18"), "1970-01-01", U),
    ],
)
def test_age(made, birth, expected):
    asked = record(mention("m1", "PERSON", "age", made))
    assert holds(asked, patient(birth_date=birth)) == expected


@pytest.mark.parametrize(
    ("words", "sex", "expected"),
    [("women", "female", T), ("men", "female", F), ("male", None, U), ("both sexes", None, T),
     ("Asian", "female", U), ("adults", "female", T)],
)  # fmt: skip
def test_sex_and_other_words_of_people(words, sex, expected):
    assert holds(record(mention("m1", "PERSON", words)), patient(sex=sex)) == expected


@pytest.mark.parametrize(
    ("fields", "passes"),
    [
        (Demographics("female", AgeLimit(Decimal(18), "a"), None, True), [T, T]),
        (Demographics("male", None, AgeLimit(Decimal(54), "a")), [F, T]),
        (Demographics("all", None, AgeLimit(Decimal(53), "a")), [F]),
        (Demographics(None, AgeLimit(Decimal(651), "mo"), None), [T]),
        (Demographics(None, AgeLimit(Decimal(652), "mo"), None), [F]),
        (None, []),
    ],
)
def test_registry_fields_are_decided_like_inclusion_criteria(fields, passes):
    asked = record(mention("m1", "CONDITION", "gout"), demographics=fields)
    (found,) = critextract.check(asked, [patient()], AS_OF)
    assert [c.passes for c in found.criteria[:-1]] == passes
    assert {c.section for c in found.criteria} == {"inclusion"}


# --- nodes, children, sections ----------------------------------------------------------------

GOUT = mention("m1", "CONDITION", "gout")
COPD = mention("m2", "CONDITION", "asthma")
GUARDED = mention("m3", "CONDITION", "epilepsy", modality="hypothetical")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (AllOf((Is("m1"), Is("m2"))), F),
        (AnyOf((Is("m1"), Is("m2"))), T),
        (Not((Is("m2"),)), T),
        (AtLeast(2, (Is("m1"), Is("m2"))), F),
        (AtLeast(1, (Is("m1"), Is("m2"))), T),
        (If((Is("m2"), Is("m1"))), T),
        (If((Is("m1"), Is("m2"))), F),
        (If((Is("m3"), Is("m2"), Is("m1"))), T),
        (AllOf((Is("m1"), Unparsed(0, 3, "?"))), U),
        (AllOf((Is("m2"), Unparsed(0, 3, "?"))), F),
        (AnyOf((Is("m1"), Unparsed(0, 3, "?"))), T),
        (Is("m3"), U),
    ],
)
def test_nodes(rule, expected):
    asked = record(GOUT, COPD, GUARDED, rule=rule)
    assert holds(asked, patient(has("gout"))) == expected


def test_children_are_asked_and_not_listed():
    child = Criterion("I1.1", "inclusion", None, 0, 3, "one", "I1", Is("m1"), "exact")
    asked = record(GOUT, rule=Not((Child("I1.1"),)), more=(child,))
    (found,) = critextract.check(asked, [patient(has("gout"))], AS_OF)
    assert [c.id for c in found.criteria] == ["I1"]
    assert found.criteria[0].holds == F
    assert found.criteria[0].because[0].mention == "m1"


def test_a_criterion_that_is_its_own_child_is_unknown():
    assert holds(record(GOUT, rule=AllOf((Child("I1"), Is("m1")))), patient(has("gout"))) == U


@pytest.mark.parametrize(
    ("section", "passes", "answer"),
    [("inclusion", T, "eligible"), ("exclusion", F, "ineligible"), ("other", None, "eligible")],
)
def test_sections(section, passes, answer):
    (found,) = critextract.check(record(GOUT, section=section), [patient(has("gout"))], AS_OF)
    assert (found.criteria[0].holds, found.criteria[0].passes) == (T, passes)
    assert found.verdict == answer


@pytest.mark.parametrize("status", ["non_computable", "unparsed"])
def test_what_has_no_rule_is_unknown(status):
    asked = record(GOUT, status=status)
    asked = replace(asked, criteria=(replace(asked.criteria[0], rule=None),))
    found = decide(asked, patient(has("gout")))
    assert found.holds == U
    assert "a reading of" in found.needs[0]


# --- the function -----------------------------------------------------------------------------


def test_faults_among_patients_are_passed_over():
    patients = [patient(), Fault("x"), patient()]
    assert len(list(critextract.check(record(GOUT), patients, AS_OF))) == 2


@pytest.mark.parametrize("as_of", ["yesterday", "2024-13-01", None])
def test_a_day_that_is_none_is_an_error(as_of):
    with pytest.raises(InputError, match="as-of"):
        critextract.check(record(GOUT), [], as_of)


def test_missing_has_two_values():
    with pytest.raises(InputError, match="missing is 'maybe'"):
        critextract.check(record(GOUT), [], AS_OF, missing="maybe")


def test_answers_are_kept_apart_from_patient_to_patient():
    asked = record(GOUT)
    found = critextract.check(asked, [patient(has("gout")), patient(), patient(has("gout"))], AS_OF)
    assert [v.criteria[0].holds for v in found] == [T, F, T]


def test_checking_imports_no_spacy():
    code = "import sys, critextract; critextract.check; assert 'spacy' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
