"""How likely an exact rule is right, from the text and the mentions it is of."""

from dataclasses import replace

import pytest

import critextract
from critextract.components.rule_trust import LEAST_SURE, rule_features, with_confidence
from critextract.patients.model import Patient
from critextract.rules import AllOf, AnyOf, Is, Not
from critextract.schema import (
    IN_DOUBT,
    Criterion,
    Label,
    Mention,
    Qualifier,
    Record,
    Uncovered,
    Window,
)

PLAIN = Criterion("I1", "inclusion", None, 0, 6, "Stroke", None, Is("m1"), "exact")
STROKE = Mention("m1", "I1", Label.CONDITION, 0, 6, "Stroke", confidence=0.9)
TIMED = replace(STROKE, windows=(Window(role="recency", start=7, end=10),))
SEVERE = Qualifier("severity", "severe", 7, 10)


@pytest.mark.parametrize(
    ("criterion", "mentions", "expected"),
    [
        ({}, (STROKE,), "CONDITION"),
        ({}, (STROKE,), "inclusion"),
        ({}, (STROKE,), "node is"),
        ({"text": "No stroke, TIA or MI"}, (STROKE,), "words >= 4"),
        ({"text": "No stroke, TIA or MI"}, (STROKE,), "word or"),
        ({"text": "Nor stroke (CVA)"}, (STROKE,), "sign ("),
        ({"rule": Not((AnyOf((Is("m1"), Is("m2"))),))}, (STROKE,), "nested"),
        ({"rule": AllOf((Is("m1"), Is("m2")))}, (STROKE,), "node all"),
        ({"parent": "I0"}, (STROKE,), "child"),
        ({"section": "exclusion"}, (STROKE,), "exclusion"),
        ({}, (replace(STROKE, confidence=0.3),), "mention < 0.4"),
        ({}, (TIMED,), "time"),
        ({}, (TIMED, STROKE), "time of some"),
        ({}, (replace(TIMED, windows=TIMED.windows * 2),), "two times"),
        ({}, (replace(STROKE, period="past"), STROKE), "period of some"),
        ({}, (replace(STROKE, qualifiers=(SEVERE,)),), "qualifier"),
        ({}, (replace(STROKE, qualifiers=(SEVERE, SEVERE)),), "two qualifiers"),
        ({}, (replace(STROKE, negated=True),), "negation"),
        ({}, (replace(STROKE, modality="planned"),), "not actual"),
    ],
)
def test_feature(criterion, mentions, expected):
    """Each is there with the change and, where one is made, not without it."""
    assert expected in rule_features(replace(PLAIN, **criterion), mentions)
    changed = bool(criterion) or mentions != (STROKE,)
    assert not changed or expected not in rule_features(PLAIN, (STROKE,))


def test_only_exact_rules_have_a_confidence():
    partial = replace(PLAIN, id="I2", status="partial")
    record = Record("-", "Stroke", criteria=(PLAIN, partial), mentions=(STROKE,))
    exact, other = with_confidence(record).criteria
    assert exact.confidence is not None
    assert 0.5 < exact.confidence <= 1
    assert other.confidence is None


SHORT, LONG = "Pregnancy", "Treatment with warfarin"
DOUBTED = "Active bleeding or treatment with warfarin or heparin within 4 weeks of surgery"


def test_what_joins_more_is_less_sure():
    text = f"Exclusion Criteria:\n- {SHORT}\n- {LONG}\n- {DOUBTED}\n"
    short, long, doubted = critextract.extract(text).criteria
    assert short.confidence > 0.95
    assert short.confidence > long.confidence > LEAST_SURE > doubted.confidence


def test_what_is_not_sure_enough_is_partial():
    """Its rule stands, all of its text is named as in doubt, and no patient is decided by it."""
    record = critextract.extract(f"Exclusion Criteria:\n- {SHORT}\n- {DOUBTED}\n")
    sure, doubted = record.criteria
    assert (sure.status, sure.uncovered) == ("exact", ())
    assert doubted.status == "partial"
    assert doubted.rule is not None
    assert doubted.uncovered == (Uncovered(doubted.start, doubted.end, IN_DOUBT),)
    (verdict,) = critextract.check(record, [Patient("p1")], as_of="2024-06-01")
    assert [one.holds for one in verdict.criteria] == ["false", "unknown"]


def test_what_has_a_doubtful_child_is_partial():
    text = f"Exclusion Criteria:\n- Any of the following:\n  - {SHORT}\n  - {DOUBTED}\n"
    parent, sure, doubted = critextract.extract(text).criteria
    assert [c.status for c in (parent, sure, doubted)] == ["partial", "exact", "partial"]
    assert parent.uncovered == ()


def test_followed_corpora_have_their_own_reading():
    record = critextract.load("chia").extract("Exclusion Criteria:\n- Pregnancy\n")
    assert [criterion.confidence for criterion in record.criteria] == [None]
