"""Which members of a list share a time with the one that it stands beside."""

from __future__ import annotations

import re
from collections.abc import Sequence

from critextract.components.drafts import Candidate, TimeExpression
from critextract.components.pairing import Scene, numbered
from critextract.components.periods import is_tense
from critextract.schema import Label

_SUCH_AS = (
    r"(?:including|includes?|such as|e\.?g\.?,?|like|namely|i\.?e\.?,?|for (?:example|instance),?)"
    r"(?:,? (?:but )?not limited to)?[\s:,]*"
)
_ANY = r"(?:(?:any|the|an?|other|prior|either|both|all|type of|use of|treatment with)\s+)*"
_EXAMPLES = re.compile(
    rf"(?:\(?s\)?)?\s*,?\s*(?:{_SUCH_AS}|(?P<open>\()\s*(?:{_SUCH_AS})?){_ANY}", re.IGNORECASE
)
"""Between a name and what it stands for: ", such as ", " (e.g. ", " ("."""
_FARTHER = re.compile(
    rf"\s+(?:that|which|with|known to|used)\b[^.;,:()]{{1,70}}?,?\s*\(?{_SUCH_AS}{_ANY}",
    re.IGNORECASE,
)
"""The same behind a clause: "drugs that slow the bowel (e.g. "."""
_GOES_ON = re.compile(r"\s*,?\s*(?:\b(?:or|and|and/or)\b|,|/)\s*(?:(?:other|any|[a-z]+ic)\s+)*")


def _instances(scene: Scene, head: int, time: TimeExpression) -> list[int]:
    """Return what a name stands for: "steroids (prednisone, cortisone)", "angina, such as".

    Behind the words of time all of them; before a time that follows only those in brackets or of
    a treatment: of "heart disease including angina within 6 months" it may be of angina alone.
    """
    own = scene.candidates[head]
    last = scene.short.get(head, head)
    for after in range(last + 1, min(last + 4, len(scene.candidates))):
        first = scene.candidates[after]
        gap = scene.blank[scene.candidates[last].end : first.start]
        marker = _EXAMPLES.fullmatch(gap) if after == last + 1 else None
        if marker is None and not (own.label in _TREATMENTS and _FARTHER.fullmatch(gap)):
            continue
        if not _same_kind(own, first) or _says_another(scene, last, after, time):
            return []
        if _CLAUSE.search(scene.text, first.end, _close_of(scene, after)):
            return []
        inside = scene.depth[first.start] > scene.depth[own.start]
        before_time = first.start < time.window.start
        if before_time and not (inside or own.label in _TREATMENTS):
            return []
        level = scene.depth[first.start]
        return [n for n in scene.run[after] if n >= after and scene.depth[scene.starts[n]] == level]
    return []


_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|may|can|will|must|do|does|allowed|permitted|excluded|included|acceptable)\b",
    re.IGNORECASE,
)
"""In brackets they say something of what is named: "surgery (banding does not count)"."""


def _close_of(scene: Scene, n: int) -> int:
    """Return where the brackets that a candidate stands in close, its end for none."""
    start, level = scene.starts[n], scene.depth[scene.starts[n]]
    if not level:
        return scene.candidates[n].end
    later = range(start, len(scene.text))
    return next((at for at in later if scene.depth[at] < level), len(scene.text))


_OWN_WORDS = re.compile(
    r"\d|\b(?:no|not(?! (?:be )?(?:limited|restricted))|without|never|absence)\b", re.IGNORECASE
)


def _says_another(scene: Scene, head: int, first: int, time: TimeExpression) -> bool:
    """Tell whether examples have a time of their own or are denied: "A (6 weeks since B)"."""
    start, end = scene.candidates[head].end, scene.starts[first]
    own = range(time.window.start, time.window.end)
    return any(m.start() not in own for m in _OWN_WORDS.finditer(scene.text, start, end))


def _same_kind(a: Candidate, b: Candidate) -> bool:
    return a.label is b.label or {a.label, b.label} <= _TREATMENTS


