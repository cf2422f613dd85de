"""Whether a patient's event is what a mention names: by code, name, synonym, vocabulary or class.

``Matcher().meets(mention, event)`` answers for one pair. To answer for many, index events by
`Matcher.event_keys` and look `Matcher.mention_keys` up: a pair that shares no key does not meet.

A mention's qualifiers ("severe", "metastatic") are part of its name. A name is narrower than
another by what stands in front of it ("severe renal disease" is "renal disease"), unless that
changes what it is (`critextract.patients.phrases`); the other way round the answer is ``broader``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol

from critextract.hierarchies import Hierarchy, read_hierarchy
from critextract.names import normalise_name
from critextract.patients.readings import Reading, Sense, read_either, read_name
from critextract.patients.synonyms import Kind, thesaurus
from critextract.patients.vocabulary_index import VocabularyIndex
from critextract.schema import Label, Mention

Relation = Literal["same", "narrower", "broader"]
By = Literal["code", "name", "synonym", "narrower name", "vocabulary", "class"]


class NamedEvent(Protocol):
    """What is asked of an event: its domain, its name, and its codes.

    code, codes : a code alone ("I21.4", "LOINC 2160-0"), and codes with their systems.
    """

    @property
    def domain(self) -> str:
        """``condition``, ``drug``, ``procedure``, ``measurement`` or ``observation``."""

    @property
    def name(self) -> str:
        """The name it was recorded under."""

    @property
    def code(self) -> str | None:
        """Its code, without its system or with it in front."""

    @property
    def codes(self) -> Iterable[Any]:
        """Every code, each with `code` and `system`."""


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


_RANK: dict[str, int] = {
    by: rank
    for rank, by in enumerate(("code", "name", "synonym", "vocabulary", "narrower name", "class"))
}
_UNCHANGED = frozenset(
    {"active", "current", "known", "documented", "confirmed", "diagnosed", "ongoing", "any"}
    | {"concomitant", "established", "existing", "previous", "prior", "new", "other", "recent"}
)
"""Qualifiers that every recorded event has, or that say when."""

_SURE = 0.95
"""Least score at which a mention's concept is taken for what it names."""

_VAGUE_DOMAINS = {
    Label.CONDITION: ("condition",),
    Label.DRUG: ("drug",),
    Label.PROCEDURE: ("procedure", "drug"),
}
"""What a name that names no one thing ("medical condition", "treatment") may be."""

_USUAL = frozenset({"serum", "plasma", "blood", "whole blood", "venous blood", "capillary blood"})


def _kind_of_label(label: Label) -> Kind:
    if label is Label.MEASUREMENT:
        return "measurement"
    return "drug" if label is Label.DRUG else "other"


def _kind_of_domain(domain: str) -> Kind:
    if domain == "measurement":
        return "measurement"
    return "drug" if domain == "drug" else "other"


def mention_name(mention: Mention) -> str:
    """Return a mention's name: its words, with the qualifiers that stand outside them in front.

    Left out are qualifiers that an event on record has anyway ("known", "active"). Of a blood
    pressure it is the one that is meant.
    """
    if mention.component is not None:
        return f"{mention.component} blood pressure"
    front = [
        qualifier.value
        for qualifier in mention.qualifiers
        if not (mention.start <= qualifier.start and qualifier.end <= mention.end)
        and qualifier.value.lower() not in _UNCHANGED
        and not (mention.label is Label.MEASUREMENT and qualifier.value.lower() in _USUAL)
    ]
    return " ".join([*front, mention.text])


