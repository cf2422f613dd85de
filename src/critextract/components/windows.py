"""Windows and period to mentions: which event a time expression is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from critextract.components.attach import Span, content_words
from critextract.components.drafts import Candidate, Quantity, TimeExpression
from critextract.components.late_times import base_of_exceptions
from critextract.components.pairing import (
    Scene,
    numbered,
    outside_brackets,
    pair_features,
    time_features,
    within_reach,
)
from critextract.components.shared_times import may_be_dated, nearest_alternative, sharers
from critextract.components.sides import OTHER_EVENT, PAST_EVENTS
from critextract.components.time_heads import head_of_time
from critextract.components.values import TIME_UNITS, time_valued
from critextract.components.weights import load_weights, probability
from critextract.schema import Label, Period, Window

MIN_EVENT, MIN_KEPT = 0.05, 0.15
"""Least probability of an event, and of an unnumbered window. Chosen on dev."""


def settle(
    text: str,
    candidates: Sequence[Candidate],
    quantities: Sequence[Quantity],
    times: Sequence[TimeExpression],
) -> tuple[list[Quantity], list[TimeExpression]]:
    """Decide, where a quantity and a window share characters, which of them it is.

    A length of time is a value of an age or of a time-valued variable right before it (life
    expectancy, QTc); else it is a window.
    """
    if not times:
        return list(quantities), []
    kept_times, dropped = [], set[int]()
    for time in times:
        a, b = time.window.start, time.window.end
        clash = [n for n, q in enumerate(quantities) if q.value.start < b and a < q.value.end]
        if time.window.role == "age":
            dropped.update(clash)
        elif any(_is_value(text, candidates, quantities[n]) for n in clash):
            continue
        dropped.update(n for n in clash if quantities[n].value.unit in TIME_UNITS)
        dropped.update(n for n in clash if quantities[n].kind == "bare")
        counted = (time.window.unit or "").startswith("{")  # half-lives, cycles, visits
        dropped.update(n for n in clash if counted or _prints_no_unit(text, quantities[n]))
        kept_times.append(time)
    return [q for n, q in enumerate(quantities) if n not in dropped], kept_times


def _prints_no_unit(text: str, quantity: Quantity) -> bool:
    """Tell whether a bound's unit is not among its characters: of "more than 3" shared."""
    value = quantity.value
    if value.relative_to or value.text_value:
        return False
    return value.unit_text is None or value.unit_text not in text[value.start : value.end]


def _is_value(text: str, candidates: Sequence[Candidate], quantity: Quantity) -> bool:
    if quantity.kind == "age":
        return not _is_old_test(text, candidates, quantity)
    if quantity.value.unit not in TIME_UNITS:
        return False
    left = [c for c in candidates if c.end <= quantity.value.start]
    right = [c for c in candidates if c.start >= quantity.value.end]
    if left and text[: quantity.value.start].rstrip().endswith(")"):  # "life expectancy (...) < 1"
        opened = text.rfind("(", 0, quantity.value.start)
        left = [c for c in left if c.end <= opened] or left
        text = text[:opened] + " " * (quantity.value.start - opened) + text[quantity.value.start :]
    if left and time_valued(text, left[-1]):
        return content_words(text[left[-1].end : quantity.value.start]) <= 2
    if right and time_valued(text, right[0]):
        return content_words(text[quantity.value.end : right[0].start]) <= 0
    return False


_OLD = re.compile(r"(?:not|no|never)?\s*(?:older|newer) than", re.IGNORECASE)


def _is_old_test(text: str, candidates: Sequence[Candidate], quantity: Quantity) -> bool:
    """Tell whether it is a test that is so old: "an MRI not older than 6 months"."""
    value = quantity.value
    if quantity.subject is not None or _OLD.match(text, value.start) is None:
        return False
    left = [c for c in candidates if c.end <= value.start]
    tested = left and left[-1].label in (Label.MEASUREMENT, Label.PROCEDURE)
    return bool(tested) and content_words(text[left[-1].end : value.start]) <= 2


