"""What stands on one side of a comparison, and which tasks it can be asked about.

Gold of the project's own says everything a record can hold. Chia and LCT annotate less: what they
are silent about is not scored (`Evaluation.not_annotated`), for a prediction there is neither right
nor wrong. On them the tasks of `critextract.evaluation.corpora` are scored too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from critextract.errors import InputError
from critextract.evaluation.agreement import (
    Agreement,
    Coefficient,
    agreement,
    coefficient,
    labels_over,
)
from critextract.evaluation.corpora import CORPUS_TASKS, score_corpus
from critextract.evaluation.corpus_rows import Dialect, Rows, rows_of_record
from critextract.evaluation.evaluate import RESAMPLES, SEED, Behave, Progress, evaluate
from critextract.evaluation.results import Evaluation
from critextract.evaluation.tasks import TASKS
from critextract.schema import Record

_MENTIONS = ("mentions.strict", "mentions.overlapping")
_PARTS = frozenset({"has_value", "has_window", "has_qualifier", "has_negation"})
RECORD_TASKS: Mapping[Dialect, tuple[str, ...]] = {
    "chia": (*_MENTIONS, "attributes.negated", "relations"),
    "lct": (
        *_MENTIONS,
        "attributes.negated",
        "attributes.modality",
        "attributes.period",
        "attributes.experiencer",
        *(f"values.{slot}" for slot in ("subject", "role", "comparator", "number")),
        *(f"values.{slot}" for slot in ("closedness", "unit", "relative_to")),
        *(f"windows.{slot}" for slot in ("subject", "role", "comparator", "number")),
        *(f"windows.{slot}" for slot in ("closedness", "unit", "direction")),
        "relations",
    ),
}
"""Tasks over records that a corpus annotates."""

LABELS: Mapping[Dialect, Mapping[str, frozenset[str]]] = {
    "chia": {"relations": _PARTS},
    "lct": {
        "relations": _PARTS | {"has_count", "has_dose"},
        **dict.fromkeys(
            _MENTIONS,
            frozenset(
                {"CONDITION", "DRUG", "PROCEDURE", "MEASUREMENT", "OBSERVATION", "PERSON", "VISIT"}
            ),
        ),
    },
}
"""Labels to which a task is held where a corpus annotates only some."""


@dataclass(frozen=True)
class Side:
    """Records, and what else is known where they were read from a corpus's annotations.

    dialect : of the corpus, None where the records are full ones.
    rows : document -> what its annotations say, for the corpus's own tasks.
    """

    records: tuple[Record, ...]
    dialect: Dialect | None = None
    rows: Mapping[str, Rows] | None = None

    def rows_for(self, dialect: Dialect) -> Mapping[str, Rows]:
        """Return rows by document: of its annotations where they are of that corpus."""
        if self.rows is not None and self.dialect == dialect:
            return self.rows
        return {record.id: rows_of_record(record) for record in self.records}


def tasks_of(side: Side) -> tuple[str, ...]:
    """Return every task a side can be gold of, in the order in which they are reported."""
    if side.dialect is None:
        return TASKS
    return (*CORPUS_TASKS[side.dialect], *RECORD_TASKS[side.dialect])


def chosen_tasks(side: Side, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the tasks of a side that are asked for; a family's name stands for all of it.

    Raises
    ------
    InputError : a name is no task or family, or gold does not annotate it.
    """
    there = tasks_of(side)
    if not wanted:
        return there
    chosen: set[str] = set()
    for name in wanted:
        found = {task for task in there if task == name or task.startswith(f"{name}.")}
        if not found:
            known = name in TASKS or any(name in tasks for tasks in CORPUS_TASKS.values())
            why = "gold does not annotate it" if known else "there is no such task"
            raise InputError(f"task {name!r}: {why}; tasks are {', '.join(there)}")
        chosen |= found
    return tuple(task for task in there if task in chosen)


def evaluate_sides(
    gold: Side,
    pred: Side,
    *,
    tasks: Sequence[str] = (),
    resamples: int = RESAMPLES,
    seed: int = SEED,
    behave: Behave | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Return every score that gold can give: over records, and of its corpus where it is one.

    Parameters
    ----------
    tasks : names or families; none: all that gold annotates. The others are as of `evaluate`.
    """
    chosen = chosen_tasks(gold, tasks)
    found = evaluate(
        gold.records,
        pred.records,
        tasks=tuple(task for task in chosen if task in TASKS),
        labels=LABELS[gold.dialect] if gold.dialect else {},
        annotated=tasks_of(gold),
        resamples=resamples,
        seed=seed,
        behave=behave,
        progress=progress,
    )
    if gold.dialect is None:
        return found
    same_text = {one.id for one in pred.records if one.text == found.texts.get(one.id)}
    rows = gold.rows_for(gold.dialect)
    golds = {name: rows[name] for name in found.documents}
    preds = {n: r for n, r in pred.rows_for(gold.dialect).items() if n in same_text}
    results = score_corpus(golds, preds, gold.dialect, tasks=chosen, resamples=resamples, seed=seed)
    return replace(found, tasks=(*results, *found.tasks))


def agreement_of_sides(
    a: Side, b: Side, *, tasks: Sequence[str] = (), resamples: int = RESAMPLES, seed: int = SEED
) -> Agreement:
    """Return the agreement of two sides on the tasks that both can say something about."""
    narrow = a if a.dialect is not None else b
    chosen = chosen_tasks(narrow, tasks)
    found = agreement(
        a.records,
        b.records,
        tasks=tuple(task for task in chosen if task in TASKS),
        labels=LABELS[narrow.dialect] if narrow.dialect else {},
        resamples=resamples,
        seed=seed,
    )
    if narrow.dialect is None or not found.documents:
        return found
    left, right = a.rows_for(narrow.dialect), b.rows_for(narrow.dialect)
    results = score_corpus(
        {name: left[name] for name in found.documents},
        right,
        narrow.dialect,
        tasks=chosen,
        resamples=resamples,
        seed=seed,
    )
    return replace(
        found,
        tasks=(*results, *found.tasks),
        coefficients=(_entity_tokens(left, right, found.documents), *found.coefficients),
    )


def _entity_tokens(
    a: Mapping[str, Rows], b: Mapping[str, Rows], documents: Sequence[str]
) -> Coefficient:
    """Return the coefficients of the corpus's entity types over words and signs."""
    said: list[tuple[str, str]] = []
    for name in documents:
        one, two = (
            labels_over(rows.text, ((*row.subject, row.type) for row in rows.entity))
            for rows in (a[name], b[name])
        )
        said += zip(one, two, strict=True)
    return coefficient("entity.tokens", said)
