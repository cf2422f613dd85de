r"""Physical lines joined into blocks: one list item or paragraph each, marker and column known.

The registry's legacy form wraps at 100 columns and indents; its current form is Markdown with one
line an item; pages and tables have bare lines. A block is what a reader sees as one item. Offsets
are those of the text as given: ``\r\n``, tabs and Markdown escapes stay where they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from critextract.changes import replace

LEGACY_WIDTH = 100  # the registry's wrap, leading spaces included
LEGACY_INDENT = 8  # of unmarked lines; stripped from a document's first line
PLAIN_WIDTH = 80
TAB = 4

_MARKER = re.compile(
    r"""
    (?P<bullet>(?:\\?[-*+]|[•·●○◦▪■□►➢✓‣⁃–—\uf0b7\uf0a7°]|--+|o(?=[ \t]+[A-Z(≥<>])|\#)(?=\s|$)
             |[•·●○◦▪■□►➢✓‣⁃\uf0b7\uf0a7]|[-–—](?=[A-Za-z≥≤(]))
  | (?P<open>\(|\\\(|\[)?
    (?:(?P<number>\d{1,3})|(?P<roman>[ivx]{2,6}|[IVX]{2,5}|i|I)|(?P<letter>[A-Za-z]))
    (?P<close>\\?\.\)|\\?[.)\]](?!\d)|\\?:(?=\s+[A-Z])|-(?=\s)|\\?-?\))
    (?=\s|$|[A-Z≥<>])
  | (?P<outline>\d{1,2}(?:\.\d{1,2}){1,4}\.?)(?=\s+(?:[A-Z]|[≥<>]=?\s*[^A-Za-z\s=]))
    """,
    re.VERBOSE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10}
_LINE_END = re.compile(r"\r\n|\n|\r")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Block:
    """Content range of one item or paragraph.

    kind : marker kind (``-``, ``*``, ``1.``, ``(a)``, ``i)``), empty for unmarked text.
    ordinal : place the marker prints, None for bullets; column : of the marker, or of the text.
    inner : column of the text after the marker; gap : a blank line stands before it.
    """

    start: int
    end: int
    kind: str
    ordinal: int | None
    column: int
    inner: int
    gap: bool


@dataclass(frozen=True, slots=True)
class Marker:
    """A list marker at a line's start; `weak` ones may also be words of a wrapped sentence."""

    end: int
    kind: str
    ordinal: int | None
    weak: bool


def roman_value(numeral: str) -> int:
    """Return the value of a numeral of i, v and x."""
    digits = [_ROMAN[char] for char in numeral.lower()]
    following = [*digits[1:], 0]
    return sum(-a if a < b else a for a, b in zip(digits, following, strict=True))


def find_marker(text: str, start: int, end: int) -> Marker | None:
    """Return the list marker at ``text[start]``, None where the line starts with its words."""
    match = _MARKER.match(text, start, end)
    if match is None:
        return None
    if bullet := match["bullet"]:
        return Marker(match.end(), bullet.lstrip("\\")[:1], None, weak=False)
    if outline := match["outline"]:
        parts = outline.rstrip(".").split(".")
        return Marker(match.end(), "1" * 1 + ".1" * (len(parts) - 1), int(parts[-1]), weak=True)
    opening, closing = (match["open"] or "").lstrip("\\"), match["close"].lstrip("\\")
    if opening and closing not in (")", "]"):
        return None
    if match["number"]:
        sample, ordinal = "1", int(match["number"])
    elif roman := match["roman"]:
        sample, ordinal = ("i" if roman.islower() else "I"), roman_value(roman)
    else:
        letter = match["letter"]
        sample, ordinal = ("a" if letter.islower() else "A"), ord(letter.lower()) - 96
    return Marker(match.end(), f"{opening}{sample}{closing}", ordinal, weak=True)


def line_ranges(text: str) -> list[tuple[int, int]]:
    r"""Return the content range of each line; ``\r\n``, ``\n`` and ``\r`` end lines."""
    ranges, start = [], 0
    for match in _LINE_END.finditer(text):
        ranges.append((start, match.start()))
        start = match.end()
    ranges.append((start, len(text)))
    return ranges


def wrap_width(text: str, lines: list[tuple[int, int]]) -> int:
    """Return the column at which the document was wrapped, 0 where it was not."""
    widths = [end - start for start, end in lines]
    longest = max(widths, default=0)
    if longest > LEGACY_WIDTH + 4:
        return 0
    indented = sum(text.startswith(" " * LEGACY_INDENT, start) for start, _ in lines)
    if indented and indented >= 0.5 * sum(width > 0 for width in widths[1:]):
        return LEGACY_WIDTH
    near = sum(PLAIN_WIDTH - 12 <= width <= PLAIN_WIDTH for width in widths)
    return PLAIN_WIDTH if longest <= PLAIN_WIDTH and near >= 3 else 0


def column_of(text: str, start: int, end: int) -> int:
    """Return the column of `end` on the line that begins at `start`, tabs to the next stop."""
    column = 0
    for char in text[start:end]:
        column += TAB - column % TAB if char == "\t" else 1
    return column


class _Joiner:
    """Builds blocks from lines; one document each."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = line_ranges(text)
        self.width = wrap_width(text, self.lines)
        self.spaced = self.width == LEGACY_WIDTH and self._is_spaced()
        self.blocks: list[Block] = []
        self.last_length = 0  # of the line before, as printed
        self.gap = False

    def build(self) -> list[Block]:
        for number, (start, end) in enumerate(self.lines):
            self._line(number, start, end)
        return [block for block in self.blocks if block.end > block.start]

    def _is_spaced(self) -> bool:
        """Tell whether blank lines stand between the items, so that nothing else ends one."""
        filled = [self.text[start:end].strip() != "" for start, end in self.lines]
        bullets = [
            not filled[n - 1]
            for n, (start, end) in enumerate(self.lines)
            if n
            and (line := self.text[start:end].lstrip())[:2] in ("- ", "* ", "• ")
            and len(line) > 2
        ]
        return sum(bullets) >= 0.8 * len(bullets) and not all(filled)

    def _line(self, number: int, start: int, end: int) -> None:
        text = self.text
        stripped = text[start:end].strip()
        if not stripped:
            self.gap = self.gap or number > 0
            return
        first = start + text[start:end].index(stripped[0])
        last = first + len(stripped)
        column = column_of(text, start, first)
        marker = find_marker(text, first, last)
        shift = LEGACY_INDENT if number == 0 and self.width == LEGACY_WIDTH and not column else 0
        if shift and marker is not None:
            shift += 2
        column += shift
        if self._continues(first, last, column, marker):
            self.blocks[-1] = replace(self.blocks[-1], end=last)
        else:
            self._open(start, first, last, column, shift, marker)
        self.last_length = len(text[start:end].rstrip()) + shift
        self.gap = False

    def _open(
        self, line: int, first: int, last: int, column: int, shift: int, marker: Marker | None
    ) -> None:
        text = self.text
        content, kind, ordinal = first, "", None
        if marker is not None:
            content, kind, ordinal = marker.end, marker.kind, marker.ordinal
            while content < last and text[content].isspace():
                content += 1
        inner = column_of(text, line, content) + shift
        self.blocks.append(Block(content, last, kind, ordinal, column, inner, self.gap))

    def _is_full(self, first: int, last: int) -> bool:
        """Tell whether the next word had no room on the line before."""
        word = _WORD.match(self.text, first, last)
        return self.last_length + 1 + (len(word[0]) if word else 0) >= self.width

    def _continues(self, first: int, last: int, column: int, marker: Marker | None) -> bool:
        if not self.blocks:
            return False
        before = self.blocks[-1]
        if before.start >= before.end:  # a marker alone on its line: the words follow
            return marker is None and not self.gap
        if marker is not None and not (marker.weak and column >= before.inner):
            return False
        if self.gap:
            return False
        if self.spaced:
            return marker is None or self._is_full(first, last)
        if self.width:
            return self._is_full(first, last) and column >= min(before.inner, before.column + 2)
        if marker is not None or not before.kind:
            return False
        if column >= before.inner > before.column and column > 0:
            return True
        return self.text[first].islower() and self.text[before.end - 1] not in ".;:"


def find_blocks(text: str) -> list[Block]:
    """Return the items and paragraphs of a document in order, none of them empty."""
    return _Joiner(text).build()
