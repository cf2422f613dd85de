"""Scores worked out by hand: what is matched with what, and what is counted."""

import random

import pytest
from scoring_cases import mention, one_criterion, span_mention, spans, value, window

from critextract.evaluation.evaluate import evaluate
from critextract.rules import Is
from critextract.schema import (
    Criterion,
    Heading,
    Otherwise,
    Qualifier,
    Record,
    RuleGuard,
    SexGuard,
)


def counts(gold, pred, task):
    score = evaluate([gold], [pred], tasks=[task], resamples=0).task(task).micro
    return score.tp, score.fp, score.fn


# Gold, predicted, strict (tp, fp, fn), overlapping (tp, fp, fn).
MENTIONS = [
    ("the same", ["C 0-4"], ["C 0-4"], (1, 0, 0), (1, 0, 0)),
    ("nothing on either side", [], [], (0, 0, 0), (0, 0, 0)),
    ("nothing predicted", ["C 0-4", "D 5-9"], [], (0, 0, 2), (0, 0, 2)),
    ("nothing in gold", [], ["C 0-4", "D 5-9"], (0, 2, 0), (0, 2, 0)),
    ("other label", ["C 0-4"], ["D 0-4"], (0, 1, 1), (0, 1, 1)),
    ("one character too long", ["C 0-4"], ["C 0-5"], (0, 1, 1), (1, 0, 0)),
    ("one character too short", ["C 0-4"], ["C 0-3"], (0, 1, 1), (1, 0, 0)),
    ("adjacent: no common character", ["C 0-4"], ["C 4-8"], (0, 1, 1), (0, 1, 1)),
    ("one common character", ["C 0-4"], ["C 3-8"], (0, 1, 1), (1, 0, 0)),
    ("adjacent spans taken as one", ["C 0-4", "C 4-8"], ["C 0-8"], (0, 1, 2), (1, 0, 1)),
    ("one span taken as two adjacent", ["C 0-8"], ["C 0-4", "C 4-8"], (0, 2, 1), (1, 1, 0)),
    ("adjacent spans, cut elsewhere", ["C 0-4", "C 4-8"], ["C 0-3", "C 3-8"], (0, 2, 2), (2, 0, 0)),
    ("adjacent, labels swapped", ["C 0-4", "D 4-8"], ["D 0-4", "C 4-8"], (0, 2, 2), (0, 2, 2)),
    ("nested, both found", ["C 0-9", "C 3-6"], ["C 0-9", "C 3-6"], (2, 0, 0), (2, 0, 0)),
    ("nested, outer found", ["C 0-9", "C 3-6"], ["C 0-9"], (1, 0, 1), (1, 0, 1)),
    ("nested, inner found", ["C 0-9", "C 3-6"], ["C 3-6"], (1, 0, 1), (1, 0, 1)),
    ("nested of two labels", ["C 0-9", "D 3-6"], ["D 0-9", "C 3-6"], (0, 2, 2), (2, 0, 0)),
    ("three deep, middle missing", ["C 0-9", "C 1-8", "C 2-7"], ["C 0-9", "C 2-7"],
     (2, 0, 1), (2, 0, 1)),
    ("a span in the gap of two", ["C 0-2", "C 6-8"], ["C 3-5"], (0, 1, 2), (0, 1, 2)),
    ("chain: greedy finds one, two are there", ["C 0-10", "C 8-20"], ["C 5-12", "C 0-4"],
     (0, 2, 2), (2, 0, 0)),
    ("chain of three", ["C 0-5", "C 4-10", "C 9-15"], ["C 4-5", "C 9-10", "C 14-15"],
     (0, 3, 3), (3, 0, 0)),
    ("star: one prediction over three", ["C 0-2", "C 3-5", "C 6-8"], ["C 0-8"],
     (0, 1, 3), (1, 0, 2)),
    ("star: three predictions in one", ["C 0-8"], ["C 0-2", "C 3-5", "C 6-8"],
     (0, 3, 1), (1, 2, 0)),
    ("two on three", ["C 0-5", "C 5-10"], ["C 0-2", "C 4-6", "C 8-10"], (0, 3, 2), (2, 1, 0)),
    ("discontinuous, the same", ["C 0-2+5-7"], ["C 0-2+5-7"], (1, 0, 0), (1, 0, 0)),
    ("discontinuous, written backwards", ["C 0-2+5-7"], ["C 5-7+0-2"], (1, 0, 0), (1, 0, 0)),
    ("discontinuous, hull predicted", ["C 0-2+5-7"], ["C 0-7"], (0, 1, 1), (1, 0, 0)),
    ("discontinuous, gap predicted", ["C 0-2+5-7"], ["C 2-5"], (0, 1, 1), (0, 1, 1)),
    ("discontinuous, one part predicted", ["C 0-2+5-7"], ["C 5-7"], (0, 1, 1), (1, 0, 0)),
    ("discontinuous, both parts apart", ["C 0-2+5-7"], ["C 0-2", "C 5-7"], (0, 2, 1), (1, 1, 0)),
    ("shared head: two discontinuous", ["C 0-2+8-9", "C 4-6+8-9"], ["C 0-2+8-9", "C 4-9"],
     (1, 1, 1), (2, 0, 0)),
    ("interleaved, no common character", ["C 0-2+5-7"], ["C 2-5+7-9"], (0, 1, 1), (0, 1, 1)),
    ("twice in gold is once", ["C 0-4", "C 0-4"], ["C 0-4"], (1, 0, 0), (1, 0, 0)),
    ("twice predicted is once", ["C 0-4"], ["C 0-4", "C 0-4"], (1, 0, 0), (1, 0, 0)),
    ("two labels on one span", ["C 0-4", "D 0-4"], ["C 0-4"], (1, 0, 1), (1, 0, 1)),
    ("two labels on one span, swapped order", ["C 0-4", "D 0-4"], ["D 0-4", "C 0-4"],
     (2, 0, 0), (2, 0, 0)),
    ("a near duplicate is no duplicate", ["C 0-4"], ["C 0-4", "C 0-5"], (1, 1, 0), (1, 1, 0)),
    ("exact one wins over the longer", ["C 0-4", "C 0-9"], ["C 0-9"], (1, 0, 1), (1, 0, 1)),
    ("of one character", ["C 3-4"], ["C 3-4", "C 4-5"], (1, 1, 0), (1, 1, 0)),
    ("all labels wrong but one", ["C 0-1", "D 1-2", "M 2-3"], ["C 0-1", "C 1-2", "C 2-3"],
     (1, 2, 2), (1, 2, 2)),
]  # fmt: skip


