"""CoNLL lines with BIO tags: token, start, end, tag; a criterion is a block.

Above each document stand ``# document = ID``, ``# text = ...`` and ``# criteria = ...`` (JSON: a
list of id, section, start, end), above each block ``# criterion = ID``; an empty line parts blocks.
Tokens are words and punctuation marks (`critextract.io.words`). The tag of a token is ``B-LABEL``
or ``I-LABEL`` of the mention it is in, else ``O``. Of nested and overlapping mentions the longer is
kept, then the earlier.
Source: the BIO scheme of CoNLL-2003 (Tjong Kim Sang 2003, aclanthology.org/W03-0419).
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from critextract.errors import InputError, writing
from critextract.io.faults import Fault, faults_at_end
from critextract.io.line_criteria import line_criteria
from critextract.io.regions import LABELS, Innermost
from critextract.io.words import words
from critextract.schema import Criterion, Label, Mention, Record

CANNOT_HOLD = (
    "discontinuous mentions, and of nested or overlapping ones all but the longest (each is named)",
    "mentions that begin or end inside a word: their ends move to the word's (each is named)",
    "values, windows, qualifiers, negation, modality, experiencer, period, counts and doses, "
    "concepts, confidence, ids of mentions",
    "rules, status, uncovered, headings, groups and parents of criteria, demographics, problems",
)
"""What BIO lines cannot hold of a record."""

Token = tuple[int, int]


def flat(record: Record) -> tuple[list[Mention], list[str]]:
    """Return the mentions that BIO tags can hold, in text order, and what is lost of the others."""
    kept: list[Mention] = []
    lost: list[str] = []
    ordered = sorted(record.mentions, key=lambda m: (m.start - m.end, m.start, m.label, m.id))
    for mention in ordered:
        name = f"{record.id}: {mention.label} [{mention.start}, {mention.end}) {mention.text!r:.40}"
        if mention.fragments and len(mention.fragments) > 1:
            lost.append(f"{name} is discontinuous")
        elif other := next(
            (o for o in kept if o.start < mention.end and mention.start < o.end), None
        ):
            lost.append(f"{name} overlaps {other.label} [{other.start}, {other.end})")
        else:
            kept.append(mention)
    return sorted(kept, key=lambda m: m.start), lost


def to_bio(record: Record) -> tuple[str, list[str]]:
    """Return the lines of a record, and what is lost of its mentions, one line each."""
    mentions, lost = flat(record)
    tokens = words(record.text)
    tags = ["O"] * len(tokens)
    for mention in mentions:
        lost += _tag(record, mention, tokens, tags)
    criteria = [[c.id, c.section, c.start, c.end] for c in record.criteria]
    about = {"document": record.id, "text": record.text, "criteria": criteria}
    lines = [f"# {key} = {json.dumps(said, ensure_ascii=False)}" for key, said in about.items()]
    innermost = Innermost(record.criteria)
    of_id = {criterion.id: criterion for criterion in record.criteria}
    block: str | None = ""
    for (start, end), tag in zip(tokens, tags, strict=True):
        owner = of_id.get(innermost.of(start, end) or "")
        name = owner.id if owner is not None and owner.start <= start < owner.end else None
        if name != block:
            lines += ["", f"# criterion = {json.dumps(name, ensure_ascii=False)}"]
            block = name
        lines.append(f"{record.text[start:end]}\t{start}\t{end}\t{tag}")
    return "\n".join(lines) + "\n\n", lost


def _tag(record: Record, mention: Mention, tokens: list[Token], tags: list[str]) -> list[str]:
    """Tag the tokens a mention touches; return what is lost of it."""
    first = bisect_right(tokens, mention.start, key=lambda token: token[1])
    last = bisect_left(tokens, mention.end, key=lambda token: token[0])
    inside = [n for n in range(first, last) if tags[n] == "O"]
    for place, n in enumerate(inside):
        tags[n] = f"{'I' if place else 'B'}-{mention.label}"
    name = f"{record.id}: {mention.label} [{mention.start}, {mention.end}) {mention.text!r:.40}"
    if not inside:
        return [f"{name} holds no token of its own"]
    start, end = tokens[inside[0]][0], tokens[inside[-1]][1]
    moved = (start, end) != (mention.start, mention.end)
    return [f"{name} became [{start}, {end}), the words it touches"] if moved else []


def write_bio(records: Iterable[Record], path: str | Path, lost: list[str]) -> int:
    """Write the lines of records and return how many; what is lost of each is added to `lost`.

    Raises
    ------
    OutputError : the file cannot be written.
    """
    written = 0
    with writing(path), Path(path).open("w", encoding="utf-8", newline="\n") as stream:
        for record in records:
            lines, missing = to_bio(record)
            stream.write(lines)
            lost += missing
            written += 1
    return written


# --- read -------------------------------------------------------------------------------------


@faults_at_end
def read_bio(path: Path, faults: list[Fault]) -> Iterator[Record]:
    """Yield the records of a file of BIO lines.

    faults : see `critextract.io.faults.Reader`.

    Raises
    ------
    InputError : the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8", newline="\n") as stream:
            document: _Document | None = None
            for number, line in enumerate(stream, 1):
                if line.startswith("# document = "):
                    if document is not None:
                        yield document.record()
                    document = _Document(path, faults, str(_value(line)))
                elif document is not None:
                    document.read(number, line.rstrip("\n"))
                elif line.strip():
                    message = "found no '# document = ID' before it; is this another CoNLL form?"
                    raise InputError(f"{path}:{number}: {message}")
            if document is not None:
                yield document.record()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read ({reason}), expected BIO lines") from None


