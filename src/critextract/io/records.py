"""Records as JSON lines: what the program writes, read again."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from critextract.errors import InputError, SchemaError
from critextract.schema import RECORD_SCHEMA, Record, from_dict, to_dict


def dump_record(record: Record) -> str:
    """Return the record as one line of JSON without a line end; equal records, equal lines."""
    return json.dumps(to_dict(record), ensure_ascii=False, separators=(", ", ": "))


def read_records(path: str | Path) -> Iterator[Record]:
    """Yield the records of a JSON lines file, gzipped where its name says so.

    Raises
    ------
    InputError : the file cannot be opened or is not UTF-8.
    SchemaError : a line is no record of this schema; the message has path and line.
    """
    path = Path(path)
    try:
        with _open(path) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _record(line, f"{path}:{number}")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 ({error}), expected records as JSON lines") from None
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read ({reason}), expected records") from None


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="\n")
    return path.open(encoding="utf-8", newline="\n")


def _record(line: str, where: str) -> Record:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"{where}: not JSON ({error}); was the file cut off?") from None
    found = data.get("schema") if isinstance(data, dict) else type(data).__name__
    if found != RECORD_SCHEMA:
        raise SchemaError(f"{where}: schema is {found!r}, expected {RECORD_SCHEMA!r}")
    try:
        return from_dict(data)
    except SchemaError as error:
        raise SchemaError(f"{where}: {error}") from None
