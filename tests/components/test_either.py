"""Qualifiers of which any is enough are one."""

import pytest

from critextract.components.either import join_either
from critextract.schema import Label, Mention, Qualifier


def mention(text, name, words):
    found = tuple(
        Qualifier("site", word, text.index(word), text.index(word) + len(word)) for word in words
    )
    start = text.index(name)
    return Mention("m1", "I1", Label.CONDITION, start, start + len(name), name, qualifiers=found)


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("pain of the hip or knee", ["hip", "knee"], ["hip or knee"]),
        ("pain of hip, knee, or wrist", ["hip", "knee", "wrist"], ["hip, knee, or wrist"]),
        ("pain (oral/dental)", ["oral", "dental"], ["oral/dental"]),
        ("stable or slowly growing pain", ["stable", "slowly", "growing"],
         ["stable or slowly growing"]),
        ("mild or moderate chronic pain", ["mild", "moderate", "chronic"],
         ["mild or moderate", "chronic"]),
        ("pain of hip, knee and wrist", ["hip", "knee", "wrist"], ["hip", "knee", "wrist"]),
        ("severe pain or acute", ["severe", "acute"], ["severe", "acute"]),
        ("severe pain", ["severe"], ["severe"]),
    ],
)  # fmt: skip
def test_any_is_enough(text, words, expected):
    (found,) = join_either(text, [mention(text, "pain", words)])
    assert [q.value for q in found.qualifiers] == expected
    assert all(text[q.start : q.end].lower() == q.value for q in found.qualifiers)


def test_who_shares_a_part_shares_all_of_it():
    text = "topical or systemic steroids or retinoids"
    first = mention(text, "steroids", ["topical", "systemic"])
    second = mention(text, "retinoids", ["systemic"])
    found = join_either(text, [first, second])
    assert [[q.value for q in one.qualifiers] for one in found] == [["topical or systemic"]] * 2
