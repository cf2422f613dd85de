"""Reading the packaged tables (tab-separated, first line the column names)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from critextract.errors import LexiconError


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``lexicons/<name>``, column name to cell; ``-`` is an empty cell.

    Raises
    ------
    LexiconError : a row has more or fewer cells than the table has columns.
    """
    text = files("critextract").joinpath("lexicons", name).read_text(encoding="utf-8")
    head, *lines = text.splitlines()
    columns = head.split("\t")
    rows = []
    for number, line in enumerate(lines, start=2):
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise LexiconError(
                f"{name}:{number}: {len(cells)} cells, expected {len(columns)} "
                f"({', '.join(columns)}); is a tab missing?"
            )
        rows.append(dict(zip(columns, ("" if c == "-" else c for c in cells), strict=True)))
    return tuple(rows)
