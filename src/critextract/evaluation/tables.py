"""Results as JSON and csv for scripts. Undefined figures are null, and empty cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from critextract.evaluation.agreement import Agreement
from critextract.evaluation.compare import Comparison
from critextract.evaluation.results import (
    Behaviour,
    Calibration,
    Evaluation,
    Honesty,
    Item,
    Pair,
    Score,
    TaskResult,
)

EVALUATION_SCHEMA = "critextract/evaluation/1"
COMPARISON_SCHEMA = "critextract/comparison/1"
AGREEMENT_SCHEMA = "critextract/agreement/1"
MICRO, MACRO = "(micro)", "(macro)"
"""What stands for a label in a table's rows over all labels."""


def score_dict(score: Score) -> dict[str, Any]:
    """Return the JSON form of a score."""
    return {
        "precision": score.precision,
        "recall": score.recall,
        "f1": score.f1,
        "support": score.support,
        "predicted": score.predicted,
        "tp": score.tp,
        "fp": score.fp,
        "fn": score.fn,
        "precision_ci": score.precision_ci and list(score.precision_ci),
        "recall_ci": score.recall_ci and list(score.recall_ci),
        "f1_ci": score.f1_ci and list(score.f1_ci),
    }


def item_dict(item: Item | None) -> dict[str, Any] | None:
    """Return the JSON form of an item, None for none."""
    if item is None:
        return None
    body: dict[str, Any] = {
        "label": item.label,
        "start": item.start,
        "end": item.end,
        "text": item.text,
    }
    if item.fragments:
        body["fragments"] = [list(place) for place in item.fragments]
    if item.criterion:
        body["criterion"] = item.criterion
    if item.slots:
        body["slots"] = dict(item.slots)
    return body


def pair_dict(pair: Pair) -> dict[str, Any]:
    """Return the JSON form of a pair."""
    return {
        "document": pair.document,
        "kind": pair.kind,
        "errors": list(pair.errors),
        "gold": item_dict(pair.gold),
        "pred": item_dict(pair.pred),
    }


def _crossed(counts: Mapping[Any, int]) -> list[dict[str, Any]]:
    return [{"gold": gold, "pred": pred, "count": n} for (gold, pred), n in counts.items()]


def task_dict(task: TaskResult, *, errors: bool = True) -> dict[str, Any]:
    """Return the JSON form of a task; pairs that are wrong are listed where asked for."""
    body: dict[str, Any] = {
        "micro": score_dict(task.micro),
        "macro": score_dict(task.macro),
        "labels": {label: score_dict(score) for label, score in task.labels.items()},
        "confusion": _crossed(task.confusion),
        "errors_in": task.pairs_in,
    }
    if task.credit is not None:
        body["credit"] = task.credit
    if errors:
        body["errors"] = [pair_dict(pair) for pair in task.pairs if pair.kind != "matched"]
    return body


def _honesty(found: Honesty | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "called_exact": found.called,
        "right": found.right,
        "share": found.share,
        "share_ci": found.share_ci and list(found.share_ci),
        "statuses": _crossed(found.statuses),
        "wrong": [pair_dict(pair) for pair in found.wrong],
    }


def _calibration(found: Calibration | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "ece": found.ece,
        "brier": found.brier,
        "mentions": found.count,
        "bins": [
            {
                "low": one.low,
                "high": one.high,
                "count": one.count,
                "confidence": one.confidence,
                "right": one.right,
            }
            for one in found.bins
        ],
    }


def _behaviour(found: Behaviour | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "patients": found.patients,
        "same": found.same,
        "share": found.share,
        "share_ci": found.share_ci and list(found.share_ci),
        "criteria": found.criteria,
        "criteria_same": found.criteria_same,
        "confusion": _crossed(found.confusion),
    }


