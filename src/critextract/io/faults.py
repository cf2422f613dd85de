"""What is wrong with annotated documents: listed where a list is given, else raised at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Protocol

from critextract.errors import AnnotationFaults
from critextract.schema import Record


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an annotation file.

    line : 1-based, 0 for the whole file.
    kept : what it is about can still be read and was; else it is left out.
    """

    path: Path
    line: int
    message: str
    kept: bool = False

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{where}: {self.message}"


class Reader(Protocol):
    """What `faults_at_end` makes of a reader."""

    def __call__(
        self, source: str | Path, faults: list[Fault] | None = None, **options: Any
    ) -> Iterator[Record]:
        """Yield the records of a file or folder.

        faults : what is wrong is added to this list, and what it is about is left out. Without a
            list everything is read, then all faults are raised at once, as `AnnotationFaults`.
        """
        ...


def faults_at_end(read: Callable[..., Iterator[Record]]) -> Reader:
    """Let a reader that adds to a list of faults be called without one; see `Reader`."""

    @wraps(read)
    def reader(
        source: str | Path, faults: list[Fault] | None = None, **options: Any
    ) -> Iterator[Record]:
        found: list[Fault] = [] if faults is None else faults
        yield from read(Path(source), found, **options)
        if faults is None and found:
            raise AnnotationFaults(map(str, found))

    return reader
