"""What somebody cannot take or undergo: "unable to undergo MRI or CT" names two conditions.

The procedure or drug alone is not what the text asks for, as little as the drug of an allergy.
"Patients cannot take aspirin" forbids, and names no inability.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from critextract.schema import Label, Mention

Span = tuple[int, int]

_UNABLE = re.compile(
    r"\b(?:(?:unable|unability|inability|incapable|not able)(?: to| of)"
    r"(?: (?:safely|adequately|reliably))?"
    r" (?:undergo|take|tolerate|receive|have|swallow|ingest|use|wear|perform|complete|discontinue"
    r"|stop(?: taking)?|withhold)(?:ing)?"
    r"|(?:cannot|can not|can't) (?:tolerate|swallow))(?:\s+(?:an?|any|the))*\s+$",
    re.IGNORECASE,
)
_OR = re.compile(
    r"[\s)]*(?:,|,?\s*\(?\s*\b(?:or|and/or)\b|/)\s*(?:(?:an?|any|the)\s+)*", re.IGNORECASE
)
_TAKEN = frozenset({Label.DRUG, Label.PROCEDURE, Label.DEVICE, Label.MEASUREMENT})


def name_inabilities(text: str, mentions: Iterable[Mention]) -> list[Mention]:
    """Return the mentions, of what somebody is unable to take or undergo the inability.

    text : one criterion's clean text. Of a list, each is named with the words before the first.
    """
    out: list[Mention] = []
    shared: Span | None = None  # "inability to undergo", of the list it opened
    last: Mention | None = None
    for mention in mentions:
        begin = _front(text, mention)
        own = _UNABLE.search(text, 0, begin) if _is_taken(mention) else None
        alike = last is not None and mention.label == last.label and not _is_bounded(mention)
        if own and mention.modality == "hypothetical":
            shared = own.start(), own.start() + len(own.group().rstrip())
            out.append(_inability(text, mention, (own.start(), mention.end)))
            last = mention
        elif shared and last and alike and _OR.fullmatch(text, last.end, begin):
            out.append(_inability(text, mention, shared, (begin, mention.end)))
            last = mention
        else:
            shared = last = None
            out.append(mention)
    return out


def _is_taken(mention: Mention) -> bool:
    return mention.label in _TAKEN and not _is_bounded(mention)


def _is_bounded(mention: Mention) -> bool:
    return bool(mention.values or mention.windows or mention.fragments or mention.dose)


def _front(text: str, mention: Mention) -> int:
    """Return where a mention begins with the qualifiers right before it: "oral medication"."""
    begin = mention.start
    for q in sorted(mention.qualifiers, key=lambda q: -q.start):
        if q.end <= begin and not text[q.end : begin].strip():
            begin = q.start
    return begin


def _inability(text: str, mention: Mention, *spans: Span) -> Mention:
    return replace(
        mention,
        label=Label.CONDITION,
        modality="actual",
        start=spans[0][0],
        end=spans[-1][1],
        fragments=spans if len(spans) > 1 else None,
        text=" ".join(text[a:b] for a, b in spans),
        qualifiers=tuple(q for q in mention.qualifiers if q.start >= mention.end),
        concept=None,
    )