def _behind_brackets(scene: Scene, n: int) -> list[int]:
    """Return the run that goes on behind the brackets of a mention: "A (e.g. B) or C"."""
    end = scene.candidates[n].end
    opened = re.match(r"\s*\(", scene.text[end:])
    if opened is None:
        return []
    level = scene.depth[scene.candidates[n].start]
    inside = range(end + opened.end(), len(scene.text))
    close = next((i for i in inside if scene.depth[i] == level), len(scene.text))
    after = next((m for m, start in enumerate(scene.starts) if start >= close), None)
    if after is None or not _GOES_ON.fullmatch(scene.text[close : scene.starts[after]]):
        return []
    return scene.run[scene.short.get(after, after)]


def _together(scene: Scene, event: int, time: TimeExpression) -> tuple[list[int], set[int]]:
    """Return the members of the event's list, and which of them are what another one stands for."""
    named = [*scene.run[event], *_hanging(scene, event), *_announced(scene, event, time)]
    members, examples = list(dict.fromkeys(named)), set[int]()
    if not _NAMES_MORE.search(scene.text):
        return members, examples
    further = {n: _instances(scene, n, time) for n in range(len(scene.candidates))}
    behind = {n: _behind_brackets(scene, n) for n in further}
    for n in members:  # grows
        examples.update(further[n])
        heads = [m for m in range(n) if n in further[m] or n in behind[m]]
        for m in (*further[n], *behind[n], *(r for head in heads for r in scene.run[head])):
            if m not in members:
                members.append(m)
    return sorted(members), examples


def _hanging(scene: Scene, event: int) -> list[int]:
    """Return what shares its object with the event: "allergy to or intolerance of aspirin"."""
    after = max(scene.run[event]) + 1
    if after >= len(scene.candidates):
        return []
    gap = scene.text[scene.candidates[after - 1].end : scene.starts[after]]
    return scene.run[after] if _HANGING.fullmatch(gap) else []


_HANGING = re.compile(r" (?:to|of|with|from|for|in),? (?:or|and|and/or) (?:[a-z]+ )?")
_ANNOUNCES = re.compile(r"[^.;,]{0,60}:\s*(?:[\w-]+\s+){0,3}")
_ENDS = re.compile(r";|\.\s|:")


def _announced(scene: Scene, event: int, time: TimeExpression) -> list[int]:
    """Return what else a time with a colon announces: "History of: A, B under C, D"."""
    first, end = scene.candidates[event], time.window.end
    before = scene.text[time.window.start : first.start]
    if end > first.start or not _ANNOUNCES.fullmatch(before[end - time.window.start - 1 :]):
        return []
    listed = range(event + 1, len(scene.candidates))
    return [
        n
        for n in listed
        if _same_kind(first, scene.candidates[n])
        and scene.depth[scene.starts[n]] == scene.depth[first.start]
        and _MEMBER.search(scene.text[: scene.starts[n]])
        and not _ENDS.search(scene.text, first.start, scene.starts[n])
    ]


def _under_colon(scene: Scene, event: int) -> list[int]:
    """Return what a name with a colon stands for: "the following events in a year: A, B"."""
    first = scene.candidates[event]
    said = scene.text[max(0, first.start - 40) : first.start].lower()
    colon = _COLON.match(scene.blank, first.end)
    if colon is None or "following" not in said:
        return []
    end = _STOPS.search(scene.text, colon.end())
    last = end.start() if end else len(scene.text)
    level = scene.depth[first.start]
    return [
        n
        for n in range(event + 1, len(scene.candidates))
        if colon.end() <= scene.starts[n] < last
        and scene.depth[scene.starts[n]] == level
        and scene.candidates[n].label in {Label.CONDITION, *_TREATMENTS}
    ]


_COLON = re.compile(r"\s*:")
_STOPS = re.compile(r";|\.\s")
_MEMBER = re.compile(r"(?:,|\b(?:or|and))\s*(?:[\w-]+\s+){0,2}$")
_NAMES_MORE = re.compile(rf"\(|{_SUCH_AS}", re.IGNORECASE)


