"""Values to mentions: which bound, range or word belongs to which variable, and in which case."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from critextract import terms
from critextract.components.attach import (
    LABEL_COST,
    METHOD,
    Span,
    alias_spans,
    aliases,
    begins_item,
    content_words,
    gap_text,
    same_clause,
    words,
)
from critextract.components.counts import EVENTS, counted_event
from critextract.components.drafts import Candidate, Quantity
from critextract.components.methods import find_methods
from critextract.components.subjects import beside, surer
from critextract.schema import Label, Value
from critextract.units import dimension

TIME_UNITS = frozenset({"s", "min", "h", "d", "wk", "mo", "a", "ms"})
_SMOKING = re.compile("smok|tobacco|cigarette", re.IGNORECASE)
_JOINT = re.compile(r"[,;:(/&]|\b(?:and|or|but|to)\b", re.IGNORECASE)
_ON_THE = re.compile(r"\s*(?:on|in)\s+(?:(?:the|an?|their)\s+)?", re.IGNORECASE)
_NUMBER_ENDS = re.compile(
    r"\s*(?:$|[^\w\s])|\s+(?:on|at|in|and|or|by|for|during|within|as|with|to)\b", re.IGNORECASE
)
_NOUN_AND = re.compile(r"\w+(?:it(?:y|ies)|ations?)\s*(?:,|/|\b(?:and|or|and/or)\b)", re.I)
_ASIDE = re.compile(r"\([^()]*\)")
_LISTED = re.compile(r"[,;]|\b(?:and|or)\b", re.IGNORECASE)
_DOSE_WORDS = re.compile(
    r"\b(?:(?:total|cumulative|daily|maximum|maximal|prior|equivalent|stable) )*"
    r"(?:doses?|dosages?)\b|\b(?:allowed|permitted|provided)\b",
    re.IGNORECASE,
)
STEP_UNITS = frozenset({"{stage}", "{grade}", "{class}"})
SCALE_UNITS = STEP_UNITS | {"{score}"}
RATES = frozenset({"/d", "/wk", "/mo", "/a"})
"""Units of how often something happens."""
OFTEN = RATES | {"d/wk", "d/mo", "h/d", "h/wk"}
DOSE_UNIT = re.compile(
    r"^(ug|mg|g|ng|kg|m?L|\[[iI]U\]|U|mmol|meq)(/(kg|m2|d|h|wk|min|mo|\{dose\}))*$"
)
_REPEATED = re.compile(
    r"\s+(?:(?!(?:at|on|in|during|for|from|by|between)\s)[a-z]+\s+){0,2}(?:values|occasions|readings|measurements|determinations|samples|visits"
    r"|assessments|tests|days|weeks|months|times)\b",
    re.IGNORECASE,
)
"""Behind a number: it counts how often a measurement was made."""
_OF_LIST = re.compile(
    r"\s+(?:or more\s+)?of\s+(?:(?:any|all|the)\s+)*(?:(?:two|three|four|five|six|\d{1,2})\s+)?"
    r"(?:(?:following|these|those|below|listed|criteria)\b|:)|\s+(?:or more\s+)?criteria\b",
    re.IGNORECASE,
)
"""Behind a number: how many of a list must hold, nothing that is counted."""
_OF_ALL = re.compile(r"\s+of\s+(?:the\s+|a total of\s+)?\d+\s")
"""Behind a number: out of how many ("6 of 66 swollen joints"); what is counted follows."""
FARTHEST = 500
"""Characters between a value and a mention that it may belong to."""
LIMIT = {"comparison": 4.0, "age": 0.0, "word": 0.9, "bare": 1.0}
"""Highest cost at which a kind of quantity is attached; above it the quantity is left alone."""


def time_valued(text: str, candidate: Candidate) -> bool:
    """Tell whether the mention's own values are lengths of time (life expectancy, QTc)."""
    name = text[candidate.start : candidate.end].lower().replace("-", " ")
    return _time_valued().search(name) is not None


