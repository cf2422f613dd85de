"""Reading the packaged tables: tab-separated rows, and lists of words."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from critextract.errors import LexiconError


def _read(name: str) -> str:
    return files("critextract").joinpath("lexicons", name).read_text(encoding="utf-8")


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``lexicons/<name>.tsv``, column name to cell; ``-`` is an empty cell.

    Raises
    ------
    LexiconError : a row has more or fewer cells than the table has columns.
    """
    head, *lines = _read(f"{name}.tsv").splitlines()
    columns = head.split("\t")
    rows = []
    for number, line in enumerate(lines, start=2):
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise LexiconError(
                f"{name}.tsv:{number}: {len(cells)} cells, expected {len(columns)} "
                f"({', '.join(columns)}); is a tab missing?"
            )
        rows.append(dict(zip(columns, ("" if c == "-" else c for c in cells), strict=True)))
    return tuple(rows)


@cache
def read_words(name: str) -> dict[str, dict[str, str]]:
    """Return the lists of ``lexicons/<name>.toml``, each as one regular expression of choices."""
    data = tomllib.loads(_read(f"{name}.toml"))
    return {
        section: {key: "|".join(words) for key, words in lists.items()}
        for section, lists in data.items()
    }
