"""Mentions: model spans and lexicon terms merged into candidates."""

import time

import pytest

from critextract.components.drafts import Candidate
from critextract.components.mentions import merge, trimmed, with_non, without_bare_qualifiers
from critextract.learn.load import load_mention_model
from critextract.schema import Label


def found(label, start, end, term=None):
    source = "lexicon" if term else "model"
    return Candidate(Label(label), start, end, source, term, 0.5)


@pytest.mark.parametrize(
    ("model", "terms", "expected"),
    [
        pytest.param([], [], [], id="nothing"),
        pytest.param(
            [("CONDITION", 10, 14)],
            [("MEASUREMENT", 0, 4, "bmi")],
            [("MEASUREMENT", 0, 4, "bmi"), ("CONDITION", 10, 14, None)],
            id="term-where-the-model-has-nothing",
        ),
        pytest.param(
            [("MEASUREMENT", 0, 4)],
            [("MEASUREMENT", 0, 4, "bmi")],
            [("MEASUREMENT", 0, 4, "bmi")],
            id="term-names-the-same-span",
        ),
        pytest.param(
            [("PROCEDURE", 0, 4)],
            [("MEASUREMENT", 0, 4, "bmi")],
            [("MEASUREMENT", 0, 4, "bmi")],
            id="label-of-the-term-wins",
        ),
        pytest.param(
            [("PROCEDURE", 0, 4)],
            [("DEVICE", 0, 4, "coil")],
            [("PROCEDURE", 0, 4, "coil")],
            id="procedure-of-the-model-is-no-device",
        ),
        pytest.param(
            [("CONDITION", 0, 20)],
            [("MEASUREMENT", 6, 9, "alt")],
            [("CONDITION", 0, 20, None)],
            id="term-inside-a-longer-span",
        ),
        pytest.param(
            [("CONDITION", 0, 6)],
            [("MEASUREMENT", 6, 9, "alt")],
            [("CONDITION", 0, 6, None), ("MEASUREMENT", 6, 9, "alt")],
            id="adjacent-is-no-overlap",
        ),
    ],
)
def test_merge(model, terms, expected):
    merged = merge("", [found(*row) for row in model], [found(*row) for row in terms])
    assert [(c.label, c.start, c.end, c.term) for c in merged] == expected


@pytest.mark.parametrize(
    ("label", "whole", "expected"),
    [
        ("CONDITION", False, [("MEASUREMENT", 0, 9, "test")]),
        ("OBSERVATION", False, [("MEASUREMENT", 0, 9, "test")]),
        ("CONDITION", True, [("MEASUREMENT", 0, 4, None)]),
        ("DRUG", False, [("DRUG", 0, 4, None)]),
    ],
)
def test_part_of_a_test_is_no_condition(label, whole, expected):
    """By "pregnancy" of "pregnancy test" nobody is said to be pregnant."""
    term = found("MEASUREMENT", 0, 9, "test")
    merged = merge("", [found(label, 0, 4)], [term], whole=whole)
    assert [(c.label, c.start, c.end, c.term) for c in merged] == expected


@pytest.fixture(scope="module")
def nlp():
    model = load_mention_model()
    model.add_pipe("critextract_mentions")
    return model


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Type 2 diabetes treated with metformin",
            [("CONDITION", "Type 2 diabetes"), ("DRUG", "metformin")],
            id="condition-and-drug",
        ),
        pytest.param(
            "Haemoglobin below 9 g/dL",
            [("MEASUREMENT", "Haemoglobin")],
            id="value-is-no-mention",
        ),
        pytest.param(
            "No kidney transplantation within 6 months",
            [("PROCEDURE", "kidney transplantation")],
            id="negation-and-time-are-no-mentions",
        ),
        pytest.param("Women aged 40 to 65 years", [("PERSON", "Women")], id="person"),
        pytest.param("", [], id="empty"),
    ],
)
def test_candidates_of_a_criterion(nlp, text, expected):
    got = [(str(c.label), text[c.start : c.end]) for c in nlp(text)._.critextract_candidates]
    assert [row for row in expected if row not in got] == []
    assert not [row for row in got if row[1] in ("No", "within 6 months", "below 9 g/dL")]


def test_confidence_is_the_measured_one(nlp):
    table = nlp.meta["critextract"]["confidence"]
    (got,) = (
        c for c in nlp("Patients with gout")._.critextract_candidates if c.label == "CONDITION"
    )
    assert got.term is None
    assert got.confidence == table["CONDITION"][0]
    assert 0.3 < got.confidence < 1


def test_a_phrase_stands_instead_of_what_it_touches():
    phrase = found("OBSERVATION", 0, 30, "obs.trial_participation")
    merged = merge(
        "",
        [found("DRUG", 25, 30), found("DRUG", 40, 44)],
        [found("MEASUREMENT", 0, 4, "bmi")],
        [phrase],
    )
    assert merged == [phrase, found("DRUG", 40, 44)]


