"""Annotation sheets: notation to records, and every mistake named with its line."""

from decimal import Decimal

import pytest

from critextract.io.sheets import gold_line, read_sheet, read_sheets, write_gold
from critextract.io.validate import validate_file
from critextract.rules import AllOf, AnyOf, AtLeast, Child, Except, If, Is, Not, Unparsed
from critextract.schema import Otherwise, RuleGuard, SexGuard

HEAD = "| id T1\n| area cardiology\n| split dev\n"


def read(body, head=HEAD):
    return read_sheet(head + body, "t.sheet")


def record_of(body):
    sheet, faults = read(body)
    assert faults == []
    return sheet.record


def value_of(text, notation):
    record = record_of(f"{text}\n| I1\n| MEASUREMENT {notation}\n")
    (mention,) = record.mentions
    return record, mention.values[0]


# --- text and criteria ------------------------------------------------------------------------


def test_text_is_all_that_is_not_annotation():
    record = record_of(
        "Inclusion:\n| heading inclusion\n\n  1. Gout since\n     2 years\n| I1\n"
        '| CONDITION "Gout" w\n|      "since"\nEnd of page\n| none\n| # a remark\n'
    )
    assert record.text == "Inclusion:\n\n  1. Gout since\n     2 years\nEnd of page"
    (criterion,) = record.criteria
    assert criterion.text == "Gout since\n     2 years"
    assert record.text[criterion.start : criterion.end] == criterion.text
    assert record.text[record.headings[0].start : record.headings[0].end] == "Inclusion:"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("- Gout", "Gout"),
        ("  •Gout", "Gout"),
        ("3. Gout", "Gout"),
        ("2.1. Gout", "Gout"),
        ("(a) Gout", "Gout"),
        ("iv) Gout", "Gout"),
        ("o Gout", "Gout"),
        ("  Gout. ", "Gout."),
        ("1.5 Gout", "1.5 Gout"),
        ("Gout - old", "Gout - old"),
    ],
)
def test_the_list_marker_is_no_part_of_a_criterion(line, text):
    assert record_of(f'{line}\n| I1\n| CONDITION "Gout"\n').criteria[0].text == text


def test_groups_sections_parents_and_default_joins():
    record = record_of(
        'A - Exclusion:\n| heading exclusion group "A"\n1. Any of\n| E1\n a) gout\n| E1.1\n'
        '| CONDITION "gout"\n b) no asthma\n| E1.2\n| CONDITION "asthma" neg "no"\n'
        'Inclusion:\n| heading inclusion\nAll of\n| I1\n- age\n| I1.1\n| PERSON "age"\n'
    )
    outer, first, second, lead, _ = record.criteria
    assert (outer.section, outer.group, first.parent) == ("exclusion", "A", "E1")
    assert outer.rule == AnyOf((Child("E1.1"), Child("E1.2")))
    assert second.rule == Not((Is("m2"),))
    assert (lead.rule, lead.group) == (AllOf((Child("I1.1"),)), None)


def test_criteria_and_headings_in_one_line_are_quoted():
    record = record_of(
        'Inclusion: (1) Gout. (2) Age over 50.\n| heading inclusion "Inclusion:"\n| I1 "Gout."\n'
        '| CONDITION "Gout"\n| I2 "Age" "50."\n| PERSON "Age" v > 50 a "over 50"\n'
    )
    assert [c.text for c in record.criteria] == ["Gout.", "Age over 50."]


# --- characters -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "quoted", "span"),
    [
        pytest.param("No node. Nodes", '"No"', (0, 2), id="whole-words-first"),
        pytest.param("AST<3xULN", '"ULN"', (6, 9), id="inside-a-word-if-nowhere-else"),
        pytest.param("gout, old gout", '"gout"#2', (10, 14), id="second-occurrence"),
        pytest.param("heart\n     failure", '"heart failure"', (0, 18), id="across-lines"),
        pytest.param('the "sick" sinus', '`"sick" sinus`', (4, 16), id="quotes-in-backquotes"),
    ],
)
def test_quoted_characters_are_found(text, quoted, span):
    (mention,) = record_of(f"{text}\n| I1\n| CONDITION {quoted}\n").mentions
    assert (mention.start, mention.end) == span
    assert mention.text == text[slice(*span)]


