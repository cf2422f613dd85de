"""Record to rules and coverage.

For each criterion: its mentions combine by the words between them (`structure`), a lead-in holds
its children, and the ledger (`coverage`) decides the status. The rule says what the text says;
the section is not applied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from critextract.combining import Leaf, Parsed, count_cue, pattern
from critextract.coverage import alternatives, held_by, judgements, missing_units, uncovered
from critextract.lexicon import lexicon
from critextract.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    Child,
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
    RuleGuard,
    Section,
    SexGuard,
    Status,
    Uncovered,
)
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
    for criterion in reversed(record.criteria):  # children first
        own = children.get(criterion.id, [])
        inside = [c for c in own if criterion.start <= c.start and c.end <= criterion.end]
        family = _Family(criterion, tuple(inside), tuple(c for c in own if c not in inside))
        below = [done[c.id] for c in own]
        own_mentions = mentions.get(criterion.id, [])
        done[criterion.id] = _compile(record.text, family, own_mentions, below, governed)
    return replace(record, criteria=tuple(done[c.id] for c in record.criteria))


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
) -> Criterion:
    criterion = family.criterion
    phrases = [(span, kind) for area in family.areas for span, kind in judgements(text, *area)]
    phrases = _beside(phrases, mentions)
    repeated = [
        *_repeated(text, mentions),
        *_carriers(text, mentions),
        *_bare_variables(mentions),
        *(_item_names(text, mentions) if family.items else []),
    ]
    kin = _kin(mentions)
    repeated += [m for m, other in kin if other.experiencer == "family"]
    aside = {m.id for m in (*repeated, *(m for m, _ in kin))}
    firm = [m for m in mentions if m.id not in aside]
    leaves = _leaves(criterion.start, firm, phrases)
    parsed = _parse_areas(text, family, leaves)
    rule = _with_children(text, family, parsed)
    in_rule = [*_in_rule(rule, mentions), *repeated]
    spans = [span for span, _ in phrases]
    gaps = [
        *(Uncovered(a, b, kind) for (a, b), kind in phrases),
        *parsed.doubts,
        *missing_units(in_rule),
        *alternatives(text, in_rule),
        *_dangling(text, family),
        *uncovered(text, family.areas, in_rule, [*parsed.used, *governed, *spans]),
    ]
    gaps = _distinct(gaps)
    status = _status(rule, gaps, phrases, below)
    if status == "unparsed" and not gaps:
        gaps = [Uncovered(a, b, "not understood") for a, b in family.areas]
    if status == "unparsed" or (status == "non_computable" and not below):
        rule = None
    return replace(criterion, rule=rule, status=status, uncovered=tuple(gaps))


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
    """Return the "or" a top-level criterion ends with: its alternative is another criterion."""
    criterion = family.criterion
    cue = pattern("trailing_or").search(text, criterion.start, criterion.end)
    if cue is None or criterion.parent is not None or family.items or family.sentences:
        return []
    return [Uncovered(*cue.span(), "the next criterion is an alternative to this one")]


def _beside(phrases: list[tuple[Span, str]], mentions: Sequence[Mention]) -> list[tuple[Span, str]]:
    """Cut a phrase short where a mention with a value or window of its own begins."""
    out = []
    for (start, end), kind in phrases:
        firm = [m.start for m in mentions if start < m.start < end and (m.values or m.windows)]
        out.append(((start, min([end, *firm])), kind))
    return [(span, kind) for span, kind in out if span[0] < span[1]]


def _leaves(
    start: int, mentions: Sequence[Mention], phrases: Sequence[tuple[Span, str]]
) -> list[Leaf]:
    """Return what combines: mentions that are no guard, no short form and in no phrase."""
    guards = {m for mention in mentions for m in _guard_mentions(mention)}
    leaves = [Leaf(a, b, Unparsed(a, b, kind)) for (a, b), kind in phrases]
    pairs: dict[tuple[int, int], list[Mention]] = {}
    for m in mentions:
        inside = any(a <= m.start and m.end <= b for (a, b), _ in phrases)
        vague = bool(phrases) and is_vague(m)
        part = _is_target(m, mentions) or _is_sex_case(m, mentions)
        if m.id not in guards and not inside and not vague and not part:
            pairs.setdefault(_place(m, start), []).append(m)
    for place, group in pairs.items():
        node = _pair(group) if len(group) > 1 else Is(group[0].id)
        held = tuple(span for m in group for span in held_by(m))
        leaves.append(Leaf(*place, node, group[0], group[0].negation_cue, held))
    return sorted(leaves, key=lambda leaf: (leaf.start, leaf.end))


def _repeated(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions that only name another one again: "neutrophil count (ANC)".

    Of long and short form, the one that nothing belongs to is the repetition.
    """
    return [
        long if short.values or short.windows else short
        for long, short in pairwise(mentions)
        if _names_again(text, long, short)
        and long.label == short.label
        and not (long.values and short.values)
    ]


