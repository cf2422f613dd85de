"""The tasks, and what one document gives for each: pairs and counts.

Definitions
-----------
Every task has items on both sides (`critextract.evaluation.entries`); repeated ones count once. An
item of gold and a predicted one are *right* (a true positive) as the table says, and are paired one
to one by a maximum matching. "Overlap" is a common character.

======================  =====================================================================
task                    items; when a pair is right
======================  =====================================================================
mentions.strict         mentions; same label, same characters (all fragments), same component
mentions.overlapping    mentions; same label, overlap
attributes.NAME         mentions whose attribute is not the default (not negated, actual, of the
                        patient, no period); overlap, same content
qualifiers              qualifiers; overlap, same kind
values                  values, counts, doses; overlap and every slot is right
values.SLOT             the slot of those values that have it
windows, windows.SLOT   the same of windows
relations               links of a mention to its parts, of guards, exceptions and conditions;
                        same kind, mentions in the same place, second parts overlap
sections                headings; overlap, same section
criteria.boundaries     criteria; same characters but for white space and punctuation around
criteria.overlapping    criteria; at least half of all their characters are common
criteria.SLOT           section, group and parent of criteria that overlap so
rules.own               criteria with a rule; overlap so, rules equivalent, where a child criterion
                        stands for itself
rules.whole             criteria without a parent; the same, with the rules of children put in
======================  =====================================================================

A slot of a value, window or criterion: items that are right as a whole are paired, and of the rest
those that overlap most. A pair whose slots hold the same counts as true positive; where gold's slot
holds something else or nothing is there it is a false negative, and so for the prediction a false
positive; a slot that is empty on both sides counts nowhere.

Worked example: gold "platelets >= 100 10*9/L" has subject, role, comparator ``above``, number 100,
closedness ``closed`` and unit. Predicted is ``> 100`` without a unit on the same characters.
``values``: one false negative, one false positive. ``values.number``: true positive.
``values.closedness``: one false negative and one false positive. ``values.unit``: one false
negative. ``values.guard``: nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from critextract.evaluation import entries as of
from critextract.evaluation.alignment import SAME_CRITERION, Alignment, same_place
from critextract.evaluation.match import Entry, Paired, Weight, jaccard, pair_up
from critextract.evaluation.results import Pair
from critextract.evaluation.rules import score_rules

CRITERION_SLOTS = ("section", "group", "parent")
SLOT_TASKS: Mapping[str, tuple[str, str]] = {
    **{f"values.{slot}": ("values", slot) for slot in of.VALUE_SLOTS},
    **{f"windows.{slot}": ("windows", slot) for slot in of.WINDOW_SLOTS},
    **{f"criteria.{slot}": ("criteria.overlapping", slot) for slot in CRITERION_SLOTS},
}
"""Tasks that look at one slot: the task whose pairs they read, and the slot."""

TASKS = (
    "mentions.strict",
    "mentions.overlapping",
    *(f"attributes.{name}" for name in of.ATTRIBUTES),
    "qualifiers",
    "values",
    *(name for name in SLOT_TASKS if name.startswith("values.")),
    "windows",
    *(name for name in SLOT_TASKS if name.startswith("windows.")),
    "relations",
    "sections",
    "criteria.boundaries",
    "criteria.overlapping",
    *(name for name in SLOT_TASKS if name.startswith("criteria.")),
    "rules.own",
    "rules.whole",
)
"""Every task over records, in the order in which they are reported."""

_OWN_LABEL = frozenset({"comparator", "closedness", "relative_to", "direction", "role", "section"})
"""Slots whose contents are few: each is a label. The other slots are filed under the item's."""

Tally = dict[str, list[int]]
"""Label -> [true positives, false positives, false negatives]."""


@dataclass(frozen=True)
class DocumentScores:
    """What one document gives.

    pairs : task -> its pairs; a task of one slot has an entry where the task whose pairs it reads
        is not asked for.
    tallies : task -> counts by label.
    credit : task over rules -> partial credit of each gold rule.
    """

    document: str
    pairs: Mapping[str, list[Pair]]
    tallies: Mapping[str, Tally]
    credit: Mapping[str, list[float]] = field(default_factory=dict)


