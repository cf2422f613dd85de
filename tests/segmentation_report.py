"""Print how well sections, lists and criteria are found, on three sets of documents.

Run it from the project's root: ``python tests/segmentation_report.py [--shared ../shared]``.

1. LCT: a criterion starts on every bullet line, in its heading's section, under the bullet its
   indentation says. Bullets and headings are read here anew, without the splitter.
2. Sixty sections split by hand (``tests/cases/segmentation.jsonl``: offsets only), and fifteen
   more, split after the rules were written (``segmentation_check.jsonl``).
3. All raw documents: letters outside every criterion and heading, list markers aside.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from critextract.components.criteria import split_criteria
from critextract.components.sections import find_headings
from critextract.schema import Criterion, Heading

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "tests" / "cases" / "segmentation.jsonl"
CHECK = (
    ROOT / "tests" / "cases" / "segmentation_check.jsonl"
)  # split after the rules were written; first figure: F1 0.927
BULLET = re.compile(
    r"([ \t]*)(?:-(?=\s|[A-Za-z])|[*•·](?=\s?\S)|o\s|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)](?=\s))"
    r"\s*(?:[-•]\s?)?(?=[^\s-])"
)
SECTION = re.compile(r"\W*(?:[\w/&'-]+ ){0,5}(in|ex)clusion criteria\b[^:]{0,60}:?", re.IGNORECASE)


@dataclass
class Bullets:
    """Bullet lines, those split right, and what was wrong with the others."""

    total: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass
class Splits:
    """Counts over the sections split by hand."""

    gold: int = 0
    found: int = 0
    matched: int = 0
    section: int = 0
    parent: int = 0
    merged: int = 0
    heads_gold: int = 0
    heads_found: int = 0
    heads_matched: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float | None:
        total = self.gold + self.found
        return 2 * self.matched / total if total else None


def split(text: str) -> tuple[tuple[Heading, ...], tuple[Criterion, ...]]:
    headings = find_headings(text)
    return headings, split_criteria(text, headings)


def count_bullets(name: str, text: str, bullets: Bullets) -> None:
    """Add one LCT document: bullet lines by a pattern, parents by a stack of indentations."""
    _, criteria = split(text)
    by_id = {c.id: c for c in criteria}
    first: dict[int, Criterion] = {}
    for criterion in criteria:
        first.setdefault(criterion.start, criterion)
    position, section = 0, None
    stack: list[tuple[int, int]] = []
    for line in text.split("\n"):
        bullet, heading = BULLET.match(line), SECTION.match(line)
        if heading and (not bullet or not line[heading.end() :].strip()):
            section, stack = ("inclusion" if heading[1].lower() == "in" else "exclusion"), []
        elif bullet:
            start, indent = position + bullet.end(), len(bullet[1])
            while stack and stack[-1][0] >= indent - 1:
                stack.pop()
            above = stack[-1][1] if stack else None
            stack.append((indent, start))
            bullets.total += 1
            fault = _fault(first.get(start), by_id, section, above, text)
            if fault:
                bullets.wrong.append(f"{name}@{start}: {fault}")
            else:
                bullets.right += 1
        elif line.strip() and not line.startswith("  "):
            stack = []
        position += len(line) + 1


def _fault(
    found: Criterion | None,
    by_id: dict[str, Criterion],
    section: str | None,
    above: int | None,
    text: str,
) -> str | None:
    if found is None:
        return "no criterion starts here"
    if section is not None and found.section != section:
        return f"section {found.section}, not {section}"
    parent = by_id[found.parent].start if found.parent else None
    if parent != above and not (above is None and parent is not None and _unmarked(text, parent)):
        return f"parent at {parent}, not {above}"
    return None


def _unmarked(text: str, start: int) -> bool:
    """Tell whether no bullet opens the line at `start`: a lead-in line, of no indentation."""
    return not BULLET.match(text[text.rfind("\n", 0, start) + 1 : start + 1])


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range without punctuation and white space at its ends."""
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


