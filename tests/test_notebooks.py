"""Every notebook runs from top to bottom, and is kept without outputs."""

import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
NEED_THE_CORPORA = ("corpora_at_a_glance",)


def code_of(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def params(path):
    marks = [pytest.mark.slow]
    if path.stem in NEED_THE_CORPORA:
        marks.append(pytest.mark.shared)
    return pytest.param(path, id=path.stem, marks=marks)


@pytest.mark.parametrize("path", [params(path) for path in NOTEBOOKS])
def test_notebook_runs(path, capsys, monkeypatch, request):
    matplotlib = pytest.importorskip("matplotlib", reason="pictures need the extra 'evaluate'")
    if path.stem in NEED_THE_CORPORA:
        request.getfixturevalue("shared")
    matplotlib.use("Agg")
    monkeypatch.chdir(path.parent)  # as Jupyter does
    names: dict[str, object] = {}
    for cell in code_of(path):
        exec("".join(cell["source"]), names)
    assert capsys.readouterr().out
    from matplotlib import pyplot

    assert pyplot.get_fignums()
    pyplot.close("all")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_kept_without_outputs(path):
    code = code_of(path)
    assert code
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def test_there_are_notebooks():
    assert {path.stem for path in NOTEBOOKS} >= {
        "corpora_at_a_glance",
        "error_analysis",
        "trial_to_rule_to_cohort",
    }
