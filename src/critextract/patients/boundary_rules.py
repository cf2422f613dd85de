"""Patients at the edges of a rule: each leaf in turn, where all others let it decide.

The other members of an ``all`` are made true, those of an ``any`` false, n - 1 of an ``at_least``
true; the verdict the patient must get is worked out from the truths the leaves were made to have.
Where the facts of two leaves exclude each other, or an event made for one is also what another
names, nothing is expected of the patient.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Literal, NamedTuple

from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, Truth, flip
from critextract.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    Child,
    Except,
    If,
    Is,
    Not,
    Rule,
    Unparsed,
)
from critextract.schema import Criterion, Record, Uncovered


@dataclass(frozen=True, slots=True)
class Atom:
    """A part of a rule that patients are made for: a mention, or an ``except`` as a whole.

    assumed : it stands in a guard or an ``if``, where it may be hypothetical.
    """

    rule: Is | Except
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts that are joined; ``if`` has two or three, ``however`` does not say by what they are."""

    op: Literal["all", "any", "not", "at_least", "if", "however"]
    args: tuple[Tree, ...]
    n: int = 0


@dataclass(frozen=True, slots=True)
class Doubt:
    """A part of unknown truth."""


@dataclass(frozen=True, slots=True)
class Gapped:
    """A rule beside which words stand that are not in it, one cannot say where."""

    arg: Tree


Tree = Atom | Joined | Doubt | Gapped

MOST = 243
"""Ways in which doubts may meet that are followed."""

_GROUPING = frozenset(
    {"how the two belong together", "what follows may belong to the last only",
     "and beside or: more than one reading"}
)  # fmt: skip
"""Reasons that say that the parts are read, and not by what they are joined."""


class _Within(NamedTuple):
    """What a rule is read in: its record, what gaps make unknown, the criteria it stands in."""

    record: Record
    lost: frozenset[str]
    above: tuple[str, ...]


def tree_of(record: Record, criterion: Criterion, above: tuple[str, ...] = ()) -> Tree:
    """Return a criterion's rule with its children's in it, and doubts where it is not exact.

    above : ids of the criteria it stands in.
    """
    if criterion.rule is None or criterion.id in above:
        return Doubt()
    lost, gap = _gaps(record, criterion)
    within = _Within(record, frozenset(lost), (*above, criterion.id))
    made = _tree(criterion.rule, within, assumed=False)
    if gap == "however":
        parts = tuple(_flat(made))
        return Joined("however", parts) if len(parts) > 1 else Gapped(made)
    return Doubt() if gap == "whole" else Gapped(made) if gap else made


def _tree(rule: Rule, within: _Within, *, assumed: bool) -> Tree:
    match rule:
        case Is() | Except():
            known = {mention.id for mention in within.record.mentions} - within.lost
            return Atom(rule, assumed) if known.issuperset(_names(rule)) else Doubt()
        case Child(name):
            below = next((one for one in within.record.criteria if one.id == name), None)
            return Doubt() if below is None else tree_of(within.record, below, within.above)
        case Unparsed():
            return Doubt()
    assumed = assumed or isinstance(rule, If)
    args = tuple(_tree(arg, within, assumed=assumed) for arg in rule.args)
    return Joined(rule.op, args, rule.n if isinstance(rule, AtLeast) else 0)


def _flat(tree: Tree) -> Iterator[Tree]:
    """Yield what all and any join, however deep."""
    if isinstance(tree, Joined) and tree.op in ("all", "any"):
        for arg in tree.args:
            yield from _flat(arg)
    else:
        yield tree


def _names(rule: Rule) -> Iterator[str]:
    if isinstance(rule, Is):
        yield rule.mention
    for arg in getattr(rule, "args", ()):
        yield from _names(arg)


def _gaps(
    record: Record, criterion: Criterion
) -> tuple[set[str], Literal["", "somewhere", "however", "whole"]]:
    """Return the mentions that gaps make unknown, and what else the gaps do to the rule."""
    lost: set[str] = set()
    if criterion.status == "exact" or criterion.rule is None:
        return lost, ""
    unparsed = [node for node in _walk(criterion.rule) if isinstance(node, Unparsed)]
    if not criterion.uncovered:
        inside = unparsed or any(isinstance(node, Child) for node in _walk(criterion.rule))
        return lost, "" if inside else "whole"
    gaps = [gap for gap in criterion.uncovered if not any(_covers(n, gap) for n in unparsed)]
    if gaps and all(gap.reason in _GROUPING for gap in gaps):
        return lost, "however" if _is_plain(criterion.rule) else "somewhere"
    used = [m for m in record.mentions if m.id in set(_names(criterion.rule))]
    for gap in gaps:
        held = {m.id for m in used if any(_holds(part, gap) for part in (*m.values, m))}
        if gap.reason != "unit_missing" or not held:
            return set(), "somewhere"
        lost |= held
    return lost, ""


def _covers(node: Unparsed, gap: Uncovered) -> bool:
    return node.start <= gap.start and gap.end <= node.end


def _is_plain(rule: Rule) -> bool:
    plain = (AllOf, AnyOf, Not, Is, Child, Unparsed)
    return all(isinstance(node, plain) for node in _walk(rule))


def _walk(rule: Rule) -> Iterator[Rule]:
    yield rule
    for arg in getattr(rule, "args", ()):
        yield from _walk(arg)


