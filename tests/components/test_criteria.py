"""Criteria: lists, nesting, sentences, and what always holds of them."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from critextract.components.criteria import split_criteria
from critextract.components.sections import find_headings


def split(text, default=None):
    return split_criteria(text, find_headings(text, default), default)


def outline(text, default=None):
    return [f"{c.id} {' '.join(c.text.split())}" for c in split(text, default)]


@pytest.mark.parametrize(
    "marker",
    ["-", "*", "•", "\\-", "\\*", "·", "o", "--", "–"],
)
def test_bullets(marker):
    text = (
        f"Inclusion Criteria:\n{marker} Adults\n{marker} Gout\nExclusion Criteria:\n{marker} Stroke"
    )
    assert outline(text) == ["I1 Adults", "I2 Gout", "E1 Stroke"]


@pytest.mark.parametrize(
    "markers",
    [
        ("1.", "2.", "3."),
        ("1\\.", "2\\.", "3\\."),
        ("1)", "2)", "3)"),
        ("(1)", "(2)", "(3)"),
        ("a)", "b)", "c)"),
        ("A.", "B.", "C."),
        ("i.", "ii.", "iii."),
        ("(i)", "(ii)", "(iii)"),
        ("3.1", "3.2", "3.3"),
    ],
)
def test_running_numbers_on_lines_and_in_one_line(markers):
    items = [f"{m} {w}" for m, w in zip(markers, ["Adults", "Gout", "Thirst"], strict=True)]
    expected = ["I1 Adults", "I2 Gout", "I3 Thirst"]
    assert outline("Inclusion Criteria:\n" + "\n".join(items)) == expected
    if "3.1" not in markers:
        assert outline("Inclusion Criteria: " + " ".join(items)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("- a: x\n   - b\n      - c\n- d", ["I1", "I1.1", "I1.1.1", "I2"], id="indent"),
        pytest.param("* One of:\n  * b\n  * c\n* d", ["I1", "I1.1", "I1.2", "I2"], id="markdown"),
        pytest.param("1. One:\na. b\nb. c\n2. d", ["I1", "I1.1", "I1.2", "I2"], id="marker-kind"),
        pytest.param("1. Two of:\n1. b\n2. c\n2. d", ["I1", "I1.1", "I1.2", "I2"], id="restart"),
        pytest.param(
            "- Any of the following:\n- b;\n- c.\n- d", ["I1", "I1.1", "I1.2", "I2"], id="flat"
        ),
        pytest.param(
            "- One of these criteria:\n- b, or\n- c\n- d",
            ["I1", "I1.1", "I1.2", "I2"],
            id="flat-or",
        ),
        pytest.param(
            "- At least 2 of:\n- gout\n- thirst\n- Patients who smoke",
            ["I1", "I1.1", "I1.2", "I2"],
            id="flat-new-subject",
        ),
        pytest.param(
            "- No gout, including any of the following:\n- a\n- b\n- No asthma\n- c",
            ["I1", "I1.1", "I1.2", "I2", "I3"],
            id="flat-new-denial",
        ),
        pytest.param(
            "- None of the following:\n- No a\n- No b", ["I1", "I1.1", "I1.2"], id="flat-denials"
        ),
        pytest.param("- x\n- y\n- z", ["I1", "I2", "I3"], id="flat-without-lead-in"),
        pytest.param(
            "Must meet one of the following:\n\n* b\n* c\n\nAge over 18",
            ["I1", "I1.1", "I1.2", "I2"],
            id="unmarked-lead-in",
        ),
        pytest.param("  9. x\n 10. y\n 11. z", ["I1", "I2", "I3"], id="numbers-to-the-right"),
        pytest.param("-\nx\n- y", ["I1", "I2"], id="marker-alone-on-its-line"),
        pytest.param("- x OR\n\nOR\n\n- y", ["I1", "I2"], id="or-between"),
        pytest.param("\t- x\n\t\t- y\n\t- z", ["I1", "I1.1", "I2"], id="tabs"),
    ],
)
def test_nesting(text, expected):
    assert [c.id for c in split(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "- History of gout. Must be able to walk.",
            [
                "I1 History of gout. Must be able to walk.",
                "I1.1 History of gout.",
                "I1.2 Must be able to walk.",
            ],
            id="two-conditions",
        ),
        pytest.param(
            "- Measurable gout. This is defined as a tophus of 5 mm.",
            ["I1 Measurable gout. This is defined as a tophus of 5 mm."],
            id="note-stays",
        ),
        pytest.param(
            "- Stable dose (e.g. approx. 1.5 mg. Higher in Dr. Lee's group) vs. placebo",
            ["I1 Stable dose (e.g. approx. 1.5 mg. Higher in Dr. Lee's group) vs. placebo"],
            id="abbreviations-decimals-brackets",
        ),
        pytest.param(
            "- Infection by E. Coli or S. Aureus",
            ["I1 Infection by E. Coli or S. Aureus"],
            id="species",
        ),
        pytest.param("- Trial No. 5 done", ["I1 Trial No. 5 done"], id="number"),
        pytest.param("Adults. No gout.", ["I1 Adults.", "I2 No gout."], id="paragraph"),
        pytest.param(
            "Inclusion Criteria: adults; gout; able to walk",
            ["I1 adults;", "I2 gout;", "I3 able to walk"],
            id="semicolons-after-a-heading",
        ),
        pytest.param(
            "Adults. At least two of the following: gout; asthma; a stroke. No cancer; no ulcer.",
            [
                "I1 Adults.",
                "I2 At least two of the following: gout; asthma; a stroke.",
                "I3 No cancer;",
                "I4 no ulcer.",
            ],
            id="semicolons-of-one-list",
        ),
        pytest.param("- adults; gout", ["I1 adults; gout"], id="semicolon-in-a-bullet"),
        pytest.param(
            "DISEASE CHARACTERISTICS: Proven gout No stroke Hepatic: AST normal OR ALT at least 5"
            " Not pregnant",
            [
                "I1 Proven gout",
                "I2 No stroke",
                "I3 AST normal OR ALT at least 5",
                "I4 Not pregnant",
            ],
            id="run-on-protocol",
        ),
        pytest.param(
            "- Headache with two of: a. pain b. nausea. Must be known",
            ["I1 Headache with two of: a. pain b. nausea. Must be known"],
            id="list-in-a-line-is-whole",
        ),
    ],
)
def test_sentences(text, expected):
    assert outline(text) == expected


@pytest.mark.parametrize(
    ("text", "default", "sections"),
    [
        ("Stroke", "exclusion", ["E1"]),
        ("Adults with gout.\n\nPatients with stroke are excluded.", None, ["I1", "E1"]),
        ("For details please contact the office.", None, ["O1"]),
        ("Patients with stroke are excluded.", "inclusion", ["I1"]),
        ("Inclusion Criteria:\n- Patients with stroke are excluded.", None, ["I1"]),
    ],
)
def test_text_without_a_heading(text, default, sections):
    assert [c.id for c in split(text, default)] == sections


def test_wrapped_lines_and_carriage_returns():
    text = (
        "Inclusion Criteria:\r\n\r\n"
        "          -  Adults with a history of gout for more than two years and who\r\n"
        "             walk\r\n\r\n          -  Thirst"
    )
    assert outline(text) == [
        "I1 Adults with a history of gout for more than two years and who walk",
        "I2 Thirst",
    ]


def test_group_ends_with_the_next_section():
    text = "Inclusion Criteria for Cohort B:\n- gout\nExclusion Criteria:\n- stroke"
    assert [(c.id, c.group) for c in split(text)] == [("I1", "Cohort B"), ("E1", None)]


def check_invariants(text):
    criteria = split(text)
    seen = {}
    for criterion in criteria:
        assert 0 <= criterion.start < criterion.end <= len(text)
        assert criterion.text == text[criterion.start : criterion.end]
        assert criterion.id not in seen
        assert criterion.parent is None or criterion.parent in seen
        seen[criterion.id] = criterion
    spans = sorted({(c.start, -c.end) for c in criteria})
    open_ends = []
    for start, end in spans:
        while open_ends and open_ends[-1] <= start:
            open_ends.pop()
        assert not open_ends or -end <= open_ends[-1]
        open_ends.append(-end)
    heads = find_headings(text)
    assert all(a.end <= b.start for a, b in pairwise(heads))
    for head in heads:
        assert all(c.end <= head.start or head.end <= c.start for c in criteria)


PIECES = st.sampled_from(
    ["- ", "* ", "1. ", "2. ", "a) ", "(i) ", "ii. ", "\n", "\r\n", "\n\n", "   ", "        ", "\t",
     "Inclusion Criteria:", "Exclusion: ", "Excluded within 2 weeks: ", "DISEASE CHARACTERISTICS: ",
     "Age: 18 ", "Hepatic: ", "any of the following:", "OR", "gout. ", "No stroke ", "Group A:",
     "; ", "(", ")", "**", "\\", "é", "\u202e", "--Disease Characteristics--"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_invariants_on_pieces_of_criteria(text):
    check_invariants(text)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200))
def test_invariants_on_any_text(text):
    check_invariants(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x" * 1_000_000, id="one-word"),
        pytest.param("word " * 200_000, id="one-line"),
        pytest.param("- " * 20_000, id="only-markers"),
        pytest.param("-\n" * 10_000, id="only-marker-lines"),
        pytest.param("\n".join(" " * i + "- x" for i in range(1000)), id="thousand-levels"),
        pytest.param(
            "\n".join(" " * i + "- any of the following:" for i in range(1000)), id="lead-ins"
        ),
        pytest.param("- any of the following:\n" + "- a\n" * 10_000, id="long-flat-list"),
        pytest.param("Inclusion Criteria: " * 2000, id="only-headings"),
        pytest.param("(" * 100_000, id="open-brackets"),
        pytest.param("1.1." * 50_000, id="digits-and-stops"),
        pytest.param("1) x " * 20_000, id="long-list-in-a-line"),
        pytest.param("DISEASE CHARACTERISTICS: " + "Other: No x " * 5000, id="labels"),
    ],
)
def test_hostile_text_is_split_in_time(text):
    begin = time.perf_counter()
    split(text)
    assert time.perf_counter() - begin < 5


@pytest.mark.parametrize(
    "unit", ["gout and thirst, ", "No gout. ", "a (b) ", "1. x ", "A. ", "Age: x "]
)
def test_long_line_is_split_at_once(unit):
    text = "Inclusion Criteria: " + (unit * 20_000)[:20_000]
    split(text)
    begin = time.process_time()
    split(text)
    assert time.process_time() - begin < 0.2  # two stages
