"""The times of a lead-in that are said of its items: "within 4 weeks, any of the following:"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from critextract.components.drafts import TimeExpression
from critextract.components.time_joins import joined_windows, timed
from critextract.lexicon import Words, lexicon
from critextract.schema import Mention


def govern(text: str, mention: Mention, times: Sequence[TimeExpression]) -> Mention:
    """Return the mention with the time expressions of the lead-ins over it, where it has none.

    A measurement is of a day or a number of days ("Laboratory values at baseline:", "Labs within
    2 weeks of entry:"), no other word of time is said of its value.
    """
    if mention.values:
        times = [time for time in times if time.window.unit or time.window.reference_point]
    if not times or mention.windows or mention.label == "PERSON":
        return mention
    periods = [time.period for time in times if time.period]
    windows = tuple(dict.fromkeys(time.window for time in times))
    join = joined_windows(text, windows)
    period = mention.period or (periods[0] if periods else None)
    return timed(text, mention, windows, join, period)


def carried(text: str, mentions: Sequence[Mention], end: int) -> list[TimeExpression]:
    """Return the times of what a lead-in's items are: of "the following agents", "cancer, e.g.:".

    Those with a number or a period: how "prior to visit 1" bears on items with times of their own
    is not said. None of "14 days since and no concurrent": of these each is another demand.

    end : where the lead-in ends.
    """
    return [
        TimeExpression(window, mention.period)
        for mention in mentions
        if _names_items(text, mention) or _is_listed(text, mention, end)
        if not _says_two(mention)
        for window in mention.windows
        if window.unit or mention.period
    ]


def _names_items(text: str, mention: Mention) -> bool:
    words = lexicon("structure")
    if words.pattern("items_named").search(text[max(0, mention.start - 40) : mention.start]):
        return True
    after = text[mention.end : mention.end + 40]
    return words.pattern("carrier").fullmatch(mention.text) is not None and "following" in after


def _is_listed(text: str, mention: Mention, end: int) -> bool:
    """Tell whether the items stand for a mention: nothing but times and "such as" is behind it."""
    tail = list(text[mention.end : end])
    for window in mention.windows:
        for at in range(max(window.start, mention.end), min(window.end, end)):
            tail[at - mention.end] = " "
    words = " ".join("".join(tail).split())
    if _INCLUDING.fullmatch(words):
        return True
    if lexicon("structure").pattern("carrier").fullmatch(mention.text):
        return _WITH.fullmatch(words) is not None or text[:end].endswith((" of:", " with:"))
    return _TESTED.search(mention.text) is not None and _DEFINED.fullmatch(words) is not None


_FOLLOWING = (
    r"(?:(?:at least )?(?:any|all|one|either|some)(?: or more)?(?: of)? ?)?"
    r"(?:the following(?: [\w-]+){0,3})?"
)
_INCLUDING = re.compile(
    r"[\s,;()]*(?:includ(?:e|es|ing)|such as|e\.?g\.?,?|for (?:example|instance)|like|namely"
    rf"|i\.?e\.?,?|specifically)(?:,? (?:but )?not (?:be )?limited to)?[\s,:]*{_FOLLOWING}[\s:]*",
    re.IGNORECASE,
)
_WITH = re.compile(rf"(?:with|of|by|using) ?{_FOLLOWING}[\s:]*", re.IGNORECASE)
_TESTED = Words(
    re.compile(
        r"(?:function|values?|parameters?|tests?|results?|counts?|laborator(?:y|ies)|labs?|criteria)$",
        re.IGNORECASE,
    )
)
_DEFINED = re.compile(
    r"(?:(?:as|is|are|were|must be|defined|described|indicated|evidenced|demonstrated|documented"
    r"|shown|measured|determined|follows|assessed|obtained|performed|tested|below|by|the following"
    r"|in|of)\b|[\s,()])*:",
    re.IGNORECASE,
)


def _says_two(mention: Mention) -> bool:
    lasting = any(w.role == "recency" and w.low and not w.high for w in mention.windows)
    return lasting and mention.period == "present"
