"""Rows to csv or parquet, streamed by DuckDB, the file complete or not there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from critextract.errors import OutputError

FORMATS = {".csv": "FORMAT csv, HEADER", ".parquet": "FORMAT parquet, COMPRESSION zstd"}
"""Suffix of a table file and DuckDB's options for it."""


def write_table(path: Path, rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> int:
    """Write rows to a ``.csv`` or ``.parquet`` file and return how many there were.

    columns : name and SQL type, in order; every row has all of them, None is null.

    Raises
    ------
    OutputError : the file cannot be written; one that was there before is left as it was.
    """
    try:
        with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            plain, table = Path(folder, "rows.jsonl"), Path(folder, "table")
            count = 0
            with plain.open("w", encoding="utf-8") as file:
                for row in rows:
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
                    count += 1
            _copy(plain, table, columns, FORMATS[path.suffix])
            table.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot write the table ({error.strerror})") from None
    return count


def _copy(source: Path, target: Path, columns: Mapping[str, str], how: str) -> None:
    import duckdb

    typed = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    names = ", ".join(f'"{name}"' for name in columns)
    query = (
        f"COPY (SELECT {names} FROM read_json($source, format = 'newline_delimited', "
        f"columns = {{{typed}}})) TO '{_quoted(target)}' ({how})"
    )
    try:
        with duckdb.connect(config={"threads": 1, "memory_limit": "512MB"}) as connection:
            connection.execute(query, {"source": str(source)})
    except duckdb.Error as error:
        raise OutputError(f"{target.parent}: cannot write the table ({error})") from None


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
