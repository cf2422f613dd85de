"""Taking part in another trial: the trial is the name."""

import pytest

from critextract.components.trials import name_trials
from critextract.schema import Label, Mention


@pytest.mark.parametrize(
    ("text", "name", "which"),
    [
        ("Enrollment in another interventional study", "interventional study", "another"),
        ("participating in any other clinical trials", "clinical trials", "other"),
        ("taken part in a drug trial", "drug trial", None),
        ("Participation in another concurrent clinical trial", "clinical trial", "another"),
        ("involved in a different research project", "research project", "different"),
        ("Participation in a weight loss program", None, None),
        ("participation in this trial", None, None),
        ("smoking", None, None),
    ],
)
def test_name_trials(text, name, which):
    mention = Mention("0", "", Label.OBSERVATION, 0, len(text), text)
    (named,) = name_trials(text, [mention])
    if name is None:
        assert named == mention
        return
    assert (named.label, named.text, text[named.start : named.end]) == ("PROCEDURE", name, name)
    assert [q.value for q in named.qualifiers] == ([] if which is None else [which])


def test_what_is_no_observation_stays():
    text = "participation in another trial"
    mention = Mention("0", "", Label.PROCEDURE, 0, len(text), text)
    assert name_trials(text, [mention]) == (mention,)
