"""`critextract check`: files, exit codes, reasons, attrition."""

import csv
import io
import json
import subprocess
import sys

import pytest

from critextract.errors import InputError
from critextract.io.validate import validate_file
from critextract.patients.attrition import Attrition
from critextract.patients.check import Checker, parse_as_of
from critextract.patients.ranges import read_reference_ranges
from critextract.patients.reasons import SCREEN, event_words, render_verdict
from critextract.rules import AnyOf, Is
from critextract.schema import Criterion, Record, to_dict
from small_rules import AS_OF, event, mention, patient, record, value

GOUT = {"domain": "condition", "name": "gout", "start": "2020-01-01"}


@pytest.fixture
def files(tmp_path):
    made = record(mention("m1", "CONDITION", "gout"), section="exclusion", more=(
        Criterion("I2", "inclusion", None, 0, 3, "one", None, Is("m2"), "exact"),))  # fmt: skip
    age = mention("m2", "PERSON", "age", value(low="18", unit="a"))
    made = Record(made.id, made.text, criteria=made.criteria, mentions=(*made.mentions, age))
    (tmp_path / "records.jsonl").write_text(json.dumps(to_dict(made)) + "\n")
    patients = [
        {"id": "a", "birth_date": "1970-01-01", "events": [GOUT]},
        {"id": "b", "birth_date": "1970-01-01"},
        {"id": "c"},
        {"id": "d", "birth_date": "2020-01-01"},
    ]
    (tmp_path / "patients.jsonl").write_text("".join(json.dumps(p) + "\n" for p in patients))
    return tmp_path


def run(folder, *args):
    start = [sys.executable, "-c", "from critextract.cli import app; app()", "check"]
    command = [*start, "records.jsonl", "patients.jsonl"]
    return subprocess.run(
        [*command, *args], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


def test_verdicts_are_written_one_a_line_and_are_valid(files):
    done = run(files, "--as-of", AS_OF, "-o", "verdicts.jsonl")
    said = "critextract: 4 patients, 1 trial: 1 eligible, 2 ineligible, 1 unknown\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, "", said)
    lines = [json.loads(line) for line in (files / "verdicts.jsonl").read_text().splitlines()]
    found = [(line["patient"], line["verdict"]) for line in lines]
    assert found == [("a", "ineligible"), ("b", "eligible"), ("c", "unknown"), ("d", "ineligible")]
    assert not [fault for line in validate_file(files / "verdicts.jsonl") for fault in line.faults]


def test_without_a_day_it_says_why_one_is_needed(files):
    done = run(files)
    assert done.returncode == 2
    assert "--as-of is missing: ages, windows" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_faulty_patient_is_named_and_the_others_decided(files):
    with (files / "patients.jsonl").open("a") as file:
        file.write('{"id": "e", "birth_date": "1970-99-01"}\n{"id": "f"}\n')
    done = run(files, "--as-of", AS_OF)
    assert done.returncode == 1
    assert "patients.jsonl:5: patient 'e'" in done.stderr
    assert len(done.stdout.splitlines()) == 5


def test_no_patient_at_all_is_exit_code_2(files):
    (files / "patients.jsonl").write_text("{}\n")
    assert run(files, "--as-of", AS_OF).returncode == 2


def test_reasons_and_summary(files):
    done = run(files, "--as-of", AS_OF, "--explain", "--summary", "attrition.csv")
    assert done.returncode == 0
    assert "✗ I1 (exclusion, holds)" in done.stdout
    assert "gout since 2020-01-01" in done.stdout
    assert "needs: date of birth" in done.stdout
    rows = list(csv.DictReader((files / "attrition.csv").read_text().splitlines()))
    assert [(r["criterion"], r["removed_alone"], r["unknown_alone"]) for r in rows] == [
        ("I1", "1", "0"), ("I2", "1", "1"),
    ]  # fmt: skip
    assert [(r["entering"], r["removed"], r["left"], r["unknown_of_left"]) for r in rows] == [
        ("4", "1", "3", "0"), ("3", "1", "2", "1"),
    ]  # fmt: skip
    assert (files / "attrition.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (files / "attrition.svg").read_bytes()


def test_a_summary_must_be_a_csv(files):
    done = run(files, "--as-of", AS_OF, "--summary", "attrition.png")
    assert (done.returncode, "ends in .csv" in done.stderr) == (2, True)


def test_one_patient_takes_one_screen():
    from rich.console import Console

    texts = [Criterion(f"I{n}", "inclusion", None, 0, 3, "one", None, Is("m1"), "exact")
             for n in range(60)]  # fmt: skip
    made = record(mention("m1", "CONDITION", "gout"), more=tuple(texts[2:]))
    checker = Checker(parse_as_of(AS_OF))
    verdict = checker.trial(made).verdict(checker.chart(patient()))
    screen = Console(width=100, record=True, file=io.StringIO())
    screen.print(render_verdict(verdict, patient(), made))
    said = screen.export_text()
    assert len(said.splitlines()) <= SCREEN
    assert "more that do not pass or are unknown" in said


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (event("measurement", "CRP", "2024-05", value="<5", unit="mg/L"), "CRP <5 mg/L on 2024-05"),
        (event("condition", "gout", "2020-01-01"), "gout since 2020-01-01"),
        (event("condition", "gout", "2020-01-01", "2020-02-01"),
         "gout from 2020-01-01 to 2020-02-01"),
        (event("procedure", "dialysis"), "dialysis (no day)"),
    ],
)  # fmt: skip
def test_event_words(made, expected):
    assert event_words(patient(made).events[0]) == expected


def test_attrition_counts_what_is_left_in_sequence():
    gout, asthma = mention("m1", "CONDITION", "gout"), mention("m2", "CONDITION", "asthma")
    made = record(gout, asthma, rule=AnyOf((Is("m1"), Is("m2"))))
    checker = Checker(parse_as_of(AS_OF))
    trial, counted = checker.trial(made), Attrition(made)
    for who in (patient(), patient(GOUT)):
        counted.add(trial.verdict(checker.chart(who)))
    (step,) = counted.steps()
    assert (step.patients, step.removed_alone, step.removed, step.left) == (2, 1, 1, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("what,low\nx,1\n", "expected a csv file with columns"),
        ("name,low,high\nALT,,\n", "ranges.csv:2: 'ALT' has none of low, high, mean"),
        ("name,low,high\nALT,x,1\n", "expected numbers"),
        ("name,low,high,sex\nALT,1,2,boy\n", "male, female or no sex"),
    ],
)
def test_reference_ranges_that_are_none(tmp_path, text, said):
    path = tmp_path / "ranges.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=r"ranges\.csv") as caught:
        read_reference_ranges(path)
    assert said in str(caught.value)


def test_reference_ranges_are_found_by_any_name(tmp_path):
    path = tmp_path / "ranges.csv"
    path.write_text("name,low,high,unit\nalanine aminotransferase,7,40,U/L\n")
    found = read_reference_ranges(path).of("ALT", "female")
    assert (found.high, found.unit) == (40, "U/L")
