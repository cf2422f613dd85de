"""`critextract check`: rules run on patients."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from critextract.commands.common import console, records_of, say, stoppable
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


AsOf = Annotated[str | None, typer.Option(help="Day of screening: 2024-06-01.")]
Out = Annotated[Path | None, typer.Option("-o", "--out", help="Verdicts, one a line; else stdout.")]
Ranges = Annotated[Path | None, typer.Option(help="csv: name, low, high, mean, unit, sex.")]
Vocabulary = Annotated[
    Path | None, typer.Option(help="Narrower and broader concepts: OBO, or csv of pairs.")
]
Summary = Annotated[
    Path | None, typer.Option(help="Attrition table, .csv; its pictures go beside it.")
]


def check_command(
    records: Annotated[str, typer.Argument(help="Records (.jsonl), or anything extract reads.")],
    patients: Annotated[
        str,
        typer.Argument(help="Patients: .jsonl, FHIR bundles, an OMOP database."),
    ],
    as_of: AsOf = None,
    out: Out = None,
    missing: Annotated[
        Missing, typer.Option(help="What a condition or treatment that is not recorded is.")
    ] = Missing.absent,
    reference_ranges: Ranges = None,
    vocabulary: Vocabulary = None,
    explain: Annotated[bool, typer.Option(help="Show the reasons, a screen a patient.")] = False,
    summary: Summary = None,
) -> None:
    """Decide for each patient and trial whether the criteria hold, with the reasons.

    Exit code 0: all decided; 1: some patients could not be read; 2: nothing was done.

    Example: critextract check out.jsonl patients.jsonl --as-of 2024-06-01 -o verdicts.jsonl
    """
    from critextract.patients.check import Checker, parse_as_of

    if as_of is None:
        raise InputError(NO_DAY)
    checker = Checker(
        parse_as_of(as_of), missing=missing.value, reference_ranges=reference_ranges,
        vocabulary=vocabulary,
    )  # fmt: skip
    _check_names(out, summary)
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
    raise typer.Exit(counts.exit_code())


def _check_names(out: Path | None, summary: Path | None) -> None:
    """Refuse outputs whose names promise another form than is written."""
    from critextract.engines.output import check_output_name

    check_output_name(out)
    if summary is not None and summary.suffix != ".csv":
        raise InputError(f"--summary {summary}: expected a name that ends in .csv")


class _Counts:
    def __init__(self, attrition: Sequence[Attrition]) -> None:
        self.done = self.skipped = 0
        self.attrition = attrition

    def exit_code(self) -> int:
        """Say how many patients were skipped, if any were, and return the exit code."""
        if self.skipped:
            typer.echo(f"critextract: {self.done} patients, {self.skipped} skipped", err=True)
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
        for patient in _shown(source):
            if isinstance(patient, Fault):
                say(patient.message)
                counts.skipped += patient.skipped
                continue
            counts.done += 1
            chart = checker.chart(patient)
            for place, (trial, record) in enumerate(trials):
                verdict = trial.verdict(chart)
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


def _shown(source: Iterator[Patient | Fault]) -> Iterator[Patient | Fault]:
    """Yield the patients, with a count of them on a terminal."""
    import sys

    if not sys.stderr.isatty():
        yield from source
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed} patients"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield from bar.track(source, total=None)


def _write_summary(path: Path, attrition: Sequence[Attrition]) -> None:
    """Write the attrition table, and a picture of each of the first trials beside it."""
    import csv

    from critextract.exports.pictures import draw_attrition
    from critextract.patients.attrition import COLUMNS

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for trial in attrition:
            writer.writerows(trial.steps())
    for trial in attrition[:PICTURES]:
        name = path.stem if len(attrition) == 1 else f"{path.stem}_{_safe(trial.trial)}"
        for suffix in (".png", ".svg"):
            draw_attrition(list(trial.steps()), path.with_name(name + suffix))
    if len(attrition) > PICTURES:
        said = f"pictures of the first {PICTURES} trials; {path} holds all {len(attrition)}"
        typer.echo(f"critextract: {said}", err=True)


def _safe(name: str) -> str:
    return "".join(char if char.isalnum() or char in "-_." else "_" for char in name)
