"""Days by the calendar: windows, ages and lengths of time, inclusive as written.

Months and years are the calendar's, not 30 and 365 days: a month before 31 March is the last of
February. A patient's days have no hours: lengths in hours that make whole days are those days,
others are unknown where a part of a day decides.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from critextract.schema import Value, Window

DAY = timedelta(days=1)
_DAYS = {"d": Decimal(1), "wk": Decimal(7)}
_MONTHS = {"mo": 1, "a": 12}
_HOURS = {"h": Decimal(1), "min": Decimal(1) / 60, "s": Decimal(1) / 3600}
_MEAN_MONTH = Decimal("30.436875")


class Span(NamedTuple):
    """Days from `first` to `last`, both included; empty where `first` is after `last`."""

    first: date
    last: date


def add_months(day: date, months: int) -> date:
    """Return the day so many months later (or earlier), the month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year < 1:
        return date.min
    if year > 9999:
        return date.max
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)


def add_days(day: date, days: int) -> date:
    """Return the day so many days later, kept within the calendar's ends."""
    place = min(max(day.toordinal() + days, 1), date.max.toordinal())
    return date.fromordinal(place)


def shift(day: date, number: Decimal, unit: str | None, sign: int) -> date | None:
    """Return the day `number` units after (`sign` 1) or before (-1) a day.

    None where the unit is no length of time by the calendar (``{cycle}``), or a part of a day.
    """
    if unit in _MONTHS:
        months = number * _MONTHS[unit]
        if months == months.to_integral_value() and months < 120_000:
            return add_months(day, sign * int(months))
        return add_days(day, sign * int((months * _MEAN_MONTH).to_integral_value()))
    hours = number * _HOURS[unit] if unit in _HOURS else None
    days = number * _DAYS[unit] if unit in _DAYS else None if hours is None else hours / 24
    if days is None or days != days.to_integral_value():
        return None
    return add_days(day, sign * int(days))


def is_part_of_day(window: Window) -> bool:
    """Tell whether a bound of the window is hours that make no whole days."""
    bounds = [bound for bound in (window.low, window.high) if bound is not None]
    return window.unit in _HOURS and any((b * _HOURS[window.unit]) % 24 for b in bounds)


def window_span(window: Window, point: date, sign: int) -> Span | None:
    """Return the days of a numbered window on one side of its reference point.

    sign : -1 before the point, 1 after it. None where the calendar does not settle the unit.
    """
    near, far = point, date.min if sign < 0 else date.max
    if window.low is not None:
        moved = shift(point, window.low, window.unit, sign)
        if moved is None:
            return None
        near = moved if window.low_closed else add_days(moved, sign)
    if window.high is not None:
        moved = shift(point, window.high, window.unit, sign)
        if moved is None:
            return None
        far = moved if window.high_closed else add_days(moved, -sign)
    return Span(far, near) if sign < 0 else Span(near, far)


def age_in(birth: date, day: date, unit: str | None) -> int | None:
    """Return completed units of age on a day, None for a unit that is no age.

    Who was born on 29 February is a year older on 1 March of a year without that day.
    """
    if unit in _MONTHS:
        months = (day.year - birth.year) * 12 + day.month - birth.month - (day.day < birth.day)
        return months // _MONTHS[unit]
    days = (day - birth).days
    if unit in _DAYS:
        return days // int(_DAYS[unit])
    return days * 24 if unit == "h" else None


def whole_unit(bounds: Value | Window) -> str | None:
    """Return the unit in which ages meet these bounds: months where years are no whole number."""
    numbers = [n for n in (bounds.low, bounds.high) if n is not None]
    if bounds.unit == "a" and any(n != n.to_integral_value() for n in numbers):
        return "mo"
    return bounds.unit


def lasted(start: date, end: date, bounds: Window) -> bool | None:
    """Tell whether what went on from `start` to `end` lasted as long as the window says."""
    for bound, closed, sign in (
        (bounds.low, bounds.low_closed, 1),
        (bounds.high, bounds.high_closed, -1),
    ):
        if bound is None:
            continue
        reached = shift(start, bound, bounds.unit, 1)
        if reached is None:
            return None
        beyond = sign * (end - reached).days
        if beyond < 0 or (beyond == 0 and not closed):
            return False
    return True