_BARE, _OPENS = (
    re.compile(r"[<>≤≥]|\d|(?:less|more) than", re.IGNORECASE),
    re.compile(r"(?:^|[,;(])\s*$"),
)


def choose_event(scene: Scene, time: TimeExpression, spans: Sequence[Span]) -> dict[int, float]:
    """Return the candidates the expression may be about, by index, with their probabilities.

    Empty if none within reach is likelier than `MIN_EVENT`.
    """
    if _is_item_of_its_own(scene, time):
        return {}
    sure = base_of_exceptions(scene, time)
    sure = _made_up_of(scene, time) if sure is None else sure
    sure = _right_behind(scene, time) if sure is None else sure
    if sure is not None:
        return {sure: 1.0}
    weights = load_weights("attach")
    found = {
        n: probability(weights, pair_features(scene, n, time))
        for n in outside_brackets(scene, time, within_reach(scene, time, spans))
        if may_be_dated(scene, n, time)
    }
    found = {n: p for n, p in found.items() if not _is_beyond_plan(scene, n, time)}
    found = {n: p for n, p in found.items() if not _is_of_longer(scene, n, time)}
    if time.period == "future" and _AHEAD.search(scene.text, time.window.start, time.window.end):
        found = {n: p for n, p in found.items() if scene.starts[n] >= time.window.end}
    if not numbered(time) and scene.text[time.window.end : time.window.end + 2].strip() in _CLOSING:
        found = {n: p for n, p in found.items() if scene.starts[n] < time.window.start} or found
    if not numbered(time) and _OR_HAS.search(scene.text[: time.window.start]):
        near = [
            n for n in found if _ARTICLE.fullmatch(scene.text, time.window.end, scene.starts[n])
        ]
        found = {n: found[n] for n in near} or found  # "receiving X or received X in March"
    found = _on_its_side(scene, time, found)
    if numbered(time) and _BARE.match(scene.text, time.window.start):
        close = next(
            (n for n in found if scene.text[time.window.end : scene.starts[n]] == " "), None
        )
        if close is not None and _OPENS.search(scene.text[: time.window.start]):
            return {close: 1.0}  # "pregnant, < 6 months post-partum"
    after = [n for n, p in found.items() if scene.starts[n] >= time.window.end and p >= MIN_EVENT]
    if after:  # "Surgery: at least 4 weeks since major surgery"
        found = {n: p for n, p in found.items() if n in after or not _is_topic(scene, n)}
    return found if max(found.values(), default=0.0) >= MIN_EVENT else {}


def _on_its_side(scene: Scene, time: TimeExpression, found: dict[int, float]) -> dict[int, float]:
    """Return the candidates on the side that words say: behind "h/o", before "currently or"."""
    start, end = time.window.start, time.window.end
    before = {n: p for n, p in found.items() if scene.starts[n] < start}
    after = {n: p for n, p in found.items() if scene.starts[n] >= end}
    if _RECENT.search(scene.text[:start]) or _PREFIX.fullmatch(scene.text, start, end):
        return after or found
    if _HISTORY.match(scene.text, start) and scene.text[end : end + 1] == ",":
        return before
    adverb = not numbered(time) and scene.text[:end].lower().endswith("ly")
    last = max(before, default=None)
    if adverb and last is not None and _NEXT.match(scene.text, end):
        return {last: 1.0} if scene.text[scene.candidates[last].end : start] == " " else found
    return found


_RECENT = re.compile(r"\brecent(?:ly)? \($", re.IGNORECASE)
_PREFIX = re.compile(r"h/o|(?:[a-z]+ )?history of", re.IGNORECASE)
_HISTORY = re.compile(r"(?:[a-z]+ )*histor(?:y|ies)(?=,)", re.IGNORECASE)
_NEXT = re.compile(r"\s*(?:,\s*)?(?:or|and|and/or)\s", re.IGNORECASE)


