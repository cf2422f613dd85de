"""Cases of a threshold: by sex, by condition, otherwise.

``Hb ≥ 13 (men), ≥ 12 (women)`` and ``ALT ≤ 2.5 × ULN (≤ 5 × ULN if liver metastases)``: a value
that holds in one case only carries a guard; a value beside a guarded one without a guard of its
own holds otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from critextract.components.attach import content_words, gap_text, words
from critextract.components.drafts import Candidate
from critextract.rules import AllOf, AnyOf, Is, Not, Rule
from critextract.schema import Guard, Label, Otherwise, RuleGuard, SexGuard, Value

Found = tuple[Guard, tuple[int, ...]]
"""A guard and the candidates (by index) it is made of."""


@cache
def _sex_patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Return (sex, pattern at the start of what follows a value, pattern at the end before it)."""
    out = []
    for sex, names in words()["sex"].items():
        name = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
        after = rf"^\s*,?\s*[\[(]?\s*(?:for|in|if|among)?\s*(?:adult\s+)?(?:{name})\b"
        before = (
            rf"(?:^|[\s,;([])(?:for|in|if|among)?\s*(?:adult\s+)?(?:{name})"
            r"\s*[:)=]?\s*(?:is|are|of)?\s*$"
        )
        flags = re.IGNORECASE
        out.append((sex, re.compile(after, flags), re.compile(before, flags)))
    return tuple(out)


@cache
def _condition() -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s,;(\[])({words()['condition_guard']})\s", re.IGNORECASE)


def find_guards(
    text: str, values: Sequence[Value], candidates: Sequence[Candidate], subject: int
) -> dict[int, Found]:
    """Return the guard of each value (by index in `values`) that has one.

    Looks at the words after a value up to the next one, then at the words before it.
    """
    found: dict[int, Found] = {}
    for n, value in enumerate(values):
        after_end = values[n + 1].start if n + 1 < len(values) else _clause_end(text, value.end)
        before_start = values[n - 1].end if n else candidates[subject].end
        guard = _sex_after(text[value.end : after_end])
        if guard is None and before_start <= value.start:
            guard = _sex_before(text[before_start : value.start])
        if guard is not None:
            found[n] = (guard, ())
            continue
        if len(values) < 2:
            continue
        last = n + 1 == len(values)
        case = _condition_case(text, value.end, after_end, candidates) if last or n == 0 else None
        if last and case is None and n and before_start <= value.start:
            case = _condition_case(text, before_start, value.start, candidates)
        if case is not None and not (n == 0 and _is_second_case(text, value.end, values)):
            found[n] = case
    return found


def _clause_end(text: str, start: int) -> int:
    match = re.search(r"[;)\]]|\.\s", text[start:])
    return start + match.start() if match else len(text)


def _is_second_case(text: str, end: int, values: Sequence[Value]) -> bool:
    """Tell whether the words after the first value open the next value's case ("(if X: ≤ 5")."""
    between = text[end : values[1].start]
    return re.match(r"\s*[,;]?\s*[(\[]|\s*[,;]|\s+(?:or|and|unless|except)\b", between) is not None


def _sex_after(gap: str) -> SexGuard | None:
    for sex, after, _ in _sex_patterns():
        if after.search(gap):
            return SexGuard(sex)  # type: ignore[arg-type]
    return None


def _sex_before(gap: str) -> SexGuard | None:
    for sex, _, before in _sex_patterns():
        if before.search(gap):
            return SexGuard(sex)  # type: ignore[arg-type]
    return None


def _condition_case(
    text: str, start: int, end: int, candidates: Sequence[Candidate]
) -> Found | None:
    """Return the rule guard said by ``if``/``in patients with`` between two offsets."""
    cue = _condition().search(text, start, end)
    if cue is None:
        return None
    inside = [
        n
        for n, c in enumerate(candidates)
        if cue.end() - 1 <= c.start and c.end <= end and c.label is not Label.PERSON
    ]
    if not inside:
        return None
    spans = [(candidates[n].start, candidates[n].end) for n in inside]
    if content_words(gap_text(text, cue.end(), spans[0][0], spans)) > 3:
        return None
    leaves: list[Rule] = [Is(str(n)) for n in inside]
    joined = re.search(r"\band\b", text[spans[0][0] : spans[-1][1]])
    rule: Rule = leaves[0] if len(leaves) == 1 else (AllOf if joined else AnyOf)(tuple(leaves))
    if re.search(r"\b(no|without|not)\s+(\w+\s+)?$", text[start : spans[0][0]], re.IGNORECASE):
        rule = Not((rule,))
    return RuleGuard(rule), tuple(inside)


def apply_guards(values: Sequence[Value], found: dict[int, Found]) -> tuple[Value, ...]:
    """Return the values with their guards, guarded cases first, the others as otherwise."""
    if not found:
        return tuple(values)
    cases = [replace(values[n], guard=guard) for n, (guard, _) in sorted(found.items())]
    rest = [replace(value, guard=Otherwise()) for n, value in enumerate(values) if n not in found]
    return tuple(cases + rest)
