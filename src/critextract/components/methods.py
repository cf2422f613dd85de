"""How something is measured, between its name and its bound: "LVEF by MUGA scan ≥ 50 %"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from critextract.components.drafts import Candidate
from critextract.lexicon import lexicon
from critextract.schema import Label

_ALSO = re.compile(r"\s*(?:,|/|,?\s*\b(?:or|and|and/or)\b)\s*(?:an?\s|the\s)?", re.IGNORECASE)
_OPENING = re.compile(r"\s*[\[(]?")
_CLOSING = re.compile(r"\s*[\])]")


def find_methods(text: str, candidates: Sequence[Candidate]) -> dict[int, tuple[int, int]]:
    """Return the mentions that say how the one before them is measured, by index.

    Parameters
    ----------
    text : one criterion's clean text. candidates : its mentions, in text order.

    Each with the characters from the end of what is measured to its own end, brackets included.
    """
    found: dict[int, tuple[int, int]] = {}
    words = lexicon("structure")
    measured = 0
    for n in range(1, len(candidates)):
        last, method = candidates[n - 1], candidates[n]
        listed = n - 1 in found and _ALSO.fullmatch(text, last.end, method.start) is not None
        opening = _OPENING.match(text, last.end)
        start = opening.end() if opening else last.end
        shown = last.label is Label.MEASUREMENT and n - 1 not in found
        shown = shown and words.pattern("seen").fullmatch(text, start, method.start) is not None
        if not (shown or listed) or not _is_method(text, method):
            continue
        measured = measured if listed else last.end
        closing = _CLOSING.match(text, method.end) if text[last.end : start].strip() else None
        found[n] = (measured, closing.end() if closing else method.end)
    return found


def _is_method(text: str, candidate: Candidate) -> bool:
    named = lexicon("structure").pattern("examination").search(text, candidate.start, candidate.end)
    return named is not None and candidate.label in {Label.PROCEDURE, Label.MEASUREMENT}
