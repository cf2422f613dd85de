"""One line of mentions of an annotation sheet: label, quoted characters, attributes."""

from __future__ import annotations

import re
from typing import Any, get_args

from critextract.errors import AnnotationError
from critextract.io.sheet_notation import Reader, Token, read_values, read_window
from critextract.schema import (
    Experiencer,
    Label,
    Mention,
    Modality,
    Period,
    Qualifier,
    QualifierKind,
    Value,
    Window,
)

Spans = tuple[tuple[int, int], ...]


def leading_quotes(words: list[Token]) -> list[list[Token]]:
    """Return the quoted characters a line begins with: ``"a" + "b", "c"`` is two mentions.

    Raises
    ------
    AnnotationError : the line does not begin with quoted characters.
    """
    found: list[list[Token]] = []
    join = ","
    for place, word in enumerate(words):
        if place % 2:
            if word.kind != "mark" or word.text not in ",+":
                break
            join = word.text
        elif word.kind != "quote":
            raise AnnotationError(f"expected quoted characters, found {word.text!r}")
        elif join == "+":
            found[-1].append(word)
        else:
            found.append([word])
    if not found:
        raise AnnotationError("a mention needs its quoted characters")
    return found


def read_mentions(reader: Reader, ids: list[str], criterion: str) -> tuple[list[Mention], bool]:
    """Return the mentions of a line, and whether they stand aside of the rule on purpose.

    Parameters
    ----------
    reader : at the label. `ids` : of the mentions, in the order of their characters.

    Raises
    ------
    AnnotationError : an attribute is unknown, or characters are not found.
    """
    label = Label(reader.take("word").text)
    places = [_fragments(reader, quotes) for quotes in leading_quotes(reader.items[1:])]
    reader.pos += 2 * sum(len(spans) for spans in places) - 1
    shared = _Attributes(reader)
    found = []
    for id_, spans in zip(ids, places, strict=True):
        start, end = spans[0][0], spans[-1][1]
        pieces = " ".join(reader.text[a:b] for a, b in spans)
        fragments = spans if len(spans) > 1 else None
        found.append(Mention(id_, criterion, label, start, end, pieces, fragments, **shared.fields))
    return found, shared.aside


def _fragments(reader: Reader, quotes: list[Token]) -> Spans:
    """Return the range of each fragment; the later ones lie behind the first."""
    found = [reader.locate(quotes[0])]
    for quote in quotes[1:]:
        start = found[-1][1]
        if quote.nth is None:
            match = re.compile(rf"(?<!\w){re.escape(quote.text)}(?!\w)").search(reader.text, start)
            found.append(match.span() if match else reader.locate(quote))
        else:
            found.append(reader.locate(quote))
        if found[-1][0] < start:
            raise AnnotationError(f"fragment {quote.text!r} does not lie behind the one before it")
    return tuple(found)


class _Attributes:
    """What stands behind the characters of a line of mentions."""

    def __init__(self, reader: Reader) -> None:
        self.fields: dict[str, Any] = {}
        self.aside = False
        self.values: list[Value] = []
        self.windows: list[Window] = []
        self.qualifiers: list[Qualifier] = []
        while reader.next is not None:
            word = reader.take("word").text
            if not (self._plain(word) or self._composed(reader, word)):
                raise AnnotationError(f"{word!r} is no attribute of a mention")
        self.fields |= {
            "values": tuple(self.values),
            "windows": tuple(self.windows),
            "qualifiers": tuple(self.qualifiers),
        }

    def _set(self, key: str, said: Any) -> None:
        if key in self.fields:
            raise AnnotationError(f"a second {key} of the mention; it has one")
        self.fields[key] = said

    def _plain(self, word: str) -> bool:
        """Take an attribute of one word; tell whether it was one."""
        for key, kind in (
            ("modality", Modality),
            ("experiencer", Experiencer),
            ("period", Period),
            ("component", ("systolic", "diastolic")),
        ):
            if word in (kind if isinstance(kind, tuple) else get_args(kind)):
                self._set(key, word)
                return True
        self.aside = self.aside or word == "aside"
        return word == "aside"

    def _composed(self, reader: Reader, word: str) -> bool:
        """Take an attribute that goes on behind its word; tell whether it was one."""
        match word:
            case "v":
                self.values += read_values(reader)
            case "w":
                self.windows.append(read_window(reader))
            case "q":
                self.qualifiers.append(_qualifier(reader))
            case "neg":
                self._set("negated", True)
                if reader.next and reader.next.kind == "quote":
                    self.fields["negation_cue"] = reader.locate(reader.take())
            case "count" | "dose":
                self._set(word, read_values(reader)[0])
            case "values" | "windows":
                self._set(f"{word}_op", reader.word_of(("any", "all")) or "all")
            case _:
                return False
        return True


def _qualifier(reader: Reader) -> Qualifier:
    """Read ``severity "severe"`` or, with another value, ``stage end-stage "end stage"``."""
    kind: Any = reader.take("word").text
    if kind not in get_args(QualifierKind):
        raise AnnotationError(f"{kind!r} is no qualifier: {', '.join(get_args(QualifierKind))}")
    said = " ".join(reader.words())
    start, end = reader.locate(reader.take("quote"))
    return Qualifier(kind, said or reader.text[start:end].lower(), start, end)
