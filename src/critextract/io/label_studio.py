r"""Label Studio: tasks as JSON, read and written, and the labelling configuration for them.

A region is a ``labels`` result; its attributes are per-region ``choices``, its slots a per-region
``textarea`` with a JSON object, a link a ``relation``. A discontinuous mention is one region a
fragment, joined by ``Next_fragment``. Records a program made become predictions, hand annotations
become annotations. Label Studio counts code points and ``\r\n`` as two, as records do.
Source: labelstud.io/guide/task_format and labelstud.io/tags (JSON task format, version 1).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from critextract.errors import InputError, writing
from critextract.io.faults import Fault, faults_at_end
from critextract.io.layers import from_layer, repeated_ids, to_layer
from critextract.io.regions import (
    ATTRIBUTES,
    LABELS,
    LINKS,
    TYPES,
    Layer,
    Link,
    Region,
)
from critextract.io.standoff import characters
from critextract.schema import Record

CANNOT_HOLD: tuple[str, ...] = ()
"""What Label Studio cannot hold of a record: nothing; what has no place of its own is a slot."""

NEXT = "Next_fragment"
SLOTS = "Slots"
COLOURS = (
    "#e6194b",
    "#3cb44b",
    "#4363d8",
    "#f58231",
    "#911eb4",
    "#9a6324",
    "#469990",
    "#808000",
    "#bfa100",
    "#42b4d4",
    "#d943c0",
    "#000075",
    "#7a9a01",
    "#c97b84",
    "#606060",
    "#a9a9a9",
    "#800000",
)


# --- write ------------------------------------------------------------------------------------


def to_task(record: Record, number: int = 1) -> dict[str, Any]:
    """Return the task of a record; `number` is its id among tasks."""
    layer = to_layer(record)
    results: list[dict[str, Any]] = []
    for n, region in enumerate(layer.regions):
        results += _results(n, region, layer.text)
    results += [_relation(f"r{k.source}", f"r{k.target}", k.type) for k in layer.links]
    data: dict[str, Any] = {"text": record.text, "record": record.id}
    if layer.about:
        data["about"] = layer.about
    task: dict[str, Any] = {"id": number, "data": data, "annotations": [], "predictions": []}
    if record.made_by is None:
        task["annotations"] = [{"id": number, "result": results}]
    else:
        version = f"{record.made_by.program} {record.made_by.model}"
        task["predictions"] = [{"model_version": version, "result": results}]
    return task


def _results(n: int, region: Region, text: str) -> Iterator[dict[str, Any]]:
    """Yield the results of a region: its fragments, then its attributes and slots."""
    for number, fragment in enumerate(region.fragments):
        name = f"r{n}" if number == 0 else f"r{n}.{number}"
        value = _place(fragment, text) | {"labels": [region.type]}
        yield _result(name, "label", "labels", value)
        if number:
            yield _relation(f"r{n}" if number == 1 else f"r{n}.{number - 1}", name, NEXT)
    place = _place(region.fragments[0], text)
    for attribute, chosen in region.attributes.items():
        yield _result(f"r{n}", attribute, "choices", place | {"choices": [chosen]})
    slots = dict(region.slots)
    if region.split and len(region.fragments) == 1:
        slots["fragments"] = True
    if slots:
        written = {"text": [json.dumps(slots, ensure_ascii=False)]}
        yield _result(f"r{n}", SLOTS, "textarea", place | written)


def _place(fragment: tuple[int, int], text: str) -> dict[str, Any]:
    return {"start": fragment[0], "end": fragment[1], "text": characters(text, (fragment,))}


def _result(name: str, control: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "from_name": control, "to_name": "text", "type": kind, "value": value}


def _relation(source: str, target: str, kind: str) -> dict[str, Any]:
    return {
        "type": "relation",
        "from_id": source,
        "to_id": target,
        "direction": "right",
        "labels": [kind],
    }


def write_label_studio(records: Iterable[Record], path: str | Path) -> int:
    """Write a JSON list of tasks, one a line; return how many.

    Raises
    ------
    OutputError : the file cannot be written.
    """
    written = 0
    with writing(path), Path(path).open("w", encoding="utf-8", newline="\n") as stream:
        for written, record in enumerate(records, 1):
            stream.write("[" if written == 1 else ",\n")
            stream.write(json.dumps(to_task(record, written), ensure_ascii=False))
        stream.write("]\n" if written else "[]\n")
    return written


# --- read -------------------------------------------------------------------------------------


@faults_at_end
def read_label_studio(
    path: Path, faults: list[Fault], *, annotator: str | None = None
) -> Iterator[Record]:
    """Yield the record of each task of a JSON export (the form called JSON, not JSON-MIN).

    Annotations come before predictions; of several, the ground truth, else the last that was not
    cancelled.

    annotator : read the annotations of this one (`completed_by`: id or e-mail) and no others.
    faults : see `critextract.io.faults.Reader`.

    Raises
    ------
    InputError : the file cannot be read, or is no list of tasks.
    """
    try:
        tasks = json.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; expected tasks of Label Studio") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON ({error}); expected tasks of Label Studio") from None
    if not isinstance(tasks, list):
        raise InputError(f"{path}: found no list, expected tasks of Label Studio")
    for number, task in enumerate(tasks, 1):
        record = _record(task, path, number, faults, annotator)
        if record is not None:
            yield record


def _record(
    task: Any, path: Path, number: int, faults: list[Fault], annotator: str | None
) -> Record | None:
    found = task.get("data") if isinstance(task, dict) else None
    data = found if isinstance(found, dict) else {}
    text = data.get("text")
    if not isinstance(text, str):
        message = f"task {number}: found no data.text; is this another form, as JSON-MIN?"
        faults.append(Fault(path, 0, message))
        return None
    name = str(data.get("record", task.get("id", number)))
    results = _chosen(task, annotator)
    reading = _Reading(text, results)
    layer = Layer(name, text, tuple(reading.regions), tuple(reading.links), data.get("about") or {})
    record, wrong = from_layer(layer)
    messages = list(reading.faults)
    for fault in (*wrong, *repeated_ids(layer)):
        place = "" if fault.region is None else f"region {reading.names[fault.region]}: "
        messages.append(place + fault.message)
    faults += [Fault(path, 0, f"task {number} ({name}), {message}") for message in messages]
    return record


def _chosen(task: dict[str, Any], annotator: str | None) -> list[Any]:
    """Return the results of the annotation to read, of the last prediction where there is none."""
    there = [a for a in _items(task.get("annotations")) if isinstance(a, dict)]
    done = [a for a in there if not a.get("was_cancelled")]
    if annotator is not None:
        done = [a for a in done if annotator in _people(a.get("completed_by"))]
    truth = [a for a in done if a.get("ground_truth")]
    made = [p for p in _items(task.get("predictions")) if isinstance(p, dict)]
    chosen = (truth or done or (made if annotator is None else []))[-1:]
    return _items(chosen[0].get("result")) if chosen else []


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


CONTENTS = {"labels": "labels", "choices": "choices", "textarea": "text"}
"""Of a type of result, the key of its value that must hold a list."""


def _sound(results: list[Any], faults: list[str]) -> list[dict[str, Any]]:
    """Return the results that have the form of Label Studio's; the others are faults."""
    kept = []
    for result in results:
        kind = str(result.get("type")) if isinstance(result, dict) else ""
        if kind == "relation":
            sound = isinstance(result.get("labels") or [], list)
        elif kind in CONTENTS:
            value = result.get("value")
            sound = isinstance(value, dict) and isinstance(value.get(CONTENTS[kind]), list | str)
        else:
            sound = False
        if sound:
            kept.append(result)
        else:
            faults.append(f"found {result!r:.60}, expected labels, choices, textarea or relation")
    return kept


