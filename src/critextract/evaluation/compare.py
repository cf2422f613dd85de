"""Two systems on the same documents: is the difference more than chance, and what is it made of.

Significance is by paired approximate randomisation (Noreen 1989; Yeh 2000, aclanthology.org/
C00-2137): if the systems did not differ, the outputs for a document could be exchanged. Documents
are exchanged at random, counts pooled, and the difference of F1 computed anew; p is the share of
rounds, the observed one counted, in which it is at least as far from zero. It is two-sided, and
not corrected for the number of tasks.

Worked example: two documents; A has (tp, fp, fn) of (2, 0, 0) and (2, 0, 0), B (1, 1, 1) twice.
F1 is 1 and 0.5. Of the four ways to exchange, two (none, both) differ by 0.5 and two by 0: p is
near 0.5, for two documents prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from critextract.errors import InputError
from critextract.evaluation.bootstrap import draws, figures, interval
from critextract.evaluation.results import Evaluation, Item, Range, Score, TaskResult

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class Difference:
    """One task of two systems A and B.

    Parameters
    ----------
    a, b : scores; difference : F1 of A less F1 of B, None where one is undefined.
    p : two-sided, of approximate randomisation; None where the difference is.
    only_a, only_b : gold items that one system has right and the other has not.
    both, neither : how many gold items both and none have right.
    spurious_a, spurious_b : predicted items that only one system makes up.
        All of the four are empty for a task of one slot: see the task it belongs to.
    """

    name: str
    a: Score
    b: Score
    difference: float | None
    difference_ci: Range | None
    p: float | None
    only_a: tuple[Item, ...] = ()
    only_b: tuple[Item, ...] = ()
    both: int = 0
    neither: int = 0
    spurious_a: tuple[Item, ...] = ()
    spurious_b: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every task of two systems on one gold."""

    tasks: tuple[Difference, ...]
    documents: int
    rounds: int
    seed: int
    problems: tuple[str, ...] = ()


def compare(a: Evaluation, b: Evaluation, *, rounds: int = ROUNDS, seed: int = 0) -> Comparison:
    """Return the differences of two evaluations against the same gold.

    Raises
    ------
    InputError : the two were scored on different documents.
    """
    if a.documents != b.documents:
        raise InputError("the two systems were scored on different documents; use the same gold")
    exchanged = _exchanges(len(a.documents), rounds, seed) if len(a.documents) > 1 else None
    drawn = draws(len(a.documents), a.resamples, a.seed) if a.resamples else None
    theirs = {task.name: task for task in b.tasks}
    tasks = tuple(
        _difference(task, theirs[task.name], exchanged, drawn)
        for task in a.tasks
        if task.name in theirs
    )
    problems = tuple(f"A: {text}" for text in a.problems)
    problems += tuple(f"B: {text}" for text in b.problems)
    return Comparison(tasks, len(a.documents), rounds, seed, problems)


def _exchanges(documents: int, rounds: int, seed: int) -> NDArray[Any]:
    """Return which documents are exchanged in each round: 0 or 1, shape (rounds, documents)."""
    import numpy as np

    generator = np.random.default_rng(seed)
    return generator.integers(0, 2, size=(rounds, documents), dtype=np.int8)


def _counts(task: TaskResult) -> NDArray[Any]:
    import numpy as np

    rows = [(c.tp, c.fp, c.fn) for c in task.by_document.values()]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def significance(a: NDArray[Any], b: NDArray[Any], exchanged: NDArray[Any]) -> float | None:
    """Return p of the difference in F1 of counts of shape (documents, 3).

    None where F1 of one is undefined, and where only one document could be exchanged.
    """
    import numpy as np

    observed = figures(a.sum(axis=0))[2] - figures(b.sum(axis=0))[2]
    if np.isnan(observed):
        return None
    moved = exchanged.astype(np.float64) @ (b - a)
    found = figures(a.sum(axis=0) + moved)[2] - figures(b.sum(axis=0) - moved)[2]
    as_far = np.abs(found) >= abs(observed) - 1e-12
    return float((1 + as_far.sum()) / (1 + len(exchanged)))


def _difference(
    a: TaskResult, b: TaskResult, exchanged: NDArray[Any] | None, drawn: NDArray[Any] | None
) -> Difference:
    left, right = a.micro, b.micro
    known = left.f1 is not None and right.f1 is not None
    p = ci = None
    if known and exchanged is not None and drawn is not None:
        one, two = _counts(a), _counts(b)
        p = significance(one, two, exchanged)
        ci = interval(figures(drawn @ one)[2] - figures(drawn @ two)[2])
    elif known and exchanged is not None:
        p = significance(_counts(a), _counts(b), exchanged)
    difference = left.f1 - right.f1 if left.f1 is not None and right.f1 is not None else None
    found_a, found_b = _found(a), _found(b)
    extra_a, extra_b = _spurious(a), _spurious(b)
    return Difference(
        a.name,
        left,
        right,
        difference,
        ci,
        p,
        tuple(item for key, (item, right_a) in found_a.items() if right_a and not found_b[key][1]),
        tuple(item for key, (item, right_b) in found_b.items() if right_b and not found_a[key][1]),
        sum(right_a and found_b[key][1] for key, (_, right_a) in found_a.items()),
        sum(not right_a and not found_b[key][1] for key, (_, right_a) in found_a.items()),
        tuple(item for key, item in extra_a.items() if key not in extra_b),
        tuple(item for key, item in extra_b.items() if key not in extra_a),
    )


Key = tuple[object, ...]


def _keyed(items: Iterable[Item]) -> Iterable[tuple[Key, Item]]:
    """Yield items with what they are, and a number for those that are alike."""
    seen: dict[Key, int] = {}
    for item in items:
        slots = tuple(sorted((slot, content or "") for slot, content in item.slots.items()))
        key = (item.document, item.label, item.ranges, slots)
        seen[key] = seen.get(key, 0) + 1
        yield (*key, seen[key]), item


def _found(task: TaskResult) -> dict[Key, tuple[Item, bool]]:
    """Return gold items and whether the system has them right."""
    golds: Sequence[tuple[Item, bool]] = [
        (pair.gold, pair.kind == "matched") for pair in task.pairs if pair.gold
    ]
    golds = sorted(golds, key=lambda one: not one[1])  # alike ones: the right first
    keys = _keyed(item for item, _ in golds)
    return {key: one for (key, _), one in zip(keys, golds, strict=True)}


def _spurious(task: TaskResult) -> dict[Key, Item]:
    extra = (pair.pred for pair in task.pairs if pair.pred and pair.kind != "matched")
    return dict(_keyed(extra))
