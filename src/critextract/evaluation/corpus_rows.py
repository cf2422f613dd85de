"""The rows that both a corpus's annotations and a record can hold, and a record's own.

Chia and LCT annotate less than a record holds, and differently. Releases are measured on the
rows below (`critextract.evaluation.corpora` scores them): thresholds, windows, negation, period,
entities and spans. What annotations say is read by `critextract.evaluation.annotation_rows`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from critextract.schema import Label, Mention, Record, Value, Window
from critextract.units import TIME_CODES, TIME_WORDS

Dialect = Literal["chia", "lct"]
Place = tuple[int, int]
Interval = tuple[Any, ...]
"""``("ge", 9.0)``, ``("between", 18.0, 65.0)``, ``("set", 1.0, 3.0)``; also le, gt, lt, eq."""

LCT_ENTITIES = frozenset({"Condition", "Drug", "Procedure", "Observation"})
CHIA_ENTITIES = {
    "Condition": "Condition",
    "Drug": "Drug",
    "Procedure": "Procedure",
    "Measurement": "Observation",
    "Observation": "Observation",
}
_RECORD_ENTITIES = {label.upper(): entity for label, entity in CHIA_ENTITIES.items()}
MENTION_TYPES = frozenset(label.capitalize() for label in Label)
SPAN_TYPES = MENTION_TYPES | {"Value", "Temporal", "Negation", "Qualifier"}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing a corpus task scores.

    subject : characters of the mention it is about; `place` those of the comparison or time.
    """

    type: str
    subject: Place
    text: str = ""
    interval: Interval | None = None
    unit: str | None = None
    place: Place | None = None
    place_text: str = ""
    period: str | None = None


@dataclass(frozen=True)
class Rows:
    """The rows of one document by task; `loose` are comparisons out of account."""

    text: str
    threshold: tuple[Row, ...] = ()
    window: tuple[Row, ...] = ()
    negation: tuple[Row, ...] = ()
    period: tuple[Row, ...] = ()
    entity: tuple[Row, ...] = ()
    spans: tuple[Row, ...] = ()
    loose: tuple[Place, ...] = field(default=())


def hull(fragments: Iterable[Place]) -> Place:
    """Return the characters from the first to the last of fragments."""
    kept = list(fragments)
    return min(start for start, _ in kept), max(end for _, end in kept)


def last_of(rows: Iterable[Row], *names: str) -> tuple[Row, ...]:
    """Return rows without those that equal a later one in the fields named."""
    return tuple({tuple(getattr(row, name) for name in names): row for row in rows}.values())


def interval_of(of: Value | Window) -> Interval | None:
    """Return the bounds of a value or window in the form of `Interval`; None without bounds.

    A window's lower bound of zero is none: "within 6 months" has no lower bound.
    """
    if isinstance(of, Value) and of.set:
        return ("set", *sorted(float(n) for n in of.set))
    low = None if of.low is None else float(of.low)
    high = None if of.high is None else float(of.high)
    if isinstance(of, Window) and low == 0:
        low = None
    if low is not None and high is not None:
        return ("eq", low) if low == high else ("between", low, high)
    if low is not None:
        return ("ge" if of.low_closed else "gt", low)
    if high is not None:
        return ("le" if of.high_closed else "lt", high)
    return None


def rows_of_record(record: Record) -> Rows:
    """Return the rows of a record."""
    threshold: list[Row] = []
    window: list[Row] = []
    for mention in record.mentions:
        place = (mention.start, mention.end)
        for value in mention.values:
            at = (value.start, value.end)
            subject = hull([place, at]) if mention.label == "PERSON" else place
            threshold.append(
                Row(str(mention.label), subject, mention.text, interval_of(value), value.unit, at)
            )
        for one in mention.windows:
            unit = TIME_WORDS.get(one.unit or "") if one.unit in TIME_CODES else None
            at = (one.start, one.end)
            window.append(Row(str(mention.label), place, mention.text, interval_of(one), unit, at))
    return Rows(
        record.text,
        last_of(threshold, "subject", "interval", "place"),
        tuple(window),
        last_of((_plain(m) for m in record.mentions if m.negated), "subject"),
        last_of((_plain(m) for m in record.mentions if m.period), "subject", "period"),
        last_of(
            (
                replace(_plain(m), type=_RECORD_ENTITIES[m.label], period=None)
                for m in record.mentions
                if m.label in _RECORD_ENTITIES
            ),
            "subject",
            "type",
        ),
        tuple(
            Row(kind, (start, end), record.text[start:end])
            for kind, start, end in sorted(set(_spans(record)))
        ),
    )


def _plain(mention: Mention) -> Row:
    place = (mention.start, mention.end)
    return Row(str(mention.label), place, mention.text, period=mention.period)


def _spans(record: Record) -> Iterator[tuple[str, int, int]]:
    for mention in record.mentions:
        if not mention.fragments:
            yield mention.label.capitalize(), mention.start, mention.end
        yield from (("Value", value.start, value.end) for value in mention.values)
        yield from (("Temporal", window.start, window.end) for window in mention.windows)
        yield from (("Qualifier", q.start, q.end) for q in mention.qualifiers)
        if mention.negation_cue:
            yield ("Negation", *mention.negation_cue)
