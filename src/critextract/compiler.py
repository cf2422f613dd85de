"""Record to rules and coverage.

For each criterion: its mentions combine by the words between them (`structure`), a lead-in holds
its children, and the ledger (`coverage`) decides the status. The rule says what the text says;
the section is not applied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from critextract.alternation import NEXT, with_alternatives
from critextract.assumed import with_hypothetical
from critextract.cases import case_of_items
from critextract.changes import replace
from critextract.connectives import count_cue, is_wait, number_of
from critextract.coverage import alternatives, behind_lists, judgements, missing_units, uncovered
from critextract.denied import with_denials
from critextract.doubts import doubtful
from critextract.leaves import (
    PROMISES,
    asides,
    bare_variables,
    beside,
    carriers,
    cited,
    defined,
    definitions,
    evidence,
    graded,
    item_names,
    kin,
    make_leaves,
    repeated_mentions,
    targets,
    topics,
    views_apart,
    without_guards,
)
from critextract.lexicon import lexicon
from critextract.linking import Leaf, Parsed, pattern
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
    Unparsed,
    walk,
)
from critextract.schema import (
    Criterion,
    Mention,
    Record,
    Section,
    Status,
    Uncovered,
    guard_mentions,
)
from critextract.stated import NOTHING, asks_nothing
from critextract.structure import parse

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Family:
    """A criterion with its children: sentences inside its text, list items outside it."""

    criterion: Criterion
    sentences: tuple[Criterion, ...]
    items: tuple[Criterion, ...]

    @property
    def areas(self) -> list[Span]:
        """Return the criterion's own characters: its text without its sentence children."""
        areas, at = [], self.criterion.start
        for child in self.sentences:
            areas.append((at, child.start))
            at = child.end
        areas.append((at, self.criterion.end))
        return [(a, b) for a, b in areas if a < b]


def compile_record(record: Record) -> Record:
    """Return the record with the rule, status and uncovered characters of every criterion."""
    mentions: dict[str, list[Mention]] = {}
    for mention in record.mentions:
        mentions.setdefault(mention.criterion, []).append(mention)
    children: dict[str | None, list[Criterion]] = {}
    for criterion in record.criteria:
        children.setdefault(criterion.parent, []).append(criterion)
    governed = _governed(record)
    done: dict[str, Criterion] = {}
    named: set[str] = set()
    for criterion in reversed(record.criteria):  # children first
        own = children.get(criterion.id, [])
        inside = [c for c in own if criterion.start <= c.start and c.end <= criterion.end]
        family = _Family(criterion, tuple(inside), tuple(c for c in own if c not in inside))
        below = [done[c.id] for c in own]
        if not own and asks_nothing(criterion.text):
            done[criterion.id] = replace(
                criterion, rule=NOTHING[criterion.section], status="exact", uncovered=()
            )
            mentions.pop(criterion.id, None)
            continue
        own_mentions = mentions.get(criterion.id, [])
        done[criterion.id], only = _compile(record.text, family, own_mentions, below, governed)
        named |= only
    stated = {m.id for m in record.mentions if m.modality != "actual"}
    compiled = replace(
        record,
        criteria=tuple(done[c.id] for c in record.criteria),
        mentions=tuple(m for m in record.mentions if m.criterion in mentions),
    )
    return with_denials(with_hypothetical(with_alternatives(compiled), stated, named))


def _governed(record: Record) -> list[Span]:
    """Return the windows that stand in a lead-in and belong to mentions of its items."""
    places = {criterion.id: criterion for criterion in record.criteria}
    return sorted(
        {
            (window.start, window.end)
            for mention in record.mentions
            for window in mention.windows
            if window.end <= places[mention.criterion].start
        }
    )


def _compile(
    text: str,
    family: _Family,
    mentions: list[Mention],
    below: Sequence[Criterion],
    governed: Sequence[Span],
) -> tuple[Criterion, set[str]]:
    """Return the criterion with its rule, and the mentions it names without asking for them."""
    criterion = family.criterion
    phrases = [(span, kind) for area in family.areas for span, kind in judgements(text, *area)]
    phrases = beside(phrases, mentions)
    repeated, firm = _set_aside(text, family, mentions)
    heads = _passed_over(text, family, mentions)
    firm = [m for m in firm if not any(a <= m.start < b for a, b in heads)]
    views = views_apart(text, criterion.start, phrases, firm)
    leaves = make_leaves(text, criterion, firm, [p for p in phrases if p not in views])
    parsed = _parse_areas(without_guards(text, mentions), family, leaves)
    _deny_items(text, family, mentions, parsed)
    rule = _with_children(text, family, parsed)
    in_rule = [*_in_rule(rule, mentions), *repeated]
    spans = [span for span, _ in phrases]
    gaps = [
        *(Uncovered(a, b, kind) for (a, b), kind in phrases),
        *parsed.doubts,
        *missing_units(in_rule),
        *doubtful(text, [m for m in in_rule if m not in repeated]),
        *alternatives(text, in_rule),
        *behind_lists(text, in_rule),
        *_dangling(text, family),
        *uncovered(text, family.areas, in_rule, [*parsed.used, *governed, *spans, *heads]),
    ]
    gaps = _distinct(gaps)
    status = _status(rule, gaps, phrases, below)
    if status == "unparsed" and not gaps:
        gaps = [Uncovered(a, b, "not understood") for a, b in family.areas]
    if status == "unparsed" or (status == "non_computable" and not below):
        rule = None
    named = parsed.named | {m.id for m in mentions if _is_promised(m, phrases)}
    named |= {m.id for m in targets(mentions)}
    return replace(criterion, rule=rule, status=status, uncovered=tuple(gaps)), named


