"""Other trials by name: of "participation in another drug study" the study is the name.

What is said before it ("another", "other") qualifies it; taking part in it is no word of its name,
and what the text says of the part (times, negation) it says of the trial.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from critextract.schema import Label, Mention, Qualifier
from critextract.term_phrases import find_phrases

_PHRASE = "obs.trial_participation"
_BEFORE = re.compile(
    r"(?:(?!(?:or|and) )[\w-]+ )+?(?:in|into|on|to|with) "
    r"(?:(?:any|an?|one|some|several|more than one|two or more|one or more|multiple) )*"
    r"(?P<which>(?:an ?)?other\b|different\b)?\s*"
    r"(?:(?:concurrent|concomitant|ongoing|active|simultaneous)[ ,/]*(?:(?:and|or) )?)*",
    re.IGNORECASE,
)


def name_trials(text: str, mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Return the mentions, of taking part in a trial the trial alone.

    text : one criterion's clean text. All other mentions stay as they are.
    """
    return tuple(_named(text, mention) for mention in mentions)


def _named(text: str, mention: Mention) -> Mention:
    before = _BEFORE.match(text, mention.start, mention.end)
    if mention.label is not Label.OBSERVATION or mention.fragments or before is None:
        return mention
    if not any(p.id == _PHRASE and p.end == len(mention.text) for p in find_phrases(mention.text)):
        return mention
    start, which = before.end(), before.span("which")
    added = (Qualifier("other", text[slice(*which)].lower(), *which),) if before["which"] else ()
    return replace(
        mention,
        label=Label.PROCEDURE,
        start=start,
        text=text[start : mention.end],
        qualifiers=(*added, *mention.qualifiers),
    )
