"""A name that goes on behind its short form: "dihydropyrimidine dehydrogenase (DPD) deficiency"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from critextract import terms
from critextract.components.drafts import Candidate
from critextract.components.short_forms import abbreviates
from critextract.schema import Label

_GOES_ON = frozenset({Label.CONDITION, Label.MEASUREMENT})
_BRACKET = re.compile(r"\((?P<short>[A-Za-z][\w/-]{1,9})\)")


def join_through_brackets(text: str, found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, those that a short form in brackets parts as one.

    The noun behind the brackets says what the whole is: its label holds.
    """
    out: list[Candidate] = []
    for candidate in found:
        head = _head(text, out, candidate)
        if head is None:
            out.append(candidate)
        else:
            first = out[head]
            out[head:] = [replace(candidate, start=first.start, term=None)]
    return out


def with_looser_forms(text: str, found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, those with a short form that says less than they as one with it.

    "Systolic blood pressure (BP) > 160": what follows is of the systolic one.
    """
    out: list[Candidate] = []
    for candidate in found:
        if out and _says_less(text, out[-1], candidate):
            out[-1] = replace(out[-1], end=candidate.end + 1)
        else:
            out.append(candidate)
    return out


def _says_less(text: str, long: Candidate, short: Candidate) -> bool:
    if text[long.end : short.start].strip() != "(" or text[short.end : short.end + 1] != ")":
        return False
    own, other = (terms.lookup(text[c.start : c.end]) for c in (long, short))
    if own is None or other is None or own.id == other.id:
        return False
    words = text[long.start : long.end].split()
    rest = (terms.lookup(" ".join(words[n:])) for n in range(1, len(words)))
    return any(term is not None and term.id == other.id for term in rest)


def _head(text: str, before: Sequence[Candidate], noun: Candidate) -> int | None:
    """Return which candidate the name of `noun` begins with, None where it begins with its own."""
    if noun.label not in _GOES_ON or not before or text[noun.start - 2 : noun.start] != ") ":
        return None
    bracket = next((b for b in _BRACKET.finditer(text) if b.end() + 1 == noun.start), None)
    if bracket is None:
        return None
    for n in range(len(before) - 1, max(-1, len(before) - 3), -1):
        first = before[n]
        begins = first.start < bracket.start() <= first.end + 1 or first.end == bracket.end()
        if begins and first.label in _GOES_ON:
            return n if abbreviates(bracket["short"], text[first.start : bracket.start()]) else None
    return None