def count_splits(text: str, gold: dict, splits: Splits) -> None:
    """Add one section split by hand. Punctuation at either end of a criterion does not count."""
    headings, criteria = split(text)
    name = gold["nct_id"]
    spans = [_bare(text, start, end) for start, end, *_ in gold["criteria"]]
    found = {c.id: _bare(text, c.start, c.end) for c in criteria}
    by_span = {found[c.id]: c for c in reversed(criteria)}
    splits.gold += len(spans)
    splits.found += len(criteria)
    for span, (_, _, section, parent) in zip(spans, gold["criteria"], strict=True):
        criterion = by_span.get(span)
        if criterion is None:
            splits.wrong.append(f"{name} missed {section[0]} {text[slice(*span)][:70]!r}")
            continue
        splits.matched += 1
        splits.section += criterion.section == section
        above = None if parent is None else spans[parent]
        own = found[criterion.parent] if criterion.parent else None
        splits.parent += own == above
        if criterion.section != section or own != above:
            splits.wrong.append(f"{name} section or parent {text[slice(*span)][:70]!r}")
    gold_spans = set(spans)
    for span in found.values():
        if span not in gold_spans:
            splits.wrong.append(f"{name} extra {text[slice(*span)][:70]!r}")
    splits.merged += sum(_merged(span, spans, set(found.values())) for span in set(found.values()))
    heads = {_bare(text, *h) for h in gold["headings"]}
    own_heads = {_bare(text, h.start, h.end) for h in headings}
    splits.heads_gold += len(heads)
    splits.heads_found += len(own_heads)
    splits.heads_matched += len(heads & own_heads)


def _merged(span: tuple[int, int], gold: list[tuple[int, int]], found: set) -> bool:
    """Tell whether a criterion holds two disjoint ones of the hand's that were not found."""
    if any(span != f and span[0] <= f[0] and f[1] <= span[1] for f in found):
        return False  # its parts are found; they are asked themselves
    inside = [g for g in gold if span[0] <= g[0] and g[1] <= span[1] and g not in found]
    return any(a[1] <= b[0] for a in inside for b in inside)


def raw_texts(shared: Path) -> dict[str, str]:
    with gzip.open(shared / "corpora/raw/criteria.jsonl.gz", "rt", encoding="utf-8") as file:
        return {row["nct_id"]: row["criteria"] for row in map(json.loads, file)}


def lct_bullets(shared: Path, part: str) -> Bullets:
    bullets = Bullets()
    for path in sorted((shared / "corpora/lct" / part).glob("*.txt")):
        count_bullets(path.stem, path.read_bytes().decode("utf-8"), bullets)
    return bullets


def hand_splits(texts: dict[str, str], cases: Path = GOLD) -> Splits:
    splits = Splits()
    for line in cases.read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        text = texts[gold["nct_id"]]
        if hashlib.sha256(text.encode()).hexdigest() != gold["sha256"]:
            raise SystemExit(f"{gold['nct_id']}: the text is not the one that was split by hand")
        count_splits(text, gold, splits)
    return splits


def letters_outside(texts: list[str]) -> tuple[int, int]:
    """Return letters outside every criterion and heading, and all letters."""
    outside = total = 0
    for text in texts:
        headings, criteria = split(text)
        covered = bytearray(len(text))
        for item in (*headings, *criteria):
            covered[item.start : item.end] = b"\1" * (item.end - item.start)
        for char, inside in zip(text, covered, strict=True):
            if char.isalpha():
                total += 1
                outside += not inside
    return outside, total


def print_splits(title: str, splits: Splits, *, wrong: bool) -> None:
    matched = splits.matched
    print(
        f"{title}: criteria {splits.gold}, found {splits.found}, boundaries F1 {splits.f1:.3f}, "
        f"section {splits.section / matched:.3f}, parent {splits.parent / matched:.3f}, "
        f"two in one {splits.merged}; headings {splits.heads_matched} of {splits.heads_gold} "
        f"(found {splits.heads_found})"
    )
    if wrong:
        print("\n".join(splits.wrong))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--wrong", action="store_true", help="list what was wrong")
    options = parser.parse_args()
    for part in ("train", "dev"):
        bullets = lct_bullets(options.shared, part)
        share = bullets.right / bullets.total
        print(f"LCT {part}: {bullets.right} of {bullets.total} bullets right, {share:.1%}")
        if options.wrong:
            print("\n".join(bullets.wrong))
    texts = raw_texts(options.shared)
    for title, cases in (("by hand", GOLD), ("by hand, set aside", CHECK)):
        print_splits(title, hand_splits(texts, cases), wrong=options.wrong)
    begin = time.perf_counter()
    outside, total = letters_outside(list(texts.values()))
    seconds = time.perf_counter() - begin
    print(f"raw: {len(texts)} documents in {seconds:.0f} s, letters outside {outside / total:.4%}")


if __name__ == "__main__":
    main()
