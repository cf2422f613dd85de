"""What stands between a time expression and a mention, as named features of the pair.

`critextract.learn.attachment` learns a weight of each; `windows` sums them. A feature's name says
what it is: the kind of expression and the side of it the mention lies on, then the fact.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from critextract.components.attach import (
    Span,
    aliases,
    chains,
    content_words,
    gap_text,
    same_clause,
    words,
)
from critextract.components.drafts import Candidate, TimeExpression

_TOKEN = re.compile(r"[a-z]+|[(),;:/]")
_AT_JOIN = re.compile(r"\b(?:and|or)\b\s*$|^\s*(?:and|or)\b")
_NAME_WORD = re.compile("[a-z]{3,}")
_ASIDE = re.compile(
    r"\b(?:including|such as|e\.g\.,?|like|other than|except|according to)"
    r"\s+(?:(?:the|a|an|any|other)\s+)*$"
)
FARTHEST = 300
"""Characters between a time expression and a mention that it may be about."""
_FEW_WORDS, _LENGTHS = (0, 1, 2, 3, 5, 8, 12), (30, 60, 100, 150, 250, 400)


@dataclass(frozen=True, slots=True)
class Scene:
    """One criterion's findings, as the pairs in it see them.

    blank : `text` without the characters of values, cues, qualifiers and times, which do not
        count as words between.
    starts : first character of each candidate; they stand in this order.
    run : of each candidate (by index), the coordinated run it stands in.
    short : of each long form (by index), the short form in brackets behind it.
    depth : of each character, how many brackets are open before it.
    """

    text: str
    candidates: Sequence[Candidate]
    blank: str
    starts: Sequence[int]
    run: Mapping[int, list[int]]
    depth: Sequence[int]
    short: Mapping[int, int]


def scene(
    text: str, candidates: Sequence[Candidate], times: Sequence[TimeExpression], taken: list[Span]
) -> Scene:
    """Return the scene of a criterion; `taken` without the times' own characters."""
    run = {n: [n] for n in range(len(candidates))}
    run.update({n: found for found in chains(text, candidates, taken) for n in found})
    own = [(t.window.start, t.window.end) for t in times]
    blank = gap_text(text, 0, len(text), [*taken, *own])
    starts = [candidate.start for candidate in candidates]
    short = aliases(text, candidates)
    return Scene(text, candidates, blank, starts, run, depths(text), short)


def depths(text: str) -> list[int]:
    """Return of each character, and of the end, how many brackets are open before it."""
    if "(" not in text:
        return [0] * (len(text) + 1)
    depth = [0]
    for char in text:
        depth.append(max(0, depth[-1] + (char == "(") - (char == ")")))
    return depth


def within_reach(scene: Scene, time: TimeExpression, spans: Sequence[Span]) -> list[int]:
    """Return the candidates a time expression may be about: in its clause, `FARTHEST` off at most.

    What words without a number point to ("before dialysis") is not their event.
    """
    start = time.window.start
    point = None if numbered(time) else time.window.reference_point
    first = bisect_left(scene.starts, start - FARTHEST)
    last = bisect_left(scene.starts, time.window.end + FARTHEST)
    return [
        n
        for n in range(first, last)
        if same_clause(spans, scene.starts[n], start) and str(n) != point
    ]


def outside_brackets(scene: Scene, time: TimeExpression, reach: Sequence[int]) -> list[int]:
    """Return the candidates without those in closed brackets that another one stands before.

    "heart failure (NYHA II) for 3 months": the failure lasts 3 months.
    """
    level = scene.depth[time.window.start]
    kept: list[int] = []
    for n in reach:
        if kept and scene.starts[n] < time.window.start and scene.depth[scene.starts[n]] > level:
            continue
        kept.append(n)
    return kept


def numbered(time: TimeExpression) -> bool:
    """Tell whether the expression prints a bound."""
    return time.window.low is not None or time.window.high is not None


def is_prefix(text: str, time: TimeExpression) -> bool:
    """Tell whether the expression stands before its event ("history of", "prior")."""
    words_ = text[time.window.start : time.window.end].lower()
    return words_ in words()["prefix_times"] or words_.endswith(
        ("history of", " since", " before", " after", " of", " prior", " previous")
    )


def pair_features(scene: Scene, n: int, time: TimeExpression) -> Iterator[str]:
    """Yield the features of candidate `n` as the event of `time`."""
    text, candidate, window = scene.text, scene.candidates[n], time.window
    side, lo, hi = between(candidate, window.start, window.end)
    kind = f"num-{window.role}" if numbered(time) else _unnumbered(text, time)
    key = kind + side
    inside = scene.candidates[bisect_left(scene.starts, lo) : bisect_left(scene.starts, hi)]
    passed = sum(other.end <= hi for other in inside)
    gap = scene.blank[lo:hi]
    yield key
    yield f"{key} passed {min(passed, 5)}"
    yield f"{key} words{up_to(content_words(gap), _FEW_WORDS)}"
    yield f"{key} {candidate.label}"
    yield f"{kind} {candidate.label} passed {min(passed, 2)}"
    yield from gap_features(text[lo:hi].lower(), key, side)
    yield from _before(text, candidate, side, passed)
    yield from _place(scene, n, window.start, key)
    yield from _name(text, candidate, time, side)


