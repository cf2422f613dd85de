"""CPU seconds of each grammar on hostile lines of 20,000 characters.

``python tests/benchmark_hostile.py [--characters N] [--stage NAME]`` repeats a piece of text to a
line of that length and reads it with each grammar by itself: quantities, temporal, context (whose
mentions are the words of `MENTIONS`, wherever they stand). Printed are the seconds (the best of
three), the numbers and findings, the microseconds of one of them, and ``x2``: how much longer a
line of twice the length takes, which is 2 where the work is linear and 4 where it is quadratic.
Lines marked ``*`` take more than `LIMIT`; one full of numbers or findings may.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Sequence
from typing import Any

from critextract.components.context import load_context
from critextract.components.drafts import Candidate
from critextract.components.quantities import find_quantities
from critextract.components.temporal import find_times
from critextract.schema import Label

LIMIT = 0.1
"""Seconds for a line of 20,000 characters that holds few findings."""
MENTIONS = re.compile(r"\b(?:stroke|asthma|infection|disease|cancer|ALT|surgery|HIV)\b")
NUMBER = re.compile(r"\d+(?:\.\d+)?")

CRITERION = (
    "Patients aged 18 to 65 years with platelets >= 100,000/mm3, ALT <= 2.5 x ULN (<= 5 x ULN if "
    "liver disease), no stroke or infection within 6 months prior to enrolment, and no history of "
    "cancer other than skin cancer in the past 5 years; "
)
SPARSE = (
    "Patients with a history of disease who have been treated by surgery before and whose doctors "
    "believe that they are able to take part in all of the visits and procedures of the trial "
)
PIECES: dict[str, list[Any]] = {
    "nothing": ["a", "I", " ", "a ", ". ", "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}"],
    "digits": ["1", "1,", "1.", "6 ", "12 ", "1,234,", "0.5", "100 000 ", "10^", "1/", "6-", "20/"],
    "signs": ["<", ">= ", "\N{GREATER-THAN OR EQUAL TO} ", "> or ", "+/-", "~", "=", "< 5 "],
    "units": ["mg/dL ", "5 mg/dL ", "/mm3", "m", "x 10^9/L ", "5 %", "x ULN ", "mmHg", "/ ", "mg/"],
    "brackets": ["(", ")", "()", "[", "((5", "(5) ", "( ( "],
    "words": ["the ", "and ", "or ", "I am ", "the quick brown fox ", "x ", "of the ", SPARSE],
    "comparators": [
        "greater than ", "less than or equal to ", "at least ", "no more than ", "between ",
        "from ", "within the ", "minimum of the ", "or older ", "or more ",
    ],
    "limits": ["upper limit of ", "of the normal ", "lower limit of the normal range for the lab ",
               "normal ", "predicted ", "institutional ", "1.5 times the "],
    "ages": ["age ", "age of ", "aged 18 ", "years old ", "18 years or older ", "of age "],
    "scales": [
        "grade ", "stage III ", "class II or ", "0, 1 or ", "I-", "grade 2 or 3, ", "II/III ",
    ],
    "times": [
        "within 6 months ", "within 6 months prior to ", "prior to the first dose of ",
        "history of ", "at the time of the date of ", "six (6) ", "twenty ", "past year ",
        "2 to 4 weeks ", "since ", "for ", "6 months or ", "at least ", "day ", "diagnosis ",
    ],
    "negations": [
        "no ", "not ", "no stroke ", "no stroke or ", "without ", "no history of stroke, ",
        "stroke, ", "stroke or asthma and no ", "(stroke) ", "unless ", "no evidence of ",
        "stroke: no ",
    ],
    "bad ends": [
        (",234", "1,23"), (" 234", "1 2345"), ("1.", "2x"), ("1 x ", "10^"), ("(", "5)"),
        ("the upper limit ", "of"), ("x 10", "^9/L"), ("mg/", "d"), ("and ", "or"), ("grade ", "2"),
        ("within 6 months ", "of"), ("no ", "[X]"), ("age ", "18"), ("1 to ", "2"), ("1-", "2 mg"),
    ],
    "together": [
        "eye 20/20 ", "a week 2 weeks ", "titre 1:160 ", "1/3 of ", "half of the ", "22 0/7 weeks ",
        "more than half ", "at least 4-6 ", "5th-85th ", "BP 160/100 ", "140-159/90-99 ", "3+ ",
        "ECOG 0/1 ", "< 5 or > 7 mg, ", "5 mg/dL (7 mmol/L) ", "positive ", "not elevated ",
    ],
    "nested or": [
        "(asthma or (stroke or ", "5 or (6 or (", "(< 5 or > 7) or ", "either no stroke or ",
    ],
    "criteria": [CRITERION, CRITERION.replace(";", ","), "- " + CRITERION, CRITERION.upper()],
}  # fmt: skip


def candidates_of(text: str) -> list[Candidate]:
    """Return a mention for each of the words of `MENTIONS`."""
    return [Candidate(Label.CONDITION, *m.span(), "model") for m in MENTIONS.finditer(text)]


def _context(text: str) -> Sequence[Any]:
    return load_context().find(text, candidates_of(text))


STAGES: dict[str, Callable[[str], Sequence[Any]]] = {
    "quantities": find_quantities,
    "temporal": find_times,
    "context": _context,
}


def seconds(read: Callable[[str], Sequence[Any]], text: str) -> tuple[float, int]:
    """Return the CPU seconds of the fastest of three readings, and how much is found."""
    best = 1e9
    for _ in range(3):
        started = time.process_time()
        found = len(read(text))
        best = min(best, time.process_time() - started)
    return best, found


def line(piece: str | tuple[str, str], characters: int) -> str:
    """Return the piece repeated to a line of just so many characters, and its end if it has one."""
    again, end = piece if isinstance(piece, tuple) else (piece, "")
    length = characters - len(end)
    return (again * (length // len(again) + 1))[:length] + end


def main() -> None:
    """Print the table, and the lines beyond the limit once more."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--characters", type=int, default=20_000)
    parser.add_argument("--stage", choices=sorted(STAGES), action="append")
    asked = parser.parse_args()
    for stage in asked.stage or STAGES:
        read = STAGES[stage]
        read(CRITERION)  # patterns are compiled at their first use
        slow, worst = 0, 0.0
        print(f"{stage:10} {'seconds':>9} {'numbers':>7} {'found':>6} {'μs each':>7} {'x2':>5}")
        for group, pieces in PIECES.items():
            for piece in pieces:
                text = line(piece, asked.characters)
                spent, found = seconds(read, text)
                half, _ = seconds(read, line(piece, asked.characters // 2))
                numbers = len(NUMBER.findall(text))
                most = max(numbers if stage != "context" else 0, found)
                each = f"{1e6 * spent / most:7.0f}" if most else " " * 7
                shown = piece[:48] if isinstance(piece, str) else " … ".join(piece)
                mark = "*" if spent > LIMIT else " "
                slow, worst = slow + (spent > LIMIT), max(worst, spent)
                print(
                    f"{mark:10} {spent:9.4f} {numbers:7} {found:6} {each} "
                    f"{spent / max(half, 1e-6):5.1f}  {group}: {shown!r}"
                )
        print(f"{stage}: {slow} lines beyond {LIMIT} s, slowest {worst:.3f} s\n")


if __name__ == "__main__":
    main()
