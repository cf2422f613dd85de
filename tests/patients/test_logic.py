"""Kleene's truth tables, and what decides."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critextract.patients import logic
from critextract.patients.verdicts import Finding, Reason

T, F, U = "true", "false", "unknown"
TRUTHS = (T, F, U)
RANK = {F: 0, U: 1, T: 2}


def finding(truth, name="a"):
    return Finding(truth, (Reason(name, None, name),), (f"need {name}",) if truth == U else ())


def findings(truths):
    return [finding(truth, f"m{place}") for place, truth in enumerate(truths)]


@pytest.mark.parametrize("truths", list(product(TRUTHS, repeat=3)))
def test_all_is_the_least_and_any_the_greatest(truths):
    ranks = [RANK[truth] for truth in truths]
    assert RANK[logic.all_of(findings(truths)).truth] == min(ranks)
    assert RANK[logic.any_of(findings(truths)).truth] == max(ranks)


@pytest.mark.parametrize(("truth", "opposite"), [(T, F), (F, T), (U, U)])
def test_not(truth, opposite):
    assert logic.not_(finding(truth)).truth == opposite


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("truths", list(product(TRUTHS, repeat=3)))
def test_at_least_is_what_every_completion_says(n, truths):
    completions = [
        sum(t == T for t in full) >= n
        for full in product(*[(t,) if t != U else (T, F) for t in truths])
    ]
    expected = T if all(completions) else F if not any(completions) else U
    assert logic.at_least(n, findings(truths)).truth == expected


@pytest.mark.parametrize(
    ("condition", "then", "otherwise", "expected"),
    [
        (T, T, F, T), (T, F, T, F), (T, U, T, U), (F, T, F, F), (F, F, T, T), (F, T, U, U),
        (U, T, T, T), (U, F, F, F), (U, T, F, U), (U, F, T, U), (U, U, T, U), (U, U, U, U),
    ],
)  # fmt: skip
def test_if(condition, then, otherwise, expected):
    found = logic.if_then(finding(condition), finding(then, "b"), finding(otherwise, "c"))
    assert found.truth == expected


@pytest.mark.parametrize(
    ("condition", "then", "expected"),
    [(T, T, T), (T, F, F), (F, F, T), (F, U, T), (U, T, T), (U, F, U), (U, U, U)],
)
def test_if_without_otherwise_is_true_where_its_condition_is_not(condition, then, expected):
    assert logic.if_then(finding(condition), finding(then, "b")).truth == expected


@pytest.mark.parametrize(
    ("guards", "cases", "otherwise", "expected"),
    [
        ((T, T), (F, T), T, F),  # the first whose guard holds
        ((F, T), (F, T), F, T),
        ((F, F), (F, F), T, T),
        ((U, T), (T, T), F, T),  # both that may apply agree
        ((U, T), (F, T), F, U),
        ((U, F), (T, F), T, T),
        ((U, U), (T, T), F, U),
    ],
)
def test_first_case(guards, cases, otherwise, expected):
    pairs = [(finding(g, "g"), finding(c, "c")) for g, c in zip(guards, cases, strict=True)]
    assert logic.first_case(pairs, finding(otherwise, "o")).truth == expected


def test_only_what_decides_is_a_reason():
    found = logic.all_of([finding(T, "a"), finding(F, "b"), finding(U, "c")])
    assert [reason.mention for reason in found.because] == ["b"]
    assert found.needs == ()


def test_needs_are_those_of_the_unknown_parts_alone():
    found = logic.any_of([finding(F, "a"), finding(U, "b"), finding(U, "c")])
    assert found.needs == ("need b", "need c")


truth_lists = st.lists(st.sampled_from(TRUTHS), min_size=1, max_size=5)


@given(truth_lists)
def test_de_morgan(truths):
    each = findings(truths)
    negated = [logic.not_(one) for one in each]
    assert logic.not_(logic.all_of(each)).truth == logic.any_of(negated).truth
    assert logic.not_(logic.any_of(each)).truth == logic.all_of(negated).truth


@given(truth_lists, st.integers(1, 5))
def test_at_least_one_and_all_are_any_and_all(truths, n):
    each = findings(truths)
    assert logic.at_least(1, each).truth == logic.any_of(each).truth
    assert logic.at_least(len(each), each).truth == logic.all_of(each).truth
    assert logic.not_(logic.not_(logic.at_least(n, each))).truth == logic.at_least(n, each).truth
