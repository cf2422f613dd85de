"""zip, tar and gzip: exact members, and what is refused by which limit."""

import gzip
import io
import stat
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_io_documents import read, write

from critextract.io.documents import Limits

FILES = {"b.txt": "B\r\n", "a/NCT1_exc.txt": "A ≥ 1", "c.json": '{"id": "c", "text": "C"}'}
EXPECTED = [("b", "B\r\n"), ("NCT1_exc", "A ≥ 1"), ("c", "C")]


def zip_bytes(files, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tar_bytes(files, mode="w:gz", extra=()):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for member in extra:
            archive.addfile(member)
        for name, data in files.items():
            raw = data.encode() if isinstance(data, str) else data
            member = tarfile.TarInfo(name)
            member.size = len(raw)
            archive.addfile(member, io.BytesIO(raw))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("x.zip", zip_bytes(FILES), id="zip"),
        pytest.param("x.tar.gz", tar_bytes(FILES), id="tar-gz"),
        pytest.param("x.tgz", tar_bytes(FILES), id="tgz"),
        pytest.param("x.tar", tar_bytes(FILES, "w"), id="tar"),
        pytest.param("x.zip.gz", gzip.compress(zip_bytes(FILES)), id="zip-gz"),
        pytest.param("unnamed", tar_bytes(FILES), id="no-suffix"),
    ],
)
def test_archive_members_come_out_in_order(tmp_path, name, data):
    docs, skips = read(write(tmp_path / name, data))
    assert skips == []
    assert [(d.id, d.text) for d in docs] == EXPECTED
    assert docs[1].default_section == "exclusion"


@pytest.mark.parametrize(
    ("name", "text"), [("x_inc.txt.gz", "A\r\n"), ("x.csv.gz", "id,text\nx_inc,A\r\n")]
)
def test_gzip_of_one_file(tmp_path, name, text):
    docs, _ = read(write(tmp_path / name, gzip.compress(text.encode())))
    assert docs[0].id == "x_inc"
    assert docs[0].default_section == "inclusion"


OUTSIDE = ["../up.txt", "/abs.txt", "a/../../up.txt", "..\\up.txt", "C:\\up.txt"]


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("form", ["zip", "tar"])
def test_names_outside_the_archive_are_skipped_and_never_written(tmp_path, name, form):
    folder = tmp_path / "in"
    files = {name: "evil", "good.txt": "Adults."}
    data = zip_bytes(files) if form == "zip" else tar_bytes(files, "w")
    path = write(folder / f"x.{form}", data)
    docs, skips = read(path)
    assert [d.id for d in docs] == ["good"]
    assert len(skips) == 1
    assert "outside the archive" in skips[0].message
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["in", path.name]


def test_links_and_devices_are_named(tmp_path):
    link, hard, device = (tarfile.TarInfo(n) for n in ("l.txt", "h.txt", "d.txt"))
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
    hard.type, hard.linkname = tarfile.LNKTYPE, "good.txt"
    device.type = tarfile.CHRTYPE
    data = tar_bytes({"good.txt": "Adults."}, extra=(link, hard, device))
    docs, skips = read(write(tmp_path / "x.tar.gz", data))
    assert [d.id for d in docs] == ["good"]
    assert ["found a link" in s.message for s in skips] == [True, True, False]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("l.txt")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/hostname")
    docs, skips = read(write(tmp_path / "x.zip", out.getvalue()))
    assert docs == []
    assert "found a link" in skips[0].message


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("x.zip", zip_bytes({"in.zip": zip_bytes(FILES), "z.txt": "Z"}), id="zip"),
        pytest.param("x.tgz", tar_bytes({"in.tgz": tar_bytes(FILES), "z.txt": "Z"}), id="tgz"),
        pytest.param("x.zip", zip_bytes({"a.txt.gz": gzip.compress(b"A"), "z.txt": "Z"}), id="gz"),
    ],
)
def test_nested_archives_are_named(tmp_path, name, data):
    docs, skips = read(write(tmp_path / name, data))
    assert [d.id for d in docs] == ["z"]
    assert "(nesting)" in skips[0].message


def test_nested_archives_are_read_when_the_limit_allows(tmp_path):
    path = write(tmp_path / "x.zip", zip_bytes({"in.tar": tar_bytes(FILES, "w")}))
    docs, skips = read(path, limits=Limits(nesting=2))
    assert [(d.id, d.text) for d in docs] == EXPECTED
    assert skips == []


def test_gzip_in_gzip_ends(tmp_path):
    data = b"Adults."
    for _ in range(20):
        data = gzip.compress(data)
    docs, skips = read(write(tmp_path / "x.gz", data))
    assert docs == []
    assert "(nesting)" in skips[0].message


BOMB = b"a" * 3_000_000


