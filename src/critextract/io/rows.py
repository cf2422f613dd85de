"""Rows with an id and a text, however they are stored: which columns, and the document of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from critextract.errors import InputError
from critextract.io.intake import document
from critextract.io.items import Blob, Item, Limits, Options, skipped
from critextract.io.plain_text import section_of, stem

ID_COLUMNS = ("nct_id", "nctid", "nct_number", "id", "trial", "trial_id", "study_id", "doc_id")
TEXT_COLUMNS = (
    "eligibility_criteria",
    "eligibilitycriteria",
    "criteria",
    "eligibility",
    "text",
)


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the chosen columns; `id` is None where no column looks like one."""

    id: str | None
    text: str


def row_columns(names: Sequence[str], options: Options, label: str, kind: str) -> Columns:
    """Return the columns asked for, else the obvious ones by name.

    Raises
    ------
    InputError : a column asked for is not there, or none looks like a text; lists the names.
    """
    text = _choose(names, options.text_column, TEXT_COLUMNS, "--text-column", label, kind)
    if text is None:
        raise InputError(
            f"{label}: {_found(names, kind)}, expected one with the criteria"
            f" ({', '.join(TEXT_COLUMNS)}); name it with --text-column"
        )
    chosen = _choose(names, options.id_column, ID_COLUMNS, "--id-column", label, kind)
    return Columns(chosen, text)


def _found(names: Sequence[str], kind: str) -> str:
    shown = ", ".join(str(name) for name in names[:30]) or "none"
    return f"found {kind} {shown:.500}"


def _choose(
    names: Sequence[str],
    asked: str | None,
    known: Sequence[str],
    option: str,
    label: str,
    kind: str,
) -> str | None:
    if asked is not None:
        if names.count(asked) == 1:
            return asked
        trouble = "twice" if asked in names else "not"
        raise InputError(
            f"{label}: {_found(names, kind)}, {asked!r} is {trouble} among them; a wrong {option}?"
        )
    plain = [str(name).strip().lower().replace(" ", "_") for name in names]
    for candidate in known:
        if plain.count(candidate) == 1:
            return names[plain.index(candidate)]
    return None


def row_document(
    doc_id: object,
    text: object,
    where: str,
    number: int,
    blob: Blob,
    limits: Limits,
    *,
    problems: tuple[str, ...] = (),
) -> Item:
    """Return the document of one row; `where` is the row's place for messages."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    if text is ...:
        return skipped(where, "the text column is missing in this row, expected it as in the first")
    if text is not None and not isinstance(text, str):
        kind = type(text).__name__
        return skipped(where, f"the text is a {kind}, expected words; a wrong --text-column?")
    name = "" if doc_id is None else str(doc_id).strip()
    if not name:
        name = f"{stem(blob.name)}:{number}"
        problems = (*problems, "no id: named after its file and row")
    return document(
        name, text or "", where, limits, default_section=section_of(name), problems=problems
    )
