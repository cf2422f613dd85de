"""What the commands write: refused before the work is done, written in one way, counted."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from critextract.errors import OutputError, writing


def check_outputs(*outs: Path | None, inputs: Iterable[str | Path | None] = ()) -> None:
    """Refuse outputs that cannot be written or would overwrite an input, before any work is done.

    Raises
    ------
    OutputError : an output is an input too, is a folder, or its folder is not there.
    """
    read = [source for source in inputs if source is not None]
    for out in outs:
        if out is None:
            continue
        check_no_input(out, read)
        if out.is_dir():
            raise OutputError(f"{out}: is a folder, expected the name of a file")
        if not out.parent.is_dir():
            raise OutputError(f"{out}: cannot be written, there is no folder {out.parent}")


def check_no_input(out: Path, inputs: Iterable[str | Path]) -> None:
    """Refuse an output that would overwrite an input.

    Raises
    ------
    OutputError : it would.
    """
    for source in map(Path, inputs):
        if source.exists() and source.resolve() == out.resolve():
            raise OutputError(f"{out}: is the input too; name another output")


def write_text(path: Path, text: str) -> None:
    """Write a whole file, its line ends as they are in `text`.

    Raises
    ------
    OutputError : the file cannot be written.
    """
    with writing(path):
        path.write_text(text, encoding="utf-8", newline="\n")


def counted(number: int, thing: str) -> str:
    """Return "1 document", "3 documents"."""
    return f"{number} {thing}{'' if number == 1 else 's'}"
