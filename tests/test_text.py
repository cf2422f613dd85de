"""The clean form of a text, and the way back to the original characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critextract.text import clean, join

HOSTILE = st.text(
    alphabet=st.sampled_from(list("aB3® \t\n\r\\<>*.-\u00a0\u200b＜≧µ−‑’，／\x00é漢"))
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Age over 18 years", "Age over 18 years"),
        ("  Age\tover\r\n18 \n", "Age over 18"),
        (r"ALT \<= 3 \* ULN", "ALT <= 3 * ULN"),
        (r"a\b", r"a\b"),
        ("platelets ＜ 100 ≧ 50", "platelets < 100 ≥ 50"),
        ("5 µmol/L − 7 μmol/L", "5 μmol/L - 7 μmol/L"),
        ("patient’s “own”", 'patient\'s "own"'),
        ("a\x00b\u200bc", "a b c"),
        ("pain and / or fever, gout and/ or\ncold", "pain and/or fever, gout and/or cold"),
        ("sand / or, x / or and / y", "sand / or, x / or and / y"),
        ("Botox® or Dysport ™ (x)", "Botox or Dysport (x)"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_clean(text, expected):
    assert clean(text, 0, len(text)).text == expected


@given(HOSTILE, st.integers(0, 5), st.integers(0, 5))
def test_every_character_has_its_place(text, first, cut):
    end = max(first, len(text) - cut)
    start, end = min(first, len(text)), min(end, len(text))
    found = clean(text, start, end)
    assert len(found.text) == len(found.origin) <= end - start
    assert list(found.origin) == sorted(set(found.origin))
    assert all(start <= place < end for place in found.origin)
    assert found.text == found.text.strip()
    assert "  " not in found.text
    for char, place in zip(found.text, found.origin, strict=True):
        assert char == " " or text[place] == char or not text[place].isascii()


@given(HOSTILE)
def test_clean_text_stays_as_it_is(text):
    once = clean(text, 0, len(text)).text
    if "\\" not in once:
        assert clean(once, 0, len(once)).text == once


def test_join_keeps_the_way_back():
    text = "Age:\n  over 18"
    first, second = clean(text, 0, 4), clean(text, 5, len(text))
    both = join(first, second)
    assert both.text == "Age: over 18"
    assert text[slice(*both.span(5, 12))] == "over 18"
    assert join(clean("", 0, 0), second) == second
