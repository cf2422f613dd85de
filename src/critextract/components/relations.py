"""What belongs to what: from one criterion's separate findings to its mentions.

Values, windows, qualifiers and context cues go to the candidates they are about, by rules that
read the line's structure (see `attach`, `values`, `windows`, `guards`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from critextract.changes import replace
from critextract.components.ages import age_end
from critextract.components.alternatives import split_alternatives
from critextract.components.attach import (
    Span,
    clauses,
)
from critextract.components.carriers import carry, pass_counts, share_use, to_reactions
from critextract.components.counts import (
    is_counted,
    may_count,
    of_list,
    one_of,
    part_counts,
    with_spelled,
)
from critextract.components.distribution import distribute
from critextract.components.drafts import (
    Candidate,
    ContextEdge,
    QualifierCandidate,
    Quantity,
    TimeExpression,
)
from critextract.components.either import join_either
from critextract.components.front_words import is_route
from critextract.components.guards import apply_guards, find_guards
from critextract.components.inabilities import name_inabilities
from critextract.components.intents import is_duty, split_planned
from critextract.components.organs import share_organs
from critextract.components.others import settle_others
from critextract.components.own_units import of_variable, share_between, share_unit
from critextract.components.pairing import Scene, scene
from critextract.components.parts import share_with_parts
from critextract.components.periods import is_tense
from critextract.components.purposes import with_purposes
from critextract.components.qualified import assign_qualifiers, find_targets, is_measured
from critextract.components.said_once import without_idle_qualifiers
from critextract.components.shared_states import share_states
from critextract.components.short_forms import name_once
from critextract.components.time_joins import (
    is_over,
    joined_windows,
    since_when,
    timed,
    without_idle,
)
from critextract.components.trials import name_trials
from critextract.components.value_joins import joined_by
from critextract.components.values import (
    DOSE_UNIT,
    RATES,
    SCALE_UNITS,
    assign_values,
    without_units,
)
from critextract.components.windows import assign_times, point_to, settle
from critextract.extensions import put
from critextract.lexicon import lexicon
from critextract.schema import Label, Mention, Period, Qualifier, Value

_SEROLOGY = re.compile(r"anti(?:body|bodies|gens?)$|^anti-|(?:Ab|Ag)$")
TRIAL_DRUG = "drug.investigational"


@dataclass(frozen=True, slots=True)
class Draft:
    """All findings of one criterion; offsets in its clean `text`."""

    text: str
    candidates: tuple[Candidate, ...] = ()
    qualifiers: tuple[QualifierCandidate, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    edges: tuple[ContextEdge, ...] = ()


def relate(draft: Draft) -> tuple[tuple[Mention, ...], tuple[TimeExpression, ...]]:
    """Return the mentions of a criterion with all that belongs to them, and the times left over.

    Ids are "0", "1" … in text order; offsets stay those of the clean text. A time left over in
    a lead-in ("within 6 months, any of the following:") is about the items under it.
    """
    text, spans, covered = draft.text, clauses(draft.text), _cue_spans(draft)
    candidates, ages, quantities, times = _settled(draft)
    usable = [q for q in quantities if q.kind != "age"]
    values = assign_values(text, candidates, usable, covered, spans)
    taken = [*covered, *((q.value.start, q.value.end) for q in quantities)]
    values = distribute(text, candidates, values, taken)
    values.update({n: [*values.get(n, ()), *found] for n, found in ages.items()})
    windows, periods, loose = (
        assign_times(scene(text, candidates, times, taken), times, spans) if times else ({}, {}, ())
    )
    free = [
        q
        for q in draft.qualifiers
        if is_route(text, q.start, q.end)
        or not (is_measured(q, quantities) or _is_denial(draft, q))
    ]
    qualifiers = assign_qualifiers(text, candidates, free, spans)
    for n, target in find_targets(text, candidates, covered, free).items():
        qualifiers[n] = (*qualifiers.get(n, ()), target)
    qualifiers = share_use(text, candidates, settle_others(text, candidates, qualifiers), covered)
    mentions = [_mention(text, n, c, qualifiers.get(n, ())) for n, c in enumerate(candidates)]
    mentions = _with_context(mentions, draft, candidates)
    for n, mention in enumerate(mentions):
        mentions[n] = _with_times(text, mention, windows.get(n, ()), periods.get(n), candidates)
    mentions = to_reactions(carry(text, candidates, mentions, taken))
    mentions = share_with_parts(text, mentions)
    valued = pass_counts(text, candidates, _with_values(text, candidates, mentions, values))
    stated = split_planned(text, with_spelled(text, valued))
    found = join_either(text, split_alternatives(text, name_inabilities(text, stated)))
    return with_purposes(text, share_states(text, name_once(text, found))), loose


def _settled(
    draft: Draft,
) -> tuple[list[Candidate], dict[int, list[Quantity]], list[Quantity], list[TimeExpression]]:
    """Return candidates, the ages' quantities by candidate, quantities and times, no two alike."""
    candidates, ages = with_ages(draft)
    quantities, times = settle(draft.text, candidates, draft.quantities, draft.times)
    return candidates, ages, quantities, point_to(draft.text, candidates, times)


