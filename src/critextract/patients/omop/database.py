"""Where a CDM lies: a DuckDB file, a folder of csv or parquet tables, or PostgreSQL.

All three answer the same SQL and give rows as they come, never a whole table. psycopg is imported
here only.
"""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from critextract.errors import InputError

POSTGRES = ("postgresql://", "postgres://")
_BATCH = 2000
_MEMORY = "512MB"
_JOINED = ("concept",)
"""Tables of a folder that are read into the database; the others are read where they lie."""


class Cdm(Protocol):
    """An open CDM."""

    @property
    def label(self) -> str:
        """Its name for people, without a password."""

    def columns(self, table: str) -> frozenset[str]:
        """Return the columns of a table in lower case; empty where there is no such table."""

    def table(self, name: str) -> str:
        """Return the name of a table as SQL."""

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query as they come."""


@contextmanager
def open_cdm(source: str, schema: str | None = None) -> Iterator[Cdm]:
    """Open a CDM to be read.

    Parameters
    ----------
    source : a DuckDB file, a folder of ``person.csv``, ``concept.parquet`` …, or an address
        ``postgresql://user@host/database?schema=cdm``.
    schema : where the tables lie; without it that of the address, else where `person` is found.

    Raises
    ------
    InputError : it cannot be opened, holds no CDM, or psycopg is not installed.
    """
    if source.startswith(POSTGRES):
        with _postgres(source, schema) as cdm:
            yield cdm
        return
    with (
        tempfile.TemporaryDirectory(prefix="critextract-") as spill,
        _duckdb(Path(source), schema, spill) as cdm,
    ):
        yield cdm


class _Catalogued:
    """A connection whose tables are known by the standard's information_schema."""

    def __init__(self, connection: Any, label: str, schema: str | None) -> None:
        self.label = label
        self._connection = connection
        rows = connection.execute(
            "SELECT table_schema, table_name, lower(column_name) FROM information_schema.columns"
            " WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY table_schema"
        ).fetchall()
        self._schema, self._names, self._columns = _catalogue(rows, schema, label)

    def columns(self, table: str) -> frozenset[str]:
        return self._columns.get(table, frozenset())

    def table(self, name: str) -> str:
        return f"{_quoted(self._schema)}.{_quoted(self._names.get(name, name))}"


# --- DuckDB -----------------------------------------------------------------------------------


class _DuckCdm(_Catalogued):
    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        import duckdb

        try:
            cursor = self._connection.cursor().execute(sql)
            while batch := cursor.fetchmany(_BATCH):
                yield from batch
        except duckdb.Error as error:
            raise InputError(f"{self.label}: {_first_line(error)}; is it a CDM 5.4?") from None


@contextmanager
def _duckdb(path: Path, schema: str | None, spill: str) -> Iterator[_DuckCdm]:
    import duckdb

    if not path.exists():
        raise InputError(f"{path}: no such file or folder, expected an OMOP CDM")
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "temp_directory": spill,
        "memory_limit": _MEMORY,
        "threads": "1",
        "preserve_insertion_order": "false",
    }
    folder = path.is_dir()
    try:
        connection = duckdb.connect(
            f"{spill}/tables.duckdb" if folder else str(path), read_only=not folder, config=settings
        )
    except duckdb.Error as error:
        raise InputError(f"{path}: no DuckDB database ({_first_line(error)})") from None
    try:
        if folder:
            _attach_files(connection, path)
        yield _DuckCdm(connection, str(path), schema)
    finally:
        connection.close()


def _attach_files(connection: Any, folder: Path) -> None:
    import duckdb

    for file in sorted(folder.iterdir()):
        name, _, suffix = file.name.lower().partition(".")
        if suffix not in ("csv", "csv.gz", "parquet"):
            continue
        kind = "TABLE" if name in _JOINED else "VIEW"
        reader = _reader(file, suffix)
        try:
            connection.execute(f"CREATE {kind} {_quoted(name)} AS SELECT * FROM {reader}")
        except duckdb.Error as error:
            raise InputError(f"{file}: no table can be read ({_first_line(error)})") from None


