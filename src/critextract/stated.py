"""What the words of a text make of the whole: it permits, excludes, orders, or makes no difference.

"Patients with asthma are excluded" under inclusion denies asthma; "prior surgery is allowed" asks
for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from critextract.linking import Leaf, Parsed, pattern, search_outside
from critextract.rules import AllOf, AnyOf, Is, Not, Rule, children, walk
from critextract.schema import Mention, Section, Uncovered

NOTHING: dict[Section, Rule] = {"inclusion": AllOf(()), "other": AllOf(()), "exclusion": AnyOf(())}
"""The rule of a criterion that asks for nothing, by section: nobody fails it."""
_OR = re.compile(r"\s*(?:/|,|,?\s*\bor\b)\s*", re.IGNORECASE)


def asks_nothing(words: str) -> bool:
    """Tell whether a criterion is a field that nobody filled in ("Not specified") or a pointer."""
    return pattern("asks_nothing").fullmatch(" ".join(words.split()).strip(" .*")) is not None


def different(text: str, start: int, leaves: Sequence[Leaf], out: Parsed) -> list[Leaf]:
    """Return the leaves that make a difference: not B in "A with or without B or C"."""
    kept: list[Leaf] = []
    dropped: list[Leaf] = []
    alike = False
    at = start
    for leaf in leaves:
        cue = pattern("indifferent").search(text, at, leaf.start)
        alike = cue is not None or (alike and _OR.fullmatch(text, at, leaf.start) is not None)
        if alike:
            out.used += [(cue.start() if cue else at, leaf.end), *leaf.held]
            out.named |= _mentions([leaf])
            dropped.append(leaf)
        else:
            kept.append(leaf)
        at = leaf.end
    out.doubts += _times_behind(kept, dropped)
    return kept


def _times_behind(kept: Sequence[Leaf], dropped: Sequence[Leaf]) -> list[Uncovered]:
    """Return the times behind what makes no difference: "statin +/- ezetimibe for 4 weeks"."""
    held = {w for leaf in kept if leaf.mention for w in leaf.mention.windows}
    return [
        Uncovered(w.start, w.end, "what the time is about is not said")
        for leaf in dropped
        if leaf.mention is not None
        for w in leaf.mention.windows
        if w.unit and w.start >= leaf.mention.end and w not in held
    ]


def without_permissions(
    text: str, start: int, end: int, leaves: Sequence[Leaf], section: Section, out: Parsed
) -> Sequence[Leaf]:
    """Return the leaves without those that a bracket or a later clause only permits.

    "Live vaccines; flu shots are allowed": whether that takes something out of what is before it
    is left open. In brackets, "immunosuppressants (inhaled steroids are allowed)", it is an
    exception from what excludes, read with the others.
    """
    cue = _permission(text, end, leaves)
    place = _own_place(text, start, end, cue) if cue else (start, end)
    if cue is None or place[0] <= leaves[0].start:
        return leaves
    inner = [leaf for leaf in leaves if place[0] <= leaf.start < place[1]]
    restricts = any(leaf.cue or leaf.mention is None or _bounded(leaf.mention) for leaf in inner)
    conditional = any(pattern(n).search(text, *place) for n in ("condition", "exception", "demand"))
    excluded = section == "exclusion" or any(leaf.cue for leaf in leaves if leaf.end <= place[0])
    excepted = excluded and text[place[0] - 1] == "(" and pattern("excepted").search(text, *place)
    if not inner or restricts or conditional or excepted:
        return leaves
    out.used.append(place)
    out.named |= _mentions(inner)
    out.doubts.append(Uncovered(*cue.span(), "permission: what it takes out is not said"))
    return [leaf for leaf in leaves if leaf not in inner]


def _permission(text: str, end: int, leaves: Sequence[Leaf]) -> re.Match[str] | None:
    """Return the words that permit something, none where they forbid it ("not permitted")."""
    cue = search_outside(pattern("permission"), text, leaves[0].end, end, leaves)
    if cue is None:
        return None
    forbids = search_outside(pattern("stated_exclusion"), text, leaves[0].start, end, leaves)
    return None if forbids and forbids.start() <= cue.start() < forbids.end() else cue


def _own_place(text: str, start: int, end: int, cue: re.Match[str]) -> tuple[int, int]:
    """Return the brackets, else the clause, that a permission stands in."""
    opening = text.rfind("(", start, cue.start())
    if opening >= 0 and ")" not in text[opening : cue.start()]:
        closing = text.find(")", cue.end(), end)
        return opening + 1, end if closing < 0 else closing
    ends = [m.end() for m in _CLAUSE_END.finditer(text, start, cue.start())]
    after = _CLAUSE_END.search(text, cue.end(), end)
    return max(ends, default=start), after.start() if after else end


_CLAUSE_END = re.compile(r";|(?<!\be\.g)(?<!\bi\.e)(?<=[a-z)])\.\s|,?\sbut\s", re.IGNORECASE)


def _bounded(mention: Mention) -> bool:
    return bool(mention.count or mention.dose or mention.values)


def only_permits(
    text: str, start: int, end: int, leaves: Sequence[Leaf], section: Section, out: Parsed
) -> bool:
    """Tell whether the text only permits something ("prior surgery is allowed").

    A limit ("no more than 2 prior regimens allowed") and a condition ("allowed if …") restrict.
    """
    offered = pattern("offer").search(text, start, leaves[0].start)
    if offered and section != "exclusion":
        out.doubts.append(Uncovered(*offered.span(), "permission: restricts nothing"))
        out.named |= _mentions(leaves)
        return True
    cue = _permission(text, end, leaves)
    if cue is None:
        return False
    before = [leaf for leaf in leaves if leaf.end <= cue.start()]
    if before and _own_place(text, start, end, cue)[0] > leaves[0].start:
        return False
    limits = any(
        leaf.cue or leaf.mention is None or leaf.mention.count or _is_limited(leaf.mention)
        for leaf in before
    )
    conditional = pattern("condition").search(text, start, end) or pattern("exception").search(
        text, start, end
    )
    if limits or conditional:
        out.used.append(cue.span())
        if not conditional and _permits_some(before):
            out.doubts.append(Uncovered(*cue.span(), "permission: restricts only some"))
        return False
    out.doubts.append(Uncovered(*cue.span(), "permission: restricts nothing"))
    out.named |= _mentions(leaves)
    return True


def _is_limited(mention: Mention) -> bool:
    """Tell whether a value bounds what is permitted; not so "elevated bilirubin allowed"."""
    return any(v.low is not None or v.high is not None or v.set for v in mention.values)


def _mentions(leaves: Sequence[Leaf]) -> set[str]:
    return {node.mention for leaf in leaves for node in walk(leaf.node) if isinstance(node, Is)}


def _permits_some(leaves: Sequence[Leaf]) -> bool:
    """Tell whether what is permitted is narrowed: "metastases not requiring steroids allowed".

    Or bounded, where nobody must have it: "radiotherapy allowed to less than 25 % of the marrow".
    """
    first = leaves[0].mention
    if first is None or leaves[0].cue or first.count:
        return False
    measured = leaves[0].kind in {"MEASUREMENT", "PERSON", "OBSERVATION"}
    return not measured if first.values else len(leaves) > 1


def as_stated(
    text: str, start: int, end: int, leaves: Sequence[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Return the rule of a text that says itself that something is excluded, or must be."""
    rule = out.rule
    excluding = search_outside(pattern("stated_exclusion"), text, start, end, leaves)
    if excluding is not None and rule is not None:
        out.used.append(excluding.span())
        rule = _any_of_list(text, leaves, rule, out)
        if section != "exclusion":
            rule = Not((rule,))
    if section == "exclusion":
        _doubt_way(text, start, end, leaves, excluding, out)
    admits = search_outside(pattern("admits"), text, leaves[-1].end, end, leaves)
    let_in = all(leaf.kind in ("exposure", "CONDITION") and not leaf.cue for leaf in leaves)
    if admits is not None and let_in and section != "exclusion":
        out.doubts.append(Uncovered(*admits.span(), "permission or condition: which is not said"))
    bare = search_outside(pattern("bare_exclusion"), text, leaves[0].end, end, leaves)
    if bare is not None and excluding is None:
        out.doubts.append(Uncovered(*bare.span(), "from what it is excluded is not said"))
    return rule


