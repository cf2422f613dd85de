"""What the patient or the family may have."""

import pytest

from critextract.components.kin import share_kin
from critextract.schema import Label, Mention, Window


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
