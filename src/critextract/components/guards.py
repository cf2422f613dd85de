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
from itertools import pairwise

from critextract.components.attach import Span, content_words, gap_text, words
from critextract.components.carriers import carries
from critextract.components.drafts import Candidate
from critextract.components.ranges import bounds, op_of
from critextract.rules import AllOf, AnyOf, Is, Not, Rule, map_leaves
from critextract.schema import Guard, Label, Mention, Otherwise, RuleGuard, SexGuard, Value

Found = tuple[Guard, tuple[int, ...]]
"""A guard and the candidates (by index) it is made of."""

_OTHERWISE = re.compile(
    r"\b(?:otherwise|or else|(?:in|for) all (?:other|others)|all other (?:patients|subjects)"
    r"|other(?:s| patients| subjects)\s?:)",
    re.IGNORECASE,
)


_EITHER = re.compile(r"\bor\b|[,/]", re.IGNORECASE)
_IF = re.compile(r"\b(?:if|when|where|unless|except|for)\b", re.IGNORECASE)


@cache
def _sex_patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Return (sex, pattern at the start of what follows a value, pattern at the end before it)."""
    out = []
    for sex, names in words()["sex"].items():
        name = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
        after = (
            rf"^\s*[)\]]?\s*,?\s*[\[(]?\s*(?:for|in|if|among)?\s*(?:adult\s+)?(?:{name})\b"
            r"(?!\s*[:=<>≤≥]|(?-i:\.\s?[a-z]))"  # "for M. avium" is no man
        )
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


_PEOPLE = re.compile(
    r"adults?|adolescents?|children|child|infants?|teenagers?|elderly|pa?ediatric|neonates?|newborns?"
    r"|asians?|japanese|chinese|koreans?|indians?|africans?|african[ -]americans?|blacks?"
    r"|caucasians?"
    r"|whites?|hispanics?|south asians?|east asians?",
    re.IGNORECASE,
)
"""People by age or descent, of whom another bound may hold."""
_FOR = re.compile(r"[\s,;(\[)]*(?:(?:and|or|but)\s)?(?:(?:for|in|among|if)\s(?:the\s)?)?", re.I)
_IN = re.compile(r"[\s(\[]*(?:for|in|among)\s(?:the\s)?", re.I)
_OPENS = re.compile(
    r"\s*(?:(?:patients|subjects|participants)\s*)?[:)=,]?\s*(?:is |are )?\s*", re.I
)
_OPENED = re.compile(r"\s*[:=<>≤≥]")

_SEX_WORD = re.compile(
    r"[\s,()\[\]]*(?:(?:for|in|if|among)\s+)?(?:adult\s+)?(?P<sex>m[ae]n|males?|wom[ae]n|females?|boys|girls)\b"
    r"(?P<both>\s*(?:/|\b(?:or|and|and/or)\b)\s*(?:m[ae]n|males?|wom[ae]n|females?|boys|girls)\b)?",
    re.IGNORECASE,
)
_BOTH_SEXES = re.compile(
    r"[\s,(]*(?:for|in|among)?\s?(?P<first>\w+)\s?"
    r"(?:(?:\s(?:and|or)\s|/)\w+[\s,)]{1,3}respectively"
    r"|/\s?\w+\s?(?:[),;.]|$))",
    re.IGNORECASE,
)


def find_guards(
    text: str, values: Sequence[Value], candidates: Sequence[Candidate], subject: int
) -> dict[int, Found]:
    """Return the guard of each value (by index in `values`) that has one.

    Looks at the words after a value up to the next one, then at the words before it.
    """
    places = sorted({(v.start, v.alternative.end if v.alternative else v.end) for v in values})
    cases: dict[tuple[int, int], Found] = {}
    both = _respective_sexes(text, places)
    for p, place in enumerate(places):
        if both:
            cases[place] = (both[p], ())
            continue
        before = places[p - 1][1] if p else candidates[subject].end
        after = places[p + 1][0] if p + 1 < len(places) else _clause_end(text, place[1])
        around = (before, after)
        sex = _sex_after(text[place[1] : after])
        if sex and not _is_case(text, place[1], candidates, subject, len(places)):
            sex = None
        if sex is None and before <= place[0]:
            sex = _sex_before(text[before : place[0]])
        case: Found | None = (sex, ()) if sex else None
        aged = candidates[subject].label is Label.PERSON  # "2 to 16 years, with anemia": no case
        if case is None and len(places) > 1 and (not aged or _IF.search(text, *around)):
            case = _case(text, places, p, around, candidates)
        if case is not None:
            cases[place] = case
    starts = {start: found for (start, _), found in cases.items()}
    if _is_one_range(values, starts):
        return {}
    starts.update(_other_ends(text, values, starts))
    return {n: starts[v.start] for n, v in enumerate(values) if v.start in starts}


def _other_ends(text: str, values: Sequence[Value], starts: dict[int, Found]) -> dict[int, Found]:
    """Return the case of a range's first end: "< 4, or ≥ 4 and < 10 with X"."""
    found = {}
    for first, second in pairwise(values):
        case = starts.get(second.start)
        if case is None or first.start in starts or not isinstance(case[0], RuleGuard):
            continue
        ends = first.high is None and second.low is None and first.unit == second.unit
        if ends and _BUT.fullmatch(text, first.end, second.start):
            found[first.start] = case
    return found


