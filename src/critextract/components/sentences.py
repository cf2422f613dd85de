"""Sentences of one list item or paragraph, and which of them state a condition of their own.

Never split inside brackets, decimals, abbreviations ("e.g.", "vs.", "approx.") or names such as
"E. coli". A sentence that only explains the one before it stays with it. The words are data, in
``lexicons/sentences.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Literal

RunOn = Literal["item", "paragraph"] | None
NOTE_WINDOW = 600  # characters of a sentence that are read to tell whether it explains

_STOP = re.compile(
    r"[.!?][\"”'’)\]]*(?=\s+[\"“(\[]?(?:[A-Z≥≤<>]|\d+\s))|(?<=[a-z][a-z][a-z)])\.(?=[A-Z][a-z])"
)
_BEFORE = re.compile(r"[\w.]+$")
_LONE_LETTER = re.compile(  # "… (except x) d. patients with …": one item's marker left in the line
    r"(?<=[.;)])\s+(?:\(?[b-h][.)]\s+)(?=(?:patients?|subjects?|participants?|history|known|any)\s)",
    re.IGNORECASE,
)
_SEMICOLON = re.compile(r";(?=\s)")
_LEAD_IN = re.compile(  # "two of the following: A; B; C": one sentence
    r"\bof (?:these|the following)\b[^.:]{0,60}:|\b(?:any|one|two|three|\d) of: ",
    re.IGNORECASE,
)
_FULL_STOP = re.compile(r"[.!?]\s")
_ENUMERATOR = re.compile(r"[ivx]{2,5}")  # "ii." in the middle of a line
_LETTER = re.compile(r"[^\W\d_]")
_BRACKETED = re.compile(r"\([^()]{0,300}\)")
_PAIRS = {")": "(", "]": "["}


@dataclass(frozen=True, slots=True)
class _Words:
    """The packaged words, patterns compiled."""

    abbreviations: frozenset[str]
    starter: re.Pattern[str]
    capital: re.Pattern[str]
    label: re.Pattern[str]
    joins: frozenset[str]
    note: re.Pattern[str]
    explains: re.Pattern[str]
    own: re.Pattern[str]
    own_start: re.Pattern[str]


@cache
def _words() -> _Words:
    file = resources.files("critextract") / "lexicons" / "sentences.toml"
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    names = "|".join(data["names"].split())
    starters = "|".join(data["starters"])
    flags = re.IGNORECASE | re.VERBOSE
    return _Words(
        abbreviations=frozenset(data["abbreviations"].split()),
        starter=re.compile(rf"(?<=[A-Za-z0-9%)\]³²])\s+(?=(?:{starters}))"),
        capital=re.compile(
            rf"(?<=[A-Za-z0-9%)\]³²])\s+(?!(?:{names})\b)(?=[A-Z][a-z]+(?:[/-][a-z]+)*\s+[a-z])"
        ),
        label=re.compile(rf"\s+(?=(?:{'|'.join(data['labels'])}))"),
        joins=frozenset(data["joins"].split()),
        note=re.compile(data["note_starts"], flags),
        explains=re.compile(data["explains"], flags),
        own=re.compile(data["own"], flags),
        own_start=re.compile(data["own_starts"], flags),
    )


def bracketed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the outermost bracketed ranges; a bracket without its partner counts for nothing."""
    open_at: list[tuple[str, int]] = []
    ranges: list[tuple[int, int]] = []
    for match in re.finditer(r"[()\[\]]", text[start:end]):
        char, at = match[0], start + match.start()
        if char in "([":
            open_at.append((char, at))
        elif open_at and open_at[-1][0] == _PAIRS[char]:
            first = open_at.pop()[1]
            while ranges and ranges[-1][0] > first:
                ranges.pop()
            ranges.append((first, at + 1))
    return ranges


