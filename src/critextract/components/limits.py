"""Limits of normal: "2.5 x ULN", "three times the upper limit of normal", "70 % of predicted"."""

from __future__ import annotations

import re
from typing import NamedTuple

from critextract.schema import RelativeTo

_WHOSE = (
    r"(?:(?:the|of|above|over|than|greater|higher|larger|more|institutional|institution's|institution|laboratory's"
    r"|laboratory|lab's|lab|local|central|site's|site|study|age|gender|sex|normal|reference|test|assay"
    r"|institute's|age-adjusted|age-appropriate|age-specific|age adjusted|respective|applicable"
    r"|site-specific|laboratories'|laboratories|their|its|our|upper|indicated|standard|current"
    r"|local laboratory's|for|age-based|age-matched)\s){0,6}?"
)
_OF_NORMAL = (
    r"(?:\s?(?:of|for)?\s?(?:the\s)?(?:\w+['’]?s?\s){0,2}?"
    r"(?:normal(?:ity)?|reference)(?:\s(?:reference\s)?(?:ranges?|limits?|values?|levels?|intervals?))?"
    r"(?:\s(?:for|of)\s(?:the\s)?(?:age|laboratory|institution|lab|site|institutional))?)"
)
_UPPER = (
    r"(?:i?ulnr?(?![a-z])|ulrr?(?![a-z])|iunl(?![a-z])|unl(?![a-z])|ul(?![a-z/])"
    rf"|upper\s(?:limits?|levels?|ends?|bounds?|boundary|range|values?){_OF_NORMAL}"
    r"|upper\s(?:institutional\s|reference\s|laboratory\s)?(?:normal|limits?|reference)"
    r"(?:\s(?:of\s)?(?:normal|limits?|ranges?|values?|levels?|lab))?"
    r"|(?:normal|laboratory|reference)\s(?:upper|high)\slimits?(?:\sof\s(?:the\s)?normal(?:\sranges?)?)?"
    r"|maximum\snormal\s(?:values?|limits?)"
    r"|high(?:est)?\s(?:normal|reference)\s(?:values?|limits?)|maximal\snormal\s(?:values?|limits?))"
    r"(?:\s?[\[(]\s?(?:i?uln|unl|uln)\s?[\])])?"
)
_LOWER = (
    r"(?:i?llnr?(?![a-z])|lnl(?![a-z])"
    rf"|lower\s(?:limits?|levels?|ends?|bounds?|boundary|range|values?){_OF_NORMAL}"
    r"|lower\s(?:institutional\s|reference\s|laboratory\s)?(?:normal|limits?|reference)"
    r"(?:\s(?:of\s)?(?:normal|limits?|ranges?|values?|levels?|lab))?"
    r"|(?:normal|laboratory|reference)\s(?:lower|low)\slimits?(?:\sof\s(?:the\s)?normal(?:\sranges?)?)?)"
    r"(?:\s?[\[(]\s?(?:lln|lnl)\s?[\])])?"
)
_MEAN = r"(?:mean\s(?:of\s)?(?:the\s)?normal(?:\s(?:values?|range))?|normal\smean)"
_BASELINE = r"(?:(?:pre-?treatment\s|the\s)?baseline(?:\s(?:values?|levels?))?)(?![a-z])"
_PREDICTED = (
    r"(?:the\s)?(?:age[\s-])?(?:normal\s)?(?:predicted|pred\.?(?![a-z])|expected|predictive)"
    r"(?:\s(?:normal|reference|values?|normals?))*(?![a-z])"
)
_NORMAL = r"(?:the\s)?normal(?:\s(?:ranges?|limits?|values?|levels?))?(?![a-z-])"
_NAMED = re.compile(
    rf"(?P<ULN>{_WHOSE}{_UPPER})|(?P<LLN>{_WHOSE}{_LOWER})|(?P<normal_mean>{_WHOSE}{_MEAN})"
)
_TIMES = re.compile(
    r"(?:\s?(?:-\s?)?(?:fold|times|time|x[’']?s|[x×*✕✖·])(?![a-z0-9])(?:\s?[(（](?=\s?(?:uln|lln|unl|(?:the\s)?(?:upper|lower)\s)))?"
    r"|\s?[x×*](?=[uln]))?\s?"
)
_MULTIPLE = re.compile(
    rf"(?P<predicted>{_PREDICTED})|(?P<baseline>{_BASELINE})"
    rf"|(?P<ULN>{_WHOSE}norm(?:al)?(?:\s(?:ranges?|limits?|values?|levels?))?(?![a-z-])|n(?![a-z0-9]))"
)
_SHARE = re.compile(
    rf"\s?(?:\(?\s?of\s)?(?:the\s)?(?:(?P<predicted>{_WHOSE}{_PREDICTED})"
    rf"|(?<=of\s)(?P<baseline>{_BASELINE}))"
)
_OF_THE_NORMAL = re.compile(
    r"\s?(?:of\s(?:the\s)?(?:local\s|laboratory\s|institutional\s)?normal(?:\s(?:values?|levels?))?"
    r"(?!\s(?:saline|weight|volume|range|limit|predict|kidney|tissue|cells?|forms?|diet|control|[a-z]+phil))"
    r"|normal(?=\s?(?:$|[.,;()/]|(?:or|for|with|by|if|and)\s)))(?![a-z-])"
)
"""Behind a percentage: of what is normal, "at least 50 % of normal"; no "0.9 % normal saline"."""
_BY = re.compile(r"\b(?:within|by|±)\s?[\d.]+\s?$")
"""How far from the normal: "within 10 % of normal"."""
_WITHIN = re.compile(
    r"(?<![a-z])(?:with)?in(?:side)?\s(?:the\s|an?\s|their\s)?(?:(?:institutional|institution's|laboratory|lab|local"
    r"|age-?adjusted|age-appropriate|reference|testing|acceptable|expected|site|central|study)\s){0,3}"
    r"(?:(?:normal|reference)(?:\s(?:institutional|laboratory|reference|age))?"
    r"\s(?:limits?|ranges?|values?|levels?|parameters)|limits\sof\snormal|normal(?=[.,;)]|$))"
    r"(?:\s(?:of|for)\s(?:the\s)?(?:institution|laboratory|age|lab|test))?|(?<![a-z])wnl(?![a-z])"
)
_BARE = re.compile(rf"(?<![a-z])(?:(?P<ULN>{_UPPER})|(?P<LLN>{_LOWER})|(?P<normal>{_NORMAL}))")
_WHOSE_BEFORE = re.compile(
    rf"(?<![a-z]){_WHOSE.replace('above|over|than|greater|higher|larger|more|', '')}$"
)
_BEYOND = re.compile(r"\b(?:above|over|greater|higher|larger|more|below)\b")
_MENTIONS = re.compile("wnl|uln|unl|lln|lnl|normal|limit|refer|predi|pred\\b|basel|expect")


