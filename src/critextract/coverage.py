"""The coverage ledger: which characters of a criterion its rule holds, and which it does not.

A word is held if it lies in a mention of the rule (its characters, values, windows, qualifiers,
negation cue), if it was read as structure, or if it bears no meaning of its own here
(``lexicons/coverage.json``). Every other word is named in `uncovered`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from critextract.lexicon import lexicon
from critextract.schema import Mention, Qualifier, RuleGuard, SexGuard, Uncovered, Value, Window
from critextract.text import lower

Span = tuple[int, int]

BEYOND = ("consent", "willingness", "future behaviour", "recovery", "judgement")
"""Kinds of phrases that no patient's record answers; data in ``lexicons/coverage.json``."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[<>≤≥=±]+")
_PARTS, _NUMBER = re.compile(r"[.;:]\s|\n\s*\n"), re.compile(r"\d|[<>≤≥=]")
_PARTICIPLE = re.compile(r"(?!limit|need|us|chang|affect)\w+ed")
CASED = frozenset({"standards", "exposure", "view"})
"""Phrases whose capitals count ("WHO", "Requires"); all others are written in lower case."""
_OF_LABELS = {
    "people": frozenset({"PERSON"}),
    "exposure": frozenset({"DRUG", "PROCEDURE", "DEVICE"}),
    "habit": frozenset({"OBSERVATION"}),
    "tested": frozenset({"MEASUREMENT"}),
}
"""Words without meaning beside mentions of these labels."""
_SCALES = ("{score}", "{class}", "{stage}", "{grade}")


def held_by(mention: Mention) -> list[Span]:
    """Return every range of characters a mention holds."""
    spans = list(mention.fragments or [(mention.start, mention.end)])
    if mention.negation_cue:
        spans.append(mention.negation_cue)
    spans += [(q.start, q.end) for q in mention.qualifiers if _is_held(q, mention)]
    spans += [(w.start, w.end) for w in mention.windows]
    bounds = [*mention.values, *(v for v in (mention.count, mention.dose) if v)]
    spans += [(v.start, v.end) for v in bounds]
    spans += [(v.alternative.start, v.alternative.end) for v in bounds if v.alternative]
    return spans


def _is_held(qualifier: Qualifier, mention: Mention) -> bool:
    verb, care = lexicon("coverage").pattern("verb"), lexicon("coverage").pattern("care")
    return bool(
        qualifier.kind == "severity"
        or not verb.match(qualifier.value)
        or care.fullmatch(qualifier.value)
        or (qualifier.end + 1 == mention.start and _PARTICIPLE.fullmatch(qualifier.value))
    )


def judgements(text: str, start: int, end: int) -> list[tuple[Span, str]]:
    """Return the phrases of what no record holds (`BEYOND`), each with what it is."""
    found: list[tuple[Span, str]] = []
    lowered, words = lower(text), lexicon("coverage")
    for kind in BEYOND:
        for match in words.pattern(kind, lowered=True).finditer(lowered, start, end):
            if not any(a < match.end() and match.start() < b for (a, b), _ in found):
                found.append((match.span(), kind))
    return sorted(found)


def missing_units(mentions: Iterable[Mention]) -> list[Uncovered]:
    """Return the bounds printed without a unit that their variable needs."""
    return [
        Uncovered(value.start, value.end, "unit_missing")
        for mention in mentions
        for value in mention.values
        if _needs_unit(value)
    ]


def _needs_unit(value: Value) -> bool:
    bounded = value.low is not None or value.high is not None or value.set is not None
    return bounded and value.unit is None and value.relative_to is None


def alternatives(text: str, mentions: Sequence[Mention]) -> list[Uncovered]:
    """Return the "or" between parts of one mention, which the rule joins by "and".

    Two qualifiers ("renal or hepatic insufficiency"), or a qualifier and a time ("active or prior
    infection"): either is enough.
    """
    found = []
    for mention in mentions:
        parts = [(q.start, q.end, True) for q in mention.qualifiers]
        parts += [(w.start, w.end, False) for w in mention.windows]
        parts.append((mention.start, mention.end, True))
        for (a_start, a, one), (b, _, other) in pairwise(sorted(parts)):
            match = _EITHER.fullmatch(text, a, b)
            told = mention.windows_op == "any" and not other  # "current abuse or within a year"
            if match and (one or other) and a_start < b and not told:
                found.append(Uncovered(*match.span(1), "either is enough"))
    return found


