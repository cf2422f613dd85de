"""Archives and compressed files, read member by member; nothing of them is ever written out.

Limits stop what is hostile (see `Limits`), and the message names the limit. A member whose name
leads outside the archive, a link or a device is named and left out.
"""

from __future__ import annotations

import gzip
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import RawIOBase
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from critextract.errors import InputError, LimitError
from critextract.io.forms import is_ignored
from critextract.io.items import Blob, Item, Limits, skipped
from critextract.io.peeking import peekable

ReadMember = Callable[[Blob, int], Iterator[Item]]
"""Reads a member, given how many archives it lies in."""
BROKEN = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    tarfile.TarError,
    zipfile.BadZipFile,
)
"""What damaged or cut archives raise."""


class Budget:
    """Counts what an archive has given so far, against its limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.bytes = 0
        self.members = 0

    def add_bytes(self, count: int) -> None:
        """Count unpacked bytes."""
        self.bytes += count
        self.check()

    def check(self) -> None:
        """Raise `LimitError` once too much was unpacked."""
        if self.bytes > self.limits.total_bytes:
            raise LimitError(
                f"unpacks to over the limit of {self.limits.total_bytes} bytes (total_bytes);"
                " the rest was not read"
            )

    def add_member(self) -> None:
        """Count a member."""
        self.members += 1
        if self.members > self.limits.members:
            raise LimitError(
                f"holds over the limit of {self.limits.members} files (members);"
                " the rest was not read"
            )


class Unpacked(RawIOBase):
    """An unpacking stream that counts its bytes and stops at the limits."""

    def __init__(self, stream: BinaryIO, budget: Budget, packed: Callable[[], int]) -> None:
        self._stream = stream
        self._budget = budget
        self._packed = packed
        self._count = 0

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer`, or raise `LimitError`."""
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._count += len(data)
        self._budget.add_bytes(len(data))
        limits = self._budget.limits
        if self._count > max(limits.ratio_from, limits.ratio * max(1, self._packed())):
            raise LimitError(
                f"unpacks to over the limit of {limits.ratio} times its packed size (ratio);"
                " a decompression bomb?"
            )
        return len(data)


def read_gzip(blob: Blob, depth: int, limits: Limits, read_member: ReadMember) -> Iterator[Item]:
    """Yield what the one file in a ``.gz`` holds."""
    packed = _Counted(blob.stream)
    with gzip.GzipFile(fileobj=cast("BinaryIO", packed)) as inner:
        stream = Unpacked(cast("BinaryIO", inner), Budget(limits), lambda: packed.count)
        name = blob.name[:-3] if blob.name.lower().endswith(".gz") else blob.name
        if name.lower().endswith(".tgz"):
            name = name[:-4] + ".tar"
        yield from read_member(Blob(name, blob.label, peekable(cast("BinaryIO", stream))), depth)


class _Counted(RawIOBase):
    """A stream that knows how many bytes were taken from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes."""
        data = self._stream.read(size)
        self.count += len(data)
        return data


def read_tar(blob: Blob, depth: int, limits: Limits, read_member: ReadMember) -> Iterator[Item]:
    """Yield the documents of a tar archive's files, in its order."""
    budget = Budget(limits)
    with tarfile.open(fileobj=blob.stream, mode="r|") as archive:
        while (member := archive.next()) is not None:
            archive.members = []  # type: ignore[attr-defined]  # else every header is kept
            label = f"{blob.label}!{member.name}"
            outside = _outside(member.name)
            if member.isdir() or (outside is None and is_ignored(member.name)):
                continue
            budget.add_member()
            trouble = outside or _tar_kind(member)
            stream = None if trouble else archive.extractfile(member)
            if stream is None:
                yield skipped(label, trouble or "found no data, expected a file")
                continue
            unpacked = Unpacked(cast("BinaryIO", stream), budget, lambda m=member: m.size)  # type: ignore[misc]
            inner = Blob(member.name, label, peekable(cast("BinaryIO", unpacked)))
            yield from read_member(inner, depth + 1)
            budget.check()


def _tar_kind(member: tarfile.TarInfo) -> str | None:
    if member.issym() or member.islnk():
        return f"found a link to {member.linkname}, expected a file; links are not followed"
    return None if member.isreg() else "found a device or pipe, expected a file"


def read_zip(blob: Blob, depth: int, limits: Limits, read_member: ReadMember) -> Iterator[Item]:
    """Yield the documents of a zip archive's files, in its order; the stream must seek."""
    budget = Budget(limits)
    with _open_zip(blob) as archive:
        for member in archive.infolist():
            outside = _outside(member.orig_filename)
            if member.filename.endswith("/") or (outside is None and is_ignored(member.filename)):
                continue
            budget.add_member()
            label = f"{blob.label}!{member.filename}"
            trouble = outside or _zip_kind(member)
            if trouble:
                yield skipped(label, trouble)
                continue
            yield from _zip_member(archive, member, label, depth, budget, read_member)


def _open_zip(blob: Blob) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(blob.stream)
    except (*BROKEN, ValueError, NotImplementedError) as error:
        raise InputError(f"{blob.label}: not a whole zip archive ({error}); truncated?") from None


def _zip_member(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    label: str,
    depth: int,
    budget: Budget,
    read_member: ReadMember,
) -> Iterator[Item]:
    try:
        stream = archive.open(member)
    except (*BROKEN, RuntimeError, ValueError) as error:
        yield skipped(label, f"cannot be unpacked ({error})")
        return
    with stream:
        unpacked = Unpacked(cast("BinaryIO", stream), budget, lambda: member.compress_size)
        inner = Blob(member.filename, label, peekable(cast("BinaryIO", unpacked)))
        yield from read_member(inner, depth + 1)
    budget.check()


def _zip_kind(member: zipfile.ZipInfo) -> str | None:
    mode = member.external_attr >> 16
    if mode and stat.S_ISLNK(mode):
        return "found a link, expected a file; links are not followed"
    if member.flag_bits & 1:
        return "found an encrypted file, expected a readable one; unpack it with its password"
    return None


def _outside(name: str) -> str | None:
    """Say why a member's name leads out of the archive, None where it does not."""
    path = PurePosixPath(name.replace("\\", "/"))
    if ".." in path.parts or path.is_absolute() or (path.parts and ":" in path.parts[0][:2]):
        return "the name leads outside the archive, expected one within it; a hostile archive?"
    return None


def nested(blob: Blob, limits: Limits) -> InputError:
    """Return the error for an archive that lies deeper than the limit."""
    return LimitError(
        f"{blob.label}: found an archive inside an archive, over the limit of {limits.nesting}"
        " (nesting); unpack it first"
    )
