"""spaCy DocBin files: records as Docs, for training and looking at with spaCy, and back.

It lies here and not in `critextract.io` because it needs spaCy, which reading, scoring and checking
do without. A Doc has the record's text, the span groups ``mentions``, ``parts`` (values, windows,
qualifiers, cues) and ``criteria``, and as ``ents`` the mentions that do not overlap, longest first.
Spans end where tokens end; the exact characters, attributes and slots of each are beside the group
(its ``attrs``), links and what is said of the whole document in ``user_data``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, DocBin, Span, SpanGroup
from spacy.util import filter_spans
from spacy.vocab import Vocab

from critextract.components.tokens import CriterionTokenizer
from critextract.errors import InputError, SpanError, writing
from critextract.io.faults import Fault, faults_at_end
from critextract.io.layers import from_layer, repeated_ids, to_layer
from critextract.io.regions import (
    LABELS,
    PARTS,
    Layer,
    Link,
    Region,
)
from critextract.schema import Record

CANNOT_HOLD = ("half of a character pair (a lone surrogate): spaCy's strings are UTF-8",)
"""What a DocBin cannot hold of a record; what a Doc shows ends where its tokens end."""

GROUPS = {**dict.fromkeys(LABELS, "mentions"), **dict.fromkeys(PARTS, "parts")}
"""Type of a region to its span group; all others are in ``criteria``."""

KEY = "critextract"
"""Where links, id and document fields are in a Doc's user data."""


def to_doc(record: Record, vocab: Vocab) -> Doc:
    """Return a record as a Doc of the program's own tokens."""
    layer = to_layer(record)
    doc = CriterionTokenizer(vocab)(record.text)
    spans: dict[str, list[Span]] = {"mentions": [], "parts": [], "criteria": []}
    exact: dict[str, list[dict[str, Any]]] = {name: [] for name in spans}
    for order, region in enumerate(layer.regions):
        name = GROUPS.get(region.type, "criteria")
        span = doc.char_span(region.start, region.end, region.type, alignment_mode="expand")
        if span is None:
            place = f"[{region.start}, {region.end})"
            raise SpanError(f"{record.id}: {region.type} {place} is no range of its text")
        spans[name].append(span)
        exact[name].append({"order": order, **asdict(region)})
    for name, found in spans.items():
        doc.spans[name] = SpanGroup(doc, name=name, spans=found, attrs={"regions": exact[name]})
    doc.set_ents(filter_spans(spans["mentions"]))
    links = [[link.type, link.source, link.target] for link in layer.links]
    doc.user_data[KEY] = {"id": record.id, "links": links, "about": layer.about}
    return doc


def write_docbin(records: Iterable[Record], path: str | Path) -> int:
    """Write the Docs of records and return how many; all are held in memory until the end.

    Raises
    ------
    OutputError : the file cannot be written.
    """
    vocab = Vocab()
    docs = DocBin(attrs=["SPACY", "ENT_IOB", "ENT_TYPE"], store_user_data=True)
    with writing(path):
        for record in records:
            docs.add(to_doc(record, vocab))
        docs.to_disk(path)
    return len(docs)


@faults_at_end
def read_docbin(path: Path, faults: list[Fault]) -> Iterator[Record]:
    """Yield the records of a DocBin file.

    Of Docs that other programs made, entities and spans with one of our labels become mentions.

    faults : see `critextract.io.faults.Reader`.

    Raises
    ------
    InputError : the file cannot be read.
    """
    try:
        docs = DocBin().from_disk(path)
        read = list(docs.get_docs(Vocab()))
    except Exception as error:  # noqa: BLE001  (msgpack, zlib and spaCy raise their own)
        raise InputError(f"{path}: cannot be read ({error!r:.120}), expected a DocBin") from None
    for number, doc in enumerate(read, 1):
        yield from_doc(doc, f"{path.stem}-{number}", path, faults)


def from_doc(doc: Doc, name: str, path: Path, faults: list[Fault]) -> Record:
    """Return the record of a Doc; `name` is its id where it has none of its own."""
    said = doc.user_data.get(KEY)
    messages: list[str] = []
    if isinstance(said, dict):
        regions, moved = _regions(doc, messages)
        links = tuple(
            Link(str(kind), moved[source], moved[target])
            for kind, source, target in said.get("links", ())
            if source in moved and target in moved
        )
        layer = Layer(str(said["id"]), doc.text, regions, links, said.get("about") or {})
    else:
        groups = [span for group in doc.spans.values() for span in group]
        places = {(s.start_char, s.end_char, s.label_) for s in (*doc.ents, *groups)}
        kept = (place for place in sorted(places) if place[2] in LABELS)
        layer = Layer(name, doc.text, tuple(Region(kind, ((a, b),)) for a, b, kind in kept))
    record, wrong = from_layer(layer)
    messages += [fault.message for fault in (*wrong, *repeated_ids(layer))]
    faults += [Fault(path, 0, f"{layer.name}, {message}") for message in messages]
    return record


def _regions(doc: Doc, messages: list[str]) -> tuple[tuple[Region, ...], dict[int, int]]:
    """Return the regions of a Doc, in the record's order, and of each order its position.

    A span whose label or tokens are no longer those of its region was edited: the span counts.
    """
    found: list[tuple[int, Region]] = []
    for name, group in doc.spans.items():
        exact = group.attrs.get("regions", [])
        if len(exact) != len(group):
            messages.append(f"{name}: {len(group)} spans, {len(exact)} of them with attributes")
        kept = [_region(one) for one in exact]
        orders = [int(one["order"]) for one in exact]
        for n, span in enumerate(islice(group, len(kept))):
            at = doc.char_span(kept[n].start, kept[n].end, kept[n].type, alignment_mode="expand")
            same = at is not None and (at.start, at.end, at.label_) == (
                span.start,
                span.end,
                span.label_,
            )
            edited = Region(
                span.label_,
                ((span.start_char, span.end_char),),
                kept[n].attributes,
                kept[n].slots,
            )
            found.append((orders[n], kept[n] if same else edited))
        for span in islice(group, len(kept), None):
            place = (span.start_char, span.end_char)
            found.append((10**9 + len(found), Region(span.label_, (place,))))
    found.sort(key=lambda pair: pair[0])
    return tuple(region for _, region in found), {order: n for n, (order, _) in enumerate(found)}


def _region(data: dict[str, Any]) -> Region:
    fragments = tuple((int(a), int(b)) for a, b in data["fragments"])
    return Region(data["type"], fragments, data["attributes"], data["slots"], data["split"])