@cache
def _time_valued() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words()['time_valued']))})\b")


def fits(text: str, candidate: Candidate, quantity: Quantity) -> bool:
    """Tell whether a quantity can be a value of the candidate at all."""
    unit, label = quantity.value.unit, candidate.label
    if unit == "{half_life}" or (unit is None and _OF_LIST.match(text, quantity.value.end)):
        return False
    if label is Label.MEASUREMENT and _counts_a_noun(text, quantity.value):
        return False
    if _other_dimension(candidate.term, unit) or _of_something_else(label, unit):
        return False
    if unit in TIME_UNITS:
        return time_valued(text, candidate)
    if label is Label.PROCEDURE and unit in _LENGTHS and _SEEN_BY.match(text, quantity.value.end):
        return quantity.value.end > candidate.start  # "at least 10 mm by spiral CT"
    if _has_no_values(text, candidate):
        return False
    if quantity.kind == "bare" and _is_in_name(text, candidate, quantity.value):
        return False
    if quantity.kind == "bare":
        return label in {Label.MEASUREMENT, Label.OBSERVATION} or unit in SCALE_UNITS
    if quantity.kind == "word":
        return _says_result(text, candidate, quantity.value)
    return label is not Label.PERSON


def _has_no_values(text: str, candidate: Candidate) -> bool:
    """Tell whether nothing is a value of it: Gilbert's, "childbearing potential"."""
    if candidate.label is Label.CONDITION and _UNBOUNDED.match(text, candidate.start):
        return True
    return text.endswith("potential", candidate.start, candidate.end)


def _says_result(text: str, candidate: Candidate, value: Value) -> bool:
    """Tell whether a word can say what came of the candidate: "negative pregnancy test"."""
    label = candidate.label
    within = candidate.start < value.start and value.end < candidate.end
    if value.text_value == "abnormal":  # "ECG abnormality" names what it is
        within = candidate.start <= value.start and value.end <= candidate.end
    if value.end <= candidate.start and _NOUN_AND.match(text, value.start):
        return False  # "abnormalities or myoma"
    if label is Label.MEASUREMENT:
        return not within
    if candidate.end <= value.start and text.startswith(" for ", value.end):
        return label is Label.PROCEDURE  # "cancer, negative for the receptor"
    result = value.text_value in {"positive", "negative", "normal", "abnormal"}
    return result and not within and label not in {Label.PERSON, Label.VISIT, Label.DEVICE}


_LENGTHS = frozenset({"mm", "cm", "mm2", "cm2"})
_SEEN_BY = re.compile(r"\s+(?:by|with|using|on)\b", re.IGNORECASE)
_UNBOUNDED = re.compile(r"gilbert|dubin|rotor['’s ]", re.IGNORECASE)
"""Diseases that are named for another bound of a variable, and have none of their own."""
_PLAIN = frozenset({"volume", "length", "area", "mass", "pressure"})


@cache
def _other_dimension(term: str | None, unit: str | None) -> bool:
    """Tell whether a unit measures something else than the variable: mL of a blood pressure."""
    entry = terms.by_id(term) if term else None
    if entry and entry.units and unit in {"{stage}", "{class}"}:
        return unit not in entry.units and "lab." in entry.id
    own = {dimension(code) for code in entry.units} if entry else set()
    return bool(own) and unit is not None and dimension(unit) in _PLAIN - own


def _of_something_else(label: Label, unit: str | None) -> bool:
    """Tell whether a step of a scale beside a drug is of something else: "class 1 opioids"."""
    return label is Label.DRUG and unit in SCALE_UNITS


def _counts_a_noun(text: str, value: Value) -> bool:
    """Tell whether a number in words counts what follows it: "in at least one eye"."""
    if value.unit or value.relative_to or value.text_value:
        return False
    if _REPEATED.match(text, value.end):
        return True
    words_only = not any(c.isdigit() or c.isupper() for c in text[value.start : value.end])
    return words_only and _NUMBER_ENDS.match(text, value.end) is None


