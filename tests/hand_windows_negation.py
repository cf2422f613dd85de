"""The hand tables of windows and of negation: how a reading is compared with its row.

A mention of the program stands for the row's mention whose characters it shares, so that a
boundary ("severe asthma" for "asthma") is judged elsewhere. Rules are compared by what they
mean: the order of `any` and `all`, nested ones and where a `not` is drawn do not matter.
"""

import re
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]
Node = tuple[Any, ...] | str | None

# --- mentions -------------------------------------------------------------------------------


def places(text: str, names: set[str]) -> list[tuple[int, int, str]]:
    """Return where the names stand: the longest first, none inside another."""
    found: list[tuple[int, int, str]] = []
    for name in sorted(names, key=lambda n: (-len(n), n)):
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            a, b = match.span()
            if not any(a < d and c < b for c, d, _ in found):
                found.append((a, b, name))
    return found


def named(text: str, mentions: list[Row], names: set[str]) -> dict[str, str]:
    """Return the row's name of each mention by id; ``text*`` for a mention of no row's name."""
    spots = places(text, names)
    result = {}
    for mention in mentions:
        shared = [(min(mention["end"], b) - max(mention["start"], a), name) for a, b, name in spots]
        best = max((s for s in shared if s[0] > 0), default=None)
        result[mention["id"]] = best[1] if best else f"{mention['text']}*"
    return result


# --- rules ----------------------------------------------------------------------------------


def parse(outline: str) -> Node:
    """Read ``not(any(a, b))`` as nested tuples; names are strings."""
    match = re.fullmatch(r"(any|all|not|if|except|at_least \d+)\((.*)\)", outline, re.DOTALL)
    if not match:
        return outline
    args, depth, start = [], 0, 0
    for n, sign in enumerate(match[2]):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            args.append(match[2][start:n].strip())
            start = n + 1
    args.append(match[2][start:].strip())
    return (match[1], *map(parse, args))


def of_rule(rule: Row | None, names: dict[str, str]) -> Node:
    """Return the nested tuples of a rule in JSON form."""
    match rule:
        case None:
            return None
        case {"op": "is", "mention": id_}:
            return names[id_]
        case {"op": "unparsed", "reason": reason}:
            return f"?{reason}"
        case {"op": "criterion", "id": id_}:
            return f"#{id_}"
    op = f"at_least {rule['n']}" if rule["op"] == "at_least" else rule["op"]
    return (op, *(of_rule(arg, names) for arg in rule["args"]))


def same(node: Node) -> Node:
    """Return the node in the one form that all nodes of its meaning share."""
    match node:
        case ("at_least 1", *args):
            return same(("any", *args))
        case ("not", ("not", inner)):
            return same(inner)
        case ("not", ("any", *args)):
            return same(("all", *(("not", arg) for arg in args)))
        case ("not", ("all", *args)):
            return same(("any", *(("not", arg) for arg in args)))
        case ("not", inner):
            told = same(inner)
            flat = isinstance(told, tuple) and told[0] in ("any", "all", "not")
            return same(("not", told)) if flat and told != inner else ("not", told)
        case ("any" | "all" as op, *args):
            return _joined(op, [same(arg) for arg in args])
        case ("except", base, *outs):
            spread = _joined("any", [same(out) for out in outs])
            return ("except", same(base), spread)
        case (op, *args):
            kept = [same(arg) for arg in args]
            return (op, *(kept if op == "if" else sorted(kept, key=repr)))
    return node


def _joined(op: str, args: list[Node]) -> Node:
    flat: set[Node] = set()
    for arg in args:
        flat.update(arg[1:] if isinstance(arg, tuple) and arg[0] == op else (arg,))
    return flat.pop() if len(flat) == 1 else (op, *sorted(flat, key=repr))


def names_of(node: Node) -> Iterator[str]:
    """Yield the names a node holds."""
    if isinstance(node, str):
        yield node
    for arg in node[1:] if isinstance(node, tuple) else ():
        yield from names_of(arg)


# --- one row --------------------------------------------------------------------------------

WINDOW = ("role", "low", "low_closed", "high", "high_closed", "unit", "direction")


