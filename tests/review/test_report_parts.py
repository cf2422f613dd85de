"""The report's data, tables and pictures, without a browser."""

import json
import re
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_cases import gold, hard, pred
from typer.testing import CliRunner

from critextract.cli import app
from critextract.evaluation.compare import compare
from critextract.evaluation.evaluate import evaluate
from critextract.evaluation.tasks import SLOT_TASKS, TASKS
from critextract.exports.score_pictures import Estimate, Step, forest_svg, reliability_svg
from critextract.io.records import dump_record
from critextract.review.report import About, made_by, report_html, today, write_report
from critextract.review.report_errors import HONESTY_TASK, error_data, errors_of, script_json
from critextract.review.report_tables import heat_map, percents, span, task_views
from critextract.schema import Provenance


@pytest.fixture(scope="module")
def found():
    return evaluate(gold(), pred(), resamples=50)


# --- data -------------------------------------------------------------------------------------


@given(st.text() | st.sampled_from(["</script>", "<!--<script>", "\u2028\u2029", "&lt;", "🩸"]))
def test_json_in_a_script_reads_back_and_cannot_end_it(text):
    written = script_json({"text": [text, {text: 1}]})
    assert json.loads(written) == {"text": [text, {text: 1}]}
    assert not set(written) & set("<>&\u2028\u2029")


def test_every_error_is_in_the_data_once(found):
    data = error_data(found, gold(), pred())
    wrong = sum(pair.kind != "matched" for task in found.tasks for pair in task.pairs)
    assert len(data["errors"]) == wrong + len(found.honesty.wrong) == len(list(errors_of(found)))
    assert [name for name, _ in data["docs"]] == ["hard", "עברית"]
    assert len({json.dumps(item) for item in data["items"]}) == len(data["items"])


def test_words_are_written_only_where_they_are_not_the_characters(found):
    data = error_data(found)
    apart = {item[6] for item in data["items"] if item[6]}
    assert apart == {"liver cancer"}
    (fragments,) = {item[3] for item in data["items"] if item[6]}
    assert [hard().text[start:end] for start, end in fragments] == ["liver", "cancer"]


def test_rules_wrongly_called_exact_are_filed_under_why(found):
    kinds = {p.document: p.errors for task, p in errors_of(found) if task == HONESTY_TASK}
    assert kinds["עברית"] == ("status",)
    assert "value.closedness" in kinds["hard"]


def test_rules_are_told_in_english(found):
    rules = error_data(found, gold(), pred())["rules"]
    assert rules["gold"]["hard/I1"] == ["all of:\n  Hb ≥ 9 g/dL\n  not stroke"]
    assert rules["pred"]["hard/I1"] == ["Hb > 9"]
    assert error_data(found)["rules"] == {"gold": {}, "pred": {}}


# --- tables -----------------------------------------------------------------------------------


def test_heat_map_has_nothing_last_and_shares_of_gold():
    heat = heat_map({("B", "A"): 1, ("B", "B"): 3, (None, "A"): 2, ("B", None): 4})
    assert heat.columns == ("A", "B", "nothing")
    assert [name for name, _ in heat.rows] == ["B", "nothing"]
    assert [(cell.times, cell.share) for cell in heat.rows[0][1]] == [
        (1, 1 / 8),
        (3, 3 / 8),
        (4, 0.5),
    ]
    assert [cell.same for cell in heat.rows[0][1]] == [False, True, False]
    assert heat.rows[1][1][2].words == ""


def test_a_task_of_one_slot_leads_to_the_pairs_that_name_it(found):
    views = {view.task.name: view for view in task_views(found)}
    assert views["values.unit"].errors == 1
    assert views["values.unit"].link == "#task=values&kind=unit"
    assert views["values.number"].errors == 0
    assert views["mentions.strict"].link == "#task=mentions.strict"
    assert views["mentions.strict"].errors == len(
        [pair for task, pair in errors_of(found) if task == "mentions.strict"]
    )


def test_a_slot_asked_for_alone_has_its_errors():
    (view,) = task_views(evaluate(gold(), pred(), tasks=["values.unit"], resamples=0))
    assert view.task.micro.fn == 1
    assert view.errors == 1
    assert view.link == "#task=values.unit"
    assert view.heat is None


@pytest.mark.parametrize("name", SLOT_TASKS)
def test_the_pairs_of_a_slot_are_what_it_counts(name):
    task = evaluate(gold(), pred(), tasks=[name], resamples=0).task(name)
    right = sum(pair.kind == "matched" for pair in task.pairs)
    wrong = [pair for pair in task.pairs if pair.kind != "matched"]
    counts = (right, sum(p.pred is not None for p in wrong), sum(p.gold is not None for p in wrong))
    assert counts == (task.micro.tp, task.micro.fp, task.micro.fn)
    assert compare(
        *[evaluate(gold(), side, tasks=[name], resamples=0) for side in (pred(), gold())]
    )


