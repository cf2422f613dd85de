"""Annotation sheets: a section's text with its annotation between the lines, read to records.

Lines that begin with ``|`` annotate the text lines above them; all others are the text. Offsets
are computed from the quoted characters. Mistakes are gathered, each with file, line and criterion.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from critextract.assumed import with_hypothetical
from critextract.errors import AnnotationError, InputError, reason, writing
from critextract.io.invariants import record_faults
from critextract.io.sheet_checks import named_by, status_faults, used_in
from critextract.io.sheet_layout import SECTIONS, Layout, Part, parent_of
from critextract.io.sheet_mentions import read_mentions
from critextract.io.sheet_notation import Reader, Token, read_rule, tokens
from critextract.rules import AllOf, AnyOf, Child, Is, Not, Rule
from critextract.schema import (
    AgeLimit,
    Criterion,
    Demographics,
    Mention,
    Record,
    Section,
    Uncovered,
    to_dict,
)

SPLITS = ("train", "dev", "test")
SHORT_RULES = {"all": "all(*)", "any": "any(*)", "none": "not(any(*))"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One annotated section: its record, therapeutic area, and part of the split."""

    record: Record
    area: str
    split: str


# --- the public functions ---------------------------------------------------------------------


def read_sheets(paths: Iterable[Path]) -> tuple[list[Sheet], list[str]]:
    """Return the sheets that are without mistakes, and all mistakes of the others.

    paths : sheets, or folders of them (``*.sheet``, in the order of their names).

    Raises
    ------
    InputError : a file cannot be read, or a folder holds no sheet.
    """
    sheets: list[Sheet] = []
    faults: list[str] = []
    for path in (file for folder in paths for file in _files(folder)):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"{path}: cannot be read ({reason(error)}), expected a sheet"
            ) from None
        sheet, found = read_sheet(text, str(path))
        faults += found
        if sheet is not None:
            sheets.append(sheet)
    seen: dict[str, int] = {}
    for sheet in sheets:
        if seen.setdefault(sheet.record.id, 0):
            faults.append(f"{sheet.record.id}: two sheets have this id")
        seen[sheet.record.id] += 1
    return sheets, faults


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(path.glob("*.sheet"))
    if not found:
        raise InputError(f"{path}: no .sheet files in it; expected annotation sheets")
    return found


def read_sheet(written: str, name: str = "sheet") -> tuple[Sheet | None, list[str]]:
    """Return the sheet a text describes, None with the list of mistakes where it has some."""
    layout = Layout(written, name)
    sheet = _Building(layout).sheet()
    return (None if layout.faults else sheet), layout.faults


def gold_line(sheet: Sheet) -> str:
    """Return a sheet as one line of JSON: its record, with `area` and `split` besides."""
    body = {**to_dict(sheet.record), "area": sheet.area, "split": sheet.split}
    return json.dumps(body, ensure_ascii=False, separators=(", ", ": "))


def write_gold(sheets: Iterable[Sheet], folder: Path) -> dict[str, int]:
    """Write ``train.jsonl``, ``dev.jsonl``, ``test.jsonl`` (those that have sheets); count them.

    Raises
    ------
    OutputError : a file cannot be written.
    """
    lines: dict[str, list[str]] = {}
    for sheet in sorted(sheets, key=lambda s: s.record.id):
        lines.setdefault(sheet.split, []).append(gold_line(sheet) + "\n")
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for split, rows in lines.items():
            (folder / f"{split}.jsonl").write_text("".join(rows), encoding="utf-8", newline="\n")
    return {split: len(lines[split]) for split in SPLITS if split in lines}


# --- the record -------------------------------------------------------------------------------


