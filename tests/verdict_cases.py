"""The hand table of verdicts: criteria, each with a patient and the truth it must get.

A case of ``cases/verdicts.jsonl`` holds an eligibility text, a patient in the contract's form and
what the criterion asked for must get: `holds` and `passes`. Where the contract says nothing, the
case names its reading under `silent`; those cases are counted apart.

As a script: ``python tests/verdict_cases.py [TOPIC|ID ...]`` prints the shares of every topic and
the wrong cases, those that are wrong and confident first.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases" / "verdicts.jsonl"
TRUTHS = ("true", "false", "unknown")
FIELDS = {
    "id", "topic", "text", "section", "criterion", "demographics", "as_of", "patient", "holds",
    "passes", "why", "missing", "reference_ranges", "silent",
}  # fmt: skip
NOT_LISTED = "not listed"

Case = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What became of one case; `holds` is `NOT_LISTED` where the verdict lacks the criterion."""

    case: Case
    holds: str
    passes: str
    status: str = ""
    needs: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        return (self.holds, self.passes) == (self.case["holds"], self.case["passes"])

    @property
    def confident(self) -> bool:
        """Wrong, and said as if it were known."""
        return not self.right and "unknown" not in (self.holds, self.passes) and self.listed

    @property
    def listed(self) -> bool:
        return self.holds != NOT_LISTED


def read_cases(path: Path = CASES) -> list[Case]:
    """Return the cases of the table, in order."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# --- text to verdict ------------------------------------------------------------------------


def record_of(extractor: Any, case: Case) -> Any:
    """Return the record of a case's text, with the registry's fields where the case has some."""
    from critextract.schema import from_dict, to_dict

    record = extractor.extract(
        case["text"], id=case["id"], default_section=case.get("section", None)
    )
    if "demographics" not in case:
        return record
    return from_dict(to_dict(record) | {"demographics": case["demographics"]})


def ranges_of(case: Case) -> Any:
    """Return the limits of normal a case gives from outside, or None."""
    if "reference_ranges" not in case:
        return None
    from critextract.patients.ranges import ReferenceRange, reference_ranges

    def limit(row: dict[str, Any], key: str) -> Decimal | None:
        return None if row.get(key) is None else Decimal(str(row[key]))

    return reference_ranges(
        ReferenceRange(row["name"], limit(row, "low"), limit(row, "high"), unit=row.get("unit"))
        for row in case["reference_ranges"]
    )


def verdict_of(record: Any, case: Case) -> dict[str, Any]:
    """Return the verdict of a record on a case's patient, in the contract's form."""
    from critextract import check
    from critextract.patients.model import patient_from_dict
    from critextract.patients.verdicts import verdict_to_dict

    options = {"missing": case.get("missing"), "reference_ranges": ranges_of(case)}
    given = {name: value for name, value in options.items() if value is not None}
    patients = [patient_from_dict(case["patient"])]
    (verdict,) = check(record, patients, date.fromisoformat(case["as_of"]), **given)
    return verdict_to_dict(verdict)


def outcome_of(case: Case, verdict: dict[str, Any], statuses: dict[str, str]) -> Outcome:
    """Compare a case with its verdict; without `criterion` the only criterion is meant."""
    rows = {row["id"]: row for row in verdict["criteria"]}
    asked = case.get("criterion") or (next(iter(rows)) if len(rows) == 1 else "")
    if asked not in rows:
        return Outcome(case, NOT_LISTED, NOT_LISTED, ",".join(rows))
    row = rows[asked]
    needs = tuple(str(need) for need in row.get("needs", ()))
    return Outcome(case, row["holds"], row["passes"], statuses.get(asked, ""), needs)


def run_cases(extractor: Any, cases: Iterable[Case]) -> list[Outcome]:
    """Run cases from text to verdict; a text that several cases share is read once."""
    records: dict[str, Any] = {}
    outcomes = []
    for case in cases:
        key = json.dumps([case["text"], case.get("section"), case.get("demographics")])
        if key not in records:
            records[key] = record_of(extractor, case)
        statuses = {c.id: str(c.status) for c in records[key].criteria}
        outcomes.append(outcome_of(case, verdict_of(records[key], case), statuses))
    return outcomes


# --- report ---------------------------------------------------------------------------------


def counts(outcomes: Sequence[Outcome]) -> tuple[int, int, int]:
    """Return how many are right, wrong, and of the wrong how many wrong and confident."""
    right = sum(o.right for o in outcomes)
    return right, len(outcomes) - right, sum(o.confident for o in outcomes)


def describe(outcome: Outcome) -> str:
    """Return a wrong case in a few lines."""
    case = outcome.case
    text = " / ".join(line.strip() for line in case["text"].splitlines()[1:] if line.strip())
    mark = "CONFIDENT " if outcome.confident else ""
    events = json.dumps(case["patient"]["events"], ensure_ascii=False)
    lines = [
        f"{case['id']} {mark}[{outcome.status}] {text or case['text']}",
        f"      expected {case['holds']}, got {outcome.holds} "
        f"(passes {case['passes']}, {outcome.passes}): {case['why']}",
        f"      {events}" + (f"  needs {'; '.join(outcome.needs)}" if outcome.needs else ""),
    ]
    return "\n".join(lines)


def print_report(outcomes: Sequence[Outcome]) -> None:
    """Print the counts of every topic and the wrong cases."""
    for wrong in sorted((o for o in outcomes if not o.right), key=lambda o: not o.confident):
        print(describe(wrong))
    told = [o for o in outcomes if "silent" not in o.case]
    groups = {topic: [o for o in told if o.case["topic"] == topic] for topic in topics(outcomes)}
    groups["(contract silent)"] = [o for o in outcomes if "silent" in o.case]
    groups["expected unknown"] = [o for o in told if o.case["holds"] == "unknown"]
    groups["all"] = told
    print(f"\n{'topic':24}{'cases':>6}{'right':>7}{'wrong':>7}{'confident':>11}{'share':>8}")
    for topic, group in groups.items():
        if group:
            right, wrong, confident = counts(group)
            share = right / len(group)
            print(f"{topic:24}{len(group):6}{right:7}{wrong:7}{confident:11}{share:8.3f}")


def topics(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the topics in the order of the table."""
    return list(dict.fromkeys(o.case["topic"] for o in outcomes))


def main(wanted: Sequence[str]) -> None:
    """Run the table, or the topics and ids wanted, and print the report."""
    from critextract import load

    chosen = [c for c in read_cases() if not wanted or {c["id"], c["topic"]} & set(wanted)]
    print_report(run_cases(load(), chosen))


if __name__ == "__main__":
    main(sys.argv[1:])
