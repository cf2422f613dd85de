"""How the mentions of one criterion combine: and, or, not, except, unless, if, at least N of.

Reads the words between the mentions. What combines is a list of `Leaf`: a mention, or characters
that no rule can hold (consent, judgement). The result says what the text says; where the text can
be read two ways, `Parsed.doubts` names the characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from critextract.lexicon import lexicon
from critextract.rules import AllOf, AnyOf, AtLeast, Except, If, Not, Rule
from critextract.schema import Mention, Section, Uncovered

Link = Literal["or", "and", "list", "with", "example", "subject", "clause"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A node and the characters it stands on; `cue` is the start of its negation, if any."""

    start: int
    end: int
    node: Rule
    mention: Mention | None = None
    cue: tuple[int, int] | None = None


@dataclass(slots=True)
class Parsed:
    """A rule, the characters of the words that were read as structure, and open doubts."""

    rule: Rule | None
    used: list[tuple[int, int]] = field(default_factory=list)
    doubts: list[Uncovered] = field(default_factory=list)


def _pattern(name: str) -> re.Pattern[str]:
    return lexicon("structure").pattern(name)


def parse(text: str, start: int, end: int, leaves: Sequence[Leaf], section: Section) -> Parsed:
    """Return the rule of the leaves that lie in ``text[start:end]``, None if there are none."""
    out = Parsed(None)
    out.rule = _scope(text, start, end, list(leaves), section, out)
    return out


