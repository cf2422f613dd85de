"""A mention as the leaf of a canonical rule: who it is, and its slots.

Who a mention is does not depend on its id: a predicted mention is the gold mention it is aligned
with, by place or else by name within the same criterion (`critextract.evaluation.alignment`);
without one it is its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from critextract.evaluation.canonical import Key, canonical
from critextract.evaluation.quantities import Bound, interval_key
from critextract.names import normalise_name
from critextract.rules import Child, Is, Rule, Unparsed
from critextract.schema import (
    Guard,
    Mention,
    Otherwise,
    Qualifier,
    Record,
    RuleGuard,
    SexGuard,
    Value,
    Window,
)

Who = Callable[[str], object]
"""Mention id -> who it is."""


class Leaves:
    """Keys of the leaves of one record's rules.

    Parameters
    ----------
    record : whose mentions and criteria the rules name.
    who, criterion : mention id, criterion id -> who or which it is on both sides.
    """

    def __init__(
        self, record: Record, who: Mapping[str, object], criterion: Mapping[str, object]
    ) -> None:
        self.text = record.text
        self.mentions = {mention.id: mention for mention in record.mentions}
        self.names = who
        self.criteria = criterion
        self._known: dict[str, Key] = {}
        self._open: set[str] = set()

    def who(self, mention: str) -> object:
        """Return who a mention is; one that the record does not hold is its id."""
        return self.names.get(mention, ("unknown", mention))

    def key(self, rule: Rule) -> Key:
        """Return the canonical form of a rule of this record."""
        return canonical(rule, self.leaf)

    def leaf(self, node: Rule) -> Key:
        """Return the key of a node without arguments."""
        match node:
            case Is(mention):
                return self._mention(mention)
            case Child(id_):
                return ("leaf", ("criterion", self.criteria.get(id_, id_)), frozenset())
            case Unparsed(start, end, _):
                words = normalise_name(self.text[start:end]) or self.text[start:end]
                return ("leaf", ("unparsed", words), frozenset())
        raise TypeError(f"a rule's leaf cannot be {node!r}")

    def _mention(self, id_: str) -> Key:
        if id_ not in self._known:
            mention = self.mentions.get(id_)
            if mention is None or id_ in self._open:  # a guard that names its own mention
                return ("leaf", self.who(id_), frozenset())
            self._open.add(id_)
            self._known[id_] = ("leaf", self.who(id_), frozenset(self.slots(mention)))
            self._open.discard(id_)
        return self._known[id_]

    def guard(self, guard: Guard | None) -> object:
        """Return a guard in comparable form, None without one."""
        match guard:
            case SexGuard(sex):
                return ("sex", sex)
            case RuleGuard(rule):
                return ("rule", self.key(rule))
            case Otherwise():
                return ("otherwise",)
        return None

    def reference(self, point: str | None) -> object:
        """Return a reference point; a mention stands for who it is, null for screening."""
        if point is None:
            return "screening"
        return self.who(point) if point in self.mentions else point

    def slots(self, mention: Mention) -> Iterable[Key]:
        """Yield the slots of a mention that are not the default."""
        plain: dict[str, Any] = {
            "modality": mention.modality if mention.modality != "actual" else None,
            "experiencer": mention.experiencer if mention.experiencer != "patient" else None,
            "period": mention.period,
            "component": mention.component,
        }
        yield from ((name, content) for name, content in plain.items() if content is not None)
        yield from (("qualifier", *qualifier_key(qualifier)) for qualifier in mention.qualifiers)
        yield from self._values("value", mention.values, mention.values_op)
        yield from self._windows(mention.windows, mention.windows_op)
        for name, value in (("count", mention.count), ("dose", mention.dose)):
            yield from self._values(name, () if value is None else (value,), "all")

    def _values(self, name: str, values: Iterable[Value], op: str) -> Iterable[Key]:
        cases: dict[tuple[object, str | None], list[tuple[Any, ...]]] = {}
        for value in values:
            case = (self.guard(value.guard), value.relative_to)
            cases.setdefault(case, []).append(interval_key(value))
        merged = {
            case: _merged(keys) if op == "all" else sorted(set(keys), key=repr)
            for case, keys in cases.items()
        }
        place = sorted({key for keys in merged.values() for key in keys}, key=repr).index
        for (guard, relative), keys in merged.items():
            if len(keys) > 1 and op != "all":
                yield (f"{name}s_op", op, guard)
            for key in keys:
                yield from _bounds(name, key, place(key))
                if relative is not None:
                    yield (f"{name}.relative_to", relative, place(key), guard)
                if guard is not None:
                    yield (f"{name}.guard", guard, place(key))

    def _windows(self, windows: tuple[Window, ...], op: str) -> Iterable[Key]:
        keys = {(window.role, *interval_key(window)) for window in windows}
        place = sorted(keys, key=repr).index
        for window in windows:
            key = interval_key(window)
            mark = place((window.role, *key))
            yield ("window.role", window.role, mark)
            yield ("window.reference_point", self.reference(window.reference_point), mark)
            bounded = window.low is not None or window.high is not None
            # "at screening" and "previous" are dated by their words: no direction is asked of them
            if window.direction is not None and (bounded or window.direction == "after"):
                yield ("window.direction", window.direction, mark)
            yield from _bounds("window", key, mark)
        if len(windows) > 1 and op != "all":
            yield ("windows_op", op)


def _bounds(name: str, key: tuple[Any, ...], place: int) -> Iterable[Key]:
    """Yield comparator, number, closedness, unit and words; `place` ties those of one value."""
    base, low, high, numbers, words = key
    shape = "set" if numbers else f"{'above' if low else ''}{'below' if high else ''}"
    if shape:
        yield (f"{name}.comparator", shape, place)
        yield (f"{name}.number", numbers or tuple(end and end[0] for end in (low, high)), place)
    if low or high:
        yield (f"{name}.closedness", tuple(end and end[1] for end in (low, high)), place)
    if base:
        yield (f"{name}.unit", base, place)
    if words:
        yield (f"{name}.words", words, place)


def _merged(keys: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return values that must all hold with intervals of one unit drawn together.

    ``>= 18`` and ``<= 65`` is ``18 to 65``; sets and words stay as they are.
    """
    intervals: dict[tuple[str, str | None], tuple[Bound, Bound]] = {}
    rest = []
    for base, low, high, numbers, words in keys:
        if numbers is not None or (low is None and high is None):
            rest.append((base, low, high, numbers, words))
            continue
        old_low, old_high = intervals.get((base, words), (None, None))
        lows = [end for end in (old_low, low) if end is not None]
        highs = [end for end in (old_high, high) if end is not None]
        intervals[base, words] = (
            max(lows, key=lambda end: (end[0], not end[1]), default=None),
            min(highs, key=lambda end: (end[0], end[1]), default=None),
        )
    drawn = [(base, low, high, None, words) for (base, words), (low, high) in intervals.items()]
    return sorted({*drawn, *rest}, key=repr)


def qualifier_key(qualifier: Qualifier) -> tuple[str, str]:
    """Return kind and words of a qualifier in comparable form."""
    return qualifier.kind, normalise_name(qualifier.value) or qualifier.value.lower()
