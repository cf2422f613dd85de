"""The errors of an evaluation as the data its page holds: every text, item and name once.

A page of 20,000 errors is a few megabytes so: errors are rows of numbers that point into lists.

::

    docs      [id, text]
    items     [label, start, end, fragments or 0, criterion or 0, slots or 0, words or 0]
              slots: [names, content ...]; names points into slot_names. words: where they are
              not the characters from start to end
    errors    [task, document, [kind ...], gold item or -1, predicted item or -1]
    rules     {"gold"|"pred": {"document/criterion": [own rule, with the rules of children]}}
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from critextract.evaluation.canonical import inline
from critextract.evaluation.results import Evaluation, Item, Pair
from critextract.exports.english import to_english
from critextract.schema import Criterion, Record

HONESTY_TASK = "called exact"
"""Name of the errors of `Honesty.wrong` among those of the tasks."""
RULE_TASKS = frozenset({"rules.own", "rules.whole", HONESTY_TASK})


class Numbered(dict[Hashable, int]):
    """Distinct things in the order in which they came, each with its number."""

    def __missing__(self, thing: Hashable) -> int:
        self[thing] = len(self)
        return self[thing]


def errors_of(evaluation: Evaluation) -> Iterator[tuple[str, Pair]]:
    """Yield every error with its task, in the order of tasks, documents and characters."""
    for task in evaluation.tasks:
        for pair in task.pairs:
            if pair.kind != "matched":
                yield task.name, pair
    for pair in dishonest(evaluation):
        yield HONESTY_TASK, pair


def dishonest(evaluation: Evaluation) -> Iterator[Pair]:
    """Yield the rules wrongly called exact, filed under why.

    ``spurious``: gold has no criterion there. ``status``: gold does not hold it to be exact.
    Else what differs, as the tasks over rules name it, or ``rule``.
    """
    known = {
        _places(pair): pair.errors
        for task in evaluation.tasks
        if task.name in RULE_TASKS
        for pair in task.pairs
        if pair.kind == "wrong"
    }
    for pair in evaluation.honesty.wrong if evaluation.honesty else ():
        if pair.gold is None:
            yield replace(pair, kind="spurious", errors=("spurious",))
        elif pair.gold.slots.get("status") != "exact":
            yield replace(pair, errors=("status",))
        else:
            yield replace(pair, errors=known.get(_places(pair), ("rule",)))


def _places(pair: Pair) -> tuple[object, ...]:
    return pair.document, *((item and item.criterion) for item in (pair.gold, pair.pred))


def error_data(
    evaluation: Evaluation, gold: Iterable[Record] = (), pred: Iterable[Record] = ()
) -> dict[str, Any]:
    """Return the errors of an evaluation as plain lists; see the module's layout.

    Parameters
    ----------
    gold, pred : the records that were compared, for their rules in English; without them the
        rules are shown as the evaluation holds them.
    """
    names = {key: Numbered() for key in ("tasks", "docs", "labels", "kinds", "slot_names")}
    items: dict[Hashable, int] = Numbered()
    rows = []
    for task, pair in errors_of(evaluation):
        sides = [
            items[_item(item, evaluation.texts, names)] if item else -1
            for item in (pair.gold, pair.pred)
        ]
        kinds = [names["kinds"][kind] for kind in pair.errors or (pair.kind,)]
        rows.append([names["tasks"][task], names["docs"][pair.document], kinds, *sides])
    return {
        "docs": [[name, evaluation.texts.get(str(name), "")] for name in names.pop("docs")],
        **{key: list(found) for key, found in names.items()},
        "items": list(items),
        "errors": rows,
        "rules": _rules(evaluation, gold, pred),
    }


def _item(item: Item, texts: Mapping[str, str], names: Mapping[str, Numbered]) -> Hashable:
    words = texts.get(item.document, "")[item.start : item.end]
    slots: tuple[Hashable, ...] | int = 0
    if item.slots:
        slots = (names["slot_names"][tuple(item.slots)], *item.slots.values())
    return (
        names["labels"][item.label],
        item.start,
        item.end,
        item.fragments or 0,
        item.criterion or 0,
        slots,
        0 if item.text == words else item.text,
    )


def _rules(
    evaluation: Evaluation, gold: Iterable[Record], pred: Iterable[Record]
) -> dict[str, dict[str, list[str]]]:
    """Return the rules that an error of a task over rules shows, in English."""
    asked: dict[str, set[tuple[str, str]]] = {"gold": set(), "pred": set()}
    for task, pair in errors_of(evaluation):
        if task in RULE_TASKS:
            for side, item in (("gold", pair.gold), ("pred", pair.pred)):
                if item and item.criterion:
                    asked[side].add((item.document, item.criterion))
    found: dict[str, dict[str, list[str]]] = {}
    for side, records in (("gold", gold), ("pred", pred)):
        known = {record.id: record for record in records} if asked[side] else {}
        found[side] = {
            f"{document}/{name}": english
            for document, name in sorted(asked[side])
            if document in known and (english := _english(known[document], name))
        }
    return found


def _english(record: Record, name: str) -> list[str]:
    """Return a criterion's rule, and behind it the one with its children's where that differs."""
    criterion = next((one for one in record.criteria if one.id == name), None)
    if criterion is None:
        return []
    own, whole = to_english(record, criterion), to_english(record, _whole(record, criterion))
    return [own] if own == whole else [own, whole]


def _whole(record: Record, criterion: Criterion) -> Criterion:
    if criterion.rule is None:
        return criterion
    rule = inline(criterion.rule, {one.id: one.rule for one in record.criteria})
    return replace(criterion, rule=rule)


def script_json(body: Any) -> str:
    """Return JSON that may stand in a ``<script>``: no text in it can end the element."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
