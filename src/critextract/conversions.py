"""Numbers from one unit to another, mass to substance by analyte, and magnitudes no body has."""

from __future__ import annotations

from decimal import Decimal

from critextract.errors import UnitError


def convert(number: Decimal, unit: str, to: str, *, analyte: str | None = None) -> Decimal:
    """Return `number`, given in `unit`, in the unit `to`.

    Parameters
    ----------
    unit, to : UCUM codes.
    analyte : the name of what was measured, or the id of its term: mass meets substance by it.

    Raises
    ------
    UnitError : a unit is not known, or the two cannot be converted; says which and why.
    """
    if unit == to:
        return number
    raise UnitError(f"{unit!r} cannot be converted to {to!r} for {analyte!r}")


def implausible(number: Decimal, unit: str, analyte: str | None) -> str | None:  # noqa: ARG001
    """Return why no living body has this value ("platelets of 100 /L ..."), None if one may."""
    return None
