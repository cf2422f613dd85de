"""A record as regions and links: the common form of what annotation tools show and edit.

A `Region` is a labelled range (a mention, or a part of one, a criterion, a heading), a `Link` joins
two. What an annotator chooses from a list is an attribute; the rest of the fields are `slots`, a
JSON object. `critextract.io.layers` turns records into them and back and loses nothing: brat, Label
Studio, UIMA CAS and DocBin are each one way to write a `Layer` down.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, get_args

from critextract import schema
from critextract.io.standoff import Fragmented, Fragments
from critextract.schema import Criterion, Label

LABELS = tuple(str(label) for label in Label)
PARTS: dict[str, str] = {
    "Value": "Has_value",
    "Window": "Has_window",
    "Qualifier": "Has_qualifier",
    "Negation": "Has_negation",
    "Count": "Has_count",
    "Dose": "Has_dose",
}
"""Types of the parts of a mention, and the link that leads to each."""

TYPES = (*LABELS, *PARTS, "Criterion", "Heading", "Uncovered")
LINKS = (*PARTS.values(), "Has_uncovered", "Has_child")

ENDS: dict[str, tuple[tuple[str, ...], str]] = {
    **{link: (LABELS, kind) for kind, link in PARTS.items()},
    "Has_uncovered": (("Criterion",), "Uncovered"),
    "Has_child": (("Criterion",), "Criterion"),
}
"""Of a link, the types it may come from and the type it leads to."""

ATTRIBUTES: dict[str, dict[str, tuple[str, ...]]] = {
    "mention": {
        "Negated": ("true",),
        "Modality": get_args(schema.Modality),
        "Experiencer": get_args(schema.Experiencer),
        "Period": get_args(schema.Period),
        "Component": ("systolic", "diastolic"),
        "Values_op": get_args(schema.Join),
        "Windows_op": get_args(schema.Join),
    },
    "Window": {"Role": get_args(schema.WindowRole), "Direction": get_args(schema.Direction)},
    "Value": {"Relative_to": get_args(schema.RelativeTo)},
    "Qualifier": {"Kind": get_args(schema.QualifierKind)},
    "Criterion": {"Section": get_args(schema.Section), "Status": get_args(schema.Status)},
    "Heading": {"Section": get_args(schema.Section)},
}
"""Of a type (``mention``: any label), its attributes and their values, as a tool offers them."""


@dataclass(frozen=True, slots=True)
class Region(Fragmented):
    """A labelled range; `fragments` in the record's order, more than one where discontinuous.

    split : the fragments are the mention's own; else one range that a tool may have cut at line
        ends.
    """

    type: str
    fragments: Fragments
    attributes: dict[str, str] = field(default_factory=dict)
    slots: dict[str, Any] = field(default_factory=dict)
    split: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A typed pair of positions in `Layer.regions`."""

    type: str
    source: int
    target: int


@dataclass(frozen=True, slots=True)
class Layer:
    """A document as a tool holds it; `about` are the fields of the record as a whole."""

    name: str
    text: str
    regions: tuple[Region, ...] = ()
    links: tuple[Link, ...] = ()
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LayerFault:
    """What is wrong with a region (its position), or with a link (None)."""

    region: int | None
    message: str


def attributes_of(kind: str) -> dict[str, tuple[str, ...]]:
    """Return the attributes a region of a type may have, with their values."""
    return ATTRIBUTES.get("mention" if kind in LABELS else kind, {})


class Innermost:
    """The criterion a range belongs to where none is named."""

    def __init__(self, criteria: Iterable[Criterion]) -> None:
        self._criteria = sorted(criteria, key=lambda c: (c.start, -c.end))
        self._starts = [criterion.start for criterion in self._criteria]

    def of(self, start: int, end: int) -> str | None:
        """Return the id of the shortest criterion around a range; of the last before it else."""
        before = self._criteria[: bisect_right(self._starts, start)]
        around = [c for c in before if c.end >= end]
        if around:
            return min(around, key=lambda c: (c.end - c.start, -c.start)).id
        nearest = before[-1:] or self._criteria[:1]
        return nearest[0].id if nearest else None
