"""Reference points in text: "the first dose of study drug" is ``first_dose``."""

from __future__ import annotations

import re
from functools import cache

from critextract.components.tables import read_table, read_words


@cache
def _patterns() -> tuple[re.Pattern[str], tuple[tuple[str, re.Pattern[str]], ...]]:
    """Return one expression for any reference point, and one for each of them.

    Rows whose id begins with ``$`` are words that later rows use in braces.
    """
    frame = read_words("time_words")["reference"]
    before = rf"(?:(?:{frame['determiner']})[ -])*"
    after = rf"(?:{frame['suffix']}){{0,2}}(?:{frame['study']})?"
    end = rf"(?![a-z0-9])(?! (?:{frame['not_before']}))"
    words: dict[str, str] = {}
    patterns: dict[str, list[str]] = {}
    for row in read_table("reference_points"):
        pattern = re.sub(r"\{(\w+)\}", lambda match: words[match[1]], row["pattern"])
        if row["id"].startswith("$"):
            words[row["id"][1:]] = pattern
        else:
            patterns.setdefault(row["reference_point"], []).append(pattern)
    any_of = "|".join(pattern for group in patterns.values() for pattern in group)
    each = tuple(
        (point, re.compile(rf"{before}(?:{'|'.join(_longest(group))}){after}{end}"))
        for point, group in patterns.items()
    )
    return re.compile(rf"{before}(?:{any_of})(?![a-z])"), each


def _longest(patterns: list[str]) -> list[str]:
    return sorted(patterns, key=len, reverse=True)


def read_reference(text: str, start: int) -> tuple[str, int] | None:
    """Return the reference point printed at `start` and its end; the longest reading wins."""
    anything, each = _patterns()
    if anything.match(text, start) is None:
        return None
    found = [(match.end(), point) for point, p in each if (match := p.match(text, start))]
    if not found:
        return None
    end, point = max(found, key=lambda item: item[0])
    return point, end
