"""What the patient or the family may have: "personal or family history of thyroid cancer".

One mention of each; everything else the text says holds for both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from critextract.schema import Mention

_EITHER = re.compile(
    r"\b(?:(?:personal|own)\s*(?:\bor\b|\band\b|and/or|/)\s*(?:an?\s+)?famil(?:y|ial)"
    r"|famil(?:y|ial)\s*(?:\bor\b|\band\b|and/or|/)\s*(?:an?\s+)?(?:personal|own))"
    r"\s+(?:medical\s+)?(?=history\b)",
    re.IGNORECASE,
)


def share_kin(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions, each that a history of patient or family is of followed by the latter's.

    Ids of new ones are the old one with a "k"; they follow it.
    """
    places = {m.end() for m in _EITHER.finditer(text)}
    return [new for mention in mentions for new in _each(mention, places)]


def _each(mention: Mention, places: set[int]) -> Iterator[Mention]:
    """Yield a mention, and the family's where a window of it begins right behind the words."""
    yield mention
    if mention.experiencer == "patient" and any(w.start in places for w in mention.windows):
        yield replace(mention, id=f"{mention.id}k", experiencer="family")
