"""Patients from JSON Lines: every fault has its line, the others are still read."""

import gzip
import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critextract.errors import InputError, SchemaError
from critextract.patients.model import (
    Code,
    Event,
    Fault,
    Patient,
    day_text,
    parse_day,
    patient_from_dict,
    patient_to_dict,
)
from critextract.patients.readers import read_patients

GOOD = {"id": "p1", "sex": "female", "birth_date": "1970-03-01", "events": []}


def read(tmp_path, *lines, end="\n"):
    path = tmp_path / "patients.jsonl"
    path.write_text("\n".join(lines) + end, encoding="utf-8")
    return list(read_patients(path))


def unit(code):
    glucose = {"domain": "measurement", "name": "glucose", "value": 5, "unit": code}
    return json.dumps({**GOOD, "events": [glucose]})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"sex": "male"}', "patient without id"),
        ('{"id": "x", "evnts": []}', "field 'evnts', expected 'events'?"),
        ('{"id": "x", "birth_date": "1970-02-30"}', "birth_date: date '1970-02-30' is in no"),
        ('{"id": "x", "birth_date": "yesterday"}', "expected YYYY-MM-DD"),
        ('{"id": "x", "sex": "F"}', "sex is 'F'"),
        ('{"id": "x", "dates": {"consent": "2024"}}', "expected the whole day"),
        ('{"id": "x", "events": [{"domain": "x", "name": "y"}]}', "events[0]: domain is 'x'"),
        ('{"id": "x", "events": [{"domain": "drug"}]}', "events[0]: name is None"),
        ('{"id": "x", "events": {}}', "events is {}"),
        (
            '{"id": "x", "events": [{"domain": "drug", "name": "y", "start": "2024-02-01",'
            ' "end": "2024-01-01"}]}',
            "end 2024-01-01 is before start 2024-02-01",
        ),
        ('{"id": "p1"}', "patient 'p1' is also on line 1"),
        ('{"id": "x", "ev', "not JSON"),
        ("[]", "expected an object with a patient"),
    ],
)
def test_a_fault_costs_one_patient_and_names_its_line(tmp_path, line, said):
    first, fault, last = read(tmp_path, json.dumps(GOOD), line, '{"id": "p3"}')
    assert (first.id, last.id) == ("p1", "p3")
    assert isinstance(fault, Fault)
    assert fault.skipped
    assert "patients.jsonl:2: " in fault.message
    assert said in fault.message
    assert "\n" not in fault.message


def test_a_truncated_last_line_says_so(tmp_path):
    _, fault = read(tmp_path, json.dumps(GOOD), '{"id": "p2", "events": [', end="")
    assert "was the file cut off?" in fault.message


@pytest.mark.parametrize(
    ("code", "known"), [("mg/dL", True), ("{score}", True), ("florins", False)]
)
def test_an_unknown_unit_is_kept_and_flagged(tmp_path, code, known):
    *faults, kept = read(tmp_path, unit(code))
    assert kept.events[0].unit == code
    assert [fault.skipped for fault in faults] == ([] if known else [False])


def test_gzip_and_a_byte_order_mark(tmp_path):
    path = tmp_path / "patients.jsonl.gz"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbf" + json.dumps(GOOD).encode() + b"\n"))
    (found,) = read_patients(path)
    assert found.id == "p1"


@pytest.mark.parametrize("name", ["none.jsonl", "none", "patients.docx"])
def test_what_is_not_there_is_an_error(tmp_path, name):
    with pytest.raises(InputError, match=name):
        list(read_patients(tmp_path / name))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("2024-02-29T10:30:00Z", "2024-02-29", "2024-02-29"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-12", "2024-12-01", "2024-12-31"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-03-05/2024-04-01", "2024-03-05", "2024-04-01"),
    ],
)
def test_parse_day(text, first, last):
    assert parse_day(text) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["2023-02-29", "2024-13", "24-01-01", "", None, 2024, "0000"])
def test_what_is_no_day(text):
    with pytest.raises(SchemaError):
        parse_day(text)


days = st.dates(date(1, 1, 1), date(9999, 12, 31))


@given(days, days)
def test_days_survive_their_text(one, other):
    first, last = sorted((one, other))
    assert parse_day(day_text(first, last)) == (first, last)


def test_a_result_in_words_may_hold_a_comparator():
    made = {"domain": "measurement", "name": "CRP", "value": "< 0.5", "unit": "mg/dL"}
    (found,) = patient_from_dict({**GOOD, "events": [made]}).events
    assert (found.comparator, found.value) == ("<", Decimal("0.5"))


def test_a_patient_survives_the_round_trip():
    known = Event(
        "measurement", "CRP", "1988-5", date(2024, 1, 1), None, Decimal("0.5"), "mg/dL",
        None, Decimal(1), (Code("1988-5"), Code("1988-5", "LOINC")), "<", date(2024, 1, 31),
        None, "a laboratory",
    )  # fmt: skip
    who = Patient("p", "male", date(1970, 1, 1), {"consent": date(2024, 1, 2)}, (known,),
                  date(1970, 12, 31))  # fmt: skip
    assert patient_from_dict(json.loads(json.dumps(patient_to_dict(who)))) == who
