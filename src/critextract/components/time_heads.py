"""Whose time it is that stands behind what a thing is for, done to or known by.

"Surgery on the knee within 6 months", "drugs known to affect clotting within 7 days", "admission
due to heart failure within a year": the surgery, the drugs and the admission were then.
"""

from __future__ import annotations

import re

from critextract.components.drafts import TimeExpression
from critextract.components.pairing import Scene, numbered
from critextract.schema import Label

_GIVEN = frozenset({Label.DRUG, Label.PROCEDURE, Label.DEVICE, Label.VISIT})
_WHAT = r"(?: (?:the|an?|any|their|his|her|either|other|acute|chronic|active|severe|prior))*"
_FOR = re.compile(
    r"(?:\(?s\)?)?(?: (?:therapy|therapies|treatments?|use|medications?|injections?|products?))?,?"
    r"(?: (?:used|given|taken|prescribed|indicated|administered|performed|intended))?"
    r" (?:for|to (?:treat|relieve|prevent|control|manage|reduce|alleviate|suppress))"
    rf"(?:{_WHAT} (?:treatment|management|prevention|control|relief|prophylaxis) of)?{_WHAT} "
    r"(?:[\w-]+ )?",
    re.IGNORECASE,
)
"""Between what is given and what it is given for."""
_NEAR = re.compile(r"\s*(?:symptoms|episodes?|attacks?|levels?|function|activity)?\s*\(?\s*", re.I)
"""Between what a thing is for and the time."""
_OF_CARE = re.compile(rf" of{_WHAT} ", re.IGNORECASE)
_CARE = re.compile(r"treatment|management|prevention|prophylaxis|control", re.IGNORECASE)
_KNOWN = re.compile(
    r",?(?: (?:that|which) (?:(?:is|are|may|might|can|could) )?(?:be )?)?"
    r"(?: ?(?:known|likely|thought|shown|believed|expected) to)?"
    r" ?(?:affect|influenc|alter|interfer|impair|increas|decreas|reduc|lower|modif|induc|inhibit"
    rf"|prolong|chang|impact|suppress)\w*(?: with| in)?{_WHAT} (?:[\w-]+ )?",
    re.IGNORECASE,
)
"""Between what is taken and what it does: "drugs known to affect clotting"."""
_DONE_TO = re.compile(
    rf" (?:on|to|of|in|at|into|involving){_WHAT}"
    r"(?: (?:ipsilateral|contralateral|affected|target|study|left|right|same|index))? ",
    re.IGNORECASE,
)
_DONE_ON = re.compile(_DONE_TO.pattern.replace("on|to|of|in|at|into|involving", "on"), re.I)
_PUT_IN = re.compile(
    r"(?:[\w-]+ )*(?:injections?|infusions?|implantations?|insertions?|removal|placement)", re.I
)
_CAUSE = re.compile(
    r",? (?:(?:that|which) (?:is|are|was|were) )?(?:due to|caused by|secondary to|because of"
    rf"|as a result of|resulting from){_WHAT} (?:[\w-]+ )?",
    re.IGNORECASE,
)


def head_of_time(scene: Scene, event: int, time: TimeExpression) -> int:
    """Return the candidate whose time it is, by index: what the event's own words complete.

    The time is numbered and stands right behind the event; what lies ahead is the event's own
    ("operation for reflux or planned surgery in the next year").
    """
    start, end = scene.candidates[event].start, scene.candidates[event].end
    behind = numbered(time) and time.window.start >= end and time.window.direction != "after"
    if not behind or not _NEAR.fullmatch(scene.blank[end : time.window.start]):
        return event
    first = min(scene.run[event])
    several = "," in scene.text[scene.candidates[first].end : start]
    head = first - 1
    if not first or several or not _completes(scene, head, first):
        return event
    care = _CARE.fullmatch(scene.text, scene.starts[head], scene.candidates[head].end)
    if care and head and scene.candidates[head - 1].label in _GIVEN:
        link = scene.text[scene.candidates[head - 1].end : scene.starts[head]]
        return head - 1 if _FOR.fullmatch(link) else head
    return head


def _completes(scene: Scene, head: int, n: int) -> bool:
    """Tell whether candidate `n` completes the one before it."""
    a, b = scene.candidates[head], scene.candidates[n]
    if a.end > b.start or scene.depth[a.start] != scene.depth[b.start]:
        return False
    gap = scene.text[a.end : b.start]
    if _CAUSE.fullmatch(gap) or (a.label is Label.PROCEDURE and _DONE_ON.fullmatch(gap)):
        return True
    if b.label in _GIVEN:
        put = a.label is Label.PROCEDURE and _PUT_IN.fullmatch(scene.text, a.start, a.end)
        return bool(put and _DONE_TO.fullmatch(gap))
    if a.label in _GIVEN and (_KNOWN.fullmatch(gap) or _FOR.fullmatch(gap)):
        return True
    care = a.label in _GIVEN and _CARE.fullmatch(scene.text, a.start, a.end)
    if care and _OF_CARE.fullmatch(gap):
        return True
    return a.label is Label.PROCEDURE and _DONE_TO.fullmatch(gap) is not None
