"""Patients for each atom of a rule: cases under guards, exceptions, and facts that fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from critextract.patients.boundary_facts import (
    NOT_RECORDED,
    NOTHING,
    Facts,
    Probe,
    domain_of,
    renamed,
)
from critextract.patients.boundary_leaves import (
    Case,
    beyond_records,
    event_name,
    in_turn,
    leaf_probes,
)
from critextract.patients.boundary_rules import Atom, Doubt, Joined, Tree, truth_of_tree, wishes_for
from critextract.patients.matching import Match, Matcher
from critextract.patients.model import Event
from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, Truth
from critextract.rules import AllOf, AnyOf, Except, Is, Not, Rule, walk
from critextract.schema import (
    Guard,
    Label,
    Mention,
    Otherwise,
    Record,
    RuleGuard,
    SexGuard,
    Value,
)

TRIED = 4
"""Facts that are tried to give an atom a truth beside those of the others."""

EXCEPTED = 6
"""Patients made for the edges of one exception."""

_TREATMENTS = frozenset({Label.DRUG, Label.PROCEDURE, Label.DEVICE, Label.VISIT})
_RESULTS = frozenset({Label.MEASUREMENT, Label.PERSON})
_KINDS_OF = ("pancreatic", "renal", "thyroid")
"""Words that make a name a kind of what it was."""


@dataclass(slots=True)
class Atoms:
    """Makes the patients of every atom of a record; what is made once is kept."""

    record: Record
    as_of: date
    matcher: Matcher
    mentions: dict[str, Mention] = field(init=False)
    _probes: dict[Atom, list[Probe]] = field(default_factory=dict)
    _met: dict[tuple[str, str, str], Match | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.mentions = {mention.id: mention for mention in self.record.mentions}

    def probes(self, atom: Atom) -> list[Probe]:
        """Return the patients at the edges of an atom, with the truth it has for each."""
        if atom not in self._probes:
            match atom.rule:
                case Is(name):
                    made = self._mention(self.mentions[name], atom.assumed)
                case Except(args):
                    made = self._except(args[0], args[1:], atom.assumed)
            self._probes[atom] = [self._if_named(atom, probe) for probe in made]
        return self._probes[atom]

    def _if_named(self, atom: Atom, probe: Probe) -> Probe:
        """Return the probe, without its truth where an event is not surely what is named.

        Names are compared by `critextract.patients.matching`, and tested there.
        """
        named = [m for m in self.named(atom) if m.label is not Label.PERSON]
        for event in probe.facts.events:
            met = [found for m in named if (found := self.matcher.meets(m, event))]
            sure = [found for found in met if found.relation != "broader" and not found.past]
            if named and not sure:
                return probe._replace(truth=None)
        return probe

    def named(self, atom: Atom) -> list[Mention]:
        """Return every mention an atom asks about, its guards' included."""
        names = [node.mention for node in walk(atom.rule) if isinstance(node, Is)]
        for name in names:
            for value in self.mentions[name].values if name in self.mentions else ():
                if isinstance(value.guard, RuleGuard):
                    names += [n.mention for n in walk(value.guard.rule) if isinstance(n, Is)]
        return [self.mentions[name] for name in dict.fromkeys(names) if name in self.mentions]

    def meets(self, mention: Mention, event: Event) -> Match | None:
        """Return by what an event may be what a mention names, None where it is not."""
        key = (mention.id, event.name, event.domain)
        if key not in self._met:
            bare = replace(mention, qualifiers=())
            found = self.matcher.meets(mention, event) or self.matcher.meets(bare, event)
            self._met[key] = found
        return self._met[key]

    def touching(self, atom: Atom, facts: Facts, own: Facts = NOTHING) -> tuple[Event, ...]:
        """Return the events that may be what an atom names, but those that are made for it."""
        named = [one for one in self.named(atom) if one.label is not Label.PERSON]
        return tuple(
            event
            for event in facts.events
            if event not in own.events and any(self.meets(one, event) for one in named)
        )

    # --- giving truths ------------------------------------------------------------------------

    def fitting(
        self, wishes: dict[Atom, bool], given: Facts = NOTHING, beside: Atom | None = None
    ) -> tuple[Facts, dict[Atom, Truth]] | None:
        """Return facts that give atoms the truths wished for; None where they do not fit.

        Where an atom cannot be given its truth, what it has without a record of its own is taken.

        Parameters
        ----------
        given : what the patient has anyway: an atom that may name an event of it must be made of
            that event.
        beside : the atom that is given by these facts; no other event made here may be its.
        """
        facts = given
        truths: dict[Atom, Truth] = {}
        chosen = {} if beside is None else {beside: given}
        for atom, wish in wishes.items():
            probe = self._fit(atom, TRUE if wish else FALSE, facts, chosen)
            joined = None if probe is None else facts.joined(probe.facts)
            if probe is None or probe.truth is None or joined is None:
                return None
            facts, truths[atom], chosen[atom] = joined, probe.truth, probe.facts
        return facts, truths

    def _fit(
        self, atom: Atom, truth: Truth, facts: Facts, chosen: dict[Atom, Facts]
    ) -> Probe | None:
        """Return the first facts for an atom that no other names, and that hold what it names."""
        needed = set(self.touching(atom, facts))
        for probe in self._candidates(atom, truth, facts, needed):
            apart = not any(self.touching(other, probe.facts, own) for other, own in chosen.items())
            if apart and facts.joined(probe.facts) is not None:
                return probe
        return None

    def _candidates(
        self, atom: Atom, truth: Truth, facts: Facts, needed: set[Event]
    ) -> Iterator[Probe]:
        """Yield the first facts that give a truth, those that say least first; then any truth."""
        fit = [p for p in self.probes(atom) if p.truth and needed <= set(p.facts.events)]
        fit.sort(key=lambda probe: len(probe.facts.events))
        yield from [probe for probe in fit if probe.truth == truth][:TRIED]
        yield from (p for p in fit if p.facts == NOTHING or facts.joined(p.facts) == facts)

    # --- mentions and their cases -------------------------------------------------------------

    def _mention(self, mention: Mention, assumed: bool) -> list[Probe]:
        text, values = self.record.text, mention.values
        if not any(value.guard for value in values) or beyond_records(mention, assumed=assumed):
            bare = tuple(replace(value, guard=None) for value in values)
            case = Case(bare, bare, mention.values_op)
            return leaf_probes(mention, case, text, self.as_of, assumed=assumed)
        edges = tuple(replace(value, guard=None) for value in values)
        grouped = [(guard, list(group)) for guard, group in groupby(values, lambda v: v.guard)]
        cases: list[list[Probe]] = []
        passed = NOTHING
        for guard, group in grouped:
            facts = self._guard(mention, guard, passed, True)
            bare = tuple(replace(value, guard=None) for value in group)
            if facts is not None:
                case = Case(bare, edges, mention.values_op)
                made = leaf_probes(mention, case, text, self.as_of, assumed=assumed)
                cases.append(list(_guarded(made, facts, _guard_words(guard))))
            out = self._guard(mention, guard, passed, False)
            if out is None:
                break
            passed = out
        cases.append(list(self._without_sex(mention, grouped, edges)))
        return in_turn(cases)

    def _guard(
        self, mention: Mention, guard: Guard | None, passed: Facts, truth: bool
    ) -> Facts | None:
        """Return the facts of the guards before and this one; None where they do not fit."""
        match guard:
            case SexGuard(sex):
                other = "female" if sex == "male" else "male"
                return passed.joined(Facts(sex=sex if truth else other))  # type: ignore[arg-type]
            case RuleGuard(rule):
                tree = guard_tree(rule, set(self.mentions))
                found = None if tree is None else self.fitting(wishes_for(tree, truth), passed)
                if found is None or tree is None:
                    return None
                facts, truths = found
                if any(self.meets(mention, event) for event in facts.events):
                    return None
                right = truth_of_tree(tree, truths) == (TRUE if truth else FALSE)
                return passed.joined(facts) if right else None
        return passed if truth else None

    def _without_sex(
        self,
        mention: Mention,
        grouped: Sequence[tuple[Guard | None, list[Value]]],
        edges: tuple[Value, ...],
    ) -> Iterator[Probe]:
        """Yield patients whose sex is not recorded: known only where all cases agree."""
        guards = [guard for guard, _ in grouped]
        sexes = {guard.sex for guard in guards if isinstance(guard, SexGuard)}
        last = isinstance(guards[-1], Otherwise) or guards[-1] is None
        if not sexes or len(guards) != 2 or (len(sexes) < 2 and not last):
            return
        by_facts: dict[Facts, list[Probe]] = {}
        for _, group in grouped:
            bare = tuple(replace(value, guard=None) for value in group)
            case = Case(bare, edges, mention.values_op)
            for probe in leaf_probes(mention, case, self.record.text, self.as_of):
                by_facts.setdefault(probe.facts, []).append(probe)
        for facts, found in by_facts.items():
            if len(found) == len(grouped):
                truths = {probe.truth for probe in found}
                truth = found[0].truth if len(truths) == 1 else None if None in truths else UNKNOWN
                unknown = facts.joined(Facts(sex=NOT_RECORDED))
                if unknown is not None:
                    yield Probe(f"{found[0].what}, sex not recorded", unknown, truth)

    # --- exceptions ---------------------------------------------------------------------------

    def _except(self, base: Rule, exceptions: Sequence[Rule], assumed: bool) -> list[Probe]:
        """Return the base without an exception, an exception alone, and beside another event."""
        known = set(self.mentions)
        tree = guard_tree(base, known)
        out = [rule for exception in exceptions for rule in _alternatives(exception)]
        if tree is None or not all(isinstance(rule, Is) and rule.mention in known for rule in out):
            return []
        named = [self.mentions[rule.mention] for rule in out if isinstance(rule, Is)]
        bases = [n.mention for n in walk(base) if isinstance(n, Is)]
        probes = list(self._base(tree, named, assumed))
        kinds = {_kind(self.mentions[name]) for name in bases} | {_kind(m) for m in named}
        single = isinstance(base, Is)
        if single and len(kinds) == 1 and None not in kinds:
            for mention in named:
                probes += self._excepted(mention, probes)
        return probes

    def _base(self, tree: Tree, out: Sequence[Mention], assumed: bool) -> Iterator[Probe]:
        """Yield the edges of a base of one mention, by names that are no exception's."""
        if not isinstance(tree, Atom):
            return
        atom = Atom(tree.rule, assumed)
        (base,) = self.named(atom)[:1] or (None,)
        if base is None:
            return
        name = self._apart(base, out)
        for probe in self.probes(atom):
            facts = renamed(probe.facts, event_name(base), name or event_name(base))
            truth = probe.truth if name else None if probe.facts.events else probe.truth
            yield Probe(probe.what, facts, truth)

    def _apart(self, base: Mention, out: Sequence[Mention]) -> str | None:
        """Return a name that is the base's and no exception's, None where none is known."""
        own = event_name(base)
        for name in (own, *(f"{word} {own}" for word in _KINDS_OF)):
            event = Event(domain_of(base), name)
            met = self.meets(base, event)
            if met is None or met.relation == "broader":
                continue
            if not any(self.meets(mention, event) for mention in out):
                return name
        return None

    def _excepted(self, out: Mention, probes: list[Probe]) -> list[Probe]:
        """Return an exception's events alone, and one of them beside an event of the base."""
        made = []
        another = next((p for p in probes if p.truth == TRUE and p.facts.events), None)
        timed = bool(out.windows) or out.period == "present" or bool(out.values)
        edges = [p for p in self.probes(Atom(Is(out.id), True)) if p.facts.events]
        for probe in edges[: EXCEPTED if timed else 1]:
            what = f"only the exception, {probe.what}"
            made.append(Probe(what, probe.facts, FALSE if probe.truth == TRUE else None))
        first = next((p for p in edges if p.truth == TRUE), None)
        if first is not None and another is not None:
            both = another.facts.joined(first.facts)
            if both is not None:
                made.append(Probe("the exception and another event", both, TRUE))
        return made


