"""Links as the annotators of a corpus make them."""

from dataclasses import replace
from decimal import Decimal

import pytest

import critextract
from critextract.components import followed
from critextract.components.drafts import Drawn
from critextract.components.followed import UNLINKED, Links, as_annotated, chosen, redrawn
from critextract.io.invariants import record_faults
from critextract.rules import AnyOf, Except, Is, Not
from critextract.schema import (
    Criterion,
    Label,
    Mention,
    Otherwise,
    Qualifier,
    Record,
    SexGuard,
    Value,
    Window,
)

TEXT = "No history of stroke or gout (365 days), no cancer other than melanoma, urate > 9"
NO = TEXT.index("no cancer")


def place(words):
    start = TEXT.index(words)
    return start, start + len(words)


def mention(number, words, **rest):
    return Mention(f"m{number}", "I1", Label.CONDITION, *place(words), words, **rest)


def record():
    history = Window(*place("history of"))
    cue = place("No")
    return Record(
        "-",
        TEXT,
        criteria=(
            Criterion("I1", "inclusion", None, 0, len(TEXT), TEXT, rule=_rule(), status="exact"),
        ),
        mentions=(
            mention(1, "stroke", windows=(history,), negated=True, negation_cue=cue),
            mention(2, "gout", windows=(history,), negated=True, negation_cue=cue),
            mention(3, "cancer", negated=True, negation_cue=(NO, NO + 2)),
            mention(4, "melanoma"),
            mention(5, "urate", values=(Value(*place("> 9"), low=Decimal(9), low_closed=False),)),
        ),
    )


def _rule():
    denied = Not((AnyOf((Is("m1"), Is("m2"))),))
    return AnyOf((denied, Not((Except((Is("m3"), Is("m4"))),)), Is("m5")))


def following(monkeypatch, chances, corpus="lct"):
    """The record as annotated where links have `chances` by (mention, words), others 1.0."""
    weights = {"least": {f"{corpus} {kind}": 0.5 for kind in ("TEMPORAL", "VALUE", "NEGATION")}}
    monkeypatch.setattr(followed, "load_weights", lambda part, _: weights.get(part, part))
    monkeypatch.setattr(
        Links, "features", lambda _, link: (link.mention.text, TEXT[link.start : link.end])
    )
    monkeypatch.setattr(followed, "probability", lambda _, link: chances.get(link, 1.0))
    spans = [
        Drawn("TEMPORAL", *place("history")),
        Drawn("TEMPORAL", *place("365 days")),
        Drawn("NEGATION", *place("other than")),
    ]
    return as_annotated(record(), spans, corpus)


NEW = {(name, "365 days"): 0.0 for name in ("stroke", "gout", "cancer", "melanoma", "urate")} | {
    (name, "other than"): 0.0 for name in ("stroke", "gout", "cancer", "melanoma", "urate")
}


def words(part):
    return TEXT[part.start : part.end]


def test_what_is_linked_stays_with_the_annotators_characters(monkeypatch):
    found = following(monkeypatch, NEW)
    assert [[words(w) for w in m.windows] for m in found.mentions] == [
        ["history"],
        ["history"],
        [],
        [],
        [],
    ]
    assert found.criteria == record().criteria
    assert [m.negated for m in found.mentions] == [m.negated for m in record().mentions]


def test_a_time_that_is_not_linked_is_named(monkeypatch):
    found = following(monkeypatch, NEW | {("gout", "history of"): 0.4})
    assert [len(m.windows) for m in found.mentions[:2]] == [1, 0]
    (criterion,) = found.criteria
    assert criterion.status == "partial"
    assert [(words(gap), gap.reason) for gap in criterion.uncovered] == [("history of", UNLINKED)]
    assert criterion.rule == record().criteria[0].rule


