"""Print the figures of the current state as Markdown, dated, or write them into a file.

    python tests/figures.py [SHARED] [--write README.md] [--resamples 1000]

Extracts the development halves of Chia and LCT (in SHARED/corpora) and the project's own test
(annotations/gold/test.jsonl) with the installed program, from raw text, and scores the records with
``critextract.evaluation``. On the corpora these are the tasks of SHARED/tools/score.py. The test is
measured and nothing else: no error of it is printed.

--write replaces what stands between the lines ``<!-- figures -->`` and ``<!-- /figures -->``.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from critextract import __version__, load
from critextract.commands.sides import read_side
from critextract.components.tokens import CONVENTIONS
from critextract.evaluation.behaviour import boundary_behaviour
from critextract.evaluation.results import Evaluation, Score
from critextract.evaluation.sides import Side, evaluate_sides
from critextract.io.plain_text import section_of
from critextract.schema import Record

OWN = Path(__file__).parents[1] / "annotations" / "gold" / "test.jsonl"
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"

ROWS = {
    "LCT": {
        "entity": ("entities, 4 types, strict", "0.67 plain spaCy; two annotators 0.78–0.82"),
        "entity_overlap": (
            "entities, 4 types, same place",
            "0.77 plain spaCy; two annotators 0.86–0.90",
        ),
        "threshold": (
            "thresholds",
            "comparisons by variable: 0.77 Clinical-Trial-Parser, 0.81 Valx",
        ),
        "window": ("time windows", ""),
        "negation": (
            "negation",
            "on given spans 0.47 medspaCy's ConText, 0.50 negspacy; 0.81 R-BERT",
        ),
        "period": ("past, present, future", ""),
    },
    "Chia": {
        "entity": ("entities, 4 types, strict", "0.61 plain spaCy"),
        "entity_overlap": ("entities, 4 types, same place", "0.72 plain spaCy"),
        "spans": (
            "spans, 12 labels, strict",
            "0.605 plain spaCy; 0.658 best published (15 labels, transformer)",
        ),
        "threshold": (
            "thresholds",
            "P 0.90, R 0.45 Clinical-Trial-Parser, measurements, lenient",
        ),
        "window": ("time windows", ""),
        "negation": ("negation", ""),
    },
    "own test": {
        "mentions.strict": ("mentions, 8 labels, strict", ""),
        "mentions.overlapping": ("mentions, 8 labels, overlapping", ""),
        "attributes.negated": ("negation", ""),
        "values": ("values, every slot right", ""),
        "values.number": ("values: the number", ""),
        "windows": ("time windows, every slot right", ""),
        "windows.number": ("time windows: the number", ""),
        "criteria.boundaries": ("criteria, boundaries", ""),
        "rules.own": ("rules of criteria, equivalent", ""),
        "rules.whole": ("rules with those of their children, equivalent", ""),
    },
}
"""Data to task to its name here, and what others reached (sources: SHARED/ANCHORS.md)."""


def gold_of(shared: Path) -> dict[str, Side]:
    """Return the hand annotations by name; faults of the corpora's own are passed over."""
    folders = {name: shared / "corpora" / name.lower() / "dev" for name in ("LCT", "Chia")}
    return {
        name: read_side(folders.get(name, OWN), faults=[])
        for name in ROWS
        if folders.get(name, OWN).exists()
    }


def predicted(gold: Iterable[Record], config: str | None = None) -> Side:
    """Return what the program makes of the texts alone, as of files with their ids for names."""
    extractor = load(config)
    return Side(
        tuple(
            extractor.extract(record.text, id=record.id, default_section=section_of(record.id))
            for record in gold
        )
    )


def range_of(ci: tuple[float, float] | None) -> str:
    """Return a confidence interval in words."""
    return "" if ci is None else f"{ci[0]:.3f}–{ci[1]:.3f}"


def number(figure: float | None) -> str:
    """Return a figure in words."""
    return "undefined" if figure is None else f"{figure:.3f}"


def row(data: str, task: str, score: Score, following: Score | None, others: str) -> str:
    """Return one line of the table."""
    figures = (number(score.precision), number(score.recall), number(score.f1))
    as_they_do = "" if following is None else number(following.f1)
    return f"| {' | '.join((data, task, *figures, range_of(score.f1_ci), as_they_do, others))} |"


