"""The hand annotations: sheets without mistakes, gold that agrees with them, labels of the code."""

import gzip
import json
import re
import shutil
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from critextract import schema
from critextract.cli import app
from critextract.errors import AnnotationFaults, InputError
from critextract.io.annotations import add_pairs, check_annotations
from critextract.io.records import read_records
from critextract.io.sheets import SPLITS, gold_line, read_sheet, read_sheets
from critextract.io.validate import validate_file

FOLDER = Path(__file__).parents[1] / "annotations"
CORPORA = Path(__file__).parents[2] / "shared" / "corpora"


@pytest.fixture(scope="module")
def sheets():
    read, faults = read_sheets([FOLDER / "sheets"])
    assert faults == []
    return read


def test_gold_is_what_the_sheets_say(sheets):
    written = {s: FOLDER / "gold" / f"{s}.jsonl" for s in SPLITS}
    found = {s: p.read_text("utf-8").splitlines() for s, p in written.items() if p.exists()}
    made = {}
    for sheet in sorted(sheets, key=lambda s: s.record.id):
        made.setdefault(sheet.split, []).append(gold_line(sheet))
    assert found == made, "run: critextract gold annotations/sheets -o annotations/gold"


@pytest.mark.parametrize("path", sorted((FOLDER / "gold").glob("*.jsonl")), ids=lambda p: p.stem)
def test_gold_is_valid_and_read_as_records(path, sheets):
    assert [line for line in validate_file(path, "record") if line.faults] == []
    by_id = {sheet.record.id: sheet.record for sheet in sheets}
    assert all(record == by_id[record.id] for record in read_records(path))


def test_the_second_pass_is_without_mistakes_and_on_the_same_texts(sheets):
    second, faults = read_sheets([FOLDER / "second"])
    assert faults == []
    assert len(second) >= 10
    first = {sheet.record.id: sheet for sheet in sheets}
    for sheet in second:
        other = first[sheet.record.id]
        assert (sheet.record.text, sheet.area, sheet.split) == (
            other.record.text, other.area, other.split
        )  # fmt: skip


def test_both_passes_are_kept_as_they_stood():
    second, _ = read_sheets([FOLDER / "second"])
    kept = {s: FOLDER / "agreement" / f"{s}.jsonl" for s in ("first", "second")}
    lines = kept["second"].read_text("utf-8").splitlines()
    assert lines == [gold_line(sheet) for sheet in second]
    records = {side: list(read_records(path)) for side, path in kept.items()}
    assert [(r.id, r.text) for r in records["first"]] == [(r.id, r.text) for r in records["second"]]


def test_everything_is_right_at_once(sheets):
    found = check_annotations(FOLDER)
    assert found.faults == ()
    assert found.sections == len(sheets)


def test_a_sheet_is_named_by_its_id():
    for path in (FOLDER / "sheets").glob("*.sheet"):
        sheet, _ = read_sheet(path.read_text("utf-8"), str(path))
        assert sheet is None or sheet.record.id == path.stem


def test_labels_are_those_of_the_code():
    said = json.loads((FOLDER / "labels.json").read_text("utf-8"))
    assert said == {
        "label": [str(label) for label in schema.Label],
        "section": list(get_args(schema.Section)),
        "status": list(get_args(schema.Status)),
        "modality": list(get_args(schema.Modality)),
        "experiencer": list(get_args(schema.Experiencer)),
        "period": list(get_args(schema.Period)),
        "qualifier": list(get_args(schema.QualifierKind)),
        "component": ["systolic", "diastolic"],
        "relative_to": list(get_args(schema.RelativeTo)),
        "window_role": list(get_args(schema.WindowRole)),
        "direction": list(get_args(schema.Direction)),
        "join": list(get_args(schema.Join)),
    }


def test_the_example_of_the_readme_is_read():
    readme = (FOLDER / "README.md").read_text("utf-8")
    example = re.search(r"```\n(\| id .*?)\n```", readme, re.DOTALL)[1]
    sheet, faults = read_sheet(example, "README")
    assert faults == []
    assert len(sheet.record.criteria) == 7


