"""Which mention a qualifier is about, and what an allergy is to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from critextract.components.attach import (
    Span,
    aliases,
    chains,
    content_words,
    gap_text,
    same_clause,
)
from critextract.components.drafts import Candidate, QualifierCandidate, Quantity
from critextract.components.ingredients import goes_on, parts_alone
from critextract.components.values import SCALE_UNITS
from critextract.lexicon import lexicon
from critextract.schema import Label, Qualifier

_TO = re.compile(
    r"\s*(?:(?:allergic )?(?:reactions?|responses?)\s+)?"
    r"(?:to|of|with|against|towards?|for)(?:,\s*|\s+)"
    r"(?:(?:any|the|a|an|other|all|either|both|of|use of|components? of|one of)\s+)*",
    re.I,
)
_OR = re.compile(
    r"\s*(?:(?:to|of|with)\b\s*)?(?:/|,|,?\s*\b(?:and/or|and or|or|and)\b)\s*"
    r"(?:(?:has|have|had|an?|known|any|suspected|documented|prior|previous|history of|severe"
    r"|serious|major|(?:clinically )?significant|life[- ]threatening|other)\s+)*",
    re.I,
)
_HISTORY = re.compile(
    r"^\s*(?:or|and/or)\s+(?:(?:a|any|past|prior|previous)\s+)*history of\b", re.I
)
_SAYS_NEED = re.compile(r"(?:(?:that|which)\s+)?(?:requir|need|necessitat)", re.I)
_NEXT = re.compile(r"[\s,)]*\b(?:and|or|and/or)\s+", re.I)
"""Between a mention and a word that qualifies the next thing: "skin cancer and in situ …"."""
_AT = re.compile(r"(?:to|in|on|at|within)\s", re.I)
_BY = re.compile(r"\s+(?:with|by|on|despite|under|using|through)\b", re.I)


def assign_qualifiers(
    text: str,
    candidates: Sequence[Candidate],
    found: Sequence[QualifierCandidate],
    spans: Sequence[Span],
) -> dict[int, tuple[Qualifier, ...]]:
    """Return the qualifiers of each candidate: the next mention to the right, else to the left.

    Words that say by what ("not controlled with medication") and words alone in brackets are about
    a mention left of them.
    """
    owned: dict[int, tuple[Qualifier, ...]] = {}
    covered = [(q.start, q.end) for q in found]
    first = min((c.end for c in candidates), default=0)
    for q in found:
        costs = []
        behind = _stands_behind(text, q, candidates) and (first <= q.start or _says_by(text, q))
        for n, c in enumerate(candidates):
            if not same_clause(spans, c.start, q.start) or c.label is Label.PERSON:
                continue
            if q.start <= c.start and c.end <= q.end:
                continue  # "HER2 negative" says nothing of HER2
            left = c.end <= q.start
            if behind and not left:
                continue
            gap = (
                gap_text(text, c.end, q.start, covered)
                if left
                else _HISTORY.sub(" ", gap_text(text, q.end, c.start, covered))
            )
            passed = sum(
                min(c.end, q.end) <= o.start and o.end <= max(c.start, q.start) for o in candidates
            )
            other = left and _NEXT.fullmatch(text, c.end, q.start) is not None
            costs.append((content_words(gap) + 2 * passed + 1.0 * left + 4.0 * other, n))
        best = min(costs, default=(99.0, -1))
        if best[0] <= 4.0:
            item = Qualifier(q.kind, text[q.start : q.end].lower(), q.start, q.end)
            owned[best[1]] = (*owned.get(best[1], ()), item)
    return owned


def _says_by(text: str, q: QualifierCandidate) -> bool:
    """Tell whether words say what is needed, or by what something is under control."""
    by = q.kind == "stability" and _BY.match(text, q.end) is not None
    return by or _SAYS_NEED.match(text, q.start) is not None


def _stands_behind(text: str, q: QualifierCandidate, candidates: Sequence[Candidate]) -> bool:
    """Tell whether qualifying words are about a mention left of them.

    Such are words in brackets of their own, those behind "has been" and places with their "at".
    """
    if _says_by(text, q) or (q.kind == "site" and _AT.match(text, q.start)):
        return True
    if _BEEN.search(text, 0, q.start) and _CLOSES.match(text, q.end):
        return True
    opened, closed = text.rfind("(", 0, q.start), text.find(")", q.end)
    inside = opened > text.rfind(")", 0, q.start) and closed >= 0
    return inside and not any(opened < c.start < closed for c in candidates)


_BEEN = re.compile(r"\b(?:is|are|was|were|been|remains?)\s+(?:\w+ly\s+)?$", re.I)
_CLOSES = re.compile(r"\s*(?:[),.;]|$)")
_EXPOSURE = frozenset(
    {Label.DRUG, Label.PROCEDURE, Label.DEVICE, Label.MEASUREMENT, Label.OBSERVATION}
)
"""What a reaction may be to; an antibody is a MEASUREMENT elsewhere."""


def _alike(a: Candidate, b: Candidate) -> bool:
    """Tell whether a reaction may be to both: "to the drug or its excipients"."""
    return a.label is b.label or {a.label, b.label} <= _EXPOSURE


_REASONS = re.compile(r"contra-?indicat", re.I)
"""May be to the use of something; examples behind it are reasons: "to MRI, such as pacemaker"."""
_GOES_ON = re.compile(
    r"(?P<opens>[\s,(]*\b(?:such as|including|e\.?g\.?,?|like)\s+"
    r"|[\s,]*\b(?:or|and|and/or)\s+(?:to\s+)?(?:any\s+)?(?:other|similar|related)\s+)"
    r"|\)?\s*,?\s*(?:\b(?:or|and|and/or)\s+)?",
    re.I,
)


def _add_front_targets(
    text: str, candidates: Sequence[Candidate], found: dict[int, Qualifier]
) -> None:
    """Add what "peanut allergy or intolerance" is to, in place."""
    called = lexicon("structure").pattern("reaction")
    for n, (target, reaction) in enumerate(pairwise(candidates)):
        name = text[reaction.start : reaction.end]
        if n + 1 in found or not called.match(name) or text[target.end : reaction.start] != " ":
            continue
        begin = candidates[_first_of_list(text, candidates, n)].start
        value = text[begin : target.end].lower()
        found[n + 1] = Qualifier("other", value, begin, target.end)
        after = candidates[n + 2] if n + 2 < len(candidates) else reaction
        joined = _OR.fullmatch(text, reaction.end, after.start)
        if joined and called.match(text, after.start) and n + 2 not in found:
            found[n + 2] = found[n + 1]


def _first_of_list(text: str, candidates: Sequence[Candidate], last: int) -> int:
    """Return the first of a list before a reaction: "aspirin, latex or ibuprofen allergy"."""
    first, closed = last, False
    while first and _alike(candidates[first - 1], candidates[last]):
        gap = text[candidates[first - 1].end : candidates[first].start]
        closed = closed or _EITHER.fullmatch(gap) is not None
        own = candidates[first - 1].label in _EXPOSURE
        if not (own and closed and (_EITHER.fullmatch(gap) or gap == ", ")):
            break
        first -= 1
    used = _USED.search(text[: candidates[first].start])
    return last if used else first


_TO_WHAT = re.compile(r"(?:multiple |severe )?(?:drug|medication|food|vaccine|latex)\b", re.I)
"""A reaction's name that says to what: "drug allergy or intolerance of A"."""
_EITHER = re.compile(r",?\s(?:or|and/or)\s|/", re.I)
_USED = re.compile(
    r"\b(?:use of|taking|receiving|on|with|concurrent|concomitant|received|prior|previous)\s+$",
    re.I,
)


