"""What must be some time ago if it ever was."""

from datetime import date
from decimal import Decimal

import pytest

import critextract
from critextract.patients.check import Checker
from critextract.patients.model import Event, Patient

DAY = date(2024, 6, 1)
TEXT = "Inclusion Criteria:\n- At least 4 weeks since prior radiotherapy\n"
OLD, RECENT = date(2024, 3, 1), date(2024, 5, 20)


def holds(days, missing="absent", text=TEXT):
    checker = Checker(DAY, missing=missing)
    events = tuple(
        Event(domain="procedure", name="radiotherapy", start=day, end=day) for day in days
    )
    patient = Patient(id="p", sex="male", birth_date=date(1960, 1, 1), events=events)
    verdict = checker.trial(critextract.extract(text, id="t")).verdict(checker.chart(patient))
    return [str(one.holds) for one in verdict.criteria if one.id == "I1"]


@pytest.mark.parametrize(
    ("days", "expected"),
    [([], "true"), ([OLD], "true"), ([RECENT], "false"), ([OLD, RECENT], "false")],
)
def test_nothing_nearer(days, expected):
    assert holds(days) == [expected]


def test_what_is_not_recorded_may_be_unknown():
    assert holds([], missing="unknown") == ["unknown"]


@pytest.mark.parametrize(("days", "expected"), [([], "false"), ([OLD], "true")])
def test_what_took_place_some_time_ago_is_asked_for(days, expected):
    text = "Inclusion Criteria:\n- Radiotherapy at least 4 weeks ago\n"
    assert holds(days, text=text) == [expected]


@pytest.mark.parametrize(
    ("days", "expected"),
    [([], "true"), ([OLD], "true"), ([RECENT], "false"), ([date(2024, 4, 25)], "false")],
)
def test_nothing_nearer_than_the_longer_of_two(days, expected):
    longer = "At least 4 weeks or 50 days, whichever is longer, since prior radiotherapy"
    text = f"Inclusion Criteria:\n- {longer}\n"
    assert holds(days, text=text) == [expected]


@pytest.mark.parametrize(
    ("dose", "expected"), [(None, "true"), ("150", "unknown"), ("400", "false")]
)
def test_no_more_than_a_dose(dose, expected):
    record = critextract.extract(
        "Inclusion Criteria:\n- No more than 200 mg prior melphalan\n", id="t"
    )
    given = Event(
        domain="drug", name="melphalan", start=OLD, end=OLD, value=Decimal(dose or 0), unit="mg"
    )
    patient = Patient(
        id="p", sex="male", birth_date=date(1960, 1, 1), events=(given,) if dose else ()
    )
    checker = Checker(DAY, missing="absent")
    (verdict,) = checker.trial(record).verdict(checker.chart(patient)).criteria
    assert str(verdict.holds) == expected
