"""Organs behind a name: "adenocarcinoma of the breast", "radiotherapy to the chest wall".

A growth is named with its organ, each of several; where else something is or was done qualifies it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from critextract.components.drafts import Candidate, QualifierCandidate
from critextract.schema import Label, Mention

_PLACED = frozenset({Label.CONDITION, Label.PROCEDURE})
_GROWTH = re.compile(
    r"(?:[\w-]+ )*(?:[\w-]*(?:carcinomas?|sarcomas?|blastomas?)|cancers?|melanomas?|tumou?rs?"
    r"|neoplasms?|malignanc(?:y|ies)|lymphomas?)(?: in[ -]situ)?",
    re.IGNORECASE,
)
_NAME = (
    r"(?:breast|prostate|lungs?|colon|rectum|colorectum|(?:uterine )?cervix|(?:urinary )?bladder"
    r"|kidneys?|ovary|ovaries|pancreas|stomach|liver|skin|head and neck|o?esophagus|thyroid|uterus"
    r"|endometrium|vulva|vagina|anus|anal canal|larynx|oral cavity|oropharynx|nasopharynx"
    r"|bile ducts?|biliary tract|gall ?bladder|brain|testis|penis|bowel|tonsil|tongue"
    r"|fallopian tube|peritoneum|lip|spine|GEJ"
    r"|(?:gastro-?o?esophageal|o?esophago-?gastric|GE) junction)\b"
)
_OF = re.compile(
    rf"\s+of\s+(?:the\s+)?{_NAME}(?!\s*(?:cancer|carcinoma)"
    rf"|\s*(?:,|/|,?\s*(?:or|and|and/or)\b)\s*(?:of\s+)?(?:the\s+)?{_NAME})",
    re.IGNORECASE,
)
_NECK = re.compile(r" and neck\b", re.IGNORECASE)
_CAUSES = re.compile(
    r"(?:[a-z-]+ )?(?:causes?|complications?|manifestations?|sequelae)", re.IGNORECASE
)
_MORE = re.compile(r"\s*(?:,|/|\b(?:or|and|and/or)\b)", re.IGNORECASE)
_OF_IT = re.compile(r"\s+of\s+(?:(?:the|an?|any)\s+)?", re.IGNORECASE)
_LETTER = re.compile(r"(?-i: [A-E])\b(?!\s*(?:/|,|or\b|and\b))", re.IGNORECASE)
_LETTERED = re.compile(r"(?:[\w-]+ )*(?:ha?emophilia|hepatitis|influenza)", re.IGNORECASE)
_LISTED = re.compile(
    rf"(?P<of>\s+of(?:\s+the\b)?)\s+(?P<organs>{_NAME}"
    rf"(?:(?:\s*,\s*(?:or\s+|and/or\s+)?|\s+(?:or|and/or)\s+|\s*/\s*)(?:of\s+)?(?:the\s+)?{_NAME})+)"
    r"(?!\s*(?:cancer|carcinoma|and\b))",
    re.IGNORECASE,
)
_PART = (
    r"(?:(?:left|right|lower|upper|affected|treated|target|study|entire|whole) )*(?:breasts?|axilla"
    r"|prostate|lungs?|colon|rectum|cervix|bladder|kidneys?|pancreas|stomach|liver|skin|head|neck"
    r"|o?esophagus|thyroid|vulva|vagina|anus|larynx|brain|pelvis|pelvic area|abdomen"
    r"|chest(?: wall)?|mediastinum|spine|spinal cord|knees?|hips?|shoulders?|ankles?|wrists?"
    r"|elbows?|hands?|feet|foot|legs?|arms?|limbs?|eyes?|ears?|face|scalp|mouth|jaw|groin|bones?|(?:puncture|injection"
    r"|application|surgical|operative|treatment|catheter) (?:site|area)"
    r"|(?:lower|upper) extremit\w+)"
)
_AT = re.compile(
    rf"\s+(?P<at>(?:to|in|on|at|within) (?:the |an? |any |either |both |one )?{_PART}"
    rf"(?:(?:,? (?:or|and|and/or) |, |/)(?:the )?{_PART})*)\b"
    r"(?!\s*(?:cancer|disease|surgery|transplant|pain|therapy|marrow|scan|biops|imaging|mri|ct"
    r"|x-?ray|exam|infection|metasta|lesion|function|failure|tumou?r|resection)|-)".replace(
        " ", r"\s+"
    ),
    re.IGNORECASE,
)


def with_organs(text: str, found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, of a growth with its organ, of a type with its letter: "hepatitis B".

    text : one criterion's clean text. Organs that another candidate holds, or that a list goes on
        from, stay outside.
    """
    out = []
    for n, candidate in enumerate(found):
        name = text[candidate.start : candidate.end]
        neck = name.lower().endswith(" head")
        lettered = _LETTERED.fullmatch(name)
        organ = (_LETTER if lettered else _NECK if neck else _OF).match(text, candidate.end)
        after = found[n + 1].start if n + 1 < len(found) else len(text)
        named = neck or lettered or _GROWTH.fullmatch(name)
        grows = candidate.label is Label.CONDITION and named
        own = organ and grows and organ.end() <= after
        out.append(replace(candidate, end=organ.end(), term=None) if organ and own else candidate)
    return out