def _made_up_of(scene: Scene, time: TimeExpression) -> int | None:
    """Return the candidate that a length is one of: "myeloma with < 6 weeks of prior therapy"."""
    end = time.window.end
    after = next((n for n, start in enumerate(scene.starts) if start >= end), None)
    if after is None or time.window.role != "duration" or not numbered(time):
        return None
    said = scene.text[end - 3 : scene.starts[after]]
    return after if _OF_PRIOR.search(said) else None


def _right_behind(scene: Scene, time: TimeExpression) -> int | None:
    """Return the candidate behind a time that begins an item: "or at least 6 weeks since Y"."""
    start, end = time.window.start, time.window.end
    if not (numbered(time) and _BEHIND.search(scene.text[start:end])):
        return None
    after = next((n for n, at in enumerate(scene.starts) if at >= end), None)
    if after is None or not _BEGINS.search(scene.text[:start]):
        return None
    between = scene.blank[end : scene.starts[after]]
    return after if _WORDS.fullmatch(between) and content_words(between) <= 1 else None


_BEGINS = re.compile(r"(?:^|[,;:(]|\b(?:or|and|and/or))\s*$", re.IGNORECASE)
_WORDS = re.compile(r"[\w\s/-]*")
_BEHIND = re.compile(r" (?:for|since)$", re.IGNORECASE)


_OF_PRIOR = re.compile(
    r"^.{0,3} of (?:(?:total|cumulative|continuous|consecutive|prior|previous) )+(?:[\w-]+ )?$"
)


def _is_topic(scene: Scene, n: int) -> bool:
    end = scene.candidates[n].end
    return n == 0 and scene.text[end : end + 2].strip() == ":"


_EVENT_ALONE = re.compile(
    r"[^,;:()]*\b(?:of|from|since|after|post)\s+(?:\w+\s+){0,3}?"
    r"(?P<event>diagnosis|onset|symptoms|injury|birth|delivery|admission|discharge|surgery)"
    r"\s+(?:and|with|without|but|who)\b",
    re.IGNORECASE,
)


def _is_item_of_its_own(scene: Scene, time: TimeExpression) -> bool:
    """Tell whether a time dates an event that is no mention: "within 8 years of diagnosis, and"."""
    start = time.window.start
    alone = _EVENT_ALONE.match(scene.text, start) if numbered(time) else None
    if alone is None or not _OPENS.search(scene.text[:start]):
        return False
    return not any(start <= at <= alone.end("event") for at in scene.starts)


_PLAN = re.compile(
    r"(?:,|\b(?:or|and))\s+(?:(?:who|is|are)\s+)*(?:plan|intend|wish|want|desir|expect|attempt)\w*"
    r"\s+(?:to|on)\b",
    re.IGNORECASE,
)


def _is_beyond_plan(scene: Scene, n: int, time: TimeExpression) -> bool:
    """Tell whether a plan stands between: "septic, or planning to father a child within a year"."""
    return _PLAN.search(scene.text, scene.candidates[n].end, time.window.start) is not None


def _is_of_longer(scene: Scene, n: int, time: TimeExpression) -> bool:
    """Tell whether a candidate has a time of its own behind this one: "(6 weeks for Y)"."""
    between = scene.text[time.window.end : scene.starts[n]]
    return "(" in between and _OWN_LENGTH.search(between) is not None


_OWN_LENGTH = re.compile(r"\((?:or |at least )*\d+ [a-z]+ (?:for|since) (?:[\w-]+ )?$", re.I)
_OR_HAS = re.compile(r"\b(?:or|and/or) (?:(?:who|has|have|had|been|was|were|is|are) )*$", re.I)
_ARTICLE = re.compile(r" (?:(?:an?|any|the|other|another) )*")
_AHEAD = re.compile(r" to$", re.IGNORECASE)
"""Words of a plan that what is planned stands behind: "septic, or planning to father a child"."""
_CLOSING = frozenset({",", ")", ";", ".", ":"})
"""Signs behind words of time that say nothing of what follows ("surgery done or planned, ...")."""


_OR_WITHIN = re.compile(
    r",?\s*(?:\bor|and/or|/)\s*"
    r"(?:within|(?:in|during) the (?:past|last)|less than)\b",
    re.IGNORECASE,
)


