"""`extract` and `extract_many` with the default extractor, loaded at the first call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from critextract.errors import InputError
from critextract.pipeline import Extractor, load
from critextract.schema import Record


@cache
def default_extractor() -> Extractor:
    """Return the extractor of the packaged configuration; loaded once."""
    return load()


def extract(text: str, *, id: str = "-") -> Record:
    """Return the record of one eligibility text; offsets count in `text` as it is given.

    Raises
    ------
    InputError : `text` is no string.
    """
    if not isinstance(text, str):
        raise InputError(f"found {type(text).__name__}, expected a text; read files with open()")
    return default_extractor().extract(text, id=id)


def extract_many(texts: Iterable[str]) -> Iterator[Record]:
    """Yield the record of each text, in order, with ids counted from ``1``.

    For files, many processes and bad input see ``critextract extract``.

    Raises
    ------
    InputError : one text is given instead of several, or one of them is no string.
    """
    if isinstance(texts, str | bytes):
        raise InputError("extract_many: found one text, expected several; use extract for one")
    for number, text in enumerate(texts, start=1):
        yield extract(text, id=str(number))
