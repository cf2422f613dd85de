"""Negation, modality and experiencer over marked sentences.

Brackets mark the mentions; the codes, one a mention in their order, say what the cues must make of
it: ``N`` negated, ``H`` hypothetical, ``U`` uncertain, ``P`` planned, ``F`` family, ``O`` other
person, ``-`` none of them.
"""

from __future__ import annotations

import re
import sys
import time
import warnings

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from critextract import extensions
from critextract.components.context import (
    load_context,
    make_context_matcher,
)
from critextract.components.cue_rules import BETWEEN, CueRule, load_rules
from critextract.components.drafts import Candidate
from critextract.schema import Label

CODES = {"hypothetical": "H", "uncertain": "U", "planned": "P", "family": "F", "other": "O"}


def parse_marked(marked: str) -> tuple[str, list[Candidate]]:
    """Return the text without its brackets, and the candidates they mark."""
    candidates: list[Candidate] = []
    text = ""
    for part in re.split(r"(\[[^\[\]]*\])", marked):
        if part.startswith("["):
            span = (len(text), len(text) + len(part) - 2)
            candidates.append(Candidate(Label.CONDITION, *span, source="model"))
            part = part[1:-1]
        text += part
    return text, candidates


def codes(marked: str) -> str:
    text, candidates = parse_marked(marked)
    found = [""] * len(candidates)
    for edge in load_context().find(text, candidates):
        found[edge.candidate] += "N" * edge.negated
        found[edge.candidate] += CODES.get(edge.modality or "", "")
        found[edge.candidate] += CODES.get(edge.experiencer or "", "")
    return " ".join("".join(sorted(f)) or "-" for f in found)


