"""Long and short forms in brackets."""

import pytest

from critextract.components.short_forms import abbreviates, name_once
from critextract.schema import Label, Mention, Qualifier, Value, Window


@pytest.mark.parametrize(
    ("short", "words", "expected"),
    [
        ("TCC", "transitional cell carcinoma", True),
        ("TURP", "transurethral resection of prostate", True),
        ("mAb", "monoclonal antibody", True),
        ("TCC", "carcinoma of a cell", False),
        ("AIDS", "raids", False),
        ("G-CSF", "filgrastim", False),
        ("A", "asthma", False),
    ],
)
def test_letters_of_a_short_form(short, words, expected):
    assert abbreviates(short, words) is expected


TEXT = "proven transitional cell carcinoma (TCC) of the bladder"
PROVEN, SITE = Qualifier("other", "proven", 0, 6), Qualifier("site", "bladder", 48, 55)


def named(name, label=Label.CONDITION, **said):
    start = TEXT.index(name)
    return Mention(name, "I1", label, start, start + len(name), name, **said)


def test_what_is_said_of_both_is_said_of_the_long_form():
    long = named("transitional cell carcinoma", qualifiers=(PROVEN,))
    short = named("TCC", Label.PROCEDURE, qualifiers=(SITE,))
    found = name_once(TEXT, [long, short])
    assert [m.qualifiers for m in found] == [(PROVEN, SITE), ()]
    assert {m.label for m in found} == {Label.CONDITION}


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ({}, {"qualifiers": (SITE,)}),
        ({"windows": (Window(0, 6),)}, {"windows": (Window(41, 55),)}),
    ],
)
def test_what_is_said_of_one_stays(long, short):
    mentions = (named("transitional cell carcinoma", **long), named("TCC", **short))
    assert name_once(TEXT, mentions) == mentions


def test_a_short_form_with_a_value_has_what_qualifies_the_long_one():
    long = named("transitional cell carcinoma", qualifiers=(PROVEN,))
    short = named("TCC", qualifiers=(SITE,), values=(Value(41, 55),))
    assert [m.qualifiers for m in name_once(TEXT, [long, short])] == [(PROVEN,), (PROVEN, SITE)]


def test_how_often_is_said_of_the_long_form():
    long = named("transitional cell carcinoma", qualifiers=(PROVEN,))
    short = named("TCC", count=Value(41, 55), windows=(Window(0, 6),))
    first, second = name_once(TEXT, [long, short])
    assert (first.count, first.windows, first.qualifiers) == (short.count, short.windows, (PROVEN,))
    assert (second.count, second.windows) == (None, ())


def test_another_name_in_brackets_stays():
    text = "severe gout (ZYX) of the toe"
    severe, toe = Qualifier("severity", "severe", 0, 6), Qualifier("site", "toe", 25, 28)
    mentions = (
        Mention("m1", "I1", Label.CONDITION, 7, 11, "gout", qualifiers=(severe,)),
        Mention("m2", "I1", Label.CONDITION, 13, 16, "ZYX", qualifiers=(toe,)),
    )
    assert name_once(text, mentions) == mentions
