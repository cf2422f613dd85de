"""A verdict for people: what it is, what decided it, and what would settle the rest.

Pure: returns rich renderables and prints nothing. One patient takes one screen: criteria that do
not pass come first, then the unknown ones; those that pass are counted and named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.rule import Rule as Line
from rich.text import Text

from critextract.indented import Indented
from critextract.intervals import number_text
from critextract.patients.model import Event, Patient, day_text
from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, CriterionVerdict, Reason, Verdict
from critextract.schema import Record
from critextract.units import unit_words

SCREEN = 40
"""Lines a patient may take, long reasons counted as one."""

REASONS = 4
"""Reasons of a criterion that are shown."""

_STYLES = {"eligible": "bold green", "ineligible": "bold red", "unknown": "bold yellow"}
_SIGNS = {FALSE: ("✗", "red"), UNKNOWN: ("?", "yellow"), TRUE: ("✓", "green"), None: ("·", "dim")}


def render_verdict(verdict: Verdict, patient: Patient, record: Record) -> RenderableType:
    """Return why one patient may or may not enter one trial, on one screen."""
    title = Text.assemble(
        f"{patient.id} · {verdict.trial}: ", (verdict.verdict, _STYLES[verdict.verdict])
    )
    texts = {criterion.id: criterion.text for criterion in record.criteria}
    parts: list[RenderableType] = [Line(title)]
    told = 0
    shown = [c for truth in (FALSE, UNKNOWN) for c in verdict.criteria if c.passes == truth]
    for place, criterion in enumerate(shown):
        lines = list(_criterion(criterion, texts.get(criterion.id, ""), patient))
        if told + len(lines) > SCREEN - 4:
            rest = len(shown) - place
            parts.append(Text(f"… and {rest} more that do not pass or are unknown", "dim"))
            break
        parts += lines
        told += len(lines)
    parts += _rest(verdict.criteria)
    return Group(*parts)


def _rest(criteria: Sequence[CriterionVerdict]) -> Iterator[RenderableType]:
    """Yield one line of the criteria that pass, and one of those that decide nothing."""
    for truth, words in ((TRUE, "pass"), (None, "decide nothing")):
        ids = [criterion.id for criterion in criteria if criterion.passes == truth]
        if ids:
            sign, style = _SIGNS[truth]
            yield Text(f"{sign} {len(ids)} {words}: {', '.join(ids)}", style, overflow="ellipsis",
                       no_wrap=True)  # fmt: skip


def _criterion(
    criterion: CriterionVerdict, text: str, patient: Patient
) -> Iterator[RenderableType]:
    sign, style = _SIGNS[criterion.passes]
    head = Text(no_wrap=True, overflow="ellipsis")
    head.append(f"{sign} {criterion.id} ", style)
    head.append(f"({criterion.section}, {said_of(criterion)}) ", "dim")
    head.append(" ".join(text.split()))
    yield head
    for reason in criterion.because[:REASONS]:
        yield Indented(Text(reason_words(reason, patient)), 4)
    if len(criterion.because) > REASONS:
        yield Indented(Text(f"… and {len(criterion.because) - REASONS} more", "dim"), 4)
    if criterion.needs:
        yield Indented(Text(f"needs: {'; '.join(criterion.needs)}", "yellow"), 4)


def said_of(criterion: CriterionVerdict) -> str:
    """Return "holds", "does not hold" or "unknown"."""
    return {TRUE: "holds", FALSE: "does not hold", UNKNOWN: "unknown"}[criterion.holds]


def reason_words(reason: Reason, patient: Patient) -> str:
    """Return a reason in one line: the criterion's words, the event, how they met, and why."""
    words = f"“{reason.text}”" if reason.text else ""
    if reason.event is not None:
        met = f", met by {reason.by}" if reason.by and reason.by != "name" else ""
        words += f" ← {event_words(patient.events[reason.event])}{met}"
    return f"{words}: {reason.why}" if reason.why else words


def event_words(event: Event) -> str:
    """Return an event in words: "platelet count 90 10*9/L on 2024-05-25"."""
    said = [event.name]
    if event.value is not None:
        value = event.value if isinstance(event.value, str) else number_text(event.value)
        said.append(f"{event.comparator or ''}{value}")
        said += filter(None, [unit_words(event.unit)])
    start, end = day_text(event.start, event.start_last), day_text(event.end, event.end_last)
    if start is None and end is None:
        said.append("(no day)")
    elif end is not None:
        said.append(f"from {start} to {end}" if end != start else f"on {start}")
    else:
        point = event.domain in ("measurement", "procedure")
        said.append(f"on {start}" if point else f"since {start}")
    return " ".join(said)
