"""Read brat files, and list everything that is wrong with them, with file and line.

A line that cannot stand is a fault and is left out of the document; an entity whose characters
differ from its text is a fault and is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from critextract.errors import InputError
from critextract.io.faults import Fault
from critextract.io.standoff import (
    Attribute,
    BratDocument,
    Entity,
    Event,
    Group,
    Note,
    Part,
    Relation,
    characters,
    parse_line,
)

# --- documents --------------------------------------------------------------------------------


def parse_document(
    name: str, text: str, lines: str, *, path: Path, known: Iterable[str] | None = None
) -> tuple[BratDocument, list[Fault]]:
    """Return the document of a text and the contents of its ``.ann``, and what is wrong with it.

    known : types an entity may have; None: any. An entity whose characters differ from its text
        is a fault and is kept; every other fault costs its line.
    """
    faults: list[Fault] = []
    if (first := lines.find("\r")) >= 0:
        number = lines.count("\n", 0, first) + 1
        faults.append(Fault(path, number, "found a Windows line end, expected LF alone", True))
    parts: list[Part] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines.replace("\r\n", "\n").split("\n"), 1):
        if not line.strip():
            continue
        try:
            part = parse_line(line, number)
        except ValueError as error:
            faults.append(Fault(path, number, str(error)))
            continue
        key = "" if isinstance(part, Group) else part.id
        if key and key in seen:
            faults.append(Fault(path, number, f"id {key} was given before, in line {seen[key]}"))
            continue
        seen[key] = number
        parts.append(part)
    entities, wrong = _checked_entities(path, text, parts, known)
    faults += wrong
    document, wrong = _checked_links(path, BratDocument(name, text, entities), parts)
    return document, sorted(faults + wrong, key=lambda fault: fault.line)


def _checked_entities(
    path: Path, text: str, parts: Iterable[Part], known: Iterable[str] | None
) -> tuple[dict[str, Entity], list[Fault]]:
    kept: dict[str, Entity] = {}
    faults: list[Fault] = []
    types = None if known is None else frozenset(known)
    for entity in parts:
        if not isinstance(entity, Entity):
            continue
        if types is not None and entity.type not in types:
            message = f"unknown label {entity.type!r}; was it added to the scheme, or misspelt?"
            faults.append(Fault(path, entity.line, message))
        elif entity.end > len(text):
            message = (
                f"{entity.type} ends at {entity.end}, past the end of the text's {len(text)} "
                "characters; was the text cut, or is it another one?"
            )
            faults.append(Fault(path, entity.line, message))
        else:
            kept[entity.id] = entity
            if differs := text_fault(entity, text):
                faults.append(Fault(path, entity.line, differs, kept=True))
    return kept, faults


def text_fault(entity: Entity, text: str) -> str | None:
    """Return what is wrong with an entity's text, None where its characters are those.

    White space is compared as one space: an ``.ann`` cannot hold line ends.
    """
    found = characters(text, entity.fragments)
    if found.split() == entity.text.split():
        return None
    why = "was the text edited after it was annotated?"
    if "\r\n" in text and _lf_matches(entity, text.replace("\r\n", "\n")):
        why = "the offsets count a Windows line end of the text as one character, not two"
    return (
        f"{entity.type} [{entity.start}, {entity.end}) is {entity.text!r:.60} in the annotation "
        f"but {found!r:.60} in the text; {why}"
    )


def _lf_matches(entity: Entity, text: str) -> bool:
    return characters(text, entity.fragments).split() == entity.text.split()


def _checked_links(
    path: Path, base: BratDocument, parts: Iterable[Part]
) -> tuple[BratDocument, list[Fault]]:
    """Add all but entities to a document; what names an id that is not there is a fault."""
    rest = [part for part in parts if not isinstance(part, Entity)]
    there = set(base.entities)
    faults: list[Fault] = []
    removed = True
    while removed:  # what points at a line that falls, falls too
        ids = there | {part.id for part in rest if not isinstance(part, Group)}
        removed = False
        kept = []
        for part in rest:
            if missing := [name for name in _targets(part) if name not in ids]:
                removed = True
                message = f"names {', '.join(missing)}, which does not exist; was it deleted?"
                faults.append(Fault(path, part.line, message))
            else:
                kept.append(part)
        rest = kept
    document = BratDocument(
        base.name,
        base.text,
        base.entities,
        tuple(part for part in rest if isinstance(part, Relation)),
        tuple(part for part in rest if isinstance(part, Event)),
        tuple(part for part in rest if isinstance(part, Group)),
        tuple(part for part in rest if isinstance(part, Attribute)),
        tuple(part for part in rest if isinstance(part, Note)),
        path,
    )
    return document, faults


def _targets(part: Part) -> list[str]:
    match part:
        case Relation(args=args):
            return [target for _, target in args]
        case Event(trigger=trigger, args=args):
            return [trigger, *(target for _, target in args)]
        case Group(members=members):
            return list(members)
        case Attribute(target=target) | Note(target=target):
            return [target]
    return []


# --- files ------------------------------------------------------------------------------------


def read_document(
    path: Path, *, known: Iterable[str] | None = None
) -> tuple[BratDocument, list[Fault]]:
    """Return the document of ``path`` (.ann) and the .txt beside it, and its faults.

    Raises
    ------
    InputError : one of the two is missing, cannot be read, or is not UTF-8.
    """
    path = Path(path)
    text, lines = _read(path.with_suffix(".txt"), path), _read(path, path)
    return parse_document(path.stem, text, lines, path=path, known=known)


def _read(path: Path, annotations: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        what = "annotations need their text" if path != annotations else "expected annotations"
        raise InputError(f"{path}: {error.strerror}; {what}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(f"{path}:{line}: not UTF-8 ({error.reason}), which brat needs") from None


def read_documents(
    source: str | Path, faults: list[Fault], *, known: Iterable[str] | None = None
) -> Iterator[BratDocument]:
    """Yield the documents of a folder (with all below, by name) or of one ``.ann`` or ``.txt``.

    Faults are added to `faults`; a file without its partner is one.

    Raises
    ------
    InputError : there is no such path, or no annotation file in it.
    """
    source = Path(source)
    types = None if known is None else frozenset(known)
    stems = _stems(source)
    if not stems:
        raise InputError(f"{source}: no .ann files; expected a brat folder or an .ann file")
    for stem in stems:
        path = stem.with_name(f"{stem.name}.ann")
        if lone := _lone(path):
            faults.append(lone)
            continue
        try:
            document, found = read_document(path, known=types)
        except InputError as error:
            faults.append(Fault(path, 0, str(error).removeprefix(f"{path}: ")))
            continue
        faults += found
        yield document


def _stems(source: Path) -> list[Path]:
    if source.is_dir():
        files = [path for suffix in ("ann", "txt") for path in source.rglob(f"*.{suffix}")]
        return sorted({path.with_suffix("") for path in files})
    return [source.with_suffix("")] if source.suffix in (".ann", ".txt") else []


def _lone(path: Path) -> Fault | None:
    text = path.with_suffix(".txt")
    if not text.is_file():
        return Fault(text, 0, "no such file; annotations need their text beside them")
    return None if path.is_file() else Fault(path, 0, "no such file; is its .txt a document?")
