"""Quantities: comparators, numbers, units, limits of normal, words.

``find_quantities`` reads one criterion's clean text. Steps: measures (a number with its
neighbours), then ranges, lists and pairs of them, then what neighbours share, then ages.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from critextract.components import limits
from critextract.components.acuity import find_acuities
from critextract.components.ages import mark_ages
from critextract.components.child_pugh import find_points
from critextract.components.drafts import Quantity
from critextract.components.joined_measures import join_measures
from critextract.components.measures import Measure, find_measures
from critextract.components.ranges import (
    is_maximum,
    is_stepped,
    is_total,
    list_of,
    pressure_of,
    pressure_ranges,
    range_of,
    single,
)
from critextract.components.sharing import merge_alternatives, share_units, with_sides
from critextract.components.word_values import (
    find_letters,
    find_limits,
    find_within_limits,
    find_words,
)
from critextract.extensions import put
from critextract.lexicon import Words

_HAS_NUMBER = re.compile(
    r"[\d½¼¾]|(?<![a-z])(?:[ivx]{1,4}[ab]?(?![a-z])|zero|one|two|three|four|five|six|seven|eight|nine"
    r"|ten|eleven|twel|thir|four|fif|sixt|eigh|nine|twen|fort|hundred|thousand|once|twice|thrice"
    r"|double|triple|half)"
)
_LONGEST_LIST = 12
_DEFINITION = Words(
    re.compile(
        r"(?<![\w.])(?:1|one|an?|each|\d+)\s?(?:alcoholic\s|standard\s|alcohol\s|us\s)?"
        r"(?:pack[- ]?years?|packs?|units?|drinks?|servings?|beverages?)(?:\sof\salcohol)?\s?"
        r"(?:\([^()]*\)\s?)?(?:=|(?:is|are|equals?|being|corresponds?|equivalent|means)(?![a-z]))"
        r"(?!\s(?:not\s)?(?:allowed|permitted|acceptable|excluded))(?:[^)\].]|\.(?!\s))*"
    )
)


def _lower(text: str) -> str:
    """Return the text in lower case with the same length."""
    low = text.lower()
    return (
        low
        if len(low) == len(text)
        else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    )


def _numeric(low: str, measures: list[Measure]) -> list[Quantity]:
    """Return the quantities of the measures: ranges, lists, pairs, single bounds."""
    found: list[Quantity] = []
    n = 0
    while n < len(measures):
        here, rest = measures[n], measures[n + 1 : n + _LONGEST_LIST]
        pair, taken = pressure_ranges(low, [here, *rest[:3]]), 4
        if pair is None and rest:
            taken = 2
            pair = pressure_of(low, here, rest[0])
            scaled = here.number.style == "roman" or here.scale
            if pair == [] and (scaled or is_stepped(low, here, rest[0])):
                pair = None
            if pair is None:
                pair = range_of(low, here, rest[0])
        if pair and taken == 2 and len(rest) > 1 and is_maximum(low, rest[0], rest[1]):
            pair, taken = [*pair[:-1], _until(pair[-1], rest[1].end)], 3
        if pair is not None:
            found += [q for q in pair if not here.label or q.value.unit]
            n += taken
            continue
        listed = list_of(low, [here, *rest])
        if listed:
            found += [q for q in listed[0] if q.value.unit or not here.label]
            n += listed[1]
            continue
        one = None if here.label else single(here)
        if one:
            found.append(one)
        n += 1 + (bool(rest) and is_total(low, here, rest[0]))
    return found


def _without_definitions(low: str, measures: list[Measure]) -> list[Measure]:
    """Leave out the numbers that say what a unit is: "(1 drink = 12 oz of beer)"."""
    said = [m.span() for m in _DEFINITION.finditer(low)]
    return [m for m in measures if not any(a <= m.start < b for a, b in said)]


def _until(quantity: Quantity, end: int) -> Quantity:
    return replace(quantity, value=replace(quantity.value, end=end))


def _instead(firm: list[Quantity], found: list[Quantity]) -> list[Quantity]:
    """Return `firm` and those of the others that share no characters with it."""
    if not firm:
        return found
    taken = bytearray(max(q.value.end for q in [*firm, *found]))
    _cover(firm, taken)
    return [*firm, *(q for q in found if not any(taken[q.value.start : q.value.end]))]


def _clear(found: list[Quantity], covered: bytearray) -> list[Quantity]:
    """Return the quantities whose characters nothing has taken yet, and take them."""
    clear = [q for q in found if not any(covered[q.value.start : q.value.end])]
    _cover(clear, covered)
    return clear


def _follows_number(low: str, quantity: Quantity, covered: bytearray) -> bool:
    """Tell whether a limit is the point a number counts from: "3 mm above normal"."""
    before = len(low[: quantity.value.start].rstrip())
    return before > 0 and covered[before - 1] == 1


def _cover(found: list[Quantity], covered: bytearray) -> None:
    for q in found:
        covered[q.value.start : q.value.end] = b"\1" * (q.value.end - q.value.start)


def find_quantities(text: str) -> list[Quantity]:
    """Return the values a criterion prints, in text order.

    Parameters
    ----------
    text : one criterion's clean text (see `critextract.text.clean`): one line, one spelling of
        each sign. Offsets of the values are characters of it.

    Two quantities share characters only by design: both sides of a blood pressure pair, and
    "within normal limits", which is at least LLN and at most ULN.
    """
    low = _lower(text)
    found: list[Quantity] = []
    if _HAS_NUMBER.search(low):
        measures = _without_definitions(low, find_measures(text, low))
        found = _numeric(low, join_measures(low, measures))
        found = with_sides(low, merge_alternatives(low, share_units(low, found)))
        found = mark_ages(low, found)
        found = _instead([*find_acuities(low), *find_points(low)], found)
    covered = bytearray(len(low))
    _cover(found, covered)
    if limits.may_hold(low):
        found += _clear(find_within_limits(low), covered)
        free = [q for q in find_limits(low, found) if not _follows_number(low, q, covered)]
        found += _clear(free, covered)
    found += _clear(find_letters(low), covered)
    found += _clear(find_words(low), covered)
    return sorted(found, key=lambda q: (q.value.start, q.value.end))


@Language.factory("critextract_quantities", assigns=["doc._.critextract_quantities"])
def make_quantity_matcher(nlp: Language, name: str) -> Callable[[Doc], Doc]:  # noqa: ARG001
    """Build the component: it stores `find_quantities` of the Doc's text."""

    def component(doc: Doc) -> Doc:
        put(doc, "quantities", find_quantities(doc.text))
        return doc

    return component
