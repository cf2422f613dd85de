"""The only file that calls ``set_extension``.

A stage's findings are data classes under ``doc._.critextract_<name>_data``: `put` writes them, the
getter ``doc._.critextract_<name>`` reads them, nothing else touches them. Where spaCy serialises a
Doc (``to_bytes``, several processes) they are written in their plain form, dicts that survive
JSON; of a Doc read back the getter makes data classes of them again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import srsly  # type: ignore[import-untyped]
from spacy.tokens import Doc

from critextract.components.drafts import (
    Candidate,
    ContextEdge,
    Drawn,
    QualifierCandidate,
    Quantity,
    TimeExpression,
)
from critextract.schema import (
    Label,
    Mention,
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
    "drawn": lambda data: Drawn(**data),
}
"""Name under ``doc._.critextract_<name>`` and how one item is read back."""


_FINDINGS = (Candidate, ContextEdge, Drawn, Mention, QualifierCandidate, Quantity, TimeExpression)


def put(doc: Doc, name: str, items: Sequence[Any]) -> None:
    """Store a stage's findings as ``doc._.critextract_<name>``."""
    doc._.set(f"critextract_{name}_data", tuple(items))


def _getter(name: str) -> Any:
    read, key = _READERS[name], f"critextract_{name}_data"

    def get(doc: Doc) -> tuple[Any, ...]:
        stored = doc._.get(key)
        if isinstance(stored, list):  # as msgpack reads it back
            return tuple(read(item) for item in stored)
        return stored or ()

    return get


def _packed(item: Any, chain: Any = None) -> Any:
    """Return the plain form of a finding; `chain` is the encoder of what is none."""
    if isinstance(item, _FINDINGS):
        return plain(item)
    return item if chain is None else chain(item)


srsly.msgpack_encoders.register("critextract", func=_packed)

for _name in _READERS:
    if not Doc.has_extension(f"critextract_{_name}"):
        Doc.set_extension(f"critextract_{_name}_data", default=None)
        Doc.set_extension(f"critextract_{_name}", getter=_getter(_name))
