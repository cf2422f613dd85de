"""How the times of one mention bear on each other: which say nothing, which are alternatives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from critextract.changes import replace
from critextract.components.attach import Span
from critextract.schema import Join, Label, Mention, Period, Window


def without_idle(text: str, windows: Sequence[Window]) -> tuple[Window, ...]:
    """Return the windows without those that say nothing beside a numbered one.

    "Current or prior cancer within 5 years": the cancer lies within 5 years. Not so where "or"
    stands before the number ("recent or within 3 months").
    """
    ordered = _explained(text, sorted(windows, key=lambda w: (w.start, w.end)))
    plain = [w for w in ordered if w.unit is None]
    bounded = [w for w in ordered if w.unit is not None]
    if len(plain) < 2 or len(bounded) != 1 or bounded[0].start < plain[-1].end:
        return tuple(ordered)
    either = any(_AND_OR.fullmatch(text[a.end : b.start]) for a, b in pairwise(plain))
    alone = _EITHER.fullmatch(text[plain[-1].end : bounded[0].start]) is None
    return (bounded[0],) if either and alone else tuple(ordered)


def _explained(text: str, ordered: list[Window]) -> list[Window]:
    """Return the windows with "recent (within 4 weeks)" as one beside "current"."""
    now = any(_NOW.fullmatch(text, w.start, w.end) for w in ordered)
    if not now or len(ordered) < 3:
        return ordered
    found: list[Window] = []
    for window in ordered:
        last = found[-1] if found else None
        if last is not None and _RECENT.fullmatch(text, last.start, window.start):
            found[-1] = replace(window, start=last.start)
        elif last is not None and _HISTORY.fullmatch(text, last.end, window.end):
            found[-1] = replace(last, end=window.end)
        else:
            found.append(window)
    return found


_RECENT = re.compile(r"recent(?:ly)?\s*\(\s*", re.IGNORECASE)
_HISTORY = re.compile(r"\s*\)?\s*history(?: of)?", re.IGNORECASE)


_OR_MORE = re.compile(
    r"\bor (?:more|less|fewer|greater|higher|lower|longer|older|above|below)\b(?! than)"
)
_WHICHEVER = re.compile(
    r"which ?ever.*|\b(?:if|the|whatever is) (?:the )?(?:long|short|great|lat|earl)er\b", re.DOTALL
)
_OR = re.compile(r"\bor\b|\s/\s|(?<=[a-z)]{3})/(?=or\b|[a-z]{4})")
"""No slash of a unit: "g/dL"."""
_AND_OR = re.compile(r"\s*(?:,?\s*\b(?:or|and|and/or)\b|/)\s*", re.IGNORECASE)
_EITHER = re.compile(r"\s*(?:,?\s*\bor\b|and/or|/)\s*", re.IGNORECASE)


def since_when(
    text: str, windows: Sequence[Window], own: Span, *, negated: bool
) -> tuple[Window, ...]:
    """Return the windows with the length of an absence as how far it reaches back.

    "No menses for at least 12 months", "> 1 year without menses": none in the last 12 months. Not
    so of "no … for more than", which may be how long it must not have lasted.
    """
    if not negated:
        return tuple(windows)
    return tuple(
        replace(w, role="recency", low=None, low_closed=None, high=w.low, high_closed=True)
        if _is_absence(text, w, own)
        else w
        for w in windows
    )


def _is_absence(text: str, window: Window, own: Span) -> bool:
    if window.role != "duration" or window.low is None or window.high is not None:
        return False
    if window.end <= own[0]:
        return _WITHOUT.match(text, window.end) is not None
    back = _AT_LEAST.match(text, window.start) or _OFF.search(text[: own[0]])
    return window.start >= own[1] and back is not None


_WITHOUT = re.compile(r"\s+(?:without|free (?:of|from))\b", re.IGNORECASE)
_OFF = re.compile(r"\boff\b[^.;:]{0,120}$", re.IGNORECASE)
_AT_LEAST = re.compile(
    r"(?:for\s+)?(?:at least|≥|>=|a minimum of|the (?:past|last))|for\s+(?=\d)", re.IGNORECASE
)


def is_over(window: Window | None) -> bool:
    """Tell whether a window lies before its point, up to a bound: it need not go on now."""
    if window is None or window.role != "recency" or window.direction != "before":
        return False
    return window.high is not None and window.low is None


def now_or_lately(text: str, windows: Sequence[Window], join: Join) -> Join:
    """Return ``any`` for "concurrent cancer within 3 years": it goes on or was in these years."""
    now = any(_NOW.fullmatch(text, w.start, w.end) for w in windows)
    now = now and not any(_BEFORE.match(text, w.start, w.end) for w in windows if w.unit is None)
    lately = any(w.role == "recency" and w.high and w.direction != "after" for w in windows)
    return "any" if now and lately else join


_NOW = re.compile(
    r"(?:(?:current|concurrent|concomitant|simultaneous)(?:ly)?|on-?going)(?: history(?: of)?)?",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"prior(?! to)|previous|past|former|history", re.IGNORECASE)


def joined_windows(
    text: str,
    windows: Sequence[Window],
    own: Span = (0, 0),
    places: Sequence[Span] = (),
) -> Join:
    """Return how windows of one mention join: ``any`` where either is enough.

    "within 4 weeks or 5 half-lives, whichever is longer" is met inside either; "at least 4 weeks
    or 5 half-lives, whichever is longer" asks for both. Windows on common characters ("prior to or
    during the study") are alternatives. An "or" before or in the mention's `own` characters or
    beside another one of `places` joins those ("history of stroke or MI within 3 months").
    """
    for a, b in pairwise(sorted(windows, key=lambda w: (w.start, w.end))):
        comma = a.unit is b.unit is None and text[a.end : b.start].strip() == ","
        if b.start < a.end or comma:  # "prior, current or planned"
            return "any"
        first = own[1] if a.end <= own[0] and own[1] <= b.start else a.start
        span = text[first : max(a.end, b.end)].lower()
        tail = text[b.end : b.end + 30].lower()
        if any(a.end <= start and end <= b.start for start, end in places if (start, end) != own):
            span = text[b.start : b.end].lower()
        which = _WHICHEVER.search(span + tail)
        if _OR.search(_OR_MORE.sub(" ", span)) or which:
            shorter = which and re.search(r"short|earl|less", which.group())
            within = a.low is None
            return "any" if within != bool(shorter) else "all"
    return "all"


def timed(
    text: str, mention: Mention, windows: tuple[Window, ...], join: Join, period: Period | None
) -> Mention:
    """Return the mention with its times and period; what is to come is planned."""
    if mention.label is not Label.MEASUREMENT:
        join = now_or_lately(text, windows, join)
    planned = period == "future" and mention.modality == "actual"
    return replace(
        mention,
        windows=windows,
        windows_op=join,
        period=period,
        modality="planned" if planned else mention.modality,
    )