def test_fragments_follow_each_other():
    record = record_of(
        'hepatitis A, B or C\n| I1\n| CONDITION "hepatitis A", "hepatitis" + "C"\n| rule any\n'
    )
    whole, split = record.mentions
    assert whole.fragments is None
    assert (split.fragments, split.text) == (((0, 9), (18, 19)), "hepatitis C")
    assert (split.start, split.end) == (0, 19)


def test_words_of_a_lead_in_serve_its_items():
    record = record_of(
        "No history of\n| I1\n| rule none\n- gout\n| I1.1\n"
        '| a CONDITION "gout" neg "No" past w "history of"\n| rule a\n'
    )
    (mention,) = record.mentions
    assert mention.negation_cue == (0, 2)
    assert record.text[mention.windows[0].start : mention.windows[0].end] == "history of"
    assert record.criteria[0].rule == Not((AnyOf((Child("I1.1"),)),))


# --- values, windows, attributes --------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "notation", "expected"),
    [
        ("Hb >= 9 g/dL", '">= 9 g/dL"', {"low": "9", "low_closed": True, "unit_text": "g/dL"}),
        ("Hb < 9 g/dL", '"< 9 g/dL"', {"high": "9", "high_closed": False}),
    ],
)
def test_a_bound_and_the_characters_of_its_unit(text, notation, expected):
    bound = text.split()[1] + " 9"
    _, value = value_of(text, f'"Hb" v {bound} g/dL {notation}')
    for key, wanted in expected.items():
        found = getattr(value, key)
        assert (str(found) if isinstance(found, Decimal) else found) == wanted
    assert value.unit == "g/dL"


@pytest.mark.parametrize(
    ("notation", "low", "low_closed", "high", "high_closed"),
    [
        ("[6, 18)", "6", True, "18", False),
        ("(6,18]", "6", False, "18", True),
        ("= 6", "6", True, "6", True),
        ("> -6.5", "-6.5", False, None, None),
    ],
)
def test_intervals(notation, low, low_closed, high, high_closed):
    _, value = value_of("age 6 to 18", f'"age" v {notation} a "6 to 18"')
    found = (value.low, value.low_closed, value.high, value.high_closed)
    ends = tuple(None if x is None else Decimal(x) for x in (low, high))
    assert found == (ends[0], low_closed, ends[1], high_closed)


def test_sets_words_limits_and_alternatives():
    _, value = value_of("ECOG 0 or 2", '"ECOG" v {0, 2} {score} "0 or 2"')
    assert (value.set, value.unit) == ((Decimal(0), Decimal(2)), "{score}")
    _, value = value_of("HBsAg reactive", '"HBsAg" v positive "reactive"')
    assert (value.text_value, value.low) == ("positive", None)
    _, value = value_of("AST < 2 x ULN", '"AST" v < 2 of ULN "< 2 x ULN"')
    assert (value.relative_to, value.unit, value.high) == ("ULN", None, Decimal(2))
    _, value = value_of("FEV1 > 70 % pred", '"FEV1" v > 70 % of predicted "> 70 % pred"')
    assert (value.relative_to, value.unit) == ("predicted", "%")
    _, value = value_of("stage IIIB", '"stage" v = 3 {stage} text 3B "IIIB"')
    assert (value.low, value.text_value) == (Decimal(3), "3B")
    _, value = value_of("Hb > 9 g/dL (90 g/L)", '"Hb" v > 9 g/dL "> 9 g/dL" alt > 90 g/L "90 g/L"')
    assert value.alternative is not None
    assert (value.alternative.low, value.alternative.unit) == (Decimal(90), "g/L")


def test_within_normal_limits_is_two_values():
    record = record_of(
        "TSH within normal limits\n| I1\n"
        '| MEASUREMENT "TSH" v within_normal "within normal limits"\n'
    )
    low, high = record.mentions[0].values
    assert (low.low, low.relative_to, high.high, high.relative_to) == (1, "LLN", 1, "ULN")
    assert low.text_value == high.text_value == "normal"


