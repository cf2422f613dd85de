"""What the tables of the report show: tasks, labels, heat maps, headline figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from critextract.evaluation.results import Evaluation, Range, Score, TaskResult
from critextract.evaluation.tasks import SLOT_TASKS
from critextract.exports.score_pictures import Estimate, Step
from critextract.review.report_errors import HONESTY_TASK, errors_of

UNDEFINED = "–"
NOWHERE = "nothing"
"""Shown for the side of a heat map that has nothing in that place."""

TASK_WORDS: Mapping[str, str] = {
    "mentions.strict": "same label, same characters",
    "mentions.overlapping": "same label, a common character",
    "attributes.negated": "mentions that the text denies",
    "attributes.modality": "hypothetical, uncertain or planned mentions",
    "attributes.period": "past, present or future, where words say it",
    "attributes.experiencer": "mentions of others than the patient",
    "qualifiers": "severity, stage, site …: a common character, same kind",
    "values": "a common character, and every slot right",
    "windows": "a common character, and every slot right",
    "relations": "links of a mention to its values, windows, guards, exceptions",
    "sections": "headings: a common character, same section",
    "criteria.boundaries": "criteria with the same characters",
    "criteria.overlapping": "criteria that share at least half of their characters",
    "rules.own": "rules that mean the same; child criteria stand for themselves",
    "rules.whole": "rules of top criteria, those of their children put in",
    "threshold": "a mention and its value; as releases are measured",
    "window": "a mention and its window; as releases are measured",
    "negation": "a negated mention; as releases are measured",
    "period": "a mention of that period; as releases are measured",
    "entity": "same type, same characters; as releases are measured",
    "entity_overlap": "same type, same place; as releases are measured",
    "spans": "annotated fragments: same type, same characters",
}
_SLOT_WORDS = "the slot alone, of items in the same place"
HEADLINES = (
    "mentions.strict", "mentions.overlapping", "values", "windows", "relations", "rules.own",
)  # fmt: skip
"""Tasks whose F1 stands on top of the report, where they were scored."""


class Cell(NamedTuple):
    """A field of a heat map: how often, share of its row, and where its errors are listed.

    Without words: the field of nothing in gold and nothing predicted, which holds nothing.
    """

    times: int
    share: float
    same: bool
    link: str | None
    words: str


class Heat(NamedTuple):
    """A heat map: names of its columns, and rows of name and fields."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


class TaskView(NamedTuple):
    """A task as the report shows it.

    errors : how many are listed, ``link`` where; of a task that looks at one slot beside its
        family: those pairs of the family in which the slot differs.
    """

    task: TaskResult
    family: str
    words: str
    errors: int
    link: str
    heat: Heat | None

    @property
    def labels(self) -> Sequence[tuple[str, Score]]:
        """Labels with their scores, those with most gold first."""
        return sorted(self.task.labels.items(), key=lambda one: (-one[1].support, one[0]))


def task_views(evaluation: Evaluation) -> tuple[TaskView, ...]:
    """Return every task, in the order in which it was scored."""
    totals: Counter[tuple[str, str | None]] = Counter()
    crossed: dict[str, Counter[tuple[str | None, str | None]]] = {}
    for name, pair in errors_of(evaluation):
        totals[name, None] += 1
        totals.update((name, kind) for kind in set(pair.errors))
        labels = (pair.gold.label if pair.gold else None, pair.pred.label if pair.pred else None)
        crossed.setdefault(name, Counter())[labels] += 1
    return tuple(_view(task, totals, crossed.get(task.name, {})) for task in evaluation.tasks)


def _view(
    task: TaskResult,
    totals: Mapping[tuple[str, str | None], int],
    crossed: Mapping[tuple[str | None, str | None], int],
) -> TaskView:
    family, _, slot = task.name.partition(".")
    if task.pairs_in:
        count = totals.get((task.pairs_in, slot), 0)
        link = errors_link(task=task.pairs_in, kind=slot)
        return TaskView(task, family, _SLOT_WORDS, count, link, None)
    heat = None
    if len(task.labels) > 1 and task.confusion:
        links = {pair: _pair_link(task.name, pair) for pair, n in crossed.items() if n}
        heat = heat_map(task.confusion, links)
    link = errors_link(task=task.name)
    words = TASK_WORDS.get(task.name, _SLOT_WORDS if task.name in SLOT_TASKS else "")
    return TaskView(task, family, words, totals.get((task.name, None), 0), link, heat)


def errors_link(**wanted: str) -> str:
    """Return the address within the page of the errors that are wanted."""
    return f"#{urlencode(wanted)}"


def _pair_link(task: str, pair: tuple[str | None, str | None]) -> str:
    return errors_link(task=task, gold=pair[0] or "", pred=pair[1] or "")


