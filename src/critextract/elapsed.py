"""Times that must have passed since something, if it ever was: "at least 4 weeks since prior X".

Who never had X waits for nothing. The windows stand as they are printed (at least 4 weeks before);
their words say how they are meant. "X at least 4 weeks ago" says that X took place.
"""

from __future__ import annotations

import re

from critextract.schema import Mention, Window

_SINCE = r"\bsince\s+(?:[\w-]+\s+){0,4}?(?:prior|previous|any)\b"
_SINCE_ANY = re.compile(rf"[^.;:]*?{_SINCE}", re.IGNORECASE)
_SINCE_BEFORE = re.compile(rf"{_SINCE}[^.;:]*$", re.IGNORECASE)


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
    before = text[max(0, window.start - 120) : window.start]
    return before.endswith("(") and _SINCE_BEFORE.search(before) is not None
