"""Whether a patient's event is what a mention names: by code, name, synonym, vocabulary or class.

``Matcher().meets(mention, event)`` answers for one pair. To answer for many, index events by
`Matcher.event_keys` and look `Matcher.mention_keys` up: a pair that shares no key does not meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from critextract.names import normalise_name
from critextract.schema import Mention

Relation = Literal["same", "narrower", "broader"]
By = Literal["code", "name", "synonym", "narrower name", "vocabulary", "class"]


class NamedEvent(Protocol):
    """What is asked of an event: its domain, its name, and its code.

    code : None, "LOINC 2160-0", ``{"system", "code"}`` (a mapping or an object), or several.
    """

    @property
    def domain(self) -> str:
        """``condition``, ``drug``, ``procedure``, ``measurement`` or ``observation``."""

    @property
    def name(self) -> str:
        """The name it was recorded under."""

    @property
    def code(self) -> Any:
        """Its code; see above."""


@dataclass(frozen=True, slots=True)
class Match:
    """By what a mention and an event met.

    relation : ``same`` and ``narrower``: the event is what the mention names. ``broader``: it may
        be ("renal disease" for "severe renal disease", "suspected pneumonia" for "pneumonia"):
        the answer is unknown, and `detail` says why.
    past : the event's name itself says that it is over ("history of stroke", "old infarction").
    """

    by: By
    detail: str
    relation: Relation = "same"
    past: bool = False


class Matcher:
    """Compare mentions with events; `vocabulary` is a file of narrower and broader concepts."""

    def __init__(self, vocabulary: str | Path | None = None) -> None:
        self.vocabulary = vocabulary

    def meets(self, mention: Mention, event: NamedEvent) -> Match | None:
        """Return by what the event is what the mention names, None where it is not known to be."""
        shared = self.mention_keys(mention) & self.event_keys(event)
        return Match("name", mention.text) if shared else None

    def mention_keys(self, mention: Mention) -> frozenset[str]:
        """Return the keys of a mention; it can meet only events that share one."""
        return frozenset({normalise_name(mention.text)})

    def event_keys(self, event: NamedEvent) -> frozenset[str]:
        """Return the keys of an event; see `mention_keys`."""
        return frozenset({normalise_name(event.name)})
