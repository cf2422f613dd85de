"""The words on either side of a length of time: comparator, direction, reference point.

`read_left` goes from the length to the left, `read_right` to the right, one piece at a time, and
stops at the first words that are no part of a time expression. The words are data
(``lexicons/time_words.toml``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from critextract.components.references import read_reference
from critextract.components.tables import read_words
from critextract.schema import Direction

REACH = 60
"""Characters looked at on the left of a length, for each piece."""

OTHER_EVENT = "event"
"""A reference point is printed that is none of the known ones; it begins where the window ends."""

PAST_EVENTS = (
    "surgery", "procedure", "transplantation", "vaccination", "treatment", "injury", "delivery",
    "discharge", "admission", "diagnosis", "onset",
)  # fmt: skip
"""What a patient has had: "6 months since surgery" counts back from now to it."""


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


@dataclass(slots=True)
class Right:
    """What stands after a length; `end` is where it ends.

    of_end : where "of" ends that no known reference point follows.
    """

    end: int
    comparator: str = ""
    duration: bool = False
    ago: bool = False
    history: bool = False
    direction: Direction | None = None
    connector: str = ""
    reference_point: str | None = None
    of_end: int | None = None


# --- left -------------------------------------------------------------------------------------


@cache
def _left() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """Return one expression for any piece, and what each of its groups is."""
    words = read_words("time_words")
    kinds = {
        f"g{n}": (section, name)
        for n, (section, name) in enumerate(
            (section, name)
            for section in ("comparators", "relatives", "prepositions", "fillers")
            for name in words[section]
        )
    }
    pieces = "|".join(f"(?P<{g}>{words[section][name]})" for g, (section, name) in kinds.items())
    return re.compile(rf"(?:^|(?<=[^a-z0-9]))(?:{pieces})[ :]*\(?[ -]?$"), kinds


def read_left(text: str, start: int, floor: int) -> Left:
    """Return the words of time that end at `start`, none of them before `floor`."""
    pattern, kinds = _left()
    left = Left(start)
    position = start
    for _ in range(7):
        begin = max(floor, position - REACH)
        match = pattern.search(text[begin:position])
        if match is None:
            break
        section, name = kinds[match.lastgroup or ""]
        if not _take(left, section, name, match[0]):
            break
        position = begin + match.start()
        if name != "article":  # an article alone is no part: "the past 6 months"
            left.start = position
    return left


_SIGNS = ("<", ">", "≤", "≥", "=", "<=", ">=")
"""No such sign stands before a preposition: of "> within 6 months" it is the mark of a list."""


def _take(left: Left, section: str, name: str, piece: str) -> bool:
    """Add one piece; False where it is no part: there was one already, or it cannot stand there."""
    match section:
        case "comparators":
            if left.comparator or (left.preposition and piece.strip(" :(-") in _SIGNS):
                return False
            left.comparator = name
        case "relatives":
            if left.relative or left.preposition or piece[-1:] in ":(":
                return False
            left.relative = name
        case "prepositions":
            if left.preposition and name not in ("within", "for"):
                return False
            if name == "of" and (not left.comparator or left.relative):
                return False
            if left.preposition == "over" and not left.comparator:
                left.preposition, left.comparator = name, ">"  # "for over 2 weeks"
            left.preposition = left.preposition or name
    left.article = left.article or name == "article"
    return True


# --- right ------------------------------------------------------------------------------------


@cache
def _right() -> dict[str, re.Pattern[str]]:
    words = read_words("time_words")
    right, links = words["right"], words["connectors"]
    more = (
        rf",? (?:or|and)(?: (?:for|a))? (?:(?P<ge>{right['more']})|(?P<le>{right['less']}))"
        r"(?! than)(?![a-z])"
    )
    tail = rf"(?:(?P<duration>{right['duration']})|(?P<history>{right['history']})"
    tail += rf"|(?P<period>{right['period']}))(?![a-z])"
    named = "|".join(
        f"(?P<{name}>{pattern})" for name, pattern in links.items() if name not in ("lead", "both")
    )
    connector = (
        rf" ?-?(?:(?:{links['lead']}) )?(?:{named})(?![a-z])"
        rf"(?: ?(?:and/or|and|or|/) ?(?P<both>{links['both']})(?![a-z]))?"
    )
    simple = {name: right[name] for name in ("repeat", "elapsed", "whichever", "ago", "between")}
    patterns = {"more": more, "tail": tail, "connector": connector, **simple}
    return {name: re.compile(rf"(?:{p})(?![a-z])") for name, p in patterns.items()}


def read_right(text: str, end: int) -> Right:
    """Return the words of time that begin at `end`."""
    patterns = _right()
    right = Right(end)
    if match := patterns["repeat"].match(text, right.end):
        right.end = match.end()
    if match := patterns["more"].match(text, right.end):
        right.comparator = ">=" if match["ge"] else "<="
        right.end = match.end()
    if match := patterns["tail"].match(text, right.end):
        right.history = match["history"] is not None
        right.duration = match["period"] is None
        right.end = match.end()
    if match := patterns["ago"].match(text, right.end):
        right.ago, right.direction, right.end = True, "before", match.end()
        if not right.comparator and (match := patterns["more"].match(text, right.end)):
            back = match["ge"] or match["le"] == "earlier"  # "6 months ago or more"
            right.comparator = ">=" if back else "<="
            right.end = match.end()
        return right
    _read_connector(text, right)
    return right


def _read_connector(text: str, right: Right) -> None:
    """Read "before", "of", "since" … with what follows, where they stand at `right.end`."""
    patterns = _right()
    start = right.end
    for name in ("whichever", "elapsed"):
        if match := patterns[name].match(text, start):
            start = match.end()
    if match := patterns["connector"].match(text, start):
        _connect(text, right, match)
    elif match := patterns["between"].match(text, start):
        if reference := read_reference(
            text, match.end() + 1
        ):  # "elapsed between surgery and entry"
            right.connector = right.direction = "before"
            right.reference_point, right.end = reference
    elif text.startswith((",", ")"), start):  # "within 10 days, prior to surgery"
        match = patterns["connector"].match(text, start + 1)
        if match and (match["before"] or match["of"]) and read_reference(text, match.end() + 1):
            _connect(text, right, match)


def _connect(text: str, right: Right, match: re.Match[str]) -> None:
    """Read the reference point after a connector ("before", "of", "since" …)."""
    names = ("before", "after", "since", "of", "during", "to", "at")
    right.connector = next(name for name in names if match[name] is not None)
    start = match.end() + (text[match.end() : match.end() + 1] in (" ", "-"))
    reference = read_reference(text, start)
    bare_prior = match["before"] == "prior" and match["both"] is None
    if bare_prior and reference is None:
        right.ago, right.direction, right.end = True, "before", match.end()
        return
    right.direction = _direction(right.connector, match["both"] or "")
    if reference is not None:
        right.reference_point, right.end = reference
    elif right.connector in ("before", "after", "since"):
        right.reference_point, right.end = OTHER_EVENT, match.end()
    elif right.connector == "of":
        right.of_end = match.end()
    if right.connector == "since" and right.reference_point in PAST_EVENTS:
        right.reference_point, right.end = OTHER_EVENT, match.end()


def _direction(connector: str, both: str) -> Direction | None:
    if both and both not in ("during", "at", "up to"):
        return None  # "before or after"
    match connector:
        case "before" | "after" | "during":
            return connector
    return None
