"""Which mentions say how another one is measured, and whose the bound behind them is."""

import pytest

from critextract.components.drafts import Candidate
from critextract.components.methods import find_methods
from critextract.components.quantities import find_quantities
from critextract.components.values import assign_values
from critextract.schema import Label

M, P, C = Label.MEASUREMENT, Label.PROCEDURE, Label.CONDITION


def named(text, names):
    return [
        Candidate(label, text.index(name), text.index(name) + len(name), "lexicon", None)
        for name, label in names
    ]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("LVEF by MUGA scan >= 50 %", [("LVEF", M), ("MUGA scan", P)], ["MUGA scan"]),
        ("LVEF [by MUGA scan] >= 50 %", [("LVEF", M), ("MUGA scan", M)], ["MUGA scan"]),
        (
            "LVEF as measured by MUGA or echocardiogram of at least 50 %",
            [("LVEF", M), ("MUGA", P), ("echocardiogram", P)],
            ["MUGA", "echocardiogram"],
        ),
        ("CD4 by flow cytometry > 200", [("CD4", M), ("flow cytometry", M)], ["flow cytometry"]),
        ("LVEF >= 50 % by MUGA scan", [("LVEF", M), ("MUGA scan", P)], []),
        ("LVEF and MUGA scan >= 50 %", [("LVEF", M), ("MUGA scan", P)], []),
        ("weight by BMI > 30", [("weight", M), ("BMI", M)], []),
        ("gout on MRI > 2 cm", [("gout", C), ("MRI", P)], []),
    ],
)
def test_find_methods(text, names, expected):
    candidates = named(text, names)
    found = find_methods(text, candidates)
    assert [text[candidates[n].start : candidates[n].end] for n in found] == expected


@pytest.mark.parametrize(
    ("text", "names", "owner"),
    [
        ("LVEF by MUGA scan >= 50 %", [("LVEF", M), ("MUGA scan", M)], "LVEF"),
        ("score on CT scan of < 6", [("score", M), ("CT scan", P)], "score"),
        ("LVEF, MUGA scan >= 50 %", [("LVEF", M), ("MUGA scan", M)], "MUGA scan"),
    ],
)
def test_the_bound_is_of_what_is_measured(text, names, owner):
    candidates = named(text, names)
    owned = assign_values(text, candidates, find_quantities(text), [], [(0, len(text))])
    assert [text[candidates[n].start : candidates[n].end] for n in owned] == [owner]
