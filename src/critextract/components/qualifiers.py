"""Qualifying words: severity, stage, acuteness, site, stability, specimen, other.

The lexicon (``lexicons/qualifiers.tsv``) names a kind, a use and words, where ``{a|b|}`` stands for
alternatives. Words of use ``find`` are qualifiers wherever they stand outside a mention, and so are
those of use ``state``, which say how a thing is, not which; those of use ``kind`` are so only where
another reader says so, and then have this kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import cast, get_args

from critextract.components.drafts import Candidate, QualifierCandidate
from critextract.components.phrases import expand
from critextract.lexicon import any_phrase
from critextract.lexicons import read_rows
from critextract.schema import Label, Qualifier, QualifierKind
from critextract.text import lower

LEXICON_FILE = "qualifiers.tsv"
NOT_BEFORE = ("sexually", "physically", "non", "not", "physiologically")
"""Words after which a word of the lexicon qualifies nothing: "sexually active"."""


ROUTE = re.compile(
    r"topical|oral|inhaled|intra[\w-]+|nasal|ocular|ophthalmic|systemic|iv|im|injectable|parenteral"
    r"|subcutaneous|vaginal|rectal|transdermal",
    re.IGNORECASE,
)
"""Ways of giving a drug."""
USE_OF = (
    r"\s+(?:(?:systemic|oral|topical)\s+)?(?:use|usage|intake|consumption|administration|ingestion"
    r"|treatment|therapy|exposure)\s+(?:of|with|to)"
)
"""Between what is said of a use and what is used: "daily oral intake of aspirin"."""


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
            lexicon.setdefault(phrase, (cast("QualifierKind", kind), use in {"find", "state"}))
    return lexicon


@cache
def _states() -> frozenset[str]:
    """Return the words of every kind that say how a thing is, and not which."""
    return frozenset(
        phrase
        for kind, use, pattern in read_rows(LEXICON_FILE)
        if kind in {"severity", "acuteness", "stability"} or use == "state"
        for phrase in expand(pattern)
    )


def is_state(qualifier: Qualifier) -> bool:
    """Tell whether a qualifier says how a thing is ("severe", "untreated"), and not which."""
    if qualifier.kind in {"severity", "acuteness", "stability"}:
        return True
    return " ".join(qualifier.value.lower().split()) in _states()


@cache
def _pattern() -> re.Pattern[str]:
    phrases = any_phrase(p for p, (_, find) in load_lexicon().items() if find)
    return re.compile(rf"(?<![\w-]){phrases}(?![\w-])")


def find_qualifiers(text: str) -> list[QualifierCandidate]:
    """Return the qualifying words of a criterion's clean text, the longest of those that overlap.

    Those inside a mention ("chronic kidney disease") are part of its name; the caller drops them.
    """
    found = []
    lowered = lower(text)
    for match in _pattern().finditer(lowered):
        before = re.search(r"(\w+)\W*$", lowered[max(0, match.start() - 20) : match.start()])
        if before is None or before[1] not in NOT_BEFORE:
            found.append(QualifierCandidate(qualifier_kind(match.group()), *match.span()))
    return found


_REQUIRING = re.compile(
    r"\s+(?:(?:that|which)\s+)?(?:requir(?:ing|es?|ed)|need(?:ing|s|ed)|necessitat(?:ing|es?|ed))\s+"
    r"(?!(?:by|for|to|in|at|as|that|within|prior|before)\b)(?P<what>(?:[\w/-]+\s+){0,4}?[\w/-]+)"
    r"(?=\s*(?:[.,;:()]|$)|\s+(?:within|in|for|at|during|before|prior|after|and|or|who|other|except"
    r"|unless|since|over|despite|as|by|with|on|to|no|not|without)\b|\s*[<>≤≥=])",
    re.IGNORECASE,
)


_OR_NEXT = re.compile(
    r"\s*(?:,|/|(?:,\s*)?\b(?:or|and|and/or)\b)\s*(?:(?:other|any|systemic|oral|iv|intravenous)\s+)*",
    re.IGNORECASE,
)
_NEEDING = frozenset({Label.CONDITION, Label.PROCEDURE})
_GIVEN = frozenset({Label.DRUG, Label.PROCEDURE, Label.DEVICE, Label.VISIT})


def requirements(text: str, mentions: Sequence[Candidate]) -> list[QualifierCandidate]:
    """Return what conditions are said to need, which says how bad: "infection requiring surgery".

    "Patients requiring oxygen" qualifies nothing: there it is the patient who needs it.
    """
    found = []
    for mention in mentions:
        if mention.label not in _NEEDING:
            continue
        match = _REQUIRING.match(text, mention.end)
        if match:
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            end = _with_next(text, match.end("what"), mentions)
            found.append(QualifierCandidate("severity", start, end))
    return found


def _with_next(text: str, end: int, mentions: Sequence[Candidate]) -> int:
    """Return where a need ends that goes on: "requiring steroids or immunosuppressive agents"."""
    first = end
    for mention in mentions:
        joined = mention.start >= end and _OR_NEXT.fullmatch(text, end, mention.start)
        apart = end == first and _OWN_ITEM.match(text, end)  # "requiring surgery, or stroke"
        if joined and not apart and mention.label in _GIVEN:
            end = mention.end
    return end


_OWN_ITEM = re.compile(r"\s*,\s*(?:or|and)\b", re.IGNORECASE)


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