def _breaks(text: str, start: int, end: int, *, run_on: RunOn, semicolons: bool) -> Iterator[int]:
    """Yield the offsets at which a new sentence begins."""
    words = _words()
    for match in _STOP.finditer(text, start, end):
        word = _word_before(text, start, match.start())
        if not word or not _is_abbreviation(word, text, match.end()):
            yield match.end()
    yield from (match.start() for match in _LONE_LETTER.finditer(text, start, end))
    if semicolons:
        yield from (
            match.end()
            for match in _SEMICOLON.finditer(text, start, end)
            if not _lists(text, start, match.start())
        )
    if run_on:
        yield from (match.end() for match in words.label.finditer(text, start, end))
        for match in words.starter.finditer(text, start, end):
            if _word_before(text, start, match.start()).lower() not in words.joins:
                yield match.end()
    if run_on == "paragraph":
        for match in words.capital.finditer(text, start, end):
            word = _word_before(text, start, match.start())
            if not word.istitle() and word.lower() not in words.joins:
                yield match.end()


def _lists(text: str, start: int, at: int) -> bool:
    """Tell whether a semicolon stands between the members of a list that a sentence opened."""
    begin = max([start, *(m.end() for m in _FULL_STOP.finditer(text, start, at))])
    return _LEAD_IN.search(text, begin, at) is not None


def _word_before(text: str, start: int, at: int) -> str:
    word = _BEFORE.search(text, max(start, at - 24), at)
    return word[0] if word else ""


def _is_abbreviation(word: str, text: str, after: int) -> bool:
    token = word.lower().strip(".")
    if token == "no":  # "No. 5", but "Pregnant: no. Age"
        return text[after : after + 4].strip()[:1].isdigit()
    if token in _words().abbreviations or _ENUMERATOR.fullmatch(word):
        return True
    return len(token) == 1 and token.isalpha() and word not in ("I", "V", "X")


def sentence_ranges(
    text: str, start: int, end: int, *, run_on: RunOn = None, semicolons: bool = False
) -> list[tuple[int, int]]:
    """Return the sentences of ``text[start:end]``, none empty, white space between them left out.

    run_on : the text has no full stops: ``item`` splits it before words that open a statement,
        ``paragraph`` before other capitalised words too.
    semicolons : a semicolon ends a sentence too.
    """
    brackets = bracketed(text, start, end)
    points = {start, end}
    at = 0
    for point in sorted(set(_breaks(text, start, end, run_on=run_on, semicolons=semicolons))):
        while at < len(brackets) and brackets[at][1] < point:
            at += 1
        if at == len(brackets) or not brackets[at][0] < point < brackets[at][1]:
            points.add(point)
    ranges = []
    for first, last in pairwise(sorted(points)):
        letter = _LONE_LETTER.match(text, first, last)
        first = letter.end() if letter else first
        while first < last and text[first].isspace():
            first += 1
        while last > first and text[last - 1].isspace():
            last -= 1
        if first < last:
            ranges.append((first, last))
    return ranges


def is_note(text: str, start: int, end: int) -> bool:
    """Tell whether a sentence explains the one before it rather than state its own condition."""
    words = text[start : min(end, start + NOTE_WINDOW)]
    known = _words()
    if not _LETTER.search(words):
        return True
    if known.own_start.match(words):
        return False
    if known.note.match(words):
        return True
    outside = _BRACKETED.sub(" ", words)
    return bool(known.explains.search(outside)) and not known.own.search(outside)


def condition_ranges(
    text: str, start: int, end: int, *, run_on: RunOn = None, semicolons: bool = False
) -> list[tuple[int, int]]:
    """Return the ranges that state one condition each: sentences, each with its notes."""
    ranges: list[tuple[int, int]] = []
    for first, last in sentence_ranges(text, start, end, run_on=run_on, semicolons=semicolons):
        if ranges and is_note(text, first, last):
            ranges[-1] = (ranges[-1][0], last)
        else:
            ranges.append((first, last))
    return ranges
