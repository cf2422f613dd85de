"""The clean form of a criterion's text, with the way back to the original characters.

Stages read clean text: one line, single spaces, no Markdown escapes, one spelling of each sign.
`CleanText.span` gives the original offsets of a clean range, so offsets never drift.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_CLEAN = re.compile(r"[!-\[\]-~]+(?: [!-\[\]-~]+)*")
"""Text that is clean as it stands: ASCII without backslashes, single spaces."""
_PIECE = re.compile(rf"(?P<plain>{_CLEAN.pattern})|.", re.DOTALL)
"""Text that is clean as it stands, or any other character."""
_AND_OR = re.compile(r"(?<=\b[Aa]nd) ?/ ?(?=or\b)")
_ESCAPABLE = frozenset("\\`*_{}[]()<>#+-.!~|^&=")
_SIGNS = {
    "＜": "<", "﹤": "<", "＞": ">", "﹥": ">", "⩽": "≤", "≦": "≤", "⩾": "≥", "≧": "≥", "＝": "=",
    "µ": "μ", "−": "-", "‐": "-", "‑": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "，": ",",
    "；": ";", "：": ":", "（": "(", "）": ")", "％": "%", "～": "~", "∼": "~",
    "⁄": "/", "∕": "/", "／": "/",
}  # fmt: skip
TRADE_MARKS = frozenset("®™")
_CAPITALS = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})


@dataclass(frozen=True, slots=True)
class CleanText:
    """Clean text and, for each of its characters, the offset of the original character."""

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original half-open range of the clean range ``[start, end)``, end > start."""
        return self.origin[start], self.origin[end - 1] + 1


def clean(text: str, start: int, end: int) -> CleanText:
    r"""Return the clean form of ``text[start:end]``.

    Runs of white space and control characters become one space, a Markdown escape loses its
    backslash (``\>`` is ``>``), marks of trade names are left out, full-width and look-alike signs
    become the usual ones; "and / or" is "and/or". Length may shrink, never grow; no white space at
    either end.
    """
    if _CLEAN.fullmatch(text, start, end):
        return _with_and_or(CleanText(text[start:end], tuple(range(start, end))))
    chars: list[str] = []
    origin: list[int] = []
    for piece in _PIECE.finditer(text, start, end):
        i, char = piece.start(), piece.group()
        if piece.lastgroup == "plain":
            chars.extend(char)
            origin.extend(range(i, piece.end()))
            continue
        escape = char == "\\" and i + 1 < end and text[i + 1] in _ESCAPABLE
        if escape or char in TRADE_MARKS:
            continue
        if char.isspace() or not char.isprintable():
            if not chars or chars[-1] == " ":
                continue
            char = " "
        chars.append(_SIGNS.get(char, char))
        origin.append(i)
    if chars and chars[-1] == " ":
        chars.pop()
        origin.pop()
    return _with_and_or(CleanText("".join(chars), tuple(origin)))


def _with_and_or(cleaned: CleanText) -> CleanText:
    """Return the text with no blank in its "and / or"."""
    text, origin = cleaned.text, cleaned.origin
    if "and /" not in text and "/ or" not in text:
        return cleaned
    kept = [*range(len(text))]
    for found in reversed(list(_AND_OR.finditer(text))):
        kept[found.start() : found.end()] = [text.index("/", found.start())]
    return CleanText("".join(text[n] for n in kept), tuple(origin[n] for n in kept))


def join(first: CleanText, second: CleanText) -> CleanText:
    """Return both texts with a space between them, which stands for the end of the first."""
    if not first.text:
        return second
    return CleanText(
        f"{first.text} {second.text}", (*first.origin, first.origin[-1], *second.origin)
    )


@lru_cache(maxsize=16)
def lower(text: str) -> str:
    """Return `text` in lower case, offsets unchanged ("İ" would become two characters)."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text.translate(_CAPITALS)
