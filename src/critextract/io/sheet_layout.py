"""Annotation sheets, first step: text and annotation taken apart, annotation put under criteria."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import get_args

from critextract.errors import AnnotationError
from critextract.io.sheet_mentions import leading_quotes
from critextract.io.sheet_notation import CRITERION_ID, Token, tokens
from critextract.schema import Heading, Label, Section, Status

SECTIONS: dict[str, Section] = {"I": "inclusion", "E": "exclusion", "O": "other"}
MARKER = re.compile(
    r"\s*(?:[-–—*•·▪●]\s*|(?:\(?\d{1,2}(?:\.\d{1,2})*[.)]|\(?[A-Za-z][.)]|\(?[ivx]+[.)]|o)\s+)"
)
"""The mark of a list item, which is no part of the criterion."""

INLINE_MARKER = re.compile(
    r"(?<!\S)(?:\(?(?:\d{1,2}(?:\.\d{1,2})*|[A-Za-z]|[ivx]+)\s?[.):]|\d{1,2}\.\d{1,2}|o)(?!\S)"
)


@dataclass(slots=True)
class Line:
    """A line of annotation; `above` is the range of text it annotates."""

    number: int
    words: str
    above: tuple[int, int]


@dataclass(slots=True)
class Part:
    """A criterion being read: its lines, and the ids of its mentions by name."""

    id: str
    line: Line
    span: tuple[int, int] = (0, 0)
    mentions: list[tuple[Line, list[str], str]] = field(default_factory=list)
    rule: Line | None = None
    uncovered: list[Line] = field(default_factory=list)
    status: str = "exact"
    group: str | None = None
    names: dict[str, str] = field(default_factory=dict)


class Layout:
    """A sheet taken apart; `faults` gathers its mistakes."""

    def __init__(self, written: str, name: str) -> None:
        self.name = name
        self.faults: list[str] = []
        self.failed: list[str] = []
        self.head: dict[str, str] = {}
        self.text = ""
        self.rows: list[int] = []
        self.headings: list[Heading] = []
        self.parts: list[Part] = []
        self.covered: list[tuple[int, int]] = []
        self._layout(written)

    def fault(self, line: Line | int, message: str, part: Part | None = None) -> None:
        """Add a mistake."""
        number = line if isinstance(line, int) else line.number
        of = f"{part.id}: " if part else ""
        if part:
            self.failed.append(part.id)
        self.faults.append(f"{self.name}:{number}: {of}{message}")

    def _layout(self, written: str) -> None:
        """Take text and annotation apart, and the annotation into criteria."""
        lines = list(self._lines(written))
        part: Part | None = None
        for line in lines:
            try:
                part = self._place(line, part)
            except AnnotationError as error:
                self.fault(line, str(error), part)
        self._leftover(lines)
        count = 0
        for part in self.parts:
            for line, names, _ in part.mentions:
                for name in names:
                    count += 1
                    if name in part.names:
                        self.fault(line, f"two mentions are named {name!r}", part)
                    part.names[name] = f"m{count}"

    def _lines(self, written: str) -> Iterator[Line]:
        """Yield the lines of annotation; gather the text."""
        text: list[str] = []
        length, start = 0, 0
        fresh = False
        kept: list[Line] = []
        for number, row in enumerate(written.split("\n"), 1):
            if not row.startswith("|"):
                if row.strip() and not fresh:
                    start, fresh = length, True
                text.append(row)
                self.rows.append(number)
                length += len(row) + 1
            elif row.startswith("|    ") and kept:
                kept[-1].words += " " + row[1:].strip()
            elif row[1:].strip() and not row[1:].lstrip().startswith("#"):
                fresh = False
                kept.append(Line(number, row[1:].strip(), (start, length)))
        self.text = "\n".join(text).rstrip()
        return iter(kept)

    def _place(self, line: Line, part: Part | None) -> Part | None:
        """Put a line where it belongs; return the criterion that the next lines are of."""
        first, _, rest = line.words.partition(" ")
        if not line.above[1]:
            self.head[first] = rest.strip()
        elif first == "heading":
            self._heading(line, rest)
            return None
        elif first == "none":
            self.covered.append(self._span(line, tokens(rest)))
            return None
        elif CRITERION_ID.fullmatch(first):
            return self._criterion(line, first, rest)
        elif part is None:
            raise AnnotationError(f"{first!r} stands under no criterion")
        elif first == "rule":
            if part.rule:
                raise AnnotationError("a second rule of the criterion")
            part.rule = Line(line.number, rest, line.above)
        elif first == "uncovered":
            part.uncovered.append(Line(line.number, rest, line.above))
        else:
            self._mention_names(line, part)
        return part

    def _span(self, line: Line, quotes: list[Token]) -> tuple[int, int]:
        """Return the characters quoted, else the text lines above without their list marker."""
        quoted = [token for token in quotes if token.kind == "quote"]
        start, end = line.above
        if quoted:
            first = self.locate(quoted[0], [(start, end)])
            last = self.locate(quoted[-1], [(first[0], end)]) if len(quoted) > 1 else first
            return first[0], last[1]
        rows = self.text[start:end].strip("\n").split("\n")
        if any(MARKER.match(row) for row in rows[1:]):
            raise AnnotationError("a line above begins like a list item; has it no annotation?")
        if marker := MARKER.match(self.text, start):
            start = marker.end()
        stripped = self.text[start:end]
        start += len(stripped) - len(stripped.lstrip())
        return start, start + len(stripped.strip())

    def _heading(self, line: Line, rest: str) -> None:
        words = tokens(rest)
        if not words or words[0].text not in SECTIONS.values():
            raise AnnotationError("a heading names inclusion, exclusion or other")
        group = next((i for i, word in enumerate(words) if word.text == "group"), None)
        name = words.pop(group + 1).text if group is not None else None
        span = self._span(line, words)
        self.covered.append(span)
        self.headings.append(Heading(*span, words[0].text, name))  # type: ignore[arg-type]

    def _criterion(self, line: Line, name: str, rest: str) -> Part:
        part = Part(name, line)
        self.parts.append(part)
        words = tokens(rest)
        if words and words[0].text in get_args(Status) and words[0].kind == "word":
            part.status = words.pop(0).text
        part.group = self.headings[-1].group if self.headings else None
        part.span = self._span(line, words)
        self.covered.append(part.span)
        order = [p.id for p in self.parts]
        if (before := _before(name)) and before not in order:
            self.fault(line, f"{before} is missing before it", part)
        if order.count(name) > 1:
            self.fault(line, "the id is there twice", part)
        return part

    def _mention_names(self, line: Line, part: Part) -> None:
        words = line.words.split()
        label = next((i for i, word in enumerate(words) if word in set(Label)), None)
        if label is None or any('"' in word or "`" in word for word in words[:label]):
            raise AnnotationError(f"{words[0]!r}: no line of a criterion, and no label after it")
        names = words[:label]
        for name in names:
            if CRITERION_ID.fullmatch(name) or not re.fullmatch(r"\w+", name):
                raise AnnotationError(f"a mention cannot be named {name!r}")
        body = line.words.split(maxsplit=label)[label]
        quotes = leading_quotes(tokens(body)[1:])
        if names and len(names) != len(quotes):
            raise AnnotationError(f"{len(names)} names for {len(quotes)} mentions")
        names = names or [f".{line.number}.{i}" for i in range(len(quotes))]
        part.mentions.append((line, names, body))

    def _leftover(self, lines: list[Line]) -> None:
        """Find text that no heading, criterion or `none` holds."""
        gaps = list(self.text)
        for start, end in self.covered:
            gaps[start:end] = [" "] * (end - start)
        for number, row in zip(self.rows, "".join(gaps).split("\n"), strict=False):
            if re.search(r"\w", INLINE_MARKER.sub(" ", row)):
                self.fault(number, f"in no criterion: {row.strip()[:60]!r}")
        if not lines:
            self.fault(1, "no line of annotation")

    # --- characters -----------------------------------------------------------------------------

    def locate(self, quote: Token, scopes: list[tuple[int, int]]) -> tuple[int, int]:
        """Return the range of quoted characters in the first scope that holds them."""
        for start, end in scopes:
            found = _places(self.text, quote.text, start, end)
            if found and quote.nth is not None:
                if not 0 < quote.nth <= len(found):
                    raise AnnotationError(f"{quote.text!r} is there {len(found)} times only")
                return found[quote.nth - 1]
            if len(found) > 1 and quote.nth is None:
                raise AnnotationError(f"{quote.text!r} is there {len(found)} times: add #1, #2 ...")
            if found:
                return found[0]
        raise AnnotationError(f"characters not found: {quote.text!r}")

    def scopes(self, part: Part) -> list[tuple[int, int]]:
        """Return where characters of a criterion are looked for: it, then what stands over it."""
        spans = {p.id: p.span for p in self.parts}
        above = [part.id]
        while parent := parent_of(above[-1]):
            above.append(parent)
        return [spans[name] for name in above if name in spans]


def _places(text: str, quoted: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where characters stand in a range: as whole words if they ever do."""
    wanted = re.compile(r"\s+".join(re.escape(word) for word in quoted.split()))
    found = [match.span() for match in wanted.finditer(text, start, end)]
    whole = [
        (a, b)
        for a, b in found
        if not (text[a - 1 : a].isalnum() and text[a].isalnum())
        and not (text[b : b + 1].isalnum() and text[b - 1].isalnum())
    ]
    return whole or found


def parent_of(name: str) -> str | None:
    """Return the criterion over one: ``I2`` for ``I2.1``."""
    return name.rpartition(".")[0] or None


def _before(name: str) -> str | None:
    """Return the criterion that comes before one in the list, or stands over it."""
    head, number = re.fullmatch(r"(.*?)(\d+)", name).groups()  # type: ignore[union-attr]
    return f"{head}{int(number) - 1}" if int(number) > 1 else head.rstrip(".")[1:] and head[:-1]