def _exact(gold: Entry, pred: Entry) -> float:
    if gold.item.label != pred.item.label or gold.item.ranges != pred.item.ranges:
        return 0.0
    return float(gold.key == pred.key)


def _boundaries(gold: Entry, pred: Entry) -> float:
    return float((gold.item.start, gold.item.end) == (pred.item.start, pred.item.end))


def _label_and_place(gold: Entry, pred: Entry) -> float:
    return jaccard(gold.item, pred.item) if gold.item.label == pred.item.label else 0.0


def _mostly(gold: Entry, pred: Entry) -> float:
    shared = jaccard(gold.item, pred.item)
    return shared if shared >= SAME_CRITERION else 0.0


def _whole(gold: Entry, pred: Entry) -> float:
    return 0.0 if of.differing(gold, pred) else jaccard(gold.item, pred.item)


def _slots_near(gold: Entry, pred: Entry) -> float:
    """Weigh by place, then by whom it belongs to, then by what else is right."""
    shared = jaccard(gold.item, pred.item)
    if not shared:
        return 0.0
    wrong = of.differing(gold, pred)
    right = 1 - len(wrong) / len(gold.item.slots)
    return 0.5 * shared + 0.3 * ("subject" not in wrong) + 0.2 * right


def _linked(gold: Entry, pred: Entry) -> float:
    return _label_and_place(gold, pred) if gold.key == pred.key else 0.0


def _link_near(gold: Entry, pred: Entry) -> float:
    alike = (gold.item.label == pred.item.label) + (gold.key == pred.key)
    return jaccard(gold.item, pred.item) * (1 + alike) / 3


def _mention_errors(gold: Entry, pred: Entry) -> tuple[str, ...]:
    found = []
    if gold.item.ranges != pred.item.ranges:
        found.append("boundary")
    if gold.item.label != pred.item.label:
        found.append("type")
    return tuple(found) or ("component",)


def _type_error(gold: Entry, pred: Entry) -> tuple[str, ...]:
    return ("type",) if gold.item.label != pred.item.label else ("boundary",)


def _link_errors(gold: Entry, pred: Entry) -> tuple[str, ...]:
    head = gold.key != pred.key
    kind = gold.item.label != pred.item.label
    return tuple(["head"] * head + ["type"] * kind)


def _slot_errors(gold: Entry, pred: Entry) -> tuple[str, ...]:
    return of.differing(gold, pred) or ("boundary",)


def to_pair(paired: Paired, errors: Callable[[Entry, Entry], tuple[str, ...]]) -> Pair:
    """Return the pair of results that two paired entries make."""
    gold, pred, same = paired
    if gold is None or pred is None:
        entry = gold or pred
        assert entry is not None
        if pred is None:
            return Pair(entry.item.document, "missed", entry.item, None, ("missed",))
        return Pair(entry.item.document, "spurious", None, entry.item, ("spurious",))
    if same:
        return Pair(gold.item.document, "matched", gold.item, pred.item)
    return Pair(gold.item.document, "wrong", gold.item, pred.item, errors(gold, pred))


def tally(pairs: Iterable[Pair]) -> Tally:
    """Return counts by label: gold's for what gold has, else the prediction's."""
    out: Tally = {}
    for pair in pairs:
        if pair.kind == "matched":
            out.setdefault(pair.label, [0, 0, 0])[0] += 1
            continue
        if pair.pred is not None:
            out.setdefault(pair.pred.label, [0, 0, 0])[1] += 1
        if pair.gold is not None:
            out.setdefault(pair.gold.label, [0, 0, 0])[2] += 1
    return out


def slot_tally(paired: Iterable[Paired], slot: str) -> Tally:
    """Return the counts of one slot over paired entries; see the module's definitions."""
    out: Tally = {}
    for gold, pred, _ in paired:
        same = gold is not None and pred is not None and slot not in of.differing(gold, pred)
        for entry, place in ((gold, 0 if same else 2), (pred, 1)):
            if entry is None or entry.key[slot] is None or (same and place == 1):
                continue
            label = str(entry.item.slots[slot]) if slot in _OWN_LABEL else entry.item.label
            out.setdefault(label, [0, 0, 0])[place] += 1
    return out