def _is_denial(draft: Draft, qualifier: QualifierCandidate) -> bool:
    """Tell whether a qualifier is what denies: "absent" of "absent reflexes"."""
    return any(
        e.negated and e.start <= qualifier.start < qualifier.end <= e.end for e in draft.edges
    )


def _taken(draft: Draft, quantities: Sequence[Quantity]) -> list[Span]:
    return [*_cue_spans(draft), *((q.value.start, q.value.end) for q in quantities)]


def scene_of(draft: Draft) -> tuple[Scene, list[TimeExpression]]:
    """Return a criterion's mentions and time expressions as `relate` pairs them."""
    candidates, _, quantities, times = _settled(draft)
    return scene(draft.text, candidates, times, _taken(draft, quantities)), times


def values_of(draft: Draft) -> tuple[list[Candidate], list[Quantity], list[Span]]:
    """Return a criterion's mentions and values as `relate` pairs them, and what is no word."""
    candidates, _, quantities, _ = _settled(draft)
    usable = [q for q in quantities if q.kind != "age"]
    blank = [*_cue_spans(draft), *((q.value.start, q.value.end) for q in usable)]
    return candidates, usable, blank


def draft_of(doc: Doc) -> Draft:
    """Return what the stages before this one put on a Doc."""
    own = doc._
    return Draft(
        doc.text,
        own.critextract_candidates,
        own.critextract_qualifiers,
        own.critextract_quantities,
        own.critextract_times,
        own.critextract_edges,
    )


def with_ages(draft: Draft) -> tuple[list[Candidate], dict[int, list[Quantity]]]:
    """Return the candidates with one PERSON for each age, and the ages' quantities by index.

    An age mention covers the age word where there is one, else the characters of its value. An
    age at an event ("onset before the age of 18") is a window, no mention.
    """
    at_event = [(t.window.start, t.window.end) for t in draft.times if t.window.role == "age"]
    outside = _outside_times(draft)
    if draft.quantities:
        outside = without_units(draft.text, outside, draft.quantities)
    kept = [
        c
        for c in outside
        if c.label is not Label.PERSON or not any(a <= c.start and c.end <= b for a, b in at_event)
    ]
    ages: list[tuple[Candidate, Quantity]] = []
    for quantity in (q for q in draft.quantities if q.kind == "age"):
        value = quantity.value
        if any(a < value.end and value.start < b for a, b in at_event):
            continue
        start, end = quantity.subject or (value.start, value.end)
        first = min(start, value.start)
        last = max(end, age_end(draft.text, value.end))
        inside = [
            c
            for c in kept
            if (c.start < end and start < c.end) or (first <= c.start and c.end <= last)
        ]
        kept = [
            c
            for c in kept
            if c not in inside
            or c.label not in {Label.PERSON, Label.MEASUREMENT, Label.OBSERVATION}
        ]
        ages.append((Candidate(Label.PERSON, start, end, "lexicon", "age"), quantity))
    unique = {(c.start, c.end): c for c, _ in ages}
    candidates = sorted([*kept, *unique.values()], key=lambda c: (c.start, c.end))
    owned: dict[int, list[Quantity]] = {}
    for candidate, quantity in ages:
        owned.setdefault(candidates.index(unique[(candidate.start, candidate.end)]), []).append(
            quantity
        )
    return candidates, owned


