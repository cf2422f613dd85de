"""What has happened or is planned: "prior or planned surgery" names a surgery twice.

One of the two mentions on the same characters is actual, the other one planned; either is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from critextract.components.drafts import ContextEdge
from critextract.components.temporal import find_times
from critextract.components.time_joins import joined_windows, now_or_lately
from critextract.lexicon import Words
from critextract.schema import Join, Label, Mention, Period, Window

_PLANNED = Words(
    re.compile(
        r"\b(?:(?:(?:is|are|has|have|to be|been)\s+)*(?:planned|scheduled|anticipated|booked"
        r"|intended|expected|foreseen)"
        r"|planning|plans?)\b(?:\s+(?:to (?:have|undergo|receive|start|begin|initiate|commence|take"
        r"|use|be treated with|(?:participate|enrol?l?|take part) in)|for|(?:use|receipt)(?: of)?"
        r"|treatment with))?",
        re.IGNORECASE,
    )
)
_OR = re.compile(r"\s*\)?,?\s*(?:\b(?:or|and/or)\b|/)\s*", re.IGNORECASE)
_LIST = re.compile(rf"{_OR.pattern}|\s*,\s*", re.IGNORECASE)
_TAKEN = re.compile(
    r"\b(?:existing|received|undergone|had|taken|used|receiving|taking|using|undergoing"
    r"|(?:enroll?ed|enroll?ing|participated|participating|involved|taken part|taking part) in)$",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\s*(?:\b(?:or|and/or)\b|/)\s*(?:(?:was|were|has|have|been|already)\s+)*"
    r"(?:performed|completed|done|received|undergone|carried out|had)\b",
    re.IGNORECASE,
)
"""Behind words of a plan: "surgery planned or performed"."""
_CARRIER = re.compile(
    r"(?:treatment|therapy|use|administration|exposure|receipt)\s+(?:with|of|to|using)\b",
    re.IGNORECASE,
)
"""What only carries the name behind it: "planned treatment with heparin"."""
_ARTICLE = re.compile(r"\s+(?:(?:an?|any|the|another)\s+)?", re.IGNORECASE)
_ITEM_END = re.compile(
    r"\s*(?:$|[,;.)]|(?:during|within|in|before|after|for|on(?! \w+ing\b)|at|while|over"
    r"|(?:is|are) also)\b)",
    re.IGNORECASE,
)
_ALSO = re.compile(r"\s*\((?:or )?", re.IGNORECASE)
_WILL_HAVE = re.compile(r"will have", re.IGNORECASE)
_WHO = re.compile(r"\b(?:who|that|which)\s+$", re.IGNORECASE)
_STATES = frozenset({Label.CONDITION, Label.MEASUREMENT, Label.OBSERVATION})


def is_duty(text: str, edge: ContextEdge, label: Label) -> bool:
    """Tell whether "will have" asks for what is so at entry: "patients will have diabetes".

    Of what is done it says a plan ("will have surgery"), so does "who will have".
    """
    asked = _WILL_HAVE.fullmatch(text, edge.start, edge.end) is not None
    meant = _WHO.search(text, max(0, edge.start - 8), edge.start) is not None
    return asked and not meant and label in _STATES


def split_planned(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions, with a second one for what has happened or is planned.

    Ids of new ones are the old one with a letter; they follow it. What is planned lies ahead.
    """
    plans = list(_PLANNED.finditer(text))
    if not plans:
        return [_ahead(mention) for mention in mentions]
    told_apart = _named_again(text, mentions)
    return [_ahead(new) for mention in told_apart for new in _split(text, mention, plans)]


def _ahead(mention: Mention) -> Mention:
    unsaid = mention.modality == "planned" and mention.period is None
    return replace(mention, period="future") if unsaid else mention


