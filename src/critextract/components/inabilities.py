"""What somebody cannot take or undergo: "unable to undergo MRI or CT" names two conditions.

So does what somebody can: "able to swallow tablets" names an observation.

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
_ABLE = re.compile(
    r"(?<!un)(?<!not )\b(?:able to|capable of|ability to|can)"
    r"(?: (?:safely|adequately|reliably|orally))?"
    r" (?:undergo|take|tolerate|receive|swallow|ingest|absorb)(?:ing)?"
    r"(?:,? (?:and|or|and/or) (?:retain|absorb|tolerate|take|swallow)(?:ing)?)*"
    r"(?:\s+(?:an?|any|the|whole|intact))*\s+$",
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
        own = _said(text, mention, begin)
        alike = last is not None and mention.label == last.label and not _is_bounded(mention)
        if own:
            shared = own.start(), own.start() + len(own.group().rstrip())
            label = Label.CONDITION if own.re is _UNABLE else Label.OBSERVATION
            out.append(_inability(text, mention, label, (own.start(), mention.end)))
            last = mention
        elif shared and last and alike and _OR.fullmatch(text, last.end, begin):
            out.append(_inability(text, mention, out[-1].label, shared, (begin, mention.end)))
            last = mention
        else:
            shared = last = None
            out.append(mention)
    return out


def _said(text: str, mention: Mention, begin: int) -> re.Match[str] | None:
    """Return the words right before a mention that say that somebody can or cannot take it."""
    if not _is_taken(mention):
        return None
    cannot = _UNABLE.search(text, 0, begin) if mention.modality == "hypothetical" else None
    can = _ABLE.search(text, 0, begin) if mention.modality in {"hypothetical", "actual"} else None
    return cannot or (can if not mention.negated else None)


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


def _inability(text: str, mention: Mention, label: Label, *spans: Span) -> Mention:
    return replace(
        mention,
        label=label,
        modality="actual",
        start=spans[0][0],
        end=spans[-1][1],
        fragments=spans if len(spans) > 1 else None,
        text=" ".join(text[a:b] for a, b in spans),
        qualifiers=tuple(q for q in mention.qualifiers if q.start >= mention.end),
        concept=None,
    )
