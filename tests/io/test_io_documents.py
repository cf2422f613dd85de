"""Every path form, ids, folders, and what is named instead of read."""

import gzip
import io
import json
import os
import sys
from pathlib import Path

import pytest

from critextract.errors import InputError
from critextract.io.documents import Document, Limits, Skipped, read_documents

TEXT = "Inclusion Criteria:\r\n\r\n  - Age \\>= 18 years\n  - Serum Na > 130 mmol/L – µ\r"


def read(*paths, **options):
    """Return the documents and the skipped of some paths, as two lists."""
    items = list(read_documents([str(path) for path in paths], **options))
    for item in items:
        if isinstance(item, Skipped):
            assert "\n" not in item.message
            assert item.message.startswith(item.source)
    return (
        [item for item in items if isinstance(item, Document)],
        [item for item in items if isinstance(item, Skipped)],
    )


def write(path, data):
    """Write text (as UTF-8, untranslated) or bytes, and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    ("name", "doc_id", "section"),
    [
        pytest.param("NCT00000001.txt", "NCT00000001", None, id="plain"),
        pytest.param("NCT00000001_inc.txt", "NCT00000001_inc", "inclusion", id="inc"),
        pytest.param("NCT00000001_exc.txt", "NCT00000001_exc", "exclusion", id="exc"),
        pytest.param("a.b_EXC.txt", "a.b_EXC", "exclusion", id="dots-and-capitals"),
        pytest.param("excluded.txt", "excluded", None, id="no-underscore"),
    ],
)
def test_text_file_keeps_stem_and_every_character(tmp_path, name, doc_id, section):
    docs, skips = read(write(tmp_path / name, TEXT))
    assert skips == []
    assert [(d.id, d.text, d.default_section, d.problems) for d in docs] == [
        (doc_id, TEXT, section, ())
    ]


def test_folder_is_recursive_sorted_and_quiet_about_known_non_documents(tmp_path):
    for name in ("b/2.txt", "b/1.txt", "a.txt", "c.txt"):
        write(tmp_path / name, "Adults.")
    for name in ("a.ann", "README.md", ".DS_Store", "annotation.conf", ".git/x.txt", "LICENSE"):
        write(tmp_path / name, b"\0no document")
    docs, skips = read(tmp_path)
    assert [d.id for d in docs] == ["a", "1", "2", "c"]
    assert skips == []


def test_folder_names_what_it_cannot_read_and_goes_on(tmp_path):
    write(tmp_path / "a.txt", "Adults.")
    write(tmp_path / "b.pdf", b"%PDF-1.4")
    write(tmp_path / "c.json", '{"name": "package"}')
    write(tmp_path / "d.txt", b"MZ\0\0binary")
    write(tmp_path / "z.txt", "Children.")
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    docs, skips = read(tmp_path)
    assert [d.id for d in docs] == ["a", "z"]
    assert [Path(s.source).name for s in skips] == [
        "b.pdf", "c.json", "d.txt", "link.txt", "pipe.txt",
    ]  # fmt: skip
    assert "found fields name" in skips[1].message
    assert "NUL byte at byte 2" in skips[2].message


def test_empty_folder_is_named(tmp_path):
    docs, skips = read(tmp_path)
    assert docs == []
    assert "found no documents" in skips[0].message


def test_folder_without_read_rights_costs_no_other_document(tmp_path, monkeypatch):
    write(tmp_path / "a.txt", "Adults.")
    write(tmp_path / "closed/b.txt", "Children.")
    scandir = os.scandir

    def refuse(path):
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    docs, skips = read(tmp_path)
    assert [d.id for d in docs] == ["a"]
    assert "closed: cannot be listed (Permission denied)" in skips[0].message


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_real_folder_without_read_rights(tmp_path):
    write(tmp_path / "closed/b.txt", "Children.")
    (tmp_path / "closed").chmod(0)
    try:
        docs, skips = read(tmp_path)
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert docs == []
    assert "Permission denied" in skips[0].message


def test_file_without_read_rights_is_named(tmp_path, monkeypatch):
    path = write(tmp_path / "a.txt", "Adults.")

    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    docs, skips = read(path)
    assert docs == []
    assert "Permission denied" in skips[0].message


def test_path_that_names_nothing_is_a_usage_error_before_anything_is_read(tmp_path):
    good = write(tmp_path / "a.txt", "Adults.")
    with pytest.raises(InputError, match="nowhere: no such file or folder"):
        read_documents([str(good), str(tmp_path / "nowhere")])


def test_file_named_like_a_trial_number_is_a_file(tmp_path, monkeypatch):
    write(tmp_path / "NCT00000001", "Adults.")
    monkeypatch.chdir(tmp_path)
    docs, skips = read("NCT00000001")
    assert (docs[0].id, docs[0].text, skips) == ("NCT00000001", "Adults.", [])


def test_repeated_ids_are_numbered_and_named(tmp_path):
    paths = [write(tmp_path / f"{n}" / "x.txt", f"text {n}") for n in range(3)]
    paths.insert(1, write(tmp_path / "x#2.txt", "another"))
    docs, _ = read(*paths)
    assert [d.id for d in docs] == ["x", "x#2", "x#3", "x#4"]
    assert docs[2].problems == ("repeated id: x was read before, this is x#3",)
    assert docs[0].problems == docs[1].problems == ()


@pytest.mark.parametrize(
    ("data", "options", "expected"),
    [
        pytest.param(b"Adults.", {}, [("-", "Adults.")], id="text"),
        pytest.param(b"[any of] Adults.", {}, [("-", "[any of] Adults.")], id="bracket-is-text"),
        pytest.param(b"", {}, [("-", "")], id="empty"),
        pytest.param(
            b'{"nct_id": "NCT1", "criteria": "A"}\n{"nct_id": "NCT2", "criteria": "B"}\n',
            {},
            [("NCT1", "A"), ("NCT2", "B")],
            id="json-lines",
        ),
        pytest.param(
            b"<clinical_study><id_info><nct_id>NCT3</nct_id></id_info></clinical_study>",
            {},
            [("NCT3", "")],
            id="xml",
        ),
        pytest.param(b"key,what\n1,A\n", {"text_column": "what", "id_column": "key"},
                     [("1", "A")], id="csv-when-a-column-is-named"),
        pytest.param(gzip.compress(b"Adults."), {}, [("-", "Adults.")], id="gzip"),
    ],
)  # fmt: skip
def test_standard_input(monkeypatch, data, options, expected):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    docs, skips = read("-", **options)
    assert [(d.id, d.text) for d in docs] == expected
    assert skips == []


def test_named_file_of_unknown_suffix_is_read_by_its_bytes(tmp_path):
    docs, skips = read(
        write(tmp_path / "notes.md", "Adults."),
        write(tmp_path / "record", json.dumps({"protocolSection": {}})),
    )
    assert [(d.id, d.text) for d in docs] == [("notes", "Adults."), ("record", "")]
    assert skips == []


def test_office_document_is_named_as_one_thing(tmp_path):
    docs, skips = read(write(tmp_path / "x.docx", b"PK\x03\x04"))
    assert docs == []
    assert ["found .docx, expected" in s.message for s in skips] == [True]


def test_document_over_the_limit_names_the_limit(tmp_path):
    big = write(tmp_path / "big.txt", b"Age over 18.\n" * 4_000_000)  # 52 MB
    good = write(tmp_path / "good.txt", "Adults.")
    docs, skips = read(big, good)
    assert [d.id for d in docs] == ["good"]
    assert "limit of 20000000 bytes" in skips[0].message
    assert "document_bytes" in skips[0].message


def test_document_at_the_limit_is_read(tmp_path):
    path = write(tmp_path / "a.txt", "12345")
    assert [d.text for d in read(path, limits=Limits(document_bytes=5))[0]] == ["12345"]
    assert read(path, limits=Limits(document_bytes=4))[0] == []


def test_line_of_a_million_characters_comes_out_whole(tmp_path):
    text = "age over 18, " * 80_000
    docs, _ = read(write(tmp_path / "a.txt", text))
    assert docs[0].text == text
    assert docs[0].problems == ("a line of over 100000 characters, from character 0",)


def test_file_name_that_is_no_unicode_gives_a_writable_id(tmp_path):
    path = os.fsencode(tmp_path) + b"/\xff.txt"
    with open(path, "wb") as stream:  # noqa: PTH123
        stream.write(b"Adults.")
    docs, _ = read(tmp_path)
    assert docs[0].id.encode()
    assert docs[0].problems


SHARED = Path(__file__).parents[3] / "shared" / "corpora"


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared/corpora here")
@pytest.mark.parametrize(
    ("folder", "count"), [("chia/dev", 226), ("lct/dev", 103), ("lct/second_annotator", 101)]
)
def test_corpus_folder_is_read_exactly(folder, count):
    docs, skips = read(SHARED / folder)
    assert (len(docs), skips) == (count, [])
    for doc in docs:
        with (SHARED / folder / f"{doc.id}.txt").open(encoding="utf-8", newline="") as stream:
            assert stream.read() == doc.text
    if folder.startswith("chia"):
        assert sum("\r\n" in doc.text for doc in docs) > 100


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared/corpora here")
@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("ctgov_xml/records.tar.gz", 1131),
        ("ctgov_v2/ctg-studies.json", 50),
        ("raw/criteria.jsonl.gz", 13928),
    ],
)
def test_shared_records_all_come_out(path, count):
    docs, skips = read(SHARED / path)
    assert (len(docs), skips) == (count, [])
    assert len({doc.id for doc in docs}) == count
    assert not [p for doc in docs for p in doc.problems if "repeated" in p or "understood" in p]


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared/corpora here")
def test_seed_page_gives_its_eligibility_part_only():
    (path,) = (SHARED.parent / "seed").glob("*.txt")
    (doc,), skips = read(path.parent)
    assert skips == []
    assert doc.id.startswith("NCT")
    assert doc.id != path.stem
    assert doc.text in path.read_bytes().decode()
    assert doc.text.startswith("Inclusion Criteria:\n")
    assert doc.text.count("Exclusion Criteria:") == 1
    for boilerplate in ("@", "Contact", "contact", "Identifier", "Sexes", "Responsible", "|"):
        assert boilerplate not in doc.text
    assert doc.demographics.sex == "all"
    assert doc.demographics.min_age is doc.demographics.max_age is None