@pytest.mark.parametrize(
    ("printed", "unit", "unit_text"),
    [
        ("> 1.5 x 10^9/L", "10*9/L", "x 10^9/L"),
        ("> 1.5 × 10⁹/l", "10*9/L", "× 10⁹/l"),
        ("> 100 K/µL", "10*3/uL", "K/µL"),
        ("> 1,500/mm3", "/mm3", "/mm3"),
        ("> 250\n   msec", "ms", "msec"),
        ("> 9", "g/dL", None),
    ],
)
def test_the_unit_as_printed(printed, unit, unit_text):
    number = {"10*9/L": "1.5", "10*3/uL": "100", "/mm3": "1500", "ms": "250", "g/dL": "9"}[unit]
    _, value = value_of(f"X {printed}", f'"X" v > {number} {unit} "{" ".join(printed.split())}"')
    assert value.unit_text == unit_text


def test_guards_and_what_they_make_hypothetical():
    record = record_of(
        "AST < 3 x ULN, < 5 x ULN if gout; QT < 450 ms (men), < 470 ms (women)\n| I1\n"
        '| AST MEASUREMENT "AST" v < 5 of ULN "< 5 x ULN" if g v < 3 of ULN "< 3 x ULN" otherwise\n'
        '| g CONDITION "gout"\n'
        '| MEASUREMENT "QT" v < 450 ms "< 450 ms" if male v < 470 ms "< 470 ms" if female\n'
        "| rule all\n"
    )
    ast, gout, interval = record.mentions
    assert [v.guard for v in ast.values] == [RuleGuard(Is(gout.id)), Otherwise()]
    assert [v.guard for v in interval.values] == [SexGuard("male"), SexGuard("female")]
    assert gout.modality == "hypothetical"
    assert record.criteria[0].rule == AllOf((Is(ast.id), Is(interval.id)))


def test_windows():
    record = record_of(
        "stroke within 6 months before enrolment, asthma for > 2 years, "
        "cough after gout, prior flu\n| I1\n"
        '| CONDITION "stroke" w <= 6 mo before enrollment "within 6 months before enrolment"\n'
        '| CONDITION "asthma" w duration > 2 a "for > 2 years"\n'
        '| CONDITION "cough" w after x "after gout"\n| x CONDITION "gout"\n'
        '| CONDITION "flu" past w "prior" windows any\n| rule all\n'
    )
    stroke, asthma, cough, gout, flu = record.mentions
    (window,) = stroke.windows
    assert (window.low, window.high, window.high_closed, window.unit) == (None, 6, True, "mo")
    assert (window.role, window.direction, window.reference_point) == (
        "recency", "before", "enrollment",
    )  # fmt: skip
    assert (asthma.windows[0].role, asthma.windows[0].low_closed) == ("duration", False)
    assert cough.windows[0].reference_point == gout.id
    assert (flu.period, flu.windows_op, flu.windows[0].unit) == ("past", "any", None)


def test_attributes():
    record = record_of(
        "severe planned BP over 160/90, > 10 mg/d, twice, of a father\n| I1\n"
        '| a MEASUREMENT "BP" systolic planned future family q severity "severe" '
        'v > 160 mm[Hg] "over 160/90" v < 3 1 "over" values any\n'
        '|      count = 2 "twice" dose > 10 mg/d "> 10 mg/d"\n| rule a\n'
    )
    (mention,) = record.mentions
    assert (mention.component, mention.modality, mention.period) == (
        "systolic", "planned", "future",
    )  # fmt: skip
    assert (mention.experiencer, mention.values_op) == ("family", "any")
    assert [(q.kind, q.value) for q in mention.qualifiers] == [("severity", "severe")]
    assert mention.count is not None
    assert mention.dose is not None
    assert (mention.count.low, mention.dose.low) == (2, 10)


# --- rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notation", "rule"),
    [
        ("all(a, not(b), c)", AllOf((Is("m1"), Not((Is("m2"),)), Is("m3")))),
        ("at_least(2, *)", AtLeast(2, (Is("m1"), Is("m2"), Is("m3")))),
        ("if(a, b, c)", If((Is("m1"), Is("m2"), Is("m3")))),
        ("except(any(a, b), c)", Except((AnyOf((Is("m1"), Is("m2"))), Is("m3")))),
        ("any", AnyOf((Is("m1"), Is("m2"), Is("m3")))),
        ("none", Not((AnyOf((Is("m1"), Is("m2"), Is("m3"))),))),
    ],
)
def test_rules(notation, rule):
    record = record_of(f'A B C\n| I1\n| a b c CONDITION "A", "B", "C"\n| rule {notation}\n')
    assert record.criteria[0].rule == rule


