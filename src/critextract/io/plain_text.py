"""Plain text files and standard input: one document each, or one classic registry page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from critextract.errors import LimitError
from critextract.io.encodings import decode
from critextract.io.intake import NO_TEXT, document
from critextract.io.items import Blob, Document, Item, Limits
from critextract.io.page import find_page
from critextract.schema import Section


def stem(name: str) -> str:
    """Return the file name without folders and its last suffix (``.gz`` and that before it)."""
    base = PurePath(name).name
    if base.lower().endswith(".gz"):
        base = base[:-3]
    return PurePath(base).stem or base or "-"


def section_of(stem: str) -> Section | None:
    """Return the section that a stem ending ``_inc`` or ``_exc`` names."""
    if stem.lower().endswith("_inc"):
        return "inclusion"
    return "exclusion" if stem.lower().endswith("_exc") else None


def read_whole(blob: Blob, limit: int, which: str) -> bytes:
    """Return all bytes of the blob; `LimitError` names the limit `which` when there are more."""
    data = blob.stream.read(limit + 1)
    if len(data) > limit:
        raise LimitError(
            f"{blob.label}: over the limit of {limit} bytes for one document ({which});"
            " several documents in one file?"
        )
    return data


def read_text(blob: Blob, limits: Limits) -> Iterator[Item]:
    """Yield the one document of a text file, its text unchanged, or a page's eligibility part."""
    data = read_whole(blob, limits.document_bytes, "document_bytes")
    text, problems = decode(data, blob.label)
    name = blob.name if blob.name == "-" else stem(blob.name)
    page = find_page(text)
    if page is None:
        yield document(
            name, text, blob.label, limits, default_section=section_of(name), problems=problems
        )
        return
    yield document(
        page.nct_id,
        text[page.start : page.end],
        blob.label,
        limits,
        demographics=page.demographics,
        problems=(*problems, *page.problems),
    )


def empty_document(blob: Blob) -> Document:
    """Return the document of an empty registry file: no text, its id the stem."""
    name = blob.name if blob.name == "-" else stem(blob.name)
    return Document(name, "", None, None, (f"{NO_TEXT}: the file is empty",), blob.label)