@pytest.mark.parametrize(
    ("name", "data", "limits", "which", "read_ids"),
    [
        pytest.param("x.zip", zip_bytes({"a.txt": "A", "b.txt": BOMB, "c.txt": "C"}),
                     Limits(ratio_from=100_000), "(ratio)", ["a", "c"], id="zip-ratio"),
        pytest.param("x.tar.gz", tar_bytes({"a.txt": "A", "b.txt": BOMB, "c.txt": "C"}),
                     Limits(ratio_from=100_000), "(ratio)", ["a"], id="tar-ratio"),
        pytest.param("x.txt.gz", gzip.compress(BOMB),
                     Limits(ratio_from=100_000), "(ratio)", [], id="gz-ratio"),
        pytest.param("x.zip", zip_bytes({"a.txt": "A", "b.txt": BOMB, "c.txt": "C"}),
                     Limits(total_bytes=1_000_000), "(total_bytes)", ["a"], id="zip-total"),
        pytest.param("x.tar.gz", tar_bytes({"a.txt": "A", "b.txt": BOMB, "c.txt": "C"}),
                     Limits(total_bytes=1_000_000), "(total_bytes)", ["a"], id="tar-total"),
        pytest.param("x.zip", zip_bytes({f"{n}.txt": "A" for n in range(9)}),
                     Limits(members=2), "(members)", ["0", "1"], id="zip-members"),
        pytest.param("x.tar", tar_bytes({f"{n}.txt": "A" for n in range(9)}, "w"),
                     Limits(members=2), "(members)", ["0", "1"], id="tar-members"),
        pytest.param("x.zip", zip_bytes({"a.txt": BOMB, "c.txt": "C"}),
                     Limits(document_bytes=9), "(document_bytes)", ["c"], id="document"),
    ],
)  # fmt: skip
def test_limits_name_themselves(tmp_path, name, data, limits, which, read_ids):
    docs, skips = read(write(tmp_path / name, data), limits=limits)
    assert [d.id for d in docs] == read_ids
    assert skips
    assert all(which in s.message for s in skips)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("x.zip", zip_bytes(FILES)[:-30], id="zip"),
        pytest.param("x.tar.gz", tar_bytes(FILES)[:-12], id="tar-gz"),
        pytest.param("x.txt.gz", gzip.compress(b"Adults." * 999)[:-9], id="gz"),
        pytest.param("x.zip", b"no zip", id="no-zip"),
        pytest.param("x.gz", b"no gzip", id="no-gzip"),
        pytest.param("x.tar", b"no tar" * 200, id="no-tar"),
    ],
)
def test_cut_archive_is_named(tmp_path, name, data):
    write(tmp_path / name, data)
    write(tmp_path / "y.txt", "Adults.")
    docs, skips = read(tmp_path)
    assert docs[-1].id == "y"
    assert len(skips) == 1
    assert name in skips[0].message


def test_cut_json_lines_gz_gives_the_lines_before_the_cut(tmp_path):
    lines = "".join(f'{{"id": "{n}", "text": "{n * 7919}"}}\n' for n in range(60_000))
    docs, skips = read(write(tmp_path / "x.jsonl.gz", gzip.compress(lines.encode())[:200_000]))
    assert len(docs) > 1000
    assert docs[-1].id == str(len(docs) - 1)
    assert len(skips) == 1


def test_encrypted_member_is_named(tmp_path):
    data = bytearray(zip_bytes({"a.txt": "A"}))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + offset] |= 1
    docs, skips = read(write(tmp_path / "x.zip", bytes(data)))
    assert docs == []
    assert "encrypted" in skips[0].message


def test_zip_member_with_an_empty_name(tmp_path):
    data = zip_bytes({"a.txt": "A", "b.txt": "B"}).replace(b"a.txt", b"\0.txt")
    docs, skips = read(write(tmp_path / "x.zip", data))
    assert [d.id for d in docs] == ["b"]
    assert len(skips) == 1


WHOLE = {
    "x.zip": zip_bytes(FILES),
    "x.tar": tar_bytes(FILES, "w"),
    "x.tar.gz": tar_bytes(FILES),
    "x.json": b'{"studies": [{"protocolSection": {"identificationModule": {"nctId": "N"}}}]}',
    "x.xml": b"<clinical_study><eligibility><gender>All</gender></eligibility></clinical_study>",
    "x.csv": b'id,text\na,"A, b"\nc,C\n',
    "x.txt": "Age ≥ 18 – µg".encode(),
}


@settings(max_examples=250, deadline=None)
@given(
    name=st.sampled_from(sorted(WHOLE)),
    edits=st.lists(st.tuples(st.integers(0, 1 << 14), st.integers(0, 255)), max_size=6),
    cut=st.integers(0, 1 << 14),
)
def test_damaged_files_never_raise(tmp_path_factory, name, edits, cut):
    data = bytearray(WHOLE[name])
    for at, byte in edits:
        data[at % len(data)] = byte
    path = write(tmp_path_factory.mktemp("damaged") / name, bytes(data[: cut or None]))
    docs, _ = read(path)
    for doc in docs:
        assert doc.text.encode() is not None
