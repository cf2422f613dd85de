"""What is said before one name and holds for those beside it, too.

Of those that "or" joins ("severe asthma or eczema"), and of the examples of a kind ("active
infections such as hepatitis C"): an example says what is meant, not how bad it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from critextract.components.attach import JOINED
from critextract.components.qualifiers import ROUTE, is_state, qualifier_kind
from critextract.schema import Label, Mention, Qualifier

_OR = re.compile(r"\s+(?:or|and/or|and)\s+(?:an?\s+)?", re.IGNORECASE)
_SUCH_AS = (
    r"(?:including|includes?|such as|e\.?g\.?,?|like|for (?:example|instance),?)"
    r"(?:,? (?:but )?not limited to)?[\s:,]*"
)
_EXAMPLES = re.compile(
    rf"\s*,?\s*(?P<open>\()?\s*(?(open)(?:{_SUCH_AS})?|{_SUCH_AS})(?:(?:any|the|an?|either)\s+)?",
    re.IGNORECASE,
)
_LISTED = re.compile(
    rf"{JOINED.pattern}"
    r"(?:(?:other|any|an?|the)\s+|(?:clinical )?(?:signs|symptoms|evidence) of\s+)*",
    re.IGNORECASE,
)
_ROUTE = re.compile(
    rf"{ROUTE.pattern}|prescri(?:bed|ption)"
    r"|daily|regular|continuous|frequent|chronic|long-term|(?:high|low)[ -]dose",
    re.IGNORECASE,
)
"""How a drug is given: what its examples are, too."""
_UNGRADED = re.compile(
    r"pregnan|lactat|nursing|breast-?feed|\bHIV\b|immunodeficiency virus|\bAIDS\b|malignan|cancer"
    r"|carcino|sarcoma|melanoma|lympho|leuk|myelo|infarct|stroke|cirrhos|transplant|suicid|death|tumou?r"
    r"|^(?:unstable|stable|acute|chronic(?! obstructive)|severe|active|advanced|recent|multiple"
    r"|major|other)\b"
    r"|\b(?:un)?controlled\b",
    re.IGNORECASE,
)
"""Named after "or", it is not what the words before the first are likely to be about."""
_DOSE = re.compile(r"stable (?:doses?|dosages?|regimens?)|(?:total|cumulative) doses?")
_MATERNITY = re.compile(r"pregnan|lactat|nursing|breast-?feed", re.IGNORECASE)
_TREATMENTS = frozenset({Label.DRUG, Label.PROCEDURE, Label.DEVICE})


def share_states(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions, each with what is said before another one and holds for it, too."""
    out = list(mentions)
    for n, mention in enumerate(out):
        for m in _listed_examples(text, out, n):
            said = [q for q in mention.qualifiers if _is_shared(mention, q)] + _in_name(mention)
            out[m] = _with(_with_result(out[m], mention), mention, said)
    slashed: list[Qualifier] = []
    for n in range(len(out) - 1):
        if _are_two(text, out, n):
            out[n + 1] = _with(out[n + 1], out[n], _before(text, out[n]))
        for m in _bare_list(text, out, n):
            out[m] = _with(out[m], out[n], _before(text, out[n]))
        for m in _akin(text, out, n):
            said = [q for q in _front(text, out[n]) if q.kind == "acuteness"]
            out[m] = _with(out[m], out[n], said)
        slashed = _front(text, out[n]) or slashed if _is_slashed(text, out, n) else []
        out[n + 1] = _with(out[n + 1], out[n], slashed)
        if dosed := _stable_dose(text, out, n):
            out[n + 1] = _with(out[n + 1], out[n], [dosed])
    return out


def _stable_dose(text: str, mentions: Sequence[Mention], n: int) -> Qualifier | None:
    """Return what is said of the doses of two treatments: "stable doses of A or B"."""
    first, second = mentions[n], mentions[n + 1]
    said = next((q for q in first.qualifiers if _DOSE.fullmatch(q.value)), None)
    given = {first.label, second.label} <= _TREATMENTS and first.negated == second.negated
    begin = second.fragments[-1][0] if second.fragments else second.start
    gap = _blank(text, first.end, begin, second) if first.end <= begin else ""
    listed = said and said.start < first.start and given and _LISTED.fullmatch(gap)
    return said if listed else None


def _with_result(mention: Mention, kind: Mention) -> Mention:
    """Return an example with what is said before its kind: "positive serology (e.g. RPR)".

    So too a grade: "grade 3 skin disorder (e.g. rash)".
    """
    before = mention.values == () and all(v.end <= kind.start for v in kind.values)
    return replace(mention, values=kind.values) if before and _is_result(kind) else mention