def test_the_guidelines_explain_every_label_and_attribute():
    text = (FOLDER / "guidelines.md").read_text("utf-8")
    rows = [row for row in text.splitlines() if row.startswith("|")]
    said = json.loads((FOLDER / "labels.json").read_text("utf-8"))
    wanted = {
        name for key, names in said.items() if key not in ("section", "join") for name in names
    }
    assert {name for name in wanted if not any(name in row.split("|")[1] for row in rows)} == set()
    assert [
        row
        for row in rows
        if len(row.split("|")) > 4 and "" in map(str.strip, row.split("|")[1:-1])
    ] == []


@pytest.mark.parametrize(
    ("written", "code", "said"),
    [
        ('| id A\n| area x\n| split dev\ngout\n| I1\n| CONDITION "gout"\n', 0, "1 criteria"),
        (
            '| id A\n| area x\n| split dev\ngout\n| I1\n| CONDITION "goat"\n',
            2,
            ":6: I1: characters",
        ),
        ("", 2, "no line of annotation"),
    ],
)
def test_the_command_lists_mistakes_and_writes_nothing_then(tmp_path, written, code, said):
    (tmp_path / "A.sheet").write_text(written, encoding="utf-8")
    out = tmp_path / "gold"
    done = CliRunner().invoke(app, ["gold", str(tmp_path), "-o", str(out)])
    assert done.exit_code == code
    assert said in done.output
    assert out.exists() == (code == 0)


def test_half_of_a_file_that_is_no_text_is_one_line(tmp_path):
    (tmp_path / "A.sheet").write_bytes(b"\xff\xfe")
    done = CliRunner().invoke(app, ["gold", str(tmp_path)])
    assert done.exit_code == 2
    assert "cannot be read" in done.output


# --- the check of a folder ----------------------------------------------------------------------

SHEET = '| id {id}\n| area x\n| split dev\ngout, age\n| I1\n| CONDITION "gout"\n'


@pytest.fixture
def folder(tmp_path):
    """A folder of annotations without a fault: A, annotated twice, and B."""
    for name, ids in (("sheets", "AB"), ("second", "A")):
        (tmp_path / name).mkdir()
        for one in ids:
            (tmp_path / name / f"{one}.sheet").write_text(SHEET.format(id=one), encoding="utf-8")
    shutil.copy(FOLDER / "labels.json", tmp_path)
    runner = CliRunner()
    runner.invoke(app, ["gold", str(tmp_path / "sheets"), "-o", str(tmp_path / "gold")])
    both = (tmp_path / "gold" / "dev.jsonl").read_text("utf-8")
    (tmp_path / "agreement").mkdir()
    for side in ("first", "second"):
        line = both.splitlines()[0]
        (tmp_path / "agreement" / f"{side}.jsonl").write_text(f"{line}\n", encoding="utf-8")
    return tmp_path


def checked(folder):
    return CliRunner().invoke(app, ["annotations", "check", str(folder)])


def test_a_folder_without_a_fault(folder):
    done = checked(folder)
    assert done.exit_code == 0, done.output
    assert "2 sections, 2 criteria, 1 annotated twice, 0 faults" in done.output


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("sheets/A.sheet", '"gout"', '"goat"', "sheets/A.sheet:6: I1: characters not found"),
        ("sheets/A.sheet", "id A", "id C", "A.sheet: its id is 'C', expected 'A'"),
        ("sheets/B.sheet", "CONDITION", "DRUG", "dev.jsonl:2: B is not what its sheet says"),
        ("sheets/B.sheet", "split dev", "split test", "dev.jsonl:2: B is of the part 'test'"),
        ("second/A.sheet", '"gout"', '"goat"', "second/A.sheet:6: I1: characters not found"),
        ("second/A.sheet", "gout, age", "gout, sex", "its text or split is not that of"),
        ("second/A.sheet", "CONDITION", "DRUG", "second.jsonl:1: A is not what its sheet says"),
        ("gold/dev.jsonl", '"CONDITION"', '"ILLNESS"', "dev.jsonl:1: "),
        ("gold/dev.jsonl", '"id": "B"', '"id": "C"', "dev.jsonl:2: no sheet is named 'C'"),
        ("gold/dev.jsonl", '"id": "B"', '"id": "C"', "gold: B is not in it; run critextract gold"),
        ("gold/dev.jsonl", '{"', '["', "dev.jsonl:1: no JSON"),
        ("agreement/first.jsonl", '"id": "A"', '"id": "B"', "1: B was not annotated twice"),
        ("agreement/first.jsonl", '"id": "A"', '"id": "B"', "first.jsonl: A is not in it"),
        ("labels.json", '"VISIT"', '"STAY"', "labels.json: label is"),
        ("labels.json", '"join"', '"joins"', "labels.json: joins is"),
    ],
)
def test_a_fault_is_listed_with_its_file(folder, file, old, new, said):
    path = folder / file
    written = path.read_text("utf-8")
    assert old in written
    path.write_text(written.replace(old, new), encoding="utf-8")
    done = checked(folder)
    assert done.exit_code == 2
    assert said in done.output


