"""Denials of compiled rules: none is lost, and among exclusions they are in doubt."""

import pytest

import critextract
from critextract.denied import LOST, MISPLACED, lost_denials, with_denials
from critextract.rules import AllOf, AnyOf, Child, Except, Is, Not
from critextract.schema import Criterion, Label, Mention, Record

TEXT = "no tumor or edema"
TUMOR = Mention("m1", "I1", Label.CONDITION, 3, 8, "tumor", negated=True)
EDEMA = Mention("m2", "I1", Label.CONDITION, 12, 17, "edema")


def _record(rule, parent_rule=None):
    child = Criterion("I1", "inclusion", None, 0, 17, TEXT, None, rule, "exact")
    above = Criterion("I0", "inclusion", None, 0, 17, TEXT, None, parent_rule, "exact")
    criteria = (above, child) if parent_rule else (child,)
    return Record("-", TEXT, criteria=criteria, mentions=(TUMOR, EDEMA))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Is("m1"), Not((Is("m1"),))),
        (AllOf((Is("m1"), Is("m2"))), AllOf((Not((Is("m1"),)), Is("m2")))),
        (Except((Is("m1"), Is("m2"))), Except((Not((Is("m1"),)), Is("m2")))),
    ],
)
def test_a_lost_denial_is_mended_and_named(rule, expected):
    record = with_denials(_record(rule))
    (criterion,) = record.criteria
    assert criterion.rule == expected
    assert criterion.status == "partial"
    assert [(u.start, u.end, u.reason) for u in criterion.uncovered] == [(3, 8, LOST)]
    assert not list(lost_denials(record))


@pytest.mark.parametrize(
    ("rule", "above"),
    [
        (Not((Is("m1"),)), None),
        (Not((AnyOf((Is("m1"), Is("m2"))),)), None),
        (Except((Is("m2"), Is("m1"))), None),
        (Is("m1"), Not((Child("I1"),))),
        (Is("m2"), None),
    ],
)
def test_what_is_denied_stays_as_it_is(rule, above):
    record = _record(rule, above)
    assert with_denials(record) == record


@pytest.mark.parametrize(
    ("lines", "doubted"),
    [
        (["No other cancer", "Must not have leukemia"], [0, 1]),
        (["No other cancer", "Not pregnant", "Asthma", "Gout"], [0, 1]),
        (["No other cancer", "Asthma"], []),
        (["No other cancer", "Not pregnant", "Asthma", "Gout", "Epilepsy"], []),
        (["Asthma", "Gout"], []),
        (["Non-ambulatory", "Unvaccinated"], []),
    ],
)
def test_denials_among_exclusions(lines, doubted):
    """One may be what is looked for ("no measurable disease"); where half are denials, hardly."""
    text = "Exclusion Criteria:\n" + "".join(f"- {line}\n" for line in lines)
    found = [
        n
        for n, criterion in enumerate(critextract.extract(text).criteria)
        if MISPLACED in {gap.reason for gap in criterion.uncovered}
    ]
    assert found == doubted


def test_the_same_denials_under_inclusion_are_exact():
    text = "Inclusion Criteria:\n- No other cancer\n- Must not have leukemia\n"
    assert {criterion.status for criterion in critextract.extract(text).criteria} == {"exact"}