def _outside_times(draft: Draft) -> list[Candidate]:
    """Drop the trial's own drug in a time: "30 days before the first investigational dose"."""
    times = [(t.window.start, t.window.end) for t in draft.times]
    return [
        c
        for c in draft.candidates
        if c.term != TRIAL_DRUG or not any(a < c.start and c.end <= b for a, b in times)
    ]


def _cue_spans(draft: Draft) -> list[Span]:
    edges = [(e.start, e.end) for e in draft.edges]
    cases = [m.span() for m in lexicon("structure").pattern("case").finditer(draft.text)]
    return [*edges, *cases, *((q.start, q.end) for q in draft.qualifiers)]


def _mention(text: str, n: int, candidate: Candidate, qualifiers: tuple[Qualifier, ...]) -> Mention:
    return Mention(
        id=str(n),
        criterion="",
        label=candidate.label,
        start=candidate.start,
        end=candidate.end,
        text=text[candidate.start : candidate.end],
        qualifiers=qualifiers,
        confidence=round(candidate.confidence, 3),
    )


def _with_context(
    mentions: list[Mention], draft: Draft, candidates: Sequence[Candidate]
) -> list[Mention]:
    """Return the mentions with what the cues say; edges count the draft's own candidates."""
    place = {(c.start, c.end, c.label): n for n, c in enumerate(candidates)}
    result = list(mentions)
    for edge in draft.edges:
        c = draft.candidates[edge.candidate]
        n = place.get((c.start, c.end, c.label))
        if n is None:
            continue
        m = result[n]
        denied = edge.negated and not m.negated
        result[n] = replace(
            m,
            negated=m.negated or denied,
            negation_cue=(edge.start, edge.end) if denied else m.negation_cue,
            modality=m.modality
            if is_duty(draft.text, edge, m.label)
            else edge.modality or m.modality,
            experiencer=edge.experiencer or m.experiencer,
        )
    return result


def _denied_before(text: str, mention: Mention) -> bool:
    """Tell whether "no", "without", "free of" or "has not used" stands before a mention."""
    cue = mention.negation_cue
    if not mention.negated or cue is None or cue[1] > mention.start:
        return False
    said = text[cue[0] : cue[1]]
    return _ABSENT.fullmatch(said) is not None or _NOT_DONE.match(text, cue[0]) is not None


_NOT_DONE = re.compile(
    r"(?:not|never)\s+(?:used|received|taken|smoked|had|undergone|consumed|experienced)\b",
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"no(?: prior| other)?|without|free (?:of|from)|absence of|(?:\w+ )?off(?: of| all)?",
    re.IGNORECASE,
)


def _with_times(
    text: str,
    mention: Mention,
    times: Sequence[TimeExpression],
    period: Period | None,
    candidates: Sequence[Candidate],
) -> Mention:
    active = any(q.value == "active" for q in mention.qualifiers)
    period = period or ("present" if active else None)
    if not times and period == mention.period and period != "future":
        return mention
    windows = without_idle(text, [t.window for t in times if not is_tense(text, t)])
    windows = since_when(
        text, windows, (mention.start, mention.end), negated=_denied_before(text, mention)
    )
    if period == "present" and not active and all(is_over(w) for w in windows or (None,)):
        period = None  # "receiving aspirin within 4 weeks before surgery": it may have ended
    places = [(c.start, c.end) for c in candidates] if len(windows) > 1 else []
    join = joined_windows(text, windows, (mention.start, mention.end), places)
    return timed(text, mention, windows, join, period)


