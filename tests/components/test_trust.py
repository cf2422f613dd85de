"""How likely a mention is right, from what is said of it."""

from dataclasses import replace

import pytest

from critextract.components.trust import STEPS, said_of, trust_features, trusted
from critextract.schema import Concept, Label, Mention, Qualifier, Value, Window

PLAIN = Mention("m1", "I1", Label.CONDITION, 0, 8, "diabetes", confidence=0.7)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "span >= 0.7"),
        ({}, "CONDITION"),
        ({}, "words 1"),
        ({}, "modality actual"),
        ({}, "period not said"),
        ({"text": "a b c d e f"}, "words 4"),
        ({"modality": "planned"}, "modality planned"),
        ({"period": "past"}, "period past"),
        ({"negated": True}, "negated"),
        ({"values": (Value(start=9, end=10),)}, "value"),
        ({"windows": (Window(role="recency", start=9, end=10),)}, "window"),
        ({"qualifiers": (Qualifier("other", "x", 9, 10),)}, "qualifier"),
        ({"concept": Concept("MeSH", "D1", "diabetes", 1.0)}, "concept"),
    ],
)
def test_feature(change, expected):
    """Each is there with the change and, where one is made, not without it."""
    own = trust_features(said_of(replace(PLAIN, **change)))
    assert expected in own
    assert not change or expected not in trust_features(said_of(PLAIN))


@pytest.mark.parametrize(
    ("confidence", "steps"), [(0.0, 0), (0.29, 0), (0.3, 1), (0.7, 6), (1.0, len(STEPS))]
)
def test_a_span_reaches_the_steps_below_it(confidence, steps):
    own = trust_features(said_of(replace(PLAIN, confidence=confidence)))
    assert [name for name in own if name.startswith("span")] == [
        f"span >= {step}" for step in STEPS[:steps]
    ]


def test_surer_spans_are_surer_mentions_and_the_rest_stays():
    found = [replace(PLAIN, confidence=step) for step in (0.2, 0.5, 0.77)]
    out = trusted(found)
    chances = [mention.confidence for mention in out]
    assert chances == sorted(chances)
    assert all(0.05 < chance < 0.95 for chance in chances)
    assert [replace(m, confidence=f.confidence) for m, f in zip(out, found, strict=True)] == found
