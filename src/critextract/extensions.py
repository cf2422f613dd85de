"""The only file that calls ``set_extension``.

spaCy serialises extension values, so the plain form is stored (``*_data``, lists of tuples and
dicts that survive JSON) and the data classes are exposed by a getter. `put` writes, the getter
reads; nothing else touches ``*_data``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spacy.tokens import Doc

from critextract.components.drafts import (
    Candidate,
    ContextEdge,
    QualifierCandidate,
    Quantity,
    TimeExpression,
)
from critextract.schema import (
    Label,
    mention_from_dict,
    plain,
    value_from_dict,
    window_from_dict,
)


def _quantity(data: dict[str, Any]) -> Quantity:
    value = value_from_dict(data["value"])
    assert value is not None
    subject = data["subject"]
    span = None if subject is None else tuple(subject)
    return Quantity(value, data["kind"], span, data.get("component"))


def _time(data: dict[str, Any]) -> TimeExpression:
    return TimeExpression(window_from_dict(data["window"]), data["period"])


def _candidate(data: dict[str, Any]) -> Candidate:
    return Candidate(**{**data, "label": Label(data["label"])})


_READERS: dict[str, Any] = {
    "candidates": _candidate,
    "qualifiers": lambda data: QualifierCandidate(**data),
    "quantities": _quantity,
    "times": _time,
    "loose_times": _time,
    "edges": lambda data: ContextEdge(**data),
    "mentions": mention_from_dict,
}
"""Name under ``doc._.critextract_<name>`` and how one item is read back."""


def put(doc: Doc, name: str, items: Sequence[Any]) -> None:
    """Store a stage's findings as ``doc._.critextract_<name>``."""
    doc._.set(f"critextract_{name}_data", [plain(item) for item in items])


def _getter(name: str) -> Any:
    read = _READERS[name]
    return lambda doc: tuple(read(item) for item in doc._.get(f"critextract_{name}_data") or ())


for _name in _READERS:
    if not Doc.has_extension(f"critextract_{_name}"):
        Doc.set_extension(f"critextract_{_name}_data", default=None)
        Doc.set_extension(f"critextract_{_name}", getter=_getter(_name))
