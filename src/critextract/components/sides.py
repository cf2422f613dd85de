"""The words on either side of a length of time: comparator, direction, reference point.

`read_left` goes from the length to the left, `read_right` to the right, one piece at a time, and
stops at the first words that are no part of a time expression.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from critextract.components.tables import read_table
from critextract.schema import Direction

REACH = 90
"""Characters looked at on the left of a length."""

OTHER_EVENT = "event"
"""A reference point is printed that is none of the known ones; it begins where the window ends."""

COMPARATORS: dict[str, str] = {
    ">=": r">=|=>|≥|(?:at |a )?(?:the )?(?:least|minimum(?: of)?|min\.(?: of)?)|minimal(?:ly)?(?: of)?"
    r"|(?:not|no) (?:less|shorter|fewer|earlier|sooner) than|(?:greater|more|longer) than or equal(?: to)?"
    r"|(?:equal to )?or (?:more|longer|greater) than|(?:>|more than|greater than) or (?:=|equal to)",
    "<=": r"<=|=<|≤|(?:at |a )?(?:the )?(?:most|maximum(?: of)?|max\.?(?: of)?)|maximal(?:ly)?|up to"
    r"|upto|(?:not|no) (?:more|longer|greater|later|older|further) than|(?:less|fewer|shorter) than or "
    r"equal(?: to)?|(?:<|less than) or (?:=|equal to)|not exceeding|does not exceed",
    "<": r"<|(?:less|fewer|shorter|lower|younger|earlier) th[ae]n|under|below",
    ">": r">|(?:more|greater|longer|older|later|higher|larger) th[ae]n|exceed(?:ing|s)?|beyond|in excess of"
    r"|surpass(?:ing|es)?",
    "=": r"=|exactly",
}  # fmt: skip

_RELATIVE: dict[str, str] = {
    "past": "past|last|previous|prior|preceding|recent|most recent|immediately preceding",
    "next": "next|following|coming|subsequent|upcoming|first|ensuing",
}

_PREPOSITIONS: dict[str, str] = {
    "within": "within|inside|with in|witihn|whithin",
    "for": "for|lasting|lasts|lasted|persisting(?: for)?|since|of (?:a )?duration(?: of)?"
    r"|(?:for |over |during )?an? (?:\w+ )?(?:period|duration|total|interval)(?: of)?"
    r"|duration(?: of| is| was)?|disease duration|throughout a period of",
    "in": "in|during|throughout|across|through",
    "over": "over",
    "until": "until|till",
    "between": "between|from",
    "at": "at",
    "after": "after",
    "before": "before",
}

_LEFT_PIECES = {
    **{f"c{n}": pattern for n, pattern in enumerate(COMPARATORS.values())},
    **{f"r_{name}": pattern for name, pattern in _RELATIVE.items()},
    **{f"p_{name}": pattern for name, pattern in _PREPOSITIONS.items()},
    "d": "the|an?|his|her|their|its|this|that|any|entire|whole|period of|minimum period of",
    "x": r"about|approximately|approx\.?|around|roughly|~|circa|nearly|almost|only|even|just|= ?",
}
_LEFT = re.compile(
    "(?:^|(?<=[^a-z0-9]))(?:"
    + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _LEFT_PIECES.items())
    + r")[ :]*\(?[ -]?$",
    re.I,
)
_SIGNS = tuple(COMPARATORS)


@dataclass(slots=True)
class Left:
    """What stands before a length; `start` is where it begins."""

    start: int
    comparator: str = ""
    relative: str = ""
    preposition: str = ""
    article: bool = False

    @property
    def says_time(self) -> bool:
        """Tell whether any of the words make the length a window."""
        return bool(self.comparator or self.relative or self.preposition)


def read_left(text: str, start: int, floor: int) -> Left:
    """Read the words that end at `start`, not before `floor`."""
    left = Left(start)
    position = start
    for _ in range(7):
        window = text[max(floor, position - REACH) : position]
        match = _LEFT.search(window)
        if match is None or not _take(left, match):
            break
        position = max(floor, position - REACH) + match.start()
        if match.lastgroup not in ("d", "x"):
            left.start = position
        elif match.lastgroup == "x" or left.start == start:
            left.start = left.start if match.lastgroup == "d" else position
    return left


def _take(left: Left, match: re.Match[str]) -> bool:
    """Add one piece; False where such a piece was there already."""
    kind = match.lastgroup or ""
    if kind[0] == "c":
        if left.comparator:
            return False
        left.comparator = _SIGNS[int(kind[1:])]
    elif kind[0] == "r":
        if left.relative:
            return False
        left.relative = kind[2:]
    elif kind[0] == "p":
        if left.preposition and kind != "p_within":
            return False
        left.preposition = left.preposition or kind[2:]
    elif kind == "d":
        left.article = True
    return True


@dataclass(slots=True)
class Right:
    """What stands after a length; `end` is where it ends."""

    end: int
    comparator: str = ""
    duration: bool = False
    ago: bool = False
    history: bool = False
    direction: Direction | None = None
    connector: str = ""
    reference_point: str | None = None


_REPEAT = re.compile(r" ?\((?:i\.?e\.?,? ?|or )?[~≥≤<>=]? ?\d+(?:\.\d+)? ?-?[a-z]+s?\)", re.I)
_MORE = re.compile(
    r",? (?:or|and)(?: (?:for|a))? (?P<ge>more|longer|greater|above|over|older)(?! than)"
    r"|,? (?:or|and) (?P<le>less|fewer|shorter|under|below|earlier|sooner)(?! than)",
    re.I,
)
_DURATION = re.compile(
    r"(?: ?-?(?:of|in))? (?:duration|length)(?! of (?:the )?(?:study|trial))|[ -](?:long|lasting)(?![a-z])"
    r"|[ -](?P<history>histor(?:y|ies)(?: of)?)(?![a-z])|(?P<period>[ -](?:time )?(?:period|interval|window))(?![a-z])",
    re.I,
)
_ELAPSED = re.compile(
    r",?(?: (?:must|should|will|has to|have to|had to))?(?: (?:have|has|be))? (?:elapsed|passed|be"
    r"tween|gone by)(?![a-z])", re.I
)  # fmt: skip
_WHICHEVER = re.compile(
    r",? ?\(?which ?ever(?: (?:is|was|comes|period is|time is|occurs|one is))?(?: the)? ?"
    r"(?:longer|longest|shorter|shortest|greater|greatest|later|latest|earlier|earliest|first|last)"
    r"\)?,?", re.I
)  # fmt: skip
_AGO = re.compile(r" (?:ago|earlier|previously|beforehand|back)(?![a-z])", re.I)
_CONNECTOR = re.compile(
    r" ?-?(?:(?:immediately|directly|just|either|and|time|or) )?(?:(?P<before>prior(?:,? to)?|previous to|before|"
    r"preceding|precede[sd]?|ahead of|leading up to|in advance of|pre(?=[ -]))"
    r"|(?P<after>after|following|post(?=[ -])|subsequent to|from the end of)"
    r"|(?P<since>since|from)|(?P<of>of)|(?P<during>during|into)|(?P<to>to|until)|(?P<at>at))(?![a-z])"
    r"(?: ?(?:and/or|and|or|/) ?(?P<both>before|prior to|after|following|during|post|up to|at)(?![a-z]))?",
    re.I,
)
_DETERMINER = (
    r"(?:(?:the|an?|their|his|her|his/her|this|that|these|any|our|each|both|patient'?s?'?|"
    r"subject'?s?'?|participant'?s?'?|planned|scheduled|anticipated|expected|intended|actual|"
    r"proposed|current|present|index|entire|whole|"
    r"(?:(?:scheduled|planned|actual) )?(?:date|day|time|moment|point|period|visit)(?: of| for)|"
    r"time point of|completion of the|undergoing|receiving|performing)[ -])*"
)
_SUFFIX = (
    r"(?: ?\([^()]{1,30}\)(?= (?:visit|period))| ?-?(?:visits?|dates?|period|days?|assessments?|evaluations?|"
    r"examinations?|phase|physical examination|session|time|appointment|procedures?|interview)"
    r"(?: ?\(?\d+\)?)?(?![a-z])){0,2}"
    r"(?: (?:in|into|of|to|for|on|with)(?: (?:the|this|our|a|any))?(?: current| present| clinical| research)*"
    r" (?:study|trial|protocol)(?![a-z])(?: (?:drug|medication|treatment|period|participation)s?(?![a-z]))?)?"
)


@cache
def _reference_points() -> tuple[re.Pattern[str], tuple[tuple[str, re.Pattern[str]], ...]]:
    """Return one expression for any reference point, and one for each of them."""
    words: dict[str, str] = {}
    patterns: dict[str, list[str]] = {}
    for row in read_table("reference_points.tsv"):
        pattern = re.sub(r"\{(\w+)\}", lambda m: words[m[1]], row["pattern"])
        if row["id"].startswith("$"):
            words[row["id"][1:]] = pattern
        else:
            patterns.setdefault(row["reference_point"], []).append(pattern)
    any_of = "|".join(p for ps in patterns.values() for p in ps)
    each = tuple(
        (
            point,
            re.compile(rf"{_DETERMINER}(?:{'|'.join(_longest(ps))}){_SUFFIX}(?![a-z0-9])", re.I),
        )
        for point, ps in patterns.items()
    )
    return re.compile(rf"{_DETERMINER}(?:{any_of})(?![a-z])", re.I), each


def _longest(patterns: list[str]) -> list[str]:
    return sorted(patterns, key=len, reverse=True)


def read_reference(text: str, start: int) -> tuple[str, int] | None:
    """Return the reference point printed at `start` and its end; the longest reading wins."""
    anything, each = _reference_points()
    if anything.match(text, start) is None:
        return None
    found = [(m.end(), point) for point, p in each if (m := p.match(text, start))]
    if not found:
        return None
    end, point = max(found, key=lambda item: item[0])
    return point, end


def read_right(text: str, end: int) -> Right:
    """Read the words that begin at `end`."""
    right = Right(end)
    if match := _REPEAT.match(text, right.end):
        right.end = match.end()
    if match := _MORE.match(text, right.end):
        right.comparator = ">=" if match["ge"] else "<="
        right.end = match.end()
    if match := _DURATION.match(text, right.end):
        right.history = match["history"] is not None
        right.duration = match["period"] is None
        right.end = match.end()
    if match := _AGO.match(text, right.end):
        right.ago, right.direction, right.end = True, "before", match.end()
        return right
    _connect(text, right)
    return right


def _connect(text: str, right: Right) -> None:
    start = right.end
    for pattern in (_WHICHEVER, _ELAPSED):
        if match := pattern.match(text, start):
            start = match.end()
    match = _CONNECTOR.match(text, start)
    if match is None:
        return
    right.connector = match.lastgroup if match["both"] is None else _first(match)
    after = match.end() + (text[match.end() : match.end() + 1] in (" ", "-"))
    reference = read_reference(text, after)
    if right.connector == "before" and re.fullmatch(r"(?i) ?-?prior", match[0]) and not reference:
        right.ago, right.direction, right.end = True, "before", match.end()
        return
    if right.connector in ("before", "after"):
        right.direction = "before" if right.connector == "before" else "after"
    if match["both"] and match["both"].lower() not in ("during", "at", "up to"):
        right.direction = None
    if right.connector == "during":
        right.direction = "during"
    if reference is not None:
        right.reference_point, right.end = reference
    elif right.connector in ("before", "after", "since"):
        right.reference_point, right.end = OTHER_EVENT, match.end()


def _first(match: re.Match[str]) -> str:
    names = ("before", "after", "since", "of", "during", "to", "at")
    return next(name for name in names if match[name] is not None)
