"""A user's vocabulary by names and codes: what an event or a mention is, and what lies above it."""

from __future__ import annotations

from functools import lru_cache

from critextract.hierarchies import Hierarchy
from critextract.patients.codes import code_key
from critextract.patients.phrases import parse


class VocabularyIndex:
    """Entries of a hierarchy by the bag of their names and by their codes."""

    def __init__(self, hierarchy: Hierarchy) -> None:
        self.hierarchy = hierarchy
        self.shown: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        for code, name in hierarchy.names:
            self.shown.setdefault(code, name)
            self._names.setdefault(parse(name).bag, code)
        entries = {*hierarchy.parents, *(p for above in hierarchy.parents.values() for p in above)}
        for entry in sorted(entries):
            key = code_key(hierarchy.system or None, entry)
            self._codes[key or entry] = entry
            if not hierarchy.system:
                self._names.setdefault(parse(entry).bag, entry)
        for written, entry in hierarchy.codes.items():
            system, _, code = written.partition("|")
            key = code_key(system, code)
            if key:
                self._codes.setdefault(key, entry)
        self.above = lru_cache(maxsize=65536)(hierarchy.ancestors)

    def entries(self, bags: tuple[str, ...], codes: tuple[str, ...]) -> tuple[str, ...]:
        """Return the entries that names or codes stand for."""
        found = [self._names.get(words) for words in bags]
        found += [self._codes.get(code) for code in codes]
        return tuple(dict.fromkeys(entry for entry in found if entry))

    def name(self, entry: str) -> str:
        """Return the name to show of an entry."""
        return self.shown.get(entry, entry)
