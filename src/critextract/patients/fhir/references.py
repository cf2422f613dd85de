"""References between resources, and the store that brings a patient's resources together.

A bulk export holds patients in one file and their conditions in another, so nothing of a patient
is known before all files are read. The resources wait in a temporary SQLite database on disk:
memory does not grow with the number of patients.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from types import TracebackType
from typing import Any

from critextract.patients.fhir.files import Entry

_CACHE = "PRAGMA cache_size = -16000"  # 16 MB

_TABLES = """
CREATE TABLE patient (number INTEGER PRIMARY KEY, key TEXT, file TEXT, place TEXT, body TEXT);
CREATE TABLE alias (name TEXT PRIMARY KEY, key TEXT) WITHOUT ROWID;
CREATE TABLE refused (file TEXT, name TEXT);
CREATE TABLE fact (number INTEGER PRIMARY KEY, subject TEXT, name TEXT, file TEXT, place TEXT,
    body TEXT);
CREATE TABLE other (name TEXT, file TEXT, body TEXT, PRIMARY KEY (name, file)) WITHOUT ROWID;
"""


def reference_key(reference: str) -> str:
    """Return what a reference and its target share: "urn:uuid:…" or "Patient/1".

    Absolute URLs lose their server, versions theirs ("/_history/2").
    """
    plain = re.sub(r"/_history/[^/]+$", "", reference.strip())
    if plain.startswith(("urn:", "#")) or "?" in plain:
        return plain
    return "/".join(plain.split("/")[-2:])


def names_of(entry: Entry) -> list[str]:
    """Return every key a reference to this resource may have."""
    resource = entry.resource
    names = []
    if isinstance(resource.get("id"), str) and resource["id"]:
        names.append(f"{resource['resourceType']}/{resource['id']}")
    if entry.url:
        names.append(reference_key(entry.url))
    return list(dict.fromkeys(names))


def _dumped(resource: dict[str, Any]) -> str:
    return json.dumps(resource, default=float, sort_keys=True)


def _loaded(text: str) -> dict[str, Any]:
    resource: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return resource


class Store:
    """Resources on disk, brought together by patient."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("")
        self._base.execute(_CACHE)
        self._base.executescript(_TABLES)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._base.close()

    def add_patient(self, entry: Entry) -> str | None:
        """Keep a patient; return where another of the same id stands that says something else.

        What the file of such a second patient says of its id belongs to neither.
        """
        body = _dumped(entry.resource)
        names = names_of(entry)
        marks = ", ".join("?" * len(names))
        known = self._base.execute(
            "SELECT DISTINCT file || place, body, file FROM alias JOIN patient USING (key)"
            f" WHERE name IN ({marks})",
            names,
        ).fetchone()
        if known and known[1] != body:
            if known[2] != entry.file:
                rows = [(entry.file, name) for name in names]
                self._base.executemany("INSERT INTO refused VALUES (?, ?)", rows)
            return str(known[0])
        if not known:
            self._base.execute(
                "INSERT INTO patient (key, file, place, body) VALUES (?, ?, ?, ?)",
                (names[0], entry.file, entry.place, body),
            )
        self._base.executemany(
            "INSERT OR IGNORE INTO alias VALUES (?, ?)", [(name, names[0]) for name in names]
        )
        return None

    def add_fact(self, subject: str, entry: Entry) -> None:
        """Keep a resource of the patient a reference names."""
        name = next(iter(names_of(entry)), None)
        row = (reference_key(subject), name, entry.file, entry.place, _dumped(entry.resource))
        self._base.execute(
            "INSERT INTO fact (subject, name, file, place, body) VALUES (?, ?, ?, ?, ?)", row
        )

    def add_other(self, entry: Entry) -> None:
        """Keep a resource that others refer to."""
        body = _dumped(entry.resource)
        rows = [(name, entry.file, body) for name in names_of(entry)]
        self._base.executemany("INSERT OR IGNORE INTO other VALUES (?, ?, ?)", rows)

    def close_writing(self) -> None:
        """Make the store ready to be read."""
        self._base.execute("DELETE FROM fact WHERE (file, subject) IN (SELECT * FROM refused)")
        self._base.execute("CREATE INDEX fact_subject ON fact (subject, number)")
        self._base.execute("CREATE INDEX alias_key ON alias (key)")

    def patients(self) -> Iterator[tuple[str, Entry]]:
        """Yield key and resource of every patient, in the order they were read."""
        rows = self._base.execute("SELECT key, file, place, body FROM patient ORDER BY number")
        for key, file, place, body in rows:
            yield key, Entry(_loaded(body), file, place)

    def facts(self, key: str) -> Iterator[Entry]:
        """Yield the resources of a patient in the order they were read, copies once."""
        rows = self._base.execute(
            "SELECT name, file, place, body FROM fact"
            " WHERE subject IN (SELECT name FROM alias WHERE key = ?) ORDER BY number",
            (key,),
        )
        seen: set[tuple[str, str]] = set()
        for name, file, place, body in rows:
            if name is None or (name, body) not in seen:
                seen.add((name, body))
                yield Entry(_loaded(body), file, place)

    def lost_facts(self) -> Iterator[tuple[str, int, str]]:
        """Yield references that name no patient read, how many there are, and where one stands."""
        yield from self._base.execute(
            "SELECT subject, count(*), min(file || place) FROM fact"
            " WHERE subject NOT IN (SELECT name FROM alias) GROUP BY subject ORDER BY min(number)"
        )

    def other(self, reference: str, file: str) -> dict[str, Any] | None:
        """Return what a reference in `file` names: that of the file, else the only one there is.

        None: none was read, or several files hold different ones.
        """
        rows = self._base.execute(
            "SELECT file, body FROM other WHERE name = ?", (reference_key(reference),)
        ).fetchall()
        own = [body for row_file, body in rows if row_file == file]
        bodies = own or list({body for _, body in rows})
        return _loaded(bodies[0]) if len(bodies) == 1 else None
