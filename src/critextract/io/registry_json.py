"""Registry JSON (API v2) and rows as JSON: one record, a list, a page of studies, JSON lines.

A list is read study by study and never held whole. Where it is cut or broken, the studies before
that point come out, the broken one is named with its byte, and reading goes on at the next study.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from critextract.errors import InputError, LimitError
from critextract.io.demographics import demographics
from critextract.io.encodings import open_text
from critextract.io.intake import document
from critextract.io.items import Blob, Item, Options, skipped
from critextract.io.plain_text import empty_document, section_of, stem
from critextract.io.rows import Columns, row_columns, row_document

_DECODER = json.JSONDecoder(strict=False)
_CHUNK = 1 << 18
_SPACE = re.compile(r"[\s,]*")
_PAGE = re.compile(
    r'\s*(?:\{(?:\s*"[^"]*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[-+\d.eE]+|true|false|null)\s*,){0,20}'
    r'\s*"studies"\s*:\s*)?\['
)
_NEXT_STUDY = re.compile(r'\{\s*"protocolSection"')
_NEXT_LINE = re.compile(r"\n\{")


@dataclass(frozen=True, slots=True)
class _Broken:
    """Text that is no JSON value, and why."""

    reason: str


class _Buffer:
    """A growing window on a text stream; `at` is where reading stands, `byte` that in the file."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.text = ""
        self.at = 0
        self.byte = 0
        self.eof = False

    @property
    def rest(self) -> int:
        """Characters not yet used."""
        return len(self.text) - self.at

    def more(self) -> None:
        """Read on, at least doubling what is not used, so that repeated tries stay linear."""
        chunk = self.stream.read(max(_CHUNK, self.rest))
        self.eof = not chunk
        self.text = self.text[self.at :] + chunk
        self.at = 0

    def advance(self, end: int) -> None:
        """Stand at character `end` of the text."""
        self.byte += self.bytes_to(end)
        self.at = end

    def bytes_to(self, end: int) -> int:
        """Return the bytes from where reading stands to character `end`."""
        return len(self.text[self.at : end].encode("utf-8", "surrogateescape"))


def read_json(blob: Blob, options: Options) -> Iterator[Item]:
    """Yield the documents of a JSON or JSON lines file."""
    with open_text(blob.stream) as (text, problems):
        buffer = _Buffer(text)
        buffer.more()
        if not buffer.text.strip():
            yield empty_document(blob)
            return
        reader = _Reader(blob, options, problems)
        for byte, value in _values(buffer, options.limits.record_bytes):
            yield from reader.items(value, byte)


def _values(buffer: _Buffer, limit: int) -> Iterator[tuple[int, Any]]:
    """Yield the byte and the value of each study of a list or page, or of each value in a row."""
    head = _PAGE.match(buffer.text)
    marker = _NEXT_LINE if head is None else _NEXT_STUDY
    buffer.advance(head.end() if head else 0)
    while True:
        _skip_space(buffer)
        if not buffer.rest:
            if head is not None:
                yield buffer.byte, _Broken("the file ends before its list does; truncated?")
            return
        if head is not None and buffer.text[buffer.at] == "]":
            return
        value, end = _decode_one(buffer, marker, limit)
        yield buffer.byte, value
        buffer.advance(end)
        if isinstance(value, _Broken) and not buffer.rest:
            return


def _skip_space(buffer: _Buffer) -> None:
    while True:
        match = _SPACE.match(buffer.text, buffer.at)
        buffer.advance(match.end() if match else buffer.at)
        if buffer.rest or buffer.eof:
            return
        buffer.more()


