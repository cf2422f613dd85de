"""What Chia's and LCT's annotations say, in the rows of `critextract.evaluation.corpus_rows`.

Rows are read from the annotations as they stand, not from records made of them, so that nothing
depends on how far such a record could say what was annotated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

from critextract.evaluation.corpus_rows import (
    CHIA_ENTITIES,
    LCT_ENTITIES,
    SPAN_TYPES,
    Dialect,
    Interval,
    Place,
    Row,
    Rows,
    hull,
    last_of,
)
from critextract.evaluation.printed_numbers import number, numbers_in


class Annotated(Protocol):
    """A brat document: entities by id, relations, events and attributes as the file has them."""

    @property
    def text(self) -> str:
        """Text as stored."""

    @property
    def entities(self) -> Mapping[str, Any]:
        """Id -> entity with type, fragments, text."""

    @property
    def relations(self) -> Sequence[Any]:
        """Relations with type and args ((role, id), (role, id))."""

    @property
    def events(self) -> Sequence[Any]:
        """Events with id, type, trigger and args ((role, id) ...)."""

    @property
    def attributes(self) -> Sequence[Any]:
        """Attributes with name, target, value."""


def _widened(row: Row, kind: str) -> Row:
    """Return an age's row with its comparison as part of the subject."""
    return row if row.type != kind or not row.place else replace(
        row, subject=hull([row.subject, row.place])
    )  # fmt: skip


# --- Chia -------------------------------------------------------------------------------------

_CHIA_RELATIONS = {"has_value": "threshold", "has_negation": "negation", "has_temporal": "window"}


def rows_of_chia(document: Annotated) -> Rows:
    """Return the rows of a document of Chia."""
    found: dict[str, list[Row]] = {name: [] for name in _CHIA_RELATIONS.values()}
    for relation in document.relations:
        task = _CHIA_RELATIONS.get(relation.type.lower())
        head, tail = (document.entities.get(name) for _, name in relation.args)
        if task and head is not None and tail is not None:
            printed = min(numbers_in(tail.text), default=None)
            found[task].append(
                Row(
                    head.type,
                    hull(head.fragments),
                    head.text,
                    ("eq",) if printed is None else ("eq", printed),
                    place=hull(tail.fragments),
                    place_text=tail.text,
                )
            )
    entities = [
        (entity.type, entity.fragments, entity.text) for entity in document.entities.values()
    ]
    return Rows(
        document.text,
        tuple(_widened(r, "Person") for r in last_of(found["threshold"], "subject", "place")),
        last_of(found["window"], "subject", "place"),
        last_of(found["negation"], "subject"),
        (),
        last_of(
            (Row(CHIA_ENTITIES[t], hull(f), text) for t, f, text in entities if t in CHIA_ENTITIES),
            "subject",
            "type",
        ),
        last_of(
            (Row(t, f[0], text) for t, f, text in entities if t in SPAN_TYPES and len(f) == 1),
            "subject",
            "type",
        ),
    )


# --- LCT --------------------------------------------------------------------------------------

_LOOSE_ROLES = frozenset({"Minimum-Count", "Dose", "Class", "Min-Value", "Max-Value"})
_WITH_PERIOD = LCT_ENTITIES | {"Coreference", "Study", "Encounter"}
_POWER_OF_TEN = re.compile(r"\d\s*[x×*]\s*10")
_OPERATORS = {"LT": "lt", "LTEQ": "le", "GT": "gt", "GTEQ": "ge", "EQ": "eq", None: "eq"}


class _Comparison(NamedTuple):
    """An Eq-Comparison event: what its parts say."""

    place: Place
    text: str
    operator: str | None
    values: list[float | None]
    limit: bool
    time_unit: str | None
    period: str | None

    @property
    def interval(self) -> Interval | None:
        """Its bounds; None where it prints none, or one in a form that is not read."""
        if not self.values:
            return (_OPERATORS[self.operator], 1.0) if self.operator and self.limit else None
        if None in self.values or self.operator == "PLUS-MINUS":
            return None
        values = [value for value in self.values if value is not None]
        if self.operator == "BETWEEN" or (self.operator is None and len(values) == 2):
            return ("between", min(values), max(values)) if len(values) > 1 else None
        if len(values) > 2 or (self.operator in (None, "EQ") and len(values) > 1):
            return ("set", *sorted(values))
        return (_OPERATORS[self.operator], values[-1])


