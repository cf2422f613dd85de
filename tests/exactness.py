"""How often a criterion called ``exact`` is right, by readers' judgement on real trials.

``python tests/exactness.py ../shared/corpora/raw`` extracts the trials named in
``annotations/judged.tsv`` and counts the verdicts of the criteria whose rule is still the one that
was read: ``right``, ``doubt`` (the text can be read two ways, or a word stands under an odd name)
or ``wrong`` (a plausible patient is judged against the text). A rule that has changed since
counts nowhere; ``--changed`` prints those for another reading.

``--sample N --seed S`` prints that many exact criteria, drawn at random, that nobody has judged,
to be read: number, place, hash of the rule, lead-ins, text and the rule in English. What is judged
is a criterion that is exact with its children, under no other one. The table holds places and
verdicts, no text.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from hashlib import sha256
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from critextract.commands.judged import (
    Judgement,
    Place,
    read_judgements,
    whole_exact,
)

if TYPE_CHECKING:
    from critextract.schema import Criterion, Record

JUDGED = Path(__file__).resolve().parents[1] / "annotations" / "judged.tsv"


def rule_hash(record: Record, criterion: Criterion) -> str:
    """Return what tells whether the rule a reader saw, in English, is still the same."""
    from critextract.exports.english import to_english

    return sha256(to_english(record, criterion).encode()).hexdigest()[:12]


def for_reading(record: Record, criterion: Criterion) -> str:
    """Return lead-ins, text and rule of a criterion."""
    from critextract.exports.english import to_english

    by_id = {c.id: c for c in record.criteria}
    above = []
    parent = by_id.get(criterion.parent or "")
    while parent:
        above.append(f"   UNDER: {' '.join(parent.text.split())[:200]}")
        parent = by_id.get(parent.parent or "")
    inside = [c.end for c in record.criteria if c.id.startswith(f"{criterion.id}.")]
    text = record.text[criterion.start : max([criterion.end, *inside])]
    lines = [f"   TEXT: {' '.join(text.split())}"]
    lines += [f"   RULE: {line}" for line in to_english(record, criterion).splitlines()]
    return "\n".join([*reversed(above), *lines])


def texts(folder: Path) -> dict[str, str]:
    """Return the eligibility text of every trial."""
    with gzip.open(folder / "criteria.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return {row["nct_id"]: row["criteria"] for row in rows}


def drawn(seed: int, *what: object) -> int:
    """Return a number that stands for chance, the same in every run."""
    return int(sha256(" ".join(map(str, (seed, *what))).encode()).hexdigest(), 16)


def interval(right: int, count: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share."""
    share, z = right / count, 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return middle - half, middle + half


def sample(folder: Path, count: int, seed: int) -> None:
    """Print criteria that nobody has judged: one in four of trials in a random order."""
    import critextract

    known, number, every = {j.place for j in read_judgements(JUDGED)}, 0, texts(folder)
    for name in sorted(every, key=lambda name: drawn(seed, name)):
        record = critextract.extract(every[name], id=name)
        for criterion in whole_exact(record):
            place = Place(name, criterion.start, criterion.end)
            if number < count and place not in known and drawn(seed, *place) % 4 == 0:
                where = "\t".join([*map(str, place), rule_hash(record, criterion)])
                print(f"#{number}\t{where}\t{criterion.section}")
                print(for_reading(record, criterion))
                number += 1
        if number == count:
            return


def score(folder: Path, *, changed: bool) -> None:
    """Print the verdicts of the rules that are still the same, by sample."""
    import critextract

    known: dict[str, list[Judgement]] = {}
    for judgement in read_judgements(JUDGED):
        known.setdefault(judgement.place.document, []).append(judgement)
    counts: dict[str, Counter[str]] = {}
    every = texts(folder)
    for name, judgements in known.items():
        record = critextract.extract(every[name], id=name)
        exact = {Place(record.id, c.start, c.end): c for c in whole_exact(record)}
        for judgement in judgements:
            criterion = exact.get(judgement.place)
            now = rule_hash(record, criterion) if criterion else None
            same = now == judgement.rule
            state = judgement.verdict if same else "changed" if criterion else "not exact now"
            count = counts.setdefault(judgement.sample, Counter())
            count.update([state, f"first {judgement.first}"])
            if changed and criterion and not same:
                where = "\t".join([*map(str, judgement.place), str(now)])
                print(f"#{where}\twas {judgement.verdict}\t{judgement.what}")
                print(for_reading(record, criterion))
    for name, count in counts.items():
        judged = count["right"] + count["doubt"] + count["wrong"]
        first = count["first right"] + count["first doubt"]
        every_one = first + count["first wrong"]
        low, high = interval(first, every_one)
        print(
            f"{name}: of {every_one} drawn {first / every_one:.1%} not wrong at first reading "
            f"(95 %: {low:.1%}-{high:.1%})\n  now {judged} with a verdict, {count['wrong']} wrong, "
            f"{count['doubt']} in doubt; changed since {count['changed']}, no longer exact "
            f"{count['not exact now']}"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="the folder with criteria.jsonl.gz")
    parser.add_argument("--changed", action="store_true", help="print the rules that have changed")
    parser.add_argument("--sample", type=int, metavar="N", help="print criteria to be judged")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if options.sample:
        sample(options.folder, options.sample, options.seed)
    else:
        score(options.folder, changed=options.changed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
