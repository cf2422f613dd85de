"""Units to units, mass to substance, and magnitudes; factors written down from other sources."""

import re
import xml.etree.ElementTree as ET
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critextract import ucum
from critextract.conversions import convert, find_analyte, implausible
from critextract.errors import UnitError
from critextract.lexicons import read_rows
from critextract.terms import terms

EXACT = [
    ("1500", "/mm3", "10*9/L", "1.5"),
    ("1.5", "10*9/L", "/uL", "1500"),
    ("100", "10*3/uL", "10*9/L", "100"),
    ("100", "K/uL", "10*9/L", "100"),
    ("100000", "/mm3", "10*3/uL", "100"),
    ("4.5", "10*6/uL", "10*12/L", "4.5"),
    ("3", "10*3{cells}/uL", "/mm3", "3000"),
    ("200", "{cells}/uL", "/mm3", "200"),
    ("0.2", "10*9/L", "/mm3", "200"),
    ("50", "{copies}/mL", "{copies}/L", "50000"),
    ("2", "10*6.{copies}/mL", "{copies}/mL", "2000000"),
    ("9", "g/dL", "g/L", "90"),
    ("90", "g/L", "g/dL", "9"),
    ("1", "mg/dL", "mg/L", "10"),
    ("1", "mg/dL", "ug/mL", "10"),
    ("5", "ng/mL", "ug/L", "5"),
    ("5", "ng/mL", "pg/mL", "5000"),
    ("0.04", "ng/mL", "ng/L", "40"),
    ("12", "nmol/L", "umol/L", "0.012"),
    ("12", "pmol/L", "nmol/L", "0.012"),
    ("300", "mg/d", "g/d", "0.3"),
    ("20", "ug/min", "mg/d", "28.8"),
    ("30", "mg/g", "ug/mg", "30"),
    ("0.3", "g/g", "mg/g", "300"),
    ("0.45", "L/L", "%", "45"),
    ("45", "%", "1", "0.45"),
    ("10", "[ppm]", "%", "0.001"),
    ("25", "[ppb]", "[ppm]", "0.025"),
    ("98.6", "[degF]", "Cel", "37"),
    ("38", "Cel", "[degF]", "100.4"),
    ("100.4", "°F", "°C", "38"),
    ("0", "Cel", "K", "273.15"),
    ("310.15", "K", "Cel", "37"),
    ("-40", "Cel", "[degF]", "-40"),
    ("60", "mL/min", "mL/s", "1"),
    ("5", "L/min", "mL/min", "5000"),
    ("1.73", "mL/min/{1.73_m2}", "mL/min/m2", "1"),
    ("60", "mL/min/1.73m2", "mL/min/{1.73_m2}", "60"),
    ("60", "mL/min/(173.10*-2.m2)", "mL/min/{1.73_m2}", "60"),
    ("60", "/min", "/s", "1"),
    ("60", "{beats}/min", "/min", "60"),
    ("1", "kPa", "Pa", "1000"),
    ("1", "mm[Hg]", "Pa", "133.322"),
    ("10", "cm[H2O]", "Pa", "980.665"),
    ("1", "[wood'U]", "dyn.s/cm5", "79.9932"),
    ("1", "[lb_av]", "g", "453.59237"),
    ("16", "[oz_av]", "[lb_av]", "1"),
    ("1", "[stone_av]", "[lb_av]", "14"),
    ("70", "kg", "g", "70000"),
    ("1", "[in_i]", "cm", "2.54"),
    ("6", "[ft_i]", "m", "1.8288"),
    ("180", "cm", "m", "1.8"),
    ("1", "[mi_i]", "m", "1609.344"),
    ("450", "ms", "s", "0.45"),
    ("1", "a", "d", "365.25"),
    ("1", "a", "mo", "12"),
    ("2", "wk", "d", "14"),
    ("25", "kg/m2", "g/cm2", "2.5"),
    ("1", "mg/kg/d", "mg/(kg.d)", "1"),
    ("1", "mg/kg", "ug/g", "1"),
    ("285", "mosm/kg", "osm/kg", "0.285"),
    ("40", "U/L", "kU/L", "0.04"),
    ("60", "U/L", "ukat/L", "1"),
    ("1", "m[IU]/mL", "[IU]/L", "1"),
    ("1", "m[iU]/mL", "[IU]/L", "1"),
    ("4", "u[IU]/mL", "m[IU]/L", "4"),
    ("500", "ng/mL{FEU}", "ng/mL{DDU}", "250"),
    ("500", "ng/mL{FEU}", "ug/mL{FEU}", "0.5"),
    ("4", "kJ", "J", "4000"),
    ("2", "[Cal]", "kJ", "8.368"),
    ("2", "kcal", "kJ", "8.368"),
    ("60", "cGy", "Gy", "0.6"),
    ("37", "MBq", "mCi", "1"),
    ("1", "dm3", "L", "1"),
    ("5", "fL", "um3", "5"),
    ("1", "mm2", "cm2", "0.01"),
    ("1", "m/s", "cm/s", "100"),
    ("3", "{drinks}/d", "{drinks}/wk", "21"),
    ("2", "{score}", "1", "2"),
    ("5", "mg/dl", "mg/dL", "5"),
    ("5", "mEq/L", "meq/L", "5"),
    ("1", "μmol/L", "umol/L", "1"),
]


