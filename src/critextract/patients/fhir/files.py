"""Files of FHIR resources: bundles, single resources, NDJSON of a bulk export, gzipped or not."""

from __future__ import annotations

import gzip
import json
import math
import re
import zlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from critextract.errors import InputError
from critextract.patients.model import Fault

SUFFIXES = (".json", ".ndjson", ".jsonl")
_LINES = (".ndjson", ".jsonl")
_SAID = 80


class Entry(NamedTuple):
    """A resource, its file, where in it (entry or line), and its full URL in a bundle."""

    resource: dict[str, Any]
    file: str
    place: str
    url: str | None = None

    @property
    def where(self) -> str:
        """File, place and resource, for people."""
        name = self.resource["resourceType"] + f"/{self.resource.get('id', '?')}"
        return f"{self.file}{self.place} ({name})"


def read_entries(source: Path) -> Iterator[Entry | Fault]:
    """Yield every resource of a file, or of the files of a folder in the order of their names.

    Numbers in names count as numbers: ``2.json`` comes before ``10.json``.

    Raises
    ------
    InputError : there is no such file, or the folder holds none that FHIR is written in.
    """
    for path in _files(source):
        try:
            with _opened(path) as stream:
                yield from _lines(stream, path) if _holds_lines(path) else _whole(stream, path)
        except (OSError, EOFError, zlib.error) as error:
            yield Fault(f"{path}: cannot be read to its end ({error}); was the file cut off?")


def _files(source: Path) -> list[Path]:
    if not source.is_dir():
        if not source.is_file():
            raise InputError(f"{source}: no such file or folder")
        return [source]
    files = (p for p in source.rglob("*") if p.is_file() and _suffix(p) in SUFFIXES)
    found = sorted(files, key=lambda path: (_by_number(str(path.relative_to(source))), str(path)))
    if not found:
        raise InputError(f"{source}: no FHIR in it; expected files in {', '.join(SUFFIXES)}, .gz")
    return found


def _by_number(name: str) -> list[tuple[int, str]]:
    """Return the key by which "p2" comes before "p10"."""
    parts = re.findall(r"([0-9]*)([^0-9]*)", name)
    return [(int(digits or 0), words) for digits, words in parts]


def _suffix(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).suffix.lower()


def _holds_lines(path: Path) -> bool:
    return _suffix(path) in _LINES


def _opened(path: Path) -> BinaryIO:
    if path.name.endswith(".gz"):
        return cast("BinaryIO", gzip.open(path, "rb"))
    return path.open("rb")


def _parsed(text: bytes, where: str) -> dict[str, Any] | Fault:
    try:
        data = json.loads(text.decode("utf-8-sig"), parse_float=_number, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        return Fault(f"{where}: no JSON ({error}); was the file cut off?")
    if not isinstance(data, dict) or not isinstance(data.get("resourceType"), str):
        found = str(data)[:_SAID]
        return Fault(f"{where}: expected a FHIR resource with a resourceType, found {found!r}")
    return data


def _number(text: str) -> Decimal:
    """Return a number with its own digits; one that no float can hold is refused."""
    if not math.isfinite(float(text)):
        raise ValueError(f"{text:.40} is too large for a number")
    return Decimal(text)


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _lines(stream: BinaryIO, path: Path) -> Iterator[Entry | Fault]:
    for number, line in enumerate(stream, start=1):
        if line.strip():
            data = _parsed(line, f"{path}:{number}")
            yield from (
                [data] if isinstance(data, Fault) else _unpacked(data, str(path), f":{number}")
            )


def _whole(stream: BinaryIO, path: Path) -> Iterator[Entry | Fault]:
    data = _parsed(stream.read(), str(path))
    yield from [data] if isinstance(data, Fault) else _unpacked(data, str(path), "")


def _unpacked(
    data: dict[str, Any], file: str, place: str, url: str | None = None
) -> Iterator[Entry | Fault]:
    """Yield a resource, or those a bundle holds, bundles in bundles too."""
    if data["resourceType"] != "Bundle":
        yield Entry(data, file, place, url)
        return
    entries = data.get("entry", [])
    if not isinstance(entries, list):
        found = type(entries).__name__
        yield Fault(f"{file}{place}: entry of the Bundle is {found}, expected a list")
        return
    for number, entry in enumerate(entries):
        at = f"{place}: entry[{number}]"
        if not isinstance(entry, dict):
            found = str(entry)[:_SAID]
            yield Fault(f"{file}{at}: expected an object, found {found!r}", skipped=False)
            continue
        resource = entry.get("resource")
        if resource is None:
            continue  # a deletion, or the answer to one
        if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
            yield Fault(f"{file}{at}: the resource has no resourceType", skipped=False)
            continue
        full = entry.get("fullUrl")
        yield from _unpacked(resource, file, at, full if isinstance(full, str) else None)
