"""What a treatment consists of, and what a stay is for, is of the time of the treatment or stay.

"Prior chemotherapy with cisplatin or paclitaxel", "admission for asthma within 3 months": both the
whole and its part are past. What has words of time of its own keeps them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from critextract.schema import Label, Mention

_SOME = r"(?:(?:an?|any|the|other|another|either|both|one of the following)\s+)*"
_WITH = re.compile(
    rf"\s+(?:(?:regimens?|agents?|treatment|therapy)\s+)?"
    rf"(?:with|using|containing|consisting of|comprising|based on)\s+{_SOME}",
    re.IGNORECASE,
)
_FOR = re.compile(rf"\s+(?:for|due to|because of|owing to|secondary to)\s+{_SOME}", re.IGNORECASE)
_LIST = re.compile(rf"\s*(?:,?\s*\b(?:or|and|and/or)\b|,|/)\s*{_SOME}(?:[\w-]+\s+)?", re.IGNORECASE)
_TREATMENTS = frozenset({Label.PROCEDURE, Label.DRUG})
_PARTS = frozenset({Label.PROCEDURE, Label.DRUG, Label.DEVICE})


def share_with_parts(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions with the time of a treatment or stay on what it is made of or for."""
    found = list(mentions)
    for n, whole in enumerate(found[:-1]):
        if not _is_dated(whole):
            continue
        last = n
        for m in range(n + 1, len(found)):
            gap = text[found[last].end : found[m].start]
            joined = _is_part(text, whole, found[m]) if last == n else _LIST.fullmatch(gap)
            if not joined or found[m].label is not found[n + 1].label or _has_time(found[m]):
                break
            found[m] = _dated(found[m], whole)
            last = m
    return found


def _is_dated(mention: Mention) -> bool:
    return mention.modality == "actual" and bool(mention.windows or mention.period)


def _has_time(mention: Mention) -> bool:
    return bool(mention.windows or mention.period) or mention.modality != "actual"


def _is_part(text: str, whole: Mention, part: Mention) -> bool:
    dated = [w.end for w in whole.windows if whole.end <= w.start and w.end <= part.start]
    gap = text[max([whole.end, *dated]) : part.start]
    if whole.label in _TREATMENTS:
        return part.label in _PARTS and _WITH.fullmatch(gap) is not None
    is_stay = whole.label is Label.VISIT and part.label is Label.CONDITION
    return is_stay and _FOR.fullmatch(gap) is not None


def _dated(part: Mention, whole: Mention) -> Mention:
    windows = tuple(w for w in whole.windows if w.role != "duration")
    return replace(part, windows=windows, windows_op=whole.windows_op, period=whole.period)
