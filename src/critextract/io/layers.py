"""Records as layers of regions and links, and back; see `critextract.io.regions`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from critextract import schema
from critextract.errors import SchemaError
from critextract.io.line_criteria import line_criteria
from critextract.io.regions import (
    ENDS,
    LABELS,
    LINKS,
    PARTS,
    TYPES,
    Innermost,
    Layer,
    LayerFault,
    Link,
    Region,
    attributes_of,
)
from critextract.io.standoff import Fragments, characters
from critextract.schema import (
    Criterion,
    Heading,
    Mention,
    Qualifier,
    Record,
    Uncovered,
    from_dict,
    plain,
    to_dict,
)

# --- record to layer --------------------------------------------------------------------------


def to_layer(record: Record) -> Layer:
    """Return the regions and links of a record, in its order; nothing is left out."""
    made = _Making(record)
    for heading in record.headings:
        made.add("Heading", ((heading.start, heading.end),), heading, ("start", "end"))
    for criterion in record.criteria:
        made.criterion(criterion)
    for criterion in record.criteria:
        made.parent(criterion)
    for mention in record.mentions:
        made.mention(mention)
    about = {key: plain(getattr(record, key)) for key in ("demographics", "problems", "made_by")}
    kept = {key: value for key, value in about.items() if value}
    return Layer(record.id, record.text, tuple(made.regions), tuple(made.links), kept)


class _Making:
    """The regions and links of a record so far; equal parts of mentions are one region."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.regions: list[Region] = []
        self.links: list[Link] = []
        self._criteria: dict[str, int] = {}
        self._parts: dict[str, int] = {}
        self._innermost = Innermost(record.criteria)

    def add(
        self, kind: str, fragments: Fragments, item: Any, done: tuple[str, ...], split: bool = False
    ) -> int:
        """Append a region for an object of the schema; `done` are fields held otherwise."""
        offered = attributes_of(kind)
        attributes: dict[str, str] = {}
        slots: dict[str, Any] = {}
        for one in fields(item):
            value = getattr(item, one.name)
            name = one.name.capitalize()
            if one.name in done or value is None or value in (one.default, ()):
                continue
            if name in offered:
                attributes[name] = "true" if value is True else str(value)
            else:
                slots[one.name] = plain(value)
        self.regions.append(Region(kind, fragments, attributes, slots, split))
        return len(self.regions) - 1

    def part(self, kind: str, item: Any) -> int:
        """Return the region of a value, window, qualifier, count or dose; equal ones are one."""
        done: tuple[str, ...] = ("start", "end")
        if isinstance(item, Qualifier) and item.value == self._text(item.start, item.end):
            done = (*done, "value")
        key = json.dumps([kind, plain(item)], sort_keys=True)
        if key not in self._parts:
            self._parts[key] = self.add(kind, ((item.start, item.end),), item, done)
        return self._parts[key]

    def _text(self, start: int, end: int) -> str:
        return self.record.text[start:end]

    def criterion(self, criterion: Criterion) -> None:
        place = (criterion.start, criterion.end)
        done: tuple[str, ...] = ("start", "end", "parent")
        done += ("text",) if criterion.text == self._text(*place) else ()
        number = self.add("Criterion", (place,), criterion, (*done, "uncovered"))
        self._criteria.setdefault(criterion.id, number)
        for uncovered in criterion.uncovered:
            part = self.add("Uncovered", ((uncovered.start, uncovered.end),), uncovered, done)
            self.links.append(Link("Has_uncovered", number, part))

    def parent(self, criterion: Criterion) -> None:
        child = self._criteria[criterion.id]
        if criterion.parent in self._criteria:
            self.links.append(Link("Has_child", self._criteria[criterion.parent], child))
        elif criterion.parent is not None:
            self.regions[child].slots["parent"] = criterion.parent

    def mention(self, mention: Mention) -> None:
        held: tuple[str, ...] = (
            "label",
            "start",
            "end",
            "fragments",
            "negation_cue",
            "count",
            "dose",
        )
        held += ("values", "windows", "qualifiers")
        fragments = mention.fragments or ((mention.start, mention.end),)
        if mention.text == characters(self.record.text, fragments):
            held += ("text",)
        if mention.criterion == self._innermost.of(mention.start, mention.end):
            held += ("criterion",)
        split = mention.fragments is not None
        number = self.add(str(mention.label), fragments, mention, held, split)
        parts: list[tuple[str, Any]] = [("Value", value) for value in mention.values]
        parts += [("Window", window) for window in mention.windows]
        parts += [("Qualifier", qualifier) for qualifier in mention.qualifiers]
        parts += [("Count", mention.count)] if mention.count else []
        parts += [("Dose", mention.dose)] if mention.dose else []
        parts += [("Negation", Cue(*mention.negation_cue))] if mention.negation_cue else []
        for kind, item in parts:
            self.links.append(Link(PARTS[kind], number, self.part(kind, item)))


