"""Which mentions of a criterion combine in its rule, and which only serve another one.

A mention is a leaf of the rule unless it is part of a guard, names another mention again, carries
the next one, says what another is about, or lies in a phrase no rule can hold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from critextract.coverage import held_by
from critextract.lexicon import lexicon
from critextract.linking import Leaf, pattern
from critextract.rules import AllOf, AnyOf, Is, Rule, Unparsed
from critextract.schema import (
    Criterion,
    Label,
    Mention,
    Section,
    SexGuard,
    guard_mentions,
)

Span = tuple[int, int]

PROMISES = ("willingness", "future behaviour")
"""Kinds of phrases that say what somebody is ready to do."""


def beside(phrases: list[tuple[Span, str]], mentions: Sequence[Mention]) -> list[tuple[Span, str]]:
    """Cut a phrase short where a mention with a value or window of its own begins.

    What is promised for the time of the study stays: "agree to use contraception during …". So
    does what somebody recovered from. A consent that a time counts from is none that is asked for.
    """
    out = []
    times = [(w.start, w.end) for m in mentions for w in m.windows]
    for (start, end), kind in phrases:
        if kind == "consent" and any(a <= start < b for a, b in times):
            continue
        ahead = {m.start for m in mentions if kind in PROMISES and _is_ahead(m)}
        if kind == "recovery":
            ahead = {m.start for m in mentions}
        firm = [
            m.start
            for m in mentions
            if start < m.start < end and (m.values or m.windows) and m.start not in ahead
        ]
        out.append(((start, min([end, *firm])), kind))
    return [(span, kind) for span, kind in out if span[0] < span[1]]


def views_apart(
    text: str, start: int, phrases: list[tuple[Span, str]], mentions: Sequence[Mention]
) -> list[tuple[Span, str]]:
    """Return the bare views behind a comma or in brackets: "angina, as judged by the doctor".

    They narrow all that stands before them, and are no member of its list. So do those that a
    criterion begins with. start : of the criterion; mentions : those of its rule.
    """
    if all(is_vague(m) for m in mentions):  # "any condition that, in the opinion of …"
        return []
    bare = lexicon("coverage").pattern("view")
    return [
        ((a, b), kind)
        for (a, b), kind in phrases
        if kind == "judgement"
        and bare.fullmatch(text, a, b)
        and (a == start or _APART.search(text, start, a))
    ]


_APART = re.compile(r"(?<!\bor)(?<!\band)[,(]\s*$", re.IGNORECASE)


def _is_ahead(mention: Mention) -> bool:
    """Tell whether all times of something lie in or after the study."""
    times = {window.direction for window in mention.windows}
    return not mention.values and times <= {"during", "after"}


def make_leaves(
    text: str,
    criterion: Criterion,
    mentions: Sequence[Mention],
    phrases: Sequence[tuple[Span, str]],
) -> list[Leaf]:
    """Return what combines: mentions that are no guard, no short form and in no phrase."""
    start = criterion.start
    named = {m.id: m for m in mentions}
    guards = {m for mention in mentions for m in guard_mentions(mention)}
    leaves = [Leaf(a, b, Unparsed(a, b, kind)) for (a, b), kind in phrases]
    pairs: dict[tuple[int, int], list[Mention]] = {}
    for m in mentions:
        inside = any(a <= m.start and m.end <= b for (a, b), _ in phrases)
        vague = bool(phrases) and is_vague(m)
        part = _is_target(m, mentions) or _is_sex_case(m, mentions)
        if m.id not in guards and not inside and not vague and not part:
            pairs.setdefault(_place(m, start), []).append(m)
    for place, group in _with_alternatives(pairs).items():
        node = _pair(text, group, criterion.section) if len(group) > 1 else Is(group[0].id)
        cases = [named[id_] for m in group for id_ in guard_mentions(m) if id_ in named]
        held = tuple(span for m in (*group, *cases) for span in held_by(m))
        own = tuple((q.start, q.end) for m in group for q in m.qualifiers)
        leaves.append(Leaf(*place, node, group[0], group[0].negation_cue, held, own))
    return sorted(leaves, key=lambda leaf: (leaf.start, leaf.end))


def repeated_mentions(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions that only name another one again: "neutrophil count (ANC)".

    Of long and short form, the one that nothing belongs to is the repetition; both may have the
    same windows.
    """
    return [
        long if _says_more(short, long) else short
        for long, short in pairwise(mentions)
        if _names_again(text, long, short)
        and (long.label == short.label or _has_initials(long.text, short.text))
        and not (long.values and _says_more(short, long))
        and not (_qualifying(long) - _qualifying(short) and _says_more(short, long))
    ]


