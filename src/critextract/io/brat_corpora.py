"""Documents in Chia's and LCT's dialects as records: what the schema holds of them.

Every type that is a mention label here becomes a mention; values, windows, qualifiers, negation,
modality, experiencer, period, counts and doses become parts of the mentions they are linked to.
The corpora state no rules: every `rule` is null and `status` says only what Chia's flags say.
`CANNOT_HOLD` lists what stays behind in the `BratDocument`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from critextract.io.brat_dialects import FLAGS, NOT_COMPUTABLE, is_lct, kind_of
from critextract.io.brat_numbers import (
    DIRECTIONS,
    annotated,
    bounds,
    period_of,
    time_unit,
    value_fields,
)
from critextract.io.line_criteria import Lines, line_criteria
from critextract.io.standoff import BratDocument, Entity, characters
from critextract.schema import (
    Criterion,
    Direction,
    Experiencer,
    Label,
    Mention,
    Modality,
    Qualifier,
    QualifierKind,
    Record,
    Uncovered,
    Value,
    Window,
    WindowRole,
)

CANNOT_HOLD = (
    "annotations of types without a label of ours (Reference_point, Multiplier, Mood, Scope, "
    "Assertion and Negation cues of nothing, Study, Location, Allergy, ...)",
    "relations between mentions (AND, OR, Subsumes, Has_index, Has_mood, Or, Caused-By, ...): the "
    "corpora state no rules, so rule is null",
    "values, times and qualifiers that no mention is linked to",
    "numbers of Chia's values and times: its annotation is their characters alone",
)
"""What a record cannot hold of Chia and LCT."""

Change = Callable[[Mention], Mention]

MODALITIES: dict[str, Modality] = {
    "hypothetical": "hypothetical",
    "possible": "uncertain",
    "intention": "planned",
}
POLARITIES = {"high": "elevated", "low": "low"}
QUALIFIERS: dict[str, QualifierKind] = {
    "Severity": "severity",
    "Acuteness": "acuteness",
    "Stability": "stability",
    "Specimen": "specimen",
}
ROLES: dict[str, WindowRole] = {"Temporality": "recency", "Duration": "duration"}
RELATIVE: dict[str, Direction] = {"Before": "before", "After": "after", "During": "during"}
REFERENCES = (
    ("screen", "screening"),
    ("enrol", "enrollment"),
    ("randomi", "randomization"),
    ("consent", "consent"),
    ("baseline", "baseline"),
)
"""Words of a Study annotation to the reference point they name; otherwise ``study``."""


def corpus_record(document: BratDocument) -> Record:
    """Return the record of a document in Chia's or LCT's dialect (told by its types)."""
    lct = is_lct(document)
    owners = [
        (entity, Label(kind))
        for entity in document.entities.values()
        if (kind := kind_of(document, entity, lct=lct)) in set(Label)
    ]
    owners.sort(key=lambda pair: (pair[0].start, pair[0].end))
    lines = line_criteria(document.name, document.text, [e.start for e, _ in owners])
    found = {
        entity.id: _mention(f"m{n}", entity, label, document.text, lines)
        for n, (entity, label) in enumerate(owners, 1)
    }
    names = {key: mention.id for key, mention in found.items()}
    changes = _lct_changes(document, names) if lct else _chia_changes(document)
    for key, change in changes:
        if key in found:
            found[key] = change(found[key])
    criteria = _with_flags(document, lines, {mention.criterion for mention in found.values()})
    return Record(
        document.name,
        document.text,
        headings=lines.headings,
        criteria=criteria,
        mentions=tuple(found.values()),
    )


def _mention(name: str, entity: Entity, label: Label, text: str, lines: Lines) -> Mention:
    fragments = tuple(sorted(entity.fragments)) if len(entity.fragments) > 1 else None
    return Mention(
        name,
        lines.at(entity.start),
        label,
        entity.start,
        entity.end,
        characters(text, fragments) if fragments else text[entity.start : entity.end],
        fragments,
    )


def _with_flags(document: BratDocument, lines: Lines, used: set[str]) -> tuple[Criterion, ...]:
    """Return the criteria with Chia's flags as uncovered parts."""
    flags: dict[str, list[Entity]] = {}
    for entity in document.entities.values():
        if entity.type in FLAGS and lines.criteria:
            flags.setdefault(lines.at(entity.start), []).append(entity)
    return tuple(
        replace(
            criterion,
            status="non_computable"
            if criterion.id not in used and {f.type for f in own} & NOT_COMPUTABLE
            else "unparsed",
            uncovered=tuple(Uncovered(f.start, f.end, f.type) for f in own),
        )
        if (own := flags.get(criterion.id))
        else criterion
        for criterion in lines.criteria
    )


