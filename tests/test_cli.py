"""The command line as a user meets it: exit codes, one line an error, kill and resume."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FAKE = [sys.executable, str(HERE / "fake_cli.py")]
COUNT = 60


def run(*args, **options):
    """Run a command line over the fake extractor and return what came of it."""
    return subprocess.run(
        [*FAKE, *map(str, args)], capture_output=True, text=True, timeout=60, check=False, **options
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trials")
    for number in range(COUNT):
        (folder / f"trial{number:03}.txt").write_text(f"Age {number} years or older\n" * 50)
    return folder


@pytest.fixture(scope="module")
def whole(folder, tmp_path_factory):
    """The bytes of an uninterrupted run."""
    out = tmp_path_factory.mktemp("whole") / "out.jsonl"
    assert run("extract", folder, "-o", out).returncode == 0
    return out.read_bytes()


# --- help and usage ---------------------------------------------------------------------------


def test_help_is_fast():
    best = 9.0
    for _ in range(3):
        started = time.monotonic()
        done = run("--help")
        best = min(best, time.monotonic() - started)
    assert done.returncode == 0
    assert "Not for clinical decisions" in " ".join(done.stdout.split())
    assert best < 0.5


def commands():
    from critextract.cli import app

    found = [(command.name, command.callback) for command in app.registered_commands]
    for group in app.registered_groups:
        inner = group.typer_instance.registered_commands
        found += [(f"{group.name} {command.name}", command.callback) for command in inner]
    return found


@pytest.mark.parametrize(("name", "command"), commands())
def test_every_command_has_an_example(name, command):
    assert f"Example: critextract {name} " in command.__doc__


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(["extract"], "Missing argument 'PATH...'", id="no-path"),
        pytest.param(["extract", "no/such"], "no/such: no such file", id="no-such-path"),
        pytest.param(["extract", "x", "--jobs", "0"], "Invalid value for '--jobs'", id="no-jobs"),
        pytest.param(["extract", ".", "--resume"], "--resume needs an output file", id="resume"),
        pytest.param(["extract", ".", "-o", "x.xlsx"], "expected .jsonl, .csv", id="format"),
        pytest.param(
            ["extract", ".", "-o", "no/x.jsonl"], "no/x.jsonl: cannot be written", id="out"
        ),
        pytest.param(["frobnicate"], "No such command 'frobnicate'", id="command"),
        pytest.param(["schema", "trial"], "'trial' is not one of", id="schema"),
        pytest.param(["show", "no.jsonl"], "no.jsonl: cannot be read", id="show"),
        pytest.param(["validate", "no.jsonl"], "no.jsonl: cannot be read", id="validate"),
    ],
)
def test_a_usage_error_is_one_line_and_exit_2(args, said, tmp_path):
    (tmp_path / "a.txt").write_text("Age 18 years or older")
    done = run(*args, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr


# --- extract ----------------------------------------------------------------------------------


def test_standard_output_is_the_default(tmp_path):
    (tmp_path / "a.txt").write_text("Age 18 years or older")
    done = run("extract", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["id"] == "a"


def test_standard_input():
    done = run("extract", "-", input="Age 18 years or older")
    assert json.loads(done.stdout)["id"] == "-"


def test_the_number_of_jobs_does_not_change_a_byte(folder, whole, tmp_path):
    out = tmp_path / "out.jsonl"
    assert run("extract", folder, "-o", out, "--jobs", "3").returncode == 0
    assert out.read_bytes() == whole


def test_bad_documents_are_named_and_the_others_come_out(tmp_path):
    for name, text in {"a": "one", "b": "!sleep", "c": "!bug", "d": "four"}.items():
        (tmp_path / f"{name}.txt").write_text(text)
    done = run("extract", tmp_path, "--time-limit", "0.5")
    assert done.returncode == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a", "d"]
    assert done.stderr.splitlines() == [
        f"critextract: {tmp_path}/b.txt: skipped: took over 0.5 s and was given up",
        f"critextract: {tmp_path}/c.txt: skipped: ZeroDivisionError: one two",
        "critextract: 2 done, 2 skipped",
    ]


def test_strict_is_exit_2(tmp_path):
    (tmp_path / "a.txt").write_text("!bug")
    done = run("extract", tmp_path, "--strict")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_an_empty_folder_is_exit_2(tmp_path):
    done = run("extract", tmp_path)
    assert done.returncode == 2
    assert "found no documents" in done.stderr


def test_nobody_reads_standard_output(folder):
    process = subprocess.Popen(
        [*FAKE, "extract", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.readline()
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait(timeout=20) == 128 + signal.SIGPIPE


# --- killed, and resumed ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "code", "jobs"),
    [
        (signal.SIGKILL, -9, "1"),
        (signal.SIGKILL, -9, "2"),
        (signal.SIGTERM, 143, "1"),
        (signal.SIGINT, 130, "2"),
        (signal.SIGHUP, 129, "1"),
    ],
)
def test_a_killed_run_goes_on_where_it_stopped(folder, whole, tmp_path, number, code, jobs):
    out = tmp_path / "out.jsonl"
    process = subprocess.Popen(
        [*FAKE, "extract", str(folder), "-o", str(out), "--jobs", jobs],
        env=os.environ | {"FAKE_PAUSE": "0.03"},
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for_lines(out, 5)
    process.send_signal(number)
    with process.stderr:
        said = process.stderr.read()
    assert process.wait(timeout=10) == code
    if number != signal.SIGKILL:
        assert said == (
            f"critextract: stopped by {number.name}; every record written so far is whole; "
            "--resume goes on\n"
        )
    kept = out.read_bytes()
    assert 5 <= kept.count(b"\n") < COUNT
    assert whole.startswith(kept)
    done = run("extract", folder, "-o", out, "--resume")
    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == whole


def wait_for_lines(path, count):
    for _ in range(400):
        if path.exists() and path.read_bytes().count(b"\n") >= count:
            return
        time.sleep(0.05)
    pytest.fail("the run wrote nothing")


def test_no_worker_outlives_a_killed_run(folder, tmp_path):
    out = tmp_path / "out.jsonl"
    process = subprocess.Popen(
        [*FAKE, "extract", str(folder), "-o", str(out), "--jobs", "2"],
        env=os.environ | {"FAKE_PAUSE": "0.03"},
    )
    wait_for_lines(out, 1)
    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.kill()
    process.wait()
    time.sleep(0.5)
    assert workers
    assert not [pid for pid in workers if is_running(pid)]


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_a_full_disk_is_one_line_and_resumes(folder, whole, tmp_path):
    out = tmp_path / "out.jsonl"
    small = f"ulimit -f {len(whole) // 3 // 512 + 1}; trap '' XFSZ; exec \"$@\""
    done = subprocess.run(
        ["bash", "-c", small, "-", *FAKE, "extract", str(folder), "-o", str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "out.jsonl: cannot write" in done.stderr
    kept = out.read_bytes()
    assert kept.endswith(b"\n")
    assert whole.startswith(kept)
    assert run("extract", folder, "-o", out, "--resume").returncode == 0
    assert out.read_bytes() == whole


# --- show, schema, validate -------------------------------------------------------------------


def test_show_one_trial_and_a_table(whole, tmp_path):
    out = tmp_path / "out.jsonl"
    out.write_bytes(whole)
    one = run("show", out, "trial003")
    assert one.returncode == 0
    assert "Age 3 years or older" in one.stdout
    assert "trial004" not in one.stdout
    table = run("show", out)
    assert "trial003" in table.stdout
    assert "trial004" in table.stdout
    missing = run("show", out, "trial999")
    assert (missing.returncode, missing.stdout) == (2, "")


def test_show_reads_a_text_itself(tmp_path):
    (tmp_path / "a.txt").write_text("Age 18 years or older")
    done = run("show", tmp_path / "a.txt")
    assert done.returncode == 0
    assert "no rule (unparsed)" in done.stdout


def test_validate(whole, tmp_path):
    out = tmp_path / "out.jsonl"
    out.write_bytes(whole)
    good = run("validate", out)
    assert (good.returncode, good.stdout) == (0, "")
    lines = whole.splitlines(keepends=True)
    lines[2] = lines[2].replace(b'"start": 0', b'"start": 1')
    out.write_bytes(b"".join(lines))
    bad = run("validate", out)
    assert bad.returncode == 1
    assert bad.stdout.startswith(f"{out}:3: criterion I1: text is ")


@pytest.mark.parametrize("kind", ["record", "patient", "verdict"])
def test_schema_prints_json(kind):
    done = run("schema", kind)
    assert json.loads(done.stdout)["type"] == "object"
