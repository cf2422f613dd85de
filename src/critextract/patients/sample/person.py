"""Who a synthetic patient is: age, sex, conditions, and the factors that move their results."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random

from critextract.patients.model import Sex
from critextract.patients.sample.tables import (
    AGES,
    CANCERS,
    ConditionRow,
    condition_rows,
    settings,
)

_BASE_SPREAD = 0.45
_RISES_WITH_AGE = {"kidney": 0.3, "frailty": 0.25, "cognition": 0.2, "heart": 0.15, "albumin": 0.1}


@dataclass(frozen=True, slots=True)
class Course:
    """A condition someone has: since when, until when (None: going on), and its stage."""

    row: ConditionRow
    start: date
    end: date | None
    stage: str = ""


@dataclass(slots=True)
class Person:
    """A patient being drawn; `factors` are standard deviations from the usual."""

    random: Random
    today: date
    sex: Sex
    birth: date
    factors: dict[str, float] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)
    records: list[date] = field(default_factory=list)
    si_units: bool = False

    @property
    def age(self) -> float:
        """Years lived."""
        return (self.today - self.birth).days / 365.25

    @property
    def fertile(self) -> bool:
        """Tell whether a pregnancy is possible."""
        return self.sex == "female" and 15 <= self.age < 50

    def happens(self, percent: float) -> bool:
        """Draw whether something of a probability in percent happens."""
        return self.random.random() * 100 < percent

    def day_between(self, first: date, last: date) -> date:
        """Draw a day from the first to the last, the last included."""
        return first + timedelta(days=self.random.randint(0, max(0, (last - first).days)))

    def since(self, condition: str) -> date | None:
        """Return the day a condition began, None where the patient never had it."""
        course = self.courses.get(condition)
        return course.start if course else None

    @property
    def has_cancer(self) -> bool:
        """Tell whether one of the conditions is a cancer."""
        return any(course.row.kind in CANCERS for course in self.courses.values())


def draw_person(random: Random, today: date) -> Person:
    """Draw a patient: sex and age by the pyramid, conditions by age, sex and each other."""
    ages = settings()["ages"]
    bands = [(int(band), sex) for band in ages for sex in (0, 1)]
    weights = [ages[str(band)][sex] for band, sex in bands]
    band, which = random.choices(bands, weights)[0]
    lived = timedelta(days=int((band + random.random() * 10) * 365.25) + 30)
    sex: Sex = "female" if which else "male"
    person = Person(random, today, sex, today - lived)
    person.si_units = person.happens(settings()["site"]["international"])
    _draw_factors(person)
    for row in _causes_first():
        if _falls_ill(person, row):
            _add_course(person, row)
    _spread_cancer(person)
    _draw_records(person)
    return person


def _draw_factors(person: Person) -> None:
    names = sorted({name for row in condition_rows() for name, _ in row.moves})
    for name in (*names, "smoke"):
        person.factors[name] = person.random.gauss(0, _BASE_SPREAD)
    decades = (person.age - 50) / 20
    person.factors["age"] = decades
    for name, by in _RISES_WITH_AGE.items():
        person.factors[name] += by * max(decades, -1.0)


@cache
def _causes_first() -> tuple[ConditionRow, ...]:
    """Return the conditions so that each comes after those that raise it."""
    rows = {row.name: row for row in condition_rows()}
    done: dict[str, ConditionRow] = {}

    def add(row: ConditionRow) -> None:
        if row.name not in done:
            for cause, _ in row.raised_by:
                add(rows[cause])
            done[row.name] = row

    for row in rows.values():
        add(row)
    return tuple(done.values())


def share_at(row: ConditionRow, age: float) -> float:
    """Return the percent of people of an age who have a condition, between the stated ages."""
    if age <= AGES[0]:
        return row.shares[0] * age / AGES[0]
    for low, high, at_low, at_high in zip(AGES, AGES[1:], row.shares, row.shares[1:], strict=False):
        if age <= high:
            return at_low + (at_high - at_low) * (age - low) / (high - low)
    return row.shares[-1]


def _falls_ill(person: Person, row: ConditionRow) -> bool:
    if row.sex not in ("any", person.sex) or row.kind == "metastasis":
        return False
    if row.kind == "pregnancy" and not person.fertile:
        return False
    if row.name == "type 2 diabetes mellitus" and "type 1 diabetes mellitus" in person.courses:
        return False
    share = share_at(row, person.age)
    for cause, factor in row.raised_by:
        share *= factor if cause in person.courses else 1
    return person.happens(min(share, 95))


def _add_course(person: Person, row: ConditionRow) -> None:
    start = _onset(person, row)
    end: date | None = None
    if row.kind == "event":
        end = start
    elif row.kind == "episode":
        over = start + timedelta(days=person.random.randint(7, 70))
        end = over if over < person.today else None
    elif row.kind in CANCERS and person.happens(22):
        over = start + timedelta(days=person.random.randint(200, 1100))
        end = over if over < person.today else None
    stage = ""
    if row.kind == "cancer" and person.happens(88):
        stages = settings()["stages"]
        stage = person.random.choices(list(stages), list(stages.values()))[0]
        if stage == "IV":
            end = None
    person.courses[row.name] = Course(row, start, end, stage)
    if end is None or row.kind == "event":
        for name, by in row.moves:
            person.factors[name] += by * person.random.triangular(0.3, 2.0, 0.8)


def _onset(person: Person, row: ConditionRow) -> date:
    if row.kind == "pregnancy":
        return person.today - timedelta(days=person.random.randint(30, 265))
    years = {"cancer": 2.0, "blood cancer": 2.5, "skin cancer": 4.0, "episode": 4.0}
    lived = (person.today - person.birth).days
    since = person.random.expovariate(1 / (365.25 * years.get(row.kind, 7.0)))
    earliest = person.birth + timedelta(days=int(lived * 0.15))
    cause = max((person.courses[c].start for c, f in row.raised_by if c in person.courses
                 and f >= 20), default=earliest)  # fmt: skip
    latest = person.today - timedelta(days=3)
    return min(max(person.today - timedelta(days=int(since) + 3), earliest, cause), latest)


def _spread_cancer(person: Person) -> None:
    """Give cancers of stage IV their metastases."""
    spread = settings()["spread"]
    fourth = [course.start for course in person.courses.values() if course.stage == "IV"]
    for row in condition_rows():
        if row.kind == "metastasis" and fourth and person.happens(spread[row.name]):
            start = person.day_between(min(fourth), person.today - timedelta(days=2))
            person.courses[row.name] = Course(row, start, None)
            for name, by in row.moves:
                person.factors[name] += by


def _draw_records(person: Person) -> None:
    """Draw the days of records: the last within weeks, others in the two years before."""
    earliest = person.birth + timedelta(days=1)
    last = person.today - timedelta(days=int(person.random.expovariate(1 / 14)) + 1)
    busy = min(len(person.courses), 4)
    days = {max(last, earliest)}
    for _ in range(person.random.randint(0, 2 + busy)):
        back = timedelta(days=person.random.randint(14, 730))
        days.add(max(last - back, earliest))
    person.records = sorted(days)
