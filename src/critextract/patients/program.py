"""A record's rules as functions of a patient, made once and run on many.

Every leaf becomes an answer that is kept by patient, so that trials which ask the same share it;
every node becomes a closure over its arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby

from critextract.elapsed import limited, washout
from critextract.patients import logic
from critextract.patients.answers import Answer, Outcome, event_answer, fixed, measurement_answer
from critextract.patients.chart import Chart
from critextract.patients.doubts import hull, standing_rule
from critextract.patients.exceptions import Node, except_answer, exception_test, kind_of
from critextract.patients.leaves import Setting, name_of, onset_of, without_cases
from critextract.patients.persons import person_answer, sex_answer
from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, Finding, KeptFinding, Reason
from critextract.patients.waits import limited_answer, waited_answer
from critextract.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    Child,
    Except,
    If,
    Is,
    Not,
    Rule,
)
from critextract.schema import (
    Criterion,
    Guard,
    Label,
    Mention,
    Otherwise,
    RuleGuard,
    SexGuard,
    Value,
)

_LONGEST = 240
"""Characters of a criterion that a reason quotes; of a longer hull, the mention alone."""

_RESULTS = frozenset(
    {"positive", "negative", "normal", "abnormal", "elevated", "low", "detectable", "undetectable"}
)
"""Words of which a mention of any label is the result of a test."""

_KEPT = 4096
"""Findings of one leaf that are kept for equal answers."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a rule a node stands.

    positive : whether the trial wants it to hold; None where that is not so simple.
    hypothetical : inside a guard or an ``if``, where a mention may be hypothetical.
    """

    positive: bool | None
    hypothetical: bool = False

    def under_not(self) -> Place:
        """Return the place below a ``not``."""
        return replace(self, positive=None if self.positive is None else not self.positive)


@dataclass(slots=True)
class Compiler:
    """Makes nodes of one record's rules."""

    setting: Setting
    answers: dict[tuple[object, ...], tuple[int, Answer]]
    mentions: dict[str, Mention] = field(init=False)
    criteria: dict[str, Criterion] = field(init=False)
    open_children: list[str] = field(default_factory=list)
    leaves: list[Answer | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        record = self.setting.record
        self.mentions = {mention.id: mention for mention in record.mentions}
        self.criteria = {criterion.id: criterion for criterion in record.criteria}

    # --- criteria and nodes -----------------------------------------------------------------

    def criterion(self, criterion: Criterion, place: Place) -> Node:
        """Return what a criterion says, what its text leaves open included."""
        rule = standing_rule(self.setting.record, criterion)
        if rule is None:
            reason = criterion.status.replace("_", " ")
            return self._unread(criterion.start, criterion.end, reason)
        return self.node(rule, place)

    def node(self, rule: Rule, place: Place) -> Node:
        """Return the function of a patient that a node is."""
        match rule:
            case Is(name):
                return self._is(name, place)
            case AllOf(args):
                return _joining(logic.all_of, [self.node(arg, place) for arg in args])
            case AnyOf(args):
                return _joining(logic.any_of, [self.node(arg, place) for arg in args])
            case Not(args):
                return _joining(logic.not_one, [self.node(args[0], place.under_not())])
            case AtLeast(n, args):
                nodes = [self.node(arg, place) for arg in args]
                return _joining(partial(logic.at_least, n), nodes)
            case If(args):
                return self._if(args, place)
            case Except(args):
                return self._except(args[0], [self._item(arg) for arg in args[1:]], place)
            case Child(name):
                return self._child(name, place)
        return self._unread(rule.start, rule.end, rule.reason)

    def _if(self, args: Sequence[Rule], place: Place) -> Node:
        condition = self.node(args[0], Place(None, hypothetical=True))
        branch = replace(place, hypothetical=True)
        branches = [self.node(arg, branch) for arg in args[1:]]
        return _joining(lambda found: logic.if_then(*found), [condition, *branches])

    def _child(self, name: str, place: Place) -> Node:
        criterion = self.criteria.get(name)
        if criterion is None or name in self.open_children:
            return _constant(Finding(UNKNOWN, needs=(f"a rule of criterion {name}",)))
        self.open_children.append(name)
        node = self.criterion(criterion, place)
        self.open_children.pop()
        return node

    def _unread(self, start: int, end: int, reason: str) -> Node:
        words = " ".join(self.setting.record.text[start:end].split())
        shown = words if len(words) <= _LONGEST else words[:_LONGEST] + "…"
        because = Reason(None, None, shown, reason)
        return _constant(Finding(UNKNOWN, (because,), (f"a reading of “{shown}” ({reason})",)))

    # --- exceptions -------------------------------------------------------------------------

    def _item(self, rule: Rule) -> Rule:
        """Return an item's own rule, wholly read: it takes events out like one in the line."""
        match rule:
            case Child(name) if (item := self.criteria.get(name)) and item.status == "exact":
                return item.rule or rule
        return rule

    def _except(self, base: Rule, exceptions: Sequence[Rule], place: Place) -> Node:
        match base:
            case AllOf(args) | AnyOf(args) if any(self._has_events(arg) for arg in args):
                every = isinstance(base, AllOf)
                nodes = [
                    self._except(arg, exceptions, place)
                    if not every or self._has_events(arg)
                    else self.node(arg, place)
                    for arg in args
                ]
                return _joining(logic.all_of if every else logic.any_of, nodes)
            case Is(name) if self._is_event(name):
                return self._event_except(self.mentions[name], exceptions, place)
        whole = self.node(base, place)
        out = [self.node(rule, Place(None, place.hypothetical)) for rule in exceptions]
        return lambda chart: logic.all_of(
            [whole(chart), logic.not_(logic.any_of([node(chart) for node in out]))]
        )

    def _has_events(self, rule: Rule) -> bool:
        match rule:
            case Is(name):
                return self._is_event(name)
            case AllOf(args) | AnyOf(args):
                return any(self._has_events(arg) for arg in args)
        return False

    def _is_event(self, name: str) -> bool:
        mention = self.mentions.get(name)
        return (
            mention is not None
            and kind_of(mention) is not None
            and mention.count is None
            and not any(value.guard for value in mention.values)
        )

    def _event_except(self, mention: Mention, exceptions: Sequence[Rule], place: Place) -> Node:
        beyond = _beyond_records(mention, place)
        if beyond is not None:
            return self._leaf(mention, beyond)
        below = Place(None, place.hypothetical)
        tests = [
            exception_test(
                rule, mention, self.mentions, self.setting, lambda r: self.node(r, below)
            )
            for rule in exceptions
        ]
        return self._leaf(mention, except_answer(mention, tests, self.setting))

    # --- leaves -----------------------------------------------------------------------------

    def _is(self, name: str, place: Place) -> Node:
        mention = self.mentions.get(name)
        if mention is None:
            return _constant(Finding(UNKNOWN, needs=(f"mention {name}",)))
        beyond = _beyond_records(mention, place)
        if beyond is not None:
            return self._leaf(mention, beyond)
        if any(value.guard for value in mention.values):
            return self._cases(mention, place)
        return self._leaf(mention, self._answer(mention))

    def _cases(self, mention: Mention, place: Place) -> Node:
        """Return the node of values with guards: the first case whose guard holds."""
        cases: list[tuple[Node, Node]] = []
        otherwise = _no_case(place)
        for guard, values in groupby(mention.values, key=lambda value: value.guard):
            node = self._leaf(mention, self._answer(without_cases(mention, list(values))))
            if isinstance(guard, Otherwise) or guard is None:
                otherwise = node
            else:
                cases.append((self._guard(guard), node))
        sexes = {v.guard.sex for v in mention.values if isinstance(v.guard, SexGuard)}
        if len(sexes) == 2 and isinstance(mention.values[-1].guard, SexGuard):
            otherwise = cases.pop()[1]  # of two sexes, the second is every other case
        flat = [node for case in cases for node in case]
        return _joining(
            lambda found: logic.first_case(_pairs(found[:-1]), found[-1]),
            [*flat, otherwise],
        )

    def _guard(self, guard: Guard) -> Node:
        match guard:
            case SexGuard(sex):
                return plain_node(sex_answer(sex), "sex")
            case RuleGuard(rule):
                return self.node(rule, Place(None, hypothetical=True))
        return _constant(logic.HOLDS)

    def _answer(self, mention: Mention) -> Answer:
        """Return the answer of a mention, the same for all that ask the same; kept by patient."""
        key = _asked(mention, self.setting)
        known = self.answers.get(key)
        if known is None:
            known = self.answers[key] = (len(self.answers), _make_answer(mention, self.setting))
        place, answer = known

        def kept(chart: Chart) -> Outcome:
            outcome: Outcome | None = chart.memo.get(place)
            if outcome is None:
                outcome = chart.memo[place] = answer(chart)
            return outcome

        return kept

    def _leaf(self, mention: Mention, answer: Answer) -> Node:
        """Return the node of an answer, with the criterion's characters in its reason."""
        text = self.setting.record.text
        start, end = hull(mention, self.criteria.get(mention.criterion))
        quoted = text[start:end] if end - start <= _LONGEST else mention.text
        name, words = mention.id, " ".join(quoted.split())
        made: dict[Outcome, Finding] = {}

        def node(chart: Chart) -> Finding:
            outcome = answer(chart)
            finding = made.get(outcome)
            if finding is None:
                reason = Reason(name, outcome.event, words, outcome.why, outcome.by)
                if not outcome.static or len(made) >= _KEPT:
                    return Finding(outcome.truth, (reason,), outcome.needs)
                finding = made[outcome] = KeptFinding(outcome.truth, (reason,), outcome.needs)
            return finding

        return node


def _pairs(findings: Sequence[Finding]) -> list[tuple[Finding, Finding]]:
    """Return guards and their cases, which stand in turn, two by two."""
    return list(zip(findings[::2], findings[1::2], strict=True))


def _constant(finding: Finding) -> Node:
    kept = KeptFinding(*finding)
    return lambda _: kept


def plain_node(answer: Answer, words: str) -> Node:
    """Return the node of what no mention says: the sex of a guard, the registry's own fields."""
    made: dict[Outcome, KeptFinding] = {}

    def node(chart: Chart) -> Finding:
        outcome = answer(chart)
        if outcome not in made:
            reason = Reason(None, None, words, outcome.why)
            made[outcome] = KeptFinding(outcome.truth, (reason,), outcome.needs)
        return made[outcome]

    return node


def _joining(join: Callable[[Sequence[Finding]], Finding], nodes: Sequence[Node]) -> Node:
    """Return the node that joins others; what follows from kept findings alone is kept."""
    if len(nodes) == 1 and join is not logic.not_one:
        return nodes[0]
    made: dict[tuple[int, ...], KeptFinding] = {}

    def node(chart: Chart) -> Finding:
        findings = [node(chart) for node in nodes]
        key = tuple(map(id, findings))
        known = made.get(key)
        if known is not None:
            return known
        joined = join(findings)
        if len(made) < _KEPT and all(type(finding) is KeptFinding for finding in findings):
            made[key] = KeptFinding(*joined)
            return made[key]
        return joined

    return node


def _no_case(place: Place) -> Node:
    """Return the finding where no case applies: the bound asks nothing of this patient."""
    if place.positive is None:
        return _constant(Finding(UNKNOWN, needs=("a case of the bound that applies",)))
    truth = TRUE if place.positive else FALSE
    return _constant(Finding(truth, (Reason(None, None, "no case of the bound applies"),)))


def _beyond_records(mention: Mention, place: Place) -> Answer | None:
    """Return the unknown answer of what no record of a patient holds, None for anything else."""
    name = name_of(mention)
    if mention.experiencer != "patient":
        return fixed(UNKNOWN, f"of the {mention.experiencer}", f"{name} in the family or others")
    if mention.modality in ("planned", "uncertain") or mention.period == "future":
        said = mention.modality if mention.modality != "actual" else "future"
        return fixed(UNKNOWN, said, f"whether {name} is {said}")
    if mention.modality == "hypothetical" and not place.hypothetical:
        return fixed(UNKNOWN, "hypothetical", f"whether {name} would be")
    return None


def _make_answer(mention: Mention, setting: Setting) -> Answer:
    if mention.label == Label.PERSON:
        return person_answer(mention, setting)
    if mention.label == Label.MEASUREMENT or _is_number_of(mention):
        return measurement_answer(mention, setting)
    if any(value.text_value in _RESULTS and value.unit is None for value in mention.values):
        return measurement_answer(replace(mention, label=Label.MEASUREMENT), setting)
    if limited(mention, setting.record.text):
        return limited_answer(mention, setting)
    waits = washout(mention, setting.record.text)
    return waited_answer(mention, waits, setting) if waits else event_answer(mention, setting)


def _is_number_of(mention: Mention) -> bool:
    """Tell whether an observation asks for a number: "life expectancy of 3 months"."""
    return mention.label == Label.OBSERVATION and any(
        value.low is not None or value.high is not None for value in mention.values
    )


def _asked(mention: Mention, setting: Setting) -> tuple[object, ...]:
    """Return what makes two mentions ask the same of a patient: all but ids and characters."""
    text = setting.record.text
    ids = {m.id for m in setting.record.mentions}
    own = any(window.reference_point in ids for window in mention.windows)
    windows = tuple(
        (replace(w, start=0, end=1), text[w.start : w.end] if w.low is w.high is None else "")
        for w in mention.windows
    )
    onsets = tuple(onset_of(window, mention, setting) for window in mention.windows)
    return (
        setting.record.id if own else "", mention.label, mention.text, mention.concept,
        mention.component, mention.period, tuple(map(_bare, mention.values)), mention.values_op,
        windows, mention.windows_op, mention.count and _bare(mention.count),
        mention.dose and _bare(mention.dose),
        tuple((q.kind, q.value, mention.start <= q.start and q.end <= mention.end)
              for q in mention.qualifiers),
        onsets,
    )  # fmt: skip


def _bare(value: Value) -> Value:
    inner = value.alternative and _bare(value.alternative)
    return replace(value, start=0, end=1, alternative=inner)
