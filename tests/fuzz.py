"""Random criteria-like and hostile texts through the whole pipeline.

``python tests/fuzz.py --inputs 1000000 --seed 1 --jobs 2`` prints each input that crashes, hangs
or breaks an invariant, with the number that makes it again (``--first N --inputs 1``).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time

from critextract.engines.pool import Done, run_in_order
from critextract.io.invariants import record_faults
from critextract.io.items import Document
from critextract.io.records import dump_record
from critextract.schema import from_dict

HEADINGS = (
    "Inclusion Criteria:", "EXCLUSION CRITERIA", "Key Inclusion", "Exclusion criteria (any of)",
    "Cohort B:", "Eligible patients must", "General:", "- Inclusion -", "Exclusion:Exclusion:",
)  # fmt: skip
MARKS = (
    "\n", "\n", "\n\n", "\r\n", "\n  - ", "\n* ", "\n1. ", "\n2) ", "\n   a) ", "\n(iv) ", "\n\t• ",
    " ", " ", "; ", ", ", ". ", ": ", " (", ") ", "[", "]", "/", " - ", "\\>", "\\[", "'", '"', "…",
)  # fmt: skip
WORDS = (
    "No", "not", "history of", "without", "within", "prior to", "before", "after", "during",
    "any of", "the following:", "at least", "two", "2 of", "all of", "one or more of", "unless",
    "except", "other than", "if", "or", "and", "and/or", "either", "neither", "nor", "who",
    "patients with", "men", "women", "aged", "Age", "years old", "or older", "AST", "ALT",
    "platelet count", "ECOG", "HbA1c", "BMI", "LVEF", "QTc", "blood pressure", "hemoglobin",
    "creatinine", "ULN", "upper limit of normal", "x", "×", "times", "stroke", "diabetes",
    "metformin", "chemotherapy", "liver metastases", "family history of", "planned", "known",
    "suspected", "active", "positive", "negative", "pregnant", "screening", "enrollment",
    "first dose", "half-lives", "consent", "in the opinion of the investigator", "grade", "stage",
    "NYHA class", "hepatitis B", "ml/min",
)  # fmt: skip
NUMBERS = (
    "0", "1", "2.5", "18", "18-75", "1,500", "100.000", "10^9/L", "10⁹", "x109/L", "1.5 x", "II-IV",
    "IIIB", "≥", "≤", "<", ">", "=", "<=", ">=", "+/-", "%", "mg/dL", "µmol/L", "mmHg", "160/100",
    "days", "weeks", "months", "years", "between", "to", "-", "–", "1e999", "0.0.0", "½", "٣",
    "1/0", "999999999999999999999999", "-5", "kg/m2", "/mm3", "cells/µL", "g/dL", "hours", "NaN",
)  # fmt: skip
HOSTILE = (
    "\u202e", "\u200b", "\ufeff", "\u0301", "\x00", "\x1b[31m", "\x85", "\u2028", "\U0001f9ec", "ﬁ",
    "اختبار", "试验", "İ", "ß", "((((((", "))))))", "\\\\\\\\", "*" * 30, "." * 40, "-" * 50,
    "\t" * 9, "<script>", "&lt;", "%s%n", "{}", "A" * 300, "a b " * 60, "1 " * 80, "no " * 40,
    "or " * 40, "\n" * 20, "(a) " * 30, "≥" * 20, "“”‘’",
)  # fmt: skip
KINDS = (
    ((MARKS, 6), (WORDS, 10), (NUMBERS, 8), (HEADINGS, 1)),
    ((MARKS, 4), (WORDS, 4), (NUMBERS, 4), (HEADINGS, 1), (HOSTILE, 3)),
    ((MARKS, 1), (WORDS, 2), (NUMBERS, 8)),
    ((HOSTILE, 5), (MARKS, 2), (NUMBERS, 1)),
)
"""Mixtures of the fragments above with their weights."""


def make_text(seed: int, number: int) -> str:
    """Return input `number` of a run; the same seed and number give the same text."""
    chance = random.Random(f"{seed}:{number}")
    fragments, weights = zip(*chance.choice(KINDS), strict=True)
    length = int(chance.paretovariate(1.2) * 6)
    parts: list[str] = []
    for _ in range(min(length, 400)):
        parts.append(chance.choice(chance.choices(fragments, weights)[0]))
        parts.append(chance.choice(("", " ", " ")))
    return "".join(parts)


def check(record, text):
    """Raise AssertionError where the record breaks what must hold of every record."""
    faults = list(record_faults(record))
    assert not faults, "; ".join(faults[:3])
    assert record.text == text, "the text was changed"
    line = dump_record(record)
    assert "\n" not in line, "a record of two lines"
    assert dump_record(from_dict(json.loads(line))) == line, "a record that does not read back"


def run(extractor, inputs: int, seed: int, first: int, jobs: int) -> int:
    """Return how many of the inputs failed; each is printed."""

    def work(document: Document) -> bytes:
        check(extractor.extract(document.text), document.text)
        return b""

    texts = ((n, make_text(seed, n)) for n in range(first, first + inputs))
    documents = (Document(str(n), text, None, None, (), "fuzz") for n, text in texts)
    failed = 0
    started = time.monotonic()
    for count, (item, outcome) in enumerate(run_in_order(documents, work, jobs=jobs), start=1):
        if not isinstance(outcome, Done):
            failed += 1
            print(f"input {item.id}: {outcome.reason}\n  {item.text!r:.600}", flush=True)
        if count % 10_000 == 0:
            rate = count / (time.monotonic() - started)
            print(f"{count} inputs, {failed} failed, {rate:.0f} a second", file=sys.stderr)
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    from critextract import load

    failed = run(load(), options.inputs, options.seed, options.first, options.jobs)
    print(f"{options.inputs} inputs, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