@pytest.mark.parametrize(("gold", "pred", "strict", "overlapping"), [
    pytest.param(*case[1:], id=case[0]) for case in MENTIONS
])  # fmt: skip
def test_mentions(gold, pred, strict, overlapping):
    assert counts(spans(*gold), spans(*pred), "mentions.strict") == strict
    assert counts(spans(*gold), spans(*pred), "mentions.overlapping") == overlapping


@pytest.mark.parametrize(("gold", "pred", "strict", "overlapping"), [
    pytest.param(*case[1:], id=case[0]) for case in MENTIONS
])  # fmt: skip
def test_order_does_not_matter_and_sides_swap(gold, pred, strict, overlapping):
    shuffled = random.Random(7)
    for task, (tp, fp, fn) in (
        ("mentions.strict", strict),
        ("mentions.overlapping", overlapping),
    ):
        for _ in range(4):
            shuffled.shuffle(gold := list(gold))
            shuffled.shuffle(pred := list(pred))
            assert counts(spans(*gold), spans(*pred), task) == (tp, fp, fn)
        assert counts(spans(*pred), spans(*gold), task) == (tp, fn, fp)


def test_blood_pressure_is_two_mentions_on_the_same_characters():
    both = Record("d1", spans().text, mentions=(
        span_mention(1, "M 0-4", component="systolic"),
        span_mention(2, "M 0-4", component="diastolic"),
    ))  # fmt: skip
    one = Record("d1", spans().text, mentions=both.mentions[:1])
    assert counts(both, both, "mentions.strict") == (2, 0, 0)
    assert counts(both, one, "mentions.strict") == (1, 0, 1)


