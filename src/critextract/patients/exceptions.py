"""``except``: events that are also an exception are taken out of the base; others still count.

An exception of another kind (a condition beside a measurement: "bilirubin ... except Gilbert's
syndrome") is no event of the base: it takes out the whole of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from critextract.patients.answers import Outcome, absence, one_of
from critextract.patients.chart import Chart, Concept, Met
from critextract.patients.leaves import EventTest, Setting, event_judge
from critextract.patients.results import Judged
from critextract.patients.timing import conjunction, disjunction
from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, Finding, Truth, flip
from critextract.rules import AllOf, AnyOf, Is, Not, Rule
from critextract.schema import Label, Mention

Node = Callable[[Chart], Finding]
Exception_ = Callable[[Met, Chart], Truth]

_KINDS = {
    Label.CONDITION: "condition", Label.OBSERVATION: "condition",
    Label.DRUG: "treatment", Label.PROCEDURE: "treatment", Label.DEVICE: "treatment",
    Label.VISIT: "treatment",
}  # fmt: skip


def kind_of(mention: Mention) -> str | None:
    """Return whether a mention names conditions or treatments; None for neither."""
    return _KINDS.get(mention.label)


def exception_test(
    rule: Rule, base: Mention, mentions: Mapping[str, Mention], setting: Setting,
    compiled: Callable[[Rule], Node],
) -> Exception_:  # fmt: skip
    """Return the test whether an event of the base is one of an exception.

    compiled : makes a node of a rule, for what is asked of the patient and not of the event.
    """

    def below(args: Sequence[Rule]) -> list[Exception_]:
        return [exception_test(arg, base, mentions, setting, compiled) for arg in args]

    match rule:
        case AnyOf(args):
            some = below(args)
            return lambda met, chart: disjunction(test(met, chart) for test in some)
        case AllOf(args):
            every = below(args)
            return lambda met, chart: conjunction(test(met, chart) for test in every)
        case Not(args):
            (one,) = below(args)
            return lambda met, chart: flip(one(met, chart))
        case Is(name) if name in mentions and kind_of(mentions[name]) is not None:
            return _event_exception(mentions[name], base, setting, compiled(rule))
    node = compiled(rule)
    return lambda _, chart: node(chart).truth


def _event_exception(mention: Mention, base: Mention, setting: Setting, node: Node) -> Exception_:
    concept = setting.names.concept(mention)
    test = event_judge(mention, setting, timeless=True)
    same_kind = kind_of(mention) == kind_of(base)

    def excepted(met: Met, chart: Chart) -> Truth:
        for one in chart.met(concept):
            if one.place == met.place:
                return test(one, chart).truth
        if same_kind or node(chart).truth == FALSE:
            return FALSE
        return UNKNOWN

    return excepted


def except_answer(
    mention: Mention, exceptions: Sequence[Exception_], setting: Setting
) -> Callable[[Chart], Outcome]:
    """Return the answer of a mention whose events must be none of the exceptions."""
    concept: Concept = setting.names.concept(mention)
    test: EventTest = event_judge(mention, setting)
    absent = absence(mention, setting.missing)

    def judged(met: Met, chart: Chart) -> Judged:
        found = test(met, chart)
        if found.truth == FALSE:
            return found
        out = disjunction(exception(met, chart) for exception in exceptions)
        if out == TRUE:
            return Judged(FALSE, f"{met.event.name!r} is an exception")
        if out == UNKNOWN:
            need = f"whether {met.event.name} is an exception"
            return Judged(UNKNOWN, f"{met.event.name!r} may be an exception", need)
        return found

    def answer(chart: Chart) -> Outcome:
        met = chart.met(concept)
        if not met:
            return absent
        return one_of([(m, judged(m, chart)) for m in met], mention, absent, setting.missing)

    return answer
