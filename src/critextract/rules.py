"""Rule nodes: what a criterion's text says, as a tree over its mentions.

The field names are those of the JSON form; ``op`` tells the nodes apart. Negation is always a
`Not` node; nothing is flipped for the section.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from critextract.errors import SchemaError


@dataclass(frozen=True, slots=True)
class Is:
    """The patient has what mention `mention` names, with its values, windows and qualifiers."""

    mention: str
    op: Literal["is"] = "is"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every argument holds."""

    args: tuple[Rule, ...]
    op: Literal["all"] = "all"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one argument holds."""

    args: tuple[Rule, ...]
    op: Literal["any"] = "any"


@dataclass(frozen=True, slots=True)
class Not:
    """The one argument does not hold."""

    args: tuple[Rule, ...]
    op: Literal["not"] = "not"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `n` arguments hold."""

    n: int
    args: tuple[Rule, ...]
    op: Literal["at_least"] = "at_least"


@dataclass(frozen=True, slots=True)
class If:
    """``(condition, then)`` or ``(condition, then, otherwise)``; without `otherwise`: true."""

    args: tuple[Rule, ...]
    op: Literal["if"] = "if"


@dataclass(frozen=True, slots=True)
class Except:
    """``(base, exception, ...)``: events that are also an exception are taken out of the base."""

    args: tuple[Rule, ...]
    op: Literal["except"] = "except"


@dataclass(frozen=True, slots=True)
class Child:
    """The rule of the criterion `id` (a list child, or a sentence of the same bullet)."""

    id: str
    op: Literal["criterion"] = "criterion"


@dataclass(frozen=True, slots=True)
class Unparsed:
    """Characters ``[start, end)`` that bear meaning and were not understood."""

    start: int
    end: int
    reason: str
    op: Literal["unparsed"] = "unparsed"


Rule = Is | AllOf | AnyOf | Not | AtLeast | If | Except | Child | Unparsed

_NODES: dict[str, type[Any]] = {
    "is": Is,
    "all": AllOf,
    "any": AnyOf,
    "not": Not,
    "at_least": AtLeast,
    "if": If,
    "except": Except,
    "criterion": Child,
    "unparsed": Unparsed,
}


def children(rule: Rule) -> tuple[Rule, ...]:
    """Return the direct arguments of a node; leaves have none."""
    return getattr(rule, "args", ())


def walk(rule: Rule) -> Iterator[Rule]:
    """Yield the node and everything below it, parents first."""
    yield rule
    for child in children(rule):
        yield from walk(child)


def asserted(rule: Rule) -> Iterator[str]:
    """Yield the mentions that no `not` of a rule stands over and that are no exception of it."""
    if isinstance(rule, Is):
        yield rule.mention
    elif not isinstance(rule, Not):
        for child in children(rule)[:1] if isinstance(rule, Except) else children(rule):
            yield from asserted(child)


def map_leaves(rule: Rule, change: Callable[[Rule], Rule]) -> Rule:
    """Return the tree with every leaf (a node without arguments) replaced by ``change(leaf)``."""
    args = tuple(map_leaves(child, change) for child in children(rule))
    match rule:
        case AtLeast(n, _):
            return AtLeast(n, args)
        case AllOf() | AnyOf() | Not() | If() | Except():
            return type(rule)(args)
    return change(rule)


def rule_to_dict(rule: Rule) -> dict[str, Any]:
    """Return the JSON form of a node, ``op`` first."""
    match rule:
        case Is(mention):
            return {"op": "is", "mention": mention}
        case Child(id_):
            return {"op": "criterion", "id": id_}
        case Unparsed(start, end, reason):
            return {"op": "unparsed", "start": start, "end": end, "reason": reason}
        case AtLeast(n, args):
            return {"op": "at_least", "n": n, "args": [rule_to_dict(a) for a in args]}
    return {"op": rule.op, "args": [rule_to_dict(a) for a in rule.args]}


def rule_from_dict(data: Any) -> Rule:
    """Return the node a JSON form describes.

    Raises
    ------
    SchemaError : the form is no object, its ``op`` is unknown, or a field is missing or extra.
    """
    if not isinstance(data, dict) or data.get("op") not in _NODES:
        raise SchemaError(f"rule node needs an op of {', '.join(_NODES)}; found {data!r:.80}")
    fields = {key: value for key, value in data.items() if key != "op"}
    if "args" in fields:
        if not isinstance(fields["args"], list):
            raise SchemaError(f"rule node {data['op']!r}: args must be a list")
        fields["args"] = tuple(rule_from_dict(a) for a in fields["args"])
    try:
        node: Rule = _NODES[data["op"]](**fields)
    except TypeError as error:
        raise SchemaError(
            f"rule node {data['op']!r} with fields {sorted(fields)}: {error}"
        ) from None
    return node
