"""UIMA CAS written and read through dkpro-cassis."""

import zipfile
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from annotated import records
from critextract.errors import AnnotationFaults, InputError
from critextract.io.cas import read_cas, to_cas, type_system, write_cas
from critextract.schema import Criterion, Label, Mention, Record
from sample_record import sample_record


def gout(text="😀 No gout"):
    start = text.index("gout")
    mention = Mention("m1", "O1", Label.CONDITION, start, start + 4, "gout")
    criterion = Criterion("O1", "other", None, 0, len(text), text)
    return Record("x", text, criteria=(criterion,), mentions=(mention,))


@settings(max_examples=50)
@given(records())
def test_every_record_comes_back(record):
    with TemporaryDirectory() as folder:
        assert write_cas([record], folder) == 1
        assert list(read_cas(folder)) == [record]


def test_sample_and_its_namesake_come_back(tmp_path):
    write_cas([sample_record(), sample_record()], tmp_path)
    assert list(read_cas(tmp_path)) == [
        sample_record(),
        replace(sample_record(), id="NCT00000001#2"),
    ]


def test_offsets_in_the_file_count_utf_16_units(tmp_path):
    write_cas([gout()], tmp_path)
    assert 'begin="6" end="10" label="CONDITION"' in (tmp_path / "x.xmi").read_text("utf-8")
    (record,) = read_cas(tmp_path)
    assert [(m.start, m.end) for m in record.mentions] == [(5, 9)]


def test_a_file_and_a_zip_are_read(tmp_path):
    write_cas([gout()], tmp_path / "out")
    with zipfile.ZipFile(tmp_path / "out.zip", "w") as archive:
        for path in (tmp_path / "out").iterdir():
            archive.write(path, f"annotation/{path.name}")
    for source in (tmp_path / "out" / "x.xmi", tmp_path / "out.zip"):
        assert list(read_cas(source)) == [gout()]


def test_control_characters_are_replaced_one_by_one(tmp_path):
    write_cas([gout("a\x0bb gout")], tmp_path)
    (record,) = read_cas(tmp_path)
    assert record.text == "a\ufffdb gout"
    assert [m.text for m in record.mentions] == ["gout"]


def test_lines_are_sentences_and_words_are_tokens():
    cas = to_cas(gout("No gout.\r\n\r\nAge"))
    kind = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type."
    sentences = [s.get_covered_text() for s in cas.select(kind + "Sentence")]
    assert sentences == ["No gout.", "Age"]
    assert [t.get_covered_text() for t in cas.select(kind + "Token")] == ["No", "gout", ".", "Age"]


def test_faults_name_file_and_place(tmp_path):
    write_cas([gout()], tmp_path)
    path = tmp_path / "x.xmi"
    written = path.read_text("utf-8")
    path.write_text(written.replace('label="CONDITION"', 'label="Disease"'), "utf-8")
    (tmp_path / "y.xmi").write_text("<xmi", "utf-8")
    with pytest.raises(AnnotationFaults) as caught:
        list(read_cas(tmp_path))
    first, second = caught.value.faults
    assert first.startswith(f"{path}: Disease [5, 9): unknown label 'Disease'")
    assert second.startswith(f"{tmp_path / 'y.xmi'}: cannot be read as XMI")


def test_a_relation_without_an_end_is_a_fault(tmp_path):
    cas = to_cas(gout())
    link = type_system().get_type("webanno.custom.RegionLink")
    cas.add(link(begin=0, end=1, label="Has_value"))
    cas.to_xmi(tmp_path / "x.xmi")
    faults = []
    assert len(list(read_cas(tmp_path, faults))) == 1
    assert "relation Has_value has an end that is no region" in str(faults[0])


@pytest.mark.parametrize("name", ["empty", "nothing.xmi"])
def test_nothing_to_read(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"no \.xmi files|No such file"):
        list(read_cas(tmp_path / name))


def test_without_the_library_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "cassis", None)
    with pytest.raises(InputError, match=r"critextract\[annotate\]"):
        list(read_cas(Path("x.xmi")))
