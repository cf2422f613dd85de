"""Compare a case of ``cases/thresholds.jsonl`` with what the pipeline found.

A case names the characters each value belongs to (``of``, alternatives parted by ``|``); every
mention there that carries values must carry just the expected ones, and no other mention any.
A guard ``not: X`` ("unless on X") is met by a guard or by a rule that decides the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Data = dict[str, Any]
KINDS = ("values", "count", "dose")
ANNOTATIONS = ("{copies}", "{cells}", "{beats}", "{breaths}")
"""What is counted; UCUM leaves it out of account."""


def differences(case: Data, record: Data) -> list[str]:
    """Return one line for each expected value not found and each value not expected."""
    expected = _expected(case)
    found = _found(record)
    out = []
    for (of, component, kind), values in expected.items():
        places = list(_places(case["text"], of))
        same = [
            f
            for f in found
            if f["kind"] == kind
            and (component is None or f["mention"]["component"] == component)
            and any(f["mention"]["start"] < b and a < f["mention"]["end"] for a, b in places)
        ]
        if not any(_equal(values, f, case, record) for f in same):
            out.append(f"expected {of} {kind}: " + "; ".join(map(_text, values)))
        for f in same:
            f["met"] = f["met"] or _equal(values, f, case, record)
    out += [f"found {_found_text(f, record)}" for f in found if not f["met"]]
    return out


def _expected(case: Data) -> dict[tuple[str, str | None, str], list[Data]]:
    out: dict[tuple[str, str | None, str], list[Data]] = {}
    for kind in KINDS:
        for value in case.get(kind, ()):
            out.setdefault((value["of"], value.get("component"), kind), []).append(value)
    return out


def _found(record: Data) -> list[Data]:
    out = []
    for m in record["mentions"]:
        for kind in KINDS:
            values = m[kind] if kind == "values" else [m[kind]] if m[kind] else []
            if values:
                out.append({"mention": m, "kind": kind, "values": values, "met": False})
    return out


def _places(text: str, of: str) -> Iterator[tuple[int, int]]:
    for words in of.split("|"):
        start = text.find(words)
        while start >= 0:
            yield start, start + len(words)
            start = text.find(words, start + 1)


def _equal(expected: list[Data], found: Data, case: Data, record: Data) -> bool:
    """Tell whether a mention's values are the expected ones, in any order, joined the same way."""
    plain = len(expected) > 1 and not any(v.get("guard") for v in expected)
    join = case.get("values_op", "all")
    if found["kind"] == "values" and plain and found["mention"]["values_op"] != join:
        return False
    left = list(found["values"])
    for value in expected:
        if _is_excepted(value.get("guard"), found["mention"], case, record):
            value = {k: v for k, v in value.items() if k != "guard"}
        match = next((v for v in left if _same(value, v, found["kind"], case, record)), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def _same(expected: Data, found: Data, kind: str, case: Data, record: Data) -> bool:
    other = expected.get("alternative")
    return (
        all(_same_bound(key, expected, found) for key in ("low", "high"))
        and _numbers(expected.get("set")) == _numbers(found["set"])
        and expected.get("text_value") == found["text_value"]
        and expected.get("relative_to") == found["relative_to"]
        and (kind == "count" or _same_unit(expected.get("unit"), found["unit"]))
        and (other is None or _same_alternative(other, found["alternative"], kind, case, record))
        and _same_guard(expected.get("guard"), found["guard"], case, record)
    )


def _same_alternative(expected: Data, found: Data | None, kind: str, *rest: Data) -> bool:
    case, record = rest
    return found is not None and _same(expected, found, kind, case, record)


def _same_bound(key: str, expected: Data, found: Data) -> bool:
    closed = key + "_closed"
    return (
        _number(expected.get(key)) == _number(found[key]) and expected.get(closed) == found[closed]
    )


def _numbers(texts: list[str] | None) -> list[Decimal]:
    return [Decimal(text) for text in texts or ()]


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _same_unit(expected: str | None, found: str | None) -> bool:
    if expected is None or found is None:
        return expected == found
    return any(_plain_unit(unit) == _plain_unit(found) for unit in expected.split("|"))


def _plain_unit(unit: str) -> str:
    for annotation in ANNOTATIONS:
        unit = unit.replace("." + annotation, "").replace(annotation, "")
    return unit.replace("[iU]", "[IU]").replace("(24.h)", "d").removeprefix("1/") or "1"


def _same_guard(expected: str | None, found: Data | None, case: Data, record: Data) -> bool:
    if expected is None or found is None:
        return expected is None and found is None
    if "sex" in found:
        return bool(found["sex"] == expected)
    if "otherwise" in found:
        return expected == "otherwise"
    word, _, text = expected.partition(": ")
    rule = found["rule"]
    if word == "not":
        if rule["op"] != "not":
            return False
        rule = rule["args"][0]
    if rule["op"] != "is" or not text:
        return False
    m = next(m for m in record["mentions"] if m["id"] == rule["mention"])
    return any(m["start"] < b and a < m["end"] for a, b in _places(case["text"], text))


def _is_excepted(guard: str | None, mention: Data, case: Data, record: Data) -> bool:
    """Tell whether the rule itself holds the exception of ``not: X``: "M or X", "M and not X"."""
    if guard is None or not guard.startswith("not: "):
        return False
    places = list(_places(case["text"], guard.removeprefix("not: ")))
    others = [
        m["id"]
        for m in record["mentions"]
        if any(m["start"] < b and a < m["end"] for a, b in places)
    ]
    subject = {"op": "is", "mention": mention["id"]}
    nodes = [node for c in record["criteria"] for node in _nodes(c["rule"])]
    for other in ({"op": "is", "mention": id_} for id_ in others):
        if {"op": "any", "args": [subject, other]} in nodes and case["section"] == "inclusion":
            return True
        if {"op": "all", "args": [subject, {"op": "not", "args": [other]}]} in nodes:
            return case["section"] == "exclusion"
    return False


def _nodes(rule: Data | None) -> Iterator[Data]:
    if rule is not None:
        yield rule
        for child in rule.get("args", ()):
            yield from _nodes(child)


def _text(value: Data) -> str:
    left = {"of", "component"}
    return " ".join(
        f"{k}={_text(v) if k == 'alternative' else v}" for k, v in value.items() if k not in left
    )


def _found_text(found: Data, record: Data) -> str:
    m = found["mention"]
    texts = {m["id"]: m["text"] for m in record["mentions"]}
    leave = ("start", "end", "unit_text")
    out = []
    for value in found["values"]:
        line = " ".join(f"{k}={v}" for k, v in value.items() if v is not None and k not in leave)
        for id_, text in texts.items():
            line = line.replace(f"'{id_}'", f"'{text}'")
        out.append(line)
    return f"{m['text']!r} {m['component'] or ''} {found['kind']} {m['values_op']}: " + "; ".join(
        out
    )
