"""Measures -> values: single bounds, ranges, lists, blood pressure pairs."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from critextract.components.drafts import Quantity
from critextract.components.measures import SCALE_BEHIND, Measure
from critextract.schema import Value
from critextract.units import TIME_CODES

_DASH = re.compile(r"\s?(?:-|–|—|~)\s?")
_ASIDE = r"-?(?:\s(?:old|of age|\(?(?:in|ex)clusive\)?))?"
_TO = re.compile(
    rf"{_ASIDE}(?:\s?,)?\s?(?:to|through|thru|until|up to|and up to|till)"
    r"\s(?:and including\s|the\s)?"
)
_AND = re.compile(rf"{_ASIDE}\s(?:and|an|to|&|or)\s(?:the\s)?|\s?(?:-|–|—|~|,|&)\s?")
_SCALE_WORD = r"(?:(?:stage|grade|class|type|score)(?:s|es)?\s)?"
_COMMA = re.compile(rf"\s?,\s?(?:(?:and|or|and/or)\s)?{_SCALE_WORD}|\s?;\s?")
_OUTSIDE = re.compile(r"(?<![a-z])outside(?: of)?(?: the| a)?(?: range)?(?: of| from)?\s?$")
_AGED = re.compile(r"(?<![a-z])(?:ages?|aged)(?![a-z])")
_OR = re.compile(rf"\s(?:or|and|and/or|&)\s{_SCALE_WORD}|\s?&\s?")
_SLASH = re.compile(r"\s?/\s?")
_PRESSURE = re.compile(
    r"(?<![a-z])(?:s?bp|abpm|blood\s?pressured?s?|sbp/dbp|systolic|hypertension)(?![a-z])"
)
_STEPPED = re.compile(
    r"(?<![a-z])(?:ecog|zubrod|who|performance status|(?:ecog|who)[- ]?ps|ps|pst|nyha|asa)"
    r"(?:\)|\sscores?|\sgrades?|\sclass|\sstatus)?(?:\s(?:of|is|=|score))?[\s:=(]{0,2}$"
)
_SCORED = re.compile(
    r"(?<![a-z])(?:scores?|scale|points|gcs|mmse|mini-mental|nihss|vas|nrs)(?![a-z])"
)
_BY_SEX = re.compile(
    r"[\s,(]*(?:for |in )?(?:m[ae]n|males?|m|wom[ae]n|females?|f)\s?/"
    r"\s?(?:m[ae]n|males?|m|wom[ae]n|females?|f)(?![a-z])"
)
_HLA = re.compile(r"(?<![a-z])(?:hla|alleles?|loci|locus|antigens?)(?![a-z])")
_OUT_OF = re.compile(r"\s(?:out )?of (?:the |a total of )?")
_STRENGTH = re.compile(r"(?<![a-z])(?:strength|muscle power|mrc)(?![a-z])")
_MAXIMA = frozenset(map(Decimal, (10, 15, 28, 30, 50, 56, 100)))
_INTERVAL_OPS = frozenset({"<", "<=", "=", ">=", ">"})
_RANGE_OPS = frozenset({"between", "from"})


def bounds(op: str, number: Decimal) -> dict[str, Decimal | bool | None]:
    """Return the bound fields of a `Value` for ``op number``."""
    fields: dict[str, Decimal | bool | None] = {}
    if op in (">", ">=", "="):
        fields |= {"low": number, "low_closed": op != ">"}
    if op in ("<", "<=", "="):
        fields |= {"high": number, "high_closed": op != "<"}
    return fields


def _kind(unit: str | None, relative_to: str | None, printed: bool) -> str:
    return "comparison" if printed or (unit and unit != "1") or relative_to else "bare"


def single(measure: Measure) -> Quantity | None:
    """Return the quantity of one number with at most one comparator; None for "± 5"."""
    op, start, end = "=", measure.start, measure.end
    printed = False
    opener, closer = measure.opener, measure.closer
    if opener and opener.op == "+-":
        return None
    if opener and opener.op in _INTERVAL_OPS:
        op, start, printed = opener.op, opener.start, True
    elif opener and opener.op == "~":
        start, printed = opener.start, True
    if closer and (not printed or closer.op[0] == op[0]):
        op, end = (closer.op if not printed else op), closer.end
        printed = True
    if opener and opener.op == "from" and not printed and measure.unit in TIME_CODES:
        op, start, printed = ">=", opener.start, True
    unit = measure.unit or measure.scale
    value = Value(
        start, end, **bounds(op, measure.value), text_value=_lettered(measure),  # type: ignore[arg-type]
        unit=unit, unit_text=measure.unit_text, relative_to=measure.relative_to,
    )  # fmt: skip
    return Quantity(value, _kind(unit, measure.relative_to, printed))  # type: ignore[arg-type]


def _lettered(*measures: Measure) -> str | None:
    if not any(measure.number.letter for measure in measures):
        return None
    return "-".join(measure.number.text for measure in measures)


def _is_range(low: str, a: Measure, b: Measure) -> bool:
    """Tell whether the characters between two measures make them one range."""
    if a.closer or (b.opener and b.opener.op not in ("<", "<=") and b.opener.start >= a.end):
        return False
    if b.opener and b.opener.start >= a.end:
        if a.opener and a.opener.op in _INTERVAL_OPS:
            return False
        gap_end = (
            b.opener.end
            if low[b.opener.start : b.opener.end].strip() == "up to"
            else b.opener.start
        )
        return bool(_TO.fullmatch(low, a.end, gap_end) or _DASH.fullmatch(low, a.end, gap_end))
    if _DASH.fullmatch(low, a.end, b.start) or _TO.fullmatch(low, a.end, b.start):
        return True
    opened = bool(a.opener and a.opener.op in _RANGE_OPS)
    aged = not a.opener and re.search(
        r"(?<![a-z])(?:ages?|aged)(?: of| between)?\s?$", low[max(0, a.start - 20) : a.start]
    )
    return bool((opened or aged) and _AND.fullmatch(low, a.end, b.start))


def range_of(low: str, a: Measure, b: Measure) -> list[Quantity] | None:
    """Return the quantities of one range expression, None where the two are no range.

    Both bounds are closed unless a sign says otherwise. Bounds in different units ("6 months to
    17 years") stay as printed, in two values.
    """
    if b.opener and b.opener.op == "+-" and not a.label and b.opener.start - a.end in (0, 1):
        return _around(a, b)
    if b.opener and low[a.end : b.start].strip() == "~":
        b = replace(b, opener=None)  # "stage 0 ~ III"
    if not _is_range(low, a, b):
        return None
    if a.opener is None and SCALE_BEHIND.match(low, b.end):
        return []  # how far a scale goes: "on a 0-10 scale"
    op = a.opener.op if a.opener else "from"
    if op == "+-":
        return []
    units = {measure.unit for measure in (a, b) if measure.unit}
    if a.opener and _bounds_all(low, a, b):
        return [_outermost(a, b)] if len(units) < 2 else []
    return _two_sides(low, a, b, op) or [_one_range(a, b, op)]


def _two_sides(low: str, a: Measure, b: Measure, op: str) -> list[Quantity]:
    """Return the two bounds of a range in different units, or of what lies outside one."""
    units = {measure.unit for measure in (a, b) if measure.unit}
    if len(units) > 1 or (a.unit and b.relative_to and a.unit != "%" and not a.relative_to):
        first, second = replace(a, opener=None), replace(b, opener=None)
        return [
            _side(first, a.first, ">" if op == ">" else ">="),
            _side(second, b.start, "<="),
        ]
    outside = _OUTSIDE.search(low, max(0, a.first - 40), a.first)
    if outside is None:
        return []
    unit, relative = a.unit or b.unit, a.relative_to or b.relative_to
    below, above = (replace(m, opener=None, unit=unit, relative_to=relative) for m in (a, b))
    return [_side(below, outside.start(), "<"), _side(above, b.start, ">")]


def _one_range(a: Measure, b: Measure, op: str) -> Quantity:
    low_m, high_m = (a, b) if a.value <= b.value else (b, a)
    end = b.closer.end if b.closer else b.end
    unit = a.unit or b.unit or a.scale or b.scale
    relative = a.relative_to or b.relative_to
    open_high = bool(b.opener and b.opener.op == "<" and b.opener.start >= a.end)
    grows = bool(b.closer and b.closer.op == ">=")
    value = Value(
        a.first, end, low_m.value, op != ">",
        None if grows else high_m.value, None if grows else not open_high,
        text_value=_lettered(a, b), unit=unit, unit_text=b.unit_text or a.unit_text,
        relative_to=relative,
    )  # fmt: skip
    printed = op in (">", ">=", "between") or open_high
    return Quantity(value, _kind(unit, relative, printed))  # type: ignore[arg-type]


def _around(a: Measure, b: Measure) -> list[Quantity]:
    """Return the range of "80 ± 20 mmHg"; nothing where the deviation is a share: "80 ± 10 %"."""
    if a.opener or (b.unit not in (a.unit, None) and (a.unit or b.unit == "%")):
        return []
    value = Value(
        a.start, b.end, a.value - b.value, True, a.value + b.value, True,
        unit=b.unit or a.unit, unit_text=b.unit_text or a.unit_text,
    )  # fmt: skip
    return [Quantity(value, _kind(value.unit, None, False))]  # type: ignore[arg-type]


def _bounds_all(low: str, a: Measure, b: Measure) -> bool:
    """Tell whether the comparator before a range is one of the whole range: "at least 4-6 weeks".

    Not so a sign ("> 5-10", "≥ 18-65"), "within 50-90 %", or an age ("over 16 to 65").
    """
    assert a.opener is not None
    words = low[a.opener.start : a.opener.end].strip()
    if a.opener.op in ("<", "<="):
        return words != "within"
    if a.opener.op not in (">", ">=") or not words[:1].isalpha():
        return False
    between = low[a.end : b.start].strip()
    aged = _AGED.search(low, max(0, a.first - 20), a.start) or b.unit == "a"
    return not (aged and between == "to" and words in ("over", "above", "older than"))


def _outermost(a: Measure, b: Measure) -> Quantity:
    """Return what holds whichever bound is meant: "at least 4-6 weeks" is at least 4."""
    assert a.opener is not None
    low_m, high_m = (a, b) if a.value <= b.value else (b, a)
    bound = high_m if a.opener.op[0] == "<" else low_m
    unit = b.unit or a.unit or a.scale or b.scale
    value = Value(
        a.first, b.end, **bounds(a.opener.op, bound.value), unit=unit,  # type: ignore[arg-type]
        unit_text=b.unit_text or a.unit_text, relative_to=b.relative_to or a.relative_to,
    )  # fmt: skip
    return Quantity(value, "comparison")


def _side(measure: Measure, start: int, op: str) -> Quantity:
    value = Value(
        start, measure.end, **bounds(op, measure.value), unit=measure.unit,  # type: ignore[arg-type]
        unit_text=measure.unit_text, relative_to=measure.relative_to,
    )  # fmt: skip
    return Quantity(value, "comparison")


def _listable(measure: Measure, first: bool) -> bool:
    if measure.closer or measure.relative_to or (measure.opener and not first):
        return False
    if measure.opener and measure.opener.op not in ("=", "~"):
        return False
    return measure.number.style != "words" and (measure.value <= 20 or bool(measure.unit))


def list_of(low: str, measures: list[Measure]) -> tuple[list[Quantity], int] | None:
    """Return the values of a list ("0, 1 or 2", "II/III") that begins, and how many it takes.

    A run without gaps is an interval, a list with gaps a set; steps with a letter ("IIB or IIIA")
    are one value each.
    """
    if not _listable(measures[0], True):
        return None
    taken, closed = 1, False
    scaled = bool(measures[0].scale) or measures[0].number.style == "roman"
    scaled = scaled or (len(measures) > 1 and is_stepped(low, *measures[:2]))
    while taken < len(measures) and _listable(measures[taken], False):
        a, b = measures[taken - 1], measures[taken]
        if _OR.fullmatch(low, a.end, b.start):
            closed = True
        elif _COMMA.fullmatch(low, a.end, b.start) and not closed:
            closed = closed or bool(re.search(r"or|and", low[a.end : b.start]))
        elif not (scaled and _SLASH.fullmatch(low, a.end, b.start)):
            break
        elif abs(a.value - b.value) == 1:
            closed = True
        if a.unit and a.unit != b.unit:
            break
        taken += 1
    run = all(b.value - a.value == 1 for a, b in pairwise(measures[:taken]))
    if taken == 1 or not (closed or scaled or (run and measures[taken - 1].value <= 10)):
        return None
    if any(measure.number.letter for measure in measures[:taken]):
        return _steps(measures[:taken]), taken
    return [_list_value(measures[:taken])], taken


def _steps(items: list[Measure]) -> list[Quantity]:
    """Return a value for each item of a list of a scale's steps."""
    scale = next((item.scale for item in items if item.scale), None)
    return [one for item in items if (one := single(replace(item, scale=item.scale or scale)))]


def _list_value(items: list[Measure]) -> Quantity:
    numbers = sorted({item.value for item in items})
    unit = items[-1].unit or items[0].scale
    start = items[0].opener.start if items[0].opener else items[0].start
    base = Value(
        start, items[-1].end, unit=unit, unit_text=items[-1].unit_text,
    )  # fmt: skip
    if len(numbers) > 1 and all(b - a == 1 for a, b in pairwise(numbers)):
        value = replace(base, low=numbers[0], low_closed=True, high=numbers[-1], high_closed=True)
    else:
        value = replace(base, set=tuple(numbers))
    return Quantity(value, "comparison" if unit else "bare")


def pressure_of(low: str, a: Measure, b: Measure) -> list[Quantity] | None:
    """Return systolic and diastolic of "> 160/100 mmHg", [] for another fraction, else None."""
    if low[a.end : b.start].strip() != "/" or a.unit or (b.opener and b.opener.start >= a.end):
        return None
    if a.number.style != "digits" or b.number.style != "digits" or a.relative_to or a.scale:
        return None
    plausible = 70 <= a.value <= 260 and 30 <= b.value <= 180 and a.value > b.value
    near = low[max(0, a.first - 70) : a.first]
    if a.opener and _BY_SEX.match(low, b.end):  # "≥ 13/12 g/dL (men/women)"
        unit, op = b.unit, a.opener.op
        second = replace(b, opener=None)
        return [_side(replace(a, unit=unit), a.first, op), _side(second, b.start, op)]
    if not plausible or not (b.unit == "mm[Hg]" or (b.unit is None and _PRESSURE.search(near))):
        return _out_of(low, a, b)
    joined = single(replace(b, start=a.start, opener=a.opener))
    if joined is None:
        return []
    plain = replace(joined.value, low=None, low_closed=None, high=None, high_closed=None)
    upper = replace(plain, **bounds(op_of(joined.value), a.value))  # type: ignore[arg-type]
    return [
        Quantity(upper, joined.kind, None, "systolic"),
        Quantity(joined.value, joined.kind, None, "diastolic"),
    ]


def pressure_ranges(low: str, four: list[Measure]) -> list[Quantity] | None:
    """Return systolic and diastolic of "140-159/90-99 mmHg", None where it is no such pair.

    "between 90/60 and 140/90 mmHg" prints the same four bounds in another order.
    """
    if len(four) < 4 or any(m.number.style != "digits" or m.closer for m in four):
        return None
    a, b, c, d = four
    start = a.first
    if _SLASH.fullmatch(low, a.end, b.start) and _SLASH.fullmatch(low, c.end, d.start):
        if not _is_range(low, replace(b, opener=a.opener), c):
            return None
        b, c = c, b
    elif not (
        _DASH.fullmatch(low, a.end, b.start)
        and _DASH.fullmatch(low, c.end, d.start)
        and _SLASH.fullmatch(low, b.end, c.start)
    ):
        return None
    plausible = d.unit == "mm[Hg]" and 60 <= a.value < b.value <= 260 and c.value < d.value
    if not plausible:
        return None
    both = Value(start, d.end, unit=d.unit, unit_text=d.unit_text)
    sides = [
        replace(both, low=x.value, low_closed=True, high=y.value, high_closed=True)
        for x, y in ((a, b), (c, d))
    ]
    return [
        Quantity(sides[0], "comparison", None, "systolic"),
        Quantity(sides[1], "comparison", None, "diastolic"),
    ]


def is_stepped(low: str, a: Measure, b: Measure) -> bool:
    """Tell whether a slash parts two steps of a scale ("ECOG 0/1"), of which either will do."""
    plain = a.bare and b.bare and not (a.opener or b.opener or b.closer)
    return (
        plain
        and b.value - a.value == 1
        and b.value <= 4
        and _SLASH.fullmatch(low, a.end, b.start) is not None
        and _STEPPED.search(low, max(0, a.start - 30), a.start) is not None
    )


def is_total(low: str, a: Measure, b: Measure) -> bool:
    """Tell whether the second number is out of how many: "≥ 6 of 66 swollen joints"."""
    plain = a.bare and b.bare and not (b.opener or b.closer or a.label) and b.value > a.value
    return plain and _OUT_OF.fullmatch(low, a.end, b.start) is not None


def is_maximum(low: str, a: Measure, b: Measure) -> bool:
    """Tell whether the number behind a range is a score's highest: "between 6 and 24 / 30"."""
    plain = b.bare and not (b.opener or b.closer or b.label) and a.value <= b.value
    slash = _SLASH.fullmatch(low, a.end, b.start) is not None and b.value in _MAXIMA
    return plain and (slash or _OUT_OF.fullmatch(low, a.end, b.start) is not None)


def _out_of(low: str, a: Measure, b: Measure) -> list[Quantity]:
    """Return the value of a score with its maximum ("> 4/10", "26/30 or more"), else nothing.

    Of "> 10/50 HPF" it is the count in so many fields of the microscope.
    """
    scored = _SCORED.search(low, max(0, a.first - 45), a.first) or _STRENGTH.search(
        low, max(0, a.first - 45), b.end + 20
    )
    if _HLA.search(low, max(0, a.first - 45), b.end + 20) and a.value <= b.value <= 14:
        one = single(replace(a, end=b.end, closer=b.closer, unit="1"))
        return [one] if one else []
    known = (b.value in _MAXIMA or scored) and a.value <= b.value and b.unit in (None, "{score}")
    if not (known or b.unit == "[HPF]") or not (a.opener or b.closer):
        return []
    unit = f"/({b.value}.[HPF])" if b.unit == "[HPF]" else "{score}" if scored else None
    one = single(replace(a, end=b.end, closer=b.closer, unit=unit))
    return [one] if one else []


def op_of(value: Value) -> str:
    """Return the comparator that a value's bounds say, ``=`` where both are there."""
    if value.low is not None and value.high is not None:
        return "="
    if value.low is not None:
        return ">=" if value.low_closed else ">"
    return "<=" if value.high_closed else "<"
