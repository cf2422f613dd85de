"""What must be true of every rule on every patient."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from critextract.patients.verdicts import flip
from critextract.rules import AllOf, AnyOf, AtLeast, Except, If, Is, Not, map_leaves
from small_rules import decide, event, holds, mention, patient, record, value, window

MENTIONS = (
    mention("m1", "CONDITION", "gout"),
    mention("m2", "CONDITION", "asthma", period="past"),
    mention("m3", "DRUG", "aspirin", windows=(window(high="6", unit="mo", direction="before"),)),
    mention("m4", "MEASUREMENT", "ALT", value(high="2", relative_to="ULN")),
    mention("m5", "MEASUREMENT", "platelets", value(low="100", unit="10*9/L")),
    mention("m6", "PERSON", "age", value("18", "65", "a")),
    mention("m7", "PERSON", "women"),
    mention("m8", "CONDITION", "epilepsy", modality="hypothetical"),
)
leaves = st.sampled_from([Is(m.id) for m in MENTIONS])


def nodes(inner):
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        several.map(AllOf),
        several.map(AnyOf),
        inner.map(lambda one: Not((one,))),
        several.map(lambda args: AtLeast(min(2, len(args)), args)),
        st.tuples(inner, inner).map(If),
        st.tuples(inner, inner, inner).map(If),
        st.tuples(st.sampled_from([Is("m1"), Is("m2")]), leaves).map(Except),
    )


rules = st.recursive(leaves, nodes, max_leaves=8)

FACTS = {
    "gout": event("condition", "gout", "2020-01-01"),
    "ended gout": event("condition", "gout", "2020-01-01", "2021-01-01"),
    "asthma": event("condition", "asthma", "2001-01-01"),
    "aspirin": event("drug", "aspirin", "2024-04-01", "2024-05-01"),
    "old aspirin": event("drug", "aspirin", "2014-04-01", "2014-05-01"),
    "ALT": event("measurement", "ALT", "2024-05-01", value=90, unit="U/L", ref_high=40),
    "ALT alone": event("measurement", "ALT", "2024-05-01", value=90, unit="U/L"),
    "platelets": event("measurement", "platelets", "2024-05-01", value=90, unit="10*9/L"),
    "enough": event("measurement", "platelets", "2024-05-01", value=190, unit="10*9/L"),
}
KINDS = {name: FACTS[name]["name"] for name in FACTS}
facts = st.sets(st.sampled_from(sorted(FACTS))).map(
    lambda chosen: {KINDS[name]: name for name in sorted(chosen)}  # one of each kind
)
people = st.fixed_dictionaries(
    {"sex": st.sampled_from(["male", "female", None]),
     "birth_date": st.sampled_from(["1970-01-01", "2010-01-01", "2006", None])}
)  # fmt: skip


def made(chosen, who):
    return patient(*[FACTS[name] for name in chosen.values()], **who)


def truth(rule, who, **options):
    return holds(record(*MENTIONS, rule=rule), who, **options)


@settings(max_examples=60, deadline=None)
@given(rules, facts, people)
def test_double_negation(rule, chosen, who):
    one = made(chosen, who)
    assert truth(Not((Not((rule,)),)), one) == truth(rule, one)


@settings(max_examples=60, deadline=None)
@given(st.lists(rules, min_size=1, max_size=3), facts, people)
def test_de_morgan(args, chosen, who):
    one = made(chosen, who)
    negated = tuple(Not((arg,)) for arg in args)
    assert truth(Not((AllOf(tuple(args)),)), one) == truth(AnyOf(negated), one)
    assert truth(Not((AnyOf(tuple(args)),)), one) == truth(AllOf(negated), one)


@settings(max_examples=150, deadline=None)
@given(rules, facts, facts, people, people)
def test_more_knowledge_never_turns_an_answer_round(rule, few, more, little, full):
    """A fact of a kind that was missing may settle what was unknown, and nothing else."""
    known = {**more, **few}  # what was known stays
    person = {key: little[key] or full[key] for key in little}
    before = truth(rule, made(few, little), missing="unknown")
    after = truth(rule, made(known, person), missing="unknown")
    assert before in ("unknown", after)


@settings(max_examples=60, deadline=None)
@given(rules, facts, people)
def test_known_reference_limits_settle_and_never_turn(rule, chosen, who):
    alone = {kind: name.replace("ALT", "ALT alone") if name == "ALT" else name
             for kind, name in chosen.items()}  # fmt: skip
    before = truth(rule, made(alone, who), missing="unknown")
    assert before in ("unknown", truth(rule, made(chosen, who), missing="unknown"))


def push_not(rule):
    """Move every `not` of all and any to the leaves."""
    match rule:
        case Not((Not((inner,)),)):
            return push_not(inner)
        case Not((AllOf(args),)):
            return AnyOf(tuple(push_not(Not((arg,))) for arg in args))
        case Not((AnyOf(args),)):
            return AllOf(tuple(push_not(Not((arg,))) for arg in args))
        case AllOf(args) | AnyOf(args):
            return type(rule)(tuple(push_not(arg) for arg in args))
    return rule


def flat(rule):
    """Join an all within an all, and an any within an any."""
    match rule:
        case AllOf(args) | AnyOf(args):
            inner = [flat(arg) for arg in args]
            kind = type(rule)
            return kind(
                tuple(x for arg in inner for x in (arg.args if type(arg) is kind else [arg]))
            )
    return rule


@settings(max_examples=100, deadline=None)
@given(rules, facts, people)
def test_passes_over_rules_keep_verdicts(rule, chosen, who):
    one = made(chosen, who)
    expected = truth(rule, one)
    for changed in (push_not(rule), flat(rule), map_leaves(rule, lambda leaf: AllOf((leaf,)))):
        assert truth(changed, one) == expected


@settings(max_examples=60, deadline=None)
@given(rules, facts, people)
def test_a_section_flips_what_passes_and_not_what_holds(rule, chosen, who):
    one = made(chosen, who)
    inside = decide(record(*MENTIONS, rule=rule), one)
    outside = decide(record(*MENTIONS, rule=rule, section="exclusion"), one)
    assert outside.holds == inside.holds
    assert outside.passes == flip(inside.passes)


@settings(max_examples=60, deadline=None)
@given(rules, facts, people)
def test_what_is_unknown_says_what_it_needs_and_what_is_known_needs_nothing(rule, chosen, who):
    found = decide(record(*MENTIONS, rule=rule), made(chosen, who))
    assert bool(found.needs) == (found.holds == "unknown")


@settings(max_examples=40, deadline=None)
@given(rules, facts, people)
def test_the_order_of_events_does_not_matter(rule, chosen, who):
    one = made(chosen, who)
    assert truth(rule, replace(one, events=one.events[::-1])) == truth(rule, one)
