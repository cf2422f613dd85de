"""The README says what there is: every command is in its table, and its commands run as printed."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from critextract.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DEMO = ROOT / "src" / "critextract" / "data" / "demo" / "type_2_diabetes.txt"


def printed_commands():
    """Return every line of the code blocks that calls the program, in order, as words."""
    blocks = README.split("```")[1::2]
    lines = (line for block in blocks for line in block.splitlines())
    return [shlex.split(line, comments=True) for line in lines if line.startswith("critextract ")]


def test_the_table_names_every_command():
    rows = [row for row in README.splitlines() if row.startswith("| `")]
    section = README.partition("## Commands")[2].partition("\n## ")[0].partition("| extra")[0]
    named = [name for row in rows if row in section for name in re.findall(r"`(\w+)`", row)]
    registered = [*app.registered_commands, *app.registered_groups]
    assert sorted(named) == sorted(command.name for command in registered)


def test_the_table_names_every_extra():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    table = README.partition("| extra")[2].partition("\n\n")[0]
    extras = set(project["optional-dependencies"]) - {"all"}
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == extras


@pytest.mark.slow
def test_every_printed_command_runs(tmp_path, monkeypatch):
    (tmp_path / "annotations").symlink_to(ROOT / "annotations")
    (tmp_path / "trials").mkdir()
    (tmp_path / "trials" / "NCT01234567.txt").write_bytes(DEMO.read_bytes())
    monkeypatch.chdir(tmp_path)
    commands = printed_commands()
    assert len(commands) > 12
    for words in commands:
        result = CliRunner().invoke(app, words[1:])
        assert result.exit_code == 0, f"{shlex.join(words)}: {result.output}"
