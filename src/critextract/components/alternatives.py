"""Words before a mention that are joined by "or".

"Severe, uncontrolled or unstable asthma" has one qualifier, "severe, uncontrolled or unstable",
which any of them meets. "Renal or hepatic failure" names two things, "renal … failure" and
"hepatic failure"; everything else the text says (negation, times) holds for both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from critextract.components.elided import (
    fill_names,
    is_apart,
    is_substance,
    misuse_of,
    share_misuse,
    with_substances,
)
from critextract.components.guards import widen_guards
from critextract.components.half_names import COMPOUND, head_of, is_half, is_kind, noun_for
from critextract.components.kin import share_kin
from critextract.components.qualifiers import ROUTE, is_state
from critextract.schema import Label, Mention, Qualifier, guard_mentions

_OR = re.compile(r"\s*(?:,?\s*\b(?:or|and/or)\b|/)\s*", re.IGNORECASE)
_JOINED = re.compile(rf"{_OR.pattern}|\s*,?\s*\band\b\s*", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s*")
_WORD = re.compile(r"[^\s,/]+")
_NAMED = frozenset({Label.CONDITION, Label.PROCEDURE, Label.DRUG, Label.DEVICE, Label.OBSERVATION})


def split_alternatives(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions, with one for each alternative their qualifiers name.

    Ids of new ones are the old one with a letter and a number; they follow it.
    """
    named = [_of_either(text, m) for m in fill_names(text, _without_words(mentions))]
    filled = [new for m in named for new in with_substances(text, m)]
    whole = share_misuse(text, _completed(text, filled))
    split = share_kin(text, [new for mention in whole for new in _split(text, mention)])
    return tuple(widen_guards(split))


