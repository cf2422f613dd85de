"""Criteria of an eligibility text: which characters, under which section, below which other one.

A block (see `lines`) outside the headings is a criterion. Indentation, marker kinds, running
numbers and lead-ins ("any of the following:") say what lies below what. A list item of several
sentences that each state a condition gets them as children inside it; a paragraph's sentences
stand on their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from critextract.changes import replace
from critextract.components.heading_words import heading_words, section_of
from critextract.components.lines import Block, find_blocks, find_marker
from critextract.components.nesting import Item, Nesting
from critextract.components.sentences import RunOn, condition_ranges
from critextract.schema import Criterion, Heading, Section

RUNNING = 20  # items back that a running numeral is looked for
_LETTERS: dict[Section, str] = {"inclusion": "I", "exclusion": "E", "other": "O"}
_CONNECTOR = re.compile(r"(?:and|or|and/or|plus|with|but)\W*", re.IGNORECASE)
_EXCLUDES = re.compile(
    r"\b(?:(?:not|n't) (?:be )?(?:eligible|included|enrolled|participate)|ineligible|exclusions?"
    r"|excluded|excludes)\b",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"\bplease (?:contact|visit|call)\b|\bwww\.|\w@\w", re.IGNORECASE)
_FIRST_SECOND = (  # running numbers inside a line: its sentences are parts of that list
    (re.compile(r"(?<=[\s(;:,])a[.)]\s"), re.compile(r"(?<=[\s(;:,])b[.)]\s")),
    (re.compile(r"(?<=[\s(;:,])i[.)]\s"), re.compile(r"(?<=[\s(;:,])ii[.)]\s")),
    (re.compile(r"(?<=[\s(;:,])1\)\s?"), re.compile(r"(?<=[\s(;:,])2\)\s?")),
)
_OUTSIDE = " \t\r\n*_#:;,-–—•·|"
_ALNUM = re.compile(r"[^\W_]")


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _OUTSIDE:
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "*_|"):
        end -= 1
        if text[end] in "*_" and text[start : end + 1].count(text[end]) % 2:
            end += 1  # a footnote mark or half of a pair: part of the text
            break
    return start, end


def _pieces(block: Block, headings: Sequence[Heading]) -> Iterator[tuple[int, int, bool]]:
    """Yield the ranges of a block outside its headings, and whether each is the block's start."""
    position = block.start
    for heading in headings:
        if heading.start > position:
            yield position, heading.start, position == block.start
        position = max(position, heading.end)
    if position < block.end:
        yield position, block.end, position == block.start


