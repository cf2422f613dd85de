"""Long and short forms of one name."""

import pytest

from critextract.leaves import carriers, repeated_mentions
from critextract.schema import Label, Mention, Qualifier, Window

TEXT = "severe chronic leukaemia (CL) in blast phase"
SEVERE, PHASE = Qualifier("severity", "severe", 0, 6), Qualifier("stage", "blast phase", 33, 44)


def mention(name, **said):
    start = TEXT.index(name)
    return Mention(name, "I1", Label.CONDITION, start, start + len(name), name, **said)


@pytest.mark.parametrize(
    ("long", "short", "expected"),
    [
        pytest.param({}, {}, ["CL"], id="nothing-is-said"),
        pytest.param({"qualifiers": (SEVERE,)}, {}, ["CL"], id="said-of-the-long-form"),
        pytest.param({}, {"qualifiers": (PHASE,)}, ["chronic leukaemia"], id="of-the-short-form"),
        pytest.param({"qualifiers": (SEVERE,)}, {"qualifiers": (PHASE,)}, [], id="of-each-its-own"),
        pytest.param({"qualifiers": (SEVERE,)}, {"windows": (Window(30, 44),)}, [], id="a-window"),
        pytest.param({}, {"windows": (Window(30, 44),)}, ["chronic leukaemia"], id="only-a-window"),
    ],
)
def test_what_is_said_of_either_form_is_not_lost(long, short, expected):
    found = repeated_mentions(TEXT, [mention("chronic leukaemia", **long), mention("CL", **short)])
    assert [m.text for m in found] == expected


@pytest.mark.parametrize(
    ("first", "second", "again"),
    [
        ("chronic kidney disease", "CKD", True),
        ("myocardial infarction", "heart attack", True),
        ("malignancies", "cancer", True),
        ("lung disease", "COPD", False),
        ("granulocytic sarcoma", "chloroma", True),
        ("eye disease", "retinal detachment", False),
        ("lung cancer", "adenocarcinoma in situ", False),
        ("stroke", "haemorrhagic stroke", False),
    ],
)
def test_a_kind_in_brackets_is_no_other_name(first, second, again):
    text = f"{first} ({second})"
    places = [(0, len(first), first), (len(first) + 2, len(text) - 1, second)]
    mentions = [Mention(name, "I1", Label.CONDITION, a, b, name) for a, b, name in places]
    assert [m.text for m in repeated_mentions(text, mentions)] == ([second] if again else [])


@pytest.mark.parametrize(
    ("text", "first", "second", "again"),
    [
        ("body mass index (BMI) of 30", "body mass index", "BMI", True),
        ("Eastern Cooperative Oncology Group (ECOG)", None, "ECOG", True),
        ("bone mineral density (T-score)", "bone mineral density", "T-score", False),
        ("trastuzumab (Herceptin®)", "trastuzumab", "Herceptin", False),
    ],
)
def test_initials_name_again_whatever_the_labels(text, first, second, again):
    first = first or text[: text.index(" (")]
    long = Mention("0", "I1", Label.OBSERVATION, 0, len(first), first)
    start = text.index(second)
    short = Mention("1", "I1", Label.MEASUREMENT, start, start + len(second), second)
    assert repeated_mentions(text, [long, short]) == ([short] if again else [])


def test_a_mark_behind_a_trade_name_is_no_word():
    text = "trastuzumab (Herceptin®) therapy"
    names = [("trastuzumab", 0), ("Herceptin", 13)]
    mentions = [Mention(n, "I1", Label.DRUG, at, at + len(n), n) for n, at in names]
    assert [m.text for m in repeated_mentions(text, mentions)] == ["Herceptin"]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("iron (Ferrum) therapy", ["iron", "Ferrum", "therapy"], ["therapy"]),
        ("iron treatment", ["iron", "treatment"], ["treatment"]),
        ("treatment with iron", ["treatment", "iron"], ["treatment"]),
        ("iron, therapy", ["iron", "therapy"], []),
        ("iron therapist", ["iron", "therapist"], []),
    ],
)
def test_what_only_carries_the_one_beside_it(text, names, expected):
    mentions = [
        Mention(name, "I1", Label.DRUG, text.index(name), text.index(name) + len(name), name)
        for name in names
    ]
    assert [m.text for m in carriers(text, mentions)] == expected


def test_a_carrier_behind_its_drug_that_says_more_is_kept():
    text = "iron treatment for 3 months"
    window = Window(15, 27)
    mentions = [
        Mention("a", "I1", Label.DRUG, 0, 4, "iron"),
        Mention("b", "I1", Label.PROCEDURE, 5, 14, "treatment", windows=(window,)),
    ]
    assert carriers(text, mentions) == []
