"""Intervals, significance, agreement, calibration and honesty, against hand and library figures."""

import random
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring_cases import TEXT, one_criterion, spans

from critextract.errors import CritextractError, InputError
from critextract.evaluation.agreement import agreement, coefficient, labels_over
from critextract.evaluation.calibration import calibrate, judged
from critextract.evaluation.compare import compare
from critextract.evaluation.evaluate import evaluate
from critextract.evaluation.results import Counts, Score
from critextract.rules import Is, Not
from critextract.schema import Criterion, Record

TASK = "mentions.strict"


def documents(*written):
    """Return records ``0``, ``1`` ... of mentions."""
    return [spans(*one, name=str(n)) for n, one in enumerate(written)]


# --- scores -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("counts", "figures"), [
    (Counts(2, 2, 1), (2 / 4, 2 / 3, 4 / 7)),
    (Counts(0, 0, 0), (None, None, None)),
    (Counts(0, 3, 0), (0, None, 0)),
    (Counts(0, 0, 3), (None, 0, 0)),
    (Counts(5, 0, 0), (1, 1, 1)),
])  # fmt: skip
def test_undefined_is_none(counts, figures):
    score = Score.of(counts)
    assert (score.precision, score.recall, score.f1) == figures


def test_macro_is_the_mean_over_labels_where_it_is_defined():
    gold, pred = documents(["C 0-4", "C 5-9", "D 10-14"]), documents(["C 0-4", "M 20-24"])
    task = evaluate(gold, pred, tasks=[TASK], resamples=0).task(TASK)
    assert {name: score.f1 for name, score in task.labels.items()} == {
        "CONDITION": pytest.approx(2 / 3), "DRUG": 0, "MEASUREMENT": 0,
    }  # fmt: skip
    assert task.macro.f1 == pytest.approx(2 / 9)
    assert task.macro.precision == pytest.approx((1 + 0) / 2)  # no drug was predicted
    assert task.macro.recall == pytest.approx((1 / 2 + 0) / 2)  # gold has no measurement
    assert task.micro.f1 == pytest.approx(2 / 5)
    assert task.confusion == {
        ("CONDITION", "CONDITION"): 1, ("CONDITION", None): 1, ("DRUG", None): 1,
        (None, "MEASUREMENT"): 1,
    }  # fmt: skip


def test_kinds_of_error():
    gold = spans("C 0-4", "C 6-9", "D 12-15", "M 20-22")
    pred = spans("C 0-5", "D 6-9", "M 12-16", "M 30-32")
    pairs = evaluate([gold], [pred], tasks=[TASK], resamples=0).task(TASK).pairs
    assert [(pair.kind, pair.errors) for pair in pairs] == [
        ("wrong", ("boundary",)), ("wrong", ("type",)), ("wrong", ("boundary", "type")),
        ("missed", ("missed",)), ("spurious", ("spurious",)),
    ]  # fmt: skip


def test_documents_are_paired_by_id_and_problems_named():
    gold = documents(["C 0-4"], ["C 0-4"], ["C 0-4"])
    other = replace(gold[1], text=TEXT + "!")
    found = evaluate(gold, [gold[0], other, replace(gold[0], id="x")], resamples=0)
    score = found.task(TASK).micro
    assert (score.tp, score.fp, score.fn) == (1, 0, 2)
    assert [problem.partition(":")[0] for problem in found.problems] == [
        "1", "2", "predicted documents without gold",
    ]  # fmt: skip


@pytest.mark.parametrize("gold", [[], documents([])[:1] * 2])
def test_no_gold_or_one_document_twice_is_an_error(gold):
    with pytest.raises(InputError):
        evaluate(gold, documents([]))


# --- bootstrap --------------------------------------------------------------------------------


def random_documents(count, seed=3):
    dice = random.Random(seed)
    golds, preds = [], []
    for _ in range(count):
        there = [f"C {n * 6}-{n * 6 + 4}" for n in range(dice.randint(1, 6))]
        golds.append(there)
        preds.append(
            [one for one in there if dice.random() < 0.7] + ["D 60-64"] * dice.randint(0, 1)
        )
    return documents(*golds), documents(*preds)


def test_interval_is_scipys_percentile_bootstrap():
    from scipy.stats import bootstrap

    gold, pred = random_documents(80)
    task = evaluate(gold, pred, tasks=[TASK], resamples=4000).task(TASK)
    counts = np.array([(c.tp, c.fp, c.fn) for c in task.by_document.values()], dtype=float)

    def f1(tp, fp, fn, axis=-1):
        tp, fp, fn = (part.sum(axis=axis) for part in (tp, fp, fn))
        return 2 * tp / (2 * tp + fp + fn)

    theirs = bootstrap(
        counts.T, f1, paired=True, vectorized=True, n_resamples=4000, method="percentile",
        random_state=np.random.default_rng(5),
    ).confidence_interval  # fmt: skip
    assert task.micro.f1_ci == pytest.approx((theirs.low, theirs.high), abs=0.01)
    assert task.micro.f1_ci[0] < task.micro.f1 < task.micro.f1_ci[1]