def _is_in_name(text: str, candidate: Candidate, value: Value) -> bool:
    """Tell whether a number is a piece of the variable's own name: "APACHE II"."""
    if not candidate.start < value.start or candidate.end < value.end:
        return False
    return terms.lookup(text[candidate.start : candidate.end]) is not None


def cost(
    text: str, candidates: Sequence[Candidate], n: int, quantity: Quantity, covered: Sequence[Span]
) -> float:
    """Return how unlikely it is that the quantity belongs to candidate `n`; see `LIMIT`."""
    candidate, value = candidates[n], quantity.value
    label_cost = _label_cost(candidate, quantity)
    plain = _DOSE_WORDS if _is_dose(candidate, quantity) else _ASIDE
    if candidate.start < value.end and value.start < candidate.end:
        return label_cost
    if candidate.end <= value.start:
        gap = plain.sub(" ", _ASIDE.sub(" ", gap_text(text, candidate.end, value.start, covered)))
        if plain is _DOSE_WORDS and _LISTED.search(gap):
            label_cost += 0.3  # "225 mg doxorubicin and 250 mg paclitaxel"
        passed = sum(
            candidate.end <= c.start
            and c.end <= value.start
            and not _blanked(c, covered)
            and not _is_aside(text, c, value.start)
            for c in candidates
        )
        passed += quantity.kind == "word" and _LISTED.search(gap) is not None
        aside = 1.5 * _is_aside(text, candidate, value.start)
        before = value.unit in STEP_UNITS or quantity.kind == "word"
        graded = before and begins_item(text, candidates, value, gap)
        return label_cost + content_words(gap) + 1.5 * passed + aside + 2.0 * graded
    gap = gap_text(text, value.end, candidate.start, covered)
    gap = _DOSE_WORDS.sub(" ", gap) if plain is _DOSE_WORDS else gap
    passed = sum(
        value.end <= c.start and c.end <= candidate.start and not _blanked(c, covered)
        for c in candidates
    )
    commas = gap.count(",") + gap.count(":") + gap.count(")")
    return (
        _turn_cost(candidate, quantity, gap)
        + label_cost
        + content_words(gap)
        + 1.5 * passed
        + 2.0 * commas
    )


def _is_dose(candidate: Candidate, quantity: Quantity) -> bool:
    return candidate.label is Label.DRUG and bool(DOSE_UNIT.match(quantity.value.unit or ""))


def _label_cost(candidate: Candidate, quantity: Quantity) -> float:
    """Return how unlikely it is that the candidate's label has a value of that kind."""
    if _is_dose(candidate, quantity):
        return 0.5
    label_cost = 0.0 if quantity.value.unit in STEP_UNITS else LABEL_COST[candidate.label]
    named = {Label.PROCEDURE, Label.MEASUREMENT}
    if quantity.value.unit == "{stage}" and candidate.label in named:
        return 1.5
    return 0.4 * label_cost if quantity.kind == "word" else label_cost


def _turn_cost(candidate: Candidate, quantity: Quantity, gap: str) -> float:
    """Return what it costs that the candidate follows its value."""
    if quantity.kind == "word":  # "negative pregnancy test"
        return -0.25 if candidate.label is Label.PROCEDURE and not gap.strip() else 0.0
    if quantity.value.unit == "{stage}":
        return 0.0 if gap.strip() else -0.1
    if _is_dose(candidate, quantity) and gap.strip() in ("", "of"):
        return 0.0
    if _OF_ALL.match(gap):
        return -0.5
    on_scale = candidate.label is Label.MEASUREMENT and _ON_THE.fullmatch(gap)
    return 0.75 if on_scale else 1.0


