"""Records as brat folders and back.

Written: a region as ``T``, a link as ``R``, an attribute as ``A``, what has no place of its own
(ids, rules, bounds, concepts) as a note ``#`` with a JSON object, and ``annotation.conf``, by which
brat shows and offers the labels. Read: that, or Chia's or LCT's dialect, told by the types.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from critextract.errors import writing
from critextract.io.brat_corpora import corpus_record
from critextract.io.brat_dialects import CHIA, LCT
from critextract.io.faults import Fault, faults_at_end
from critextract.io.layers import from_layer, repeated_ids, to_layer
from critextract.io.regions import (
    ATTRIBUTES,
    ENDS,
    LABELS,
    TYPES,
    Layer,
    Link,
    Region,
)
from critextract.io.standoff import (
    Attribute,
    BratDocument,
    Entity,
    Fragments,
    Note,
    Relation,
    characters,
    to_lines,
)
from critextract.io.standoff_files import read_documents
from critextract.schema import Record

__all__ = [
    "CANNOT_HOLD",
    "BratDocument",
    "annotation_conf",
    "from_record",
    "is_corpus",
    "read_annotated_documents",
    "read_brat",
    "read_documents",
    "to_record",
    "write_brat",
]

CANNOT_HOLD = (
    "demographics, problems and made_by: brat has no place for what is said of a whole document",
    "that a document without annotation has no criteria: read again, each of its lines is one",
)
"""What a brat folder cannot hold of a record."""

OURS = frozenset(TYPES) - {"Value", "Qualifier", "Negation"}
"""Types that tell this project's dialect: Chia has the others too."""

NOTE = "Slots"
"""Type of the notes that hold a JSON object."""

CONF = "annotation.conf"

LINE_ENDS = "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""Characters at which `str.splitlines` cuts."""


@faults_at_end
def read_brat(source: Path, faults: list[Fault]) -> Iterator[Record]:
    """Yield the records of a brat folder (with all below) or of one ``.ann`` or ``.txt``.

    The dialect (Chia's, LCT's, this project's) is told by each document's types; labels are those
    of the three and of an ``annotation.conf`` beside or above the files. `rule` and `uncovered` are
    read from this project's notes; the corpora have none.

    faults : see `critextract.io.faults.Reader`.

    Raises
    ------
    InputError : there is no such path, or no annotation file in it.
    """
    return (record for _, record in read_annotated_documents(source, faults))


def read_annotated_documents(
    source: Path, faults: list[Fault]
) -> Iterator[tuple[BratDocument, Record]]:
    """Yield each document of a brat folder as it stands, and its record; see `read_brat`."""
    known = {*TYPES, *CHIA, *LCT, *_declared(source)}
    for document in _unique(read_documents(source, faults, known=known)):
        record = to_record(document, faults)
        repeated = document.path is not None and document.name != name_of(document.path.stem)
        problem = f"repeated id: another document has this name, this is {record.id}"
        if repeated:
            record = replace(record, problems=(*record.problems, problem))
        yield document, record


def to_record(document: BratDocument, faults: list[Fault]) -> Record:
    """Return the record of a document in any of the three dialects; faults are added to a list."""
    if not is_ours(document):
        return corpus_record(document)
    layer, lines = _layer(document, faults)
    record, wrong = from_layer(layer)
    path = document.path or Path(document.name)
    for fault in (*wrong, *repeated_ids(layer)):
        number = lines[fault.region] if fault.region is not None else 0
        faults.append(Fault(path, number, fault.message))
    return record


def is_ours(document: BratDocument) -> bool:
    """Tell this project's dialect from Chia's and LCT's, by its types."""
    return any(entity.type in OURS for entity in document.entities.values())


def is_corpus(source: str | Path) -> bool:
    """Tell whether the first annotated document of a source is in Chia's or LCT's dialect."""
    found = (document for document in read_documents(source, []) if document.entities)
    first = next(found, None)
    return first is not None and not is_ours(first)


def _unique(documents: Iterable[BratDocument]) -> Iterator[BratDocument]:
    """Give documents of one name in several folders numbers: ``x``, ``x#2``."""
    seen: dict[str, int] = {}
    for document in documents:
        name = document.name if document.path is None else name_of(document.name)
        seen[name] = number = seen.get(name, 0) + 1
        yield replace(document, name=name if number == 1 else f"{name}#{number}")


def _declared(source: Path) -> set[str]:
    """Return the entity and event types of the ``annotation.conf`` that rules a folder."""
    folder = source if source.is_dir() else source.parent
    homes = (folder, *list(folder.resolve().parents)[:2])
    conf = next((home / CONF for home in homes if (home / CONF).is_file()), None)
    names: set[str] = set()
    section = ""
    for line in conf.read_text(encoding="utf-8", errors="replace").splitlines() if conf else ():
        words = line.split()
        if line.startswith("["):
            section = line.strip().strip("[]")
        elif words and not line.startswith("#") and section in ("entities", "events"):
            names.add(words[0].lstrip("!"))
    return names


# --- brat to layer ----------------------------------------------------------------------------


