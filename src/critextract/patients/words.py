"""What the words and codes of results, flags, smoking and visits mean in patients' records.

The table is ``lexicons/recorded_words.tsv``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from critextract.lexicons import read_rows


@cache
def _table(kind: str) -> dict[str, str]:
    rows = read_rows("recorded_words.tsv")
    return {said.lower(): meaning for row_kind, said, meaning in rows if row_kind == kind}


def meaning(kind: str, said: Iterable[str | None]) -> str | None:
    """Return what the first known of several codes or words means, None where none is known.

    kind : ``result``, ``flag``, ``smoking`` or ``visit``.
    """
    table = _table(kind)
    known = (table.get(" ".join(word.lower().split())) for word in said if word)
    return next((found for found in known if found), None)


NEGATIVE_FINDINGS = frozenset({"negative", "absent"})
"""Values by which an observation that is no test says that something is not there."""