_BUT = re.compile(r"\s*(?:and|but|to)\s*", re.IGNORECASE)


def _is_one_range(values: Sequence[Value], starts: dict[int, Found]) -> bool:
    """Tell whether the bound in a case and the other one are two ends: "≥ 120 and < 190 with X".

    What is said behind them is then no case of the second alone.
    """
    if len(values) != 2 or len(starts) != 1 or values[0].start == values[1].start:
        return False
    guard = next(iter(starts.values()))[0]
    first, second = values
    lower = first.high is None and second.low is None and first.low is not None
    upper = first.low is None and second.high is None and first.high is not None
    alike = (first.unit, first.relative_to) == (second.unit, second.relative_to)
    return isinstance(guard, RuleGuard) and alike and (lower or upper)


def _is_case(
    text: str, end: int, candidates: Sequence[Candidate], subject: int, cases: int
) -> bool:
    """Tell whether the sex behind a bound says when it holds.

    Not so "18 years or older, male or female", nor what is part of a name: "stage I female breast
    cancer".
    """
    if cases < 2 and candidates[subject].label is Label.PERSON:
        return False
    word = _SEX_WORD.match(text, end)
    if word is None:
        return True
    behind = word.end("sex") + 1
    named = (c for c in candidates if c.label is not Label.PERSON)
    part = any(c.start <= word.start("sex") < c.end or c.start == behind for c in named)
    return not (word["both"] or part)


def _respective_sexes(text: str, places: Sequence[Span]) -> tuple[SexGuard, ...]:
    """Return the guards of "≥ 13 and ≥ 12 g/dL for men and women, respectively"."""
    if len(places) != 2:
        return ()
    found = _BOTH_SEXES.match(text, places[1][1])
    if found is None:
        return ()
    first = _sex_after(found["first"])
    if first is None:
        return ()
    return (first, SexGuard("female" if first.sex == "male" else "male"))


def _case(
    text: str, places: Sequence[Span], p: int, around: Span, candidates: Sequence[Candidate]
) -> Found | None:
    """Return the case the first or the last of several places is in, by the words around it."""
    (start, end), (before, after) = places[p], around
    last = p + 1 == len(places)
    people = _people_after(text, end, after, candidates)
    if people:
        return people
    if last and _OTHERWISE.search(text, before, start):
        return Otherwise(), ()
    if p == 0 and not _is_second_case(text, end, places[1][0]):
        return _condition_case(text, end, after, candidates)
    case = _condition_case(text, end, after, candidates) if last else None
    if last and case is None and before <= start:
        case = _condition_case(text, before, start, candidates)
    if last and case is None and before <= start:
        case = _people_before(text, before, start, candidates)
    return case


def _clause_end(text: str, start: int) -> int:
    start += text.startswith((")", "]"), start)  # of the other unit's bound
    match = re.search(r"[;)\]]|(?<![\s(][A-Za-z])\.\s", text[start:])
    return start + match.start() if match else len(text)


def _is_second_case(text: str, end: int, start: int) -> bool:
    """Tell whether the words after the first value open the next value's case ("(if X: ≤ 5")."""
    between = text[end:start]
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
        if cue.end() - 1 <= c.start
        and c.end <= end
        and (c.label is not Label.PERSON or c.term == "age")
    ]
    inside = [
        n
        for n in inside
        if n + 1 not in inside or not carries(text, candidates[n], candidates[n + 1], ())
    ]
    if not inside:
        return None
    spans = [(candidates[n].start, candidates[n].end) for n in inside]
    if content_words(gap_text(text, cue.end(), spans[0][0], spans)) > 3:
        return None
    return RuleGuard(_asked(text, start, inside, spans)), tuple(inside)


_DENIED = re.compile(r"\b(?:no|without|not|absence of)\s+(?:\w+\s+)?$", re.IGNORECASE)