def evaluation_dict(evaluation: Evaluation, *, errors: bool = True) -> dict[str, Any]:
    """Return the JSON form of an evaluation."""
    return {
        "schema": EVALUATION_SCHEMA,
        "documents": len(evaluation.documents),
        "resamples": evaluation.resamples,
        "seed": evaluation.seed,
        "tasks": {task.name: task_dict(task, errors=errors) for task in evaluation.tasks},
        "honesty": _honesty(evaluation.honesty),
        "calibration": _calibration(evaluation.calibration),
        "behaviour": _behaviour(evaluation.behaviour),
        "not_annotated": list(evaluation.not_annotated),
        "problems": list(evaluation.problems),
    }


def comparison_dict(comparison: Comparison) -> dict[str, Any]:
    """Return the JSON form of a comparison of two systems."""
    return {
        "schema": COMPARISON_SCHEMA,
        "documents": comparison.documents,
        "rounds": comparison.rounds,
        "seed": comparison.seed,
        "tasks": {
            one.name: {
                "a": score_dict(one.a),
                "b": score_dict(one.b),
                "difference": one.difference,
                "difference_ci": one.difference_ci and list(one.difference_ci),
                "p": one.p,
                "both": one.both,
                "neither": one.neither,
                **{
                    name: [{"document": item.document, **(item_dict(item) or {})} for item in items]
                    for name, items in (
                        ("only_a", one.only_a),
                        ("only_b", one.only_b),
                        ("spurious_a", one.spurious_a),
                        ("spurious_b", one.spurious_b),
                    )
                },
            }
            for one in comparison.tasks
        },
        "problems": list(comparison.problems),
    }


def agreement_dict(agreement: Agreement, *, errors: bool = True) -> dict[str, Any]:
    """Return the JSON form of an agreement; `gold` in it is A, `pred` is B."""
    return {
        "schema": AGREEMENT_SCHEMA,
        "documents": list(agreement.documents),
        "tasks": {task.name: task_dict(task, errors=errors) for task in agreement.tasks},
        "coefficients": {
            one.name: {
                "things": one.things,
                "observed": one.observed,
                "kappa": one.kappa,
                "alpha": one.alpha,
            }
            for one in agreement.coefficients
        },
        "problems": list(agreement.problems),
    }


COLUMNS = (
    "task", "label", "support", "predicted", "tp", "fp", "fn", "precision", "recall", "f1",
    "precision_low", "precision_high", "recall_low", "recall_high", "f1_low", "f1_high", "credit",
)  # fmt: skip
"""Columns of the csv of scores."""


def score_rows(tasks: Iterable[TaskResult]) -> list[list[Any]]:
    """Return the rows of the csv: for each task micro, macro and every label."""
    rows = []
    for task in tasks:
        named = [(MICRO, task.micro), (MACRO, task.macro), *task.labels.items()]
        for label, score in named:
            ends = [end for ci in _ranges(score) for end in (ci or (None, None))]
            rows.append(
                [
                    task.name,
                    label,
                    score.support,
                    score.predicted,
                    *(score.tp, score.fp, score.fn),
                    *(score.precision, score.recall, score.f1),
                    *ends,
                    task.credit if label == MICRO else None,
                ]
            )
    return rows


def _ranges(score: Score) -> tuple[tuple[float, float] | None, ...]:
    return score.precision_ci, score.recall_ci, score.f1_ci


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as csv with a line of names; None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([("" if cell is None else cell) for cell in row] for row in rows)
    return out.getvalue()


DIFFERENCE_COLUMNS = (
    "task", "f1_a", "f1_b", "difference", "low", "high", "p", "both", "only_a", "only_b",
    "neither", "spurious_a", "spurious_b",
)  # fmt: skip


def difference_rows(comparison: Comparison) -> list[list[Any]]:
    """Return the rows of the csv of a comparison: one a task."""
    return [
        [
            one.name,
            one.a.f1,
            one.b.f1,
            one.difference,
            *(one.difference_ci or (None, None)),
            one.p,
            one.both,
            len(one.only_a),
            len(one.only_b),
            one.neither,
            len(one.spurious_a),
            len(one.spurious_b),
        ]
        for one in comparison.tasks
    ]