def _without_words(mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions without those that are no more than "and", read before another one.

    What the text says of it is said of the next: "negative serum and urine pregnancy test". One
    that a guard names stays.
    """
    named = {name for mention in mentions for name in guard_mentions(mention)}
    kept: list[Mention] = []
    waiting: Mention | None = None
    for mention in mentions:
        if waiting is not None and mention.start >= waiting.end:
            mention = replace(
                mention,
                values=mention.values or waiting.values,
                values_op=mention.values_op if mention.values else waiting.values_op,
                windows=mention.windows or waiting.windows,
                qualifiers=(*waiting.qualifiers, *mention.qualifiers),
            )
            waiting = None
        if mention.id in named:
            kept.append(mention)
        elif mention.text.lower() in {"and", "or", "and/or"}:
            waiting = mention
        elif _METHOD.fullmatch(mention.text):
            continue  # "cytological or histological proven": how something was found
        else:
            kept.append(mention)
    return kept


_METHOD = re.compile(r"(?:histo|cyto|patho)(?:patho)?logic(?:al(?:ly)?)?", re.IGNORECASE)


def _of_either(text: str, mention: Mention) -> Mention:
    """Return a test that either of two specimens will do for with both as one qualifier.

    "Urine or serum pregnancy test": the second one stands in the name.
    """
    if mention.label is not Label.MEASUREMENT or mention.fragments:
        return mention
    own = _SPECIMEN.match(text, mention.start, mention.end)
    if own is None:
        return mention
    for q in mention.qualifiers:
        if q.kind == "specimen" and _JOINED.fullmatch(text, q.end, mention.start):
            words = text[q.start : own.end(1)].lower()
            both = replace(q, value=words, end=own.end(1))
            rest = tuple(both if x == q else x for x in mention.qualifiers)
            name = text[own.end() : mention.end]
            return replace(mention, start=own.end(), text=name, qualifiers=rest, concept=None)
    return mention


_JOINER = re.compile(r"\s*(?:[,/]|and|or)", re.IGNORECASE)
"""What all that joins two names begins with."""
_SPECIMEN = re.compile(r"(serum|urine|blood|plasma|saliva)\s+(?=\w)", re.IGNORECASE)


def _completed(text: str, mentions: list[Mention]) -> list[Mention]:
    """Give an adjective that stands as a mention the noun of the next one.

    "Suicidal or homicidal ideation", "hepatic, renal or cardiac disease", "LDL or plasma
    apheresis", "chemo- or radiotherapy".
    """
    for n in reversed(range(len(mentions) - 1)):
        first, second = mentions[n], mentions[n + 1]
        noun = _shared_noun(text, first, second)
        if noun is not None:
            mentions[n] = _with_noun(first, second, noun)
            _share_states(text, mentions, n)
    return mentions


def _shared_noun(text: str, first: Mention, second: Mention) -> str | None:
    """Return the last words of the second mention that are the first one's too, None if none."""
    if not _JOINER.match(text, first.end):
        return None
    chain = _chain(text, second) or _kind_before(text, second)
    begin = chain[0].start if chain else second.start
    joined = _JOINED.fullmatch(text, first.end, begin)
    listed = _COMMA.fullmatch(text, first.end, begin) and (second.fragments or chain)
    whole = chain and not (second.fragments or _OR.fullmatch(text, chain[-1].end, second.start))
    head = second.start if whole else head_of(text, second)
    if (joined or listed) and head and is_half(first, second):
        return noun_for(first.text, text[head : second.end])
    if (joined or _COMMA.fullmatch(text, first.end, begin)) and is_substance(first):
        return misuse_of(second)
    ending = _SUFFIX if first.text.endswith("-") else _GRAFT
    stem = first.text.endswith("-") or _TISSUE.search(first.text) is not None
    found = ending.search(second.text) if joined and stem else None
    return found.group() if found else None


def _kind_before(text: str, mention: Mention) -> list[Qualifier]:
    """Return the qualifiers right before a name that say its kind: "ischemic" of "stroke".

    Several are joined as the list is: "inflammatory and immune alterations".
    """
    kinds: list[Qualifier] = []
    front = mention.start
    for qualifier in sorted(mention.qualifiers, key=lambda q: -q.start):
        gap = text[qualifier.end : front]
        joined = _JOINED.fullmatch(gap) or _COMMA.fullmatch(gap) if kinds else not gap.strip(" -")
        state = is_state(qualifier) or not is_kind(qualifier.value)
        if qualifier.end > front or state or not joined:
            continue
        kinds.insert(0, qualifier)
        front = qualifier.start
    return kinds


def _share_states(text: str, mentions: list[Mention], n: int) -> None:
    """Give what is said before a name made whole to those it has its noun from, in place.

    And to the name what bounds them behind the noun, to them what bounds it before: "grade 3
    sensory or motor neuropathy", "sensory or motor neuropathy of grade 3".
    """
    said = [q for q in mentions[n].qualifiers if not _is_member(text, q)]
    for m in range(n + 1, len(mentions)):
        if mentions[m].end != mentions[n].end:
            break
        bounds = mentions[m].values
        if bounds and not mentions[n].values and all(v.start >= mentions[m].end for v in bounds):
            op = mentions[m].values_op
            mentions[n] = replace(mentions[n], values=bounds, values_op=op)
        elif not bounds:
            op = mentions[n].values_op
            mentions[m] = replace(mentions[m], values=mentions[n].values, values_op=op)
        more = tuple(q for q in said if q not in mentions[m].qualifiers)
        mentions[m] = replace(mentions[m], qualifiers=(*more, *mentions[m].qualifiers))


def _with_noun(first: Mention, second: Mention, noun: str) -> Mention:
    """Return the first mention made whole with the last words of the second.

    What denies the noun behind it denies both: "MEK/ERK inhibitor naive".
    """
    cue = second.negation_cue
    if second.negated and not first.negated and cue and cue[0] >= second.end:
        first = replace(first, negated=True, negation_cue=cue)
    return replace(
        first,
        label=second.label,
        end=second.end,
        fragments=((first.start, first.end), (second.end - len(noun), second.end)),
        text=f"{first.text} {noun}",
        concept=None,
    )


_TISSUE = re.compile(
    r"(?:marrow|stem[ -]cells?|organ|tissue|PBSC|cord blood|LDL|plasma|lipoprotein)$", re.IGNORECASE
)
_GRAFT = re.compile(r"(?:auto|allo)?(?:transplant(?:ation|s)?|grafts?)$|apheresis$", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:therapy|toxicity|surgery|vascular|intestinal)(?: \w+)?$", re.IGNORECASE)
"""What the second of two names written together ends with: "chemo- or radiotherapy"."""


def _split(text: str, mention: Mention) -> Iterator[Mention]:
    chain = _chain(text, mention) if mention.qualifiers else []
    if not chain:
        yield mention
        return
    rest = tuple(q for q in mention.qualifiers if q not in chain)
    first = chain[-1]
    if not (_OR.fullmatch(text, first.end, mention.start) or _begins_list(text, mention, first)):
        start, end = chain[0].start, chain[-1].end
        either = Qualifier(chain[-1].kind, text[start:end].lower(), start, end)
        yield replace(mention, qualifiers=(*rest, either))
        return
    yield replace(mention, qualifiers=rest)
    for n, qualifier in enumerate(chain):
        copy = replace(mention, id=f"{mention.id}a{n}", qualifiers=(*rest, qualifier))
        yield _of_head(text, copy, qualifier, rest)


def _chain(text: str, mention: Mention) -> list[Qualifier]:
    """Return the qualifiers that "or" joins to each other, or to the mention's first words."""
    before = sorted(
        (q for q in mention.qualifiers if q.end <= mention.start), key=lambda q: q.start
    )
    if not before:
        return []
    last, end = before[-1], mention.start
    if _OR.fullmatch(text, last.end, end) or _begins_list(text, mention, last):
        chain = [last]
        if not _has_head(text, mention, last):
            return []
    elif len(before) > 1 and _either(text, before[-2], last):
        chain = [before[-2], last]
        if text[last.end : end].strip():
            return []
    else:
        return []
    listed = _begins_list(text, mention, last)
    for qualifier in reversed(before[: len(before) - len(chain)]):
        joined = text[qualifier.end : chain[0].start]
        if not (_COMMA.fullmatch(joined) or _OR.fullmatch(joined)):
            break
        if listed and not _names_kind(qualifier):
            break
        chain.insert(0, qualifier)
    return [] if any(_WHOLE.search(q.value) for q in chain) else chain


_WHOLE = re.compile(
    r"\s(?:agents?|drugs?|medications?|treatments?|therap(?:y|ies)|diseases?|disorders?"
    r"|progression|reactions?)$|^(?:functions?|dependence|abuse|known|suspected)$",
    re.IGNORECASE,
)
"""Ends of qualifiers that are names of their own, or say nothing of a kind."""


def _either(text: str, first: Qualifier, second: Qualifier) -> bool:
    """Tell whether one of two qualifiers is enough: "or", "and" between two ways to be given."""
    joined = _JOINED.fullmatch(text, first.end, second.start)
    if joined is None or _OR.fullmatch(joined.group()):
        return joined is not None
    return all(ROUTE.fullmatch(q.value) for q in (first, second))


def _is_member(text: str, qualifier: Qualifier) -> bool:
    """Tell whether a qualifier is one of a list of kinds: "cardiac" of "cardiac or renal"."""
    other = qualifier.kind == "other" and _KIND.search(qualifier.value)
    kind = qualifier.kind == "site" or other
    listed = re.match(r"\s*(?:,|/|\b(?:or|and|and/or)\b)", text[qualifier.end :])
    return bool(kind and listed) and not is_state(qualifier) and is_kind(qualifier.value)


def _begins_list(text: str, mention: Mention, first: Qualifier) -> bool:
    """Tell whether a kind stands before a list that shares a noun: "ovarian, cervical … cancer"."""
    shared = mention.fragments and _COMMA.fullmatch(text, first.end, mention.start)
    return bool(shared) and _names_kind(first)


def _names_kind(qualifier: Qualifier) -> bool:
    kind = _KIND.search(qualifier.value) and not qualifier.value.startswith("non")
    return bool(kind) and not is_state(qualifier) and is_kind(qualifier.value)


_KIND = re.compile(
    r"[a-z-]{3}(?:al|ic|ous|ar|ary|ac|ian|ine|ory)$|immune$"
    r"|^(?:breast|lung|colon|liver|kidney|thyroid|gall ?bladder)$",
    re.IGNORECASE,
)


def _has_head(text: str, mention: Mention, first: Qualifier) -> bool:
    """Tell whether the mention goes on after as many words as the alternative to them has."""
    own = _WORD.findall(text[mention.start : mention.end])
    return (
        mention.label in _NAMED
        and not mention.values
        and len(own) > len(_WORD.findall(text[first.start : first.end]))
    )


def _of_head(
    text: str, copy: Mention, qualifier: Qualifier, rest: tuple[Qualifier, ...]
) -> Mention:
    """Return "renal … failure" of "renal or hepatic failure"."""
    own = COMPOUND.match(text, copy.start)
    skipped = len(_WORD.findall(own.group() if own else text[qualifier.start : qualifier.end]))
    words = list(_WORD.finditer(text, copy.start, copy.end))
    head = words[min(skipped, len(words) - 1)].start()
    graft = _GRAFT.search(copy.text) if _TISSUE.search(qualifier.value) else None
    if copy.fragments:
        head = copy.fragments[-1][0]
    if graft is not None:
        head = copy.end - len(graft.group())
    if is_state(qualifier):
        return replace(copy, start=head, fragments=None, text=text[head : copy.end])
    if is_apart(qualifier.value, copy):
        start, end, name = qualifier.start, qualifier.end, text[qualifier.start : qualifier.end]
        return replace(
            copy, start=start, end=end, fragments=None, text=name, qualifiers=rest, concept=None
        )
    return replace(
        copy,
        start=qualifier.start,
        fragments=((qualifier.start, qualifier.end), (head, copy.end)),
        text=f"{text[qualifier.start : qualifier.end]} {text[head : copy.end]}",
        qualifiers=rest,
        concept=None,
    )
