"""Records as JSON lines."""

import gzip
import json
from decimal import Decimal

import pytest

from critextract.errors import InputError, SchemaError
from critextract.io.records import dump_record, read_records
from critextract.rules import Is
from critextract.schema import (
    AgeLimit,
    Criterion,
    Demographics,
    Heading,
    Label,
    Mention,
    Record,
    Value,
)

RECORD = Record(
    "NCT1",
    "Inclusion:\r\nNa ≥ 130\u2028\x85",
    Demographics("all", AgeLimit(Decimal(18), "a")),
    (Heading(0, 10, "inclusion"),),
    (Criterion("I1", "inclusion", None, 12, 20, "Na ≥ 130", rule=Is("m1"), status="partial"),),
    (Mention("m1", "I1", Label.MEASUREMENT, 12, 14, "Na",
             values=(Value(15, 20, low=Decimal(130), low_closed=True),)),),
    ("odd",),
)  # fmt: skip


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz"])
def test_round_trip(tmp_path, name):
    lines = (dump_record(RECORD) + "\n") * 2 + "\n"
    data = lines.encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    assert list(read_records(tmp_path / name)) == [RECORD, RECORD]


def test_dump_is_one_readable_line():
    line = dump_record(RECORD)
    assert "\n" not in line
    assert "≥" in line
    assert line == dump_record(RECORD)
    assert list(json.loads(line))[:4] == ["schema", "id", "text", "text_sha256"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param('{"schema": "critextract/re', ":2: not JSON", id="cut"),
        pytest.param('{"id": "x"}', ":2: schema is None, expected", id="no-schema"),
        pytest.param('{"schema": "critextract/record/9"}', "record/9", id="other-schema"),
        pytest.param("[]", ":2: schema is 'list'", id="list"),
        pytest.param('{"schema": "critextract/record/1"}', ":2: record None", id="no-fields"),
    ],
)
def test_bad_line_is_named(tmp_path, line, message):
    path = tmp_path / "x.jsonl"
    path.write_text(dump_record(RECORD) + "\n" + line, encoding="utf-8")
    records = read_records(path)
    assert next(records) == RECORD
    with pytest.raises(SchemaError, match=message):
        next(records)


def test_unreadable_file_is_named(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        list(read_records(tmp_path / "x"))
    (tmp_path / "y").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        list(read_records(tmp_path / "y"))