def _alike(scene: Scene, n: int, event: int, time: TimeExpression) -> bool:
    """Tell whether one time may be of both: not of a test and of what is no test.

    A label may be wrong: names with nothing but "or" between them are alike ("steroids or ACTH").
    """
    a, b = scene.candidates[n], scene.candidates[event]
    if (a.label is Label.MEASUREMENT) == (b.label is Label.MEASUREMENT):
        return True
    return numbered(time) and _OR_ALONE.fullmatch(scene.text, *_between(a, b)) is not None


_OR_ALONE = re.compile(r",? (?:or|and/or) ")


def nearest_alternative(scene: Scene, event: int, time: TimeExpression) -> int:
    """Return the candidate right before a bound that "or" joins to the one it was given to.

    Of "current X or X within 6 months", "current X use or Y within 6 months" it is of the last.
    """
    start = time.window.start
    before = [n for n in range(event + 1, len(scene.candidates)) if scene.starts[n] < start]
    if not numbered(time) or not before or scene.candidates[event].end > start:
        return event
    a, b = scene.candidates[event], scene.candidates[before[-1]]
    between, gap = scene.text[a.end : b.start], scene.text[b.end : start]
    if scene.depth[a.start] != scene.depth[b.start]:
        return event
    if _is_again(scene.text, a, b):
        joined = bool(_FEW.fullmatch(gap) and _OR_IN.search(between))
    else:  # bounds between are no words: "haematocrit < 25 %, or transfusion within 14 days"
        between = " ".join(scene.blank[a.end : b.start].split()).replace(" ,", ",")
        unlike = before[-1] in scene.run[event] and not _alike(scene, before[-1], event, time)
        beside = not scene.blank[b.end : start].strip(" (")
        joined = beside and (unlike or _OR_OF.fullmatch(f" {between} ") is not None)
    return before[-1] if joined else event


_OR_OF = re.compile(
    r"(?: (?:use|therapy|treatment|administration))? ?,? (?:or|and/or) (?:an?|any)? ?"
)
_FEW = re.compile(r"(?: [a-z]+){0,2} \(?")
_OR_IN = re.compile(r"\bor\b|/|, ?$")


def may_be_dated(scene: Scene, n: int, time: TimeExpression) -> bool:
    """Tell whether a mention is no sex or kind of people, which somebody is at any time.

    "Women with current angina": the angina is current. "Male at birth" may be told apart.
    """
    candidate = scene.candidates[n]
    if _POTENTIAL.fullmatch(scene.text, candidate.start, candidate.end):
        return False
    if candidate.label is not Label.PERSON or time.window.reference_point == "birth":
        return True
    return _PEOPLE.fullmatch(scene.text, candidate.start, candidate.end) is None


_POTENTIAL = re.compile(r"child[- ]?bearing (?:potential|age|capacity)", re.IGNORECASE)
_PEOPLE = re.compile(
    r"(?:wom[ae]n|m[ae]n|(?:fe)?males?|adults?|boys?|girls?|adolescents?|youths?|elderly|persons?"
    r"|caucasians?|african[ -]americans?|hispanics?|asians?|chinese|japanese)",
    re.IGNORECASE,
)


def _is_again(text: str, a: Candidate, b: Candidate) -> bool:
    """Tell whether two mentions name one thing, each with its own time: "current X or X in May"."""
    first, second = (_ENDING.sub("", text[c.start : c.end].lower()) for c in (a, b))
    return first == second


def _is_named_again(
    scene: Scene, event: int, n: int, time: TimeExpression, times: Sequence[TimeExpression]
) -> bool:
    """Tell whether a member is the event once more, with a time of its own behind it.

    Each of "current X or X within 6 months" has its own; "history of X or X-like" share one.
    """
    first, member = scene.candidates[event], scene.candidates[n]
    level = scene.depth[first.start] == scene.depth[member.start]
    if not (level and _is_again(scene.text, first, member)):
        return False
    behind = (t.window.start for t in times if t is not time and numbered(t))
    return n < event or any(member.end <= start <= member.end + 40 for start in behind)


