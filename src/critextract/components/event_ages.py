"""Ages at an event: "diagnosed before the age of 18" is a window of role age."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from critextract.components.drafts import TimeExpression
from critextract.components.numbers import NUMBER, read_number
from critextract.components.tables import read_words
from critextract.schema import Window

_EVENT_AGE = re.compile(
    r"\b(?P<prep>before|prior to|by|until|after|since|at|from|under|below|over|above)"
    r"(?: (?:the|an?|their))? ages?"
    rf"(?: of)? ?(?P<sign>≥|≤|>=|<=|<|>)? ?(?P<n>{NUMBER})(?: years?(?: of age| old)?)?"
    r"(?: (?:or|and) (?:(?P<more>older|later|above|over)|(?P<less>younger|earlier|below)))?"
    rf"|\b(?P<prep2>before|after|under|below|over|above) (?P<n2>{NUMBER}) years"
    r" (?:of age|old)",
)
_COMPARATORS = {
    "before": "<", "prior to": "<", "by": "<=", "until": "<=", "after": ">", "since": ">=",
    "from": ">=", "at": "=", "≥": ">=", "≤": "<=",
    "under": "<", "below": "<", "over": ">", "above": ">",
}  # fmt: skip


_OF_KIN = re.compile(
    r"\b(?:relatives?|mothers?|fathers?|parents?|siblings?|sisters?|brothers?) with (?:\w+ ){1,5}$"
)
"""What a relative has right before it: "mother with breast cancer under the age of 50"."""
_TIMES = ("before", "prior to", "by", "until", "after", "since")
"""Words that are of time, whatever stands before them."""


@cache
def _event() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = read_words("time_words")["event_age"]
    near = re.compile(rf"\b(?:{words['right_before_it']})\W*$")
    return re.compile(rf"\b(?:{words['before_it']})\b[^.;]{{0,60}}$"), near


def _is_event(text: str, match: re.Match[str], prep: str) -> bool:
    """Tell an event's age from the patient's: "at age 50" needs an event before it.

    "Under the age of 50" needs one right before it ("death under the age of 50").
    """
    before = text[max(0, match.start() - 90) : match.start()]
    anywhere, near = _event()
    if prep in _TIMES or _OF_KIN.search(before):
        return True
    return (anywhere if prep in ("at", "from") else near).search(before) is not None


def find_event_ages(text: str) -> Iterator[TimeExpression]:
    """Yield the windows of role ``age``, counted from birth, in years."""
    if "age" not in text and "years old" not in text:
        return
    for match in _EVENT_AGE.finditer(text):
        prep = match["prep"] or match["prep2"]
        number = read_number(match["n"] or match["n2"])
        if number is None or not _is_event(text, match, prep):
            continue
        sign = match["sign"] or ("≥" if match["more"] else "≤" if match["less"] else prep)
        comparator = _COMPARATORS.get(sign, sign)
        low = number if comparator in (">=", ">", "=") else None
        high = number if comparator in ("<=", "<", "=") else None
        window = Window(
            match.start(),
            match.end(),
            "age",
            low=low,
            low_closed=None if low is None else "=" in comparator,
            high=high,
            high_closed=None if high is None else "=" in comparator,
            unit="a",
            direction="after",
            reference_point="birth",
        )
        yield TimeExpression(window)
