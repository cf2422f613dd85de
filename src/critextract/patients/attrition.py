"""How many patients each criterion removes, alone and after those before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from critextract.patients.verdicts import FALSE, UNKNOWN, Verdict
from critextract.schema import Record

COLUMNS = (
    "trial", "criterion", "section", "text", "patients", "removed_alone", "unknown_alone",
    "entering", "removed", "left", "unknown_of_left",
)  # fmt: skip


class Step(NamedTuple):
    """One criterion's part; a row of the attrition table, with the columns `COLUMNS`.

    removed_alone, unknown_alone : of all patients, whom this criterion alone excludes, and for whom
        it is unknown.
    entering, removed, left : in sequence: patients no criterion before excludes, whom of them this
        one does, and the rest. unknown_of_left : of that rest, those for whom this criterion or
        one before it is unknown.
    """

    trial: str
    criterion: str
    section: str
    text: str
    patients: int
    removed_alone: int
    unknown_alone: int
    entering: int
    removed: int
    left: int
    unknown_of_left: int


class Attrition:
    """Counts the verdicts on one trial; memory does not grow with the patients."""

    def __init__(self, record: Record) -> None:
        self.trial = record.id
        self._texts = {criterion.id: criterion.text for criterion in record.criteria}
        self._counts: dict[str, list[int]] = {}
        self._sections: dict[str, str] = {}
        self.patients = 0

    def add(self, verdict: Verdict) -> None:
        """Count one patient."""
        self.patients += 1
        inside, unsure = True, False
        for criterion in verdict.criteria:
            if criterion.passes is None:
                continue
            counts = self._counts.setdefault(criterion.id, [0, 0, 0, 0, 0])
            self._sections[criterion.id] = criterion.section
            fails, unknown = criterion.passes == FALSE, criterion.passes == UNKNOWN
            counts[0] += fails
            counts[1] += unknown
            if not inside:
                continue
            counts[2] += 1
            counts[3] += fails
            inside = not fails
            unsure = unsure or unknown
            counts[4] += inside and unsure

    def steps(self) -> Iterator[Step]:
        """Yield a row for each criterion that decides, in the order of the text."""
        for name, (alone, unknown, entering, removed, unsure) in self._counts.items():
            text = " ".join(self._texts.get(name, _DEMOGRAPHICS.get(name, "")).split())
            yield Step(
                self.trial, name, self._sections[name], text, self.patients, alone, unknown,
                entering, removed, entering - removed, unsure,
            )  # fmt: skip


_DEMOGRAPHICS = {
    "D1": "registry: sex",
    "D2": "registry: minimum age",
    "D3": "registry: maximum age",
}
