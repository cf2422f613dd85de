"""What the words between the leaves of one run mean: "and", "or", commas, people side by side.

`linking` tells how two neighbours are linked; what a link means depends on the others and on the
section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from critextract.lexicon import lexicon
from critextract.linking import (
    IN_BRACKETS,
    Leaf,
    Link,
    Parsed,
    Span,
    gap_between,
    is_person,
    link_between,
    pattern,
)
from critextract.rules import AnyOf, Not
from critextract.schema import Section, Uncovered

_ALL_OR_ANY = "what excludes: all of them or any"
_HOW_FAR = "whether it is denied too is not said"
_NOT_SAID = "how the list joins is not said"
JOINING_DOUBTS = frozenset({_ALL_OR_ANY, _NOT_SAID})


def links_of(
    text: str, leaves: Sequence[Leaf], section: Section, out: Parsed, *, negated: bool
) -> list[Link]:
    """Return the links between the neighbours of a run, each with what it means there."""
    if len(leaves) < 2:
        return []
    links = [link_between(text, a, b, out) for a, b in pairwise(leaves)]
    counted = _counted(text, leaves)
    if section == "exclusion" or negated:
        _clear_kinds(text, leaves, links, out)
    else:
        links = _same_for_both(text, leaves, links)
        links = _each_of_group(text, leaves, links, out)
    if section != "exclusion" and not (negated or counted):
        _doubt_list(text, leaves, links, out)
    for n in reversed(range(len(links))):
        if links[n] == "list":
            links[n] = _list_link(text, leaves, links, n, "exclusion" if counted else section)
    _continue_examples(text, leaves, links)
    if section == "exclusion" and not (negated or counted):
        _excluding_and(text, leaves, links, out)
    links = [
        _meant(link, a, b, section, negated=negated)
        for link, (a, b) in zip(links, pairwise(leaves), strict=True)
    ]
    links = _regrouped(text, leaves, _other_sex(leaves, links, section), section)
    if not negated:
        links = _own_people(text, leaves, links, section)
    _doubt_denied_bound(text, leaves, links, out, negated=negated)
    if negated:  # "no A and B": neither
        links = ["or" if link in {"and", "clause"} else link for link in links]
    return links


def _doubt_denied_bound(
    text: str,
    leaves: Sequence[Leaf],
    links: Sequence[Link],
    out: Parsed,
    *,
    negated: bool,
) -> None:
    """Name the "and" before a bound of which it is not said whether it is denied.

    "No jaundice and bilirubin < 2", "no ALT > 3 × ULN and AST > 3 × ULN".
    """
    for link, (a, b) in zip(links, pairwise(leaves), strict=True):
        alone = a.cue is not None and b.cue is None and _sides(a) == _sides(b)
        if link == "and" and _sides(b) and (alone or (negated and not _sides(a))):
            cue = _AND.search(text, a.end, b.start)
            if cue is not None:
                out.doubts.append(Uncovered(*cue.span(), _HOW_FAR))


def _sides(leaf: Leaf) -> set[str]:
    """Return the sides on which a measurement's values are bounded."""
    if leaf.mention is None or leaf.kind != "MEASUREMENT":
        return set()
    values = leaf.mention.values
    lows, highs = any(v.low for v in values), any(v.high for v in values)
    return {side for side, holds in (("low", lows), ("high", highs)) if holds}


def _continue_examples(text: str, leaves: Sequence[Leaf], links: list[Link]) -> None:
    """Make examples of all that follows one in its list or its bracket: "such as A, B or C"."""
    inside = opened = False
    for n, link in enumerate(links):
        gap = text[leaves[n].end : leaves[n + 1].start]
        if link == "example":
            inside, opened = True, gap.count("(") > gap.count(")")
        elif opened and gap.count(")") > gap.count("("):
            inside = opened = False
        elif link in {"or", "and"} and inside:
            links[n] = "example"
        elif link != "with":
            inside = False


def _regrouped(
    text: str, leaves: Sequence[Leaf], links: list[Link], section: Section
) -> list[Link]:
    """Return the links with those made weaker that a list before them keeps together.

    "Male or female and at least 65 years old", "man or woman (not pregnant) aged 18 to 65": the
    age is of both.
    """
    for n in range(1, len(links)):
        behind = text[leaves[n].end : leaves[n + 1].start].lstrip()
        people = is_person(leaves[n - 1]) and is_person(leaves[n])
        if links[n - 1] == "or" and links[n] == "and" and people:
            links[n] = "subject"
        elif links[n] == "and" and _are_maternity(text, leaves[n - 1 : n + 2]):
            links[n] = "apart"  # "pregnant women and nursing mothers"
        elif section != "exclusion" and _is_age(leaves[n + 1]) and behind.startswith(")"):
            links[n] = "clause"
    return links


