"""`evaluate`, `compare` and `agreement` as a user meets them."""

import csv
import io
import json
from dataclasses import replace

import pytest
from scoring_cases import mention, one_criterion, value
from typer.testing import CliRunner

from critextract.cli import app
from critextract.io.records import dump_record
from critextract.rules import Is, Not
from critextract.schema import Record

TEXT = "Hb >= 9 g/dL and no stroke"


def record(name="d1", low=9, stroke="CONDITION"):
    hb = mention(
        TEXT, "Hb", "MEASUREMENT", values=(value(TEXT, ">= 9 g/dL", low=low, unit="g/dL"),)
    )
    other = mention(TEXT, "stroke", stroke, number=2)
    return one_criterion(TEXT, [hb, other], Is("m1"), name=name)


def run(*args):
    return CliRunner().invoke(app, [str(arg) for arg in args])


def write(path, *records):
    path.write_text("".join(dump_record(one) + "\n" for one in records), encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path):
    return (
        write(tmp_path / "gold.jsonl", record("d1"), record("d2")),
        write(tmp_path / "pred.jsonl", record("d1"), record("d2", low=8)),
    )


def test_table_json_and_csv(files, tmp_path):
    gold, pred = files
    out, table = tmp_path / "f.json", tmp_path / "f.csv"
    done = run("evaluate", "--gold", gold, "--pred", pred, "--json", out, "--csv", table)
    assert done.exit_code == 0
    assert "mentions.strict" in done.stdout
    assert "of 2 rules called exact, 1 are: 0.500" in done.stdout
    body = json.loads(out.read_text())
    assert body["tasks"]["values.number"]["micro"]["f1"] == 0.5
    assert body["tasks"]["values"]["errors"][0]["errors"] == ["number"]
    assert body["tasks"]["attributes.negated"]["micro"]["f1"] is None
    rows = list(csv.DictReader(io.StringIO(table.read_text())))
    number = next(r for r in rows if (r["task"], r["label"]) == ("values.number", "(micro)"))
    assert (number["support"], number["tp"], number["f1"]) == ("2", "1", "0.5")
    assert next(r for r in rows if r["task"] == "attributes.negated")["f1"] == ""


def test_the_same_bytes_each_time(files, tmp_path):
    gold, pred = files
    outs = [tmp_path / "1.json", tmp_path / "2.json"]
    for out in outs:
        run("evaluate", "--gold", gold, "--pred", pred, "--json", out)
    assert outs[0].read_bytes() == outs[1].read_bytes()


@pytest.mark.parametrize(("asked", "code"), [
    ("mentions.strict=1", 0), ("values.number=0.5", 0), ("values.number=0.51", 1),
    ("attributes.negated=0.1", 1),  # undefined is no pass
    ("mentions=0.9", 2), ("nonsense=0.9", 2), ("mentions.strict", 2), ("mentions.strict=2", 2),
])  # fmt: skip
def test_fail_under(files, asked, code):
    done = run("evaluate", "--gold", files[0], "--pred", files[1], "--fail-under", asked)
    assert done.exit_code == code
    if code:
        assert asked.partition("=")[0] in done.stderr


@pytest.mark.parametrize(("task", "code", "there"), [
    ("mentions", 0, "mentions.overlapping"), ("rules.own", 0, "rules.own"), ("value", 2, None),
])  # fmt: skip
def test_tasks_and_families(files, task, code, there):
    done = run("evaluate", "--gold", files[0], "--pred", files[1], "--task", task)
    assert done.exit_code == code
    table = done.stdout.partition("not annotated")[0]
    assert there is None or there in table
    assert "sections" not in table


def test_missing_and_changed_documents_are_named(files, tmp_path):
    changed = replace(record("d2"), text=TEXT + "!")
    pred = write(tmp_path / "other.jsonl", changed)
    done = run("evaluate", "--gold", files[0], "--pred", pred)
    assert done.exit_code == 1
    assert "d1: no prediction" in done.stderr
    assert "d2: predicted from another text" in done.stderr


def test_faults_of_records_are_listed_at_once(tmp_path, files):
    sound = json.loads(dump_record(record()))
    lines = []
    for change in (
        {"end": 900},
        {"text": "Hg"},
        {"label": "DISEASE"},
    ):
        body = json.loads(json.dumps(sound))
        body["mentions"][0] |= change
        body["id"] = f"d{len(lines)}"
        lines.append(json.dumps(body))
    body = json.loads(json.dumps(sound))
    body["criteria"][0]["rule"] = {"op": "is", "mention": "m9"}
    gold = tmp_path / "bad.jsonl"
    gold.write_text("\n".join([*lines, json.dumps(body)]) + "\n")
    done = run("evaluate", "--gold", gold, "--pred", files[1])
    assert done.exit_code == 2
    for number in (1, 2, 3, 4):
        assert f"{gold}:{number}: " in done.stderr
    assert "Traceback" not in done.stderr
    skipped = run("evaluate", "--gold", gold, "--pred", files[1], "--skip-faults")
    assert skipped.exit_code == 2  # nothing is left of the file