def _carries(text: str, candidates: Sequence[Candidate], n: int) -> bool:
    """Tell whether a target is of the next candidate: "contraindication to treatment with X"."""
    if n + 1 >= len(candidates):
        return False
    one, carried = candidates[n], candidates[n + 1]
    carrier = lexicon("structure").pattern("carrier").fullmatch(text, one.start, one.end)
    given = carried.label in {Label.DRUG, Label.PROCEDURE, Label.DEVICE}
    return bool(carrier and given and _WITH.fullmatch(text, one.end, carried.start))


_WITH = re.compile(r"\s+(?:with|of|by|using)\s+(?:(?:the|an?|any)\s+)*", re.I)


def _last_target(text: str, candidates: Sequence[Candidate], run: Sequence[int], name: str) -> int:
    """Return the last candidate that a reaction is to, of those joined to the first one."""
    first = candidates[run[0]]
    if _REASONS.search(name):
        last = max(i for i in run if _alike(candidates[i], first))
        drugs = {c.label for c in candidates[last : last + 2]} == {Label.DRUG}
        return _further(text, candidates, last) if drugs else last
    last = max(i for i in _until_use(text, candidates, run) if _alike(candidates[i], first))
    return _further(text, candidates, last)


def _until_use(text: str, candidates: Sequence[Candidate], run: Sequence[int]) -> Sequence[int]:
    """Return the run up to what is taken, not reacted to: "allergy to A, use of B"."""
    for n, (a, b) in enumerate(pairwise(run), start=1):
        if _USE.search(text, candidates[a].end, candidates[b].start):
            return run[:n]
    return run