def test_intervals_are_the_same_each_time_and_follow_the_seed():
    gold, pred = random_documents(30)
    first, again = (evaluate(gold, pred, tasks=[TASK]) for _ in range(2))
    assert first.task(TASK).micro == again.task(TASK).micro
    other = evaluate(gold, pred, tasks=[TASK], seed=9)
    assert first.task(TASK).micro.f1_ci != other.task(TASK).micro.f1_ci


def test_order_of_documents_does_not_matter():
    gold, pred = random_documents(20)
    forward = evaluate(gold, pred, tasks=[TASK])
    backward = evaluate(gold[::-1], pred[::-1], tasks=[TASK])
    assert forward.tasks == backward.tasks


def test_one_document_and_undefined_figures_have_no_interval():
    single = documents(["C 0-4"])
    alone = evaluate(single, single, tasks=[TASK])
    assert alone.task(TASK).micro.f1_ci is None
    gold = documents([], [], ["C 0-4"])
    rare = evaluate(gold, documents([], [], []), tasks=[TASK]).task(TASK).micro
    assert rare.precision is None
    assert rare.precision_ci is None
    assert rare.recall == 0


# --- two systems ------------------------------------------------------------------------------


def test_significance_by_hand():
    """The docstring's example: two documents prove nothing."""
    gold = documents(["C 0-4", "C 5-9"], ["C 0-4", "C 5-9"])
    half = documents(["C 0-4", "C 20-24"], ["C 0-4", "C 20-24"])
    found = compare(*(evaluate(gold, pred, tasks=[TASK]) for pred in (gold, half)))
    (one,) = found.tasks
    assert one.difference == pytest.approx(0.5)
    assert one.p == pytest.approx(0.5, abs=0.02)
    assert (one.both, one.neither, len(one.only_a), len(one.only_b)) == (2, 0, 2, 0)
    assert [item.start for item in one.spurious_b] == [20, 20]