# --- attributes -------------------------------------------------------------------------------

ATTRIBUTES = [
    ("negated", {"negated": True}, {"negated": True}, (1, 0, 0)),
    ("negated", {"negated": True}, {}, (0, 0, 1)),
    ("negated", {}, {"negated": True}, (0, 1, 0)),
    ("negated", {}, {}, (0, 0, 0)),
    ("period", {"period": "past"}, {"period": "past"}, (1, 0, 0)),
    ("period", {"period": "past"}, {"period": "present"}, (0, 1, 1)),
    ("period", {}, {"period": "future"}, (0, 1, 0)),
    ("modality", {"modality": "planned"}, {"modality": "hypothetical"}, (0, 1, 1)),
    ("modality", {"modality": "actual"}, {"modality": "actual"}, (0, 0, 0)),
    ("experiencer", {"experiencer": "family"}, {"experiencer": "family"}, (1, 0, 0)),
]


@pytest.mark.parametrize(("name", "gold", "pred", "expected"), ATTRIBUTES)
@pytest.mark.parametrize("place", ["C 0-4", "D 2-6"])  # neither label nor boundary matters
def test_attributes(name, gold, pred, expected, place):
    golds, preds = spans("C 0-4", **gold), spans(place, **pred)
    assert counts(golds, preds, f"attributes.{name}") == expected


# --- values and windows, slot by slot ---------------------------------------------------------

HB = "Hb >= 9 g/dL"
NINE = {"low": 9, "unit": "g/dL"}
VALUES = [
    ("the same", NINE, NINE, set()),
    ("converted", NINE, {"low": 90, "unit": "g/L"}, set()),
    ("converted wrongly", NINE, {"low": 900, "unit": "g/L"}, {"number", "unit"}),
    ("another number", NINE, {"low": 8, "unit": "g/dL"}, {"number"}),
    ("trailing zeros", NINE, {"low": "9.00", "unit": "g/dL"}, set()),
    ("open", NINE, {**NINE, "low_closed": False}, {"closedness"}),
    ("no unit", NINE, {"low": 9}, {"unit"}),
    ("power of ten", {"low": 100, "unit": "10*9/L"}, {"low": 100000, "unit": "/mm3"}, set()),
    ("power of ten lost", {"low": 100, "unit": "10*9/L"}, {"low": 100, "unit": "/mm3"}, {"unit"}),
    ("turned round", NINE, {"high": 9, "unit": "g/dL"}, {"comparator"}),
    ("a bound too many", NINE, {**NINE, "high": 12}, {"comparator", "number", "closedness"}),
    ("limit", {"high": 2, "relative_to": "ULN"}, {"high": 2}, {"relative_to"}),
    ("percent of limit", {"high": 150, "unit": "%", "relative_to": "ULN"},
     {"high": "1.5", "relative_to": "ULN"}, set()),
    ("guard", {**NINE, "guard": SexGuard("male")}, NINE, {"guard"}),
    ("other guard", {**NINE, "guard": SexGuard("male")}, {**NINE, "guard": Otherwise()}, {"guard"}),
    ("guard by a rule", {**NINE, "guard": RuleGuard(Is("m1"))},
     {**NINE, "guard": RuleGuard(Is("m1"))}, set()),
    ("words", {"text_value": "positive"}, {"text_value": "negative"}, {"words"}),
]  # fmt: skip


@pytest.mark.parametrize(("gold", "pred", "wrong"), [
    pytest.param(*case[1:], id=case[0]) for case in VALUES
])  # fmt: skip
def test_values(gold, pred, wrong):
    sides = [
        one_criterion(HB, [mention(HB, "Hb", "MEASUREMENT", values=(value(HB, ">= 9", **one),))],
                      Is("m1"))
        for one in (gold, pred)
    ]  # fmt: skip
    found = evaluate(*[[side] for side in sides], tasks=["values", *SLOTS], resamples=0)
    assert {name for name in SLOTS if found.task(name).micro.fn + found.task(name).micro.fp} == {
        f"values.{slot}" for slot in wrong
    }
    whole = found.task("values")
    assert (whole.micro.tp, whole.micro.fp, whole.micro.fn) == ((0, 1, 1) if wrong else (1, 0, 0))
    assert set(whole.pairs[0].errors) == wrong


