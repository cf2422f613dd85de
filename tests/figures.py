"""Print the figures of the current state as a Markdown table.

    python tests/figures.py [SHARED]

Extracts the development halves of Chia and LCT with the installed program, scores them by the
definitions of ``tools/score.py`` beside the corpora, and adds the splitting of sections.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROWS = {
    "lct": {
        "entity": "entities, 4 types, strict",
        "entity_overlap": "entities, 4 types, same place",
        "threshold": "thresholds",
        "window": "time windows",
        "negation": "negation",
        "period": "past, present, future",
    },
    "chia": {
        "entity": "entities, 4 types, strict",
        "entity_overlap": "entities, 4 types, same place",
        "spans": "spans, 12 labels, strict",
        "threshold": "thresholds",
        "window": "time windows",
        "negation": "negation",
    },
}
PROGRAM = [sys.executable, "-c", "from critextract.cli import app; app()"]


def score(shared: Path, corpus: str, folder: Path) -> dict[str, list[str]]:
    """Return task -> precision, recall, F1 of the installed program on the development half."""
    gold, out = shared / "corpora" / corpus / "dev", folder / f"{corpus}.jsonl"
    subprocess.run([*PROGRAM, "extract", str(gold), "-o", str(out)], check=True)
    tool = [sys.executable, str(shared / "tools" / "score.py"), corpus, str(gold), str(out)]
    printed = subprocess.run(tool, check=True, capture_output=True, text=True).stdout
    lines = (line.split() for line in printed.splitlines())
    return {row[0]: [row[2], row[4], row[6]] for row in lines if len(row) > 6 and row[1] == "P"}


def main() -> None:
    """Print the table."""
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    if not (shared / "tools" / "score.py").is_file():
        sys.exit(f"{shared}: no tools/score.py there; give the folder of the corpora")
    print("| corpus (development half) | task | precision | recall | F1 |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for corpus, tasks in ROWS.items():
            found = score(shared, corpus, Path(folder))
            for task, name in tasks.items():
                print(f"| {corpus.upper()} | {name} | {' | '.join(found[task])} |")


if __name__ == "__main__":
    main()
