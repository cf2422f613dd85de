"""Tables with one trial a row: csv (streamed, as its bytes say) and parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from critextract.errors import InputError, LimitError
from critextract.io.encodings import wide_codec
from critextract.io.items import Blob, Item, Options, skipped
from critextract.io.peeking import peekable
from critextract.io.rows import Columns, row_columns, row_document

_DELIMITERS = ",\t;|"
_BATCH = 256


def read_csv(blob: Blob, options: Options) -> Iterator[Item]:
    """Yield one document a row; a row that does not fit the header is named and left out.

    The delimiter is the one of comma, tab, semicolon and bar that the header has most of.
    """
    stream = peekable(blob.stream)
    codec = wide_codec(stream.peek(4)[:4]) or "utf-8-sig"
    limit = options.limits.record_bytes
    lines = _lines(TextIOWrapper(stream, codec, errors="surrogateescape", newline=""), blob, limit)
    first = next(lines, "")
    if not first.strip():
        raise InputError(f"{blob.label}: found no header line, expected the names of columns")
    delimiter = max(_DELIMITERS, key=first.count)
    header = [name.strip() for name in next(csv.reader([first], delimiter=delimiter))]
    columns = row_columns(header, options, blob.label, "columns")
    csv.field_size_limit(limit)
    for number, start, row in _rows(lines, delimiter):
        where = f"{blob.label}: row {number} from line {start + 1}"
        if isinstance(row, csv.Error):
            yield skipped(where, f"{row}; a quotation mark that is not doubled or closed?")
        elif len(row) != len(header):
            if row:
                yield skipped(
                    where,
                    f"found {len(row)} fields, expected {len(header)} as in the header;"
                    " a text without quotation marks?",
                )
        else:
            yield _csv_row(row, header, columns, where, number, blob, options)


def _csv_row(
    row: list[str],
    header: list[str],
    columns: Columns,
    where: str,
    number: int,
    blob: Blob,
    options: Options,
) -> Item:
    doc_id = row[header.index(columns.id)] if columns.id else None
    text = row[header.index(columns.text)]
    return row_document(doc_id, text, where, number, blob, options.limits)


def _lines(text: TextIO, blob: Blob, limit: int) -> Iterator[str]:
    """Yield lines with their ends; one over the limit stops the table."""
    while line := text.readline(limit + 1):
        if len(line) > limit:
            raise LimitError(
                f"{blob.label}: a line is over the limit of {limit} characters (record_bytes)"
            )
        yield line


def _rows(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, int, list[str] | csv.Error]]:
    """Yield number, first line (0 is the one after the header) and the row or its error."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        start = reader.line_num + 1
        number += 1
        try:
            yield number, start, next(reader)
        except csv.Error as error:
            yield number, start, error
        except StopIteration:
            return


def read_parquet(path: Path, blob: Blob, options: Options) -> Iterator[Item]:
    """Yield one document a row of the parquet file at `path`, in its order."""
    import duckdb

    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        try:
            names = [
                row[0]
                for row in connection.execute(
                    "DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]
                ).fetchall()
            ]
        except duckdb.Error as error:
            raise InputError(
                f"{blob.label}: not a parquet table ({str(error).splitlines()[0]:.200}); truncated?"
            ) from None
        columns = row_columns(names, options, blob.label, "columns")
        chosen = f"{_quoted(columns.id) if columns.id else 'NULL'}, {_quoted(columns.text)}"
        result = connection.execute(f"SELECT {chosen} FROM read_parquet(?)", [str(path)])
        number = 0
        while batch := result.fetchmany(_BATCH):
            for doc_id, text in batch:
                number += 1
                where = f"{blob.label}: row {number}"
                yield row_document(doc_id, text, where, number, blob, options.limits)


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