SLOTS = [
    f"values.{slot}"
    for slot in (
        "subject", "role", "comparator", "number", "closedness", "unit", "relative_to", "words",
        "guard",
    )
]  # fmt: skip


def test_one_printed_value_of_two_mentions_keeps_its_subjects():
    text = "AST and ALT <= 2.5 x ULN"
    limit = value(text, "<= 2.5 x ULN", high="2.5", relative_to="ULN")
    ast = mention(text, "AST", "MEASUREMENT", 1, values=(limit,))
    alt = mention(text, "ALT", "MEASUREMENT", 2, values=(limit,))
    both = one_criterion(text, [ast, alt], Is("m1"))
    one = one_criterion(text, [ast, mention(text, "ALT", "MEASUREMENT", 2)], Is("m1"))
    assert counts(both, both, "values") == (2, 0, 0)
    assert counts(both, one, "values") == (1, 0, 1)
    assert counts(both, one, "values.subject") == (1, 0, 1)
    assert counts(both, one, "relations") == (1, 0, 1)


def test_value_on_the_wrong_mention():
    text = "AST and ALT <= 2.5 x ULN"
    limit = value(text, "<= 2.5 x ULN", high="2.5", relative_to="ULN")
    right = [
        mention(text, "AST", "MEASUREMENT", 1, values=(limit,)),
        mention(text, "ALT", "MEASUREMENT", 2),
    ]
    wrong = [
        mention(text, "AST", "MEASUREMENT", 1),
        mention(text, "ALT", "MEASUREMENT", 2, values=(limit,)),
    ]
    gold, pred = (one_criterion(text, mentions, Is("m1")) for mentions in (right, wrong))
    assert counts(gold, pred, "values.subject") == (0, 1, 1)
    assert counts(gold, pred, "values.number") == (1, 0, 0)
    assert counts(gold, pred, "relations") == (0, 1, 1)


STROKE = "no stroke within 6 months before surgery"
SIX = {"high": 6, "unit": "mo", "direction": "before", "reference_point": "surgery"}
WINDOWS = [
    ("the same", SIX, SIX, set()),
    ("half a year", SIX, {**SIX, "high": "0.5", "unit": "a"}, set()),
    ("days are no months", SIX, {**SIX, "high": 180, "unit": "d"}, {"number", "unit"}),
    ("weeks are days", {**SIX, "high": 2, "unit": "wk"}, {**SIX, "high": 14, "unit": "d"}, set()),
    ("direction", SIX, {**SIX, "direction": "after"}, {"direction"}),
    ("no direction", SIX, {**SIX, "direction": None}, {"direction"}),
    ("reference point", SIX, {**SIX, "reference_point": "screening"}, {"reference_point"}),
    ("role", SIX, {**SIX, "role": "duration"}, {"role"}),
    ("no number", SIX, {"direction": "before", "reference_point": "surgery"},
     {"comparator", "number", "closedness", "unit"}),
]  # fmt: skip


@pytest.mark.parametrize(("gold", "pred", "wrong"), [
    pytest.param(*case[1:], id=case[0]) for case in WINDOWS
])  # fmt: skip
def test_windows(gold, pred, wrong):
    sides = [
        one_criterion(
            STROKE,
            [mention(STROKE, "stroke", windows=(window(STROKE, "within 6 months", **one),))],
            Is("m1"),
        )
        for one in (gold, pred)
    ]
    found = evaluate(*[[side] for side in sides], resamples=0)
    assert set(found.task("windows").pairs[0].errors) == wrong
    lowered = {
        task.name.removeprefix("windows.")
        for task in found.tasks
        if task.pairs_in == "windows" and (task.micro.fn or task.micro.fp)
    }
    assert lowered == wrong


