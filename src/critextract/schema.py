"""The data classes at the centre: `Record`, `Criterion`, `Mention` and what they are made of.

Standard library only. Offsets are half-open ``[start, end)`` in Unicode code points of
`Record.text`, the source's eligibility text before any clean-up. Bounds are `Decimal`, written as
decimal strings in JSON. Units are UCUM codes. The fields are those of the published record.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from typing import Any, Literal

from critextract.errors import SchemaError, SpanError
from critextract.rules import Is, Rule, rule_from_dict, rule_to_dict, walk

RECORD_SCHEMA = "critextract/record/1"


class Label(StrEnum):
    """What a mention is."""

    CONDITION = "CONDITION"
    DRUG = "DRUG"
    PROCEDURE = "PROCEDURE"
    MEASUREMENT = "MEASUREMENT"
    OBSERVATION = "OBSERVATION"
    PERSON = "PERSON"
    DEVICE = "DEVICE"
    VISIT = "VISIT"


Section = Literal["inclusion", "exclusion", "other"]
Status = Literal["exact", "partial", "non_computable", "unparsed"]
Modality = Literal["actual", "hypothetical", "uncertain", "planned"]
Experiencer = Literal["patient", "family", "other"]
Period = Literal["past", "present", "future"]
RelativeTo = Literal["ULN", "LLN", "baseline", "predicted", "normal_mean"]
WindowRole = Literal["recency", "duration", "age"]
Direction = Literal["before", "after", "during"]
QualifierKind = Literal["severity", "stage", "acuteness", "site", "stability", "specimen", "other"]
Join = Literal["all", "any"]


@dataclass(frozen=True, slots=True, order=True)
class CharSpan:
    """Half-open character range ``[start, end)`` of `Record.text`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise SpanError(f"span needs 0 <= start < end, got [{self.start}, {self.end})")

    def overlaps(self, other: CharSpan) -> bool:
        """Tell whether both ranges hold a common character; adjacent ranges do not."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class SexGuard:
    """The case applies to patients of one sex."""

    sex: Literal["male", "female"]


@dataclass(frozen=True, slots=True)
class RuleGuard:
    """The case applies where `rule` holds."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class Otherwise:
    """The case applies when no other case does."""


Guard = SexGuard | RuleGuard | Otherwise


@dataclass(frozen=True, slots=True)
class Value:
    """Allowed values of a mention: an interval, a set of numbers, or words.

    `low` and `high` are None where the interval is open-ended, and so is their closedness. With
    `relative_to` the bound is a multiple of that limit and `unit` is None, or ``%`` where a
    percentage is printed. `start`, `end` run from the comparator to the unit or limit.
    """

    start: int
    end: int
    low: Decimal | None = None
    low_closed: bool | None = None
    high: Decimal | None = None
    high_closed: bool | None = None
    set: tuple[Decimal, ...] | None = None
    text_value: str | None = None
    unit: str | None = None
    unit_text: str | None = None
    relative_to: RelativeTo | None = None
    alternative: Value | None = None
    guard: Guard | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """An interval of time and its direction from a reference point.

    `unit` is one of ``s min h d wk mo a`` or ``{half_life} {cycle} {visit}``; all bounds are None
    for a time expression without a number ("history of").
    """

    start: int
    end: int
    role: WindowRole = "recency"
    low: Decimal | None = None
    low_closed: bool | None = None
    high: Decimal | None = None
    high_closed: bool | None = None
    unit: str | None = None
    direction: Direction | None = None
    reference_point: str | None = None


@dataclass(frozen=True, slots=True)
class Qualifier:
    """Words that narrow a mention: severity, stage, acuteness, site, stability, specimen."""

    kind: QualifierKind
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Concept:
    """The vocabulary entry a mention refers to; `score` in 0..1."""

    system: str
    code: str
    display: str
    score: float


@dataclass(frozen=True, slots=True)
class Mention:
    """A labelled span of a criterion and everything the text says about it."""

    id: str
    criterion: str
    label: Label
    start: int
    end: int
    text: str
    fragments: tuple[tuple[int, int], ...] | None = None
    negated: bool = False
    negation_cue: tuple[int, int] | None = None
    modality: Modality = "actual"
    experiencer: Experiencer = "patient"
    period: Period | None = None
    qualifiers: tuple[Qualifier, ...] = ()
    concept: Concept | None = None
    component: Literal["systolic", "diastolic"] | None = None
    values: tuple[Value, ...] = ()
    values_op: Join = "all"
    windows: tuple[Window, ...] = ()
    windows_op: Join = "all"
    count: Value | None = None
    dose: Value | None = None
    confidence: float = 1.0


