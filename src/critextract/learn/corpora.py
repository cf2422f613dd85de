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
from dataclasses import dataclass, field
from pathlib import Path

from critextract.errors import AnnotationError, InputError
from critextract.learn.labels import CHIA, LCT, MEASURED, TEMPORAL_ROLES, UNKNOWN
from critextract.text import CleanText, clean

_MARKER = re.compile(r"\s*(?:[-*•·‒–—○●▪◦o]\s+|[-*•·●▪◦]|\(?\d{1,2}[.)](?!\d)\s*|\(?[a-z][.)]\s+)*")


@dataclass(frozen=True, slots=True)
class Annotation:
    """One text-bound annotation; `fragments` in text order, more than one where discontinuous."""

    type: str
    fragments: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        """First character."""
        return self.fragments[0][0]

    @property
    def end(self) -> int:
        """One past the last character."""
        return self.fragments[-1][1]


@dataclass(slots=True)
class BratDocument:
    """One document: text as stored, annotations by id, and what events and attributes add.

    roles : of an annotation's id, the roles it (or the event it triggers) fills in other events.
    parts : of a trigger's id, the types of the event's arguments.
    attributes : of an annotation's id (events resolved to their triggers), name -> value.
    """

    name: str
    text: str
    annotations: dict[str, Annotation] = field(default_factory=dict)
    roles: dict[str, set[str]] = field(default_factory=dict)
    parts: dict[str, set[str]] = field(default_factory=dict)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """A clean line and its flat spans (start, end, label), in text order.

    unknown : ranges of which the annotation does not say what they are here: training neither
        rewards nor punishes what the model makes of them.
    """

    text: str
    spans: tuple[tuple[int, int, str], ...]
    unknown: tuple[tuple[int, int], ...] = ()


def _annotation(path: Path, number: int, body: str) -> Annotation:
    kind, _, offsets = body.partition(" ")
    try:
        fragments = [tuple(map(int, pair.split())) for pair in offsets.split(";")]
        return Annotation(kind, tuple(sorted((a, b) for a, b in fragments)))
    except ValueError:
        raise AnnotationError(
            f"{path}:{number}: found {body!r:.60}, expected 'Type START END'; not a brat file?"
        ) from None


def _read_events(document: BratDocument, events: dict[str, list[str]]) -> None:
    """Fill `roles` and `parts` from event lines (``Type:T1 Role:E2 ...``)."""
    triggers = {name: args[0].partition(":")[2] for name, args in events.items()}
    for name, args in events.items():
        trigger = triggers[name]
        for arg in args[1:]:
            role, _, target = arg.partition(":")
            target = triggers.get(target, target)
            document.roles.setdefault(target, set()).add(role.rstrip("0123456789"))
            found = document.annotations.get(target)
            if found is not None:
                document.parts.setdefault(trigger, set()).add(found.type)


def read_brat(path: Path) -> BratDocument:
    r"""Return the document of ``path`` (.ann) and the .txt beside it.

    Newlines are not translated: offsets count ``\r\n`` as two characters.

    Raises
    ------
    InputError : the .txt is missing. AnnotationError : a line is malformed.
    """
    source = path.with_suffix(".txt")
    try:
        with source.open(encoding="utf-8", newline="") as stream:
            document = BratDocument(path.stem, stream.read())
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InputError(f"{source}: {error.strerror}; annotations need their text") from None
    events: dict[str, list[str]] = {}
    attributes: list[list[str]] = []
    for number, line in enumerate(lines, 1):
        head, _, rest = line.partition("\t")
        body = rest.partition("\t")[0]
        if head.startswith("T"):
            document.annotations[head] = _annotation(path, number, body)
        elif head.startswith("E"):
            events[head] = body.split()
        elif head.startswith("A"):
            attributes.append(body.split())
    _read_events(document, events)
    for name, owner, *value in attributes:
        key = events[owner][0].partition(":")[2] if owner in events else owner
        document.attributes.setdefault(key, {})[name] = value[0] if value else ""
    return document


def label_of(document: BratDocument, key: str, *, corpus: str) -> str | None:
    """Return the model's label of annotation `key`, None where its type is left out.

    Raises
    ------
    AnnotationError : the type is in neither table; see `critextract.learn.labels`.
    """
    kind = document.annotations[key].type
    table = CHIA if corpus == "chia" else LCT
    if kind not in table:
        raise AnnotationError(
            f"{document.name}: type {kind!r} is not in the table of {corpus}; "
            "is this another corpus, or another version of it?"
        )
    if corpus == "lct":
        if kind == "Observation":
            observed = document.attributes.get(key, {}).get("Observation-Type-Value")
            return "MEASUREMENT" if observed in MEASURED else "OBSERVATION"
        if kind == "Eq-Comparison":
            return "TEMPORAL" if _is_temporal(document, key) else "VALUE"
    return table[kind]


def _is_temporal(document: BratDocument, key: str) -> bool:
    roles = document.roles.get(key, set())
    if roles:
        return bool(roles & TEMPORAL_ROLES)
    return any(part.startswith("Eq-Temporal") for part in document.parts.get(key, ()))


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
    for key, found in document.annotations.items():
        split = len(found.fragments) > 1 and label_of(document, key, corpus=corpus) is not None
        if split or found.type in UNKNOWN:
            yield from found.fragments


def examples(document: BratDocument, *, corpus: str) -> Iterator[Example]:
    """Yield one example a line that holds text."""
    spans = [
        (found.start, found.end, label)
        for key, found in document.annotations.items()
        if len(found.fragments) == 1
        and (label := label_of(document, key, corpus=corpus)) is not None
    ]
    unknown = list(unknown_ranges(document, corpus=corpus))
    for match in re.finditer(r"[^\r\n]+", document.text):
        first, last = match.span()
        marker = _MARKER.match(document.text, first, last)
        line = clean(document.text, marker.end() if marker else first, last)
        if not line.text:
            continue
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
    paths = sorted(folder.glob("*.ann"))
    if not paths:
        raise InputError(f"{folder}: no .ann files; expected a brat folder of {corpus}")
    return [example for path in paths for example in examples(read_brat(path), corpus=corpus)]


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, or of the names and contents of a folder's files in order."""
    digest = hashlib.sha256()
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        digest.update(file.name.encode() + b"\0")
        digest.update(file.read_bytes())
    return digest.hexdigest()
