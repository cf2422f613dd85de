"""What `find_quantities` reads; negative cases stand in the same table."""

import pytest

from critextract.components.quantities import find_quantities
from critextract.intervals import interval_text

COMPARISONS = [
    ("ANC >= 1,500/mm3", ["[1500, inf) /mm3"]),
    ("AST <= 2.5 x ULN", ["(-inf, 2.5] x ULN"]),
    ("aged 18-75 years", ["[18, 75] a"]),
    ("visit at week 12", []),
    ("BMI < 18 or > 35 kg/m²", ["(-inf, 18) kg/m2", "(35, inf) kg/m2"]),
]


@pytest.mark.parametrize(("text", "expected"), COMPARISONS, ids=[row[0] for row in COMPARISONS])
def test_find_quantities(text, expected):
    assert [interval_text(q.value) for q in find_quantities(text)] == expected
