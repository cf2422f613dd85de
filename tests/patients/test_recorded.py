"""What names, words and units in patients' records say."""

from decimal import Decimal

import pytest

from critextract.patients.model import Code
from critextract.patients.recorded import event_codes, ingredients, recorded_name
from critextract.patients.words import meaning, unit_of_words, value_of_words


@pytest.mark.parametrize(("name", "expected"), [
    ("Prediabetes (finding)", ("Prediabetes", "present")),
    ("Diabetes mellitus type 2 (disorder)", ("Diabetes mellitus type 2", "present")),
    ("Hepatitis C (chronic)", ("Hepatitis C (chronic)", "present")),
    ("History of stroke (situation)", ("stroke", "past")),
    ("Personal history of malignant neoplasm", ("malignant neoplasm", "past")),
    ("Status post appendectomy", ("appendectomy", "past")),
    ("Historical asthma", ("Historical asthma", "present")),
    ("Family history of diabetes", ("diabetes", "family")),
    ("Suspected COVID-19", ("COVID-19", "uncertain")),
    ("At risk of falls", ("falls", "uncertain")),
    ("No known allergy", ("known allergy", "absent")),
    ("Absence of menstruation", ("menstruation", "absent")),
    ("Non-small cell lung cancer", ("Non-small cell lung cancer", "present")),
    ("Normal pregnancy", ("Normal pregnancy", "present")),
    ("Nodular goiter", ("Nodular goiter", "present")),
])  # fmt: skip
def test_recorded_name(name, expected):
    assert recorded_name(name) == expected


@pytest.mark.parametrize(("name", "expected"), [
    ("metformin", ("metformin",)),
    ("Metformin hydrochloride", ("Metformin",)),
    ("24 HR metformin hydrochloride 500 MG / sitagliptin 50 MG Oral Tablet [Janumet]",
     ("metformin", "sitagliptin")),
    ("1 ML enoxaparin sodium 100 MG/ML Prefilled Syringe", ("enoxaparin",)),
    ("insulin glargine 100 UNT/ML Injectable Solution [Lantus]", ("insulin glargine",)),
    ("{28 (norethindrone 0.35 MG Oral Tablet) } Pack", ("norethindrone",)),
    ("120 ACTUAT fluticasone propionate 0.044 MG/ACTUAT Metered Dose Inhaler", ("fluticasone",)),
    ("Aspirin oral tablet", ("Aspirin",)),
    ("lithium carbonate 300 MG Oral Capsule", ("lithium carbonate",)),
    ("potassium chloride 20 MEQ Extended Release Oral Tablet", ("potassium chloride",)),
    ("magnesium sulfate", ("magnesium sulfate",)),
    ("tenofovir alafenamide 25 MG Oral Tablet", ("tenofovir alafenamide",)),
    ("vitamin B 12", ("vitamin B 12",)),
    ("interferon beta-1a", ("interferon beta-1a",)),
    ("coenzyme Q10", ("coenzyme Q10",)),
])  # fmt: skip
def test_ingredients(name, expected):
    assert ingredients(name) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("< 5", (Decimal(5), "<")), ("<=0.1", (Decimal("0.1"), "<=")),
    ("-2.5", (Decimal("-2.5"), None)),
    ("Not detected", ("negative", None)), ("NON-REACTIVE", ("negative", None)),
    ("Positive", ("positive", None)), ("trace", ("trace", None)), ("1.2.3", ("1.2.3", None)),
    ("", (None, None)), ("²", ("²", None)),
])  # fmt: skip
def test_value_of_words(text, expected):
    assert value_of_words(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("mmHg", "mm[Hg]"), ("x 10^9/L", "10*9/L"), ("10E9/L", "10*9/L"), ("10⁹/L", "10*9/L"),
    ("×10*3/uL", "10*3/uL"), ("mg/dL", "mg/dL"), ("furlong", "furlong"), ("", None), (None, None),
])  # fmt: skip
def test_unit_of_words(text, expected):
    assert unit_of_words(text) == expected


@pytest.mark.parametrize(("kind", "said", "expected"), [
    ("result", ["260415000", "nothing"], "negative"),
    ("result", [None, "", "Detected"], "positive"),
    ("result", ["not detected at all"], None),
    ("flag", ["HH"], "elevated"), ("flag", ["?"], None),
    ("smoking", ["Ex-smoker (finding)"], "former"), ("smoking", ["smoked salmon"], None),
    ("visit", ["IMP"], "hospitalization"),
])  # fmt: skip
def test_meaning(kind, said, expected):
    assert meaning(kind, said) == expected


def test_the_first_code_is_also_that_of_no_vocabulary():
    """As the form of JSON Lines reads it back."""
    codes = [Code("1", "LOINC"), Code("2", "SNOMED CT")]
    assert event_codes(codes) == ("1", (Code("1"), *codes))
    assert event_codes([]) == (None, ())
