"""What an evaluation finds: the data classes that commands, reports and scripts read.

::

    Evaluation                      one gold against one prediction
    ├── tasks: TaskResult           one per task: score, macro, labels, confusion, pairs
    │   └── pairs: Pair             one per matched, wrong, missed or spurious item
    │       └── gold, pred: Item    the thing itself: characters, label, slots
    ├── honesty: Honesty            of the rules called exact, how many are
    ├── calibration: Calibration    whether `confidence` is the share that is right
    ├── texts                       text of every document that was scored, for display
    └── problems                    documents missing or different, and what was done with them

Undefined is None, never 0 or 1: a precision without predictions, a recall without gold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

PairKind = Literal["matched", "wrong", "missed", "spurious"]
Range = tuple[float, float]
"""Lower and upper end of a confidence interval."""


@dataclass(frozen=True, slots=True)
class Counts:
    """True positives, false positives, false negatives; add two to pool documents.

    Example: 3 gold items, 4 predicted, 2 of them matched: ``Counts(2, 2, 1)``; precision 2/4,
    recall 2/3, F1 ``2*2 / (2*2 + 2 + 1)`` = 4/7.
    """

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @property
    def precision(self) -> float | None:
        """Share of what was predicted that is right; None when nothing was predicted."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else None

    @property
    def recall(self) -> float | None:
        """Share of gold that was found; None when there is no gold."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else None

    @property
    def f1(self) -> float | None:
        """``2 tp / (2 tp + fp + fn)``; None when there is neither gold nor prediction."""
        total = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / total if total else None


@dataclass(frozen=True, slots=True)
class Score:
    """Counts pooled over documents, what follows from them, and how sure that is.

    ``support`` is the number of gold items, ``predicted`` of predicted ones. The ``_ci`` fields
    are confidence intervals of a bootstrap over documents, None where it was not asked for or
    where the figure is undefined in most resamples. A macro score holds no counts of its own:
    its tp, fp and fn are the pooled ones, its figures means over labels.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    support: int
    tp: int
    fp: int
    fn: int
    precision_ci: Range | None = None
    recall_ci: Range | None = None
    f1_ci: Range | None = None

    @property
    def predicted(self) -> int:
        """Number of predicted items."""
        return self.tp + self.fp

    @classmethod
    def of(cls, counts: Counts) -> Score:
        """Return the score of pooled counts, without confidence intervals."""
        support = counts.tp + counts.fn
        figures = (counts.precision, counts.recall, counts.f1)
        return cls(*figures, support, counts.tp, counts.fp, counts.fn)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a task scores: a mention, a value, a criterion, a relation.

    Parameters
    ----------
    label : what it is counted under: ``CONDITION``, ``negated``, ``has_value``.
    start, end : its hull in characters of the document; `fragments` where it has gaps.
    text : its words, for display.
    slots : name -> what it holds, as text, None where it holds nothing; the slots that the task
        compares, in the order in which errors are named.
    criterion : id of the criterion it stands in, where known.
    """

    document: str
    label: str
    start: int
    end: int
    text: str = ""
    fragments: tuple[tuple[int, int], ...] = ()
    slots: Mapping[str, str | None] = field(default_factory=dict)
    criterion: str | None = None

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """Its characters: the fragments, or the hull."""
        return self.fragments or ((self.start, self.end),)


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold item, a predicted one, or both, and what is wrong.

    Parameters
    ----------
    kind : ``matched`` (counts as true positive), ``wrong`` (the two meant the same thing but
        differ: one false negative and one false positive), ``missed``, ``spurious``.
    errors : kinds of error, empty where matched: ``missed``, ``spurious``, ``boundary``,
        ``type``, or the names of the slots that differ (``closedness``, ``unit`` ...).
    """

    document: str
    kind: PairKind
    gold: Item | None = None
    pred: Item | None = None
    errors: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Label it is filed under: gold's, where there is gold."""
        item = self.gold or self.pred
        return item.label if item else ""


@dataclass(frozen=True, slots=True)
class TaskResult:
    """The outcome of one task.

    Parameters
    ----------
    name : ``mentions.strict``, ``values.unit`` ...; the part before the dot is its family.
    micro : pooled over labels; macro : mean over the labels for which a figure is defined.
    labels : label -> score.
    confusion : (gold label, predicted label) -> count over pairs in the same place; None stands
        for nothing there.
    pairs : in the order of documents and characters. Empty for a task that looks at one slot of
        the items of `pairs_in`, a task scored beside it: its errors are the pairs there that name
        the slot. Where that task was not scored it has pairs of its own, and `pairs_in` is None.
    """

    name: str
    micro: Score
    macro: Score
    labels: Mapping[str, Score]
    confusion: Mapping[tuple[str | None, str | None], int] = field(default_factory=dict)
    pairs: tuple[Pair, ...] = ()
    pairs_in: str | None = None
    by_document: Mapping[str, Counts] = field(default_factory=dict)
    credit: float | None = None
    """Mean partial credit over gold rules, of the tasks over rules; None for the others."""


@dataclass(frozen=True, slots=True)
class Honesty:
    """Of the rules that the prediction calls exact, how many are equivalent to gold's.

    ``called`` counts predicted criteria of status ``exact`` in the place of a gold criterion,
    ``right`` those whose rule is gold's and that gold calls exact too; ``share`` is None when
    nothing was called exact. ``statuses`` counts (gold status, predicted status) of criteria in
    the same place; None stands for no criterion there.
    """

    called: int
    right: int
    share: float | None
    share_ci: Range | None
    statuses: Mapping[tuple[str | None, str | None], int]
    wrong: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions with a confidence in ``[low, high)`` (the last holds 1): their mean confidence
    and the share that is right, None where there are none."""  # noqa: D205, D209

    low: float
    high: float
    count: int
    confidence: float | None
    right: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether confidence is the probability of being right.

    `ece` is the expected calibration error: mean over predictions of the distance between their
    bin's confidence and its share right. `brier` is the mean squared distance of confidence from
    1 (right) or 0. Both None without predictions.
    """

    bins: tuple[Bin, ...]
    ece: float | None
    brier: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Verdicts of gold's and the prediction's rule on boundary patients of both.

    Parameters
    ----------
    patients, same : how many patients were asked, and for how many both rules say the same.
    share : same / patients, None without patients.
    criteria, criteria_same : criteria with patients, and those without any differing patient.
    confusion : (gold holds, predicted holds) -> count.
    """

    patients: int
    same: int
    share: float | None
    share_ci: Range | None
    criteria: int
    criteria_same: int
    confusion: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything one comparison of predictions with gold found."""

    tasks: tuple[TaskResult, ...]
    documents: tuple[str, ...]
    texts: Mapping[str, str] = field(default_factory=dict)
    honesty: Honesty | None = None
    calibration: Calibration | None = None
    behaviour: Behaviour | None = None
    not_annotated: tuple[str, ...] = ()
    """Tasks that gold says nothing about: not scored."""
    problems: tuple[str, ...] = ()
    resamples: int = 0
    seed: int = 0

    def task(self, name: str) -> TaskResult:
        """Return the result of a task.

        Raises
        ------
        KeyError : no task of that name was scored.
        """
        for result in self.tasks:
            if result.name == name:
                return result
        raise KeyError(name)