@dataclass(frozen=True, slots=True)
class Cue:
    """The characters of a negation cue."""

    start: int
    end: int


# --- layer to record --------------------------------------------------------------------------


def from_layer(layer: Layer) -> tuple[Record, list[LayerFault]]:
    """Return the record of a layer and what is wrong with it; a faulty region is left out.

    Where mentions have no criteria, each line with text is one. Mentions without an id are
    numbered on.
    """
    return _Reading(layer).record()


class _Reading:
    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.faults: list[LayerFault] = []
        self.targets: dict[int, list[Link]] = {}
        for link in layer.links:
            if message := self._link_fault(link):
                self.faults.append(LayerFault(link.source, message))
            else:
                self.targets.setdefault(link.source, []).append(link)
        owned = {link.target for links in self.targets.values() for link in links}
        for n, region in enumerate(layer.regions):
            if region.type in (*PARTS, "Uncovered") and n not in owned:
                self.faults.append(LayerFault(n, f"{region.type} that nothing has; link it"))

    def _link_fault(self, link: Link) -> str | None:
        """Return what is wrong with a link: its type, or the types it joins."""
        if link.type not in LINKS:
            return f"unknown relation {link.type!r}, expected one of {', '.join(LINKS)}"
        source, target = (self.layer.regions[n].type for n in (link.source, link.target))
        sources, wanted = ENDS[link.type]
        if source in sources and target == wanted:
            return None
        return f"{link.type} joins {source} and {target}, expected one to {wanted}"

    def record(self) -> tuple[Record, list[LayerFault]]:
        headings = [self._heading(n) for n in self._of("Heading")]
        criteria = [c for n in self._of("Criterion") if (c := self._criterion(n)) is not None]
        mentions = self._of(*LABELS)
        if mentions and not criteria:
            starts = [self.layer.regions[n].start for n in mentions]
            lines = line_criteria(self.layer.name, self.layer.text, starts)
            headings, criteria = headings or list(lines.headings), list(lines.criteria)
        for n, region in enumerate(self.layer.regions):
            if region.type not in TYPES:
                message = f"unknown label {region.type!r}; was it added to the scheme, or misspelt?"
                self.faults.append(LayerFault(n, message))
        return (
            Record(
                self.layer.name,
                self.layer.text,
                headings=tuple(heading for heading in headings if heading is not None),
                criteria=tuple(criteria),
                mentions=tuple(self._mentions(Innermost(criteria))),
                **self._about(),
            ),
            self.faults,
        )

    def _about(self) -> dict[str, Any]:
        bare = to_dict(Record(self.layer.name, ""))
        try:
            read = from_dict({**bare, **self.layer.about})
        except (SchemaError, TypeError) as error:
            self.faults.append(LayerFault(None, f"fields of the document: {error}"))
            return {}
        return {key: getattr(read, key) for key in ("demographics", "problems", "made_by")}

    def _of(self, *kinds: str) -> list[int]:
        return [n for n, region in enumerate(self.layer.regions) if region.type in kinds]

    def _fields(self, n: int) -> dict[str, Any]:
        """Return the fields a region states: place, attributes, slots."""
        region = self.layer.regions[n]
        if wrong := [key for key in ("id", "criterion") if not _is_name(region.slots.get(key))]:
            raise SchemaError(f"{wrong[0]} is {region.slots[wrong[0]]!r:.40}, expected words")
        stated: dict[str, Any] = {"start": region.start, "end": region.end}
        offered = attributes_of(region.type)
        for name, value in region.attributes.items():
            if value not in offered.get(name, ()):
                expected = ", ".join(offered.get(name, ())) or f"one of {', '.join(offered)}"
                message = f"unknown value {name} {value!r} of {region.type}, expected {expected}"
                self.faults.append(LayerFault(n, message))
                continue
            stated[name.lower()] = value == "true" if name == "Negated" else value
        return {**region.slots, **stated}

    def _read(self, n: int, read: Any) -> Any:
        try:
            return read(self._fields(n))
        except (SchemaError, TypeError, ValueError, KeyError, AttributeError) as error:
            kind = self.layer.regions[n].type
            self.faults.append(LayerFault(n, f"{kind} does not fit the record: {error}"))
            return None

    def _parts(self, n: int, link: str, read: Any) -> list[Any]:
        found = (self._read(k.target, read) for k in self.targets.get(n, ()) if k.type == link)
        return [part for part in found if part is not None]

    def _text(self, region: Region) -> str:
        return self.layer.text[region.start : region.end]

    def _heading(self, n: int) -> Heading | None:
        made: Heading | None = self._read(n, lambda data: Heading(**{"section": "other", **data}))
        return made

    def _criterion(self, n: int) -> Criterion | None:
        parents = [k.source for k in self.layer.links if k.target == n and k.type == "Has_child"]
        text = self._text(self.layer.regions[n])
        stated: dict[str, Any] = {"text": text, "section": "other", "group": None}
        stated["id"] = f"C{n}"
        if parents:
            stated["parent"] = self.layer.regions[parents[0]].slots.get("id", f"C{parents[0]}")
        made: Criterion | None = self._read(
            n, lambda data: schema.criterion_from_dict({**stated, **data})
        )
        uncovered = self._parts(n, "Has_uncovered", _uncovered)
        return replace(made, uncovered=tuple(uncovered)) if made else None

    def _mentions(self, innermost: Innermost) -> Iterable[Mention]:
        numbers = self._of(*LABELS)
        taken = {str(self.layer.regions[n].slots.get("id")) for n in numbers}
        free = (f"m{n}" for n in range(1, 10**9) if f"m{n}" not in taken)
        for n in numbers:
            region = self.layer.regions[n]
            own = region.fragments
            stated = {
                "label": region.type,
                "text": characters(self.layer.text, own) if region.split else self._text(region),
                "fragments": own if region.split else None,
                "criterion": innermost.of(region.start, region.end),
                **({} if "id" in region.slots else {"id": next(free)}),
            }
            made = self._mention(n, stated)
            if made is not None:
                yield made

    def _mention(self, n: int, stated: dict[str, Any]) -> Mention | None:
        made: Mention | None = self._read(
            n, lambda data: schema.mention_from_dict({**stated, **data})
        )
        if made is None:
            return None
        cues = self._parts(n, "Has_negation", lambda data: (data["start"], data["end"]))
        counts = self._parts(n, "Has_count", schema.value_from_dict)
        doses = self._parts(n, "Has_dose", schema.value_from_dict)
        return replace(
            made,
            negated=made.negated or bool(cues),
            negation_cue=cues[0] if cues else None,
            values=tuple(self._parts(n, "Has_value", schema.value_from_dict)),
            windows=tuple(self._parts(n, "Has_window", schema.window_from_dict)),
            qualifiers=tuple(self._parts(n, "Has_qualifier", self._qualifier)),
            count=counts[0] if counts else None,
            dose=doses[0] if doses else None,
        )

    def _qualifier(self, data: dict[str, Any]) -> Qualifier:
        words = self.layer.text[data["start"] : data["end"]]
        return Qualifier(**{"value": words, "kind": "other", **data})


def _is_name(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _uncovered(data: dict[str, Any]) -> Uncovered:
    return Uncovered(**{"reason": "not understood", **data})


def repeated_ids(layer: Layer) -> list[LayerFault]:
    """Return a fault for each mention or criterion that has the id of an earlier one."""
    faults = []
    seen: Counter[tuple[bool, str]] = Counter()
    for n, region in enumerate(layer.regions):
        name = region.slots.get("id")
        key = (region.type == "Criterion", str(name))
        if name is not None and (region.type in LABELS or key[0]):
            if seen[key]:
                faults.append(LayerFault(n, f"{region.type} has id {name}, which was given before"))
            seen[key] += 1
    return faults
