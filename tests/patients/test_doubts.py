"""What is left of an answer where parts of the text are not in the rule."""

import pytest

from critextract.rules import AllOf, AnyOf, Child, Is, Not, Unparsed
from critextract.schema import Criterion, Label, Mention, Record, Uncovered
from small_rules import event, holds, patient

T, F, U = "true", "false", "unknown"


def built(text, rule, names, gaps, *, more=(), end=None):
    """Return a record of one partial criterion; mentions and gaps are given by their words."""
    mentions = []
    for place, name in enumerate(names, start=1):
        start = text.index(name)
        mentions.append(Mention(f"m{place}", "I1", Label.CONDITION, start, start + len(name), name))
    uncovered = tuple(
        Uncovered(text.index(words), text.index(words) + len(words), reason)
        for words, reason in gaps
    )
    end = len(text) if end is None else end
    own = Criterion("I1", "inclusion", None, 0, end, text[:end], None, rule, "partial", uncovered)
    return Record("t", text, criteria=(own, *more), mentions=tuple(mentions))


def ill(*names):
    return patient(*[event("condition", name, "2020-01-01") for name in names])


BOTH = AllOf((Is("m1"), Is("m2")))
EITHER = AnyOf((Is("m1"), Is("m2")))
SHAKY = [("shaky", "not understood")]


@pytest.mark.parametrize(
    ("text", "rule", "gaps", "present", "expected"),
    [
        # beside one part, cut off from the other by a connective
        ("gout or shaky epilepsy", EITHER, SHAKY, ["gout"], T),
        ("gout or shaky epilepsy", EITHER, SHAKY, ["epilepsy"], U),
        ("gout or shaky epilepsy", EITHER, SHAKY, [], U),
        ("gout and shaky epilepsy", BOTH, SHAKY, ["epilepsy"], F),
        ("gout and shaky epilepsy", BOTH, SHAKY, ["gout"], U),
        ("gout and shaky epilepsy", BOTH, SHAKY, ["gout", "epilepsy"], U),
        # in front of both, behind both: it may narrow both
        ("shaky gout or epilepsy", EITHER, SHAKY, ["epilepsy"], U),
        ("gout or epilepsy shaky", EITHER, SHAKY, ["gout"], U),
        # a member of its own
        ("gout or epilepsy or shaky", EITHER, SHAKY, ["gout"], T),
        ("gout or epilepsy or shaky", EITHER, SHAKY, [], U),
        ("gout and epilepsy and shaky", BOTH, SHAKY, ["gout"], F),
        ("gout and epilepsy and shaky", BOTH, SHAKY, ["gout", "epilepsy"], U),
        # joined by another word than the rule's
        ("gout and epilepsy or shaky", BOTH, SHAKY, [], U),
        ("gout or epilepsy and shaky", EITHER, SHAKY, ["gout"], U),
        # words that change how the rest is joined
        (
            "gout or epilepsy unless shaky",
            EITHER,
            [("unless shaky", "not understood")],
            ["gout"],
            U,
        ),
        ("gout or no shaky epilepsy", EITHER, SHAKY, ["gout"], U),
        ("gout or epilepsy", EITHER, [("or", "either is enough")], ["gout"], U),
        # one part alone
        ("shaky gout", Is("m1"), SHAKY, [], U),
        ("shaky gout", Not((Is("m1"),)), SHAKY, [], U),
        ("gout; shaky", Is("m1"), SHAKY, ["gout"], U),
    ],
)
def test_gaps(text, rule, gaps, present, expected):
    names = [name for name in ("gout", "epilepsy") if name in text]
    assert holds(built(text, rule, names, gaps), ill(*present)) == expected


@pytest.mark.parametrize(
    ("present", "expected"),
    [([], F), (["gout"], U), (["epilepsy"], U), (["gout", "epilepsy"], T)],
)
def test_parts_that_are_read_and_not_joined_must_agree(present, expected):
    text = "gout in epilepsy"
    gaps = [("in", "how the two belong together")]
    assert holds(built(text, BOTH, ["gout", "epilepsy"], gaps), ill(*present)) == expected


@pytest.mark.parametrize(("present", "expected"), [(["gout"], T), ([], U)])
def test_a_part_with_a_node_of_its_own_is_unknown_in_its_place(present, expected):
    text = "gout or what the investigator thinks"
    gap = (text.index("what"), len(text))
    rule = AnyOf((Is("m1"), Unparsed(*gap, "judgement")))
    made = built(text, rule, ["gout"], [("what the investigator thinks", "judgement")])
    assert holds(made, ill(*present)) == expected


def test_a_child_that_is_not_exact_is_unknown_for_its_own_gaps_only():
    text = "any of:\n- gout\n- shaky epilepsy"
    start = text.index("gout")
    first = Criterion("I1.1", "inclusion", None, start, start + 4, "gout", "I1", Is("m1"), "exact")
    begin = text.index("shaky")
    second = Criterion(
        "I1.2", "inclusion", None, begin, len(text), text[begin:], "I1", Is("m2"), "partial",
        (Uncovered(begin, begin + 5, "not understood"),),
    )  # fmt: skip
    rule = AnyOf((Child("I1.1"), Child("I1.2")))
    made = built(text, rule, ["gout", "epilepsy"], [], more=(first, second), end=7)
    assert holds(made, ill("gout")) == T
    assert holds(made, ill("epilepsy")) == U
    assert holds(made, ill()) == U


def test_a_gap_in_a_lead_in_reaches_all_items():
    text = "any shaky of:\n- gout"
    start = text.index("gout")
    item = Criterion("I1.1", "inclusion", None, start, start + 4, "gout", "I1", Is("m1"), "exact")
    rule = AnyOf((Child("I1.1"), Child("I1.1")))
    made = built(text, rule, ["gout"], SHAKY, more=(item,), end=13)
    assert holds(made, ill("gout")) == U


def test_a_criterion_that_is_not_exact_and_names_no_gap_is_unknown():
    assert holds(built("gout or epilepsy", EITHER, ["gout", "epilepsy"], []), ill("gout")) == U
