"""Packaged tables: one row a line, columns separated by tabs, ``#`` opens a comment line."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent


def read_rows(name: str) -> list[tuple[str, ...]]:
    """Return the rows of the packaged table `name`, in file order, comments left out."""
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("# ")]
