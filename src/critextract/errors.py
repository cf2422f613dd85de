"""Every error the package raises on purpose.

::

    CritextractError
    ├── SpanError          a character range that is empty, negative or outside its text
    ├── SchemaError        a record, patient or verdict that breaks CONTRACT fields
    ├── UnitError          a unit that is unknown or cannot be converted
    ├── ComparatorError    a comparator that is not one of < <= = >= >
    ├── LexiconError       a packaged or user's term list that is malformed
    ├── AnnotationError    hand annotations that do not fit their text
    │   └── AnnotationFaults   every fault of them at once, each with file and line
    ├── ModelError         a model that is missing or was trained by another version
    ├── OutputError        an output that cannot be written
    └── InputError         a document or file that cannot be read
        ├── LimitError     it was larger, deeper or slower than a stated limit
        └── NetworkError   the registry could not be asked

The command line prints the message in one line, without a traceback.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


class CritextractError(Exception):
    """Base of all errors raised on purpose."""


def reason(error: BaseException) -> str:
    """Return why something could not be read or written: the system's words, else Python's."""
    said: str | None = getattr(error, "strerror", None)
    return said or f"{type(error).__name__}: {error}"


class SpanError(CritextractError):
    """A character range is empty, negative or outside its text."""


class SchemaError(CritextractError):
    """A record, patient or verdict breaks the published fields."""


class UnitError(CritextractError):
    """A unit is unknown or cannot be converted."""


class ComparatorError(CritextractError):
    """A comparator is not one of ``< <= = >= >``."""


class LexiconError(CritextractError):
    """A term list is malformed."""


class AnnotationError(CritextractError):
    """Hand annotations do not fit their text."""


class AnnotationFaults(AnnotationError):  # noqa: N818
    """Every fault of hand annotations at once; `faults` holds one ``file:line: ...`` each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        counted = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        super().__init__(f"{counted}: {'; '.join(self.faults)}")


class ModelError(CritextractError):
    """A model is missing, or was trained by another version."""


class OutputError(CritextractError):
    """An output cannot be written."""


class InputError(CritextractError):
    """A document or file cannot be read."""


class LimitError(InputError):
    """A document is larger, deeper or slower than a stated limit."""


class NetworkError(InputError):
    """The registry could not be asked."""


@contextmanager
def writing(path: str | Path) -> Iterator[None]:
    """Turn what stops the writing of a file, or of files in a folder, into one error that names it.

    Raises
    ------
    OutputError : the system refuses, or a text holds half of a character pair.
    """
    try:
        yield
    except OSError as error:
        where = error.filename or path
        raise OutputError(f"{where}: cannot be written ({reason(error)})") from None
    except UnicodeEncodeError as error:
        raise OutputError(f"{path}: cannot be written ({error}); half a character pair?") from None
