"""Names whose label is settled: "breast-feeding" is an observation, "chemotherapy" a drug.

The corpora the model has learned from call them otherwise, or now one, now the other. The table is
``lexicons/labels.tsv``; a row whose id begins with ``$`` is a part that later rows use in braces.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from critextract.lexicons import read_rows
from critextract.schema import Label, Mention


@cache
def _patterns() -> tuple[tuple[Label, re.Pattern[str]], ...]:
    parts: dict[str, str] = {}
    found = []
    for id_, label, written, _ in read_rows("labels.tsv"):
        pattern = re.sub(r"\{([a-z]+)\}", lambda match: parts[match[1]], written)
        if id_.startswith("$"):
            parts[id_[1:]] = pattern
        else:
            found.append((Label(label), re.compile(pattern, re.IGNORECASE)))
    return tuple(found)


def settled(name: str) -> Label | None:
    """Return the label of a name, None where the table has none."""
    words = " ".join(name.split())
    return next((label for label, pattern in _patterns() if pattern.fullmatch(words)), None)


def with_settled_labels(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions with the labels that the table settles; people and tests keep theirs."""
    kept = {Label.PERSON, Label.MEASUREMENT, Label.VISIT}
    return tuple(
        replace(m, label=label) if m.label not in kept and (label := settled(m.text)) else m
        for m in mentions
    )
