"""Where "other" is a qualifier: besides the text's own subject, not the rest of a list."""

import pytest

from critextract.components.drafts import Candidate
from critextract.components.others import settle_others
from critextract.schema import Label, Qualifier
from marked import parse_marked


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("No other [cancer](CONDITION)", [["other"]]),
        ("Any other chronic [lung disease](CONDITION)", [["other"]]),
        ("any other [eye surgery](PROCEDURE)", [["other"]]),
        ("[Gout](CONDITION) or other [arthritis](CONDITION)", [[], []]),
        ("[gout](CONDITION), lupus (or other [arthritis](CONDITION))", [[], []]),
        ("Other [investigational agents](DRUG)", [[]]),
        ("other than [gout](CONDITION)", [[]]),
        ("[cancer](CONDITION)", [[]]),
        ("another [cancer](CONDITION)", [[]]),
        ("other, [gout](CONDITION)", [[]]),
    ],
)
def test_other_names(marked, expected):
    text, candidates = parse_marked(marked)
    found = settle_others(text, candidates, {})
    assert [[q.value for q in found.get(n, ())] for n in range(len(candidates))] == expected


def test_the_rest_of_a_list_has_no_such_qualifier():
    text = "gout or other arthritis"
    other = Qualifier("other", "other", 8, 13)
    severe = Qualifier("severity", "severe", 0, 4)
    names = [Candidate(Label.CONDITION, 0, 4, "model"), Candidate(Label.CONDITION, 14, 23, "model")]
    assert settle_others(text, names, {1: (other, severe)}) == {1: (severe,)}
    assert settle_others(text, names[1:], {0: (other,)}) == {0: (other,)}