_EITHER = re.compile(
    r"(?:\s+(?:to|of|from))?[\s,]*(or|and/or|/)\s*(?:(?:is|are|was|were)\s+)?",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s*(?:/|,?\s*\b(?:or|and/or|and)\b)\s*", re.IGNORECASE)
_BEHIND = re.compile(
    r"\s*\b(?:to|of|in|at|on|into|around|near|involving)\b[^.;:()]*$", re.IGNORECASE
)


def behind_lists(text: str, mentions: Sequence[Mention]) -> list[Uncovered]:
    """Return the places behind the last of a list: "surgery or radiotherapy to the mouth".

    They may be said of all that is listed; the rule holds them of the last one.
    """
    found = []
    for first, last in pairwise(sorted(mentions, key=lambda m: (m.start, m.end))):
        listed = _LISTED.fullmatch(text, first.end, last.start)
        if not listed or any(q.start >= first.end for q in first.qualifiers):
            continue
        found += [
            Uncovered(q.start, q.end, _LAST_ONLY)
            for q in last.qualifiers
            if last.end < q.start
            and (_BEHIND.fullmatch(text[last.end : q.start]) or _is_behind(text, last.end, q))
        ]
        place = _OF_PLACE.search(text, last.start, last.end)
        noun = first.text.lower().rsplit(maxsplit=1)[-1]
        if place and not first.fragments and place["noun"].lower() == noun:
            found.append(Uncovered(*place.span("place"), _LAST_ONLY))
    return found


def _is_behind(text: str, end: int, qualifier: Qualifier) -> bool:
    """Tell whether a place right behind a name begins with its own preposition: "in the knee"."""
    words = text[end : qualifier.end]
    return not text[end : qualifier.start].strip() and _BEHIND.fullmatch(words) is not None


_LAST_ONLY = "what follows may belong to the last only"
_OF_PLACE = re.compile(r"(?P<noun>\w+)\s+(?P<place>(?:of|in)\s+(?:the\s+)?\w[\w\s-]*)$")


def uncovered(
    text: str, areas: Sequence[Span], mentions: Sequence[Mention], used: Sequence[Span]
) -> list[Uncovered]:
    """Return the words of the areas that nothing holds, neighbours joined."""
    held = [*used, *(span for mention in mentions for span in held_by(mention))]
    out: list[Uncovered] = []
    for start, end in areas:
        free = bytearray(b"\x01" * (end - start))
        _take(free, start, held)
        if _runs(text, start, end, free):  # most criteria are held without
            _take(free, start, _meaningless(text, start, end, mentions))
            out += _runs(text, start, end, free)
    return out + [doubt for mention in mentions for doubt in _either_bound(text, mention)]


def _take(free: bytearray, start: int, spans: Iterable[Span]) -> None:
    """Mark the characters of spans as no longer free; `free` begins at character `start`."""
    end = start + len(free)
    for a, b in spans:
        a, b = max(a, start), min(b, end)
        if a < b:
            free[a - start : b - start] = bytes(b - a)


_NUMBER_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b"
_TWO_BOUNDS = re.compile(
    rf"(?:\d|\b{_NUMBER_WORD})(?:\)|\s?%)?\s?(?:-|–|—|\bto\b)\s?"
    rf"(?P<second>\d+(?:[.,]\d+)*|{_NUMBER_WORD})",
    re.IGNORECASE,
)
_MARKER = re.compile(r"\W*\d{1,2}[.)](?!\d)\s*(?=[A-Za-z])")
"""The number of a list's item that its text begins with."""


def _either_bound(text: str, mention: Mention) -> Iterable[Uncovered]:
    """Yield the second number of "at least 4-6 weeks": which of the two is meant is not said.

    The rule holds what is true whichever it is.
    """
    bounded: list[Value | Window] = [*mention.values, *mention.windows]
    bounded += [value for value in (mention.count, mention.dose) if value]
    for one in bounded:
        match = _TWO_BOUNDS.search(text, one.start, one.end)
        if match and (one.low is None) != (one.high is None):
            yield Uncovered(*match.span("second"), "which bound is meant")


def _runs(text: str, start: int, end: int, free: bytearray) -> list[Uncovered]:
    """Return the free words; those with nothing held between them are one range."""
    functions = lexicon("coverage").data["function_words"]
    words = [
        (m.start(), m.end())
        for m in _WORD.finditer(text, start, end)
        if any(free[m.start() - start : m.end() - start])
        and (m.group().lower() not in functions or _is_letter(text, start, m))
    ]
    runs: list[list[int]] = []
    for a, b in words:
        if runs and _joins(text, runs[-1][1], a, start, free):
            runs[-1][1] = b
        else:
            runs.append([a, b])
    return [Uncovered(a, b, _reason(text[a:b])) for a, b in runs]


def _is_letter(text: str, start: int, word: re.Match[str]) -> bool:
    """Tell whether "A" is a letter of a name ("haemophilia A"), no article."""
    before = text[start : word.start()].rstrip()
    return word.group() == "A" and bool(before) and before[-1].isalnum()


def _joins(text: str, end: int, begin: int, start: int, free: bytearray) -> bool:
    """Tell whether only words without meaning stand between two words that nothing holds."""
    between = text[end:begin]
    return all(free[end - start : begin - start]) and not _PARTS.search(between)


def _reason(words: str) -> str:
    if _NUMBER.search(words):
        return "number not read"
    return "not understood"


def _meaningless(text: str, start: int, end: int, mentions: Sequence[Mention]) -> Iterable[Span]:
    """Yield phrases that bear no meaning beside the mentions' attributes."""
    if marker := _MARKER.match(text, start, end):
        yield marker.span()
    words = lexicon("coverage")
    names = ["phrases", "shown", "standards"]
    names += [m.modality for m in mentions if m.modality != "actual"]
    names += [m.period for m in mentions if m.period]
    names += [m.experiencer for m in mentions if m.experiencer != "patient"]
    if any(m.period == "past" and any(w.unit for w in m.windows) for m in mentions):
        names.append("ever")  # "current or prior cancer within 5 years"
    labels = {m.label for m in mentions}
    names += [name for name, said_of in _OF_LABELS.items() if labels & said_of]
    guards = [v.guard for m in mentions for v in m.values]
    if any(isinstance(guard, SexGuard) for guard in guards):
        names.append("sex_guard")
    if any(isinstance(guard, RuleGuard) for guard in guards):
        names.append("rule_guard")
    if any(v.relative_to for m in mentions for v in m.values):
        names.append("limit_of_normal")
    lowered = lower(text)
    for name in dict.fromkeys(names):
        small = name not in CASED
        pattern = words.pattern(name, lowered=small)
        for match in pattern.finditer(lowered if small else text, start, end):
            yield match.span()
