"""The comparers of the hand tables tell right readings from wrong ones."""

import pytest

from hand_windows_negation import parse, same, wrong_negation, wrong_windows


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("not(any(a, b))", "all(not(b), not(a))"),
        ("all(a, all(b, c))", "all(a, b, c)"),
        ("at_least 1(a, b)", "any(a, b)"),
        ("except(a, b, c)", "except(a, any(b, c))"),
        ("not(not(a))", "a"),
    ],
)
def test_one_meaning(one, other):
    assert same(parse(one)) == same(parse(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("not(any(a, b))", "any(not(a), b)"),
        ("except(a, b)", "except(b, a)"),
        ("if(a, b)", "if(b, a)"),
        ("at_least 2(a, b, c)", "at_least 3(a, b, c)"),
        ("any(a, b)", "all(a, b)"),
    ],
)
def test_two_meanings(one, other):
    assert same(parse(one)) != same(parse(other))


WINDOW = {"role": "recency", "high": "6", "high_closed": True, "unit": "mo"}


def record(window, **fields):
    mention = {"id": "m1", "text": "stroke", "start": 3, "end": 9, "period": None}
    mention |= {"windows": [{"start": 10, "end": 25, **window}], "windows_op": "all"}
    mention |= {"modality": "actual", "experiencer": "patient", **fields}
    rule = {"op": "not", "args": [{"op": "is", "mention": "m1"}]}
    criterion = {"id": "I1", "parent": None, "rule": rule}
    return {"mentions": [mention], "criteria": [criterion]}


@pytest.mark.parametrize(
    ("change", "fields", "right"),
    [
        ({}, {}, True),
        ({"reference_point": "screening"}, {}, True),
        ({"reference_point": "surgery"}, {}, False),
        ({"unit": "wk"}, {}, False),
        ({"high_closed": False}, {}, False),
        ({"direction": "before"}, {}, False),
        ({}, {"period": "past"}, False),
    ],
)
def test_windows(change, fields, right):
    row = {"text": "No stroke within 6 months", "windows": [{"of": "stroke", **WINDOW}]}
    assert (wrong_windows(row, record(WINDOW | change, **fields)) == []) is right


@pytest.mark.parametrize(
    ("rule", "fields", "right"),
    [
        ("not(stroke)", {}, True),
        ("stroke", {}, False),
        ("not(stroke)", {"modality": "planned"}, False),
        ("not(stroke)", {"experiencer": "family"}, False),
        (None, {}, False),
    ],
)
def test_negation(rule, fields, right):
    row = {"text": "No stroke within 6 months", "rule": rule}
    assert (wrong_negation(row, record(WINDOW, **fields)) == []) is right
