"""Conditions, procedures, immunizations, allergies, stays, and the death of a patient."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from critextract.patients.fhir.parts import (
    Concept,
    NoEventError,
    Resource,
    Span,
    concept,
    days,
    ended,
    event,
    span,
    status_of,
    written_by,
)
from critextract.patients.model import Days, Domain, Event
from critextract.patients.recorded import Recorded, recorded_name
from critextract.patients.words import meaning

_VERIFIED = frozenset({"unconfirmed", "provisional", "differential", "confirmed", "presumed"})
_REFUTED = frozenset({"refuted", "entered-in-error"})
_ACTIVE = frozenset({"active", "recurrence", "relapse"})
_OVER = frozenset({"inactive", "remission", "resolved"})
_DONE = frozenset({"in-progress", "on-hold", "stopped", "completed", "unknown"})
_NOT_DONE = frozenset({"preparation", "not-done", "entered-in-error"})
_STAYED = frozenset({"arrived", "triaged", "in-progress", "onleave", "finished", "unknown"})
_NO_STAY = frozenset({"planned", "cancelled", "entered-in-error"})
_SENSITIVE = ("allerg", "intoleran", "hypersensitiv", "sensitivity", "anaphyla", "reaction")


def _clinical(data: Resource) -> bool:
    """Tell whether a condition or allergy is still going on."""
    return status_of(data, "clinicalStatus", _ACTIVE | _OVER, frozenset()) not in _OVER


def condition_events(data: Resource, born: date | None, source: str) -> Iterator[Event]:
    """Yield the event of a Condition; refuted ones are none, those not confirmed are "suspected".

    One that is resolved, inactive or in remission without a day ended between its start and the
    writing of the resource; so did one recorded as "history of".
    """
    verified = status_of(data, "verificationStatus", _VERIFIED, _REFUTED)
    if verified is None:
        return
    named = concept(data.get("code"))
    name, kind = recorded_name(named.name)
    smokes = meaning("smoking", (*named.said, name))
    if kind == "absent" or smokes == "unknown":
        return
    when = _onset(data, born)
    if smokes == "former":
        named, (name, kind) = Concept("smoking", ()), Recorded("smoking", "past")
    if not _clinical(data) or kind == "past" or "abatementString" in data:
        when = ended(when, written_by(data), born)
    if kind == "past":
        when = Span(None, _history_end(when, data))
    unsure = verified in {"unconfirmed", "provisional", "differential"}
    if kind in ("family", "uncertain"):
        named = Concept(recorded_whole(named.name), ())
    elif unsure:
        named = Concept(f"suspected {name}", ())
    else:
        named = Concept(name, named.codes if kind == "present" else ())
    domain: Domain = "observation" if kind == "family" else "condition"
    stage = _stage(data)
    unit = "{stage}" if stage else None
    yield event(domain, named, when, value=stage, unit=unit, source=source)


def _stage(data: Resource) -> str | None:
    """Return the words of a condition's stage, None where there is none or several differ."""
    given = [item["summary"] for item in data.get("stage") or [] if item.get("summary")]
    names = {concept(summary, "stage").name for summary in given}
    return names.pop() if len(names) == 1 else None


def recorded_whole(name: str) -> str:
    """Return a recorded name with its lead-in, without its tag."""
    bare = recorded_name(name).name
    start = name.find(bare)
    return name[: start + len(bare)] if start >= 0 else name


def _history_end(when: Span, data: Resource) -> Days | None:
    """Return when what is recorded as history was over: before it was recorded."""
    recorded = days(data.get("recordedDate")) or when.start
    if recorded is None or when.end is None:
        return when.end
    return Days(min(when.end.first, recorded.last), recorded.last)


def _onset(data: Resource, born: date | None) -> Span:
    """Return onset and abatement as days; an age counts from birth."""
    start = span(data, "onset").start or _at_age(data.get("onsetAge"), born)
    abated = span(data, "abatement")
    end = abated.end or abated.start or _at_age(data.get("abatementAge"), born)
    if start is None and data.get("recordedDate") and end is None and not data.get("onsetString"):
        start = _by(days(data["recordedDate"]), born)
    return Span(start, end)


