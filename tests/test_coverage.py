"""What a rule does not hold of a criterion's text: bounds of which only one counts."""

from dataclasses import replace
from decimal import Decimal

import pytest

import critextract
from critextract.coverage import behind_lists, uncovered
from critextract.schema import Label, Mention, Qualifier, Value, Window


def mention(text, **found):
    return Mention("m1", "I1", Label.DRUG, 0, 4, text[:4], **found)


def doubts(text, found):
    return [
        text[gap.start : gap.end]
        for gap in uncovered(text, [(0, len(text))], [found], [])
        if gap.reason == "which bound is meant"
    ]


@pytest.mark.parametrize(
    ("said", "bounds", "expected"),
    [
        ("at least 4-6 mg", {"low": Decimal(4), "low_closed": True}, ["6"]),
        ("no more than 5 to 7.5 mg", {"high": Decimal("7.5"), "high_closed": True}, ["7.5"]),
        ("at least two to three doses", {"low": Decimal(2), "low_closed": True}, ["three"]),
        ("4-6 mg", dict.fromkeys(("low", "high"), Decimal(4)), []),
        ("at least 4 mg", {"low": Decimal(4), "low_closed": True}, []),
        ("at least 10-fold", {"low": Decimal(10), "low_closed": True}, []),
        ("≥ 60 mL/min/1.73 m2", {"low": Decimal(60), "low_closed": True}, []),
    ],
)
def test_one_bound_of_two_is_not_held(said, bounds, expected):
    text = f"Iron {said}"
    value = Value(5, len(text), **bounds)
    assert doubts(text, mention(text, values=(value,))) == expected
    assert doubts(text, mention(text, dose=value)) == expected
    assert doubts(text, mention(text, count=value)) == expected


def test_a_window_of_which_one_bound_counts():
    text = "Iron at least 4-6 weeks before"
    window = Window(5, len(text), low=Decimal(4), low_closed=True, unit="wk")
    assert doubts(text, mention(text, windows=(window,))) == ["6"]


@pytest.mark.parametrize(
    ("text", "names", "site", "expected"),
    [
        ("surgery or iron to the mouth", ["surgery", "iron"], "mouth", ["mouth"]),
        ("pain or gout of the knee", ["pain", "gout"], "knee", ["knee"]),
        ("pain, gout of the knee", ["pain", "gout"], "knee", []),
        ("gout of the knee", ["gout"], "knee", []),
        ("pain or knee gout", ["pain", "gout"], "knee", []),
        ("pain or gout; not of the knee", ["pain", "gout"], "knee", []),
    ],
)
def test_a_place_behind_a_list(text, names, site, expected):
    place = Qualifier("site", site, text.index(site), text.index(site) + len(site))
    mentions = [
        Mention(name, "I1", Label.CONDITION, text.index(name), text.index(name) + len(name), name)
        for name in names
    ]
    mentions[-1] = replace(mentions[-1], qualifiers=(place,))
    assert [text[gap.start : gap.end] for gap in behind_lists(text, mentions)] == expected


@pytest.mark.parametrize(
    ("text", "uncovered"),
    [
        ("AS PER AMENDMENT 10/24/96: Asthma", []),
        ("Asthma (per amendment 3)", []),
        ("Asthma, per 07/19/94 amendment", []),
        ("Stroke within 3 months before baseline (Visit 2)", []),
        ("Stroke within 3 months before screening (Day -14)", []),
        ("Stroke (visit 2)", ["visit 2"]),
    ],
)
def test_dates_of_amendments_and_numbers_of_visits_mean_nothing(text, uncovered):
    """A visit's number does only behind what says when it is."""
    record = critextract.extract(f"Exclusion Criteria:\n- {text}\n")
    (criterion,) = record.criteria
    assert [record.text[u.start : u.end] for u in criterion.uncovered] == uncovered


@pytest.mark.parametrize(
    ("text", "uncovered"),
    [
        ("Requires supplemental oxygen", []),
        ("Requires abdominal surgery", ["Requires"]),
        ("Requirement for a kidney transplant", ["Requirement"]),
        ("Patients in need of knee surgery", ["need"]),
        ("Need for knee surgery", []),
    ],
)
def test_who_needs_surgery_has_not_had_it(text, uncovered):
    record = critextract.extract(f"Exclusion Criteria:\n- {text}\n")
    (criterion,) = record.criteria
    assert [record.text[gap.start : gap.end] for gap in criterion.uncovered] == uncovered
