"""What the words between the leaves of one run mean: "and", "or", commas, people side by side.

`linking` tells how two neighbours are linked; what a link means depends on the others and on the
section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from critextract.lexicon import lexicon
from critextract.linking import Leaf, Link, Parsed, Span, is_person, link_between, pattern
from critextract.schema import Section, Uncovered


def links_of(
    text: str, leaves: Sequence[Leaf], section: Section, out: Parsed, *, negated: bool
) -> list[Link]:
    """Return the links between the neighbours of a run, each with what it means there."""
    links = [link_between(text, a, b, out) for a, b in pairwise(leaves)]
    for n in reversed(range(len(links))):
        if links[n] == "list":
            links[n] = _list_link(leaves, links, n, section)
            if not _counted(text, leaves):
                _doubt_list(leaves, links, n, section, out)
    if not negated and section == "exclusion" and len(links) > 1 and set(links) == {"and"}:
        _doubt_and(text, leaves, out)
    for n in range(1, len(links)):  # "such as A, B or C": all three are examples
        if links[n - 1] == "example" and links[n] in {"or", "and"}:
            links[n] = "example"
    links = [
        _meant(text, link, a, b, section, negated=negated)
        for link, (a, b) in zip(links, pairwise(leaves), strict=True)
    ]
    links = _regrouped(text, leaves, _other_sex(leaves, links, section))
    if negated:  # "no A and B": neither
        links = ["or" if link in {"and", "clause"} else link for link in links]
    return links


def _regrouped(text: str, leaves: Sequence[Leaf], links: list[Link]) -> list[Link]:
    """Return the links with those made weaker that a list before them keeps together.

    "Male or female and at least 65 years old": the age is of both. "Disease (e.g. A, B) with C":
    C is of the disease.
    """
    for n in range(1, len(links)):
        behind = text[leaves[n].end : leaves[n + 1].start].lstrip()
        people = is_person(leaves[n - 1]) and is_person(leaves[n])
        aged = links[n - 1] == "or" and links[n] == "and" and people
        examples = links[n - 1] == "example" and links[n] == "with" and behind.startswith(")")
        if aged or examples:
            links[n] = "subject"
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


def _meant(text: str, link: Link, a: Leaf, b: Leaf, section: Section, *, negated: bool) -> Link:
    """Return what "and" or "or" between two leaves means.

    "men and women" are of either sex; "pregnant women or women who …" are apart; of "at least 4
    weeks since A or B" and "AST/ALT ≤ 2.5" both are meant.
    """
    people = is_person(a) and is_person(b)
    if link == "or" and is_person(a) and not people:
        return "apart"  # "pregnant women or suspected pregnancy"
    if link == "and" and people:
        link = "or"
    if link == "or" and people and _same_words(a, b):
        return "apart"
    if link == "or" and section != "exclusion" and not negated:
        slash = text[a.end : b.start].strip().lower() in {"/", "and/or"} and _same_bound(a, b)
        return "and" if slash or _same_wait(a, b) else link
    return link


def _same_wait(a: Leaf, b: Leaf) -> bool:
    """Tell whether the same time must have passed since both."""
    if a.mention is None or b.mention is None:
        return False
    both = set(a.mention.windows) & set(b.mention.windows)
    return any(w.low is not None and w.high is None and w.end <= a.start for w in both)


def _same_bound(a: Leaf, b: Leaf) -> bool:
    """Tell whether one printed bound is of both."""
    if a.kind != "MEASUREMENT" or a.mention is None or b.mention is None:
        return False
    return bool(a.mention.values) and a.mention.values == b.mention.values


def _same_words(a: Leaf, b: Leaf) -> bool:
    return bool(a.mention and b.mention and a.mention.text.lower() == b.mention.text.lower())


def _list_link(leaves: Sequence[Leaf], links: list[Link], n: int, section: Section) -> Link:
    """Return what a bare comma stands for: the connective its list ends with."""
    following = links[n + 1] if n + 1 < len(links) else None
    if following == "subject" and is_person(leaves[n]) and is_person(leaves[n + 2]):
        return "apart"  # "pregnant women, nursing women"
    if is_person(leaves[n]) != is_person(leaves[n + 1]):
        return "subject"
    if following in {"or", "and"}:
        return following
    return "or" if section == "exclusion" else "and"


def _counted(text: str, leaves: Sequence[Leaf]) -> bool:
    """Tell whether words before a list say how many of it: "at least two of the following"."""
    return count_cue(text, max(0, leaves[0].start - 80), leaves[0].start) is not None


def _doubt_and(text: str, leaves: Sequence[Leaf], out: Parsed) -> None:
    """Name the "and" of a list of treatments that exclude: each of them may do so."""
    cue = re.compile(r"\band\b", re.IGNORECASE).search(text, leaves[-2].end, leaves[-1].start)
    if (
        cue is not None
        and not _counted(text, leaves)
        and {leaf.kind for leaf in leaves} == {"exposure"}
    ):
        out.doubts.append(Uncovered(*cue.span(), "what excludes: all of them or any"))


def _doubt_list(
    leaves: Sequence[Leaf], links: Sequence[Link], n: int, section: Section, out: Parsed
) -> None:
    """Name a list without a connective where nothing tells "and" from "or": drugs to be had."""
    last = n + 1 == len(links)
    kinds = {leaf.kind for leaf in leaves}
    if last and len(leaves) > 2 and section != "exclusion" and kinds == {"exposure"}:
        place = leaves[-1]
        out.doubts.append(Uncovered(place.start, place.end, "how the list joins is not said"))


def count_cue(text: str, start: int, end: int) -> tuple[Span, str, int] | None:
    """Return the place, kind (``at_least any all``) and number of "two or more of" and its like."""
    match = pattern("at_least").search(text, start, end)
    if match:
        n = _number(next(group for group in match.groups() if group))
        return match.span(), ("any" if n == 1 else "at_least"), n
    for kind in ("any", "all"):
        match = pattern(kind).search(text, start, end)
        if match:
            return match.span(), kind, 1
    return None


def _number(word: str) -> int:
    names: dict[str, int] = lexicon("structure").data["numbers"]
    return names.get(word.lower()) or int(word)
