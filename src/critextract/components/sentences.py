"""Sentences of one list item or paragraph, and which of them state a condition of their own.

Never split inside brackets, decimals, abbreviations ("e.g.", "vs.", "approx.") or names such as
"E. coli". A sentence that only explains the one before it stays with it.
"""

from __future__ import annotations

import re

ABBREVIATIONS = frozenset(
    """e.g eg i.e ie vs v.s dr no nos approx etc st fig spp sp cf al inc ltd resp max min incl excl ca mr mrs ms
    prof jr sr dept vol ed est ref tab sec viz p.o i.v s.c b.i.d t.i.d q.d u.s u.k a.m p.m ph.d m.d subsp var
    wk wks yr yrs mo hr hrs no appr equiv neg pos hx dx tx incl esp nr temp wt ht""".split()
)
_STOP = re.compile(
    r"[.!?][\"”'’)\]]*(?=\s+[\"“(\[]?(?:[A-Z≥≤<>]|\d+\s))|(?<=[a-z][a-z][a-z)])\.(?=[A-Z][a-z])"
)
_BEFORE = re.compile(r"[\w.]+$")
_SEMICOLON = re.compile(r";(?=\s)")
# run-on protocol text has no full stops: a capital that opens a statement opens a sentence
_STARTER = re.compile(
    r"(?<=[a-z0-9%)³²])\s+(?=(?:No\s+[a-z]|Not\s|At\s+least\s|Must\s|Able\s|Ability\s|Inability\s|Progression\s|Expression\s|Stable\s|Quantifiable\s|Biopsy\s|Three\sor|Two\sor|Case\spatients|Control\spatients|SGOT|Calcium\s|Demonstrated\s|Complete\s|Diagnosis\s|Clinical(?:ly)?\s|No\s+more|Documented\s|Radiographic|Resectable|Newly\s|Peripheral\s|Urinalysis|Karnofsky|ECOG\s|CNS\s|Prothrombin|Proteinuria|Ejection\s|Cardiac\s|FVC|Negative\s|Fertile\s|Patients?\s(?!Characteristics)"
    r"|Prior\s|Concurrent\s|Recovered\s|Recovery\s|See\s|Measurable\s|Bidimensionally|Evaluable|Histologically|Cytologically|Absolute\s(?:neutrophil|granulocyte|lymphocyte)"
    r"|Platelet|WBC\s|ANC\s|Hemoglobin|Hematocrit|Bilirubin|Creatinine|AST\s|ALT\s|SGOT|SGPT|Alkaline\s|LVEF\s|PT\s|PTT\s|INR\s|BUN\s|DLCO|FEV|HIV\s"
    r"|More\sthan|Greater\sthan|Less\sthan|Effective\scontraception|Adequate\s|Previous(?:ly)?\s|Life\sexpectancy|Performance\sstatus:|Age:|Sex:|Menopausal\sstatus:|Hormone\sreceptor"
    r"|Willing|Considered|Eligible\s|Ineligible\s|Failed\s|Granulocyte|Serum\s|Total\sbilirubin|Lymphocyte|Female\s|Male\s|Nursing\s|Pregnan|Any\s|All\s|Disease\smust|Tumor\smust|Evidence\sof))"
)
_NO_BREAK_AFTER = frozenset(
    "or and of than with to for the a an in by from if is are as on at be have has had either both must who whose no not except "
    "including excluding unless until under over via per without after before during within prior cat ca vitamin factor".split()
)
_NOTE = re.compile(
    r"""(?:\(|\[|note\b|notes\b|\*|n\.?b\.?\b|e\.g|i\.e|for\ (?:example|instance|the\ purposes?)|examples?\b|this\b|these\b|those\b|that\b|it\b|they\b
    |such\b|see\b|if\ so\b|otherwise\b|in\ (?:this|these|that|such|those)\b|here\b|similarly\b|please\b|refer\b|thus\b|therefore\b|hence\b
    |the\ (?:latter|former|above|following|investigator|sponsor|study|decision|results?|reason|definition|term|purpose)\b|other\ examples
    |(?:is|are)\ defined|as\ defined|definition|defined\b|exceptions?\b|or\b|and\b|but\b|however\b|documentation\b|acceptable\b|including\b|also\b|per\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_EXPLAINS = re.compile(
    r"""\b(?:(?:is|are|was|were|be)\ (?:defined|considered|acceptable|allowed|permitted|permissible|required\ (?:to\ be\ )?(?:only|for\ all)|obtained|collected|recorded|performed|encouraged|recommended)
    |may\ be\ (?:included|enrolled|eligible|used|done|given|allowed|entered|performed|continued|considered|eligible)|will\ be\ (?:defined|obtained|collected|performed|used|assessed|recorded|determined|made|asked|considered|reviewed|done|given|stratified)
    |(?:is|are)\ not\ (?:required|necessary|excluded|exclusionary|an\ exclusion|considered)|will\ not\ (?:be\ excluded|exclude)|are\ (?:still\ |also\ )?eligible|means|refers?\ to|can\ be\ (?:used|included|enrolled|done)|defined\ as)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OWN = re.compile(
    r"\b(?:must|should|shall|have\ to|need\ to|no\ (?:prior|history|known|evidence)|history\ of|excluded|not\ eligible|ineligible)\b",
    re.I | re.X,
)
_ENUMERATOR = re.compile(r"[ivx]{2,5}")  # "ii." in the middle of a line
_LETTER = re.compile(r"[^\W\d_]")
_PAIRS = {")": "(", "]": "["}


def bracketed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the outermost bracketed ranges; a bracket without its partner counts for nothing."""
    open_at: list[tuple[str, int]] = []
    ranges: list[tuple[int, int]] = []
    for match in re.finditer(r"[()\[\]]", text[start:end]):
        char, at = match[0], start + match.start()
        if char in "([":
            open_at.append((char, at))
        elif open_at and open_at[-1][0] == _PAIRS[char]:
            first = open_at.pop()[1]
            while ranges and ranges[-1][0] > first:
                ranges.pop()
            ranges.append((first, at + 1))
    return ranges


def _breaks(text: str, start: int, end: int, *, run_on: bool, semicolons: bool) -> list[int]:
    """Return the offsets at which a new sentence begins."""
    found: set[int] = set()
    for match in _STOP.finditer(text, start, end):
        word = _BEFORE.search(text, max(start, match.start() - 24), match.start())
        if word is None or not _is_abbreviation(word[0], text, match.end()):
            found.add(match.end())
    if semicolons:
        found.update(match.end() for match in _SEMICOLON.finditer(text, start, end))
    if run_on:
        for match in _STARTER.finditer(text, start, end):
            word = _BEFORE.search(text, max(start, match.start() - 24), match.start())
            if word is None or word[0].lower() not in _NO_BREAK_AFTER:
                found.add(match.end())
    return sorted(found)


def _is_abbreviation(word: str, text: str, after: int) -> bool:
    token = word.lower().strip(".")
    if token == "etc":
        return False
    if token == "no":  # "No. 5", but "Pregnant: no. Age"
        return text[after : after + 4].strip()[:1].isdigit()
    return token in ABBREVIATIONS or (
        len(token) == 1 and word[-1:].isupper() and word[-1] not in "IVX"
    )


def sentence_ranges(
    text: str, start: int, end: int, *, run_on: bool = False, semicolons: bool = False
) -> list[tuple[int, int]]:
    """Return the sentences of ``text[start:end]``, none empty, white space between them left out.

    run_on : text without full stops, where a capital that opens a statement opens a sentence.
    semicolons : a semicolon ends a sentence too.
    """
    brackets = bracketed(text, start, end)
    points = [start, end]
    at = 0
    for point in _breaks(text, start, end, run_on=run_on, semicolons=semicolons):
        while at < len(brackets) and brackets[at][1] < point:
            at += 1
        if at == len(brackets) or not brackets[at][0] < point < brackets[at][1]:
            points.append(point)
    points.sort()
    ranges = []
    for first, last in zip(points, points[1:], strict=False):
        while first < last and text[first].isspace():
            first += 1
        while last > first and text[last - 1].isspace():
            last -= 1
        if first < last:
            ranges.append((first, last))
    return ranges


def is_note(text: str, start: int, end: int) -> bool:
    """Tell whether a sentence explains the one before it rather than state its own condition."""
    words = text[start : min(end, start + 600)]
    if not _LETTER.search(words):
        return True
    if _NOTE.match(words):
        return True
    return bool(_EXPLAINS.search(words)) and not _OWN.search(words)


def condition_ranges(
    text: str, start: int, end: int, *, run_on: bool = False, semicolons: bool = False
) -> list[tuple[int, int]]:
    """Return the ranges that state one condition each: sentences with the notes that follow them."""
    ranges: list[tuple[int, int]] = []
    for first, last in sentence_ranges(text, start, end, run_on=run_on, semicolons=semicolons):
        if ranges and is_note(text, first, last):
            ranges[-1] = (ranges[-1][0], last)
        else:
            ranges.append((first, last))
    return ranges
