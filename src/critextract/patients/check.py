"""Rules run on patients: a verdict for each trial, with its reasons.

Patients and records are streamed: memory grows with the number of distinct rules, not with the
number of pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from critextract.errors import InputError
from critextract.patients.answers import Answer
from critextract.patients.chart import Chart, Names
from critextract.patients.exceptions import Node
from critextract.patients.leaves import Missing, Setting
from critextract.patients.model import Fault, Patient
from critextract.patients.persons import age_bounds_answer, limit_value, sex_answer
from critextract.patients.program import Compiler, Place, plain_node
from critextract.patients.ranges import ReferenceRanges, read_reference_ranges
from critextract.patients.verdicts import (
    CriterionVerdict,
    KeptFinding,
    Verdict,
    answer_of,
    passes_of,
)
from critextract.schema import Demographics, Record, Section, Value

Decision = tuple[str, Section, Node]


class Trial:
    """One record's rules, ready to run."""

    __slots__ = ("_kept", "decisions", "id")

    def __init__(self, record: Record, decisions: Sequence[Decision]) -> None:
        self.id = record.id
        self.decisions = tuple(decisions)
        self._kept: dict[tuple[str, int], CriterionVerdict] = {}

    def verdict(self, chart: Chart) -> Verdict:
        """Return the verdict on one patient."""
        kept = self._kept
        criteria = []
        for name, section, node in self.decisions:
            finding = node(chart)
            key = (name, id(finding))
            decided = kept.get(key)
            if decided is None:
                holds, because, needs = finding
                passes = passes_of(section, holds)
                decided = CriterionVerdict(name, section, holds, passes, because, needs)
                if type(finding) is KeptFinding:
                    kept[key] = decided
            criteria.append(decided)
        decided_all = tuple(criteria)
        return Verdict(chart.patient.id, self.id, answer_of(decided_all), decided_all)


class Checker:
    """Runs records on patients; what it learns of names is kept from patient to patient.

    Parameters
    ----------
    as_of : the day of screening; study reference points without a date of the patient's fall on it.
    missing : what it means that a condition, drug, procedure or observation is not recorded.
    reference_ranges : limits of normal for results without their own, or a csv file of them.
    vocabulary : a file of narrower and broader concepts, by which names meet.

    Raises
    ------
    InputError : `missing` is another word, or a file cannot be read.
    """

    def __init__(
        self,
        as_of: date,
        *,
        missing: Missing = "absent",
        reference_ranges: ReferenceRanges | str | Path | None = None,
        vocabulary: str | Path | None = None,
    ) -> None:
        if missing not in ("absent", "unknown"):
            raise InputError(f"missing is {missing!r}, expected 'absent' or 'unknown'")
        if isinstance(reference_ranges, str | Path):
            reference_ranges = read_reference_ranges(reference_ranges)
        self.as_of = as_of
        self.missing = missing
        self.ranges = reference_ranges
        self.names = Names(vocabulary)
        self._answers: dict[tuple[object, ...], tuple[int, Answer]] = {}

    def trial(self, record: Record) -> Trial:
        """Return a record's rules, ready to run."""
        compiler = Compiler(Setting(record, self.names, self.missing), self._answers)
        decisions = list(_demographics(record.demographics))
        for criterion in record.criteria:
            if criterion.parent is None:
                positive = criterion.section != "exclusion"
                node = compiler.criterion(criterion, Place(positive))
                decisions.append((criterion.id, criterion.section, node))
        return Trial(record, decisions)

    def chart(self, patient: Patient) -> Chart:
        """Return a patient, ready to be asked."""
        return Chart(patient, self.as_of, self.names, self.ranges)


def check(
    record: Record,
    patients: Iterable[Patient],
    as_of: date | str,
    *,
    missing: Literal["absent", "unknown"] = "absent",
    reference_ranges: ReferenceRanges | str | Path | None = None,
    vocabulary: str | Path | None = None,
) -> Iterator[Verdict]:
    """Yield the verdict of a record's criteria on each patient, in their order.

    Parameters
    ----------
    as_of : the day of screening, a date or ``"2024-06-01"``.
    missing, reference_ranges, vocabulary : see `Checker`.

    Raises
    ------
    InputError : `as_of` is no day, `missing` is another word, or a file cannot be read.
    """
    checker = Checker(
        parse_as_of(as_of),
        missing=missing,
        reference_ranges=reference_ranges,
        vocabulary=vocabulary,
    )
    trial = checker.trial(record)
    return (trial.verdict(checker.chart(p)) for p in patients if not isinstance(p, Fault))


def parse_as_of(text: date | str) -> date:
    """Return the day of screening.

    Raises
    ------
    InputError : it is no day of the calendar.
    """
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise InputError(f"as-of is {text!r:.40}, expected a day as 2024-06-01") from None


def _demographics(fields: Demographics | None) -> Iterator[Decision]:
    """Yield the decisions of the registry's own fields: D1 sex, D2 least age, D3 greatest age."""
    if fields is None:
        return
    if fields.sex in ("male", "female"):
        yield "D1", "inclusion", _sex_node(fields.sex)
    for name, limit, words in (
        ("D2", fields.min_age, "minimum age"),
        ("D3", fields.max_age, "maximum age"),
    ):
        if limit is not None:
            low, high = (limit.value, None) if name == "D2" else (None, limit.value)
            bounds = limit_value(low, high, limit.unit)
            yield name, "inclusion", _age_node(bounds, f"{words} {limit.value} {limit.unit}")


def _sex_node(sex: Literal["male", "female"]) -> Node:
    return plain_node(sex_answer(sex), f"sex {sex}")


def _age_node(bounds: Value, words: str) -> Node:
    answer = age_bounds_answer(bounds)
    return plain_node(lambda chart: answer(chart, chart.as_of), words)
