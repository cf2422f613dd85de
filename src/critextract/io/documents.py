"""Read documents from everything a path can name; one bad source never costs another."""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO, cast

from critextract.errors import InputError
from critextract.io import archives
from critextract.io.folders import walk
from critextract.io.forms import KNOWN, OFFICE, Form, form_of_bytes, form_of_name
from critextract.io.items import Blob, Document, Item, Limits, Options, Skipped, skipped
from critextract.io.network import fetch_study, is_trial_number
from critextract.io.peeking import peekable
from critextract.io.plain_text import read_text
from critextract.io.registry_json import read_json
from critextract.io.registry_xml import read_xml
from critextract.io.tables import read_csv, read_parquet

__all__ = ["Document", "Item", "Limits", "Skipped", "read_documents"]

_GLOB = re.compile(r"[*?\[\]{}]")
_HEAD = 4096


def read_documents(
    paths: Sequence[str],
    *,
    id_column: str | None = None,
    text_column: str | None = None,
    limits: Limits | None = None,
    base_url: str | None = None,
) -> Iterator[Document | Skipped]:
    """Return an iterator over the documents that `paths` name, in their order.

    paths : files, folders (with all below, sorted by name), ``-`` for standard input, NCT numbers
        that are no files (the registry's public API is asked, at `base_url` or the environment's
        ``CRITEXTRACT_REGISTRY_URL``).
    id_column, text_column : columns of tables and fields of JSON rows; None: the obvious names.

    What cannot be read is yielded as `Skipped`, with one line that says where and why.

    Raises
    ------
    InputError : a path names nothing at all; raised before anything is read.
    """
    for path in paths:
        if path != "-" and not _exists(path) and not is_trial_number(path):
            raise InputError(
                f"{path}: no such file or folder, expected a path, '-' or an NCT number;"
                " a typing mistake?"
            )
    options = Options(id_column, text_column, limits or Limits())
    return _unique(item for path in paths for item in _read_path(path, options, base_url))


def _exists(path: str) -> bool:
    try:
        Path(path).lstat()
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True


def _unique(items: Iterator[Item]) -> Iterator[Item]:
    """Yield the items, repeated ids numbered: ``x``, ``x#2``, each with a problem."""
    seen: dict[str, int] = {}
    for item in items:
        if isinstance(item, Skipped):
            yield item
            continue
        number = seen.get(item.id, 0) + 1
        name = item.id
        while number > 1 and (name := f"{item.id}#{number}") in seen:
            number += 1
        seen[item.id] = number
        if name == item.id:
            yield item
            continue
        seen[name] = 1
        problem = f"repeated id: {item.id} was read before, this is {name}"
        yield replace(item, id=name, problems=(*item.problems, problem))


def _read_path(path: str, options: Options, base_url: str | None) -> Iterator[Item]:
    if path == "-":
        yield from _guarded("-", _read_standard_input(options))
    elif not _exists(path):
        yield from _guarded(path, _read_registry(path, options, base_url))
    elif Path(path).is_dir():
        yield from _read_folder(Path(path), options)
    else:
        yield from _read_file(Path(path), options, named=True)


def _read_folder(folder: Path, options: Options) -> Iterator[Item]:
    nothing = True
    for found in walk(folder):
        nothing = False
        if isinstance(found, Skipped):
            yield found
        else:
            yield from _read_file(found, options)
    if nothing:
        yield skipped(str(folder), f"found no documents, expected files with one of {KNOWN}")


def _read_file(path: Path, options: Options, *, named: bool = False) -> Iterator[Item]:
    """Yield what a file holds; one the user named may have any suffix, its bytes tell the form."""

    def items() -> Iterator[Item]:
        with path.open("rb") as stream:
            blob = Blob(path.name, str(path), stream, path)
            form = form_of_name(path.name)
            if form is None and named and path.suffix.lower() not in OFFICE:
                form = form_of_bytes(stream.peek(_HEAD))
            yield from _read_blob(blob, 0, options, form)

    yield from _guarded(str(path), items())