def test_calibration_does_not_depend_on_the_tasks_asked_for():
    one, all_of_them = (
        evaluate(gold(), pred(), tasks=tasks, resamples=0)
        for tasks in (["mentions.strict"], list(TASKS))
    )
    assert one.calibration == all_of_them.calibration


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        pytest.param(span((0.1, 0.25)), "0.100 to 0.250", id="interval"),
        pytest.param(span(None), "", id="no-interval"),
        pytest.param(percents((0.1, 0.256)), "10.0 to 25.6 %", id="share"),
    ],
)
def test_intervals_as_text(shown, expected):
    assert shown == expected


# --- the page ---------------------------------------------------------------------------------


def test_same_evaluation_same_bytes(found):
    pages = [report_html(found, gold(), pred(), About()) for _ in range(2)]
    assert pages[0] == pages[1]


def test_the_page_names_no_other_place(found):
    page = report_html(found, gold(), pred(), About())
    assert set(re.findall(r"https?://[^\"' ]+", page)) <= {
        "http://www.w3.org/1999/xlink",
        "http://www.w3.org/2000/svg",
    }
    assert re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="(?!data:)', page) == []


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda: evaluate(gold(), gold(), resamples=0), id="nothing-wrong"),
        pytest.param(
            lambda: evaluate(gold(), [replace(r, mentions=(), criteria=()) for r in gold()]),
            id="nothing-predicted",
        ),
        pytest.param(lambda: evaluate(gold()[:1], pred()[1:]), id="no-prediction"),
        pytest.param(lambda: evaluate(gold(), pred(), tasks=["values.unit"]), id="one-slot"),
        pytest.param(lambda: evaluate(gold(), pred(), tasks=["relations"]), id="no-rules"),
    ],
)
def test_whatever_was_scored_makes_a_page(made, tmp_path):
    evaluation = made()
    write_report(evaluation, tmp_path / "r.html", gold(), pred())
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert page.count("<section") == page.count("</section>")
    for task in evaluation.tasks:
        assert f'id="task-{task.name}"' in page


def test_names_of_files_are_text_and_not_markup(found):
    page = report_html(found, (), (), About(gold="<img src=x>.jsonl", pred="a&b"))
    assert "<img" not in page
    assert "&lt;img src=x&gt;.jsonl" in page


def test_what_made_the_prediction_is_named_once():
    made = Provenance("critextract 9", "mentions 9", "0123456789abcdef")
    records = [replace(hard(name=name), made_by=made) for name in "ab"]
    assert made_by(records) == ["critextract 9, model mentions 9, configuration 0123456789ab"]


def test_the_day_can_be_told(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert today() == "1970-01-02"


# --- pictures ---------------------------------------------------------------------------------


def test_forest_plot_says_figures_and_has_the_colours_of_the_page():
    svg = forest_svg(
        [
            Estimate("mentions", "a", 0.5, (0.4, 0.6), 0.6, 0.4, 1200),
            Estimate("nothing", "b", None, None, None, None, 0),
        ]
    )
    assert "0.500 [0.400, 0.600]" in svg
    assert ">1,200<" in svg
    assert ">–<" in svg
    assert "var(--pred, #0b5cad)" in svg
    assert "<style" not in svg
    assert " id=" not in re.sub(r"<defs>.*?</defs>", "", svg)


def test_reliability_curve_leaves_empty_bins_out():
    both = reliability_svg([Step(0, 0.5, 4, 0.3, 0.25), Step(0.5, 1, 0, None, None)])
    assert "share that is right" in both
    assert "nan" not in both


# --- the command ------------------------------------------------------------------------------


def run(tmp_path, *args):
    for name, records in (("gold", gold()), ("pred", pred())):
        lines = "".join(dump_record(one) + "\n" for one in records)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    sides = ["--gold", tmp_path / "gold.jsonl", "--pred", tmp_path / "pred.jsonl"]
    return CliRunner().invoke(app, ["evaluate", *map(str, sides), *map(str, args)])


def test_command_writes_it(tmp_path):
    done = run(tmp_path, "--report", tmp_path / "r.html", "--resamples", "20")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "pred.jsonl" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_command_without_matplotlib_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    done = run(tmp_path, "--report", tmp_path / "r.html")
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "pip install 'critextract[evaluate]'" in done.stderr


def test_command_says_where_it_cannot_write(tmp_path):
    done = run(tmp_path, "--report", tmp_path / "none" / "r.html", "--resamples", "0")
    assert done.exit_code == 2
    assert "cannot be written" in done.stderr