def join_of(text: str, found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, those that "of" makes one name joined: "causes of anaemia".

    Not where a list goes on: "complications of diabetes or hypertension" may be of both.
    """
    out: list[Candidate] = []
    for candidate in found:
        before = out[-1] if out else None
        if before and before.label is Label.CONDITION and candidate.label in _PLACED:
            name = text[before.start : before.end]
            cut = name.lower().endswith(" of") and text[before.end : candidate.start] == " "
            cause = candidate.label is Label.CONDITION and _CAUSES.fullmatch(name)
            joined = cut or (cause and _OF_IT.fullmatch(text, before.end, candidate.start))
            if joined and not _MORE.match(text, candidate.end):
                out[-1] = replace(before, end=candidate.end, term=None)
                continue
        out.append(candidate)
    return out


def at_sites(text: str, found: Sequence[Candidate]) -> list[QualifierCandidate]:
    """Return where a disease or procedure is, said behind it: "radiotherapy to the breast"."""
    out = []
    for n, candidate in enumerate(found):
        place = _AT.match(text, candidate.end)
        after = found[n + 1].start if n + 1 < len(found) else len(text)
        if place and candidate.label in _PLACED and place.end() <= after:
            out.append(QualifierCandidate("site", *place.span("at")))
    return out


def share_organs(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions, of a growth in one of several organs one for each organ.

    "Cancer of the vulva, anus or vagina": "cancer of the vulva", "cancer of the" + "anus" … The ids
    of new ones are the old one with a letter and a number; they follow it.
    """
    return tuple(new for n in range(len(mentions)) for new in _each(text, mentions, n))


_OF_WHAT = re.compile(r"\s+of\s.*", re.DOTALL)


def _each(text: str, mentions: Sequence[Mention], n: int) -> Iterator[Mention]:
    mention = mentions[n]
    if mention.label is not Label.CONDITION or mention.fragments:
        yield mention
        return
    bare = _OF_WHAT.sub("", mention.text)
    start = mention.start + len(bare)
    listed = _LISTED.match(text, start)
    grows = _GROWTH.fullmatch(bare)
    inside = listed and any(
        m.start < listed.end() and start < m.end for m in (*mentions[:n], *mentions[n + 1 :])
    )
    if listed is None or not grows or inside:
        yield mention
        return
    rest = tuple(q for q in mention.qualifiers if not start <= q.start < listed.end())
    first, last = listed.span("organs")
    around = any(w.end <= start for w in mention.windows) and any(
        w.start >= last for w in mention.windows
    )  # "history of cancer of the lung or liver within 5 years": the "or" is of the list
    for k, organ in enumerate(re.finditer(_NAME, text[first:last], re.IGNORECASE)):
        a, b = first + organ.start(), first + organ.end()
        shared = (mention.start, listed.end("of"))
        yield replace(
            mention,
            id=mention.id if k == 0 else f"{mention.id}o{k}",
            end=b,
            fragments=None if k == 0 else (shared, (a, b)),
            text=" ".join(f"{text[slice(*shared)]} {text[a:b]}".split()),
            qualifiers=rest,
            windows_op="all" if around else mention.windows_op,
            concept=None,
        )