class _Building:
    """The record of a sheet taken apart, while it is made."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.head = layout.head
        self.parts = layout.parts
        self.fault = layout.fault
        self.aside: set[str] = set()
        self.stated: set[str] = set()

    def sheet(self) -> Sheet:
        """Return the sheet; mistakes go into `faults`."""
        for key in ("id", "area", "split"):
            if key not in self.head:
                self.fault(1, f"the head says no {key}")
        if self.head.get("split", "dev") not in SPLITS:
            self.fault(1, f"split is {self.head['split']!r}, expected {', '.join(SPLITS)}")
        mentions: list[Mention] = []
        criteria: list[Criterion] = []
        for part in self.parts:
            own = self._mentions(part)
            mentions += own
            criteria.append(self._criterion(part, own))
        record = Record(
            self.head.get("id", self.layout.name),
            self.layout.text,
            self._demographics(),
            tuple(self.layout.headings),
            tuple(criteria),
            tuple(mentions),
        )
        record = with_hypothetical(record, stated=self.stated)
        self._check(record)
        return Sheet(record, self.head.get("area", ""), self.head.get("split", ""))

    def _demographics(self) -> Demographics | None:
        said = {key: self.head[key] for key in ("sex", "min_age", "max_age") if key in self.head}
        if not said:
            return None
        sex: Any = said.get("sex")
        if sex not in (None, "male", "female", "all"):
            self.fault(1, f"sex is {sex!r}, expected male, female or all")
        limits: dict[str, AgeLimit] = {}
        for key in said.keys() - {"sex"}:
            number, _, unit = said[key].partition(" ")
            if not re.fullmatch(r"\d+", number) or not unit:
                self.fault(1, f"{key} is {said[key]!r}, expected a number and a unit: 18 a")
                continue
            limits[key] = AgeLimit(Decimal(number), unit)
        return Demographics(sex, limits.get("min_age"), limits.get("max_age"))

    def _reader(self, part: Part, words: list[Token]) -> Reader:
        locate = partial(self.layout.locate, scopes=self.layout.scopes(part))
        return Reader(words, locate, partial(self._named, part), self.layout.text)

    def _named(self, part: Part, name: str) -> str | None:
        """Return the id of a mention: ``a``, or ``I2.a`` for one of another criterion."""
        if name in part.names:
            return part.names[name]
        of, _, last = name.rpartition(".")
        return next((p.names.get(last) for p in self.parts if p.id == of), None)

    def _mentions(self, part: Part) -> list[Mention]:
        found: list[Mention] = []
        for line, names, body in part.mentions:
            try:
                ids = [part.names[name] for name in names]
                made, aside = read_mentions(self._reader(part, tokens(body)), ids, part.id)
            except AnnotationError as error:
                self.fault(line, str(error), part)
                continue
            found += made
            if re.search(r"\bactual\b", re.sub(r'"[^"]*"|`[^`]*`', "", body)):
                self.stated |= {mention.id for mention in made}
            if aside or part.status in ("non_computable", "unparsed"):
                self.aside |= {mention.id for mention in made}
        return found

    def _criterion(self, part: Part, own: list[Mention]) -> Criterion:
        start, end = part.span
        status: Any = part.status
        return Criterion(
            part.id,
            SECTIONS[part.id[0]],
            part.group,
            start,
            end,
            self.layout.text[start:end],
            parent_of(part.id),
            self._rule(part, own),
            status,
            tuple(self._uncovered(part)),
        )

    def _rule(self, part: Part, own: list[Mention]) -> Rule | None:
        """Return the rule of a part; one left out is made where there is one way only."""
        guards = {name for mention in own for name in named_by(mention)}
        free = [m for m in own if m.id not in guards | self.aside]
        below = [p.id for p in self.parts if parent_of(p.id) == part.id]
        everything: tuple[Rule, ...] = (*(Is(m.id) for m in free), *(Child(x) for x in below))
        if part.rule:
            try:
                words = SHORT_RULES.get(part.rule.words, part.rule.words)
                reader = self._reader(part, tokens(words))
                reader.everything = everything
                rule = read_rule(reader)
                reader.end()
            except AnnotationError as error:
                self.fault(part.rule, str(error), part)
                return None
            return rule
        if part.status in ("non_computable", "unparsed"):
            return None
        made = _only_rule(everything, free, SECTIONS[part.id[0]])
        if made is None and part.id not in self.layout.failed:
            self.fault(part.line, "needs a rule: it has several mentions, or none", part)
        return made

    def _uncovered(self, part: Part) -> Iterator[Uncovered]:
        for line in part.uncovered:
            try:
                reader = self._reader(part, tokens(line.words))
                start, end = reader.locate(reader.take("quote"))
                reason = " ".join([reader.take("word").text, *reader.words()])
                reader.end()
            except AnnotationError as error:
                self.fault(line, str(error), part)
                continue
            yield Uncovered(start, end, reason)

    def _check(self, record: Record) -> None:
        lines = {part.id: part.line for part in self.parts}
        used = set(used_in(record)) | self.aside
        failed = set(self.layout.failed)
        for mention in record.mentions:
            if mention.id not in used and mention.criterion not in failed:
                where = next(p for p in self.parts if p.id == mention.criterion)
                self.fault(where.line, f"{mention.text!r} is in no rule; aside?", where)
        for part, criterion in zip(self.parts, record.criteria, strict=True):
            if part.id in failed:
                continue
            for message in status_faults(criterion, record):
                self.fault(lines[criterion.id], message, part)
        if not self.layout.faults:
            for message in record_faults(record):
                name = re.match(r"criterion ([IEO][\d.]+)", message)
                self.fault(lines[name[1]] if name else 1, message)


def _only_rule(everything: tuple[Rule, ...], free: list[Mention], section: Section) -> Rule | None:
    """Return the rule of one mention, or of children alone, which join as the section says."""
    if len(everything) == 1 and free:
        return Not(everything) if free[0].negated else everything[0]
    if everything and not free:
        return AnyOf(everything) if section == "exclusion" else AllOf(everything)
    return None
