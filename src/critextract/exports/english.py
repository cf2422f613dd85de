"""Rule to indented English, to read a record without knowing its fields.

Holds everything a rule, its values, guards and windows say. Left out: concept codes, confidence
and the characters of values; a value's `alternative` (the same bound in another unit).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from critextract.elapsed import limited, washout
from critextract.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    Child,
    Except,
    If,
    Is,
    Not,
    Rule,
    Unparsed,
    children,
)
from critextract.schema import (
    Criterion,
    Guard,
    Mention,
    Otherwise,
    Record,
    RuleGuard,
    SexGuard,
    Value,
    Window,
)
from critextract.units import unit_words

INDENT = "  "


def to_english(record: Record, criterion: Criterion) -> str:
    """Return the criterion's rule as indented English, one node a line.

    A criterion without a rule says so: "no rule (unparsed)".
    """
    if criterion.rule is None:
        return f"no rule ({criterion.status.replace('_', ' ')})"
    mentions = {mention.id: mention for mention in record.mentions}
    return "\n".join(_lines(criterion.rule, mentions, record.text, 0))


def mention_to_english(mention: Mention, mentions: Mapping[str, Mention], text: str) -> str:
    """Return what a mention says in one line: its words, values, windows and attributes.

    mentions : every mention of the record by id, for guards and reference points.
    text : the record's text, for time expressions without a number.
    """
    words = " ".join(mention.text.split())
    if mention.component:
        words += f" ({mention.component})"
    if mention.modality != "actual":
        words = f"{mention.modality} {words}"
    if mention.experiencer != "patient":
        words += f" in {'the family' if mention.experiencer == 'family' else 'another person'}"
    values = _cases(mention, mentions, text)
    windows = f" {'and' if mention.windows_op == 'all' else 'or'} ".join(
        _window(window, mentions, text) for window in mention.windows
    )
    if_any = "if any" if washout(mention, text) or limited(mention, text) else ""
    said = [f"{words} {values}".rstrip(), if_any, windows]
    said += [f"{q.kind} {q.value}" for q in mention.qualifiers]
    if mention.count:
        said.append(f"how often: {_value(mention.count)}")
    if mention.dose:
        said.append(f"dose {_value(mention.dose)}")
    if mention.period:
        said.append(mention.period)
    return ", ".join(part for part in said if part)


def _lines(rule: Rule, mentions: Mapping[str, Mention], text: str, depth: int) -> list[str]:
    margin = INDENT * depth
    if isinstance(rule, Not) and not children(rule.args[0]):
        return [f"{margin}not {_leaf(rule.args[0], mentions, text)}"]
    if not children(rule):
        return [f"{margin}{_leaf(rule, mentions, text)}"]
    lines = [f"{margin}{_opening(rule)}"]
    for position, child in enumerate(children(rule)):
        lines += _argument(rule, position, child, mentions, text, depth)
    return lines


def _opening(rule: Rule) -> str:
    match rule:
        case AllOf():
            return "all of:"
        case AnyOf():
            return "any of:"
        case AtLeast(n, _):
            return f"at least {n} of:"
        case Not():
            return "not:"
        case If():
            return "if:"
    return "this:"  # Except


def _argument(
    rule: Rule, position: int, child: Rule, mentions: Mapping[str, Mention], text: str, depth: int
) -> list[str]:
    """Return the lines of one argument, behind the word that says its part in the node."""
    word = ""
    if isinstance(rule, If) and position:
        word = ("then:", "otherwise:")[position - 1]
    elif isinstance(rule, If):
        mentions = _as_cases(mentions)
    elif isinstance(rule, Except) and position:
        word = "except:"
    lines = [INDENT * depth + word] if word else []
    return lines + _lines(child, mentions, text, depth + 1)


def _leaf(rule: Rule, mentions: Mapping[str, Mention], text: str) -> str:
    match rule:
        case Is(name):
            mention = mentions.get(name)
            return mention_to_english(mention, mentions, text) if mention else f"mention {name}"
        case Child(name):
            return f"criterion {name}"
        case Unparsed(start, end, reason):
            return f"? “{' '.join(text[start:end].split())}” ({reason})"
        case AllOf():
            return "nothing is asked"
        case AnyOf():
            return "nothing is excluded"
    return rule.op


def _number(number: Decimal) -> str:
    return format(number, "f")


def _cases(mention: Mention, mentions: Mapping[str, Mention], text: str) -> str:
    """Return the values: those of one guard joined by and/or, cases set apart by semicolons."""
    join = f" {'and' if mention.values_op == 'all' else 'or'} "
    said = []
    for guard, values in groupby(mention.values, key=lambda value: value.guard):
        bounds = join.join(_scale(value, mention.text) + _value(value) for value in values)
        said.append(bounds + _guard(guard, mentions, text))
    return "; ".join(said)


def _scale(value: Value, name: str) -> str:
    """Return the word for the scale a step is on, "" if the name ends with it: "tumour stage"."""
    scale = _SCALES.get(value.unit or "")
    return f"{scale} " if scale and not name.lower().rstrip("s").endswith(scale) else ""


_SCALES = {"{stage}": "stage", "{grade}": "grade"}


def _value(value: Value) -> str:
    bounds = interval_words(value)
    if value.relative_to:
        limit = value.relative_to.replace("_", " ")
        tail = f"% of {limit}" if value.unit == "%" else f" × {limit}"
    else:
        unit = unit_words(value.unit, one=bounds.endswith(" 1"))
        tail = unit if unit == "%" else f" {unit}".rstrip()
    said = f"{bounds}{tail}" if bounds else ""
    if value.text_value and value.text_value not in said:
        said = f"{said} ({value.text_value})" if said else value.text_value
    return said


def interval_words(value: Value | Window) -> str:
    """Return the bounds alone, as "≥ 9", "18 to 75", "> 1 and ≤ 2", "one of 0, 2"; "" for none."""
    allowed = value.set if isinstance(value, Value) else None
    if allowed:
        return f"one of {', '.join(map(_number, allowed))}"
    low, high = value.low, value.high
    if low is not None and low == high:
        return f"= {_number(low)}"
    if low is not None and high is not None and value.low_closed and value.high_closed:
        return f"{_number(low)} to {_number(high)}"
    said = []
    if low is not None:
        said.append(f"{'≥' if value.low_closed else '>'} {_number(low)}")
    if high is not None:
        said.append(f"{'≤' if value.high_closed else '<'} {_number(high)}")
    return " and ".join(said)


def _guard(guard: Guard | None, mentions: Mapping[str, Mention], text: str) -> str:
    match guard:
        case SexGuard(sex):
            return f" (if {sex})"
        case RuleGuard(rule):
            lines = _lines(rule, _as_cases(mentions), text, 0)
            words = " ".join(line.strip() for line in lines)
            return f" (if {words})"
        case Otherwise():
            return " (otherwise)"
    return ""


def _as_cases(mentions: Mapping[str, Mention]) -> dict[str, Mention]:
    """Return the mentions as they read behind "if", which already says they are hypothetical."""
    return {
        name: replace(mention, modality="actual") if mention.modality == "hypothetical" else mention
        for name, mention in mentions.items()
    }


def _window(window: Window, mentions: Mapping[str, Mention], text: str) -> str:
    if window.low is None and window.high is None:
        return f"“{' '.join(text[window.start : window.end].split())}”"
    bounds = interval_words(window)
    bounds = f"{bounds} {unit_words(window.unit, one=bounds.endswith(' 1'))}"
    if window.role == "duration":
        return f"for {bounds}"
    if window.role == "age":
        return f"at age {bounds}"
    point = window.reference_point or "screening"
    if point in mentions:
        point = f"“{mentions[point].text}”"
    return f"{bounds} {window.direction or 'from'} {point.replace('_', ' ')}"
