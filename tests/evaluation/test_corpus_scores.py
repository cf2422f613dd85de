"""Chia's and LCT's tasks: rows read from annotations, what is in account, figures by hand."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from scoring_cases import mention, window
from scoring_cases import value as value_at

from critextract.evaluation.annotation_rows import rows_of_annotations
from critextract.evaluation.corpora import same_interval, score_corpus
from critextract.evaluation.corpus_rows import rows_of_record
from critextract.evaluation.printed_numbers import number, numbers_in
from critextract.evaluation.sides import Side, evaluate_sides
from critextract.io.brat import read_documents
from critextract.io.records import dump_record
from critextract.schema import Record

SHARED = Path(__file__).parents[3] / "shared"
needs_shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "tools/score.py").exists(), reason="no ../shared"),
]


@pytest.mark.parametrize(("printed", "expected"), [
    ("12", 12), ("1.5", 1.5), ("1,5", 1.5), ("12,000", 12000), ("1,500.5", 1500.5), ("1·5", 1.5),
    (".5", 0.5), ("-3", -3), ("−3", -3), ("(70%)", 70), ("two", 2), ("Twice", 2), ("half", 0.5),
    ("III", 3), ("iib", 2), ("vi", 6), ("xi", None), ("50.000", None), ("10^3", None),
    ("1/2", None), ("S3", None), ("", None), ("1,2,3", None),
])  # fmt: skip
def test_number(printed, expected):
    assert number(printed) == expected


def test_numbers_in_every_reading():
    assert numbers_in("< 12,000 or 1.5 (grade II)") == {12000, 1.5, 15, 2}
    assert numbers_in("normal") == frozenset()


@pytest.mark.parametrize(("gold", "pred", "strict", "loose"), [
    (("ge", 9.0), ("ge", 9.0), True, True),
    (("ge", 9.0), ("gt", 9.0), False, False),
    (("eq", 3.0), ("le", 3.0), False, True),
    (("eq", 3.0), ("lt", 3.0), False, False),
    (("eq", 3.0), ("le", 4.0), False, False),
    (("between", 1.0, 3.0), ("set", 1.0, 2.0, 3.0), True, True),
    (("between", 1.0, 3.0), ("set", 1.0, 2.0), False, False),
    (("between", 1.0, 3.0), ("between", 1.0, 3.0), True, True),
    (("ge", 9.0), None, False, False),
    (None, None, True, True),
])  # fmt: skip
def test_same_interval(gold, pred, strict, loose):
    assert same_interval(gold, pred) is strict
    assert same_interval(pred, gold) is strict
    assert same_interval(gold, pred, loose=True) is loose


# --- documents by hand ------------------------------------------------------------------------

TEXT = "Platelet count >= 100 and age 18 to 65, no asthma within 6 months, two prior regimens\n"


def line(kind, words, number, text=TEXT):
    start = text.index(words)
    return f"T{number}\t{kind} {start} {start + len(words)}\t{words}"


def document(tmp_path, *lines, text=TEXT):
    (tmp_path / "d1.txt").write_text(text, newline="")
    (tmp_path / "d1.ann").write_text("\n".join(lines) + "\n")
    faults = []
    (found,) = read_documents(tmp_path, faults)
    assert faults == []
    return found


def lct(tmp_path):
    return document(
        tmp_path,
        line("Observation", "Platelet count", 1), line("Eq-Comparison", ">= 100", 2),
        line("Eq-Operator", ">=", 3), line("Eq-Value", "100", 4),
        line("Age", "age", 5), line("Eq-Comparison", "18 to 65", 6), line("Eq-Value", "18", 7),
        line("Eq-Operator", "to", 8), line("Eq-Value", "65", 9),
        line("Negation", "no", 10), line("Condition", "asthma", 11),
        line("Eq-Comparison", "within 6 months", 12), line("Eq-Operator", "within", 13),
        line("Eq-Value", "6", 14), line("Eq-Temporal-Unit", "months", 15),
        line("Eq-Comparison", "two", 16), line("Drug", "regimens", 17),
        line("Eq-Comparison", "prior", 18), line("Eq-Temporal-Period", "prior", 19),
        "E1\tObservation:T1 Numeric-Filter:E2", "E2\tEq-Comparison:T2 Operator:T3 Value:T4",
        "E3\tAge:T5 Numeric-Filter:E4", "E4\tEq-Comparison:T6 Value:T7 Operator:T8 Value2:T9",
        "E5\tNegation:T10 Negates:E6", "E6\tCondition:T11 Temporality:E7",
        "E7\tEq-Comparison:T12 Operator:T13 Value:T14 Temporal-Unit:T15",
        "E8\tEq-Comparison:T16 Value:T16", "E9\tDrug:T17 Minimum-Count:E8 Temporality:E10",
        "E10\tEq-Comparison:T18 Temporal-Period:T19",
        "A1\tEq-Operator-Value T3 GTEQ", "A2\tEq-Operator-Value T8 BETWEEN",
        "A3\tEq-Operator-Value T13 LTEQ", "A4\tEq-Temporal-Unit-Value T15 month",
        "A5\tEq-Temporal-Period-Value T19 past",
    )  # fmt: skip


def test_rows_of_lct(tmp_path):
    rows = rows_of_annotations(lct(tmp_path), "lct")
    assert [(r.text, r.interval) for r in rows.threshold] == [
        ("Platelet count", ("ge", 100.0)), ("age", ("between", 18.0, 65.0)),
    ]  # fmt: skip
    age = rows.threshold[1].subject
    assert TEXT[slice(*age)] == "age 18 to 65"
    assert [(r.text, r.interval, r.unit) for r in rows.window] == [("asthma", ("le", 6.0), "month")]
    assert [r.text for r in rows.negation] == ["asthma"]
    assert [(r.text, r.period) for r in rows.period] == [("regimens", "past")]
    assert {r.type for r in rows.entity} == {"Observation", "Condition", "Drug"}
    assert [TEXT[a:b] for a, b in rows.loose] == ["two"]


def record(**changes):
    """Return a prediction that has all of `lct` right, but for the changes."""
    platelets = {"low": 100, "unit": "10*9/L", **changes.get("platelets", {})}
    found = (
        mention(TEXT, "Platelet count", "MEASUREMENT", 1,
                values=(value_at(TEXT, ">= 100", **platelets),)),
        mention(TEXT, "age", "PERSON", 2,
                values=(value_at(TEXT, "18 to 65", low=18, high=65, unit="a"),)),
        mention(TEXT, "asthma", number=3, negated=True,
                windows=(window(TEXT, "within 6 months", high=6, unit=changes.get("unit", "mo")),)),
        mention(TEXT, "regimens", "DRUG", 4, period=changes.get("period", "past"),
                values=changes.get("values", ())),
    )  # fmt: skip
    return Record("d1", TEXT, mentions=found)


def figures(gold, pred, dialect):
    results = score_corpus({"d1": gold}, {"d1": rows_of_record(pred)}, dialect, resamples=0, seed=0)
    return {r.name: (r.micro.tp, r.micro.fp, r.micro.fn) for r in results}


PERFECT = {
    "threshold": (2, 0, 0), "negation": (1, 0, 0), "window": (1, 0, 0), "period": (1, 0, 0),
    "entity": (3, 0, 0), "entity_overlap": (3, 0, 0),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), [
    ({}, {}),
    ({"platelets": {"low": 10}}, {"threshold": (1, 1, 1)}),
    ({"platelets": {"low_closed": False}}, {"threshold": (1, 1, 1)}),
    ({"platelets": {"unit": None}}, {}),  # units of thresholds are not compared
    ({"unit": "wk"}, {"window": (0, 1, 1)}),
    ({"period": "present"}, {"period": (0, 1, 1)}),
    ({"period": None}, {"period": (0, 0, 1)}),
    ({"values": (value_at(TEXT, "two", low=2),)}, {}),  # meets a count only: out of account
    ({"values": (value_at(TEXT, "prior", low=2),)}, {"threshold": (2, 1, 0)}),
])  # fmt: skip
def test_lct_by_hand(tmp_path, changes, expected):
    gold = rows_of_annotations(lct(tmp_path), "lct")
    assert figures(gold, record(**changes), "lct") == {**PERFECT, **expected}


def chia(tmp_path):
    return document(
        tmp_path,
        line("Measurement", "Platelet count", 1), line("Value", ">= 100", 2),
        line("Person", "age", 3), line("Value", "18 to 65", 4), line("Negation", "no", 5),
        line("Condition", "asthma", 6), line("Temporal", "within 6 months", 7),
        line("Drug", "regimens", 8), "R1\tHas_value Arg1:T1 Arg2:T2",
        "R2\tHas_value Arg1:T3 Arg2:T4", "R3\tHas_negation Arg1:T6 Arg2:T5",
        "R4\tHas_temporal Arg1:T6 Arg2:T7",
    )  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), [
    ({}, {}),
    ({"platelets": {"low": 10}}, {"threshold": (1, 1, 1)}),
    ({"platelets": {"low_closed": False}}, {}),  # Chia annotates characters, not closedness
    ({"unit": "wk"}, {}),
])  # fmt: skip
def test_chia_by_hand(tmp_path, changes, expected):
    gold = rows_of_annotations(chia(tmp_path), "chia")
    perfect = {**PERFECT, "spans": (7, 0, 1)}  # the cue is in no record here
    del perfect["period"]
    assert figures(gold, record(**changes), "chia") == {**perfect, **expected}


def test_one_printed_value_counts_once_and_the_right_reading_wins(tmp_path):
    """Two readings of one place are one row in Chia; in LCT the wrong one is spurious."""
    pred = record(values=())
    twice = [pred.mentions[0].values[0], value_at(TEXT, ">= 100", low=10)]
    for values in (twice, twice[::-1]):
        owner = mention(TEXT, "Platelet count", "MEASUREMENT", 1, values=tuple(values))
        both = Record("d1", TEXT, mentions=(owner, *pred.mentions[1:]))
        assert figures(rows_of_annotations(chia(tmp_path), "chia"), both, "chia")["threshold"] == (
            2,
            0,
            0,
        )
        assert figures(rows_of_annotations(lct(tmp_path), "lct"), both, "lct")["threshold"] == (
            2,
            1,
            0,
        )


# --- the definitions that releases are measured by --------------------------------------------


def by_the_script(code, *args):
    """Return the JSON that code over the script's modules prints; it leaves files open: apart."""
    head = (
        f"import sys, json; sys.path.insert(0, {str(SHARED / 'tools')!r}); import lct, chia, adapt;"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", head + code, *map(str, args)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def assert_same(results, theirs):
    for result in results:
        precision, recall, f1, gold, pred = theirs[result.name]
        assert (result.micro.support, result.micro.predicted) == (gold, pred), result.name
        assert (result.micro.precision or 0) == pytest.approx(precision)
        assert (result.micro.recall or 0) == pytest.approx(recall)
        assert (result.micro.f1 or 0) == pytest.approx(f1)
    assert {result.name for result in results} == set(theirs)


class TestShared:
    pytestmark = needs_shared

    @pytest.mark.slow
    @pytest.mark.parametrize("dialect", ["chia", "lct"])
    def test_figures_on_dev_are_those_of_the_script(self, dialect, tmp_path):
        from critextract.io.documents import read_documents as read_texts
        from critextract.pipeline import load

        folder = SHARED / "corpora" / dialect / "dev"
        records = list(load().extract_many(read_texts([str(folder)])))
        out = tmp_path / "out.jsonl"
        out.write_text("".join(dump_record(one) + "\n" for one in records), encoding="utf-8")
        theirs = by_the_script(
            f"import pathlib; gold = {{p.stem: {dialect}.gold(str(p)) "
            "for p in pathlib.Path(sys.argv[1]).glob('*.ann')};"
            f"print(json.dumps({dialect}.score(gold, adapt.read(sys.argv[2])[0])))",
            folder,
            out,
        )
        gold = {d.name: rows_of_annotations(d, dialect) for d in read_documents(folder, [])}
        pred = {one.id: rows_of_record(one) for one in records}
        assert_same(score_corpus(gold, pred, dialect, resamples=0, seed=0), theirs)

    def test_second_annotator_agrees_as_the_script_says(self):
        corpora = SHARED / "corpora/lct"
        other = {d.name: d for d in read_documents(corpora / "second_annotator", [])}
        paths = [corpora / part / f"{name}.ann" for part in ("train", "dev") for name in other]
        found = [d for p in sorted(paths) if p.exists() for d in read_documents(p, [])]
        first = {d.name: d for d in found}
        both = [name for name in first if first[name].text == other[name].text]
        theirs = by_the_script(
            "a, b = ({n: lct.gold(p) for n, p in one.items()} for one in json.loads(sys.argv[1]));"
            "print(json.dumps(lct.score(a, b)))",
            json.dumps([{n: str(side[n].path) for n in both} for side in (first, other)]),
        )
        rows = [
            {name: rows_of_annotations(side[name], "lct") for name in both}
            for side in (first, other)
        ]
        results = score_corpus(*rows, "lct", resamples=0, seed=0)
        assert_same(results, theirs)
        f1 = {result.name: result.micro.f1 for result in results}
        assert 0.75 < f1["entity"] < 0.82 < 0.84 < f1["entity_overlap"] < 0.90


def test_a_prediction_from_another_text_says_nothing_whatever_its_document_is_called():
    gold = replace(record(), id="a:1")
    pred = replace(gold, text=gold.text + " ")
    side = Side((gold,), "lct", {gold.id: rows_of_record(gold)})
    found = evaluate_sides(side, Side((pred,)), tasks=["threshold"], resamples=0)
    assert [task.name for task in found.tasks] == ["threshold"]
    assert found.task("threshold").micro.predicted == 0
