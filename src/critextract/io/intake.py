"""The last look at every text before it becomes a `Document`: size, signs, language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from critextract.errors import InputError
from critextract.io.encodings import repair
from critextract.io.items import Document, Item, Limits, skipped
from critextract.io.language import not_english
from critextract.schema import Demographics, Section

NO_TEXT = "no eligibility text"
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TWICE = re.compile("â‰[¥¤]|â€[™œ“”¢]|Â[±µ°²³]|Ã—")
_LINE = re.compile(r"[^\r\n]+")
_LONG_LINE = 100_000


def text_problems(text: str) -> list[str]:
    """Return what is odd about a text that is still read as it stands."""
    problems = []
    if not text.strip():
        return [NO_TEXT]
    if controls := _CONTROL.findall(text):
        codes = ", ".join(sorted({f"U+{ord(c):04X}" for c in controls})[:3])
        problems.append(f"{len(controls)} control characters ({codes})")
    if marks := _DIRECTION.findall(text):
        problems.append(f"{len(marks)} writing-direction marks, shown order may differ from stored")
    if twice := _TWICE.search(text):
        problems.append(f"looks encoded twice: {twice[0]!r} at character {twice.start()}")
    long = (line.start() for line in _LINE.finditer(text) if len(line[0]) > _LONG_LINE)
    if (start := next(long, None)) is not None:
        problems.append(f"a line of over {_LONG_LINE} characters, from character {start}")
    if (language := not_english(text)) is not None:
        problems.append(language)
    return problems


def document(
    doc_id: str,
    text: str,
    source: str,
    limits: Limits,
    *,
    demographics: Demographics | None = None,
    default_section: Section | None = None,
    problems: Sequence[str] = (),
) -> Item:
    """Return the document, or what says that its text cannot be one (NUL, over the limit)."""
    try:
        doc_id, id_problems = repair(doc_id, source)
        text, text_repairs = repair(text, source)
    except InputError as error:
        return skipped(source, error)
    if "\0" in text or "\0" in doc_id:
        where = f"NUL character at character {text.find(chr(0))} of the text of {doc_id}"
        return skipped(source, f"{source}: found a {where}, expected text; binary data?")
    size = len(text) if len(text) > limits.document_bytes else len(text.encode())
    if size > limits.document_bytes:
        return skipped(
            source,
            f"{source}: the text of {doc_id} is over the limit of {limits.document_bytes} bytes"
            " for one document (document_bytes); several documents in one?",
        )
    found = [*problems, *(f"id: {p}" for p in id_problems), *text_repairs, *text_problems(text)]
    return Document(doc_id, text, demographics, default_section, tuple(found), source)
