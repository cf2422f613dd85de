"""Readers' verdicts on exact criteria of real trials: ``annotations/judged.tsv``.

A row names the place of a criterion, the rule that was read (by its hash) and the verdict:
``right``, ``doubt`` (the text can be read two ways, or a word stands under an odd name) or
``wrong`` (a plausible patient is judged against the text). A rule that has changed since is read
again or says nothing any more; ``first`` is the verdict on the rule as it was when the criterion
was drawn, before anything was mended for it. The table holds no text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple, cast

from critextract.errors import InputError, reason
from critextract.schema import Criterion, Record

COLUMNS = ("set", "document", "start", "end", "first", "rule", "verdict", "class")
Verdict = Literal["right", "doubt", "wrong"]
VERDICTS = ("right", "doubt", "wrong")


class Place(NamedTuple):
    """Where a criterion stands."""

    document: str
    start: int
    end: int


class Judgement(NamedTuple):
    """What a reader said of a rule.

    sample : which draw of criteria it belongs to.
    first : the verdict when it was drawn.
    rule : hash of the rule in English that `verdict` is about.
    what : the class of the defect, in a few words; empty if there is none.
    """

    sample: str
    place: Place
    first: Verdict
    rule: str
    verdict: Verdict
    what: str


def read_judgements(path: Path) -> list[Judgement]:
    """Return the rows of the table.

    Raises
    ------
    InputError : it cannot be read, or a row is not of the form above.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, delimiter="\t"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({reason(error)})") from None
    if not rows or tuple(rows[0]) != COLUMNS:
        raise InputError(f"{path}: expected the columns {', '.join(COLUMNS)} in its first line")
    return [_judgement(path, number, row) for number, row in enumerate(rows[1:], start=2)]


def _judgement(path: Path, number: int, row: list[str]) -> Judgement:
    said = {*row[4:5], *row[6:7]}
    if len(row) != len(COLUMNS) or said - {*VERDICTS} or not (row[2] + row[3]).isdigit():
        raise InputError(
            f"{path}:{number}: expected {len(COLUMNS)} cells, offsets in the third and fourth and "
            f"one of {', '.join(VERDICTS)} in the fifth and seventh; found {row!r:.120}"
        )
    first, verdict = cast("tuple[Verdict, Verdict]", (row[4], row[6]))
    place = Place(row[1], int(row[2]), int(row[3]))
    return Judgement(row[0], place, first, row[5], verdict, row[7])


def whole_exact(record: Record) -> Iterator[Criterion]:
    """Yield the exact criteria that stand under no other exact one: what is judged."""
    exact = {criterion.id for criterion in record.criteria if criterion.status == "exact"}
    for criterion in record.criteria:
        if criterion.id in exact and criterion.rule and criterion.parent not in exact:
            yield criterion


def drawn_criteria(
    record: Record, judgements: Mapping[Place, Judgement]
) -> Iterator[tuple[Criterion, Judgement]]:
    """Yield the criteria of a record that were drawn and are exact still, whatever their rule."""
    for criterion in whole_exact(record):
        judgement = judgements.get(Place(record.id, criterion.start, criterion.end))
        if judgement is not None:
            yield criterion, judgement