def test_parts_that_are_not_understood():
    record = record_of(
        'gout, or willing, if tall\n| I1 partial\n| a CONDITION "gout"\n'
        '| rule any(a, unparsed("willing", willingness))\n| uncovered "if tall" guard on height\n'
    )
    (criterion,) = record.criteria
    assert criterion.rule == AnyOf((Is("m1"), Unparsed(9, 16, "willingness")))
    (uncovered,) = criterion.uncovered
    assert (uncovered.start, uncovered.end, uncovered.reason) == (18, 25, "guard on height")


def test_a_criterion_names_mentions_of_another():
    record = record_of(
        'gout or asthma\n| I1\n| g CONDITION "gout"\n| h CONDITION "asthma"\n| rule any\n'
        'flu after gout\n| I2\n| CONDITION "flu" w after I1.g "after gout"\n'
    )
    assert record.mentions[2].windows[0].reference_point == "m1"


# --- mistakes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ('gout\n| I1\n| CONDITION "goat"\n', 6, "I1: characters not found: 'goat'"),
        ('gout gout\n| I1\n| CONDITION "gout"\n', 6, "'gout' is there 2 times: add #1, #2"),
        ('gout\n| I1\n| CONDITION "gout"#2\n', 6, "'gout' is there 1 times only"),
        ('gout 1 mg 2 mg\n| I1\n| DRUG "gout" dose = 1 mg "1 mg" dose = 2 mg "2 mg"\n', 6,
         "a second dose of the mention"),
        ('gout\n| I1\n| CONDITION "gout" past future\n', 6, "a second period of the mention"),
        ('1. age 2.5 x\n| I1 "age"\n| PERSON "age"\n', 4, "in no criterion: '1.     2.5 x'"),
        ('gout\n| I1\n| DISEASE "gout"\n', 6, "'DISEASE': no line of a criterion"),
        ('gout\n| I1\n| CONDITION "gout" bad\n', 6, "'bad' is no attribute of a mention"),
        ('gout\n| I1\n| CONDITION "gout" q colour "gout"\n', 6, "'colour' is no qualifier"),
        ('gout\n| I1\n| CONDITION "gout\n', 6, "a quotation left open?"),
        ('gout\n| I1\n| a CONDITION "gout"\n| rule b\n', 7, "'b' in a rule is no mention"),
        ('gout\n| I1\n| a CONDITION "gout"\n| rule both(a)\n', 7, "'both' is no rule"),
        ('gout\n| I1\n| a CONDITION "gout"\n| rule all(a\n', 7, "expected ',', found ''"),
        ('gout\n| I1\n| a CONDITION "gout"\n| rule a a\n', 7, "cannot read 'a'"),
        ('gout\n| I1\n| a CONDITION "gout"\n| rule a\n| rule a\n', 8, "a second rule"),
        ('gout\n| I1\n| CONDITION "gout" w < 6 weeks "gout"\n', 6, "'weeks' is no unit of time"),
        ('gout\n| I1\n| CONDITION "gout" w before noon "gout"\n', 6, "'noon' is no mention"),
        ('gout\n| I1\n| CONDITION "gout" v < 2 of BLN "gout"\n', 6, "after 'of' comes one of"),
        ('gout\n| I1\n| CONDITION "gout" v "gout"\n', 6, "a value needs a bound"),
        ('gout\n| I1\n| a a CONDITION "gout"\n', 6, "2 names for 1 mentions"),
        ('gout flu\n| I1\n| a a CONDITION "gout", "flu"\n', 6, "two mentions are named 'a'"),
        ('gout flu\n| I1\n| CONDITION "gout", "flu"\n', 5, "needs a rule: it has several"),
        ("gout\n| I1\n", 5, "needs a rule: it has several mentions, or none"),
        ('a b\n| I1\n| x y CONDITION "a", "b"\n| rule x\n', 5, "'b' is in no rule; aside?"),
        ('gout\n| I1\n| CONDITION "gout"\n| uncovered "gout" why\n', 5, "exact, but a part"),
        ('gout\n| I1\n| CONDITION "gout"\n| uncovered "gout"\n', 7, "expected word"),
        ('gout\n| I1 partial\n| CONDITION "gout"\n', 5, "nothing says what is not covered"),
        ('gout\n| I1 non_computable\n| a CONDITION "gout"\n| rule a\n', 5, "but it has a rule"),
        ('gout\n| I2\n| CONDITION "gout"\n', 5, "I1 is missing before it"),
        ('gout\n| I1.1\n| CONDITION "gout"\n', 5, "I1 is missing before it"),
        ('gout\n| CONDITION "gout"\n', 5, "'CONDITION' stands under no criterion"),
        ('- gout\n- flu\n| I1\n| CONDITION "gout"\n', 6, "begins like a list item"),
        ("gout\n| heading\n", 5, "a heading names inclusion, exclusion or other"),
        ('gout\n| I1\n| CONDITION "gout"\nmore text\n', 7, "in no criterion: 'more text'"),
        ('x gout\n| I1 "gout"\n| CONDITION "gout"\n', 4, "in no criterion: 'x'"),
        ('gout\n| I1\n| a CONDITION "gout" neg\n| rule a\n', 5, "negated and no not stands over"),
        ('to\n| I1 partial\n- flu\n| I1.1 partial\n| CONDITION "flu"\n', 7, "I1.1: partial, but"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_line_and_criterion(body, line, message):
    sheet, faults = read(body)
    assert sheet is None
    assert any(f.startswith(f"t.sheet:{line}: ") and message in f for f in faults), faults


def test_a_parent_is_as_weak_as_its_children():
    _, faults = read(
        'All of\n| I1\n- consent\n| I1.1 non_computable\n- flu\n| I1.2\n| DRUG "flu"\n'
    )
    assert faults == ["t.sheet:5: I1: exact, but I1.1 below it is not"]


def test_a_lead_in_holds_all_its_children():
    _, faults = read(
        'gout and\n| I1\n| a CONDITION "gout"\n| rule a\n- flu\n| I1.1\n| CONDITION "flu"\n'
    )
    assert faults == ["t.sheet:5: I1: its rule does not hold I1.1"]


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("| id T\n| area x\n", "the head says no split"),
        ("| id T\n| area x\n| split dav\n", "split is 'dav', expected train, dev, test"),
        (HEAD + "| sex both\n", "sex is 'both'"),
        (HEAD + "| min_age 18\n", "min_age is '18', expected a number and a unit"),
    ],
)
def test_mistakes_of_the_head(head, message):
    _, faults = read('gout\n| I1\n| CONDITION "gout"\n', head)
    assert any(message in fault for fault in faults), faults