def _holds(part: object, gap: Uncovered) -> bool:
    return part.start <= gap.start < part.end  # type: ignore[attr-defined, no-any-return]


def atoms_of(tree: Tree) -> list[Atom]:
    """Return the atoms of a tree, each once, in their order."""
    if isinstance(tree, Atom):
        return [tree]
    if isinstance(tree, Joined):
        return list(dict.fromkeys(atom for arg in tree.args for atom in atoms_of(arg)))
    return atoms_of(tree.arg) if isinstance(tree, Gapped) else []


# --- truth ------------------------------------------------------------------------------------


def truth_of_tree(tree: Tree, truths: Mapping[Atom, Truth]) -> Truth | None:
    """Return the truth of a tree by that of its atoms, after Kleene.

    None where it depends on what a gap means: it is unknown only where that is so wherever the
    words that are not in the rule belong.
    """
    found = _outcomes(tree, truths)
    return found.pop() if len(found) == 1 else None


def _outcomes(tree: Tree, truths: Mapping[Atom, Truth]) -> set[Truth]:
    """Return the truths a tree may have, one for each place a gap may belong to."""
    if isinstance(tree, Atom):
        return {truths[tree]}
    if isinstance(tree, Doubt):
        return {UNKNOWN}
    if isinstance(tree, Gapped):
        found = {truth for one in _with_gap(tree.arg) for truth in _outcomes(one, truths)}
        return found if found == {UNKNOWN} else {TRUE, FALSE, UNKNOWN}
    below = [_outcomes(arg, truths) for arg in tree.args]
    if prod(len(one) for one in below) > MOST:
        return {TRUE, FALSE, UNKNOWN}
    return {_joined_truth(tree, found) for found in product(*below)}


def _with_gap(tree: Tree) -> Iterator[Tree]:
    """Yield the tree with a doubt in each place: instead of a leaf, or as one more member."""
    if not isinstance(tree, Joined):
        yield Doubt()
        return
    if tree.op in ("all", "any"):
        yield Joined(tree.op, (*tree.args, Doubt()))
    for place, arg in enumerate(tree.args):
        for changed in _with_gap(arg):
            yield Joined(tree.op, (*tree.args[:place], changed, *tree.args[place + 1 :]), tree.n)


def _joined_truth(tree: Joined, found: Sequence[Truth]) -> Truth:
    match tree.op:
        case "not":
            return flip(found[0])
        case "if":
            return _chosen(found)
        case "at_least":
            return _enough(found, tree.n)
        case "however":
            return found[0] if len(set(found)) == 1 else UNKNOWN
    return _enough(found, len(found) if tree.op == "all" else 1)


def _enough(found: Sequence[Truth], n: int) -> Truth:
    if found.count(TRUE) >= n:
        return TRUE
    return UNKNOWN if len(found) - found.count(FALSE) >= n else FALSE


def _chosen(found: Sequence[Truth]) -> Truth:
    condition, then, *rest = found
    otherwise = rest[0] if rest else TRUE
    if condition == UNKNOWN:
        return then if then == otherwise else UNKNOWN
    return then if condition == TRUE else otherwise


# --- what the others must be ------------------------------------------------------------------


def wishes_for(tree: Tree, truth: bool) -> dict[Atom, bool]:
    """Return truths of atoms that give a tree a truth; doubts cannot be given one."""
    if isinstance(tree, Atom):
        return {tree: truth}
    if isinstance(tree, Doubt):
        return {}
    if isinstance(tree, Gapped):
        return wishes_for(tree.arg, truth)
    match tree.op:
        case "not":
            return wishes_for(tree.args[0], not truth)
        case "if":
            wanted = [True, truth, *([False] if len(tree.args) > 2 else [])]
        case "all" | "however":
            wanted = [truth] * len(tree.args)
        case _:
            enough = max(tree.n, 1) if truth else 0
            wanted = [place < enough for place in range(len(tree.args))]
    return _merged(zip(tree.args, wanted, strict=True))


def _merged(pairs: Iterable[tuple[Tree, bool]]) -> dict[Atom, bool]:
    found: dict[Atom, bool] = {}
    for arg, wanted in pairs:
        for atom, truth in wishes_for(arg, wanted).items():
            found.setdefault(atom, truth)
    return found


def wishes_around(tree: Tree, atom: Atom) -> dict[Atom, bool]:
    """Return truths of the other atoms under which one decides the tree."""
    if isinstance(tree, Gapped):
        return wishes_around(tree.arg, atom)
    if not isinstance(tree, Joined):
        return {}
    place = next(i for i, arg in enumerate(tree.args) if atom in atoms_of(arg))
    found = wishes_around(tree.args[place], atom)
    others = [arg for i, arg in enumerate(tree.args) if i != place]
    match tree.op:
        case "all" | "however":
            wanted = [True] * len(others)
        case "any":
            wanted = [False] * len(others)
        case "at_least":
            wanted = [i < tree.n - 1 for i in range(len(others))]
        case "if":
            wanted = [[len(others) > 1, False], [True, False], [False, False]][place]
            wanted = wanted[: len(others)]
        case _:
            wanted = []
    for other, truth in _merged(zip(others, wanted, strict=True)).items():
        found.setdefault(other, truth)
    found.pop(atom, None)
    return found
