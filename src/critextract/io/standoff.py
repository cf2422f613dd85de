r"""The lines of brat standoff, ``NAME.ann`` beside ``NAME.txt``.

Everything a file says is kept in a `BratDocument`: text-bound annotations (``T``, discontinuous
ones as ``1 5;9 12``), relations (``R``), groups (``*``), events (``E``), attributes (``A``, ``M``),
normalisations (``N``) and notes (``#``). Newlines are not translated: offsets count ``\r\n`` as two
characters. `critextract.io.standoff_files` reads and checks files, `critextract.io.brat` turns
documents into records and back.

Source: the standoff format of brat (Stenetorp 2012, aclanthology.org/E12-2021).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Fragments = tuple[tuple[int, int], ...]


class Fragmented:
    """What stands at one or more ranges, in any order."""

    __slots__ = ()
    fragments: Fragments

    @property
    def start(self) -> int:
        """First character."""
        return min(start for start, _ in self.fragments)

    @property
    def end(self) -> int:
        """One past the last character."""
        return max(end for _, end in self.fragments)


@dataclass(frozen=True, slots=True)
class Entity(Fragmented):
    """One text-bound annotation; `fragments` as written, more than one where discontinuous."""

    id: str
    type: str
    fragments: Fragments
    text: str
    line: int = 0


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


def characters(text: str, fragments: Fragments) -> str:
    """Return the characters of fragments, joined by a space, as annotation tools write them."""
    return " ".join(text[start:end] for start, end in fragments)


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
