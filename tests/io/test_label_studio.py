"""Label Studio tasks written and read, and the labelling configuration."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from annotated import records, texts_with_controls
from critextract.errors import AnnotationFaults, InputError, OutputError
from critextract.io.label_studio import (
    labelling_config,
    read_label_studio,
    to_task,
    write_label_studio,
)
from critextract.io.regions import ATTRIBUTES, LINKS, TYPES
from critextract.schema import Record
from sample_record import sample_record


def put(folder, tasks):
    path = folder / "tasks.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


def region(name, start, end, label="CONDITION", **more):
    value = {"start": start, "end": end, "labels": [label], **more}
    return {"id": name, "from_name": "label", "to_name": "text", "type": "labels", "value": value}


def task(results, text="No gout", **more):
    return {"id": 7, "data": {"text": text}, "annotations": [{"result": results}], **more}


@settings(max_examples=50)
@given(records(texts=texts_with_controls))
def test_every_record_comes_back(record):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tasks.json"
        assert write_label_studio([record, record], path) == 2
        assert list(read_label_studio(path)) == [record, record]


def test_no_records_are_an_empty_list(tmp_path):
    path = tmp_path / "tasks.json"
    assert write_label_studio([], path) == 0
    assert json.loads(path.read_text()) == []


def test_machine_output_is_a_prediction_and_hand_annotation_an_annotation():
    machine = to_task(sample_record())
    assert machine["annotations"] == []
    assert machine["predictions"][0]["model_version"] == "critextract 0 m"
    hand = to_task(replace(sample_record(), made_by=None))
    assert hand["predictions"] == []
    assert hand["annotations"][0]["result"] == machine["predictions"][0]["result"]


def test_annotations_come_before_predictions(tmp_path):
    both = task([region("a", 3, 7)], predictions=[{"result": [region("b", 0, 2)]}])
    only = task([], annotations=[], predictions=[{"result": [region("b", 0, 2)]}])
    found = list(read_label_studio(put(tmp_path, [both, only])))
    assert [[m.text for m in record.mentions] for record in found] == [["gout"], ["No"]]


def test_one_of_several_annotations_is_read(tmp_path):
    several = task([])
    several["annotations"] = [
        {"completed_by": 1, "result": [region("a", 0, 2)]},
        {"completed_by": {"id": 2, "email": "b@example.org"}, "result": [region("a", 3, 7)]},
        {"completed_by": 3, "was_cancelled": True, "result": []},
    ]
    path = put(tmp_path, [several])

    def texts(**options):
        return [m.text for record in read_label_studio(path, **options) for m in record.mentions]

    assert texts() == ["gout"]
    assert texts(annotator="1") == ["No"]
    assert texts(annotator="b@example.org") == ["gout"]
    several["annotations"][0]["ground_truth"] = True
    put(tmp_path, [several])
    assert texts() == ["No"]


def test_fragments_are_regions_joined_in_order(tmp_path):
    joined = {"type": "relation", "from_id": "b", "to_id": "a", "labels": ["Next_fragment"]}
    (record,) = read_label_studio(
        put(tmp_path, [task([region("a", 0, 2), region("b", 3, 7), joined])])
    )
    (mention,) = record.mentions
    assert (mention.fragments, mention.start, mention.end) == (((3, 7), (0, 2)), 0, 7)


@pytest.mark.parametrize(
    ("results", "message"),
    [
        pytest.param([region("a", 3, 99)], "[3, 99) is no range of the text's 7", id="past-end"),
        pytest.param([region("a", "x", 9)], "start and end are 'x', 9", id="no-number"),
        pytest.param([region("a", 3, 7, text="cold")], "text is 'cold', its", id="other-text"),
        pytest.param([region("a", 3, 7, "Disease")], "unknown label 'Disease'", id="label"),
        pytest.param([region("a", 3, 7), region("a", 0, 2)], "id was given before", id="twice"),
        pytest.param(
            [{"type": "relation", "from_id": "a", "to_id": "b", "labels": ["Has_value"]}],
            "relation Has_value names a, b, not a region",
            id="dangling",
        ),
        pytest.param(
            [{"id": "z", "from_name": "Modality", "type": "choices", "value": {"choices": []}}],
            "region z: has Modality and no label",
            id="lone-choice",
        ),
        pytest.param([{"type": "rectangle"}], "found {'type': 'rectangle'}", id="other-tool"),
        pytest.param([5], "found 5, expected labels, choices", id="no-result"),
        pytest.param(
            [
                region("a", 3, 7),
                region("b", 0, 2),
                {"type": "relation", "from_id": "a", "to_id": "b", "labels": ["Next_fragment"]},
                {"type": "relation", "from_id": "b", "to_id": "a", "labels": ["Next_fragment"]},
            ],
            "2 fragments are joined in a circle",
            id="circle",
        ),
        pytest.param(
            [region("a", 3, 7), {"id": "a", "type": "textarea", "value": {"text": ["{"]}}],
            "expected a JSON object",
            id="slots",
        ),
    ],
)
def test_every_fault_names_its_task(tmp_path, results, message):
    path = put(tmp_path, [task([]), task(results), {"data": {}}])
    with pytest.raises(AnnotationFaults) as caught:
        list(read_label_studio(path))
    first, last = caught.value.faults
    assert first.startswith(f"{path}: task 2 (7), ")
    assert message in first
    assert "task 3: found no data.text" in last


@pytest.mark.parametrize(
    ("text", "message"),
    [("{}", "found no list"), ("[", "not JSON"), ("\udcff", "not JSON")],
)
def test_what_is_no_list_of_tasks(tmp_path, text, message):
    path = tmp_path / "tasks.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match=message):
        list(read_label_studio(path))
    with pytest.raises(InputError, match="expected tasks"):
        list(read_label_studio(tmp_path / "nothing.json"))


def test_half_a_character_pair_cannot_be_written(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        write_label_studio([Record("x", "\ud800")], tmp_path / "tasks.json")


def test_configuration_offers_every_label_relation_and_attribute():
    root = ET.fromstring(labelling_config())
    assert [label.get("value") for label in root.iter("Label")] == list(TYPES)
    assert {r.get("value") for r in root.iter("Relation")} == {*LINKS, "Next_fragment"}
    offered = {
        (c.get("name"), tuple(x.get("value") for x in c.iter("Choice")))
        for c in root.iter("Choices")
    }
    assert offered == {pair for values in ATTRIBUTES.values() for pair in values.items()}
    names = [control.get("name") for control in root.iter() if control.get("toName")]
    assert len(names) == len(set(names))
