"""A time behind exceptions: "malignancy other than skin cancer within 5 years".

It says when what is asked for took place. Of a treatment or a cure that is an exception ("except
those treated within 5 years") it says when that was: words of its own stand before it.
"""

import re

from critextract.components.drafts import TimeExpression
from critextract.components.pairing import Scene, numbered

_EXCEPT = re.compile(
    r"[^.;:]{0,40}?(?:other than|except(?:ing)?(?: for)?|apart from|aside from|excluding|besides"
    r"|with the exceptions? of|different from)\b",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?:\s+of (?:the )?(?:[\w/-]+|[\w-]+ (?:and|or) [\w-]+))?[\s,)\]]*", re.IGNORECASE
)
_CLAUSE = re.compile(
    r"[.;:]|\b(?:treated|cured|resected|removed|diagnosed|occurr\w+|who|which|that|if|and|unless)\b",
    re.IGNORECASE,
)


def base_of_exceptions(scene: Scene, time: TimeExpression) -> int | None:
    """Return the candidate that exceptions right before a time are taken from, by index.

    None where the time is of something else: it does not say how long ago at most.
    """
    window = time.window
    if not numbered(time) or window.high is None or window.role != "recency":
        return None
    before = [n for n, start in enumerate(scene.starts) if start < window.start]
    last = before[-1] if before else 0
    if not before or not _BEHIND.fullmatch(scene.text, scene.candidates[last].end, window.start):
        return None
    for n in reversed(before[:-1]):
        end = scene.candidates[n].end
        marker = _EXCEPT.match(scene.text, end, scene.starts[n + 1])
        if marker is None:
            continue
        level = scene.depth[marker.end()]
        inside = all(scene.depth[scene.starts[m]] >= level for m in range(n + 1, last + 1))
        clear = _CLAUSE.search(scene.text, marker.end(), window.start) is None
        return scene.short.get(n, n) if inside and clear else None
    return None
