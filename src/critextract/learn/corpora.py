"""Annotated corpora (brat, in Chia's and LCT's dialects) as training examples of the mention model.

An example is one line of a document in the clean form of `critextract.text`, because that is what
the model reads at run time, with flat spans: where annotations overlap, one is kept.
Sources: Chia (Kury 2020, doi:10.1038/s41597-020-00620-0), LCT (Dobbins 2022,
doi:10.1038/s41597-022-01521-0).
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from critextract.errors import AnnotationError, AnnotationFaults, InputError
from critextract.io.brat_dialects import kind_of
from critextract.io.standoff import BratDocument
from critextract.io.standoff_files import read_document
from critextract.learn.labels import CHIA, LCT, UNKNOWN
from critextract.text import CleanText, clean

__all__ = [
    "BratDocument",
    "Example",
    "examples",
    "hash_of",
    "meet",
    "read_brat",
    "read_corpus",
    "read_folder",
]

Range = tuple[int, int]
_MARKER = re.compile(r"\s*(?:[-*•·‒–—○●▪◦o]\s+|[-*•·●▪◦]|\(?\d{1,2}[.)](?!\d)\s*|\(?[a-z][.)]\s+)*")


@dataclass(frozen=True, slots=True)
class Example:
    """A clean line and its flat spans (start, end, label), in text order.

    unknown : ranges of which the annotation does not say what they are here: training neither
        rewards nor punishes what the model makes of them.
    convention : the corpus whose annotators are followed, empty where that is not said.
    """

    text: str
    spans: tuple[tuple[int, int, str], ...]
    unknown: tuple[tuple[int, int], ...] = ()
    convention: str = ""


def read_brat(path: Path) -> BratDocument:
    """Return the document of ``path`` (.ann) and the .txt beside it.

    An annotation whose text differs from its characters is kept; the offsets are believed.

    Raises
    ------
    InputError : the .txt is missing. AnnotationFaults : lines are malformed.
    """
    document, faults = read_document(path)
    if fatal := [str(fault) for fault in faults if not fault.kept]:
        raise AnnotationFaults(fatal)
    return document


def read_folder(folder: Path) -> Iterator[BratDocument]:
    """Yield the document of every .ann file in `folder`, in the order of their names.

    Raises
    ------
    InputError : the folder holds no .ann file. AnnotationFaults : lines are malformed.
    """
    paths = sorted(folder.glob("*.ann"))
    if not paths:
        raise InputError(f"{folder}: no .ann files; expected a brat folder of a corpus")
    yield from map(read_brat, paths)


def meet(a: Range, b: Range) -> bool:
    """Tell whether two ranges share a character."""
    return a[0] < b[1] and b[0] < a[1]


def label_of(document: BratDocument, key: str, *, corpus: str) -> str | None:
    """Return the model's label of annotation `key`, None where its type is left out.

    Raises
    ------
    AnnotationError : the type is in neither table; see `critextract.learn.labels`.
    """
    entity = document.entities[key]
    if entity.type not in (CHIA if corpus == "chia" else LCT):
        raise AnnotationError(
            f"{document.name}: type {entity.type!r} is not in the table of {corpus}; "
            "is this another corpus, or another version of it?"
        )
    return kind_of(document, entity, lct=corpus == "lct")


def flatten(spans: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return spans of which none overlap: the longer one wins, then the earlier."""
    taken: list[tuple[int, int, str]] = []
    for span in sorted(set(spans), key=lambda s: (s[0] - s[1], s)):
        if all(span[1] <= a or b <= span[0] for a, b, _ in taken):
            taken.append(span)
    return sorted(taken)


def _to_clean(line: CleanText, start: int, end: int) -> tuple[int, int] | None:
    """Return the clean range of original ``[start, end)``, None where nothing of it is left."""
    a, b = bisect_left(line.origin, start), bisect_left(line.origin, end)
    while a < b and line.text[a] == " ":
        a += 1
    while a < b and line.text[b - 1] == " ":
        b -= 1
    return (a, b) if a < b else None


def unknown_ranges(document: BratDocument, *, corpus: str) -> Iterator[tuple[int, int]]:
    """Yield ranges to leave open: parts of discontinuous mentions, and types of `UNKNOWN`."""
    for key, found in document.entities.items():
        split = len(found.fragments) > 1 and label_of(document, key, corpus=corpus) is not None
        if split or found.type in UNKNOWN:
            yield from found.fragments


def clean_lines(text: str) -> Iterator[tuple[int, int, CleanText]]:
    """Yield start, end and clean form, without its list marker, of each line that holds text."""
    for match in re.finditer(r"[^\r\n]+", text):
        first, last = match.span()
        marker = _MARKER.match(text, first, last)
        line = clean(text, marker.end() if marker else first, last)
        if line.text:
            yield first, last, line


def examples(document: BratDocument, *, corpus: str) -> Iterator[Example]:
    """Yield one example a line that holds text."""
    spans = [
        (found.start, found.end, label)
        for key, found in document.entities.items()
        if len(found.fragments) == 1
        and (label := label_of(document, key, corpus=corpus)) is not None
    ]
    unknown = list(unknown_ranges(document, corpus=corpus))
    for first, last, line in clean_lines(document.text):
        found = [
            (*place, label)
            for a, b, label in spans
            if first <= a and b <= last and (place := _to_clean(line, a, b)) is not None
        ]
        places = (_to_clean(line, a, b) for a, b in unknown if first <= a and b <= last)
        yield Example(
            line.text, tuple(flatten(found)), tuple(sorted({p for p in places if p is not None}))
        )


def read_corpus(folder: Path, *, corpus: str) -> list[Example]:
    """Return the examples of every .ann file in `folder`, in the order of their names.

    Raises
    ------
    InputError : the folder holds no .ann file.
    """
    return [
        example for document in read_folder(folder) for example in examples(document, corpus=corpus)
    ]


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, or of the names and contents of a folder's files in order."""
    digest = hashlib.sha256()
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        digest.update(file.name.encode() + b"\0")
        digest.update(file.read_bytes())
    return digest.hexdigest()
