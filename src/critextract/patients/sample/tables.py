"""The tables a synthetic population is drawn from: ``data/sample``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "data" / "sample"
AGES = (20, 40, 60, 80)
"""Ages at which the table of conditions states how many have one."""

CANCERS = ("cancer", "blood cancer", "skin cancer")
"""Kinds of conditions that are a cancer; only the first has a stage."""

Moves = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A condition: who has it, and what it raises. `shares`: percent at the ages of `AGES`."""

    name: str
    snomed: str
    icd10: str
    sex: str
    shares: tuple[float, ...]
    raised_by: Moves
    kind: str
    moves: Moves
    broader: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrugRow:
    """A drug, for what it is taken (``-``: anyone), by how many, and how long."""

    name: str
    rxnorm: str
    reason: str
    share: float
    kind: str


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """A procedure, for what it is done (``-``: anyone), and to how many."""

    name: str
    snomed: str
    reason: str
    share: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of normal and the centre of a measurement, of one sex."""

    low: float | None
    high: float | None
    centre: float | None


@dataclass(frozen=True, slots=True)
class MeasurementRow:
    """A measurement: its usual values by sex, what moves it, and its other unit.

    spread : in the unit, or of the logarithm where `logarithmic`.
    other_unit, factor, other_decimals : the unit of laboratories that report in the SI; factor 0:
        there is none. ``[degF]`` has no factor, it is converted by its formula.
    """

    name: str
    loinc: str
    panel: str
    unit: str
    decimals: int
    men: Limits
    women: Limits
    spread: float
    logarithmic: bool
    moves: Moves
    least: float
    most: float
    other_unit: str
    factor: float
    other_decimals: int
    detectable: float | None


@dataclass(frozen=True, slots=True)
class WordRow:
    """A test whose result is a word."""

    name: str
    loinc: str
    asked: str
    share: float
    condition: str
    positive_with: float
    positive_without: float


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A score: who is scored, its scale, and what moves it."""

    name: str
    loinc: str
    asked: str
    share: float
    unit: str
    least: float
    most: float
    centre: float
    spread: float
    moves: Moves


def _rows(name: str) -> list[list[str]]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _moves(cell: str) -> Moves:
    pairs = (item.rpartition(":") for item in cell.split("|") if item)
    return tuple((name, float(by)) for name, _, by in pairs)


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


def _limits(normal: str, centre: str) -> Limits:
    low, _, high = normal.partition("|")
    return Limits(_number(low), _number(high), _number(centre))


@cache
def condition_rows() -> tuple[ConditionRow, ...]:
    """Return all conditions."""
    return tuple(
        ConditionRow(
            name,
            snomed,
            icd10,
            sex,
            tuple(float(share) for share in shares.split("|")),
            _moves(raised),
            kind,
            _moves(moves),
            tuple(broader.split("|")) if broader else (),
        )
        for name, snomed, icd10, sex, shares, raised, kind, moves, broader in _rows(
            "conditions.tsv"
        )
    )


@cache
def drug_rows() -> tuple[DrugRow, ...]:
    """Return all drugs, once for each condition they are taken for."""
    return tuple(DrugRow(n, c, r, float(s), k) for n, c, r, s, k in _rows("drugs.tsv"))


@cache
def procedure_rows() -> tuple[ProcedureRow, ...]:
    """Return all procedures, once for each condition they are done for."""
    return tuple(ProcedureRow(n, c, r, float(s)) for n, c, r, s in _rows("procedures.tsv"))


@cache
def measurement_rows() -> tuple[MeasurementRow, ...]:
    """Return all measurements that are a number."""
    rows = _rows("measurements.tsv")
    return tuple(_measurement(row) for row in rows)


def _measurement(row: list[str]) -> MeasurementRow:
    name, loinc, panel, unit, decimals, men, women, centre_men, centre_women = row[:9]
    spread, moves, least, most, other, factor, other_decimals, detectable = row[9:]
    return MeasurementRow(
        name=name,
        loinc=loinc,
        panel=panel,
        unit=unit,
        decimals=int(decimals),
        men=_limits(men, centre_men),
        women=_limits(women, centre_women),
        spread=float(spread.removeprefix("*")),
        logarithmic=spread.startswith("*"),
        moves=_moves(moves),
        least=float(least),
        most=float(most),
        other_unit=other,
        factor=0.0 if factor in ("", "F") else float(factor),
        other_decimals=int(other_decimals or 0),
        detectable=_number(detectable),
    )


@cache
def word_rows() -> tuple[WordRow, ...]:
    """Return all tests that are positive or negative."""
    return tuple(
        WordRow(name, loinc, asked, float(share), condition, float(having), float(lacking))
        for name, loinc, asked, share, condition, having, lacking in _rows("words.tsv")
    )


@cache
def score_rows() -> tuple[ScoreRow, ...]:
    """Return all scores."""
    return tuple(_score(row) for row in _rows("scores.tsv"))


def _score(row: list[str]) -> ScoreRow:
    name, loinc, asked, share, unit, least, most, centre, spread, moves = row
    return ScoreRow(
        name,
        loinc,
        asked,
        float(share),
        unit,
        float(least),
        float(most),
        float(centre),
        float(spread),
        _moves(moves),
    )


@cache
def settings() -> dict[str, Any]:
    """Return how the population is drawn: ``population.toml``."""
    return tomllib.loads((FOLDER / "population.toml").read_text(encoding="utf-8"))
