"""What a record holds, as entries of each task: mentions, attributes, values, relations ...

Each function takes a record and the leaves of its rules, which say who a mention is on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from critextract.evaluation.alignment import criterion_item, mention_item
from critextract.evaluation.leaves import Leaves, qualifier_key
from critextract.evaluation.match import Entry
from critextract.evaluation.quantities import base_unit, closedness, comparator, numbers
from critextract.evaluation.results import Item
from critextract.intervals import number_text
from critextract.rules import Except, If, Is, Rule, walk
from critextract.schema import (
    Guard,
    Mention,
    Otherwise,
    Record,
    RuleGuard,
    SexGuard,
    Value,
    Window,
)

ATTRIBUTES = ("negated", "modality", "period", "experiencer")
VALUE_SLOTS = (
    "subject", "role", "comparator", "number", "closedness", "unit", "relative_to", "words",
    "guard",
)  # fmt: skip
WINDOW_SLOTS = (
    "subject", "role", "comparator", "number", "closedness", "unit", "direction",
    "reference_point",
)  # fmt: skip
QUANTITY = "quantity"
"""Key beside the slots: the numbers in base units."""
_DEFAULTS = {"negated": False, "modality": "actual", "period": None, "experiencer": "patient"}


def _once(entries: Iterable[Entry]) -> list[Entry]:
    """Return entries without repetition: what is annotated twice is annotated once."""
    seen: dict[tuple[object, ...], Entry] = {}
    for entry in entries:
        item = entry.item
        key = (item.label, item.start, item.end, item.ranges, *entry.key.items())
        seen.setdefault(key, entry)
    return list(seen.values())


def mentions(record: Record) -> list[Entry]:
    """Return one entry a mention; label, characters and component tell them apart."""
    return _once(
        Entry(mention_item(record, mention), {"component": mention.component})
        for mention in record.mentions
    )


def attribute(record: Record, name: str) -> list[Entry]:
    """Return one entry for each mention whose attribute is not the default, under its content.

    Label ``negated`` for a negated mention, ``past`` for one of period past, and so on.
    """
    found = ((mention, getattr(mention, name)) for mention in record.mentions)
    return _once(
        Entry(mention_item(record, mention, "negated" if content is True else content), {})
        for mention, content in found
        if content != _DEFAULTS[name]
    )


def qualifiers(record: Record) -> list[Entry]:
    """Return one entry a qualifier, under its kind."""
    return _once(
        Entry(
            Item(record.id, q.kind, q.start, q.end, record.text[q.start : q.end]),
            {"words": qualifier_key(q)[1]},
        )
        for mention in record.mentions
        for q in mention.qualifiers
    )


def _bounds_of(mention: Mention) -> Iterator[tuple[str, Value]]:
    yield from (("value", value) for value in mention.values)
    yield from ((role, v) for role in ("count", "dose") if (v := getattr(mention, role)))


def values(record: Record, leaves: Leaves) -> list[Entry]:
    """Return one entry a value, count or dose, under the label of its mention."""
    return _once(
        _quantity(record, mention, value, _value_slots(mention, role, value, leaves))
        for mention in record.mentions
        for role, value in _bounds_of(mention)
        if value.start < value.end
    )


def windows(record: Record, leaves: Leaves) -> list[Entry]:
    """Return one entry a window, under the label of its mention."""
    return _once(
        _quantity(record, mention, window, _window_slots(mention, window, leaves))
        for mention in record.mentions
        for window in mention.windows
        if window.start < window.end
    )


Slots = dict[str, tuple[str | None, object]]
"""Slot -> how it is shown, what it is compared by."""


def _quantity(record: Record, mention: Mention, of: Value | Window, slots: Slots) -> Entry:
    words = record.text[of.start : of.end]
    shown = {name: content[0] for name, content in slots.items() if name != QUANTITY}
    item = Item(
        record.id,
        str(mention.label),
        of.start,
        of.end,
        words,
        slots=shown,
        criterion=mention.criterion,
    )
    return Entry(item, {name: content[1] for name, content in slots.items()})


def _value_slots(mention: Mention, role: str, value: Value, leaves: Leaves) -> Slots:
    guard = leaves.guard(value.guard)
    words = value.text_value.lower() if value.text_value else None
    return {
        "subject": (mention.text, leaves.who(mention.id)),
        "role": (role, role),
        **_bound_slots(value, value.relative_to),
        "relative_to": (value.relative_to, value.relative_to),
        "words": (words, words),
        "guard": (guard_text(value.guard, leaves), guard),
    }


def _window_slots(mention: Mention, window: Window, leaves: Leaves) -> Slots:
    point = window.reference_point
    mentioned = leaves.mentions.get(point) if point else None
    return {
        "subject": (mention.text, leaves.who(mention.id)),
        "role": (window.role, window.role),
        **_bound_slots(window, None),
        "direction": (window.direction, window.direction),
        "reference_point": (
            mentioned.text if mentioned else point,
            leaves.reference(point) if point else None,
        ),
    }


def _bound_slots(of: Value | Window, relative_to: str | None) -> Slots:
    printed = numbers(of)
    shown = " to ".join(number_text(number) for number in printed) if printed else None
    shape, ends = comparator(of), closedness(of)
    return {
        "comparator": (shape, shape),
        "number": (shown, printed),
        "closedness": (ends, ends),
        "unit": (of.unit, of.unit),
        QUANTITY: (None, _converted(of, relative_to, printed)),
    }


def _converted(
    of: Value | Window, relative_to: str | None, printed: tuple[Decimal, ...] | None
) -> object:
    """Return numbers in the unit's base and its name; None without numbers."""
    base, size = base_unit(of.unit, relative_to)
    return printed and (base, tuple((number * size).normalize() for number in printed))


