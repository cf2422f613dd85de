"""Numbers from one unit to another, mass to substance by analyte, and magnitudes no body has.

Units are read by `critextract.ucum`, what is measured is found in ``lexicons/analytes.tsv``, the
bounds of what a body can have in ``lexicons/plausible.tsv``. The arithmetic is exact up to one last
division, which rounds to 28 digits where it does not end.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import NamedTuple

from critextract import terms, ucum
from critextract.errors import UnitError
from critextract.intervals import number_text
from critextract.lexicons import read_rows
from critextract.names import normalise_name, tokenise
from critextract.units import to_ucum

DIGITS = 28
"""Digits a quotient keeps that does not end."""

_ROUNDED = Context(prec=DIGITS)
_EXACT = Context(prec=400)

_TEMPERATURES = {
    "K": (Fraction(1), Fraction(0)),
    "Cel": (Fraction(1), Fraction("273.15")),
    "[degF]": (Fraction(5, 9), Fraction("459.67") * Fraction(5, 9)),
}
"""Code to what its number is multiplied by and what is then added, to give kelvin."""

_HBA1C = Fraction("0.09148"), Fraction("2.152")
"""NGSP (%) = 0.09148 x IFCC (mmol/mol) + 2.152.

Source: Hoelzel 2004, doi:10.1373/clinchem.2003.024802.
"""


@dataclass(frozen=True, slots=True)
class Analyte:
    """How mass, substance, charge and units of what is measured compare.

    mass : g/mol. charge : equivalents in a mole. same_units : U and [IU] of it are the same.
    """

    name: str
    mass: Fraction | None
    charge: int | None
    same_units: bool


class _Line(NamedTuple):
    """Other number = number x factor + shift."""

    factor: Fraction
    shift: Fraction = Fraction(0)


@cache
def _analytes() -> tuple[dict[str, Analyte], dict[str, Analyte]]:
    """Return term id -> analyte, and normalised name -> analyte."""
    by_id: dict[str, Analyte] = {}
    by_name: dict[str, Analyte] = {}
    known = {term.id: term.name for term in terms.terms()}
    for ids, names, _, mass, charge, same, _ in read_rows("analytes.tsv"):
        for term_id in ids.split("|") if ids else ():
            entry = _analyte(known[term_id], mass, charge, same)
            by_id[term_id] = entry
        for name in names.split("|") if names else ():
            by_name[normalise_name(name)] = _analyte(name, mass, charge, same)
    return by_id, by_name


def _analyte(name: str, mass: str, charge: str, same: str) -> Analyte:
    return Analyte(
        name, Fraction(mass) if mass else None, int(charge) if charge else None, same == "yes"
    )


_AROUND = frozenset(
    {"serum", "plasma", "blood", "level", "concentration", "trough", "total", "measured", "mean"}
)


@lru_cache(maxsize=4096)
def find_analyte(name: str) -> Analyte | None:
    """Return the analyte that `name` (a name, or the id of a term) stands for, None if none.

    "serum creatinine", "creatinine level" and ``lab.creatinine`` are the same.
    """
    by_id, by_name = _analytes()
    found = by_id.get(name) or by_name.get(normalise_name(name))
    if found is None:
        term = terms.lookup(name)
        found = by_id.get(term.id) if term else None
    if found is None:
        inner = [token.word for token in tokenise(name) if token.word not in _AROUND]
        found = by_name.get(" ".join(inner))
    return found


def _term(name: str) -> terms.Term | None:
    return terms.by_id(name) or terms.lookup(name)


# --- converting -------------------------------------------------------------------------------


def convert(number: Decimal, unit: str, to: str, *, analyte: str | None = None) -> Decimal:
    """Return `number`, given in `unit`, in the unit `to`.

    Parameters
    ----------
    unit, to : UCUM codes; a written unit ("mg/dl", "K/uL") is read where it is no code.
    analyte : the name of what was measured, or the id of its term: mass meets substance and
        charge by it, U meets [IU], and HbA1c in % meets mmol/mol by its master equation.

    Raises
    ------
    UnitError : a unit is not known, or the two cannot be converted; says which and why.
    """
    line = _line(unit, to, analyte)
    if line.factor == 1 and not line.shift:
        return number
    exact = _EXACT.create_decimal(number)
    factor, shift = line.factor, line.shift
    if shift:
        common = factor.denominator * shift.denominator
        top = _EXACT.add(
            _EXACT.multiply(exact, Decimal(factor.numerator * shift.denominator)),
            Decimal(shift.numerator * factor.denominator),
        )
    else:
        common, top = factor.denominator, _EXACT.multiply(exact, Decimal(factor.numerator))
    return _ROUNDED.divide(top, Decimal(common))


@lru_cache(maxsize=8192)
def _line(unit: str, to: str, name: str | None) -> _Line:
    """Return how a number in `unit` becomes one in `to`."""
    analyte = find_analyte(name) if name else None
    if unit == to:
        return _Line(Fraction(1))
    unit, to = _code(unit), _code(to)
    if unit in _TEMPERATURES and to in _TEMPERATURES:
        return _temperature(unit, to)
    if _is_hba1c(name) and ("mol" in unit) != ("mol" in to):
        return _hba1c(unit, to)
    if _of_hundred(name) and {unit, to} <= {"%", "1", ucum.SCORE}:
        return _Line(Fraction(1))
    source, target = _read(unit), _read(to)
    if source.powers == target.powers:
        return _Line(source.size / target.size)
    return _Line(_bridge(source, target, analyte, f"{unit!r} to {to!r}", name))


def _code(unit: str) -> str:
    """Return the UCUM code of a unit that is given as a code or as it is written in texts.

    "K/uL" is thousands, never kelvin.
    """
    if unit in _TEMPERATURES:
        return unit
    try:
        if not unit.startswith("K/"):
            ucum.parse(unit)
            return unit
    except UnitError:
        pass
    code = to_ucum(unit)
    if code is None:
        ucum.parse(unit)
    return code or unit


def _read(code: str) -> ucum.Unit:
    if code in _TEMPERATURES:
        return ucum.Unit(Fraction(1), (("temperature", 1),))
    return ucum.parse(code)


def _temperature(unit: str, to: str) -> _Line:
    (factor, shift), (other_factor, other_shift) = _TEMPERATURES[unit], _TEMPERATURES[to]
    return _Line(factor / other_factor, (shift - other_shift) / other_factor)


def _is_hba1c(name: str | None) -> bool:
    term = _term(name) if name is not None else None
    return term is not None and term.id == "lab.hba1c"


def _hba1c(unit: str, to: str) -> _Line:
    """Return NGSP from IFCC or the other way; each first in its usual unit."""
    slope, start = _HBA1C
    if "mol" in unit:
        scale = _read(unit).size / _read("mmol/mol").size
        percent = _read("%").size / _plain(to).size
        return _Line(slope * scale * percent, start * percent)
    scale = _plain(unit).size / _read("%").size
    size = _read("mmol/mol").size / _read(to).size
    return _Line(scale / slope * size, -start / slope * size)


def _plain(unit: str) -> ucum.Unit:
    """Return a unit that is a mere number: "%", "1" and others."""
    read = _read(unit)
    if read.powers:
        raise UnitError(f"HbA1c is a share, and {unit!r} is none; expected % or mmol/mol")
    return read


def _of_hundred(name: str | None) -> bool:
    """Tell whether `name` is a scale from 0 to 100, whose points some print as percent."""
    term = _term(name) if name else None
    return term is not None and term.scale_high == "100"


_AMOUNTS = ("g", "mol", "eq")


def _bridge(
    source: ucum.Unit, target: ucum.Unit, analyte: Analyte | None, pair: str, name: str | None
) -> Fraction:
    """Return the factor between units of other dimensions, by what the analyte is."""
    powers = dict(source.powers)
    for dimension, power in target.powers:
        powers[dimension] = powers.get(dimension, 0) - power
    left = {dimension: power for dimension, power in powers.items() if power}
    factor = source.size / target.size
    if set(left) == {ucum.SCORE} and source.size == target.size == 1:
        return factor
    if set(left) == {"U", "[IU]"} and left["U"] == -left["[IU]"]:
        if analyte is not None and analyte.same_units:
            return factor
        reason = f"U and [IU] of {name!r} are not known to be the same" if name else ""
        raise UnitError(f"cannot convert {pair}: {reason or 'what is measured is not said'}")
    if set(left) <= set(_AMOUNTS) and not sum(left.values()):
        return factor * _by_analyte(left, analyte, pair, name)
    raise UnitError(f"cannot convert {pair}: {_why_not(left, source, target)}")


def _by_analyte(
    left: dict[str, int], analyte: Analyte | None, pair: str, name: str | None
) -> Fraction:
    """Return the factor of one mole being so many grams, or so many equivalents."""
    if name is None:
        raise UnitError(f"cannot convert {pair}: that needs to know what is measured")
    factor = Fraction(1)
    for dimension, what in (("g", "molar mass"), ("eq", "charge")):
        size = (analyte.mass if dimension == "g" else analyte.charge) if analyte else None
        if not left.get(dimension):
            continue
        if size is None:
            raise UnitError(f"cannot convert {pair}: no {what} is known of {name!r}")
        factor /= Fraction(size) ** left[dimension]
    return factor


def _why_not(left: dict[str, int], source: ucum.Unit, target: ucum.Unit) -> str:
    area = {"m": 2}, {"m": -2}
    if "temperature" in left:
        return "a temperature is only converted to another"
    if left in area and source.power("s") == target.power("s") == -1:
        return "one is per 1.73 m2 of body surface and the other is not"
    if "osm" in left:
        return "osmoles count all dissolved particles"
    if "[IU]" in left or "U" in left:
        return "how much one unit weighs depends on the preparation"
    if "[FEU]" in left:
        return "fibrinogen equivalents (FEU) and other units of D-dimer do not compare"
    if any(dimension.startswith("{") for dimension in left):
        return f"they count different things ({', '.join(sorted(left))})"
    return f"their dimensions are different ({_dimensions(source)}; {_dimensions(target)})"


def _dimensions(unit: ucum.Unit) -> str:
    return ".".join(f"{name}{'' if n == 1 else n}" for name, n in unit.powers) or "a number"


# --- magnitudes -------------------------------------------------------------------------------


class _Bounds(NamedTuple):
    low: Decimal
    high: Decimal
    unit: str
    zero: bool


@cache
def _bounds() -> dict[str, _Bounds]:
    return {
        term_id: _Bounds(Decimal(low), Decimal(high), unit, zero == "yes")
        for ids, low, high, unit, zero in read_rows("plausible.tsv")
        for term_id in ids.split("|")
    }


@lru_cache(maxsize=8192)
def _bounds_in(unit: str, analyte: str) -> tuple[str, _Bounds, Decimal, Decimal] | None:
    """Return the term, its bounds, and both bounds in `unit`; None where there are none."""
    term = _term(analyte)
    bounds = _bounds().get(term.id) if term else None
    if bounds is None or term is None:
        return None
    try:
        low = convert(bounds.low, bounds.unit, unit, analyte=term.id)
        high = convert(bounds.high, bounds.unit, unit, analyte=term.id)
    except UnitError:
        return None
    return term.name, bounds, low, high


def implausible(number: Decimal, unit: str, analyte: str | None) -> str | None:
    """Return why no living body has this value, None where one may or nothing is known.

    Parameters
    ----------
    number, unit : the value as recorded, its unit a UCUM code.
    analyte : the name of what was measured, or the id of its term.
    """
    found = _bounds_in(unit, analyte) if analyte else None
    if found is None:
        return None
    name, bounds, low, high = found
    if low <= number <= high or (bounds.zero and number == 0):
        return None
    side, bound = ("below", bounds.low) if number < low else ("above", bounds.high)
    return (
        f"{name} of {number_text(number)} {unit} is {side} what is possible "
        f"({number_text(bound)} {bounds.unit}); is the unit right?"
    )
