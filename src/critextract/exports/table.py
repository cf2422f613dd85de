"""Record to rows: one row a mention and value.

Holds each mention's words, attributes, one value and its windows. Left out: the rule tree (only
each criterion's `status` is there), qualifiers, counts, doses and fragments. A mention without a
value has one row with empty value columns; several windows stand in one row, joined by ``; ``;
`set` and `guard` are JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from critextract.schema import Mention, Record, Value, Window, plain

COLUMNS = {
    "trial": "VARCHAR", "criterion": "VARCHAR", "section": "VARCHAR", "label": "VARCHAR",
    "text": "VARCHAR", "start": "BIGINT", "end": "BIGINT", "negated": "BOOLEAN",
    "modality": "VARCHAR", "period": "VARCHAR", "concept_system": "VARCHAR",
    "concept_code": "VARCHAR", "low": "VARCHAR", "low_closed": "BOOLEAN", "high": "VARCHAR",
    "high_closed": "BOOLEAN", "set": "VARCHAR", "text_value": "VARCHAR", "unit": "VARCHAR",
    "relative_to": "VARCHAR", "guard": "VARCHAR", "window_role": "VARCHAR",
    "window_low": "VARCHAR", "window_high": "VARCHAR", "window_unit": "VARCHAR",
    "window_direction": "VARCHAR", "reference_point": "VARCHAR", "status": "VARCHAR",
    "confidence": "DOUBLE",
}  # fmt: skip
"""Column and its SQL type, in order. Bounds are decimal strings, as in the record."""

_VALUE_FIELDS = (
    "low", "low_closed", "high", "high_closed", "text_value", "unit", "relative_to",
)  # fmt: skip
_WINDOW_FIELDS = {
    "window_role": "role", "window_low": "low", "window_high": "high", "window_unit": "unit",
    "window_direction": "direction", "reference_point": "reference_point",
}  # fmt: skip


def to_rows(record: Record) -> Iterator[dict[str, Any]]:
    """Yield one row, keys as in `COLUMNS`, for each mention and value."""
    criteria = {criterion.id: criterion for criterion in record.criteria}
    for mention in record.mentions:
        criterion = criteria.get(mention.criterion)
        shared = {
            "trial": record.id,
            "section": criterion.section if criterion else None,
            "status": criterion.status if criterion else None,
            **_mention_cells(mention),
            **_window_cells(mention.windows),
        }
        for value in mention.values or (None,):
            row = shared | _value_cells(value)
            yield {name: row[name] for name in COLUMNS}


def _mention_cells(mention: Mention) -> dict[str, Any]:
    names = ("criterion", "text", "start", "end", "negated", "modality", "period", "confidence")
    return {
        **{name: getattr(mention, name) for name in names},
        "label": str(mention.label),
        "concept_system": mention.concept.system if mention.concept else None,
        "concept_code": mention.concept.code if mention.concept else None,
    }


def _value_cells(value: Value | None) -> dict[str, Any]:
    if value is None:
        return dict.fromkeys((*_VALUE_FIELDS, "set", "guard"))
    return {
        **{name: plain(getattr(value, name)) for name in _VALUE_FIELDS},
        "set": _json(value.set),
        "guard": _json(value.guard),
    }


def _window_cells(windows: tuple[Window, ...]) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for name, field in _WINDOW_FIELDS.items():
        found = [plain(getattr(window, field)) for window in windows]
        said = any(item is not None for item in found)
        cells[name] = "; ".join(item or "" for item in found) if said else None
    return cells


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(plain(value), ensure_ascii=False)
