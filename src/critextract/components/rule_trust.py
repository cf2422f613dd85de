"""How likely a rule that holds all of its text is right; what is not sure enough is not ``exact``.

That a rule holds all of its criterion's text does not say that it holds it as it is meant. How
often that is so, readers told on real trials (``annotations/judged.tsv``): the more names and
alternatives a text joins, the rarer. `critextract.learn.trust` learns what each feature weighs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from critextract.changes import doubted, replace, with_partial_parents
from critextract.components.weights import RULES_FILE, load_weights, probability
from critextract.rules import Rule, children
from critextract.schema import IN_DOUBT, Criterion, Mention, Record, Uncovered

LEAST_SURE = 0.75
"""Under this a rule is partial and all of its text named as in doubt. Of what readers judged, one
rule in 45 is under it, and of these every third was wrong; of the others one in twenty-one."""
WORDS = (
    "or", "and", "of", "for", "with", "within", "current", "not", "no", "other", "defined", "if",
    "such", "including", "from", "prior",
)  # fmt: skip
"""Words of the text that are features by themselves."""
SIGNS = ":-;("
LENGTHS = (4, 8, 12, 20, 30)
"""Words of the text from which on it is another one."""
LEAST = (0.4, 0.6, 0.75)
"""Confidences of the least sure mention under which it is another one."""
_WORD = re.compile(r"[^\W\d_]+")


def with_confidence(record: Record) -> Record:
    """Return the record with the probability of each exact rule to be right.

    Rules that are less sure than `LEAST_SURE` are partial, and so is what has one for a child.
    """
    weights = load_weights("exact", RULES_FILE)
    own: dict[str, list[Mention]] = {criterion.id: [] for criterion in record.criteria}
    for mention in record.mentions:
        own[mention.criterion].append(mention)
    weighed = tuple(
        _weighed(c, probability(weights, rule_features(c, own[c.id]))) if c.status == "exact" else c
        for c in record.criteria
    )
    return with_partial_parents(replace(record, criteria=weighed))


def _weighed(criterion: Criterion, chance: float) -> Criterion:
    sure = replace(criterion, confidence=round(chance, 3))
    if chance >= LEAST_SURE:
        return sure
    return doubted(sure, Uncovered(criterion.start, criterion.end, IN_DOUBT))


def rule_features(criterion: Criterion, mentions: Sequence[Mention]) -> list[str]:
    """Return the names of the features of a criterion and its own mentions that hold."""
    lowered = criterion.text.lower()
    length, present = len(lowered.split()), set(_WORD.findall(lowered))
    nodes = list(_nodes(criterion.rule)) if criterion.rule else []
    least = min((mention.confidence for mention in mentions), default=1.0)
    return [
        *(f"words >= {step}" for step in LENGTHS if length >= step),
        *(f"word {word}" for word in WORDS if word in present),
        *(f"sign {sign}" for sign in SIGNS if sign in lowered),
        *sorted({str(mention.label) for mention in mentions}),
        *sorted({f"node {node.op}" for node, _ in nodes}),
        *(f"mention < {step}" for step in LEAST if least < step),
        *_shares("time", [bool(mention.windows) for mention in mentions]),
        *_shares("period", [mention.period is not None for mention in mentions]),
        *_shares("qualifier", [bool(mention.qualifiers) for mention in mentions]),
        *_shares("negation", [mention.negated for mention in mentions]),
        *(["nested"] if any(depth > 1 for _, depth in nodes) else []),
        *(["two times"] if any(len(mention.windows) > 1 for mention in mentions) else []),
        *(["two qualifiers"] if any(len(mention.qualifiers) > 1 for mention in mentions) else []),
        *(["not actual"] if any(mention.modality != "actual" for mention in mentions) else []),
        *(["value"] if any(mention.values for mention in mentions) else []),
        *(["child"] if criterion.parent else []),
        criterion.section,
    ]


def _shares(name: str, said: Sequence[bool]) -> list[str]:
    """Return what tells whether all mentions have something, some, or none."""
    if not any(said):
        return []
    return [name] if all(said) else [f"{name} of some"]


def _nodes(rule: Rule, depth: int = 0) -> Iterator[tuple[Rule, int]]:
    yield rule, depth
    for child in children(rule):
        yield from _nodes(child, depth + 1)