def test_significance_is_scipys_permutation_test():
    from scipy.stats import permutation_test

    gold, a = random_documents(8)
    b = random_documents(8, seed=4)[1]
    one, two = (evaluate(gold, pred, tasks=[TASK]) for pred in (a, b))

    def counts(found):
        return np.array([(c.tp, c.fp, c.fn) for c in found.task(TASK).by_document.values()])

    left, right = counts(one), counts(two)

    def difference(x, y):
        figures = []
        for side in (x, y):
            tp, fp, fn = np.array([((left, right)[s // 8])[s % 8] for s in side.astype(int)]).sum(0)
            figures.append(2 * tp / (2 * tp + fp + fn))
        return figures[0] - figures[1]

    exact = permutation_test(
        (np.arange(8.0), np.arange(8.0) + 8), difference, permutation_type="samples",
        n_resamples=np.inf, vectorized=False,
    ).pvalue  # fmt: skip
    assert compare(one, two).tasks[0].p == pytest.approx(exact, abs=0.02)


def test_a_system_does_not_differ_from_itself_and_sides_mirror():
    gold, a = random_documents(20)
    b = random_documents(20, seed=4)[1]
    one, two = (evaluate(gold, pred, tasks=[TASK]) for pred in (a, b))
    assert compare(one, one).tasks[0].p == 1
    there, back = compare(one, two).tasks[0], compare(two, one).tasks[0]
    assert there.difference == -back.difference
    assert (there.only_a, there.only_b) == (back.only_b, back.only_a)
    assert there.p == pytest.approx(back.p, abs=0.03)


def test_a_clear_difference_is_significant_and_an_undefined_one_has_no_p():
    gold = documents(*[["C 0-4", "C 5-9"]] * 30)
    none = documents(*[[]] * 30)
    found = compare(*(evaluate(gold, pred, resamples=0) for pred in (gold, none)))
    by_name = {one.name: one for one in found.tasks}
    assert by_name[TASK].p < 0.001
    assert by_name["attributes.negated"].p is None
    assert by_name["attributes.negated"].difference is None


def test_different_gold_is_an_error():
    a, b = documents(["C 0-4"]), documents(["C 0-4"], ["C 0-4"])
    with pytest.raises(InputError, match="different documents"):
        compare(evaluate(a, a), evaluate(b, b))


# --- agreement --------------------------------------------------------------------------------


@pytest.mark.parametrize(("a", "b", "kappa"), [
    ("past past none none", "past none none none", 0.5),  # the docstring's example
    ("x x y y", "x x y y", 1),
    ("x y x y", "y x y x", -1),
    ("x x y y", "x y x y", 0),
    ("x x x x", "x x x x", None),  # nothing but one value: no chance to take off
])  # fmt: skip
def test_kappa(a, b, kappa):
    found = coefficient("t", list(zip(a.split(), b.split(), strict=True)))
    assert found.kappa == (None if kappa is None else pytest.approx(kappa))
    assert (found.alpha is None) == (kappa is None)


def test_alpha_by_hand():
    """Ten things; of 20 judgements 14 are x, 6 y; they differ on 2: alpha = 1 - 19*4/(2*14*6)."""
    pairs = [("x", "x")] * 6 + [("y", "y")] * 2 + [("x", "y")] * 2
    assert coefficient("t", pairs).alpha == pytest.approx(1 - 19 * 2 / (14 * 6))
    assert coefficient("t", []) == coefficient("t", [])
    assert coefficient("t", []).observed is None


def test_labels_over_words():
    said = labels_over("old mild asthma, no fever", [(0, 15, "C"), (4, 8, "Q"), (20, 25, "C")])
    assert said == ["C", "C", "C", "none", "none", "C"]


def test_agreement_is_on_shared_documents_and_symmetric():
    a = documents(["C 0-4", "C 6-9"], ["D 0-4"], ["C 0-4"])
    b = documents(["C 0-4", "D 6-9"], ["D 0-5"])
    b.append(replace(b[0], id="2", text=TEXT + "!"))
    b.append(replace(b[0], id="9"))
    there, back = agreement(a, b), agreement(b, a)
    assert there.documents == ("0", "1")
    assert len(there.problems) == 2
    (task, mirror) = (next(t for t in one.tasks if t.name == TASK) for one in (there, back))
    assert (task.micro.support, task.micro.predicted, task.micro.tp) == (3, 3, 1)
    assert task.micro.f1 == mirror.micro.f1
    by_name = {one.name: one for one in there.coefficients}
    assert by_name["mentions.label"].observed == pytest.approx(2 / 3)
    assert by_name["attributes.period"].kappa is None
    assert {o.name: o.kappa for o in there.coefficients} == {
        o.name: o.kappa if o.kappa is None else pytest.approx(o.kappa) for o in back.coefficients
    }


# --- calibration and honesty ------------------------------------------------------------------


def test_calibration_is_the_docstrings_example():
    found = calibrate([(0.9, True)] * 3 + [(0.9, False), (0.2, False)])
    assert found.ece == pytest.approx(0.16)
    assert found.brier == pytest.approx((3 * 0.01 + 0.81 + 0.04) / 5)
    assert [one.count for one in found.bins] == [0, 0, 1, 0, 0, 0, 0, 0, 0, 4]
    assert found.bins[9].right == 0.75


def test_no_predictions_no_calibration():
    found = calibrate([])
    assert (found.ece, found.brier, found.count) == (None, None, 0)
    assert {one.right for one in found.bins} == {None}


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_calibration_is_bounded_and_loses_nothing(judgements):
    found = calibrate(judgements)
    assert 0 <= found.ece <= 1
    assert 0 <= found.brier <= 1
    assert sum(one.count for one in found.bins) == found.count == len(judgements)


@pytest.mark.parametrize(("pred", "right"), [
    (spans("C 0-4"), True), (spans("C 0-5"), False), (spans("D 0-4"), False),
    (spans("C 0-4", period="past"), False),
])  # fmt: skip
def test_a_mention_is_right_with_all_its_attributes(pred, right):
    assert [was for _, was in judged(spans("C 0-4"), pred, ["negated", "period"])] == [right]
    assert [was for _, was in judged(spans("C 0-4"), pred, [])] == [
        right or pred.mentions[0].period == "past"
    ]


STROKE = spans("C 0-4").mentions
CLAIMS = [
    ("exact and right", {}, {}, (1, 1)),
    ("exact, gold only partial", {"status": "partial"}, {}, (1, 0)),
    ("exact, another rule", {}, {"rule": Not((Is("m1"),))}, (1, 0)),
    ("partial: claims nothing", {}, {"status": "partial"}, (0, 0)),
    ("exact, gold has no rule", {"status": "unparsed", "rule": None}, {}, (1, 0)),
]


@pytest.mark.parametrize(("gold", "pred", "expected"), [
    pytest.param(*case[1:], id=case[0]) for case in CLAIMS
])  # fmt: skip
def test_honesty(gold, pred, expected):
    sides = [
        one_criterion(TEXT, STROKE, one.get("rule", Is("m1")), status=one.get("status", "exact"))
        for one in (gold, pred)
    ]
    found = evaluate(*[[side] for side in sides], resamples=0).honesty
    assert (found.called, found.right) == expected
    assert found.share == (expected[1] / expected[0] if expected[0] else None)


def test_an_exact_rule_where_gold_has_no_criterion_is_not_right():
    pred = Record("d1", TEXT, mentions=STROKE, criteria=(
        Criterion("I1", "inclusion", None, 0, 9, TEXT[:9], rule=Is("m1"), status="exact"),
    ))  # fmt: skip
    found = evaluate([Record("d1", TEXT)], [pred], resamples=0).honesty
    assert (found.called, found.right, found.share) == (1, 0, 0)
    assert found.statuses == {(None, "exact"): 1}


def test_without_the_library_of_alpha_its_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "krippendorff", None)
    with pytest.raises(CritextractError, match=r"pip install 'critextract\[evaluate\]'"):
        coefficient("t", [("x", "y"), ("x", "x")])
