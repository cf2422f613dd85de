"""Readers' verdicts: the table, and which of them still hold."""

from dataclasses import replace

import pytest

import critextract
from critextract.commands.judged import (
    COLUMNS,
    Judgement,
    Place,
    drawn_criteria,
    read_judgements,
    whole_exact,
)
from critextract.errors import InputError

TEXT = "Exclusion Criteria:\n- Any of the following:\n  - asthma\n  - gout\n- Pregnancy\n"
HEAD = "\t".join(COLUMNS)
ROW = "first\tT1\t3\t9\twrong\tabc\tright\ttime lost"


def written(tmp_path, *lines):
    path = tmp_path / "judged.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_rows_are_read(tmp_path):
    expected = Judgement("first", Place("T1", 3, 9), "wrong", "abc", "right", "time lost")
    assert read_judgements(written(tmp_path, HEAD, ROW)) == [expected]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["document\tstart"], "expected the columns set, document"),
        ([HEAD, ROW, "first\tT1\t3"], ":3: expected 8 cells"),
        ([HEAD, ROW.replace("wrong", "bad")], ":2: expected 8 cells.*one of right, doubt, wrong"),
        ([HEAD, ROW.replace("3", "x")], ":2: expected 8 cells, offsets"),
    ],
)
def test_what_is_no_table_is_named(tmp_path, lines, said):
    with pytest.raises(InputError, match=said):
        read_judgements(written(tmp_path, *lines))


def test_no_table_is_named(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_judgements(tmp_path / "none.tsv")


def test_a_list_is_judged_as_a_whole():
    record = critextract.extract(TEXT)
    assert [criterion.id for criterion in whole_exact(record)] == ["E1", "E2"]
    first = replace(record.criteria[0], status="partial")
    record = replace(record, criteria=(first, *record.criteria[1:]))
    assert [criterion.id for criterion in whole_exact(record)] == ["E1.1", "E1.2", "E2"]


def test_what_was_drawn_is_found_while_it_is_exact():
    record = critextract.extract(TEXT, id="T")
    last = record.criteria[-1]
    place = Place("T", last.start, last.end)
    known = {place: Judgement("first", place, "right", "abc", "right", "")}
    assert [criterion.id for criterion, _ in drawn_criteria(record, known)] == ["E2"]
    partial = replace(last, status="partial")
    record = replace(record, criteria=(*record.criteria[:-1], partial))
    assert list(drawn_criteria(record, known)) == []