@pytest.mark.parametrize(("number", "unit", "to", "expected"), EXACT)
def test_units_of_one_dimension(number, unit, to, expected):
    assert convert(Decimal(number), unit, to) == Decimal(expected)


LABORATORY = [
    # analyte, unit, other, factor as laboratories print it (AMA and SI conversion tables)
    ("glucose", "mg/dL", "mmol/L", "0.0555"),
    ("fasting plasma glucose", "mmol/L", "mg/dL", "18.02"),
    ("serum creatinine", "mg/dL", "umol/L", "88.4"),
    ("creatinine", "umol/L", "mg/dL", "0.01131"),
    ("total bilirubin", "mg/dL", "umol/L", "17.1"),
    ("direct bilirubin", "mg/dL", "umol/L", "17.1"),
    ("total cholesterol", "mg/dL", "mmol/L", "0.0259"),
    ("LDL cholesterol", "mg/dL", "mmol/L", "0.0259"),
    ("HDL", "mg/dL", "mmol/L", "0.0259"),
    ("triglycerides", "mg/dL", "mmol/L", "0.0113"),
    ("calcium", "mg/dL", "mmol/L", "0.25"),
    ("ionized calcium", "mg/dL", "mmol/L", "0.25"),
    ("corrected calcium", "mmol/L", "mg/dL", "4.008"),
    ("magnesium", "mg/dL", "mmol/L", "0.411"),
    ("magnesium", "meq/L", "mmol/L", "0.5"),
    ("phosphate", "mg/dL", "mmol/L", "0.323"),
    ("BUN", "mg/dL", "mmol/L", "0.357"),
    ("serum urea", "mg/dL", "mmol/L", "0.1665"),
    ("uric acid", "mg/dL", "umol/L", "59.48"),
    ("sodium", "meq/L", "mmol/L", "1"),
    ("potassium", "meq/L", "mmol/L", "1"),
    ("chloride", "mmol/L", "meq/L", "1"),
    ("bicarbonate", "meq/L", "mmol/L", "1"),
    ("calcium", "meq/L", "mmol/L", "0.5"),
    ("calcium", "mg/dL", "meq/L", "0.499"),
    ("lactate", "mg/dL", "mmol/L", "0.111"),
    ("ammonia", "ug/dL", "umol/L", "0.587"),
    ("serum iron", "ug/dL", "umol/L", "0.179"),
    ("TIBC", "ug/dL", "umol/L", "0.179"),
    ("copper", "ug/dL", "umol/L", "0.157"),
    ("zinc", "ug/dL", "umol/L", "0.153"),
    ("testosterone", "ng/dL", "nmol/L", "0.0347"),
    ("free testosterone", "pg/mL", "pmol/L", "3.47"),
    ("estradiol", "pg/mL", "pmol/L", "3.671"),
    ("progesterone", "ng/mL", "nmol/L", "3.18"),
    ("cortisol", "ug/dL", "nmol/L", "27.59"),
    ("aldosterone", "ng/dL", "pmol/L", "27.74"),
    ("DHEA-S", "ug/dL", "umol/L", "0.0271"),
    ("17-hydroxyprogesterone", "ng/dL", "nmol/L", "0.0303"),
    ("androstenedione", "ng/dL", "nmol/L", "0.0349"),
    ("thyroxine", "ug/dL", "nmol/L", "12.87"),
    ("free T4", "ng/dL", "pmol/L", "12.87"),
    ("total T3", "ng/dL", "nmol/L", "0.01536"),
    ("free T3", "pg/mL", "pmol/L", "1.536"),
    ("25-hydroxyvitamin D", "ng/mL", "nmol/L", "2.496"),
    ("vitamin B12", "pg/mL", "pmol/L", "0.738"),
    ("folate", "ng/mL", "nmol/L", "2.266"),
    ("retinol", "ug/dL", "umol/L", "0.0349"),
    ("vitamin E", "mg/dL", "umol/L", "23.22"),
    ("vitamin C", "mg/dL", "umol/L", "56.78"),
    ("homocysteine", "mg/L", "umol/L", "7.397"),
    ("albumin", "g/L", "umol/L", "15.05"),
    ("albumin", "g/dL", "g/L", "10"),
    ("hemoglobin", "g/dL", "mmol/L", "0.6206"),
    ("Hb", "mmol/L", "g/dL", "1.611"),
    ("insulin", "ng/mL", "pmol/L", "172.2"),
    ("C-peptide", "ng/mL", "nmol/L", "0.331"),
    ("parathyroid hormone", "pg/mL", "pmol/L", "0.106"),
    ("ACTH", "pg/mL", "pmol/L", "0.220"),
    ("IGF-1", "ng/mL", "nmol/L", "0.131"),
    ("BNP", "pg/mL", "pmol/L", "0.289"),
    ("NT-proBNP", "pg/mL", "pmol/L", "0.118"),
    ("calcitonin", "pg/mL", "pmol/L", "0.2926"),
    ("phenylalanine", "mg/dL", "umol/L", "60.54"),
    ("blood lead", "ug/dL", "umol/L", "0.0483"),
    ("blood alcohol concentration", "mg/dL", "mmol/L", "0.217"),
    ("lithium", "mmol/L", "meq/L", "1"),
    ("digoxin level", "ng/mL", "nmol/L", "1.281"),
    ("phenytoin", "ug/mL", "umol/L", "3.964"),
    ("valproate", "ug/mL", "umol/L", "6.934"),
    ("carbamazepine level", "ug/mL", "umol/L", "4.233"),
    ("phenobarbital", "ug/mL", "umol/L", "4.306"),
    ("theophylline level", "ug/mL", "umol/L", "5.55"),
    ("tacrolimus trough", "ng/mL", "nmol/L", "1.244"),
    ("cyclosporine level", "ng/mL", "nmol/L", "0.8315"),
    ("sirolimus", "ng/mL", "nmol/L", "1.094"),
    ("methotrexate", "ug/mL", "umol/L", "2.2"),
    ("vancomycin", "ug/mL", "umol/L", "0.690"),
    ("paracetamol", "ug/mL", "umol/L", "6.62"),
    ("salicylate", "mg/dL", "mmol/L", "0.0724"),
    ("urine albumin/creatinine ratio", "mg/mmol", "mg/g", "8.84"),
    ("UPCR", "mg/g", "mg/mmol", "0.1131"),
    ("urine creatinine", "mg/dL", "mmol/L", "0.0884"),
    ("ALT", "[IU]/L", "U/L", "1"),
    ("AST", "U/L", "[IU]/L", "1"),
    ("TSH", "mU/L", "u[IU]/mL", "1"),
    ("Karnofsky performance status", "%", "{score}", "1"),
    ("serum creatinine", "mg/dL", "mmol/L", "0.0884"),
    ("lab.glucose", "mg/dL", "mmol/L", "0.0555"),
    ("Haemoglobin", "g/L", "mmol/L", "0.06206"),
]


