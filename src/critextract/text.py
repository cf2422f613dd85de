"""The clean form of a criterion's text, with the way back to the original characters.

Stages read clean text: one line, single spaces, no Markdown escapes, one spelling of each sign.
`CleanText.span` gives the original offsets of a clean range, so offsets never drift.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CLEAN = re.compile(r"[!-\[\]-~]+(?: [!-\[\]-~]+)*")
"""Text that is clean as it stands: ASCII without backslashes, single spaces."""
_ESCAPABLE = frozenset("\\`*_{}[]()<>#+-.!~|^&=")
_SIGNS = {
    "＜": "<", "﹤": "<", "＞": ">", "﹥": ">", "⩽": "≤", "≦": "≤", "⩾": "≥", "≧": "≥", "＝": "=",
    "µ": "μ", "−": "-", "‐": "-", "‑": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "，": ",",
    "；": ";", "：": ":", "（": "(", "）": ")", "％": "%", "～": "~", "∼": "~",
    "⁄": "/", "∕": "/", "／": "/",
}  # fmt: skip
TRADE_MARKS = frozenset("®™")


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
    become the usual ones. Length may shrink, never grow; no white space at either end.
    """
    if _CLEAN.fullmatch(text, start, end):
        return CleanText(text[start:end], tuple(range(start, end)))
    chars: list[str] = []
    origin: list[int] = []
    for i in range(start, end):
        char = text[i]
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
    return CleanText("".join(chars), tuple(origin))


def join(first: CleanText, second: CleanText) -> CleanText:
    """Return both texts with a space between them, which stands for the end of the first."""
    if not first.text:
        return second
    return CleanText(
        f"{first.text} {second.text}", (*first.origin, first.origin[-1], *second.origin)
    )
