"""Tell text that is plainly not English, and say nothing in doubt.

Two signs, both positive evidence: most letters are of another script, or function words of
another language stand where English ones would. Short lines and lists of drug names have neither.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 8_000
_LEAST_LETTERS = 10
_LEAST_WORDS, _FEWEST_WORDS = 12, 5
"""Words of a usual text, and of a short one, where more of them must be function words."""


@cache
def function_words() -> dict[str, frozenset[str]]:
    """Return the packaged lists, language to words, English among them."""
    data = files("critextract.io").joinpath("function_words.txt").read_text(encoding="utf-8")
    pairs = (line.split(":") for line in data.splitlines() if not line.startswith("#"))
    return {language: frozenset(words.split()) for language, words in pairs}


@cache
def _languages() -> dict[str, list[str]]:
    """Return the languages each function word belongs to."""
    found: dict[str, list[str]] = {}
    for language, words in function_words().items():
        for word in words:
            found.setdefault(word, []).append(language)
    return found


def not_english(text: str) -> str | None:
    """Return why `text` is taken as another language, None where it is not or in doubt."""
    sample = text[:_SAMPLE]
    return _other_script(sample) or _other_words(sample)


def _other_script(sample: str) -> str | None:
    """Greek letters are signs in English, unless they are most of the text."""
    if sample.isascii():
        return None
    letters = [c for c in sample if c.isalpha()]
    foreign = sum(not (c < "\u0250" or "\u1e00" <= c < "\u2c00") for c in letters)
    if len(letters) < _LEAST_LETTERS or foreign <= 0.4 * len(letters):
        return None
    return f"not English: {100 * foreign // len(letters)} % of the letters are not Latin"


def _other_words(sample: str) -> str | None:
    words = _WORD.findall(sample.lower())
    if len(words) < _FEWEST_WORDS:
        return None
    counts = dict.fromkeys(function_words(), 0)
    different = dict.fromkeys(function_words(), 0)
    for word, number in Counter(words).items():
        for language in _languages().get(word, ()):
            counts[language] += number
            different[language] += 1
    english = counts.pop("English")
    language, count = max(counts.items(), key=lambda pair: pair[1])
    share = 0.12 if len(words) >= _LEAST_WORDS else 0.25
    if different[language] > 1 and count >= share * len(words) and count > 2 * english:
        return f"not English: its function words look {language}"
    return None