NEGATED = [
    ("At least 3 weeks since prior and no other concurrent [steroids]", "-"),
    ("No prior and no concurrent [steroids]", "N"),
    ("No evidence or suspicion of [metastases]", "N"),
    ("No [stroke]", "N"),
    ("No [stroke], [TIA] or [MI]", "N N N"),
    ("No history of [stroke], [TIA], or [MI]", "N N N"),
    ("no evidence of [metastatic disease]", "N"),
    ("No known [drug allergy]", "N"),
    ("No prior [chemotherapy] or [radiotherapy]", "N N"),
    ("No active, uncontrolled [infection]", "N"),
    ("No clinically significant [arrhythmia]", "N"),
    ("No more [seizures]", "N"),
    ("Not [pregnant] or [breastfeeding]", "N N"),
    ("Patient is not [pregnant]", "N"),
    ("Women must not be [pregnant]", "N"),
    ("No [tinnitus] or grade 2 or greater [neuropathy]", "N N"),
    ("No [tinnitus] or ≥ grade 3 peripheral [neuropathy]", "N N"),
    ("No [tinnitus] or grade 2-4 [rash]", "N N"),
    ("Subjects must not have [diabetes]", "N"),
    ("Patients cannot have [liver disease]", "N"),
    ("Participants can not be receiving [warfarin]", "N"),
    ("Patients who do not have [hypertension]", "N"),
    ("Does not smoke and has no [asthma]", "N"),
    ("Patients who don't have [diabetes]", "N"),
    ("Subjects without [diabetes mellitus]", "N"),
    ("Type 2 diabetes without [nephropathy] or [retinopathy]", "N N"),
    ("w/o [fever]", "N"),
    ("Non-[smoker]", "N"),
    ("non [smokers]", "N"),
    ("[Treatment]-naïve", "N"),
    ("[chemotherapy]-naive patients", "N"),
    ("[HCV treatment] naive", "N"),
    ("unable to [swallow tablets]", "N"),
    ("Unable to undergo [MRI]", "H"),
    ("Inability to tolerate [methotrexate]", "H"),
    ("Unable to [walk]", "N"),
    ("Comorbidities that prevent the use of [opioids]", "H"),
    ("incapable of [walking]", "N"),
    ("Free of [active infection]", "N"),
    ("free from [pain]", "N"),
    ("Neither [hepatitis B] nor [hepatitis C]", "N N"),
    ("Lack of [adequate birth control]", "N"),
    ("Absence of [brain metastases]", "N"),
    ("In the absence of [infection]", "N"),
    ("Never [smoked]", "N"),
    ("Has never received [anti-TNF therapy]", "N"),
    ("denies [chest pain]", "N"),
    ("[Tuberculosis] has been ruled out", "N"),
    ("[Pulmonary embolism] ruled out", "N"),
    ("None of the following: [stroke], [TIA], [MI]", "N N N"),
    ("Subjects have no history of the following: [pain], [asthma]", "N N"),
    ("No history of any of the following conditions: [stroke] or [cancer]", "N N"),
    ("Not currently using [insulin]", "N"),
    ("Not taking [aspirin], [clopidogrel] or [warfarin]", "N N N"),
    ("Patient unwilling to use [contraception]", "H"),
    ("No mental, nervous or other systemic [disease]", "N"),
    ("No bacterial, viral, or fungal [infection]", "N"),
    ("No active viral, fungal or parasitic [infection] or [asthma]", "N N"),
    ("No serious, uncontrolled, life-threatening [illness]", "N"),
    ("No grade 2 or worse pre-existing sensory [neuropathy]", "N"),
    ("No informed consent, or [pregnant]", "-"),
    ("No poorly controlled [diabetes]", "N"),
    ("No patients with [hepatitis]", "N"),
    ("No subjects who have received [rituximab]", "N"),
    ("No patients required; [hepatitis]", "-"),
    ("refusal of [blood transfusion]", "N"),
    ("conditions that would preclude [exercise]", "N"),
    ("Must refrain from [alcohol]", "N"),
    ("Must be off [steroids] for 2 weeks", "N"),
    ("[Surgery] could not be performed", "N"),
    ("[MRI] is not possible", "N"),
    ("[Pregnancy] is absent", "N"),
    ("[ART] not yet begun", "N"),
    ("[Fentanyl] has not been taken for 24 hours", "N"),
    ("[Voxelotor] or [crizanlizumab]: not within 30 days", "N N"),
    ("[Asthma] not within 30 days of [surgery]", "- -"),
    ("No [statin] ± [ezetimibe]", "N N"),
    ("no [alcohol abuse] and no [drug abuse]", "N N"),
    ("No [cancer] (except [basal cell carcinoma])", "N -"),
    ("No [malignancy] other than [basal cell carcinoma]", "N -"),
    ("No [infection] requiring [antibiotics]", "N -"),
    ("No [stroke] within 6 months prior to [randomization]", "N -"),
    ("No [MI] during the 6 months before [surgery]", "N -"),
    ("without [fever] but with [cough]", "N -"),
    ("No [diabetes]; [hypertension] controlled by drugs", "N -"),
    ("[Hypertension]; no [diabetes]", "- N"),
    ("No [diabetes]. [Hypertension] for 5 years", "N -"),
    ("Men (not [pregnant women]) with [anaemia]", "N -"),
    ("[Cirrhosis] (no [ascites]) and [varices]", "- N -"),
    ("[Hepatitis] without [cirrhosis]", "- N"),
    ("[Asthma] and no [COPD]", "- N"),
    ("No [lung cancer] [screening test]", "- N"),
    ("No [pregnant] or [nursing] [women]", "N N N"),
    ("Not a [pregnant] or [lactating] [female]", "N N N"),
    ("Not [pregnant] and have [diabetes]", "N -"),
    ("Patients without [ascites] who have [cirrhosis]", "N -"),
    ("For patients without [ascites], subjects must have [cirrhosis]", "N -"),
    ("In patients without [ascites], [cirrhosis] must be stable", "N -"),
    ("No [evidence] of [metastases]", "N N"),
    ("No [radiographic evidence] of active [tuberculosis]", "N N"),
    ("no [stroke], [lung cancer] [screening]", "N - N"),
    ("No [alcohol abuse] and/or [drug abuse]", "N N"),
    ("No severe [liver disease] or moderate [renal disease]", "N N"),
    ("Not able to use [insulin]", "H"),
    ("[Asthma], and spirometry not performed", "-"),
    ("No [irinotecan] and [fluorouracil] [therapy]", "N N N"),
    ("An absent [gag reflex] or [dysphagia]", "N -"),
    ("Imaging has ruled out [metastases]", "N"),
    ("[Tendonitis], and ruled out other [disease]", "- N"),
    ("No [angina] or other poorly controlled [heart disease]", "N N"),
    ("No [drugs], or treatment with [heparin]", "N N"),
    ("No [reaction] to [eggs], known [asthma], or known [gout]", "N - N N"),
    ("No [fever], [zoster] (two segments), [thrush] or severe [gastritis]", "N N N N"),
    ("No [bleeding] (excluding [nose bleeds]) or history of [cystitis]", "N - N"),
    ("Must not be [HIV positive] or have [hepatitis B]", "N N"),
    ("No [GVHD] greater than grade 2 or extensive [fibrosis]", "N N"),
    ("No [diabetes] or well controlled [diabetes]", "N -"),
    ("No [anaemia] or is receiving [iron]", "N -"),
    ("No [radiotherapy] for this or other [tumours]", "N -"),
    ("No [surgery] for [cancer] or [trauma]", "N - -"),
    ("No [asthma], [cough] treated by [steroids]", "N N -"),
    ("No [lung disease], including [asthma], or known [gout]", "N - -"),
    ("Patients not [pregnant], and able to take [oral drugs]", "N H"),
]