def _own_people(
    text: str, leaves: Sequence[Leaf], links: list[Link], section: Section
) -> list[Link]:
    """Return the links with the "or" set apart behind which people stand of whom more is said.

    "Pregnancy or women who smoke", "nursing, fertile women who smoke": the first need not smoke.
    """
    for n in range(1, len(links)):
        more = links[n] in {"subject", "with"} and not is_person(leaves[n + 1])
        if not more or not is_person(leaves[n]):
            continue
        first = leaves[n - 1]
        fertile = pattern("conditional_subject").fullmatch(text, first.start, first.end)
        if links[n - 1] == "subject" and fertile and n > 1 and _is_maternity(text, leaves[n - 2]):
            n, first = n - 1, leaves[n - 2]
        pregnant = section == "exclusion" and links[n - 2] == "subject" and n > 1
        alone = not is_person(first) or (pregnant and _is_maternity(text, leaves[n - 2]))
        if links[n - 1] == "or" and alone:
            links[n - 1] = "apart"
    return links


def _other_sex(leaves: Sequence[Leaf], links: list[Link], section: Section) -> list[Link]:
    """Return the links with those set apart after which people of the other sex are described.

    "Men and non-pregnant, non-lactating women" are of either sex; an age behind them is of both.
    """
    for n, link in enumerate(links):
        if link not in {"and", "or", "list", "apart"} or not is_person(leaves[n]):
            continue
        later = next((m for m in range(n + 1, len(leaves)) if is_person(leaves[m])), n + 1)
        between = leaves[n + 1 : later]
        plain = not any(leaf.mention and leaf.mention.values for leaf in between)
        joined = all(x in {"and", "or", "list", "with", "subject"} for x in links[n + 1 : later])
        if between and plain and joined and not _same_words(leaves[n], leaves[later]):
            links[n] = "apart"
            aged = leaves[later + 1].mention if later < len(links) else None
            if section != "exclusion" and aged and aged.label == "PERSON" and aged.values:
                links[later] = "clause"
    return links


def _meant(link: Link, a: Leaf, b: Leaf, section: Section, *, negated: bool) -> Link:
    """Return what "and" or "or" between two leaves means.

    "men and women" are of either sex; "pregnant women or women who …" are apart; of "at least 4
    weeks since A or B" and "AST/ALT ≤ 2.5" both are meant.
    """
    people = is_person(a) and is_person(b)
    if link == "or" and is_person(a) and not people:
        return "apart"  # "pregnant women or suspected pregnancy"
    if people and (link == "and" or {sex_of(a), sex_of(b)} == {"male", "female"}):
        link = "or"  # "male of female"
    if link == "and" and _is_age(a) and _is_age(b) and _outside_each_other(a, b):
        return "or"  # "below 18 and above 65 years"
    if link == "or" and people and _same_words(a, b):
        return "apart"
    if link in {"or", "example"} and section != "exclusion" and not negated:
        return "and" if _same_wait(a, b) or _waits_longer(a, b) else link
    return link


def _same_for_both(text: str, leaves: Sequence[Leaf], links: Sequence[Link]) -> list[Link]:
    """Return the links with the slash of "AST/ALT ≤ 2.5" as "and", where both must be so."""
    return [
        "and"
        if link == "or" and gap_between(text, a, b).strip() in {"/", "and/or"} and _same_bound(a, b)
        else link
        for link, (a, b) in zip(links, pairwise(leaves), strict=True)
    ]


def _clear_kinds(text: str, leaves: Sequence[Leaf], links: Sequence[Link], out: Parsed) -> None:
    """Drop the doubt about brackets that list kinds: "heart disease (angina, arrhythmia)".

    Any of what is denied or excludes is enough, the class and its kinds alike; where it is asked
    for, the list may say all that counts.
    """
    clear = {
        b.start
        for link, (a, b) in zip(links, pairwise(leaves), strict=True)
        if link == "example" and (_lists_kinds(text, a, b) or _same_bound(a, b))
    }
    _drop_bracket_doubts(clear, out)


def _each_of_group(
    text: str, leaves: Sequence[Leaf], links: Sequence[Link], out: Parsed
) -> list[Link]:
    """Return the links with brackets that name all of a group as "and", in what must be so.

    "Transaminases (AST, ALT) ≤ 2.5 × ULN": the printed bound is of each.
    """
    pairs = list(zip(links, pairwise(leaves), strict=True))
    found = [
        link == "example" and _same_bound(a, b) and _opens(text, a, b) for link, (a, b) in pairs
    ]
    _drop_bracket_doubts({b.start for n, (_, (_, b)) in enumerate(pairs) if found[n]}, out)
    return ["and" if each else link for each, link in zip(found, links, strict=True)]


