"""Which members of a list share a time with the one that it stands beside."""

from __future__ import annotations

import re
from collections.abc import Sequence

from critextract.components.drafts import Candidate, TimeExpression
from critextract.components.pairing import Scene, numbered
from critextract.schema import Label

_EXAMPLES = re.compile(
    r"\s*,?\s*\(?(?:including|such as|e\.g\.,?|eg|like)(?:,? but not limited to)?[\s:,]*"
    r"(?:(?:any|the|an?|other|prior)\s+)*",
    re.IGNORECASE,
)


def _examples(scene: Scene, event: int, time: TimeExpression) -> list[int]:
    """Return the examples of an event that a time before it is about too.

    "History of heart disease, such as angina"; of "heart disease including angina within 6 months"
    the time may be of angina alone.
    """
    last = max(scene.run[event])
    after = last + 1
    if after >= len(scene.candidates) or scene.starts[event] < time.window.start:
        return []
    gap = scene.text[scene.candidates[last].end : scene.starts[after]]
    return scene.run[after] if _EXAMPLES.fullmatch(gap) else []


def _alike(a: Candidate, b: Candidate) -> bool:
    """Tell whether one time may be of both: not of a test and of what is no test."""
    return (a.label is Label.MEASUREMENT) == (b.label is Label.MEASUREMENT)


def _is_state(text: str, candidate: Candidate) -> bool:
    """Tell whether a mention only says how it went: "since surgery and recovered"."""
    return _RECOVERED.match(text, candidate.start) is not None


_RECOVERED = re.compile(r"(?:fully )?(?:recover|resolved)", re.IGNORECASE)


_INTENT = re.compile(r"\b(?:plan|intend|intention|wish|want|desir|expect|schedul)", re.IGNORECASE)


def sharers(
    scene: Scene, event: int, time: TimeExpression, times: Sequence[TimeExpression]
) -> list[int]:
    """Return the members of the event's run that share the expression with it.

    They stand on the same side of it, with no new intent between ("pregnant or planning pregnancy
    within 6 months"), and in the same brackets: of "steroids (prednisone, cortisone)
    within 4 weeks" what is in brackets are examples; a short form stands where its long form does.
    """
    candidates, start = scene.candidates, time.window.start
    run = [*scene.run[event], *_examples(scene, event, time)]
    before = candidates[event].start < start
    long = {short: long for long, short in scene.short.items()}
    depth = {n: scene.depth[candidates[long.get(n, n)].start] for n in (event, *run)}
    return [
        n
        for n in run
        if n == event
        or (
            (candidates[n].start < start) == before
            and depth[n] == depth[event]
            and _alike(candidates[n], candidates[event])
            and not _is_state(scene.text, candidates[n])
            and not _INTENT.search(scene.text, *_between(candidates[n], candidates[event]))
            and not _has_own(scene, event, n, time, times)
            and not (n > event and _is_adjective(scene, event, n, time))
        )
    ]


def _between(a: Candidate, b: Candidate) -> tuple[int, int]:
    return (a.end, b.start) if a.start < b.start else (b.end, a.start)


_TREATMENTS = frozenset({Label.DRUG, Label.PROCEDURE, Label.DEVICE})
_NURSING = re.compile(r"lactat|breast-?feed|nursing", re.IGNORECASE)


def _is_adjective(scene: Scene, event: int, n: int, time: TimeExpression) -> bool:
    """Tell whether a length right before its event is of it alone: "< 6 months post-partum, X"."""
    first, member = scene.candidates[event], scene.candidates[n]
    near = scene.text[time.window.end : first.start] == " "
    bare = not scene.text[time.window.start].isalpha()
    return numbered(time) and near and bare and "," in scene.text[first.end : member.start]


def _has_own(
    scene: Scene, event: int, n: int, time: TimeExpression, times: Sequence[TimeExpression]
) -> bool:
    """Tell whether words of time before a list ("ongoing", "history of") do not reach a member.

    It has words of its own ("prior stroke or concomitant angina"), is another kind of thing than
    an adjective's own noun ("ongoing treatment, heart disease"), or nothing that is planned
    ("planned pregnancy or lactation").
    """
    first, member = scene.candidates[event], scene.candidates[n]
    if numbered(time) or time.window.start > first.start:
        return False
    for other in times:
        between = first.end <= other.window.start and other.window.end <= member.start
        if between and not numbered(other):
            return True
    if time.period == "future" and _NURSING.match(scene.text, member.start):
        return True
    noun = scene.text[time.window.start : time.window.end].lower().endswith(("of", ":"))
    alike = first.label is member.label or {first.label, member.label} <= _TREATMENTS
    return not noun and not alike
