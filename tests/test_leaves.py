"""Long and short forms of one name."""

import pytest

from critextract.leaves import repeated_mentions
from critextract.schema import Label, Mention, Qualifier, Window

TEXT = "severe chronic leukaemia (CL) in blast phase"
SEVERE, PHASE = Qualifier("severity", "severe", 0, 6), Qualifier("stage", "blast phase", 33, 44)


def mention(name, **said):
    start = TEXT.index(name)
    return Mention(name, "I1", Label.CONDITION, start, start + len(name), name, **said)


@pytest.mark.parametrize(
    ("long", "short", "expected"),
    [
        pytest.param({}, {}, ["CL"], id="nothing-is-said"),
        pytest.param({"qualifiers": (SEVERE,)}, {}, ["CL"], id="said-of-the-long-form"),
        pytest.param({}, {"qualifiers": (PHASE,)}, ["chronic leukaemia"], id="of-the-short-form"),
        pytest.param({"qualifiers": (SEVERE,)}, {"qualifiers": (PHASE,)}, [], id="of-each-its-own"),
        pytest.param({"qualifiers": (SEVERE,)}, {"windows": (Window(30, 44),)}, [], id="a-window"),
        pytest.param({}, {"windows": (Window(30, 44),)}, ["chronic leukaemia"], id="only-a-window"),
    ],
)
def test_what_is_said_of_either_form_is_not_lost(long, short, expected):
    found = repeated_mentions(TEXT, [mention("chronic leukaemia", **long), mention("CL", **short)])
    assert [m.text for m in found] == expected