def _decode_one(buffer: _Buffer, marker: re.Pattern[str], limit: int) -> tuple[Any, int]:
    """Return the value where reading stands, or what is wrong with it, and where it ends."""
    while True:
        try:
            return _DECODER.raw_decode(buffer.text, buffer.at)
        except (ValueError, RecursionError) as error:
            if (following := marker.search(buffer.text, buffer.at + 1)) is not None:
                return _Broken(_reason(error, buffer, cut=False)), following.start()
            if buffer.eof:
                return _Broken(_reason(error, buffer, cut=True)), len(buffer.text)
            if buffer.rest > limit:
                raise LimitError(
                    f"value at byte {buffer.byte} is over the limit of {limit} bytes for one"
                    " record (record_bytes)"
                ) from None
        buffer.more()


def _reason(error: Exception, buffer: _Buffer, *, cut: bool) -> str:
    if isinstance(error, RecursionError):
        return "brackets nested too deeply to be a registry record"
    if not isinstance(error, json.JSONDecodeError):
        return f"not a registry record ({error})"
    unfinished = error.pos >= len(buffer.text) - 6 or error.msg.startswith("Unterminated")
    if cut and unfinished:
        return "the file ends inside it; truncated download?"
    byte = buffer.byte + buffer.bytes_to(error.pos)
    return f"not JSON at byte {byte} ({error.msg})"


class _Reader:
    """Turns values into documents; remembers the columns of rows and what came before."""

    def __init__(self, blob: Blob, options: Options, problems: tuple[str, ...]) -> None:
        self.blob = blob
        self.options = options
        self.problems = problems
        self.columns: Columns | None = None
        self.count = 0

    def items(self, value: Any, byte: int) -> Iterator[Item]:
        """Yield what one value of the file holds; what no value of the file fits ends it."""
        if isinstance(value, dict) and isinstance(value.get("studies"), list):
            value = value["studies"]
        if isinstance(value, list):
            for inner in value:
                yield from self.items(inner, byte)
            return
        self.count += 1
        where = f"{self.blob.label}: record {self.count} at byte {byte}"
        try:
            yield self._item(value, where)
        except InputError as error:
            if self.count == 1:
                raise
            yield skipped(where, error)

    def _item(self, value: Any, where: str) -> Item:
        label = self.blob.label
        match value:
            case _Broken(reason):
                return skipped(where, reason)
            case {"protocolSection": dict()}:
                return study(value, self.blob, self.options, self.problems)
            case {"schema": str(schema)} if schema.startswith("critextract/"):
                raise InputError(
                    f"{label}: found {schema}, expected criteria; an output given as input?"
                )
            case dict():
                return self._row(value, where)
        raise InputError(
            f"{label}: found a {type(value).__name__}, expected registry records or rows"
        )

    def _row(self, value: dict[str, Any], where: str) -> Item:
        if self.columns is None:
            self.columns = row_columns(list(value), self.options, self.blob.label, "fields")
        return row_document(
            value.get(self.columns.id) if self.columns.id else None,
            value.get(self.columns.text, ...),
            where,
            self.count,
            self.blob,
            self.options.limits,
            problems=self.problems,
        )


def study(value: Any, blob: Blob, options: Options, problems: tuple[str, ...] = ()) -> Item:
    """Return the document of one API v2 record."""
    protocol = value["protocolSection"]
    identification = protocol.get("identificationModule") or {}
    eligibility = protocol.get("eligibilityModule") or {}
    if not isinstance(identification, dict) or not isinstance(eligibility, dict):
        return skipped(blob.label, "found modules that are no objects, expected an API v2 record")
    text = eligibility.get("eligibilityCriteria")
    if text is not None and not isinstance(text, str):
        kind = type(text).__name__
        return skipped(blob.label, f"eligibilityCriteria is a {kind}, expected text")
    name = identification.get("nctId")
    if not isinstance(name, str) or not name:
        name, problems = stem(blob.name), (*problems, "no NCT number: named after its file")
    found, odd = demographics(
        eligibility.get("sex"),
        eligibility.get("minimumAge"),
        eligibility.get("maximumAge"),
        eligibility.get("healthyVolunteers"),
    )
    return document(
        name,
        text or "",
        blob.label,
        options.limits,
        demographics=found,
        default_section=section_of(name),
        problems=(*problems, *odd),
    )
