"""What the commands share: errors in one line, clean stops, where records come from."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from critextract.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from critextract.schema import Record

Config = Annotated[
    Path | None,
    typer.Option(
        help="Configuration: a file, or chia or lct, to name mentions as the annotators of that "
        "corpus did; the program's own without."
    ),
]
IdColumn = Annotated[str | None, typer.Option(help="Column of a table that names the trial.")]
TextColumn = Annotated[str | None, typer.Option(help="Column of a table with the criteria.")]


class Stopped(BaseException):
    """A signal asked the program to stop."""


def say(message: str) -> int:
    """Print an error in one line and return the exit code of a run that could do nothing."""
    typer.echo(f"critextract: {' '.join(message.split())}", err=True)
    return 2


@contextmanager
def stoppable(advice: str) -> Iterator[None]:
    """Turn SIGINT, SIGTERM and SIGHUP into one line and exit code 128 + signal."""

    def stop(number: int, _: object) -> NoReturn:
        raise Stopped(number)

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, stop) for number in numbers]
    try:
        yield
    except Stopped as stopped:
        name = signal.Signals(stopped.args[0]).name
        say(f"stopped by {name}" + (f"; {advice}" if advice else ""))
        raise
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def holds_records(source: str) -> bool:
    """Tell whether a source is a file of records rather than of documents."""
    return source.endswith((".jsonl", ".jsonl.gz"))


def records_of(
    source: str, id_column: str | None, text_column: str | None, config: Path | None
) -> Iterator[Record]:
    """Return the records of a file of records, or of the documents read right now."""
    from critextract.io.documents import Document, read_documents
    from critextract.io.records import read_records

    if holds_records(source):
        return iter(read_records(Path(source)))
    from critextract.pipeline import load

    documents = []
    for item in read_documents([source], id_column=id_column, text_column=text_column):
        if not isinstance(item, Document):
            raise InputError(item.message)
        documents.append(item)
    return load(config).extract_many(documents)


def console() -> Console:
    """Return the console of standard output; 140 columns wide where that is no terminal."""
    from rich.console import Console

    class Piped(Console):
        def on_broken_pipe(self) -> None:  # rich would exit with 1, which says that some failed
            raise BrokenPipeError

    made = Piped(highlight=False)
    return made if made.is_terminal else Piped(highlight=False, width=140)
