"""Pairs of what a criterion names and what is recorded: do they meet, and by what."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critextract.hierarchies import Hierarchy, read_hierarchy
from critextract.lexicons import read_rows
from critextract.patients.codes import broader_codes, code_key, system_name
from critextract.patients.matching import Matcher
from critextract.patients.model import Code, Event
from critextract.schema import Concept, Label, Mention, Qualifier

SHARED = Path(__file__).parents[3] / "shared" / "vocab"


def mention(text, label="CONDITION", qualifiers=(), concept=None, component=None):
    return Mention(
        id="m1",
        criterion="I1",
        label=Label(label),
        start=100,
        end=100 + len(text),
        text=text,
        qualifiers=tuple(Qualifier(kind, value, 0, len(value)) for kind, value in qualifiers),
        concept=Concept(*concept) if concept else None,
        component=component,
    )


DOMAINS = {
    "CONDITION": "condition",
    "DRUG": "drug",
    "PROCEDURE": "procedure",
    "MEASUREMENT": "measurement",
    "OBSERVATION": "observation",
}


@pytest.fixture(scope="module")
def matcher():
    return Matcher()


def relation(matcher, one, event):
    found = matcher.meets(one, event)
    return found and found.relation


CONDITIONS = {
    "same": [
        ("myocardial infarction", "heart attack"),
        ("MI", "Myocardial infarction"),
        ("heart attack", "myocardial infarct"),
        ("T2DM", "type 2 diabetes mellitus"),
        ("type II diabetes", "Diabetes mellitus, type 2"),
        ("type 2 diabetes", "Type 2 diabetes mellitus without complications"),
        ("hypertension", "High blood pressure"),
        ("HTN", "hypertension"),
        ("CHF", "congestive heart failure"),
        ("heart failure", "cardiac failure"),
        ("COPD", "Chronic obstructive pulmonary disease"),
        ("COPD", "chronic obstructive pulmonary disease (COPD)"),
        ("chronic obstructive pulmonary disease (COPD)", "COPD"),
        ("CKD", "chronic renal disease"),
        ("DVT", "deep vein thrombosis"),
        ("pulmonary embolism", "PE"),
        ("HCV infection", "hepatitis C"),
        ("hepatitis B", "HBV"),
        ("hepatitis B virus infection", "Hepatitis B"),
        ("TIA", "Transient ischaemic attack"),
        ("stroke", "cerebrovascular accident"),
        ("CVA", "Stroke"),
        ("AF", "atrial fibrillation"),
        ("GERD", "gastro-oesophageal reflux disease"),
        ("RA", "rheumatoid arthritis"),
        ("SLE", "Systemic lupus erythematosus"),
        ("MS", "multiple sclerosis"),
        ("IBD", "inflammatory bowel disease"),
        ("NSCLC", "non-small cell lung cancer"),
        ("non-small-cell lung carcinoma", "NSCLC"),
        ("HCC", "hepatocellular carcinoma"),
        ("AML", "acute myelogenous leukaemia"),
        ("CLL", "chronic lymphocytic leukemia"),
        ("renal disease", "kidney disease"),
        ("kidney disorder", "renal disease"),
        ("liver disease", "hepatic disease"),
        ("breast cancer", "cancer of the breast"),
        ("breast cancer", "Malignant neoplasm of breast (disorder)"),
        ("cancer", "malignancy"),
        ("malignant tumour", "malignant neoplasm"),
        ("anaemia", "Anemia"),
        ("seizures", "seizure"),
        ("metastases", "metastasis"),
        ("pain in the knee", "knee pain"),
        ("allergy to penicillin", "penicillin allergy"),
        ("Alzheimer's disease", "Alzheimer disease"),
        ("Crohn's disease", "Crohn disease"),
        ("HIV infection", "HIV"),
        ("breast-feeding", "lactating"),
        ("pregnant", "Pregnancy"),
        ("pre-eclampsia", "preeclampsia"),
        ("major depressive disorder", "MDD"),
        ("suspected pneumonia", "suspected pneumonia"),
        ("family history of breast cancer", "family history of breast cancer"),
        ("known asthma", "asthma"),
        ("diagnosis of asthma", "Asthma, unspecified"),
        ("carcinoma, hepatocellular", "hepatocellular carcinoma"),
        ("gallbladder disease", "gall bladder disease"),
        ("end-stage renal disease", "ESRD"),
        ("graft-versus-host disease", "GVHD"),
        ("breast or ovarian cancer", "ovarian cancer"),
        ("breast or ovarian cancer", "breast cancer"),
        ("type 1 or type 2 diabetes mellitus", "type 1 diabetes"),
        ("hepatitis B or C", "hepatitis C"),
        ("stroke/TIA", "transient ischemic attack"),
        ("known or suspected asthma", "asthma"),
    ],
    "narrower": [
        ("renal disease", "severe renal disease"),
        ("diabetes", "type 2 diabetes mellitus"),
        ("diabetes mellitus", "T1DM"),
        ("breast cancer", "metastatic breast cancer"),
        ("breast cancer", "invasive ductal breast carcinoma"),
        ("breast cancer", "carcinoma of the left breast"),
        ("malignancy", "acute myeloid leukemia"),
        ("malignancy", "diffuse large B-cell lymphoma"),
        ("malignancy", "osteosarcoma"),
        ("other malignancy", "lymphoma"),
        ("heart disease", "acute on chronic heart failure"),
        ("bleeding disorder", "hemophilia"),
        ("drug allergy", "penicillin allergy"),
        ("cancer", "metastatic melanoma"),
        ("cancer", "lung adenocarcinoma"),
        ("lung cancer", "adenocarcinoma of the lung"),
        ("lung cancer", "NSCLC"),
        ("hepatitis", "hepatitis B"),
        ("hepatitis", "autoimmune hepatitis"),
        ("viral hepatitis", "chronic hepatitis C"),
        ("hepatitis B", "chronic hepatitis B"),
        ("liver disease", "cirrhosis of the liver"),
        ("liver disease", "alcoholic hepatitis"),
        ("chronic liver disease", "NASH"),
        ("heart disease", "myocardial infarction"),
        ("heart disease", "rheumatic heart disease"),
        ("cardiovascular disease", "STEMI"),
        ("coronary artery disease", "unstable angina"),
        ("cardiac arrhythmia", "paroxysmal atrial fibrillation"),
        ("kidney disease", "lupus nephritis"),
        ("renal failure", "acute kidney injury"),
        ("stroke", "acute ischemic stroke"),
        ("stroke", "stroke due to embolism"),
        ("bleeding", "upper gastrointestinal hemorrhage"),
        ("thrombosis", "portal vein thrombosis"),
        ("infection", "urinary tract infection"),
        ("infection", "community acquired pneumonia"),
        ("viral infection", "COVID-19"),
        ("psychiatric disorder", "paranoid schizophrenia"),
        ("autoimmune disease", "rheumatoid arthritis"),
        ("autoimmune disease", "ulcerative colitis"),
        ("acute leukemia", "acute lymphoblastic leukemia"),
        ("pneumonia", "pneumonia due to COVID-19"),
        ("heart failure", "acute decompensated heart failure"),
        ("heart failure", "Heart failure with reduced ejection fraction"),
        ("hypertension", "resistant hypertension"),
        ("knee pain", "left knee pain"),
        ("fracture", "fracture of left femur"),
        ("pulmonary hypertension", "pulmonary arterial hypertension"),
        ("asthma", "severe persistent asthma"),
        ("dementia", "Alzheimer's disease"),
        ("allergy", "penicillin allergy"),
        ("arthritis", "osteoarthritis"),
        ("anemia", "iron deficiency anemia"),
        ("vomiting", "nausea and vomiting"),
        ("myocardial infarction", "non-ST elevation myocardial infarction"),
        ("pregnancy", "high risk pregnancy"),
    ],
    "broader": [
        ("severe renal disease", "renal disease"),
        ("type 2 diabetes", "diabetes"),
        ("metastatic breast cancer", "breast cancer"),
        ("metastatic breast cancer", "triple negative breast cancer"),
        ("breast cancer", "cancer"),
        ("hepatitis B", "hepatitis"),
        ("atopic dermatitis", "dermatitis"),
        ("pneumonia", "suspected pneumonia"),
        ("pneumonia", "possible pneumonia"),
        ("cancer", "carcinoma in situ of cervix"),
        ("tuberculosis", "latent tuberculosis"),
        ("STEMI", "myocardial infarction"),
        ("NSCLC", "lung cancer"),
        ("disease", "renal disease"),
        ("serious medical condition", "asthma"),
        ("chronic illness", "asthma"),
        ("severe hepatic impairment", "hepatic impairment"),
        ("uncontrolled hypertension", "hypertension"),
        ("acute pancreatitis", "pancreatitis"),
        ("severe liver disease", "cirrhosis"),
        ("chronic hepatitis C", "hepatitis C"),
        ("UC", "ulcerative colitis"),
        ("clinically significant heart disease", "angina"),
        ("iron deficiency anemia", "anemia"),
        ("major depressive disorder", "depression"),
    ],
    None: [
        ("breast cancer", "family history of breast cancer"),
        ("diabetes", "family history of diabetes mellitus"),
        ("diabetes", "prediabetes"),
        ("diabetes", "pre-diabetes"),
        ("diabetes", "diabetes insipidus"),
        ("diabetes", "no diabetes"),
        ("diabetes", "non-diabetic"),
        ("gout", "pseudogout"),
        ("seizure", "pseudoseizure"),
        ("lung cancer", "lung cancer screening"),
        ("lung cancer", "screening for lung cancer"),
        ("stroke", "risk of stroke"),
        ("stroke", "at risk for stroke"),
        ("stroke", "heat stroke"),
        ("hepatitis B", "hepatitis B vaccine"),
        ("hepatitis B", "anti-hepatitis B antibody"),
        ("hepatitis B", "hepatitis B carrier screening"),
        ("hepatitis B", "hepatitis C"),
        ("hepatitis B", "exposure to hepatitis B"),
        ("breast cancer", "lung cancer"),
        ("breast cancer", "prostate cancer"),
        ("metastatic breast cancer", "metastatic lung cancer"),
        ("hypertension", "pulmonary hypertension"),
        ("hypertension", "portal hypertension"),
        ("hypertension", "Ocular hypertension"),
        ("hypertension", "hypotension"),
        ("hypothyroidism", "hyperthyroidism"),
        ("small cell lung cancer", "non-small cell lung cancer"),
        ("Hodgkin lymphoma", "non-Hodgkin lymphoma"),
        ("depression", "respiratory depression"),
        ("type 1 diabetes", "type 2 diabetes"),
        ("kidney transplant rejection", "kidney transplant donor"),
        ("acute hepatitis", "chronic hepatitis"),
        ("bladder cancer", "gall bladder cancer"),
        ("HIV infection", "HIV negative"),
        ("severe asthma", "mild asthma"),
        ("heart failure", "renal failure"),
        ("angina", "herpangina"),
        ("multiple sclerosis", "amyotrophic lateral sclerosis"),
        ("multiple sclerosis", "tuberous sclerosis"),
        ("asthma", "maternal asthma"),
        ("malignancy", "benign prostatic hyperplasia"),
        ("malignancy", "lipoma"),
        ("malignant mesothelioma", "benign mesothelioma"),
        ("breast or ovarian cancer", "lung cancer"),
        ("left knee pain", "right knee pain"),
        ("fever", "hay fever"),
        ("pregnancy", "pregnancy test"),
        ("psoriasis", "psoriatic arthritis"),
        ("peptic ulcer", "corneal ulcer"),
        ("epilepsy", "migraine"),
        ("alcoholic fatty liver disease", "non-alcoholic fatty liver disease"),
        ("autoimmune disease", "osteoarthritis"),
        ("bone disease", "bone marrow transplant"),
        ("family history of breast cancer", "breast cancer"),
    ],
}


@pytest.mark.parametrize(
    ("criterion", "event", "expected"),
    [(c, e, expected) for expected, pairs in CONDITIONS.items() for c, e in pairs],
)
def test_conditions(matcher, criterion, event, expected):
    assert relation(matcher, mention(criterion), Event("condition", event)) == expected


OTHERS = [
    ("DRUG", "paracetamol", "drug", "Acetaminophen", "same"),
    ("DRUG", "aspirin", "drug", "ASA", "same"),
    ("DRUG", "acetylsalicylic acid", "drug", "aspirin 81 MG Oral Tablet", "narrower"),
    ("DRUG", "5-FU", "drug", "fluorouracil", "same"),
    ("DRUG", "MTX", "drug", "methotrexate", "same"),
    ("DRUG", "statins", "drug", "atorvastatin 20 MG Oral Tablet", "narrower"),
    ("DRUG", "statin therapy", "drug", "simvastatin", "narrower"),
    ("DRUG", "lipid-lowering medication", "drug", "rosuvastatin calcium 10 mg", "narrower"),
    ("DRUG", "ACE inhibitors", "drug", "lisinopril", "narrower"),
    ("DRUG", "beta blockers", "drug", "metoprolol succinate 50 MG", "narrower"),
    ("DRUG", "beta-blocker", "drug", "Bisoprolol", "narrower"),
    ("DRUG", "anticoagulants", "drug", "apixaban", "narrower"),
    ("DRUG", "anticoagulation", "drug", "warfarin sodium", "narrower"),
    ("DRUG", "NSAIDs", "drug", "ibuprofen 400 mg tablet", "narrower"),
    ("DRUG", "corticosteroids", "drug", "prednisone", "narrower"),
    ("DRUG", "systemic corticosteroids", "drug", "prednisone", "narrower"),
    ("DRUG", "systemic corticosteroids", "drug", "dexamethasone", "broader"),
    ("DRUG", "systemic corticosteroids", "drug", "hydrocortisone cream", None),
    ("DRUG", "corticosteroids", "drug", "hydrocortisone cream", "narrower"),
    ("DRUG", "SSRIs", "drug", "sertraline", "narrower"),
    ("DRUG", "anti-PD-1", "drug", "pembrolizumab", "narrower"),
    ("DRUG", "immune checkpoint inhibitor", "drug", "Nivolumab", "narrower"),
    ("DRUG", "atorvastatin", "drug", "statin", "broader"),
    ("DRUG", "atorvastatin", "drug", "simvastatin", None),
    ("DRUG", "insulin", "drug", "insulin glargine 100 UNT/ML", "narrower"),
    ("DRUG", "insulin", "measurement", "insulin", None),
    ("DRUG", "testosterone", "measurement", "Testosterone", None),
    ("DRUG", "lithium", "drug", "lithium carbonate 300 mg", "same"),
    ("DRUG", "treatment with metformin", "drug", "metformin hydrochloride", "same"),
    ("DRUG", "metformin", "drug", "sitagliptin / metformin", "narrower"),
    ("DRUG", "antidiabetic drugs", "drug", "sitagliptin / metformin", "narrower"),
    ("DRUG", "opioids", "drug", "tramadol", "narrower"),
    ("DRUG", "opioids", "drug", "naloxone", None),
    ("DRUG", "chemotherapy", "drug", "carboplatin", "narrower"),
    ("PROCEDURE", "chemotherapy", "drug", "paclitaxel", "narrower"),
    ("PROCEDURE", "chemotherapy", "procedure", "Chemotherapy", "same"),
    ("PROCEDURE", "chemotherapy", "procedure", "adjuvant chemotherapy", "narrower"),
    ("PROCEDURE", "chemotherapy", "drug", "pembrolizumab", None),
    ("DRUG", "rifampicin", "drug", "rifampin", "same"),
    ("DRUG", "salbutamol", "drug", "albuterol inhaler", "narrower"),
    ("DRUG", "antibiotics", "drug", "amoxicillin 500 mg capsule", "narrower"),
    ("DRUG", "vitamin K antagonist", "drug", "phenprocoumon", "narrower"),
    ("DRUG", "influenza vaccination", "drug", "influenza vaccine", "same"),
    ("DRUG", "live vaccine", "drug", "yellow fever vaccine", "narrower"),
    ("DRUG", "diabetes medication", "condition", "diabetes", None),
    ("PROCEDURE", "PCI", "procedure", "percutaneous coronary intervention", "same"),
    ("PROCEDURE", "CABG", "procedure", "coronary artery bypass grafting", "same"),
    ("PROCEDURE", "radiation therapy", "procedure", "radiotherapy", "same"),
    ("PROCEDURE", "organ transplant", "procedure", "kidney transplantation", "narrower"),
    ("PROCEDURE", "dialysis", "procedure", "hemodialysis", "narrower"),
    ("PROCEDURE", "surgery", "procedure", "appendectomy", "narrower"),
    ("PROCEDURE", "surgery", "procedure", "major abdominal surgery", "narrower"),
    ("PROCEDURE", "bilateral oophorectomy", "procedure", "oophorectomy", "broader"),
    ("PROCEDURE", "hysterectomy", "procedure", "sham hysterectomy", None),
    ("MEASUREMENT", "serum creatinine", "measurement", "Creatinine", "same"),
    (
        "MEASUREMENT",
        "creatinine",
        "measurement",
        "Creatinine [Mass/volume] in Serum or Plasma",
        "same",
    ),
    ("MEASUREMENT", "creatinine", "measurement", "urine creatinine", None),
    ("MEASUREMENT", "creatinine", "measurement", "Creatinine [Mass/volume] in Urine", None),
    ("MEASUREMENT", "creatinine", "measurement", "creatinine clearance", None),
    ("MEASUREMENT", "LVEF", "measurement", "left ventricular ejection fraction", "same"),
    ("MEASUREMENT", "ANC", "measurement", "absolute neutrophil count", "same"),
    ("MEASUREMENT", "haemoglobin", "measurement", "Hb", "same"),
    ("MEASUREMENT", "platelets", "measurement", "platelet count", "same"),
    ("MEASUREMENT", "total bilirubin", "measurement", "direct bilirubin", None),
    ("MEASUREMENT", "calcium", "measurement", "ionized calcium", None),
    ("MEASUREMENT", "cholesterol", "measurement", "HDL cholesterol", None),
    ("MEASUREMENT", "glucose", "measurement", "fasting glucose", "narrower"),
    ("MEASUREMENT", "fasting glucose", "measurement", "glucose", "broader"),
    ("MEASUREMENT", "T4", "measurement", "free T4", None),
    ("MEASUREMENT", "ECOG", "measurement", "ECOG performance status", "same"),
    ("MEASUREMENT", "insulin", "drug", "insulin", None),
    ("MEASUREMENT", "C-reactive protein", "measurement", "hs-CRP", "narrower"),
    ("MEASUREMENT", "HbA1c", "measurement", "Hemoglobin A1c/Hemoglobin.total in Blood", "same"),
    ("MEASUREMENT", "some new marker", "measurement", "Some new markers", "same"),
    ("CONDITION", "proteinuria", "measurement", "proteinuria", "broader"),
    ("OBSERVATION", "smoking", "observation", "current smoker", "same"),
    ("OBSERVATION", "life expectancy", "measurement", "life expectancy", "same"),
    ("CONDITION", "smoking", "observation", "smoking", "same"),
]


@pytest.mark.parametrize(("label", "criterion", "domain", "event", "expected"), OTHERS)
def test_drugs_procedures_and_measurements(matcher, label, criterion, domain, event, expected):
    assert relation(matcher, mention(criterion, label), Event(domain, event)) == expected


def test_names_of_no_one_thing(matcher):
    treatment = mention("treatment", "PROCEDURE")
    assert relation(matcher, treatment, Event("drug", "aspirin")) == "broader"
    assert relation(matcher, treatment, Event("condition", "asthma")) is None
    assert relation(matcher, mention("medications", "DRUG"), Event("drug", "aspirin")) == "broader"


BY = [
    ("renal disease", "severe renal disease", "narrower name", "a kind of 'kidney disease'"),
    ("heart attack", "myocardial infarction", "synonym", "myocardial infarction"),
    ("asthma", "Asthma", "name", "Asthma"),
    ("malignancy", "lymphoma of the skin", "class", "one of 'cancer'"),
    ("liver disease", "NASH", "class", "one of 'liver disease'"),
]


@pytest.mark.parametrize(("criterion", "event", "by", "detail"), BY)
def test_the_match_says_by_what(matcher, criterion, event, by, detail):
    found = matcher.meets(mention(criterion), Event("condition", event))
    assert found.by == by
    assert detail in found.detail


@pytest.mark.parametrize(
    ("event", "past"),
    [
        ("history of stroke", True),
        ("Personal history of stroke", True),
        ("old stroke", True),
        ("s/p stroke", True),
        ("stroke", False),
        ("acute stroke", False),
    ],
)
def test_a_name_that_says_it_is_over(matcher, event, past):
    found = matcher.meets(mention("stroke"), Event("condition", event))
    assert found.relation in {"same", "narrower"}
    assert found.past is past


@pytest.mark.parametrize(
    ("qualifiers", "event", "expected"),
    [
        ([("severity", "severe")], "renal disease", "broader"),
        ([("severity", "severe")], "severe renal disease", "same"),
        ([("severity", "severe")], "severe chronic renal disease", "narrower"),
        ([("severity", "severe")], "mild renal disease", None),
        ([("acuteness", "active")], "renal disease", "same"),
        ([("other", "known")], "renal disease", "same"),
        ([("stability", "uncontrolled")], "renal disease", "broader"),
    ],
)
def test_qualifiers_are_part_of_the_name(matcher, qualifiers, event, expected):
    criterion = mention("renal disease", qualifiers=qualifiers)
    assert relation(matcher, criterion, Event("condition", event)) == expected


def test_specimen_and_component(matcher):
    in_urine = mention("creatinine", "MEASUREMENT", [("specimen", "urine")])
    in_serum = mention("creatinine", "MEASUREMENT", [("specimen", "serum")])
    event = Event("measurement", "creatinine")
    assert relation(matcher, in_urine, event) is None
    assert relation(matcher, in_serum, event) == "same"
    upper = mention("BP", "MEASUREMENT", component="systolic")
    assert relation(matcher, upper, Event("measurement", "Systolic blood pressure")) == "same"
    assert relation(matcher, upper, Event("measurement", "diastolic blood pressure")) is None


CODED = [
    (("LOINC", "2160-0"), "MEASUREMENT", "measurement", ("2160-0", "http://loinc.org"), "same"),
    (("LOINC", "2160-0"), "MEASUREMENT", "measurement", ("2160-0", "LN"), "same"),
    (("LOINC", "2160-0"), "MEASUREMENT", "measurement", ("2345-7", "LOINC"), None),
    (("ICD-10-CM", "I21"), "CONDITION", "condition", ("I21.4", "ICD10CM"), "narrower"),
    (("ICD-10-CM", "I21.4"), "CONDITION", "condition", ("I21.4", "ICD-10"), "same"),
    (("ICD-10-CM", "I21.4"), "CONDITION", "condition", ("I21", "ICD-10"), "broader"),
    (("ICD-10-CM", "I21"), "CONDITION", "condition", ("I25.2", "ICD-10"), None),
    (
        ("SNOMED CT", "22298006"),
        "CONDITION",
        "condition",
        ("22298006", "http://snomed.info/sct"),
        "same",
    ),
    (("RxNorm", "83367"), "DRUG", "drug", ("83367", "RXNORM"), "same"),
    (("ATC", "C10AA"), "DRUG", "drug", ("C10AA05", "http://www.whocc.no/atc"), "narrower"),
    (("MeSH", "D000001"), "DRUG", "drug", ("D000001", "MSH"), "same"),
    (("MeSH", "D000001"), "DRUG", "drug", ("D000001", "DrugBank"), None),
]


@pytest.mark.parametrize(("concept", "label", "domain", "code", "expected"), CODED)
def test_codes(matcher, concept, label, domain, code, expected):
    criterion = mention("qqq one", label, concept=(*concept, "shown", 1.0))
    event = Event(domain, "zzz other", codes=(Code(*code),))
    found = matcher.meets(criterion, event)
    assert (found and found.relation) == expected
    assert found is None or found.by == "code"


@pytest.mark.parametrize(
    ("criterion", "code", "expected"),
    [
        ("myocardial infarction", Code("I21.09", "ICD10CM"), "narrower"),
        ("heart disease", Code("I21.09", "ICD10CM"), "narrower"),
        ("type 2 diabetes", Code("E11.65", "http://hl7.org/fhir/sid/icd-10-cm"), "narrower"),
        ("diabetes", Code("E11.65", "ICD-10"), "narrower"),
        ("malignancy", Code("C50.911", "ICD10"), "narrower"),
        ("asthma", Code("J44.1", "ICD10"), None),
        ("myocardial infarction", Code("E11.65", "ICD-10"), None),
    ],
)
def test_an_event_known_by_its_code_alone(matcher, criterion, code, expected):
    event = Event("condition", "zzz", codes=(code,))
    assert relation(matcher, mention(criterion), event) == expected


def test_a_bare_code_whose_form_tells_its_system(matcher):
    event = Event("condition", "zzz", code="I21.4")
    assert relation(matcher, mention("myocardial infarction"), event) == "narrower"


def test_a_concept_that_was_only_near_is_no_proof(matcher):
    near = mention("qqq", concept=("DOID", "DOID:1", "shown", 0.88))
    event = Event("condition", "zzz", codes=(Code("DOID:1", "DOID"),))
    assert relation(matcher, near, event) == "broader"


# --- vocabularies -----------------------------------------------------------------------------

OBO = """[Term]
id: X:1
name: plant disease

