"""Organs behind a name."""

import pytest

from critextract.components.drafts import Candidate
from critextract.components.organs import at_sites, join_of, share_organs, with_organs
from critextract.schema import Label, Mention, Qualifier


def candidates(text, *names, label=Label.CONDITION):
    return [Candidate(label, text.index(n), text.index(n) + len(n), "model") for n in names]


@pytest.mark.parametrize(
    ("text", "name", "whole"),
    [
        ("proven adenocarcinoma of the breast", "adenocarcinoma", "adenocarcinoma of the breast"),
        ("carcinoma of the liver or cirrhosis", "carcinoma", "carcinoma of the liver"),
        ("carcinoma of the lung or colon", "carcinoma", "carcinoma"),
        ("cancer of the head and neck", "cancer of the head", "cancer of the head and neck"),
        ("cancer of unknown origin", "cancer", "cancer"),
        ("severe haemophilia A", "haemophilia", "haemophilia A"),
        ("haemophilia a year ago", "haemophilia", "haemophilia"),
        ("hepatitis B or C", "hepatitis", "hepatitis"),
        ("pain of the breast", "pain", "pain"),
        ("metastasis of breast cancer", "metastasis", "metastasis"),
    ],
)
def test_with_organs(text, name, whole):
    (got,) = with_organs(text, candidates(text, name))
    assert text[got.start : got.end] == whole


def test_an_organ_that_is_a_mention_stays_outside():
    text = "tumour of the brain"
    found = candidates(text, "tumour", "brain")
    assert with_organs(text, found) == found


@pytest.mark.parametrize(
    ("text", "names", "joined"),
    [
        ("other causes of anaemia", ["causes", "anaemia"], ["causes of anaemia"]),
        ("diseases of mitral valve", ["diseases of", "mitral valve"], ["diseases of mitral valve"]),
        ("causes of gout or anaemia", ["causes", "gout", "anaemia"], ["causes", "gout", "anaemia"]),
        ("stage of anaemia", ["stage", "anaemia"], ["stage", "anaemia"]),
        ("causes with anaemia", ["causes", "anaemia"], ["causes", "anaemia"]),
    ],
)
def test_join_of(text, names, joined):
    found = join_of(text, candidates(text, *names))
    assert [text[c.start : c.end] for c in found] == joined


@pytest.mark.parametrize(
    ("text", "name", "site"),
    [
        ("radiotherapy to the chest wall", "radiotherapy", "to the chest wall"),
        ("surgery on the left hip or knee", "surgery", "on the left hip or knee"),
        ("infection at injection site", "infection", "at injection site"),
        ("pain in the past", "pain", None),
        ("metastases to lung cancer", "metastases", None),
    ],
)
def test_at_sites(text, name, site):
    found = at_sites(text, candidates(text, name))
    assert [text[q.start : q.end] for q in found] == ([] if site is None else [site])


@pytest.mark.parametrize(
    ("text", "name", "each"),
    [
        (
            "cancer of the vulva, anus or vagina",
            "cancer",
            ["cancer of the vulva", "cancer of the anus", "cancer of the vagina"],
        ),
        (
            "carcinoma in situ of the cervix or bladder, stage 0",
            "carcinoma in situ of the cervix",
            ["carcinoma in situ of the cervix", "carcinoma in situ of the bladder"],
        ),
        ("cancer of the colon and rectum", "cancer", ["cancer"]),
        ("disease of the liver or lung", "disease", ["disease"]),
    ],
)
def test_share_organs(text, name, each):
    start = text.index(name)
    mention = Mention("0", "", Label.CONDITION, start, start + len(name), name)
    got = share_organs(text, [mention])
    assert [m.text for m in got] == each
    assert len({m.id for m in got}) == len(each)


def test_a_list_that_goes_on_with_another_name_is_none_of_organs():
    text = "cancer of the lung or liver disease"
    cancer = Mention("0", "", Label.CONDITION, 0, 6, "cancer")
    liver = Mention("1", "", Label.CONDITION, text.index("liver"), len(text), "liver disease")
    assert share_organs(text, [cancer, liver]) == (cancer, liver)


def test_the_list_is_no_qualifier_any_more():
    text = "severe cancer of the lung or liver"
    said = (Qualifier("severity", "severe", 0, 6), Qualifier("site", "lung or liver", 21, 34))
    mention = Mention("0", "", Label.CONDITION, 7, 13, "cancer", qualifiers=said)
    assert [m.qualifiers for m in share_organs(text, [mention])] == [said[:1], said[:1]]
