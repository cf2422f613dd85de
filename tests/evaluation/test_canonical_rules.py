"""Which rules mean the same, and what a rule that does not is worth."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_cases import mention, one_criterion, value

from critextract.evaluation.canonical import canonical, credit, equivalent
from critextract.evaluation.evaluate import evaluate
from critextract.rules import AllOf, AnyOf, AtLeast, Child, Except, If, Is, Not, Unparsed
from critextract.schema import Criterion, Record, SexGuard

A, B, C, D = (Is(name) for name in "abcd")


def leaf(node):
    match node:
        case Is(name):
            return ("leaf", name, frozenset())
        case Child(name):
            return ("leaf", ("criterion", name), frozenset())
    return ("leaf", ("unparsed", node.start), frozenset())


def same(a, b):
    return equivalent(canonical(a, leaf), canonical(b, leaf))


def all_(*args):
    return AllOf(args)


def any_(*args):
    return AnyOf(args)


def not_(arg):
    return Not((arg,))


def except_(*args):
    return Except(args)


EQUAL = [
    ("itself", A, A),
    ("order", all_(A, B), all_(B, A)),
    ("order below", all_(any_(A, B), C), all_(C, any_(B, A))),
    ("repetition", all_(A, A, B), all_(A, B)),
    ("one argument", all_(A), A),
    ("one argument of any", any_(A), A),
    ("flat", all_(A, all_(B, C)), all_(A, B, C)),
    ("flat any", any_(any_(A, B), C), any_(A, any_(B, C))),
    ("double negation", not_(not_(A)), A),
    ("four negations", not_(not_(not_(not_(A)))), A),
    ("De Morgan all", not_(all_(A, B)), any_(not_(A), not_(B))),
    ("De Morgan any", not_(any_(A, B)), all_(not_(A), not_(B))),
    ("De Morgan twice", not_(any_(all_(A, B), not_(C))), all_(any_(not_(A), not_(B)), C)),
    ("if", If((A, B)), any_(not_(A), B)),
    ("if with otherwise", If((A, B, C)), all_(any_(not_(A), B), any_(A, C))),
    ("not if", not_(If((A, B))), all_(A, not_(B))),
    ("contraposition", If((A, B)), If((not_(B), not_(A)))),
    ("at least one", AtLeast(1, (A, B, C)), any_(A, B, C)),
    ("at least all", AtLeast(3, (A, B, C)), all_(A, B, C)),
    ("at least two, order", AtLeast(2, (A, B, C)), AtLeast(2, (C, A, B))),
    ("at least two, written out", AtLeast(2, (A, B, C)),
     any_(all_(A, B), all_(A, C), all_(B, C))),
    ("fewer than two", not_(AtLeast(2, (A, B, C))), AtLeast(2, (not_(A), not_(B), not_(C)))),
    ("distribution", all_(A, any_(B, C)), any_(all_(A, B), all_(A, C))),
    ("absorption", any_(A, all_(A, B)), A),
    ("exceptions in any order", except_(A, B, C), except_(A, C, B)),
    ("exceptions joined", except_(A, any_(B, C)), except_(A, B, C)),
    ("exception of an exception's base", except_(except_(A, B), C), except_(A, B, C)),
    ("not except", not_(not_(except_(A, B))), except_(A, B)),
    ("unparsed part", all_(A, Unparsed(3, 5, "x")), all_(Unparsed(3, 5, "y"), A)),
]  # fmt: skip

DIFFERENT = [
    ("all is not any", all_(A, B), any_(A, B)),
    ("not all is not all not", not_(all_(A, B)), all_(not_(A), not_(B))),
    ("negation", A, not_(A)),
    ("one more", all_(A, B), all_(A, B, C)),
    ("converse", If((A, B)), If((B, A))),
    ("an otherwise", If((A, B)), If((A, B, C))),
    ("at least two of three is not three", AtLeast(2, (A, B, C)), AtLeast(3, (A, B, C))),
    ("except is no and-not", except_(A, B), all_(A, not_(B))),
    ("base and exception", except_(A, B), except_(B, A)),
    ("exception lost", except_(A, B), A),
    ("all exceptions at once", except_(A, all_(B, C)), except_(A, B, C)),
    ("excluded middle is not certain", any_(A, not_(A)), any_(B, not_(B))),
    ("of unknown truth", all_(A, not_(A), B), all_(A, not_(A), C)),
    ("child", Child("I1.1"), Child("I1.2")),
    ("unparsed elsewhere", Unparsed(3, 5, "x"), Unparsed(8, 9, "x")),
]


@pytest.mark.parametrize(("a", "b"), [pytest.param(*case[1:], id=case[0]) for case in EQUAL])
def test_equivalent(a, b):
    assert same(a, b)
    assert same(b, a)
    assert same(not_(a), not_(b))


@pytest.mark.parametrize(("a", "b"), [pytest.param(*case[1:], id=case[0]) for case in DIFFERENT])
def test_not_equivalent(a, b):
    assert not same(a, b)
    assert not same(b, a)
    assert credit(canonical(a, leaf), canonical(b, leaf)) < 1


# --- against truth itself ---------------------------------------------------------------------

rules = st.recursive(
    st.sampled_from([A, B, C, D]),
    lambda below: st.one_of(
        st.lists(below, min_size=1, max_size=3).map(lambda args: AllOf(tuple(args))),
        st.lists(below, min_size=1, max_size=3).map(lambda args: AnyOf(tuple(args))),
        below.map(not_),
        st.lists(below, min_size=2, max_size=3).map(lambda args: If(tuple(args))),
        st.lists(below, min_size=1, max_size=4).flatmap(
            lambda args: st.integers(1, len(args)).map(lambda n: AtLeast(n, tuple(args)))
        ),
    ),
    max_leaves=8,
)

UNKNOWN = 0.5


def truth(rule, of):
    """Return Kleene truth (0, 0.5, 1) by the definition of each operator."""
    match rule:
        case Is(name):
            return of[name]
        case Not((arg,)):
            return 1 - truth(arg, of)
        case AllOf(args):
            return min(truth(arg, of) for arg in args)
        case AnyOf(args):
            return max(truth(arg, of) for arg in args)
        case AtLeast(n, args):
            return sorted((truth(arg, of) for arg in args), reverse=True)[n - 1]
        case If((condition, then)):
            return max(1 - truth(condition, of), truth(then, of))
        case If((condition, then, otherwise)):
            when, without = truth(condition, of), 1 - truth(condition, of)
            return min(max(without, truth(then, of)), max(when, truth(otherwise, of)))
    raise AssertionError(rule)


def says(rule):
    return [
        truth(rule, dict(zip("abcd", values, strict=True)))
        for values in itertools.product((0, UNKNOWN, 1), repeat=4)
    ]


@settings(max_examples=300, deadline=None)
@given(rules, rules)
def test_equivalent_is_saying_the_same_of_everything(a, b):
    left, right = canonical(a, leaf), canonical(b, leaf)
    assert equivalent(left, right) == (says(a) == says(b))


@settings(max_examples=200, deadline=None)
@given(rules)
def test_a_rule_has_full_credit_of_itself_however_written(rule):
    key = canonical(rule, leaf)
    assert credit(key, canonical(not_(not_(rule)), leaf)) == 1
    assert equivalent(key, canonical(AllOf((rule, rule)), leaf))


# --- with mentions and their slots ------------------------------------------------------------

TEXT = "Hb >= 9 g/dL and no stroke"
HB = {"low": 9, "unit": "g/dL"}


def record(value_fields, rule, *, stroke="m2", **changes):
    hb = mention(TEXT, "Hb", "MEASUREMENT", values=(value(TEXT, ">= 9 g/dL", **value_fields),))
    other = mention(TEXT, "stroke", number=int(stroke[1:]), negated=True, **changes)
    return one_criterion(TEXT, [hb, other], rule)


def scored(gold, pred, task="rules.own"):
    return evaluate([gold], [pred], tasks=[task], resamples=0).task(task)


GOLD = record(HB, all_(Is("m1"), not_(Is("m2"))))
RULES = [
    ("the same", record(HB, all_(Is("m1"), not_(Is("m2")))), True, ()),
    ("converted", record({"low": 90, "unit": "g/L"}, all_(Is("m1"), not_(Is("m2")))), True, ()),
    ("other ids, other order", record(HB, all_(not_(Is("m5")), Is("m1")), stroke="m5"), True, ()),
    ("number", record({**HB, "low": 8}, all_(Is("m1"), not_(Is("m2")))), False, ("value.number",)),
    ("open", record({**HB, "low_closed": False}, all_(Is("m1"), not_(Is("m2")))), False,
     ("value.closedness",)),
    ("no unit", record({"low": 9}, all_(Is("m1"), not_(Is("m2")))), False,
     ("value.number", "value.unit")),
    ("guard", record({**HB, "guard": SexGuard("male")}, all_(Is("m1"), not_(Is("m2")))), False,
     ("value.guard",)),
    ("not negated", record(HB, all_(Is("m1"), Is("m2"))), False, ("sign",)),
    ("any", record(HB, any_(Is("m1"), not_(Is("m2")))), False, ("structure",)),
    ("a mention lost", record(HB, Is("m1")), False, ("mention",)),
    ("period", record(HB, all_(Is("m1"), not_(Is("m2"))), period="past"), False, ("period",)),
]  # fmt: skip


@pytest.mark.parametrize(("pred", "right", "errors"), [
    pytest.param(*case[1:], id=case[0]) for case in RULES
])  # fmt: skip
def test_rules_of_records(pred, right, errors):
    found = scored(GOLD, pred)
    assert (found.micro.tp == 1) is right
    assert found.pairs[0].errors == errors
    assert (found.credit == 1) is right
    assert found.credit > 0.5


def test_credit_is_the_docstrings_example():
    changed = record({**HB, "low": 8}, all_(Is("m1"), Is("m2")))
    gold = record(HB, all_(Is("m1"), Is("m2")))
    assert scored(gold, changed).credit == pytest.approx(16 / 18)


def test_two_bounds_are_one_range():
    text = "Hb >= 9 and <= 15"
    low = value(text, ">= 9", low=9, unit="g/dL")
    high = value(text, "<= 15", high=15, unit="g/dL")
    both = value(text, ">= 9 and <= 15", low=9, high=15, unit="g/dL")
    two = one_criterion(text, [mention(text, "Hb", "MEASUREMENT", values=(low, high))], Is("m1"))
    one = one_criterion(text, [mention(text, "Hb", "MEASUREMENT", values=(both,))], Is("m1"))
    either = one_criterion(
        text,
        [mention(text, "Hb", "MEASUREMENT", values=(low, high), values_op="any")],
        Is("m1"),
    )
    assert scored(two, one).micro.tp == 1
    assert scored(two, either).micro.tp == 0


def test_missing_and_surplus_rules():
    none = one_criterion(TEXT, GOLD.mentions, None, status="unparsed")
    assert scored(GOLD, none).micro.fn == 1
    assert scored(GOLD, none).credit == 0
    assert scored(none, GOLD).micro.fp == 1
    assert scored(none, GOLD).credit is None
    assert scored(none, none).micro.f1 is None


def family(child_rule, *, join=any_):
    """Return a record of a parent over two children, the second with a rule of its own."""
    text = "one of: stroke; asthma"
    mentions = (mention(text, "stroke"), mention(text, "asthma", number=2))
    spans = {"I1": (0, 7, join(Child("I1.1"), Child("I1.2"))), "I1.1": (8, 14, Is("m1"))}
    spans["I1.2"] = (16, 22, child_rule)
    criteria = tuple(
        Criterion(name, "inclusion", None, a, b, text[a:b], "I1" if "." in name else None, rule)
        for name, (a, b, rule) in spans.items()
    )
    return Record("d1", text, criteria=criteria, mentions=mentions)


def test_an_error_in_a_child_counts_once_in_own_and_in_the_whole():
    gold, pred = family(Is("m2")), family(not_(Is("m2")))
    own, whole = scored(gold, pred), scored(gold, pred, "rules.whole")
    assert (own.micro.tp, own.micro.fn) == (2, 1)
    assert (whole.micro.tp, whole.micro.fn) == (0, 1)
    assert scored(gold, family(Is("m2"), join=all_)).micro.tp == 2


def test_a_criterion_that_contains_itself_does_not_hang():
    looped = family(Child("I1"))
    assert scored(looped, looped, "rules.whole").micro.tp == 1
