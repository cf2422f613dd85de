"""The published forms as JSON Schema, and the check of files against them.

The schema of a record is made from the data classes of `critextract.schema`, so the two cannot
drift apart. What a schema cannot say (characters that match the text, ids that exist, negation
under a `not`) is in `critextract.io.invariants`. pydantic is imported here only.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from pathlib import Path
from types import UnionType
from typing import (
    Annotated,
    Any,
    ForwardRef,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import BaseModel, ConfigDict, Discriminator, Field, ValidationError, create_model

from critextract import rules, schema
from critextract.errors import InputError, SchemaError, reason
from critextract.io.invariants import record_faults

DecimalText = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

KINDS = ("record", "patient", "verdict")
TABLES = (".csv", ".tsv", ".parquet")
NODES = get_args(rules.Rule)
PARTS = (
    schema.RuleGuard, schema.SexGuard, schema.Value, schema.Window, schema.Qualifier,
    schema.Concept, schema.Mention, schema.Uncovered, schema.Heading, schema.Criterion,
    schema.AgeLimit, schema.Demographics, schema.Provenance, schema.Record,
)  # fmt: skip


ADDED = {(schema.Criterion, "confidence")}
"""Fields of this program that the records of others may lack."""


class _Open(BaseModel):
    """An object that later versions may add fields to."""

    model_config = ConfigDict(strict=True, extra="allow")


class _Closed(BaseModel):
    """An object whose fields tell it apart: none other is allowed."""

    model_config = ConfigDict(strict=True, extra="forbid")


class OtherwiseGuard(_Closed):
    """The case applies when no other case does."""

    otherwise: Literal[True]


PartialDay = Annotated[str, Field(pattern=r"^[0-9]{4}(-(0[1-9]|1[0-2]))?$|^[0-9-]{10}/[0-9-]{10}$")]
"""A day of which the year or the month is known, or the first and the last day it can be."""


class PatientEvent(_Open):
    """Something recorded about a patient; `end` null: still going on."""

    domain: Literal["condition", "drug", "procedure", "measurement", "observation"]
    name: str
    code: str | None = None
    start: date | PartialDay | None = None
    end: date | PartialDay | None = None
    value: float | str | None = None
    unit: str | None = None
    ref_low: float | None = None
    ref_high: float | None = None


class Patient(_Open):
    """One patient: sex, birth, reference dates and events."""

    id: str
    sex: Literal["male", "female"] | None = None
    birth_date: date | PartialDay | None = None
    dates: dict[str, date] = {}
    events: list[PatientEvent] = []


class Reason(_Open):
    """What decided a criterion: a mention, the event it met, and the words."""

    mention: str | None
    event: Any
    text: str


class CriterionVerdict(_Open):
    """Truth of what a criterion says, and after its section."""

    id: str
    section: Literal["inclusion", "exclusion", "other"]
    holds: Literal["true", "false", "unknown"]
    passes: Literal["true", "false", "unknown"] | None
    because: list[Reason]
    needs: list[Any]


class Verdict(_Open):
    """Whether a patient may enter a trial."""

    patient: str
    trial: str
    verdict: Literal["eligible", "ineligible", "unknown"]
    criteria: list[CriterionVerdict]


def json_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of ``record``, ``patient`` or ``verdict``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_model(kind).model_json_schema(),
    }


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A line of a file, counted from 1, and what is wrong with it, one string a fault."""

    number: int
    faults: tuple[str, ...]


def validate_file(path: Path, kind: str | None = None) -> Iterator[CheckedLine]:
    """Yield every line of a JSON Lines file with its faults; blank lines are left out.

    kind : ``record``, ``patient`` or ``verdict``; None: told by the fields of each line.

    Raises
    ------
    InputError : the file cannot be read, or is a table.
    """
    if path.suffix in TABLES:
        raise InputError(f"{path}: a table; only JSON Lines (.jsonl) can be checked")
    seen: dict[str, int] = {}
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield CheckedLine(number, tuple(_line_faults(line, kind, number, seen)))
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be read ({reason(error)})") from None


