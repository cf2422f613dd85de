"""Patients at every boundary of a record's rules, each with the verdict it must get.

A unit test of a protocol: for each leaf of each rule a patient one step below a bound, at it and
above it, with no result, in another unit; on day N and N + 1 of a window; in each case and each
exception; all else held so that this leaf decides. What is expected follows from how the patient
was made, not from the check, so that running it tests the check too.

Where that cannot be told, `BoundaryPatient.holds` is None: uncovered parts that may change the
rule, facts of two leaves that exclude each other, an event that two leaves name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from critextract.patients.boundary_atoms import Atoms
from critextract.patients.boundary_facts import NOTHING, Facts, Probe
from critextract.patients.boundary_persons import age_probes, sex_probes
from critextract.patients.boundary_rules import (
    Atom,
    Tree,
    atoms_of,
    tree_of,
    truth_of_tree,
    wishes_around,
)
from critextract.patients.matching import Matcher
from critextract.patients.model import Patient, patient_to_dict
from critextract.patients.verdicts import UNKNOWN, Truth
from critextract.rules import Is
from critextract.schema import Criterion, Record, Value

PER_LEAF = 40
"""Patients made for one leaf, the most telling ones."""

PER_CRITERION = 400
"""Patients made for one criterion; of one with many leaves, each has as many as go into that."""

AT_LEAST = 4
"""Patients made for a leaf of any criterion, however many leaves it has."""


@dataclass(frozen=True, slots=True)
class BoundaryPatient:
    """A patient made for one edge of one leaf.

    trial, criterion : the record and the criterion (or ``D1`` to ``D3``) that is decided.
    mentions : ids of the mentions of the leaf, empty for the registry's own fields.
    what : where the patient stands, in words.
    holds : truth of the criterion the patient must get; None where it is not derived, and `why`.
    """

    patient: Patient
    trial: str
    criterion: str
    mentions: tuple[str, ...]
    what: str
    holds: Truth | None
    why: str = ""


def boundary_patients(
    record: Record,
    as_of: date,
    *,
    per_leaf: int = PER_LEAF,
    per_criterion: int = PER_CRITERION,
) -> Iterator[Patient]:
    """Yield the patients at the boundaries of every rule of a record.

    Parameters
    ----------
    as_of : the day of screening they are made for.
    per_leaf : how many at most for one leaf; the most telling come first.
    per_criterion : of a criterion with more leaves than go into that, a leaf has fewer, and
        `AT_LEAST` anyway.
    """
    made = boundary_cases(record, as_of, per_leaf=per_leaf, per_criterion=per_criterion)
    return (one.patient for one in made)


def boundary_cases(
    record: Record,
    as_of: date,
    *,
    per_leaf: int = PER_LEAF,
    per_criterion: int = PER_CRITERION,
    matcher: Matcher | None = None,
) -> Iterator[BoundaryPatient]:
    """Yield the patients of `boundary_patients` with what each is made for and must get.

    matcher : tells which events may be what another leaf names; without, the one of the package.
    """
    atoms = Atoms(record, as_of, matcher or _matcher())
    made = _all(record, as_of, atoms, (per_leaf, per_criterion))
    for number, (criterion, mentions, probe, why) in enumerate(made, 1):
        patient = probe.facts.patient(f"{record.id}/{criterion}/{number}")
        yield BoundaryPatient(patient, record.id, criterion, mentions, probe.what, probe.truth, why)


@cache
def _matcher() -> Matcher:
    return Matcher()


def boundary_to_dict(made: BoundaryPatient) -> dict[str, Any]:
    """Return the JSON form: the patient's, with `made_for` and `expected` (null: not derived)."""
    expected = {"trial": made.trial, "criterion": made.criterion, "holds": made.holds}
    return {
        **patient_to_dict(made.patient),
        "made_for": {
            "trial": made.trial,
            "criterion": made.criterion,
            "mentions": list(made.mentions),
            "what": made.what,
        },
        "expected": expected if made.holds is not None else None,
    }


_Made = tuple[str, tuple[str, ...], Probe, str]


