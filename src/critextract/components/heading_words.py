"""The words of headings: which section, which arm, cohort or people they name.

Data in ``lexicons/headings.toml``.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from critextract.schema import Section


@cache
def heading_words() -> dict[str, Any]:
    """Return the packaged words and forms, patterns compiled."""
    file = resources.files("critextract") / "lexicons" / "headings.toml"
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    alone = data["labels"]["heading"] + data["labels"]["subject"]
    labels = "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in alone)
    characteristics = "|".join(re.escape(w) for w in data["sections"]["characteristics"])
    return {
        "exclusion": re.compile(data["sections"]["exclusion"], re.IGNORECASE),
        "inclusion": re.compile(data["sections"]["inclusion"], re.IGNORECASE),
        "characteristics": re.compile(rf"(?:{characteristics})\s*:?", re.IGNORECASE),
        "minor": {w: s for s, words in data["minor"].items() for w in words},
        "label": re.compile(rf"(?<![\w/-])(?P<name>{labels})\s?:(?=\s|$)"),
        "subject": frozenset(w.lower() for w in data["labels"]["subject"]),
        "alone": frozenset(
            w.lower() for w in data["labels"]["heading"] + data["labels"]["subject"]
        ),
        "frame": frozenset(data["frame"]["words"].split()),
        "strict": re.compile(data["group"]["strict"], re.IGNORECASE),
        "people": re.compile(data["group"]["people"], re.IGNORECASE),
    }


def section_of(words: str) -> Section | None:
    """Return the section that heading words name: exclusion words outweigh inclusion words."""
    lexicon = heading_words()
    both = re.search(
        r"\bin(?:clusion)?s?\s*(?:/|\\|and|or|&)\s*ex(?:clusion)?", words, re.IGNORECASE
    )
    if both:
        return "other"
    if lexicon["exclusion"].search(words):
        return "exclusion"
    return "inclusion" if lexicon["inclusion"].search(words) else None


def group_of(words: str) -> str | None:
    """Return the arm, cohort or people that a heading's further words name."""
    lexicon = heading_words()
    words = re.sub(r"\s+", " ", words).strip(" \t\r\n:;.,*_()[]-–—")
    words = re.sub(r"^(?:for|of|in)\s+(?:the\s+)?", "", words, flags=re.IGNORECASE)
    words = re.sub(
        r"^(?:key|main|major|general|additional|specific|select|selected)\s*", "", words, flags=re.I
    )
    words = re.sub(r"\s+(?:with|includ\w+|for|are|is|of)$", "", words, flags=re.IGNORECASE)
    if lexicon["strict"].search(words):
        return words
    plain = re.fullmatch(
        r"(?:all |study |the |eligible )*(?:patients?|subjects?|participants?)?", words, re.I
    )
    return words if lexicon["people"].search(words) and not plain else None
