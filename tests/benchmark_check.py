"""Speed of the check: many trials on many patients, on one core.

``python tests/benchmark_check.py TRIALS PATIENTS RECORDS POPULATION`` prints criterion verdicts a
second, and peak memory. The trials are drawn from the criteria of RECORDS (records of ``extract``),
twelve each, with bounds that differ from trial to trial; POPULATION is what ``critextract patients
--sample`` writes, as .jsonl.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path

from critextract.patients.check import Checker, Trial
from critextract.patients.verdicts import verdict_to_dict
from critextract.schema import Criterion, Mention, Record

CRITERIA = 12


def parts(records: Sequence[Record]) -> list[tuple[Record, Criterion]]:
    """Return the criteria that stand alone, each with its record."""
    return [
        (record, criterion)
        for record in records
        for criterion in record.criteria
        if criterion.parent is None and not any(c.parent == criterion.id for c in record.criteria)
    ]


def varied(mention: Mention, name: str, rng: random.Random) -> Mention:
    """Return the mention under another id, with bounds moved a little."""
    size = Decimal(rng.choice(["0.8", "0.9", "1", "1", "1.1", "1.2"]))
    values = tuple(
        replace(
            value,
            low=None if value.low is None else value.low * size,
            high=None if value.high is None else value.high * size,
        )
        for value in mention.values
    )
    return replace(mention, id=mention.id, criterion=name, values=values)


def trial(
    number: int, pool: Sequence[tuple[Record, Criterion]], rng: random.Random
) -> list[Record]:
    """Return a trial as records of one criterion each: mentions keep their characters."""
    chosen = []
    for place, (record, criterion) in enumerate(rng.sample(pool, CRITERIA)):
        mentions = tuple(varied(m, m.criterion, rng) for m in record.mentions)
        name = f"T{number}.{place}"
        chosen.append(replace(record, id=name, criteria=(criterion,), mentions=mentions))
    return chosen


def merged(checker: Checker, records: Sequence[Record]) -> Trial:
    """Return one trial that decides the criteria of several records."""
    decisions = [
        (f"C{place}", section, node)
        for place, record in enumerate(records)
        for _, section, node in checker.trial(record).decisions
    ]
    return Trial(records[0], decisions)


def main(trials: int, patients: int, records: Path, population: Path) -> None:
    """Run the benchmark and print its figures as JSON."""
    from critextract.io.records import read_records
    from critextract.patients.model import Fault
    from critextract.patients.readers import read_patients

    rng = random.Random(0)
    pool = parts(list(read_records(records)))
    checker = Checker(date(2024, 6, 1))
    started = time.process_time()
    compiled = [merged(checker, trial(number, pool, rng)) for number in range(trials)]
    compiling = time.process_time() - started
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    done = written = 0
    spent = writing = 0.0
    for patient in islice(read_patients(population), patients):
        if isinstance(patient, Fault):
            continue
        started = time.process_time()
        chart = checker.chart(patient)
        verdicts = [one.verdict(chart) for one in compiled]
        spent += time.process_time() - started
        done += sum(len(verdict.criteria) for verdict in verdicts)
        started = time.process_time()
        written += sum(len(json.dumps(verdict_to_dict(v))) for v in verdicts[: len(verdicts) // 20])
        writing += time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    figures = {
        "trials": trials,
        "criterion_verdicts": done,
        "compile_seconds": round(compiling, 2),
        "check_seconds": round(spent, 2),
        "criterion_verdicts_a_second": round(done / spent),
        "json_seconds_of_all_estimated": round(writing * 20, 2),
        "mb_after_compiling": base // 1024,
        "mb_peak": peak // 1024,
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("usage: benchmark_check.py TRIALS PATIENTS RECORDS.jsonl PATIENTS.jsonl")
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