[Term]
id: X:2
name: leaf rot
synonym: "rotting of leaves" EXACT []
is_a: X:1 ! plant disease

[Term]
id: X:3
name: brown spots
is_a: X:2 ! leaf rot
"""


@pytest.fixture
def obo(tmp_path):
    path = tmp_path / "plants.obo"
    path.write_text(OBO, encoding="utf-8")
    return Matcher(path)


@pytest.mark.parametrize(
    ("criterion", "event", "expected"),
    [
        ("plant disease", "brown spots", "narrower"),
        ("leaf rot", "Brown spot", "narrower"),
        ("leaf rot", "rotting of leaves", "same"),
        ("brown spots", "leaf rot", "broader"),
        ("brown spots", "black spots", None),
    ],
)
def test_an_ontology(obo, criterion, event, expected):
    found = obo.meets(mention(criterion), Event("condition", event))
    assert (found and found.relation) == expected
    if expected == "narrower":
        assert found.by == "vocabulary"
        assert "a kind of" in found.detail


def test_an_ontology_by_codes(obo):
    one = mention("qqq", concept=("X", "X:1", "plant disease", 1.0))
    event = Event("condition", "zzz", codes=(Code("X:3", "X"),))
    assert relation(obo, one, event) == "narrower"


def test_two_columns_of_names(tmp_path):
    path = tmp_path / "kinds.csv"
    path.write_text("narrower,broader\nwibble,wobble\nwobble,jelly\n", encoding="utf-8")
    known = Matcher(path)
    assert relation(known, mention("jelly"), Event("condition", "Wibbles")) == "narrower"
    assert relation(known, mention("wibble"), Event("condition", "jelly")) == "broader"
    assert relation(Matcher(), mention("jelly"), Event("condition", "wibble")) is None


def test_concept_ancestor_with_its_concepts(tmp_path):
    (tmp_path / "CONCEPT.csv").write_text(
        "concept_id\tconcept_name\tvocabulary_id\tconcept_code\n"
        "1\tqualm\tSNOMED\t111\n2\tdeep qualm\tSNOMED\t222\n",
        encoding="utf-8",
    )
    path = tmp_path / "CONCEPT_ANCESTOR.csv"
    path.write_text(
        "ancestor_concept_id\tdescendant_concept_id\tmin_levels_of_separation\n1\t2\t1\n1\t1\t0\n",
        encoding="utf-8",
    )
    known = Matcher(path)
    by_snomed = Event("condition", "zzz", codes=(Code("222", "SNOMED"),))
    by_omop = Event("condition", "zzz", codes=(Code("2", "OMOP"),))
    assert relation(known, mention("qualm"), by_snomed) == "narrower"
    assert relation(known, mention("qualm"), by_omop) == "narrower"


def test_a_loop_in_a_vocabulary_ends():
    looped = Hierarchy({"one": ("two",), "two": ("three",), "three": ("one",)})
    assert set(looped.ancestors("one")) == {"two", "three"}
    known = Matcher(looped)
    assert relation(known, mention("three"), Event("condition", "one")) == "narrower"


@pytest.mark.parametrize("text", ["", "only one column\n", "one\ntwo\n"])
def test_a_file_without_pairs_is_one_clear_error(tmp_path, text):
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    from critextract.errors import InputError

    with pytest.raises(InputError, match=r"bad\.csv"):
        read_hierarchy(path)


# --- systems and codes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("http://loinc.org", "LOINC"),
        ("urn:oid:2.16.840.1.113883.6.1", "LOINC"),
        ("LN", "LOINC"),
        ("SNOMED CT", "SNOMED"),
        ("SNOMEDCT_US", "SNOMED"),
        ("http://snomed.info/sct", "SNOMED"),
        ("ICD10CM", "ICD-10"),
        ("ICD-10-GM", "ICD-10"),
        ("http://hl7.org/fhir/sid/icd-10-cm", "ICD-10"),
        ("urn:oid:2.16.840.1.113883.6.90", "ICD-10"),
        ("ICD9CM", "ICD-9"),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "RxNorm"),
        ("RxNorm Extension", "RxNorm"),
        ("WHO ATC", "ATC"),
        ("ICD10PCS", "ICD-10-PCS"),
        ("something else", "something else"),
    ],
)
def test_system_names(written, name):
    assert system_name(written) == name


def test_code_keys():
    assert code_key(None, "LOINC:2160-0") == code_key("http://loinc.org", "2160-0")
    assert code_key("ICD10CM", "i21.4") == "ICD-10 I214"
    assert "ICD-10 I21" in broader_codes("ICD-10 I214")
    assert code_key(None, "12345") is None


# --- properties -------------------------------------------------------------------------------

NAMES = sorted(
    {n for pairs in CONDITIONS.values() for pair in pairs for n in pair}
    | {n for _, one, _, other, _ in OTHERS for n in (one, other)}
)
one_of_the_names = st.sampled_from(NAMES)
labels = st.sampled_from(sorted(DOMAINS))
KNOWN = Matcher()


@given(one_of_the_names, one_of_the_names, labels, labels)
def test_what_meets_shares_a_key(one, other, label, event_label):
    criterion, event = mention(one, label), Event(DOMAINS[event_label], other)
    if KNOWN.meets(criterion, event) is not None:
        assert KNOWN.mention_keys(criterion) & KNOWN.event_keys(event)


@given(one_of_the_names, labels)
def test_a_name_meets_itself(name, label):
    found = KNOWN.meets(mention(name, label), Event(DOMAINS[label], name.upper()))
    lower = KNOWN.meets(mention(name, label), Event(DOMAINS[label], name))
    assert lower is not None
    assert lower.relation == "same"
    assert found is None or found.relation in {"same", "broader", "narrower"}


@given(one_of_the_names, one_of_the_names)
def test_the_same_both_ways(one, other):
    first = KNOWN.meets(mention(one), Event("condition", other))
    second = KNOWN.meets(mention(other), Event("condition", one))
    if first is not None and first.relation == "same":
        assert second is not None
        assert second.relation == "same"


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_compared_without_failing(one, other):
    found = KNOWN.meets(mention(one or "x"), Event("condition", other))
    assert found is None or found.relation in {"same", "narrower", "broader"}


# --- the tables -------------------------------------------------------------------------------


def test_the_tables_are_large_enough_and_well_formed():
    synonyms, classes = read_rows("synonyms.tsv"), read_rows("classes.tsv")
    assert len(synonyms) >= 300
    assert len({row[0] for row in synonyms}) == len(synonyms)
    drug_classes = [row for row in classes if row[6] == "ATC"]
    assert len(drug_classes) >= 80
    assert all(row[1] and row[-1] for row in (*synonyms, *classes))


@pytest.mark.shared
def test_drug_names_are_those_of_the_published_vocabulary():
    path = SHARED / "drugbank_vocabulary.csv"
    if not path.is_file():
        pytest.skip("../shared/vocab is not here")
    names: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines()[2:]:
        cells = line.split(";")
        every = {cells[2].strip().lower(), *(n.strip().lower() for n in cells[5].split("|"))}
        names[cells[2].strip().lower()] = every
    checked = agreed = 0
    for _, forms, _, _, source in read_rows("synonyms.tsv"):
        first, *others = (form.lower() for form in forms.split("|"))
        every = next((e for e in names.values() if first in e), None)
        if source == "DrugBank" and every is not None:
            checked += len(others)
            agreed += sum(other in every for other in others)
    assert checked > 60
    assert agreed / checked > 0.3  # the rest are brand names, which that table does not hold


@pytest.mark.shared
def test_condition_names_are_those_of_the_disease_ontology():
    path = SHARED / "doid_2015_synonyms.obo"
    if not path.is_file():
        pytest.skip("../shared/vocab is not here")
    hierarchy = read_hierarchy(path)
    by_name = {name.lower(): code for code, name in hierarchy.names}
    apart = []
    checked = 0
    for _, forms, _, _, source in read_rows("synonyms.tsv"):
        codes = {by_name[form.lower()] for form in forms.split("|") if form.lower() in by_name}
        if source in {"MeSH", "Disease Ontology"} and codes:
            checked += 1
            related = any(codes <= {code, *hierarchy.ancestors(code)} for code in codes)
            apart += [] if related else [forms]
    assert checked > 120
    assert len(apart) <= checked * 0.1, apart


@pytest.mark.shared
def test_classes_of_conditions_against_the_disease_ontology():
    path = SHARED / "doid_2015_synonyms.obo"
    if not path.is_file():
        pytest.skip("../shared/vocab is not here")
    known = Matcher(path)
    event = Event("condition", "mantle cell lymphoma")
    assert relation(known, mention("hematologic cancer"), event) == "narrower"
    assert relation(known, mention("disease of cellular proliferation"), event) == "narrower"
    assert relation(known, mention("heart disease"), event) is None
