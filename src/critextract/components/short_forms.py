"""Long and short form of one name: "transitional cell carcinoma (TCC) of the bladder".

The short form has the label of the long one. Where the text says something of both, all of it is
said of the long form.

Source: Schwartz and Hearst 2003, "A simple algorithm for identifying abbreviation definitions in
biomedical text" (doi:10.1142/9789812776303_0042): the letters are looked for from the right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from critextract.schema import Mention, Qualifier

_SHORT = re.compile(r"(?=[^\s]*[A-Z])[A-Za-z][A-Za-z0-9/-]{1,9}")
_REACH = 100
"""Characters back from the bracket in which the long form must begin."""


def abbreviates(short: str, words: str) -> bool:
    """Tell whether the letters of `short` stand in `words` in order, the first at a word."""
    letters = [c for c in short.lower() if c.isalnum()]
    low = words.lower()
    at = len(low)
    for n, letter in reversed(list(enumerate(letters))):
        at -= 1
        while at >= 0 and (low[at] != letter or (n == 0 and at > 0 and low[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return False
    return len(letters) > 1


def name_once(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions, what the text says of a short form in brackets given to the long one.

    A short form with values keeps all that is said of it, and has what qualifies the long one.
    """
    out = list(mentions)
    for n, (long, short) in enumerate(pairwise(mentions)):
        if not _in_brackets(text, long, short):
            continue
        if not (long.dose or long.count):
            out[n] = long = replace(long, dose=short.dose, count=short.count)
            short = replace(short, dose=None, count=None)
        out[n + 1] = short = replace(short, label=long.label)
        if short.values and not (long.values or long.windows) and long.qualifiers:
            out[n + 1] = replace(short, qualifiers=_both(long, short))
            continue
        bounded = short.values or short.count or short.dose or long.fragments
        both = long.qualifiers or long.windows or long.values
        if bounded or not both or not (short.qualifiers or short.windows):
            continue
        if long.windows and short.windows and set(long.windows) != set(short.windows):
            continue
        out[n] = replace(
            out[n],
            qualifiers=_both(long, short),
            windows=long.windows or short.windows,
            period=long.period or short.period,
        )
        out[n + 1] = replace(short, qualifiers=(), windows=())
    return tuple(out)


def _both(long: Mention, short: Mention) -> tuple[Qualifier, ...]:
    return (*long.qualifiers, *(q for q in short.qualifiers if q not in long.qualifiers))


def _in_brackets(text: str, long: Mention, short: Mention) -> bool:
    """Tell whether a mention in brackets is the short form of the one before them."""
    bracket = text.rfind("(", long.end, short.start)
    alone = text[bracket + 1 : short.start].strip() == "" and text[short.end : short.end + 1] == ")"
    if bracket < 0 or not alone or not _SHORT.fullmatch(short.text):
        return False
    start = min([long.start, *(q.start for q in long.qualifiers)])
    words = text[max(start, bracket - _REACH) : bracket]
    return len(text[long.end : bracket]) < 30 and abbreviates(short.text, words)