class Matcher:
    """Compare mentions with events.

    Parameters
    ----------
    vocabulary : a file of narrower and broader concepts (`critextract.hierarchies`), or one read.
    """

    def __init__(self, vocabulary: str | Path | Hierarchy | None = None) -> None:
        if isinstance(vocabulary, str | Path):
            vocabulary = read_hierarchy(Path(vocabulary))
        self.vocabulary = VocabularyIndex(vocabulary) if vocabulary is not None else None
        self._mention = lru_cache(maxsize=65536)(self._read_mention)
        self._event = lru_cache(maxsize=262144)(self._read_event)
        self._compared = lru_cache(maxsize=1048576)(_compare)

    def meets(self, mention: Mention, event: NamedEvent) -> Match | None:
        """Return by what the event is what the mention names, None where it is not known to be."""
        if not _comparable(mention.label, event.domain):
            return None
        found = self._compared(self._mention_reading(mention), self._event_reading(event))
        if found and found.relation != "broader" and _is_finding(mention.label, event.domain):
            return Match(found.by, f"{event.name!r} is recorded as a measurement", "broader")
        return found

    def mention_keys(self, mention: Mention) -> frozenset[str]:
        """Return the keys of a mention; it can meet only events that share one."""
        return self._mention_reading(mention).keys_of_mention

    def event_keys(self, event: NamedEvent) -> frozenset[str]:
        """Return the keys of an event; see `mention_keys`."""
        return self._event_reading(event).keys_of_event

    def _mention_reading(self, mention: Mention) -> Reading:
        concept = mention.concept
        code = (concept.system, concept.code, concept.score) if concept else None
        return self._mention(mention_name(mention), mention.text, mention.label, code)

    def _read_mention(
        self, name: str, text: str, label: Label, code: tuple[str, str, float] | None
    ) -> Reading:
        codes = ((code[0], code[1]),) if code and name == text else ()
        kind = _kind_of_label(label)
        drug = label in {Label.DRUG, Label.PROCEDURE}
        sure = code is None or code[2] >= _SURE
        found = read_name(
            name, kind, codes, sure=sure, may_be_drug=drug, vocabulary=self.vocabulary
        )
        if label is not Label.MEASUREMENT:
            for side, known in read_either(
                name, kind, may_be_drug=drug, vocabulary=self.vocabulary
            ):
                (found.same if known else found.loose).update(side.same)
                found.loose.update({**side.up, **side.loose} if not known else side.loose)
        if found.vague:
            for domain in _VAGUE_DOMAINS.get(label, ()):
                found.loose[f"any {domain}"] = Sense("narrower name", name)
        return found

    def _event_reading(self, event: NamedEvent) -> Reading:
        codes = tuple((code.system, code.code) for code in event.codes)
        if event.code and all(event.code != code for _, code in codes):
            codes = (*codes, (None, event.code))
        return self._event(event.name, event.domain, codes)

    def _read_event(
        self, name: str, domain: str, codes: tuple[tuple[str | None, str], ...]
    ) -> Reading:
        found = read_name(
            name,
            _kind_of_domain(domain),
            codes,
            may_be_drug=domain in {"drug", "procedure"},
            parts=domain == "drug",
            vocabulary=self.vocabulary,
        )
        found.up[f"any {domain}"] = Sense("class", f"a {domain}")
        return found


def _comparable(label: Label, domain: str) -> bool:
    """Tell whether label and domain can name the same thing; a drug is not its level in blood."""
    return {_kind_of_label(label), _kind_of_domain(domain)} != {"drug", "measurement"}


def _is_finding(label: Label, domain: str) -> bool:
    """Tell whether a condition's name was recorded as a test, whose result may be negative."""
    return label is Label.CONDITION and domain == "measurement"


# --- comparing --------------------------------------------------------------------------------


def _compare(mention: Reading, event: Reading) -> Match | None:
    """Return how two readings meet: as the same, as a kind, perhaps, or not at all."""
    same = _best(mention, event, mention.same.keys() & event.same.keys(), "same")
    if mention.opposes(event) and (same is None or same.by != "code"):
        return None
    return (
        same
        or _best(mention, event, mention.same.keys() & event.up.keys(), "narrower")
        or _perhaps(mention, event)
    )


def _best(
    mention: Reading, event: Reading, keys: Iterable[str], relation: Relation
) -> Match | None:
    senses = event.same if relation == "same" else event.up
    found = [(_RANK[senses[key].by], key, senses[key]) for key in keys]
    if not found:
        return None
    _, key, sense = min(found, key=lambda entry: entry[:2])
    match = _described(mention, event, key, sense, relation)
    if mention.vague and relation == "narrower":
        return Match(match.by, f"{mention.name!r} names no one thing", "broader", event.past)
    return match


def _described(
    mention: Reading, event: Reading, key: str, sense: Sense, relation: Relation
) -> Match:
    written = f"{event.name!r} for {mention.name!r}"
    if relation == "narrower":
        return Match(_by(sense.by), f"{event.name!r} is {sense.detail}", "narrower", event.past)
    if sense.by == "code":
        return Match("code", sense.detail, "same", event.past)
    if normalise_name(mention.name) == normalise_name(event.name) or key.startswith("name "):
        return Match("name", written, "same", event.past)
    shown = thesaurus().shown.get(key, key)
    return Match("synonym", f"{written}: {shown}", "same", event.past)


def _by(by: str) -> By:
    known: dict[str, By] = {
        "code": "code",
        "vocabulary": "vocabulary",
        "class": "class",
        "narrower name": "narrower name",
    }
    return known.get(by, "synonym")


def _perhaps(mention: Reading, event: Reading) -> Match | None:
    """Return why the event may be what the mention names, None where it is known not to be."""
    unsure = mention.same.keys() & event.unsure.keys()
    if unsure:
        why = event.unsure[min(unsure)].detail
        detail = why if "not certain" in why or "several" in why else "its name leaves that open"
        return Match("name", f"{event.name!r} may be {mention.name!r}: {detail}", "broader")
    wider = mention.up.keys() & event.same.keys()
    if wider:
        sense = mention.up[min(wider)]
        detail = f"{event.name!r} is broader than {mention.name!r}"
        return Match(_by(sense.by), detail, "broader", event.past)
    loose = mention.loose.keys() & (event.same.keys() | event.up.keys())
    if loose:
        detail = f"{event.name!r} does not say whether it is {mention.name!r}"
        return Match("narrower name", detail, "broader", event.past)
    return None
