"""How leaves side by side combine: "and", "or", lists, examples, one negation over several.

How two neighbours are linked is told by `linking`; here the links become a tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from critextract.changes import replace
from critextract.connectives import count_cue, is_wait, links_of
from critextract.linking import Leaf, Link, Parsed, gap_between, is_person, pattern
from critextract.open_joins import (
    doubt_completion,
    doubt_definition,
    doubt_mixed,
    doubt_second,
)
from critextract.rules import AllOf, AnyOf, AtLeast, Not, Rule
from critextract.schema import Section, Uncovered


def combine(text: str, start: int, leaves: Sequence[Leaf], section: Section, out: Parsed) -> Rule:
    """Combine leaves by the words between them; a negation over several stands outside them."""
    units: list[Leaf] = []
    for group in _groups(text, leaves):
        if any(leaf.cue is not None for leaf in group):
            _doubt_second_way(text, group, out)
            inner = _tree(text, group, section, out, negated=True)
            held = tuple(span for leaf in group for span in leaf.held)
            units.append(replace(group[0], end=group[-1].end, node=Not((inner,)), held=held))
        else:
            units += group
    units = _nest_denials(text, units)
    _doubt_reach(text, units, out)
    rule = _tree(text, units, section, out, negated=False)
    return _quantify(text, start, units[0].start, rule, out)


# --- one negation -----------------------------------------------------------------------------


def _groups(text: str, leaves: Sequence[Leaf]) -> list[list[Leaf]]:
    """Return runs of leaves under one negation; what completes a negated leaf goes with it."""
    groups: list[list[Leaf]] = []
    for n, leaf in enumerate(leaves):
        if groups and _under_one_negation(text, groups[-1], leaf):
            groups[-1].append(leaf)
        elif leaf.cue is not None and groups:
            inside = [x for x in groups[-1] if x.cue is None and x.start >= leaf.cue[1]]
            before = [x for x in groups[-1] if x not in inside]
            groups[-1:] = [before] if before else []
            groups.append([*inside, leaf])
        elif groups and n and groups[-1][-1].cue is None and leaf.cue is None:
            groups[-1].append(leaf)
        else:
            groups.append([leaf])
    return groups


def _doubt_second_way(text: str, group: Sequence[Leaf], out: Parsed) -> None:
    """Name a second one that may not be denied: "no metastases, or treated metastases".

    So may a bound be that stands for a test: "not on warfarin, or INR < 1.5".
    """
    later = [x for x in group[1:] if is_person(x) or _MATERNITY.search(text, x.start, x.end)]
    if group[0].kind == "exposure" and later and later[0].start > group[0].end:
        place = (later[0].start, later[0].end)  # "not using the pill, pregnant or nursing women"
        out.doubts.append(Uncovered(*place, _NOT_SAID))
    if len(group) != 2 or not (group[0].mention and group[1].mention):
        return
    first, second = group[0].mention, group[1].mention
    again = first.text.lower() == second.text.lower() and bool(second.qualifiers)
    bound = any(v.low is not None or v.high is not None for v in second.values)
    apart = _COMMA_OR.search(text, group[0].end, group[1].start)
    if apart and (again or (bound and not first.values)):
        place = (group[1].start, group[1].end)
        out.doubts.append(Uncovered(*place, _NOT_SAID))


_NOT_SAID = "whether it is denied too is not said"
_MATERNITY = pattern("maternity")
_COMMA_OR = re.compile(r",\s*or\b", re.IGNORECASE)


def _nest_denials(text: str, units: Sequence[Leaf]) -> list[Leaf]:
    """Join what is denied of those denied: "no women not on heparin", "no pain without fever".

    With a comma or a connective between them they are two.
    """
    nested: list[Leaf] = []
    for unit in units:
        first = nested[-1] if nested else None
        inner = _denies_within(text, first, unit) if first else None
        if first is None or inner is None:
            nested.append(unit)
            continue
        whole = Not((AllOf((inner, unit.node)),))
        nested[-1] = replace(first, end=unit.end, node=whole, held=(*first.held, *unit.held))
    return nested


def _denies_within(text: str, first: Leaf, unit: Leaf) -> Rule | None:
    """Return what `first` denies where `unit` says, denied too, which of it is meant."""
    if not (isinstance(first.node, Not) and isinstance(unit.node, Not) and first.cue and unit.cue):
        return None
    cues = [text[slice(*leaf.cue)].lower() for leaf in (first, unit) if leaf.cue]
    gap = gap_between(text, first, replace(unit, start=max(first.end, unit.cue[0])))
    near = first.end <= unit.cue[0] and _WHO.fullmatch(gap)
    bare = cues[1] != "without" and unit.cue[1] + 1 >= unit.start  # "no stroke not pregnant"
    return (
        first.node.args[0] if near and not bare and cues[0] == "no" and cues[1] in _INNER else None
    )


_INNER = frozenset({"not", "without", "do not", "does not", "are not", "is not"})
_WHO = re.compile(
    r"\s*(?:(?:who|that|which)\s+(?:(?:is|are|do|does|have|has)\s+)?)?", re.IGNORECASE
)


def _doubt_reach(text: str, units: Sequence[Leaf], out: Parsed) -> None:
    """Name a list that goes on after a negated member: "no A, B or C" with B not negated."""
    for a, b in pairwise(units):
        if not isinstance(a.node, Not) or b.cue is not None:
            continue
        if a.cue and pattern("prefix").fullmatch(text[slice(*a.cue)]):
            continue  # "non-pregnant, non-lactating women": it reaches its own word
        if _GOES_ON.fullmatch(gap_between(text, a, b)):
            out.doubts.append(Uncovered(b.start, b.end, "the negation before it may reach it"))


_GOES_ON = re.compile(
    r"[\s,/]*(?:or\s+)?|\s*(?:for|of|to|in|with)\s[^,;:()]*\bor\s(?:\w+\s+)?|[^;:()]*\bor\s+(?:any"
    r"|other|another|known|prior|history of|treated with|treatment with|need for)\s[^;:,()]*"
    r"|[\s,(]*(?:as )?defined (?:as|by)\s.*|[\s,(]*i\.?e\.?[\s,].*"
)


def _under_one_negation(text: str, group: Sequence[Leaf], leaf: Leaf) -> bool:
    cue = next((member.cue for member in group if member.cue is not None), None)
    if cue is None:
        return False
    if leaf.cue == cue:
        return True
    if pattern("prefix").fullmatch(text[slice(*cue)]):
        return False
    if leaf.cue is not None:
        return re.search(r"\bnor\b", text[group[-1].end : leaf.start], re.IGNORECASE) is not None
    gap = gap_between(text, group[-1], leaf)
    opens = _OPENS.search(text[max(0, cue[0] - 30) : cue[0]]) is not None
    if opens and pattern("no_such").fullmatch(gap):
        return True  # "no women who are pregnant"
    if pattern("completion").fullmatch(gap):
        return opens or not gap.lstrip().startswith("who ")
    aside = "(" in gap and ")" not in gap
    return aside or pattern("example").search(gap) is not None or _in_aside(text, group, leaf)


_OPENS = re.compile(
    r"(?:^|[.;:\n])[^\w\n]*(?:\d+[.)])?[^\w\n]*"
    r"(?:(?:(?:patients?|subjects?|participants?|(?:wo)?men) )?(?:must|should|may|have|has) )?$",
    re.IGNORECASE,
)
"""What stands before a denial that opens its sentence."""


def _in_aside(text: str, group: Sequence[Leaf], leaf: Leaf) -> bool:
    """Tell whether a leaf stands in brackets opened after the group's first leaf."""
    between = text[group[0].end : leaf.start]
    return between.count("(") > between.count(")")


