"""`critextract gold`: annotation sheets to gold records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def gold_command(
    sheets: Annotated[list[Path], typer.Argument(help="Annotation sheets, or folders of them.")],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Folder of the records; without: check only.")
    ] = None,
) -> None:
    """Read annotation sheets, list every mistake in them, and write gold records by split.

    Nothing is written while there is a mistake; the exit code is then 2.

    Example: critextract gold annotations/sheets -o annotations/gold
    """
    from critextract.io.sheets import read_sheets, write_gold

    read, faults = read_sheets(sheets)
    for fault in faults:
        typer.echo(fault)
    criteria = sum(len(sheet.record.criteria) for sheet in read)
    said = f"{len(read)} sections, {criteria} criteria, {len(faults)} mistakes"
    if faults or not read:
        typer.echo(f"critextract: {said}; nothing is written", err=True)
        raise typer.Exit(2)
    typer.echo(f"critextract: {said}", err=True)
    if out is not None:
        for split, count in write_gold(read, out).items():
            typer.echo(f"critextract: {count} in {out / split}.jsonl", err=True)
