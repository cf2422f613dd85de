"""What the stages hand to each other: findings in one criterion's clean text, not yet related.

All offsets are half-open characters of the clean text (see `critextract.text`), which is also the
`Doc`'s text. `pipeline.to_record` moves them to the original text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from critextract.schema import Experiencer, Label, Modality, Period, QualifierKind, Value, Window

QuantityKind = Literal["comparison", "bare", "word", "age"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value before it belongs to a mention.

    kind : ``comparison`` a comparator, unit, limit of normal or range with a unit is printed;
        ``bare`` a number, range or list alone ("0-1", "II"), a value only next to a scale;
        ``word`` positive, negative, normal, elevated …; ``age`` the words say age
        ("aged 18-75", "18 years or older", "over the age of 65").
    subject : the age word's characters ("aged", "years old"), for kind ``age``, else None.
    component : the side of a blood pressure pair ("160/100"), which is two quantities on the
        same characters, systolic first; else None.
    """

    value: Value
    kind: QuantityKind
    subject: tuple[int, int] | None = None
    component: Literal["systolic", "diastolic"] | None = None


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A window before it belongs to a mention, and the period its words say, if any."""

    window: Window
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mention before anything is attached to it.

    source : ``model`` or ``lexicon``; concept codes come with the lexicon's `term`.
    term : id of the lexicon entry, None for the model's own.
    """

    label: Label
    start: int
    end: int
    source: Literal["model", "lexicon"]
    term: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class QualifierCandidate:
    """Qualifying words before they belong to a mention."""

    kind: QualifierKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ContextEdge:
    """What a cue says about one candidate (by its index in the list of candidates)."""

    candidate: int
    start: int
    end: int
    negated: bool = False
    modality: Modality | None = None
    experiencer: Experiencer | None = None


class _Placed(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Drawn:
    """Words as the annotators of a corpus mark them.

    label : ``TEMPORAL``, ``VALUE``, ``NEGATION`` or ``QUALIFIER``.
    """

    label: str
    start: int
    end: int

    def meets(self, other: _Placed) -> bool:
        """Tell whether a character is shared."""
        return self.start < other.end and other.start < self.end
