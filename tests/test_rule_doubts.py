"""What the words of a single mention leave open."""

import pytest

from critextract.doubts import needless, organs
from critextract.schema import Label, Mention, Qualifier


def qualified(text, name, words):
    found = tuple(
        Qualifier(kind, word, text.index(word), text.index(word) + len(word))
        for kind, word in words
    )
    start = text.index(name)
    return Mention("m1", "I1", Label.CONDITION, start, start + len(name), name, qualifiers=found)


@pytest.mark.parametrize(
    ("text", "name", "words", "expected"),
    [
        ("renal and malignant disease", "malignant disease", [("site", "renal")], [" and "]),
        ("cardiac, renal disease", "disease", [("site", "cardiac"), ("site", "renal")], [", "]),
        ("neurologic and renal disease", "disease", [("other", "neurologic"), ("site", "renal")],
         [" and "]),
        ("head and neck cancer", "cancer", [("site", "head"), ("site", "neck")], []),
        ("mild and rare disease", "disease", [("severity", "mild"), ("acuteness", "rare")], []),
        ("severe renal disease", "disease", [("severity", "severe"), ("site", "renal")], []),
        ("disease of lung and liver", "disease", [("site", "lung"), ("site", "liver")], []),
    ],
)  # fmt: skip
def test_organs_of_one_condition(text, name, words, expected):
    found = organs(text, qualified(text, name, words))
    assert [text[gap.start : gap.end] for gap in found] == expected


@pytest.mark.parametrize(
    ("text", "name", "cue", "expected"),
    [
        ("no biopsy is required", "biopsy", "no", ["is required"]),
        ("biopsy is not required", "biopsy", "is not required", ["is not required"]),
        ("no biopsy", "biopsy", "no", []),
        ("biopsy is required", "biopsy", None, []),
        ("no biopsy within a year", "biopsy", "no", []),
    ],
)
def test_what_asks_for_nothing(text, name, cue, expected):
    start = text.index(name)
    place = None if cue is None else (text.index(cue), text.index(cue) + len(cue))
    mention = Mention(
        "m1", "I1", Label.PROCEDURE, start, start + len(name), name,
        negated=cue is not None, negation_cue=place,
    )  # fmt: skip
    assert [text[gap.start : gap.end] for gap in needless(text, mention)] == expected