def _all(record: Record, as_of: date, atoms: Atoms, limits: tuple[int, int]) -> Iterator[_Made]:
    yield from _demographics(record, as_of)
    for criterion in record.criteria:
        if criterion.parent is None:
            for mentions, probe, why in _criterion(record, criterion, atoms, limits):
                yield criterion.id, mentions, probe, why


def _demographics(record: Record, as_of: date) -> Iterator[_Made]:
    fields = record.demographics
    if fields is None:
        return
    if fields.sex in ("male", "female"):
        for probe in sex_probes(fields.sex):
            yield "D1", (), probe, ""
    for name, limit in (("D2", fields.min_age), ("D3", fields.max_age)):
        if limit is not None:
            low, high = (limit.value, None) if name == "D2" else (None, limit.value)
            closed = (True, None) if name == "D2" else (None, True)
            bounds = Value(0, 1, low, closed[0], high, closed[1], unit=limit.unit)
            for probe in age_probes([bounds], "all", as_of):
                yield name, (), probe, ""


def _criterion(
    record: Record, criterion: Criterion, atoms: Atoms, limits: tuple[int, int]
) -> Iterator[tuple[tuple[str, ...], Probe, str]]:
    tree = tree_of(record, criterion)
    found = atoms_of(tree)
    yield (), *_nothing(tree, atoms)
    most = min(limits[0], max(AT_LEAST, limits[1] // max(len(found), 1)))
    for atom in found:
        mentions = _mentions(atom)
        for probe, why in _at_atom(tree, atom, atoms, most):
            yield mentions, probe, why


_PARTIAL = "uncovered parts may change the rule"
_CLASH = "facts of two leaves exclude each other, or name the same"
_OPEN = "not fixed by the contract"


def _mentions(atom: Atom) -> tuple[str, ...]:
    if isinstance(atom.rule, Is):
        return (atom.rule.mention,)
    return tuple(arg.mention for arg in atom.rule.args if isinstance(arg, Is))


def _nothing(tree: Tree, atoms: Atoms) -> tuple[Probe, str]:
    """Return a patient of whom nothing at all is recorded."""
    truths: dict[Atom, Truth] = {}
    for atom in atoms_of(tree):
        own = [p.truth for p in atoms.probes(atom) if p.facts == NOTHING]
        if not own:  # of a person: the sex or the birth that is not recorded
            own = [p.truth for p in atoms.probes(atom) if not p.facts.patient("").events]
            own = [truth for truth in own if truth == UNKNOWN]
        if own and own[0] is not None:
            truths[atom] = own[0]
    whole = len(truths) == len(atoms_of(tree))
    truth = truth_of_tree(tree, truths) if whole else None
    why = "" if truth else _PARTIAL if whole else _OPEN
    return Probe("nothing at all recorded", NOTHING, truth), why


def _at_atom(tree: Tree, atom: Atom, atoms: Atoms, per_leaf: int) -> Iterator[tuple[Probe, str]]:
    """Yield the patients of one atom, among others that let it decide."""
    probes = atoms.probes(atom)[:per_leaf]
    wishes = wishes_around(tree, atom)
    fits: dict[Facts, tuple[Facts, dict[Atom, Truth]] | None] = {}
    for probe in probes:
        shared = _shared(atoms, wishes, probe.facts)
        if shared not in fits:
            fits[shared] = atoms.fitting(wishes, shared, atom)
        found = fits[shared]
        facts = probe.facts.joined(found[0]) if found else None
        if found is None or facts is None:
            yield probe._replace(truth=None), _CLASH
        elif probe.truth is None:
            yield probe._replace(facts=facts), _OPEN
        else:
            truth = truth_of_tree(tree, {**found[1], atom: probe.truth})
            yield probe._replace(facts=facts, truth=truth), "" if truth else _PARTIAL


def _shared(atoms: Atoms, others: Iterable[Atom], facts: Facts) -> Facts:
    """Return the facts that other leaves ask about, too: people's, and events they may name."""
    touched = {event for other in others for event in atoms.touching(other, facts)}
    events = tuple(event for event in facts.events if event in touched)
    return Facts(facts.sex, facts.birth, facts.dates, events)