@pytest.mark.parametrize(("analyte", "unit", "to", "factor"), LABORATORY)
def test_factors_that_laboratories_print(analyte, unit, to, factor):
    found = convert(Decimal(1), unit, to, analyte=analyte)
    assert abs(found / Decimal(factor) - 1) < Decimal("0.005")


@pytest.mark.parametrize(
    ("percent", "mmol_mol"),
    [("5", "31"), ("6", "42"), ("6.5", "48"), ("7", "53"), ("8", "64"), ("9", "75"), ("10", "86")],
)
def test_hba1c_by_its_master_equation(percent, mmol_mol):
    found = convert(Decimal(percent), "%", "mmol/mol", analyte="HbA1c")
    assert round(found) == Decimal(mmol_mol)
    assert round(convert(Decimal(mmol_mol), "mmol/mol", "%", analyte="A1c"), 1) == Decimal(percent)
    share = convert(Decimal(percent) / 100, "1", "mmol/mol", analyte="glycated haemoglobin")
    assert round(share, 9) == round(found, 9)


REFUSED = [
    ("mg/dL", "mmol/L", None, "what is measured"),
    ("ng/mL", "pmol/L", "ferritin", "no molar mass is known of 'ferritin'"),
    ("mg/dL", "meq/L", "glucose", "no charge is known"),
    ("mL/min", "mL/min/{1.73_m2}", "creatinine clearance", "1.73 m2 of body surface"),
    ("U/L", "[IU]/L", "vancomycin", "not known to be the same"),
    ("U/L", "[IU]/L", None, "not said"),
    ("{copies}/mL", "[IU]/mL", "HCV RNA", "depends on the preparation"),
    ("[IU]/mL", "ng/mL", "prolactin", "depends on the preparation"),
    ("{copies}/mL", "/mL", "HIV RNA", "count different things"),
    ("mosm/kg", "mmol/kg", "osmolality", "osmoles"),
    ("mg", "mL", None, "dimensions are different"),
    ("%", "10*9/L", "neutrophils", "dimensions are different"),
    ("Cel", "kg", None, "temperature"),
    ("ng/mL{FEU}", "ng/mL", "D-dimer", "FEU"),
    ("foo/L", "mg/L", None, "'foo' is not known"),
    ("mg/dL", "", None, "empty"),
    ("mg//dL", "mg/dL", None, "not a UCUM code"),
    ("(mg/dL", "mg/dL", None, "not closed"),
    ("mmol/mol", "mg/dL", "HbA1c", "HbA1c is a share"),
    ("{drinks}/wk", "g/wk", None, "count different things"),
    ("%", "{score}", "left ventricular ejection fraction", "different things"),
]


