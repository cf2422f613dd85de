"""What the check answers: truth in three values, with its reasons and what would settle it."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from critextract.schema import Section

Truth = Literal["true", "false", "unknown"]

TRUE: Truth = "true"
FALSE: Truth = "false"
UNKNOWN: Truth = "unknown"

Answer = Literal["eligible", "ineligible", "unknown"]


class Reason(NamedTuple):
    """A leaf that decided: the mention, the event it was decided by, the criterion's characters.

    event : place in `Patient.events`, None where it is what is not recorded that decides.
    why : in words; by : what mention and event met by ("code", "synonym" ...), "" without event.
    """

    mention: str | None
    event: int | None
    text: str
    why: str = ""
    by: str = ""


class Finding(NamedTuple):
    """Truth of a part of a rule, what decided it, and the facts that would settle it."""

    truth: Truth
    because: tuple[Reason, ...] = ()
    needs: tuple[str, ...] = ()


class KeptFinding(Finding):
    """A finding that lives as long as its rule, so that its identity tells it from others.

    What is not recorded makes the same finding for every patient; what follows from such findings
    alone is made once.
    """

    __slots__ = ()


class CriterionVerdict(NamedTuple):
    """Truth of what a criterion says (`holds`), and after its section (`passes`)."""

    id: str
    section: Section
    holds: Truth
    passes: Truth | None
    because: tuple[Reason, ...] = ()
    needs: tuple[str, ...] = ()


class Verdict(NamedTuple):
    """Whether a patient may enter a trial, and why."""

    patient: str
    trial: str
    verdict: Answer
    criteria: tuple[CriterionVerdict, ...]


_FLIPPED: dict[Truth, Truth] = {TRUE: FALSE, FALSE: TRUE, UNKNOWN: UNKNOWN}


def flip(truth: Truth) -> Truth:
    """Return the truth of the opposite; unknown stays unknown."""
    return _FLIPPED[truth]


def passes_of(section: Section, holds: Truth) -> Truth | None:
    """Return what a truth means for entry: none of an exclusion may hold; `other` decides none."""
    if section == "other":
        return None
    return holds if section == "inclusion" else _FLIPPED[holds]


def answer_of(criteria: tuple[CriterionVerdict, ...]) -> Answer:
    """Return ``ineligible`` if any criterion does not pass, else ``unknown`` if any is unknown."""
    passes = [criterion.passes for criterion in criteria]
    if FALSE in passes:
        return "ineligible"
    return "unknown" if UNKNOWN in passes else "eligible"


def verdict_to_dict(verdict: Verdict) -> dict[str, Any]:
    """Return the JSON form of a verdict."""
    return {
        "patient": verdict.patient,
        "trial": verdict.trial,
        "verdict": verdict.verdict,
        "criteria": [
            {
                "id": c.id,
                "section": c.section,
                "holds": c.holds,
                "passes": c.passes,
                "because": [reason._asdict() for reason in c.because],
                "needs": list(c.needs),
            }
            for c in verdict.criteria
        ],
    }
