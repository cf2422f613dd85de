"""Seconds to score many documents on one core, intervals included.

``python tests/benchmark_scoring.py out.jsonl`` scores the records of a file, repeated until there
are 2,000 documents, against a copy of them in which every third mention and every fifth value is
changed. ``--limit-s 20`` makes it fail above 20 seconds.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")


def changed(record):
    """Return the record with mentions lost, moved and relabelled, and bounds shifted."""
    from critextract.schema import Label

    mentions = []
    for number, mention in enumerate(record.mentions):
        if number % 9 == 0:
            continue
        if number % 9 == 3:
            mention = replace(mention, label=Label.OBSERVATION)
        elif number % 9 == 6 and mention.end - mention.start > 3:
            mention = replace(mention, end=mention.end - 2, text=mention.text[:-2])
        if number % 5 == 1 and mention.values:
            first = replace(mention.values[0], unit=None)
            mention = replace(mention, values=(first, *mention.values[1:]))
        mentions.append(mention)
    return replace(record, mentions=tuple(mentions))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("records", nargs="+", type=Path)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--limit-s", type=float, default=None)
    options = parser.parse_args()
    from critextract.evaluation.evaluate import evaluate
    from critextract.io.records import read_records

    read = [record for path in options.records for record in read_records(path)]
    golds = [
        replace(record, id=f"{record.id}/{number}")
        for number, record in enumerate(islice(cycle(read), options.documents))
    ]
    preds = [changed(record) for record in golds]
    held = sum(len(record.mentions) for record in golds)
    started, wall = time.process_time(), time.perf_counter()
    found = evaluate(golds, preds, resamples=options.resamples)
    spent, waited = time.process_time() - started, time.perf_counter() - wall
    print(
        f"{len(golds)} documents, {held} mentions, {len(found.tasks)} tasks, "
        f"{options.resamples} resamples: {spent:.1f} CPU seconds, {waited:.1f} s, "
        f"{1000 * spent / len(golds):.1f} ms a document"
    )
    for name in ("mentions.strict", "values", "rules.own"):
        score = found.task(name).micro
        print(f"  {name}: F1 {score.f1:.3f} {score.f1_ci}")
    return int(options.limit_s is not None and spent > options.limit_s)


if __name__ == "__main__":
    sys.exit(main())
