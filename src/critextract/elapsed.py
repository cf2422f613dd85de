"""Times that must have passed since something, if it ever was: "at least 4 weeks since prior X".

So of treatments by kind, "at least 4 weeks since radiotherapy"; of a stroke or transplant only with
"prior" or "any": else they are often what a trial is about. Who never had X waits for nothing,
and has had no more of it than is allowed. The windows stand as they are printed (at least 4 weeks
before); their words say how they are meant. "X at least 4 weeks ago" says that X took place.
"""

from __future__ import annotations

import re

from critextract.schema import Mention, Window

_SINCE = r"\bsince\s+(?:[\w-]+\s+){0,4}?(?:prior|previous|any)\b"
_SINCE_ANY = re.compile(rf"[^.;:]*?{_SINCE}", re.IGNORECASE)
_SINCE_BEFORE = re.compile(rf"{_SINCE}[^.;:]*$", re.IGNORECASE)
_SINCE_THIS = re.compile(
    r"[^.;:]*?\bsince\s+(?:(?:the|last|completion of|completing|discontinuing|stopping|ending|major"
    r"|minor|receiving|treatment with|administration of)\s+)*",
    re.IGNORECASE,
)
_TREATMENT = re.compile(
    r".*(?:therap(?:y|ies)|radiation|irradiation|surger(?:y|ies)|treatments?|transfusions?|steroids?"
    r"|antibiotics?|medications?|agents?|vaccin(?:es?|ations?)|biops(?:y|ies)|inhibitors?|interferon)",
    re.IGNORECASE | re.DOTALL,
)
"""What few trials ask for by saying how long ago it must have been."""


def washout(mention: Mention, text: str) -> tuple[Window, ...]:
    """Return the windows of a mention that asks for something only if the mentioned ever was.

    How long it lasted ("for 5 days") may be said besides. Empty where it asks that it was.

    text : of the record, in which the windows' words are looked up.
    """
    recent = [w for w in mention.windows if w.role == "recency" and (w.unit or w.high is not None)]
    others = [w for w in mention.windows if w.unit and w not in recent]
    alone = not others or (len(recent) == 1 and mention.windows_op == "all")
    if not recent or mention.negated or mention.count is not None or not alone:
        return ()
    if any(w.high is not None or w.low is None or w.direction == "after" for w in recent):
        return ()
    return tuple(recent) if any(_is_since(text, w, mention) for w in recent) else ()


def _is_since(text: str, window: Window, mention: Mention) -> bool:
    """Tell whether the words are "since prior X"; of "(6 weeks for Y)" behind it they are too."""
    if _SINCE_ANY.match(text, window.start, mention.end):
        return True
    if mention.label in ("DRUG", "PROCEDURE") and _TREATMENT.fullmatch(mention.text):
        return _SINCE_THIS.fullmatch(text, window.start, mention.start) is not None
    before = text[max(0, window.start - 120) : window.start]
    return before.endswith("(") and _SINCE_BEFORE.search(before) is not None


def limited(mention: Mention, text: str) -> bool:
    """Tell whether a mention only limits how much there was: "no more than 200 mg prior X"."""
    dose = mention.dose
    if dose is None or dose.high is None or dose.low is not None or mention.negated:
        return False
    if mention.count is not None or any(w.unit for w in mention.windows):
        return False
    around = text[max(0, mention.start - 40) : mention.end + 20]
    total = _TOTAL.search(around) is not None
    most = _NO_MORE.search(text, dose.start, dose.end) is not None
    return total or (most and mention.period == "past")


_TOTAL = re.compile(r"\b(?:cumulative|lifetime)\b", re.IGNORECASE)
_NO_MORE = re.compile(r"\b(?:no|not) (?:more|greater|higher) than|\bnot exceed", re.IGNORECASE)