def _is_aside(text: str, candidate: Candidate, place: int) -> bool:
    """Tell whether a candidate is said by the way: "(using X)", "(Cockcroft-Gault)" before `place`.

    A short form in brackets is no such thing.
    """
    opening = text.rfind("(", 0, candidate.start)
    closing = text.find(")", candidate.end, place)
    if opening < 0 or closing < 0 or ")" in text[opening : candidate.start]:
        return False
    said = text[opening + 1 : candidate.start].strip()
    return bool(said) or METHOD.search(text, candidate.start, candidate.end) is not None


def _blanked(candidate: Candidate, covered: Sequence[Span]) -> bool:
    return any(a <= candidate.start and candidate.end <= b for a, b in covered)


def find_subject(
    text: str,
    candidates: Sequence[Candidate],
    quantity: Quantity,
    covered: Sequence[Span],
    spans: Sequence[Span],
) -> int | None:
    """Return the index of the candidate the quantity belongs to, None if none is near enough."""
    counted = counted_event(text, candidates, quantity)
    if counted is not None:
        return counted
    costs, blank = rivals(text, candidates, quantity, covered, spans)
    if quantity.kind == "word" and _is_part(candidates, quantity.value, costs):
        return None
    sure = beside(text, candidates, quantity, costs, blank)
    if sure is not None:
        return sure
    if min(costs.values(), default=99.0) > LIMIT[quantity.kind]:
        return None
    return surer(text, candidates, quantity, costs, blank)


def _is_part(candidates: Sequence[Candidate], value: Value, costs: Mapping[int, float]) -> bool:
    """Tell whether a word is a piece of a name that has no such value: "abnormal bleeding"."""
    return any(
        c.start <= value.start and value.end <= c.end and n not in costs
        for n, c in enumerate(candidates)
    )


def rivals(
    text: str,
    candidates: Sequence[Candidate],
    quantity: Quantity,
    covered: Sequence[Span],
    spans: Sequence[Span],
) -> tuple[dict[int, float], list[Span]]:
    """Return the cost of each candidate that the quantity can belong to, by index.

    And what was taken for no words between: `covered` and long forms with a short one behind.
    """
    first, last = quantity.value.start - FARTHEST, quantity.value.end + FARTHEST
    numbers = [n for n, c in enumerate(candidates) if first <= c.start <= last]
    near = [candidates[n] for n in numbers]
    short = aliases(text, near)
    methods = {
        n: span for n, span in find_methods(text, near).items() if span[1] <= quantity.value.start
    }
    blank = [*covered, *alias_spans(near, short), *methods.values()]
    blank = [span for span in blank if first <= span[1] and span[0] <= last]
    costs = {
        numbers[n]: cost(text, near, n, quantity, blank)
        for n, candidate in enumerate(near)
        if n not in short
        and n not in methods
        and fits(text, candidate, quantity)
        and same_clause(spans, candidate.start, quantity.value.start)
    }
    return costs, blank


def without_units(
    text: str, candidates: Sequence[Candidate], quantities: Sequence[Quantity]
) -> list[Candidate]:
    """Return the candidates without the "pack-years" that count another one's smoking.

    Nor with the sides of a pressure that are named behind its bounds, nor what a share is of.
    """
    sides = [q.value for q in quantities if q.component or q.value.unit == "%"]
    candidates = [
        c for c in candidates if not any(v.start < c.start and c.end <= v.end for v in sides)
    ]
    units = [q.value for q in quantities if q.value.unit == "{pack-years}"]
    inside = [c for c in candidates if any(v.start < c.start and c.end <= v.end for v in units)]
    others = [c for c in candidates if c not in inside]
    if not any(_SMOKING.search(text, c.start, c.end) for c in others):
        return list(candidates)
    return others


