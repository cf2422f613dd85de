"""Usual mistakes: one line that says where, what was found and what was expected; exit code 2."""

import pytest
from typer.testing import CliRunner

from critextract.cli import app
from critextract.errors import reason
from critextract.io.records import dump_record
from sample_record import sample_record

PATIENT = '{"id": "p1", "sex": "male", "birth_date": "1970-01-01", "events": []}\n'
CHECK = ("check", "out.jsonl", "patients.jsonl")
DAY = ("--as-of", "2024-06-01")


@pytest.fixture
def here(tmp_path, monkeypatch):
    (tmp_path / "out.jsonl").write_text(dump_record(sample_record()) + "\n", encoding="utf-8")
    (tmp_path / "patients.jsonl").write_text(PATIENT, encoding="utf-8")
    (tmp_path / "nothing.jsonl").touch()
    (tmp_path / "nothing").mkdir()
    (tmp_path / "picture.zip").write_bytes(b"\x89PNG")
    (tmp_path / "table.csv").write_text("a,b\n")
    (tmp_path / "picture.obo").write_bytes(b"\x89PNG" + bytes(5000))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(CHECK, "--as-of is missing: ages, windows", id="no-day"),
        pytest.param((*CHECK, "--as-of", "1/6/24"), "expected a day as 2024-06-01", id="odd-day"),
        pytest.param(("check", "no.jsonl", "x", *DAY), "no such file or folder", id="no-patients"),
        pytest.param(("check", "no.jsonl", "patients.jsonl", *DAY), "no.jsonl: cannot be read",
                     id="no-records"),
        pytest.param(("check", "patients.jsonl", "out.jsonl", *DAY), "patients.jsonl:1: schema is",
                     id="records-and-patients-exchanged"),
        pytest.param(("check", "out.jsonl", "nothing", *DAY), "nothing: no FHIR in it",
                     id="empty-folder-of-patients"),
        pytest.param((*CHECK, *DAY, "--summary", "a.txt"), "expected a name that ends in .csv",
                     id="summary-suffix"),
        pytest.param((*CHECK, *DAY, "--vocabulary", "no.obo"),
                     "no.obo: vocabulary cannot be read (No such file or directory)",
                     id="no-vocabulary"),
        pytest.param((*CHECK, *DAY, "--vocabulary", "picture.obo"), "can't decode byte 0x89",
                     id="vocabulary-is-a-picture"),
        pytest.param((*CHECK, *DAY, "--reference-ranges", "no.csv"),
                     "no.csv: cannot be read (No such file or directory)", id="no-ranges"),
        pytest.param((*CHECK, *DAY, "-o", "verdicts.csv"), "expected .jsonl as output, found .csv",
                     id="verdicts-are-no-table"),
        pytest.param(("extract", "trials", "-o", "out.json"),
                     "out.json: expected .jsonl, .csv or .parquet as output, found .json",
                     id="records-as-json"),
        pytest.param(("extract", "trials", "-o", "-"), "standard output is written where -o is",
                     id="records-to-a-dash"),
        pytest.param(("show", "nothing.jsonl"), "nothing.jsonl: no records in it", id="show-none"),
        pytest.param(("patients", "nothing.jsonl", "-o", "p.jsonl"),
                     "nothing.jsonl: no records in it", id="boundary-of-nothing"),
        pytest.param(("patients", "out.jsonl", "-o", "p.txt"), "expected .jsonl as output",
                     id="boundary-suffix"),
        pytest.param(("patients", "--sample", "2", "-o", "out.jsonl"),
                     "out.jsonl: is a file, expected a folder", id="sample-into-a-file"),
        pytest.param(("convert", "out.jsonl", "-o", "-"), "not written to standard output",
                     id="convert-to-stdout"),
        pytest.param(("convert", "out.jsonl", "-o", "out.pdf"), "found .pdf, expected",
                     id="convert-suffix"),
        pytest.param(("evaluate", "--gold", "nothing.jsonl", "--pred", "out.jsonl"),
                     "gold: no documents in it", id="gold-is-empty"),
        pytest.param((*CHECK, *DAY, "-o", "out.jsonl"), "out.jsonl: is the input too",
                     id="verdicts-over-records"),
        pytest.param((*CHECK, *DAY, "-o", "patients.jsonl"), "patients.jsonl: is the input too",
                     id="verdicts-over-patients"),
        pytest.param((*CHECK, *DAY, "--summary", "no/a.csv"), "there is no folder no",
                     id="summary-into-nowhere"),
        pytest.param((*CHECK, *DAY, "-o", "nothing"), "nothing: is a folder", id="out-is-a-folder"),
        pytest.param(("extract", "picture.obo", "-o", "picture.obo"), "is the input too",
                     id="records-over-documents"),
        pytest.param(("patients", "out.jsonl", "-o", "out.jsonl"), "out.jsonl: is the input too",
                     id="patients-over-records"),
        pytest.param(("convert", "nothing.jsonl", "-o", "p.json"), "no documents in it",
                     id="convert-nothing"),
        pytest.param(("convert", "out.jsonl", "-o", "p.zip"), "cas is written to a folder",
                     id="convert-to-a-zip"),
        pytest.param(("convert", "picture.zip", "-o", "p.jsonl"), "picture.zip: no zip archive",
                     id="convert-no-zip"),
        pytest.param(("gold", "nothing"), "nothing: no .sheet files in it", id="no-sheets"),
        pytest.param(("annotations", "pair", "nothing"), "nothing: no sheets/*.sheet in it",
                     id="no-pairs"),
        pytest.param(("evaluate", "--gold", "out.jsonl", "--pred", "out.jsonl", "--json", "no/f"),
                     "no/f: cannot be written, there is no folder no", id="figures-into-nowhere"),
        pytest.param(("schema", "rule"), "'kind': 'rule' is not one of 'record'", id="schema-kind"),
        pytest.param(("validate", "table.csv"), "table.csv: a table; only JSON Lines",
                     id="validate-a-table"),
        pytest.param(("gold", "no.sheet"), "no.sheet: cannot be read (No such file or directory)",
                     id="no-sheet"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("here")
def test_a_mistake_costs_one_line(args, said):
    result = CliRunner().invoke(app, list(args))
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert len(result.stderr) < 300


@pytest.mark.usefixtures("here")
def test_records_are_no_patients():
    result = CliRunner().invoke(app, ["check", "out.jsonl", "out.jsonl", *DAY])
    assert result.exit_code == 2
    assert "out.jsonl:1: is a record of criteria, expected a patient" in result.stderr


@pytest.mark.parametrize("args", [[], ["annotations"]])
def test_without_a_command_the_help_is_shown_as_it_is(args):
    result = CliRunner().invoke(app, args)
    assert result.exit_code == 2
    assert "\nCommands:\n" in result.stderr


def test_only_what_can_be_resumed_says_so(here):
    result = CliRunner().invoke(app, [*CHECK, *DAY, "-o", str(here / "no" / "verdicts.jsonl")])
    assert result.exit_code == 2
    assert "cannot be written, there is no folder" in result.stderr
    assert "--resume" not in result.stderr


@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param(FileNotFoundError(2, "No such file or directory"),
                     "No such file or directory", id="system"),
        pytest.param(KeyError("model"), "KeyError: 'model'", id="key"),
        pytest.param(UnicodeDecodeError("utf-8", bytes(9000), 7, 8, "invalid start byte"),
                     "UnicodeDecodeError: 'utf-8' codec can't decode byte 0x00 in position 7: "
                     "invalid start byte", id="decoding-without-the-bytes"),
    ],
)  # fmt: skip
def test_reason(error, said):
    assert reason(error) == said
