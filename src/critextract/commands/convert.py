"""`critextract convert`: annotated documents from one tool's form to another's."""

from __future__ import annotations

from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from critextract.commands.annotated import (
    SUFFIXES,
    Form,
    cannot_hold,
    form_of,
    read_annotated,
    write_annotated,
)
from critextract.commands.common import say
from critextract.commands.outputs import check_no_input, check_outputs, counted, write_text
from critextract.commands.progress import counting
from critextract.errors import InputError, OutputError

if TYPE_CHECKING:
    from critextract.io.faults import Fault

SHOWN = 20
"""Lost mentions that are named on standard error; --lost names all."""

Out = Annotated[
    Path | None,
    typer.Option(
        "-o", "--out",
        help="Its name tells the form: a folder is brat, .jsonl records, .json Label Studio, "
        ".conll BIO lines, .spacy DocBin.",
    ),
]  # fmt: skip


def convert_command(
    source: Annotated[
        Path | None,
        typer.Argument(metavar="IN", help="Records (.jsonl), a brat folder, .json, .xmi, ..."),
    ] = None,
    out: Out = None,
    from_: Annotated[
        Form | None, typer.Option("--from", help="Form of IN; told by its name.")
    ] = None,
    to: Annotated[Form | None, typer.Option("--to", help="Form of OUT; told by its name.")] = None,
    lenient: Annotated[
        bool,
        typer.Option(
            "--lenient", help="List faulty annotation, leave it out and go on (exit code 1)."
        ),
    ] = False,
    lost: Annotated[
        Path | None, typer.Option(help="Name here every mention that OUT cannot hold, one a line.")
    ] = None,
) -> None:
    """Convert annotated documents: records, brat, Label Studio, UIMA CAS, BIO lines, spaCy DocBin.

    All faults of IN are listed, with file and line, and then nothing is written (exit code 2).
    What the form of OUT cannot hold is said on standard error. --to label-studio-config needs no
    IN: it writes the labelling configuration.

    Example: critextract convert chia/dev -o chia.jsonl
    """
    if out is None:
        raise InputError("no output: add -o FILE or -o FOLDER")
    to = to or form_of(out)
    _check_output(source, out, to, lost)
    if to is Form.label_studio_config:
        from critextract.io.label_studio import labelling_config

        write_text(out, labelling_config())
        return
    if source is None:
        raise InputError("no input: name a file or folder to convert")
    from_ = from_ or form_of(source)
    if not lenient:
        _check_input(source, from_)
    _convert(source, from_, out, to, lost)


def _check_input(source: Path, form: Form) -> None:
    """Read everything once; list all faults and exit where there are any."""
    faults: list[Fault] = []
    for _ in counting(read_annotated(source, form, faults), "documents checked"):
        pass
    for fault in faults:
        typer.echo(str(fault), err=True)
    if faults:
        said = counted(len(faults), "fault")
        say(f"{said}, nothing is written; --lenient leaves it out")
        raise typer.Exit(2)


def _convert(source: Path, from_: Form, out: Path, to: Form, lost: Path | None) -> None:
    faults: list[Fault] = []
    missing: list[str] = []
    records = counting(read_annotated(source, from_, faults), "documents converted")
    first = list(islice(records, 1))  # an input that cannot be read costs no output
    if not first and not faults:
        raise InputError(f"{source}: no documents in it")
    written = write_annotated(chain(first, records), out, to, missing)
    for fault in faults:
        typer.echo(str(fault), err=True)
    _say_lost(missing, lost)
    for name, said in ((Form.records, _left_behind(source, from_)), (to, cannot_hold(to))):
        for what in said:
            say(f"{name} cannot hold {what}")
    left_out = f"; {counted(len(faults), 'fault')}" if faults else ""
    say(f"{counted(written, 'document')} in {out}{left_out}")
    raise typer.Exit(1 if faults else 0)


def _left_behind(source: Path, form: Form) -> tuple[str, ...]:
    """Return what records cannot hold of a corpus in Chia's or LCT's dialect."""
    if form is Form.brat:
        from critextract.io.brat import is_corpus
        from critextract.io.brat_corpora import CANNOT_HOLD

        return CANNOT_HOLD if is_corpus(source) else ()
    return ()


def _say_lost(missing: list[str], path: Path | None) -> None:
    for line in missing[:SHOWN] if path is None else ():
        say(f"lost: {line}")
    if path is None and len(missing) > SHOWN:
        say(f"lost: {len(missing) - SHOWN} more; --lost FILE names all")
    if path is not None:
        write_text(path, "".join(f"{line}\n" for line in missing))
        say(f"{counted(len(missing), 'lost mention')} named in {path}")


def _check_output(source: Path | None, out: Path, form: Form, lost: Path | None) -> None:
    """Refuse an output that would overwrite the input or mix with other documents."""
    if out == Path("-"):
        raise OutputError("-o -: documents are not written to standard output; name a file")
    if form not in (Form.brat, Form.cas):
        check_outputs(out, lost, inputs=[source])
        return
    check_outputs(lost, inputs=[source, out])
    check_no_input(out, [source] if source else [])
    if out.suffix.lower() in SUFFIXES:
        raise OutputError(f"{out}: {form} is written to a folder; leave out {out.suffix}")
    if out.exists():
        if not out.is_dir():
            raise OutputError(f"{out}: is a file, {form} needs a folder")
        if any(out.iterdir()):
            raise OutputError(f"{out}: the folder is not empty; empty it or name another")
