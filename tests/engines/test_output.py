import json
import resource
from pathlib import Path

import pytest

from critextract.engines.files import extract_to
from critextract.engines.output import LineFile, read_progress
from critextract.errors import InputError, OutputError
from critextract.schema import Provenance
from fake_extractor import MADE_BY, FakeExtractor, documents

TEXTS = [f"criterion number {n} " * 20 for n in range(40)]


def whole_run(path, texts=TEXTS, **options):
    return extract_to(path, documents(*texts), FakeExtractor(), **options)


def ids(path):
    return [json.loads(line)["id"] for line in path.read_text().splitlines()]


def test_lines_are_whole_after_a_full_disk(tmp_path):
    path = tmp_path / "out.jsonl"
    output = LineFile(path)
    output.write(b"a" * 600)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OutputError, match="every line written so far is whole"):
            output.write(b"b" * 600)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_bytes() == b"a" * 600 + b"\n"


def test_a_device_that_is_full_is_one_error():
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("needs /dev/full")
    with pytest.raises(OutputError, match="/dev/full: cannot write"):
        whole_run(full)


def test_an_old_output_stays_when_nothing_is_made(tmp_path):
    path = tmp_path / "out.jsonl"
    path.write_text("old\n")
    tally = whole_run(path, ["!bug"])
    assert (tally.exit_code, path.read_text()) == (2, "old\n")


@pytest.mark.parametrize(
    ("texts", "code"),
    [(["a", "b"], 0), (["a", "!bug"], 1), (["!bug"], 2), ([], 2)],
)
def test_exit_codes(tmp_path, texts, code):
    assert whole_run(tmp_path / "out.jsonl", texts).exit_code == code


def test_strict_stops_at_the_first_fault(tmp_path):
    path = tmp_path / "out.jsonl"
    with pytest.raises(InputError, match=r"d1\.txt: skipped: ZeroDivisionError"):
        whole_run(path, ["a", "!bug", "c"], strict=True)
    assert ids(path) == ["d0"]


@pytest.mark.parametrize("kept", [0, 1, 1500, 5000, 10**9])
@pytest.mark.parametrize("jobs", [1, 3])
def test_resume_gives_the_bytes_of_an_uninterrupted_run(tmp_path, kept, jobs):
    whole, torn = tmp_path / "whole.jsonl", tmp_path / "torn.jsonl"
    whole_run(whole)
    torn.write_bytes(whole.read_bytes()[:kept])
    tally = whole_run(torn, resume=True, jobs=jobs)
    assert torn.read_bytes() == whole.read_bytes()
    assert tally.done + tally.resumed == len(TEXTS)
    assert tally.resumed == whole.read_bytes()[:kept].count(b"\n")


def test_resume_tries_skipped_documents_again(tmp_path):
    path = tmp_path / "out.jsonl"
    whole_run(path, ["a", "!bug", "c"])
    tally = whole_run(path, ["a", "!bug", "c", "d"], resume=True)
    assert (tally.resumed, tally.done, tally.skipped) == (2, 1, 1)
    assert ids(path) == ["d0", "d2", "d3"]


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_table_run_resumes_too(tmp_path, suffix):
    whole, torn = tmp_path / f"whole{suffix}", tmp_path / f"torn{suffix}"
    whole_run(whole)
    journal = tmp_path / f"torn{suffix}.part.jsonl"
    whole_run(tmp_path / "lines.jsonl")
    journal.write_bytes((tmp_path / "lines.jsonl").read_bytes()[:3000])
    whole_run(torn, resume=True)
    assert torn.read_bytes() == whole.read_bytes()
    assert not journal.exists()


def test_resume_refuses_another_version(tmp_path):
    path = tmp_path / "out.jsonl"
    whole_run(path)
    with pytest.raises(InputError, match="records of two versions do not go into one file"):
        read_progress(path, Provenance("critextract 0", "fake 2", MADE_BY.config))


def test_resume_refuses_a_changed_input(tmp_path):
    path = tmp_path / "out.jsonl"
    whole_run(path, ["a", "b"])
    with pytest.raises(InputError, match=r"d1\.txt: d1 is in the output with another text"):
        whole_run(path, ["a", "other"], resume=True)


@pytest.mark.parametrize("line", [b"x\n", b"[]\n", b'{"id": 1, "text_sha256": "a"}\n', b"\0\0\n"])
def test_resume_refuses_what_is_no_record(tmp_path, line):
    path = tmp_path / "out.jsonl"
    path.write_bytes(line)
    with pytest.raises(InputError, match=r"out\.jsonl:1: expected a record"):
        read_progress(path, MADE_BY)


def test_an_unknown_table_format_is_named(tmp_path):
    with pytest.raises(InputError, match=r"expected \.jsonl, \.csv or \.parquet"):
        whole_run(tmp_path / "out.xlsx")