def _layer(document: BratDocument, faults: list[Fault]) -> tuple[Layer, list[int]]:
    """Return the layer of a document and the line of each of its regions."""
    slots: dict[str, dict[str, Any]] = {}
    path = document.path or Path(document.name)
    for note in document.notes:
        if note.type == NOTE:
            try:
                read = json.loads(note.text)
                slots[note.target] = {**slots.get(note.target, {}), **read}
            except (ValueError, TypeError, RecursionError):
                message = f"found {note.text!r:.40}, expected a JSON object in a {NOTE} note"
                faults.append(Fault(path, note.line, message))
    order = {name: n for n, name in enumerate(document.entities)}
    regions = [
        _region(entity, document, slots.get(entity.id, {})) for entity in document.entities.values()
    ]
    links = [
        Link(relation.type, order[relation.args[0][1]], order[relation.args[1][1]])
        for relation in document.relations
        if relation.args[0][1] in order and relation.args[1][1] in order
    ]
    layer = Layer(document.name, document.text, tuple(regions), tuple(links))
    return layer, [entity.line for entity in document.entities.values()]


def _region(entity: Entity, document: BratDocument, slots: dict[str, Any]) -> Region:
    attributes = {
        name: value or "true" for name, value in document.values.get(entity.id, {}).items()
    }
    split = slots.get("fragments") is True
    fragments = entity.fragments if split else joined(entity.fragments, document.text)
    rest = {key: value for key, value in slots.items() if key != "fragments"}
    return Region(entity.type, fragments, attributes, rest, split or len(fragments) > 1)


def cut(fragments: Fragments, text: str) -> Fragments:
    """Return one range cut at the line ends inside it, for brat's ranges do not cross lines."""
    start, end = fragments[0]
    pieces, position = [], start
    for line in text[start:end].splitlines(keepends=True):
        body = line.rstrip(LINE_ENDS)
        if body:
            pieces.append((position, position + len(body)))
        position += len(line)
    if len(pieces) < 2:
        return fragments
    return ((start, pieces[0][1]), *pieces[1:-1], (pieces[-1][0], end))


def joined(fragments: Fragments, text: str) -> Fragments:
    """Return fragments with those that only line ends part made one again."""
    made = [fragments[0]]
    for start, end in fragments[1:]:
        last = made[-1]
        if last[1] < start and not text[last[1] : start].strip(LINE_ENDS):
            made[-1] = (last[0], end)
        else:
            made.append((start, end))
    return tuple(made)


# --- record to brat ---------------------------------------------------------------------------


def from_record(record: Record) -> BratDocument:
    """Return a record as a brat document in this project's dialect."""
    layer = to_layer(record)
    entities: dict[str, Entity] = {}
    attributes: list[Attribute] = []
    notes: list[Note] = []
    for n, region in enumerate(layer.regions, 1):
        name = f"T{n}"
        places = region.fragments if region.split else cut(region.fragments, layer.text)
        entities[name] = Entity(name, region.type, places, characters(layer.text, places))
        for attribute, value in region.attributes.items():
            flag = None if value == "true" else value
            attributes.append(Attribute(f"A{len(attributes) + 1}", attribute, name, flag))
        slots = {**region.slots, **({"fragments": True} if region.split else {})}
        if slots:
            text = json.dumps(slots, ensure_ascii=False)
            notes.append(Note(f"#{len(notes) + 1}", NOTE, name, text))
    relations = tuple(
        Relation(f"R{n}", k.type, (("Arg1", f"T{k.source + 1}"), ("Arg2", f"T{k.target + 1}")))
        for n, k in enumerate(layer.links, 1)
    )
    return BratDocument(
        record.id,
        record.text,
        entities,
        relations,
        attributes=tuple(attributes),
        notes=tuple(notes),
    )


def write_brat(records: Iterable[Record], folder: str | Path) -> int:
    """Write a file pair a record and ``annotation.conf`` to a folder; return how many records.

    Names are the ids, characters that file names cannot hold as ``%2F``; a repeated id is numbered.

    Raises
    ------
    OutputError : a file cannot be written.
    """
    folder = Path(folder)
    written = 0
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / CONF).write_text(annotation_conf(), encoding="utf-8", newline="\n")
        for document in _unique(map(from_record, records)):
            stem = folder / file_name(document.name)
            lines = to_lines(document)
            for suffix, text in (("txt", document.text), ("ann", lines)):
                path = stem.with_name(f"{stem.name}.{suffix}")
                with writing(path):
                    path.write_bytes(text.encode("utf-8"))
            written += 1
    return written


def file_name(name: str) -> str:
    """Return an id as a file name without a suffix; `name_of` undoes it."""
    safe = quote(name, safe=" !#$&'()+,;=@[]{}~")
    return f"%2E{safe[1:]}" if safe.startswith(".") else safe or "%00"


def name_of(stem: str) -> str:
    """Return the id that a file name without its suffix stands for."""
    name = unquote(stem)
    return name if file_name(name) == stem else stem


def annotation_conf() -> str:
    """Return the configuration by which brat shows and offers this project's labels."""
    parts = "|".join(LABELS)
    relations = [
        f"{link}\tArg1:{'|'.join(sources)}, Arg2:{target}"
        for link, (sources, target) in ENDS.items()
    ]
    overlaps = "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"
    lines = ["[entities]", *TYPES, "[relations]", *relations, overlaps, "[events]", "[attributes]"]
    owners: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for kind, offered in ATTRIBUTES.items():
        for name, values in offered.items():
            owners.setdefault((name, values), []).append(parts if kind == "mention" else kind)
    for (name, values), kinds in owners.items():
        choice = "" if values == ("true",) else f", Value:{'|'.join(values)}"
        lines.append(f"{name}\tArg:{'|'.join(kinds)}{choice}")
    return "\n".join(lines) + "\n"