# --- counts -----------------------------------------------------------------------------------


def _quantify(text: str, start: int, end: int, rule: Rule, out: Parsed) -> Rule:
    """Apply "at least two of", "any of", "all of" that stand before a run of leaves."""
    if not isinstance(rule, AllOf | AnyOf):
        return rule
    cue = count_cue(text, start, end)
    if cue is None:
        return rule
    place, kind, n = cue
    out.used.append(place)
    if re.fullmatch("either|both", text[slice(*place)], re.IGNORECASE):
        return rule  # the words between the leaves say how they join
    if kind == "at_least" and len(rule.args) < n:
        out.doubts.append(Uncovered(*place, f"{n} asked for, {len(rule.args)} found"))
        return rule
    if kind == "at_least":
        return AtLeast(n, rule.args)
    if kind == "any" and is_wait(text, place):
        out.doubts.append(Uncovered(*place, "the time may hold for all that is named"))
        return AllOf(rule.args)
    return AnyOf(rule.args) if kind == "any" else AllOf(rule.args)


# --- links and the tree -----------------------------------------------------------------------


def _tree(
    text: str, leaves: Sequence[Leaf], section: Section, out: Parsed, *, negated: bool
) -> Rule:
    """Return the tree of a run of leaves, by the links between them."""
    links = links_of(text, leaves, section, out, negated=negated)
    asked = section != "exclusion" and not negated
    return _joined(text, list(leaves), links, out, asked=asked)