def _with_values(
    text: str,
    candidates: Sequence[Candidate],
    mentions: list[Mention],
    owned: dict[int, list[Quantity]],
) -> tuple[Mention, ...]:
    result = list(mentions)
    guarding: dict[int, set[Span]] = {}
    for n, found_here in owned.items():
        quantities = [q for q in found_here if not of_list(text, q.value, candidates[n])]
        if not quantities:
            continue
        counted, own = part_counts(candidates[n], [q.value for q in quantities])
        name = text[candidates[n].start : candidates[n].end]
        values = tuple(of_variable(name, value) for value in share_unit(own))
        if counted:
            result[n] = replace(result[n], count=one_of(counted, joined_by(text, counted)))
        if candidates[n].label is Label.DRUG and DOSE_UNIT.match(values[0].unit or ""):
            result[n] = replace(result[n], dose=one_of(values, joined_by(text, values)))
            continue
        if not counted and _is_count(text, candidates[n], quantities):
            result[n] = replace(result[n], count=one_of(values, joined_by(text, values)))
            continue
        found = find_guards(text, values, candidates, n)
        places = {(v.start, v.end) for v in values}
        guarding.update({i: places for _, parts in found.values() for i in parts})
        op = joined_by(text, values) if len(found) < 2 else "all"
        label = Label.MEASUREMENT if _is_serology(result[n], values) else result[n].label
        cases = apply_guards(values, found)
        result[n] = replace(result[n], label=label, values=cases, values_op=op)
        if any(q.component for q in quantities):
            result[n] = replace(result[n], component="systolic")
    for i, places in guarding.items():
        own = tuple(v for v in result[i].values if (v.start, v.end) not in places)
        result[i] = replace(result[i], values=own)
    return _with_pairs(share_between(text, result), owned)


def _is_serology(mention: Mention, values: Sequence[Value]) -> bool:
    """Tell whether a mention is an antibody or antigen that was tested for."""
    tested = any(v.text_value in {"positive", "negative"} for v in values)
    return tested and _SEROLOGY.search(mention.text) is not None


def _is_count(text: str, candidate: Candidate, quantities: Sequence[Quantity]) -> bool:
    value = quantities[0].value
    if not may_count(text, candidate, value):
        return False
    unit = value.unit
    counted = unit is None or (unit[:1] == "{" and unit not in SCALE_UNITS) or unit in RATES
    event = is_counted(candidate.label, text[candidate.start : candidate.end])
    return event and counted and value.text_value is None and value.relative_to is None


def _with_pairs(mentions: list[Mention], owned: dict[int, list[Quantity]]) -> tuple[Mention, ...]:
    """Split a blood pressure bound ("> 160/100 mmHg") into a systolic and a diastolic mention."""
    result: list[Mention] = []
    for n, mention in enumerate(mentions):
        if mention.component is None:
            result.append(mention)
            continue
        parts = {_bounds(q.value): q.component for q in owned[n]}
        for component in ("systolic", "diastolic"):
            values = tuple(
                v for v in mention.values if parts.get(_bounds(v), component) in {component, None}
            )
            id_ = mention.id if component == "systolic" else f"{mention.id}d"
            result.append(replace(mention, id=id_, component=component, values=values))
    return tuple(result)


def _bounds(value: Value) -> tuple[int, object, object]:
    return value.start, value.low, value.high


@Language.factory("critextract_relations", assigns=["doc._.critextract_mentions_data"])
def make_relation_matcher(nlp: Language, name: str) -> "RelationMatcher":  # noqa: ARG001
    """Build the component."""
    return RelationMatcher(own=not getattr(nlp.tokenizer, "convention", ""))


class RelationMatcher:
    """Set ``doc._.critextract_mentions`` from the findings of the stages before it.

    own : names are cut by this project's guidelines, not as the annotators of a corpus have them.
    """

    def __init__(self, *, own: bool = True) -> None:
        self.own = own

    def __call__(self, doc: Doc) -> Doc:
        """Relate the findings of one criterion."""
        draft = draft_of(doc)
        mentions, loose = relate(draft)
        if self.own:
            mentions = name_trials(draft.text, without_idle_qualifiers(draft.text, mentions))
            mentions = share_organs(draft.text, mentions)
        put(doc, "mentions", mentions)
        put(doc, "loose_times", loose)
        return doc