def guard_mentions(mention: Mention) -> list[str]:
    """Return the ids of the mentions in the guards of a mention's values."""
    rules = [v.guard.rule for v in mention.values if isinstance(v.guard, RuleGuard)]
    return [leaf.mention for rule in rules for leaf in walk(rule) if isinstance(leaf, Is)]


IN_DOUBT = "the reading may be wrong"


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Characters that bear meaning and are not in the rule, with the reason.

    With the reason `IN_DOUBT` they are in the rule, but too often misread in texts like this one.
    """

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Heading:
    """Characters taken as a heading, the section it opens, the arm or cohort it names."""

    start: int
    end: int
    section: Section
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """The smallest bullet or sentence that states a condition, its rule and its coverage.

    confidence : probability that a rule that holds all of its text is right, by readers' judgement
        on real trials; where it is low the criterion is ``partial``. None for rules that do not
        hold all of it, and where nobody has measured.
    """

    id: str
    section: Section
    group: str | None
    start: int
    end: int
    text: str
    parent: str | None = None
    rule: Rule | None = None
    status: Status = "unparsed"
    uncovered: tuple[Uncovered, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class AgeLimit:
    """A registry age limit; `unit` is a UCUM time unit."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Demographics:
    """The registry's own fields beside the free text; None where the source has none."""

    sex: Literal["male", "female", "all"] | None = None
    min_age: AgeLimit | None = None
    max_age: AgeLimit | None = None
    healthy_volunteers: bool | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made a record: program and model versions, hash of the configuration."""

    program: str
    model: str
    config: str


@dataclass(frozen=True, slots=True)
class Record:
    """One document: its text, criteria and mentions."""

    id: str
    text: str
    demographics: Demographics | None = None
    headings: tuple[Heading, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    mentions: tuple[Mention, ...] = ()
    problems: tuple[str, ...] = ()
    made_by: Provenance | None = None

    @property
    def text_sha256(self) -> str:
        """SHA-256 of the text's UTF-8, in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


# --- JSON -------------------------------------------------------------------------------------


def _decimal_text(number: Decimal) -> str:
    return format(number, "f")


def _guard_to_dict(guard: Guard | None) -> dict[str, Any] | None:
    match guard:
        case SexGuard(sex):
            return {"sex": sex}
        case RuleGuard(rule):
            return {"rule": rule_to_dict(rule)}
        case Otherwise():
            return {"otherwise": True}
    return None


def _guard_from_dict(data: Any) -> Guard | None:
    match data:
        case None:
            return None
        case {"sex": "male" | "female" as sex}:
            return SexGuard(sex)
        case {"rule": rule}:
            return RuleGuard(rule_from_dict(rule))
        case {"otherwise": True}:
            return Otherwise()
    raise SchemaError(f"guard needs sex, rule or otherwise; found {data!r:.80}")


