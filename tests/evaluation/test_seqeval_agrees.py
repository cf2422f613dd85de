"""Flat annotations scored by an independent implementation (seqeval) give the same figures."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_cases import TEXT
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

from critextract.evaluation.evaluate import evaluate
from critextract.schema import Label, Mention, Qualifier, Record

WORDS = 12
WIDTH = 3
"""Words of three characters, without gaps."""


@st.composite
def flat(draw, labels):
    """Return spans (first word, end word, label) of which none overlap; adjacent ones do occur."""
    spans, at = [], 0
    while at < WORDS:
        at += draw(st.integers(0, 2))
        length = draw(st.integers(1, 3))
        if at + length <= WORDS:
            spans.append((at, at + length, draw(st.sampled_from(labels))))
        at += length
    return spans


def bio(spans):
    tags = ["O"] * WORDS
    for start, end, label in spans:
        tags[start:end] = [f"B-{label}"] + [f"I-{label}"] * (end - start - 1)
    return tags


def as_mentions(name, spans):
    return Record(name, TEXT, mentions=tuple(
        Mention(f"m{n}", "I1", Label(label), a * WIDTH, b * WIDTH,
                TEXT[a * WIDTH : b * WIDTH])
        for n, (a, b, label) in enumerate(spans)
    ))  # fmt: skip


def as_periods(name, spans):
    return Record(name, TEXT, mentions=tuple(
        Mention(f"m{n}", "I1", Label.CONDITION, a * WIDTH, b * WIDTH,
                TEXT[a * WIDTH : b * WIDTH], period=label)
        for n, (a, b, label) in enumerate(spans)
    ))  # fmt: skip


def as_qualifiers(name, spans):
    qualifiers = tuple(
        Qualifier(label, TEXT[a * WIDTH : b * WIDTH], a * WIDTH, b * WIDTH) for a, b, label in spans
    )
    owner = Mention("m1", "I1", Label.CONDITION, 90, 95, TEXT[90:95], qualifiers=qualifiers)
    return Record(name, TEXT, mentions=(owner,))


def compare(read, task, golds, preds):
    """Assert the same counts and figures of each label, micro and macro."""
    gold = [read(str(n), spans) for n, spans in enumerate(golds)]
    pred = [read(str(n), spans) for n, spans in enumerate(preds)]
    ours = evaluate(gold, pred, tasks=[task], resamples=0).task(task)
    theirs = classification_report(
        [bio(spans) for spans in golds], [bio(spans) for spans in preds],
        output_dict=True, mode="strict", scheme=IOB2, zero_division=0,
    )  # fmt: skip
    for label, score in ours.labels.items():
        assert score.support == theirs[label]["support"]
        for figure, name in (("precision", "precision"), ("recall", "recall"), ("f1", "f1-score")):
            assert (getattr(score, figure) or 0) == pytest.approx(theirs[label][name])
    assert (ours.micro.f1 or 0) == pytest.approx(theirs["micro avg"]["f1-score"])
    assert ours.micro.support == theirs["micro avg"]["support"]
    return ours, theirs


def documents(labels):
    return st.lists(st.tuples(flat(labels), flat(labels)), min_size=1, max_size=4).filter(
        lambda pairs: any(gold for gold, _ in pairs)
    )


@settings(max_examples=60, deadline=None)
@given(documents(["CONDITION", "DRUG", "MEASUREMENT"]))
def test_mentions_strict(pairs):
    compare(as_mentions, "mentions.strict", *zip(*pairs, strict=True))


def exact_or_apart(pairs):
    """Tell whether spans of the two sides are the same or apart: what BIO and overlap share."""
    return all(
        (a, b) == (c, d) or b <= c or d <= a
        for gold, pred in pairs
        for a, b, _ in gold
        for c, d, _ in pred
    )


@st.composite
def relabelled(draw, labels):
    """Return gold and a prediction of some of its spans, under other labels."""
    gold = draw(flat(labels).filter(bool))
    pred = [(a, b, draw(st.sampled_from(labels))) for a, b, _ in gold if draw(st.booleans())]
    return gold, pred


@settings(max_examples=60, deadline=None)
@given(st.lists(relabelled(["past", "present", "future"]), min_size=1, max_size=4))
def test_attributes_period(pairs):
    assert exact_or_apart(pairs)
    compare(as_periods, "attributes.period", *zip(*pairs, strict=True))


@settings(max_examples=60, deadline=None)
@given(st.lists(relabelled(["severity", "stage", "site"]), min_size=1, max_size=4))
def test_qualifiers(pairs):
    compare(as_qualifiers, "qualifiers", *zip(*pairs, strict=True))


def test_by_hand():
    golds = [[(0, 2, "CONDITION"), (2, 4, "DRUG"), (6, 7, "DRUG")]]
    preds = [[(0, 2, "CONDITION"), (2, 3, "DRUG"), (6, 7, "CONDITION")]]
    ours, theirs = compare(as_mentions, "mentions.strict", golds, preds)
    assert (ours.micro.tp, ours.micro.fp, ours.micro.fn) == (1, 2, 2)
    assert theirs["micro avg"]["f1-score"] == pytest.approx(1 / 3)
    assert ours.macro.f1 == pytest.approx(theirs["macro avg"]["f1-score"]) == pytest.approx(1 / 3)
