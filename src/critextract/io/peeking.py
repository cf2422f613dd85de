"""Streams whose first bytes can be looked at without being used up."""

from __future__ import annotations

from io import BufferedReader, RawIOBase
from typing import Any, BinaryIO, cast


class _Raw(RawIOBase):
    """A readable stream without an own buffer, for `BufferedReader`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` from the stream."""
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def peekable(stream: BinaryIO) -> BufferedReader:
    """Return the stream with a `peek`, itself where it has one."""
    if hasattr(stream, "peek"):
        return cast("BufferedReader", stream)
    return BufferedReader(_Raw(stream), 1 << 16)
