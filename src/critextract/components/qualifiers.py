"""Qualifying words: severity, stage, acuteness, site, stability, specimen, other."""

from __future__ import annotations

from critextract.components.drafts import QualifierCandidate


def find_qualifiers(text: str) -> list[QualifierCandidate]:  # noqa: ARG001
    """Return the qualifying words of a criterion's clean text."""
    return []