@pytest.mark.parametrize(("unit", "to", "analyte", "why"), REFUSED)
def test_what_cannot_be_converted_says_why(unit, to, analyte, why):
    with pytest.raises(UnitError, match=re.escape(why)):
        convert(Decimal(1), unit, to, analyte=analyte)


PAIRS = [(unit, to, None) for _, unit, to, _ in EXACT] + [(u, t, a) for a, u, t, _ in LABORATORY]


@given(
    st.sampled_from([*PAIRS, ("%", "mmol/mol", "HbA1c")]),
    st.decimals(min_value=-1000000, max_value=1000000, places=6),
)
def test_there_and_back_is_the_same_number(pair, number):
    unit, to, analyte = pair
    back = convert(convert(number, unit, to, analyte=analyte), to, unit, analyte=analyte)
    assert abs(back - number) <= Decimal("1e-20")


@given(st.decimals(min_value=0, max_value=10**6, places=4), st.decimals(1, 2, places=4))
def test_order_is_kept(number, more):
    small = convert(number, "mg/dL", "umol/L", analyte="creatinine")
    assert convert(number + more, "mg/dL", "umol/L", analyte="creatinine") > small


@given(st.text(alphabet="mgLdu/.10*{}[]()%^-IU23 ", max_size=14))
def test_any_text_is_a_unit_or_one_clear_error(text):
    try:
        said = str(convert(Decimal(2), text, "mg/dL"))
    except UnitError as error:
        said = str(error)
    assert said
    assert "\n" not in said


MAGNITUDES = [
    ("100", "/L", "platelets", "below what is possible"),
    ("150000", "10*9/L", "platelet count", "above"),
    ("150", "10*9/L", "platelet count", None),
    ("150000", "/mm3", "platelets", None),
    ("140", "g/dL", "Hb", "above"),
    ("14", "g/L", "haemoglobin", "below"),
    ("140", "g/L", "hemoglobin", None),
    ("90", "mg/dL", "serum creatinine", "above"),
    ("90", "umol/L", "serum creatinine", None),
    ("1", "umol/L", "creatinine", "below"),
    ("5.5", "mg/dL", "glucose", None),
    ("2", "mg/dL", "glucose", "below"),
    ("98.6", "Cel", "body temperature", "above"),
    ("98.6", "[degF]", "body temperature", None),
    ("1.2", "/uL", "absolute neutrophil count", "below"),
    ("0", "/uL", "absolute neutrophil count", None),
    ("140", "meq/L", "sodium", None),
    ("14", "meq/L", "sodium", "below"),
    ("0.55", "%", "LVEF", "below"),
    ("180", "m", "height", "above"),
    ("12", "foo", "glucose", None),
    ("12", "mg/dL", "something else", None),
    ("12", "mg/dL", None, None),
]


@pytest.mark.parametrize(("number", "unit", "analyte", "why"), MAGNITUDES)
def test_magnitudes_no_body_has(number, unit, analyte, why):
    found = implausible(Decimal(number), unit, analyte)
    assert (found is None) if why is None else (found is not None and why in found)


