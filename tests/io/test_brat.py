r"""Brat folders: three dialects read, records written and read again, faults listed."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotated import records, texts_with_controls
from critextract.errors import AnnotationFaults, InputError, OutputError
from critextract.io.brat import annotation_conf, read_brat, write_brat
from critextract.io.invariants import record_faults
from critextract.io.regions import TYPES
from critextract.io.standoff import parse_line, to_lines
from critextract.io.standoff_files import parse_document, read_document, read_documents
from critextract.learn.corpora import read_brat as read_for_training
from critextract.schema import Qualifier, Record
from sample_record import sample_record

SHARED = Path(__file__).parents[3] / "shared" / "corpora"


def put(folder, text, ann, name="made_up"):
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.txt").write_bytes(text.encode())
    (folder / f"{name}.ann").write_bytes(ann.encode())


def only(folder, text, ann, name="made_up"):
    """Return the one record of a folder with one document, which must have no fault."""
    put(folder, text, ann, name)
    (record,) = read_brat(folder)
    assert list(record_faults(record)) == []
    return record


# --- Chia -------------------------------------------------------------------------------------

CHIA = "No gout or renal stones\r\nAge over 18 years\r\nWilling to sign\r\n"
CHIA_ANN = (
    "T1\tNegation 0 2\tNo\n"
    "T2\tCondition 3 7\tgout\n"
    "T3\tCondition 11 16;17 23\trenal stones\n"
    "T4\tPerson 25 28\tAge\n"
    "T5\tValue 29 42\tover 18 years\n"
    "T6\tInformed_consent 44 59\tWilling to sign\n"
    "R1\tHas_negation Arg1:T2 Arg2:T1\t\n"
    "R2\tHas_value Arg1:T4 Arg2:T5\t\n"
    "*\tOR T2 T3\n"
)


def test_chia_offsets_count_carriage_returns(tmp_path):
    record = only(tmp_path, CHIA, CHIA_ANN, "NCT00000001_exc")
    assert [(c.id, c.section, c.text) for c in record.criteria] == [
        ("E1", "exclusion", "No gout or renal stones"),
        ("E2", "exclusion", "Age over 18 years"),
        ("E3", "exclusion", "Willing to sign"),
    ]
    gout, stones, age = record.mentions
    assert (gout.criterion, gout.negated, gout.negation_cue) == ("E1", True, (0, 2))
    assert (stones.fragments, stones.text) == (((11, 16), (17, 23)), "renal stones")
    assert [(v.start, v.end, v.low) for v in age.values] == [(29, 42, None)]


def test_chia_flags_are_uncovered_parts(tmp_path):
    consent = only(tmp_path, CHIA, CHIA_ANN, "NCT00000001_exc").criteria[2]
    assert consent.status == "non_computable"
    assert [(u.start, u.end, u.reason) for u in consent.uncovered] == [(44, 59, "Informed_consent")]


def test_what_a_record_cannot_hold_stays_in_the_document(tmp_path):
    put(tmp_path, CHIA, CHIA_ANN)
    document, faults = read_document(tmp_path / "made_up.ann")
    assert faults == []
    assert [(group.type, group.members) for group in document.groups] == [("OR", ("T2", "T3"))]
    assert to_lines(document).split() == CHIA_ANN.split()


# --- LCT --------------------------------------------------------------------------------------

LCT = (
    "Inclusion Criteria:\n - ALT below 3 x ULN\n - asthma within 2 years\nExclusion:\n - no gout\n"
)


def lct(*extra):
    spans = {
        "T1": ("Observation", "ALT"),
        "T2": ("Eq-Comparison", "below 3 x ULN"),
        "T3": ("Eq-Operator", "below"),
        "T4": ("Eq-Value", "3"),
        "T5": ("Eq-Unit", "ULN"),
        "T6": ("Condition", "asthma"),
        "T7": ("Eq-Comparison", "within 2 years"),
        "T8": ("Eq-Value", "2"),
        "T9": ("Eq-Temporal-Unit", "years"),
        "T10": ("Eq-Operator", "within"),
        "T11": ("Negation", "no"),
        "T12": ("Condition", "gout"),
    }
    lines = [
        f"{name}\t{kind} {LCT.rindex(words)} {LCT.rindex(words) + len(words)}\t{words}"
        for name, (kind, words) in spans.items()
    ]
    lines += [
        "E1\tObservation:T1 Numeric-Filter:E2",
        "E2\tEq-Comparison:T2 Operator:T3 Value:T4 Unit:T5",
        "E3\tCondition:T6 Temporality:E4",
        "E4\tEq-Comparison:T7 Operator:T10 Value:T8 Temporal-Unit:T9",
        "E5\tNegation:T11 Negates:E6",
        "E6\tCondition:T12",
        "A1\tEq-Operator-Value T3 LT",
        "A2\tEq-Unit-Value T5 ref-range-high",
        "A3\tObservation-Type-Value E1 lab",
        "A4\tEq-Temporal-Unit-Value T9 year",
        "A5\tEq-Operator-Value T10 LTEQ",
        *extra,
    ]
    return "".join(f"{line}\n" for line in lines)


def test_lct_events_become_values_and_windows(tmp_path):
    record = only(tmp_path, LCT, lct())
    assert [(h.section, record.text[h.start : h.end]) for h in record.headings] == [
        ("inclusion", "Inclusion Criteria:"),
        ("exclusion", "Exclusion:"),
    ]
    assert [c.id for c in record.criteria] == ["I1", "I2", "E1"]
    alt, asthma, gout = record.mentions
    assert alt.label == "MEASUREMENT"
    (value,) = alt.values
    assert (value.high, value.high_closed, value.relative_to) == (Decimal(3), False, "ULN")
    (window,) = asthma.windows
    assert (window.high, window.high_closed, window.low, window.unit) == (2, True, None, "a")
    assert gout.negated


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        pytest.param(
            ["E7\tAssertion:T10 Asserted:E3", "A9\tAssertion-Type-Value E7 intention"],
            {"modality": "planned"},
            id="modality",
        ),
        pytest.param(
            ["T20\tFamily-Member 0 9\tInclusion", "E7\tFamily-Member:T20 Has:E3"],
            {"experiencer": "family"},
            id="family",
        ),
        pytest.param(
            [
                f"T20\tEq-Temporal-Period {LCT.index('within')} {LCT.index('within') + 6}\twithin",
                "E7\tEq-Comparison:T7 Temporal-Period:T20",
                "A9\tEq-Temporal-Period-Value T20 past",
            ],
            {"period": "past"},
            id="period",
        ),
        pytest.param(
            ["E7\tCondition:T6 Stability:T8"],
            {"qualifiers": (Qualifier("stability", "2", 58, 59),)},
            id="qualifier",
        ),
    ],
)
def test_lct_attributes_of_a_mention(tmp_path, extra, expected):
    asthma = only(tmp_path, LCT, lct(*extra)).mentions[1]
    assert {name: getattr(asthma, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("operator", "numbers", "expected"),
    [
        pytest.param("GTEQ", ["3"], {"low": 3, "low_closed": True}, id="at-least"),
        pytest.param("GT", ["1,500"], {"low": 1500, "low_closed": False}, id="thousands"),
        pytest.param("BETWEEN", ["9", "4"], {"low": 4, "high": 9, "high_closed": True}, id="range"),
        pytest.param(None, ["I", "III"], {"low": 1, "high": 3}, id="roman-range"),
        pytest.param(None, ["two"], {"low": 2, "high": 2, "low_closed": True}, id="word"),
        pytest.param("EQ", ["1", "3"], {"set": (1, 3), "low": None}, id="set"),
        pytest.param("GT", ["1/2"], {"low": None}, id="unreadable"),
        pytest.param("PLUS-MINUS", ["3"], {"low": None, "high": None}, id="tolerance"),
    ],
)
def test_lct_bounds(tmp_path, operator, numbers, expected):
    text = f"score is {' '.join(numbers)}"
    ann = f"T1\tObservation 0 5\tscore\nT2\tEq-Comparison 6 {len(text)}\t{text[6:]}\n"
    ann += "T3\tEq-Operator 6 8\tis\n"
    args = ""
    for n, number in enumerate(numbers):
        start = text.rindex(number) if n else text.index(number)
        ann += f"T{n + 4}\tEq-Value {start} {start + len(number)}\t{number}\n"
        args += f" Value{n + 1 if n else ''}:T{n + 4}"
    ann += f"E1\tObservation:T1 Numeric-Filter:E2\nE2\tEq-Comparison:T2 Operator:T3{args}\n"
    ann += f"A1\tEq-Operator-Value T3 {operator}\n" if operator else ""
    (value,) = only(tmp_path, text, ann).mentions[0].values
    assert {name: getattr(value, name) for name in expected} == expected


# --- this project's ---------------------------------------------------------------------------


def without_document_fields(record):
    return replace(record, demographics=None, problems=(), made_by=None)


def test_sample_comes_back(tmp_path):
    assert write_brat([sample_record()], tmp_path) == 1
    assert list(read_brat(tmp_path)) == [without_document_fields(sample_record())]


@settings(max_examples=50)
@given(records(texts=texts_with_controls))
def test_every_record_with_annotation_comes_back(record):
    with TemporaryDirectory() as folder:
        write_brat([record], folder)
        (found,) = read_brat(folder)
    if record.criteria:
        assert found == without_document_fields(record)
    else:
        assert (found.id, found.text, found.mentions) == (record.id, record.text, ())


def test_a_range_over_lines_is_cut_and_made_whole(tmp_path):
    record = sample_record()
    lines = replace(record.criteria[0], end=record.criteria[2].end, text=record.text[14:133])
    record = without_document_fields(replace(record, criteria=(lines, *record.criteria[1:])))
    write_brat([record], tmp_path)
    assert "Criterion 14 67;68 96;97 133\t" in (tmp_path / "NCT00000001.ann").read_text()
    assert list(read_brat(tmp_path)) == [record]


def test_equal_records_give_equal_files(tmp_path):
    for name in ("a", "b"):
        write_brat([sample_record()], tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_repeated_ids_are_numbered(tmp_path):
    write_brat([sample_record(), sample_record()], tmp_path / "out")
    assert [r.id for r in read_brat(tmp_path / "out")] == ["NCT00000001", "NCT00000001#2"]
    for name in ("a", "b"):
        put(tmp_path / name, "Gout", "T1\tCondition 0 4\tGout\n", "same")
    (tmp_path / "c").mkdir()
    for name in ("a", "b"):
        (tmp_path / name).rename(tmp_path / "c" / name)
    first, second = read_brat(tmp_path / "c")
    assert (first.id, first.problems, second.id) == ("same", (), "same#2")
    assert "repeated id" in second.problems[0]


def test_configuration_names_every_label():
    conf = annotation_conf()
    assert conf.startswith("[entities]\n" + "\n".join(TYPES))
    assert "Modality\tArg:CONDITION|" in conf
    assert "Value:actual|hypothetical|uncertain|planned\n" in conf


def test_half_a_character_pair_cannot_be_written(tmp_path):
    with pytest.raises(OutputError, match="half a character pair"):
        write_brat([Record("x", "a \ud800 b")], tmp_path)


# --- faults -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ann", "line", "message"),
    [
        pytest.param("T1\tDrug 2 90\tx", 1, "ends at 90, past the end of the text's 17", id="past"),
        pytest.param("T1\tDrug 0 4\tgout", 1, "is 'gout' in the annotation but 'No s'", id="text"),
        pytest.param("T1\tDrog 0 2\tNo", 1, "unknown label 'Drog'", id="label"),
        pytest.param("T1\tDrug 0 2\tNo\nR1\tAND Arg1:T1 Arg2:T2", 2, "names T2", id="dangling"),
        pytest.param("T1\tDrug 0 2\tNo\nE1\tDrug:T9", 2, "names T9, which does not", id="trigger"),
        pytest.param("T1\tDrug 0 2\tNo\n*\tOR T1 T3", 2, "names T3", id="group"),
        pytest.param("\nA1\tNegated T1", 2, "names T1", id="attribute"),
        pytest.param("T1\tDrug 0 2\tNo\r\n", 1, "Windows line end", id="windows"),
        pytest.param("T1\tDrug 0 2\tNo\nT1\tDrug 0 2\tNo", 2, "T1 was given before", id="twice"),
        pytest.param("T1 Drug 0 2 No", 1, "expected 'Type START END'", id="spaces"),
        pytest.param("T1\tDrug 2 0\tNo", 1, "[2, 0] is no range", id="backwards"),
        pytest.param("hello", 1, "expected a line of T, R, E", id="other"),
        pytest.param("R1\tHas_value T1 T2", 1, "expected 'ROLE:ID'", id="roles"),
        pytest.param(
            "T1\tDRUG 0 2\tNo\n#1\tSlots T1\t{oops", 2, "expected a JSON object", id="slots"
        ),
        pytest.param("T1\tDRUG 0 2\tNo\nA1\tModality T1 maybe", 1, "unknown value", id="value"),
    ],
)
def test_every_fault_has_file_and_line(tmp_path, ann, line, message):
    put(tmp_path, "No stroke or gout", ann)
    faults = []
    assert len(list(read_brat(tmp_path, faults))) == 1
    assert [(fault.path.name, fault.line) for fault in faults] == [("made_up.ann", line)]
    assert message in str(faults[0])


def test_all_faults_are_raised_at_once(tmp_path):
    put(tmp_path, "Gout", "T1\tDrug 0 9\tGout\nhello\n", "a")
    put(tmp_path, "Gout", "T1\tDrug 0 4\tgout\n", "b")
    (tmp_path / "c.ann").write_text("")
    (tmp_path / "d.txt").write_text("Gout")
    (tmp_path / "e.txt").write_bytes(b"one\ntw\xff")
    (tmp_path / "e.ann").write_text("")
    with pytest.raises(AnnotationFaults) as caught:
        list(read_brat(tmp_path))
    places = [fault.removeprefix(f"{tmp_path}/").split(": ")[0] for fault in caught.value.faults]
    assert places == ["a.ann:1", "a.ann:2", "b.ann:1", "c.txt", "d.ann", "e.ann"]
    assert "e.txt:2: not UTF-8" in caught.value.faults[-1]


def test_what_names_a_fallen_line_falls_too(tmp_path):
    put(tmp_path, "Gout", "T1\tDrog 0 4\tGout\nE1\tDrug:T1\nE2\tDrug:E1\nA1\tNegated E2\n")
    faults = []
    (record,) = read_brat(tmp_path, faults)
    assert record.mentions == ()
    assert [fault.line for fault in faults] == [1, 2, 3, 4]


@given(
    st.lists(st.sampled_from([*"TRE#A*:;019\t \n\r{}", "T1\t", "Drug ", "Arg1:T1 "]), max_size=40)
)
def test_whatever_a_file_holds_is_read_or_listed(pieces):
    lines = "".join(pieces)
    document, faults = parse_document("x", "Gout or not", lines, path=Path("x.ann"))
    parts = (*document.relations, *document.events, *document.groups, *document.attributes)
    held = [*document.entities.values(), *parts, *document.notes]
    listed = {fault.line for fault in faults} | {part.line for part in held}
    there = {n for n, line in enumerate(lines.split("\n"), 1) if line.strip()}
    assert there <= listed


def test_training_reads_on_where_an_annotation_can_be_read(tmp_path):
    put(tmp_path, "Gout", "T1\tDrug 0 4\tgout\r\nR1\tAND Arg1:T1 Arg2:T1\r\n")
    assert list(read_for_training(tmp_path / "made_up.ann").entities) == ["T1"]
    put(tmp_path, "Gout", "T1\tDrug 0 4\tGout\nR1\tAND Arg1:T1 Arg2:T2\n")
    with pytest.raises(AnnotationFaults, match=r"made_up\.ann:2: names T2"):
        read_for_training(tmp_path / "made_up.ann")


def test_offsets_that_count_a_line_end_as_one_are_told(tmp_path):
    put(tmp_path, "a\r\nb\r\ngout", "T1\tCondition 4 8\tgout\n")
    faults = []
    list(read_brat(tmp_path, faults))
    assert "count a Windows line end of the text as one" in str(faults[0])


def test_declared_labels_are_known(tmp_path):
    put(tmp_path, "Gout", "T1\tDisorder 0 4\tGout\n")
    (tmp_path / "annotation.conf").write_text("[entities]\n!Disorder\n[relations]\n")
    assert [record.mentions for record in read_brat(tmp_path)] == [()]


@pytest.mark.parametrize("name", ["nothing", "nothing.ann", "empty", "other.json"])
def test_nothing_to_read(tmp_path, name):
    (tmp_path / "empty").mkdir()
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises((InputError, AnnotationFaults), match=r"no \.ann files|no such file"):
        list(read_brat(tmp_path / name))


@pytest.mark.parametrize(
    "line",
    [
        "T1\tCondition 0 5;9 12\tliver pain",
        "R1\tHas_value Arg1:T1 Arg2:T2",
        "E1\tEq-Comparison:T6 Operator:T28 Value:T3 Value2:T4",
        "*\tOR T1 T2 T3",
        "A1\tNegated T1",
        "M1\tModality T1 planned",
        "N1\tReference T1 LOINC:1920-8\tAST",
        "#1\tAnnotatorNotes T1\twith\ta tab",
    ],
)
def test_a_line_parses(line):
    assert parse_line(line).line == 0


# --- corpora ----------------------------------------------------------------------------------

SLIPS = {"chia": {"NCT02137369_inc.ann:17", "NCT02590822_inc.ann:17"}, "lct": set()}


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the corpora in ../shared")
@pytest.mark.parametrize(("corpus", "size"), [("chia", 1396), ("lct", 704)])
def test_every_train_document_is_read(corpus, size):
    faults = []
    found = list(read_brat(SHARED / corpus / "train", faults))
    assert len(found) == size
    assert {f"{fault.path.name}:{fault.line}" for fault in faults} == SLIPS[corpus]
    assert [fault for record in found for fault in record_faults(record)] == []
    spans = sum(len(d.entities) for d in read_documents(SHARED / corpus / "train", []))
    assert len(faults) / spans < 0.001
