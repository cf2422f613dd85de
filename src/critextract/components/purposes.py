"""What something was done for, is proven or caused by or calls for: "chemotherapy for lung cancer".

All of them only say more of the mention before them: a qualifier, whose words the record of it
would have to say. "Cyst confirmed by biopsy" asks for a cyst; what "cyst on CT" says of the CT is
how it is seen (see `leaves.evidence`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from critextract.changes import replace
from critextract.lexicon import lexicon
from critextract.schema import Label, Mention, Qualifier

_NO_CAUSE = re.compile(
    r"(?:\w+ )?(?:causes?|reasons?|factors?|a?etiolog(?:y|ies)|conditions?|diseases?|disorders?"
    r"|illness(?:es)?|treatments?|therap(?:y|ies)|drugs?|medications?|process(?:es)?)",
    re.IGNORECASE,
)
_CAUSED = frozenset({Label.CONDITION, Label.OBSERVATION})
_CAUSES = frozenset({Label.CONDITION, Label.DRUG, Label.PROCEDURE, Label.OBSERVATION})
_DONE = frozenset({Label.DRUG, Label.PROCEDURE, Label.DEVICE})
_FOR = re.compile(
    r"\s*(?:therap(?:y|ies) |treatments? |use )?(?P<from>for)(?: the| a| an| any| his| her| their)*"
    r"(?: (?:treatment|management|prevention|control) of)?(?: the| a| an| any)*\s*",
    re.IGNORECASE,
)
_STAY = re.compile(
    r"(?:[\w-]+ ){0,2}(?:hospitali[sz]ations?|admissions?"
    r"|(?:ED|ER|emergency|emergency department|emergency room|hospital) visits?)",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"\s*(?:to (?:the |a )?(?:hospital|ICU|intensive care unit) )?"
    r"(?P<from>for|due to|because of|with)(?: the| a| an| any)*\s*(?:treatment of\s+)?",
    re.IGNORECASE,
)
"""Of "hospitalized for X" both are so now; a stay that is over was for what it was for."""
_IN_BRACKETS = re.compile(r"\s*\((?![A-Z]{2,6}\))")
"""Behind a name: more than what it is called for short."""
_PROVEN = re.compile(
    r"\s*,?\s*(?P<from>(?:as )?(?:confirmed|documented|detected|diagnosed|proven|verified"
    r"|evidenced|demonstrated|established) (?:by|on|with|using|through))"
    r"(?: the| a| an| any| either)*\s*",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"\s*,?\s*(?:(?:that|which) (?:is|are|was|were) )?(?P<from>(?:(?:solely|directly|primarily) )?"
    r"(?:due to|caused by|secondary to|related to|attribut(?:ed|able) to|resulting from|because of"
    r"|induced by|as a result of|arising from))(?: the| a| an| any| prior| previous)*\s*",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"[- ](?:induced|related|associated|based|containing|mediated)\s+", re.IGNORECASE
)
_MADE_OF = re.compile(
    r"(?:[\w-]+ ){0,2}\w+[- ](?:induced|related|associated|based|containing|mediated)",
    re.IGNORECASE,
)
"""Between what a thing comes from or is made of and the thing: "heparin-induced"."""
_WHOLE = re.compile(r"(?:therapy|therapies|treatments?|regimens?)(?: containing)?$", re.I)
"""What contains a drug, and is not contained in one: "chemotherapy containing cisplatin"."""
_NON = re.compile(r"\b(?:non|not)[ -]$", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_NEEDS = re.compile(
    r"\s*,?\s*(?:(?:that|which) )?(?P<from>(?:requir|need|necessitat)(?:ing|es?|s)?)"
    r"(?: an?| any| active| ongoing| systemic| medical| immediate| specific| further)*\s*",
    re.IGNORECASE,
)
_AND = re.compile(
    r"[\s,;]*\band(?: have| has| must have| must be| fully| completely| adequately)*\s*"
    r"(?P<from>)",
    re.IGNORECASE,
)
_AIM = re.compile(
    r"(?:[\w-]+ ){0,3}(?:prophylaxis|prevention|premedication|sedation|palliation|analgesia"
    r"|antiemesis|an(?:a)?esthesia|smoking cessation|weight (?:loss|reduction)"
    r"|(?:pain|symptom|seizure) (?:control|relief|management))",
    re.IGNORECASE,
)
"""What is done for itself too, but behind "for" is an aim: "isoniazid for TB prophylaxis"."""
_RECOVERED = re.compile(r"recovered", re.IGNORECASE)
_CARE = re.compile(
    r"(?:medical |drug |systemic )?"
    r"(?:treatments?|therap(?:y|ies)|medications?|interventions?|attention)",
    re.IGNORECASE,
)
_JOINS = re.compile(r"[\s,/]*(?:\b(?:and|or|and/or)\b)?\s*", re.IGNORECASE)
_LISTED = re.compile(
    r"[\s,/]*(?:\b(?:and|or|and/or)\b)?[\s,/]*(?:(?:an?|the|any|other|another) )*", re.IGNORECASE
)


def with_purposes(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions, what they are for or proven by a qualifier of theirs.

    Left alone are lists, of which the words may be about the last one only, and what has values,
    qualifiers or times of its own: it is asked for besides.
    """
    out = list(mentions)
    for n in range(len(mentions) - 1):
        first, second = mentions[n], mentions[n + 1]
        if needed := [m for m in range(n + 1, len(mentions)) if _is_needed(first, mentions[m])]:
            dated = next((mentions[m] for m in needed if mentions[m].windows), second)
            windows, period = first.windows or dated.windows, first.period or dated.period
            out[n] = replace(out[n], windows=windows, period=period)
            for m in needed:
                out[m] = replace(out[m], windows=(), period=None)
            continue
        if made := _made(text, mentions, n):
            out[n], out[n + 1] = _come_from(out[n], out[n + 1], made)
            continue
        if _RECOVERED.fullmatch(second.text) and text[first.end : first.end + 1] == ")":
            _recover(text, out, n + 1)
            continue
        link = _link(text, first, second)
        if link is None or _says_more(first, second):
            continue
        last = _last(text, mentions, n)
        if _in_list(text, mentions, n, last):
            continue
        start, end = link.start("from"), mentions[last].end
        said = Qualifier("other", " ".join(text[start:end].lower().split()), start, end)
        kept = tuple(q for q in out[n].qualifiers if not start <= q.start < end)
        out[n] = replace(
            out[n], qualifiers=(*kept, said), windows=first.windows or second.windows,
            period=first.period or second.period,
        )  # fmt: skip
        out[n + 1] = replace(second, windows=(), period=None)
    return tuple(out)


