"""Bytes to text: UTF-8 first, other encodings detected and named, nothing translated.

New lines stay as they are. A byte order mark is dropped. What cannot be told apart safely is
replaced by U+FFFD and said so; NUL bytes and other binary content are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import BinaryIO, TextIO

from critextract.errors import InputError
from critextract.io.peeking import peekable

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_MAGIC = {
    b"%PDF": "a PDF", b"PK\x03\x04": "a zip archive or office document", b"\x1f\x8b": "gzip data",
    b"\xd0\xcf\x11\xe0": "an old office document", b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",    b"{\\rtf": "an RTF document", b"PAR1": "a parquet table",
}  # fmt: skip
_WESTERN = frozenset(
    "’‘“”–—•…®™©°±²³¹µ·×÷½¼¾§€£¿¡«»\u00a0\u00ad‚„†‡‰ºª"
    "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœšžÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŒŠŽ"
)
"""Windows-1252 characters that Western clinical text is full of."""
_MAC_COMPARATOR = re.compile(rb"(?:^|[\s(])[\xb2\xb3]\s*\d")
"""Mac Roman's ≤ ≥, which Windows-1252 would read as ² ³: a sign before a number."""
_GB_SIGN = re.compile(rb"\xa1[\xdc\xdd\xc1\xc0\xe3\xab\xae-\xb1]|\xa3[\xa1-\xfe]")
"""GBK's ≤ ≥ × ± ° and full-width signs, in otherwise ASCII text."""
_LEAST_EVIDENCE = 10
_CUT_CHARACTER = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile("[\udc80-\udcff]+")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")


def decode(data: bytes, label: str) -> tuple[str, tuple[str, ...]]:
    """Return the text of `data` and the problems met, none for clean UTF-8.

    Raises
    ------
    InputError : the bytes are no text (NUL bytes, a known binary form, mostly control codes).
    """
    for bom, name in _BOMS:
        if data.startswith(bom) and (name != "utf-8"):
            return _decode_wide(data[len(bom) :], name, label)
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in data:
        if (wide := _wide_without_bom(data)) is not None:
            return _decode_wide(data, wide, label)
        raise InputError(_binary(data, label, f"a NUL byte at byte {data.index(0)}"))
    for magic, form in _MAGIC.items():
        if data.startswith(magic):
            raise InputError(f"{label}: found {form}, expected plain text; convert it to text")
    try:
        text = data.decode("utf-8")
        problems: tuple[str, ...] = ()
    except UnicodeDecodeError:
        text, problems = _decode_other(data)
    if len(_CONTROL.findall(text[:100_000])) > 0.1 * min(len(text), 100_000):
        raise InputError(_binary(data, label, "mostly control characters"))
    return text, problems


def _binary(data: bytes, label: str, found: str) -> str:
    form = next((form for magic, form in _MAGIC.items() if data.startswith(magic)), None)
    what = f"{form}, with {found}" if form else found
    return f"{label}: found {what}, expected text; a binary file?"


def _decode_wide(data: bytes, name: str, label: str) -> tuple[str, tuple[str, ...]]:
    text = data.decode(name, "replace")
    if "\0" in text:
        raise InputError(_binary(data, label, f"a NUL character in {name} text"))
    problems = [f"not UTF-8: read as {name}"]
    if bad := text.count("\ufffd"):
        problems.append(f"{bad} characters could not be decoded and are U+FFFD")
    return text, tuple(problems)


def _wide_without_bom(data: bytes) -> str | None:
    """Name UTF-16 by its pattern: nearly every second byte is NUL, the others never."""
    sample = data[:4000]
    odd, even = sample[1::2].count(0), sample[::2].count(0)
    if odd > 0.8 * len(sample[1::2]) and not even:
        return "utf-16-le"
    if even > 0.8 * len(sample[::2]) and not odd:
        return "utf-16-be"
    return None


def _decode_other(data: bytes) -> tuple[str, tuple[str, ...]]:
    loose = data.decode("utf-8", "surrogateescape")
    runs = _ESCAPED.findall(loose)
    bad = sum(len(run) for run in runs)
    good = sum(1 for c in loose if c > "\x7f") - bad
    if good >= len(runs):
        return _mixed(loose, bad)
    name = _detect(data, bad)
    if name is None:
        text = _ESCAPED.sub(lambda run: "\ufffd" * len(run[0]), loose)
        return text, (f"encoding not recognised: {bad} bytes are U+FFFD",)
    return data.decode(name), (f"not UTF-8: read as {name}",)


def _mixed(loose: str, bad: int) -> tuple[str, tuple[str, ...]]:
    """Read each stray byte of mostly valid UTF-8 as Windows-1252 where that is plausible."""

    def western(run: re.Match[str]) -> str:
        raw = run[0].encode("utf-8", "surrogateescape")
        if _CUT_CHARACTER.match(raw):
            return "\ufffd" * len(raw)
        return "".join(c if c in _WESTERN else "\ufffd" for c in raw.decode("cp1252", "replace"))

    text = _ESCAPED.sub(western, loose)
    lost = text.count("\ufffd")
    tail = f", {lost} of them unreadable (U+FFFD)" if lost else ""
    return text, (f"mixed encodings: {bad} bytes are not UTF-8, read as cp1252{tail}",)


def _detect(data: bytes, evidence: int) -> str | None:
    """Return a codec that decodes all of `data` and suits its signs, or None.

    evidence : bytes that are not ASCII; a general guess from a handful of them is a coin toss.
    """
    if _MAC_COMPARATOR.search(data):
        return "mac_roman"
    if len(_GB_SIGN.findall(data)) and _decodes(data, "gb18030"):
        return "gb18030"
    if _decodes(data, "cp1252"):
        high = {c for c in data.decode("cp1252") if c > "\x7f"}
        if high <= _WESTERN:
            return "cp1252"
    if evidence < _LEAST_EVIDENCE:
        return None
    import charset_normalizer

    best = charset_normalizer.from_bytes(data[:200_000]).best()
    return best.encoding if best is not None and _decodes(data, best.encoding) else None


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


@contextmanager
def open_text(stream: BinaryIO) -> Iterator[tuple[TextIO, tuple[str, ...]]]:
    """Give a long stream as text, new lines kept, and the problems; the stream stays open.

    Bytes that are not UTF-8 are kept as surrogate escapes, for `repair` to read piece by piece.
    """
    buffered = peekable(stream)
    head = buffered.peek(4)[:4]
    wide = next((name for bom, name in _BOMS[1:] if head.startswith(bom)), None)
    codec, errors = (wide[:6], "replace") if wide else ("utf-8-sig", "surrogateescape")
    text = TextIOWrapper(buffered, codec, errors=errors, newline="")
    try:
        yield text, (f"not UTF-8: read as {wide}",) if wide else ()
    finally:
        text.detach()


def repair(text: str, label: str) -> tuple[str, tuple[str, ...]]:
    """Decode again a piece read as UTF-8 with ``surrogateescape``; replace lone surrogates.

    Lone surrogates cannot be written as UTF-8; each becomes one U+FFFD, so offsets stay.
    """
    if not _SURROGATE.search(text):
        return text, ()
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        count = len(_SURROGATE.findall(text))
        return _SURROGATE.sub("\ufffd", text), (f"{count} lone surrogates are U+FFFD",)
    return decode(data, label)
