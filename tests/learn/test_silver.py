"""What several models agree on."""

import gzip
import json

import pytest

from critextract.learn.silver import raw_lines, sample, silver_examples, vote

A, B, LONG = (0, 4, "CONDITION"), (8, 12, "DRUG"), (0, 12, "CONDITION")


@pytest.mark.parametrize(
    ("found", "kept", "tied"),
    [
        pytest.param([[A], [A], [A]], [A], [], id="all"),
        pytest.param([[A], [A, B], []], [A], [], id="majority"),
        pytest.param([[A], [], []], [], [], id="one-of-three-is-nothing"),
        pytest.param([[A], []], [], [(0, 4)], id="half-is-left-open"),
        pytest.param([[A], [(0, 4, "DRUG")], [A]], [A], [], id="labels-are-apart"),
        pytest.param([[A, B], [A, B], [LONG]], [A, B], [], id="two-against-a-longer-one"),
        pytest.param([[], [], []], [], [], id="none"),
    ],
)
def test_vote(found, kept, tied):
    assert vote(found) == (kept, tied)


def test_silver_examples_hold_the_majority():
    (made,) = silver_examples(["gout or iron"], ["lct"], [([A, B], [A])])
    assert made.spans == (A,)
    assert made.unknown == ((8, 12),)
    assert made.convention == "lct"


def test_raw_lines_are_clean_and_different(tmp_path):
    path = tmp_path / "criteria.jsonl.gz"
    texts = ["- Severe gout\n- Severe  gout\n\n1. Known asthma", "Severe gout\nshort\nIs annotated"]
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps({"criteria": text}) + "\n" for text in texts)
    assert raw_lines(path, without=["Is annotated"]) == ["Severe gout", "Known asthma"]


def test_a_sample_is_as_long_as_asked_and_the_same_again():
    lines = [f"line number {n}" for n in range(50)]
    taken = sample(lines, 30, seed=1)
    assert len(taken) == 10
    assert taken == sample(lines, 30, seed=1) != sample(lines, 30, seed=2)
    assert sorted(sample(lines, 10_000, seed=1)) == sorted(lines)