_USE = re.compile(r"\b(?:use|usage|treatment|intake|receipt|taking|receiving|on)\b", re.I)


def _further(text: str, candidates: Sequence[Candidate], last: int) -> int:
    """Return the last of the targets that go on with examples or "or other X"."""
    opened = False
    while last + 1 < len(candidates):
        gap = text[candidates[last].end : candidates[last + 1].start]
        joined = _GOES_ON.fullmatch(gap)
        if joined is None or not _alike(candidates[last + 1], candidates[last]):
            break
        opened = opened or joined["opens"] is not None
        if not opened or lexicon("structure").pattern("reaction").search(
            text[candidates[last + 1].start : candidates[last + 1].end]
        ):
            break
        last += 1
    return last


def is_measured(qualifier: QualifierCandidate, quantities: Sequence[Quantity]) -> bool:
    """Tell whether a qualifier only repeats a stage, grade or class that is read as a value.

    Or a piece of a bound: "upper" of "the upper limit of normal".
    """
    return any(
        (q.value.start <= qualifier.start and qualifier.end <= q.value.end and q.kind != "word")
        or (
            q.value.unit in SCALE_UNITS
            and q.value.start < qualifier.end
            and qualifier.start < q.value.end
        )
        for q in quantities
    )


def find_targets(
    text: str,
    candidates: Sequence[Candidate],
    covered: Sequence[Span],
    words: Sequence[QualifierCandidate] = (),
) -> dict[int, Qualifier]:
    """Return what an allergy or intolerance is to: a qualifier of it, no exposure of its own.

    words : the qualifiers of the text; those of the target are part of what it is called.
    """
    fronts = [(q.start, q.end) for q in words]
    found: dict[int, Qualifier] = {}
    called = lexicon("structure").pattern("reaction")
    runs, short = chains(text, candidates, covered), aliases(text, candidates)
    for n, (reaction, target) in enumerate(pairwise(candidates)):
        name = text[reaction.start : reaction.end]
        gap = gap_text(text, reaction.end, target.start, fronts)
        if called.search(name) and _TO.fullmatch(gap):
            k = n + 1 + _carries(text, candidates, n + 1)
            k = short.get(k, k)
            run = [i for i in next((run for run in runs if k in run), [k]) if i >= k]
            last = _last_target(text, candidates, run, name)
            end = candidates[last - (k == last == short.get(last - 1))].end
            begin = min([target.start, *(a for a, b in fronts if reaction.end < a < target.start)])
            end += text[end : end + 1] == ")" and "(" in text[begin:end].rpartition(")")[2]
            found[n] = Qualifier("other", text[begin:end].lower(), begin, end)
    for n, reaction in enumerate(candidates):
        alone = parts_alone(text, reaction.end)
        if alone and n not in found and called.search(text[reaction.start : reaction.end]):
            found[n] = alone
    found = {n: goes_on(text, target, candidates) for n, target in found.items()}
    _add_front_targets(text, candidates, found)
    for n in reversed(range(len(candidates) - 1)):  # "allergy or intolerance to X": both are to X
        first, second = candidates[n], candidates[n + 1]
        name = text[first.start : first.end]
        alike = called.search(name) and not _TO_WHAT.match(name)
        joined = _OR.fullmatch(text, first.end, second.start)
        if n + 1 in found and n not in found and alike and joined:
            found[n] = found[n + 1]
    return found