class _Splitter:
    """Splits one document."""

    def __init__(self, text: str, headings: Sequence[Heading], default: Section | None) -> None:
        self.text = text
        self.headings = headings
        self.default = default
        self.items: list[Item] = []
        self.titles = frozenset(heading.start for heading in headings)
        self.heading_at = 0
        self.chapter = 0
        self.section: Section = default or "inclusion"
        self.by_words = default is None
        self.group: str | None = None
        self.run_on = bool(
            re.search(r"(?i)\b(?:DISEASE CHARACTERISTICS|PROTOCOL ENTRY CRITERIA)\b", text)
        )

    # --- items from blocks ---

    def run(self) -> tuple[Criterion, ...]:
        blocks = find_blocks(self.text)
        for number, block in enumerate(blocks):
            self._block(block, blocks, number)
        Nesting(self.text, self.items).run()
        self._split_sentences()
        return self._criteria()

    def _block(self, block: Block, blocks: list[Block], number: int) -> None:
        inside: list[Heading] = []
        while self.heading_at < len(self.headings):
            heading = self.headings[self.heading_at]
            if heading.start >= block.end:
                break
            inside.append(heading)
            self.heading_at += 1
        paragraph = not block.kind and not self._is_line_item(blocks, number)
        position = 0
        for start, end, first in _pieces(block, inside):
            while position < len(inside) and inside[position].end <= start:
                self._enter(inside[position])
                position += 1
            self._piece(
                block,
                start,
                end,
                first=first,
                paragraph=paragraph,
                after=blocks[number + 1 : number + 2],
            )
        for heading in inside[position:]:
            self._enter(heading)

    def _enter(self, heading: Heading) -> None:
        self.section, self.group = heading.section, heading.group
        self.chapter += 1
        if section_of(self.text[heading.start : heading.end]) is not None or heading_words()[
            "characteristics"
        ].fullmatch(self.text, heading.start, heading.end):
            self.by_words = False

    def _is_line_item(self, blocks: list[Block], number: int) -> bool:
        """Tell an unmarked line among unmarked lines, each an item, from a paragraph."""
        block = blocks[number]
        beside = [
            b
            for b in blocks[max(0, number - 1) : number + 2]
            if b is not block and b.start not in self.titles
        ]
        return any(
            not other.kind and not (other if other.start > block.start else block).gap
            for other in beside
        )

    def _piece(
        self,
        block: Block,
        start: int,
        end: int,
        *,
        first: bool,
        paragraph: bool,
        after: list[Block],
    ) -> None:
        kind, ordinal, inner = (
            (block.kind, block.ordinal, block.inner) if first else ("", None, block.inner)
        )
        if not first:
            while start < end and self.text[start].isspace():
                start += 1
            marker = find_marker(self.text, start, end)
            if marker is not None:
                start, kind, ordinal = marker.end, marker.kind, marker.ordinal
                paragraph = False
            else:
                paragraph = paragraph or (self.run_on and bool(block.kind))
        start, end = _trim(self.text, start, end)
        if start >= end:
            return
        words = self.text[start:end]
        if not kind and self._joins(words):
            self.items[-1].end = end
            return
        if not _ALNUM.search(words):
            return
        place = (kind, ordinal, block.column, inner, self.section, self.group, self.chapter)
        item = Item(start, end, *place, paragraph=paragraph, whole=first)
        for part in self._divided(item, after):
            self.items.extend(self._continued(part))

    def _joins(self, words: str) -> bool:
        """Tell whether a line is only "OR" between two items; it stays with the first."""
        joins = len(words) < 12 and _CONNECTOR.fullmatch(words) is not None
        return joins and bool(self.items) and self.items[-1].chapter == self.chapter

    def _divided(self, item: Item, after: list[Block]) -> Iterator[Item]:
        """Yield the items of a line that lists several: "1) … 2) … 3) …", or run-on sentences."""
        ranges = [(item.start, item.end)]
        follows = any(b.kind == item.kind and b.ordinal == (item.ordinal or 0) + 1 for b in after)
        if item.ordinal is not None and not follows:
            ranges = _enumerated(self.text, item)
        elif item.paragraph:
            semicolons = self.text.count(";", item.start, item.end) >= 1 + item.whole
            ranges = condition_ranges(
                self.text,
                item.start,
                item.end,
                run_on="paragraph" if self.run_on else None,
                semicolons=semicolons,
            )
        for number, (start, end) in enumerate(ranges):
            start, end = _trim(self.text, start, end)
            if start >= end:
                continue
            section = item.section
            if self.by_words:
                section = self._section_by_words(start, end, section)
            ordinal = None if item.ordinal is None else item.ordinal + number
            if (start, end, section, ordinal) == (item.start, item.end, item.section, item.ordinal):
                yield item
                continue
            yield replace(item, start=start, end=end, section=section, ordinal=ordinal)

    def _continued(self, item: Item) -> Iterator[Item]:
        """Yield an item, and those of an outer list that goes on in its line: "… ii. …"."""
        numeral = self._running() if item.kind and item.ordinal is None else None
        if numeral is None:
            yield item
            return
        kind, ordinal = numeral
        ranges = _enumerated(self.text, replace(item, kind=kind, ordinal=ordinal))
        for number, (start, end) in enumerate(ranges):
            start, end = _trim(self.text, start, end)
            if start < end and number:
                yield replace(item, start=start, end=end, kind=kind, ordinal=ordinal + number)
            elif start < end:
                yield replace(item, start=start, end=end)

    def _running(self) -> tuple[str, int] | None:
        """Return kind and ordinal of the numeral before, where its list may go on in a line."""
        for other in reversed(self.items[-RUNNING:]):
            if other.chapter == self.chapter and other.kind[:1] in "iI" and other.ordinal:
                return other.kind, other.ordinal
        return None

    def _section_by_words(self, start: int, end: int, section: Section) -> Section:
        """Return the section of text that no heading governs."""
        if _CONTACT.search(self.text, start, end):
            return "other"
        return "exclusion" if _EXCLUDES.search(self.text, start, end) else section

    # --- sentences inside items ---

    def _split_sentences(self) -> None:
        parents = {item.parent for item in self.items}
        for number, item in enumerate(self.items):
            if item.paragraph or number in parents or _has_list(self.text, item.start, item.end):
                continue
            run_on: RunOn = "item" if self.run_on else None
            ranges = condition_ranges(self.text, item.start, item.end, run_on=run_on)
            if len(ranges) > 1:
                item.parts = tuple(ranges)

    def _criteria(self) -> tuple[Criterion, ...]:
        out: list[Criterion] = []
        ids: list[str] = []
        counts: dict[str, int] = {}
        for item in self.items:
            above = None if item.parent is None else ids[item.parent]
            own = self._name(counts, above, item.section)
            ids.append(own)
            out.append(self._criterion(own, item, item.start, item.end, above))
            for start, end in item.parts:
                part = self._name(counts, own, item.section)
                out.append(self._criterion(part, item, start, end, own))
        return tuple(out)

    @staticmethod
    def _name(counts: dict[str, int], above: str | None, section: Section) -> str:
        key = above or _LETTERS[section]
        counts[key] = counts.get(key, 0) + 1
        return f"{key}.{counts[key]}" if above else f"{key}{counts[key]}"

    def _criterion(
        self, name: str, item: Item, start: int, end: int, above: str | None
    ) -> Criterion:
        return Criterion(
            name, item.section, item.group, start, end, self.text[start:end], parent=above
        )


