r"""brat standoff: ``NAME.ann`` beside ``NAME.txt``, read whole and written.

Everything a file says is kept in a `BratDocument`: text-bound annotations (``T``, discontinuous
ones as ``1 5;9 12``), relations (``R``), groups (``*``), events (``E``), attributes (``A``, ``M``),
normalisations (``N``) and notes (``#``). Newlines are not translated: offsets count ``\r\n`` as two
characters. `critextract.io.brat` turns documents into records and back.

A line that cannot stand is a fault: it is listed with file and line and left out of the document.
Source: the standoff format of brat (Stenetorp 2012, aclanthology.org/E12-2021).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from critextract.errors import InputError

Fragments = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """One text-bound annotation; `fragments` as written, more than one where discontinuous."""

    id: str
    type: str
    fragments: Fragments
    text: str
    line: int = 0

    @property
    def start(self) -> int:
        """First character."""
        return min(start for start, _ in self.fragments)

    @property
    def end(self) -> int:
        """One past the last character."""
        return max(end for _, end in self.fragments)


@dataclass(frozen=True, slots=True)
class Relation:
    """A typed link; `args` are (role, id of an entity or event), ``Arg1`` first."""

    id: str
    type: str
    args: tuple[tuple[str, str], ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """A trigger entity of the event's type, and its (role, id) arguments in their order."""

    id: str
    type: str
    trigger: str
    args: tuple[tuple[str, str], ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A ``*`` line: members without order, as Chia's ``OR T1 T2 T3``."""

    type: str
    members: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Attribute:
    """A property of an entity, event or relation; `value` is None for a flag."""

    id: str
    name: str
    target: str
    value: str | None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """A ``#`` line, or an ``N`` line (then `type` is ``Reference SYSTEM:CODE``)."""

    id: str
    type: str
    target: str
    text: str
    line: int = 0


Part = Entity | Relation | Event | Group | Attribute | Note


@dataclass(frozen=True)
class BratDocument:
    """One document: its text as stored and every annotation that could stand."""

    name: str
    text: str
    entities: dict[str, Entity]
    relations: tuple[Relation, ...] = ()
    events: tuple[Event, ...] = ()
    groups: tuple[Group, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    notes: tuple[Note, ...] = ()
    path: Path | None = None

    @cached_property
    def triggers(self) -> dict[str, str]:
        """Of an event's id, the id of its trigger."""
        return {event.id: event.trigger for event in self.events}

    @cached_property
    def _events_by_trigger(self) -> dict[str, list[Event]]:
        found: dict[str, list[Event]] = {}
        for event in self.events:
            found.setdefault(event.trigger, []).append(event)
        return found

    def events_of(self, trigger: str) -> list[Event]:
        """Return the events an entity triggers."""
        return self._events_by_trigger.get(trigger, [])

    def entity(self, name: str) -> Entity | None:
        """Return the entity an id names, of an event its trigger's; None where there is none."""
        return self.entities.get(self.triggers.get(name, name))

    @cached_property
    def links(self) -> tuple[tuple[str, Entity, Entity], ...]:
        """(type, first, second) of relations and (role, trigger, argument) of events.

        Roles lose the number brat gives repeated ones (``Value2``); relations come first.
        """
        found = [(r.type, r.args[0][1], r.args[1][1]) for r in self.relations]
        found += [
            (role.rstrip("0123456789"), event.trigger, target)
            for event in self.events
            for role, target in event.args
        ]
        resolved = ((kind, self.entity(a), self.entity(b)) for kind, a, b in found)
        return tuple((kind, a, b) for kind, a, b in resolved if a is not None and b is not None)

    @cached_property
    def roles(self) -> dict[str, set[str]]:
        """Of an entity's id, the roles it, or the event it triggers, fills in other events."""
        found: dict[str, set[str]] = {}
        for event in self.events:
            for role, target in event.args:
                key = self.triggers.get(target, target)
                found.setdefault(key, set()).add(role.rstrip("0123456789"))
        return found

    @cached_property
    def parts(self) -> dict[str, set[str]]:
        """Of a trigger's id, the types of its event's arguments."""
        found: dict[str, set[str]] = {}
        for event in self.events:
            named = (self.entity(target) for _, target in event.args)
            found.setdefault(event.trigger, set()).update(e.type for e in named if e is not None)
        return found

    @cached_property
    def values(self) -> dict[str, dict[str, str]]:
        """Attributes (name -> value, "" for a flag) of an entity's id, events by their trigger."""
        found: dict[str, dict[str, str]] = {}
        for attribute in self.attributes:
            key = self.triggers.get(attribute.target, attribute.target)
            found.setdefault(key, {})[attribute.name] = attribute.value or ""
        return found


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an annotation file; `line` is 1-based, 0 for the whole file."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{where}: {self.message}"


# --- lines ------------------------------------------------------------------------------------


def parse_line(line: str, number: int = 0) -> Part:
    """Return the annotation that one line of an ``.ann`` file writes.

    Raises
    ------
    ValueError : the line is none; the message says what was found and what was expected.
    """
    head, _, rest = line.partition("\t")
    body, _, tail = rest.partition("\t")
    words = body.split()
    match head[:1]:
        case "T":
            return _entity(head, body, tail, number)
        case "R" if len(words) == 3:
            return Relation(head, words[0], (_arg(words[1]), _arg(words[2])), number)
        case "E" if words:
            kind, trigger = _arg(words[0])
            return Event(head, kind, trigger, tuple(_arg(word) for word in words[1:]), number)
        case "*" if len(words) > 2:
            return Group(words[0], tuple(words[1:]), number)
        case "A" | "M" if len(words) in (2, 3):
            return Attribute(head, words[0], words[1], words[2] if len(words) > 2 else None, number)
        case "N" if len(words) == 3:
            return Note(head, f"{words[0]} {words[2]}", words[1], tail, number)
        case "#" if len(words) == 2:
            return Note(head, words[0], words[1], tail, number)
    expected = _EXPECTED.get(head[:1], "a line of T, R, E, A, M, N, * or #")
    raise ValueError(f"found {line!r:.60}, expected {expected}; not a brat file?")


_EXPECTED = {
    "R": "'R1<tab>TYPE Arg1:ID Arg2:ID'",
    "E": "'E1<tab>TYPE:ID ROLE:ID ...'",
    "*": "'*<tab>TYPE ID ID ...'",
    "A": "'A1<tab>NAME ID VALUE'",
    "M": "'M1<tab>NAME ID VALUE'",
    "N": "'N1<tab>TYPE ID SYSTEM:CODE<tab>text'",
    "#": "'#1<tab>TYPE ID<tab>text'",
}


def _entity(head: str, body: str, text: str, number: int) -> Entity:
    kind, _, offsets = body.partition(" ")
    try:
        fragments = tuple((int(a), int(b)) for a, b in map(str.split, offsets.split(";")))
    except ValueError:
        raise ValueError(
            f"found {body!r:.60}, expected 'Type START END'; not a brat file?"
        ) from None
    if wrong := [pair for pair in fragments if not 0 <= pair[0] < pair[1]]:
        raise ValueError(f"{kind} {list(wrong[0])} is no range: start must come before end")
    return Entity(head, kind, fragments, text, number)


def _arg(word: str) -> tuple[str, str]:
    role, colon, target = word.partition(":")
    if not (role and colon and target):
        raise ValueError(f"found {word!r:.40}, expected 'ROLE:ID'")
    return role, target


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
        faults.append(Fault(path, number, "found a Windows line end, expected LF alone"))
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
                faults.append(Fault(path, entity.line, differs))
    return kept, faults


def characters(text: str, fragments: Fragments) -> str:
    """Return the characters of fragments, joined by a space, as brat writes them."""
    return " ".join(text[start:end] for start, end in fragments)


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


# --- writing ----------------------------------------------------------------------------------

_SPACES = str.maketrans(dict.fromkeys("\t\r\n", " "))


def to_lines(document: BratDocument) -> str:
    """Return the contents of the ``.ann`` of a document; `parse_document` reads them again.

    White space in an entity's text is written as spaces, one each.
    """
    lines = [
        f"{e.id}\t{e.type} {';'.join(f'{a} {b}' for a, b in e.fragments)}\t"
        f"{e.text.translate(_SPACES)}"
        for e in document.entities.values()
    ]
    lines += [f"{r.id}\t{r.type} {_args(r.args)}" for r in document.relations]
    lines += [f"{e.id}\t{_args(((e.type, e.trigger), *e.args))}" for e in document.events]
    lines += [f"*\t{group.type} {' '.join(group.members)}" for group in document.groups]
    for one in document.attributes:
        lines.append(f"{one.id}\t{one.name} {one.target}" + (f" {one.value}" if one.value else ""))
    for note in document.notes:
        kind, _, reference = note.type.partition(" ")
        target = f"{note.target} {reference}" if reference else note.target
        lines.append(f"{note.id}\t{kind} {target}\t{note.text.translate(_SPACES)}")
    return "".join(f"{line}\n" for line in lines)


def _args(args: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{role}:{target}" for role, target in args)
