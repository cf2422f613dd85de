"""The packaged lexicons, looking names up, and finding them in text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critextract import terms
from critextract.errors import LexiconError
from critextract.lexicons import read_rows
from critextract.names import normalise_name
from critextract.schema import Label
from critextract.terms import find_terms, lookup

ALL = terms.terms()


def loinc_is_valid(code):
    """Tell whether a LOINC code's check digit (mod 10, Luhn) is right."""
    number, digit = code.split("-")
    doubled = "".join(str(int(d) * (2 - i % 2)) for i, d in enumerate(number[::-1]))
    return (10 - sum(map(int, doubled)) % 10) % 10 == int(digit)


# --- lint -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "valid"), [("2345-7", True), ("718-7", True), ("718-8", False)])
def test_check_digit(code, valid):
    assert loinc_is_valid(code) is valid


def test_there_are_enough_entries_of_every_kind():
    assert len(ALL) >= 600
    assert {term.label for term in ALL} == set(Label)


def test_ids_are_unique():
    ids = [term.id for term in ALL]
    assert len(ids) == len(set(ids))


def test_no_name_belongs_to_two_entries():
    owners = {}
    for term in ALL:
        for form in {normalise_name(form) for form in (term.name, *term.synonyms)}:
            assert owners.setdefault(form, term.id) == term.id, form
        for form in term.exact_synonyms:
            assert owners.setdefault(("exact", form), term.id) == term.id, form


def test_no_form_is_given_twice_in_one_entry():
    for term in ALL:
        forms = [term.name, *term.synonyms, *term.exact_synonyms]
        assert len(forms) == len(set(forms)), term.id


@pytest.mark.parametrize("table", terms.TABLES)
def test_tables_are_sorted_and_clean(table):
    rows = read_rows(f"terms_{table}.tsv")
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    for row in rows:
        for cell in row:
            assert all(part == part.strip() for part in cell.split("|")), row[0]
            assert "  " not in cell, row[0]


def test_every_entry_says_where_it_comes_from():
    assert [term.id for term in ALL if not term.source] == []
    assert [term.id for term in ALL if bool(term.system) != bool(term.code)] == []


def test_loinc_codes_have_a_right_check_digit():
    codes = [term.code for term in ALL if term.system == "LOINC"]
    assert len(codes) > 150
    assert [code for code in codes if not loinc_is_valid(code)] == []


def test_scales_have_a_unit_and_ordered_ends():
    for term in ALL:
        if term.scale_low is not None or term.scale_high is not None:
            assert term.unit is not None or term.units, term.id
            assert float(term.scale_low) < float(term.scale_high), term.id


def test_a_row_without_all_columns_is_an_error():
    with pytest.raises(LexiconError, match=r"'lab\.x' has 2 columns, expected 12"):
        terms._term("laboratory", ("lab.x", "MEASUREMENT"))


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Haemoglobin", "hemoglobins"),
        ("C-reactive protein", "C Reactive Proteins"),
        ("Leucocytes", "leukocyte"),
        ("tumour marker", "tumor markers"),
        ("Alzheimer's disease", "Alzheimer disease"),
        ("β-hCG", "beta hCG"),
        ("FEV_1", "FEV1"),
        ("FEV1 / FVC", "FEV1/FVC"),
        ("hospitalisation", "Hospitalization"),
        ("children", "child"),
    ],
)
def test_names_that_are_the_same(one, other):
    assert normalise_name(one) == normalise_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("FEV1/FVC", "FEV1 FVC"), ("men", "women"), ("type 1", "type 2"), ("hypo", "hyper")],
)
def test_names_that_are_not_the_same(one, other):
    assert normalise_name(one) != normalise_name(other)


@given(st.text(max_size=60))
def test_a_normalised_name_stays_as_it_is_in_words(text):
    assert normalise_name(text) == normalise_name(text.replace("\t", " ").strip()) or "\t" in text


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("AST", "lab.ast"),
        ("serum creatinine level", "lab.creatinine"),
        ("Haemoglobin (Hb)", "lab.hemoglobin"),
        ("white-cell counts", "lab.leukocytes"),
        ("Bilirubin, total", "lab.bilirubin.total"),
        ("ECOG performance status", "score.ecog"),
        ("New York Heart Association (NYHA) functional class", "score.nyha"),
        ("Eastern Cooperative Oncology Group", "score.ecog"),
        ("INR", "lab.inr"),
        ("pH", "lab.arterial_ph"),
        ("ph", None),
        ("serum", None),
        ("level", None),
        ("", None),
        ("iron deficiency", None),
        ("platelet transfusion", "proc.blood_transfusion"),
    ],
)
def test_lookup(name, id_):
    found = lookup(name)
    assert (found and found.id) == id_


@pytest.mark.parametrize(
    ("name", "unit"),
    [("INR", "1"), ("NYHA", "{class}"), ("ECOG", "{score}"), ("Kellgren-Lawrence", "{grade}"),
     ("hemoglobin", None), ("FEV1/FVC", "1"), ("Ann Arbor", "{stage}")],
)  # fmt: skip
def test_unit_of_what_prints_none(name, unit):
    assert lookup(name).unit == unit


# --- finding ----------------------------------------------------------------------------------