def _scope(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Cut at the first exception, condition or subject; combine what is left."""
    if not leaves:
        return None
    for split in (_split_subject, _split_exception, _split_excepted, _split_condition):
        rule = split(text, start, end, leaves, section, out)
        if rule is not None:
            return rule
    return _combine(text, start, leaves, section, out)


def _search(
    pattern: re.Pattern[str], text: str, start: int, end: int, leaves: Sequence[Leaf]
) -> re.Match[str] | None:
    """Return the first match that lies in no leaf."""
    for match in pattern.finditer(text, start, end):
        if not any(leaf.start < match.end() and match.start() < leaf.end for leaf in leaves):
            return match
    return None


def _reach(text: str, cue: int, end: int) -> int:
    """Return where words after offset `cue` stop counting: the closing bracket or a semicolon."""
    depth = 0
    for i in range(cue, end):
        char = text[i]
        if char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
            if depth < 0:
                return i
        elif char == ";" and depth == 0:
            return i
    return end


def _split_exception(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    cue = _search(_pattern("exception"), text, start, end, leaves)
    if cue is None:
        return None
    reach = _reach(text, cue.end(), end)
    base = [leaf for leaf in leaves if leaf.end <= cue.start()]
    inner = [leaf for leaf in leaves if cue.end() <= leaf.start and leaf.end <= reach]
    after = [leaf for leaf in leaves if leaf.start >= reach]
    if not base or not inner:
        return None
    left = _scope(text, start, cue.start(), base, section, out)
    right = _scope(text, cue.end(), reach, inner, section, out)
    assert left is not None
    assert right is not None
    out.used.append(cue.span())
    rule = _exempt(_frees_patients(text, cue, base, inner), left, right, section)
    if not after:
        return rule
    rest = _scope(text, reach, end, after, section, out)
    return rule if rest is None else _join(text[reach : after[0].start], rule, rest, section)


def _split_excepted(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Read "X (Y excepted)": the exception stands before its cue."""
    cue = _search(_pattern("excepted"), text, start, end, leaves)
    if cue is None:
        return None
    opening = text.rfind("(", start, cue.start())
    inner = [leaf for leaf in leaves if opening >= 0 and opening < leaf.start < cue.start()]
    base = [leaf for leaf in leaves if leaf.end <= opening]
    after = [leaf for leaf in leaves if leaf.start >= cue.end()]
    if not base or not inner or after:
        return None
    left = _scope(text, start, opening, base, section, out)
    right = _scope(text, opening, cue.start(), inner, section, out)
    assert left is not None
    assert right is not None
    out.used.append(cue.span())
    return _exempt(_frees_patients(text, cue, base, inner), left, right, section)


def _frees_patients(
    text: str, cue: re.Match[str], base: Sequence[Leaf], inner: Sequence[Leaf]
) -> bool:
    """Tell whether the exception is about patients ("unless on warfarin"), not about events.

    A bound cannot be taken out of by a condition: "ALT ≤ 3 × ULN except liver metastases" frees
    the patients who have them.
    """
    if cue.group().lower().startswith("unless"):
        return True
    if _pattern("patients").search(text, cue.start(), inner[0].start):
        return True
    labels = [leaf.mention.label for leaf in (base[-1], inner[0]) if leaf.mention]
    return len(labels) == 2 and labels[0] == "MEASUREMENT" != labels[1]


def _exempt(patients: bool, base: Rule, exception: Rule, section: Section) -> Rule:
    """Return base and exception joined: patients freed from the base, or events taken out of it."""
    if patients:
        if section == "exclusion":
            return AllOf((base, Not((exception,))))
        return AnyOf((base, exception))
    exceptions = exception.args if isinstance(exception, AnyOf | AllOf) else (exception,)
    if isinstance(base, Not):
        return Not((Except((base.args[0], *exceptions)),))
    return Except((base, *exceptions))


def _join(gap: str, left: Rule, right: Rule, section: Section) -> Rule:
    if re.search(r"\bor\b", gap, re.IGNORECASE):
        return AnyOf((left, right))
    if re.search(r"\band\b", gap, re.IGNORECASE) or section != "exclusion":
        return AllOf((left, right))
    return AnyOf((left, right))


def _split_condition(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Read "if X, Y" and "Y if X"."""
    cue = _search(_pattern("condition"), text, start, end, leaves)
    if cue is None:
        return None
    before = [leaf for leaf in leaves if leaf.end <= cue.start()]
    after = [leaf for leaf in leaves if leaf.start >= cue.end()]
    if before and after:
        condition, then = (cue.end(), end, after), (start, cue.start(), before)
    else:
        comma = text.find(",", cue.end(), end)
        head = [leaf for leaf in after if leaf.end <= comma]
        tail = [leaf for leaf in after if leaf.start > comma]
        if before or not head or not tail:
            return None
        condition, then = (cue.end(), comma, head), (comma, end, tail)
    out.used.append(cue.span())
    when = _scope(text, *condition, section, out)
    what = _scope(text, *then, section, out)
    assert when is not None
    assert what is not None
    return AllOf((when, what)) if section == "exclusion" else If((when, what))


def _split_subject(
    text: str, start: int, end: int, leaves: list[Leaf], section: Section, out: Parsed
) -> Rule | None:
    """Read "women of childbearing potential must have …": the subject is the condition."""
    if section == "exclusion" or not _is_sex(leaves[0]):
        return None
    cue = _search(_pattern("obligation"), text, start, end, leaves)
    if cue is None:
        return None
    head = [leaf for leaf in leaves if leaf.end <= cue.start()]
    tail = [leaf for leaf in leaves if leaf.start >= cue.end()]
    sexes = {leaf.node for leaf in head if _is_sex(leaf)}
    if not head or not tail or len(sexes) > 1:
        return None
    out.used.append(cue.span())
    when = _scope(text, start, cue.start(), head, section, out)
    what = _scope(text, cue.end(), end, tail, section, out)
    assert when is not None
    assert what is not None
    return If((when, what))


def _is_sex(leaf: Leaf) -> bool:
    m = leaf.mention
    return m is not None and m.label == "PERSON" and _pattern("sex").fullmatch(m.text) is not None


def _combine(text: str, start: int, leaves: list[Leaf], section: Section, out: Parsed) -> Rule:
    """Combine leaves by the words between them; a shared negation cue stands outside."""
    groups = _groups(text, leaves)
    parts: list[tuple[Leaf, Rule]] = []
    previous_end = start
    for group in groups:
        if group[0].cue is not None:
            inner = _tree(text, group, section, out, negated=True)
            whole = Leaf(group[0].start, group[-1].end, Not((inner,)), group[0].mention)
            parts.append((whole, whole.node))
        else:
            parts += [(leaf, leaf.node) for leaf in group]
        previous_end = group[-1].end
    units = [leaf for leaf, _ in parts]
    rule = _tree(text, units, section, out, negated=False)
    return _quantify(text, start, units, rule, out) if previous_end else rule


def _groups(text: str, leaves: Sequence[Leaf]) -> list[list[Leaf]]:
    """Return runs of leaves under one negation; what completes a negated leaf goes with it."""
    groups: list[list[Leaf]] = []
    for leaf in leaves:
        last = groups[-1][-1] if groups else None
        if last is not None and _under_one_negation(text, groups[-1], last, leaf):
            groups[-1].append(leaf)
        else:
            groups.append([leaf])
    return groups


def _under_one_negation(text: str, group: list[Leaf], last: Leaf, leaf: Leaf) -> bool:
    cue = group[0].cue
    if cue is None:
        return False
    gap = text[last.end : leaf.start]
    if leaf.cue == cue:
        return True
    if leaf.cue is not None:
        return re.search(r"\bnor\b", gap, re.IGNORECASE) is not None
    return _pattern("completion").fullmatch(gap) is not None


def _quantify(text: str, start: int, units: list[Leaf], rule: Rule, out: Parsed) -> Rule:
    """Apply "at least two of", "any of", "all of" that stand before a run of leaves."""
    if not isinstance(rule, AllOf | AnyOf):
        return rule
    cue = count_cue(text, start, units[0].start)
    if cue is None:
        return rule
    (a, b), kind, n = cue
    out.used.append((a, b))
    if kind == "at_least":
        return AtLeast(n, rule.args)
    return AnyOf(rule.args) if kind == "any" else AllOf(rule.args)


def count_cue(text: str, start: int, end: int) -> tuple[tuple[int, int], str, int] | None:
    """Return the place, kind (``at_least any all``) and number of "two or more of" and its like."""
    match = _pattern("at_least").search(text, start, end)
    if match:
        n = _number(next(group for group in match.groups() if group))
        return match.span(), ("any" if n == 1 else "at_least"), n
    for kind in ("any", "all"):
        match = _pattern(kind).search(text, start, end)
        if match:
            return match.span(), kind, 1
    return None


def _number(word: str) -> int:
    names: dict[str, int] = lexicon("structure").data["numbers"]
    return names.get(word.lower()) or int(word)


def _tree(text: str, leaves: list[Leaf], section: Section, out: Parsed, *, negated: bool) -> Rule:
    """Return the tree of a run: "with" binds first, then examples, "and", "or", clauses."""
    links = _links(text, leaves, section, out, negated=negated)
    nodes: list[Rule] = [leaf.node for leaf in leaves]
    _doubt_mixed(leaves, links, out)
    binders: list[tuple[Link, Callable[[tuple[Rule, ...]], Rule]]] = [
        ("with", AllOf),
        ("example", AnyOf),
        ("and", AllOf),
        ("or", AnyOf),
        ("subject", AllOf),
        ("clause", AnyOf if section == "exclusion" or negated else AllOf),
    ]
    for link, make in binders:
        nodes, links = _bind(nodes, links, link, make)
    return nodes[0]


def _bind(
    nodes: list[Rule],
    links: list[Link],
    link: Link,
    make: Callable[[tuple[Rule, ...]], Rule],
) -> tuple[list[Rule], list[Link]]:
    """Join the nodes that `link` stands between."""
    merged: list[list[Rule]] = [[nodes[0]]]
    kept: list[Link] = []
    for here, node in zip(links, nodes[1:], strict=True):
        if here == link:
            merged[-1].append(node)
        else:
            merged.append([node])
            kept.append(here)
    return [group[0] if len(group) == 1 else make(tuple(group)) for group in merged], kept


def _links(
    text: str, leaves: list[Leaf], section: Section, out: Parsed, *, negated: bool
) -> list[Link]:
    links = [_link(text, a, b, out) for a, b in pairwise(leaves)]
    for n in reversed(range(len(links))):
        if links[n] == "list":
            links[n] = _list_link(leaves, links, n, section)
    for n in range(1, len(links)):  # "such as A, B or C": all three are examples
        if links[n - 1] == "example" and links[n] in {"or", "and"}:
            links[n] = "example"
    if negated:  # "no A and B": neither
        links = ["or" if link in {"and", "clause"} else link for link in links]
    return links


def _link(text: str, a: Leaf, b: Leaf, out: Parsed) -> Link:
    gap = text[a.end : b.start].lower()
    if ";" in gap or re.search(r"[a-z)]\.\s", gap):
        explicit = re.search(r"\b(and|or)\b", gap)
        return "or" if explicit and explicit.group() == "or" else "clause"
    if _pattern("example").search(gap):
        return "example"
    if re.search(r"\b(or|nor)\b|and/or", gap) or gap.strip() == "/":
        return "or"
    if re.search(r"\band\b|\bas well as\b|\bplus\b|\balong with\b|&", gap):
        return "and"
    if re.fullmatch(r"[\s,:\-–]*(?:an?|the|any|other)?\s*", gap) and "," in gap:
        return "list"
    if "(" in gap and ")" not in gap:
        out.doubts.append(Uncovered(b.start, b.end, "words in parentheses: example or definition"))
        return "example"
    return "subject" if _is_person(a) != _is_person(b) else "with"


def _is_person(leaf: Leaf) -> bool:
    """Tell whether a leaf names people ("women"), not an age."""
    m = leaf.mention
    return m is not None and m.label == "PERSON" and not m.values


def _list_link(leaves: list[Leaf], links: list[Link], n: int, section: Section) -> Link:
    """Return what a bare comma stands for: the connective its list ends with."""
    following = links[n + 1] if n + 1 < len(links) else None
    if _is_person(leaves[n]) != _is_person(leaves[n + 1]):
        return "subject"
    if following in {"or", "and"}:
        return following
    return "or" if section == "exclusion" else "and"


def _doubt_mixed(leaves: list[Leaf], links: list[Link], out: Parsed) -> None:
    """Name an "and" beside an "or" that no comma or bracket sets apart."""
    plain = [link for link in links if link in {"and", "or"}]
    persons = [leaf for leaf in leaves if leaf.mention and leaf.mention.label == "PERSON"]
    if len(set(plain)) > 1 and len(leaves) - len(persons) > 2:
        n = links.index("and")
        a, b = leaves[n].end, leaves[n + 1].start
        if a < b:
            out.doubts.append(Uncovered(a, b, "and beside or: more than one reading"))
