"""Words that carry another mention: "treatment with rituximab", "use of aspirin".

The carrier names no event of its own. What is said of it (windows, period, negation, modality) is
said of what it carries.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from critextract.components.attach import Span, chains, content_words, gap_text
from critextract.components.drafts import Candidate
from critextract.components.qualifiers import USE_OF
from critextract.lexicon import lexicon
from critextract.schema import Label, Mention, Qualifier


def carry(
    text: str, candidates: Sequence[Candidate], mentions: list[Mention], covered: Sequence[Span]
) -> list[Mention]:
    """Return the mentions with what is said of a carrier given to all that it carries too."""
    result = list(mentions)
    runs = chains(text, candidates, covered)
    for n in range(len(candidates) - 1):
        if not carries(text, candidates[n], candidates[n + 1], covered):
            continue
        run = next((run for run in runs if n + 1 in run), [n + 1])
        for i in run:
            if i > n and _alike(candidates[i], candidates[n + 1]):
                result[i] = _given(result[n], result[i])
                held = {(q.start, q.end) for q in result[i].qualifiers}
                said = [q for q in result[n].qualifiers if (q.start, q.end) not in held]
                result[i] = replace(result[i], qualifiers=(*said, *result[i].qualifiers))
    return result


def _alike(a: Candidate, b: Candidate) -> bool:
    """Tell whether two are of one kind: drugs and therapies are."""
    return a.label is b.label or {a.label, b.label} == {Label.DRUG, Label.PROCEDURE}


_USE = re.compile(rf"{USE_OF}\b", re.IGNORECASE)


def share_use(
    text: str,
    candidates: Sequence[Candidate],
    owned: dict[int, tuple[Qualifier, ...]],
    covered: Sequence[Span],
) -> dict[int, tuple[Qualifier, ...]]:
    """Return the qualifiers by candidate; those before "use of" are of all that is listed.

    "Daily use of aspirin, ibuprofen or naproxen"; so is a proof: "histologically confirmed A or B".
    """
    out = dict(owned)
    for run in chains(text, candidates, covered):
        first = candidates[run[0]]
        both = _AND.search(text, first.end, candidates[run[-1]].start)
        said = tuple(
            q
            for q in owned.get(run[0], ())
            if q.end < first.start
            and (_USE.match(text, q.end) or (not both and _PROVEN.match(q.value)))
        )
        for i in run[1:] if said else ():
            own = out.get(i, ())
            proven = any(_PROVEN.match(q.value) for q in own)
            label = candidates[i].label
            alike = label is first.label or {label, first.label} <= _USED
            if alike and not proven:
                out[i] = (*said, *own)
    return out


_USED = frozenset({Label.DRUG, Label.PROCEDURE, Label.DEVICE, Label.OBSERVATION})
_AND = re.compile(r"\band\b(?!/or)", re.IGNORECASE)
_PROVEN = re.compile(r"(?:histo|cyto|patho|histopatho)logic|biopsy", re.IGNORECASE)


def to_reactions(mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions, what is said of a target given to its reaction: "history of X allergy".

    The target stands before its reaction and is a qualifier of it.
    """
    result = list(mentions)
    for n in range(len(mentions) - 1):
        target, reaction = result[n], result[n + 1]
        inside = any(q.start <= target.start and target.end <= q.end for q in reaction.qualifiers)
        if inside and target.label is not Label.CONDITION and not reaction.windows:
            result[n + 1] = _given(target, reaction)
            result[n] = replace(target, windows=(), period=None)
    return result


def pass_counts(
    text: str, candidates: Sequence[Candidate], mentions: Sequence[Mention]
) -> list[Mention]:
    """Return the mentions with what counts a carrier's object: "treatment with two or more X"."""
    result = list(mentions)
    for n in range(min(len(candidates), len(mentions)) - 1):
        carrier, carried = result[n], result[n + 1]
        count = carrier.count
        if count is None or carried.count or not carrier.end <= count.start < carried.start:
            continue
        covered = [(count.start, count.end)]
        if carries(text, candidates[n], candidates[n + 1], covered):
            result[n] = replace(carrier, count=None)
            result[n + 1] = replace(carried, count=count)
    return result


def carries(text: str, carrier: Candidate, carried: Candidate, covered: Sequence[Span]) -> bool:
    """Tell whether one mention only carries the next: "treated" in "treated with insulin"."""
    gap = gap_text(text, carrier.end, carried.start, covered)
    return (
        carried.label in {Label.DRUG, Label.PROCEDURE}
        and lexicon("structure").pattern("carrier").fullmatch(text[carrier.start : carrier.end])
        is not None
        and lexicon("structure").pattern("carrier_link").match(gap) is not None
        and content_words(gap) <= 1
    )


def _given(carrier: Mention, carried: Mention) -> Mention:
    actual = carried.modality == "actual"
    return replace(
        carried,
        windows=carried.windows or carrier.windows,
        windows_op=carried.windows_op if carried.windows else carrier.windows_op,
        period=carried.period or carrier.period,
        negated=carried.negated or carrier.negated,
        negation_cue=carried.negation_cue or carrier.negation_cue,
        modality=carrier.modality if actual else carried.modality,
    )