def _guarded(probes: Iterable[Probe], facts: Facts, words: str) -> Iterator[Probe]:
    for what, own, truth in probes:
        joined = own.joined(facts)
        if joined is not None:
            yield Probe(f"{what}{words}", joined, truth)


def _guard_words(guard: Guard | None) -> str:
    match guard:
        case SexGuard(sex):
            return f", {sex}"
        case RuleGuard(_):
            return ", the condition of the case holds"
    return ", no other case applies"


def guard_tree(rule: Rule, known: set[str]) -> Tree | None:
    """Return the tree of a rule made of mentions, all, any and not; None for another."""
    match rule:
        case Is(name) if name in known:
            return Atom(rule, True)
        case AllOf(args) | AnyOf(args):
            below = [guard_tree(arg, known) for arg in args]
            made = tuple(arg for arg in below if arg is not None)
            return Joined(rule.op, made) if len(made) == len(below) else None
        case Not(args):
            one = guard_tree(args[0], known)
            return None if one is None else Joined("not", (one,))
    return None if not isinstance(rule, Doubt) else rule


def _alternatives(rule: Rule) -> Iterator[Rule]:
    """Yield the exceptions an ``any`` lists."""
    match rule:
        case AnyOf(args):
            for arg in args:
                yield from _alternatives(arg)
        case _:
            yield rule


def _kind(mention: Mention) -> str | None:
    """Return whether a mention names treatments or conditions; None for results and people."""
    if mention.label in _RESULTS:
        return None
    return "treatment" if mention.label in _TREATMENTS else "condition"
