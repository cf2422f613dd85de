"""What an allergy is to besides what is named."""

import pytest

from critextract.components.drafts import Candidate
from critextract.components.ingredients import goes_on, parts_alone
from critextract.components.qualified import find_targets
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


@pytest.mark.parametrize(
    ("text", "names", "target"),
    [
        (
            "contraindication to treatment with aspirin or heparin",
            [("treatment", Label.PROCEDURE), ("aspirin", Label.DRUG), ("heparin", Label.DRUG)],
            "treatment with aspirin or heparin",
        ),
        ("contraindication to treatment", [("treatment", Label.PROCEDURE)], "treatment"),
        (
            "contraindication to surgery with sedation",
            [("surgery", Label.PROCEDURE), ("sedation", Label.PROCEDURE)],
            "surgery",
        ),
    ],
)
def test_what_a_contraindication_is_to_goes_on_over_a_carrier(text, names, target):
    found = [Candidate(Label.CONDITION, 0, len("contraindication"), "model")]
    found += [
        Candidate(label, text.index(n), text.index(n) + len(n), "model") for n, label in names
    ]
    assert find_targets(text, found, [])[0].value == target


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("resistance to iron", "iron"),
        ("hypersensitivity reactions to iron", "iron"),
        ("allergy to any of the irons", "irons"),
        ("intolerance to either iron", "iron"),
        ("adverse effects of iron", "iron"),
        ("allergy and iron", None),
        ("resistance before iron", None),
        ("side by side iron", None),
    ],
)
def test_what_a_reaction_is_to(text, target):
    end = text.index(" iron") if target is None else text.index(next(
        word for word in (" reactions", " to", " of") if word in text))  # fmt: skip
    start = text.index("iron")
    found = [
        Candidate(Label.CONDITION, 0, end, "model"),
        Candidate(Label.DRUG, start, len(text), "model"),
    ]
    targets = find_targets(text, found, [])
    assert (targets[0].value if targets else None) == target


def drug_and(text, reactions, *drugs):
    """Return the candidates of a text: its reactions, the rest drugs, in text order."""
    named = [(n, Label.CONDITION) for n in reactions] + [(n, Label.DRUG) for n in drugs]
    places = [(text.index(n), n, label) for n, label in named]
    return [Candidate(label, at, at + len(n), "model") for at, n, label in sorted(places)]


@pytest.mark.parametrize(
    ("text", "reactions", "drugs", "targets"),
    [
        ("gold, silver or zinc allergy", ["allergy"], ["gold", "silver", "zinc"],
         ["gold, silver or zinc"]),
        ("use of gold or zinc allergy", ["allergy"], ["gold", "zinc"], ["zinc"]),
        ("gold, zinc allergy", ["allergy"], ["gold", "zinc"], ["zinc"]),
        ("allergy to metals (e.g., gold), zinc, or tin", ["allergy"],
         ["metals", "gold", "zinc", "tin"], ["metals (e.g., gold), zinc, or tin"]),
        ("allergy to metals (gold), use of zinc", ["allergy"], ["metals", "gold", "zinc"],
         ["metals"]),
        ("allergic to or has a sensitivity to gold", ["allergic", "sensitivity"], ["gold"],
         ["gold", "gold"]),
        ("drug allergy or intolerance of gold", ["drug allergy", "intolerance"], ["gold"],
         ["gold"]),
        ("contraindication to metals (e.g., gold or zinc)", ["contraindication"],
         ["metals", "gold", "zinc"], ["metals (e.g., gold or zinc)"]),
        ("allergy to aurum (gold) or zinc", ["allergy"], ["aurum", "gold", "zinc"],
         ["aurum (gold) or zinc"]),
        ("allergy to aurum (gold)", ["allergy"], ["aurum", "gold"], ["aurum"]),
        ("contraindication to gold and or zinc", ["contraindication"], ["gold", "zinc"],
         ["gold and or zinc"]),
    ],
)  # fmt: skip
def test_lists_of_targets(text, reactions, drugs, targets):
    found = find_targets(text, drug_and(text, reactions, *drugs), [])
    assert [found[n].value for n in sorted(found)] == targets
