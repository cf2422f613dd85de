"""What must be true of every record beyond the form of its fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from critextract.denied import lost_denials
from critextract.rules import (
    AtLeast,
    Child,
    Except,
    If,
    Is,
    Not,
    Rule,
    Unparsed,
    children,
    walk,
)
from critextract.schema import Criterion, Mention, Record, RuleGuard, Value


def record_faults(record: Record) -> Iterator[str]:
    """Yield one line for each invariant the record breaks, with the id of the part."""
    for kind, ids in (
        ("criterion", [c.id for c in record.criteria]),
        ("mention", [m.id for m in record.mentions]),
    ):
        repeated = [name for name, count in Counter(ids).items() if count > 1]
        yield from (f"{kind} {name}: the id is there {ids.count(name)} times" for name in repeated)
    for heading in record.headings:
        yield from _outside("heading", record.text, [(heading.start, heading.end)])
    for criterion in record.criteria:
        yield from _criterion_faults(record, criterion)
    for mention in record.mentions:
        yield from _mention_faults(record, mention)
    yield from _negation_faults(record)


def _outside(name: str, text: str, spans: Iterable[tuple[int, int]]) -> Iterator[str]:
    for start, end in spans:
        if not 0 <= start < end <= len(text):
            yield f"{name}: [{start}, {end}) is no range of the text's {len(text)} characters"


def _text_fault(name: str, found: str, expected: str) -> Iterator[str]:
    if found != expected:
        yield f"{name}: text is {found!r:.60}, its characters are {expected!r:.60}"


# --- criteria and their rules -----------------------------------------------------------------


def _criterion_faults(record: Record, criterion: Criterion) -> Iterator[str]:
    name = f"criterion {criterion.id}"
    spans = [(criterion.start, criterion.end), *((u.start, u.end) for u in criterion.uncovered)]
    yield from _outside(name, record.text, spans)
    yield from _text_fault(name, criterion.text, record.text[criterion.start : criterion.end])
    if criterion.parent is not None and criterion.parent not in {c.id for c in record.criteria}:
        yield f"{name}: its parent {criterion.parent} does not exist"
    yield from _status_faults(criterion, name)
    if criterion.rule is not None:
        yield from _rule_faults(record, criterion.rule, name)


def _status_faults(criterion: Criterion, name: str) -> Iterator[str]:
    rule = criterion.rule
    if rule is None:
        if criterion.status in ("exact", "partial"):
            yield f"{name}: {criterion.status} without a rule"
    elif criterion.status == "exact" and (
        criterion.uncovered or any(isinstance(node, Unparsed) for node in walk(rule))
    ):
        yield f"{name}: exact, but a part of its text is not in its rule"


def _rule_faults(record: Record, rule: Rule, name: str) -> Iterator[str]:
    mentions = {mention.id for mention in record.mentions}
    criteria = {criterion.id for criterion in record.criteria}
    for node in walk(rule):
        match node:
            case Is(mention) if mention not in mentions:
                yield f"{name}: its rule names mention {mention}, which does not exist"
            case Child(child) if child not in criteria:
                yield f"{name}: its rule names criterion {child}, which does not exist"
            case Unparsed(start, end, _):
                yield from _outside(name, record.text, [(start, end)])
        if (wanted := _wanted_args(node)) and len(children(node)) not in wanted:
            yield f"{name}: {node.op} with {len(children(node))} arguments"


def _wanted_args(node: Rule) -> range | None:
    """Return how many arguments a node may have; None where any number may be."""
    match node:
        case Not():
            return range(1, 2)
        case If():
            return range(2, 4)
        case Except():
            return range(2, 1_000_000)
        case AtLeast(n, _):
            return range(n, 1_000_000)
    return None


# --- mentions ---------------------------------------------------------------------------------


def _mention_faults(record: Record, mention: Mention) -> Iterator[str]:
    name = f"mention {mention.id}"
    yield from _outside(name, record.text, _spans(mention))
    pieces = [record.text[start:end] for start, end in mention.fragments or ()]
    hull = record.text[mention.start : mention.end]
    yield from _text_fault(
        name, mention.text, " ".join(pieces) if pieces and mention.text != hull else hull
    )
    if pieces and mention.fragments:
        ends = (min(s for s, _ in mention.fragments), max(e for _, e in mention.fragments))
        if ends != (mention.start, mention.end):
            yield f"{name}: its fragments span {list(ends)}, not its start and end"
    if mention.criterion not in {criterion.id for criterion in record.criteria}:
        yield f"{name}: its criterion {mention.criterion} does not exist"
    if mention.negation_cue and not mention.negated:
        yield f"{name}: has a negation cue and is not negated"
    if not 0 <= mention.confidence <= 1:
        yield f"{name}: confidence {mention.confidence} is not within 0 and 1"
    for value in mention.values:
        yield from _value_faults(record, value, name)


def _spans(mention: Mention) -> Iterator[tuple[int, int]]:
    yield mention.start, mention.end
    yield from mention.fragments or ()
    if mention.negation_cue:
        yield mention.negation_cue
    parts = (*mention.values, *mention.windows, *mention.qualifiers, mention.count, mention.dose)
    yield from ((part.start, part.end) for part in parts if part is not None)


def _value_faults(record: Record, value: Value, name: str) -> Iterator[str]:
    for bound, closed, side in (
        (value.low, value.low_closed, "low"),
        (value.high, value.high_closed, "high"),
    ):
        if (bound is None) != (closed is None):
            yield f"{name}: {side} is {bound} and {side}_closed is {closed}"
    if value.low is not None and value.high is not None and value.low > value.high:
        yield f"{name}: low {value.low} is above high {value.high}"
    if isinstance(value.guard, RuleGuard):
        yield from _rule_faults(record, value.guard.rule, f"{name}, guard")


# --- negation ---------------------------------------------------------------------------------


def _negation_faults(record: Record) -> Iterator[str]:
    """Yield negated mentions of rules that no `not` stands over, there or above; not exceptions."""
    for criterion, mention in lost_denials(record):
        yield f"criterion {criterion.id}: mention {mention} is negated and no not stands over it"
