"""Intervals: printing, membership, intersection."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critextract.errors import UnitError
from critextract.intervals import contains, intersect, interval_text
from critextract.schema import Value


def value(low=None, high=None, closed=(True, True), **more):
    return Value(
        0, 1,
        low=None if low is None else Decimal(low), low_closed=None if low is None else closed[0],
        high=None if high is None else Decimal(high),
        high_closed=None if high is None else closed[1], **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (value(low="1500", unit="/mm3"), "[1500, inf) /mm3"),
        (value(high="2.50", relative_to="ULN"), "(-inf, 2.5] x ULN"),
        (value("1", "2", (False, False)), "(1, 2)"),
        (value(set=(Decimal(1), Decimal(3)), unit="{grade}"), "{1, 3} {grade}"),
        (value(text_value="positive"), "positive"),
        (value("3", "3", text_value="3B", unit="{stage}"), "[3, 3] {stage} '3B'"),
        (value(low="100000"), "[100000, inf)"),
        (value(low="70", unit="%", relative_to="predicted"), "[70, inf) % x predicted"),
        (
            value(low="126", unit="mg/dL", alternative=value(low="7.0", unit="mmol/L")),
            "[126, inf) mg/dL = [7, inf) mmol/L",
        ),
    ],
)
def test_interval_text(given, text):
    assert interval_text(given) == text


@pytest.mark.parametrize(
    ("interval", "number", "inside"),
    [
        (value("1", "2"), "1", True),
        (value("1", "2", (False, True)), "1", False),
        (value("1", "2", (True, False)), "2", False),
        (value(low="1"), "99", True),
        (value(high="1"), "99", False),
        (value(set=(Decimal(1), Decimal(3))), "2", False),
        (value(set=(Decimal(1), Decimal(3))), "3", True),
    ],
)
def test_contains(interval, number, inside):
    assert contains(interval, Decimal(number)) is inside


def test_words_have_no_bound():
    with pytest.raises(UnitError, match="positive"):
        contains(value(text_value="positive"), Decimal(1))


def test_units_must_agree():
    with pytest.raises(UnitError, match="mg"):
        intersect(value(low="1", unit="mg"), value(low="1", unit="g"))


bounds = st.none() | st.integers(-5, 5)
intervals = st.builds(
    lambda low, high, a, b: value(low, high, (a, b)), bounds, bounds, st.booleans(), st.booleans()
).filter(lambda v: v.low is not None or v.high is not None)


@given(intervals, intervals, st.integers(-12, 12))
def test_intersection_holds_what_both_hold(a, b, halves):
    number = Decimal(halves) / 2
    both = contains(a, number) and contains(b, number)
    assert contains(intersect(a, b), number) == both


@given(intervals, intervals)
def test_intersection_does_not_depend_on_order(a, b):
    assert intersect(a, b) == intersect(b, a)