class _Lct:
    """One document of LCT with its events looked up."""

    def __init__(self, document: Annotated) -> None:
        self.document = document
        self.events = {event.id: event for event in document.events}
        self.attributes: dict[str, dict[str, str]] = {}
        for attribute in document.attributes:
            own = self.attributes.setdefault(attribute.target, {})
            own[attribute.name] = attribute.value

    def entity(self, name: str) -> Any:
        event = self.events.get(name)
        return self.document.entities.get(event.trigger if event else name)

    def place(self, name: str) -> Place:
        return hull(self.entity(name).fragments)

    def said(self, name: str) -> dict[str, str]:
        event = self.events.get(name)
        trigger = self.attributes.get(event.trigger, {}) if event else {}
        return {**trigger, **self.attributes.get(name, {})}

    def parts(self, name: str) -> Iterator[tuple[str, str]]:
        """Yield role (without its number) and id of an event's arguments that exist."""
        event = self.events.get(name)
        for role, target in event.args if event else ():
            if self.entity(target) is not None:
                yield re.sub(r"\d+$", "", role), target

    def comparison(self, name: str) -> _Comparison | None:
        entity = self.entity(name)
        if entity is None:
            return None
        operator = time_unit = period = None
        limit = False
        values: list[tuple[int, str]] = []
        for role, part in self.parts(name):
            said = self.said(part)
            if role == "Operator":
                operator = said.get("Eq-Operator-Value")
            elif role == "Value":
                values.append((self.place(part)[0], self.entity(part).text))
            elif role == "Temporal-Unit":
                time_unit = said.get("Eq-Temporal-Unit-Value")
            elif role == "Temporal-Period":
                period = said.get("Eq-Temporal-Period-Value")
            elif role == "Unit":
                limit = limit or bool(said.get("Eq-Unit-Value"))
        printed = [number(text) for _, text in sorted(values, key=lambda value: value[0])]
        if len(printed) == 2 and _POWER_OF_TEN.search(entity.text):
            printed = printed[:1]  # 100 x 10^9: the exponent is no bound
        place = hull(entity.fragments)
        return _Comparison(place, entity.text, operator, printed, limit, time_unit, period)


def _first_of(rows: Iterable[Row], *names: str) -> tuple[Row, ...]:
    """Return rows without those that equal an earlier one in the fields named."""
    kept: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        kept.setdefault(tuple(getattr(row, name) for name in names), row)
    return tuple(kept.values())


def rows_of_lct(document: Annotated) -> Rows:
    """Return the rows of a document of LCT."""
    lct = _Lct(document)
    found: dict[str, list[Row]] = {"threshold": [], "window": [], "period": [], "negation": []}
    for event in document.events:
        if lct.entity(event.id) is None:
            continue
        for role, part in lct.parts(event.id):
            for task, row in _event_rows(lct, event, role, part):
                found[task].append(row)
    entities = (
        Row(entity.type, hull(entity.fragments), entity.text)
        for entity in document.entities.values()
        if entity.type in LCT_ENTITIES
    )
    keys = ("subject", "interval", "period")
    return Rows(
        document.text,
        _first_of((_widened(row, "Age") for row in found["threshold"]), *keys),
        _first_of(found["window"], *keys, "unit"),
        _first_of(found["negation"], *keys),
        _first_of(found["period"], *keys),
        _first_of(entities, "type", "subject"),
        (),
        tuple(_loose(lct)),
    )


def _event_rows(lct: _Lct, event: Any, role: str, part: str) -> Iterator[tuple[str, Row]]:
    """Yield the rows, with their tasks, that one argument of an event gives."""
    entity = lct.entity(event.id)
    row = Row(event.type, hull(entity.fragments), entity.text)
    if event.type == "Negation" and role == "Negates":
        target = lct.entity(part)
        yield "negation", Row(target.type, hull(target.fragments), target.text)
        return
    compared = lct.comparison(part) if _is_comparison(lct, part) else None
    if compared is None:
        return
    row = replace(row, interval=compared.interval, place=compared.place, place_text=compared.text)
    if role in ("Numeric-Filter", "Stage") and row.interval:
        yield "threshold", row
    elif role in ("Temporality", "Duration"):
        if row.interval and compared.time_unit:
            yield "window", replace(row, unit=compared.time_unit)
        known = compared.period in ("past", "present", "future") and event.type in _WITH_PERIOD
        if role == "Temporality" and known:
            yield "period", replace(row, interval=None, period=compared.period)


def _is_comparison(lct: _Lct, name: str) -> bool:
    return name in lct.events and lct.events[name].type == "Eq-Comparison"


def _loose(lct: _Lct) -> Iterator[Place]:
    """Yield comparisons that are nobody's threshold or window, or were not read."""
    roles: dict[str, set[str]] = {}
    for event in lct.document.events:
        for role, part in event.args:
            roles.setdefault(part, set()).add(re.sub(r"\d+$", "", role))
    for event in lct.document.events:
        compared = lct.comparison(event.id) if event.type == "Eq-Comparison" else None
        if compared is None or not compared.values:
            continue
        if compared.interval is None or roles.get(event.id, set()) <= _LOOSE_ROLES:
            yield compared.place


def rows_of_annotations(document: Annotated, dialect: Dialect) -> Rows:
    """Return the rows of a brat document of one of the corpora."""
    return rows_of_lct(document) if dialect == "lct" else rows_of_chia(document)
