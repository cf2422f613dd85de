"""What an allergy is to besides what is named: "or any of its excipients", "related compounds".

Sources: plain usage of registries.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from critextract.components.drafts import Candidate
from critextract.schema import Qualifier

_PART = (
    r"(?:excipients?|components?|ingredients?|constituents?|additives?|preservatives?|metabolites?"
    r"|vehicles?|compounds?|substances?|analogu?es?|derivatives?|agents?|drugs?|products?"
    r"|medications?)"
)
_OWN = r"(?:excipients?|components?|ingredients?|constituents?|additives?|preservatives?)"
_ALIKE = (
    r"(?:(?:chemically|structurally|pharmacologically|closely) )?(?:related|similar)"
    r"(?:,? (?:chemical |drug )?)?"
)
_WHOSE = (
    r"(?:drugs?|medications?|medicines?|products?|vaccines?|creams?|gels?|ointments?|solutions?"
    r"|formulations?|treatments?|injections?|tablets?|capsules?|agents?|compounds?|devices?"
    r"|articles?|preparations?|trial|study|it|them|each)"
)
_OF_IT = (
    rf"(?:\s+(?:of|in|used in|contained in|present in|included in)\s+(?:(?:the|this|these|any"
    rf"|either|its|their|both|study|trial|test|investigational|drug|medicinal)\s+)*{_WHOSE}\b(?!\s+of\b))?"
)
_FRONT = (
    r"(?:(?:any|all|one|other|either|some|more|known) )*(?:of )?(?:(?:the|its|their|these) )?"
    r"(?:(?:other|inactive|active|study|drug|product|vaccine|formulation|non-?medicinal) )*"
)
_NAMED = (
    rf"{_FRONT}(?:{_OWN}(?:(?:,? (?:and/or|or|and) |/){_OWN})*{_OF_IT}"
    rf"|{_ALIKE}{_PART}(?:(?:,? (?:and/or|or|and) |/){_PART})*)\b"
)
_MORE = re.compile(
    rf"\s*(?:/|,|,?\s*\b(?:and/or|or|and|as well as)\b)\s*(?:to\s+)?{_NAMED}".replace(" ", r"\s+"),
    re.IGNORECASE,
)
_ONLY = re.compile(rf"\s+(?:to|against)\s+(?P<what>{_NAMED})".replace(" ", r"\s+"), re.IGNORECASE)

_PARTS = re.compile(_OWN, re.IGNORECASE)
_ARTICLE = re.compile(r"(?:(?:any|all|one|some|either)\s+)?(?:of\s+)?(?:the\s+)?", re.IGNORECASE)


_EXAMPLE = re.compile(
    r"\s*,?\s*\(?(?:including|includes|such as|e\.?g\.?,?|like|for example,?)\s+"
    r"(?:(?:any|the|other)\s+)*",
    re.IGNORECASE,
)


def goes_on(text: str, target: Qualifier, candidates: Sequence[Candidate]) -> Qualifier:
    """Return what an allergy is to with the parts of it that follow: "X or any of its excipients".

    text : one criterion's clean text. Parts go on with what is named of them: "components of the
        vaccine, including gelatin".
    """
    end = target.end
    while more := _MORE.match(text, end):
        end = more.end()
    if _PARTS.search(text, target.start, end):
        for candidate in candidates:
            if candidate.start >= end and _EXAMPLE.fullmatch(text, end, candidate.start):
                end = candidate.end
    if end == target.end:
        return target
    return Qualifier(target.kind, text[target.start : end].lower(), target.start, end)


def parts_alone(text: str, end: int) -> Qualifier | None:
    """Return the parts that alone stand behind an allergy: "allergy to its components", or None.

    end : where the allergy's own words end.
    """
    found = _ONLY.match(text, end)
    if found is None:
        return None
    start, last = found.span("what")
    start += len(_ARTICLE.match(text[start:last]).group())  # type: ignore[union-attr]
    return Qualifier("other", text[start:last].lower(), start, last)