def test_a_window_that_counts_from_a_mention_follows_it():
    text = "stroke within 6 months before chemotherapy"
    sides = []
    for number in (2, 7):
        at = window(text, "within 6 months", high=6, unit="mo", reference_point=f"m{number}")
        sides.append(
            one_criterion(
                text,
                [
                    mention(text, "stroke", number=1, windows=(at,)),
                    mention(text, "chemotherapy", "PROCEDURE", number=number),
                ],
                Is("m1"),
            )
        )
    assert counts(*sides, "windows.reference_point") == (1, 0, 0)
    assert counts(*sides, "rules.own") == (1, 0, 0)


# --- sections, criteria, relations, qualifiers ------------------------------------------------


def criteria(*written):
    """Return a record of criteria, each written ``I1 0-9``, ``E1.1 12-20 < E1``."""
    out = []
    for one in written:
        name, place, *parent = one.replace(" < ", " ").split()
        start, end = map(int, place.split("-"))
        section = {"I": "inclusion", "E": "exclusion"}[name[0]]
        text = spans().text[start:end]
        out.append(
            Criterion(name, section, None, start, end, text, parent=parent[0] if parent else None)
        )
    return Record("d1", spans().text, criteria=tuple(out))


CRITERIA = [
    ("the same", ["I1 0-10", "E1 20-30"], ["I1 0-10", "E1 20-30"], "boundaries", (2, 0, 0)),
    ("one too long", ["I1 0-10"], ["I1 0-11"], "boundaries", (0, 1, 1)),
    ("one too long overlaps", ["I1 0-10"], ["I1 0-11"], "overlapping", (1, 0, 0)),
    ("half is enough", ["I1 0-10"], ["I1 0-20"], "overlapping", (1, 0, 0)),
    ("less than half is not", ["I1 0-10"], ["I1 0-21"], "overlapping", (0, 1, 1)),
    ("split in two", ["I1 0-20"], ["I1 0-12", "I2 12-20"], "overlapping", (1, 1, 0)),
    ("merged", ["I1 0-12", "I2 12-20"], ["I1 0-20"], "overlapping", (1, 0, 1)),
    ("another section", ["I1 0-10"], ["E1 0-10"], "section", (0, 1, 1)),
    ("another number", ["I1 0-10"], ["I7 0-10"], "section", (1, 0, 0)),
    ("parent", ["I1 0-10", "I1.1 12-20 < I1"], ["I3 0-10", "I3.1 12-20 < I3"], "parent",
     (1, 0, 0)),
    ("parent lost", ["I1 0-10", "I1.1 12-20 < I1"], ["I1 0-10", "I2 12-20"], "parent", (0, 0, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("gold", "pred", "task", "expected"), [
    pytest.param(*case[1:], id=case[0]) for case in CRITERIA
])  # fmt: skip
def test_criteria(gold, pred, task, expected):
    assert counts(criteria(*gold), criteria(*pred), f"criteria.{task}") == expected


def test_white_space_and_a_full_stop_are_no_boundary_error():
    text = "Age 18 or older. \n"
    gold = Record("d1", text, criteria=(Criterion("I1", "inclusion", None, 0, 16, text[:16]),))
    pred = Record("d1", text, criteria=(Criterion("I1", "inclusion", None, 0, 15, text[:15]),))
    assert counts(gold, pred, "criteria.boundaries") == (1, 0, 0)


def test_headings():
    text = spans().text
    gold = Record("d1", text, headings=(Heading(0, 9, "inclusion"), Heading(20, 29, "exclusion")))
    pred = Record("d1", text, headings=(Heading(0, 5, "inclusion"), Heading(20, 29, "other")))
    assert counts(gold, pred, "sections") == (1, 1, 1)


def test_qualifiers():
    text = "severe asthma"
    kinds = [Qualifier(kind, "severe", 0, 6) for kind in ("severity", "acuteness")]
    gold, pred = (
        one_criterion(text, [mention(text, "asthma", qualifiers=(kind,))], Is("m1"))
        for kind in kinds
    )
    assert counts(gold, gold, "qualifiers") == (1, 0, 0)
    assert counts(gold, pred, "qualifiers") == (0, 1, 1)
    assert counts(gold, pred, "relations") == (1, 0, 0)
