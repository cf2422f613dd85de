"""Words of proof before a disease: "confirmed", "biopsy-proven". They say how it is known."""

from __future__ import annotations

import re
from collections.abc import Sequence

from critextract.components.drafts import Candidate, QualifierCandidate
from critextract.lexicon import Words
from critextract.schema import Label

_HOW = (
    r"(?:biopsy|histolog(?:y|ically)|cytolog(?:y|ically)|culture|laboratory|lab|pcr|clinically"
    r"|radiography|tissue|[a-z]{3,}ly)"
)
_JOINED = r"(?:[- ]| ?(?:/|\bor\b|\band\b|\band/or\b) ?)"
_PROOF = Words(
    re.compile(
        rf"(?<![\w-])(?!(?:previous|new|recent|initial|current|original|former|first)ly\b)"
        rf"(?:(?:{_HOW}{_JOINED})*(?:confirmed|proven|verified|documented)"
        rf"|(?:{_HOW}{_JOINED})+diagnosed)\s+$",
        re.IGNORECASE,
    )
)
_FOUND = Words(
    re.compile(
        r"(?<![\w-])(?P<words>(?:(?:(?:histo|cyto|histopatho|patho|radio)logic(?:al(?:ly)?)?|tissue|biopsy"
        r"|clinical|radiographic|laboratory|imaging)"
        r" ?(?:,|/|\band/or\b|\bor\b|\band\b) ?)*"
        r"(?:(?:histo|cyto|histopatho|patho)logic(?:al(?:ly)?)?|tissue|biopsy) "
        r"(?:diagnos(?:is|ed)|confirmation|proof|evidence|verification))"
        r"\s+(?:of|with|as having)(?:\s+(?:an?|the|any))*\s+$",
        re.IGNORECASE,
    )
)
"""Words of a proof and what joins them to its disease: "histologic diagnosis of"."""
_PROVES = re.compile(
    r"[- ](?:confirmed|proven|verified|documented)\b(?!\s+(?:to|for|by|as|not|that)\b)",
    re.IGNORECASE,
)
"""What makes a test a word of proof; "biopsy proven to be benign" says what it showed."""


def proven(
    text: str, found: Sequence[Candidate], known: Sequence[QualifierCandidate] = ()
) -> list[QualifierCandidate]:
    """Return the words of proof right before a disease: "confirmed", "biopsy-proven".

    known : its other qualifiers, which may stand between.
    """
    out = []
    for candidate in found:
        if candidate.label is not Label.CONDITION:
            continue
        front = candidate.start
        for q in reversed(known):
            if q.end <= front and not text[q.end : front].strip():
                front = q.start
        begin = max(0, front - 80)
        named = _FOUND.search(text, begin, front)
        said = named or _PROOF.search(text, begin, candidate.start)
        if said:
            start, end = said.span("words") if named else said.span()
            end = start + len(text[start:end].rstrip())
            out.append(QualifierCandidate("other", start, end))
    return out


def without_proof(text: str, found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates without the test of "biopsy-proven", which only says how."""
    tests = {Label.PROCEDURE, Label.MEASUREMENT}
    return [c for c in found if c.label not in tests or not _PROVES.match(text, c.end)]
