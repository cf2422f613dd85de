"""Words at the front of a name that only qualify it: "systemic corticosteroids", "serum sodium".

The name is what a record would hold; the words before it are its qualifiers. Which words, and which
names they are a part of ("chronic kidney disease", "blood pressure"), is data:
``lexicons/front_words.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from critextract import terms
from critextract.components.drafts import Candidate, QualifierCandidate
from critextract.components.phrases import expand
from critextract.components.qualifiers import qualifier_kind
from critextract.lexicons import read_rows
from critextract.schema import Label

_SPECIMEN = re.compile(r"(?:blood )?serum|plasma|urine|saliva|sputum", re.IGNORECASE)


class _Words(NamedTuple):
    """Patterns of one label: front words, names that begin with them, nouns that are no name."""

    cut: re.Pattern[str]
    name: re.Pattern[str]
    head: re.Pattern[str]


@cache
def _words() -> dict[Label, _Words]:
    phrases: dict[tuple[str, str], list[str]] = {}
    for use, labels, written in read_rows("front_words.tsv"):
        for label in labels.split("|"):
            phrases.setdefault((label, use), []).extend(_expanded(written))

    def pattern(label: Label, use: str, end: str) -> re.Pattern[str]:
        known = sorted(phrases.get((str(label), use), ()), key=len, reverse=True)
        return re.compile(rf"(?:{'|'.join(map(re.escape, known)) or '(?!)'}){end}", re.IGNORECASE)

    return {
        label: _Words(
            pattern(label, "cut", r"\s+"), pattern(label, "name", ""), pattern(label, "head", "$")
        )
        for label in Label
        if (str(label), "cut") in phrases
    }


def _expanded(written: str) -> Iterable[str]:
    """Yield the phrases of a cell: alternatives are parted by bars outside braces too."""
    for part in re.split(r"\|(?![^{]*\})", written):
        yield from (phrase for phrase in expand(part) if phrase)


def cut_front(
    text: str, candidates: Iterable[Candidate]
) -> tuple[list[Candidate], list[QualifierCandidate]]:
    """Return the candidates without the words that only qualify them, and these words.

    text : one criterion's clean text. A name that the lexicons hold as a whole, or as something
        else than what is left of it, stays.
    """
    names: list[Candidate] = []
    found: list[QualifierCandidate] = []
    for candidate in candidates:
        name = candidate
        words = text[name.start : name.end]
        if name.label is Label.MEASUREMENT and _SPECIMEN.fullmatch(words):  # "test (serum)"
            found.append(QualifierCandidate("specimen", name.start, name.end))
            continue
        while cut := _front(text, name):
            found.append(QualifierCandidate(qualifier_kind(cut), name.start, name.start + len(cut)))
            start = name.start + len(cut)
            start += len(text[start : name.end]) - len(text[start : name.end].lstrip())
            name = replace(name, start=start)
        names.append(name)
    return names, found


def _front(text: str, candidate: Candidate) -> str | None:
    """Return the words to cut off a candidate, None where all of it is its name."""
    words = _words().get(candidate.label)
    front = words.cut.match(text, candidate.start, candidate.end) if words else None
    if words is None or front is None:
        return None
    whole, rest = text[candidate.start : candidate.end], text[front.end() : candidate.end]
    if words.name.match(whole) or words.head.match(rest):
        return None
    known = terms.lookup(whole)
    if known is not None:
        left = terms.lookup(rest)
        return front.group().rstrip() if left is not None and left.id == known.id else None
    return front.group().rstrip()
