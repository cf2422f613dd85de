"""Rules in a form in which what means the same is equal, and how far two of them agree.

Definitions
-----------
The canonical form of a rule has negation at its leaves only (De Morgan; two negations cancel), no
`all` within `all` or `any` within `any`, no order, no repetition, no node of one argument;
``if(a, b)`` is ``any(not a, b)``, ``if(a, b, c)`` is ``all(any(not a, b), any(a, c))``, and
``at_least`` 1 or all of them is ``any`` or ``all``. ``except`` stays: it takes events out of its
base, which no operator over truth does.

A leaf is a mention: who it is (`Tokens`) and its slots in the form of
`critextract.evaluation.quantities`. `negated` is no slot: it describes the text, the rule has its
``not``.

Two rules are *equivalent* when their canonical forms are equal, or when they have at most
`TABLE_LEAVES` leaves together and are true and false on the same assignments of true, false and
unknown to these: ``any(a, all(a, b))`` is ``a``, but ``any(a, not a)`` is not certain.

The *credit* of a rule is what two canonical forms share, counted like F1: twice the common
features over all features of both. Features of a leaf are its mention, whether it stands under
``not``, and every slot; of an operator, its kind with the mentions below it.

Worked example: gold ``all[Hb >= 9 g/dL, stroke]``, predicted ``all[Hb >= 8 g/dL, stroke]``. Hb has
the features mention, sign, comparator, number, closedness and unit; stroke has two; ``all`` is
one: 9 on either side. They share 8, all but the number, so the credit is 16/18; they are not
equivalent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from critextract.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    Child,
    Except,
    If,
    Not,
    Rule,
)

Key = tuple[Any, ...]
"""``("leaf", who, slots)``, ``("not", leaf)``, ``("all"|"any", frozenset)``,
``("at_least", n, frozenset of (key, times))``, ``("except", base, frozenset)``."""

TABLE_LEAVES = 9
"""Leaves up to which two rules are compared on all assignments: 3**9 of them."""


def canonical(rule: Rule, leaf: Callable[[Rule], Key], *, negative: bool = False) -> Key:
    """Return the canonical form of a rule, or of its negation.

    Parameters
    ----------
    leaf : of an ``is``, ``criterion`` or ``unparsed`` node, its key.
    """

    def below(args: Iterable[Rule], flip: bool = negative) -> list[Key]:
        return [canonical(arg, leaf, negative=flip) for arg in args]

    match rule:
        case Not(args):
            return canonical(
                args[0] if len(args) == 1 else AllOf(args), leaf, negative=not negative
            )
        case AllOf(args):
            return join("any" if negative else "all", below(args))
        case AnyOf(args):
            return join("all" if negative else "any", below(args))
        case If(args):
            return canonical(_without_if(args), leaf, negative=negative)
        case AtLeast(n, args):
            return _at_least(len(args) - n + 1 if negative else n, below(args))
        case Except(args):
            return _signed(_except(below(args, False)), negative)
    return _signed(leaf(rule), negative)


def _signed(key: Key, negative: bool) -> Key:
    return ("not", key) if negative else key


def _without_if(args: tuple[Rule, ...]) -> Rule:
    condition, then, *otherwise = args
    implied = AnyOf((Not((condition,)), then))
    return AllOf((implied, AnyOf((condition, otherwise[0])))) if otherwise else implied


def join(kind: str, parts: Iterable[Key]) -> Key:
    """Return ``all`` or ``any`` of parts: flat, unordered, without repetition."""
    flat: set[Key] = set()
    for part in parts:
        flat |= part[1] if part[0] == kind else {part}
    return next(iter(flat)) if len(flat) == 1 else (kind, frozenset(flat))


def _at_least(n: int, parts: list[Key]) -> Key:
    if n <= 1 or n == len(parts):
        return join("any" if n == 1 else "all", parts if n >= 1 else [])
    if n > len(parts):
        return ("any", frozenset())  # never true
    return ("at_least", n, frozenset(Counter(parts).items()))


def _except(parts: list[Key]) -> Key:
    base, *exceptions = parts
    taken: set[Key] = set()
    if base[0] == "except":
        base, taken = base[1], set(base[2])
    for exception in exceptions:  # either exception takes an event out
        taken |= exception[1] if exception[0] == "any" else {exception}
    return ("except", base, frozenset(taken)) if taken else base


def inline(rule: Rule, rules: Mapping[str, Rule | None], depth: int = 0) -> Rule:
    """Return the rule with every ``criterion`` node replaced by that criterion's rule.

    A criterion without a rule, or one that would contain itself, stays a ``criterion`` node.
    """
    match rule:
        case Child(id_):
            target = rules.get(id_)
            return rule if target is None or depth > 20 else inline(target, rules, depth + 1)
        case AtLeast(n, args):
            return AtLeast(n, tuple(inline(arg, rules, depth) for arg in args))
        case AllOf() | AnyOf() | Not() | If() | Except():
            return type(rule)(tuple(inline(arg, rules, depth) for arg in rule.args))
    return rule


# --- equivalence ------------------------------------------------------------------------------


def equivalent(a: Key, b: Key) -> bool:
    """Tell whether two canonical forms say the same; see the module's definitions."""
    if a == b:
        return True
    leaves = {*_atoms(a), *_atoms(b)}
    if len(leaves) > TABLE_LEAVES:
        return False
    columns = _columns(list(leaves))
    return _table(a, columns) == _table(b, columns)


