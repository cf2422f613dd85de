"""Times to have passed since something, if it ever was."""

import pytest

import critextract
from critextract.elapsed import washout
from critextract.exports.english import to_english


def read(line):
    record = critextract.extract(f"Inclusion Criteria:\n- {line}\n")
    (criterion,) = record.criteria
    return record, criterion


@pytest.mark.parametrize(
    ("line", "low"),
    [
        ("At least 4 weeks since prior chemotherapy", 4),
        ("More than 30 days since any prior radiotherapy", 30),
        ("At least 6 weeks since completion of prior radiotherapy", 6),
        ("At least 2 weeks since previous surgery", 2),
        ("At least 3 months since stroke", None),
        ("Radiotherapy at least 4 weeks ago", None),
        ("Less than 4 weeks since prior chemotherapy", None),
        ("Prior chemotherapy for at least 4 weeks", None),
        ("No radiotherapy for at least 4 weeks since any prior surgery", None),
    ],
)
def test_washout(line, low):
    record, _ = read(line)
    found = [washout(mention, record.text) for mention in record.mentions]
    assert [int(window.low) for window in found if window] == ([low] if low else [])


def test_all_of_a_list_is_waited_for_and_english_says_if_any():
    record, criterion = read("At least 4 weeks since prior chemotherapy or radiotherapy")
    said = to_english(record, criterion)
    assert said.startswith("all of:")
    assert said.count("if any, ≥ 4 weeks before screening") == 2