def _joined(text: str, leaves: list[Leaf], links: list[Link], out: Parsed, *, asked: bool) -> Rule:
    """Return the leaves as one: "with" binds first, then examples, "and", "or", clauses.

    asked : whether what they say must hold; what excludes or is denied is any of it.
    """
    if not links:
        return leaves[0].node
    _collapse_brackets(text, leaves, links, out, asked=asked)
    _collapse_classes(text, leaves, links)
    _collapse_examples(text, leaves, links)
    _collapse_with(text, leaves, links, out)
    leaves, links = _collapse_runs(text, leaves, links, out)
    if asked:
        _collapse_alternatives(text, leaves, links)
    nodes: list[Rule] = [leaf.node for leaf in leaves]
    doubt_mixed(leaves, links, out)
    doubt_completion(text, leaves, links, out)
    binders: list[tuple[Link, Callable[[tuple[Rule, ...]], Rule]]] = [
        ("with", AllOf),
        ("example", AnyOf),
        ("and", AllOf),
        ("or", AnyOf),
        ("subject", AllOf),
        ("apart", AnyOf),
        ("clause", AllOf if asked else AnyOf),
    ]
    for link, make in binders:
        nodes, links = _bind(nodes, links, link, make)
    return nodes[0]


def _bind(
    nodes: list[Rule], links: list[Link], link: Link, make: Callable[[tuple[Rule, ...]], Rule]
) -> tuple[list[Rule], list[Link]]:
    """Join the nodes that `link` stands between."""
    if link not in links:
        return nodes, links
    merged: list[list[Rule]] = [[nodes[0]]]
    kept: list[Link] = []
    for here, node in zip(links, nodes[1:], strict=True):
        if here == link:
            merged[-1].append(node)
        else:
            merged.append([node])
            kept.append(here)
    return [group[0] if len(group) == 1 else make(tuple(group)) for group in merged], kept


def _collapse_runs(
    text: str, leaves: list[Leaf], links: list[Link], out: Parsed
) -> tuple[list[Leaf], list[Link]]:
    """Join a list of one kind that completes another kind: "treatment with A, B or C".

    A list before its completion ("A or B due to C") is joined too, and named as a doubt: C may
    belong to B alone.
    """
    n = 0
    while n < len(links):
        if links[n] == "with" and _differ(leaves[n], leaves[n + 1]):
            end = _run_end(text, leaves, links, n + 1)
            if end > n + 1:
                doubt_definition(text, leaves[n : end + 1], out)
                _join_run(leaves, links, n + 1, end)
            elif links[n + 1 : n + 2] == ["or"]:
                doubt_second(text, leaves[n + 1], leaves[n + 2], out)
            aged = leaves[n].kind == "PERSON"  # "60 or older, or 50 to 59 with diabetes"
            start = n if aged else _run_start(leaves, links, n)
            if start < n:
                place = (leaves[n - 1].end, leaves[n].start)
                whose = re.search(r"\bwho\b", gap_between(text, *leaves[n : n + 2]))
                if place[0] < place[1] and not whose:
                    out.doubts.append(Uncovered(*place, "what follows may belong to the last only"))
                _join_run(leaves, links, start, n)
                n = start
        n += 1
    return leaves, links


def _collapse_brackets(
    text: str, leaves: list[Leaf], links: list[Link], out: Parsed, *, asked: bool
) -> None:
    """Join what stands in brackets behind a name, in place: "A (B or C) and D"."""
    for n in reversed(range(len(links))):
        gap = text[leaves[n].end : leaves[n + 1].start]
        if links[n] == "example" or gap.count("(") <= gap.count(")"):
            continue
        depth, end = 1, n + 1
        while end < len(links):
            between = text[leaves[end].end : leaves[end + 1].start]
            depth += between.count("(") - between.count(")")
            if depth < 1:
                break
            end += 1
        closed = ")" in text[leaves[end].end : leaves[end].end + 30]
        if end > n + 1 and closed and "clause" not in links[n + 1 : end]:
            inner = _joined(text, leaves[n + 1 : end + 1], links[n + 1 : end], out, asked=asked)
            _replace_run(leaves, links, n + 1, end, inner)


def _collapse_classes(text: str, leaves: list[Leaf], links: list[Link]) -> None:
    """Join a class with what it stands right before, in place: "NYHA class III heart failure"."""
    for n in reversed(range(len(links))):
        scale = leaves[n].mention
        stepped = scale and any(v.unit in {"{class}", "{stage}", "{grade}"} for v in scale.values)
        if not stepped or links[n] != "with":
            continue
        gap = gap_between(text, *leaves[n : n + 2]).strip()
        if gap in {"", "class", "grade", "stage"}:
            node = AllOf((leaves[n].node, leaves[n + 1].node))
            _replace_run(leaves, links, n, n + 1, node, leaves[n + 1])


