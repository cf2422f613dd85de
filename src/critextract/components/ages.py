"""Which quantities are ages: the words beside them say so, or the criterion opens with one."""

from __future__ import annotations

import re
from dataclasses import replace

from critextract.components.drafts import Quantity

_AGE_UNITS = frozenset({"a", "mo", "wk", "d"})
_BEFORE = re.compile(
    r"(?<![a-z-])(?P<age>ages?|aged)(?![a-z])"
    r"(?P<rest>(?:\s?[:=,(\[]|\s?\((?:in )?y(?:ea)?rs?\)|\s(?:is|are|of|at|must|be|should"
    r"|range|group|between|from|ranging|limits?|eligible|in|years|being|all|patients?|subjects?|criteria|either"
    r"|inclusive|currently|at (?:the )?time of (?:consent|enrollment|screening|inclusion)"
    r"|at (?:consent|enrollment|screening|inclusion|entry|baseline)|\(?inclusive\)?))*)\s?[:(]?\s?$"
)
_INSIDE = re.compile(r"(?<![a-z-])(?:ages?|aged)(?![a-z])")
_AFTER = re.compile(
    r"[\s-]?(?:\((?:s|inclusive)\)\s?)?,?\s?"
    r"(?:(?:inclusive,?|\(inclusive\)|or more|and over)\s)?(?:of (?P<age>age)|in (?P<in>age)"
    r"|(?P<old>olds?))(?![a-z])"
)
_UNIT_AT_END = re.compile(r"(?<![a-z])[a-z.]+$")
_OLD_UNIT = re.compile(r"(?:y/o|yo|y\.o\.?|years?[- ]old|yrs?[- ]old)$")
_JOINED = re.compile(
    r"(?:\s?\(?(?:for|in|if)?\s?(?:m[ae]n|wom[ae]n|males?|females?|boys|girls)\)?)?"
    r"[,;]?\s?(?:and|or|to|but|-|–|through|&)\s?"
)
_OTHER_AGE = re.compile(
    r"(?:gestational|bone|mental|menstrual|conceptional|chronological|maternal"
    r"|paternal|fetal|donor|post-?menstrual|corrected) $"
)
_RIGHT_OF_SIGN = re.compile(r"\s?(?:patient'?s?\s)?(?P<age>ages?|aged)(?![a-z])")
_SHORT = frozenset({"d", "wk", "mo"})
"""Units in which the age of a test is given as well: "an ECG not older than 14 days"."""
_OLDER = re.compile(
    r"(?:older|younger|elder|under the age|over the age|above the age|below the age)"
)
_PEOPLE = re.compile(
    r"(?:^|[\s(/])(?:males?|females?|m[ae]n|wom[ae]n|adults?|patients?|subjects?|participants?"
    r"|volunteers?|children|adolescents?|persons?|individuals?|boys?|girls?|infants?|child|people"
    r"|genders?|sex|sexes|either)(?:\s?[(:,]|\s(?:who|must|should|be|is|are|of|at|will|have|need|to))*\s?$"
)
_STOPS = re.compile(
    r"\s?(?:[.,;:)(]|$|(?:and|or|at|with|who|male|female|adult|inclusive|on|as|when|by|the time"
    r"|men|women|patients?|subjects?|prior to (?:signing|enrol)|upon|will|should|must|may|can|are"
    r"|is|have|has|need|to be|eligible|included|excluded|undergoing|presenting|scheduled|diagnosed"
    r"|admitted|suffering|referred|hospitalized|requiring|receiving|treated)(?![a-z]))"
)
_BARE_PEOPLE = re.compile(
    r"(?:^|[\s(/])(?:males?|females?|m[ae]n|wom[ae]n|adults?|volunteers?|children|adolescents?"
    r"|if|those|anyone|sex|genders?)\s?[:,]?\s?$"
)
"""Words right before a number without a unit that make it an age: "if under 18", "men 18-65"."""
_BARE_LOW, _BARE_HIGH = 12, 100
_NO_AGE_BEHIND = re.compile(
    r"\s?(?:of|since|after|from|ago|prior|before|history|duration|post)(?![a-z])"
)


def mark_ages(low: str, found: list[Quantity]) -> list[Quantity]:
    """Return the quantities with the ages among them marked; what an age is joined to is one."""
    marked = [mark_age(low, quantity) for quantity in found]
    for n in [*range(1, len(marked)), *range(len(marked) - 1, 0, -1)]:
        a, b = marked[n - 1], marked[n]
        kinds = {a.kind, b.kind}
        if "age" not in kinds or kinds - {"age", "comparison"}:
            continue
        if not _joined(low, a, b):
            continue
        subject = a.subject or b.subject
        marked[n - 1] = _as_age(low, a, subject)
        goes_on = a.subject and b.subject and a.subject[1] <= a.value.start < b.subject[0]
        b = replace(b, subject=None) if goes_on else b
        marked[n] = _as_age(low, b, subject)
    return marked