def _line_faults(line: bytes, kind: str | None, number: int, seen: dict[str, int]) -> list[str]:
    if not line.endswith(b"\n"):
        return ["the line has no end; was the file cut off?"]
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        return [f"no JSON: {error}"]
    if not isinstance(data, dict):
        return [f"expected an object, found {line[:40]!r}"]
    found = _kind_of(data)
    if kind and found and found != kind:
        return [f"is a {found}, expected a {kind}"]
    kind = kind or found
    if kind is None:
        keys = ", ".join(map(str, data)) or "none"
        return [f"is no {', '.join(KINDS[:-1])} or {KINDS[-1]}: found fields {keys:.80}"]
    faults = _schema_faults(_model(kind), line)
    name = data.get("id")
    if isinstance(name, str) and kind != "verdict" and seen.setdefault(name, number) != number:
        faults.append(f"id {name!r} is also that of line {seen[name]}")
    if kind == "record" and not faults:
        faults += _invariant_faults(data)
    return faults


def _kind_of(data: dict[str, Any]) -> str | None:
    """Return what a line is by the fields that only it has, None where there is none of them."""
    signs = {"record": ("schema", "text"), "patient": ("birth_date", "events", "sex"),
             "verdict": ("trial", "verdict")}  # fmt: skip
    return next((kind for kind, keys in signs.items() if any(key in data for key in keys)), None)


def _schema_faults(model: type[BaseModel], line: bytes) -> list[str]:
    try:
        model.model_validate_json(line)
    except ValidationError as error:
        return [
            f"{_place(fault['loc'])}: is missing"
            if fault["type"] == "missing"
            else f"{_place(fault['loc'])}: {fault['msg']}, found {fault['input']!r:.60}"
            for fault in error.errors(include_url=False)
        ]
    return []


def _place(where: tuple[int | str, ...]) -> str:
    """Return "criteria[3].rule.args[0].mention" for pydantic's location."""
    said = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)
    return said.removeprefix(".") or "line"


def _invariant_faults(data: dict[str, Any]) -> list[str]:
    try:
        record = schema.from_dict(data)
    except SchemaError as error:
        return [str(error)]
    faults = list(record_faults(record))
    if record.text_sha256 != data["text_sha256"]:
        faults.insert(0, "text_sha256 is not the hash of the text; was the text edited?")
    return faults


# --- the record's schema from its data classes ------------------------------------------------


@cache
def _model(kind: str) -> type[BaseModel]:
    if kind == "record":
        return _published_record()
    return Patient if kind == "patient" else Verdict


def _published_record() -> type[BaseModel]:
    """Return the model of a record as it is written: data classes plus schema and text hash."""
    models: dict[str, Any] = {"Otherwise": OtherwiseGuard}
    for part in (*NODES, *PARTS):
        closed = part in NODES or part in (schema.SexGuard, schema.RuleGuard)
        models[part.__name__] = _to_model(part, _Closed if closed else _Open)
    models["Rule"] = Annotated[
        Union[tuple(models[node.__name__] for node in NODES)],  # noqa: UP007
        Discriminator("op"),
    ]
    for model in models.values():
        if isinstance(model, type) and issubclass(model, BaseModel):
            model.model_rebuild(_types_namespace=models)
    record: type[BaseModel] = models["Record"]
    return record


def _to_model(part: type[Any], base: type[BaseModel]) -> type[BaseModel]:
    hints = get_type_hints(part)
    shape: dict[str, Any] = {
        field.name: (_json_type(hints[field.name]), None if (part, field.name) in ADDED else ...)
        for field in fields(part)
    }
    if part is schema.Record:
        shape |= {
            "schema_": (Literal[schema.RECORD_SCHEMA], Field(alias="schema")),
            "text_sha256": (Sha256, ...),
        }
    if part is rules.AtLeast:
        shape["n"] = (Annotated[int, Field(ge=1)], ...)
    doc = (part.__doc__ or "").split("\n\n")[0]
    return create_model(part.__name__, __base__=base, __doc__=doc, **shape)


def _json_type(kind: Any) -> Any:
    """Return the type of a field's JSON form: data classes by name, numbers as decimal text."""
    if kind is Decimal:
        return DecimalText
    if is_dataclass(kind) and isinstance(kind, type):
        return ForwardRef(kind.__name__)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Literal[tuple(item.value for item in kind)]
    args = get_args(kind)
    if get_origin(kind) is tuple:
        items = [_json_type(arg) for arg in args if arg is not Ellipsis]
        return list[items[0]] if Ellipsis in args else tuple[tuple(items)]  # type: ignore[valid-type,misc]
    if get_origin(kind) in (Union, UnionType):
        named = [ForwardRef("Rule")] if set(NODES) <= set(args) else []
        rest = [_json_type(a) for a in args if not (named and a in NODES)]
        return Union[(*named, *rest)]
    return kind
