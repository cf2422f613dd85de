"""Qualifiers of one mention of which any is enough: "adenocarcinoma of the colon or rectum".

They are one qualifier, whose words say the alternatives. Those that are names of their own with the
noun behind them ("renal or hepatic failure") are split before (see `alternatives`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from critextract.components.qualifiers import ROUTE
from critextract.schema import Mention, Qualifier

_JOINED = re.compile(r"\s*(?P<or>,?\s*\b(?:or|and/or)\b|/)?(?(or)|,)\s*(?:the\s+)?", re.IGNORECASE)
_HOW = re.compile(r"(?P<or>(?!))?\s+")
"""Between a word that says how and what it is about: "indolently progressive"."""
_AND = re.compile(r"\s*(?P<or>\band\b)\s*", re.IGNORECASE)
"""Between ways of giving a drug, of which each will do: "oral and topical antifungals"."""


def join_either(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions with the qualifiers that "or" joins to each other as one.

    What shares a part of one shares all of it: "topical or systemic steroids, retinoids or PUVA".
    """
    joined = [_joined(text, mention) for mention in mentions]
    said = [qualifier for mention in joined for qualifier in mention.qualifiers]
    return tuple(_with_whole(mention, said) for mention in joined)


def _with_whole(mention: Mention, said: Sequence[Qualifier]) -> Mention:
    """Return the mention with the wider of the qualifiers that share characters before it."""
    own = mention.qualifiers
    wide = tuple(dict.fromkeys(_widest(q, said) if q.end <= mention.start else q for q in own))
    return mention if wide == own else replace(mention, qualifiers=wide)


def _widest(own: Qualifier, said: Sequence[Qualifier]) -> Qualifier:
    around = [q for q in said if q.start <= own.start and own.end <= q.end]
    return max(around, key=lambda q: q.end - q.start)


def _joined(text: str, mention: Mention) -> Mention:
    if len(mention.qualifiers) < 2:
        return mention
    found = sorted(mention.qualifiers, key=lambda q: q.start)
    runs: list[list[Qualifier]] = [[found[0]]]
    said: list[bool] = [False]  # whether an "or" joins the run
    for qualifier in found[1:]:
        last = runs[-1][-1]
        link = _JOINED.fullmatch(text, last.end, qualifier.start) or (
            _HOW.fullmatch(text, last.end, qualifier.start) if last.value.endswith("ly") else None
        )
        if link is None and ROUTE.fullmatch(last.value) and ROUTE.fullmatch(qualifier.value):
            link = _AND.fullmatch(text, last.end, qualifier.start)
        apart = last.end <= mention.start < qualifier.start or qualifier.start < last.end
        if link is None or apart:
            runs.append([qualifier])
            said.append(False)
        else:
            runs[-1].append(qualifier)
            said[-1] = said[-1] or link["or"] is not None
    merged: list[Qualifier] = []
    for run, either in zip(runs, said, strict=True):
        merged += [_one(text, run)] if either else run
    return replace(mention, qualifiers=tuple(merged)) if len(merged) < len(found) else mention


def _one(text: str, run: Sequence[Qualifier]) -> Qualifier:
    start, end = run[0].start, run[-1].end
    return Qualifier(run[0].kind, " ".join(text[start:end].lower().split()), start, end)
