"""Boundary patients run through the check: how many get the verdict they must get."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from critextract.patients.boundary import BoundaryPatient, boundary_cases
from critextract.patients.check import Checker
from critextract.patients.verdicts import Truth
from critextract.schema import Record


@dataclass(frozen=True, slots=True)
class Difference:
    """A boundary patient that the check decides differently."""

    made: BoundaryPatient
    found: Truth
    why: str


@dataclass(slots=True)
class BoundaryReport:
    """Counts of boundary patients: expected and the same; `left_out` by why nothing is expected."""

    expected: int = 0
    same: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    def add(self, made: BoundaryPatient, difference: Difference | None) -> None:
        """Count one patient of `checked`."""
        if made.holds is None:
            self.left_out[made.why] += 1
            return
        self.expected += 1
        self.same += difference is None
        if difference is not None:
            self.differences.append(difference)


def verify(records: Iterable[Record], as_of: date) -> BoundaryReport:
    """Make the boundary patients of records, check each, and compare with what is expected."""
    report = BoundaryReport()
    for record in records:
        for made, difference in checked(record, as_of):
            report.add(made, difference)
    return report


def checked(record: Record, as_of: date) -> Iterator[tuple[BoundaryPatient, Difference | None]]:
    """Yield every boundary patient, with the difference where the check says something else."""
    checker = Checker(as_of)
    trial = checker.trial(record)
    for made in boundary_cases(record, as_of, matcher=checker.names.matcher):
        if made.holds is None:
            yield made, None
            continue
        verdict = trial.verdict(checker.chart(made.patient))
        found = next(one for one in verdict.criteria if one.id == made.criterion)
        if found.holds == made.holds:
            yield made, None
            continue
        why = "; ".join(dict.fromkeys(reason.why for reason in found.because if reason.why))
        yield made, Difference(made, found.holds, why)


def difference_text(difference: Difference) -> str:
    """Return a difference in one line: whom it is about, what is expected and what is found."""
    made = difference.made
    why = f" ({difference.why})" if difference.why else ""
    return f"{made.patient.id}: {made.what}: expected {made.holds}, found {difference.found}{why}"