NOT_NEGATED = [
    ("[Stroke]", "-"),
    ("History of [stroke]", "-"),
    ("any other [malignancy]", "-"),
    ("No more than 3 episodes of [stroke]", "-"),
    ("no older than 65 with [asthma]", "-"),
    ("not less than 3 [seizures] a month", "-"),
    ("not more than two prior lines of [chemotherapy]", "-"),
    ("no longer than 2 weeks of [steroids]", "-"),
    ("including but not limited to [diabetes]", "-"),
    ("including, but not limited to, [diabetes] and [asthma]", "- -"),
    ("not only [asthma] but also [COPD]", "- -"),
    ("with or without [cirrhosis]", "-"),
    ("with/without [diabetic macular edema]", "-"),
    ("whether or not [pregnant]", "-"),
    ("not necessarily [active disease]", "-"),
    ("No. 3 [lesion]", "-"),
    ("[hepatitis without cirrhosis]", "-"),
    ("[hepatitis without cirrhosis] or [HIV]", "- -"),
    ("[non-small cell lung cancer]", "-"),
    ("non-[Hodgkin lymphoma]", "-"),
    ("[non-insulin dependent diabetes]", "-"),
    ("non-[small cell lung cancer]", "-"),
    ("non-alcoholic [fatty liver disease]", "-"),
    ("Negative [pregnancy test]", "-"),
    ("[pregnancy test] negative", "-"),
    ("Positive for [HIV antibody]", "-"),
    ("[HIV] negative", "-"),
    ("No [medication] changes", "-"),
    ("No [penicillin] allergy", "-"),
    ("untreated [hypertension]", "-"),
    ("previously untreated [lymphoma]", "-"),
    ("treatment-naive [CLL]", "-"),
    ("[malignancy] other than [basal cell carcinoma]", "- -"),
    ("[cancer] except [skin cancer]", "- -"),
    ("[Cancer], excluding [basal cell carcinoma]", "- -"),
    ("[Seizures] not controlled by [medication]", "- -"),
    ("[tumour] not amenable to [surgery]", "- H"),
    ("[Anaemia] not related to [chemotherapy]", "- -"),
    ("[edema] not associated with [heart failure]", "- -"),
    ("failed to respond to [methotrexate]", "-"),
    ("[Patients with diabetes] will not be excluded", "-"),
    ("[Pregnant women] are excluded", "-"),
    ("Do Not Resuscitate order or [dementia]", "-"),
    ("Unable to give consent, or [dementia]", "-"),
    ("Inability to give informed consent, evidence of [retinopathy]", "-"),
    ("No restrictions; [asthma]", "-"),
    ("absence seizures or [epilepsy]", "-"),
    ("Not without [pain]", "-"),
    ("unable to refrain from [alcohol]", "-"),
    ("no limit on [prior therapy]", "-"),
    ("Do not want to stop [smoking]", "-"),
    ("Subject has [diabetes] and does not smoke", "-"),
    ("[Infection] not requiring hospital stay", "-"),
    ("[drug] not yet approved", "-"),
    ("Nodules of [thyroid]", "-"),
    ("Notable [allergy]", "-"),
    ("[Metastases] (this does not include [brain tumours])", "- -"),
    ("[Pregnant] or are likely to become so", "-"),
    ("Norwegian [scabies]", "-"),
]

