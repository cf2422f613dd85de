"""How far a denial goes over a list: "no angina or other poorly controlled heart disease".

The scopes of `context` end at brackets, at times, at "with" and after a few words. What "no" opens
goes on behind an "or" all the same, and over the commas of a list that an "or" closes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from critextract.components.drafts import Candidate, ContextEdge
from critextract.schema import Label

Span = tuple[int, int]

_DENIES = re.compile(
    r"no|without|w/o|(?:absence|lack|free|none) of|free from|absence|lacking|never|not|\w+n't", re.I
)
_NOT = re.compile(r"not|\w+n't", re.IGNORECASE)
_OF = re.compile(r"\s+(?:to|of|for|with|in)\s+(?:(?:an?|any|the)\s+)?", re.IGNORECASE)
"""Between a name and what it is of: "reaction to penicillin"."""
_MORE = re.compile(
    r"\s*(?:,|/|,?\s*\b(?:or|and|and/or)\b)\s*(?:(?:an?|any|the)\s+)?", re.IGNORECASE
)
_EXAMPLES = re.compile(r"\b(?:including|includes?|such as|e\.g|eg|i\.e|like)\b", re.IGNORECASE)
_WORD = r"(?:[\w'-]+(?:\s*[,/]\s*|\s+))"
_BRACKET = re.compile(r"\([^()]*\)")
_OPENS = re.compile(
    r"\s*(?P<tail>(?:[\w'-]+\s+){0,4}?)(?:(?P<or>,?\s*\b(?:or|nor|and/or)\b)|,)\s+"
    rf"(?P<words>{_WORD}{{0,6}})",
    re.IGNORECASE,
)
"""Between a name and the next one of a list: its last words, a comma or "or", words behind it."""
_TAIL = re.compile(
    r"(?:(?:patients|subjects|participants|people|individuals|at any time"
    r"|(?:greater|more|higher|worse) than grade \w+)\s+)?",
    re.IGNORECASE,
)
_BARS = re.compile(
    r"\b(?:no|not|never|without|none|is|are|was|were|been|being|has|must|should|will|may|can|if"
    r"|unless|except|excluding|but|who|which|that|when|where|after|since|before|within|during|at"
    r"|on|over|least|than|only|stable|those|also|and|receiving|using|taking|able|willing|whose|as|by)\b"
    r"|(?<!treated )(?<!treatment )(?<!therapy )(?<!infection )(?<!infected )\bwith\b",
    re.IGNORECASE,
)
"""Words that begin something else behind an "or": "no anaemia or on stable transfusions"."""
_APART = re.compile(
    r"\b(?:is|are|was|were|has|have|must|should|if|unless|except|but|who|which|that|no|not|and"
    r"|for|of|to|in|with|by|from|as)\b",
    re.IGNORECASE,
)
"""Words of a clause before an "or", or of what a name is of: "surgery for this or other cancer"."""
_ALSO = re.compile(
    r"(?:(?:any|a|an)\s+)?(?:other|another|known|documented|histor(?:y|ies)\s+of|prior|previous"
    r"|treat(?:ment|ed)\s+with|therapy\s+with|need\s+for|suspected|have|be)\b",
    re.IGNORECASE,
)
"""Words that begin a further member, whatever stands before the "or"."""
_TAMED = re.compile(
    r"\b(?:treated|controlled|well|adequately|resolved|inactive|asymptomatic|mild|minimal|complete"
    r"|curatively|surgically|cured|low)\b",
    re.IGNORECASE,
)
"""Words of a milder case of the same name: "no metastases or treated metastases"."""
_CLOSED = re.compile(r"[^.;:]*?\b(?:or|nor|and/or)\b", re.IGNORECASE)
_PEOPLE = re.compile(r"(?:wo)?m[ae]n|(?:fe)?males?|mothers?|girls?", re.IGNORECASE)


def carry_denials(
    text: str, candidates: Sequence[Candidate], edges: Sequence[ContextEdge]
) -> list[ContextEdge]:
    """Return the edges with those of the members of a list that a denial goes on to.

    text : one criterion, with blanks for the times and short forms inside a list.
    """
    denied = {edge.candidate: (edge.start, edge.end) for edge in edges if edge.negated}
    order = sorted(range(len(candidates)), key=lambda i: (candidates[i].start, -candidates[i].end))
    added = [
        ContextEdge(i, *cue, negated=True)
        for cue in sorted(set(denied.values()))
        if _DENIES.fullmatch(text, *cue)
        for i in _members(text, candidates, order, denied, cue)
    ]
    return sorted([*edges, *added], key=lambda edge: edge.candidate) if added else list(edges)


def _members(
    text: str,
    candidates: Sequence[Candidate],
    order: Sequence[int],
    denied: dict[int, Span],
    cue: Span,
) -> Iterator[int]:
    """Yield the candidates behind a cue's last one that its denial goes on to."""
    own = [i for i in order if denied.get(i) == cue and candidates[i].start >= cue[1]]
    if not own:
        return
    last = max((candidates[i] for i in own), key=lambda c: c.end)
    of = False  # whether what is denied is followed by what it is of
    for i in order:
        here = candidates[i]
        if here.start < last.end:
            continue
        if i in denied or _EXAMPLES.search(text, cue[1], here.start):
            return
        gap = text[last.end : here.start]
        if gap.count("(") > gap.count(")"):
            continue  # in brackets behind the last one
        if _OF.fullmatch(gap) or (of and _MORE.fullmatch(gap)):
            last, of = here, True
            continue
        if not gap.strip() and _PEOPLE.fullmatch(text, here.start, here.end):
            yield i  # "no pregnant patients or nursing mothers"
        elif not _goes_on(text, cue, last, here, of=of):
            return
        else:
            yield i
        last, of = here, False


def _goes_on(text: str, cue: Span, last: Candidate, here: Candidate, *, of: bool) -> bool:
    """Tell whether a list goes on from one candidate to the next."""
    opens = _OPENS.fullmatch(_BRACKET.sub(" ", text[last.end : here.start]))
    if opens is None or here.label is Label.PERSON:
        return False
    words = opens["words"]
    also = _ALSO.match(words) is not None
    listed = opens["or"] or (_CLOSED.match(text, here.end) and (also or not _APART.search(words)))
    if _BARS.search(words) or not listed:
        return False
    if not _TAIL.fullmatch(opens["tail"]) and (not also or _APART.search(opens["tail"])):
        return False
    if _NOT.fullmatch(text, *cue):
        return also and here.label is not Label.MEASUREMENT
    milder = _TAMED.search(words) and _head(text, last) == _head(text, here)
    return (also or not of) and not milder


def _head(text: str, candidate: Candidate) -> str:
    return text[candidate.start : candidate.end].lower().rsplit(maxsplit=1)[-1].rstrip("s")
