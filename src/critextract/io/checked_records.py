"""Records as JSON lines, every fault listed; `critextract.io.records` stops at the first."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from critextract.errors import InputError, SchemaError, writing
from critextract.io.faults import Fault, faults_at_end
from critextract.io.invariants import record_faults
from critextract.io.layers import to_layer
from critextract.io.records import dump_record
from critextract.schema import RECORD_SCHEMA, Record, from_dict

CANNOT_HOLD: tuple[str, ...] = ()
"""What record lines cannot hold of a record: nothing."""


@faults_at_end
def read_checked(path: Path, faults: list[Fault]) -> Iterator[Record]:
    """Yield the records of a JSON lines file, gzipped where its name says so.

    A line that is no record, or has a range outside its text, is left out.

    faults : see `critextract.io.faults.Reader`.

    Raises
    ------
    InputError : the file cannot be read.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield from _record(line, path, number, faults)
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read ({reason}), expected records") from None


def _record(line: bytes, path: Path, number: int, faults: list[Fault]) -> Iterator[Record]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        faults.append(Fault(path, number, f"not JSON ({error}); was the file cut off?"))
        return
    kind = data.get("schema") if isinstance(data, dict) else type(data).__name__
    if kind != RECORD_SCHEMA:
        faults.append(Fault(path, number, f"schema is {kind!r}, expected {RECORD_SCHEMA!r}"))
        return
    try:
        record = from_dict(data)
    except SchemaError as error:
        faults.append(Fault(path, number, str(error)))
        return
    faults += [Fault(path, number, message) for message in record_faults(record)]
    if _stands(record):
        yield record


def _stands(record: Record) -> bool:
    places = (place for region in to_layer(record).regions for place in region.fragments)
    return all(0 <= start < end <= len(record.text) for start, end in places)


def write_checked(records: Iterable[Record], path: str | Path) -> int:
    """Write records as JSON lines, gzipped where the name says so; return how many.

    Raises
    ------
    OutputError : the file cannot be written.
    """
    path = Path(path)
    written = 0
    with writing(path), _zipped(path) if path.suffix == ".gz" else path.open("wb") as stream:
        for record in records:
            stream.write((dump_record(record) + "\n").encode("utf-8"))
            written += 1
    return written


def _zipped(path: Path) -> gzip.GzipFile:
    return gzip.GzipFile(path, "wb", mtime=0)  # no time of day in it: same records, same bytes