def test_a_value_that_is_not_linked_is_named(monkeypatch):
    found = following(monkeypatch, NEW | {("urate", "> 9"): 0.0})
    assert found.mentions[4].values == ()
    assert [words(gap) for gap in found.criteria[0].uncovered] == ["> 9"]


def test_values_of_cases_stay_together(monkeypatch):
    guards = (SexGuard("male"), Otherwise())
    cases = tuple(Value(*place("> 9"), guard=guard) for guard in guards)
    whole = replace(record(), mentions=(mention(5, "urate", values=cases),), criteria=())
    monkeypatch.setattr(followed, "annotated", lambda *_: [])
    assert as_annotated(whole, [], "chia").mentions[0].values == cases


def test_a_time_that_only_they_link_has_no_bounds(monkeypatch):
    found = following(monkeypatch, NEW | {("gout", "365 days"): 0.9})
    assert found.mentions[1].windows[-1] == Window(*place("365 days"))
    assert found.criteria == record().criteria


def test_an_exception_may_be_denied_and_what_a_rule_asserts_not(monkeypatch):
    found = following(monkeypatch, NEW | {("melanoma", "other than"): 0.9, ("urate", "no"): 1.0})
    assert [m.negated for m in found.mentions] == [True, True, True, True, False]
    assert found.mentions[3].negation_cue == place("other than")
    assert [fault for fault in record_faults(found) if "negated" in fault] == []


def test_a_denial_that_they_do_not_link_changes_no_rule(monkeypatch):
    found = following(monkeypatch, NEW | {("gout", "No"): 0.1})
    assert not found.mentions[1].negated
    assert found.mentions[1].negation_cue is None
    assert found.criteria == record().criteria


@pytest.mark.parametrize(("corpus", "kept"), [("chia", ["gout"]), ("lct", ["stroke", "gout"])])
def test_chia_ties_what_is_said_of_a_list_to_one_member(corpus, kept):
    links = Links("TEMPORAL", record(), [])
    likely = [(link, 0.9 if link.mention.text == "gout" else 0.6) for link in links.all]
    assert [link.mention.text for link in chosen(links, likely, corpus)] == kept


def test_spans_are_proposed_to_the_mentions_around_them():
    times = Links("TEMPORAL", record(), [Drawn("TEMPORAL", *place("365 days"))])
    assert [x.mention.text for x in times.all if not x.said] == [
        "cancer",
        "melanoma",
        "urate",
        "stroke",
        "gout",
    ]
    known = Links("TEMPORAL", record(), [Drawn("TEMPORAL", *place("history"))])
    assert all(link.said for link in known.all)
    denials = Links("NEGATION", record(), [Drawn("NEGATION", *place("other than"))])
    assert [x.mention.text for x in denials.all if not x.said] == ["melanoma", "gout", "cancer"]


def test_parts_go_as_far_as_the_span_that_shares_most():
    gout = mention(
        2,
        "gout",
        windows=(Window(*place("history of")),),
        qualifiers=(Qualifier("other", "days", *place("days")),),
    )
    spans = [Drawn("TEMPORAL", *place("No hi")), Drawn("TEMPORAL", *place("story of stroke"))]
    shown = redrawn(gout, spans)
    assert words(shown.windows[0]) == "story of stroke"
    assert shown.qualifiers == gout.qualifiers


@pytest.mark.parametrize("name", ["chia", "lct"])
def test_records_hold_what_the_contract_asks(name):
    text = (
        "Inclusion Criteria:\n- Gout for at least 12 months (365 days)\n"
        "- No history of stroke, TIA or MI within 6 months\nExclusion Criteria:\n"
        "- Cancer other than melanoma or lymphoma in the past 5 years\n"
        "- ALT > 3 x ULN, or bilirubin > 2 mg/dL at screening\n- Unable to walk"
    )
    extracted = critextract.load(name).extract(text)
    assert list(record_faults(extracted)) == []
    read, _ = critextract.load(name).read(text)
    assert [m.text for m in read.mentions] == [m.text for m in extracted.mentions]
