"""Annotated documents in every form that is read and written, by name or by file name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from critextract.errors import InputError

if TYPE_CHECKING:
    from critextract.io.faults import Fault
    from critextract.schema import Record


class Form(StrEnum):
    """Forms of annotated documents."""

    records = "records"
    brat = "brat"
    label_studio = "label-studio"
    label_studio_config = "label-studio-config"
    cas = "cas"
    bio = "bio"
    docbin = "docbin"


SUFFIXES = {
    ".jsonl": Form.records,
    ".ann": Form.brat,
    ".txt": Form.brat,
    ".json": Form.label_studio,
    ".xmi": Form.cas,
    ".zip": Form.cas,
    ".conll": Form.bio,
    ".bio": Form.bio,
    ".iob": Form.bio,
    ".spacy": Form.docbin,
}
"""Suffix of a file to its form; a folder is brat, or cas where it holds ``.xmi`` files."""


HOMES = {
    Form.records: ("critextract.io.checked_records", "checked"),
    Form.brat: ("critextract.io.brat", "brat"),
    Form.label_studio: ("critextract.io.label_studio", "label_studio"),
    Form.cas: ("critextract.io.cas", "cas"),
    Form.bio: ("critextract.io.bio", "bio"),
    Form.docbin: ("critextract.learn.docbin", "docbin"),
}
"""Form to (module with ``read_NAME``, ``write_NAME`` and ``CANNOT_HOLD``, the name)."""


def form_of(path: Path) -> Form:
    """Return the form a path's name tells; of a folder that is there, the form of its files.

    Raises
    ------
    InputError : the name tells none.
    """
    if path.is_dir():
        held = any(path.rglob("*.xmi")) and not any(path.rglob("*.ann"))
        return Form.cas if held else Form.brat
    name = path.with_suffix("") if path.suffix == ".gz" else path
    if name.suffix == "":
        return Form.brat
    if name.suffix.lower() not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise InputError(
            f"{path}: found {name.suffix}, expected a folder or one of {known}; "
            f"name the form: {', '.join(Form)}"
        )
    return SUFFIXES[name.suffix.lower()]


def read_annotated(path: Path, form: Form | None, faults: list[Fault]) -> Iterator[Record]:
    """Yield the records of annotated documents in any form; None: told by the name.

    faults : what is wrong is added to this list.

    Raises
    ------
    InputError : there is nothing that can be read.
    """
    if not path.exists():
        raise InputError(f"{path}: no such file or folder; a typing mistake?")
    form = form or form_of(path)
    if form not in HOMES:
        raise InputError(f"{form} holds no documents; it can only be written")
    home, name = HOMES[form]
    read: Iterator[Record] = getattr(import_module(home), f"read_{name}")(path, faults)
    yield from read if form is Form.records else _checked(read, path, faults)


def _checked(records: Iterator[Record], path: Path, faults: list[Fault]) -> Iterator[Record]:
    """Yield the records; what does not hold together in one is a fault.

    As a rule over a mention that an annotator deleted.
    """
    from critextract.io.faults import Fault
    from critextract.io.invariants import record_faults

    for record in records:
        faults += [Fault(path, 0, f"{record.id}, {fault}") for fault in record_faults(record)]
        yield record


def write_annotated(records: Iterable[Record], path: Path, form: Form, lost: list[str]) -> int:
    """Write records in a form and return how many; mentions that are lost are added to `lost`.

    Raises
    ------
    OutputError : it cannot be written.
    """
    home, name = HOMES[form]
    more = (lost,) if form is Form.bio else ()
    written: int = getattr(import_module(home), f"write_{name}")(records, path, *more)
    return written


def cannot_hold(form: Form) -> tuple[str, ...]:
    """Return what a form cannot hold of a record."""
    said: tuple[str, ...] = import_module(HOMES[form][0]).CANNOT_HOLD
    return said
