"""Packaged word lists and patterns, read once."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

from critextract.errors import LexiconError

_CAPITAL = re.compile(r"(?<!\\)[A-Z]\w*")


class Lexicon:
    """One JSON file of ``lexicons/``; patterns are lists of alternatives, compiled on first use."""

    def __init__(self, name: str) -> None:
        path = resources.files("critextract") / f"lexicons/{name}.json"
        self.name = name
        self.data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        self._compiled: dict[tuple[str, bool], re.Pattern[str]] = {}

    def pattern(self, key: str, *, lowered: bool = False) -> re.Pattern[str]:
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
                found = re.compile(source, re.NOFLAG if lowered else re.IGNORECASE)
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