def _by(recorded: Days | None, born: date | None) -> Days | None:
    """Return the days a condition can have begun on that was recorded on a day."""
    if recorded is None or born is None or born > recorded.first:
        return recorded
    return Days(born, recorded.last)


def _at_age(age: Resource | None, born: date | None) -> Days | None:
    """Return the year of life an age in years names."""
    if not age or born is None or age.get("code", "a") not in ("a", "year", "years"):
        return None
    years = int(age.get("value") or 0)
    try:
        first = _birthday(born, years)
        return Days(first, _birthday(born, years + 1) - date.resolution)
    except (ValueError, OverflowError):
        raise NoEventError(f"onsetAge or abatementAge is {years} years, expected an age") from None


def _birthday(born: date, years: int) -> date:
    day = 28 if (born.month, born.day) == (2, 29) else born.day
    return date(born.year + years, born.month, day)


def procedure_events(data: Resource, born: date | None, source: str) -> Iterator[Event]:
    """Yield the event of a Procedure that was begun; what was not done is none."""
    status = status_of(data, "status", _DONE, _NOT_DONE)
    if status is None:
        return
    when = span(data, "performed")
    if when.end is None and status in {"completed", "stopped"}:
        when = ended(when, written_by(data), born)
    named = concept(data.get("code"))
    name, kind = recorded_name(named.name)
    if kind == "absent":
        return
    yield event("procedure", Concept(name, named.codes), when, source=source)


def immunization_events(data: Resource, _: date | None, source: str) -> Iterator[Event]:
    """Yield the event of a vaccine that was given."""
    left = frozenset({"not-done", "entered-in-error"})
    if status_of(data, "status", frozenset({"completed"}), left) is None:
        return
    named = concept(data.get("vaccineCode"), "vaccineCode")
    lower = named.name.lower()
    name = named.name if "vaccin" in lower or "immuni" in lower else f"{named.name} vaccine"
    yield event("drug", Concept(name, named.codes), span(data, "occurrence"), source=source)


def allergy_events(data: Resource, born: date | None, source: str) -> Iterator[Event]:
    """Yield a condition "allergy to X"; the codes of a substance X are not those of the allergy."""
    if status_of(data, "verificationStatus", _VERIFIED, _REFUTED) is None:
        return
    given = concept(data.get("code"))
    name, kind = recorded_name(given.name)
    if kind == "absent":
        return
    if any(word in name.lower() for word in _SENSITIVE):
        named = Concept(name, given.codes)
    else:
        what = "intolerance" if data.get("type") == "intolerance" else "allergy"
        named = Concept(f"{what} to {name}", ())
    start = span(data, "onset").start or _by(days(data.get("recordedDate")), born)
    when = Span(start)
    if not _clinical(data):
        when = ended(when, written_by(data), born)
    yield event("condition", named, when, source=source)


def encounter_events(data: Resource, born: date | None, source: str) -> Iterator[Event]:
    """Yield a stay or visit by its class: "hospitalization", "outpatient visit"."""
    status = status_of(data, "status", _STAYED, _NO_STAY)
    if status is None:
        return
    name = meaning("visit", [(data.get("class") or {}).get("code")])
    if name is None:
        return
    when = span({"periodPeriod": data.get("period")}, "period")
    if status == "finished":
        when = ended(when, written_by(data), born)
    yield event("observation", Concept(name, ()), when, source=source)


def death_events(data: Resource, source: str) -> Iterator[Event]:
    """Yield the death of a patient who is recorded as deceased."""
    if data.get("deceasedBoolean") or data.get("deceasedDateTime"):
        day = days(data.get("deceasedDateTime"))
        yield event("observation", Concept("death", ()), Span(day, day), source=source)
