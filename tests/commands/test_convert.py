"""`critextract convert` as a user meets it."""

import gzip
from pathlib import Path

import pytest
from typer.testing import CliRunner

from critextract.cli import app
from critextract.commands.annotated import HOMES, Form, cannot_hold, form_of
from critextract.io.records import dump_record, read_records
from sample_record import sample_record

SHARED = Path(__file__).parents[3] / "shared" / "corpora"


def convert(*args):
    """Return exit code and lines of standard error of a conversion."""
    done = CliRunner().invoke(app, ["convert", *map(str, args)])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.stderr.splitlines()


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text(dump_record(sample_record()) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["x.json", "x.spacy", "x.jsonl", "x.jsonl.gz"])
def test_there_and_back_loses_nothing(tmp_path, source, name):
    assert convert(source, "-o", tmp_path / name)[0] == 0
    assert convert(tmp_path / name, "-o", tmp_path / "back.jsonl")[0] == 0
    assert (tmp_path / "back.jsonl").read_bytes() == source.read_bytes()


@pytest.mark.parametrize("form", ["brat", "cas"])
def test_folders_there_and_back(tmp_path, source, form):
    assert convert(source, "-o", tmp_path / "out", "--to", form)[0] == 0
    assert convert(tmp_path / "out", "-o", tmp_path / "back.jsonl")[0] == 0
    (record,) = read_records(tmp_path / "back.jsonl")
    assert record.mentions == sample_record().mentions
    assert record.criteria == sample_record().criteria


def test_what_cannot_be_held_is_said(tmp_path, source):
    _, said = convert(source, "-o", tmp_path / "out")
    assert said[0].startswith("critextract: brat cannot hold demographics, problems and made_by")
    assert said[-1] == f"critextract: 1 document in {tmp_path / 'out'}"


def test_lost_mentions_are_named(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("gout " * 30)
    (folder / "a.ann").write_text(
        "".join(f"T{n}\tCondition {n * 5} {n * 5 + 4}\tgout\n" for n in range(30))
        + "".join(f"T{n + 30}\tDrug {n * 5} {n * 5 + 3}\tgou\n" for n in range(30))
    )
    code, said = convert(folder, "-o", tmp_path / "x.conll")
    assert code == 0
    assert sum("lost: a: DRUG" in line for line in said) == 20
    assert "critextract: lost: 10 more; --lost FILE names all" in said
    convert(folder, "-o", tmp_path / "x.conll", "--lost", tmp_path / "lost.txt")
    assert len((tmp_path / "lost.txt").read_text().splitlines()) == 30


def test_faults_are_listed_whole_and_nothing_is_written(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name in "ab":
        (folder / f"{name}.txt").write_text("gout")
        (folder / f"{name}.ann").write_text("T1\tDrug 0 9\tgout\nT2\tCondition 0 4\tgout\nhello\n")
    out = tmp_path / "x.jsonl"
    code, said = convert(folder, "-o", out)
    assert code == 2
    places = [line.removeprefix(f"{folder}/").split(": ")[0] for line in said[:-1]]
    assert places == ["a.ann:1", "a.ann:3", "b.ann:1", "b.ann:3"]
    assert said[-1] == "critextract: 4 faults, nothing is written; --lenient leaves it out"
    assert not out.exists()
    assert convert(folder, "-o", out, "--lenient")[0] == 1
    assert [[m.text for m in record.mentions] for record in read_records(out)] == [["gout"]] * 2


def test_faulty_records_are_listed_with_their_line(tmp_path, source):
    good = source.read_text()
    bad = good.replace('"start": 14, "end": 17', '"start": 14, "end": 1700')
    source.write_text(good + bad + "{\n[]\n")
    code, said = convert(source, "-o", tmp_path / "x.json")
    assert code == 2
    assert {line.removeprefix(f"{source}:").split(":")[0] for line in said[:-1]} == {"2", "3", "4"}
    assert "is no range of the text's" in said[0]
    assert convert(source, "-o", tmp_path / "y.jsonl", "--lenient")[0] == 1
    assert (tmp_path / "y.jsonl").read_text() == good


def test_a_rule_over_a_mention_that_was_deleted_is_a_fault(tmp_path, source):
    convert(source, "-o", tmp_path / "out")
    path = tmp_path / "out" / "NCT00000001.ann"
    gone = path.read_text().replace("T14\tMEASUREMENT 100 104\tECOG\n", "")
    gone = "".join(x for x in gone.splitlines(True) if "T14" not in x and "T15" not in x)
    path.write_text(gone)
    code, said = convert(tmp_path / "out", "-o", tmp_path / "x.jsonl")
    assert code == 2
    assert "NCT00000001, criterion I3: its rule names mention m4, which does not exist" in said[0]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        pytest.param(["in.jsonl"], "no output", id="no-output"),
        pytest.param(["-o", "x.json"], "no input", id="no-input"),
        pytest.param(["nothing", "-o", "x.json"], "no such file or folder", id="missing"),
        pytest.param(["in.jsonl", "-o", "x.docx"], "found .docx", id="suffix"),
        pytest.param(["in.jsonl", "-o", "in.jsonl"], "is the input too", id="same"),
        pytest.param(["in.jsonl", "-o", "."], "the folder is not empty", id="full"),
        pytest.param(["in.jsonl", "-o", "in.jsonl", "--to", "cas"], "is the input", id="cas"),
        pytest.param(
            ["in.jsonl", "-o", "x.json", "--from", "label-studio-config"],
            "can only be written",
            id="config",
        ),
        pytest.param(["in.jsonl", "-o", "no/x.json"], "cannot be written", id="no-folder"),
    ],
)
def test_bad_usage_is_one_line(source, monkeypatch, args, message):
    monkeypatch.chdir(source.parent)
    code, said = convert(*args)
    assert code == 2
    assert message in said[-1]
    assert len(said) == 1


