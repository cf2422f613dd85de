"""What a patient is made of, piece by piece: facts that join, and probes of one part of a rule.

Days are counted here anew, so that patients made at the edge of a window test the check's own
calendar.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from critextract.patients.model import Domain, Event, Patient, Sex
from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, Truth
from critextract.schema import Label, Mention

DAY = timedelta(days=1)
MONTHS = {"mo": 1, "a": 12}
DAYS = {"d": 1, "wk": 7}
HOURS = {"h": Decimal(1), "min": Decimal(1) / 60, "s": Decimal(1) / 3600}

DOMAINS: dict[Label, Domain] = {
    Label.CONDITION: "condition",
    Label.DRUG: "drug",
    Label.PROCEDURE: "procedure",
    Label.MEASUREMENT: "measurement",
}
"""Where a mention's event is recorded; all else is an observation."""

NOT_RECORDED: Literal["not recorded"] = "not recorded"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is recorded about a patient; None where nothing is said about sex or birth."""

    sex: Sex | Literal["not recorded"] | None = None
    birth: date | Literal["not recorded"] | None = None
    dates: tuple[tuple[str, date], ...] = ()
    events: tuple[Event, ...] = ()

    def joined(self, other: Facts) -> Facts | None:
        """Return both together, None where they exclude each other."""
        if self.sex and other.sex and self.sex != other.sex:
            return None
        if self.birth and other.birth and self.birth != other.birth:
            return None
        dates = {**dict(other.dates), **dict(self.dates)}
        if any(dates[point] != day for point, day in other.dates):
            return None
        more = tuple(event for event in other.events if event not in self.events)
        return Facts(
            self.sex or other.sex,
            self.birth or other.birth,
            tuple(sorted(dates.items())),
            self.events + more,
        )

    def patient(self, name: str) -> Patient:
        """Return the patient of whom these facts are recorded."""
        sex = None if self.sex == NOT_RECORDED else self.sex
        birth = None if self.birth == NOT_RECORDED else self.birth
        return Patient(name, sex, birth, dict(self.dates), self.events)


NOTHING = Facts()


class Probe(NamedTuple):
    """Facts that put one part of a rule at an edge, and the truth it then has.

    truth : None where it cannot be told without asking the check itself.
    """

    what: str
    facts: Facts
    truth: Truth | None


def join_truths(truths: list[Truth], how: str) -> Truth:
    """Return what several truths make together: all of them, or any of them."""
    decisive = FALSE if how == "all" else TRUE
    if decisive in truths:
        return decisive
    return UNKNOWN if UNKNOWN in truths else TRUE if how == "all" else FALSE


def domain_of(mention: Mention) -> Domain:
    """Return the domain a mention's events are recorded in."""
    return DOMAINS.get(mention.label, "observation")


def renamed(facts: Facts, old: str, new: str) -> Facts:
    """Return the facts with the events of one name called by another."""
    events = tuple(
        replace(event, name=new) if event.name == old else event for event in facts.events
    )
    return replace(facts, events=events)


# --- days -------------------------------------------------------------------------------------


def months_from(day: date, months: int) -> date:
    """Return the day so many months later (or earlier), the month's last where it is shorter."""
    total = day.year * 12 + day.month - 1 + months
    year, month = total // 12, total % 12 + 1
    if not 1 <= year <= 9999:
        return date.min if year < 1 else date.max
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def day_from(day: date, number: Decimal, unit: str | None, sign: int) -> date | None:
    """Return the day `number` units later (`sign` 1) or earlier (-1); None where no day is meant.

    Parts of months and of days, and cycles and half-lives, mean no day of the calendar.
    """
    per_month, per_day = MONTHS.get(unit or ""), Decimal(DAYS.get(unit or "", 0))
    if unit in HOURS:
        per_day = HOURS[unit] / 24
    size = number * (per_month or per_day)
    if (not size and number) or size != size.to_integral_value() or size > 100_000:
        return None
    if per_month:
        return months_from(day, sign * int(size))
    try:
        return day + sign * int(size) * DAY
    except OverflowError:
        return None


def near(day: date) -> tuple[tuple[str, date], ...]:
    """Return a day with the day before and the day after it."""
    return (
        ("", day),
        (", a day earlier", max(day, date.min + DAY) - DAY),
        (", a day later", min(day, date.max - DAY) + DAY),
    )
