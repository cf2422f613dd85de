"""Lines: markers, columns, and which lines are one block."""

from __future__ import annotations

import pytest

from critextract.components.lines import find_blocks, find_marker, line_ranges, roman_value


@pytest.mark.parametrize(
    ("line", "kind", "ordinal"),
    [
        ("- gout", "-", None),
        ("\\* gout", "*", None),
        ("•gout", "•", None),
        ("-≥ 18 years", "-", None),
        ("12. gout", "1.", 12),
        ("1\\) gout", "1)", 1),
        ("(b) gout", "(a)", 2),
        ("iv. gout", "i.", 4),
        ("4.1.12 Gout", "1.1.1", 12),
        ("1.Gout", "1.", 1),
    ],
)
def test_markers(line, kind, ordinal):
    marker = find_marker(line, 0, len(line))
    assert (marker.kind, marker.ordinal) == (kind, ordinal)


@pytest.mark.parametrize(
    "line",
    ["gout", "2.5 mg daily", "120 mm Hg", "A patient", "-30.0 kg", "*note", "E.coli", "1,500/mm3",
     "(96 weeks)", "18-65 years"],
)  # fmt: skip
def test_no_marker(line):
    assert find_marker(line, 0, len(line)) is None


def test_line_ends_of_all_kinds():
    text = "a\r\nb\n\nc\rd"
    assert [text[a:b] for a, b in line_ranges(text)] == ["a", "b", "", "c", "d"]


@pytest.mark.parametrize(
    ("text", "contents"),
    [
        pytest.param("- a\n- b", ["a", "b"], id="items"),
        pytest.param("  - Gout,\n    thirst", ["Gout,\n    thirst"], id="under-the-words"),
        pytest.param("gout\nthirst", ["gout", "thirst"], id="bare-lines"),
        pytest.param("- gout and\nthirst", ["gout and\nthirst"], id="small-letter-goes-on"),
        pytest.param("- gout.\nThirst", ["gout.", "Thirst"], id="capital-does-not"),
        pytest.param("-\n\n", [], id="marker-alone"),
    ],
)
def test_blocks(text, contents):
    assert [text[b.start : b.end] for b in find_blocks(text)] == contents


def test_number_at_the_start_of_a_wrapped_line_is_no_marker():
    first = "          -  " + "Bilirubin no greater than the limit as it was measured within the "
    long_line = first + "last week of month"
    text = f"Hepatic:\n\n{long_line}\n             2. Phase\n\n          -  gout"
    assert [b.kind for b in find_blocks(text)] == ["", "-", "-"]


@pytest.mark.parametrize(("numeral", "value"), [("i", 1), ("iv", 4), ("ix", 9), ("XIV", 14)])
def test_roman_value(numeral, value):
    assert roman_value(numeral) == value