def _opens(text: str, a: Leaf, b: Leaf) -> bool:
    return _OPENED.fullmatch(text, a.end, b.start) is not None


_OPENED = re.compile(r"\s*[(\[]\s*(?:either|both)?\s*", re.IGNORECASE)


def _drop_bracket_doubts(starts: set[int], out: Parsed) -> None:
    out.doubts = [d for d in out.doubts if d.reason != IN_BRACKETS or d.start not in starts]


def _lists_kinds(text: str, a: Leaf, b: Leaf) -> bool:
    """Tell whether a class stands before brackets that list two or more things of its kind."""
    inside = _BRACKETS.match(text, a.end)
    if a.kind != b.kind or inside is None or b.start > inside.end() or _sides(b):
        return False
    several = re.search(r",|/|;|\b(?:or|and|etc)\b", inside.group(1), re.IGNORECASE)
    named = pattern("class_noun").search(text, a.start, a.end)
    return several is not None and named is not None and named.end() == a.end


_BRACKETS = re.compile(
    r"\s*\(((?:(?!\b(?:if|unless|except|excluding|not|no|only|defined|other than)\b)"
    r"[^()\d<>≤≥])*)\)",
    re.IGNORECASE,
)


def _is_age(leaf: Leaf) -> bool:
    m = leaf.mention
    return m is not None and m.label == "PERSON" and bool(m.values)


def _outside_each_other(a: Leaf, b: Leaf) -> bool:
    """Tell whether no number meets both bounds."""
    bounds = [v for leaf in (a, b) if leaf.mention for v in leaf.mention.values]
    lows = [v.low for v in bounds if v.low is not None]
    highs = [v.high for v in bounds if v.high is not None]
    return bool(lows and highs) and len(bounds) == 2 and max(lows) > min(highs)


def _same_wait(a: Leaf, b: Leaf) -> bool:
    """Tell whether the same time must have passed since both."""
    if a.mention is None or b.mention is None:
        return False
    both = set(a.mention.windows) & set(b.mention.windows)
    waits = [w for w in both if w.role == "recency" and w.end <= a.start]
    return any(w.low is not None and w.high is None for w in waits)


def _waits_longer(a: Leaf, b: Leaf) -> bool:
    """Tell whether each of two treatments has its own wait: "4 weeks since X, 6 weeks for Y"."""
    if a.mention is None or b.mention is None or not a.kind == b.kind == "exposure":
        return False
    if "present" in (a.mention.period, b.mention.period):
        return False
    waits = [
        [w for w in m.windows if w.role == "recency" and w.low is not None and w.high is None]
        for m in (a.mention, b.mention)
    ]
    return bool(waits[0]) and any(a.end <= w.start < b.start for w in waits[1])


def _same_bound(a: Leaf, b: Leaf) -> bool:
    """Tell whether one printed bound is of both."""
    if a.kind != "MEASUREMENT" or a.mention is None or b.mention is None:
        return False
    return bool(a.mention.values) and a.mention.values == b.mention.values


def _same_words(a: Leaf, b: Leaf) -> bool:
    return bool(a.mention and b.mention and a.mention.text.lower() == b.mention.text.lower())


def _list_link(
    text: str, leaves: Sequence[Leaf], links: list[Link], n: int, section: Section
) -> Link:
    """Return what a bare comma stands for: the connective its list ends with."""
    following = links[n + 1] if n + 1 < len(links) else None
    a, b = leaves[n], leaves[n + 1]
    if following == "subject" and is_person(a) and is_person(leaves[n + 2]):
        return "apart"  # "pregnant women, nursing women"
    if section == "exclusion" and is_person(a) and _is_maternity(text, b):
        return "apart"  # "pregnant women, breastfeeding"
    if is_person(b) and following in {"subject", "with"} and _is_maternity(text, a):
        return "or"  # "pregnancy, women who smoke"
    if is_person(a) != is_person(b) or (is_person(a) and sex_of(a) is None and sex_of(b)):
        return "subject"  # "healthy adults, male or female"
    if following in {"or", "and"}:
        return following
    if re.search(r"\bor\b", text[b.start : b.end], re.IGNORECASE) and isinstance(b.node, AnyOf):
        return "or"  # "lobar, renal or hepatic failure": the last two in one
    return "or" if section == "exclusion" else "and"


def _is_maternity(text: str, leaf: Leaf) -> bool:
    return pattern("maternity").search(text, leaf.start, leaf.end) is not None


