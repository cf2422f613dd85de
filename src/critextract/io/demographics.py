"""The registry's own fields beside the text, in the forms its JSON, XML and pages print them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from critextract.schema import AgeLimit, Demographics

_UNITS = {
    "year": "a",
    "month": "mo",
    "week": "wk",
    "day": "d",
    "hour": "h",
    "minute": "min",
}
"""Registry age units and their UCUM codes."""
_AGE = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)\s*([a-z]+?)s?", re.IGNORECASE)
_NO_LIMIT = frozenset({"", "n/a", "na", "none", "no limit"})
_YES = frozenset({"yes", "y", "true", "accepts healthy volunteers"})
_NO = frozenset({"no", "n", "false"})
_SEXES: dict[str, Literal["male", "female", "all"]] = {
    "all": "all",
    "both": "all",
    "female": "female",
    "male": "male",
}


def age_limit(printed: str | None) -> AgeLimit | None:
    """Return the limit ``"18 Years"`` prints, None for ``"N/A"``.

    Raises
    ------
    ValueError : the words are neither a limit nor one of the ways to say there is none.
    """
    words = (printed or "").strip()
    if words.lower() in _NO_LIMIT:
        return None
    match = _AGE.fullmatch(words)
    unit = _UNITS.get(match[2].lower()) if match else None
    if match is None or unit is None:
        raise ValueError(words)
    return AgeLimit(Decimal(match[1]), unit)


def healthy_volunteers(printed: object) -> bool | None:
    """Return what the registry says of healthy volunteers, None where it says nothing."""
    if isinstance(printed, bool):
        return printed
    words = str(printed or "").strip().lower()
    return True if words in _YES else False if words in _NO else None


def demographics(
    sex: object, minimum: object, maximum: object, volunteers: object
) -> tuple[Demographics | None, tuple[str, ...]]:
    """Return the four fields as printed in one form of ours, and a problem for each not read."""
    problems: list[str] = []
    words = str(sex or "").strip()
    known = _SEXES.get(words.lower())
    if words and known is None:
        problems.append(f"registry sex not understood: {words!r:.60}")
    ages: list[AgeLimit | None] = []
    for name, printed in (("minimum", minimum), ("maximum", maximum)):
        try:
            ages.append(age_limit(str(printed) if printed is not None else None))
        except ValueError as error:
            ages.append(None)
            problems.append(f"registry {name} age not understood: {str(error)!r:.60}")
    accepts = healthy_volunteers(volunteers)
    if known is None and ages == [None, None] and accepts is None:
        return None, tuple(problems)
    return Demographics(known, ages[0], ages[1], accepts), tuple(problems)