MODALITY = [
    ("If [liver metastases] are present", "-"),
    ("If [hypertension] is present, [blood pressure] must be stable", "- -"),
    ("risk of [bleeding] if [surgery] was done", "H -"),
    ("risk of [bleeding]", "H"),
    ("At high risk for [stroke] or [MI]", "H H"),
    ("Contraindication to [aspirin], [heparin] or [warfarin]", "H H H"),
    ("No contraindication to [MRI]", "H"),
    ("[Contraindication] to [aspirin] or [heparin]", "- H H"),
    ("contraindications for [general anaesthesia]", "H"),
    ("[MRI] is contraindicated", "H"),
    ("Candidate for [liver transplantation]", "H"),
    ("Not a candidate for [surgery]", "HN"),
    ("[transplant] candidates", "H"),
    ("Not a [surgery] candidate", "HN"),
    ("[Surgery] in suitable candidates", "-"),
    ("eligible for [stem cell transplant]", "H"),
    ("in case of [pregnancy]", "-"),
    ("[Fever] unless on [antibiotics]", "- -"),
    ("able to take [oral medication]", "H"),
    ("need for [dialysis]", "H"),
    ("Indication for [anticoagulation]", "H"),
    ("Suspected [pneumonia]", "U"),
    ("possible [sepsis]", "U"),
    ("Probable [Alzheimer's disease]", "U"),
    ("presumed [tuberculosis]", "U"),
    ("suspicion of [malignancy]", "U"),
    ("may have [infection]", "U"),
    ("[Malaria] is suspected", "U"),
    ("Known or suspected [pregnancy]", "-"),
    ("suspected or confirmed [COVID-19]", "-"),
    ("as soon as possible after [stroke]", "-"),
    ("No suspected [infection]", "NU"),
    ("Planned [surgery]", "P"),
    ("Scheduled for [hip replacement]", "P"),
    ("planning to become [pregnant]", "P"),
    ("intending to use [contraceptives]", "P"),
    ("Scheduled to undergo [PCI] or [CABG]", "P P"),
    ("[Surgery] is planned", "P"),
    ("will undergo [colonoscopy]", "P"),
    ("will have [surgery]", "P"),
    ("will have completed [radiotherapy]", "-"),
    ("history or clinical suspicion of [abuse]", "-"),
    ("stroke or suspicion of [meningitis]", "U"),
    ("awaiting [transplantation]", "P"),
    ("No planned [surgery]", "NP"),
    ("Not planning to become [pregnant]", "NP"),
    ("Not already booked for [surgery]", "NP"),
    ("Not over 3 prior [regimens]", "-"),
    ("Not under [treatment]", "N"),
    ("Suspected [glioma], proven [lymphoma]", "U -"),
    ("Suspected [glioma] or [lymphoma]", "U U"),
    ("Planning a [pregnancy] or [nursing]", "P -"),
    ("Planning [breastfeeding]", "P"),
    ("Anticipated [life expectancy]", "-"),
    ("Unable to undergo [MRI], or [asthma]", "H -"),
    ("treatment plan and [diabetes]", "-"),
    ("[Diabetes] for which treatment is planned", "-"),
    ("Listed for [kidney transplantation]", "P"),
    ("on the waiting list for a [transplant]", "P"),
    ("[Tonsillectomy] +/- [adenoidectomy] is planned", "P P"),
    ("Planned [bypass], [angioplasty] or [ablation]", "P P P"),
    ("Pending [litigation]", "-"),
    ("may be [re-screened]", "-"),
    ("Contraindication to [MRI], chronic [pain]", "H -"),
    ("Contraindication to [MRI], [pacemaker] or [clips]", "H H H"),
    ("Candidate for [surgery], severe [asthma]", "H -"),
    ("Contraindication to [MRI], history of [gout], or use of [heparin]", "H - -"),
    ("At risk of [suicide] or a history of [mania]", "H -"),
    ("Suspected [pneumonia] or known [asthma]", "U -"),
    ("Active or suspected [hepatitis]", "-"),
    ("History of or suspected [bleeding]", "-"),
    ("Bone seeking [isotopes]", "-"),
    ("Seeking [abortion]", "P"),
]

EXPERIENCER = [
    ("Family history of [breast cancer]", "F"),
    ("family history of [colon cancer] or [polyps]", "F F"),
    ("No family history of [long QT syndrome]", "FN"),
    ("mother with [diabetes]", "F"),
    ("First degree relative with [schizophrenia]", "F"),
    ("A first-degree relative with [type 1 diabetes]", "F"),
    ("[Breast cancer] in a first-degree relative", "F"),
    ("sibling with [autism]", "F"),
    ("family member diagnosed with [tuberculosis]", "F"),
    ("personal or family history of [thrombosis]", "-"),
    ("personal history of [melanoma]", "-"),
    ("[Family history] of [breast cancer]", "- F"),
    ("No first-degree relative with [diabetes]", "FN"),
    ("Donor with [hepatitis B]", "O"),
    ("Partner is [pregnant]", "O"),
    ("male partner with [HIV]", "O"),
    ("fetus with [anomaly]", "O"),
    ("fetal [growth restriction]", "O"),
    ("household contact with [tuberculosis]", "O"),
    ("Children with [asthma]", "-"),
    ("Having a child with [spina bifida]", "O"),
    ("Parents if their child has [leukaemia]", "O"),
    ("family practice patients with [asthma]", "-"),
    ("family planning and [diabetes]", "-"),
    ("donor organ and [infection]", "-"),
]

