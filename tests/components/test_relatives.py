"""What is said of the patient and of the family at once; ``kin`` marks the family's mention."""

import pytest

from marked import MarkedReader

BOTH = [
    ("Personal or family history of [melanoma](CONDITION)", ["melanoma", "melanoma kin"]),
    ("Family or personal history of [melanoma](CONDITION)", ["melanoma", "melanoma kin"]),
    ("[Long QT](CONDITION), also in a first-degree relative", ["Long QT", "Long QT kin"]),
    ("[A1](CONDITION) or [B1](CONDITION) in the child or the family",
     ["A1", "A1 kin", "B1", "B1 kin"]),
    ("[A1](CONDITION) in the patient, its parents", ["A1", "A1 kin"]),
]  # fmt: skip

ONE = [
    ("Family history of [melanoma](CONDITION)", ["melanoma kin"]),
    ("[Melanoma](CONDITION) in a first-degree relative", ["Melanoma kin"]),
    ("Personal history of [melanoma](CONDITION)", ["melanoma"]),
    ("[Melanoma](CONDITION) or family history of [colon cancer](CONDITION)",
     ["Melanoma", "colon cancer kin"]),
    ("Personal or family history of [A1](CONDITION); family history of [B1](CONDITION)",
     ["A1", "A1 kin", "B1 kin"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def read():
    return MarkedReader()


@pytest.mark.parametrize(("marked", "expected"), BOTH + ONE, ids=[a for a, _ in BOTH + ONE])
def test_whose_it_is(read, marked, expected):
    found = read(marked, "exclusion").mentions
    assert [m.text + " kin" * (m.experiencer == "family") for m in found] == expected


@pytest.mark.parametrize("marked", [marked for marked, _ in BOTH[:4]])
def test_either_is_enough_and_nothing_is_left(read, marked):
    criterion = read(marked, "exclusion").criteria[0]
    assert (criterion.rule.op, criterion.status) == ("any", "exact")


def test_neither_is_denied(read):
    record = read("No personal or family history of [melanoma](CONDITION)", "inclusion")
    rule = record.criteria[0].rule
    assert (rule.op, rule.args[0].op, len(rule.args[0].args)) == ("not", "any", 2)
