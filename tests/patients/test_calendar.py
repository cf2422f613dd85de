"""Calendar arithmetic: months and years as such, ends as written, ages at birthdays."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critextract.patients.calendar import Span, add_months, age_in, lasted, shift, window_span
from small_rules import window

D = date.fromisoformat


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2024-03-31", -1, "2024-02-29"),
        ("2023-03-31", -1, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-01-15", -1, "2023-12-15"),
        ("2024-12-31", 2, "2025-02-28"),
        ("0001-01-01", -5, "0001-01-01"),
        ("9999-12-31", 5, "9999-12-31"),
    ],
)
def test_add_months(day, months, expected):
    assert add_months(D(day), months) == D(expected)


@pytest.mark.parametrize(
    ("number", "unit", "expected"),
    [
        ("6", "mo", "2023-12-01"),
        ("1", "a", "2023-06-01"),
        ("1.5", "a", "2022-12-01"),
        ("2", "wk", "2024-05-18"),
        ("72", "h", "2024-05-29"),
        ("12", "h", None),
        ("3", "{cycle}", None),
        ("5", "{half_life}", None),
        ("999999", "a", "0001-01-01"),
    ],
)
def test_shift_before(number, unit, expected):
    found = shift(D("2024-06-01"), Decimal(number), unit, -1)
    assert found == (expected and D(expected))


@pytest.mark.parametrize(
    ("made", "sign", "expected"),
    [
        (window(high="6", unit="mo"), -1, ("2023-12-01", "2024-06-01")),
        (window(high="6", unit="mo", open_ends=("high",)), -1, ("2023-12-02", "2024-06-01")),
        (window(low="4", unit="wk"), -1, ("0001-01-01", "2024-05-04")),
        (window(low="4", unit="wk", open_ends=("low",)), -1, ("0001-01-01", "2024-05-03")),
        (window("3", "12", "mo"), -1, ("2023-06-01", "2024-03-01")),
        (window(high="7", unit="d"), 1, ("2024-06-01", "2024-06-08")),
        (window(low="7", unit="d", open_ends=("low",)), 1, ("2024-06-09", "9999-12-31")),
    ],
)
def test_window_span(made, sign, expected):
    assert window_span(made, D("2024-06-01"), sign) == Span(*map(D, expected))


@pytest.mark.parametrize(
    ("birth", "day", "unit", "expected"),
    [
        ("2006-06-01", "2024-06-01", "a", 18),
        ("2006-06-02", "2024-06-01", "a", 17),
        ("2004-02-29", "2022-02-28", "a", 17),
        ("2004-02-29", "2022-03-01", "a", 18),
        ("2004-02-29", "2024-02-29", "a", 20),
        ("2024-01-31", "2024-02-29", "mo", 0),
        ("2024-01-31", "2024-03-31", "mo", 2),
        ("2024-05-01", "2024-05-14", "wk", 1),
        ("2024-05-01", "2024-05-15", "wk", 2),
        ("2024-05-01", "2024-05-03", "h", 48),
        ("2024-05-01", "2024-05-03", "mg", None),
    ],
)
def test_age_in(birth, day, unit, expected):
    assert age_in(D(birth), D(day), unit) == expected


@pytest.mark.parametrize(
    ("made", "start", "expected"),
    [
        (window(low="6", unit="mo"), "2023-12-01", True),
        (window(low="6", unit="mo"), "2023-12-02", False),
        (window(low="6", unit="mo", open_ends=("low",)), "2023-12-01", False),
        (window(high="2", unit="wk"), "2024-05-18", True),
        (window(high="2", unit="wk"), "2024-05-17", False),
        (window(high="2", unit="wk", open_ends=("high",)), "2024-05-18", False),
        (window(low="3", unit="{cycle}"), "2023-05-18", None),
    ],
)
def test_lasted_until_june(made, start, expected):
    assert lasted(D(start), D("2024-06-01"), made) is expected


@given(st.dates(D("1900-01-01"), D("2100-12-31")), st.integers(0, 600))
def test_months_forth_and_back_never_lead_past_the_day(day, months):
    back = add_months(add_months(day, months), -months)
    assert 0 <= (day - back).days <= 3


@given(st.dates(D("1900-01-01"), D("2000-12-31")), st.integers(0, 100))
def test_a_birthday_makes_a_year(birth, years):
    birthday = add_months(birth, 12 * years)
    assert age_in(birth, birthday, "a") == years - (birthday.day < birth.day)
    assert age_in(birth, birthday - date.resolution, "a") == years - 1