def test_a_ratio_that_the_model_has_in_two_is_one():
    text = "CD4:CD8 ratio, albumin (a)"
    model = [found("MEASUREMENT", 0, 3), found("MEASUREMENT", 4, 13)]
    ratio = found("MEASUREMENT", 0, 13, "lab.cd4_cd8")
    assert merge(text, model, [ratio]) == [ratio]
    short = [found("MEASUREMENT", 15, 22), found("MEASUREMENT", 24, 25)]
    assert merge(text, short, [found("MEASUREMENT", 15, 26, "lab.albumin")]) == short


def test_confidence_rises_where_model_and_lexicon_agree():
    alone, named = found("MEASUREMENT", 0, 3), found("MEASUREMENT", 0, 3, "bmi")
    other = found("MEASUREMENT", 0, 3, "bmi")
    (agreed,), (disputed,) = merge("", [alone], [named]), merge("", [found("DRUG", 0, 3)], [other])
    assert disputed.confidence < agreed.confidence
    assert agreed.confidence > alone.confidence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Severe asthma", [("severity", "Severe")], id="severity"),
        pytest.param("Stable angina", [("stability", "Stable")], id="stability"),
        pytest.param("Patients with gout", [], id="none"),
    ],
)
def test_qualifiers_of_a_criterion(nlp, text, expected):
    got = nlp(text)._.critextract_qualifiers
    assert [(q.kind, text[q.start : q.end]) for q in got] == expected


def test_doc_with_candidates_survives_serialisation(nlp):
    doc = nlp("History of asthma or gout")
    again = type(doc)(doc.vocab).from_bytes(doc.to_bytes())
    assert again._.critextract_candidates == doc._.critextract_candidates
    assert len(doc._.critextract_candidates) >= 2


def test_long_line_is_read_in_reasonable_time(nlp):
    text = "asthma or gout, " * 1_250  # 20,000 characters
    start = time.perf_counter()
    doc = nlp(text)
    assert time.perf_counter() - start < 5
    assert len(doc._.critextract_candidates) > 1_000


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("prothrombin time (PT) normal", "prothrombin time (PT", "prothrombin time (PT)"),
        ("alanine transaminase ( ALT", "alanine transaminase (", "alanine transaminase"),
        ("(asthma) or", "asthma)", "asthma"),
        ("neutrophil count (ANC)", "neutrophil count (ANC)", "neutrophil count (ANC)"),
        ("stroke", "stroke", "stroke"),
        ("Neither asthma nor gout", "Neither asthma", "asthma"),
        ("denies chest pain", "denies chest pain", "chest pain"),
        ("minimum platelet count of 75", "minimum platelet count", "platelet count"),
        ("nocturnal asthma", "nocturnal asthma", "nocturnal asthma"),
        ("Non-cardiogenic oedema", "cardiogenic oedema", "Non-cardiogenic oedema"),
        ("non-diabetic women", "diabetic", "diabetic"),
        ("non-lactating women", "lactating women", "lactating women"),
    ],
)
def test_a_mention_cuts_no_brackets_and_holds_no_denial(text, words, expected):
    start = text.index(words)
    assert text[slice(*trimmed(text, start, start + len(words)))] == expected


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("non-CNS tumour", "CNS tumour", "non-CNS tumour"),
        ("Non-sickle cell disease", "sickle cell disease", "Non-sickle cell disease"),
        ("non-sickle cell disease patients", "sickle cell disease", "sickle cell disease"),
        ("Non metastatic breast cancer", "metastatic breast cancer", None),
        ("non-insulin-dependent diabetes", "insulin-dependent diabetes", None),
        ("non-diabetic", "diabetic", "diabetic"),
        ("non-HIV infected", "HIV infected", "HIV infected"),
        ("non-breast feeding", "breast feeding", "breast feeding"),
        ("anon CNS tumour", "CNS tumour", "CNS tumour"),
    ],
)
def test_non_denies_the_first_word_of_a_longer_name(text, words, expected):
    start = text.index(words)
    found = text[slice(*with_non(text, start, start + len(words)))]
    assert found == (expected or text)


@pytest.mark.parametrize(
    ("text", "names", "kept"),
    [
        ("life-threatening infection", ["life-threatening", "infection"], ["infection"]),
        ("symptomatic or severe asthma", ["symptomatic", "asthma"], ["asthma"]),
        ("terminal or asthma", ["terminal", "asthma"], ["terminal", "asthma"]),
        ("asthma attack", ["asthma", "attack"], ["asthma", "attack"]),
        ("asthma, symptomatic", ["asthma", "symptomatic"], ["asthma", "symptomatic"]),
    ],
)
def test_what_only_qualifies_the_next_is_no_mention(text, names, kept):
    candidates = [found("CONDITION", text.index(n), text.index(n) + len(n)) for n in names]
    left = without_bare_qualifiers(text, candidates)
    assert [text[c.start : c.end] for c in left] == kept
