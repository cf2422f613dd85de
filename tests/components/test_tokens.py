"""Tokens of a criterion."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.vocab import Vocab

from critextract.components.tokens import CriterionTokenizer, split_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ANC≥1,500/mm3", ["ANC", "≥", "1,500", "/", "mm3"], id="sign-and-unit"),
        pytest.param("2.5xULN", ["2.5", "xULN"], id="x-before-letters-stays"),
        pytest.param("1.5x10^9/L", ["1.5", "x", "10", "^", "9", "/", "L"], id="power-of-ten"),
        pytest.param("2.5 × ULN", ["2.5", "×", "ULN"], id="times"),
        pytest.param("<1.5mg/dL", ["<", "1.5", "mg", "/", "dL"], id="number-from-unit"),
        pytest.param("HER2+ or CD4", ["HER2", "+", "or", "CD4"], id="digits-after-letters"),
        pytest.param("HbA1c 7.0%", ["HbA1c", "7.0", "%"], id="digits-inside"),
        pytest.param("non-small cell", ["non", "-", "small", "cell"], id="hyphen"),
        pytest.param("Crohn's (CD)", ["Crohn", "'s", "(", "CD", ")"], id="possessive"),
        pytest.param("18years", ["18", "years"], id="number-then-letters"),
        pytest.param("and/or", ["and", "/", "or"], id="slash"),
        pytest.param("③Severe", ["③", "Severe"], id="circled-number"),
        pytest.param("", [], id="empty"),
    ],
)
def test_split_words(text, expected):
    assert split_words(text)[0] == expected


@given(st.text())
def test_tokens_join_to_the_text(text):
    assert CriterionTokenizer(Vocab())(text).text == text


def test_long_line_is_fast_and_its_tokens_bounded():
    start = time.perf_counter()
    words, _ = split_words("a" * 20_000 + "1" * 20_000 + "1a" * 10_000)
    assert time.perf_counter() - start < 0.1
    assert max(map(len, words)) <= 60
