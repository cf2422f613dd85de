"""Scores on Chia and LCT: the tasks that releases are measured by.

Definitions
-----------
Rows (`critextract.evaluation.corpus_rows`) are matched one to one, maximum. A prediction is in the
*same place* as gold when their subjects have a common character and the predicted one is at most
60 characters, or three times gold's, long.

==============  ===============================================================================
threshold       a mention and a value of it. LCT: same place, equal bounds and closedness (of
                ranges: equal bounds). Chia: same place, the values' characters overlap and,
                where gold prints numbers, a predicted bound is one of them
window          a mention and a window of it. LCT: with numbers; same place, bounds, unit.
                Chia: same place, the time expressions' characters overlap
negation        a negated mention in the place of a negated target
period          LCT: a mention in the place of a target of the same period
entity          Condition, Drug, Procedure, Observation (MEASUREMENT counts as such): same type,
                same characters
entity_overlap  same type, same place
spans           Chia: annotations of one fragment of the eight mention labels, Value, Temporal,
                Negation, Qualifier: same type, same characters
==============  ===============================================================================

Out of account: gold whose subject is of another type, and predictions that meet only such gold;
LCT's comparisons that are counts or doses, that belong to nothing, or print a number in a form
that is not read. The comparison of an age is part of its subject.

Worked example (LCT): gold "platelets" with ``>= 100``; predicted "platelet count" with ``> 100``
and with ``>= 100``. The second matches, the first is spurious: precision 1/2, recall 1/1.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from critextract.evaluation.corpus_rows import (
    LCT_ENTITIES,
    MENTION_TYPES,
    Dialect,
    Interval,
    Place,
    Row,
    Rows,
)
from critextract.evaluation.match import Entry, pair_up
from critextract.evaluation.printed_numbers import numbers_in
from critextract.evaluation.results import Item, TaskResult
from critextract.evaluation.scores import pool
from critextract.evaluation.tasks import DocumentScores, tally, to_pair

CORPUS_TASKS: Mapping[Dialect, tuple[str, ...]] = {
    "chia": ("threshold", "window", "negation", "entity", "entity_overlap", "spans"),
    "lct": ("threshold", "negation", "window", "period", "entity", "entity_overlap"),
}
_LCT_SCOPE = {
    "negation": LCT_ENTITIES,
    "period": LCT_ENTITIES,
    "window": LCT_ENTITIES | {"Encounter", "Study"},
}
LONGEST, LONGER = 60, 3


def overlap(a: Place, b: Place) -> bool:
    """Tell whether two ranges have a common character."""
    return a[0] < b[1] and b[0] < a[1]


def in_place(gold: Row, pred: Row) -> bool:
    """Tell whether a prediction is in the same place as gold; see the module's definitions."""
    (a, b), (c, d) = gold.subject, pred.subject
    return overlap(gold.subject, pred.subject) and d - c <= max(LONGEST, LONGER * (b - a))


def same_interval(gold: Interval | None, pred: Interval | None, *, loose: bool = False) -> bool:
    """Tell whether two intervals have the same bounds.

    loose : "3 months" without a comparator may be read as at most, at least or exactly.
    """
    if gold is None or pred is None or gold == pred:
        return gold == pred
    kinds = {gold[0], pred[0]}
    if kinds == {"set", "between"}:
        numbers, ends = (gold, pred) if gold[0] == "set" else (pred, gold)
        return (min(numbers[1:]), max(numbers[1:])) == tuple(ends[1:])
    if loose and len(gold) == len(pred) == 2 and gold[1] == pred[1]:
        return kinds <= {"eq", "le"} or kinds <= {"eq", "ge"}
    return False


def same_value(gold: Row, pred: Row) -> bool:
    """Tell whether a predicted value is the one that Chia annotates."""
    if gold.place is None or pred.place is None or not overlap(gold.place, pred.place):
        return False
    printed = numbers_in(gold.place_text)
    bounds = pred.interval[1:] if pred.interval else ()
    return not printed or any(bound in printed for bound in bounds)


def is_right(task: str, dialect: Dialect, gold: Row, pred: Row) -> bool:
    """Tell whether a predicted row is a gold row of a task."""
    if task in ("entity", "spans"):
        return gold.type == pred.type and gold.subject == pred.subject
    if not in_place(gold, pred):
        return False
    match task, dialect:
        case "entity_overlap", _:
            return gold.type == pred.type
        case "threshold", "lct":
            return same_interval(gold.interval, pred.interval)
        case "threshold", "chia":
            return same_value(gold, pred)
        case "window", "lct":
            return gold.unit == pred.unit and same_interval(
                gold.interval, pred.interval, loose=True
            )
        case "window", "chia":
            return bool(gold.place and pred.place and overlap(gold.place, pred.place))
        case "period", _:
            return gold.period == pred.period
    return True


def _split(rows: Iterable[Row], types: frozenset[str]) -> tuple[list[Row], list[Row]]:
    inside: list[Row] = []
    outside: list[Row] = []
    for row in rows:
        (inside if row.type in types else outside).append(row)
    return inside, outside