def _named_again(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions; of "planned surgery or surgery within 4 weeks" the first is planned."""
    found = list(mentions)
    for n, (a, b) in enumerate(pairwise(mentions)):
        alike = a.modality == b.modality == "planned" and a.text.lower() == b.text.lower()
        if alike and _OR.fullmatch(text, a.end, b.start):
            own = tuple(w for w in a.windows if w.start < b.start)
            found[n] = replace(a, windows=own, windows_op=_join(text, a, own))
            found[n + 1] = replace(b, modality="actual", period=_period(text, b.windows))
    return found


def _split(text: str, mention: Mention, plans: Sequence[re.Match[str]]) -> Iterator[Mention]:
    for plan in plans if not _CARRIER.match(text, mention.start) else ():
        if _is_of(text, mention, plan) and _is_alternative(text, mention, plan):
            yield from _both(text, mention, plan)
            return
    if mention.modality == "planned" and _ANOTHER.match(text, _behind(text, mention)):
        mention = replace(mention, modality="actual", period=None)
    yield mention


_ANOTHER = re.compile(
    r"(?:\s*,)?\s*(?:\b(?:or|and/or)\b|/)\s*(?:(?:who|is|are|has|have)\s+)*(?:plan(?:s|ning|ned)?"
    r"|intend(?:s|ing|ed)?|awaiting|considering|trying|wish(?:es|ing)?|seeking|scheduled)"
    r"\s+(?:to|for|on)\b",
    re.IGNORECASE,
)
"""Behind a mention: it is the next one that is planned ("pregnant or planning to become so")."""
_NOTHING = re.compile(r"(?:\(?s\)?)?[\s,]*")


def _behind(text: str, mention: Mention) -> int:
    """Return where a mention ends with the times right behind it."""
    end = mention.end
    for window in sorted(mention.windows, key=lambda w: w.start):
        if end <= window.start and _NOTHING.fullmatch(text, end, window.start):
            end = window.end
    return end


def _is_of(text: str, mention: Mention, plan: re.Match[str]) -> bool:
    """Tell whether words of a plan are about a mention, not about the next one.

    They may lie inside it: "enrolled in or planning to participate in another trial".
    """
    if mention.start < plan.start() and plan.end() < mention.end:
        return True
    if plan.end() > mention.start and not plan.start() < mention.start < plan.end() <= mention.end:
        ends = (pattern.match(text, plan.end()) for pattern in (_ITEM_END, _DONE))
        return any(ends)
    said = mention.modality == "planned" or mention.period == "future"
    return said or _ARTICLE.fullmatch(text, plan.end(), mention.start) is not None


def _is_alternative(text: str, mention: Mention, plan: re.Match[str]) -> bool:
    """Tell whether "or" joins a plan to the mention, or to what says that it took place."""
    for window in mention.windows:
        if window.end <= plan.start() and _LIST.fullmatch(text, window.end, plan.start()):
            return True
        if plan.end() <= window.start and _OR.fullmatch(text, plan.end(), window.start):
            return True
    if mention.end <= plan.start():
        if _DONE.match(text, plan.end()):
            return not text[mention.end : plan.start()].strip()
        last = max([mention.end, *(w.end for w in mention.windows if w.end <= plan.start())])
        return any(p.fullmatch(text, last, plan.start()) for p in (_OR, _ALSO))
    link = _OR.search(text, max(0, plan.start() - 10), plan.start())
    return (
        link is not None
        and link.end() == plan.start()
        and _TAKEN.search(text[: link.start()]) is not None
    )


def _both(text: str, mention: Mention, plan: re.Match[str]) -> Iterator[Mention]:
    windows = mention.windows
    if _DONE.match(text, plan.end()):
        past, ahead = windows, tuple(w for w in windows if w.direction != "before")
    elif plan.start() >= mention.end:
        ahead = tuple(w for w in windows if w.start >= plan.end())
        past = tuple(w for w in windows if w.start < plan.end())
    else:
        ahead = tuple(w for w in windows if w.start >= mention.end and w.direction != "before")
        past = tuple(w for w in windows if w not in ahead or w.direction is None)
    yield replace(
        mention,
        modality="actual" if mention.modality == "planned" else mention.modality,
        period=_period(text, past) if mention.period == "future" else mention.period,
        windows=past,
        windows_op=_join(text, mention, past),
    )
    yield replace(
        mention,
        id=f"{mention.id}p",
        modality="planned",
        period="future",
        windows=ahead,
        windows_op=_join(text, mention, ahead),
    )


def _period(text: str, windows: Sequence[Window]) -> Period | None:
    """Return the period that the words of time say: "prior"."""
    said = [t.period for w in windows for t in find_times(text[w.start : w.end])]
    return next((period for period in said if period), None)


def _join(text: str, mention: Mention, windows: Sequence[Window]) -> Join:
    join = joined_windows(text, windows, (mention.start, mention.end))
    return join if mention.label is Label.MEASUREMENT else now_or_lately(text, windows, join)
