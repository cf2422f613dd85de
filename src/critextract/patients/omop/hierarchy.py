"""Which concepts of a CDM are kinds of others: its table `concept_ancestor`.

Only what lies above a concept that a patient has is read, so the whole vocabulary may be there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from critextract.errors import InputError
from critextract.hierarchies import Hierarchy, Name
from critextract.patients.omop.database import Cdm, open_cdm
from critextract.patients.omop.tables import FACTS
from critextract.patients.recorded import recorded_name


class Narrower(NamedTuple):
    """Two names of concepts, the first a kind of the second."""

    narrower: str
    broader: str


class _Concept(NamedTuple):
    id: str
    name: str
    written: str


def narrower_concepts(source: str | Path, schema: str | None = None) -> Iterator[Narrower]:
    """Yield pairs of names of `concept_ancestor` whose narrower one a patient has.

    Parameters
    ----------
    source, schema : see `open_cdm`.

    Raises
    ------
    InputError : the CDM cannot be opened or has no table concept_ancestor.
    """
    for narrower, broader, _ in _pairs(source, schema):
        yield Narrower(narrower.name, broader.name)


def concept_hierarchy(source: str | Path, schema: str | None = None) -> Hierarchy:
    """Return the concepts above those that patients have, by id, with names and codes.

    Parameters
    ----------
    source, schema : see `open_cdm`.

    Raises
    ------
    InputError : the CDM cannot be opened or has no table concept_ancestor.
    """
    parents: dict[str, dict[str, int]] = {}
    names: dict[str, Name] = {}
    codes: dict[str, str] = {}
    for narrower, broader, steps in _pairs(source, schema):
        parents.setdefault(narrower.id, {})[broader.id] = steps
        for concept in (narrower, broader):
            names.setdefault(concept.id, Name(concept.id, concept.name))
            codes.setdefault(concept.written, concept.id)
    nearest = {entry: _nearest_first(above) for entry, above in parents.items()}
    return Hierarchy(nearest, tuple(names.values()), "OMOP", codes)


def _nearest_first(above: dict[str, int]) -> tuple[str, ...]:
    return tuple(sorted(above, key=lambda entry: (above[entry], entry)))


def _pairs(source: str | Path, schema: str | None) -> Iterator[tuple[_Concept, _Concept, int]]:
    with open_cdm(str(source), schema) as cdm:
        if "ancestor_concept_id" not in cdm.columns("concept_ancestor"):
            raise InputError(f"{cdm.label}: no table concept_ancestor")
        for row in cdm.rows(_sql(cdm)):
            if row[1] and row[5]:
                yield _concept(row[:4]), _concept(row[4:8]), int(row[8] or 0)


def _concept(row: tuple[str, str, str, str]) -> _Concept:
    number, name, vocabulary, code = row
    return _Concept(number, recorded_name(name).name, f"{vocabulary}|{code}")


def _sql(cdm: Cdm) -> str:
    used = " UNION ".join(
        f"SELECT {facts.concept} FROM {cdm.table(facts.name)}"
        for facts in FACTS
        if facts.concept and facts.concept in cdm.columns(facts.name)
    )
    columns = ", ".join(
        f"CAST({side}.{column} AS VARCHAR)"
        for side in ("n", "b")
        for column in ("concept_id", "concept_name", "vocabulary_id", "concept_code")
    )
    concept = cdm.table("concept")
    steps = "min_levels_of_separation"
    known = f"a.{steps}" if steps in cdm.columns("concept_ancestor") else "0"
    return (
        f"SELECT {columns}, {known} FROM {cdm.table('concept_ancestor')} a"
        f" JOIN {concept} n ON n.concept_id = a.descendant_concept_id"
        f" JOIN {concept} b ON b.concept_id = a.ancestor_concept_id"
        " WHERE a.ancestor_concept_id <> a.descendant_concept_id"
        f" AND a.descendant_concept_id IN ({used}) ORDER BY 1, 5"
    )