def slot_pairs(paired: Iterable[Paired], slot: str) -> list[Pair]:
    """Return the pairs of one slot; a side that has nothing in it takes no part."""
    found = []
    for gold, pred, _ in paired:
        same = gold is not None and pred is not None and slot not in of.differing(gold, pred)
        one, two = (e if e and e.key[slot] is not None else None for e in (gold, pred))
        if one or two:
            found.append(to_pair(Paired(one, two, same), lambda *_: (slot,)))
    return found


@dataclass(frozen=True)
class _Plan:
    """How one task is scored: its entries on each side, and what makes two of them one."""

    name: str
    gold: Callable[[Alignment], list[Entry]]
    pred: Callable[[Alignment], list[Entry]]
    same: Weight
    near: Weight
    errors: Callable[[Entry, Entry], tuple[str, ...]]


def _plans() -> tuple[_Plan, ...]:
    def plain(name: str, read: Callable[..., list[Entry]], *rest: Callable[..., object]) -> _Plan:
        return _Plan(name, lambda a: read(a.gold), lambda a: read(a.pred), *rest)  # type: ignore[arg-type]

    def named(name: str, read: Callable[..., list[Entry]], *rest: Callable[..., object]) -> _Plan:
        return _Plan(
            name,
            lambda a: read(a.gold, a.gold_leaves),
            lambda a: read(a.pred, a.pred_leaves),
            *rest,  # type: ignore[arg-type]
        )

    def attribute(name: str) -> Callable[..., list[Entry]]:
        return lambda record: of.attribute(record, name)

    return (
        plain("mentions.strict", of.mentions, _exact, same_place, _mention_errors),
        plain("mentions.overlapping", of.mentions, _label_and_place, same_place, _type_error),
        *(
            plain(f"attributes.{name}", attribute(name), _label_and_place, same_place, _type_error)
            for name in of.ATTRIBUTES
        ),
        plain("qualifiers", of.qualifiers, _label_and_place, same_place, _type_error),
        named("values", of.values, _whole, _slots_near, _slot_errors),
        named("windows", of.windows, _whole, _slots_near, _slot_errors),
        named("relations", of.relations, _linked, _link_near, _link_errors),
        plain("sections", of.headings, _label_and_place, same_place, _type_error),
        named("criteria.boundaries", of.criteria, _boundaries, _mostly, _mention_errors),
        named("criteria.overlapping", of.criteria, _mostly, same_place, _type_error),
    )


_PLANS = _plans()

Labels = Mapping[str, frozenset[str]]
"""Task -> labels of its items that are scored; a task that is not in it has all."""


def score_document(
    alignment: Alignment, tasks: Iterable[str] = TASKS, labels: Labels | None = None
) -> DocumentScores:
    """Return the pairs and counts of one document for the tasks asked for."""
    wanted = set(tasks)
    needed = wanted | {SLOT_TASKS[name][0] for name in wanted & set(SLOT_TASKS)}
    pairs: dict[str, list[Pair]] = {}
    tallies: dict[str, Tally] = {}
    for plan in _PLANS:
        if plan.name not in needed:
            continue
        sides = [plan.gold(alignment), plan.pred(alignment)]
        if labels and (kept := labels.get(plan.name)):
            sides = [[entry for entry in side if entry.item.label in kept] for side in sides]
        paired = pair_up(*sides, same=plan.same, near=plan.near)
        if plan.name in wanted:
            pairs[plan.name] = [to_pair(two, plan.errors) for two in paired]
            tallies[plan.name] = tally(pairs[plan.name])
        for name, (parent, slot) in SLOT_TASKS.items():
            if parent == plan.name and name in wanted:
                tallies[name] = slot_tally(paired, slot)
                if parent not in wanted:
                    pairs[name] = slot_pairs(paired, slot)
    credit: dict[str, list[float]] = {}
    for name in ("rules.own", "rules.whole"):
        if name in wanted:
            pairs[name], credit[name] = score_rules(alignment, whole=name == "rules.whole")
            tallies[name] = tally(pairs[name])
    return DocumentScores(alignment.gold.id, pairs, tallies, credit)
