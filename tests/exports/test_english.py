from decimal import Decimal

import pytest

from critextract.exports.english import mention_to_english, to_english
from critextract.rules import AllOf, AnyOf, AtLeast, Child, Except, If, Is, Not, Unparsed
from critextract.schema import (
    Criterion,
    Label,
    Mention,
    Otherwise,
    Record,
    RuleGuard,
    SexGuard,
    Value,
    Window,
)

TEXT = "history of stroke"


def value(low=None, high=None, closed=True, **rest):
    return Value(
        0,
        1,
        None if low is None else Decimal(low),
        None if low is None else closed,
        None if high is None else Decimal(high),
        None if high is None else closed,
        **rest,
    )


def window(low=None, high=None, unit="mo", **rest):
    bounds = value(low, high)
    return Window(
        0, 10, rest.pop("role", "recency"), bounds.low, bounds.low_closed, bounds.high,
        bounds.high_closed, unit, **rest,
    )  # fmt: skip


def mention(name="m1", text="AST", **rest):
    return Mention(name, "I1", Label.MEASUREMENT, 0, 3, text, **rest)


MENTIONS = {"m2": mention("m2", "liver metastases", modality="hypothetical")}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, "AST", id="bare"),
        pytest.param({"values": (value(low="9", unit="g/dL"),)}, "AST ≥ 9 g/dL", id="low"),
        pytest.param({"values": (value(high="9", closed=False),)}, "AST < 9", id="open-high"),
        pytest.param({"values": (value("18", "75", unit="a"),)}, "AST 18 to 75 years", id="range"),
        pytest.param(
            {"values": (value("1", "2", closed=False, unit="1"),)}, "AST > 1 and < 2", id="open"
        ),
        pytest.param({"values": (value("2", "2", unit="{score}"),)}, "AST = 2", id="equal"),
        pytest.param(
            {"values": (value("2", unit="{grade}"),)}, "AST grade ≥ 2", id="step-of-a-scale"
        ),
        pytest.param(
            {"text": "tumour stage", "values": (value("4", "4", unit="{stage}"),)},
            "tumour stage = 4",
            id="name-of-the-scale",
        ),
        pytest.param(
            {"values": (value("45", unit="mL/min/{1.73_m2}"),)},
            "AST ≥ 45 mL/min/1.73 m2",
            id="unit-with-a-remark",
        ),
        pytest.param(
            {"values": (value(high="1"), value(low="3")), "values_op": "any"},
            "AST ≤ 1 or ≥ 3",
            id="either-end",
        ),
        pytest.param(
            {"windows": (window(low="1", unit="a", role="duration"),)},
            "AST, for ≥ 1 year",
            id="one-year",
        ),
        pytest.param(
            {"values": (value(set=(Decimal(0), Decimal(2))),)}, "AST one of 0, 2", id="set"
        ),
        pytest.param(
            {"values": (value(high="2.5", relative_to="ULN"),)}, "AST ≤ 2.5 × ULN", id="uln"
        ),
        pytest.param(
            {"values": (value(low="70", unit="%", relative_to="predicted"),)},
            "AST ≥ 70% of predicted",
            id="percent-of",
        ),
        pytest.param({"values": (value(text_value="positive"),)}, "AST positive", id="word"),
        pytest.param(
            {"values": (value(low="13", guard=SexGuard("male")), value(low="12"))},
            "AST ≥ 13 (if male); ≥ 12",
            id="sex-guard",
        ),
        pytest.param(
            {
                "values": (
                    value(high="5", guard=RuleGuard(Is("m2"))),
                    value(high="2.5", guard=Otherwise()),
                ),
            },
            "AST ≤ 5 (if liver metastases); ≤ 2.5 (otherwise)",
            id="rule-guard",
        ),
        pytest.param(
            {"windows": (window(high="6", direction="before", reference_point="first_dose"),)},
            "AST, ≤ 6 months before first dose",
            id="recency",
        ),
        pytest.param(
            {"windows": (window(low="3", role="duration"),)}, "AST, for ≥ 3 months", id="duration"
        ),
        pytest.param(
            {"windows": (window(unit=None),), "period": "past"},
            "AST, “history of”, past",
            id="no-number",
        ),
        pytest.param(
            {"modality": "planned", "experiencer": "family", "component": "systolic"},
            "planned AST (systolic) in the family",
            id="attributes",
        ),
        pytest.param({"negated": True}, "AST", id="negation-is-the-rule's"),
    ],
)
def test_mention(fields, expected):
    assert mention_to_english(mention(**fields), MENTIONS, TEXT) == expected


A, B, C = Is("a"), Is("b"), Is("c")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param(A, ["A"], id="is"),
        pytest.param(Not((A,)), ["not A"], id="not"),
        pytest.param(Not((AnyOf((A, B)),)), ["not:", "  any of:", "    A", "    B"], id="not-any"),
        pytest.param(AllOf((A, Not((B,)))), ["all of:", "  A", "  not B"], id="all"),
        pytest.param(
            AtLeast(2, (A, B, Child("I1.2"))),
            ["at least 2 of:", "  A", "  B", "  criterion I1.2"],
            id="at-least",
        ),
        pytest.param(If((A, B, C)), ["if:", "  A", "then:", "  B", "otherwise:", "  C"], id="if"),
        pytest.param(Except((A, B)), ["this:", "  A", "except:", "  B"], id="except"),
        pytest.param(Unparsed(0, 7, "unread"), ["? “history” (unread)"], id="unparsed"),
        pytest.param(Is("z"), ["mention z"], id="missing-mention"),
        pytest.param(None, ["no rule (non computable)"], id="none"),
    ],
)
def test_rule(rule, expected):
    status = "exact" if rule else "non_computable"
    criterion = Criterion("I1", "inclusion", None, 0, 17, TEXT, rule=rule, status=status)
    mentions = tuple(mention(name, name.upper()) for name in "abc")
    record = Record("t", TEXT, criteria=(criterion,), mentions=mentions)
    assert to_english(record, criterion).split("\n") == expected
