"""Kleene's logic over findings: what decides is kept, and what would settle the rest.

An ``all`` is false by its false arguments alone; what would settle an unknown is what its unknown
arguments need.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, Finding, Reason, Truth, flip

HOLDS = Finding(TRUE)


def gather(truth: Truth, findings: Iterable[Finding]) -> Finding:
    """Return a finding of this truth that those of `findings` decide, each reason once."""
    because: dict[Reason, None] = {}
    needs: dict[str, None] = {}
    for finding in findings:
        because.update(dict.fromkeys(finding.because))
        needs.update(dict.fromkeys(finding.needs))
    return Finding(truth, tuple(because), () if truth != UNKNOWN else tuple(needs))


def _of(findings: Iterable[Finding], truth: Truth) -> list[Finding]:
    return [finding for finding in findings if finding.truth == truth]


def all_of(findings: Sequence[Finding]) -> Finding:
    """Return false if any is false, else unknown if any is unknown, else true."""
    for truth in (FALSE, UNKNOWN):
        found = _of(findings, truth)
        if found:
            return gather(truth, found)
    return gather(TRUE, findings)


def any_of(findings: Sequence[Finding]) -> Finding:
    """Return true if any is true, else unknown if any is unknown, else false."""
    for truth in (TRUE, UNKNOWN):
        found = _of(findings, truth)
        if found:
            return gather(truth, found)
    return gather(FALSE, findings)


def not_(finding: Finding) -> Finding:
    """Return the opposite; unknown stays unknown."""
    return Finding(flip(finding.truth), finding.because, finding.needs)


def not_one(findings: Sequence[Finding]) -> Finding:
    """Return the opposite of the one finding there is."""
    (finding,) = findings
    return not_(finding)


def at_least(n: int, findings: Sequence[Finding]) -> Finding:
    """Return true if `n` are true, false if so many are false that `n` cannot be, else unknown."""
    true, unknown = _of(findings, TRUE), _of(findings, UNKNOWN)
    if len(true) >= n:
        return gather(TRUE, true)
    if len(true) + len(unknown) < n:
        return gather(FALSE, _of(findings, FALSE))
    return gather(UNKNOWN, unknown)


def if_then(condition: Finding, then: Finding, otherwise: Finding = HOLDS) -> Finding:
    """Return the branch the condition chooses; unknown chooses both, and both must agree."""
    if condition.truth == TRUE:
        return gather(then.truth, (condition, then))
    if condition.truth == FALSE:
        return gather(otherwise.truth, (condition, otherwise))
    if then.truth == otherwise.truth != UNKNOWN:
        return gather(then.truth, (then, otherwise))
    return gather(UNKNOWN, (condition, *_of((then, otherwise), UNKNOWN)))


def first_case(cases: Sequence[tuple[Finding, Finding]], otherwise: Finding) -> Finding:
    """Return the finding of the first case whose guard holds, `otherwise` if none does.

    A guard that is unknown may or may not hold: the cases that may still apply must agree.
    """
    found = otherwise
    for guard, case in reversed(cases):
        found = if_then(guard, case, found)
    return found