def _value(line: str) -> Any:
    text = line.partition(" = ")[2].strip()
    try:
        return json.loads(text)
    except ValueError:
        return text


@dataclass
class _Document:
    """One document while its lines are read."""

    path: Path
    faults: list[Fault]
    name: str
    text: str = ""
    criteria: dict[str, Criterion] = field(default_factory=dict)
    criterion: str | None = None
    windows: bool = False
    mentions: list[tuple[str, int, int, str | None]] = field(default_factory=list)

    def read(self, number: int, line: str) -> None:
        """Take one line in."""
        if line.endswith("\r") and not self.windows:
            self.windows = True
            message = "found a Windows line end, expected LF alone"
            self.faults.append(Fault(self.path, number, message))
        line = line.removesuffix("\r")
        try:
            if line.startswith("# text = "):
                self.text = str(_value(line))
            elif line.startswith("# criteria = "):
                self._criteria(_value(line))
            elif line.startswith("# criterion = "):
                self._open(_value(line))
            elif line.strip() and not line.startswith("# "):
                self._token(line)
        except ValueError as error:
            self.faults.append(Fault(self.path, number, str(error)))

    def _criteria(self, rows: Any) -> None:
        for row in rows if isinstance(rows, list) else [rows]:
            match row:
                case [str(name), "inclusion" | "exclusion" | "other" as section, int(a), int(b)]:
                    if not 0 <= a < b <= len(self.text):
                        raise ValueError(f"criterion {name} [{a}, {b}) is no range of the text")
                    self.criteria[name] = Criterion(name, section, None, a, b, self.text[a:b])
                case _:
                    raise ValueError(f"found {row!r:.60}, expected [ID, SECTION, START, END]")

    def _open(self, name: Any) -> None:
        self.criterion = None
        if name is not None and name not in self.criteria:
            raise ValueError(f"criterion {name!r:.40} is not in '# criteria = '")
        self.criterion = name

    def _token(self, line: str) -> None:
        columns = line.split("\t")
        if len(columns) != 4:
            raise ValueError(f"found {line!r:.60}, expected TOKEN, START, END, TAG parted by tabs")
        token, start, end, tag = columns[0], int(columns[1]), int(columns[2]), columns[3]
        if self.text[start:end] != token or not 0 <= start < end <= len(self.text):
            found = self.text[start:end]
            raise ValueError(f"[{start}, {end}) is {token!r} here but {found!r:.40} in the text")
        if tag == "O":
            self.mentions.append(("O", start, end, self.criterion))
            return
        kind, _, label = tag.partition("-")
        if kind not in ("B", "I") or label not in LABELS:
            raise ValueError(f"unknown tag {tag!r}, expected O, B-LABEL or I-LABEL")
        last = self.mentions[-1] if self.mentions else ("O", 0, 0, None)
        if kind == "I" and last[0] != label:
            raise ValueError(f"{tag} does not go on from {last[0]}; is a B- missing?")
        if kind == "I":
            self.mentions[-1] = (label, last[1], end, last[3])
        else:
            self.mentions.append((label, start, end, self.criterion))

    def record(self) -> Record:
        """Return the record of the lines."""
        criteria = list(self.criteria.values())
        found = [m for m in self.mentions if m[0] != "O"]
        if found and not criteria:
            criteria = list(line_criteria(self.name, self.text, [m[1] for m in found]).criteria)
        innermost = Innermost(criteria)
        mentions = tuple(
            Mention(
                f"m{n}",
                criterion or innermost.of(start, end) or "",
                Label(label),
                start,
                end,
                self.text[start:end],
            )
            for n, (label, start, end, criterion) in enumerate(found, 1)
        )
        return Record(self.name, self.text, criteria=tuple(criteria), mentions=mentions)