def _asked(text: str, start: int, inside: Sequence[int], spans: Sequence[Span]) -> Rule:
    """Return the rule of a case: a "no" before its first denies it all, a later one its own.

    Parameters
    ----------
    start : where the words of the case begin.
    inside, spans : its candidates, by index, and their characters.
    """
    leaves: list[Rule] = []
    for n, end, (first, _) in zip(inside, [start, *(b for _, b in spans)], spans, strict=False):
        denied = leaves and _DENIED.search(text[end:first])
        leaves.append(Not((Is(str(n)),)) if denied else Is(str(n)))
    said = text[spans[0][0] : spans[-1][1]]
    either = _EITHER.search(said) and not re.search(r"\band\b", said)
    rule: Rule = leaves[0] if len(leaves) == 1 else (AnyOf if either else AllOf)(tuple(leaves))
    return Not((rule,)) if _DENIED.search(text[start : spans[0][0]]) else rule


def _people_before(
    text: str, start: int, end: int, candidates: Sequence[Candidate]
) -> Found | None:
    """Return the people whose bound follows: "for Asians < 35", "(adolescents: ≤ 90 %)"."""
    for n, c in enumerate(candidates):
        if not (start <= c.start and c.end <= end and _are_people(text, c)):
            continue
        if _FOR.fullmatch(text, start, c.start) and _OPENS.fullmatch(text, c.end, end):
            return RuleGuard(Is(str(n))), (n,)
    return None


def _people_after(text: str, start: int, end: int, candidates: Sequence[Candidate]) -> Found | None:
    """Return the people whose bound stands before them: "≥ 15 in adults"."""
    for n, c in enumerate(candidates):
        if not (start <= c.start and c.end <= end and _are_people(text, c)):
            continue
        if _IN.fullmatch(text, start, c.start) and not _OPENED.match(text, c.end):
            return RuleGuard(Is(str(n))), (n,)
    return None


def _are_people(text: str, candidate: Candidate) -> bool:
    person = candidate.label is Label.PERSON and candidate.term != "age"
    return person and _PEOPLE.fullmatch(text, candidate.start, candidate.end) is not None


def widen_guards(mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions, guards that name one of several alternatives naming them all.

    "Liver or bone metastases" is read as two mentions after a guard has named the first; the id
    of the other one is that id with a letter and a number.
    """
    copies: dict[str, list[str]] = {}
    for mention in mentions:
        base, _, number = mention.id.partition("a")
        if number.isdigit():
            copies.setdefault(base, []).append(mention.id)
    if not copies:
        return list(mentions)
    return [
        replace(m, values=tuple(replace(v, guard=_wider(v.guard, copies)) for v in m.values))
        for m in mentions
    ]


def _wider(guard: Guard | None, copies: dict[str, list[str]]) -> Guard | None:
    if not isinstance(guard, RuleGuard):
        return guard

    def widened(rule: Rule) -> Rule:
        if isinstance(rule, Is) and rule.mention in copies:
            return AnyOf((rule, *(Is(id_) for id_ in copies[rule.mention])))
        return rule

    return RuleGuard(map_leaves(guard.rule, widened))


def _same_side(values: Sequence[Value], found: dict[int, Found]) -> Sequence[Value]:
    """Give the other case's number the comparator printed once: "< 11 (women) or 12 (men)".

    So too of "≤ 2.5 × ULN (5 × ULN with liver metastases)".
    """
    sexes = all(isinstance(f[0], SexGuard) for f in found.values())
    if len(values) != 2 or (sexes and len(found) < 2):
        return values
    first, second = values
    exact = second.low is not None and second.low == second.high
    alike = (first.unit, first.relative_to) == (second.unit, second.relative_to)
    sided = (first.low is None) != (first.high is None)
    if not exact or not alike or not (sided or sexes) or first.low == first.high:
        return values
    plain = replace(second, low=None, low_closed=None, high=None, high_closed=None)
    return (first, replace(plain, **bounds(op_of(first), second.low)))  # type: ignore[arg-type]


def _same_limit(values: Sequence[Value]) -> Sequence[Value]:
    """Give the limit printed once to the other case: "≤ 80 % of predicted (adults: ≤ 90 %)"."""
    first = values[0]
    if first.relative_to is None or first.unit != "%":
        return values
    return [
        replace(v, relative_to=first.relative_to) if v.unit == "%" and not v.relative_to else v
        for v in values
    ]


def apply_guards(values: Sequence[Value], found: dict[int, Found]) -> tuple[Value, ...]:
    """Return the values with their guards, guarded cases first, the others as otherwise."""
    if not found:
        return tuple(values)
    values = _same_limit(_same_side(values, found))
    cases = [replace(values[n], guard=guard) for n, (guard, _) in sorted(found.items())]
    rest = [replace(value, guard=Otherwise()) for n, value in enumerate(values) if n not in found]
    return tuple(cases + rest)
