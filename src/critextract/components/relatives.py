"""Mentions that a text says of the patient and of the family at once.

"Personal or family history of melanoma" is met by either: one mention stands for the patient's,
another on the same characters for the family's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from critextract.schema import Mention

_OR = r"(?:\s*,)?\s*(?:\b(?:or|and/or)\b|/)\s*(?:an?\s+|any\s+)?"
_KIN = (
    r"(?:(?:an?|any|the|their|his|her|its|one)\s+)*(?:(?:first|second|1st|2nd|third)[ -]degree\s+)?"
    r"(?:family(?: members?)?|relatives?|parents?|siblings?|mother|father|brothers?|sisters?)\b"
)
_BEFORE = re.compile(
    rf"\b(?:(?:personal|own|individual|past|patient(?:'s)?){_OR}(?:family|familial)"
    rf"|(?:family|familial){_OR}(?:personal|own|individual|past))\s+(?:medical\s+)?history\b"
    r"(?!.*\bhistor)[^.;:()]{0,80}$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"\s*[,(]?\s*(?:also in\s+{_KIN}|(?:in|of)\s+(?:(?:the|a)\s+)?"
    rf"(?:child|patient|subject|participant|infant|proband)(?:{_OR}|\s*,\s*){_KIN})",
    re.IGNORECASE,
)


def with_family(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions, behind each that is said of the family too a second one.

    Ids of new ones are the old one with a letter.
    """
    if not _FAMILY.search(text):
        return tuple(mentions)
    flags = [_is_of_both(text, mention) for mention in mentions]
    for n in reversed(range(len(mentions) - 1)):
        a, b = mentions[n], mentions[n + 1]
        joined = a.label is b.label and _JOINED.fullmatch(text, a.end, b.start)
        flags[n] = flags[n] or bool(flags[n + 1] and joined)
    return tuple(
        one
        for mention, both in zip(mentions, flags, strict=True)
        for one in (_both(mention) if both else (mention,))
    )


_JOINED = re.compile(_OR, re.IGNORECASE)
_FAMILY = re.compile(r"famil|relative|parent|sibling|mother|father|brother|sister", re.IGNORECASE)


def _is_of_both(text: str, mention: Mention) -> bool:
    before = _BEFORE.search(text[: mention.start])
    return before is not None or _AFTER.match(text, mention.end) is not None


def _both(mention: Mention) -> Iterator[Mention]:
    yield replace(mention, experiencer="patient")
    yield replace(mention, id=f"{mention.id}k", experiencer="family")
