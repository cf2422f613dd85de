"""Qualifiers that narrow nothing."""

import pytest

from critextract.components.said_once import without_idle_qualifiers
from critextract.schema import Label, Mention, Qualifier, Window


@pytest.mark.parametrize(
    ("text", "words", "kept"),
    [
        ("known or suspected asthma", "known", False),
        ("suspected/known asthma", "known", False),
        ("active, known or suspected asthma", "known", False),
        ("confirmed asthma", "confirmed", True),
        ("histologically confirmed or suspected asthma", "histologically confirmed", False),
        ("histologically confirmed asthma", "histologically confirmed", True),
        ("severe or suspected asthma", "severe", True),
    ],
)
def test_known_or_suspected(text, words, kept):
    start, name = text.index(words), text.index("asthma")
    qualifier = Qualifier("other", words, start, start + len(words))
    mention = Mention("0", "", Label.CONDITION, name, len(text), "asthma", qualifiers=(qualifier,))
    (got,) = without_idle_qualifiers(text, [mention])
    assert bool(got.qualifiers) is kept


@pytest.mark.parametrize(("kind", "kept"), [("other", False), ("acuteness", True)])
def test_a_time_is_no_qualifier_besides(kind, kept):
    text = "concurrent sepsis"
    mention = Mention(
        "0", "", Label.CONDITION, 11, 17, "sepsis",
        qualifiers=(Qualifier(kind, "concurrent", 0, 10),),
        windows=(Window(0, 10),),
    )  # fmt: skip
    (got,) = without_idle_qualifiers(text, [mention])
    assert bool(got.qualifiers) is kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("active component", False),
        ("active asthma", True),
        ("active substance", False),
        ("active substance abuse", True),
        ("active drug or alcohol abuse", True),
    ],
)
def test_an_active_component_makes_nothing_active(text, kept):
    mention = Mention(
        "0", "", Label.CONDITION, 20, 27, "allergy",
        qualifiers=(Qualifier("acuteness", "active", 0, 6),),
    )  # fmt: skip
    (got,) = without_idle_qualifiers(text, [mention])
    assert bool(got.qualifiers) is kept


@pytest.mark.parametrize(
    ("text", "words", "kept"),
    [
        ("clinical or laboratory evidence of asthma", "clinical", False),
        ("imaging signs of asthma", "imaging", False),
        ("histological evidence of asthma", "histological", True),
        ("clinical asthma", "clinical", True),
        ("asthma (e.g., bronchial)", "bronchial", False),
        ("asthma (such as allergic or atopic)", "allergic or atopic", False),
        ("asthma (bronchial)", "bronchial", True),
        ("asthma (e.g., childhood) of the lower airways", "of the lower airways", True),
    ],
)
def test_evidence_and_examples(text, words, kept):
    start, name = text.index(words), text.index("asthma")
    qualifier = Qualifier("other", words, start, start + len(words))
    mention = Mention("0", "", Label.CONDITION, name, name + 6, "asthma", qualifiers=(qualifier,))
    (got,) = without_idle_qualifiers(text, [mention])
    assert bool(got.qualifiers) is kept