# --- the tables against second sources --------------------------------------------------------

ATOMS = {
    "H": "1.008", "C": "12.011", "N": "14.007", "O": "15.999", "F": "18.998", "Na": "22.990",
    "Mg": "24.305", "Al": "26.982", "P": "30.974", "S": "32.06", "Cl": "35.45", "K": "39.098",
    "Ca": "40.078", "Mn": "54.938", "Fe": "55.845", "Co": "58.933", "Cu": "63.546", "Zn": "65.38",
    "As": "74.922", "Se": "78.971", "Cd": "112.414", "I": "126.904", "Hg": "200.592", "Pb": "207.2",
    "Li": "6.94",
}  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "mass"), [(row[2], row[3]) for row in read_rows("analytes.tsv") if row[2]]
)
def test_molar_masses_are_the_sums_of_their_atoms(formula, mass):
    parts = re.findall(r"([A-Z][a-z]?)(\d*)", formula)
    assert "".join(a + n for a, n in parts) == formula
    total = sum(Decimal(ATOMS[atom]) * int(count or 1) for atom, count in parts)
    assert abs(total / Decimal(mass) - 1) < Decimal("0.0002")


def test_there_are_analytes_enough_and_every_one_is_found_by_its_name():
    rows = read_rows("analytes.tsv")
    known = {term.id: term.name for term in terms()}
    with_mass = {n for ids, names, _, m, *_ in rows if m for n in f"{ids}|{names}".split("|") if n}
    assert len(with_mass) >= 100
    for ids, names, *_ in rows:
        for name in [known[term_id] for term_id in ids.split("|") if term_id] + names.split("|"):
            assert not name or find_analyte(name) is not None, name


def test_bounds_are_of_terms_and_of_a_readable_unit():
    known = {term.id for term in terms()}
    for ids, low, high, unit, zero in read_rows("plausible.tsv"):
        assert set(ids.split("|")) <= known
        assert Decimal(low) < Decimal(high)
        assert ucum.parse(unit) if unit != "Cel" else True
        assert zero in {"", "yes"}


@pytest.mark.parametrize("unit", sorted({u for t in terms() for u in t.units}))
def test_usual_units_of_the_lexicon_are_read(unit):
    assert convert(Decimal(3), unit, unit) == 3
    assert unit in {"Cel", "[degF]"} or ucum.parse(unit)


NOT_AS_IN_UCUM = {"%", "U", "[IU]", "eq", "osm", "Gy", "Sv", "Bq", "Ci", "B", "10*", "10^", "RAD"}
NOT_AS_IN_UCUM |= {"mol", "[HPF]", "[LPF]", "REM", "kat", "C", "cd", "[diop]", "deg", "'"}


@pytest.mark.shared
def test_sizes_are_those_of_the_published_table():
    path = Path(__file__).parents[2] / "shared" / "vocab" / "ucum-essence.xml"
    if not path.is_file():
        pytest.skip("../shared/vocab is not here")
    space = "{http://unitsofmeasure.org/ucum-essence}"
    checked = 0
    for unit in ET.parse(path).getroot().iter(f"{space}unit"):
        code, value = unit.get("Code"), unit.find(f"{space}value")
        ours = {code for code, *_ in read_rows("ucum.tsv")}
        if code not in ours - NOT_AS_IN_UCUM or value is None or unit.get("isArbitrary") == "yes":
            continue
        try:
            published = ucum.parse(value.get("Unit"))
        except UnitError:  # by a unit that is not in the table
            continue
        size = Fraction(value.get("value").replace("E", "e")) * published.size
        assert abs(ucum.parse(code).size / size - 1) < Fraction(1, 10**9), code
        assert ucum.parse(code).powers == published.powers, code
        checked += 1
    assert checked > 35


def test_sizes_are_those_of_a_unit_library():
    ucumvert = pytest.importorskip("ucumvert")
    registry = ucumvert.PintUcumRegistry()
    checked = 0
    for number, unit, to, expected in EXACT:
        if {unit, to} & {
            "Cel",
            "[degF]",
            "K",
            "[Cal]",
        } or "{" in unit + to:  # a remark is lost there
            continue
        try:
            theirs = (registry.from_ucum(unit) / registry.from_ucum(to)).to("dimensionless")
        except Exception:  # noqa: BLE001  (written units, remarks, and codes it lacks)
            continue
        assert theirs.magnitude == pytest.approx(float(expected) / float(number), rel=1e-4), unit
        checked += 1
    assert checked > 40