_ENDING = re.compile(r"(?:cy|cies|ts?|s)$")
"""What tells "pregnant" and "pregnancies" apart."""


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
    within 6 months"), and in the same brackets, but for what they stand for: "steroids (prednisone,
    cortisone) within 4 weeks". A short form stands where its long form does.
    """
    candidates, start = scene.candidates, time.window.start
    run, examples = _together(scene, event, time)
    named = _under_colon(scene, event)
    run, examples = [*run, *(n for n in named if n not in run)], {*examples, *named}
    near = max((n for n in scene.run[event] if scene.starts[n] < start), default=event)
    if _is_in_mid_list(scene, near, time, times):
        event, run = near, [near, *_instances(scene, near, time)]
    before = candidates[event].start < start
    long = {short: long for long, short in scene.short.items()}
    depth = {n: scene.depth[candidates[long.get(n, n)].start] for n in (event, *run)}
    return [
        n
        for n in run
        if n == event
        or (
            ((candidates[n].start < start) == before or n in examples)
            and (depth[n] == depth[event] or n in examples)
            and _alike(scene, n, event, time)
            and may_be_dated(scene, n, time)
            and not _is_state(scene.text, candidates[n])
            and not _INTENT.search(scene.text, *_between(candidates[n], candidates[event]))
            and not (n != event and _is_named_again(scene, event, n, time, times))
            and not _has_own(scene, event, n, time, times)
            and not _goes_on_now(scene, event, n, time, times)
            and not (n > event and _is_adjective(scene, event, n, time))
        )
    ]


def _goes_on_now(
    scene: Scene, event: int, n: int, time: TimeExpression, times: Sequence[TimeExpression]
) -> bool:
    """Tell whether a member goes on now, and a time behind the list is none of its own.

    Of "current asthma or asthma attack within 6 months" it is of the attack.
    """
    start = scene.starts[n]
    if n >= event or not numbered(time) or time.window.start < start:
        return False
    first, following = scene.candidates[n], scene.candidates[n + 1]
    gap = scene.text[first.end : following.start]
    if first.label is following.label and _BARE_LINK.fullmatch(gap):
        return False  # "current stroke or angina within a month": all is said of both
    before = [t for t in times if not numbered(t) and t.window.end <= start]
    last = max(before, key=lambda t: t.window.end, default=None)
    if last is None or last.period != "present" or is_tense(scene.text, last):
        return False
    alone = _OR_BEFORE.search(scene.text[: last.window.start]) is None
    return alone and _MODIFIERS.fullmatch(scene.text, last.window.end, start) is not None


_OR_BEFORE = re.compile(r"(?:\b(?:or|and|and/or)|/)\s*$", re.IGNORECASE)
_MODIFIERS = re.compile(r" (?:[\w-]+ ){0,2}")
_BARE_LINK = re.compile(r"(?:,? (?:or|and|and/or) |, |/)(?:(?:any|all) )?(?:other )?")

_COMMA = re.compile(
    r"\s*,\s*(?:(?:or|and|and/or)\s+)?"
    r"(?:(?!(?:if|unless|when|while|who|that|which|in|with|for|as|after|before|by|on|at|from|due)\b)"
    r"[\w-]+\s+){0,2}"
)


def _is_in_mid_list(
    scene: Scene, event: int, time: TimeExpression, times: Sequence[TimeExpression]
) -> bool:
    """Tell whether a list goes on behind a time: "pregnancy, birth within 90 days, or nursing".

    Not so where an "or" ends the list before it, or what follows has a time of its own.
    """
    start, end = scene.candidates[event].start, time.window.end
    if not numbered(time) or time.window.start < scene.candidates[event].end:
        return False
    if _AND_OR.search(scene.text, scene.candidates[min(scene.run[event])].end, start):
        return False
    after = next((n for n, at in enumerate(scene.starts) if at >= end), None)
    if after is None or not _COMMA.fullmatch(scene.text, end, scene.starts[after]):
        return False
    own = (t for t in times if numbered(t) and t.window.start >= end)
    return not any(t.window.start - scene.candidates[after].end < 40 for t in own)


_AND_OR = re.compile(r"\b(?:or|and)\b|/")


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
    noun = scene.text[time.window.start : time.window.end].lower().endswith(("of", ":", "had"))
    alike = first.label is member.label or {first.label, member.label} <= _TREATMENTS
    return not noun and not alike
