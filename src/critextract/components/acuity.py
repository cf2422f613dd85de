"""Visual acuity as a fraction: "20/40 or better" is a decimal acuity of at least 0.5.

A Snellen fraction is a ratio: the distance of the test by the distance at which a healthy eye
reads the same line. More is better, so "worse than" is below and "or better" from there on.
Source: Holladay 1997, doi:10.3928/1081-597X-19970701-16.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from critextract.components.drafts import Quantity
from critextract.schema import Value

_EYES = re.compile(r"acuity|snellen|\bvision\b|\bvisual\b|\bb?cva\b|\bamblyopic|\beyes?\b")
_FRACTION = (
    r"(?:20/(?:10|12(?:\.5)?|15|16|20|25|30|32|40|50|60|63|70|80|100|125|160|200|250|300|320|400"
    r"|500|600|630|640|800|1000|1600)|6/(?:5|6|7\.5|9|12|15|18|24|30|36|48|60|120))(?![\d./])"
)
_BEFORE = {
    "<": r"(?:worse|less|lower|poorer) than|<|below",
    "<=": r"(?:worse|less|lower) than or equal to|no better than|not better than|≤|at best|at most",
    ">": r"(?:better|greater|higher|more) than|>|above|exceeding",
    ">=": r"(?:better|greater|higher) than or equal to|no worse than|not worse than|≥|at least"
    r"|(?:a )?minimum of",
}
_AFTER = {
    ">=": r"or (?:better|greater|more|higher|above)|and (?:better|above)",
    "<=": r"or (?:worse|less|lower|poorer|below)|and (?:worse|below)",
}
_JOIN = r"\s?(?:to|and|through|-|–)\s?"
_ONE = re.compile(
    "(?:"
    + "|".join(f"(?P<b{n}>{words})" for n, words in enumerate(_BEFORE.values()))
    + rf"|between|from)?\s?(?<![\d/.])(?P<n>{_FRACTION})(?:{_JOIN}(?P<m>{_FRACTION}))?(?:,?\s(?:"
    + "|".join(f"(?P<a{n}>{words})" for n, words in enumerate(_AFTER.values()))
    + r")(?![a-z]))?"
)


def find_acuities(low: str) -> list[Quantity]:
    """Return the visual acuities a criterion prints as fractions, in text order.

    low : the criterion's clean text in lower case; one that speaks of no eye holds none.
    """
    if "/" not in low or not _EYES.search(low):
        return []
    return [_quantity(match) for match in _ONE.finditer(low)]


def _ratio(written: str) -> Decimal:
    distance, line = written.split("/")
    return (Decimal(distance) / Decimal(line)).quantize(Decimal("0.001")).normalize()


def _quantity(match: re.Match[str]) -> Quantity:
    number = _ratio(match["n"])
    bounds: dict[str, Any]
    if match["m"]:
        ends = sorted((number, _ratio(match["m"])))
        bounds = {"low": ends[0], "low_closed": True, "high": ends[1], "high_closed": True}
    else:
        sign = _sign(match)
        bounds = {}
        if "<" not in sign:
            bounds |= {"low": number, "low_closed": "=" in sign}
        if ">" not in sign:
            bounds |= {"high": number, "high_closed": "=" in sign}
    lead = len(match[0]) - len(match[0].lstrip())
    value = Value(match.start() + lead, match.end(), unit="1", **bounds)
    return Quantity(value, "comparison")


def _sign(match: re.Match[str]) -> str:
    """Return the comparator printed before or behind a fraction, ``=`` where there is none."""
    before = [sign for n, sign in enumerate(_BEFORE) if match[f"b{n}"]]
    after = [sign for n, sign in enumerate(_AFTER) if match[f"a{n}"]]
    return (*before, *after, "=")[0]