# --- parts of a mention -----------------------------------------------------------------------


def _add(name: str, part: Any) -> Change:
    """Return the change that appends a part to a field, once."""

    def change(mention: Mention) -> Mention:
        there = getattr(mention, name)
        fields: dict[str, Any] = {name: (*there, part)}
        return mention if part in there else replace(mention, **fields)

    return change


def _set(**fields: Any) -> Change:
    return lambda mention: replace(mention, **fields)


def _negate(cue: Entity) -> Change:
    return _set(negated=True, negation_cue=(cue.start, cue.end))


def _qualifier(entity: Entity, kind: QualifierKind) -> Change:
    return _add("qualifiers", Qualifier(kind, entity.text, entity.start, entity.end))


def _chia_changes(document: BratDocument) -> Iterator[tuple[str, Change]]:
    """Yield (mention's annotation, change) of each of Chia's relations."""
    for kind, subject, part in document.links:
        match kind.lower(), part.type:
            case "has_value", "Value":
                words = None if any(c.isdigit() for c in part.text) else part.text
                yield subject.id, _add("values", Value(part.start, part.end, text_value=words))
            case "has_temporal", "Temporal":
                yield subject.id, _add("windows", Window(part.start, part.end))
            case "has_qualifier", "Qualifier":
                yield subject.id, _qualifier(part, "other")
            case "has_negation", "Negation":
                yield subject.id, _negate(part)


def _lct_changes(document: BratDocument, names: dict[str, str]) -> Iterator[tuple[str, Change]]:
    """Yield (mention's annotation, change) of each of LCT's event arguments."""
    named = {part.id: owner.id for role, owner, part in document.links if role == "Name"}
    for role, owner, part in document.links:
        if role in QUALIFIERS:
            yield owner.id, _qualifier(part, QUALIFIERS[role])
        elif role == "Modifies":
            yield named.get(part.id, part.id), _qualifier(owner, "other")
        elif role == "Polarity":
            yield from _polarity(document, owner, part)
        elif role == "Negates":
            yield part.id, _negate(owner)
        elif role == "Asserted":
            said = annotated(document, [owner], "Assertion-Type-Value")
            if said in MODALITIES:
                yield part.id, _set(modality=MODALITIES[said])
        elif role == "Has" and owner.type == "Family-Member":
            yield part.id, _set(experiencer=_experiencer(document, owner))
        elif part.type == "Eq-Comparison":
            yield from _comparison(document, role, owner, part, names)


def _experiencer(document: BratDocument, member: Entity) -> Experiencer:
    said = annotated(document, [member], "Family-Member-Type")
    return "patient" if said == "patient" else "family"


def _polarity(document: BratDocument, owner: Entity, part: Entity) -> Iterator[tuple[str, Change]]:
    said = annotated(document, [part], "Polarity-Value")
    if said:
        word = POLARITIES.get(said, said)
        yield owner.id, _add("values", Value(part.start, part.end, text_value=word))


def _comparison(
    document: BratDocument, role: str, owner: Entity, part: Entity, names: dict[str, str]
) -> Iterator[tuple[str, Change]]:
    place = (part.start, part.end)
    match role:
        case "Numeric-Filter" | "Stage":
            fields = value_fields(document, part)
            if owner.type == "Age":
                fields.setdefault("unit", "a")
            yield owner.id, _add("values", Value(*place, **fields))
        case "Minimum-Count":
            yield owner.id, _set(count=Value(*place, **value_fields(document, part)))
        case "Dose":
            yield owner.id, _set(dose=Value(*place, **value_fields(document, part)))
        case "Temporality" | "Duration":
            yield owner.id, _add("windows", _window(document, part, ROLES[role], names))
            period = period_of(document, part)
            if role == "Temporality" and period in ("past", "present", "future"):
                yield owner.id, _set(period=period)


def _window(
    document: BratDocument, part: Entity, role: WindowRole, names: dict[str, str]
) -> Window:
    unit = time_unit(document, part)
    limits = bounds(document, part) if unit else {}
    limits.pop("set", None)
    direction = DIRECTIONS.get(period_of(document, part) or "")
    reference: str | None = None
    for kind, first, second in document.links:
        if first.id == part.id and kind in RELATIVE:
            direction, reference = RELATIVE[kind], _reference(second, names)
    return Window(
        part.start,
        part.end,
        role,
        **limits,
        unit=unit,
        direction=direction,
        reference_point=reference,
    )


def _reference(entity: Entity, names: dict[str, str]) -> str | None:
    if entity.type != "Study":
        return names.get(entity.id)
    words = entity.text.lower()
    return next((point for start, point in REFERENCES if start in words), "study")
