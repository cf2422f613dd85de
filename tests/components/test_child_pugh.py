"""Child-Pugh points printed with their class."""

import pytest

from critextract.components.quantities import find_quantities
from critextract.intervals import interval_text


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Child-Pugh B7", ["[7, 7] {score}"]),
        ("Child-Pugh B7 or better", ["(-inf, 7] {score}"]),
        ("Child-Pugh score A5-B7", ["[5, 7] {score}"]),
        ("Child Pugh class A5-6", ["[5, 6] {score}"]),
        ("Child-Pugh > B8", ["(8, inf) {score}"]),
        ("Child-Pugh score worse than B7", ["(7, inf) {score}"]),
        ("CTP C10 or higher", ["[10, inf) {score}"]),
        ("Child-Pugh class B", ["B"]),
        ("vitamin B6", []),
        ("Child-Pugh class B and vitamin B6", ["B"]),
    ],
)
def test_points(text, values):
    found = [q.value for q in find_quantities(text) if q.value.unit or q.value.text_value]
    assert [value.text_value or interval_text(value) for value in found] == values
