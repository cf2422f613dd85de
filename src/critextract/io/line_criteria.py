"""Criteria of annotated documents that name none: one a line.

Chia is written one criterion a line; in other documents the line is the unit that annotators saw.
A line that says only "Inclusion criteria:" and holds no annotation is a heading.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection
from dataclasses import dataclass

from critextract.schema import Criterion, Heading, Section

_LINE = re.compile(r"[^\r\n]+")
_MARKER = re.compile(r"\s*(?:[-*•·‒–—○●▪◦]\s*|o\s+|\(?\d{1,2}[.)](?!\d)\s*|\(?[a-z][.)]\s+)*")
_HEADING = re.compile(
    r"\W*(?:\w+\s+){0,2}(?:(?P<inclusion>inclusion|include[sd]?)|(?:exclusion|exclude[sd]?))\b"
    r"(?:[^\r\n]{0,60}:\W*|\s+criteri(?:a|on)\W*|\W*)",
    re.IGNORECASE,
)
_STEMS: dict[str, Section] = {"_inc": "inclusion", "_exc": "exclusion"}
_LETTERS: dict[Section, str] = {"inclusion": "I", "exclusion": "E", "other": "O"}


@dataclass(frozen=True, slots=True)
class Lines:
    """The headings and criteria of a document, both in text order."""

    headings: tuple[Heading, ...]
    criteria: tuple[Criterion, ...]

    def at(self, position: int) -> str:
        """Return the id of the criterion that holds a character, of the nearest before it else.

        Raises
        ------
        LookupError : there are no criteria.
        """
        found = bisect_right(self.criteria, position, key=lambda criterion: criterion.start)
        return self.criteria[max(found - 1, 0)].id


def line_criteria(name: str, text: str, starts: Collection[int]) -> Lines:
    """Return one criterion a line that holds text, in the section of the heading above it.

    name : of the document; ``_inc`` or ``_exc`` at its end is the section of all.
    starts : first characters of annotations; a line with one is no heading, and no list marker is
        cut off that holds one.
    """
    ordered = sorted(starts)
    fixed = _STEMS.get(name[-4:])
    section: Section = fixed or "other"
    headings: list[Heading] = []
    criteria: list[Criterion] = []
    counts: dict[Section, int] = {"inclusion": 0, "exclusion": 0, "other": 0}
    for match in _LINE.finditer(text):
        start, end = _stripped(text, *match.span())
        if start == end:
            continue
        heading = _HEADING.fullmatch(text, start, end)
        if heading:
            section = fixed or ("inclusion" if heading["inclusion"] else "exclusion")
        inside = ordered[bisect_left(ordered, start) : bisect_left(ordered, end)]
        if heading and not inside:
            headings.append(Heading(start, end, section))
            continue
        marker = _MARKER.match(text, start, end)
        body = marker.end() if marker else start
        start = min(body, inside[0]) if inside else body
        if start < end:
            counts[section] += 1
            name_ = f"{_LETTERS[section]}{counts[section]}"
            criteria.append(Criterion(name_, section, None, start, end, text[start:end]))
    return Lines(tuple(headings), tuple(criteria))


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