def test_all_faults_are_listed_at_once(folder):
    for name in ("sheets/A.sheet", "second/A.sheet"):
        path = folder / name
        path.write_text(path.read_text("utf-8").replace('"gout"', '"goat"'), encoding="utf-8")
    (folder / "labels.json").write_text("{}", encoding="utf-8")
    done = checked(folder)
    for said in ("sheets/A.sheet:6", "second/A.sheet:6", "labels.json: label is None"):
        assert said in done.output


def test_pairs_are_added_once_and_stay_as_they_stood(folder):
    kept = [folder / "agreement" / f"{side}.jsonl" for side in ("first", "second")]
    before = [path.read_text("utf-8") for path in kept]
    first = folder / "sheets" / "A.sheet"
    first.write_text(first.read_text("utf-8").replace("CONDITION", "DRUG"), encoding="utf-8")
    shutil.copy(folder / "sheets" / "B.sheet", folder / "second")
    done = CliRunner().invoke(app, ["annotations", "pair", str(folder)])
    assert (done.exit_code, "1 added: B" in done.output) == (0, True)
    after = [path.read_text("utf-8") for path in kept]
    assert [a.splitlines()[0] + "\n" for a in after] == before
    assert [len(a.splitlines()) for a in after] == [2, 2]
    assert add_pairs(folder) == []
    assert [path.read_text("utf-8") for path in kept] == after


def test_a_second_pass_without_a_first_is_not_kept(folder):
    shutil.move(folder / "sheets" / "A.sheet", folder / "A.sheet")
    with pytest.raises(AnnotationFaults, match="no A without mistakes"):
        add_pairs(folder)


@pytest.mark.parametrize(
    ("remove", "said"),
    [("sheets", "expected a folder of annotations"), ("labels.json", "cannot be read")],
)
def test_what_is_no_folder_of_annotations_is_one_line(folder, remove, said):
    path = folder / remove
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(InputError, match=said):
        check_annotations(folder)


WORD = re.compile(r"[a-z0-9]+(?:\.\d+)?")
IN_A_ROW = 10
"""Words in a row that a text of the project may not share with a text of the corpora."""


def runs(text):
    words = WORD.findall(text.lower())
    return {" ".join(words[i : i + IN_A_ROW]) for i in range(len(words) - IN_A_ROW + 1)}


def corpus_texts():
    with gzip.open(CORPORA / "raw" / "criteria.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from (json.loads(line)["criteria"] for line in lines)
    for name in ("chia", "lct"):
        yield from (p.read_text("utf-8", "replace") for p in (CORPORA / name).glob("*/*.txt"))


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.skipif(not CORPORA.exists(), reason="needs ../shared/corpora")
def test_no_text_is_copied_from_the_corpora(sheets):
    own = {
        run: f"{sheet.record.id} {criterion.id}"
        for sheet in sheets
        for criterion in sheet.record.criteria
        for run in runs(criterion.text)
    }
    copied = {f"{own[run]}: {run}" for text in corpus_texts() for run in runs(text) & own.keys()}
    assert copied == set()
