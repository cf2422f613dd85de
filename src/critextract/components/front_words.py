"""Words at the front of a name that only qualify it: "systemic corticosteroids", "serum sodium".

The name is what a record would hold; the words before it are its qualifiers. Which words, and which
names they are a part of ("chronic kidney disease", "blood pressure"), is data:
``lexicons/front_words.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from critextract import terms
from critextract.components.drafts import Candidate, QualifierCandidate
from critextract.components.phrases import expand
from critextract.components.qualifiers import USE_OF, qualifier_kind
from critextract.lexicons import read_rows
from critextract.schema import Label

_USE = (
    rf"(?:{USE_OF})?"
    r"(?:\s+(?:an?|any|all|the|their|prior|previous"
    r"|(?:at least )?(?:one|two|three|\d)(?: or more)?))*\s+"
)
"""What may stand between a word and the name that it is said of: "daily use of aspirin"."""
_FREE = "".join(
    rf"(?<!{word})"
    for word in (
        "[\\w-]", r"\d ", "once ", "twice ", "times ", "mg ", "not ", "non ", "class ", "stage ",
        "grade ", "type ", "phase ", "I or ", "I, ", "I/",
    )
)  # fmt: skip
"""Behind these a word is of a dose, a scale or a denial: "10 mg daily", "class III or IV"."""
_SPECIMEN = re.compile(r"(?:blood )?serum|plasma|urine|saliva|sputum", re.IGNORECASE)


class _Words(NamedTuple):
    """Patterns of one label: front words, names that begin with them, nouns that are no name.

    beside : words before a name that qualify it.
    """

    cut: re.Pattern[str]
    name: re.Pattern[str]
    head: re.Pattern[str]
    beside: re.Pattern[str]


@cache
def _words() -> dict[Label, _Words]:
    phrases: dict[tuple[str, str], list[str]] = {}
    for use, labels, written in read_rows("front_words.tsv"):
        for label in labels.split("|"):
            phrases.setdefault((label, use), []).extend(_expanded(written))

    def pattern(label: Label, use: str, end: str, start: str = "") -> re.Pattern[str]:
        known = sorted(phrases.get((str(label), use), ()), key=len, reverse=True)
        words = "|".join(map(re.escape, known)) or "(?!)"
        return re.compile(rf"{start}(?P<words>{words}){end}", re.IGNORECASE)

    return {
        label: _Words(
            pattern(label, "cut", r"\s+"), pattern(label, "name", ""),
            pattern(label, "head", "$"), pattern(label, "beside", rf"{_USE}$", _FREE),
        )
        for label in Label
        if {(str(label), "cut"), (str(label), "beside")} & {*phrases}
    }  # fmt: skip


def _expanded(written: str) -> Iterable[str]:
    """Yield the phrases of a cell: alternatives are parted by bars outside braces too."""
    for part in re.split(r"\|(?![^{]*\})", written):
        yield from (phrase for phrase in expand(part) if phrase)


def cut_front(
    text: str, candidates: Iterable[Candidate]
) -> tuple[list[Candidate], list[QualifierCandidate]]:
    """Return the candidates without the words that only qualify them, and these words.

    text : one criterion's clean text. A name that the lexicons hold as a whole, or as something
        else than what is left of it, stays.
    """
    names: list[Candidate] = []
    found: list[QualifierCandidate] = []
    for candidate in candidates:
        name = candidate
        words = text[name.start : name.end]
        if name.label is Label.MEASUREMENT and _SPECIMEN.fullmatch(words):  # "test (serum)"
            found.append(QualifierCandidate("specimen", name.start, name.end))
            continue
        while cut := _front(text, name):
            found.append(QualifierCandidate(qualifier_kind(cut), name.start, name.start + len(cut)))
            start = name.start + len(cut)
            start += len(text[start : name.end]) - len(text[start : name.end].lstrip())
            name = replace(name, start=start)
        names.append(name)
    return names, found


def _front(text: str, candidate: Candidate) -> str | None:
    """Return the words to cut off a candidate, None where all of it is its name."""
    words = _words().get(candidate.label)
    front = words.cut.match(text, candidate.start, candidate.end) if words else None
    if words is None or front is None:
        return None
    whole, rest = text[candidate.start : candidate.end], text[front.end() : candidate.end]
    if words.name.match(whole) or words.head.match(rest):
        return None
    known = terms.lookup(whole)
    if known is not None:
        left = terms.lookup(rest)
        return front.group().rstrip() if left is not None and left.id == known.id else None
    return front.group().rstrip()


def beside(
    text: str, found: Sequence[Candidate], known: Sequence[QualifierCandidate]
) -> list[QualifierCandidate]:
    """Return the words that qualify the name right behind them: "daily aspirin", "use of" or not.

    text : one criterion's clean text. found : its mentions. known : its other qualifiers, which
    may stand between.
    """
    out = []
    for candidate in found:
        words = _words().get(candidate.label)
        front = candidate.start
        for q in reversed(known):
            if q.end <= front and not text[q.end : front].strip():
                front = q.start
        said = words.beside.search(text, max(0, front - 60), front) if words else None
        if said:
            kind = qualifier_kind(said["words"])
            out.append(QualifierCandidate(kind, *said.span("words")))
    return list(dict.fromkeys(out))


def is_beside(phrase: str, label: Label) -> bool:
    """Tell whether a phrase is a word that qualifies names of a label: "high dose"."""
    words = _words().get(label)
    return words is not None and words.beside.match(f"{phrase} ") is not None


_ENDED = re.compile(
    r"[\s,]+(?:(?:must|should|has to|have to|will) )?"
    r"(?:(?:have|has|had) been |be |was |were |is |are )?"
    r"(?P<words>completed|discontinued|stopped)\b(?! (?:by|due|because|for|in)\b)",
    re.IGNORECASE,
)


def ended(text: str, found: Sequence[Candidate]) -> list[QualifierCandidate]:
    """Return what says behind a treatment's name that it is over: "radiotherapy completed"."""
    done = (_ENDED.match(text, c.end) for c in found if c.label in {Label.DRUG, Label.PROCEDURE})
    return [QualifierCandidate("other", *said.span("words")) for said in done if said]


def is_route(text: str, start: int, end: int) -> bool:
    """Tell whether "IV" is a way to give what is named behind it, and no number."""
    return _IV.fullmatch(text, start, end) is not None and not _NUMBERED.search(text, 0, start)


_IV = re.compile(r"i\.?v\.?", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:class|stage|grade|type|phase|NYHA|DSM[- ]?|\bI+(?:,| or|/|-| to| and)) ?$", re.I
)
