"""Written units to UCUM codes."""

from decimal import Decimal

import pytest

from critextract.units import dimension, factor, match_unit, to_ucum, with_power

CODES = {
    "mg/dL": "mg/dL", "mg/dl": "mg/dL", "MG/DL": "mg/dL", "mg / dL": "mg/dL", "mg%": "mg/dL",
    "mg per deciliter": "mg/dL", "mg/100 mL": "mg/dL", "g/dL": "g/dL", "gm/dl": "g/dL",
    "g%": "g/dL", "g/L": "g/L", "mmol/L": "mmol/L", "mM": "mmol/L", "mm": "mm", "μmol/L": "umol/L",
    "umol/L": "umol/L", "μM": "umol/L", "nmol/l": "nmol/L", "pg/mL": "pg/mL", "ng/ml": "ng/mL",
    "mcg/kg": "ug/kg", "IU/L": "[IU]/L", "UI/L": "[IU]/L", "U/L": "U/L", "units/L": "U/L",
    "mIU/mL": "m[IU]/mL", "μIU/mL": "u[IU]/mL", "mU/L": "mU/L", "mEq/L": "meq/L",
    "cells/mm3": "/mm3", "/mm^3": "/mm3", "/mm³": "/mm3", "/cumm": "/mm3", "cells/μL": "/uL",
    "/mcL": "/uL", "per microliter": "/uL", "copies/mL": "{copies}/mL",
    "HIV RNA copies/mL": "{copies}/mL", "mL/min": "mL/min", "cc/min": "mL/min",
    "mL/min/1.73 m2": "mL/min/{1.73_m2}", "mL/min/1.73m²": "mL/min/{1.73_m2}",
    "mL/min/m2": "mL/min/m2", "kg/m2": "kg/m2", "kg/m^2": "kg/m2", "kg per square meter": "kg/m2",
    "kg.m-2": "kg/m2", "h-1": "/h", "%": "%", "percent": "%", "mmHg": "mm[Hg]", "mm Hg": "mm[Hg]",
    "cmH2O": "cm[H2O]", "bpm": "/min", "beats/min": "/min", "breaths per minute": "/min",
    "°C": "Cel", "degrees Celsius": "Cel", "°F": "[degF]", "degrees": "deg", "D": None,
    "weeks": "wk", "months": "mo", "years": "a", "yrs": "a", "days": "d", "hours": "h",
    "msec": "ms", "seconds": "s", "half-lives": "{half_life}", "pack-years": "{pack-years}",
    "drinks/day": "{drinks}/d", "drinks per week": "{drinks}/wk", "times per week": "/wk",
    "mg/day": "mg/d", "mg daily": "mg/d", "mg/kg/day": "mg/kg/d", "mg/24 hours": "mg/d",
    "mg/24h": "mg/d", "mg/m2": "mg/m2", "mg/dose": "mg/{dose}", "Gy": "Gy", "cGy": "cGy",
    "K/μL": "10*3/uL", "thousand/μL": "10*3/uL", "million/mL": "10*6/mL", "Giga/L": "10*9/L",
    "G/L": None, "mg/furlong": None, "furlongs": None, "": None,
}  # fmt: skip


@pytest.mark.parametrize(("written", "code"), CODES.items())
def test_to_ucum(written, code):
    assert to_ucum(written) == code


@pytest.mark.parametrize(
    ("text", "pos", "read"),
    [
        ("5 mg/dL or", 1, "mg/dL"),
        ("5mg", 1, "mg"),
        ("5 mg.", 1, "mg"),
        ("5 mgs of it", 1, "mg"),
        ("5 magnets", 1, None),
        ("5 in all", 1, None),
        ("5 at", 1, None),
        ("5 a week", 1, "/wk"),
        ("5 per visit", 1, None),
        ("5 mg/unheard", 1, None),
        ("5", 1, None),
    ],
)
def test_match_unit_reads_the_longest_unit_or_none(text, pos, read):
    found = match_unit(text, pos)
    assert (found and found.code) == read


def test_power_goes_into_the_code():
    assert with_power("/L", 9) == "10*9/L"
    assert with_power("{copies}/mL", 6) == "10*6.{copies}/mL"
    assert with_power("", 6) == "10*6"
    assert with_power("mg", None) == "mg"


@pytest.mark.parametrize(
    ("code", "expected"),
    [("mg/dL", "mass/volume"), ("10*9/L", "/volume"), ("a", "time"), ("{1.73_m2}", "")],
)
def test_dimension(code, expected):
    assert dimension(code) == expected


@pytest.mark.parametrize(
    ("a", "b", "ratio"),
    [
        ("10*9/L", "/mm3", 1000),
        ("g/L", "mg/dL", 100),
        ("10*3/uL", "10*9/L", 1),
        ("kg", "g", 1000),
        ("wk", "d", 7),
    ],
)
def test_factors_of_one_dimension_compare(a, b, ratio):
    first, second = factor(a), factor(b)
    assert first is not None
    assert second is not None
    assert first / second == Decimal(ratio)


def test_factor_is_none_where_nothing_is_known():
    assert factor("Cel") is None
    assert factor("mg/{dose}") is None
