"""The output of a job: a file of whole lines that a killed run can be resumed from.

A line is written by one call, and taken back if the call fails half-way (a full disk). Only a
process that is killed inside that call can leave a torn last line; `read_progress` cuts it off.
The state of a run is the file itself: the ids in it are done, everything else is not.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

from critextract.errors import InputError, OutputError
from critextract.schema import Provenance, plain

OTHER_FORMS = frozenset(
    {".csv", ".db", ".doc", ".docx", ".gz", ".html", ".json", ".parquet", ".pdf", ".tsv", ".txt"}
    | {".xls", ".xlsx", ".xml", ".zip"}
)
"""Suffixes that promise another form than lines of JSON."""


def check_output_name(out: Path | None, written: tuple[str, ...] = (".jsonl",)) -> None:
    """Refuse an output whose name promises a form that is not written.

    Raises
    ------
    InputError : the suffix is of another form than those `written`, or the name is ``-``.
    """
    if out is None:
        return
    if out == Path("-"):
        raise InputError("-o -: standard output is written where -o is left out")
    if out.suffix.lower() in OTHER_FORMS - set(written):
        expected = " or ".join(filter(None, (", ".join(written[:-1]), written[-1])))
        raise InputError(f"{out}: expected {expected} as output, found {out.suffix}")


class LineFile:
    """Appends lines to a file, or to standard output where `path` is None.

    resumable : the job that writes it can go on from there, which its error messages then say.

    The file is created, or emptied unless `append`, when the first line is written or at `close`:
    a run that fails before it has a result leaves an earlier output alone.
    """

    def __init__(self, path: Path | None, *, append: bool = False, resumable: bool = False) -> None:
        self.path = path
        self._resumable = resumable
        self._append = append
        self._fd: int | None = None

    @property
    def name(self) -> str:
        """The output's name in messages."""
        return str(self.path) if self.path else "standard output"

    def write(self, line: bytes) -> None:
        """Write the line and its newline, whole or not at all.

        Raises
        ------
        OutputError : the file cannot be written; it then ends with the line before.
        BrokenPipeError : nobody reads standard output any longer.
        """
        fd = self._open()
        before = _size(fd)
        try:
            _write_all(fd, line + b"\n")
        except BaseException as error:
            if before is not None:
                os.ftruncate(fd, before)
            if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
                raise OutputError(self._cannot(error)) from None
            raise

    def close(self) -> None:
        """Bring the lines to the disk and close the file; an empty run makes an empty file."""
        fd = self._open()
        try:
            if _size(fd) is not None:
                os.fsync(fd)
            if self.path:
                os.close(fd)
        except OSError as error:
            raise OutputError(self._cannot(error)) from None

    def _open(self) -> int:
        if self._fd is None and self.path is None:
            sys.stdout.flush()
            self._fd = sys.stdout.fileno()
        elif self._fd is None and self.path is not None:
            how = os.O_APPEND if self._append else os.O_TRUNC
            try:
                self._fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | how, 0o666)
            except OSError as error:
                raise OutputError(self._cannot(error)) from None
        assert self._fd is not None
        return self._fd

    def _cannot(self, error: OSError) -> str:
        return (
            f"{self.name}: cannot write ({error.strerror}); every line written so far is whole"
            + (", and --resume goes on from there" if self._resumable else "")
        )


def _size(fd: int) -> int | None:
    """Return the length of a regular file, None for a pipe, terminal or device."""
    status = os.fstat(fd)
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _write_all(fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def read_progress(path: Path, made_by: Provenance) -> dict[str, str]:
    """Return id to text hash of the records in an interrupted output, a torn last line cut off.

    Raises
    ------
    InputError : a line is no record, or was made by another version, model or configuration.
    """
    done: dict[str, str] = {}
    if not path.exists():
        return done
    whole = 0
    try:
        with path.open("r+b") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n"):
                    file.truncate(whole)
                    break
                whole += len(line)
                record = _record(line, f"{path}:{number}")
                _check_maker(record.get("made_by"), made_by, f"{path}:{number}")
                done[record["id"]] = record["text_sha256"]
    except OSError as error:
        raise InputError(f"{path}: cannot resume ({error.strerror})") from None
    return done


def _record(line: bytes, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
        if isinstance(record["id"], str) and isinstance(record["text_sha256"], str):
            return dict(record)
    except (ValueError, KeyError, TypeError):
        pass
    raise InputError(
        f"{where}: expected a record, found {line[:40]!r}; is this the output of another program? "
        "Leave out --resume to start over"
    )


def _check_maker(found: Any, made_by: Provenance, where: str) -> None:
    expected = plain(made_by)
    if found != expected:
        raise InputError(
            f"{where}: was made by {json.dumps(found)}, this is {json.dumps(expected)}; "
            "records of two versions do not go into one file. Leave out --resume to start over"
        )
