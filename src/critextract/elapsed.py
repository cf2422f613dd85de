"""Times that must have passed since something, if it ever was: "at least 4 weeks since prior X".

Who never had X waits for nothing. The window stands as it is printed (at least 4 weeks before);
its words say how it is meant. "X at least 4 weeks ago" says that X took place.
"""

from __future__ import annotations

import re

from critextract.schema import Mention, Window

_SINCE_ANY = re.compile(
    r"[^.;:]*?\bsince\s+(?:[\w-]+\s+){0,4}?(?:prior|previous|any)\b", re.IGNORECASE
)


def washout(mention: Mention, text: str) -> Window | None:
    """Return the window of a mention that asks for something only if the mentioned ever was.

    text : of the record, in which the window's words are looked up.
    """
    numbered = [w for w in mention.windows if w.low is not None or w.high is not None]
    if len(numbered) != 1 or mention.negated or mention.count is not None:
        return None
    window = numbered[0]
    if window.high is not None or window.role != "recency" or window.direction == "after":
        return None
    return window if _SINCE_ANY.match(text, window.start, mention.end) else None
