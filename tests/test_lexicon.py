"""Patterns of the packaged word lists."""

from __future__ import annotations

import re

import pytest

from critextract.coverage import CASED
from critextract.errors import LexiconError
from critextract.lexicon import Lexicon, Words, lexicon


def test_a_pattern_ignores_case_or_reads_lower_case():
    words = lexicon("coverage")
    assert words.pattern("judgement").search("In the Opinion of the Investigator")
    assert not words.pattern("judgement", lowered=True).search("IN THE OPINION OF THE INVESTIGATOR")
    assert words.pattern("judgement", lowered=True).search("in the opinion of the investigator")


def test_a_pattern_for_lower_case_holds_no_capitals():
    words = Lexicon("coverage")
    words.data["mine"] = [r"\bseen\W+by the PI\b"]
    assert words.pattern("mine").search("seen by the PI")
    with pytest.raises(LexiconError, match="mine: PI: expected lower case"):
        words.pattern("mine", lowered=True)


def test_unknown_pattern_is_named():
    with pytest.raises(LexiconError, match=r"coverage\.json: nowhere"):
        lexicon("coverage").pattern("nowhere")


def test_every_pattern_of_coverage_is_for_lower_case_but_those_named():
    words = lexicon("coverage")
    lists = [key for key, value in words.data.items() if isinstance(value, list)]
    assert lists
    for key in set(lists) - CASED:
        words.pattern(key, lowered=True)


def pattern_of(*alternatives):
    words = Lexicon("coverage")
    words.data = {"said": list(alternatives)}
    return words.pattern("said")


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("not limited to", "not\r\n      limited to", True),
        ("not limited to", "notlimited to", False),
        ("one ?half", "onehalf", True),
        ("one ?half", "one\n half", True),
        ("one *half", "one\n\n half", True),
        (r"\ba[ ,/]b", "a\nb", True),
        (r"\ba[^ ]b", "a\nb", False),
        (r"(?<=who )smoke", "who\nsmoke", True),
        (r"(?<!who )smoke", "who\nsmoke", False),
        (r"(?<!(?:a|b) )c d", "a c\nd", False),
        (r"(?<!(?:a|b) )c d", "e c\nd", True),
        (r"\(see b\)", "(see\n b)", True),
        (r"a\ b", "a b", True),
    ],
)
def test_a_blank_is_a_line_end_too(pattern, text, expected):
    assert (pattern_of(pattern).search(text) is not None) is expected


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"\bother than\b", {"other than"}),
        (r"(?:is |are )?(?:excluded|in?eligible)", {"eligible", "excluded"}),
        (r"(?:pregnan(?:t|cy)|lactat\w+)", {"pregnan", "lactat"}),
        (r"(?:[<>]|≥)\s*(\d) of", {" of"}),
        (r"(?<=who )smok(?:es)?", {"smok"}),
        (r"(?:a|\d)b?", set()),
        (r"(?:in)?(?:able)*", set()),
        (r"É(?-i:PI)", {"pi"}),
    ],
)
def test_a_pattern_knows_the_words_it_needs(pattern, needed):
    assert set(Words(re.compile(pattern, re.IGNORECASE)).needed) == needed


@pytest.mark.parametrize(
    "text", ["RISK of", "ri\u017f\u212a of", "r\u0130sk of", "no Risk", "none", ""]
)
@pytest.mark.parametrize("pattern", [r"\brisk\b", r"(?:risk|danger) of", r"(?-i:R)isk", r"\w+"])
@pytest.mark.parametrize("start", [0, 4])
def test_words_are_found_as_without_their_test(pattern, text, start):
    regex = re.compile(pattern, re.IGNORECASE)
    words, found = Words(regex), regex.search(text, start)
    assert (words.search(text, start) is None) == (found is None)
    spans = [match.span() for match in regex.finditer(text, start, 7)]
    assert [match.span() for match in words.finditer(text, start, 7)] == spans
