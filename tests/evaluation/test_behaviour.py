"""Rules compared by what they say of patients."""

from dataclasses import replace
from decimal import Decimal

import pytest
from scoring_cases import mention, one_criterion, value

from critextract.evaluation.behaviour import alone, behaviour, boundary_behaviour
from critextract.evaluation.evaluate import evaluate
from critextract.patients.model import Event, Patient
from critextract.rules import Is, Not

TEXT = "Hemoglobin >= 9 g/dL"
HOLDS = Is("m1")


def record(rule=HOLDS, status="exact", name="d1", **bound):
    bound = {"low": 9, "unit": "g/dL", **bound}
    found = mention(TEXT, "Hemoglobin", "MEASUREMENT", values=(value(TEXT, ">= 9 g/dL", **bound),))
    return one_criterion(TEXT, [found], rule, name=name, status=status)


def patients(_, as_of):
    """Make one patient below, one at and one above the bound 9."""
    for number in ("8.9", "9", "9.1"):
        event = Event("measurement", "hemoglobin", None, as_of, None, Decimal(number), "g/dL")
        yield Patient(id=number, events=(event,))


def behave(alignments):
    return behaviour(alignments, patients_of=patients, resamples=100)


@pytest.mark.parametrize(("pred", "same", "confusion"), [
    (record(), 6, {("false", "false"): 2, ("true", "true"): 4}),
    (record(low=90, unit="g/L"), 6, {("false", "false"): 2, ("true", "true"): 4}),
    (record(low_closed=False), 4, {("false", "false"): 2, ("true", "false"): 2,
                                   ("true", "true"): 2}),
    (record(Not((Is("m1"),))), 0, {("false", "true"): 2, ("true", "false"): 4}),
    (record(status="partial"), 0, {("false", "unknown"): 2, ("true", "unknown"): 4}),
])  # fmt: skip
def test_behaviour(pred, same, confusion):
    found = evaluate([record()], [pred], behave=behave).behaviour
    assert (found.patients, found.same, found.confusion) == (6, same, confusion)
    assert (found.criteria, found.criteria_same) == (1, same == 6)
    assert found.share == same / 6


def test_a_criterion_without_a_predicted_rule_is_unknown():
    for pred in (record(None, "unparsed"), replace(record(), criteria=())):
        found = evaluate([record()], [pred], behave=behave).behaviour
        assert found.confusion == {("false", "unknown"): 1, ("true", "unknown"): 2}
        assert found.share == 0


def test_without_patients_the_share_is_undefined():
    found = evaluate(
        [record()], [record()], behave=lambda a: behaviour(a, patients_of=lambda *_: ())
    ).behaviour
    assert (found.patients, found.share, found.criteria) == (0, None, 0)


def test_the_interval_is_over_documents():
    golds = [record(name=str(n)) for n in range(6)]
    preds = [record(name=str(n), low_closed=n % 2 == 0) for n in range(6)]
    found = evaluate(golds, preds, behave=behave).behaviour
    assert found.share == pytest.approx(5 / 6)
    low, high = found.share_ci
    assert low < 5 / 6 < high


def test_a_criterion_alone_keeps_its_children():
    whole = record()
    (top,) = whole.criteria
    child = replace(top, id="I1.1", parent="I1", start=5, text=TEXT[5:])
    other = replace(top, id="I2", start=8, text=TEXT[8:])
    family = replace(whole, criteria=(top, child, other))
    assert [c.id for c in alone(family, top).criteria] == ["I1", "I1.1"]
    assert [c.parent for c in alone(family, child).criteria] == [None]


@pytest.mark.parametrize(
    ("pred", "differs"),
    [
        (record(), False),
        (record(low=90, unit="g/L"), False),
        (record(low_closed=False), True),
        (record(low=10), True),
        (record(high=15), True),
        (record(unit="g/L"), True),
        (record(Not((Is("m1"),))), True),
        (record(None, status="unparsed"), True),
    ],
)
def test_the_package_s_own_patients_tell_rules_apart(pred, differs):
    found = evaluate([record()], [pred], behave=boundary_behaviour(), resamples=100).behaviour
    assert (found.same < found.patients) is differs
    assert found.criteria_same == (not differs)
