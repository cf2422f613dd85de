"""Learning when mentions are right, from judgements written here."""

import json
from dataclasses import replace

import pytest

from critextract.commands.confidence import train_confidence, train_rule_confidence
from critextract.commands.judged import COLUMNS, whole_exact
from critextract.components.rule_trust import rule_features
from critextract.components.trust import said_of, trust_features
from critextract.components.weights import CONFIDENCE_FILE, RULES_FILE, probability
from critextract.errors import InputError, ModelError
from critextract.io.records import dump_record
from critextract.learn.trust import train_rule_trust, train_trust
from critextract.pipeline import load
from critextract.rules import Is
from critextract.schema import Criterion, Label, Mention


def mention(label):
    return Mention("m1", "I1", label, 0, 8, "diabetes", confidence=0.5)


SURE, UNSURE = mention(Label.CONDITION), mention(Label.DEVICE)
JUDGED = [[(SURE, True)] * 9 + [(SURE, False)] + [(UNSURE, False)] * 8 + [(UNSURE, True)] * 2] * 20


def test_what_was_right_more_often_is_likelier(tmp_path):
    facts = train_trust(JUDGED, tmp_path / "new", data="-")
    written = json.loads((tmp_path / "new" / CONFIDENCE_FILE).read_text(encoding="utf-8"))
    weights = written["confidence"]
    assert probability(weights, trust_features(said_of(SURE))) == pytest.approx(0.9, abs=0.1)
    assert probability(weights, trust_features(said_of(UNSURE))) == pytest.approx(0.2, abs=0.1)
    assert {name: written[name] for name in facts} == facts
    assert facts["mentions"] == 400
    assert facts["calibration_error"] < 0.1
    assert train_trust(JUDGED, tmp_path / "again", data="-") == facts


@pytest.mark.parametrize(
    "judged",
    [[], [[(SURE, True), (SURE, False)]], [[(SURE, True)] * 50]],
    ids=["none", "too few", "all right"],
)
def test_nothing_to_learn_from(tmp_path, judged):
    with pytest.raises(InputError, match="40 mentions or more"):
        train_trust(judged, tmp_path, data="-")


def test_what_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be written"):
        train_trust(JUDGED, tmp_path / "file", data="-")


def test_annotated_records_are_held_against_the_program(tmp_path):
    lines = "- No diabetes\n- Stroke, epilepsy or asthma within {} months\n- Hemoglobin < {} g/dL\n"
    text = "Exclusion Criteria:\n" + "".join(lines.format(n, n) for n in range(2, 14))
    record = load().extract(text, id="t")
    kept = tuple(m for m in record.mentions if m.text != "asthma")
    assert 40 <= len(kept) < len(record.mentions)
    gold = tmp_path / "gold.jsonl"
    gold.write_text(dump_record(replace(record, mentions=kept)) + "\n", encoding="utf-8")
    facts = train_confidence(gold, tmp_path)
    assert facts["mentions"] == len(record.mentions)
    assert (tmp_path / CONFIDENCE_FILE).is_file()


def test_rules_that_were_right_more_often_are_likelier(tmp_path):
    plain = Criterion("I1", "inclusion", None, 0, 6, "Stroke", None, Is("m1"), "exact")
    joined = replace(plain, text="Stroke or TIA, or both of them within a month")
    document = [(plain, [SURE], n > 0) for n in range(20)]
    document += [(joined, [SURE], n > 9) for n in range(20)]
    facts = train_rule_trust([document] * 10, tmp_path, data="-")
    weights = json.loads((tmp_path / RULES_FILE).read_text(encoding="utf-8"))["exact"]
    assert probability(weights, rule_features(plain, [SURE])) == pytest.approx(0.95, abs=0.05)
    assert probability(weights, rule_features(joined, [SURE])) == pytest.approx(0.5, abs=0.1)
    assert facts["rules"] == 400


def test_verdicts_are_held_against_the_program(tmp_path):
    (tmp_path / "raw").mkdir()
    lines = [f"- Stroke or asthma within {n} months\n- Gout {n} months ago\n" for n in range(2, 30)]
    text = "Exclusion Criteria:\n" + "".join(lines)
    (tmp_path / "raw" / "T1.txt").write_text(text, encoding="utf-8")
    record = load().extract(text, id="T1")
    rows = ["\t".join(COLUMNS)]
    for criterion in whole_exact(record):
        verdict = "wrong" if " or " in criterion.text else "right"
        where = [criterion.start, criterion.end, verdict, "abc"]
        rows.append("\t".join(map(str, ["first", "T1", *where, "right", "-"])))
    rows.append("first\tT1\t0\t5\twrong\tabc\twrong\tof a criterion that is none")
    (tmp_path / "judged.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    facts = train_rule_confidence(tmp_path / "judged.tsv", tmp_path / "raw", tmp_path)
    assert facts["rules"] == len(rows) - 2
    assert facts["rules"] >= 40
    assert (tmp_path / RULES_FILE).is_file()
