"""What lies below what: items of an eligibility text get their parents.

Indentation says it, marker kinds at one depth (1. a) i.), running numbers that go on or start
anew, and lead-ins ("any of the following:") whose items stand as deep as themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from critextract.schema import Section

MAX_DEPTH = 12  # deeper lists are kept, at this depth
_LEAD_IN = re.compile(
    r"(?::\s*[-–]?|\b(?:the following|any of|one of|all of|including|such as|as follows)"
    r"(?:\s+\w+){0,2}\s*[-–]?)$",
    re.IGNORECASE,
)
_GOVERNS = re.compile(
    r"\b(?:following|any of|one of|all of|either|both|including|includes?|limited to|such as"
    r"|as follows|below|criteria|defined (?:as|by)|at least (?:one|two|three|\d+)|one or more"
    r"|two or more)\b[^:]{0,140}:\s*$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"(?:patients?|subjects?|participants?|volunteers?|women|men|females?|males?|individuals?"
    r"|persons?|known|history|any|aged?|presence|current(?:ly)?|must|written|signed|informed"
    r"|no|not|fertile|recovered|ecog|eastern|karnofsky|zubrod|life expectancy|measurable"
    r"|at least \d+ (?:days?|weeks?|months?)|more than \d+ (?:days?|weeks?|months?)"
    r"|willing(?:ness)?|able|ability|inability|unable|pregnan\w+|prior|previous|clinically|other)\b",
    re.IGNORECASE,
)

_JOINED = re.compile(r"\b(?:and|or)\W*$", re.IGNORECASE)


@dataclass(slots=True)
class Item:
    """A criterion in the making; `parent` is an index into the list of items."""

    start: int
    end: int
    kind: str
    ordinal: int | None
    column: int
    inner: int
    section: Section
    group: str | None
    chapter: int  # changes at every heading
    paragraph: bool = False
    whole: bool = True  # the block has no heading before it
    parent: int | None = None
    parts: tuple[tuple[int, int], ...] = ()


class Nesting:
    """Sets each item's parent; the stack holds the items that may still get children."""

    def __init__(self, text: str, items: list[Item]) -> None:
        self.text = text
        self.items = items
        self.stack: list[int] = []
        self.number = 0  # of the item in hand

    def run(self) -> None:
        """Set the parents."""
        chapter = None
        for number, item in enumerate(self.items):
            if item.chapter != chapter:
                self.stack.clear()
                chapter = item.chapter
            self.number = number
            self._fit(item)
            while self.stack and self.items[self.stack[-1]].section != item.section:
                self.stack.pop()
            if len(self.stack) >= MAX_DEPTH:
                del self.stack[MAX_DEPTH - 1 :]
            item.parent = self.stack[-1] if self.stack else None
            if item.kind or self._leads(item):
                self.stack.append(number)

    def _leads(self, item: Item) -> bool:
        tail = self.text[max(item.start, item.end - 120) : item.end]
        return bool(_LEAD_IN.search(tail.rstrip("*_ ")))

    def _fit(self, item: Item) -> None:
        """Pop the stack down to the item's parent."""
        while self.stack:
            top = self.items[self.stack[-1]]
            if self._below(item, top):
                return
            self.stack.pop()
            if self._beside(item, top) and not (self._resumes(item, top) or self._in_flat(item)):
                return

    def _beside(self, item: Item, top: Item) -> bool:
        return top.kind == item.kind and self._same_column(item, top)

    def _in_flat(self, item: Item) -> bool:
        """Tell whether the list may belong to a lead-in that is one of its own items."""
        beside = bool(self.stack) and self._beside(item, self.items[self.stack[-1]])
        return beside and item.ordinal is None

    def _flat(self, item: Item, lead: Item) -> bool:
        """Tell whether an item as deep as its lead-in still belongs to it.

        "- Any of the following:", "- stroke", "- seizures", "- Age over 18": the list ends with
        the next lead-in, where a new subject begins, or after the only item with a full stop.
        """
        if item.ordinal is not None or item.paragraph or not self._governs(lead):
            return False
        previous = self.items[self.number - 1]
        if previous is lead:
            return not self._governs(item)
        first = self.items[self.stack[-1] + 1]
        if previous.kind != item.kind or not self._beside(item, first) or self._leads(item):
            return False
        if self._joined(previous):
            return True
        if self._joined(self.items[self.number - 2]):
            return False  # "… or" stood before the last of them
        if self.text[previous.end - 1] == "." and self.text[first.end - 1] != ".":
            return False
        subject = _SUBJECT.match(self.text, item.start, item.end)
        return not subject or bool(_SUBJECT.match(self.text, first.start, first.end))

    def _joined(self, item: Item) -> bool:
        """Tell whether an item ends with "and" or "or": another one follows."""
        return bool(_JOINED.search(self.text, max(item.start, item.end - 12), item.end))

    def _governs(self, item: Item) -> bool:
        return bool(_GOVERNS.search(self.text, max(item.start, item.end - 240), item.end))

    def _resumes(self, item: Item, top: Item) -> bool:
        """Tell whether a running number goes on with a list further out: 1 (1 2) **2**."""
        if item.ordinal is None or top.ordinal is None or item.ordinal == top.ordinal + 1:
            return False
        return any(
            outer.kind == item.kind
            and outer.ordinal is not None
            and item.ordinal == outer.ordinal + 1
            and self._same_column(item, outer)
            for outer in (self.items[n] for n in self.stack)
        )

    @staticmethod
    def _same_column(item: Item, top: Item) -> bool:
        return abs(item.column - top.column) <= 1 or (bool(item.kind) and item.inner == top.inner)

    def _below(self, item: Item, top: Item) -> bool:
        if not item.kind:
            if top.kind:
                return item.column >= top.inner - 1 > top.column
            return item.column >= top.column + 2 or self._flat(item, top)
        if not top.kind:
            return item.column >= top.column - 1
        if not self._same_column(item, top):
            return item.column > top.column
        return self._below_at_same_column(item, top)

    def _below_at_same_column(self, item: Item, top: Item) -> bool:
        if item.kind == top.kind:
            restarts = item.ordinal == 1 and top.ordinal is not None
            return (restarts and self._leads(top)) or self._flat(item, top)
        outer = (self.items[n] for n in self.stack[:-1])
        if any(o.kind == item.kind and self._same_column(item, o) for o in outer):
            return False
        first = item.ordinal == 1 and top.ordinal is not None
        return first or self._leads(top)
