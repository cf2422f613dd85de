"""What the words between the leaves of a run leave open: how far "with" and a definition go."""

from __future__ import annotations

import re
from collections.abc import Sequence

from critextract.linking import Leaf, Link, Parsed, gap_between, is_person, pattern
from critextract.schema import Uncovered


def doubt_completion(text: str, leaves: Sequence[Leaf], links: Sequence[Link], out: Parsed) -> None:
    """Name what may complete the name before it too: "diabetes with diet or exercise therapy"."""
    for n in range(len(links) - 1):
        a, b, c = leaves[n : n + 3]
        people = is_person(a) or is_person(b) or is_person(c)
        if (links[n], links[n + 1]) != ("with", "or") or people or not (a.mention and c.mention):
            continue
        gap = gap_between(text, a, b)
        plain = _OR.fullmatch(text, b.end, c.start) and _WITH.search(gap) and a.kind != c.kind
        needed = (
            b.kind == c.kind and _NEEDING.search(gap) and not text[b.end : c.start].strip(" or,")
        )
        if plain or needed or _EVIDENCE.search(gap):
            out.doubts.append(Uncovered(c.start, c.end, "what it is joined to may be left out"))


_OR = re.compile(
    r"(?:\s+(?:or|and/or)|,(?:\s+(?:or|and/or))?)\s+(?:(?:an?|the|other)\s+)?", re.IGNORECASE
)
_EVIDENCE = re.compile(r"\b(?:evidenced|manifested) by\b|\bdefined (?:as|by)\b")
_NEEDING = re.compile(r"\b(?:requiring|treated with)\b")
_WITH = re.compile(r"\b(?:with|requiring|on|by|despite|to)\b")


def doubt_second(text: str, a: Leaf, b: Leaf, out: Parsed) -> None:
    """Name what may say more of the name before it: "gout with fever or requiring colchicine"."""
    cue = _OR_NEEDING.search(text, a.end, b.start)
    if cue is not None:
        out.doubts.append(Uncovered(*cue.span(), "what it is joined to may be left out"))


_OR_NEEDING = re.compile(
    r"\bor (?:(?:is|are) )?(?:needing|requiring|receiving|undergoing|on)\b", re.I
)


def doubt_definition(text: str, leaves: Sequence[Leaf], out: Parsed) -> None:
    """Name the bounds of a list that may go on behind what is defined by the first of them."""
    defined = pattern("defined_by").search(gap_between(text, leaves[0], leaves[1]))
    units = {v.unit for leaf in leaves[1:] if leaf.mention for v in leaf.mention.values}
    if defined and leaves[1].kind == "MEASUREMENT" and len(units) > 1:
        place = leaves[-1]
        out.doubts.append(Uncovered(place.start, place.end, "how far the definition goes"))


def doubt_mixed(leaves: Sequence[Leaf], links: Sequence[Link], out: Parsed) -> None:
    """Name an "and" beside an "or": which of them binds first is not said."""
    plain = {link for link in links if link in {"and", "or"}}
    people = [leaf for leaf in leaves if is_person(leaf)]
    if len(plain) > 1 and len(leaves) - len(people) > 2:
        n = links.index("and")
        a, b = leaves[n].end, leaves[n + 1].start
        if a < b:
            out.doubts.append(Uncovered(a, b, "and beside or: more than one reading"))
