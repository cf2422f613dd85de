"""Names of which a part is printed once."""

from dataclasses import replace

import pytest

from critextract.components.elided import fill_names, share_misuse, with_substances
from critextract.schema import Label, Mention, Qualifier, Window


def mentions_of(text, names, label="CONDITION"):
    found = []
    for n, name in enumerate(names):
        at = text.index(name)
        found.append(Mention(str(n), "I1", Label(label), at, at + len(name), name))
    return found


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("hepatitis B or C", ["hepatitis B"], ["hepatitis B", "hepatitis C"]),
        ("Hepatitis B/C", ["Hepatitis B/C"], ["Hepatitis B", "Hepatitis C"]),
        ("hepatitis A, B, or C", ["hepatitis A"], ["hepatitis A", "hepatitis B", "hepatitis C"]),
        ("hepatitis B or C infection", ["hepatitis B", "infection"],
         ["hepatitis B infection", "hepatitis C infection"]),
        ("clinical paratyphoid A or B fever", ["clinical paratyphoid A", "B fever"],
         ["clinical paratyphoid A fever", "clinical paratyphoid B fever"]),
        ("hepatitis B or asthma", ["hepatitis B", "asthma"], ["hepatitis B", "asthma"]),
        ("hepatitis B or C surface antigen", ["hepatitis B", "C surface antigen"],
         ["hepatitis B", "C surface antigen"]),
        ("hepatitis B and CMV", ["hepatitis B", "CMV"], ["hepatitis B", "CMV"]),
        ("suicidal ideation or behavior", ["suicidal ideation", "behavior"],
         ["suicidal ideation", "suicidal behavior"]),
        ("suicidal ideation or asthma", ["suicidal ideation", "asthma"],
         ["suicidal ideation", "asthma"]),
        ("violent ideation or behavior", ["violent ideation", "behavior"],
         ["violent ideation", "behavior"]),
    ],
)  # fmt: skip
def test_names(text, names, expected):
    assert [m.text for m in fill_names(text, mentions_of(text, names))] == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("alcohol or drug", ["alcohol abuse", "drug abuse"]),
        ("illicit drug/alcohol", ["illicit drug abuse", "alcohol abuse"]),
        ("opioid, cocaine, or heroin", ["opioid abuse", "cocaine abuse", "heroin abuse"]),
        ("drug", ["drug abuse"]),
        ("physical or sexual", ["abuse"]),
        ("alcohol or child", ["abuse"]),
    ],
)
def test_substances_before_abuse_are_names(said, expected):
    text = f"No {said} abuse"
    words = Qualifier("other", said, 3, 3 + len(said))
    abuse = Mention("0", "I1", Label.OBSERVATION, len(text) - 5, len(text), "abuse")
    found = with_substances(text, replace(abuse, qualifiers=(words,)))
    assert [m.text for m in found] == expected
    assert len({m.id for m in found}) == len(found)


def test_fragments_are_the_names_characters():
    text = "No hepatitis B, C or D infection"
    found = fill_names(text, mentions_of(text, ["hepatitis B"]))
    said = [" ".join(text[a:b] for a, b in m.fragments) for m in found]
    assert said == [m.text for m in found]
    assert all((m.start, m.end) == (m.fragments[0][0], m.fragments[-1][1]) for m in found)
    assert len({m.id for m in found}) == 3


def test_what_is_tested_for_is_left_alone():
    text = "hepatitis B or C"
    mentions = mentions_of(text, ["hepatitis B"], "MEASUREMENT")
    assert fill_names(text, mentions) == mentions


def test_a_letter_is_no_qualifier():
    text = "hepatitis B or C"
    (mention,) = mentions_of(text, ["hepatitis B"])
    mention = replace(mention, qualifiers=(Qualifier("other", "c", 15, 16),))
    assert [m.qualifiers for m in fill_names(text, [mention])] == [(), ()]


def test_the_or_of_letters_joins_no_windows():
    text = "history of hepatitis B or C within 3 months"
    (mention,) = mentions_of(text, ["hepatitis B"])
    windows = (Window(0, 10), Window(28, 43))
    mention = replace(mention, windows=windows, windows_op="any")
    assert {m.windows_op for m in fill_names(text, [mention])} == {"all"}


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("alcohol abuse or dependence", ["alcohol abuse", "dependence"],
         ["alcohol abuse", "alcohol dependence"]),
        ("asthma or dependence", ["asthma", "dependence"], ["asthma", "dependence"]),
        ("alcohol abuse with dependence", ["alcohol abuse", "dependence"],
         ["alcohol abuse", "dependence"]),
        ("CYP3A4 inhibitors or inducers", ["CYP3A4 inhibitors", "inducers"],
         ["CYP3A4 inhibitors", "CYP3A4 inducers"]),
        ("inhibitors or inducers of CYP3A4", ["inhibitors", "inducers"],
         ["inhibitors", "inducers"]),
        ("alcohol abuse or inducers", ["alcohol abuse", "inducers"],
         ["alcohol abuse", "inducers"]),
        ("alcohol abuse or drug dependence", ["alcohol abuse", "drug dependence"],
         ["alcohol abuse", "drug dependence"]),
    ],
)  # fmt: skip
def test_what_is_abused_is_said_once(text, names, expected):
    assert [m.text for m in share_misuse(text, mentions_of(text, names))] == expected
