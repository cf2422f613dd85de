"""The check of a folder of hand annotations: sheets, gold, labels and second pass together.

=====================  ===========================================================================
``sheets/``            the sheets, each named by its id
``gold/*.jsonl``       the records made from them, one file a part of the split
``labels.json``        labels and attribute values, equal to those of the code
``second/``            sheets of a second annotator, blind to the first, on the same texts
``agreement/*.jsonl``  both passes as they stood before differences were settled: ``first``,
                       ``second``
=====================  ===========================================================================

Whatever of the last two is not there is not asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from critextract import schema
from critextract.errors import AnnotationFaults, InputError, writing
from critextract.io.sheets import Sheet, gold_line, read_sheets
from critextract.io.validate import validate_file


@dataclass(frozen=True, slots=True)
class Checked:
    """A folder of annotations: what is in it, and every fault, each with its file."""

    sections: int
    criteria: int
    second: int
    faults: tuple[str, ...]


def code_labels() -> dict[str, list[str]]:
    """Return the labels and attribute values of the code, as ``labels.json`` holds them."""
    return {
        "label": [str(label) for label in schema.Label],
        "section": list(get_args(schema.Section)),
        "status": list(get_args(schema.Status)),
        "modality": list(get_args(schema.Modality)),
        "experiencer": list(get_args(schema.Experiencer)),
        "period": list(get_args(schema.Period)),
        "qualifier": list(get_args(schema.QualifierKind)),
        "component": ["systolic", "diastolic"],
        "relative_to": list(get_args(schema.RelativeTo)),
        "window_role": list(get_args(schema.WindowRole)),
        "direction": list(get_args(schema.Direction)),
        "join": list(get_args(schema.Join)),
    }


def check_annotations(folder: Path) -> Checked:
    """Return what is in a folder of annotations and every fault in it, all at once.

    Raises
    ------
    InputError : the folder has no sheets, or a file cannot be read.
    """
    sheets, faults = _first_sheets(folder)
    second, second_faults = _sheets(folder / "second")
    faults += second_faults
    faults += _label_faults(folder / "labels.json")
    faults += _gold_faults(folder, sheets)
    faults += _second_faults(folder, sheets, second)
    criteria = sum(len(sheet.record.criteria) for sheet in sheets.values())
    return Checked(len(sheets), criteria, len(second), tuple(faults))


def add_pairs(folder: Path) -> list[str]:
    """Write both passes of sections newly annotated twice into ``agreement/``; return their ids.

    To be called before differences are settled: what is there already is not written again.

    Raises
    ------
    InputError : the folder has no sheets. OutputError : a file cannot be written.
    AnnotationFaults : a sheet of the second pass has mistakes, or no first annotation.
    """
    sheets, _ = _first_sheets(folder)
    second, faults = _sheets(folder / "second")
    faults += [
        f"{folder / 'sheets'}: no {name} without mistakes" for name in second.keys() - sheets
    ]
    if faults:
        raise AnnotationFaults(faults)
    sides = {"first": sheets, "second": second}
    new: set[str] = set()
    for side, made in sides.items():
        path = folder / "agreement" / f"{side}.jsonl"
        rows = path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []
        kept = {str(json.loads(row)["id"]): row for row in rows}
        new |= second.keys() - kept.keys()
        kept |= {name: gold_line(made[name]) for name in second.keys() - kept.keys()}
        with writing(path):
            path.parent.mkdir(exist_ok=True)
            path.write_text("".join(f"{kept[name]}\n" for name in sorted(kept)), encoding="utf-8")
    return sorted(new)


def _first_sheets(folder: Path) -> tuple[dict[str, Sheet], list[str]]:
    if not any((folder / "sheets").glob("*.sheet")):
        raise InputError(f"{folder}: no sheets/*.sheet in it, expected a folder of annotations")
    return _sheets(folder / "sheets")


def _sheets(folder: Path) -> tuple[dict[str, Sheet], list[str]]:
    """Return the sheets without mistakes by the stem of their file, and all mistakes."""
    found: dict[str, Sheet] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.sheet")):
        read, wrong = read_sheets([path])
        faults += wrong
        for sheet in read:
            found[path.stem] = sheet
            if sheet.record.id != path.stem:
                faults.append(f"{path}: its id is {sheet.record.id!r}, expected {path.stem!r}")
    return found, faults


def _label_faults(path: Path) -> Iterator[str]:
    said = _json(path, path.name)
    if not isinstance(said, dict):
        yield f"{path}: expected an object of lists"
        return
    wanted = code_labels()
    for key in sorted(wanted.keys() | said.keys()):
        if said.get(key) != wanted.get(key):
            yield f"{path}: {key} is {said.get(key)}, in the code {wanted.get(key)}"


def _json(path: Path, kind: str) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({error}), expected {kind}") from None


def _gold_faults(folder: Path, sheets: Mapping[str, Sheet]) -> Iterator[str]:
    """Yield where gold is no valid record, or not what its sheet says, or not there."""
    wrong = {path.stem for path in (folder / "sheets").glob("*.sheet")} - sheets.keys()
    found: set[str] = set()
    for path in sorted((folder / "gold").glob("*.jsonl")):

        def differs(name: str, line: str, split: str = path.stem) -> str | None:
            if name in wrong:
                return None
            sheet = sheets.get(name)
            if sheet is None:
                return f"no sheet is named {name!r}"
            if sheet.split != split:
                return f"{name} is of the part {sheet.split!r}"
            return None if line == gold_line(sheet) else f"{name} is not what its sheet says"

        yield from _record_faults(path, differs, found)
    for name in sorted(sheets.keys() - found):
        yield f"{folder / 'gold'}: {name} is not in it; run critextract gold"


def _second_faults(
    folder: Path, sheets: Mapping[str, Sheet], second: Mapping[str, Sheet]
) -> Iterator[str]:
    """Yield where the second pass is on another text, or its record not what its sheet says."""
    for name, sheet in second.items():
        first = sheets.get(name)
        where = folder / "second" / f"{name}.sheet"
        if first is None:
            yield f"{where}: no first annotation without mistakes has this id"
        elif (sheet.record.text, sheet.split) != (first.record.text, first.split):
            yield f"{where}: its text or split is not that of the first annotation"
    for side in ("first", "second"):
        path = folder / "agreement" / f"{side}.jsonl"
        if not path.exists():
            continue

        def differs(name: str, line: str, side: str = side) -> str | None:
            other = second.get(name)
            if other is None:
                return f"{name} was not annotated twice"
            same = line == gold_line(other)
            return None if side == "first" or same else f"{name} is not what its sheet says"

        found: set[str] = set()
        yield from _record_faults(path, differs, found)
        for name in sorted(second.keys() - found):
            yield f"{path}: {name} is not in it; run critextract annotations pair"


def _record_faults(
    path: Path, differs: Callable[[str, str], str | None], found: set[str]
) -> Iterable[str]:
    """Yield the faults of a file of records; `found` gathers the ids it holds."""
    rows = path.read_text(encoding="utf-8", errors="replace").split("\n")
    for line in validate_file(path, "record"):
        yield from (f"{path}:{line.number}: {fault}" for fault in line.faults)
        row = rows[line.number - 1]
        try:
            name = str(json.loads(row)["id"])
        except (ValueError, TypeError, KeyError):
            continue  # said above
        found.add(name)
        if message := differs(name, row):
            yield f"{path}:{line.number}: {message}"