def differing(gold: Entry, pred: Entry) -> tuple[str, ...]:
    """Return the slots in which two entries differ, in the order of the slots.

    Number and unit are right together where one is the other converted: 9 g/dL, 90 g/L.
    """
    quantity = gold.key.get(QUANTITY)
    same = quantity is not None and quantity == pred.key.get(QUANTITY)
    return tuple(
        slot
        for slot in gold.item.slots
        if gold.key[slot] != pred.key[slot] and not (same and slot in ("number", "unit"))
    )


def guard_text(guard: Guard | None, leaves: Leaves) -> str | None:
    """Return a guard in words, None without one."""
    match guard:
        case SexGuard(sex):
            return sex
        case RuleGuard(rule):
            return rule_text(rule, leaves)
        case Otherwise():
            return "otherwise"
    return None


def rule_text(rule: Rule | None, leaves: Leaves) -> str | None:
    """Return a rule in one line: ``all[not[stroke], Hb]``; None without one."""
    if rule is None:
        return None
    match rule:
        case Is(mention):
            known = leaves.mentions.get(mention)
            return known.text if known else mention
    args = getattr(rule, "args", None)
    if args is None:
        return f"{rule.op} {getattr(rule, 'id', None) or getattr(rule, 'reason', '')}".strip()
    n = getattr(rule, "n", None)
    name = rule.op if n is None else f"{rule.op} {n}"
    return f"{name}[{', '.join(str(rule_text(arg, leaves)) for arg in args)}]"


# --- relations --------------------------------------------------------------------------------


def relations(record: Record, leaves: Leaves) -> list[Entry]:
    """Return one entry a relation, at the characters of its second part.

    ``has_value`` ``has_count`` ``has_dose`` ``has_window`` ``has_qualifier`` ``has_negation`` lead
    from a mention to its parts, ``has_guard`` to the mentions of a guard, ``except`` from the
    mentions of a base to those taken out, ``if_then`` from a condition's to those it decides.
    """
    return _once([*_parts_of_mentions(record, leaves), *_rule_relations(record, leaves)])


def _relation(
    record: Record, leaves: Leaves, kind: str, head: Mention, tail: tuple[int, int]
) -> Entry:
    shown = {"head": head.text, "tail": record.text[tail[0] : tail[1]]}
    item = Item(record.id, kind, *tail, shown["tail"], slots=shown, criterion=head.criterion)
    return Entry(item, {"head": leaves.who(head.id)})


def _parts_of_mentions(record: Record, leaves: Leaves) -> Iterator[Entry]:
    for mention in record.mentions:
        parts: list[tuple[str, tuple[int, int]]] = [
            (f"has_{role}", (value.start, value.end)) for role, value in _bounds_of(mention)
        ]
        parts += [("has_window", (window.start, window.end)) for window in mention.windows]
        parts += [("has_qualifier", (q.start, q.end)) for q in mention.qualifiers]
        if mention.negation_cue:
            parts.append(("has_negation", mention.negation_cue))
        for _, value in _bounds_of(mention):
            if isinstance(value.guard, RuleGuard):
                guards = _mentions_of(value.guard.rule, leaves)
                parts += [("has_guard", (guard.start, guard.end)) for guard in guards]
        for kind, tail in parts:
            if tail[0] < tail[1]:
                yield _relation(record, leaves, kind, mention, tail)


def _mentions_of(rule: Rule, leaves: Leaves) -> list[Mention]:
    named = (node.mention for node in walk(rule) if isinstance(node, Is))
    return [leaves.mentions[name] for name in named if name in leaves.mentions]


def _rule_relations(record: Record, leaves: Leaves) -> Iterator[Entry]:
    for criterion in record.criteria:
        for node in walk(criterion.rule) if criterion.rule else ():
            if isinstance(node, (Except, If)) and node.args:
                kind = "except" if isinstance(node, Except) else "if_then"
                for arg in node.args[1:]:
                    for head in _mentions_of(node.args[0], leaves):
                        for tail in _mentions_of(arg, leaves):
                            yield _relation(record, leaves, kind, head, (tail.start, tail.end))


# --- sections and criteria --------------------------------------------------------------------


def headings(record: Record) -> list[Entry]:
    """Return one entry a heading, under the section it opens."""
    return _once(
        Entry(Item(record.id, h.section, h.start, h.end, record.text[h.start : h.end]), {})
        for h in record.headings
        if h.start < h.end
    )


def criteria(record: Record, leaves: Leaves) -> list[Entry]:
    """Return one entry a criterion, with its section, group and parent as slots."""
    texts = {criterion.id: criterion.text for criterion in record.criteria}
    out = []
    for criterion in record.criteria:
        if criterion.start >= criterion.end:
            continue
        parent = criterion.parent
        item = criterion_item(record, criterion)
        slots: Slots = {
            "section": (criterion.section, criterion.section),
            "group": (criterion.group, criterion.group and criterion.group.strip().lower()),
            "parent": (texts.get(parent) if parent else None, leaves.criteria.get(parent or "")),
        }
        shown = {name: content[0] for name, content in slots.items()}
        placed = Item(
            item.document, "criterion", item.start, item.end, item.text, (), shown, criterion.id
        )
        out.append(Entry(placed, {name: content[1] for name, content in slots.items()}))
    return out
