"""Which names are of one thing, and which things are kinds of others.

From the packaged lexicons (``terms_*.tsv``), ``synonyms.tsv`` and ``classes.tsv``. A thing is known
by an id ("cond.mi"), a name that has none by its words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, NamedTuple

from critextract.errors import LexiconError
from critextract.hierarchies import ancestors
from critextract.lexicons import read_rows
from critextract.names import normalise_name
from critextract.patients.codes import code_key
from critextract.patients.phrases import bag, parse
from critextract.schema import Label
from critextract.terms import terms

Kind = Literal["measurement", "drug", "other"]


class Ending(NamedTuple):
    """Last words that make a name one of a class."""

    pattern: re.Pattern[str]
    id: str


@dataclass(slots=True)
class Thesaurus:
    """The tables, indexed.

    names, short : bag of a name, or an abbreviation as written, to the ids it may stand for.
    shown : id to its first name. codes : a code's key to the id. parents : id, or ``name`` and bag,
    to the ids right above. kinds : id to its kind.
    """

    names: dict[str, list[str]] = field(default_factory=dict)
    short: dict[str, list[str]] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)
    parents: dict[str, list[str]] = field(default_factory=dict)
    endings: list[Ending] = field(default_factory=list)
    not_same: dict[str, set[str]] = field(default_factory=dict)

    def add_name(self, name: str, id_: str) -> None:
        """Add one name of a thing."""
        phrase = parse(name)
        _add(self.names, phrase.bag if phrase.effect == "same" else phrase.whole, id_)

    def ids(self, words: str, kind: Kind) -> tuple[str, ...]:
        """Return the ids a bag of words may stand for, those of the kind before others."""
        return self._of_kind(self.names.get(words, ()), kind)

    def short_ids(self, written: str, kind: Kind) -> tuple[str, ...]:
        """Return the ids an abbreviation may stand for."""
        found = self.short.get(written) or self.short.get(written.removesuffix("s")) or ()
        return self._of_kind(found, kind)

    def _of_kind(self, ids: list[str] | tuple[str, ...], kind: Kind) -> tuple[str, ...]:
        for wanted in (kind, "other"):
            of_kind = tuple(id_ for id_ in ids if self.kinds[id_] == wanted)
            if of_kind:
                return of_kind
        return () if kind == "measurement" else tuple(i for i in ids if self.kinds[i] == "drug")

    def above(self, key: str) -> tuple[str, ...]:
        """Return every id above an id or a name, nearest first."""
        return ancestors(self.parents, key)


def _add(table: dict[str, list[str]], key: str, id_: str) -> None:
    known = table.setdefault(key, [])
    if key and id_ not in known:
        known.append(id_)


def _kind(id_: str, codes: str, source: str) -> Kind:
    if id_.startswith(("lab.", "vital.", "heart.", "lung.", "body.", "eye.")):
        return "measurement"
    if id_.startswith("drug.") or "ATC " in codes or source in {"ATC", "DrugBank"}:
        return "drug"
    return "other"


def _split(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def _add_terms(found: Thesaurus) -> None:
    apart = {id_: {parse(name).bag for name in _split(names)} for id_, names in _not_same_rows()}
    found.not_same = apart
    for term in terms():
        kind: Kind = "measurement" if term.label is Label.MEASUREMENT else "other"
        found.kinds[term.id] = "drug" if term.label is Label.DRUG else kind
        found.shown[term.id] = term.name
        for name in (term.name, *term.synonyms):
            if parse(name).bag not in apart.get(term.id, ()):
                found.add_name(name, term.id)
        for short in term.exact_synonyms:
            if parse(short).bag not in apart.get(term.id, ()):
                _add(found.short, short, term.id)
        key = code_key(term.system, term.code) if term.code else None
        if key:
            _add(found.codes, key, term.id)


def _not_same_rows() -> list[tuple[str, str]]:
    return [(id_, names) for id_, names in read_rows("not_same.tsv")]


def _add_rows(found: Thesaurus) -> None:
    rows = [(*row[:4], row[4]) for row in _checked("synonyms.tsv", 5)]
    rows += [(*row[:4], row[6]) for row in _checked("classes.tsv", 7)]
    for id_, names, short, codes, source in rows:
        found.kinds.setdefault(id_, _kind(id_, codes, source))
        found.shown.setdefault(id_, _split(names)[0])
        for name in _split(names):
            found.add_name(name, id_)
        for form in _split(short):
            _add(found.short, form, id_)
        for code in _split(codes):
            system, _, begin = code.rpartition(" ")
            key = code_key(system, begin)
            if key:
                _add(found.codes, key, id_)


def _checked(table: str, columns: int) -> list[tuple[str, ...]]:
    rows = read_rows(table)
    for row in rows:
        if len(row) != columns:
            raise LexiconError(
                f"lexicons/{table}: {row[0]!r} has {len(row)} columns, not {columns}"
            )
    return rows


def _add_members(found: Thesaurus) -> None:
    for id_, _, _, _, members, endings, _ in _checked("classes.tsv", 7):
        kind = found.kinds[id_]
        for member in _split(members):
            words = parse(member).bag
            for key in (
                found.short_ids(member, kind) or found.ids(words, kind) or (name_key(words),)
            ):
                if key != id_:
                    _add(found.parents, key, id_)
        if endings:
            words = "|".join(
                ending if "\\" in ending else re.escape(normalise_name(ending))
                for ending in _split(endings)
            )
            found.endings.append(Ending(re.compile(f"(?:{words})$"), id_))


def name_key(words: str) -> str:
    """Return the key of a name that has no id."""
    return f"name {words}"


@cache
def thesaurus() -> Thesaurus:
    """Return the packaged tables, indexed.

    Raises
    ------
    LexiconError : a row has the wrong number of columns.
    """
    found = Thesaurus()
    _add_terms(found)
    _add_rows(found)
    _add_members(found)
    return found


@cache
def not_kinds() -> frozenset[tuple[str, str]]:
    """Return pairs of bags: words in front, and the thing that they make another."""
    return frozenset(
        (bag(parse(front).words), parse(thing).bag) for front, thing in read_rows("not_kinds.tsv")
    )