def heat_map(
    counts: Mapping[tuple[str | None, str | None], int],
    links: Mapping[tuple[str | None, str | None], str] | None = None,
    nowhere: str = NOWHERE,
) -> Heat:
    """Return counts of (gold, predicted) as a heat map; what has nothing in its place is last.

    Colour follows the share of gold's row.
    """
    rows = _ordered(gold for gold, _ in counts)
    columns = _ordered(pred for _, pred in counts)
    out = []
    for gold in rows:
        whole = sum(counts.get((gold, pred), 0) for pred in columns)
        cells = []
        for pred in columns:
            n = counts.get((gold, pred), 0)
            somewhere = gold is not None or pred is not None
            words = f"gold {gold or nowhere}, predicted {pred or nowhere}: {n:,}"
            link = (links or {}).get((gold, pred))
            cells.append(
                Cell(
                    n,
                    n / whole if whole else 0.0,
                    somewhere and gold == pred,
                    link,
                    words * somewhere,
                )
            )
        out.append((gold or nowhere, tuple(cells)))
    return Heat(tuple(column or nowhere for column in columns), tuple(out))


def _ordered(names: Iterable[str | None]) -> list[str | None]:
    return sorted(set(names), key=lambda name: (name is None, name or ""))


class Headline(NamedTuple):
    """A figure on top of the report: what it is, as it is shown, and its interval."""

    name: str
    words: str
    value: float | None
    interval: Range | None
    figure: str
    range: str
    link: str


def headlines(evaluation: Evaluation) -> list[Headline]:
    """Return the figures that say most, of those that were computed."""
    there = {task.name: task.micro for task in evaluation.tasks}
    found = [_of_score(name, there[name]) for name in HEADLINES if name in there]
    honesty, behaviour = evaluation.honesty, evaluation.behaviour
    if honesty is not None and honesty.called:
        words = f"of {honesty.called:,} rules called exact are exact"
        found.append(_of_share("honesty of exact", words, honesty.share, honesty.share_ci))
    if behaviour is not None and behaviour.patients:
        words = f"of {behaviour.patients:,} verdicts on boundary patients are gold’s"
        found.append(_of_share("behaviour of rules", words, behaviour.share, behaviour.share_ci))
    calibration = evaluation.calibration
    if calibration is not None and calibration.count:
        words = f"expected calibration error of {calibration.count:,} mentions; 0 is best"
        shown = figure(calibration.ece)
        found.append(Headline("confidence", words, calibration.ece, None, shown, "", "#confidence"))
    return found


def _of_score(name: str, score: Score) -> Headline:
    words = f"F1 over {score.support:,} in gold"
    return Headline(
        name, words, score.f1, score.f1_ci, figure(score.f1), span(score.f1_ci), f"#task-{name}"
    )


def _of_share(name: str, words: str, share: float | None, interval: Range | None) -> Headline:
    return Headline(name, words, share, interval, percent(share), percents(interval), "#rules")


def figure(value: float | None) -> str:
    """Return a figure with three decimals, a dash where it is undefined."""
    return UNDEFINED if value is None else f"{value:.3f}"


def percent(share: float | None) -> str:
    """Return a share in percent with one decimal, a dash where it is undefined."""
    return UNDEFINED if share is None else f"{100 * share:.1f} %"


def span(interval: Range | None) -> str:
    """Return a confidence interval as text, nothing where there is none."""
    return "" if interval is None else f"{interval[0]:.3f} to {interval[1]:.3f}"


def percents(interval: Range | None) -> str:
    """Return a confidence interval of a share in percent, nothing where there is none."""
    return "" if interval is None else f"{100 * interval[0]:.1f} to {100 * interval[1]:.1f} %"


def estimates(evaluation: Evaluation) -> list[Estimate]:
    """Return what the forest plot shows: every task that has gold or predictions."""
    return [
        Estimate(
            task.name,
            task.name.partition(".")[0] if "." in task.name or task.name in _FAMILIES else "corpus",
            task.micro.f1,
            task.micro.f1_ci,
            task.micro.precision,
            task.micro.recall,
            task.micro.support,
        )
        for task in evaluation.tasks
        if task.micro.support or task.micro.predicted
    ]


_FAMILIES = frozenset({"values", "windows", "qualifiers", "relations", "sections"})
"""Tasks without a dot that are families of their own; the others are those of a corpus."""


def steps(evaluation: Evaluation) -> list[Step]:
    """Return the bins of the reliability curve."""
    if evaluation.calibration is None:
        return []
    return [
        Step(one.low, one.high, one.count, one.confidence, one.right)
        for one in evaluation.calibration.bins
    ]


def honesty_link() -> str:
    """Return where the rules wrongly called exact are listed."""
    return errors_link(task=HONESTY_TASK)