def _people(completed_by: Any) -> set[str]:
    if isinstance(completed_by, dict):
        return {str(value) for key, value in completed_by.items() if key in ("id", "email")}
    return {str(completed_by)}


class _Reading:
    """The regions and links of a task's results; what does not fit is listed."""

    def __init__(self, text: str, given: list[Any]) -> None:
        self.text = text
        self.regions: list[Region] = []
        self.names: list[str] = []
        self.links: list[Link] = []
        self.faults: list[str] = []
        places: dict[str, Region] = {}
        results = _sound(given, self.faults)
        for result in results:
            if result.get("type") == "labels":
                self._label(str(result.get("id")), result["value"], places)
        for result in results:
            if result.get("type") in ("choices", "textarea"):
                self._detail(result, places)
        relations = [r for r in results if r.get("type") == "relation"]
        folded = self._fold(relations, places)
        self.names = [name for name in places if name not in folded]
        self.regions = [places[name] for name in self.names]
        self._link(relations, folded)

    def _label(self, name: str, value: dict[str, Any], places: dict[str, Region]) -> None:
        start, end, labels = value.get("start"), value.get("end"), value.get("labels") or ["?"]
        if name in places:
            self.faults.append(f"region {name}: its id was given before")
        elif not (isinstance(start, int) and isinstance(end, int)):
            self.faults.append(f"region {name}: start and end are {start!r:.20}, {end!r:.20}")
        elif not 0 <= start < end <= len(self.text):
            size = len(self.text)
            self.faults.append(
                f"region {name}: [{start}, {end}) is no range of the text's {size} characters"
            )
        else:
            places[name] = Region(str(labels[0]), ((start, end),))
            found, stated = self.text[start:end], value.get("text")
            if isinstance(stated, str) and stated.split() != found.split():
                self.faults.append(
                    f"region {name}: text is {stated!r:.60}, its characters are {found!r:.60}"
                )

    def _detail(self, result: dict[str, Any], places: dict[str, Region]) -> None:
        name, value = str(result.get("id")), result["value"]
        if name not in places:
            self.faults.append(f"region {name}: has {result.get('from_name')} and no label")
        elif result["type"] == "choices":
            for chosen in value["choices"]:
                places[name].attributes[str(result.get("from_name"))] = str(chosen)
        else:
            self._slots(name, value["text"], places[name])

    def _slots(self, name: str, texts: Any, region: Region) -> None:
        for text in [texts] if isinstance(texts, str) else texts:
            try:
                region.slots.update(json.loads(text))
            except (ValueError, TypeError, RecursionError):
                self.faults.append(
                    f"region {name}: found {text!r:.40}, expected a JSON object in {SLOTS}"
                )

    def _fold(self, relations: list[dict[str, Any]], places: dict[str, Region]) -> set[str]:
        """Join fragments to the region they go on; return the names of the joined ones."""
        following = {
            str(r.get("from_id")): str(r.get("to_id"))
            for r in relations
            if NEXT in (r.get("labels") or ()) and r.get("from_id") != r.get("to_id")
        }
        folded = set(following.values()) & set(places)
        for name in [name for name in places if name not in folded]:
            region, fragments, at = places[name], list(places[name].fragments), name
            split = region.slots.pop("fragments", None) is True
            while (at := following.pop(at, "")) in places:
                fragments += places[at].fragments
                split = True
            places[name] = replace(region, fragments=tuple(fragments), split=split)
        reached = sum(
            len(region.fragments) for name, region in places.items() if name not in folded
        )
        if reached != len(places):
            count = abs(len(places) - reached)
            self.faults.append(f"{count} fragments are joined in a circle or by two others")
        return folded

    def _link(self, relations: list[dict[str, Any]], folded: set[str]) -> None:
        order = {name: n for n, name in enumerate(self.names)}
        for relation in relations:
            kinds = [str(kind) for kind in relation.get("labels") or ["?"]]
            ends = str(relation.get("from_id")), str(relation.get("to_id"))
            if NEXT in kinds and set(ends) <= folded | set(order):
                continue
            if missing := [name for name in ends if name not in order]:
                self.faults.append(f"relation {kinds[0]} names {', '.join(missing)}, not a region")
                continue
            self.links += [Link(kind, order[ends[0]], order[ends[1]]) for kind in kinds]