def test_an_input_that_cannot_be_read_costs_no_output(tmp_path, source):
    out = tmp_path / "x.json"
    out.write_text("precious")
    source.with_suffix(".json").with_name("bad.json").write_text("{}")
    assert convert(tmp_path / "bad.json", "-o", out, "--lenient")[0] == 2
    assert out.read_text() == "precious"


def test_labelling_configuration_is_written_without_input(tmp_path):
    assert convert("-o", tmp_path / "c.xml", "--to", "label-studio-config")[0] == 0
    assert (tmp_path / "c.xml").read_text().startswith("<View>")


def test_gzipped_records_hold_no_time_of_day(tmp_path, source):
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        convert(source, "-o", tmp_path / name)
    first, second = ((tmp_path / name).read_bytes() for name in ("a.jsonl.gz", "b.jsonl.gz"))
    assert gzip.decompress(first) == source.read_bytes()
    assert first[10:].split(b"\0", 1)[1] == second[10:].split(b"\0", 1)[1]


@pytest.mark.parametrize("form", list(HOMES))
def test_every_form_says_what_it_cannot_hold(form):
    assert all(isinstance(line, str) and line for line in cannot_hold(form))


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.jsonl.gz", Form.records), ("a", Form.brat), ("a.ann", Form.brat), ("a.CONLL", Form.bio)],
)
def test_the_name_tells_the_form(name, form):
    assert form_of(Path(name)) is form


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the corpora in ../shared")
@pytest.mark.parametrize("corpus", ["chia", "lct"])
def test_a_corpus_there_and_back(tmp_path, corpus):
    first, last = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    assert convert(SHARED / corpus / "dev", "-o", first)[0] == 0
    assert convert(first, "-o", tmp_path / "brat")[0] == 0
    assert convert(tmp_path / "brat", "-o", last)[0] == 0
    assert first.read_bytes() == last.read_bytes()
