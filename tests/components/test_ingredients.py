"""What an allergy is to besides what is named."""

import pytest

from critextract.components.drafts import Candidate
from critextract.components.ingredients import goes_on, parts_alone
from critextract.schema import Label, Qualifier


@pytest.mark.parametrize(
    ("text", "named", "whole"),
    [
        ("allergy to aspirin or any of its excipients", "aspirin", "or any of its excipients"),
        ("allergy to the study drug or components", "study drug", "or components"),
        (
            "allergy to Xdrug, related compounds, or other ingredients of the tablet",
            "Xdrug",
            ", related compounds, or other ingredients of the tablet",
        ),
        ("allergy to eggs or chemically similar agents", "eggs", "or chemically similar agents"),
        (
            "allergy to Xvac or vaccine components, including gelatin",
            "Xvac",
            "or vaccine components, including gelatin",
        ),
        ("allergy to aspirin or use of heparin", "aspirin", ""),
        ("allergy to aspirin or other drugs", "aspirin", ""),
        ("allergy to aspirin, gelatin", "aspirin", ""),
    ],
)
def test_goes_on(text, named, whole):
    start = text.index(named)
    target = Qualifier("other", named, start, start + len(named))
    inside = text.find("gelatin")
    candidates = [Candidate(Label.DRUG, inside, inside + 7, "model")] if inside >= 0 else []
    got = goes_on(text, target, candidates)
    assert text[target.end : got.end].lstrip() == whole


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("allergy to any of the components of the study cream", "components of the study cream"),
        ("allergy to its excipients", "its excipients"),
        ("allergy to inactive ingredients", "inactive ingredients"),
        ("allergy to aspirin", None),
        ("allergy of any component", None),
    ],
)
def test_parts_alone(text, what):
    got = parts_alone(text, len("allergy"))
    assert (got and got.value) == what