def table(found: dict[str, Evaluation], following: dict[str, Evaluation]) -> Iterator[str]:
    """Yield the lines of the table.

    following : of the corpora, what the program reaches that follows their annotators.
    """
    yield "| data | task | precision | recall | F1 | 95 % | F1, `--config` of the corpus | others |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, evaluation in found.items():
        for task, (words, others) in ROWS[name].items():
            same = following[name].task(task).micro if name in following else None
            yield row(name, words, evaluation.task(task).micro, same, others)


def beside(own: Evaluation) -> Iterator[str]:
    """Yield what of the own test is no precision and recall."""
    rules, honesty, calibration = own.task("rules.own"), own.honesty, own.calibration
    yield f"- credit for rules that are right in part: {number(rules.credit)}"
    if honesty is not None:
        yield (
            f"- of {honesty.called} rules called `exact`, {honesty.right} are: "
            f"{number(honesty.share)} ({range_of(honesty.share_ci)})"
        )
    if (behaviour := own.behaviour) is not None:
        yield (
            f"- verdicts of gold's rule and ours on {behaviour.patients:,} patients at the "
            f"boundaries of both: {number(behaviour.share)} the same "
            f"({range_of(behaviour.share_ci)}); {behaviour.criteria_same} of "
            f"{behaviour.criteria} criteria without a difference"
        )
    if calibration is not None:
        yield (
            f"- confidence of mentions: expected calibration error {number(calibration.ece)}, "
            f"Brier score {number(calibration.brier)}"
        )


def report(shared: Path, resamples: int) -> str:
    """Return the table and what stands beside it."""
    golds, found = gold_of(shared), {}
    following = {}
    for name, gold in golds.items():
        print(f"{name}: {len(gold.records)} documents", file=sys.stderr)
        found[name] = evaluate_sides(
            gold,
            predicted(gold.records),
            resamples=resamples,
            behave=boundary_behaviour() if name == "own test" else None,
        )
        if name.lower() in CONVENTIONS:
            side = predicted(gold.records, name.lower())
            following[name] = evaluate_sides(gold, side, resamples=0)
    sizes = ", ".join(f"{name} {len(gold.records)}" for name, gold in golds.items())
    today = datetime.now(tz=UTC).date()
    lines = [
        f"Measured on {today}, version {__version__}, from raw text to record (`make figures`).",
        f"Documents: {sizes}. The intervals are of F1, by bootstrap over documents.",
        "",
        *table(found, following),
    ]
    if "own test" in found:
        lines += ["", "On the own test:", "", *beside(found["own test"])]
    if missing := [name for name in ROWS if name not in golds]:
        lines += ["", f"Not there and not measured: {', '.join(missing)}."]
    return "\n".join(lines) + "\n"


def around(path: Path) -> tuple[str, str]:
    """Return what stands before and after the figures of a file."""
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{path}: expected the lines {BEGIN} and {END}, found not both; nothing written")
    return before, after


def put(path: Path, text: str) -> None:
    """Replace what stands between the two marks of a file."""
    before, after = around(path)
    path.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")


def main() -> None:
    """Print the figures, or write them into a file."""
    parser = argparse.ArgumentParser(description="The figures of the current state, as Markdown.")
    parser.add_argument(
        "shared", nargs="?", default="../shared", type=Path, help="folder with corpora/"
    )
    parser.add_argument("--write", type=Path, help="file whose figures are replaced")
    parser.add_argument("--resamples", type=int, default=1000, help="of the bootstrap")
    asked = parser.parse_args()
    if not (asked.shared / "corpora").is_dir():
        if asked.write:
            sys.exit(f"{asked.shared}: no corpora/ there; a part of the figures is not written")
        print(f"{asked.shared}: no corpora/ there; only the own test is measured", file=sys.stderr)
    if asked.write:
        around(asked.write)  # said before minutes of measuring
    text = report(asked.shared, asked.resamples)
    print(text, end="")
    if asked.write:
        put(asked.write, text)


if __name__ == "__main__":
    main()
