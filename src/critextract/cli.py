"""The command line: parse, call, print. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from critextract import __version__
from critextract.errors import CritextractError, InputError

if TYPE_CHECKING:
    from rich.console import Console

    from critextract.schema import Record


SHOWN_AT_ONCE = 50
"""Trials in the table of `show`."""


class _Stopped(BaseException):
    """A signal asked the program to stop."""


class _OneLineErrors(TyperGroup):
    """Every error is one line on standard error and an exit code, never a traceback.

    ``CRITEXTRACT_DEBUG=1`` lets unexpected errors through, to see where they come from.
    """

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        try:
            code = super().main(*args, **{**kwargs, "standalone_mode": False})
        except CritextractError as error:
            code = _say(str(error))
        except _Stopped as stopped:
            code = 128 + int(stopped.args[0])
        except Exception as error:
            usage = getattr(error, "format_message", None)  # typer's usage errors have one
            if usage is None and os.environ.get("CRITEXTRACT_DEBUG"):
                raise
            code = _say(f"{usage()} (see --help)" if usage else f"{type(error).__name__}: {error}")
        sys.exit(code or 0)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # nobody reads on: no fault of ours, nothing to say
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(128 + signal.SIGPIPE) from None


def _say(message: str) -> int:
    """Print an error in one line and return the exit code of a run that could do nothing."""
    typer.echo(f"critextract: {' '.join(message.split())}", err=True)
    return 2


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
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print it.")
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
Config = Annotated[Path | None, typer.Option(help="Configuration; the packaged one without.")]
IdColumn = Annotated[str | None, typer.Option(help="Column of a table that names the trial.")]
TextColumn = Annotated[str | None, typer.Option(help="Column of a table with the criteria.")]


@app.command("extract")
def extract_command(
    paths: Paths,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help=".jsonl, .csv or .parquet; else stdout.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 1,
    strict: Annotated[bool, typer.Option(help="Stop at the first unreadable document.")] = False,
    resume: Annotated[bool, typer.Option(help="Go on where an interrupted run stopped.")] = False,
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
    journal_of(out)  # a wrong suffix is said before the models are loaded
    with _stoppable("every record written so far is whole; --resume goes on" if out else ""):
        items = read_documents(paths, id_column=id_column, text_column=text_column)
        tally = extract_to(
            out, items, load(config), jobs=jobs, limit_s=time_limit, strict=strict, resume=resume
        )
    if tally.skipped:
        typer.echo(f"critextract: {tally.done} done, {tally.skipped} skipped", err=True)
    elif tally.exit_code:
        raise InputError(f"no documents in {', '.join(paths)}")
    raise typer.Exit(tally.exit_code)


@contextmanager
def _stoppable(advice: str) -> Iterator[None]:
    """Turn SIGINT, SIGTERM and SIGHUP into one line and exit code 128 + signal."""

    def stop(number: int, _: object) -> NoReturn:
        raise _Stopped(number)

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, stop) for number in numbers]
    try:
        yield
    except _Stopped as stopped:
        name = signal.Signals(stopped.args[0]).name
        _say(f"stopped by {name}" + (f"; {advice}" if advice else ""))
        raise
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


@app.command("show")
def show_command(
    source: Annotated[str, typer.Argument(help="Records (.jsonl), or anything extract reads.")],
    trial: Annotated[str | None, typer.Argument(help="Id of one trial; without: a table.")] = None,
    id_column: IdColumn = None,
    text_column: TextColumn = None,
    config: Config = None,
) -> None:
    """Show a trial: its text with the findings marked, its rules in English, what is not covered.

    Of many trials without an id, a table of their rules is shown.

    Example: critextract show out.jsonl NCT01234567
    """
    from critextract.exports.terminal import render_table, render_trial

    records = _records(source, id_column, text_column, config)
    if trial is not None:
        records = iter([_find(records, trial, source)])
    kept = list(islice(records, SHOWN_AT_ONCE + 1))
    console = _console()
    colour = console.is_terminal
    if len(kept) == 1 and (trial is not None or not _holds_records(source)):
        console.print(render_trial(kept[0], colour=colour))
        return
    console.print(render_table(kept[:SHOWN_AT_ONCE], colour=colour))
    if len(kept) > SHOWN_AT_ONCE:
        typer.echo(f"The first {SHOWN_AT_ONCE} trials; name one to see it: show {source} ID")


def _holds_records(source: str) -> bool:
    return source.endswith((".jsonl", ".jsonl.gz"))


def _records(
    source: str, id_column: str | None, text_column: str | None, config: Path | None
) -> Iterator[Record]:
    """Return the records of a file of records, or of the documents read right now."""
    from critextract.io.documents import Document, read_documents
    from critextract.io.records import read_records

    if _holds_records(source):
        return iter(read_records(Path(source)))
    from critextract.pipeline import load

    documents = []
    for item in read_documents([source], id_column=id_column, text_column=text_column):
        if not isinstance(item, Document):
            raise InputError(item.message)
        documents.append(item)
    return load(config).extract_many(documents)


def _find(records: Iterator[Record], trial: str, source: str) -> Record:
    for record in records:
        if record.id == trial:
            return record
    raise InputError(f"{source}: no trial {trial!r} in it")


def _console() -> Console:
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=140)


@app.command("train")
def train_command(
    corpora: Annotated[Path, typer.Argument(help="Folder with chia/, lct/ and raw/.")],
    out: Annotated[
        Path, typer.Option("-o", "--out", help="Folder of the model that is made.")
    ] = Path("models/critextract_mentions"),
    vectors: Annotated[
        Path | None, typer.Option(help="Take the word vectors of this model; else train them.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the weights and the order of examples.")] = 1,
) -> None:
    """Train the models on annotated corpora and print their figures on dev as JSON.

    The mention model goes to the folder, the attachment model that reads its output beside it.

    Example: critextract train ../shared/corpora -o models/critextract_mentions
    """
    import json

    from critextract.components.weights import MODEL_NAME
    from critextract.learn.attachment import train_attachment
    from critextract.learn.train import train

    def say(epoch: int, epochs: int, loss: float) -> None:
        typer.echo(f"epoch {epoch} of {epochs}: loss {loss:.0f}", err=True)

    made = train(corpora, out, seed=seed, vectors=vectors, progress=say)
    made["attachment"] = train_attachment(corpora, out.parent / MODEL_NAME, model=out)
    typer.echo(json.dumps(made, indent=2))


@app.command("schema")
def schema_command(kind: Annotated[Published, typer.Argument(help="What is described.")]) -> None:
    """Print the JSON Schema of a record, a patient or a verdict.

    Example: critextract schema record > record.schema.json
    """
    import json

    from critextract.io.validate import json_schema

    typer.echo(json.dumps(json_schema(kind.value), indent=2, ensure_ascii=False))


@app.command("validate")
def validate_command(
    file: Annotated[Path, typer.Argument(help="Records, patients or verdicts, one a line.")],
    kind: Annotated[
        Published | None, typer.Option(help="What the lines are; told by their fields without.")
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
    typer.echo(f"critextract: {lines} lines, {faults} faults", err=True)
    raise typer.Exit(1 if faults else 0)
