"""Words and punctuation marks: the plain tokens of exchange formats that want some."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+|[^\w\s]")


def words(text: str) -> list[tuple[int, int]]:
    """Return the ranges of runs of letters and digits, and of each other mark, in text order."""
    return [match.span() for match in _WORD.finditer(text)]