# --- configuration ----------------------------------------------------------------------------


def labelling_config() -> str:
    """Return the XML by which Label Studio shows and offers this project's labels."""
    lines = ["<View>", "  <Relations>"]
    lines += [f"    <Relation value={quoteattr(link)}/>" for link in (*LINKS, NEXT)]
    lines += ["  </Relations>", '  <Labels name="label" toName="text">']
    lines += [
        f"    <Label value={quoteattr(kind)} background={quoteattr(colour)}/>"
        for kind, colour in zip(TYPES, COLOURS, strict=True)
    ]
    lines += ["  </Labels>", "  <Style>.htx-text { white-space: pre-wrap; }</Style>"]
    lines += ['  <Text name="text" value="$text" granularity="symbol"/>']
    controls: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for owner, offered in ATTRIBUTES.items():
        for name, values in offered.items():
            shown = LABELS if owner == "mention" else (owner,)
            controls.setdefault((name, values), []).extend(shown)
    for (name, values), kinds in controls.items():
        when = f'whenTagName="label" whenLabelValue={quoteattr(",".join(kinds))}'
        lines += [
            f'  <Choices name={quoteattr(name)} toName="text" perRegion="true" showInline="true"',
            f'           visibleWhen="region-selected" {when}>',
            f"    <Header value={quoteattr(name)}/>",
            *(f"    <Choice value={quoteattr(value)}/>" for value in values),
            "  </Choices>",
        ]
    lines += [
        f'  <TextArea name="{SLOTS}" toName="text" perRegion="true" editable="true"',
        '            visibleWhen="region-selected" rows="3"/>',
        "</View>",
    ]
    return "\n".join(lines) + "\n"