def age_end(text: str, end: int) -> int:
    """Return where the words "of age", "old" behind a value end; `end` where there are none."""
    after = _AFTER.match(text.lower(), end)
    return after.end() if after else end


def _joined(low: str, a: Quantity, b: Quantity) -> bool:
    if a.value.unit not in _AGE_UNITS or b.value.unit not in _AGE_UNITS:
        return False
    return _JOINED.fullmatch(low, a.value.end, b.value.start) is not None


def _as_age(low: str, quantity: Quantity, subject: tuple[int, int] | None) -> Quantity:
    """Return an age of that subject; one that follows its subject takes in "years old"."""
    subject = quantity.subject or subject
    value = quantity.value
    if subject is not None and subject[1] <= value.start:
        value = replace(value, end=age_end(low, value.end))
    return replace(quantity, value=value, kind="age", subject=subject)


def mark_age(low: str, quantity: Quantity) -> Quantity:
    """Return the quantity as an age, with `a` for a missing unit, if the words say age.

    The subject is the age word ("aged", "age", "years old"); None where only "or older", the
    people before it, or the place at the criterion's start say it.
    """
    value = quantity.value
    if quantity.kind == "word" or value.relative_to or value.text_value:
        return quantity
    if value.unit is not None and value.unit not in _AGE_UNITS:
        return quantity
    subject = _subject(low, value.start, value.end, value.unit)
    if subject is None and not _says_age(low, quantity):
        return quantity
    aged = value if value.unit else replace(value, unit="a")
    if subject is not None and subject[1] <= value.start:
        aged = replace(aged, end=age_end(low, value.end))
    return replace(quantity, value=aged, kind="age", subject=subject)


def _subject(low: str, start: int, end: int, unit: str | None) -> tuple[int, int] | None:
    inside = _INSIDE.search(low, start, end)
    if inside and not _OTHER_AGE.search(low[: inside.start()][-20:]):
        return inside.span()
    origin = max(0, start - 60)
    found = _BEFORE.search(low[origin:start])
    if found and not _OTHER_AGE.search(low[: origin + found.start()][-20:]):
        return origin + found.start("age"), origin + found.end("age")
    after = _AFTER.match(low, end)
    if after and unit:
        if after["old"]:
            printed = _UNIT_AT_END.search(low[start:end])
            return (start + printed.start() if printed else after.start("old")), after.end("old")
        return after.span("age" if after["age"] else "in")
    sided = low[end - 1] in "<>≤≥=" and _RIGHT_OF_SIGN.match(low, end)
    if sided:
        return sided.span("age")
    old = _OLD_UNIT.search(low[start:end])
    if old:
        return start + old.start(), start + old.end()
    return None


def _says_age(low: str, quantity: Quantity) -> bool:
    """Tell whether a quantity without an age word is an age all the same."""
    value = quantity.value
    printed = low[value.start : value.end]
    if _NO_AGE_BEHIND.match(low, value.end):
        return False
    if _OLDER.search(printed):
        head = low[: value.start]
        result = value.unit in _SHORT and printed.startswith(("not ", "no ", "older than"))
        return not result or not head.strip("*-•· (:") or bool(_PEOPLE.search(head[-50:]))
    if value.unit is None:
        return _bare_age(low, quantity)
    if value.unit != "a" or not _STOPS.match(low, value.end):
        return False
    bound = value.low if value.low is not None else value.high
    if bound is None or (bound < 12 and (value.high is None or value.high < 12)):
        return False
    head = low[: value.start]
    return not head.strip("*-•· (:") or bool(_PEOPLE.search(head[-50:]))


def _bare_age(low: str, quantity: Quantity) -> bool:
    """Tell whether a number without a unit is an age: "if under 18", "18-65 with fibromyalgia".

    A range from 12 on, people or "if" before a bound; nothing that goes on behind it.
    """
    value = quantity.value
    bounds = [bound for bound in (value.low, value.high) if bound is not None]
    if not bounds or not all(_BARE_LOW <= bound <= _BARE_HIGH for bound in bounds):
        return False
    if not _STOPS.match(low, value.end):
        return False
    head = low[: value.start]
    if len(bounds) == 2 and bounds[0] <= 40 and bounds[1] >= 30 and not head.strip("*-•· (:"):
        return True
    return _BARE_PEOPLE.search(head[-20:]) is not None
