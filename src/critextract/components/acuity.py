"""Visual acuity as a fraction: "20/40 or better" is a decimal acuity of at least 0.5.

A Snellen fraction is a ratio: the distance of the test by the distance at which a healthy eye
reads the same line. More is better, so "worse than" is below and "or better" from there on.
Source: Holladay 1997, doi:10.3928/1081-597X-19970701-16.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from critextract.components import comparators
from critextract.components.drafts import Quantity
from critextract.components.ranges import bounds
from critextract.schema import Value

_EYES = re.compile(r"acuity|snellen|\bvision\b|\bvisual\b|\bb?cva\b|\bamblyopic|\beyes?\b")
_FRACTION = (
    r"(?:20/(?:10|12(?:\.5)?|15|16|20|25|30|32|40|50|60|63|70|80|100|125|160|200|250|300|320|400"
    r"|500|600|630|640|800|1000|1600)|6/(?:5|6|7\.5|9|12|15|18|24|30|36|48|60|120)"
    r"|[1-5]/(?:60|200))(?!\d|[./]\d)"
)
_RANGE = re.compile(rf"(?<![\d/.])({_FRACTION})(?:\s?(?:to|and|through|-|–)\s?({_FRACTION}))?")
_LOGMAR = re.compile(
    r"\s?[(\[]\s?(?:or |~|approx\.? |approximately |equivalent to )?(?:[<>≤≥=]\s?)?"
    r"(?P<n>[+-]?\d*\.?\d+)\s?log\s?mar[^()\[\]]{0,12}[)\]]"
)
"""The same acuity as a logarithm, in brackets: less is better."""
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def find_acuities(low: str) -> list[Quantity]:
    """Return the visual acuities a criterion prints as fractions, in text order.

    low : the criterion's clean text in lower case; one that speaks of no eye holds none.
    """
    if "/" not in low or not _EYES.search(low):
        return []
    return [_quantity(low, match) for match in _RANGE.finditer(low)]


def _ratio(written: str) -> Decimal:
    distance, line = written.split("/")
    return (Decimal(distance) / Decimal(line)).quantize(Decimal("0.001")).normalize()


def _quantity(low: str, match: re.Match[str]) -> Quantity:
    before = comparators.before(low, match.start())
    again = None if match[2] else _LOGMAR.match(low, match.end())
    behind = comparators.behind(low, again.end() if again else match.end())
    start = before.start if before else match.start()
    if match[2]:
        first, last = sorted((_ratio(match[1]), _ratio(match[2])))
        value = Value(start, match.end(), first, True, last, True, unit="1")
        return Quantity(value, "comparison")
    end = behind.end if behind else again.end() if again else match.end()
    said = behind or before
    op = said.op if said and said.op in _FLIPPED else "="
    if (
        said and "worse" in low[said.start : said.end]
    ):  # elsewhere worse is more: "grade 2 or worse"
        op = _FLIPPED.get(op, op)
    value = Value(start, end, unit="1", **bounds(op, _ratio(match[1])))  # type: ignore[arg-type]
    if again:
        logarithm = Value(
            *again.span("n"), unit="{logMAR}",
            **bounds(_FLIPPED.get(op, op), Decimal(again["n"])),  # type: ignore[arg-type]
        )  # fmt: skip
        value = replace(value, alternative=logarithm)
    return Quantity(value, "comparison")
