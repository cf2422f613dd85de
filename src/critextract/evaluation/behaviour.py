"""Verdicts of gold's and the prediction's rule on patients at the boundaries of both.

Two rules that decide every patient alike are as good as each other, however they are written; two
that differ in one comparator decide the patient at that bound differently. For each criterion
without a parent that has a rule in gold, patients are made at the boundaries of gold's rule and of
the predicted one (`PatientsOf`), and both rules are asked what holds of each: true, false or
unknown. A criterion that the prediction has no rule for, or does not have at all, is unknown for
every patient. So that thousands of documents take minutes, at most `PER_LEAF` patients of a leaf
are asked about, and fewer where a criterion has many leaves.

Worked example: gold ``Hb >= 9``, predicted ``Hb > 9``; patients with 8.9, 9 and 9.1 come from
either rule. Gold says false, true, true; the prediction false, false, true: 4 of 6 are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from critextract.evaluation.alignment import Alignment
from critextract.evaluation.bootstrap import share_interval
from critextract.evaluation.evaluate import RESAMPLES, SEED, Behave
from critextract.evaluation.results import Behaviour
from critextract.evaluation.rules import criteria_in_pairs
from critextract.schema import Criterion, Record

if TYPE_CHECKING:
    from critextract.patients.check import Checker
    from critextract.patients.model import Patient

AS_OF = date(2024, 6, 1)
"""Day of screening of all boundary patients."""

PatientsOf = Callable[[Record, date], "Iterable[Patient]"]
"""Makes patients at the boundaries of every rule of a record, for a day of screening."""

PER_LEAF, PER_CRITERION = 12, 60
"""Patients of one leaf and of one criterion that are asked about; the most telling come first."""

TOGETHER = 50
"""Documents whose names are kept together; what is learned of them is then let go."""


def boundary_behaviour() -> Behave:
    """Return what compares verdicts on the boundary patients of this package."""
    from critextract.patients.boundary import boundary_patients

    few = partial(boundary_patients, per_leaf=PER_LEAF, per_criterion=PER_CRITERION)
    return partial(behaviour, patients_of=few)


def behaviour(
    alignments: Sequence[Alignment],
    *,
    patients_of: PatientsOf,
    as_of: date = AS_OF,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Behaviour:
    """Return how often both sides say the same of boundary patients, over all documents.

    The interval is a bootstrap over documents; `share` is None where no patient could be made.
    """
    from critextract.patients.check import Checker

    confusion: Counter[tuple[str, str]] = Counter()
    by_document: dict[str, tuple[int, int]] = {}
    criteria = criteria_same = 0
    for number, alignment in enumerate(alignments):
        if number % TOGETHER == 0:
            checker = Checker(as_of)
        same = asked = 0
        for gold, pred in _decided(alignment):
            said = Counter(_said(checker, gold, pred, patients_of, as_of))
            alike = sum(count for (one, two), count in said.items() if one == two)
            confusion += said
            asked += said.total()
            same += alike
            criteria += bool(said)
            criteria_same += bool(said) and alike == said.total()
        by_document[alignment.gold.id] = (same, asked)
    alike, patients = confusion_same(confusion), confusion.total()
    return Behaviour(
        patients,
        alike,
        alike / patients if patients else None,
        share_interval(by_document, resamples, seed),
        criteria,
        criteria_same,
        dict(sorted(confusion.items())),
    )


def confusion_same(confusion: Counter[tuple[str, str]]) -> int:
    """Return the number of patients of whom both sides say the same."""
    return sum(count for (gold, pred), count in confusion.items() if gold == pred)


def _decided(alignment: Alignment) -> Iterator[tuple[Record, Record | None]]:
    """Yield each criterion of gold that patients can be asked about, and its partner, alone."""
    for gold, pred in criteria_in_pairs(alignment):
        if gold is None or gold.rule is None or gold.parent is not None:
            continue
        partner = alone(alignment.pred, pred) if pred and pred.rule is not None else None
        yield alone(alignment.gold, gold), partner


def alone(record: Record, criterion: Criterion) -> Record:
    """Return the record with one criterion, made a top one, and those below it."""
    kept = {criterion.id}
    for one in record.criteria:  # parents stand before their children
        if one.parent in kept:
            kept.add(one.id)
    criteria = (
        replace(one, parent=None) if one.id == criterion.id else one
        for one in record.criteria
        if one.id in kept
    )
    return replace(record, demographics=None, criteria=tuple(criteria))


def _said(
    checker: Checker, gold: Record, pred: Record | None, patients_of: PatientsOf, as_of: date
) -> Iterator[tuple[str, str]]:
    """Yield what gold and the prediction say of each patient at the boundaries of both."""
    sides = [gold] if pred is None else [gold, pred]
    trials = [checker.trial(side) for side in sides]
    for side in sides:
        for patient in patients_of(side, as_of):
            chart = checker.chart(patient)
            holds = [trial.verdict(chart).criteria[0].holds for trial in trials]
            yield holds[0], holds[1] if pred is not None else "unknown"
