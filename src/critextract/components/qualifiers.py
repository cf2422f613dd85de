"""Qualifying words: severity, stage, acuteness, site, stability, specimen, other.

The lexicon (``lexicons/qualifiers.tsv``) names a kind, a use and words, where ``{a|b|}`` stands for
alternatives. Words of use ``find`` are qualifiers wherever they stand outside a mention; those of
use ``kind`` are so only where another reader says so, and then have this kind.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import cast, get_args

from critextract.components.drafts import QualifierCandidate
from critextract.components.phrases import expand
from critextract.schema import QualifierKind

LEXICON_FILE = "qualifiers.tsv"
NOT_BEFORE = ("sexually", "physically", "non", "not", "physiologically")
"""Words after which a word of the lexicon qualifies nothing: "sexually active"."""


@cache
def load_lexicon() -> dict[str, tuple[QualifierKind, bool]]:
    """Return the kind of each phrase, lower case, and whether it is looked for in texts."""
    text = (files("critextract") / "lexicons" / LEXICON_FILE).read_text(encoding="utf-8")
    lexicon: dict[str, tuple[QualifierKind, bool]] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        kind, use, pattern = line.split("\t")
        assert kind in get_args(QualifierKind), line
        for phrase in expand(pattern):
            lexicon.setdefault(phrase, (cast("QualifierKind", kind), use == "find"))
    return lexicon


@cache
def _pattern() -> re.Pattern[str]:
    phrases = sorted((p for p, (_, find) in load_lexicon().items() if find), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, phrases))})(?![\w-])")


def find_qualifiers(text: str) -> list[QualifierCandidate]:
    """Return the qualifying words of a criterion's clean text, the longest of those that overlap.

    Those inside a mention ("chronic kidney disease") are part of its name; the caller drops them.
    """
    found = []
    lower = text.lower()
    if len(lower) != len(text):  # a letter whose small form is two characters
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    for match in _pattern().finditer(lower):
        before = re.search(r"(\w+)\W*$", lower[max(0, match.start() - 20) : match.start()])
        if before is None or before[1] not in NOT_BEFORE:
            found.append(QualifierCandidate(qualifier_kind(match.group()), *match.span()))
    return found


def qualifier_kind(text: str) -> QualifierKind:
    """Return the kind of any qualifying words: the lexicon's, else that of a word in them."""
    lexicon = load_lexicon()
    words = " ".join(text.lower().split())
    if words in lexicon:
        return lexicon[words][0]
    for part in re.findall(r"[\w-]+", words):
        if part in lexicon and lexicon[part][0] != "other":
            return lexicon[part][0]
    return "other"
