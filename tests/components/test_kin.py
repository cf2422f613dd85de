"""What the patient or the family may have."""

import pytest

from critextract.components.kin import share_kin
from critextract.schema import Label, Mention, Window
from marked import MarkedReader


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Personal or family history of goitre", ["patient", "family"]),
        ("A personal/family history of goitre", ["patient", "family"]),
        ("Family and/or personal history of goitre", ["patient", "family"]),
        ("Personal history of goitre", ["patient"]),
        ("Personal or occupational history of goitre", ["patient"]),
    ],
)
def test_whose_history(text, expected):
    at, name = text.index("history of"), text.index("goitre")
    window = Window(at, at + 10)
    mention = Mention("0", "I1", Label.CONDITION, name, name + 6, "goitre", windows=(window,))
    found = share_kin(text, [mention])
    assert [m.experiencer for m in found] == expected
    assert len({m.id for m in found}) == len(found)


READ = [
    ("Personal or family history of [melanoma](CONDITION)", ["melanoma", "melanoma kin"]),
    ("[Long QT](CONDITION), also in a first-degree relative", ["Long QT", "Long QT kin"]),
    ("[A1](CONDITION) or [B1](CONDITION) in the child or the family",
     ["A1", "A1 kin", "B1", "B1 kin"]),
    ("Family history of [melanoma](CONDITION)", ["melanoma kin"]),
    ("[Melanoma](CONDITION) in a first-degree relative", ["Melanoma kin"]),
    ("[Melanoma](CONDITION) or family history of [colon cancer](CONDITION)",
     ["Melanoma", "colon cancer kin"]),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "expected"), READ, ids=[marked for marked, _ in READ])
def test_whose_it_is_in_a_line(marked, expected):
    record = MarkedReader()(marked, "exclusion")
    assert [m.text + " kin" * (m.experiencer == "family") for m in record.mentions] == expected
    assert record.criteria[0].status == "exact"


def test_neither_is_denied():
    record = MarkedReader()("No personal or family history of [melanoma](CONDITION)", "inclusion")
    rule = record.criteria[0].rule
    assert (rule.op, rule.args[0].op, len(rule.args[0].args)) == ("not", "any", 2)
