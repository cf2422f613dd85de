"""Weights by which the right one of several wins."""

from dataclasses import dataclass

import pytest

from critextract.components.weights import score
from critextract.learn.ranking import LEAST, fit_ranking, shares


@dataclass
class Choice:
    features: list
    right: list


def test_the_right_one_wins_though_it_is_as_often_wrong_alone():
    """ "far" is right where nothing is near: only beside its rivals it is less likely."""
    found = [Choice([["near"], ["far"]], [True, False])] * 30
    found += [Choice([["far"], ["farther"]], [True, False])] * 30
    weights = fit_ranking(found)
    near, far, farther = (score(weights, [name]) for name in ("near", "far", "farther"))
    assert near > far > farther
    assert fit_ranking(found) == weights


def test_shares_are_how_often_each_was_right():
    found = [Choice([["a"], ["b"]], [True, False])] * 300
    found += [Choice([["a"], ["b"]], [False, True])] * 100
    weights = fit_ranking(found)
    a, b = shares([score(weights, ["a"]), score(weights, ["b"])])
    assert a == pytest.approx(0.75, abs=0.03)
    assert a + b == pytest.approx(1.0)


@pytest.mark.parametrize(
    "found",
    [[], [Choice([["a"], ["b"]], [False, False])]],
    ids=["nothing", "nothing right"],
)
def test_nothing_to_learn_from(found):
    assert fit_ranking(found) == {}


def test_rare_features_are_left_out():
    found = [Choice([["a", "rare"], ["b"]], [True, False])]
    found += [Choice([["a"], ["b"]], [True, False])] * LEAST
    assert set(fit_ranking(found)) == {"a", "b"}
