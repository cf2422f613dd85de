"""Vocabularies as files: names of their entries, and which entry is narrower than which."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from critextract.errors import InputError, reason

_SYSTEMS = (
    (re.compile(r"DB\d{5}$"), "DrugBank"),
    (re.compile(r"C\d{7}$"), "UMLS"),
    (re.compile(r"[CD](?:\d{6}|\d{9})$"), "MeSH"),
    (re.compile(r"[A-TV-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?$"), "ICD-10-CM"),
)
_PREFIXED = re.compile(r"([A-Za-z]+):\w+$")
_SYNONYM = re.compile(r'synonym: "((?:[^"\\]|\\.)+)" EXACT')


class Name(NamedTuple):
    """One name of one entry; the first of an entry is the one shown."""

    code: str
    name: str


def system_of(code: str) -> str:
    """Return the system that a code's form belongs to, ``""`` if none."""
    prefixed = _PREFIXED.match(code)
    if prefixed:
        return prefixed[1]
    return next((system for pattern, system in _SYSTEMS if pattern.match(code)), "")


def _obo_terms(lines: Iterable[str]) -> Iterator[tuple[list[Name], list[str]]]:
    """Yield names and parents of an OBO file's terms, obsolete ones left out."""
    found: list[Name] = []
    parents: list[str] = []
    code = ""
    wanted = False
    for line in (*lines, "[End]"):
        if line.startswith("["):
            if wanted:
                yield found, parents
            found, parents, code, wanted = [], [], "", line.startswith("[Term]")
        elif line.startswith("id: "):
            code = line[4:].strip()
        elif line.startswith("name: "):
            found.insert(0, Name(code, line[6:].strip()))
        elif line.startswith("is_obsolete: true"):
            wanted = False
        elif line.startswith("is_a: "):
            parents.append(line[6:].split("!")[0].split("{")[0].strip())
        elif match := _SYNONYM.match(line):
            found.append(Name(code, match[1].replace('\\"', '"')))


def read_obo(lines: Iterable[str]) -> Iterator[Name]:
    """Yield names and exact synonyms of an OBO file's terms, obsolete ones left out."""
    for names, _ in _obo_terms(lines):
        yield from names


def ancestors(parents: Mapping[str, Sequence[str]], entry: str) -> tuple[str, ...]:
    """Return every entry above `entry`, nearest first, itself left out; loops do no harm."""
    found: dict[str, None] = {}
    level: list[str] = [entry]
    while level:
        above = [p for e in level for p in parents.get(e, ()) if p not in found]
        level = [p for p in dict.fromkeys(above) if p != entry]
        found.update(dict.fromkeys(level))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Entries of a vocabulary and which are broader than which.

    parents : entry to those right above it (or any above it).
    names : the names of entries, several of one, the first to be shown first.
    system : the system the entries are codes of; ``""`` where they are names or say it themselves.
    """

    parents: dict[str, tuple[str, ...]]
    names: tuple[Name, ...] = ()
    system: str = ""
    codes: dict[str, str] = field(default_factory=dict)

    def ancestors(self, entry: str) -> tuple[str, ...]:
        """Return every entry above `entry`, nearest first, itself left out; loops do no harm."""
        return ancestors(self.parents, entry)


def _from_obo(lines: list[str]) -> Hierarchy:
    parents: dict[str, tuple[str, ...]] = {}
    names: list[Name] = []
    for term_names, above in _obo_terms(lines):
        names += term_names
        if term_names and above:
            parents[term_names[0].code] = tuple(above)
    return Hierarchy(parents, tuple(names))


def _rows(path: Path) -> Iterator[list[str]]:
    text = path.read_text(encoding="utf-8-sig")
    first = text.partition("\n")[0]
    delimiter = max("\t;,", key=first.count)
    return csv.reader(text.splitlines(), delimiter=delimiter)


def _column(head: list[str], *names: str) -> int | None:
    lower = [cell.strip().lower() for cell in head]
    return next((lower.index(name) for name in names if name in lower), None)


def _edges(rows: Iterable[list[str]], narrow: int, broad: int) -> dict[str, tuple[str, ...]]:
    above: dict[str, dict[str, None]] = {}
    for row in rows:
        if len(row) > max(narrow, broad):
            narrower, broader = row[narrow].strip(), row[broad].strip()
            if narrower and broader and narrower != broader:
                above.setdefault(narrower, {})[broader] = None
    return {entry: tuple(parents) for entry, parents in above.items()}


def _from_omop(path: Path, head: list[str], rows: Iterable[list[str]]) -> Hierarchy:
    """Read OMOP's concept_ancestor, with names and codes of the concept table beside it."""
    narrow, broad = _column(head, "descendant_concept_id"), _column(head, "ancestor_concept_id")
    assert narrow is not None
    assert broad is not None
    names: list[Name] = []
    codes: dict[str, str] = {}
    beside = next((p for p in sorted(path.parent.iterdir()) if p.stem.lower() == "concept"), None)
    if beside is not None:
        table = _rows(beside)
        columns = next(table)
        places = [
            _column(columns, name)
            for name in ("concept_id", "concept_name", "vocabulary_id", "concept_code")
        ]
        for row in table:
            cells = [row[p] if p is not None and p < len(row) else "" for p in places]
            names.append(Name(cells[0], cells[1]))
            if cells[2] and cells[3]:
                codes[f"{cells[2]}|{cells[3]}"] = cells[0]
    return Hierarchy(_edges(rows, narrow, broad), tuple(names), "OMOP", codes)


def read_hierarchy(path: Path) -> Hierarchy:
    """Return what is narrower than what in a file.

    Read are OBO files (``is_a``), OMOP's concept_ancestor table (the concept table is read if it
    lies beside it), and tables of two columns, narrower and broader, names or codes, with or
    without a heading that says so.

    Raises
    ------
    InputError : the file cannot be read, or it holds no pairs.
    """
    try:
        if path.suffix == ".obo":
            found = _from_obo(path.read_text(encoding="utf-8-sig").splitlines())
        else:
            found = _from_table(path)
    except (OSError, UnicodeDecodeError, csv.Error, StopIteration) as error:
        raise InputError(f"{path}: vocabulary cannot be read ({reason(error)})") from None
    if not found.parents:
        raise InputError(
            f"{path}: no narrower and broader entries found; expected an OBO file with is_a, "
            "OMOP's concept_ancestor, or two columns narrower,broader"
        )
    return found


def _from_table(path: Path) -> Hierarchy:
    rows = _rows(path)
    head = next(rows)
    if _column(head, "ancestor_concept_id") is not None:
        return _from_omop(path, head, rows)
    narrow = _column(head, "narrower", "child", "descendant", "narrower_code", "narrower_name")
    broad = _column(head, "broader", "parent", "ancestor", "broader_code", "broader_name")
    if narrow is None or broad is None:
        return Hierarchy(_edges([head, *rows], 0, 1))
    return Hierarchy(_edges(rows, narrow, broad))