def _collapse_with(text: str, leaves: list[Leaf], links: list[Link], out: Parsed) -> None:
    """Join "A with B or C" as A and one of the others, in place; C may stand for itself."""
    for n in reversed(range(len(links) - 1)):
        if links[n] != "with" or _differ(leaves[n], leaves[n + 1]):
            continue
        end = _run_end(text, leaves, links, n + 1)
        gap = gap_between(text, *leaves[n : n + 2])
        if end > n + 1 and links[n + 1] == "or" and re.search(r"\b(?:with|defined as)\b", gap):
            if not re.search(r"\b(?:either|defined)\b", gap):
                place = (leaves[end].start, leaves[end].end)
                out.doubts.append(Uncovered(*place, "what follows may belong to the last only"))
            _join_run(leaves, links, n + 1, end)


def _collapse_examples(text: str, leaves: list[Leaf], links: list[Link]) -> None:
    """Join what examples are of with them, in place: B, C and D of "A with B (e.g. C, D)"."""
    for n in reversed(range(len(links))):
        if links[n] != "example" or (n and links[n - 1] == "example"):
            continue
        if (
            n
            and links[n - 1] == "with"
            and leaves[n].kind != leaves[n + 1].kind == leaves[n - 1].kind
        ):
            continue  # "melanoma with surgery (e.g. uveal melanoma)": examples of the first
        end = n + 1
        while end < len(links) and links[end] in {"example", "with"}:
            behind = text[leaves[end].end : leaves[end + 1].start].lstrip()
            if links[end] == "with" and behind.startswith(")"):
                break
            end += 1
        nodes, inner = _bind(
            [leaf.node for leaf in leaves[n : end + 1]], links[n:end], "with", AllOf
        )
        _replace_run(leaves, links, n, end, _bind(nodes, inner, "example", AnyOf)[0][0])


def _collapse_alternatives(text: str, leaves: list[Leaf], links: list[Link]) -> None:
    """Join what the words say binds first, in place: "either A or B", and "A or B, and C"."""
    ands = [n for n, link in enumerate(links) if link == "and"]
    ors = [n for n, link in enumerate(links) if link == "or"]
    if ands and ors and ands[0] < ors[0] and ors[-1] < ands[-1]:
        return  # "A, B and C or D, E and F": two lists
    apart = all("," in text[leaves[n].end : leaves[n + 1].start] for n in ands)
    n = 0
    while ands and n < len(links):
        end = n
        while end < len(links) and links[end] == "or":
            end += 1
        before = text[leaves[n - 1].end if n else 0 : leaves[n].start]
        if end > n and (apart or (n and re.search(r"\beither\b", before, re.IGNORECASE))):
            _join_run(leaves, links, n, end)
        n += 1


def _differ(a: Leaf, b: Leaf) -> bool:
    """Tell whether a leaf is completed by one of another label ("treatment with A")."""
    return a.mention is None or b.mention is None or a.mention.label != b.mention.label


def _run_end(text: str, leaves: Sequence[Leaf], links: Sequence[Link], n: int) -> int:
    """Return where a list ends that begins with leaf `n`, a bracket opened before it at latest."""
    end = n
    before = text[leaves[n - 1].end : leaves[n].start]
    short = text[: leaves[n].start].endswith("(") and text[leaves[n].end :].startswith(")")
    opened = before.count("(") > before.count(")") and not short
    while (
        end < len(links)
        and not (opened and ")" in text[leaves[end].end : leaves[end + 1].start])
        and links[end] in {"or", "and"}
        and links[end] == links[n]
        and leaves[end + 1].kind == leaves[n].kind
    ):
        end += 1
    return end


def _run_start(leaves: Sequence[Leaf], links: Sequence[Link], n: int) -> int:
    start = n
    while (
        start > 0
        and links[start - 1] in {"or", "and"}
        and links[start - 1] == links[n - 1]
        and leaves[start - 1].kind == leaves[n].kind
    ):
        start -= 1
    return start


def _join_run(leaves: list[Leaf], links: list[Link], start: int, end: int) -> None:
    """Replace the leaves ``start..end`` and the links between them by one leaf, in place."""
    make = AnyOf if links[start] == "or" else AllOf
    node = make(tuple(leaf.node for leaf in leaves[start : end + 1]))
    _replace_run(leaves, links, start, end, node)


def _replace_run(
    leaves: list[Leaf],
    links: list[Link],
    start: int,
    end: int,
    node: Rule,
    head: Leaf | None = None,
) -> None:
    """Put one leaf of `node` in place of the leaves ``start..end``; `head` says what it is."""
    group = leaves[start : end + 1]
    held = tuple(span for leaf in group for span in leaf.held)
    whole = replace(head or group[0], start=group[0].start, end=group[-1].end)
    leaves[start : end + 1] = [replace(whole, node=node, held=held)]
    links[start:end] = []