def _enumerated(text: str, item: Item) -> list[tuple[int, int]]:
    """Return the ranges of a line's running numbers, the whole line where it has only one."""
    opening = item.kind[:1] if item.kind[:1] in "([" else ""
    sample = item.kind.lstrip("([")[:1]
    closing = re.escape(item.kind.lstrip("([")[1:])
    starts, ordinal, position = [(item.start, item.start)], item.ordinal or 1, item.start
    while len(starts) < 200:
        ordinal += 1
        token = _token(sample, ordinal)
        if token is None or item.kind.startswith("1.1"):
            break
        pattern = re.compile(
            rf"(?<=[\s;:.,]){re.escape(opening)}{token}\\?{closing}(?=\s|[A-Z≥<>])\s*"
        )
        match = pattern.search(text, position, item.end)
        if match is None:
            break
        starts.append(match.span())
        position = match.end()
    ends = [first for first, _ in starts[1:]] + [item.end]
    return [(content, end) for (_, content), end in zip(starts, ends, strict=True)]


def _has_list(text: str, start: int, end: int) -> bool:
    """Tell whether a line holds running numbers of its own: "… a. … b. …"."""
    for first, second in _FIRST_SECOND:
        found = first.search(text, start, end)
        if found and second.search(text, found.end(), end):
            return True
    return False


def _token(sample: str, ordinal: int) -> str | None:
    if sample == "1":
        return str(ordinal)
    if sample in "aA" and ordinal <= 26:
        return chr(ord(sample) + ordinal - 1)
    numerals = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
    if sample in "iI" and ordinal < len(numerals):
        return numerals[ordinal] if sample == "i" else numerals[ordinal].upper()
    return None


def split_criteria(
    text: str, headings: Sequence[Heading], default_section: Section | None = None
) -> tuple[Criterion, ...]:
    """Return the criteria of an eligibility text in order, a parent before its children.

    Parameters
    ----------
    text : the eligibility text as its source holds it, before any clean-up.
    headings : of the same text, from `sections.find_headings`.
    default_section : section before the first heading, from a file's name. Without it such text
        is inclusion, but for sentences whose own words exclude ("are excluded", "ineligible").

    List children lie outside their parent's range, sentence children inside it. Rules are None.
    """
    return _Splitter(text, headings, default_section).run()