def says_time(scene: Scene, time: TimeExpression, event: int) -> bool:
    """Tell whether an expression is a window of its event, and no mere word of the sentence.

    A numbered one, "history of", "current" and the like always are; of "at screening" and others
    about every second one is, and the words around it tell some of them.
    """
    words_ = scene.text[time.window.start : time.window.end].lower()
    if numbered(time) or words_.endswith("history of") or _SAYS_WHEN.fullmatch(words_):
        return True
    if _OR_WITHIN.match(scene.text, time.window.end):
        return True
    features = [*time_features(scene, time)]
    features += [f"a {feature}" for feature in pair_features(scene, event, time)]
    return probability(load_weights("keep"), features) >= MIN_KEPT


_SAYS_WHEN = re.compile(
    r"(?:current|concomitant|concurrent|recent|previous|former|simultaneous)(?:ly)?"
    r"|on-?going|prior|past|earlier|now"
)


def assign_times(
    scene: Scene, times: Sequence[TimeExpression], spans: Sequence[Span]
) -> tuple[dict[int, list[TimeExpression]], dict[int, Period], tuple[TimeExpression, ...]]:
    """Return the time expressions and the period of each candidate, by index, and those of none.

    An expression right before or after a coordinated run holds for all of it ("stroke, TIA or MI
    within 6 months", "history of stroke or TIA").
    """
    owned: dict[int, list[TimeExpression]] = {}
    periods: dict[int, Period] = {}
    loose: list[TimeExpression] = []
    last, closed, itself = 0, 0, False
    for time in times:
        if _names_its_event(scene.text, time.window, before=closed, again=itself):
            chances = {int(time.window.reference_point or 0): 1.0}
        else:
            chances = _after_last(scene, time, choose_event(scene, time, spans), last)
        closed = time.window.end
        if not chances:
            loose.append(time)
            continue
        event = max(chances, key=chances.__getitem__)
        event = nearest_alternative(scene, scene.short.get(event, event), time)
        event = head_of_time(scene, event, time)
        if numbered(time) and scene.starts[event] < time.window.start:
            last = time.window.end
        kept = says_time(scene, time, event)
        itself = time.window.reference_point == str(event)
        time = _since_itself(scene, time, event)
        for n in sharers(scene, event, time, times):
            if kept:
                owned.setdefault(n, []).append(time)
            if time.period:
                periods[n] = _either(periods.get(n), time.period)
    for long, short in scene.short.items():  # one thing, named twice
        for found in (owned, periods):
            _name_both(found, long, short)
    return owned, periods, tuple(loose)


def _name_both(found: dict[int, Any], long: int, short: int) -> None:
    if short in found:
        found.setdefault(long, found[short])


def _after_last(
    scene: Scene, time: TimeExpression, chances: dict[int, float], last: int
) -> dict[int, float]:
    """Return the candidates between the `last` time and this one, where there are any.

    Of "A within 28 days and B within 7 days" the second time is about B.
    """
    between = {n: p for n, p in chances.items() if last <= scene.starts[n] < time.window.start}
    likely = numbered(time) and last and max(between.values(), default=0.0) >= MIN_EVENT
    return between if likely else chances


_ITEM_START = re.compile(r"\W*(?:\b(?:and|or)\s+)?|.*[,;]\s*(?:and|or)\s+", re.DOTALL)
_OTHER_ITEM = re.compile(rf"{_ITEM_START.pattern}|.*\b(?:and/)?or\s+", re.DOTALL)
_ITEM_END = re.compile(r"(?:\s+(?:has |have )?(?:ended|stopped|finished))?\s*(?:$|[,;.)])")


def _names_its_event(text: str, window: Window, *, before: int, again: bool) -> bool:
    """Tell whether nothing but the event that a window counts from stands in its item.

    "> 90 days after infarction": the infarction lies more than 90 days back.

    before : where the window before it ends, 0 for none. again : that one named its own event.
    """
    point = window.reference_point or ""
    since = "since" in text[window.start : window.end].lower()
    counts = since or again or window.low is not None
    if not point.isdigit() or window.direction != "after" or not counts:
        return False
    starts = _OTHER_ITEM if since else _ITEM_START
    alone = starts.fullmatch(text, before, window.start)
    return alone is not None and _ITEM_END.match(text, window.end) is not None


