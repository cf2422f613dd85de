"""What reading gives: a document, or a line that says why there is none; and the limits kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from critextract.schema import Demographics, Section


@dataclass(frozen=True, slots=True)
class Document:
    """One eligibility text as it stood in its source, and what the source says beside it.

    id : NCT number of registry records and pages, stem of files, id column of tables, ``-``.
    default_section : section of a text without headings, from a stem ending ``_inc``/``_exc``.
    source : the file, member or address it came from, for messages.
    """

    id: str
    text: str
    demographics: Demographics | None
    default_section: Section | None
    problems: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that could not be read; `message` is one line that begins with where."""

    source: str
    message: str


Item = Document | Skipped


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read before something is given up as hostile or broken.

    document_bytes : one eligibility text, as UTF-8.
    record_bytes : one registry record (JSON, XML) or one line of a table.
    total_bytes : everything unpacked from one archive or compressed file.
    members : files in one archive.
    ratio : unpacked to packed size of one member, looked at from `ratio_from` bytes on.
    nesting : archives inside archives; 1 reads an archive, not the archives in it.
    """

    document_bytes: int = 20_000_000
    record_bytes: int = 200_000_000
    total_bytes: int = 50_000_000_000
    members: int = 2_000_000
    ratio: int = 200
    ratio_from: int = 10_000_000
    nesting: int = 1


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller chose: columns of tables (None: sniffed) and the limits."""

    id_column: str | None = None
    text_column: str | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes with a name: a file, a member of an archive, or standard input.

    name : decides the form and the id; `label` says in messages where it is; `path` is set where
    the bytes are a file that can be opened again.
    """

    name: str
    label: str
    stream: BinaryIO
    path: Path | None = None


def one_line(message: str) -> str:
    """Return the message with control characters and lone surrogates written as escapes."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in message
    )


def skipped(source: str, error: object) -> Skipped:
    """Return the `Skipped` for an error, its message on one line and beginning with `source`."""
    source = one_line(source)
    message = one_line(str(error))
    return Skipped(source, message if message.startswith(source) else f"{source}: {message}")
