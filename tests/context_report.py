"""Measure negation and qualifiers on the reference corpora with their own mentions given.

Usage: ``python tests/context_report.py [train|dev] [--show N]`` from the project's folder. Reads
``../shared`` and says so where it is absent. Lines of the documents stand for criteria.

Rows: the mentions predicted negated against the targets of a negation (LCT: its four main types;
Chia: its eight), Chia's negation cues (same characters), Chia's qualifiers (same
characters, those found inside a mention dropped).
``distributed`` takes what the annotation joins by "or" to a negated mention for negated too: gold
negates the first of "no stroke, TIA or MI" and leaves the others to the join.
Chia also counts what an exception takes out ("other than") as negated; here an exception is no
negation, so those targets are left out of account, and counted in the row ``with exceptions``.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

SHARED = Path(__file__).resolve().parents[2] / "shared"
LCT_LABELS = {
    "Condition": "CONDITION",
    "Drug": "DRUG",
    "Procedure": "PROCEDURE",
    "Observation": "OBSERVATION",
}
CHIA_LABELS = {
    name: name.upper()
    for name in (
        "Condition",
        "Drug",
        "Procedure",
        "Measurement",
        "Observation",
        "Person",
        "Device",
        "Visit",
    )
}
EXCEPTION = re.compile(
    r"\b(except\w*|exclud\w+|exclusion|excl?|other|unless|besides|apart|aside|instead|rather|"
    r"allow\w*|permitted|acceptable|authorized|opposed|not including|in addition)\b",
    re.IGNORECASE,
)


@dataclass
class Gold:
    """One line: its text, candidate mentions, and which of them are negated by which cue."""

    doc: str
    text: str
    spans: list[tuple[str, int, int]] = field(default_factory=list)
    negated: dict[tuple[int, int], str] = field(default_factory=dict)
    cues: set[tuple[int, int]] = field(default_factory=set)
    qualifiers: set[tuple[int, int]] = field(default_factory=set)
    joined: list[set[tuple[int, int]]] = field(default_factory=list)

    def distributed(self) -> set[tuple[int, int]]:
        """Return the negated mentions and those the annotation joins to them by "or"."""
        out = set(self.negated)
        while more := {s for group in self.joined if group & out for s in group} - out:
            out |= more
        return out & {(a, b) for _, a, b in self.spans}


@dataclass
class Row:
    """True positives, false positives, false negatives."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def add(self, gold: set[Any], pred: set[Any]) -> None:
        self.tp += len(gold & pred)
        self.fp += len(pred - gold)
        self.fn += len(gold - pred)

    def __str__(self) -> str:
        p, r = self.tp / max(self.tp + self.fp, 1), self.tp / max(self.tp + self.fn, 1)
        f = 2 * p * r / max(p + r, 1e-9)
        return f"P {p:.3f} R {r:.3f} F1 {f:.3f}  gold {self.tp + self.fn} pred {self.tp + self.fp}"


def lines_of(name: str, text: str) -> list[tuple[int, Gold]]:
    """Return the document's lines, each with its first character's offset."""
    return [(m.start(), Gold(name, m.group())) for m in re.finditer(r"[^\r\n]*\S[^\r\n]*", text)]


def placed(lines: list[tuple[int, Gold]], start: int, end: int) -> tuple[Gold, int, int] | None:
    """Return the line that holds the characters, and their offsets in it."""
    for first, line in lines:
        if first <= start and end <= first + len(line.text):
            return line, start - first, end - first
    return None


def join(lines: list[tuple[int, Gold]], places: list[tuple[int, int]]) -> None:
    """Note the mentions joined by "or" on the line that holds them."""
    found = [at for place in places if (at := placed(lines, *place))]
    for line in {id(at[0]): at[0] for at in found}.values():
        line.joined.append({at[1:] for at in found if at[0] is line})


def read_lct(folder: Path) -> Iterator[Gold]:
    """Yield LCT's lines."""
    lct: Any = import_module("lct")
    for path in sorted(folder.glob("*.ann")):
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        lines = lines_of(path.stem, text)
        gold = lct.gold(str(path))
        for item in gold["entity"]:
            if (at := placed(lines, *item["subject"])) and item["type"] in LCT_LABELS:
                at[0].spans.append((LCT_LABELS[item["type"]], at[1], at[2]))
        for item in gold["negation"]:
            if (at := placed(lines, *item["subject"])) and item["type"] in LCT_LABELS:
                at[0].negated[at[1], at[2]] = item["cue"]
        spans, events, _, relations = lct.read_ann(str(path))
        for kind, *ends in relations:
            found = [spans.get(events[i][1] if i in events else i) for i in ends]
            if kind == "Or" and all(found):
                join(lines, [t[1:3] for t in found if t])
        yield from (line for _, line in lines if line.spans)


