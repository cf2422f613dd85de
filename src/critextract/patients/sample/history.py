"""The history of a synthetic patient: conditions, drugs, procedures, habits, stays, allergies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from critextract.patients.model import Code, Domain, Event
from critextract.patients.recorded import event_codes
from critextract.patients.sample.person import Course, Person
from critextract.patients.sample.results import recent
from critextract.patients.sample.tables import DrugRow, drug_rows, procedure_rows, settings

_LASTS = {"chemotherapy": 84, "radiotherapy": 35}
"""Days procedures last that take more than one."""

_WARFARIN = 7.5
"""What warfarin does to coagulation: an INR between 2 and 3."""


def history_events(person: Person) -> Iterator[Event]:
    """Yield everything of a patient that is no measurement."""
    for course in person.courses.values():
        yield _condition(person, course)
    yield from _drugs(person)
    yield from _procedures(person)
    yield from _habits(person)
    yield from _stays(person)
    for allergen, share in settings()["allergies"].items():
        if person.happens(share):
            start = person.day_between(person.birth, person.today - timedelta(days=30))
            yield _event("condition", f"allergy to {allergen}", [], start, None)


def _event(
    domain: Domain, name: str, codes: list[Code], start: date | None, end: date | None
) -> Event:
    code, all_codes = event_codes(codes)
    return Event(domain, name, code, start, end, codes=all_codes)


def _condition(person: Person, course: Course) -> Event:
    row = course.row
    codes = [Code(row.snomed, "SNOMED CT"), Code(row.icd10, "ICD-10-CM")]
    missing = settings()["missing"]
    if course.stage:  # the code of the cancer says nothing of its stage
        name = f"stage {course.stage} {row.name}"
        return _event("condition", name, codes[1:], course.start, course.end)
    if course.end is not None and person.happens(missing["history_only"]):
        code, all_codes = event_codes(codes[:1])
        written = person.records[-1]
        first = min(person.birth, written)
        return Event("condition", row.name, code, None, first, codes=all_codes, end_last=written)
    undated = course.end is None and person.happens(missing["condition_day"])
    return _event("condition", row.name, codes, None if undated else course.start, course.end)


# --- drugs and procedures ---------------------------------------------------------------------


def _drugs(person: Person) -> Iterator[Event]:
    taken: set[str] = set()
    for row in drug_rows():
        since = _reason_since(person, row.reason)
        if since is None or row.name in taken or not person.happens(row.share):
            continue
        taken.add(row.name)
        start, end = _taken(person, row, since)
        if row.name == "warfarin" and end is None:
            person.factors["coagulation"] += _WARFARIN
        codes = [Code(row.rxnorm, "RxNorm")] if row.rxnorm else []
        yield _event("drug", row.name, codes, start, end)


def _reason_since(person: Person, reason: str) -> date | None:
    """Return the day from which something can have been given for a reason."""
    adult = person.birth + timedelta(days=int(365.25 * 15))
    if reason == "-":
        return max(adult, person.today - timedelta(days=1800)) if adult < person.today else None
    if reason == "contraception":
        fertile = person.fertile and "pregnancy" not in person.courses
        return max(adult, person.today - timedelta(days=1800)) if fertile else None
    return person.since(reason)


def _taken(person: Person, row: DrugRow, since: date) -> tuple[date, date | None]:
    last = person.today - timedelta(days=1)
    if row.kind == "once":
        day = max(since, recent(person, 1000))
        return day, day
    start = person.day_between(since, last)
    if row.kind == "running":
        if person.happens(86):
            return start, None
        return start, person.day_between(start, last)
    planned = start + timedelta(days=round(int(row.kind) * 7 * person.random.uniform(0.8, 1.1)))
    return start, planned if planned <= last else None


def _procedures(person: Person) -> Iterator[Event]:
    done: set[str] = set()
    last = person.today - timedelta(days=1)
    for row in procedure_rows():
        since = _reason_since(person, row.reason)
        if since is None or row.name in done or not person.happens(row.share):
            continue
        done.add(row.name)
        start = person.day_between(since, last)
        end = min(start + timedelta(days=_LASTS.get(row.name, 0)), last)
        yield _event("procedure", row.name, [Code(row.snomed, "SNOMED CT")], start, end)


# --- habits and stays -------------------------------------------------------------------------


def _habits(person: Person) -> Iterator[Event]:
    habits = settings()["habits"]
    day = person.records[-1]
    smoking = person.random.random() * 100
    if person.age >= 15 and person.happens(habits["asked"]):
        if smoking < habits["smokes"]:
            person.factors["smoke"] += 1
            current = [Code("449868002", "SNOMED CT")]
            yield _event("observation", "smoking", current, day, None)
        elif smoking < habits["smokes"] + habits["smoked"]:
            first = min(person.birth, day)
            yield Event("observation", "smoking", None, None, first, end_last=day)
        else:
            never = [Code("266919005", "SNOMED CT")]
            yield _event("observation", "never smoker", never, day, None)
    if person.age >= 18 and person.happens(habits["alcohol"]):
        drinks = Decimal(int(person.random.expovariate(1 / 5)))
        code, codes = event_codes([Code("11331-6", "LOINC")])
        unit = "{drinks}/wk"
        yield Event(
            "observation", "alcohol consumption", code, day, None, drinks, unit, codes=codes
        )


def _stays(person: Person) -> Iterator[Event]:
    for name, share in settings()["stays"].items():
        if not person.happens(share + 4 * len(person.courses)):
            continue
        start = recent(person, 900)
        nights = 0 if name != "hospitalization" else int(person.random.expovariate(1 / 5)) + 1
        end = start + timedelta(days=nights)
        yield _event("observation", name, [], start, end if end < person.today else None)