def _reader(file: Path, suffix: str) -> str:
    name = str(file).replace("'", "''")
    if suffix == "parquet":
        return f"read_parquet('{name}')"
    opened = gzip.open if suffix.endswith("gz") else open
    try:
        with opened(file, "rb") as stream:
            header = stream.readline()
    except (OSError, EOFError) as error:
        raise InputError(f"{file}: cannot be read ({error})") from None
    form = "delim='\t', quote=''" if b"\t" in header else "delim=',', quote='\"'"
    return f"read_csv('{name}', header=true, all_varchar=true, {form})"


# --- PostgreSQL -------------------------------------------------------------------------------


class _PostgresCdm(_Catalogued):
    def __init__(self, connection: Any, label: str, schema: str | None) -> None:
        super().__init__(connection, label, schema)
        self._opened = 0

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        import psycopg

        self._opened += 1
        try:
            with self._connection.cursor(name=f"rows_{self._opened}") as cursor:
                cursor.itersize = _BATCH
                cursor.execute(sql)
                yield from cursor
        except psycopg.Error as error:
            raise InputError(f"{self.label}: {_first_line(error)}; is it a CDM 5.4?") from None


@contextmanager
def _postgres(url: str, schema: str | None) -> Iterator[_PostgresCdm]:
    try:
        import psycopg
    except ImportError:
        raise InputError(
            "an OMOP CDM in PostgreSQL needs the library psycopg: pip install 'critextract[omop]'"
        ) from None
    address, own_schema, label = _address(url)
    try:
        connection = psycopg.connect(address)
    except psycopg.Error as error:
        raise InputError(f"{label}: no connection ({_first_line(error)})") from None
    try:
        connection.read_only = True
        connection.execute("SET datestyle TO 'ISO, YMD'")
        yield _PostgresCdm(connection, label, schema or own_schema)
    finally:
        connection.close()


def _address(url: str) -> tuple[str, str | None, str]:
    """Return an address without its schema, the schema, and the address without password."""
    parts = urlsplit(url)
    query: dict[str, str] = dict(parse_qsl(parts.query, keep_blank_values=True))
    schema = query.pop("schema", None)
    shown = {key: value for key, value in query.items() if key != "password"}
    place = parts.netloc
    if "@" in place:
        user, _, host = place.rpartition("@")
        place = f"{user.partition(':')[0]}@{host}"
    whole = urlunsplit(parts._replace(query=_joined(query)))
    label = urlunsplit(parts._replace(netloc=place, query=_joined(shown)))
    return whole, schema, label


def _joined(query: dict[str, str]) -> str:
    return urlencode(query, safe="/", quote_via=quote)


# --- both -------------------------------------------------------------------------------------


def _catalogue(
    rows: list[tuple[str, str, str]], schema: str | None, label: str
) -> tuple[str, dict[str, str], dict[str, frozenset[str]]]:
    """Return the schema of the CDM, its tables by name in lower case, and their columns."""
    homes = sorted({home for home, table, _ in rows if table.lower() == "person"})
    if schema is None and len(homes) > 1:
        found = ", ".join(homes)
        raise InputError(f"{label}: person is in the schemas {found}; name one with ?schema=")
    chosen = schema or (homes[0] if homes else None)
    own = [(table, column) for home, table, column in rows if home == chosen]
    names = {table.lower(): table for table, _ in own}
    for needed in ("person", "concept"):
        if needed not in names:
            where = f" in schema {chosen!r}" if chosen else ""
            found = ", ".join(sorted(names)[:8]) or "no table"
            raise InputError(
                f"{label}: no table {needed}{where}, expected an OMOP CDM 5.4; found {found}"
            )
    columns: dict[str, set[str]] = {}
    for table, column in own:
        columns.setdefault(table.lower(), set()).add(column)
    assert chosen is not None
    return chosen, names, {table: frozenset(found) for table, found in columns.items()}


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _first_line(error: Exception) -> str:
    return f"{(str(error).strip().splitlines() or ['no reason given'])[0]:.200}"