def _recover(text: str, out: list[Mention], n: int) -> None:
    """Say "recovered" of treatments and those in brackets behind: "X (6 weeks for Y) and …"."""
    said = _AND.fullmatch(text, out[n - 1].end + 1, out[n].start)
    opened = text.rfind("(", 0, out[n].start)
    head = max((m for m in range(n) if out[m].end <= opened), default=None)
    if said is None or head is None or any(m.label not in _DONE for m in out[head:n]):
        return
    if not all(m.windows for m in out[head:n]):
        return
    words = Qualifier("other", out[n].text.lower(), out[n].start, out[n].end)
    for m in range(head, n):
        out[m] = replace(out[m], qualifiers=(*out[m].qualifiers, words))
    out[n] = replace(out[n], windows=(), period=None)


def _last(text: str, mentions: Sequence[Mention], n: int) -> int:
    """Return the last of what qualifies mention `n` together with the one behind it.

    "Confirmed by ELISA and Western blot"; "prophylaxis for otitis or sinusitis" to the end.
    """
    last = n + 1
    proofs = mentions[n].label is Label.CONDITION and is_test(mentions[last])
    while last + 1 < len(mentions):
        before, following = mentions[last], mentions[last + 1]
        alike = is_test(following) if proofs else following.label is before.label
        listed = _LISTED.fullmatch(text, before.end, following.start)
        if not (alike and listed) or following.windows or following.qualifiers or following.values:
            break
        last += 1
    whole = _THERAPY.search(mentions[n].text) and not _MORE.search(text, mentions[last].end)
    return last if proofs or (mentions[n].label in _DONE and n == 0 and whole) else n + 1


_THERAPY = re.compile(r"(?:prophylaxis|therapy|treatments?|medications?)$", re.IGNORECASE)
_MORE = re.compile(r"\w")


def _made(text: str, mentions: Sequence[Mention], n: int) -> Qualifier | None:
    """Return what the words before a name say it comes from: "heparin-induced thrombocytopenia"."""
    first, second = mentions[n], mentions[n + 1]
    front = _front(text, second)
    whole = _MADE_OF.fullmatch(first.text)
    link = _SPACE.match(text, first.end, front) if whole else _MADE.match(text, first.end, front)
    bare = not (first.values or first.fragments or first.count or first.dose or second.fragments)
    bare = bare and not _NON.search(text[: first.start])  # "non-AIDS-related"
    listed = n > 0 and _LISTED.fullmatch(text, mentions[n - 1].end, first.start)
    bare = bare and not (second.label is Label.DRUG and _WHOLE.search(first.text))
    if link is None or text[link.end() : front].strip() or not bare or listed:
        return None
    end = first.end + len(link.group().rstrip())
    return Qualifier("other", " ".join(text[first.start : end].lower().split()), first.start, end)


