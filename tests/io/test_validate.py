import copy
import gzip
import json

import pytest

from critextract.errors import InputError
from critextract.io.records import dump_record
from critextract.io.validate import json_schema, validate_file
from critextract.schema import from_dict, to_dict
from sample_record import TEXT, sample_record

GOOD = to_dict(sample_record())


def faults(path, *lines, kind=None):
    path = path / "out.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return [(line.number, fault) for line in validate_file(path, kind) for fault in line.faults]


def changed(place, value):
    data = copy.deepcopy(GOOD)
    at = data
    for key in place[:-1]:
        at = at[key]
    if value is ...:
        del at[place[-1]]
    else:
        at[place[-1]] = value
    return data


def test_a_good_record_has_no_fault(tmp_path):
    assert faults(tmp_path, GOOD) == []
    assert from_dict(json.loads(dump_record(sample_record()))) == sample_record()


def test_fields_of_later_versions_are_no_fault(tmp_path):
    assert faults(tmp_path, changed(("mentions", 0, "later"), 1)) == []


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("schema",), "critextract/record/2", "schema: Input should be"),
        (("text",), ..., "text: is missing"),
        (("text_sha256",), "0" * 64, "text_sha256 is not the hash of the text"),
        (("criteria", 0, "section"), "both", "criteria[0].section: Input should be"),
        (("criteria", 0, "start"), "11", "criteria[0].start: Input should be a valid integer"),
        (("criteria", 0, "start"), 12, "criterion I1: text is"),
        (("criteria", 2, "end"), 999, "criterion I3: ["),
        (("criteria", 1, "id"), "I1", "criterion I1: the id is there 2 times"),
        (("criteria", 1, "parent"), "I9", "criterion I2: its parent I9 does not exist"),
        (("criteria", 1, "rule"), None, "criterion I2: exact without a rule"),
        (("criteria", 2, "status"), "exact", "criterion I3: exact, but a part of its text"),
        (
            ("criteria", 1, "rule"),
            {"op": "is", "mention": "m3"},
            "criterion I2: mention m3 is negated and no not stands over it",
        ),
        (("criteria", 1, "rule", "args", 0, "mention"), "m9", "mention m9, which does not exist"),
        (("criteria", 2, "rule", "args", 1, "args", 0, "id"), "I9", "criterion I9, which does not"),
        (("criteria", 1, "rule", "args"), [], "criterion I2: not with 0 arguments"),
        (("criteria", 2, "rule", "n"), 3, "criterion I3: at_least with 2 arguments"),
        (("criteria", 2, "rule", "n"), 0, "n: Input should be greater than or equal to 1"),
        (("criteria", 1, "rule", "op"), "nor", "criteria[1].rule"),
        (("mentions", 0, "text"), "ALT", "mention m1: text is 'ALT'"),
        (("mentions", 0, "criterion"), "I9", "mention m1: its criterion I9 does not exist"),
        (("mentions", 1, "id"), "m1", "mention m1: the id is there 2 times"),
        (("mentions", 0, "confidence"), 1.5, "mention m1: confidence 1.5"),
        (("mentions", 2, "negated"), False, "mention m3: has a negation cue and is not negated"),
        (("mentions", 0, "label"), "GENE", "mentions[0].label: Input should be"),
        (("mentions", 0, "values", 0, "high"), 5, "high: Input should be a valid string"),
        (("mentions", 0, "values", 0, "high"), "5e1", "high: String should match pattern"),
        (("mentions", 0, "values", 0, "high_closed"), None, "high is 5 and high_closed is None"),
        (("mentions", 0, "values", 0, "low"), "6", "low is 6 and low_closed is None"),
        (("mentions", 0, "values", 0, "guard"), {"sex": "both"}, "guard"),
        (("mentions", 0, "values", 0, "end"), 9999, "mention m1: ["),
        (("mentions", 0, "fragments"), [[11, 12]], "mention m1: "),
    ],
)
def test_each_broken_record_is_named(tmp_path, place, value, said):
    found = faults(tmp_path, GOOD, changed(place, value) | {"id": "NCT00000002"})
    assert found
    assert {number for number, _ in found} == {2}
    assert any(said in fault for _, fault in found)


def test_all_faults_of_a_file_come_with_their_lines(tmp_path):
    path = tmp_path / "out.jsonl"
    good = json.dumps(GOOD)
    path.write_text(f"{good}\n\nno json\n[]\n{good}\n{good}")
    found = [(line.number, fault) for line in validate_file(path) for fault in line.faults]
    assert [number for number, _ in found] == [3, 4, 5, 6]
    assert found[2][1] == "id 'NCT00000001' is also that of line 1"
    assert found[3][1] == "the line has no end; was the file cut off?"


def test_negation_may_stand_in_the_rule_of_the_parent(tmp_path):
    data = changed(("criteria", 1, "rule"), {"op": "is", "mention": "m3"})
    data["criteria"][2]["rule"] = {"op": "not", "args": [{"op": "criterion", "id": "I2"}]}
    assert faults(tmp_path, data) == []


PATIENT = {
    "id": "p1", "sex": "female", "birth_date": "1970-03-01", "dates": {"enrollment": "2024-06-03"},
    "events": [
        {"domain": "condition", "name": "atrial fibrillation", "code": None,
         "start": "2024-01-01", "end": None},
        {"domain": "measurement", "name": "platelet count", "value": 90, "unit": "10*9/L",
         "start": "2024-05-25", "ref_low": 150, "ref_high": 400},
        {"domain": "measurement", "name": "HIV antibody", "value": "negative"},
    ],
}  # fmt: skip
VERDICT = {
    "patient": "p1", "trial": "t", "verdict": "unknown",
    "criteria": [{"id": "I1", "section": "other", "holds": "unknown", "passes": None,
                  "because": [{"mention": "m1", "event": None, "text": "no value"}],
                  "needs": ["platelet count"]}],
}  # fmt: skip


@pytest.mark.parametrize("kind", ["patient", "verdict"])
def test_a_file_of_another_kind_is_said_in_one_line(tmp_path, kind):
    assert faults(tmp_path, GOOD, kind=kind) == [(1, f"is a record, expected a {kind}")]


def test_a_line_of_no_kind(tmp_path):
    said = "is no record, patient or verdict: found fields x, y"
    assert faults(tmp_path, {"x": 1, "y": 2}) == [(1, said)]


def test_gzipped_lines(tmp_path):
    path = tmp_path / "out.jsonl.gz"
    path.write_bytes(gzip.compress((dump_record(sample_record()) + "\n").encode()))
    assert [line.faults for line in validate_file(path)] == [()]
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(InputError, match="cannot be read"):
        list(validate_file(path))


def test_patients_and_verdicts(tmp_path):
    assert faults(tmp_path, PATIENT, VERDICT, GOOD) == []
    assert faults(tmp_path, PATIENT | {"sex": "f"}, VERDICT | {"verdict": "yes"}) == [
        (1, "sex: Input should be 'male' or 'female', found 'f'"),
        (2, "verdict: Input should be 'eligible', 'ineligible' or 'unknown', found 'yes'"),
    ]
    assert faults(tmp_path, PATIENT, kind="verdict")


def test_the_schema_names_every_published_field():
    schema = json_schema("record")
    assert set(schema["required"]) == set(GOOD)
    mention = schema["$defs"]["Mention"]
    assert set(mention["required"]) == set(GOOD["mentions"][0])
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(GOOD, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(changed(("mentions", 0, "values", 0, "high"), 5), schema)


def test_the_sample_is_what_it_claims():
    assert GOOD["text"] == TEXT