def assign_values(
    text: str,
    candidates: Sequence[Candidate],
    quantities: Sequence[Quantity],
    covered: Sequence[Span],
    spans: Sequence[Span],
) -> dict[int, list[Quantity]]:
    """Return the quantities of each candidate, by index, in text order.

    A second bound joined to the first ("≥ 9 and ≤ 15") follows it to the same subject.
    """
    owned: dict[int, list[Quantity]] = {}
    previous: tuple[Quantity, int] | None = None
    taken = [*covered, *((q.value.start, q.value.end) for q in quantities)]
    for quantity in quantities:
        subject = find_subject(text, candidates, quantity, taken, spans)
        if (
            previous is not None
            and follows(text, *previous, quantity, candidates, taken)
            and fits(text, candidates[previous[1]], quantity)
        ):
            subject = previous[1]
        if subject is not None:
            owned.setdefault(subject, []).append(quantity)
            previous = (quantity, subject)
    return owned


def follows(
    text: str,
    first: Quantity,
    owner: int,
    second: Quantity,
    candidates: Sequence[Candidate],
    covered: Sequence[Span],
) -> bool:
    """Tell whether `second` goes on the bounds of `first`: no variable of its own between.

    A number without a unit does so only right behind an "and", an "or", a comma.
    """
    if second.kind == "word" or first.kind == "word":
        return False
    start, end, behind = first.value.end, second.value.start, second.value.end
    if any(0 <= c.start - behind < 3 and _is_dose(c, second) for c in candidates):
        return False
    if any(start <= c.start and text[c.end : end].strip() == "(" for c in candidates):
        return False  # "leukopenia (< 2,000), neutropenia (< 1,000)"
    between = [
        c
        for c in candidates
        if start <= c.start < end
        and (c.label is Label.MEASUREMENT or (_is_own(text, c, second) and fits(text, c, second)))
    ]
    if second.value.unit in OFTEN and first.value.unit != second.value.unit:
        return False
    if between or (second.value.unit in TIME_UNITS and not fits(text, candidates[owner], second)):
        return False
    if _has_own(text, candidates, first, second):
        return False
    gap = gap_text(text, start, end, covered)
    if gap.count(";") > 1 and any(start <= c.start < end for c in candidates):
        return False
    loose = _plain(second.value) and not _plain(first.value)
    if loose and not _JOINT.search(gap):
        return False
    return content_words(gap) <= 4


def _has_own(text: str, candidates: Sequence[Candidate], first: Quantity, second: Quantity) -> bool:
    """Tell whether a second bound in another unit stands right behind a mention, or before one.

    "BMI < 18 kg/m2 or weight loss > 10 %", "leukocytes > 10 G/L or > 10 % bands".
    """
    start, end, behind = first.value.end, second.value.start, second.value.end
    if _plain(second.value) and any(
        c.start == behind + 1 and c.label in EVENTS for c in candidates
    ):
        return True  # "ECOG > 1 or > 3 metastases"
    near = second.value.unit not in (None, first.value.unit, *TIME_UNITS)
    return near and any(
        c.label is not Label.PERSON
        and fits(text, c, second)
        and (
            (start <= c.start and c.end <= end and not text[c.end : end].strip())
            or (second.value.unit == "%" and c.start == behind + 1)
        )
        for c in candidates
    )


def _is_own(text: str, candidate: Candidate, quantity: Quantity) -> bool:
    """Tell whether a mention beside a second bound takes it.

    What is observed, a drug its dose, a state of the blood its limit ("hyperkalemia > ULN").
    """
    limited = quantity.value.relative_to in ("ULN", "LLN") and candidate.label is Label.CONDITION
    if limited and _BLOOD_STATE.match(text, candidate.start, candidate.end):
        return True
    return candidate.label is Label.OBSERVATION or _is_dose(candidate, quantity)


_BLOOD_STATE = re.compile(r"hyp(?:er|o)\w*emia", re.IGNORECASE)


def _plain(value: Value) -> bool:
    return value.unit is None and value.relative_to is None
