"""Comparators around a number: signs and phrases before it, phrases behind it.

Phrases are data, ``lexicons/comparators.tsv``; the words next to the number are looked up.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from critextract.lexicons import read_rows

_ROWS = read_rows("comparators.tsv")
_BEFORE = {phrase: op for place, phrase, op in _ROWS if place == "before"}
_AFTER = {phrase: op for place, phrase, op in _ROWS if place == "after"}
_MOST_WORDS = max(phrase.count(" ") + 1 for phrase in _BEFORE)
_REACH = 64
"""Characters looked at in front of a number."""

_SIGN = re.compile(
    r"(?:(?:[<>≤≥=~±˂˃≈]|(?:^|(?<=[\s(]))[³£]|&[lg]t;|\+\s?/\s?-|/=)"
    r"(?:\s?(?:/|or|,)?\s?(?:[<>=≤≥_]|equal(?:s| to)?(?![a-z])|to(?= ?$))){0,3})+\s?\)?\s?\(?$"
)
_FILLER = re.compile(
    r"(?:\s?[(:]|(?:^|(?<=[\s(<>≤≥=]))(?:the ages? of|ages? of|the|age"
    r"|an?|about|approximately|approx\.?"
    r"|around|of|to|by|x|~|a score of|score of|score|a total of|total of|ages|a level of|levels? of"
    r"|(?:nci[- ]?)?ctc(?:ae)?(?:,? ?\(?(?:v|vers|version)\.? ?\d(?:\.\d+)?\)?)?,?"
    r"|(?:nyha |ctcae |nci |ecog )?(?:grades?|stages?|class(?:es)?)|asa|nyha|ecog|ctcae|who|kdigo"
    r"|(?:a )?duration of))$"
)
_APART = re.compile(
    r"(?<![a-z])(?P<side>min|max)im(?:um|al)\s(?:[a-z-]+\s){1,4}?(?:of|is|:|must be)\s?$"
)
_BEHIND = re.compile(
    r"[\s,]*\(?(?P<phrase>"
    + "|".join(sorted(map(re.escape, _AFTER), key=len, reverse=True))
    + r")(?![a-z])"
)
_PLUS = re.compile(r"\s?\+(?![\w+/-])")
_FLIPPED = re.compile(r"\s?(?P<sign>[<>≤≥](?:\s?=)?|=\s?[<>])\s?(?=[A-Za-z])")
_FLIP = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Comparator(NamedTuple):
    """A comparator's characters and what it says.

    op : ``< <= = >= >``, or ``between``, ``from`` (a range opens), ``+-``, ``~`` (no bound).
    """

    start: int
    end: int
    op: str


def sign_op(sign: str) -> str:
    """Return the comparator a run of signs says: ``≥``, ``>/=``, ``=<``, ``< or equal to``.

    ``³`` and ``£`` are what a lost symbol font leaves of ``≥`` and ``≤``.
    """
    if "±" in sign or ("+" in sign and "-" in sign):
        return "+-"
    less = any(mark in sign for mark in "<≤˂£") or "&lt;" in sign
    more = any(mark in sign for mark in ">≥˃³") or "&gt;" in sign
    equal = any(mark in sign for mark in "≤≥=_³£") or "equal" in sign
    if less and more:
        return "~"
    if less or more:
        return ("<" if less else ">") + "=" * equal
    return "=" if equal else "~"


def _phrase_before(head: str) -> tuple[int, str] | None:
    """Return start and comparator of the longest phrase that ends `head`."""
    place = len(head)
    best = None
    for _ in range(_MOST_WORDS):
        place = head.rfind(" ", 0, place)
        begin = place + 1
        while begin < len(head) and head[begin] in "([\"'*-":
            begin += 1
        op = _BEFORE.get(head[begin:])
        if op:
            best = (begin, op)
        if place < 0:
            break
    return best


def _without_filler(head: str) -> str:
    found = _FILLER.search(head)
    return head[: found.start()].rstrip() if found and found.end() > found.start() else head


def before(low: str, pos: int) -> Comparator | None:
    """Return the comparator that ends where a number starts, fillers like "the age of" between.

    Parameters
    ----------
    low : lower-case text; pos : the number's first character.
    """
    origin = max(0, pos - _REACH)
    head = low[origin:pos].rstrip()
    sign = _SIGN.search(head, max(0, len(head) - 24))
    if sign:
        return _with_words(head, origin, pos, sign)
    for _ in range(3):
        found = _phrase_before(head)
        if found:
            return Comparator(origin + found[0], pos, found[1])
        shorter = _without_filler(head)
        if shorter == head:
            break
        head = shorter
        sign = _SIGN.search(head, max(0, len(head) - 24))
        if sign:
            return Comparator(origin + sign.start(), pos, sign_op(sign.group()))
    apart = _APART.search(low, origin, pos)
    if apart:  # the variable stands between, so the value begins at the number
        return Comparator(pos, pos, ">=" if apart["side"].startswith("min") else "<=")
    return None


def _with_words(head: str, origin: int, pos: int, sign: re.Match[str]) -> Comparator:
    """Join a sign with the phrase it repeats: "greater than or equal to (≥)"."""
    op = sign_op(sign.group())
    rest = head[: sign.start()].rstrip(" (")
    words = _phrase_before(rest)
    if words is None or words[1] in {"between", "from", "+-"}:
        return Comparator(origin + sign.start(), pos, op)
    if words[1][0] == op[0] or op == "=":
        merged = words[1][0] + ("=" if "=" in words[1] + op else "")
        return Comparator(origin + words[0], pos, "=" if words[1] == "=" else merged)
    return Comparator(origin + sign.start(), pos, op)


def behind(low: str, end: int) -> Comparator | None:
    """Return the comparator right behind a number and its unit: "or older", "and above", "+"."""
    found = _BEHIND.match(low, end)
    if found:
        return Comparator(end, found.end("phrase"), _AFTER[found["phrase"]])
    plus = _PLUS.match(low, end)
    return Comparator(end, plus.end(), ">=") if plus else None


def flipped(text: str, end: int) -> Comparator | None:
    """Return the comparator of "7 % ≤ HbA1c": the sign behind the number, read from the right."""
    found = _FLIPPED.match(text, end)
    if not found:
        return None
    return Comparator(end, found.end("sign"), _FLIP[sign_op(found["sign"])])