def _passed_over(text: str, family: _Family, mentions: Sequence[Mention]) -> list[Span]:
    """Return the words that what follows defines, and brackets that only permit something."""
    listed = bool(family.items or family.sentences)
    return [
        *(
            h
            for a, b in family.areas
            for h in defined(text, (a, b), mentions)
            if listed or b > h[1]
        ),
        *(aside for area in family.areas for aside in asides(text, area, mentions)),
    ]


def _is_promised(mention: Mention, phrases: Sequence[tuple[Span, str]]) -> bool:
    """Tell whether a mention lies in words about what one is willing to take, use or undergo."""
    return mention.label in {"DRUG", "DEVICE", "PROCEDURE"} and any(
        kind in PROMISES and a <= mention.start and mention.end <= b for (a, b), kind in phrases
    )


def _deny_items(text: str, family: _Family, mentions: Sequence[Mention], parsed: Parsed) -> None:
    """Negate what "none of the following drugs: A or B" names, in place."""
    if parsed.rule is None or family.items:
        return
    if any(m.negated for m in item_names(text, mentions, listed=False)):
        parsed.rule = Not((parsed.rule,))


def _set_aside(
    text: str, family: _Family, mentions: Sequence[Mention]
) -> tuple[list[Mention], list[Mention]]:
    """Return the mentions that only serve another one, which holds them too, and the firm ones."""
    repeated = [
        *repeated_mentions(text, mentions),
        *cited(text, (family.criterion.start, family.criterion.end), mentions),
        *carriers(text, mentions),
        *evidence(text, mentions),
        *bare_variables(mentions),
        *topics(text, mentions, listed=bool(family.items)),
        *graded(text, mentions),
        *definitions(text, mentions),
        *item_names(text, mentions, listed=bool(family.items)),
    ]
    relatives = kin(mentions)
    repeated += [m for m, other in relatives if other.experiencer == "family"]
    aside = {m.id for m in (*repeated, *(m for m, _ in relatives))}
    return repeated, [m for m in mentions if m.id not in aside]


def _distinct(gaps: Sequence[Uncovered]) -> list[Uncovered]:
    """Return the gaps in text order, without those not understood inside another one."""
    kept: list[Uncovered] = []
    for gap in sorted(set(gaps), key=_gap_order):
        inside = any(other.start <= gap.start and gap.end <= other.end for other in kept)
        if not inside or gap.reason != "not understood":
            kept.append(gap)
    return kept


def _gap_order(gap: Uncovered) -> tuple[int, int, bool, str]:
    """Order gaps by place, the longer and the better named first; no two compare equal."""
    return gap.start, -gap.end, gap.reason == "not understood", gap.reason


def _dangling(text: str, family: _Family) -> list[Uncovered]:
    """Return what a criterion ends with where more must follow: "or", or a colon over nothing.

    The alternative of a top-level "or" is another criterion.
    """
    criterion = family.criterion
    alone = not family.items and not family.sentences
    announced = pattern("announced").search(text, criterion.start, criterion.end)
    if alone and announced:
        return [Uncovered(*announced.span(), "what it announces does not follow")]
    cue = pattern("trailing_or").search(text, criterion.start, criterion.end)
    if cue is None or criterion.parent is not None or not alone:
        return []
    return [Uncovered(*cue.span(), NEXT)]


def _parse_areas(text: str, family: _Family, leaves: Sequence[Leaf]) -> Parsed:
    """Parse each stretch of own text; join the stretches as the section joins sentences."""
    out = Parsed(None)
    rules = []
    for start, end in family.areas:
        inside = [leaf for leaf in leaves if start <= leaf.start and leaf.end <= end]
        part = parse(text, start, end, inside, family.criterion.section)
        out.used += part.used
        out.doubts += part.doubts
        out.named |= part.named
        if part.rule is not None:
            rules.append(part.rule)
    out.rule = _join(rules, family.criterion.section)
    return out


