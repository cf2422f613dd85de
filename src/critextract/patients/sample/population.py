"""A synthetic population: plausible, of no real person, the same for the same seed.

Patients are drawn from the tables in ``data/sample``: sex and age by a pyramid, conditions by age,
sex and the conditions that lead to them, and from these what moves results together: who has
chronic kidney disease has a higher creatinine and potassium and a lower haemoglobin. The shares
are round figures of textbook size, made for tests and examples: no epidemiology can be read off.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from critextract.patients.model import Event, Patient
from critextract.patients.sample.history import history_events
from critextract.patients.sample.person import Person, draw_person
from critextract.patients.sample.results import result_events
from critextract.patients.sample.tables import settings

TODAY = date(2024, 6, 1)
"""The day before which everything in a sample happened, unless another is given."""


def sample_patients(count: int, seed: int = 0, today: date = TODAY) -> Iterator[Patient]:
    """Yield patients with the ids "1", "2", …; nothing of them lies on `today` or later.

    Each is drawn from seed and number alone: a larger sample begins with the smaller.
    """
    for number in range(1, count + 1):
        person = draw_person(Random(f"{seed}/{number}"), today)
        events = [*history_events(person), *result_events(person)]
        yield _patient(str(number), person, sorted(events, key=event_order))


def event_order(event: Event) -> tuple[date, date, str, str, str]:
    """Return what events are sorted by: days, then names."""
    start = event.start or date.min
    return start, event.end or date.max, event.domain, event.name, str(event.value)


def _patient(name: str, person: Person, events: list[Event]) -> Patient:
    missing = settings()["missing"]
    birth: date | None = person.birth
    last: date | None = None
    undated = any(event.end_last is not None for event in events)  # they reckon from birth
    if not undated and person.happens(missing["birth"]):
        birth = None
    elif not undated and person.happens(missing["birth_day"]):
        birth = person.birth.replace(day=1)
        following = date(birth.year + birth.month // 12, birth.month % 12 + 1, 1)
        last = following - date.resolution
    return Patient(
        id=name,
        sex=None if person.happens(missing["sex"]) else person.sex,
        birth_date=birth,
        birth_last=last,
        events=tuple(events),
    )