def _come_from(first: Mention, second: Mention, made: Qualifier) -> tuple[Mention, Mention]:
    """Return both mentions, what is said before them said of the second."""
    before = tuple(q for q in first.qualifiers if q.end <= first.start)
    whole = replace(
        second,
        qualifiers=(*before, made, *second.qualifiers),
        windows=second.windows or first.windows,
        period=second.period or first.period,
        negated=second.negated or first.negated,
        negation_cue=second.negation_cue or first.negation_cue,
        modality=first.modality if second.modality == "actual" else second.modality,
        experiencer=first.experiencer if second.experiencer == "patient" else second.experiencer,
    )
    return replace(first, windows=(), period=None, qualifiers=()), whole


def _is_needed(first: Mention, second: Mention) -> bool:
    """Tell whether a qualifier says that a condition needs a mention: its time is the first's."""
    return any(
        q.kind == "severity" and q.start <= second.start and second.end <= q.end
        for q in first.qualifiers
        if q.start >= first.end
    )


def _link(text: str, first: Mention, second: Mention) -> re.Match[str] | None:
    """Return the words between a treatment and what it is for, a finding and its proof."""
    if first.label in _DONE and _RECOVERED.fullmatch(second.text):
        end = max([first.end, *(w.end for w in first.windows if w.end <= second.start)])
        return _AND.fullmatch(text, end, second.start)
    aim = second.label is Label.CONDITION or _AIM.fullmatch(second.text)
    if first.label in _DONE and aim and not _is_people(second):
        return _FOR.fullmatch(text, first.end, _front(text, second))
    if _STAY.fullmatch(first.text) and aim and not _IN_BRACKETS.match(text, second.end):
        end = max([first.end, *(w.end for w in first.windows if w.end <= second.start)])
        return _WHY.fullmatch(text, end, _front(text, second))
    if first.label is Label.CONDITION and _CARE.fullmatch(second.text):
        return _NEEDS.fullmatch(text, first.end, second.start)
    if first.label is Label.CONDITION and is_test(second):
        return _PROVEN.fullmatch(text, first.end, second.start)
    named = second.label in _CAUSES and not _NO_CAUSE.fullmatch(second.text)
    if first.label in _CAUSED and named and not second.windows:
        own = tuple(q for q in second.qualifiers if not _CAUSE.fullmatch(f"{q.value} "))
        changed = len(own) < len(second.qualifiers)
        front = _front(text, replace(second, qualifiers=own) if changed else second)
        return _CAUSE.fullmatch(text, first.end, front)
    return None


def _front(text: str, mention: Mention) -> int:
    """Return where a mention begins with the qualifiers right before it: "metastatic melanoma"."""
    front = mention.start
    for q in sorted(mention.qualifiers, key=lambda q: q.start, reverse=True):
        over = q.start < front < q.end <= mention.end  # "metastatic breast" of "breast cancer"
        if over or (q.end <= front and _JOINS.fullmatch(text, q.end, front)):
            front = q.start
    return front


def _is_people(mention: Mention) -> bool:
    return lexicon("structure").pattern("conditional_subject").search(mention.text) is not None


def is_test(mention: Mention) -> bool:
    """Tell whether a mention is an examination that finds things, without a result of its own."""
    named = lexicon("structure").pattern("examination").search(mention.text)
    kinds = {Label.PROCEDURE, Label.MEASUREMENT}
    return named is not None and mention.label in kinds and not mention.values


def _in_list(text: str, mentions: Sequence[Mention], n: int, last: int) -> bool:
    """Tell whether a mention, or what qualifies it up to the `last`, goes on as a list."""
    left = mentions[n - 1] if n else None
    before = left and (  # "antibiotic or antiviral therapy" are two that share a word
        left.end > mentions[n].start or _LISTED.fullmatch(text, left.end, mentions[n].start)
    )
    after = last + 1 < len(mentions) and _LISTED.fullmatch(
        text, mentions[last].end, _front(text, mentions[last + 1])
    )
    return bool(before or after)


def _says_more(first: Mention, second: Mention) -> bool:
    both = bool(first.windows) and any(w not in first.windows for w in second.windows)
    behind = any(q.end > second.end for q in second.qualifiers)
    own = second.values or behind or second.count or second.dose or second.fragments
    apart = second.negation_cue not in {None, first.negation_cue}
    return bool(own) or both or apart or first.fragments is not None