def _unnumbered(text: str, time: TimeExpression) -> str:
    return "pre" if is_prefix(text, time) else "post"


def between(candidate: Candidate, start: int, end: int) -> tuple[str, int, int]:
    """Return the side of the time the candidate is on (L, R, O overlapping) and the gap."""
    if candidate.start < end and start < candidate.end:
        return "O", 0, 0
    return ("L", candidate.end, start) if candidate.start < start else ("R", end, candidate.start)


def up_to(number: int, limits: Sequence[int]) -> str:
    """Return the least limit that a number does not exceed: ``<=5``, or ``>12`` above the last."""
    return next((f"<={limit}" for limit in limits if number <= limit), f">{limits[-1]}")


def gap_features(raw: str, key: str, side: str) -> Iterator[str]:
    """Yield what the characters between a finding and a mention say; `raw` in lower case."""
    for sign, name in ((",", "comma"), (":", "colon")):
        if sign in raw:
            yield f"{key} {name}"
    opened, closed = raw.count("("), raw.count(")")
    if opened != closed:
        yield f"{key} {'opens' if opened > closed else 'closes'}"
    elif opened:
        yield f"{key} skips()"
    if raw.strip() in ("", "(") and side != "O":
        yield f"{key} next{raw.strip()}"
    small = words()["between_words"]
    tokens = _TOKEN.findall(raw)
    for token in sorted(set(tokens) & small):
        yield f"{side} has {token}"
    if tokens:
        near = tokens[0] if side == "L" else tokens[-1]
        yield f"{side} near {near if near in small or len(tokens) == 1 else 'other'}"
    if _AT_JOIN.search(raw):
        yield f"{key} andor"


def _before(text: str, candidate: Candidate, side: str, passed: int) -> Iterator[str]:
    """Yield what the words before the candidate say of it."""
    small = words()["between_words"]
    tokens = _TOKEN.findall(text[max(0, candidate.start - 40) : candidate.start].lower())
    word = tokens[-1] if tokens else "^"
    if side != "R" or passed:
        yield f"{side} before {word if word in small or word in '^(,;:/' else 'other'}"
    if side == "L":
        yield f"L before {word} passed {min(passed, 2)}" if word in small else "L before other"
        if _ASIDE.search(text[max(0, candidate.start - 24) : candidate.start].lower()):
            yield "L aside"


def _place(scene: Scene, n: int, start: int, key: str) -> Iterator[str]:
    """Yield where the candidate stands: in its run, in brackets, in the line."""
    run, candidate = scene.run[n], scene.candidates[n]
    if len(run) > 1:
        yield f"{key} run {'first' if run[0] == n else 'last' if run[-1] == n else 'mid'}"
    depth, other = scene.depth[candidate.start], scene.depth[start]
    if depth != other:
        yield f"{key} {'deeper' if depth > other else 'higher'}"
    if candidate.start == scene.starts[0]:
        yield f"{key} first"
    if candidate.source == "lexicon":
        yield f"{key} lexicon"


def _name(text: str, candidate: Candidate, time: TimeExpression, side: str) -> Iterator[str]:
    """Yield what the words of the expression and of the mention say."""
    counted = numbered(time)
    if counted:
        window = time.window
        yield f"{window.role} {window.direction} {side} {candidate.label}"
    else:
        words_ = _words_of(text, time)
        yield f"t {words_} {side}"
        yield f"t {words_} {candidate.label}"
    for word in sorted(set(_NAME_WORD.findall(text[candidate.start : candidate.end].lower()))):
        yield f"m {word} {'num' if counted else 'no'}"


def _words_of(text: str, time: TimeExpression) -> str:
    return re.sub(r"\d+", "0", text[time.window.start : time.window.end].lower())


def time_features(scene: Scene, time: TimeExpression) -> Iterator[str]:
    """Yield the features of an unnumbered expression by itself, whatever its event."""
    text, start, end = scene.text, time.window.start, time.window.end
    words_ = _words_of(text, time)
    before = _TOKEN.findall(text[max(0, start - 40) : start].lower())
    after = _TOKEN.findall(text[end : end + 40].lower())
    yield f"t {words_}"
    for name, word in (("prev", before[-1] if before else "^"), ("next", (after or ["$"])[0])):
        yield f"t {name} {word}"
        yield f"t {words_} {name} {word}"
    yield f"t length{up_to(len(text), _LENGTHS)}"
    yield f"t {words_} length{up_to(len(text), (40, 90, 180))}"
    yield f"t mentions {min(len(scene.candidates), 6)}"
    place = "start" if start < 3 else "inside"
    yield f"t {place}"
    yield f"t {words_} {place}"
    yield f"t {'bracket' if scene.depth[start] else 'flat'}"
    yield f"t {'end' if len(text) - end < 3 else 'not end'}"