def _accountable(preds: Iterable[Row], gold: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    """Return predictions without those that meet gold of other types only."""

    def meets(row: Row, rows: Iterable[Row]) -> bool:
        return any(overlap(row.subject, other.subject) for other in rows)

    return [row for row in preds if not meets(row, others) or meets(row, gold)]


def in_account(task: str, dialect: Dialect, gold: Rows, pred: Rows) -> tuple[list[Row], list[Row]]:
    """Return the gold and predicted rows of one document that a task counts."""
    name = task.removesuffix("_overlap")
    ours, theirs = list(getattr(gold, name)), list(getattr(pred, name))
    if dialect == "chia":
        if name in ("entity", "spans"):
            return ours, theirs
        ours, others = _split(ours, MENTION_TYPES)
        theirs = _accountable(theirs, ours, others)
        return ours, _one_a_place(theirs, ours) if name == "threshold" else theirs
    if name in ("threshold", "window"):
        theirs = [row for row in theirs if row.interval]
    if name == "threshold":
        theirs = [row for row in theirs if not _is_loose(row, gold)]
    if name in _LCT_SCOPE:
        ours, others = _split(ours, _LCT_SCOPE[name])
        theirs = _accountable(theirs, ours, others)
    return ours, theirs


def _is_loose(pred: Row, gold: Rows) -> bool:
    """Tell whether a comparison meets only comparisons that are out of account."""
    place = pred.place or pred.subject
    if not any(overlap(place, loose) for loose in gold.loose):
        return False
    return not any(row.place and overlap(place, row.place) for row in gold.threshold)


def _one_a_place(preds: Iterable[Row], gold: Sequence[Row]) -> list[Row]:
    """Return one row a mention and printed value, one that is right where there is one."""
    best: dict[tuple[Place, Place | None], Row] = {}
    for row in preds:
        key = (row.subject, row.place)
        if key not in best or not any(same_value(one, best[key]) for one in gold):
            best[key] = row
    return list(best.values())


def _entry(document: str, row: Row) -> Entry:
    shown: dict[str, str | None] = {}
    if row.place is not None:
        shown["interval"] = " ".join(map(str, row.interval)) if row.interval else None
        shown["unit"] = row.unit
        shown["place"] = f"{row.place[0]}-{row.place[1]}"
    if row.period is not None:
        shown["period"] = row.period
    label = row.period or row.type.capitalize()
    item = Item(document, label, *row.subject, row.text, slots=shown)
    return Entry(item, {"row": row})


def _row(entry: Entry) -> Row:
    row = entry.key["row"]
    assert isinstance(row, Row)
    return row


def _errors(gold: Entry, pred: Entry) -> tuple[str, ...]:
    one, two = _row(gold), _row(pred)
    found = []
    if one.subject != two.subject:
        found.append("boundary")
    if gold.item.label != pred.item.label:
        found.append("type")
    if one.place is not None:
        if one.unit != two.unit:
            found.append("unit")
        if not same_interval(one.interval, two.interval):
            found.append("number")
    return tuple(found) or ("boundary",)


def score_rows(
    document: str, dialect: Dialect, gold: Rows, pred: Rows, tasks: Sequence[str]
) -> DocumentScores:
    """Return pairs and counts of one document for tasks of a corpus."""
    pairs = {}
    for task in tasks:

        def same(one: Entry, two: Entry, task: str = task) -> float:
            return float(is_right(task, dialect, _row(one), _row(two)))

        ours, theirs = in_account(task, dialect, gold, pred)
        paired = pair_up(
            [_entry(document, row) for row in ours],
            [_entry(document, row) for row in theirs],
            same=same,
            near=_near,
        )
        pairs[task] = [to_pair(two, _errors) for two in paired]
    return DocumentScores(document, pairs, {task: tally(found) for task, found in pairs.items()})


def _near(gold: Entry, pred: Entry) -> float:
    one, two = _row(gold), _row(pred)
    shared = min(one.subject[1], two.subject[1]) - max(one.subject[0], two.subject[0])
    longest = max(one.subject[1], two.subject[1]) - min(one.subject[0], two.subject[0])
    return max(0.0, shared / longest)


def score_corpus(
    gold: Mapping[str, Rows],
    pred: Mapping[str, Rows],
    dialect: Dialect,
    *,
    tasks: Collection[str] | None = None,
    resamples: int,
    seed: int,
) -> tuple[TaskResult, ...]:
    """Return the results of a corpus's tasks; a document without a prediction is all missed.

    tasks : scored are those of the corpus that are among them; None: all.
    """
    chosen = [name for name in CORPUS_TASKS[dialect] if tasks is None or name in tasks]
    empty = Rows("")
    scored = [
        score_rows(name, dialect, rows, pred.get(name, empty), chosen)
        for name, rows in gold.items()
    ]
    return pool(scored, chosen, resamples=resamples, seed=seed)
