"""Score predicted records against gold: the function behind ``critextract evaluate``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from critextract.errors import InputError
from critextract.evaluation.alignment import Alignment, align, empty_like
from critextract.evaluation.bootstrap import share_interval
from critextract.evaluation.calibration import calibrate, judged
from critextract.evaluation.entries import ATTRIBUTES
from critextract.evaluation.results import Behaviour, Calibration, Evaluation, Honesty, Pair
from critextract.evaluation.rules import claims
from critextract.evaluation.scores import pool
from critextract.evaluation.tasks import TASKS, Labels, score_document
from critextract.schema import Record

RESAMPLES = 1000
SEED = 20240601

Behave = Callable[[Sequence[Alignment]], Behaviour]
"""What asks both rules of aligned criteria about patients; `critextract.evaluation.behaviour`."""

Progress = Callable[[int, int], None]
"""Is told how many documents are done, and how many there are."""


def evaluate(
    gold: Iterable[Record],
    pred: Iterable[Record],
    *,
    tasks: Sequence[str] = TASKS,
    labels: Labels | None = None,
    annotated: Collection[str] = TASKS,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    behave: Behave | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Return every score of predicted records against gold.

    Documents are paired by id. A gold document without a prediction, or whose prediction has
    another text, counts as predicted empty and is named in `problems`; predictions without gold
    are named and left out.

    Parameters
    ----------
    tasks : names of `TASKS`; those that gold does not annotate are left out by the caller.
    labels : task -> the labels it is held to, where gold annotates only some.
    annotated : tasks that gold could be asked for; the attributes among them decide whether a
        mention is right in every respect, whatever `tasks` are scored (`Evaluation.calibration`).
    resamples, seed : of the bootstrap over documents; 0 resamples: no intervals.
    behave : compares verdicts on boundary patients; without: `Evaluation.behaviour` is None.
    progress : called after each document.

    Raises
    ------
    InputError : a task is unknown, or gold has no documents or one id twice.
    """
    chosen = tuple(tasks)
    if unknown := [name for name in chosen if name not in TASKS]:
        raise InputError(f"unknown task {unknown[0]!r}; tasks are {', '.join(TASKS)}")
    golds = by_id(gold, "gold")
    pairs, problems = paired_documents(golds, by_id(pred, "prediction"))
    alignments, scored = [], []
    for number, (one, two) in enumerate(pairs, 1):
        alignments.append(align(one, two))
        scored.append(score_document(alignments[-1], chosen, labels))
        if progress:
            progress(number, len(pairs))
    with_rules = any(name.startswith("rules.") for name in chosen)
    return Evaluation(
        pool(scored, chosen, resamples=resamples, seed=seed),
        tuple(golds),
        {record.id: record.text for record in golds.values()},
        honesty_of(alignments, resamples, seed) if with_rules else None,
        _calibration(alignments, annotated, labels or {}) if "mentions.strict" in chosen else None,
        behave(alignments) if behave and with_rules else None,
        tuple(name for name in TASKS if name not in annotated),
        tuple(problems),
        resamples,
        seed,
    )


def by_id(records: Iterable[Record], side: str) -> dict[str, Record]:
    """Return records by id, in the order of ids.

    Raises
    ------
    InputError : there are none, or an id is there twice.
    """
    found: dict[str, Record] = {}
    for record in records:
        if record.id in found:
            raise InputError(f"{side}: document {record.id!r} is there twice; which one counts?")
        found[record.id] = record
    if not found:
        raise InputError(f"{side}: no documents in it")
    return dict(sorted(found.items()))


def paired_documents(
    golds: Mapping[str, Record], preds: Mapping[str, Record]
) -> tuple[list[tuple[Record, Record]], list[str]]:
    """Return gold documents with their predictions, and what is wrong with the two sets."""
    pairs, problems = [], []
    for name, record in golds.items():
        found = preds.get(name)
        if found is None:
            problems.append(f"{name}: no prediction; all of its gold counts as missed")
        elif found.text != record.text:
            problems.append(
                f"{name}: predicted from another text ({len(found.text)} characters, gold has "
                f"{len(record.text)}); all of its gold counts as missed. Were line ends changed?"
            )
            found = None
        pairs.append((record, found or empty_like(record)))
    extra = [name for name in preds if name not in golds]
    if extra:
        problems.append(f"predicted documents without gold: {len(extra)}, first {extra[0]}")
    return pairs, problems


def honesty_of(alignments: Iterable[Alignment], resamples: int, seed: int) -> Honesty:
    """Return how many of the rules that the prediction calls exact are."""
    statuses: Counter[tuple[str | None, str | None]] = Counter()
    by_document: dict[str, tuple[int, int]] = {}
    wrong: list[Pair] = []
    for alignment in alignments:
        called = right = 0
        for claim in claims(alignment):
            statuses[claim.gold, claim.pred] += 1
            if claim.pred == "exact":
                called += 1
                right += claim.right
                if not claim.right:
                    wrong.append(claim.pair)
        by_document[alignment.gold.id] = (right, called)
    rights = sum(part for part, _ in by_document.values())
    calls = sum(whole for _, whole in by_document.values())
    return Honesty(
        calls,
        rights,
        rights / calls if calls else None,
        share_interval(by_document, resamples, seed),
        dict(sorted(statuses.items(), key=lambda entry: tuple(map(str, entry[0])))),
        tuple(wrong),
    )


def _calibration(
    alignments: Iterable[Alignment], annotated: Collection[str], labels: Labels
) -> Calibration:
    attributes = [name for name in ATTRIBUTES if f"attributes.{name}" in annotated]
    return calibrate(
        judgement
        for alignment in alignments
        for judgement in judged(
            alignment.gold, alignment.pred, attributes, labels.get("mentions.strict")
        )
    )
