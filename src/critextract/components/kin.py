"""What the patient or the family may have: "personal or family history of thyroid cancer".

So too "long QT, also in a first-degree relative". One mention of each; everything else the text
says holds for both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from critextract.lexicon import Words
from critextract.schema import Mention

_EITHER = Words(
    re.compile(
        r"\b(?:(?:personal|own)\s*(?:\bor\b|\band\b|and/or|/)\s*(?:an?\s+)?famil(?:y|ial)"
        r"|famil(?:y|ial)\s*(?:\bor\b|\band\b|and/or|/)\s*(?:an?\s+)?(?:personal|own))"
        r"\s+(?:medical\s+)?(?=history\b)",
        re.IGNORECASE,
    )
)


_OR = r"(?:\s*,)?\s*(?:\b(?:or|and/or)\b|/)\s*(?:an?\s+|any\s+)?"
_KIN = (
    r"(?:(?:an?|any|the|their|his|her|its|one)\s+)*(?:(?:first|second|1st|2nd|third)[ -]degree\s+)?"
    r"(?:family(?: members?)?|relatives?|parents?|siblings?|mother|father|brothers?|sisters?)\b"
)
_BEHIND = re.compile(
    rf"\s*[,(]?\s*(?:also in\s+{_KIN}|(?:in|of)\s+(?:(?:the|a)\s+)?"
    rf"(?:child|patient|subject|participant|infant|proband)(?:{_OR}|\s*,\s*){_KIN})",
    re.IGNORECASE,
)
_JOINED = re.compile(_OR, re.IGNORECASE)


def share_kin(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions, each that a history of patient or family is of followed by the latter's.

    Ids of new ones are the old one with a "k"; they follow it.
    """
    places = {m.end() for m in _EITHER.finditer(text)}
    shared = [_is_shared(text, mention, places) for mention in mentions]
    for n in reversed(range(len(mentions) - 1)):
        a, b = mentions[n], mentions[n + 1]
        joined = a.label is b.label and _JOINED.fullmatch(text, a.end, b.start)
        shared[n] = shared[n] or bool(joined and _BEHIND.match(text, b.end))
    return [
        new
        for mention, kin in zip(mentions, shared, strict=True)
        for new in (_both(mention) if kin else (mention,))
    ]


def _is_shared(text: str, mention: Mention, places: set[int]) -> bool:
    """Tell whether words before or right behind a mention give it to patient and family."""
    if _BEHIND.match(text, mention.end):
        return True
    return mention.experiencer == "patient" and any(w.start in places for w in mention.windows)


def _both(mention: Mention) -> Iterator[Mention]:
    yield replace(mention, experiencer="patient")
    yield replace(mention, id=f"{mention.id}k", experiencer="family")
