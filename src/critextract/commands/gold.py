"""`critextract gold` and `critextract annotations`: annotation sheets, gold, and their check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from critextract.commands.common import say
from critextract.commands.outputs import counted


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
    said = (
        f"{counted(len(read), 'section')}, {criteria} criteria, {counted(len(faults), 'mistake')}"
    )
    if faults:
        say(f"{said}; nothing is written")
        raise typer.Exit(2)
    say(said)
    if out is not None:
        for split, count in write_gold(read, out).items():
            say(f"{counted(count, 'record')} in {out / split}.jsonl")


annotations_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Hand annotations: check a folder of them, keep two passes.",
)


@annotations_app.command("check", short_help="List every fault in a folder of annotations.")
def annotations_check_command(
    folder: Annotated[
        Path, typer.Argument(help="With sheets/, gold/, labels.json; second/ where there is one.")
    ] = Path("annotations"),
) -> None:
    """Check sheets, gold records, labels and second annotations at once and list every fault.

    Exit code 0: no fault; 2: faults, or the folder cannot be read.

    Example: critextract annotations check annotations
    """
    from critextract.io.annotations import check_annotations

    found = check_annotations(folder)
    for fault in found.faults:
        typer.echo(fault)
    say(
        f"{counted(found.sections, 'section')}, {found.criteria} criteria, "
        f"{found.second} annotated twice, {counted(len(found.faults), 'fault')}"
    )
    raise typer.Exit(2 if found.faults else 0)


@annotations_app.command("pair", short_help="Keep two blind passes, before they are compared.")
def annotations_pair_command(
    folder: Annotated[
        Path, typer.Argument(help="With sheets/ and second/; agreement/ is written.")
    ] = Path("annotations"),
) -> None:
    """Keep both passes of sections newly annotated twice as they stand, before they are compared.

    Example: critextract annotations pair annotations
    """
    from critextract.io.annotations import add_pairs

    new = add_pairs(folder)
    say(f"{len(new)} added: {' '.join(new) or 'none'}")
