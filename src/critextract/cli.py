"""The command line: parse, call, print. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from critextract import __version__
from critextract.commands.check import check_command
from critextract.commands.common import (
    Config,
    IdColumn,
    Stopped,
    TextColumn,
    console,
    holds_records,
    records_of,
    say,
    stoppable,
)
from critextract.commands.convert import convert_command
from critextract.commands.evaluate import agreement_command, compare_command, evaluate_command
from critextract.commands.gold import annotations_app, gold_command
from critextract.commands.outputs import check_outputs, counted
from critextract.commands.patients import patients_command
from critextract.errors import AnnotationFaults, CritextractError, InputError

if TYPE_CHECKING:
    from critextract.schema import Record


SHOWN_AT_ONCE = 50
"""Trials in the table of `show`."""


class _OneLineErrors(TyperGroup):
    """Every error is one line on standard error and an exit code, never a traceback.

    ``CRITEXTRACT_DEBUG=1`` lets unexpected errors through, to see where they come from.
    """

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        try:
            code = super().main(*args, **{**kwargs, "standalone_mode": False})
        except AnnotationFaults as error:
            for fault in error.faults:
                say(fault)
            code = say(f"{counted(len(error.faults), 'fault')} in the annotation")
        except CritextractError as error:
            code = say(str(error))
        except Stopped as stopped:
            code = 128 + int(stopped.args[0])
        except Exception as error:
            usage = getattr(error, "format_message", None)  # typer's usage errors have one
            if usage is None and os.environ.get("CRITEXTRACT_DEBUG"):
                raise
            code = _say_usage(usage()) if usage else say(f"{type(error).__name__}: {error}")
        sys.exit(code or 0)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # nobody reads on: no fault of ours, nothing to say
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(128 + signal.SIGPIPE) from None


def _say_usage(message: str) -> int:
    """Say what is wrong with the words of a call; where there are none, show the help."""
    if message.startswith("Usage: "):
        typer.echo(message, err=True)
        return 2
    message = message.replace("Value error, ", "").removesuffix(".")
    return say(f"{message} (see --help)")


app = typer.Typer(
    cls=_OneLineErrors,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Read the eligibility criteria of clinical trials into rules a machine can check. "
    "Not for clinical decisions.",
)


class Published(StrEnum):
    """What is published as JSON Schema."""

    record = "record"
    patient = "patient"
    verdict = "verdict"


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"critextract {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    pass


Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        help="Files or folders: .txt, registry JSON or XML, .csv, .parquet, .zip, .tar.gz, .gz; "
        "NCT numbers are asked of the registry; - is standard input.",
    ),
]


Out = Annotated[
    Path | None,
    typer.Option("-o", "--out", help="Records (.jsonl), or a table: .csv, .parquet; else stdout."),
]


@app.command("extract")
def extract_command(
    paths: Paths,
    out: Out = None,
    jobs: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 1,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first unreadable document.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where an interrupted run stopped.")
    ] = False,
    time_limit: Annotated[float, typer.Option(min=0.01, help="Seconds a document may take.")] = 10,
    id_column: IdColumn = None,
    text_column: TextColumn = None,
    config: Config = None,
) -> None:
    """Read criteria and write one record a line, or a table.

    An output that is there already is replaced, unless --resume keeps what is in it.

    Example: critextract extract trials/ -o out.jsonl --jobs 2
    """
    from critextract.engines.files import extract_to, journal_of
    from critextract.io.documents import read_documents
    from critextract.pipeline import load

    if resume and out is None:
        raise InputError("--resume needs an output file: add -o FILE")
    journal_of(out)  # a wrong name is said before the models are loaded
    check_outputs(out, inputs=paths)
    with stoppable("every record written so far is whole; --resume goes on" if out else ""):
        items = read_documents(paths, id_column=id_column, text_column=text_column)
        tally = extract_to(
            out, items, load(config), jobs=jobs, limit_s=time_limit, strict=strict, resume=resume
        )
    there = f", {tally.resumed} there already" if tally.resumed else ""
    if tally.skipped:
        say(f"{tally.done} done{there}, {tally.skipped} skipped")
    elif tally.exit_code:
        raise InputError(f"no documents in {', '.join(paths)}")
    elif out is not None:
        say(f"{counted(tally.done, 'record')} in {out}{there}")
    raise typer.Exit(tally.exit_code)


@app.command("show", short_help="Show a trial: its text, its rules, what they leave out.")
def show_command(
    source: Annotated[str, typer.Argument(help="Records (.jsonl), or anything extract reads.")],
    trial: Annotated[
        str | None, typer.Argument(help="Id of one trial; without: a table of all.")
    ] = None,
    id_column: IdColumn = None,
    text_column: TextColumn = None,
    config: Config = None,
) -> None:
    """Show a trial: its text with the findings marked, its rules in English, what is not covered.

    Of many trials without an id, a table of their rules is shown.

    Example: critextract show out.jsonl NCT01234567
    """
    from critextract.exports.terminal import render_table, render_trial

    records = records_of(source, id_column, text_column, config)
    if trial is not None:
        records = iter([_find(records, trial, source)])
    kept = list(islice(records, SHOWN_AT_ONCE + 1))
    if not kept:
        raise InputError(f"{source}: no records in it")
    out = console()
    colour = out.is_terminal
    if len(kept) == 1 and (trial is not None or not holds_records(source)):
        out.print(render_trial(kept[0], colour=colour))
        return
    out.print(render_table(kept[:SHOWN_AT_ONCE], colour=colour))
    if len(kept) > SHOWN_AT_ONCE:
        typer.echo(f"The first {SHOWN_AT_ONCE} trials; name one to see it: show {source} ID")


def _find(records: Iterator[Record], trial: str, source: str) -> Record:
    for record in records:
        if record.id == trial:
            return record
    raise InputError(f"{source}: no trial {trial!r} in it")


@app.command("train", short_help="Train the models on annotated corpora.")
def train_command(
    corpora: Annotated[Path, typer.Argument(help="Folder with chia/, lct/ and raw/.")],
    out: Annotated[
        Path, typer.Option("-o", "--out", help="Folder of the model that is made.")
    ] = Path("models/critextract_mentions"),
    names: Annotated[
        Path | None, typer.Option(help="Folder of open vocabularies to learn kinds of names from.")
    ] = None,
    work: Annotated[
        Path | None, typer.Option(help="Keep the stages' results here, to go on after a stop.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the weights and the order of examples.")] = 1,
    gold: Annotated[
        Path | None,
        typer.Option(help="Annotated records to measure the confidence of mentions on."),
    ] = None,
    judged: Annotated[
        Path | None,
        typer.Option(help="Verdicts on exact criteria of raw/, to measure that of rules on."),
    ] = None,
) -> None:
    """Train the models on annotated corpora and print their figures on dev as JSON.

    The mention model goes to the folder, the attachment model that reads its output beside it.
    Confidences, and what annotators link, are learned from what the installed models find.

    Example: critextract train ../shared/corpora --names ../shared/vocab
    """
    import json

    from critextract.commands.confidence import train_confidences
    from critextract.commands.followed import train_links
    from critextract.components.weights import MODEL_NAME
    from critextract.learn.attachment import train_attachment
    from critextract.learn.train import train

    def tell(news: str) -> None:
        typer.echo(news, err=True)

    made = train(corpora, out, seed=seed, names=names, work=work, progress=tell)
    made["attachment"] = train_attachment(corpora, out.parent / MODEL_NAME, model=out)
    made["followed"] = train_links(corpora, out.parent / MODEL_NAME)
    made |= train_confidences(gold, judged, corpora / "raw", out.parent / MODEL_NAME)
    typer.echo(json.dumps(made, indent=2))


@app.command("schema")
def schema_command(kind: Annotated[Published, typer.Argument(help="What is described.")]) -> None:
    """Print the JSON Schema of a record, a patient or a verdict.

    Example: critextract schema record > record.schema.json
    """
    import json

    from critextract.io.validate import json_schema

    typer.echo(json.dumps(json_schema(kind.value), indent=2, ensure_ascii=False))


@app.command("validate", short_help="List every fault in records, patients or verdicts.")
def validate_command(
    file: Annotated[
        Path, typer.Argument(help="Records, patients or verdicts, one a line; .gz too.")
    ],
    kind: Annotated[
        Published | None, typer.Option(help="What the lines are; without: told by their fields.")
    ] = None,
) -> None:
    """Check a file of records, patients or verdicts, and list every fault with its line.

    Exit code 0: no fault; 1: faults; 2: the file cannot be read.

    Example: critextract validate out.jsonl
    """
    from critextract.io.validate import validate_file

    report = validate_file(file, kind.value if kind else None)
    lines = faults = 0
    for line in report:
        lines += 1
        for fault in line.faults:
            faults += 1
            typer.echo(f"{file}:{line.number}: {fault}")
    say(f"{counted(lines, 'line')}, {counted(faults, 'fault')}")
    raise typer.Exit(1 if faults else 0)


app.command("check", short_help="Decide which patients meet the criteria, with the reasons.")(
    check_command
)
app.command("gold", short_help="Turn annotation sheets into gold records.")(gold_command)
app.add_typer(annotations_app, name="annotations")
app.command("patients", short_help="Make patients to check rules on.")(patients_command)
app.command("convert", short_help="Convert annotated documents from one tool's form to another's.")(
    convert_command
)
app.command("evaluate")(evaluate_command)
app.command("compare", short_help="Compare two systems on the same gold.")(compare_command)
app.command("agreement", short_help="Say how far two annotators agree.")(agreement_command)
