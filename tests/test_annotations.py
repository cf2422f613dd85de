"""The hand annotations: sheets without mistakes, gold that agrees with them, labels of the code."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from critextract import schema
from critextract.io.records import read_records
from critextract.io.sheets import SPLITS, gold_line, read_sheet, read_sheets
from critextract.io.validate import validate_file

FOLDER = Path(__file__).parents[1] / "annotations"


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
