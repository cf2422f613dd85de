"""Limits of normal: the patient's own, else those of a file of reference ranges."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from critextract.errors import InputError, reason
from critextract.names import normalise_name
from critextract.patients.model import Event, Sex
from critextract.terms import lookup

COLUMNS = ("name", "low", "high", "mean", "unit", "sex")


@dataclass(frozen=True, slots=True)
class ReferenceRange:
    """The limits of normal of a measurement in `unit`, for one sex, or both where it is None."""

    name: str
    low: Decimal | None = None
    high: Decimal | None = None
    mean: Decimal | None = None
    unit: str | None = None
    sex: Sex | None = None


@dataclass(frozen=True, slots=True)
class ReferenceRanges:
    """Ranges by what is measured and sex, for values that have none of their own."""

    by_key: Mapping[tuple[str, Sex | None], ReferenceRange] = field(default_factory=dict)

    def of(self, name: str, sex: Sex | None) -> ReferenceRange | None:
        """Return the range of a measurement for a sex, else that for both; None without one."""
        key = measured(name)
        return self.by_key.get((key, sex)) or self.by_key.get((key, None))


@lru_cache(maxsize=16384)
def measured(name: str) -> str:
    """Return what a name measures: the id of its term, else the normalised name."""
    term = lookup(name)
    return term.id if term else normalise_name(name)


def reference_ranges(rows: Iterable[ReferenceRange]) -> ReferenceRanges:
    """Return the ranges, found by every name of what they measure."""
    return ReferenceRanges({(measured(row.name), row.sex): row for row in rows})


def read_reference_ranges(path: str | Path) -> ReferenceRanges:
    """Read reference ranges from a csv file with the columns name, low, high, mean, unit, sex.

    Only `name` and one of low, high and mean must be filled.

    Raises
    ------
    InputError : the file cannot be read, or a row is no range; the message has path and line.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if "name" not in (rows.fieldnames or ()):
                raise InputError(f"{path}: expected a csv file with columns {', '.join(COLUMNS)}")
            return reference_ranges([_range(row, f"{path}:{rows.line_num}") for row in rows])
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: cannot be read ({reason(error)}), expected reference ranges"
        ) from None


def _range(row: dict[str, Any], where: str) -> ReferenceRange:
    cells = {key: (row.get(key) or "").strip() for key in COLUMNS}
    sex = cells["sex"].lower()
    if not cells["name"] or sex not in ("", "male", "female"):
        raise InputError(f"{where}: found {row}, expected a name, and male, female or no sex")
    try:
        numbers = {k: Decimal(cells[k]) if cells[k] else None for k in ("low", "high", "mean")}
    except InvalidOperation:
        raise InputError(f"{where}: found {row}, expected numbers as low, high, mean") from None
    if set(numbers.values()) == {None}:
        raise InputError(f"{where}: {cells['name']!r} has none of low, high, mean")
    known: Sex | None = "male" if sex == "male" else "female" if sex == "female" else None
    return ReferenceRange(cells["name"], **numbers, unit=cells["unit"] or None, sex=known)


def own_range(event: Event) -> ReferenceRange | None:
    """Return the range an event was recorded with, None where it has none."""
    if event.ref_low is None and event.ref_high is None:
        return None
    return ReferenceRange(event.name, event.ref_low, event.ref_high, unit=event.unit)