def wrong_windows(row: Row, record: Row) -> list[str]:
    """Return what of a row of the table of windows is read otherwise; nothing if all is right."""
    expected = row.get("windows", [])
    names = {w["of"] for w in expected} | set(row.get("period", {}))
    name_of = named(row["text"], record["mentions"], names)
    pointed = {id_: f"@{name}".rstrip("*") for id_, name in name_of.items()}
    wanted = sorted((w["of"], *_window(w, {})) for w in expected)
    held = {(w["start"], w["end"]) for m in _known(record, name_of) for w in m["windows"]}
    found = sorted(
        (name_of[m["id"]], *_window(w, pointed))
        for m in record["mentions"]
        for w in m["windows"]
        if m in _known(record, name_of) or (w["start"], w["end"]) not in held
    )
    problems = []
    if len(found) != len(wanted) or not all(map(_equal, wanted, found)):
        problems.append(f"windows {_print(found)} not {_print(wanted)}")
    joins = {m["windows_op"] or "all" for m in record["mentions"] if len(m["windows"]) > 1}
    if joins - {row.get("windows_op", "all")}:
        problems.append(f"windows_op {joins}")
    periods = {name_of[m["id"]]: m["period"] for m in record["mentions"]}
    for name in sorted(names):
        if name not in periods:
            problems.append(f"no mention {name!r}")
        elif periods[name] != row.get("period", {}).get(name):
            problems.append(f"period of {name!r} {periods[name]}")
    return problems


def _known(record: Row, name_of: dict[str, str]) -> list[Row]:
    """Return the mentions of the row; a carrier ("treatment with") may share their windows."""
    return [m for m in record["mentions"] if not name_of[m["id"]].endswith("*")]


def _window(window: Row, pointed: dict[str, str]) -> tuple[str, ...]:
    point = window.get("reference_point") or "screening"
    fields = [str(window.get(key)) for key in WINDOW]
    return (*fields, pointed.get(point, point))


def _equal(wanted: tuple[str, ...], found: tuple[str, ...]) -> bool:
    """Compare; a reference point may be given in two ways, ``a|b``."""
    return wanted[:-1] == found[:-1] and found[-1] in wanted[-1].split("|")


def _print(windows: list[tuple[str, ...]]) -> str:
    return "; ".join(" ".join(p for p in w if p != "None") for w in windows) or "none"


def wrong_negation(row: Row, record: Row) -> list[str]:
    """Return what of a row of the table of negation is read otherwise; nothing if all is right.

    ``or_rule`` is an alternative, mostly of a mention that holds its own cue.
    """
    ways = [_wrong_rule(row, record, row[key]) for key in ("rule", "or_rule") if key in row]
    return min(ways, key=len)


def _wrong_rule(row: Row, record: Row, outline: str | None) -> list[str]:
    wanted = parse(outline) if outline else None
    names = set(names_of(wanted)) | set(row.get("modality", {}))
    name_of = named(row["text"], record["mentions"], names)
    rules = [c["rule"] for c in record["criteria"] if c["parent"] is None]
    children = {c["id"]: c["rule"] for c in record["criteria"]}
    rules = [_resolved(rule, children) for rule in rules]
    whole = rules[0] if len(rules) == 1 else {"op": "all", "args": rules}
    found = of_rule(whole, name_of)
    problems = [] if same(found) == same(wanted) else [f"rule {show(found)} not {outline}"]
    for field, plain in (("modality", "actual"), ("experiencer", "patient")):
        told = row.get(field, {})
        for mention in record["mentions"]:
            name = name_of[mention["id"]]
            free = field == "modality" and "if(" in (outline or "")
            expected = told.get(name, mention[field] if free else plain)
            if name in names and mention[field] not in expected.split(" or "):
                problems.append(f"{field} of {name!r} {mention[field]} not {expected}")
    return problems


def _resolved(rule: Row | None, children: dict[str, Row | None]) -> Row | None:
    """Put the rules of child criteria in their place."""
    if rule is None or "args" not in rule:
        if rule is not None and rule["op"] == "criterion":
            return _resolved(children[rule["id"]], children)
        return rule
    return {**rule, "args": [_resolved(arg, children) for arg in rule["args"]]}


def show(node: Node) -> str:
    """Print a node as the table writes it."""
    if isinstance(node, tuple):
        return f"{node[0]}({', '.join(map(show, node[1:]))})"
    return str(node)
