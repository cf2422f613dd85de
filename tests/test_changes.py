"""Changed copies of data classes."""

from __future__ import annotations

import dataclasses

import pytest

from critextract.changes import replace
from critextract.schema import CharSpan, Label, Mention, Window

MENTION = Mention(
    id="m1",
    criterion="c1",
    label=Label.DRUG,
    start=3,
    end=9,
    text="statin",
    windows=(Window(0, 2),),
)


@pytest.mark.parametrize(
    "changes", [{}, {"text": "x"}, {"negated": True, "negation_cue": (0, 2), "windows": ()}]
)
def test_a_copy_is_that_of_the_standard_library(changes):
    before = dataclasses.asdict(MENTION)
    assert replace(MENTION, **changes) == dataclasses.replace(MENTION, **changes)
    assert dataclasses.asdict(MENTION) == before


def test_a_copy_is_frozen_and_has_no_other_fields():
    copy = replace(MENTION, text="x")
    with pytest.raises(dataclasses.FrozenInstanceError):
        copy.text = "y"
    with pytest.raises(KeyError, match="word"):
        replace(MENTION, word="x")


def test_a_class_that_checks_its_fields_is_left_to_the_standard_library():
    with pytest.raises(TypeError, match="CharSpan"):
        replace(CharSpan(0, 2), end=1)