ANN = (
    "T1\tCondition 0 6\tstroke\n"
    "T2\tCondition 11 900\tasthma\n"
    "T3\tCondition 11 17\tastma\n"
    "T4\tDisease 11 17\tasthma\n"
    "R1\tHas_value Arg1:T1 Arg2:T9\n"
)


@pytest.fixture
def brat(tmp_path):
    folder = tmp_path / "brat"
    folder.mkdir()
    (folder / "d1.txt").write_bytes(b"stroke or\r\nasthma\r\n")
    (folder / "d1.ann").write_text(ANN)
    return folder


def test_faults_of_annotations_are_listed_at_once(brat, tmp_path):
    pred = write(tmp_path / "p.jsonl", Record("d1", "stroke or\r\nasthma\r\n"))
    done = run("evaluate", "--gold", brat, "--pred", pred)
    assert done.exit_code == 2
    for number in (2, 3, 4, 5):
        assert f"{brat / 'd1.ann'}:{number}: " in done.stderr
    assert f"{brat / 'd1.ann'}:1: " not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert all(line.startswith("critextract: ") for line in lines)
    skipped = run("evaluate", "--gold", brat, "--pred", pred, "--skip-faults")
    assert skipped.exit_code == 0
    assert "mentions.strict" in skipped.stdout


def test_windows_line_ends_count_as_two(brat, tmp_path):
    (brat / "d1.ann").write_text("T1\tCondition 0 6\tstroke\nT2\tCondition 11 17\tasthma\n")
    text = "stroke or\r\nasthma\r\n"
    found = (mention(text, "stroke"), mention(text, "asthma", number=2))
    pred = write(tmp_path / "p.jsonl", one_criterion(text, found, Is("m1")))
    done = run("evaluate", "--gold", brat, "--pred", pred, "--fail-under", "entity=1")
    assert done.exit_code == 0, done.stderr
    assert "spans" in done.stdout
    assert "rules.own" in done.stdout.partition("not annotated")[2]


def test_annotations_against_themselves(brat):
    (brat / "d1.ann").write_text("T1\tCondition 0 6\tstroke\nT2\tCondition 11 17\tasthma\n")
    done = run("evaluate", "--gold", brat, "--pred", brat, "--fail-under", "entity=1",
               "--fail-under", "mentions.strict=1")  # fmt: skip
    assert done.exit_code == 0


@pytest.mark.parametrize("bad", ["nothing.jsonl", "empty"])
def test_what_is_no_annotation(files, tmp_path, bad):
    (tmp_path / "empty").mkdir()
    done = run("evaluate", "--gold", tmp_path / bad, "--pred", files[1])
    assert done.exit_code == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert bad in done.stderr


def test_compare(files, tmp_path):
    gold, pred = files
    out, table = tmp_path / "c.json", tmp_path / "c.csv"
    done = run("compare", gold, pred, "--gold", gold, "--json", out, "--csv", table)
    assert done.exit_code == 0
    body = json.loads(out.read_text())["tasks"]["values"]
    assert (body["difference"], body["both"], len(body["only_a"])) == (0.5, 1, 1)
    assert body["only_a"][0]["document"] == "d2"
    assert body["p"] > 0.4
    assert "values" in table.read_text()


def test_agreement(files, tmp_path):
    out = tmp_path / "a.json"
    one = write(tmp_path / "one.jsonl", record("d1"), record("d2"), record("d3"))
    two = write(tmp_path / "two.jsonl", record("d1"), record("d2", stroke="DRUG"))
    done = run("agreement", one, two, "--json", out)
    assert done.exit_code == 0
    body = json.loads(out.read_text())
    assert body["documents"] == ["d1", "d2"]
    strict = body["tasks"]["mentions.strict"]["micro"]
    assert (strict["support"], strict["predicted"], strict["f1"]) == (4, 4, 0.75)
    label = body["coefficients"]["mentions.label"]
    assert (label["things"], label["observed"]) == (4, 0.75)
    assert 0 < label["kappa"] < 0.75
    assert "documents of A only: 1, first d3" in done.stderr
    alone = run("agreement", files[0], write(tmp_path / "x.jsonl", record("x")))
    assert alone.exit_code == 2


def test_negated_mentions_of_a_rule(tmp_path):
    """A rule that lost its negation is not gold's, and is told from one that has it."""
    stroke = mention(TEXT, "stroke", negated=True)
    gold = write(tmp_path / "g.jsonl", one_criterion(TEXT, [stroke], Not((Is("m1"),))))
    pred = write(
        tmp_path / "p.jsonl", one_criterion(TEXT, [replace(stroke, negated=False)], Is("m1"))
    )
    done = run("evaluate", "--gold", gold, "--pred", pred, "--json", tmp_path / "f.json")
    assert done.exit_code == 0
    tasks = json.loads((tmp_path / "f.json").read_text())["tasks"]
    assert tasks["rules.own"]["errors"][0]["errors"] == ["sign"]
    assert tasks["mentions.strict"]["micro"]["f1"] == 1
