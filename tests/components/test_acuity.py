"""Visual acuity printed as a fraction."""

import pytest

from critextract.components.quantities import find_quantities
from critextract.intervals import interval_text


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("visual acuity of 20/40 or better", ["[0.5, inf) 1"]),
        ("BCVA worse than 20/400", ["(-inf, 0.05) 1"]),
        ("visual acuity 20/80 or worse", ["(-inf, 0.25] 1"]),
        ("visual acuity between 20/40 and 20/100", ["[0.2, 0.5] 1"]),
        ("visual acuity 20/80 - 20/200 in the study eye", ["[0.1, 0.25] 1"]),
        ("corrected vision of at least 6/12", ["[0.5, inf) 1"]),
        ("no better than 20/20 vision", ["(-inf, 1] 1"]),
        ("the sound eye reads at least 20/40.", ["[0.5, inf) 1"]),
        ("visual acuity of 5/200 or less", ["(-inf, 0.025] 1"]),
        ("vision 20/25 (0.10 logMAR) or better", ["[0.8, inf) 1 = (-inf, 0.1] {logMAR}"]),
        ("vision 20/400 (1.3 logMAR)", ["[0.05, 0.05] 1 = [1.3, 1.3] {logMAR}"]),
        ("eye drops on 20/40/2001", []),
        ("vision 20/25", ["[0.8, 0.8] 1"]),
        ("score of 20/40", []),
        ("BP 160/100 mmHg", ["[160, 160] mm[Hg]", "[100, 100] mm[Hg]"]),
    ],
)
def test_acuities(text, values):
    found = [interval_text(q.value) for q in find_quantities(text) if q.value.unit]
    assert found == values
