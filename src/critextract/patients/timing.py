"""When an event was, in three values: a day may be known to the month only, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from critextract.patients.calendar import Span
from critextract.patients.model import Event
from critextract.patients.verdicts import FALSE, TRUE, UNKNOWN, Truth


def conjunction(truths: Iterable[Truth]) -> Truth:
    """Return false if any is false, else unknown if any is unknown, else true."""
    found = set(truths)
    return FALSE if FALSE in found else UNKNOWN if UNKNOWN in found else TRUE


def disjunction(truths: Iterable[Truth]) -> Truth:
    """Return true if any is true, else unknown if any is unknown, else false."""
    found = set(truths)
    return TRUE if TRUE in found else UNKNOWN if UNKNOWN in found else FALSE


def start_of(event: Event) -> Span | None:
    """Return the days an event can have started on, None where no day is recorded."""
    return None if event.start is None else Span(event.start, event.start_last or event.start)


def end_of(event: Event) -> Span | None:
    """Return the days an event can have ended on, None where it is still going on."""
    return None if event.end is None else Span(event.end, event.end_last or event.end)


def _not_after(days: Span, day: date) -> Truth:
    return TRUE if days.last <= day else FALSE if days.first > day else UNKNOWN


def _not_before(days: Span, day: date) -> Truth:
    return TRUE if days.first >= day else FALSE if days.last < day else UNKNOWN


def lies_in(days: Span | None, span: Span) -> Truth:
    """Return whether a day, known to lie within `days`, lies in a span; unknown without a day."""
    if days is None:
        return UNKNOWN
    return conjunction((_not_before(days, span.first), _not_after(days, span.last)))


def started_by(event: Event, day: date) -> Truth:
    """Return whether an event had started on a day; one without a day is recorded, so it had."""
    start = start_of(event)
    return TRUE if start is None else _not_after(start, day)


def started_before(event: Event, day: date) -> Truth:
    """Return whether an event started before a day; one without a day did."""
    start = start_of(event)
    return TRUE if start is None else _not_after(start, day - date.resolution)


def going_on(event: Event, day: date) -> Truth:
    """Return whether an event was going on on a day: started, and not ended before it."""
    end = end_of(event)
    ended = TRUE if end is None else _not_before(end, day)
    return conjunction((started_by(event, day), ended))


def overlaps(event: Event, span: Span) -> Truth:
    """Return whether an event was going on on any day of a span; unknown where it has no start."""
    if span.first > span.last:
        return FALSE
    start, end = start_of(event), end_of(event)
    not_ended = TRUE if end is None else _not_before(end, span.first)
    started = UNKNOWN if start is None else _not_after(start, span.last)
    return conjunction((started, not_ended))
