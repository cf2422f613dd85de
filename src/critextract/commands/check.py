"""`critextract check`: rules run on patients."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from critextract.commands.common import console, records_of, say, stoppable
from critextract.commands.outputs import check_outputs, counted, write_text
from critextract.commands.progress import counting
from critextract.errors import InputError

if TYPE_CHECKING:
    from critextract.patients.attrition import Attrition
    from critextract.patients.check import Checker
    from critextract.patients.model import Fault, Patient
    from critextract.schema import Record

PICTURES = 12
"""Trials of one summary that get a picture; the table holds all."""

NO_DAY = (
    "--as-of is missing: ages, windows and what is going on are counted from the day of "
    "screening; give it as --as-of 2024-06-01"
)


class Missing(StrEnum):
    """What it means that something is not recorded."""

    absent = "absent"
    unknown = "unknown"


Patients = Annotated[
    str,
    typer.Argument(
        help="Patients: .jsonl; a FHIR bundle (.json), a folder of them or .ndjson; an OMOP "
        "database: .duckdb, postgresql:// or a folder of tables."
    ),
]
AsOf = Annotated[
    str | None, typer.Option(metavar="DAY", help="Day of screening, as 2024-06-01; required.")
]
Out = Annotated[
    Path | None, typer.Option("-o", "--out", help="Verdicts, one a line (.jsonl); else stdout.")
]
Ranges = Annotated[
    Path | None, typer.Option(help="Limits of normal, csv: name, low, high, mean, unit, sex.")
]
Vocabulary = Annotated[
    Path | None,
    typer.Option(
        help="Narrower and broader concepts: .obo, csv of pairs, OMOP's concept_ancestor.csv."
    ),
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show the reasons, a screen for each patient and trial.")
]
Summary = Annotated[
    Path | None, typer.Option(help="Attrition table, .csv; its pictures go beside it.")
]


def check_command(
    records: Annotated[str, typer.Argument(help="Records (.jsonl), or anything extract reads.")],
    patients: Patients,
    as_of: AsOf = None,
    out: Out = None,
    missing: Annotated[
        Missing, typer.Option(help="What a condition or treatment that is not recorded is.")
    ] = Missing.absent,
    reference_ranges: Ranges = None,
    vocabulary: Vocabulary = None,
    explain: Explain = False,
    summary: Summary = None,
) -> None:
    """Decide for each patient and trial whether the criteria hold, with the reasons.

    Exit code 0: all decided; 1: some patients could not be read; 2: nothing was done.

    Example: critextract check out.jsonl patients.jsonl --as-of 2024-06-01 -o verdicts.jsonl
    """
    from critextract.patients.check import Checker, parse_as_of

    if as_of is None:
        raise InputError(NO_DAY)
    _check_outputs(out, summary, inputs=(records, patients, reference_ranges, vocabulary))
    checker = Checker(
        parse_as_of(as_of), missing=missing.value, reference_ranges=reference_ranges,
        vocabulary=vocabulary,
    )  # fmt: skip
    from critextract.patients.readers import read_patients

    source = read_patients(patients)
    kept = list(records_of(records, None, None, None))
    if not kept:
        raise InputError(f"{records}: no records in it")
    counts = _run(checker, kept, source, out=out, explain=explain, summary=summary is not None)
    if not counts.done:
        raise InputError(f"{patients}: no patient could be read")
    if summary is not None:
        _write_summary(summary, counts.attrition)
    if out is not None:
        say(f"{counted(counts.done, 'patient')}, {counted(len(kept), 'trial')}: {counts.answers()}")
    raise typer.Exit(counts.exit_code())


def _check_outputs(
    out: Path | None, summary: Path | None, *, inputs: Sequence[str | Path | None]
) -> None:
    """Refuse outputs that cannot be written, or whose names promise another form."""
    from critextract.engines.output import check_output_name

    check_output_name(out)
    if summary is not None:
        from critextract.exports.pictures import need_pictures

        if summary.suffix != ".csv":
            raise InputError(f"--summary {summary}: expected a name that ends in .csv")
        need_pictures()
    check_outputs(out, summary, inputs=inputs)


class _Counts:
    def __init__(self, attrition: Sequence[Attrition]) -> None:
        self.done = self.skipped = 0
        self.verdicts = Counter[str]()
        self.attrition = attrition

    def answers(self) -> str:
        """Return "3 eligible, 30 ineligible, 7 unknown"."""
        from critextract.patients.verdicts import Answer

        return ", ".join(f"{self.verdicts[name]} {name}" for name in get_args(Answer))

    def exit_code(self) -> int:
        """Say how many patients were skipped, if any were, and return the exit code."""
        if self.skipped:
            say(f"{counted(self.done, 'patient')}, {self.skipped} skipped")
        return 1 if self.skipped else 0


def _run(
    checker: Checker, records: Sequence[Record], source: Iterator[Patient | Fault],
    *, out: Path | None, explain: bool, summary: bool,
) -> _Counts:  # fmt: skip
    """Check every patient on every record, and write or show each verdict as it comes."""
    from critextract.engines.output import LineFile
    from critextract.patients.attrition import Attrition
    from critextract.patients.model import Fault
    from critextract.patients.reasons import render_verdict
    from critextract.patients.verdicts import verdict_to_dict

    trials = [(checker.trial(record), record) for record in records]
    counts = _Counts([Attrition(record) for record in records] if summary else [])
    screen = console() if explain else None
    lines = LineFile(out) if out is not None or not explain else None
    with stoppable("the verdicts written so far are whole" if out else ""):
        for patient in counting(source, "patients", shown=out is not None and not explain):
            if isinstance(patient, Fault):
                say(patient.message)
                counts.skipped += patient.skipped
                continue
            counts.done += 1
            chart = checker.chart(patient)
            for place, (trial, record) in enumerate(trials):
                verdict = trial.verdict(chart)
                counts.verdicts[verdict.verdict] += 1
                if lines is not None:
                    text = json.dumps(verdict_to_dict(verdict), ensure_ascii=False)
                    lines.write(text.encode())
                if summary:
                    counts.attrition[place].add(verdict)
                if screen is not None:
                    screen.print(render_verdict(verdict, patient, record))
        if lines is not None:
            lines.close()
    return counts


def _write_summary(path: Path, attrition: Sequence[Attrition]) -> None:
    """Write the attrition table, and a picture of each of the first trials beside it."""
    from critextract.evaluation.tables import to_csv
    from critextract.exports.pictures import draw_attrition
    from critextract.patients.attrition import COLUMNS

    write_text(path, to_csv(COLUMNS, (step for trial in attrition for step in trial.steps())))
    for trial in attrition[:PICTURES]:
        name = path.stem if len(attrition) == 1 else f"{path.stem}_{_safe(trial.trial)}"
        for suffix in (".png", ".svg"):
            draw_attrition(list(trial.steps()), path.with_name(name + suffix))
    if len(attrition) > PICTURES:
        say(f"pictures of the first {PICTURES} trials; {path} holds all {len(attrition)}")


def _safe(name: str) -> str:
    return "".join(char if char.isalnum() or char in "-_." else "_" for char in name)
