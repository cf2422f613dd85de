"""The wheel works outside the checkout, model and data included."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = """
import sys
from critextract.cli import app
try:
    app(["extract", "trial.txt", "-o", "out.jsonl"])
finally:
    files = {getattr(m, "__file__", None) or "" for n, m in sys.modules.items() if "critext" in n}
    assert all(f.startswith(sys.argv[1]) for f in files), files
"""


def pip(*args):
    subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "--no-input", *map(str, args)],
        check=True, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", folder, ROOT)
    (path,) = folder.glob("critextract-*.whl")
    return path


@pytest.mark.slow
def test_the_wheel_holds_code_data_and_model(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for part in (
        "critextract/py.typed",
        "critextract/configs/default.json",
        "critextract/review/templates/report.html",
        "critextract/models/critextract_mentions/meta.json",
    ):
        assert part in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith("tests/") or ".pyc" in name]
    assert wheel.stat().st_size < 60_000_000


@pytest.mark.slow
def test_it_extracts_from_another_folder(wheel, tmp_path):
    site, work = tmp_path / "site", tmp_path / "work"
    pip("install", "--no-deps", "--no-index", "--target", site, wheel)
    work.mkdir()
    (work / "trial.txt").write_text("Inclusion Criteria:\n- Age 18 years or older\n")
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(site)],
        cwd=work, env=os.environ | {"PYTHONPATH": str(site)}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "critextract: 1 record in out.jsonl\n")
    record = json.loads((work / "out.jsonl").read_text())
    (mention,) = record["mentions"]
    assert (mention["label"], mention["values"][0]["low"]) == ("PERSON", "18")
