"""Tables with one trial a row: csv (streamed, as its bytes say) and parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from critextract.errors import InputError, LimitError
from critextract.io.encodings import open_text
from critextract.io.items import Blob, Item, Limits, Options, skipped
from critextract.io.rows import Columns, row_columns, row_document

_DELIMITERS = ",\t;|"
_BATCH = 256


def read_csv(blob: Blob, options: Options) -> Iterator[Item]:
    """Yield one document a row; a row that does not fit the header is named and left out.

    The delimiter is the one of comma, tab, semicolon and bar that the header has most of.
    """
    limit = options.limits.record_bytes
    csv.field_size_limit(limit)
    with open_text(blob.stream) as (text, problems):
        lines = _lines(text, blob, limit)
        first = next(lines, "")
        if not first.strip():
            raise InputError(f"{blob.label}: found no header line, expected the names of columns")
        delimiter = max(_DELIMITERS, key=first.count)
        header = [name.strip() for name in next(csv.reader([first], delimiter=delimiter))]
        columns = row_columns(header, options, blob.label, "columns")
        table = _Table(blob, header, columns, problems, options.limits)
        for number, start, row in _rows(lines, delimiter):
            where = f"{blob.label}: row {number} from line {start + 1}"
            yield table.item(row, where, number)


@dataclass(frozen=True, slots=True)
class _Table:
    """What holds for every row of one csv file."""

    blob: Blob
    header: list[str]
    columns: Columns
    problems: tuple[str, ...]
    limits: Limits

    def item(self, row: list[str] | csv.Error, where: str, number: int) -> Item:
        """Return the document of a row, or why it is left out."""
        if isinstance(row, csv.Error):
            return skipped(where, f"{row}; a quotation mark that is not doubled or closed?")
        if len(row) != len(self.header):
            return skipped(
                where,
                f"found {len(row)} fields, expected {len(self.header)} as in the header;"
                " a text without quotation marks?",
            )
        doc_id = row[self.header.index(self.columns.id)] if self.columns.id else None
        text = row[self.header.index(self.columns.text)]
        return row_document(
            doc_id, text, where, number, self.blob, self.limits, problems=self.problems
        )


def _lines(text: TextIO, blob: Blob, limit: int) -> Iterator[str]:
    """Yield lines with their ends; one over the limit stops the table."""
    while line := text.readline(limit + 1):
        if len(line) > limit:
            raise LimitError(
                f"{blob.label}: a line is over the limit of {limit} characters (record_bytes)"
            )
        yield line


def _rows(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, int, list[str] | csv.Error]]:
    """Yield number, line after the header (1 is the first) and the row, or its error."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        start = reader.line_num + 1
        row: list[str] | csv.Error
        try:
            row = next(reader)
        except csv.Error as error:
            row = error
        except StopIteration:
            return
        if row:
            number += 1
            yield number, start, row


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