def _qualifying(mention: Mention) -> set[tuple[int, int]]:
    return {(q.start, q.end) for q in mention.qualifiers}


def _says_more(short: Mention, long: Mention) -> bool:
    """Tell whether something belongs to the short form: "(CML) in chronic phase"."""
    said = _qualifying(long) | {(w.start, w.end) for w in long.windows}
    windows = {(w.start, w.end) for w in short.windows}
    return bool(short.values or short.dose or short.count or (_qualifying(short) | windows) - said)


def _names_again(text: str, first: Mention, second: Mention) -> bool:
    """Tell whether two mentions name one thing: "X (Y)", or "performance status: ECOG 0-2"."""
    gap = _apart(text, first, second)
    if gap in {"(", "["}:
        closed = text[second.end : second.end + 2].lstrip("®™")[:1] in {")", "]"}
        aged = second.label is Label.PERSON and bool(second.values)  # "women (18 to 40 years)"
        return closed and not aged and not _is_kind(text, first, second)
    return gap == ":" and bool(second.values) and not first.values


def _has_initials(name: str, short: str) -> bool:
    """Tell whether a short form is the initials of a name: "body mass index", "BMI"."""
    initials = "".join(word[0] for word in re.findall(r"\w+", name) if word not in {"of", "the"})
    return len(initials) > 2 and initials.lower() == short.lower().removesuffix("s")


_CLASS = re.compile(
    r"(?:diseases?|disorders?|cancers?|carcinomas?|tumou?rs?|neoplasms?|malignanc(?:y|ies)"
    r"|infections?|defects?|anomal(?:y|ies)|conditions?|illness(?:es)?|complications?)",
    re.IGNORECASE,
)


def _is_kind(text: str, first: Mention, second: Mention) -> bool:
    """Tell whether a disease in brackets is a kind of the one before: "cancer (adenocarcinoma)".

    A short form of its words is another name, and so is a word as general as the one before.
    """
    one, other = first.text.split(), second.text.split()
    if first.label is not Label.CONDITION or not _CLASS.fullmatch(one[-1]):
        return len(other) > len(one) and one[-1].lower() == other[-1].lower()
    if sum(c.isupper() for c in second.text) > 1:
        words = text[max(0, first.start - 40) : first.end].lower()
        return re.search(rf"\b{re.escape(second.text[0].lower())}", words) is None
    return len(other) > 1 or not _CLASS.fullmatch(other[0])


def _apart(text: str, first: Mention, second: Mention) -> str:
    """Return what stands between two mentions besides qualifiers of the first one: "of the X ("."""
    gap = list(text[first.end : second.start])
    for q in first.qualifiers:
        for i in range(max(q.start, first.end), min(q.end, second.start)):
            gap[i - first.end] = " "
    return " ".join(re.sub(r"\b(?:of|the)\b", " ", "".join(gap)).split())