class Limit(NamedTuple):
    """The limit a number multiplies, and where it ends."""

    end: int
    relative_to: RelativeTo


def may_hold(low: str) -> bool:
    """Tell cheaply whether a text can name a limit of normal at all."""
    return _MENTIONS.search(low) is not None


def _named(found: re.Match[str] | None) -> Limit | None:
    if found is None or found.lastgroup is None:
        return None
    relative: RelativeTo = found.lastgroup  # type: ignore[assignment]
    return Limit(found.end(), relative)


def after_number(low: str, pos: int) -> Limit | None:
    """Return the limit behind a number: " x ULN", " times the upper limit of normal"."""
    times = _TIMES.match(low, pos)
    assert times is not None  # every part of it is optional
    limit = _named(_NAMED.match(low, times.end()))
    if limit:
        bracketed = times.group().rstrip()[-1:] in ("(", "（") and low[limit.end :][:1] in (
            ")",
            "）",
        )
        return limit._replace(end=limit.end + bracketed)
    if times.group().strip() or low.startswith("n", pos):
        return _named(_MULTIPLE.match(low, times.end()))
    return None


def after_percent(low: str, pos: int) -> Limit | None:
    """Return what a percentage is of: "% of predicted", "% of the LLN", "% of baseline"."""
    share = _named(_SHARE.match(low, pos))
    if share:
        return share
    gap = pos + low.startswith(" ", pos)
    named = _NAMED.match(low, gap)
    if named:
        return None if _BEYOND.search(named.group()) else _named(named)
    normal = _OF_THE_NORMAL.match(low, pos)
    if normal is None or _BY.search(low, max(0, pos - 20), low.rfind("%", 0, pos)):
        return None
    return Limit(normal.end(), "normal_mean")


def is_beyond(low: str, start: int, end: int) -> bool:
    """Tell whether a multiple is said to lie above it: "three times higher than the ULN"."""
    return _BEYOND.search(low, start, end) is not None


def after_word(low: str, pos: int) -> Limit | None:
    """Return the limit behind "twice", "three times": plain "normal" counts, as ULN."""
    gap = pos + low.startswith(" ", pos)
    return after_number(low, pos) or _named(_MULTIPLE.match(low, gap))


def find_bare(low: str) -> list[tuple[int, int, str]]:
    """Return start, end and name of each limit of normal in the text, number or not.

    The start takes in "the institutional"; the name is ``ULN``, ``LLN``, or ``normal`` for the
    word alone, whose side the comparator decides.
    """
    spans = []
    for found in _BARE.finditer(low):
        origin = max(0, found.start() - 60)
        whose = _WHOSE_BEFORE.search(low[origin : found.start()])
        start = origin + whose.start() if whose else found.start()
        spans.append((start, found.end(), str(found.lastgroup)))
    return spans


def find_within(low: str) -> list[tuple[int, int]]:
    """Return the characters of "within normal limits", "in the normal range", "WNL"."""
    return (
        [found.span() for found in _WITHIN.finditer(low)] if may_hold(low) or "wnl" in low else []
    )
