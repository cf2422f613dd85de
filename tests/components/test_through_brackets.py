"""Names that go on behind their short form."""

import pytest

from critextract.components.through_brackets import join_through_brackets, with_looser_forms
from marked import parse_marked


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[enzyme one](CONDITION) ([EO](CONDITION)) [lack](CONDITION)", ["enzyme one (EO) lack"]),
        ("[enzyme one (EO)](CONDITION) [lack](CONDITION)", ["enzyme one (EO) lack"]),
        ("[left ventricle](CONDITION) (LV) [mass](MEASUREMENT)", ["left ventricle (LV) mass"]),
        ("[enzyme one](CONDITION) ([EO](CONDITION)), [gout](CONDITION)",
         ["enzyme one", "EO", "gout"]),
        ("[enzyme one](CONDITION) ([XY](CONDITION)) [lack](CONDITION)",
         ["enzyme one", "XY", "lack"]),
        ("[iron oxide](DRUG) ([IO](DRUG)) [therapy](PROCEDURE)", ["iron oxide", "IO", "therapy"]),
        ("[gout](CONDITION) [attack](CONDITION)", ["gout", "attack"]),
    ],
)  # fmt: skip
def test_a_name_goes_on_behind_its_short_form(marked, expected):
    text, candidates = parse_marked(marked)
    found = join_through_brackets(text, candidates)
    assert [text[c.start : c.end] for c in found] == expected
    assert found[-1].label == candidates[-1].label


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[systolic blood pressure](MEASUREMENT) ([BP](MEASUREMENT)) > 160",
         ["systolic blood pressure (BP)"]),
        ("[systolic blood pressure](MEASUREMENT) ([SBP](MEASUREMENT)) > 160",
         ["systolic blood pressure", "SBP"]),
        ("[QT interval](MEASUREMENT) ([QTc](MEASUREMENT)) > 450", ["QT interval", "QTc"]),
        ("[gout](CONDITION) ([BP](MEASUREMENT))", ["gout", "BP"]),
        ("[systolic blood pressure](MEASUREMENT), [BP](MEASUREMENT)",
         ["systolic blood pressure", "BP"]),
    ],
)  # fmt: skip
def test_a_short_form_that_says_less(marked, expected):
    text, candidates = parse_marked(marked)
    found = with_looser_forms(text, candidates)
    assert [text[c.start : c.end] for c in found] == expected