def test_all_mistakes_are_told_at_once():
    _, faults = read('gout\n| I1\n| CONDITION "goat"\nflu\n| I2\n| CONDITION "fly"\n| rule z\n')
    assert [fault.split(" ")[0] for fault in faults] == ["t.sheet:6:", "t.sheet:9:", "t.sheet:10:"]


# --- files ------------------------------------------------------------------------------------


def test_gold_files_are_sorted_split_and_valid(tmp_path):
    for name, split in (("B", "dev"), ("A", "dev"), ("C", "test")):
        text = HEAD.replace("T1", name).replace("dev", split) + 'gout\n| I1\n| CONDITION "gout"\n'
        (tmp_path / f"{name}.sheet").write_text(text, encoding="utf-8")
    sheets, faults = read_sheets([tmp_path])
    assert faults == []
    assert write_gold(sheets, tmp_path / "gold") == {"dev": 2, "test": 1}
    lines = (tmp_path / "gold" / "dev.jsonl").read_text("utf-8").splitlines()
    assert lines == [gold_line(sheet) for sheet in sheets[:2]]
    assert [line for line in validate_file(tmp_path / "gold" / "dev.jsonl") if line.faults] == []


def test_two_sheets_of_one_id(tmp_path):
    for name in ("A", "B"):
        (tmp_path / f"{name}.sheet").write_text(
            HEAD + 'gout\n| I1\n| CONDITION "gout"\n', encoding="utf-8"
        )
    assert read_sheets([tmp_path])[1] == ["T1: two sheets have this id"]