def _are_maternity(text: str, leaves: Sequence[Leaf]) -> bool:
    """Tell whether people stand between two states of theirs, neither of them denied."""
    first, people, last = leaves
    denied = any(leaf.cue or isinstance(leaf.node, Not) for leaf in leaves)
    states = _is_maternity(text, first) and _is_maternity(text, last)
    return states and is_person(people) and not denied


def sex_of(leaf: Leaf) -> str | None:
    """Return the sex that a person's word names, None of "adults"."""
    m = leaf.mention
    if m is None or m.label != "PERSON" or pattern("sex").fullmatch(m.text) is None:
        return None
    return "female" if re.search("fem|wom|girl", m.text.lower()) else "male"


def _counted(text: str, leaves: Sequence[Leaf]) -> bool:
    """Tell whether words before a list say how many of it: "at least two of the following"."""
    return count_cue(text, max(0, leaves[0].start - 80), leaves[0].start) is not None


def _excluding_and(text: str, leaves: Sequence[Leaf], links: list[Link], out: Parsed) -> None:
    """Read what excludes in a list of one kind, "A, B and C", as any of it, in place.

    Of two things, and of treatments, "and" may mean both together: that is named as a doubt.
    """
    if _EXCLUDED.match(text, leaves[-1].end):
        return  # "with A and B are excluded", read in `stated`
    for run in _and_runs(links):
        members = [leaves[run[0]], *(leaves[n + 1] for n in run)]
        kinds = {leaf.kind for leaf in members}
        denied = any(leaf.cue or isinstance(leaf.node, Not) for leaf in members)
        clear = all(_is_maternity(text, leaf) for leaf in members)
        mixed = len(kinds) > 1 and not clear
        if denied or mixed or not kinds <= {"CONDITION", "OBSERVATION", "exposure"}:
            continue
        clear = clear or _AND_OTHER.search(text, members[-2].end, members[-1].start) is not None
        if clear or len(members) > 2:
            for n in run:
                links[n] = "or"
        cue = _AND.search(text, members[-2].end, members[-1].start)
        if cue is not None and not clear and (len(members) == 2 or kinds == {"exposure"}):
            out.doubts.append(Uncovered(*cue.span(), _ALL_OR_ANY))


_AND = re.compile(r"\band\b", re.IGNORECASE)
_AND_OTHER = re.compile(r"\band\s+(?:any\s+|all\s+)?others?\b", re.IGNORECASE)


def _and_runs(links: Sequence[Link]) -> list[list[int]]:
    """Return the runs of "and", what completes a member left aside."""
    runs: list[list[int]] = [[]]
    for n, link in enumerate(links):
        if link == "and":
            runs[-1].append(n)
        elif link not in {"with", "example"}:
            runs.append([])
    return [run for run in runs if run]


_EXCLUDED = re.compile(r"[^.;\n]{0,20}\b(?:exclu|ineligible)", re.IGNORECASE)


def _doubt_list(text: str, leaves: Sequence[Leaf], links: Sequence[Link], out: Parsed) -> None:
    """Name a list without a connective where nothing tells "and" from "or": what is to be had."""
    kinds = {leaf.kind for leaf in leaves}
    alike = kinds in ({"exposure"}, {"CONDITION"}) and not any(leaf.cue for leaf in leaves)
    if not alike or not links or links[-1] != "list" or isinstance(leaves[-1].node, AnyOf):
        return
    if _EXCLUDED.match(text, leaves[-1].end) is None:
        place = leaves[-1]
        out.doubts.append(Uncovered(place.start, place.end, _NOT_SAID))


def count_cue(text: str, start: int, end: int) -> tuple[Span, str, int] | None:
    """Return the place, kind (``at_least any all``) and number of "two or more of" and its like."""
    match = pattern("at_least").search(text, start, end)
    if match:
        n = number_of(next(group for group in match.groups() if group))
        return match.span(), ("any" if n == 1 else "at_least"), n
    for kind in ("any", "all"):
        match = pattern(kind).search(text, start, end)
        if match:
            return match.span(), kind, 1
    return None


def is_wait(text: str, place: Span) -> bool:
    """Tell whether "any of" stands behind "since": the time must have passed since all of them."""
    return _SINCE.search(text[max(0, place[0] - 160) : place[0]]) is not None


_SINCE = re.compile(
    r"\bsince\s*$|(?:at least|than|minimum of|[>≥]=?)\s*\d+ [^.;:]{0,40}\bsince\s[^.;:]{0,100}$",
    re.IGNORECASE,
)


def number_of(word: str) -> int:
    """Return the number that a word or figure says: "two"."""
    names: dict[str, int] = lexicon("structure").data["numbers"]
    return names.get(word.lower()) or int(word)