def _since_itself(scene: Scene, time: TimeExpression, event: int) -> TimeExpression:
    """Return the time counted from now, where it is counted from its own event.

    "Less than 6 months since infarction": the infarction lies less than 6 months back.
    """
    if _counts_to(scene, time.window, event):
        window = replace(time.window, direction="before", reference_point=None)
        return replace(time, window=window)
    inside = time.window.reference_point in PAST_EVENTS and _lies_in(time.window, scene, event)
    if inside and time.window.role == "duration":  # "at least 4 weeks of treatment"
        return replace(time, window=replace(time.window, reference_point=None))
    own = inside or time.window.reference_point == str(event)
    if not own or time.window.direction == "before":
        return time
    ahead = time.window.direction is None and time.window.low is None  # "within a day of surgery"
    window = replace(time.window, direction=None if ahead else "before", reference_point=None)
    return replace(time, window=window)


def _counts_to(scene: Scene, window: Window, event: int) -> bool:
    """Tell whether a time counts back to the event behind it: "< 6 months since prior surgery"."""
    if window.direction != "after" or window.reference_point not in (None, "last_dose"):
        return False
    since = _SINCE.search(scene.text, window.start, window.end) is not None
    return since and _UP_TO.fullmatch(scene.text, window.end, scene.starts[event]) is not None


_SINCE = re.compile(r"\bsince(?: (?:the|his|her|their))?(?: last dose)?$", re.IGNORECASE)
_UP_TO = re.compile(
    r"\s+(?:(?!(?:and|or|but|with|without|who|that|which|in|on|for|by)\b)[\w/-]+\s+){0,7}"
)


def _lies_in(window: Window, scene: Scene, event: int) -> bool:
    candidate = scene.candidates[event]
    return window.start < candidate.start and candidate.end <= window.end


def _either(first: Period | None, second: Period) -> Period:
    """Return the period of "current or previous": what began before today, ended or not."""
    return "past" if {first, second} == {"past", "present"} else first or second


def point_to(
    text: str, candidates: Sequence[Candidate], times: Sequence[TimeExpression]
) -> list[TimeExpression]:
    """Return the times with the mention their reference point names ("after transplantation").

    The window then runs through that mention. Where none stands there, no point is known, and
    words without a number are no expression of time.
    """
    pointed = (
        replace(time, window=_pointed(text, candidates, time.window))
        if time.window.reference_point == OTHER_EVENT
        else time
        for time in times
    )
    return [
        new
        for new, old in zip(pointed, times, strict=True)
        if numbered(old)
        or new.window.reference_point is not None
        or old.window.reference_point is None
    ]


_NEAR = re.compile(
    r"\s*-?(?:(?:the|an?|any|their|his|her|its|this|that|each|such|other)\s+)*"
    r"(?:(?:start(?:ing)?|initiati(?:on|ng)|beginning|onset|commence(?:ment|ing)|receiving"
    r"|undergoing|first (?:dose|cycle|administration|infusion|day))(?:\s+of)?\s+"
    r"(?:(?:the|an?|any|their|his|her)\s+)?)?"
    r"(?:(?!(?:first|last|final|initial|previous|prior|completi|end|stop|discontinu|cessation)"
    r"|(?:of|with|for|in|on|to|at|by|from|and|or|the|study)\b)[a-z-]+\s+)?",
    re.IGNORECASE,
)
"""What may stand between a window and the mention whose beginning it counts from."""


def _pointed(text: str, candidates: Sequence[Candidate], window: Window) -> Window:
    for n, candidate in enumerate(candidates):
        between = text[window.end : candidate.start] if candidate.start >= window.end else None
        if between is not None and _NEAR.fullmatch(between):
            return replace(window, reference_point=str(n), end=candidate.end)
    return replace(window, reference_point=None)