def _atoms(key: Key) -> Iterable[Key]:
    """Yield what truth is asked of: leaves and exceptions."""
    match key:
        case ("all" | "any" | "at_least", *_):
            for part in _parts(key):
                yield from _atoms(part)
        case ("not", inner):
            yield inner
        case _:
            yield key


Masks = tuple[int, int]
"""Bit `i` of the first: true on assignment `i`; of the second: false on it; neither: unknown."""


def _columns(leaves: list[Key]) -> dict[Key, Masks]:
    """Return the masks of the leaves: digit `j` of an assignment in base 3 is leaf `j`'s truth."""
    total = 3 ** len(leaves)
    columns = {}
    for place, leaf in enumerate(leaves):
        block = 3**place
        repeat = ((1 << total) - 1) // ((1 << 3 * block) - 1)
        ones = (1 << block) - 1
        columns[leaf] = (repeat * (ones << 2 * block), repeat * ones)
    return columns


def _table(key: Key, columns: Mapping[Key, Masks]) -> Masks:
    match key:
        case ("not", inner):
            true, false = columns[inner]
            return false, true
        case ("all", parts):
            return _threshold([_table(part, columns) for part in parts], len(parts))
        case ("any", parts):
            return _threshold([_table(part, columns) for part in parts], 1)
        case ("at_least", n, _):
            return _threshold([_table(part, columns) for part in _parts(key)], n)
    return columns[key]


def _threshold(tables: list[Masks], n: int) -> Masks:
    """Return where at least `n` are true, and where so many are false that `n` cannot be."""
    return (
        _reached([true for true, _ in tables], n),
        _reached([false for _, false in tables], len(tables) - n + 1),
    )


def _reached(masks: list[int], n: int) -> int:
    reached = [-1] + [0] * n  # reached[k]: where at least k of the masks so far have their bit
    for mask in masks:
        for k in range(n, 0, -1):
            reached[k] |= reached[k - 1] & mask
    return reached[n] if n > 0 else -1


# --- partial credit ---------------------------------------------------------------------------


def credit(a: Key, b: Key) -> float:
    """Return what two canonical forms share, in 0..1; 1 for equal ones."""
    left, right = Counter(_features(a)), Counter(_features(b))
    return 2 * (left & right).total() / (left.total() + right.total())


def _features(key: Key, negative: bool = False) -> Iterable[Key]:
    match key:
        case ("not", inner):
            yield from _features(inner, not negative)
        case ("leaf", who, slots):
            yield (who, "mention")
            yield (who, "sign", negative)
            yield from ((who, *slot) for slot in slots)
        case ("except", base, taken):
            yield ("except", negative, frozenset(_names(base)))
            yield from (("excepted", frozenset(_names(part))) for part in taken)
        case ("at_least", n, _):
            yield ("at_least", n, frozenset(_names(key)))
        case (kind, _):
            yield (kind, frozenset(_names(key)))
    for part in _parts(key):
        yield from _features(part)


def _parts(key: Key) -> Iterable[Key]:
    """Return what an operator joins, as often as it does."""
    match key:
        case ("all" | "any", parts):
            return tuple(parts)
        case ("at_least", _, counted):
            return tuple(part for part, times in counted for _ in range(times))
        case ("except", base, taken):
            return (base, *taken)
    return ()


def _names(key: Key) -> Iterable[object]:
    match key:
        case ("leaf", who, _):
            yield who
        case ("not", inner):
            yield from _names(inner)
        case _:
            for part in _parts(key):
                yield from _names(part)


def differences(gold: Key, pred: Key) -> tuple[str, ...]:
    """Return the kinds of feature in which two canonical forms differ, sorted.

    ``mention`` (one names a mention that the other does not), and of the mentions both name:
    ``sign``, a slot (``value.number``), or ``structure`` (the operators that join them).
    """
    shared = set(_names(gold)) & set(_names(pred))
    kinds = {"mention"} if set(_names(gold)) != set(_names(pred)) else set()
    left, right = (Counter(_shared_features(key, shared)) for key in (gold, pred))
    kinds |= {kind for kind, _ in (left - right) | (right - left)}
    return tuple(sorted(kinds)) or ("structure",)


def _shared_features(key: Key, shared: set[object]) -> Iterable[tuple[str, Key]]:
    """Yield kind and feature of what concerns mentions that both rules name."""
    for feature in _features(key):
        if isinstance(feature[0], str) and feature[0] in _OPERATORS:
            joined = feature[-1] & shared
            if len(joined) > 1 or (joined and feature[0] in ("except", "excepted")):
                yield "structure", (*feature[:-1], joined)
        elif feature[0] in shared:
            yield feature[1], feature


_OPERATORS = frozenset({"all", "any", "at_least", "except", "excepted"})
