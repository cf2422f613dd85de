"""The command `patients`: patients made for tests and examples."""

from __future__ import annotations

import json
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from critextract.commands.common import say, stoppable
from critextract.commands.outputs import check_outputs, counted
from critextract.commands.progress import counting
from critextract.errors import InputError

if TYPE_CHECKING:
    from critextract.patients.boundary_report import BoundaryReport


class Form(StrEnum):
    """Forms a sample is written in."""

    jsonl = "jsonl"
    fhir = "fhir"
    omop = "omop"
    all = "all"


AsOf = Annotated[
    str | None,
    typer.Option(metavar="DAY", help="The day they are made for.", show_default="2024-06-01"),
]
Verify = Annotated[
    bool,
    typer.Option("--verify", help="Check each, and tell where the verdict is another."),
]
SHOWN = 20
"""Differences that are printed; the rest is counted."""


def patients_command(
    records: Annotated[
        str | None,
        typer.Argument(help="Records (.jsonl), or a document: patients at every boundary of it."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="File of boundary patients, or folder of a sample."),
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Make a synthetic population of N patients."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed, another population.")] = 0,
    form: Annotated[Form, typer.Option(help="The form, or all forms, a sample is written in.")] = (
        Form.all
    ),
    as_of: AsOf = None,
    verify: Verify = False,
) -> None:
    """Make patients: at every boundary of a trial's rules, or a synthetic population.

    Of records, a patient on each side of each bound, window, case and exception, with the verdict
    it must get in `expected`. With --verify, exit code 1 where the check says something else.

    With --sample, a population as JSON Lines, FHIR R4 bundles and an OMOP CDM 5.4; the same
    number, seed and day give the same patients, in every form.

    Example: critextract patients out.jsonl -o patients.jsonl --verify

    Example: critextract patients --sample 1000 -o population
    """
    if (records is None) == (sample is None):
        raise InputError("expected either records (out.jsonl) or --sample N to make patients of")
    from critextract.patients.check import parse_as_of
    from critextract.patients.sample.population import TODAY

    today = parse_as_of(as_of) if as_of else TODAY
    if sample is not None:
        if out is None:
            raise InputError("a sample needs a folder to be written to: -o FOLDER")
        if verify:
            raise InputError("--verify: patients of a sample have no verdicts to verify")
        _write_sample(out, sample, seed, form, today)
    elif records is not None:
        _write_boundary(records, out, today, verify=verify)


def _write_boundary(source: str, out: Path | None, today: date, *, verify: bool) -> None:
    """Write the boundary patients of records, and tell of each that is decided otherwise."""
    from critextract.commands.common import records_of
    from critextract.engines.output import LineFile, check_output_name
    from critextract.patients.boundary import boundary_cases, boundary_to_dict
    from critextract.patients.boundary_report import BoundaryReport, checked

    if out is None and not verify:
        raise InputError("expected -o FILE to write the patients to, or --verify")
    check_output_name(out)
    check_outputs(out, inputs=[source])
    lines = LineFile(out) if out is not None else None
    report, some = BoundaryReport(), False
    with stoppable("the patients written so far are whole" if out else ""):
        for record in counting(records_of(source, None, None, None), "records"):
            some = True
            pairs = (
                checked(record, today)
                if verify
                else ((made, None) for made in boundary_cases(record, today))
            )
            for made, difference in pairs:
                report.add(made, difference)
                if lines is not None and made.holds is not None:
                    text = json.dumps(boundary_to_dict(made), ensure_ascii=False)
                    lines.write(text.encode())
        if not some:
            raise InputError(f"{source}: no records in it")
        if lines is not None:
            lines.close()
    _tell(report, verify=verify)


def _tell(report: BoundaryReport, *, verify: bool) -> None:
    """Say how many patients were made, and with `verify` how many are decided as expected."""
    from critextract.patients.boundary_report import difference_text

    if verify:
        for difference in report.differences[:SHOWN]:
            say(difference_text(difference))
        if len(report.differences) > SHOWN:
            say(f"and {len(report.differences) - SHOWN} more")
    done = f"; {report.same} get the verdict they must get" if verify else ""
    say(f"{counted(report.expected, 'boundary patient')}{done}")
    for why, count in sorted(report.left_out.items(), key=lambda item: (-item[1], item[0])):
        say(f"{count} left out, of unknown verdict: {why}")
    if report.differences:
        raise typer.Exit(1)


def _write_sample(out: Path, count: int, seed: int, form: Form, today: date) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from critextract.patients.sample.files import NAMES, write_sample

    forms = tuple(NAMES) if form is Form.all else (form.value,)
    console = Console(stderr=True)
    with (
        stoppable("what is in the folder is not whole"),
        Progress(console=console, transient=True, disable=not console.is_terminal) as bar,
    ):
        tasks = {name: bar.add_task(name, total=count) for name in forms}
        written = write_sample(
            out, count, seed=seed, today=today, forms=forms, step=lambda f: bar.advance(tasks[f])
        )
        for done in written:
            lost = f"; {done.left_out} events without a day left out" if done.left_out else ""
            say(f"{done.path}: {counted(done.patients, 'patient')}{lost}")
