"""UIMA CAS (XMI), the exchange form of INCEpTION, through dkpro-cassis.

A region is an annotation of the layer ``webanno.custom.Region``: its label, its attributes and, as
a JSON object, its slots; a link is one of the relation layer ``webanno.custom.RegionLink`` from
Governor to Dependent. A discontinuous mention is one annotation a fragment, joined by
``Next_fragment``. Sentences are lines, tokens words and punctuation, as INCEpTION wants some.
Import ``TypeSystem.xml`` as layers of a project first, then the documents as "UIMA CAS XMI". Spans
of the named entity layer whose value is one of our labels are read too. Offsets in the file count
UTF-16 units; dkpro-cassis converts them.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from critextract.errors import InputError, reason, writing
from critextract.io.brat import file_name, name_of
from critextract.io.faults import Fault, faults_at_end
from critextract.io.layers import from_layer, repeated_ids, to_layer
from critextract.io.regions import (
    ATTRIBUTES,
    LABELS,
    Layer,
    Link,
    Region,
)
from critextract.io.words import words
from critextract.schema import Record

CANNOT_HOLD = (
    "control characters that XML has no form for: each is written as U+FFFD, offsets stay right",
)
"""What a UIMA CAS cannot hold of a record."""

NEXT = "Next_fragment"
TYPE_SYSTEM = "TypeSystem.xml"
_SEGMENTATION = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type"
_SENTENCE, _TOKEN = f"{_SEGMENTATION}.Sentence", f"{_SEGMENTATION}.Token"
_METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
_NAMED = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
_REGION, _LINK = "webanno.custom.Region", "webanno.custom.RegionLink"
_ABOUT = "webanno.custom.About"
_STRING = "uima.cas.String"
_FEATURES = tuple(sorted({name for offered in ATTRIBUTES.values() for name in offered}))
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _cassis() -> Any:
    try:
        import cassis
    except ImportError:
        raise InputError(
            "UIMA CAS needs dkpro-cassis: pip install 'critextract[annotate]'"
        ) from None
    return cassis


@cache
def type_system() -> Any:
    """Return the layers as a type system of dkpro-cassis."""
    types = _cassis().TypeSystem()
    for name in (_SENTENCE, _TOKEN):
        types.create_type(name)
    region = types.create_type(_REGION)
    for feature in ("label", *_FEATURES, "slots"):
        types.create_feature(region, feature, _STRING)
    types.create_feature(region, "order", "uima.cas.Integer")
    link = types.create_type(_LINK)
    types.create_feature(link, "label", _STRING)
    types.create_feature(link, "Governor", region)
    types.create_feature(link, "Dependent", region)
    metadata = types.create_type(_METADATA, supertypeName="uima.tcas.DocumentAnnotation")
    for feature in ("documentTitle", "documentId"):
        types.create_feature(metadata, feature, _STRING)
    about = types.create_type(_ABOUT)
    types.create_feature(about, "fields", _STRING)
    return types


# --- write ------------------------------------------------------------------------------------


def to_cas(record: Record) -> Any:
    """Return a record as a CAS of dkpro-cassis."""
    layer = to_layer(record)
    types = type_system()
    cas = _cassis().Cas(typesystem=types)
    cas.sofa_string = _NOT_XML.sub("\ufffd", record.text)
    cas.sofa_mime = "text/plain"
    title = _NOT_XML.sub("\ufffd", record.id)
    end = len(record.text)
    cas.add(types.get_type(_METADATA)(begin=0, end=end, documentTitle=title, documentId=title))
    if layer.about:
        cas.add(types.get_type(_ABOUT)(begin=0, end=0, fields=json.dumps(layer.about)))
    for kind, ranges in ((_SENTENCE, _lines(record.text)), (_TOKEN, words(record.text))):
        make = types.get_type(kind)
        cas.add_all([make(begin=start, end=stop) for start, stop in ranges])
    heads = [_add_region(cas, n, region) for n, region in enumerate(layer.regions)]
    for link in layer.links:
        _add_link(cas, link.type, heads[link.source], heads[link.target])
    return cas


def _lines(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"[^\r\n]*[^\s][^\r\n]*", text)]


def _add_region(cas: Any, number: int, region: Region) -> Any:
    """Add an annotation a fragment and return the first."""
    make = type_system().get_type(_REGION)
    slots = dict(region.slots)
    if region.split and len(region.fragments) == 1:
        slots["fragments"] = True
    made = []
    for place, (start, end) in enumerate(region.fragments):
        fields: dict[str, Any] = {"label": region.type, "order": number}
        if place == 0:
            fields |= region.attributes
            fields |= {"slots": json.dumps(slots)} if slots else {}
        made.append(make(begin=start, end=end, **fields))
    cas.add_all(made)
    for before, after in pairwise(made):
        _add_link(cas, NEXT, before, after)
    return made[0]


def _add_link(cas: Any, label: str, source: Any, target: Any) -> None:
    make = type_system().get_type(_LINK)
    begin, end = target.begin, target.end
    cas.add(make(begin=begin, end=end, label=label, Governor=source, Dependent=target))


def write_cas(records: Iterable[Record], folder: str | Path) -> int:
    """Write a ``.xmi`` a record and ``TypeSystem.xml`` to a folder; return how many records.

    Names are the ids; a repeated id is numbered.

    Raises
    ------
    OutputError : a file cannot be written. InputError : dkpro-cassis is not installed.
    """
    folder = Path(folder)
    seen: dict[str, int] = {}
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        type_system().to_xml(folder / TYPE_SYSTEM)
        for record in records:
            seen[record.id] = number = seen.get(record.id, 0) + 1
            name = record.id if number == 1 else f"{record.id}#{number}"
            to_cas(replace(record, id=name)).to_xmi(folder / f"{file_name(name)}.xmi")
    return sum(seen.values())


# --- read -------------------------------------------------------------------------------------


@faults_at_end
def read_cas(source: Path, faults: list[Fault]) -> Iterator[Record]:
    """Yield the records of a folder of ``.xmi`` files, of one, or of a zip of them.

    ``TypeSystem.xml`` beside or above a file is used, this project's layers where there is none.

    faults : see `critextract.io.faults.Reader`.

    Raises
    ------
    InputError : nothing to read there, or dkpro-cassis is not installed.
    """
    _cassis()
    nothing = True
    for path, types, data in _files(source):
        nothing = False
        try:
            cas = _cassis().load_cas_from_xmi(data.decode("utf-8"), types, lenient=True)
        except Exception as error:  # noqa: BLE001  (the parser's own errors, of many kinds)
            faults.append(Fault(path, 0, f"cannot be read as XMI ({error!r:.120})"))
            continue
        yield from_cas(cas, path.stem, path, faults)
    if nothing:
        raise InputError(f"{source}: no .xmi files; expected UIMA CAS of INCEpTION")


def _opened(source: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(f"{source}: no zip archive ({reason(error)}); cut off?") from None


def _files(source: Path) -> Iterator[tuple[Path, Any, bytes]]:
    """Yield (path, type system, contents) of each ``.xmi``."""
    if source.suffix == ".zip" and not source.is_dir():
        with _opened(source) as archive:
            names = sorted(archive.namelist())
            types = [archive.read(n).decode() for n in names if n.endswith(TYPE_SYSTEM)][:1]
            loaded = _cassis().load_typesystem(types[0]) if types else type_system()
            for name in names:
                if name.endswith(".xmi"):
                    yield source / name, loaded, archive.read(name)
        return
    paths = (
        sorted(source.rglob("*.xmi"), key=lambda path: path.with_suffix(""))
        if source.is_dir()
        else [source]
    )
    loaded_from: dict[Path, Any] = {}
    for path in paths:
        homes = [p for p in path.resolve().parents if (p / TYPE_SYSTEM).is_file()][:1]
        for home in homes:
            if home not in loaded_from:
                with (home / TYPE_SYSTEM).open("rb") as stream:
                    loaded_from[home] = _cassis().load_typesystem(stream)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path}: {error.strerror}; expected UIMA CAS (.xmi)") from None
        yield path, loaded_from[homes[0]] if homes else type_system(), data


def from_cas(cas: Any, name: str, path: Path, faults: list[Fault]) -> Record:
    """Return the record of a CAS; faults are added to a list."""
    reading = _Reading(cas)
    layer = Layer(
        _title(cas) or name_of(name),
        cas.sofa_string or "",
        tuple(reading.regions),
        tuple(reading.links),
        reading.about,
    )
    record, wrong = from_layer(layer)
    for fault in (*wrong, *repeated_ids(layer)):
        place = ""
        if fault.region is not None:
            region = layer.regions[fault.region]
            place = f"{region.type} [{region.start}, {region.end}): "
        faults.append(Fault(path, 0, place + fault.message))
    faults += [Fault(path, 0, message) for message in reading.faults]
    return record


def _select(cas: Any, kind: str) -> list[Any]:
    known = cas.typesystem.contains_type(kind)
    return list(cas.select(kind)) if known else []


def _title(cas: Any) -> str | None:
    return next((str(m.documentTitle) for m in _select(cas, _METADATA) if m.documentTitle), None)


class _Reading:
    def __init__(self, cas: Any) -> None:
        self.faults: list[str] = []
        self.size = len(cas.sofa_string or "")
        self.about = self._json(next((a.fields for a in _select(cas, _ABOUT)), None), "About")
        found = [a for a in _select(cas, _REGION) if self._stands(a)]
        links = [k for k in _select(cas, _LINK) if self._joins(k)]
        known = {a.xmiID for a in found}
        following = {
            k.Governor.xmiID: k.Dependent
            for k in links
            if k.label == NEXT and k.Dependent.xmiID in known
        }
        folded = {after.xmiID for after in following.values()}
        heads = [a for a in found if a.xmiID not in folded]
        heads.sort(key=lambda a: (a.order is None, a.order or 0, a.begin, a.end))
        self.regions = [self._region(head, following) for head in heads]
        if (lost := len(found) - sum(len(region.fragments) for region in self.regions)) > 0:
            self.faults.append(f"{lost} fragments are joined in a circle or by two others")
        self.order = {head.xmiID: n for n, head in enumerate(heads)}
        self.links = self._links([k for k in links if k.label != NEXT])
        for named in _select(cas, _NAMED):
            if getattr(named, "value", None) in LABELS and self._stands(named):
                self.regions.append(Region(named.value, ((named.begin, named.end),)))

    def _stands(self, annotation: Any) -> bool:
        start, end = annotation.begin, annotation.end
        stands = start is not None and end is not None and 0 <= start < end <= self.size
        if not stands:
            kind = getattr(annotation, "label", None) or "annotation"
            self.faults.append(
                f"{kind} [{start}, {end}) is no range of the text's {self.size} characters"
            )
        return stands

    def _joins(self, link: Any) -> bool:
        joins = link.Governor is not None and link.Dependent is not None
        if not joins:
            self.faults.append(f"relation {link.label} has an end that is no region")
        return joins

    def _json(self, text: str | None, where: str) -> dict[str, Any]:
        try:
            read = json.loads(text) if text else {}
        except (ValueError, RecursionError):
            read = None
        if not isinstance(read, dict):
            self.faults.append(f"{where}: found {text!r:.40}, expected a JSON object")
            return {}
        return read

    def _region(self, head: Any, following: dict[int, Any]) -> Region:
        where = f"{head.label} [{head.begin}, {head.end})"
        slots = self._json(head.slots, where)
        split = slots.pop("fragments", None) is True
        fragments, at, seen = [(head.begin, head.end)], head.xmiID, {head.xmiID}
        while at in following and following[at].xmiID not in seen:
            after = following[at]
            at = after.xmiID
            seen.add(at)
            fragments.append((after.begin, after.end))
        attributes = {name: value for name in _FEATURES if (value := getattr(head, name, None))}
        kind = str(head.label)
        return Region(kind, tuple(fragments), attributes, slots, split or len(fragments) > 1)

    def _links(self, links: list[Any]) -> list[Link]:
        made = []
        for link in sorted(links, key=lambda k: k.xmiID):
            ends = [link.Governor.xmiID, link.Dependent.xmiID]
            if missing := [end for end in ends if end not in self.order]:
                self.faults.append(f"relation {link.label} names {missing}, not a region")
                continue
            made.append(Link(str(link.label), self.order[ends[0]], self.order[ends[1]]))
        return made
