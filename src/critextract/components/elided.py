"""Names of which a part is printed once: "hepatitis B or C", "suicidal ideation or behaviour".

Each becomes a mention of its own, in fragments; what the text says of one holds for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from critextract.components.attach import JOINED
from critextract.lexicon import Words
from critextract.schema import Join, Label, Mention

_LETTERED = Words(
    re.compile(
        r"(?P<name>(?:viral )?hepatitis|paratyphoid|ha?emophilia|influenza)\s(?P<first>[A-E])\b"
        r"(?P<rest>(?:\s*(?:/|,|,?\s*\b(?:or|and/or|and)\b)\s*[A-E]\b(?!\w|-))+)"
        r"(?P<tail>\s(?:virus(?:es)?|viral|fever)?\s?(?:infections?)?(?!\w))?",
        re.IGNORECASE,
    )
)
_LETTER = re.compile(r"\b[A-E]\b")
_SUICIDAL = re.compile(r"suicidal|homicidal", re.IGNORECASE)
_OF_SUICIDE = re.compile(
    r"(?:behaviou?rs?|ideations?|attempts?|thoughts?|intent(?:ions?)?|plans?)", re.IGNORECASE
)


def fill_names(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions with the names that share a printed part made whole."""
    return _suicidal(text, [new for group in _lettered(text, mentions) for new in group])


def _lettered(text: str, mentions: Sequence[Mention]) -> Iterator[list[Mention]]:
    """Yield one mention for each letter of "hepatitis B or C infection" in place of what stood."""
    places = list(_LETTERED.finditer(text))
    if not places:
        yield list(mentions)
        return
    done: set[int] = set()
    for mention in (_outside(m, places) for m in mentions):
        place = next((p for p in places if _overlaps(mention, p)), None)
        if place is None or mention.end > place.end() or not _whole(text, place):
            yield [mention]
        elif place.start() not in done and mention.label is Label.CONDITION:
            done.add(place.start())
            yield list(_members(text, mention, place))
        elif place.start() not in done:
            yield [mention]


def _outside(mention: Mention, places: Sequence[re.Match[str]]) -> Mention:
    """Return the mention without the qualifiers read from the letters of a name, or in its own."""
    spans = [place.span() for place in places]
    if any(place.start() < mention.end and mention.start < place.end() for place in places):
        spans.append((mention.start, mention.end))
    kept = tuple(q for q in mention.qualifiers if not any(a <= q.start < b for a, b in spans))
    return replace(mention, qualifiers=kept) if len(kept) < len(mention.qualifiers) else mention


def _overlaps(mention: Mention, place: re.Match[str]) -> bool:
    return mention.start < place.end() and place.start() < mention.end


def _whole(text: str, place: re.Match[str]) -> bool:
    """Tell whether what is named is the disease, no antigen of it nor a vaccine against it."""
    after = (
        r"\s*(?:\([^)]*\)\s*)?(?:surface|core|antigen|antibod|vaccin|serolog|rna|dna|test|titer)"
    )
    return re.match(after, text[place.end() :], re.IGNORECASE) is None


def _members(text: str, mention: Mention, place: re.Match[str]) -> Iterator[Mention]:
    letters = [place.span("first")]
    name = (min(mention.start, place.start()), place.end("name"))
    begin = place.start("rest")
    letters += [(begin + m.start(), begin + m.end()) for m in _LETTER.finditer(place["rest"])]
    tail = (place["tail"] or "").strip()
    end = place.end("tail")
    for n, (a, b) in enumerate(letters):
        spans = [name, (a, b)]
        if tail:
            spans.append((end - len(tail), end))
        fragments = _joined(text, spans)
        yield replace(
            mention,
            id=mention.id if n == 0 else f"{mention.id}e{n}",
            start=name[0],
            end=fragments[-1][1],
            fragments=fragments if len(fragments) > 1 else None,
            text=" ".join(text[x:y] for x, y in spans),
            windows_op=_op(text, mention, place),
            concept=None,
        )


def _op(text: str, mention: Mention, place: re.Match[str]) -> Join:
    """Return how the windows join, the "or" between the letters left aside."""
    if len(mention.windows) < 2:
        return mention.windows_op
    start = min(w.start for w in mention.windows)
    end = max(w.end for w in mention.windows)
    around = text[start : max(start, place.start())] + " " + text[min(end, place.end()) : end]
    return mention.windows_op if re.search(r"\bor\b", around, re.IGNORECASE) else "all"