def _read_standard_input(options: Options) -> Iterator[Item]:
    stream = peekable(cast("BinaryIO", sys.stdin.buffer))
    form = form_of_bytes(stream.peek(_HEAD))
    if form == "text" and (options.id_column or options.text_column):
        form = "csv"
    yield from _read_blob(Blob("-", "-", stream), 0, options, form)


def _read_registry(nct_id: str, options: Options, base_url: str | None) -> Iterator[Item]:
    data = fetch_study(nct_id, base_url=base_url, limit=options.limits.record_bytes)
    yield from read_json(Blob(nct_id.upper(), nct_id.upper(), io.BytesIO(data)), options)


def _guarded(label: str, items: Iterator[Item]) -> Iterator[Item]:
    """Yield the items; an error on the way becomes the last one, as `Skipped`."""
    try:
        yield from items
    except InputError as error:
        yield skipped(label, error)
    except UnicodeError as error:
        yield skipped(label, f"cannot be decoded ({error}); a damaged or mixed encoding?")
    except archives.BROKEN as error:
        reason = getattr(error, "strerror", None) or error
        yield skipped(label, f"cannot be read to its end ({reason}); damaged, cut or no rights?")


def _read_blob(blob: Blob, depth: int, options: Options, form: Form | None) -> Iterator[Item]:
    """Yield the documents of one blob; `depth` counts the archives it lies in."""
    match form:
        case "text":
            yield from read_text(blob, options.limits)
        case "json":
            yield from read_json(blob, options)
        case "xml":
            yield from read_xml(blob, options.limits)
        case "csv":
            yield from read_csv(blob, options)
        case "parquet":
            yield from _read_parquet(blob, options)
        case None:
            suffix = Path(blob.name).suffix or "no suffix"
            raise InputError(f"{blob.label}: found {suffix}, expected one of {KNOWN}")
        case _:
            yield from _read_archive(blob, depth, options, form)


def _read_archive(blob: Blob, depth: int, options: Options, form: Form) -> Iterator[Item]:
    def member(inner: Blob, inner_depth: int) -> Iterator[Item]:
        return _guarded(inner.label, _read_member(inner, inner_depth, options))

    limits = options.limits
    if depth >= limits.nesting:
        raise archives.nested(blob, limits)
    if form == "gzip":
        yield from archives.read_gzip(blob, depth, limits, member)
    elif form == "tar":
        yield from archives.read_tar(blob, depth, limits, member)
    else:
        yield from _read_zip(blob, depth, limits, member)


def _read_member(blob: Blob, depth: int, options: Options) -> Iterator[Item]:
    """Read a member; compressed data in compressed data counts as an archive in an archive."""
    form = form_of_name(blob.name)
    if form is None and depth == 0:
        form = form_of_bytes(peekable(blob.stream).peek(_HEAD))
    yield from _read_blob(blob, depth + (form == "gzip"), options, form)


def _read_zip(
    blob: Blob, depth: int, limits: Limits, member: archives.ReadMember
) -> Iterator[Item]:
    if blob.path is not None:
        yield from archives.read_zip(blob, depth, limits, member)
        return
    with tempfile.TemporaryFile() as copy:
        copyfileobj(blob.stream, copy)
        copy.seek(0)
        yield from archives.read_zip(
            replace(blob, stream=cast("BinaryIO", copy)), depth, limits, member
        )


def _read_parquet(blob: Blob, options: Options) -> Iterator[Item]:
    """Read from the file itself; a member, or a name that looks like a pattern, is copied."""
    if blob.path is not None and not _GLOB.search(str(blob.path)):
        yield from read_parquet(blob.path, blob, options)
        return
    with tempfile.NamedTemporaryFile(suffix=".parquet") as copy:
        copyfileobj(blob.stream, copy)
        copy.flush()
        yield from read_parquet(Path(copy.name), blob, options)
