"""Child-Pugh points with their class: "B7", "A5-B7", "A6 or better".

The points say the class (A is 5 and 6, B 7 to 9, C 10 to 15), and more points are worse.
Source: Pugh 1973, doi:10.1002/bjs.1800600817.
"""

from __future__ import annotations

import re
from decimal import Decimal

from critextract.components import comparators
from critextract.components.drafts import Quantity
from critextract.components.ranges import bounds
from critextract.schema import Value

_SCALE = re.compile(
    r"(?<![a-z])(?:child(?:-|\s)?(?:turcotte(?:-|\s)?)?pugh|ctp|cps?)(?:['’]s)?"
    r"(?:[\s:(-]+(?:liver|disease|cirrhosis|class(?:ification)?|scores?|grade|stage|status|category"
    r"|of|is|[=:(<>≤≥]))*[\s:(-]*$"
)
_POINTS = re.compile(
    r"(?<![a-z0-9])(?P<first>a[56]|b[789]|c1[0-5])"
    r"(?:\s?(?:-|–|to|or|/|,)\s?(?P<last>[abc]?(?:1[0-5]|[5-9])))?(?![a-z0-9])"
)


def find_points(low: str) -> list[Quantity]:
    """Return the Child-Pugh points a criterion prints with their class, in text order.

    low : the criterion's clean text in lower case.
    """
    found = []
    for match in _POINTS.finditer(low):
        before = comparators.before(low, match.start())
        start = before.start if before else match.start()
        if _SCALE.search(low, max(0, start - 60), start):
            found.append(_quantity(low, match, before))
    return found


def _quantity(low: str, match: re.Match[str], before: comparators.Comparator | None) -> Quantity:
    first = Decimal(match["first"][1:])
    if match["last"]:
        last = Decimal(match["last"].lstrip("abc"))
        first, last = min(first, last), max(first, last)
        value = Value(*match.span(), first, True, last, True, unit="{score}")
        return Quantity(value, "comparison")
    behind = comparators.behind(low, match.end())
    said = behind or before
    op = said.op if said and said.op in ("<", "<=", ">", ">=") else "="
    if behind and "better" in low[behind.start : behind.end]:
        op = "<="
    start = before.start if before else match.start()
    end = behind.end if behind else match.end()
    return Quantity(
        Value(start, end, unit="{score}", **bounds(op, first)),  # type: ignore[arg-type]
        "comparison",
    )