def _joined(text: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the fragments, those with blanks alone between them as one."""
    out: list[tuple[int, int]] = []
    for start, end in spans:
        if out and not text[out[-1][1] : start].strip():
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return tuple(out)


def _suicidal(text: str, mentions: list[Mention]) -> list[Mention]:
    """Give "behaviour" its "suicidal": of "suicidal ideation or behaviour"."""
    for n in range(len(mentions) - 1):
        first, second = mentions[n], mentions[n + 1]
        adjective = _SUICIDAL.match(first.text)
        joined = JOINED.fullmatch(text, first.end, second.start)
        if adjective and joined and _OF_SUICIDE.fullmatch(second.text):
            start, end = first.start, first.start + len(adjective.group())
            mentions[n + 1] = replace(
                second,
                start=start,
                fragments=((start, end), (second.start, second.end)),
                text=f"{adjective.group()} {second.text}",
                concept=None,
            )
    return mentions


_MISUSE = re.compile(
    r"(?:abuse|misuse|dependenc[ey]|addiction|(?:ab)?use disorders?)", re.IGNORECASE
)


_MISUSE_LAST = re.compile(rf"\s({_MISUSE.pattern})$", re.IGNORECASE)
_ACTION = re.compile(
    r"(?:(?:strong|potent|moderate|weak) )?"
    r"(?:inhibitors?|inducers?|agonists?|antagonists?|blockers?|substrates?)",
    re.IGNORECASE,
)
_FRONTS = ((_MISUSE, _MISUSE_LAST), (_ACTION, re.compile(rf"\s({_ACTION.pattern})$", re.I)))
"""What a bare second name is, and with what the first ends."""
_SUBSTANCE = re.compile(
    r"(?:(?:illicit|recreational|illegal|street|prescription|intravenous|IV) )?"
    r"(?:alcohol|ethanol|tobacco|nicotine|drugs?|substances?|opioids?|opiates?|heroin|cocaine"
    r"|cannabis|marijuana|(?:meth)?amphetamines?|benzodiazepines?|barbiturates?|narcotics?"
    r"|sedatives?|stimulants?|hallucinogens?|inhalants?)",
    re.IGNORECASE,
)


def is_substance(mention: Mention) -> bool:
    """Tell whether a mention is the bare name of what may be abused."""
    bare = not (mention.values or mention.dose or mention.count or mention.fragments)
    return bare and _SUBSTANCE.fullmatch(mention.text) is not None


def is_apart(words: str, mention: Mention) -> bool:
    """Tell whether words before a name are a substance of their own: "alcohol or illicit drug"."""
    return _SUBSTANCE.fullmatch(words) is not None and mention.text.lower().endswith(
        ("drug", "drugs", "substance", "substances", "narcotics", "opioids", "opiates")
    )


def misuse_of(mention: Mention) -> str | None:
    """Return the "abuse" or "dependence" that a name ends with, None if it is of none."""
    noun = _MISUSE_LAST.search(mention.text)
    return noun[1] if noun else None


_LISTED = re.compile(
    rf"{_SUBSTANCE.pattern}(?:{JOINED.pattern}{_SUBSTANCE.pattern})*", re.IGNORECASE
)


def with_substances(text: str, mention: Mention) -> list[Mention]:
    """Return one mention for each substance before a bare "abuse": "alcohol or drug abuse"."""
    before = [q for q in mention.qualifiers if not text[q.end : mention.start].strip(" -")]
    said = next((q for q in before if q.end <= mention.start), None)
    if said is None or not _MISUSE.fullmatch(mention.text):
        return [mention]
    if not _LISTED.fullmatch(text, said.start, said.end):
        return [mention]
    kept = tuple(q for q in mention.qualifiers if q != said)
    places = [m.span() for m in _SUBSTANCE.finditer(text, said.start, said.end)]
    out = []
    for n, (start, end) in enumerate(places):
        last = not text[end : mention.start].strip()
        whole = text[start : mention.end] if last else f"{text[start:end]} {mention.text}"
        out.append(
            replace(
                mention,
                id=mention.id if n == 0 else f"{mention.id}s{n}",
                start=start,
                fragments=None if last else ((start, end), (mention.start, mention.end)),
                text=whole,
                qualifiers=kept,
                concept=None,
            )
        )
    return out


def share_misuse(text: str, mentions: list[Mention]) -> list[Mention]:
    """Give a bare "abuse" what is abused: of "drug or alcohol dependence or abuse".

    And "inducers" what they induce: of "CYP3A4 inhibitors or inducers". One mention for each of the
    substances before it; their other words stay theirs.
    """
    out: list[Mention] = []
    for mention in mentions:
        before = [m for m in out if out[-1].end == m.end]
        found = [
            _of_substance(text, m, mention, n)
            for n, m in enumerate(before)
            if JOINED.fullmatch(text, m.end, mention.start)
        ]
        whole = [m for m in found if m is not None]
        out += whole or [mention]
    return out


def _of_substance(text: str, first: Mention, bare: Mention, n: int) -> Mention | None:
    """Return the bare mention with the substance of the first, None if it names none."""
    nouns = [last.search(first.text) for word, last in _FRONTS if word.fullmatch(bare.text)]
    noun = next((found for found in nouns if found), None)
    if noun is None:
        return None
    start, end = first.fragments[0] if first.fragments else (first.start, first.end - len(noun[0]))
    end -= len(text[start:end]) - len(text[start:end].rstrip())
    qualifiers = tuple(q for q in first.qualifiers if q.end <= first.start)
    return replace(
        bare,
        id=bare.id if n == 0 else f"{bare.id}e{n}",
        start=start,
        fragments=((start, end), (bare.start, bare.end)),
        text=f"{text[start:end]} {bare.text}",
        qualifiers=(*qualifiers, *(q for q in bare.qualifiers if q not in qualifiers)),
        concept=None,
    )
