"""From documents to an output file: JSON Lines, csv or parquet, resumable in every form.

Records are written to the output as they come. A table cannot be appended to, so its records are
kept beside it (``out.csv.part.jsonl``) until all are there; the table is made from them at the end.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from critextract.engines.job import Extractor, Tally, run_job
from critextract.engines.output import LineFile, check_output_name, read_progress
from critextract.engines.progress import Progress
from critextract.engines.tables import FORMATS, write_table
from critextract.exports.table import COLUMNS, to_rows
from critextract.io.items import Item
from critextract.schema import from_dict


def extract_to(
    out: Path | None,
    items: Iterable[Item],
    extractor: Extractor,
    *,
    jobs: int = 1,
    limit_s: float = 10.0,
    strict: bool = False,
    resume: bool = False,
) -> Tally:
    """Write the record of every document to `out`, faults to standard error.

    Parameters
    ----------
    out : ``.csv`` and ``.parquet`` make a table, anything else JSON Lines; None: standard output.
    resume : keep the records an interrupted run has left and make only the others.

    Raises
    ------
    InputError : see `run_job` and `read_progress`. OutputError : the output cannot be written.
    """
    journal = journal_of(out)
    done = read_progress(journal, extractor.made_by) if resume and journal else {}
    output = LineFile(journal, append=resume, resumable=journal is not None)
    with Progress() as progress:
        tally = run_job(
            items,
            extractor,
            output,
            jobs=jobs,
            limit_s=limit_s,
            done=done,
            strict=strict,
            fault=progress.fault,
            step=progress.step,
        )
    if tally.done or tally.resumed:
        output.close()
        if out is not None and journal is not None and journal != out:
            write_table(out, _rows(journal), COLUMNS)
            journal.unlink()
    return tally


def journal_of(out: Path | None) -> Path | None:
    """Return the file of whole lines that holds the state of a run.

    Raises
    ------
    InputError : the suffix names a format that is not written.
    """
    check_output_name(out, (".jsonl", *FORMATS))
    if out is not None and out.suffix in FORMATS:
        return out.with_name(f"{out.name}.part.jsonl")
    return out


def _rows(journal: Path) -> Iterator[dict[str, Any]]:
    with journal.open(encoding="utf-8") as lines:
        for line in lines:
            yield from to_rows(from_dict(json.loads(line)))
