"""Sentences and the notes that stay with them."""

from __future__ import annotations

import pytest

from critextract.components.sentences import bracketed, condition_ranges, is_note, sentence_ranges


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Adults. No gout.", 2),
        ("Aged 18.5 years, i.e. Adults", 1),
        ("Dose of approx. 5 mg vs. 10 mg", 1),
        ("Gout (acute. Or not) is fine", 1),
        ("Gout (acute. Or not is fine", 2),
        ("Infection with E. Coli", 1),
        ("Stage I. No gout", 2),
        ("Able to walk.No gout", 2),
        ("Headache ii. Pulsing", 1),
        ("", 0),
    ],
)
def test_sentence_ranges(text, count):
    assert len(sentence_ranges(text, 0, len(text))) == count


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("This includes aspirin.", True),
        ("For example, aspirin.", True),
        ("Patients with a stent may be included.", True),
        ("Topical use is allowed.", True),
        ("Must use contraception.", False),
        ("History of gout.", False),
        ("No aspirin is allowed.", False),
        ("Gout (defined as a tophus).", False),
    ],
)
def test_is_note(text, note):
    assert is_note(text, 0, len(text)) is note


def test_run_on_text_breaks_before_statements():
    text = "AST normal OR ALT at most 5 No Hodgkin's disease Renal stones allowed"
    ranges = condition_ranges(text, 0, len(text), run_on="paragraph")
    assert [text[a:b] for a, b in ranges][:2] == [
        "AST normal OR ALT at most 5",
        "No Hodgkin's disease",
    ]


def test_brackets_without_a_partner_count_for_nothing():
    assert bracketed("a (b [c] d) e) (f", 0, 17) == [(2, 11)]
