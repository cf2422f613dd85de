"""The command `patients`: patients made for tests and examples."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from critextract.commands.common import stoppable
from critextract.errors import InputError


class Form(StrEnum):
    """Forms a sample is written in."""

    jsonl = "jsonl"
    fhir = "fhir"
    omop = "omop"
    all = "all"


def patients_command(
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder the patients are written to.")],
    sample: Annotated[
        int | None, typer.Option(min=1, help="How many patients of a synthetic population.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed, another population.")] = 0,
    form: Annotated[Form, typer.Option(help="Which of the forms.")] = Form.all,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day before which all happened; 2024-06-01."),
    ] = None,
) -> None:
    """Make patients: a synthetic population as JSON Lines, FHIR R4 bundles and an OMOP CDM 5.4.

    The same number, seed and day give the same patients, in every form.

    Example: critextract patients --sample 1000 -o population
    """
    if sample is None:
        raise InputError("found nothing to make patients of, expected --sample N")
    _write_sample(out, sample, seed, form, as_of)


def _write_sample(out: Path, count: int, seed: int, form: Form, as_of: datetime | None) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from critextract.patients.sample.files import NAMES, write_sample
    from critextract.patients.sample.population import TODAY

    forms = tuple(NAMES) if form is Form.all else (form.value,)
    today = as_of.date() if as_of else TODAY
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
            typer.echo(f"critextract: {done.path}: {done.patients} patients{lost}", err=True)