def _is_result(mention: Mention) -> bool:
    """Tell whether a test has a result in words, or a condition a grade."""
    value = next(iter(mention.values), None)
    if mention.label is Label.CONDITION:
        return value is not None and value.unit == "{grade}"
    return mention.label is Label.MEASUREMENT and value is not None and bool(value.text_value)


def _with(mention: Mention, first: Mention, said: Sequence[Qualifier]) -> Mention:
    """Return a mention with the qualifiers of another of which it has no kind of its own."""
    own = {q.kind for q in mention.qualifiers if is_state(q) or q.kind != "other"}
    new = tuple(q for q in said if q.kind == "other" or q.kind not in own)
    new = tuple(q for q in new if q not in mention.qualifiers)
    if not new:
        return mention
    active = any(q.kind == "acuteness" for q in new) and first.period == "present"
    bare = active and mention.period is None and not mention.windows
    period = "present" if bare and not first.windows else mention.period
    return replace(mention, qualifiers=(*new, *mention.qualifiers), period=period)


# --- examples ---------------------------------------------------------------------------------


def _is_shared(mention: Mention, qualifier: Qualifier) -> bool:
    """Tell whether a kind's qualifier is one of its examples, too; "other" and a class are not."""
    drug = mention.label in _TREATMENTS and _ROUTE.fullmatch(qualifier.value)
    inside = mention.start <= qualifier.start and qualifier.end <= mention.end
    return not inside and (is_state(qualifier) or bool(drug))


def _in_name(mention: Mention) -> list[Qualifier]:
    """Return the first word of a name that says how bad it is: "end-stage liver disease"."""
    word = _GRADED_NAME.match(mention.text)
    if word is None or mention.fragments or mention.label is not Label.CONDITION:
        return []
    value = word.group().lower()
    return [Qualifier(qualifier_kind(value), value, mention.start, mention.start + word.end())]


_GRADED_NAME = re.compile(
    r"(?:end[- ]stage|frequent|extensive|advanced|large|excessive|severe|serious|significant)"
    r"(?=\s\w)",
    re.IGNORECASE,
)


def _listed_examples(text: str, mentions: Sequence[Mention], n: int) -> list[int]:
    """Return the examples; one alone in brackets may be what the name means."""
    found = list(_examples(text, mentions, n))
    one = found and text[mentions[n].end : mentions[found[0]].start].strip() == "("
    return [] if one and len(found) == 1 else found


def _examples(text: str, mentions: Sequence[Mention], n: int) -> Iterator[int]:
    """Yield the indices of what a name's examples are: "drugs (e.g. A, B)", "disease such as C"."""
    kind = mentions[n]
    said = any(_is_shared(kind, q) and q.end <= kind.start for q in kind.qualifiers)
    said = said or bool(_in_name(kind))
    if not (said and not kind.values) and not _is_result(kind):
        return
    end, link = kind.end, _EXAMPLES
    for m in range(n + 1, len(mentions)):
        one = mentions[m]
        alike = one.label is kind.label or {one.label, kind.label} <= _TREATMENTS
        begin = one.fragments[-1][0] if one.fragments else one.start
        if not alike or one.negated > kind.negated or begin < end:
            return
        if not link.fullmatch(_blank(text, end, begin, one)) or _MATERNITY.match(one.text):
            return
        yield m
        end, link = _behind(text, one), _LISTED


def _blank(text: str, end: int, begin: int, mention: Mention) -> str:
    """Return the characters up to where a mention begins, its own qualifiers left out."""
    gap = text[end:begin]
    for q in sorted(mention.qualifiers, key=lambda q: -q.start):
        if end <= q.start and q.end <= begin:
            gap = gap[: q.start - end] + gap[q.end - end :].lstrip()
    return gap


_SHORT = re.compile(r"\s*\([A-Z][\w-]{0,9}\)")


def _behind(text: str, mention: Mention) -> int:
    """Return where a mention ends with its abbreviation in brackets and what is said behind it."""
    ends = [q.end for q in mention.qualifiers if q.start >= mention.end]
    end = max([mention.end, *(e for e in ends if e - mention.end < 80)])
    short = _SHORT.match(text, end)
    return short.end() if short else end


# --- joined -------------------------------------------------------------------------------------


def _front(text: str, mention: Mention) -> list[Qualifier]:
    """Return what is said right before a name, in text order."""
    found: list[Qualifier] = []
    front = mention.start
    for q in sorted(mention.qualifiers, key=lambda q: -q.start):
        if q.end <= front and not text[q.end : front].strip(" ,-"):
            front = q.start
            found.insert(0, q)
    return found


def _before(text: str, mention: Mention) -> list[Qualifier]:
    """Return what is said right before a name of how bad it is or whether it is under control."""
    found = _front(text, mention)
    graded = [q for q in found if q.kind in {"severity", "stability"}]
    return graded + [q for q in found if q.kind == "other" and is_state(q)]


