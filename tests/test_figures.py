"""The figures are written between their marks and nowhere else."""

from pathlib import Path

import pytest

from figures import BEGIN, END, around, put

README = Path(__file__).parents[1] / "README.md"


def test_only_what_is_between_the_marks_is_replaced(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(f"# Title\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    put(path, "new\n")
    put(path, "newer\n")
    assert path.read_text(encoding="utf-8") == f"# Title\n{BEGIN}\nnewer\n{END}\nafter\n"


@pytest.mark.parametrize("text", ["no marks", f"{BEGIN} only", f"{END} before {BEGIN}"])
def test_a_file_without_both_marks_is_left_alone(tmp_path, text):
    path = tmp_path / "page.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match="nothing written"):
        put(path, "new")
    assert path.read_text(encoding="utf-8") == text


def test_the_readme_has_the_marks():
    before, after = around(README)
    assert before
    assert after