def _names_again(text: str, first: Mention, second: Mention) -> bool:
    """Tell whether two mentions name one thing: "X (Y)", or "performance status: ECOG 0-2"."""
    gap = text[first.end : second.start].strip()
    if gap in {"(", "["}:
        return text[second.end : second.end + 1] in {")", "]"}
    return gap == ":" and bool(second.values) and not first.values


def _carriers(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions that only carry the next one: "treatment" in "treatment with X"."""
    return [
        carrier
        for carrier, carried in pairwise(mentions)
        if carried.label in {"DRUG", "PROCEDURE"}
        and not carrier.values
        and pattern("carrier").fullmatch(carrier.text)
        and pattern("carrier_link").match(text[carrier.end : carried.start])
        and len(text[carrier.end : carried.start]) < 40
    ]


def _kin(mentions: Sequence[Mention]) -> list[tuple[Mention, Mention]]:
    """Return the mentions that only say whose another one is, and it.

    "Family history of X" names them before, "X in mother or sister" after.
    """
    before = [(a, b) for a, b in pairwise(mentions) if pattern("kin").fullmatch(a.text)]
    after = [
        (b, a)
        for a, b in pairwise(mentions)
        if a.experiencer == "family" and pattern("kin").fullmatch(b.text)
    ]
    return [*before, *after]


def _place(mention: Mention, start: int) -> Span:
    """Return where a mention stands in a criterion that begins at `start`.

    One that a heading names ("Age:" over "18 and over") stands where its value does.
    """
    if mention.end > start:
        return mention.start, mention.end
    values = [value for value in mention.values if value.start >= start]
    return (values[0].start, values[0].end) if values else (start, start + 1)


def _is_target(mention: Mention, mentions: Sequence[Mention]) -> bool:
    """Tell whether a mention only qualifies another one ("allergy to penicillin")."""
    return any(
        q.start <= mention.start and mention.end <= q.end
        for other in mentions
        if other is not mention
        for q in other.qualifiers
    )


def _item_names(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return a lead-in's words for its items: "agents" in "any of the following agents:"."""
    named = pattern("items_named")
    return [m for m in mentions if named.search(text[max(0, m.start - 40) : m.start])]


def _bare_variables(mentions: Sequence[Mention]) -> list[Mention]:
    """Return the names of demographic variables beside their value: "Sex" in "Sex: female"."""
    bare = [m for m in mentions if m.text.lower() in {"sex", "gender"} and not m.values]
    return bare if len(bare) < len(mentions) else []


def _is_sex_case(mention: Mention, mentions: Sequence[Mention]) -> bool:
    """Tell whether "men" names the case of a bound ("≥ 13 (men)"), no condition of its own."""
    return mention.label == "PERSON" and any(
        isinstance(v.guard, SexGuard) and -40 < mention.start - v.end < 25 and not mention.values
        for other in mentions
        for v in other.values
    )


def is_vague(mention: Mention) -> bool:
    """Tell whether a mention names no condition of its own ("any other serious illness")."""
    generic = lexicon("coverage").pattern("generic").fullmatch(mention.text)
    return generic is not None and not mention.values


def _guard_mentions(mention: Mention) -> list[str]:
    rules = [v.guard.rule for v in mention.values if isinstance(v.guard, RuleGuard)]
    return [leaf.mention for rule in rules for leaf in walk(rule) if isinstance(leaf, Is)]


def _pair(group: Sequence[Mention]) -> Rule:
    """Return the node of mentions on the same characters: a blood pressure's two components."""
    above = any(v.low is not None and v.high is None for m in group for v in m.values)
    make = AnyOf if above else AllOf
    return make(tuple(Is(m.id) for m in group))


def _parse_areas(text: str, family: _Family, leaves: Sequence[Leaf]) -> Parsed:
    """Parse each stretch of own text; join the stretches as the section joins sentences."""
    out = Parsed(None)
    rules = []
    for start, end in family.areas:
        inside = [leaf for leaf in leaves if start <= leaf.start and leaf.end <= end]
        part = parse(text, start, end, inside, family.criterion.section)
        out.used += part.used
        out.doubts += part.doubts
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
        return AnyOf((own, *below))
    items = _list_rule(text, tail_start, criterion, below, parsed)
    return items if own is None else AllOf((own, items))


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
    return AnyOf(below) if kind == "any" else AllOf(below)


def _in_rule(rule: Rule | None, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions the rule holds, those of its guards too."""
    if rule is None:
        return []
    ids = {node.mention for node in walk(rule) if isinstance(node, Is)}
    ids |= {g for m in mentions if m.id in ids for g in _guard_mentions(m)}
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
