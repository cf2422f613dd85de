"""Which of several mentions a value belongs to, where the rules' costs leave it open.

Rules choose the mention of least cost (`values`). Where that mention does not stand right beside
the value ("ulcer with > 50 % slough", "disease defined as at least one painful episode") a learned
scorer compares it with its rivals, and another one stands where it is clearly likelier: a named
feature of value and mention holds or does not, `critextract.learn.subjects` learns what each
weighs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from critextract.components.attach import Span, content_words, gap_text
from critextract.components.counts import EVENTS
from critextract.components.drafts import Candidate, Quantity
from critextract.components.pairing import between, gap_features, up_to
from critextract.components.weights import load_weights, score
from critextract.schema import Label, Value
from critextract.units import dimension

SURER = 0.5
"""How much a rival's score must lie above that of the rules' choice. Chosen on dev."""
_FEW_WORDS = (0, 1, 2, 3, 5, 8, 12)
_NEAREST_WORD = re.compile(r"([a-z]+|[(),;:/])\s*$")
_NAME_WORD = re.compile("[a-z]{3,}")


def beside(
    text: str,
    candidates: Sequence[Candidate],
    quantity: Quantity,
    costs: Mapping[int, float],
    covered: Sequence[Span],
) -> int | None:
    """Return the candidate that a value stands right beside and is surely of, None without one.

    A result in words behind its test, which something else follows ("bone scan positive and PSA
    at least 10"); a share or a number before what it is of ("lesion with > 50 % stenosis").

    Parameters
    ----------
    costs, covered : see `surer`.
    """
    value = quantity.value
    before = max((n for n in costs if candidates[n].end <= value.start), default=None)
    if quantity.kind == "word" and before is not None:
        joint = text[candidates[before].end : value.start]
        goes_on = _GOES_ON.match(text, value.end) is not None and text[value.start].islower()
        return before if goes_on and joint in ("", "-", "‑", " ") else None
    share = value.unit == "%" and value.relative_to is None
    if quantity.kind != "comparison" or not (share or _counts(value)):
        return None
    behind = min((n for n in costs if candidates[n].start >= value.end), default=None)
    if behind is None or not _adjoins(text, value.end, candidates[behind].start, covered):
        return None
    if before is not None and text[candidates[before].end : value.start].strip() == "of":
        return before  # "weight loss of > 10 % body weight"
    counted = candidates[behind].label in EVENTS or share
    opened = _OPENS.search(text, max(0, value.start - 40), value.start) is not None
    return behind if counted and opened else None


def _adjoins(text: str, start: int, end: int, covered: Sequence[Span]) -> bool:
    return _EARLIER.fullmatch(gap_text(text, start, end, covered)) is not None


_EARLIER = re.compile(r"\s*(?:(?:prior|previous|separate|different|other)\s+)*", re.IGNORECASE)


def _counts(value: Value) -> bool:
    return value.unit is None and value.relative_to is None and value.text_value is None


_GOES_ON = re.compile(
    r"\s*(?:$|[.,;)(]|\b(?:(?:and|or)(?!\s(?:negative|positive|elevated|normal|abnormal))|but|patients?"
    r"|subjects?|participants?|individuals?|persons?|adults?|children|women|men|males?|females?|volunteers?|donors?|within|at|in|on|by|prior|before)\b)",
    re.IGNORECASE,
)
"""Behind a result in words: what follows is another thing."""
_OPENS = re.compile(
    r"\b(?:with|has|have|having|had|showing|shows?|contain(?:s|ing)|defined as|as|by|experienced"
    r"|or|and)(?:\s+an?)?\s+$|:\s+$",
    re.IGNORECASE,
)
"""Before a share or a number: what it is of follows it."""


def surer(
    text: str,
    candidates: Sequence[Candidate],
    quantity: Quantity,
    costs: Mapping[int, float],
    covered: Sequence[Span],
) -> int:
    """Return the candidate a quantity belongs to: of least cost, unless another is surer.

    Parameters
    ----------
    candidates : mentions of the criterion, in text order.
    costs : of each candidate that may be the subject, by index, what the rules say; not empty.
    covered : characters that are no words between: cues, qualifiers, values.
    """
    ruled = min(costs, key=costs.__getitem__)
    if not is_open(text, candidates[ruled], quantity, costs):
        return ruled
    weights = load_weights("value")
    numbers = list(costs)
    scores = [
        score(weights, subject_features(text, candidates, n, quantity, costs, covered))
        for n in numbers
    ]
    return numbers[likelier(scores, numbers.index(ruled))]


def is_open(text: str, ruled: Candidate, quantity: Quantity, costs: Mapping[int, float]) -> bool:
    """Tell whether the rules leave open which of several mentions it is.

    They do not where their choice costs nothing, is one word with the value ("HER2-positive") or
    is the drug of a dose: of "corticosteroids (> 10 mg prednisone or equivalent)" both are right.
    """
    _, lo, hi = between(ruled, quantity.value.start, quantity.value.end)
    dosed = ruled.label is Label.DRUG and quantity.value.unit is not None
    near = min(costs.values()) <= 0.0 or text[lo:hi] in ("", "-")
    return len(costs) > 1 and not near and not dosed


def likelier(scores: Sequence[float], ruled: int) -> int:
    """Return the place of the highest score, or the rules' choice if that is not `SURER`."""
    best = max(range(len(scores)), key=scores.__getitem__)
    return best if scores[best] - scores[ruled] >= SURER else ruled


def subject_features(
    text: str,
    candidates: Sequence[Candidate],
    n: int,
    quantity: Quantity,
    costs: Mapping[int, float],
    covered: Sequence[Span],
) -> Iterator[str]:
    """Yield the features of candidate `n` as the subject of a quantity; see `surer`."""
    candidate, value = candidates[n], quantity.value
    kind, what = quantity.kind, _measure(quantity)
    said = "ruled" if costs[n] == min(costs.values()) else "rival"
    side, lo, hi = between(candidate, value.start, value.end)
    passed = sum(lo <= c.start and c.end <= hi for c in candidates)
    words_ = up_to(content_words(gap_text(text, lo, hi, covered)), _FEW_WORDS)
    key = kind + side
    yield f"{said} {kind}"
    yield f"{said} {what}"
    yield f"{said} cost {int(min(costs[n], 6) * 2) / 2}"
    yield f"{key} cost {int(min(costs[n], 6))}"
    yield f"{key} {candidate.label}"
    yield f"{what} {candidate.label}"
    yield f"{what} {candidate.label} {side}"
    yield f"{key} passed {min(passed, 4)}"
    yield f"{key} words{words_}"
    yield f"{said} words{words_} passed {min(passed, 2)}"
    yield from gap_features(text[lo:hi].lower(), key, side)
    yield from _around(text, candidate, value.start, key, side)
    if candidate.term:
        yield f"{kind} term"
    for word in sorted(set(_NAME_WORD.findall(text[candidate.start : candidate.end].lower()))):
        yield f"m {word}"


def _measure(quantity: Quantity) -> str:
    """Return what kind of quantity it is: its word, its limit, its scale or its dimension."""
    value = quantity.value
    if value.text_value:
        return value.text_value
    if value.relative_to:
        return value.relative_to
    unit = value.unit
    if unit is None or unit[:1] in "{%":
        return f"{quantity.kind} {unit}"
    return dimension(unit) or "unit"


def _around(text: str, candidate: Candidate, start: int, key: str, side: str) -> Iterator[str]:
    """Yield the word before the candidate, and whether it lies in other brackets."""
    near = _NEAREST_WORD.search(text[max(0, candidate.start - 30) : candidate.start].lower())
    yield f"{side} before {near[1] if near else '^'}"
    first, last = sorted((candidate.start, start))
    opened = text.count("(", first, last) - text.count(")", first, last)
    if opened:
        deeper = (opened > 0) == (candidate.start > start)
        yield f"{key} {'deeper' if deeper else 'higher'}"
