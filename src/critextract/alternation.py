"""Criteria side by side of which the text says that either will do.

"Creatinine ≤ 1.5 mg/dL OR" above "Creatinine clearance ≥ 60 mL/min": each of the two asks for
both in one `any`. Where one of them is not wholly read, or where the "or" may close a longer list,
neither is exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from critextract.linking import pattern
from critextract.rules import AllOf, AnyOf, If, Is, Rule, walk
from critextract.schema import Criterion, Record, Uncovered

NEXT = "the next criterion is an alternative to this one"
_BEFORE = "the criterion before it is an alternative to this one"
_LISTED = re.compile(r"[;,]\s*$")
_SEX = re.compile(r"(?:fe)?males?\b|(?:wo)?m[ae]n\b|girls|boys", re.IGNORECASE)


def with_alternatives(record: Record) -> Record:
    """Return the compiled record; top-level criteria that "or" joins hold each other's rules."""
    changed: dict[str, Criterion] = {}
    for before, run in _runs(record):
        whole = _joined(record, run) if _is_closed(record.text, before, run) else None
        for n, criterion in enumerate(run):
            changed[criterion.id] = (
                _doubted(criterion) if whole is None and n else whole[n] if whole else criterion
            )
    if not changed:
        return record
    return replace(record, criteria=tuple(changed.get(c.id, c) for c in record.criteria))


def _runs(record: Record) -> Iterator[tuple[Criterion | None, list[Criterion]]]:
    """Yield the criteria that "or" joins, with the one before them.

    What excludes is told apart anyway: each of them excludes.
    """
    parents = {c.parent for c in record.criteria}
    top = [c for c in record.criteria if c.parent is None]
    run: list[Criterion] = []
    before: Criterion | None = None
    for last, criterion in zip([None, *top], [*top, None], strict=False):
        if last and criterion and _continues(record, last, criterion, parents):
            run = run or [last]
            run.append(criterion)
            continue
        if run:
            yield before, run
        run, before = [], last
    if run:
        yield before, run


def _continues(
    record: Record, first: Criterion, second: Criterion, parents: set[str | None]
) -> bool:
    """Tell whether the second criterion is the alternative that the first one ends with."""
    same = (first.section, first.group) == (second.section, second.group)
    between = any(first.end <= h.start < second.start for h in record.headings)
    if not same or between or first.section == "exclusion" or first.id in parents:
        return False
    return pattern("trailing_or").search(record.text, first.start, first.end) is not None


def _is_closed(text: str, before: Criterion | None, run: Sequence[Criterion]) -> bool:
    """Tell whether the criteria are all that the "or" joins.

    It may close a list: "A; B; or" above C. Without list marks the lines may be one sentence.
    """
    marked = all(text[text.rfind("\n", 0, c.start) + 1 : c.start].strip() for c in run)
    loud = re.search(r"\bOR[\s,;:.]*$", text[run[0].start : run[0].end]) is not None
    listed = before is not None and _LISTED.search(text[before.start : before.end]) is not None
    return marked and (loud or not listed)


def _joined(record: Record, run: Sequence[Criterion]) -> list[Criterion] | None:
    """Return the criteria with the rule of all of them, None where one is not wholly read."""
    gaps = [[u for u in c.uncovered if u.reason != NEXT] for c in run]
    rules = [rule for c in run if (rule := _alternative(record, c.rule)) is not None]
    if any(gaps) or len(rules) < len(run) or run[-1].status != "exact":
        return None
    either = AnyOf(tuple(rules))
    return [replace(c, rule=either, status="exact", uncovered=()) for c in run]


def _alternative(record: Record, rule: Rule | None) -> Rule | None:
    """Return what is asked as one of several: of "A if B, OR" both, for who is not B has no A.

    None where the case is one sex, of which the other is asked nothing.
    """
    if not isinstance(rule, If) or len(rule.args) != 2:
        return rule
    named = {leaf.mention for leaf in walk(rule.args[0]) if isinstance(leaf, Is)}
    if any(m.id in named and _SEX.match(m.text) for m in record.mentions if m.label == "PERSON"):
        return None
    return AllOf(rule.args)


def _doubted(criterion: Criterion) -> Criterion:
    """Return a criterion, its alternative not read with it, as no more than partial."""
    gap = Uncovered(criterion.start, criterion.end, _BEFORE)
    status = "partial" if criterion.status == "exact" else criterion.status
    return replace(criterion, status=status, uncovered=(*criterion.uncovered, gap))