def _join(rules: Sequence[Rule], section: Section) -> Rule | None:
    """Join rules where no words say how: all under inclusion and other, any under exclusion."""
    if len(rules) < 2:
        return rules[0] if rules else None
    return AnyOf(tuple(rules)) if section == "exclusion" else AllOf(tuple(rules))


def _with_children(text: str, family: _Family, parsed: Parsed) -> Rule | None:
    """Return the rule of a criterion with its children's rules below it."""
    criterion = family.criterion
    sentences = [Child(c.id) for c in family.sentences]
    own = _join([*([parsed.rule] if parsed.rule else []), *sentences], criterion.section)
    if not family.items:
        return own
    below = _alternating(text, family.items)
    tail_start = max([criterion.start, *(c.start for c in family.sentences)])
    examples = (
        lexicon("structure")
        .pattern("examples_follow")
        .search(text, max(tail_start, criterion.end - 60), criterion.end)
    )
    if examples and own is not None:
        parsed.used.append(examples.span())
        if isinstance(own, Not):
            return Not((AnyOf((*own.args, *below)),))
        waits = criterion.section != "exclusion" and is_wait(text, examples.span())
        return AllOf((own, *below)) if waits else AnyOf((own, *below))
    excepted = pattern("exception_follows").search(text, tail_start, criterion.end)
    if excepted and own is not None and not family.sentences:
        parsed.used.append(excepted.span())
        base = own.args[0] if isinstance(own, Not) else own
        whole = Except((base, *below))
        return Not((whole,)) if isinstance(own, Not) else whole
    items = _list_rule(text, tail_start, criterion, below, parsed)
    if own is None:
        return items
    case = case_of_items(text, tail_start, criterion.end)
    if case is None or family.sentences or any(isinstance(node, Unparsed) for node in walk(own)):
        return AllOf((own, items))
    parsed.used.append(case)
    return AllOf((own, items)) if criterion.section == "exclusion" else If((own, items))


def _alternating(text: str, items: Sequence[Criterion]) -> tuple[Rule, ...]:
    """Return the items' rules; one that ends in "or" is an alternative to the next."""
    runs: list[list[Rule]] = [[]]
    for item in items:
        runs[-1].append(Child(item.id))
        if not pattern("trailing_or").search(text, item.start, item.end):
            runs.append([])
    found = [run for run in runs if run]
    if len(found) == 1 and len(found[0]) > 1:
        return (AnyOf(tuple(found[0])),)
    return tuple(run[0] if len(run) == 1 else AnyOf(tuple(run)) for run in found)


def _list_rule(
    text: str, start: int, criterion: Criterion, below: tuple[Rule, ...], parsed: Parsed
) -> Rule:
    """Return how a list's items combine: the words of the lead-in, else the section."""
    most = pattern("at_most").search(text, start, criterion.end)
    if most is not None:
        parsed.used.append(most.span())
        n = number_of(most["most"] or most["below"]) + (most["most"] is not None)
        return Not((AtLeast(n, below),)) if n <= len(below) else AllOf(below)
    none = pattern("none").search(text, start, criterion.end)
    if none and not any(a < none.end() and none.start() < b for a, b in parsed.used):
        parsed.used.append(none.span())
        return Not((AnyOf(below),))
    cue = count_cue(text, start, criterion.end)
    if cue is None:
        joined = _join(below, criterion.section)
        assert joined is not None
        return joined
    place, kind, n = cue
    parsed.used.append(place)
    if kind == "at_least":
        if len(below) < n:
            parsed.doubts.append(Uncovered(*place, f"{n} asked for, {len(below)} found"))
            return AllOf(below)
        return AtLeast(n, below)
    either = kind == "any" and (criterion.section == "exclusion" or not is_wait(text, place))
    return AnyOf(below) if either else AllOf(below)


def _in_rule(rule: Rule | None, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions the rule holds, those of its guards too."""
    if rule is None:
        return []
    ids = {node.mention for node in walk(rule) if isinstance(node, Is)}
    ids |= {g for m in mentions if m.id in ids for g in guard_mentions(m)}
    return [m for m in mentions if m.id in ids]


def _status(
    rule: Rule | None,
    gaps: Sequence[Uncovered],
    phrases: Sequence[tuple[Span, str]],
    below: Sequence[Criterion],
) -> Status:
    """Return how much of the text, the children's included, the rule holds."""
    if rule is None:
        return "non_computable" if phrases else "unparsed"
    firm = any(isinstance(node, Is) for node in walk(rule))
    statuses = {c.status for c in below}
    if not firm and (not below or statuses == {"non_computable"}):
        return "non_computable" if phrases or below else "unparsed"
    return "exact" if not gaps and statuses <= {"exact"} else "partial"
