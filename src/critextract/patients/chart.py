"""A patient's events by what they are called, and the mentions that meet them.

Names are few and patients many: each distinct name of an event is compared with each distinct
mention once, whoever has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from critextract.patients.matching import Match, Matcher
from critextract.patients.model import Code, Event, Patient
from critextract.patients.ranges import ReferenceRanges
from critextract.schema import Mention


@dataclass(frozen=True, slots=True)
class EventName:
    """What an event is called: its domain, its name and its codes."""

    domain: str
    name: str
    code: str | None
    codes: tuple[Code, ...]


class Met(NamedTuple):
    """An event a mention meets: its place in `Patient.events`, itself, and by what."""

    place: int
    event: Event
    match: Match


class Concept:
    """What a mention names, and which of the names seen so far meet it."""

    __slots__ = ("_keys", "_readings", "_seen", "id", "matches")

    def __init__(self, place: int, readings: Sequence[Mention], keys: frozenset[str]) -> None:
        self.id = place
        self._readings = readings
        self.matches: dict[int, Match] = {}
        self._keys = keys
        self._seen = 0

    def look(self, names: Names) -> None:
        """Compare the mention with the names that came after the last look."""
        for place in range(self._seen, len(names.names)):
            if not self._keys.isdisjoint(names.keys[place]):
                match = self._match(names, names.names[place])
                if match is not None:
                    self.matches[place] = match
        self._seen = len(names.names)

    def _match(self, names: Names, name: EventName) -> Match | None:
        """Return by what a name meets the mention, by itself or with its qualifiers."""
        found = [names.matcher.meets(reading, name) for reading in self._readings]
        met = [match for match in found if match is not None]
        return next(
            (match for match in met if match.relation != "broader"), met[0] if met else None
        )


class Names:
    """Every distinct name of an event, and every distinct concept of the rules."""

    def __init__(self, vocabulary: str | Path | None = None) -> None:
        self.matcher = Matcher(vocabulary)
        self.names: list[EventName] = []
        self.keys: list[frozenset[str]] = []
        self.selections: dict[tuple[object, ...], int] = {}
        self._places: dict[EventName, int] = {}
        self._concepts: dict[Any, Concept] = {}

    def place(self, event: Event) -> int:
        """Return the number of an event's name; a new one is kept."""
        codes = event.codes or (() if event.code is None else (Code(event.code),))
        name = EventName(event.domain, event.name, event.code, codes)
        place = self._places.get(name)
        if place is None:
            place = self._places[name] = len(self.names)
            self.names.append(name)
            self.keys.append(self.matcher.event_keys(name))
        return place

    def has_qualities(self, mention: Mention, event: Event) -> bool:
        """Tell whether the event's name is the mention's with all its qualifiers."""
        match = self.matcher.meets(mention, self.names[self.place(event)])
        return match is not None and match.relation != "broader"

    def concept(self, mention: Mention) -> Concept:
        """Return what a mention names; mentions of one name share it."""
        code = mention.concept and (mention.concept.system, mention.concept.code)
        outside = tuple(
            q.value
            for q in mention.qualifiers
            if not (mention.start <= q.start and q.end <= mention.end)
        )
        key = (mention.label, mention.text, code, mention.component, outside)
        if key not in self._concepts:
            bare = replace(mention, qualifiers=(), values=(), windows=())
            readings = (bare, replace(mention, values=(), windows=())) if outside else (bare,)
            keys = frozenset().union(*(self.matcher.mention_keys(one) for one in readings))
            self._concepts[key] = Concept(len(self._concepts), readings, keys)
        return self._concepts[key]


class Chart:
    """One patient on one day, as rules ask for it; `memo` keeps what was asked before."""

    __slots__ = ("_met", "as_of", "by_name", "memo", "names", "patient", "ranges")

    def __init__(
        self, patient: Patient, as_of: date, names: Names, ranges: ReferenceRanges | None = None
    ) -> None:
        self.patient = patient
        self.as_of = as_of
        self.names = names
        self.ranges = ranges or ReferenceRanges()
        self.by_name: dict[int, list[int]] = {}
        for place, event in enumerate(patient.events):
            self.by_name.setdefault(names.place(event), []).append(place)
        self.memo: dict[int, Any] = {}
        self._met: dict[int, Sequence[Met]] = {}

    def met(self, concept: Concept) -> Sequence[Met]:
        """Return the patient's events that a concept meets, in the order they are recorded."""
        known = self._met.get(concept.id)
        if known is None:
            concept.look(self.names)
            by_name, events = self.by_name, self.patient.events
            found = [
                Met(place, events[place], match)
                for name, match in concept.matches.items()
                if name in by_name
                for place in by_name[name]
            ]
            known = self._met[concept.id] = sorted(found) if len(found) > 1 else found
        return known
