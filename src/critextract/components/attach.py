"""How far a finding is from a mention: gaps, clauses, coordination and costs.

Everything here reads one criterion's clean text and offsets in it. A cost counts the words between
a mention and what may belong to it; the attachment of least cost wins, none above a limit.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from itertools import pairwise
from operator import itemgetter
from typing import Any

from critextract.components.drafts import Candidate
from critextract.schema import Label, Value

Span = tuple[int, int]

_WORD = re.compile(r"[^\W\d_][\w'-]*")
METHOD = re.compile(
    r"cockcroft|gault|mdrd|ckd-?epi|friedewald|bazett|fridericia|schwartz"
    r"|\b(?:method|assay|formula|equation|criteria|version)\b",
    re.IGNORECASE,
)
"""How something is measured, in brackets behind its name."""
_CLAUSE_END = re.compile(r";|(?<=[a-z)\]])\.\s+(?=[A-Z])|\n")
LABEL_COST = {
    Label.MEASUREMENT: 0.0,
    Label.OBSERVATION: 0.5,
    Label.PERSON: 1.5,
    Label.PROCEDURE: 1.0,
    Label.CONDITION: 1.0,
    Label.DRUG: 1.5,
    Label.DEVICE: 1.5,
    Label.VISIT: 2.0,
}
"""What a value's subject is, in order of likelihood (counts of Chia's Has_value)."""


@cache
def words() -> dict[str, Any]:
    """Return the word lists of ``lexicons/attachment.json``."""
    path = resources.files("critextract") / "lexicons/attachment.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for name in ("link_words", "between_words"):
        data[name] = frozenset(data[name])
    for name in ("coordination", "coordinator"):
        data[name] = re.compile(data[name], re.IGNORECASE)
    return data


def clauses(text: str) -> list[Span]:
    """Return the ranges between semicolons and sentence ends; they cover the text."""
    cuts = [0, *(m.end() for m in _CLAUSE_END.finditer(text)), len(text)]
    return [(a, b) for a, b in pairwise(cuts) if a < b]


def same_clause(spans: Sequence[Span], a: int, b: int) -> bool:
    """Tell whether offsets `a` and `b` lie in one of the clauses, which stand in order."""
    first, last = min(a, b), max(a, b)
    at = bisect_right(spans, first, key=itemgetter(0))
    return any(start <= first and last <= end for start, end in spans[max(0, at - 2) : at])


def gap_text(text: str, start: int, end: int, covered: Iterable[Span]) -> str:
    """Return ``text[start:end]`` with the covered ranges blanked."""
    if start >= end:
        return ""
    gap = list(text[start:end])
    for a, b in covered:
        if a < end and start < b:
            first, last = max(a, start) - start, min(b, end) - start
            gap[first:last] = " " * (last - first)
    return "".join(gap)


def content_words(gap: str) -> int:
    """Return the number of words in a gap that are no linking words."""
    links = words()["link_words"]
    return sum(word.lower().rstrip("'") not in links for word in _WORD.findall(gap))


LONGEST_LINK = 60
"""Characters between two members of a list, at most."""


def is_coordination(gap: str) -> bool:
    """Tell whether a gap holds nothing but a comma, slash, ``and``, ``or``."""
    if len(gap) > LONGEST_LINK or not words()["coordinator"].search(gap):
        return False
    return words()["coordination"].match(gap) is not None


_NEXT_ITEM = re.compile(
    r"[\s)]*(?:[,;/]|(?:[,;]\s*)?\b(?:and|or|and/or)\b)\s*(?:(?:NCI|CTCAE|CTC)\s+)*"
    r"(?:(?:grade|stage|class)\s+)?",
    re.IGNORECASE,
)


def begins_item(text: str, candidates: Sequence[Candidate], value: Value, gap: str) -> bool:
    """Tell whether a value opens the next item: "hernia, or grade 2 or higher neuropathy".

    gap : the characters between the mention before it and the value.
    """
    if _NEXT_ITEM.fullmatch(gap) is None:
        return False
    return any(c.start >= value.end and not text[value.end : c.start].strip() for c in candidates)


def is_alias(text: str, first: Candidate, second: Candidate) -> bool:
    """Tell whether `second` is the parenthesised short form right after `first`."""
    between = text[first.end : second.start]
    closing = text[second.end : second.end + 1]
    bracketed = between.strip() in {"(", "["} and closing in {")", "]"}
    return (
        bracketed
        and first.label == second.label
        and METHOD.search(text, second.start, second.end) is None
    )


def aliases(text: str, candidates: Sequence[Candidate]) -> dict[int, int]:
    """Return long form -> the short form that follows it, as indices of the candidates.

    What belongs to the pair goes to the short form, which stands next to it.
    """
    if "(" not in text and "[" not in text:
        return {}
    return {n: n + 1 for n, (a, b) in enumerate(pairwise(candidates)) if is_alias(text, a, b)}


def alias_spans(candidates: Sequence[Candidate], short: dict[int, int]) -> list[Span]:
    """Return the characters of long forms and of the brackets round their short forms."""
    return [
        span
        for long, n in short.items()
        for span in (
            (candidates[long].start, candidates[n].start),
            (candidates[n].end, candidates[n].end + 1),
        )
    ]


_APART = re.compile(r"\b(?:unless|except|other than|excluding|apart from)\b", re.IGNORECASE)


def _merged(text: str, covered: Sequence[Span]) -> list[Span]:
    """Return the ranges, those that "or" joins to each other as one: "severe or unstable"."""
    out: list[Span] = []
    for start, end in sorted(covered):
        if out and out[-1][1] < start and JOINED.fullmatch(text, out[-1][1], start):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


JOINED = re.compile(r"\s*(?:,\s*|/|(?:,\s*)?\b(?:and ?/ ?or|and or|or|and)\b)\s*", re.IGNORECASE)


def chains(text: str, candidates: Sequence[Candidate], covered: Sequence[Span]) -> list[list[int]]:
    """Return the coordinated runs of candidates ("AST, ALT or bilirubin"), long forms left out."""
    if len(candidates) < 2:
        return [[n] for n in range(len(candidates))]
    short = aliases(text, candidates)
    blank = [*_merged(text, covered), *alias_spans(candidates, short)]
    runs: list[list[int]] = []
    for n, candidate in enumerate(candidates):
        if n in short:
            continue
        if runs and _coordinated(text, candidates[runs[-1][-1]], candidate, blank):
            runs[-1].append(n)
        else:
            runs.append([n])
    return runs


def _coordinated(text: str, left: Candidate, right: Candidate, covered: Sequence[Span]) -> bool:
    if (left.label is Label.PERSON) != (right.label is Label.PERSON):
        return False
    if right.start - left.end > LONGEST_LINK:
        return False
    if _APART.search(text, left.end, right.start):
        return False
    return is_coordination(gap_text(text, left.end, right.start, covered))