TABLE = NEGATED + NOT_NEGATED + MODALITY + EXPERIENCER


def test_the_table_is_large_and_has_no_row_twice():
    assert len(TABLE) >= 120
    assert len({marked for marked, _ in TABLE}) == len(TABLE)


@pytest.mark.parametrize(("marked", "expected"), TABLE, ids=[marked for marked, _ in TABLE])
def test_find(marked, expected):
    assert codes(marked) == expected


@pytest.mark.parametrize(
    ("marked", "cue"),
    [
        ("No [MI] within 6 months", "No"),
        ("No history of [seizures]", "No"),
        ("Subjects without [diabetes]", "without"),
        ("[Tuberculosis] has been ruled out", "has been ruled out"),
        ("Suspected [sepsis]", "Suspected"),
        ("no [asthma], no [COPD]", "no"),
    ],
)
def test_the_edge_holds_the_cue_s_characters(marked, cue):
    text, candidates = parse_marked(marked)
    edge = load_context().find(text, candidates)[-1]
    assert text[edge.start : edge.end] == cue


def test_a_window_between_two_of_a_list_does_not_end_the_scope():
    text, candidates = parse_marked("No [stroke] within 3 months or [embolism] within 6 months")
    reader = load_context()
    assert len(reader.find(text, candidates)) == 1
    assert [e.negated for e in reader.find(text, candidates, [(10, 25)])] == [True, True]


def test_of_two_cues_the_nearest_is_told():
    text, candidates = parse_marked("no [asthma], no [COPD]")
    assert [e.start for e in load_context().find(text, candidates)] == [0, 11]


def test_every_rule_is_one_plain_phrase():
    rules = load_rules()
    assert len({(r.phrase, r.direction in BETWEEN) for r in rules}) == len(rules)
    assert all(isinstance(r, CueRule) and r.phrase == r.phrase.lower().strip() for r in rules)


def test_component_puts_edges_and_leaves_nothing_else_on_the_doc():
    nlp = spacy.blank("en")
    doc = nlp("No stroke; planned surgery")
    marks = [Candidate(Label.CONDITION, 3, 9, "model"), Candidate(Label.PROCEDURE, 19, 26, "model")]
    extensions.put(doc, "candidates", marks)
    before = set(doc.user_data)
    doc = make_context_matcher(nlp, "context")(doc)
    edges = doc._.critextract_edges
    assert [(e.candidate, e.negated, e.modality) for e in edges] == [
        (0, True, None),
        (1, False, "planned"),
    ]
    assert set(doc.user_data) - before == {("._.", "critextract_edges_data", None, None)}
    assert not doc.spans
    assert doc.to_bytes()


def test_a_doc_without_candidates_gets_no_edges():
    nlp = spacy.blank("en")
    assert make_context_matcher(nlp, "context")(nlp("No stroke"))._.critextract_edges == ()


def test_building_the_component_leaves_the_warning_filters_alone():
    before = list(warnings.filters)
    make_context_matcher(spacy.blank("en"), "context")
    assert list(warnings.filters) == before
    assert "medspacy" in sys.modules


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "no",
                "without",
                "not",
                "(",
                ")",
                ",",
                ";",
                "or",
                "and",
                "if",
                "[X]",
                "[Y]",
                "stroke",
                "ruled",
                "out",
                ".",
                "family",
            ]
        ),
        max_size=25,
    )
)
def test_edges_lie_inside_the_text_and_outside_their_candidate(words):
    text, candidates = parse_marked(" ".join(words))
    for edge in load_context().find(text, candidates):
        candidate = candidates[edge.candidate]
        assert 0 <= edge.start < edge.end <= len(text)
        assert edge.end <= candidate.start or candidate.end <= edge.start


@pytest.mark.parametrize(
    "unit", ["no history of [stroke], ", "[X] ", "no ", "((", "[a] not and without "]
)
def test_a_line_of_20000_characters_is_no_trap(unit):
    text, candidates = parse_marked(unit * (20_000 // len(unit)))
    context = load_context()
    start = time.perf_counter()
    context.find(text, candidates)
    assert time.perf_counter() - start < 1.0