def _doubt_way(
    text: str,
    start: int,
    end: int,
    leaves: Sequence[Leaf],
    excluding: re.Match[str] | None,
    out: Parsed,
) -> None:
    """Name what must be, or who is let in, under exclusion: "patients on insulin are eligible".

    Brackets that permit an exception are read as one.
    """
    for name, reason in _WAYS.items():
        cue = search_outside(pattern(name), text, start, end, leaves)
        if cue is None or _in_brackets(text, start, cue.start()):
            continue
        if excluding is None or cue.end() <= excluding.start() or excluding.end() <= cue.start():
            out.doubts.append(Uncovered(*cue.span(), reason))


def _in_brackets(text: str, start: int, at: int) -> bool:
    return text.count("(", start, at) > text.count(")", start, at)


_WAYS = {
    "demand": "what must be, under exclusion: which way it counts is not said",
    "lets_in": "who is let in, under exclusion: which way it counts is not said",
}


def _any_of_list(text: str, leaves: Sequence[Leaf], rule: Rule, out: Parsed) -> Rule:
    """Return the rule of what is excluded: "patients with A, B and C are excluded" means any."""
    plain = isinstance(rule, AllOf) and all(isinstance(arg, Is) for arg in rule.args)
    alike = len({leaf.kind for leaf in leaves}) == 1 and len(leaves) == len(children(rule))
    if not plain or not alike or leaves[0].kind in {"MEASUREMENT", "PERSON"}:
        return rule
    if len(leaves) > 2:
        return AnyOf(children(rule))
    cue = re.compile(r"\band\b", re.IGNORECASE).search(text, leaves[0].end, leaves[1].start)
    if cue is not None:
        out.doubts.append(Uncovered(*cue.span(), "who is excluded: with both or with either"))
    return rule
