"""The project's own hand tables: sentences in the manner of criteria, their reading written first.

Each table ``cases/NAME.jsonl`` has a comparer ``differences(case, record)`` that returns one line
for everything not read as expected. A case with ``known_failure`` must fail and counts as wrong.

As a script: ``python tests/test_hand_tables.py [NAME ...]`` prints the shares and every wrong case.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import hand_thresholds
import hand_windows_negation

CASES = Path(__file__).parent / "cases"
Data = dict[str, Any]
TABLES: dict[str, Callable[[Data, Data], list[str]]] = {
    "thresholds": hand_thresholds.differences,
    "windows": hand_windows_negation.wrong_windows,
    "negation": hand_windows_negation.wrong_negation,
}
MIN_RIGHT = 0.95
MIN_EXACT_RIGHT = 0.97
MIN_EXACT = 0.60


@dataclass(frozen=True)
class Outcome:
    """What became of one case."""

    case: Data
    differences: tuple[str, ...]
    exact: bool

    @property
    def right(self) -> bool:
        return not self.differences


@dataclass(frozen=True)
class Shares:
    """Shares of a table's cases: right, called exact, and right among those called exact."""

    right: float
    exact: float
    exact_right: float


def read_table(name: str) -> list[Data]:
    """Return the cases of a table; ids must be unique."""
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    assert len({c["id"] for c in cases}) == len(cases), f"{name}: an id twice"
    return cases


def run_table(extractor: Any, name: str) -> list[Outcome]:
    """Run every case of a table through the shipped pipeline."""
    from critextract.schema import to_dict

    out = []
    for case in read_table(name):
        record = to_dict(extractor.extract(case["text"], default_section=case["section"]))
        statuses = {c["status"] for c in record["criteria"]}
        wrong = tuple(TABLES[name](case, record))
        out.append(Outcome(case, wrong, statuses == {"exact"}))
    return out


def shares(outcomes: list[Outcome]) -> Shares:
    """Return the three shares of a table."""
    exact = [o for o in outcomes if o.exact]
    return Shares(
        right=sum(o.right for o in outcomes) / len(outcomes),
        exact=len(exact) / len(outcomes),
        exact_right=sum(o.right for o in exact) / len(exact) if exact else 0.0,
    )


@pytest.fixture(scope="module")
def outcomes(extractor):
    return {name: run_table(extractor, name) for name in TABLES}


@pytest.mark.parametrize("name", TABLES)
def test_shares(outcomes, name):
    found = shares(outcomes[name])
    wrong = [o.case["id"] for o in outcomes[name] if not o.right]
    wrong_exact = [o.case["id"] for o in outcomes[name] if o.exact and not o.right]
    assert found.right >= MIN_RIGHT, f"wrong: {' '.join(wrong)}"
    assert found.exact_right >= MIN_EXACT_RIGHT, f"exact and wrong: {' '.join(wrong_exact)}"
    assert found.exact >= MIN_EXACT, f"only {found.exact:.3f} are exact"


@pytest.mark.parametrize("name", TABLES)
def test_known_failures_still_fail(outcomes, name):
    passing = [o.case["id"] for o in outcomes[name] if o.right and "known_failure" in o.case]
    assert not passing, f"known failures that pass: {' '.join(passing)}"


def _print(name: str, outcomes: list[Outcome]) -> None:
    found = shares(outcomes)
    for o in outcomes:
        if not o.right:
            mark = " EXACT" if o.exact else ""
            known = " known" if "known_failure" in o.case else ""
            print(f"{o.case['id']}{mark}{known}  {o.case['text']}")
            for line in o.differences:
                print(f"      {line}")
    print(
        f"{name}: {len(outcomes)} cases, right {found.right:.3f}, exact {found.exact:.3f}, "
        f"right of the exact {found.exact_right:.3f}"
    )


if __name__ == "__main__":
    from critextract import load

    packaged = load()
    for table in sys.argv[1:] or TABLES:
        _print(table, run_table(packaged, table))
