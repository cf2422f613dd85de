"""What is said before one name holds for its examples, and for the one that "or" joins to it."""

import pytest

import critextract


def said(text):
    """Return the mentions' words, each with what is said before it, and the periods."""
    record = critextract.extract("Exclusion Criteria:\n- " + text)
    return {m.text: [q.value for q in m.qualifiers] for m in record.mentions}


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Severe asthma or eczema", "eczema", ["severe"]),
        ("Severe aortic stenosis or regurgitation", "regurgitation", ["severe"]),
        ("No untreated esophagitis and/or gastric ulcers", "gastric ulcers", ["untreated"]),
        ("Serious active infection or fever", "fever", ["serious"]),
        ("Severe asthma, eczema or psoriasis", "eczema", ["severe"]),
        ("Serious rash, abscess, or ulcer", "ulcer", ["serious"]),
        ("Severe asthma, eczema, psoriasis", "eczema", []),
        ("Severe asthma, chronic eczema or psoriasis", "psoriasis", []),
        ("Severe asthma, eczema within 6 months or psoriasis", "psoriasis", []),
        ("Severe asthma, melanoma or psoriasis", "psoriasis", []),
        ("Severe asthma or eczema, psoriasis", "psoriasis", []),
        ("Chronic bronchitis, eczema or psoriasis", "psoriasis", []),
        ("Active hepatitis A or hepatitis E", "hepatitis E", ["active"]),
        ("Active hepatitis E, syphilis or cytomegalovirus infection", "syphilis", ["active"]),
        ("Active tuberculosis or syphilis", "syphilis", []),
        (
            "Active cytomegalovirus (CMV), hepatitis E, or syphilis infection",
            "hepatitis E",
            ["active"],
        ),
        ("Acute pancreatitis or a history of pancreatitis", "pancreatitis", []),
        ("No active infection (e.g., cholangitis, sinusitis)", "sinusitis", ["active"]),
        ("No severe lung disease such as sarcoidosis", "sarcoidosis", ["severe"]),
        ("Gout, severe asthma or eczema", "eczema", []),
        ("Severe asthma or pregnancy", "pregnancy", []),
        ("Severe asthma or chronic eczema", "eczema", ["chronic"]),
        (
            "Severe asthma or chronic obstructive pulmonary disease",
            "chronic obstructive pulmonary disease",
            ["severe"],
        ),
        ("Clinically significant angina or unstable angina", "unstable angina", []),
        ("Severe bleeding or thrombosis within 6 months", "thrombosis", []),
        ("Chronic hepatitis or cirrhosis", "cirrhosis", []),
        ("Severe asthma or mild eczema", "eczema", ["mild"]),
        ("Active infections such as hepatitis C or syphilis", "syphilis", ["active"]),
        ("Severe lung disease (e.g., mild COPD, asthma)", "COPD", ["mild"]),
        ("Severe lung disease (e.g., mild COPD, asthma)", "asthma", ["severe"]),
        ("Severe lung disease (COPD, asthma)", "asthma", ["severe"]),
        ("Severe lung disease (COPD)", "COPD", []),
        ("Topical immunosuppressants (e.g., tacrolimus)", "tacrolimus", ["topical"]),
        ("Other mood disorders such as cyclothymia", "cyclothymia", []),
        ("End-stage liver disease, e.g. cirrhosis", "cirrhosis", ["end-stage"]),
        ("Frequent dyspepsia such as heartburn", "heartburn", ["frequent"]),
        ("Frequent dyspepsia or heartburn", "heartburn", []),
        ("Major depression such as psychosis", "psychosis", []),
        ("Severe hepatitis (e.g., ascites or signs of coagulopathy)", "coagulopathy", ["severe"]),
        ("Severe heart disease, pregnancy", "pregnancy", []),
        ("Asthma (congenital or acquired), eczema", "Asthma", ["congenital or acquired"]),
        ("History of asthma that has been treated, eczema", "eczema", []),
        ("On a stable dose of gabapentin or pregabalin", "pregabalin", ["stable dose"]),
        ("Stable doses of lithium, valproate or olanzapine", "olanzapine", ["stable doses"]),
        ("On a stable dose of gabapentin, no lithium", "lithium", []),
        ("No prior total dose of epirubicin or idarubicin", "idarubicin", ["total dose"]),
        ("Daily aspirin/ibuprofen use", "ibuprofen", ["daily"]),
        ("Daily aspirin/ibuprofen/naproxen use", "naproxen", ["daily"]),
        ("Daily aspirin/topical ibuprofen", "ibuprofen", ["topical"]),
        ("Daily aspirin, ibuprofen", "ibuprofen", []),
        ("On a stable dose of lithium with depression", "depression", []),
        ("Infection at the injection site or a systemic infection", "systemic infection", []),
        ("Infection at the injection site or eczema", "Infection", ["at the injection site"]),
        ("Pancreatitis (an inflamed pancreas) or hepatitis", "hepatitis", []),
    ],
)
def test_what_is_said_before(text, name, expected):
    assert said(text)[name] == expected


def test_active_examples_go_on():
    record = critextract.extract("Exclusion Criteria:\n- Active infection such as syphilis")
    assert {m.text: m.period for m in record.mentions} == {
        "infection": "present",
        "syphilis": "present",
    }


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Positive syphilis serology (e.g., RPR)", "RPR", ["positive"]),
        ("Abnormal liver function tests such as ALT", "ALT", ["abnormal"]),
        ("Liver function tests such as ALT > 100 U/L", "ALT", [None]),
        ("Positive skin test, HbA1c > 7 %", "HbA1c", [None]),
        ("Rash (e.g., eczema) of grade 3", "eczema", []),
    ],
)
def test_a_result_is_that_of_examples(text, name, expected):
    record = critextract.extract("Exclusion Criteria:\n- " + text)
    found = {m.text: [v.text_value for v in m.values] for m in record.mentions}
    assert found[name] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Grade 3 skin disorder (e.g., erythema, dermatitis)", [3, 3, 3]),
        ("Grade 3 peripheral sensory and/or motor neuropathy", [3, 3]),
        ("Grade 3 dermatitis or neuropathy", [3, None]),
        ("Grade 3 skin disorder and dermatitis", [3, None]),
    ],
)
def test_a_grade_is_that_of_examples_and_of_what_shares_a_noun(text, expected):
    record = critextract.extract("Exclusion Criteria:\n- " + text)
    assert [next((v.low for v in m.values), None) for m in record.mentions] == expected