@cache
def _field_names(cls: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


def plain(value: Any) -> Any:
    """Return the JSON form of any field of the data classes above."""
    if value is None or type(value) in (str, int, bool, float):  # most are: asked first, for speed
        return value
    match value:
        case Decimal():
            return _decimal_text(value)
        case tuple():
            return [plain(item) for item in value]
        case SexGuard() | RuleGuard() | Otherwise():
            return _guard_to_dict(value)
        case StrEnum():
            return str(value)
    if hasattr(value, "op"):
        return rule_to_dict(value)
    kind: Any = type(value)
    return {name: plain(getattr(value, name)) for name in _field_names(kind)}


def to_dict(record: Record) -> dict[str, Any]:
    """Return the JSON form of a record, in the published order of fields."""
    body = plain(record)
    return {
        "schema": RECORD_SCHEMA,
        "id": body.pop("id"),
        "text": body.pop("text"),
        "text_sha256": record.text_sha256,
        **body,
    }


def _decimal(data: Any) -> Decimal | None:
    if data is None:
        return None
    try:
        number = Decimal(str(data))
    except InvalidOperation:
        raise SchemaError(f"bound needs a decimal string, found {data!r:.40}") from None
    if not number.is_finite():
        raise SchemaError(f"bound needs a finite number, found {data!r:.40}")
    return number


def _known(cls: type, data: Any) -> dict[str, Any]:
    """Return the fields of `cls` that `data` has; unknown ones are later additions, left out."""
    if not isinstance(data, dict):
        raise SchemaError(f"{cls.__name__.lower()} needs an object, found {data!r:.60}")
    names = _field_names(cls)
    return {key: value for key, value in data.items() if key in names}


def value_from_dict(data: Any) -> Value | None:
    """Return the value object a JSON form describes, None for null."""
    if data is None:
        return None
    known = _known(Value, data)
    for key in ("low", "high"):
        known[key] = _decimal(known.get(key))
    if known.get("set") is not None:
        known["set"] = tuple(number for x in known["set"] if (number := _decimal(x)) is not None)
    known["alternative"] = value_from_dict(known.get("alternative"))
    known["guard"] = _guard_from_dict(known.get("guard"))
    return Value(**known)


def window_from_dict(data: Any) -> Window:
    """Return the window a JSON form describes."""
    known = _known(Window, data)
    return Window(
        **{**known, "low": _decimal(known.get("low")), "high": _decimal(known.get("high"))}
    )


def _pairs(data: Any) -> tuple[tuple[int, int], ...] | None:
    return None if data is None else tuple((int(a), int(b)) for a, b in data)


def mention_from_dict(data: Any) -> Mention:
    """Return the mention a JSON form describes."""
    known = _known(Mention, data)
    known["label"] = Label(known["label"])
    known["fragments"] = _pairs(known.get("fragments"))
    cue = known.get("negation_cue")
    known["negation_cue"] = None if cue is None else (int(cue[0]), int(cue[1]))
    known["qualifiers"] = tuple(
        Qualifier(**_known(Qualifier, q)) for q in known.get("qualifiers") or ()
    )
    known["concept"] = Concept(**known["concept"]) if known.get("concept") else None
    known["values"] = tuple(
        v for x in known.get("values") or () if (v := value_from_dict(x)) is not None
    )
    known["windows"] = tuple(window_from_dict(w) for w in known.get("windows") or ())
    known["count"] = value_from_dict(known.get("count"))
    known["dose"] = value_from_dict(known.get("dose"))
    return Mention(**known)


def criterion_from_dict(data: Any) -> Criterion:
    """Return the criterion a JSON form describes."""
    known = _known(Criterion, data)
    rule = known.get("rule")
    known["rule"] = None if rule is None else rule_from_dict(rule)
    known["uncovered"] = tuple(
        Uncovered(**_known(Uncovered, u)) for u in known.get("uncovered") or ()
    )
    return Criterion(**known)


def _age_limit(data: Any) -> AgeLimit | None:
    number = _decimal(data["value"]) if data else None
    return None if number is None else AgeLimit(number, data["unit"])


def _demographics_from_dict(data: Any) -> Demographics | None:
    if data is None:
        return None
    known = _known(Demographics, data)
    for key in ("min_age", "max_age"):
        known[key] = _age_limit(known.get(key))
    return Demographics(**known)


def from_dict(data: Any) -> Record:
    """Return the record a JSON form describes.

    Raises
    ------
    SchemaError : a field is missing or of the wrong form; unknown fields are left out.
    """
    known = _known(Record, data)
    try:
        known["demographics"] = _demographics_from_dict(known.get("demographics"))
        known["headings"] = tuple(
            Heading(**_known(Heading, h)) for h in known.get("headings") or ()
        )
        known["criteria"] = tuple(criterion_from_dict(c) for c in known.get("criteria") or ())
        known["mentions"] = tuple(mention_from_dict(m) for m in known.get("mentions") or ())
        known["problems"] = tuple(known.get("problems") or ())
        made_by = known.get("made_by")
        known["made_by"] = Provenance(**_known(Provenance, made_by)) if made_by else None
        return Record(**known)
    except (TypeError, ValueError, KeyError) as error:
        raise SchemaError(f"record {data.get('id')!r}: {error}") from None