def found_in(text):
    return [(match.term.id, text[match.start : match.end]) for match in find_terms(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("AST and ALT ≤ 2.5 × ULN", [("lab.ast", "AST"), ("lab.alt", "ALT")], id="two"),
        pytest.param("SGPT/SGOT > 3", [("lab.alt", "SGPT"), ("lab.ast", "SGOT")], id="slash"),
        pytest.param("PT > 14 s", [("lab.prothrombin_time", "PT")], id="pt-with-value"),
        pytest.param("elevated PT", [("lab.prothrombin_time", "PT")], id="pt-elevated"),
        pytest.param(
            "PT or aPTT < 1.5 × ULN",
            [("lab.prothrombin_time", "PT"), ("lab.aptt", "aPTT")],
            id="pt-shares-a-value",
        ),
        pytest.param("PT twice a week", [], id="physiotherapy"),
        pytest.param("PT 3 times a week", [], id="physiotherapy-counted"),
        pytest.param("pt must sign", [], id="patient"),
        pytest.param("K > 5.5 mmol/L", [("lab.potassium", "K")], id="k-with-value"),
        pytest.param("serum K+ < 3.5", [("lab.potassium", "serum K")], id="k-plus"),
        pytest.param("vitamin K antagonists", [], id="vitamin-k"),
        pytest.param("iron deficiency anaemia", [], id="iron-deficiency"),
        pytest.param("iron 200 mg daily", [], id="iron-dose"),
        pytest.param("iron < 60 μg/dL", [("lab.iron", "iron")], id="iron-with-value"),
        pytest.param("calcium channel blockers", [], id="calcium-channel"),
        pytest.param("weight loss > 10 %", [("cond.weight_loss", "weight loss")], id="weight-loss"),
        pytest.param("weight ≥ 50 kg", [("vital.weight", "weight")], id="weight-with-value"),
        pytest.param("weight management", [], id="weight-alone"),
        pytest.param("temperature-controlled storage", [], id="temperature-storage"),
        pytest.param("Temperature > 38 °C", [("vital.temperature", "Temperature")], id="fever"),
        pytest.param("age-related macular degeneration", [], id="age-related"),
        pytest.param("ageing and the aged-care system", [("person.age", "aged")], id="ageing"),
        pytest.param("Age ≥ 18 years", [("person.age", "Age")], id="age"),
        pytest.param("18 years old", [("person.age", "years old")], id="years-old"),
        pytest.param("average dosage", [], id="age-inside-a-word"),
        pytest.param("Lp(a) > 50 mg/dL", [("lab.lpa", "Lp(a)")], id="bracket-in-name"),
        pytest.param("HbA_1c < 7", [("lab.hba1c", "HbA_1c")], id="subscript"),
        pytest.param("CD4+ T-cell count > 200", [("lab.cd4", "CD4+ T-cell count")], id="plus"),
        pytest.param(
            "body mass index (BMI) < 30", [("vital.bmi", "body mass index (BMI)")], id="in-bracket"
        ),
        pytest.param(
            "Eastern Cooperative Oncology Group (ECOG) performance status 0-1",
            [("score.ecog", "Eastern Cooperative Oncology Group (ECOG) performance status")],
            id="bracket-inside",
        ),
        pytest.param(
            "serum potassium level < 3",
            [("lab.potassium", "serum potassium level")],
            id="serum-and-level-belong-to-it",
        ),
        pytest.param("he had a cold, at least", [], id="english-words-are-no-abbreviations"),
        pytest.param("negative pregnancy test", [("lab.pregnancy_test", "pregnancy test")],
                     id="pregnancy-test-is-not-pregnancy"),
        pytest.param("hepatitis B vaccination", [], id="vaccine-is-not-the-infection"),
        pytest.param("hepatitis B surface antigen", [("lab.hbsag", "hepatitis B surface antigen")],
                     id="antigen-is-a-measurement"),
        pytest.param("diabetes insipidus", [("cond.diabetes_insipidus", "diabetes insipidus")],
                     id="longest-wins"),
        pytest.param("ASA III-IV", [("score.asa", "ASA")], id="asa-with-roman"),
        pytest.param("ASA and other NSAIDs", [], id="asa-the-drug"),
        pytest.param("HER2-positive", [("lab.her2", "HER2")], id="status-behind-a-hyphen"),
        pytest.param("", [], id="empty"),
    ],
)  # fmt: skip
def test_find_terms(text, expected):
    assert found_in(text) == expected


@pytest.mark.parametrize("label", sorted(Label))
def test_every_name_is_found_where_it_stands_alone_beside_a_value(label):
    for term in ALL:
        if term.label is not label:
            continue
        for form in (term.name, *term.synonyms, *term.exact_synonyms):
            found = find_terms(f"{form} > 5")
            assert [match.term.id for match in found] == [term.id], form


@given(st.text(alphabet="PTALS10 ()/-.,<≥eagkinormsuw", max_size=80))
def test_matches_are_ordered_inside_the_text_and_apart(text):
    ends = 0
    for match in find_terms(text):
        assert ends <= match.start < match.end <= len(text)
        ends = match.end


@pytest.mark.parametrize(
    "piece", ["platelet count (PLT) / ", "PT/", "PT, ", "(", "hepatitis (b ", "a", "(a ", "blood "]
)
def test_long_lines_are_read_in_time(piece):
    text = (piece * 20_000)[:20_000]
    find_terms("warm up")
    best = 9.0
    for _ in range(3):
        start = time.process_time()
        find_terms(text)
        best = min(best, time.process_time() - start)
    assert best < 0.1