def evidence(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the examinations that only say how a finding is seen: "no metastases on CT or MRI"."""
    found: list[Mention] = []
    for finding, test in pairwise(mentions):
        if not _is_examination(test, listed=True):
            continue
        own = [*(v.end for v in finding.values), *(q.end for q in finding.qualifiers)]
        end = max([finding.end, *(place for place in own if place <= test.start)])
        end += text[end : end + 1] == ")"  # "EF at least 50 % (or normal) by MUGA"
        seen = pattern("seen").fullmatch(text, end, test.start) is not None
        front = min([test.start, *(q.start for q in test.qualifiers if q.start >= finding.end)])
        also = _ALSO.fullmatch(text, finding.end, front) or _is_short(text, finding, test)
        listed = found[-1:] == [finding] and bool(also)
        behind = any(q.start >= test.start for q in test.qualifiers)
        bare = not (test.values or test.windows or behind or test.count)
        shown = finding.label in {"CONDITION", "MEASUREMENT", "OBSERVATION"} and seen
        if bare and _is_examination(test, listed=listed) and (shown or listed):
            found.append(test)
        elif listed and _is_examination(test, listed=False):
            found.pop()  # "assessed by PCR or a culture within 4 weeks": both are asked for
    return found


def _is_short(text: str, first: Mention, second: Mention) -> bool:
    """Tell whether the second is the first one's short form or noun: "imaging (MRI) scan"."""
    gap = text[first.end : second.start].strip()
    noun = re.fullmatch(r"scans?|imaging|images", second.text, re.IGNORECASE) is not None
    return (gap == "(" and text[second.end : second.end + 1] == ")") or (gap == ")" and noun)


_ALSO = re.compile(
    r"\)?\s*(?:,|/|[,(]?\s*\b(?:or|and|and/or)\b)\s*(?:(?:by|on|via|using|in) )?(?:an? |the |any )?"
    r"(?:other )?",
    re.IGNORECASE,
)


def _is_examination(mention: Mention, *, listed: bool) -> bool:
    """Tell whether a mention is a way to see things; any is that stands in a list of such."""
    named = listed or pattern("examination").search(mention.text) is not None
    return named and mention.label in {"PROCEDURE", "MEASUREMENT", "OBSERVATION"}


def cited(text: str, criterion: Span, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the names of what another one is read or seen by: "by the Cockcroft-Gault formula".

    So "radiographic" in "radiographic evidence of".
    """
    words = (lexicon("coverage").pattern(name) for name in ("standards", "shown"))
    places = [m.span() for named in words for m in named.finditer(text, *criterion)]
    bare = [m for m in mentions if not (m.values or m.windows)]
    found = [m for m in bare if any(a <= m.start and m.end <= b for a, b in places)]
    return found if len(found) < len(mentions) else []


def carriers(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions that only carry the one beside them: "treatment" in "treatment with X".

    One behind it ("temozolomide (Temodar) therapy") only where nothing is said of it.
    """
    after = [
        carrier
        for carried, carrier in pairwise(mentions)
        if carried.label in {"DRUG", "PROCEDURE"}
        and pattern("carrier").fullmatch(carrier.text)
        and not (carrier.values or carrier.windows or carrier.qualifiers or carrier.count)
        and text[carried.end : carrier.start].strip() in {"", ")"}
    ]
    return after + [
        carrier
        for carrier, carried in pairwise(mentions)
        if carried.label in {"DRUG", "PROCEDURE"}
        and not carrier.values
        and carrier.count is None
        and pattern("carrier").fullmatch(carrier.text)
        and pattern("carrier_link").match(text[carrier.end : carried.start])
        and len(text[carrier.end : carried.start]) < 40
    ]


def kin(mentions: Sequence[Mention]) -> list[tuple[Mention, Mention]]:
    """Return the mentions that only say whose another one is, and it.

    "Family history of X" names them before, "X in mother or sister" after.
    """
    before = [(a, b) for a, b in pairwise(mentions) if pattern("kin").fullmatch(a.text)]
    after = [
        (b, a)
        for a, b in pairwise(mentions)
        if a.experiencer == "family" and pattern("kin").fullmatch(b.text)
    ]
    return [*before, *after]


def _with_alternatives(groups: dict[Span, list[Mention]]) -> dict[Span, list[Mention]]:
    """Join the groups of alternatives, which share words: "renal … failure", "hepatic failure"."""
    joined: dict[Span, list[Mention]] = {}
    for (start, end), group in sorted(groups.items(), key=lambda item: (item[0][1], item[0][0])):
        last = next(reversed(joined), (0, 0))
        shared = start < last[1] and any(m.fragments for m in (*joined[last], *group))
        if (last[1] == end or shared) and joined[last][0].label == group[0].label:
            whole = joined.pop(last)
            joined[(min(start, last[0]), end)] = [*whole, *group]
        else:
            joined[(start, end)] = list(group)
    return joined


def _place(mention: Mention, start: int) -> Span:
    """Return where a mention stands in a criterion that begins at `start`.

    One that a heading names ("Age:" over "18 and over") stands where its value does.
    """
    if mention.end > start:
        return mention.start, mention.end
    values = [value for value in mention.values if value.start >= start]
    return (values[0].start, values[0].end) if values else (start, start + 1)


def _is_target(mention: Mention, mentions: Sequence[Mention]) -> bool:
    """Tell whether a mention only qualifies or dates another one.

    "allergy to penicillin"; "bleeding after surgery".
    """
    others = [other for other in mentions if other is not mention]
    spans = [(q.start, q.end) for other in others for q in other.qualifiers]
    spans += [(w.start, w.end) for other in others for w in other.windows]
    return any(start <= mention.start and mention.end <= end for start, end in spans)


def targets(mentions: Sequence[Mention]) -> list[Mention]:
    """Return what an allergy, an intolerance or a contraindication is to: "penicillin"."""
    reactions = [m for m in mentions if pattern("reaction").search(m.text)]
    spans = [(q.start, q.end) for reaction in reactions for q in reaction.qualifiers]
    return [
        m
        for m in mentions
        if m not in reactions and any(a <= m.start and m.end <= b for a, b in spans)
    ]


def item_names(text: str, mentions: Sequence[Mention], *, listed: bool) -> list[Mention]:
    """Return a lead-in's words for its items: "agents" in "any of the following agents:".

    listed : whether the items are criteria of their own; else they follow a colon.
    """
    named = pattern("items_named")
    return [
        m
        for m in mentions
        if (listed or pattern("items_end").match(text, m.end))
        and named.search(text[max(0, m.start - 40) : m.start])
    ]


def topics(text: str, mentions: Sequence[Mention], *, listed: bool) -> list[Mention]:
    """Return what only says what follows is about: "Radiotherapy:" in "Radiotherapy: no prior TBI".

    Of treatments and organs alone: "Diabetes: HbA1c > 8 %" may ask for both.

    listed : whether what follows are criteria of their own.
    """
    first = mentions[0] if len(mentions) > 1 or (mentions and listed) else None
    if first is None or first.values or first.windows or first.negated:
        return []
    stands = pattern("topic").fullmatch(first.text) or pattern("organ").fullmatch(first.text)
    return [first] if stands and text[first.end : first.end + 3].strip().startswith(":") else []


def graded(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the bare "disease" beside the class it is of: "NYHA class III or IV disease"."""
    return [
        disease
        for scale, disease in pairwise(mentions)
        if disease.label == "CONDITION"
        and is_vague(disease)
        and not disease.qualifiers
        and any(v.unit in {"{class}", "{stage}", "{grade}"} for v in scale.values)
        and not text[max(v.end for v in scale.values) : disease.start].strip()
    ]


def definitions(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the conditions that a bound behind them defines: "hyperkalaemia, defined as K > 5.5".

    The bound stands for them. One with a time or a qualifier of its own says more than the bound,
    and of several bounds it is the case in which they count.
    """
    following = [*mentions[2:], None]
    return [
        named
        for (named, bound), then in zip(pairwise(mentions), following, strict=False)
        if named.label == "CONDITION"
        and not (named.values or named.windows or named.qualifiers or named.period)
        and bound.label == "MEASUREMENT"
        and any(v.low is not None or v.high is not None for v in bound.values)
        and pattern("defined_by").fullmatch(text[named.end : _first_word(bound)])
        and not (then and then.label == "MEASUREMENT" and "," in text[bound.end : then.start])
    ]


def _first_word(mention: Mention) -> int:
    """Return where a mention begins with the qualifiers before it: "serum potassium"."""
    return min([mention.start, *(q.start for q in mention.qualifiers)])


def defined(text: str, criterion: Span, mentions: Sequence[Mention]) -> tuple[Span, ...]:
    """Return the words that what follows defines: "adequate renal function, defined as".

    Where nothing with a bound follows there is no definition.
    """
    matches = pattern("defined").finditer(text, *criterion)
    return tuple(
        match.span()
        for match in matches
        if not any(
            v.low is not None or v.high is not None
            for m in mentions
            if match.start() <= m.start < match.end()
            for v in m.values
        )
    )


def asides(text: str, criterion: Span, mentions: Sequence[Mention]) -> list[Span]:
    """Return the brackets that only permit something: "Hb ≥ 9 g/dL (transfusion allowed)".

    Only beside a bound: behind what is denied they are an exception, with a condition a case.
    """
    found = []
    for aside in pattern("aside").finditer(text, *criterion):
        before = [m for m in mentions if m.start < aside.start()]
        bounded = before and before[-1].label == "MEASUREMENT" and before[-1].values
        inside = [m for m in mentions if aside.start() <= m.start < aside.end()]
        if bounded and not before[-1].negated and not any(m.values for m in inside):
            found.append(aside.span())
    return found


def bare_variables(mentions: Sequence[Mention]) -> list[Mention]:
    """Return the names of demographic variables beside their value: "Sex" in "Sex: female"."""
    bare = [m for m in mentions if pattern("bare").fullmatch(m.text) and not m.values]
    return bare if len(bare) < len(mentions) else []


def _is_sex_case(mention: Mention, mentions: Sequence[Mention]) -> bool:
    """Tell whether "men" names the case of a bound ("≥ 13 (men)"), no condition of its own."""
    return mention.label == "PERSON" and any(
        isinstance(v.guard, SexGuard) and -40 < mention.start - v.end < 25 and not mention.values
        for other in mentions
        for v in other.values
    )


def is_vague(mention: Mention) -> bool:
    """Tell whether a mention names no condition of its own ("any other serious illness")."""
    generic = lexicon("coverage").pattern("generic").fullmatch(mention.text)
    return generic is not None and not mention.values


def without_guards(text: str, mentions: Sequence[Mention]) -> str:
    """Return the text with blanks for the words that open a guard: "if" in "(≤ 5 if metastases)".

    They say in which case a bound holds, and are no condition of the whole.
    """
    guards = {m for mention in mentions for m in guard_mentions(mention)}
    for guard in (m for m in mentions if m.id in guards):
        before = text[: guard.start]
        cue = pattern("guard_cue").search(before, max(0, guard.start - 60))
        if cue is not None:
            text = before[: cue.start()] + " " * (guard.start - cue.start()) + text[guard.start :]
    return text


_JOINED = re.compile(r"\b(?:and/or|and|or)\b", re.IGNORECASE)


def _pair(text: str, group: Sequence[Mention], section: Section) -> Rule:
    """Return the node of mentions on the same characters.

    They are a blood pressure's two components, or alternatives ("severe or unstable asthma"); of
    "hepatic and renal failure" both are asked for, and either one excludes.
    """
    args = tuple(Is(m.id) for m in group)
    if any(m.component is None for m in group):
        asked = section != "exclusion" and not any(m.negated for m in group)
        both = asked and (_said_together(text, group) or all(map(_waits, group)))
        return AllOf(args) if both else AnyOf(args)
    above = any(v.low is not None and v.high is None for m in group for v in m.values)
    printed = sorted({(v.start, v.end) for m in group for v in m.values})
    said = [_JOINED.search(text, a[1], b[0]) for a, b in pairwise(printed) if a[1] < b[0]]
    if said and said[0]:  # "> 160 systolic and > 100 diastolic"
        above = said[0].group().lower() != "and"
    return AnyOf(args) if above else AllOf(args)


def _waits(mention: Mention) -> bool:
    """Tell whether a time must have passed since a mention: "3 months since A or B" is of both."""
    first = mention.fragments[0][0] if mention.fragments else mention.start
    waits = [w for w in mention.windows if w.low is not None and w.high is None]
    return any(w.role == "recency" and w.start < first for w in waits)


def _said_together(text: str, group: Sequence[Mention]) -> bool:
    """Tell whether "and" stands between the parts that are not shared: "hepatic and renal …"."""
    parts = sorted(span for m in group for span in (m.fragments or ((m.start, m.end),)))
    gaps = (text[a[1] : b[0]] for a, b in pairwise(parts) if a[1] < b[0])
    return any(re.fullmatch(r"[\s,]*\band\b\s*", gap, re.IGNORECASE) for gap in gaps)
