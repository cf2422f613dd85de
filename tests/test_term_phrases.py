"""Names that are a pattern: other trials, investigational products, live vaccines."""

import pytest

from critextract.term_phrases import find_phrases


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Participation in another clinical trial within 30 days", ["obs.trial_participation"]),
        ("Participated in any drug study in the last 3 months", ["obs.trial_participation"]),
        ("Concurrent enrolment in another interventional study", ["obs.trial_participation"]),
        ("Took part in a clinical trial of an unlicensed vaccine", ["obs.trial_participation"]),
        ("Enrolled in an investigational drug or device study", ["obs.trial_participation"]),
        ("Use of an investigational or unregistered product", ["drug.investigational"]),
        ("Any investigational agent, or an experimental device", 2),
        ("Live attenuated vaccines or live, attenuated immunisation", 2),
        ("Enrolled in the study", []),
        ("Willing to participate in a study", []),
        ("Participation in this trial", []),
        ("Participation in a physical activity program", []),
        ("Lives with vaccinated relatives", []),
        ("Re-enrolled in any other research study", []),
    ],
)
def test_find_phrases(text, found):
    ids = [match.id for match in find_phrases(text)]
    assert ids == found if isinstance(found, list) else len(ids) == found


def test_one_phrase_does_not_hide_in_another():
    text = "participation in any trial with an investigational product or device"
    (match,) = find_phrases(text)
    assert text[match.start : match.end] == text
