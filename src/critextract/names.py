"""Names in one form: case, plural, hyphens, British spelling and punctuation taken away."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Token(NamedTuple):
    """One word of a text.

    text, word : as written, and in the one form that names are compared in.
    gap : what stands between it and the next: ``" "`` (space or hyphen), ``"/"``, ``" ("``,
        ``"("``, ``") "``, and ``""`` for anything else, which no name goes across.
    """

    text: str
    word: str
    start: int
    end: int
    gap: str


_WORD = re.compile(r"[^\W_]+(?:['_~^][^\W_]+)*")
_GAPS = {
    " ": " ", "-": " ", "- ": " ", " -": " ", "–": " ", "+ ": " ", "+": " ", "® ": " ", "™ ": " ",
    "(": "(", ")": " ", "' ": " ", ".": " ", " & ": " ",
    "/": "/", " / ": "/", "/ ": "/", " /": "/", ":": "/",
    " (": " (", ") ": ") ", ")-": ") ",
}  # fmt: skip

_IRREGULAR = {
    "men": "man",
    "women": "woman",
    "children": "child",
    "metastases": "metastasis",
    "diagnoses": "diagnosis",
    "biopsies": "biopsy",
    "indices": "index",
    "indexes": "index",
    "mediastina": "mediastinum",
    "bacteria": "bacterium",
    "leucocytes": "leukocyte",
    "serologies": "serology",
}
_SPELLING = [
    (re.compile(pattern), american)
    for pattern, american in (
        ("haem(?!or?rg)", "hem"),
        ("haemor", "hemor"),
        ("aemi", "emi"),
        ("leuc(?=o|a)", "leuk"),
        ("oestr", "estr"),
        ("oed", "ed"),
        ("foet", "fet"),
        ("anaesth", "anesth"),
        ("paed", "ped"),
        ("gynaec", "gynec"),
        ("faec", "fec"),
        ("caesar", "cesar"),
        ("rrhoea", "rrhea"),
        ("tumour", "tumor"),
        ("colour", "color"),
        ("behaviour", "behavior"),
        ("(?<=.{3})is(?=(?:ed|ation|ing|e)s?$)", "iz"),
        ("sulph", "sulf"),
        ("litre$", "liter"),
        ("metre$", "meter"),
        ("centre$", "center"),
        ("fibre", "fiber"),
        ("grey$", "gray"),
        ("ageing", "aging"),
        ("trophin$", "tropin"),
        ("ü", "u"),
        ("é|è", "e"),
        ("ö", "o"),
        ("β", "beta"),
        ("α", "alpha"),
        ("γ", "gamma"),
    )
]
_NO_PLURAL = re.compile(r"(?:ss|us|is|ous|bs|[0-9]s)$")


@lru_cache(maxsize=65536)
def normalise_word(word: str) -> str:
    """Return the form in which one word of a name is compared: "Leucocytes" -> "leukocyte"."""
    word = re.sub(r"'s?$|'s(?=')|[_~^]", "", word.lower()).replace("'", "")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 3 and word.endswith("s") and not _NO_PLURAL.search(word):
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 5 else word[:-1]
    for pattern, american in _SPELLING:
        word = pattern.sub(american, word)
    return word


def tokenise(text: str) -> list[Token]:
    """Return the words of a text with their characters and what stands behind them."""
    found = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]
    starts = [*(start for _, start, _ in found[1:]), len(text)]
    return [
        Token(word, normalise_word(word), start, end, _GAPS.get(text[end:after], ""))
        for (word, start, end), after in zip(found, starts, strict=False)
    ]


def words_of(name: str, *, written: bool = False) -> list[str]:
    """Return the words of a name as it is looked up, ``"/"`` for a ratio."""
    result: list[str] = []
    for token in tokenise(name):
        result.append(token.text if written else token.word)
        if token.gap == "/":
            result.append("/")
    return result


def normalise_name(text: str) -> str:
    """Return the form in which names are compared.

    Case, plural, hyphens, punctuation and British spelling do not matter: "Haemoglobins" and
    "hemoglobin", "C-reactive protein" and "C reactive proteins" are the same.
    """
    return " ".join(words_of(text)).replace(" / ", "/")
