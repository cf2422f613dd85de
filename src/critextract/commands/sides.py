"""Annotations and predictions as the commands that compare them are given them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from critextract.errors import CritextractError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from critextract.evaluation.corpus_rows import Dialect
    from critextract.evaluation.sides import Side
    from critextract.schema import Record

SHOWN = 10
"""Faults printed where they are skipped; where they stop a run all are."""


def read_side(path: Path, faults: list[str]) -> Side:
    """Return the documents of a file of records, a folder of such files, or a brat folder.

    Every fault of the annotations is added to `faults`, with file and line; what it concerns is
    left out.

    Raises
    ------
    InputError : there is no such path, or it holds neither records nor annotations.
    """
    from critextract.evaluation.sides import Side

    if not path.exists():
        raise InputError(f"{path}: no such file or folder; expected records or a brat folder")
    files = _record_files(path)
    if files:
        return Side(tuple(record for file in files for record in _records(file, faults)))
    return _annotations(path, faults)


def _record_files(path: Path) -> list[Path]:
    suffixes = (".jsonl", ".jsonl.gz")
    if path.is_file():
        return [path] if path.name.endswith(suffixes) else []
    return sorted(file for file in path.iterdir() if file.name.endswith(suffixes))


def _records(file: Path, faults: list[str]) -> Iterable[Record]:
    """Return the records of a file if all of its lines are sound, else none and the faults."""
    from critextract.io.records import read_records
    from critextract.io.validate import validate_file

    if file.suffix != ".gz":
        before = len(faults)
        for line in validate_file(file, "record"):
            faults += [f"{file}:{line.number}: {fault}" for fault in line.faults]
        if len(faults) > before:
            return ()
    return read_records(file)


def _annotations(path: Path, faults: list[str]) -> Side:
    from critextract.evaluation.annotation_rows import rows_of_annotations
    from critextract.evaluation.sides import Side
    from critextract.io.brat import is_ours, read_annotated_documents
    from critextract.io.brat_dialects import is_lct
    from critextract.io.faults import Fault

    found: list[Fault] = []
    both = list(read_annotated_documents(path, found))
    faults += map(str, found)
    documents = [document for document, _ in both]
    records = tuple(record for _, record in both)
    if any(map(is_ours, documents)) or not any(document.entities for document in documents):
        return Side(records)
    schemes = {is_lct(document) for document in documents if document.entities}
    if len(schemes) > 1:
        raise InputError(f"{path}: annotations of two corpora in one folder; score them apart")
    dialect: Dialect = "lct" if schemes.pop() else "chia"
    rows = {record.id: rows_of_annotations(document, dialect) for document, record in both}
    return Side(records, dialect, rows)


def read_sides(paths: Iterable[Path], *, skip_faults: bool) -> list[Side]:
    """Return both sides of a comparison; what is wrong with them is printed, all at once.

    Raises
    ------
    CritextractError : there are faults and they are not to be skipped.
    """
    faults: list[str] = []
    sides = [read_side(path, faults) for path in paths]
    count = f"{len(faults)} fault{'s' * (len(faults) > 1)}"
    for fault in faults[:SHOWN] if skip_faults else faults:
        typer.echo(f"critextract: {' '.join(fault.split())}", err=True)
    if faults and skip_faults:
        typer.echo(f"critextract: {count} in all; lines that cannot stand are left out", err=True)
    if faults and not skip_faults:
        raise CritextractError(
            f"{count} in the annotations, nothing was scored; correct them, or score without the "
            "lines that cannot stand: --skip-faults"
        )
    return sides
