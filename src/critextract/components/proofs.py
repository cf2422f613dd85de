"""Words of proof before a disease: "confirmed", "biopsy-proven". They say how it is known."""

from __future__ import annotations

import re
from collections.abc import Sequence

from critextract.components.drafts import Candidate, QualifierCandidate
from critextract.schema import Label

_HOW = (
    r"(?:biopsy|histolog(?:y|ically)|cytolog(?:y|ically)|culture|laboratory|lab|pcr|clinically"
    r"|radiography|tissue|[a-z]{3,}ly)"
)
_PROOF = re.compile(
    rf"(?<![\w-])(?:{_HOW}(?:[- ]| ?(?:/|\bor\b|\band\b|\band/or\b) ?))*"
    r"(?:confirmed|proven|verified|documented)\s+$",
    re.IGNORECASE,
)
_PROVES = re.compile(
    r"[- ](?:confirmed|proven|verified|documented)\b(?!\s+(?:to|for|by|as|not|that)\b)",
    re.IGNORECASE,
)
"""What makes a test a word of proof; "biopsy proven to be benign" says what it showed."""


def proven(text: str, found: Sequence[Candidate]) -> list[QualifierCandidate]:
    """Return the words of proof right before a disease: "confirmed", "biopsy-proven"."""
    out = []
    for candidate in found:
        if candidate.label is not Label.CONDITION:
            continue
        begin = max(0, candidate.start - 80)
        said = _PROOF.search(text[begin : candidate.start])
        if said:
            start = begin + said.start()
            end = start + len(said.group().rstrip())
            out.append(QualifierCandidate("other", start, end))
    return out


def without_proof(text: str, found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates without the test of "biopsy-proven", which only says how."""
    tests = {Label.PROCEDURE, Label.MEASUREMENT}
    return [c for c in found if c.label not in tests or not _PROVES.match(text, c.end)]