def _are_two(text: str, mentions: Sequence[Mention], n: int) -> bool:
    """Tell whether a name and the next are all that "or" joins, the next one bare.

    A time, a bound or a word of its own leaves open what the first words reach.
    """
    first, second = mentions[n], mentions[n + 1]
    conditions = first.label is Label.CONDITION and second.label is Label.CONDITION
    begin = second.fragments[-1][0] if second.fragments else second.start
    link = _OR.fullmatch(text, _behind(text, first), begin)
    said = _before(text, first)
    if not (conditions and said and link) or _UNGRADED.search(second.text):
        return False
    own = [w for w in second.windows if w.unit] or second.values or first.values
    alike = first.negated == second.negated and first.modality == second.modality
    return not own and alike and not _is_longer(text, mentions, n, said[0].start)


def _is_longer(text: str, mentions: Sequence[Mention], n: int, start: int) -> bool:
    """Tell whether the list has members before the first of two or behind the second."""
    behind = text[_behind(text, mentions[n + 1]) :]
    more = re.match(r"\s*(?:[,/]|(?:or|and)\b)", behind, re.IGNORECASE) is not None
    return more or _GOES_BEFORE.search(text[:start]) is not None


_GOES_BEFORE = re.compile(r"(?:[,/]|\b(?:or|and))\s*(?:\w+\s+)?$", re.IGNORECASE)


def _bare_list(text: str, mentions: Sequence[Mention], n: int) -> list[int]:
    """Return the members behind the first of three or more, all bare: "serious A, B or C"."""
    said = _before(text, mentions[n]) if mentions[n].qualifiers else []
    if not said or _GOES_BEFORE.search(text[: said[0].start]):
        return []
    members = _list_behind(text, mentions, n)
    ungraded = any(_UNGRADED.search(mentions[m].text) for m in members)
    return [] if len(members) < 2 or ungraded else members


def _akin(text: str, mentions: Sequence[Mention], n: int) -> list[int]:
    """Return the members behind a first one of one kind: "active hepatitis B or hepatitis C".

    All names have a word in common, or all are infections and the last one says so.
    """
    first = mentions[n]
    if not any(q.kind == "acuteness" and q.end <= first.start for q in first.qualifiers):
        return []
    members = _list_behind(text, mentions, n)
    names = [m.text.lower() for m in (first, *(mentions[m] for m in members))]
    words = [set(_LONG.findall(name)) for name in names]
    infections = _INFECTED.search(names[-1]) and all(map(_INFECTION.search, names))
    return members if infections or set.intersection(*words) else []


_LONG = re.compile(r"[a-z]{5,}")
_INFECTED = re.compile(r"(?:infections?|virus(?:es)?)$")
_INFECTION = re.compile(
    r"infect|virus|viral|hepatitis|\bhiv\b|\bh[abc]v\b|\bcmv\b|tubercul|\btb\b|syphil"
)


def _is_slashed(text: str, mentions: Sequence[Mention], n: int) -> bool:
    """Tell whether a name and a bare one are written as one: "daily opioid/NSAID use"."""
    first, second = mentions[n], mentions[n + 1]
    if not first.qualifiers or second.fragments or not _SLASH.match(text, first.end):
        return False
    return _SLASH.fullmatch(text, _behind(text, first), second.start) is not None and _is_bare(
        first, second
    )


_SLASH = re.compile(rf"(?:{_SHORT.pattern})?\s?/\s?")


def _list_behind(text: str, mentions: Sequence[Mention], n: int) -> list[int]:
    """Return the members of "A, B or C" behind A, [] if one has words or a time of its own."""
    first, members, closed = mentions[n], [], False
    if first.label is not Label.CONDITION:
        return []
    end = _behind(text, first)
    for m in range(n + 1, len(mentions)):
        one = mentions[m]
        begin = one.fragments[-1][0] if one.fragments else one.start
        if m == n + 1 and one.end <= end:
            continue  # its abbreviation
        link = _MEMBER.fullmatch(text, end, begin)
        if link is None:
            break
        if closed or not _is_bare(first, one):
            return []
        members.append(m)
        closed, end = link["last"] is not None, _behind(text, one)
    return members if closed else []


_MEMBER = re.compile(
    r"\s*(?:,|/|,?\s*(?P<last>\b(?:or|and/or|and)\b))\s*(?:an?\s+)?", re.IGNORECASE
)


def _is_bare(first: Mention, other: Mention) -> bool:
    """Tell whether a name has nothing of its own that the first of its list has not."""
    own = [w for w in other.windows if w not in first.windows]
    said = [q for q in other.qualifiers if q not in first.qualifiers and q.kind != "site"]
    bare = not (own or said or other.values or first.values or other.count)
    alike = (first.label, first.negated, first.modality) == (
        other.label, other.negated, other.modality,
    )  # fmt: skip
    return bare and alike
