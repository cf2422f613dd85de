"""What "other" says of a name: another one than the text's own subject, or the rest of a list.

"No other malignancy" is about malignancies besides the one under study: a qualifier. In "gout or
other arthritis" the list itself says what the others are, and the word adds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from critextract.components.drafts import Candidate
from critextract.schema import Label, Qualifier

_BESIDES = re.compile(r"\b(?P<word>other)(?! than\b)(?: [\w-]+){0,3} $", re.IGNORECASE)
_OF_TRIALS = re.compile(r"investigational|experimental|unlicensed|\btrial|\bstud(?:y|ies)\b", re.I)
_JOINED = re.compile(
    r"[\s,/]*(?:\b(?:and/or|or|and)\b\s*)?(?:(?:any|all|known)\s+)*", re.IGNORECASE
)
_LISTED = frozenset({"other", "any other", "all other", "another"})
_NAMED = frozenset({Label.CONDITION, Label.PROCEDURE, Label.DRUG, Label.DEVICE})


def settle_others(
    text: str, candidates: Sequence[Candidate], owned: dict[int, tuple[Qualifier, ...]]
) -> dict[int, tuple[Qualifier, ...]]:
    """Return the qualifiers by candidate with "other" where, and only where, it says something.

    text : one criterion's clean text. owned : what the qualifiers stage found.
    """
    if "other" not in text.lower():
        return {n: found for n, found in owned.items() if found}
    out = dict(owned)
    ends = [0, *(candidate.end for candidate in candidates)]
    for n, candidate in enumerate(candidates):
        before = max(ends[: n + 1])
        word = _BESIDES.search(text, before, candidate.start)
        if word is None or candidate.label not in _NAMED:
            continue
        mine = out.get(n, ())
        place = word.span("word")
        held = [q for q in mine if q.start < place[1] and place[0] < q.end]
        listed = n > 0 and _JOINED.fullmatch(text, before, place[0])
        if listed:
            out[n] = tuple(q for q in mine if q not in held or q.value not in _LISTED)
        elif n == 0 and not held and not _OF_TRIALS.search(text, place[0], candidate.end):
            out[n] = (Qualifier("other", text[slice(*place)].lower(), *place), *mine)
    return {n: found for n, found in out.items() if found}
