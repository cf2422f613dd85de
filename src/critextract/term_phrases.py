"""Names that are a pattern: "participation in another clinical trial", "investigational agent".

The table is ``lexicons/term_phrases.tsv``: id, label, regular expression, source; a row whose id
begins with ``$`` is a part that later rows use in braces. The longest reading from the left wins.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from critextract.lexicon import Words
from critextract.lexicons import read_rows
from critextract.schema import Label


class PhraseMatch(NamedTuple):
    """An entry found in a text, with half-open character offsets."""

    id: str
    label: Label
    start: int
    end: int


@cache
def _patterns() -> tuple[tuple[str, Label, Words], ...]:
    parts: dict[str, str] = {}
    found = []
    for id_, label, written, _ in read_rows("term_phrases.tsv"):
        pattern = re.sub(r"\{([a-z]+)\}", lambda match: parts[match[1]], written)
        if id_.startswith("$"):
            parts[id_[1:]] = pattern
        else:
            whole = re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)
            found.append((id_, Label(label), Words(whole)))
    return tuple(found)


def find_phrases(text: str) -> list[PhraseMatch]:
    """Return the patterns' places in a criterion's clean text, in order, none overlapping."""
    found = [
        PhraseMatch(id_, label, *match.span())
        for id_, label, pattern in _patterns()
        for match in pattern.finditer(text)
    ]
    kept: list[PhraseMatch] = []
    for match in sorted(found, key=lambda m: (m.start, -m.end)):
        if not kept or match.start >= kept[-1].end:
            kept.append(match)
    return kept