def read_chia(folder: Path) -> Iterator[Gold]:
    """Yield Chia's lines."""
    chia: Any = import_module("chia")
    for path in sorted(folder.glob("*.ann")):
        with path.with_suffix(".txt").open(encoding="utf-8", newline="") as file:
            lines = lines_of(path.stem, file.read())
        spans, relations, groups = chia.read_ann(str(path))
        for group in groups:
            join(lines, [chia.hull(spans[i][1]) for i in group if i in spans])
        for kind, parts, _ in spans.values():
            if not (at := placed(lines, *chia.hull(parts))):
                continue
            if kind in CHIA_LABELS:
                at[0].spans.append((CHIA_LABELS[kind], at[1], at[2]))
            elif kind in ("Negation", "Qualifier") and len(parts) == 1:
                (at[0].cues if kind == "Negation" else at[0].qualifiers).add(at[1:])
        for kind, subject, cue in relations:
            if kind.lower() != "has_negation" or subject not in spans or cue not in spans:
                continue
            at = placed(lines, *chia.hull(spans[subject][1]))
            if at and spans[subject][0] in CHIA_LABELS:
                at[0].negated[at[1], at[2]] = spans[cue][2]
        yield from (line for _, line in lines if line.spans or line.qualifiers)


def predict(context: Any, line: Gold) -> tuple[dict[tuple[int, int], str], set[tuple[int, int]]]:
    """Return the negated mentions with their cue's words, and the cues' characters."""
    from critextract.components.drafts import Candidate
    from critextract.schema import Label

    candidates = [Candidate(Label(k), a, b, "model") for k, a, b in line.spans]
    edges = [e for e in context.find(line.text, candidates) if e.negated]
    return (
        {
            (candidates[e.candidate].start, candidates[e.candidate].end): line.text[e.start : e.end]
            for e in edges
        },
        {(e.start, e.end) for e in edges},
    )


def report(kind: str, lines: list[Gold], shown: int) -> None:
    """Print one corpus's rows, and `shown` of the mistakes."""
    from critextract.components.context import load_context
    from critextract.components.qualifiers import find_qualifiers

    rows = {k: Row() for k in ("negated", "distributed", "with exceptions", "cues", "qualifiers")}
    wrong: list[str] = []
    missed: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    context = load_context()
    for line in lines:
        pred, cues = predict(context, line)
        gold = line.negated
        plain = {s for s, cue in gold.items() if not (kind == "chia" and EXCEPTION.search(cue))}
        rows["negated"].add(plain, set(pred) - (set(gold) - plain))
        rows["distributed"].add(
            line.distributed() - (set(gold) - plain), set(pred) - (set(gold) - plain)
        )
        rows["with exceptions"].add(set(gold), set(pred))
        rows["cues"].add(line.cues, cues)
        found = {
            (q.start, q.end)
            for q in find_qualifiers(line.text)
            if not any(a <= q.start and q.end <= b for _, a, b in line.spans)
        }
        rows["qualifiers"].add(line.qualifiers, found)
        for a, b in sorted(set(plain) ^ (set(pred) - (set(gold) - plain))):
            cue = gold.get((a, b)) or pred[a, b]
            (missed if (a, b) in gold else extra)[cue.lower()] += 1
            mark = f"{line.text[:a]}[[{line.text[a:b]}]]{line.text[b:]}"
            wrong.append(f"{'MISSED' if (a, b) in gold else 'EXTRA '} {cue!r:16} {mark}")
    for name, row in rows.items():
        if kind == "chia" or name in ("negated", "distributed"):
            print(f"{kind} {name:16s} {row}")
    if shown:
        print("missed", missed.most_common(30), "\nextra", extra.most_common(30))
        print("\n".join(wrong[:: max(1, len(wrong) // shown)]))


def main(arguments: list[str]) -> int:
    """Report on both corpora; 0 also where they are absent."""
    if not SHARED.is_dir():
        print("../shared is absent: nothing to measure")
        return 0
    sys.path.insert(0, str(SHARED / "tools"))
    part = "train" if "train" in arguments else "dev"
    shown = int(arguments[arguments.index("--show") + 1]) if "--show" in arguments else 0
    only = [k for k in ("lct", "chia") if k in arguments] or ["lct", "chia"]
    for kind, read in (("lct", read_lct), ("chia", read_chia)):
        if kind in only:
            report(kind, list(read(SHARED / "corpora" / kind / part)), shown)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
