"""What must be some time ago if it ever was."""

from datetime import date

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
