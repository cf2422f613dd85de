"""BIO lines written and read, and what they lose."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from annotated import records
from critextract.errors import AnnotationFaults, InputError
from critextract.io.bio import flat, read_bio, to_bio, write_bio
from critextract.io.words import words
from critextract.schema import Criterion, Label, Mention, Record
from sample_record import sample_record

TEXT = "Liver or kidney disease, T1-3"


def mention(name, start, end, label=Label.CONDITION, fragments=None):
    pieces = fragments or ((start, end),)
    text = " ".join(TEXT[a:b] for a, b in pieces)
    return Mention(name, "O1", label, start, end, text, fragments)


def record(*mentions):
    criterion = Criterion("O1", "other", None, 0, len(TEXT), TEXT)
    return Record("x", TEXT, criteria=(criterion,), mentions=mentions)


def back(tmp_path, *given_records):
    lost = []
    path = tmp_path / "x.conll"
    assert write_bio(given_records, path, lost) == len(given_records)
    return list(read_bio(path)), lost


def tags(one):
    lines, _ = to_bio(one)
    return [line.split("\t")[3] for line in lines.splitlines() if "\t" in line]


def test_tokens_and_tags_of_the_sample(tmp_path):
    lines, lost = to_bio(sample_record())
    assert lost == []
    assert "liver\t32\t37\tB-CONDITION\nmetastases\t38\t48\tI-CONDITION\n,\t48\t49\tO\n" in lines
    (found,), _ = back(tmp_path, sample_record())
    assert [(m.text, m.label, m.criterion) for m in found.mentions] == [
        (m.text, m.label, m.criterion) for m in sample_record().mentions
    ]
    assert [(c.id, c.start, c.end) for c in found.criteria] == [
        (c.id, c.start, c.end) for c in sample_record().criteria
    ]


@pytest.mark.parametrize(
    ("mentions", "kept", "lost"),
    [
        pytest.param(
            [mention("m1", 0, 23, fragments=((0, 5), (16, 23))), mention("m2", 9, 23)],
            ["kidney disease"],
            ["Liver disease' is discontinuous"],
            id="discontinuous",
        ),
        pytest.param(
            [mention("m1", 9, 23), mention("m2", 9, 15, Label.OBSERVATION)],
            ["kidney disease"],
            ["'kidney' overlaps CONDITION [9, 23)"],
            id="nested",
        ),
        pytest.param(
            [mention("m1", 9, 23), mention("m2", 9, 23)],
            ["kidney disease"],
            ["'kidney disease' overlaps CONDITION [9, 23)"],
            id="twice",
        ),
        pytest.param(
            [mention("m1", 9, 15), mention("m2", 16, 23)], ["kidney", "disease"], [], id="adjacent"
        ),
        pytest.param(
            [mention("m1", 9, 14)], ["kidney"], ["'kidne' became [9, 15)"], id="in-a-word"
        ),
        pytest.param(
            [mention("m1", 25, 26), mention("m2", 26, 27)],
            ["T1"],
            ["'T' became [25, 27)", "'1' holds no token of its own"],
            id="two-in-a-word",
        ),
    ],
)
def test_what_is_lost_is_named(tmp_path, mentions, kept, lost):
    (found,), said = back(tmp_path, record(*mentions))
    assert [m.text for m in found.mentions] == kept
    assert len(said) == len(lost)
    for line, expected in zip(said, lost, strict=True):
        assert expected in line


def test_adjacent_mentions_of_one_label_begin_anew():
    assert tags(record(mention("m1", 9, 15), mention("m2", 16, 23)))[2:4] == [
        "B-CONDITION",
        "B-CONDITION",
    ]


@settings(max_examples=50)
@given(records())
def test_what_is_not_lost_comes_back(tmp_path_factory, record):
    (found,), lost = back(tmp_path_factory.mktemp("bio"), record)
    assert (found.id, found.text) == (record.id, record.text)
    assert [(c.id, c.start, c.end, c.section) for c in found.criteria] == [
        (c.id, c.start, c.end, c.section) for c in record.criteria
    ]
    ends = {end for token in words(record.text) for end in token}
    whole = [m for m in flat(record)[0] if {m.start, m.end} <= ends]
    moved = sum("became" in line or "no token" in line for line in lost)
    assert len(whole) + moved >= len(found.mentions) >= len(whole)
    places = {(m.start, m.end, m.label) for m in found.mentions}
    if not moved:
        assert places == {(m.start, m.end, m.label) for m in whole}


def test_a_criterion_that_children_cover_is_kept(tmp_path):
    one = record()
    child = replace(one.criteria[0], id="O1.1", parent="O1")
    (found,), _ = back(tmp_path, replace(one, criteria=(*one.criteria, child)))
    assert [c.id for c in found.criteria] == ["O1", "O1.1"]


def test_words_part_marks():
    text = "ANC ≥ 1.5x10"
    assert [text[a:b] for a, b in words(text)] == ["ANC", "≥", "1", ".", "5x10"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param("gout\t0\t4\tB-DISEASE", "unknown tag 'B-DISEASE'", id="label"),
        pytest.param("gout\t0\t4\tI-DRUG", "does not go on from O", id="no-begin"),
        pytest.param("cold\t0\t4\tO", "is 'cold' here but 'gout' in the text", id="text"),
        pytest.param("gout\t0\t44\tO", "is 'gout' here but", id="past-end"),
        pytest.param("gout 0 4 O", "expected TOKEN, START, END, TAG", id="spaces"),
        pytest.param("gout\tx\t4\tO", "invalid literal", id="no-number"),
        pytest.param("gout\t0\t4\tO\r", "Windows line end", id="windows"),
        pytest.param('# criterion = "E9"', "criterion 'E9' is not in", id="criterion"),
        pytest.param('# criteria = [["E9", "other", 0, 99]]', "is no range", id="range"),
        pytest.param('# criteria = [["E9", "both", 0, 4]]', "expected [ID", id="section"),
    ],
)
def test_every_fault_has_file_and_line(tmp_path, line, message):
    path = tmp_path / "x.conll"
    path.write_bytes(f'# document = "x"\n# text = "gout"\n{line}\n'.encode())
    with pytest.raises(AnnotationFaults) as caught:
        list(read_bio(path))
    (fault,) = caught.value.faults
    assert fault.startswith(f"{path}:3: ")
    assert message in fault


@pytest.mark.parametrize("content", [b"gout\tO\n", b"\xff\n"])
def test_another_form_is_told(tmp_path, content):
    (tmp_path / "x.conll").write_bytes(content)
    with pytest.raises(InputError, match=r"x\.conll"):
        list(read_bio(tmp_path / "x.conll"))
    with pytest.raises(InputError, match="No such file"):
        list(read_bio(tmp_path / "y.conll"))
