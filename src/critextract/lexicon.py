"""Packaged word lists and patterns, read once."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

from critextract.errors import LexiconError

_CAPITAL = re.compile(r"(?<!\\)[A-Z]\w*")


class Words:
    """A pattern that is searched only in text with a word that it cannot do without.

    Finds what `re.Pattern` finds; most lines hold no such word, which is told at a glance.

    Attributes
    ----------
    needed : of these words, in lower case, one at least is in all that the pattern matches; empty
        if there are none.
    """

    def __init__(self, regex: re.Pattern[str]) -> None:
        tree = _parser.parse(regex.pattern, regex.flags)
        self.regex = regex
        self.needed = tuple(sorted(_needed(tree) or ()))
        self.match, self.fullmatch, self.sub = regex.match, regex.fullmatch, regex.sub

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return the first match in ``text[start:end]``, as `re.Pattern.search`."""
        return self.regex.search(text, start, end) if self._may(text, start, end) else None

    def finditer(
        self, text: str, start: int = 0, end: int = sys.maxsize
    ) -> Iterator[re.Match[str]]:
        """Return the matches in ``text[start:end]``, as `re.Pattern.finditer`."""
        return self.regex.finditer(text, start, end) if self._may(text, start, end) else iter(())

    def _may(self, text: str, start: int, end: int) -> bool:
        part = text[start:end].lower()
        for word in self.needed:
            if word in part:
                return True
        return not self.needed or (not part.isascii() and _ODD.search(part) is not None)


_ODD = re.compile("[ſıİ\u0307]")
"""Letters that match "s" and "i" where case is ignored, and are others in lower case."""
_REPEATS = {_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT}


def _needed(tree: Iterable[tuple[Any, Any]]) -> set[str] | None:
    """Return words, in lower case, of which whatever a pattern matches holds one."""
    best: set[str] | None = None
    run = ""
    for op, value in [*tree, (None, None)]:
        char = chr(value) if op is _constants.LITERAL else ""
        if char and (char.isascii() or char.lower() == char.upper()):
            run += char.lower()
            continue
        for found in ({run} if run else None, _needed_of(op, value)):
            if found and (best is None or _tells_more(found, best)):
                best = found
        run = ""
    return best


def _needed_of(op: Any, value: Any) -> set[str] | None:
    """Return the words of one part of a pattern, if there are any that it cannot do without."""
    if op is _constants.SUBPATTERN:
        return _needed(value[-1])
    if op in _REPEATS and value[0] > 0:
        return _needed(value[2])
    if op is _constants.BRANCH:
        branches = [_needed(branch) for branch in value[1]]
        words = {word for found in branches for word in found or ()}
        shortest = {w for w in words if not any(o in w for o in words if o != w)}
        return shortest if all(branches) else None
    return None


def _tells_more(words: set[str], others: set[str]) -> bool:
    """Tell whether words are rarer in a text than others: by the shortest, then by their number."""
    return (min(map(len, words)), -len(words)) > (min(map(len, others)), -len(others))


class Lexicon:
    """One JSON file of ``lexicons/``; patterns are lists of alternatives, compiled on first use."""

    def __init__(self, name: str) -> None:
        path = resources.files("critextract") / f"lexicons/{name}.json"
        self.name = name
        self.data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        self._compiled: dict[tuple[str, bool], Words] = {}

    def pattern(self, key: str, *, lowered: bool = False) -> Words:
        """Return the alternatives under `key` as one pattern, longest first, case ignored.

        lowered : the pattern is for text in lower case, where it is twice as fast.

        Raises
        ------
        LexiconError : there is no such key, an alternative is no regular expression, or holds a
            capital letter though it is `lowered`.
        """
        found = self._compiled.get((key, lowered))
        if found is None:
            try:
                source = _over_lines(_any_of(self.data[key]))
                found = Words(re.compile(source, re.NOFLAG if lowered else re.IGNORECASE))
            except (KeyError, re.error) as error:
                raise LexiconError(f"lexicons/{self.name}.json: {key}: {error}") from None
            if lowered and (capital := _CAPITAL.search(source)):
                where = f"lexicons/{self.name}.json: {key}"
                raise LexiconError(f"{where}: {capital.group()}: expected lower case")
            self._compiled[key, lowered] = found
        return found


def _any_of(alternatives: Sequence[str]) -> str:
    """Return the alternatives as one pattern, longest first, at a word's edge before others.

    The edge is looked for once: most places of a text are none.
    """
    parts = sorted(alternatives, key=len, reverse=True)
    edge = [part.removeprefix(r"\b") for part in parts if part.startswith(r"\b")]
    others = [part for part in parts if not part.startswith(r"\b")]
    grouped = [rf"\b{_either(edge)}"] if edge else []
    return _either([*grouped, *others])


def any_phrase(phrases: Iterable[str]) -> str:
    """Return a pattern of whole phrases, the longest first, tried by their first letter."""
    by_letter: dict[str, list[str]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        by_letter.setdefault(phrase[0], []).append(re.escape(phrase[1:]))
    groups = (f"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())
    return f"(?:{'|'.join(groups)})"


def _either(parts: Sequence[str]) -> str:
    return f"(?:{'|'.join(f'(?:{part})' for part in parts)})"


_TOKEN = re.compile(r"\\.|\(\?<[=!]| [?*+]?|.", re.DOTALL)
_BLANKS = {" ": r"\s+", " +": r"\s+", " ?": r"\s*", " *": r"\s*"}


def _over_lines(source: str) -> str:
    """Return a pattern whose blanks match a line's end and the indent behind it, too.

    In a set and in a look behind, which is of one width, a blank is one character of either.
    """
    out: list[str] = []
    depth, behind, in_set = 0, 0, False
    for token in _TOKEN.findall(source):
        if in_set:
            in_set = token != "]"
            out.append(token.replace(" ", r"\s"))
            continue
        if token.startswith("(?<"):
            depth, behind = depth + 1, behind or depth + 1
        elif token == "(":
            depth += 1
        elif token == ")":
            behind = 0 if behind == depth else behind
            depth -= 1
        in_set = token == "["
        blank = token.replace(" ", r"\s") if behind else _BLANKS.get(token, token)
        out.append(blank)
    return "".join(out)


@cache
def lexicon(name: str) -> Lexicon:
    """Return the packaged word list ``lexicons/<name>.json``."""
    return Lexicon(name)
