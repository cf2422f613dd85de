"""What the annotators of a corpus link to what, in the configurations that follow one.

Annotators leave out times and values that say nothing to them, tie what is said of a list to one
member of it, or call an exception negated: habits of theirs that change no meaning. A learned
scorer tells which links they make (`critextract.learn.followed`): of those the program found, and
of those between their own words for a time or a denial and the mentions around them.

All of it happens after rules are made, which are told by what was read: a time or value that they
do not link is taken off its mention and named as not covered, what they link besides is put on, and
words go as far as theirs ("History" or "History of").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Literal, TypeVar

from critextract.components.drafts import Drawn
from critextract.components.weights import FOLLOWED_FILE, load_weights, probability
from critextract.rules import asserted, walk
from critextract.schema import Criterion, Mention, Qualifier, Record, Uncovered, Value, Window

Kind = Literal["TEMPORAL", "VALUE", "NEGATION"]
Range = tuple[int, int]
_Part = TypeVar("_Part", Qualifier, Value, Window)

RIGHT, LEFT = 3, 2
"""Mentions after and before an annotators' span that it may be about."""
ONE_MENTION = {("chia", "TEMPORAL"), ("chia", "NEGATION")}
"""Where what is said of a list is tied to one member: Chia ties the others to the list itself."""
UNLINKED = "not linked by the annotators"
"""Why a time or value is not covered."""
_TOKEN = re.compile(r"\w+|[^\w\s]")
_DIGITS = re.compile(r"\d+")
_STEPS = (0, 1, 2, 4, 8, 16, 32, 64, 128)
_LONG = (20, 40, 60, 100, 200, 400)


@dataclass(frozen=True, slots=True)
class Link:
    """A mention and the characters of a time, value or cue.

    said : the program found it; else the characters are the annotators' and it is a proposal.
    """

    mention: Mention
    start: int
    end: int
    said: bool

    @property
    def place(self) -> Range:
        """The characters."""
        return self.start, self.end


class Links:
    """The links of one kind that a record has or might have, and what is known of them.

    Parameters
    ----------
    spans : the annotators' words, in the offsets of the record's text.
    """

    def __init__(self, kind: Kind, record: Record, spans: Iterable[Drawn]) -> None:
        self.kind, self.record = kind, record
        self.spans = [span for span in spans if span.label == kind]
        own = [Link(m, *place, True) for m in record.mentions for place in places(kind, m)]
        self.sharing: dict[Range, list[Range]] = defaultdict(list)
        for link in own:
            self.sharing[link.place].append((link.mention.start, link.mention.end))
        self.all = own if kind == "VALUE" else [*own, *self._proposed(own)]

    @cached_property
    def criteria(self) -> dict[str, Criterion]:
        """The criteria by id."""
        return {criterion.id: criterion for criterion in self.record.criteria}

    @cached_property
    def mentions(self) -> dict[str, list[Mention]]:
        """The mentions by their criterion, in text order."""
        found: dict[str, list[Mention]] = defaultdict(list)
        for mention in self.record.mentions:
            found[mention.criterion].append(mention)
        return found

    @cached_property
    def asserted(self) -> frozenset[str]:
        """The ids of mentions that a rule neither denies nor takes out of something."""
        rules = (criterion.rule for criterion in self.record.criteria if criterion.rule)
        return frozenset(chain.from_iterable(asserted(rule) for rule in rules))

    @cached_property
    def exceptions(self) -> frozenset[str]:
        """The ids of mentions that a rule takes out of something."""
        rules = [criterion.rule for criterion in self.record.criteria if criterion.rule]
        nodes = (node for rule in rules for node in walk(rule) if node.op == "except")
        taken = (leaf for node in nodes for arg in node.args[1:] for leaf in walk(arg))
        return frozenset(leaf.mention for leaf in taken if leaf.op == "is")

    def _proposed(self, own: Sequence[Link]) -> Iterator[Link]:
        """Yield the annotators' spans with the mentions around them that they are not linked to.

        A time that the program has linked to anything is not proposed for others, nor a denial
        for what a rule asserts.
        """
        for span in self.spans:
            known = {link.mention.id for link in own if span.meets(link)}
            if known and self.kind == "TEMPORAL":
                continue
            if self.kind == "NEGATION":
                known |= self.asserted
            for criterion in self.record.criteria:
                if criterion.start <= span.start < criterion.end:
                    near = _around(self.mentions.get(criterion.id, ()), span)
                    yield from (
                        Link(m, span.start, span.end, False) for m in near if m.id not in known
                    )

    def features(self, link: Link) -> Iterator[str]:
        """Yield the features of a link that hold."""
        mention, text = link.mention, self.record.text
        said = "said" if link.said else "new"
        words = _DIGITS.sub("0", text[link.start : link.end].lower()).split() or [""]
        drawn = any(span.meets(link) for span in self.spans)
        side, gap = _between(text, mention, link)
        tokens = _TOKEN.findall(gap.lower())
        yield said
        yield f"words {' '.join(words)}"
        yield f"first {words[0]}"
        yield f"first {words[0]} {drawn}"
        yield f"last {words[-1]}"
        yield f"{said} drawn {drawn}"
        yield f"drawn {any(link.place == (span.start, span.end) for span in self.spans)}"
        yield f"{side} drawn {drawn}"
        yield f"{said} {side} gap {_step(len(gap), _STEPS)}"
        yield f"{said} {side} tokens {min(len(tokens), 8)}"
        yield from (f"gap {token}" for token in sorted(set(tokens[:12])))
        if len(tokens) <= 2:
            yield f"{side} gap {' '.join(tokens)}"
        yield from self._list_features(link, said)
        yield from self._mention_features(link, said, side, words[0])
        yield from self._line_features(link, side)

    def _list_features(self, link: Link, said: str) -> Iterator[str]:
        sharing = sorted(self.sharing.get(link.place, ()))
        own = (link.mention.start, link.mention.end)
        many, rank = len(sharing), sharing.index(own) if own in sharing else 9
        yield f"{said} shared {min(many, 4)}"
        yield f"{said} rank {min(rank, 2)} of {min(many, 3)}"
        yield f"{said} last {rank == many - 1} of {min(many, 3)}"
        if self.kind == "NEGATION":
            yield f"{said} exception {link.mention.id in self.exceptions} {many}"

    def _mention_features(self, link: Link, said: str, side: str, first: str) -> Iterator[str]:
        mention, text = link.mention, self.record.text
        lo, hi = min(mention.end, link.end), max(mention.start, link.start)
        passed = sum(lo <= m.start and m.end <= hi for m in self.mentions[mention.criterion])
        before = _TOKEN.findall(text[max(0, mention.start - 25) : mention.start].lower())
        after = _TOKEN.findall(text[mention.end : mention.end + 25].lower())
        name = mention.text.split()
        yield f"{said} {side} passed {min(passed, 4)}"
        yield mention.label
        yield f"{mention.label} {side} {said}"
        yield from (f"before {token}" for token in before[-1:])
        yield from (f"after {token}" for token in after[:1])
        yield f"name {name[-1].lower() if name else ''}"
        yield f"name of {min(len(name), 5)}"
        yield f"confidence {int(mention.confidence * 10)}"
        yield f"windows {min(3, len(mention.windows))}"
        yield f"values {min(2, len(mention.values))}"
        yield f"negated {mention.negated}"
        yield f"period {mention.period}"
        yield mention.modality
        if self.kind == "NEGATION":
            yield f"exception {first} {mention.id in self.exceptions}"

    def _line_features(self, link: Link, side: str) -> Iterator[str]:
        criterion = self.criteria[link.mention.criterion]
        inside = criterion.start <= link.start < criterion.end
        yield f"own line {inside}"
        yield criterion.section
        yield f"line {_step(criterion.end - criterion.start, _LONG)}"
        yield f"{side} at {_step(link.start - criterion.start, _STEPS)}"
        for window in link.mention.windows:
            if (window.start, window.end) == link.place:
                yield f"direction {window.direction}"
                yield f"unit {window.unit}"
                yield f"role {window.role}"
                yield f"reference {window.reference_point}"


def places(kind: Kind, mention: Mention) -> list[Range]:
    """Return the characters of a mention's times, values or cue."""
    if kind == "NEGATION":
        return [mention.negation_cue] if mention.negated and mention.negation_cue else []
    parts = mention.windows if kind == "TEMPORAL" else mention.values
    return list(dict.fromkeys((part.start, part.end) for part in parts))


def _around(mentions: Sequence[Mention], span: Drawn) -> list[Mention]:
    after = [m for m in mentions if m.start >= span.start][:RIGHT]
    return [*after, *[m for m in mentions if m.end <= span.start][-LEFT:]]


def _between(text: str, mention: Mention, link: Link) -> tuple[str, str]:
    """Return the side of the mention on which the characters stand, and the words between."""
    if link.start >= mention.end:
        return "after", text[mention.end : link.start]
    if link.end <= mention.start:
        return "before", text[link.end : mention.start]
    return "in", ""


def _step(number: int, steps: Sequence[int]) -> int:
    return sum(number > step for step in steps)


def annotated(links: Links, corpus: str) -> list[Link]:
    """Return the links that the annotators of a corpus are likely to make."""
    weights = load_weights(f"{corpus} {links.kind}", FOLLOWED_FILE)
    least = load_weights("least", FOLLOWED_FILE)[f"{corpus} {links.kind}"]
    chances = ((link, probability(weights, links.features(link))) for link in links.all)
    return chosen(links, [(link, p) for link, p in chances if p >= least], corpus)


def chosen(links: Links, likely: Sequence[tuple[Link, float]], corpus: str) -> list[Link]:
    """Return the likely links; of those of one expression the likeliest, where that is a habit."""
    if (corpus, links.kind) not in ONE_MENTION:
        return [link for link, _ in likely]
    best: dict[Range, tuple[float, Link]] = {}
    for link, chance in likely:
        drawn = next(((s.start, s.end) for s in links.spans if s.meets(link)), link.place)
        if drawn not in best or chance > best[drawn][0]:
            best[drawn] = chance, link
    return [link for _, link in best.values()]


def as_annotated(record: Record, spans: Sequence[Drawn], corpus: str) -> Record:
    """Return a compiled record with the links and the characters of a corpus' annotators.

    Times and values that they do not link are named as uncovered; values of cases stay together.
    Times that they link and the program does not get no bounds.
    """
    times = annotated(Links("TEMPORAL", record, spans), corpus)
    values = annotated(Links("VALUE", record, spans), corpus)
    denials = annotated(Links("NEGATION", record, spans), corpus)
    kept = {(link.mention.id, *link.place) for link in (*times, *values) if link.said}
    new = [link for link in times if not link.said]
    cues = {link.mention.id: link.place for link in denials}
    mentions = [_relinked(mention, kept, new, cues.get(mention.id)) for mention in record.mentions]
    left = [
        (mention, part)
        for mention, after in zip(record.mentions, mentions, strict=True)
        for part in _bounds(mention)
        if part not in _bounds(after)
    ]
    return replace(
        record,
        mentions=tuple(redrawn(mention, spans) for mention in mentions),
        criteria=_naming(record.criteria, left),
    )


def _bounds(mention: Mention) -> tuple[Value | Window, ...]:
    return *mention.windows, *mention.values


def _relinked(
    mention: Mention,
    kept: set[tuple[str, int, int]],
    new: Sequence[Link],
    cue: Range | None,
) -> Mention:
    added = [Window(link.start, link.end) for link in new if link.mention.id == mention.id]
    windows = (w for w in mention.windows if (mention.id, w.start, w.end) in kept)
    values = mention.values
    if not any(value.guard is not None for value in values):
        values = tuple(v for v in values if (mention.id, v.start, v.end) in kept)
    return replace(
        mention,
        windows=(*windows, *added),
        values=values,
        negated=cue is not None or (mention.negated and mention.negation_cue is None),
        negation_cue=cue,
    )


def _naming(
    criteria: Sequence[Criterion], left: Sequence[tuple[Mention, Value | Window]]
) -> tuple[Criterion, ...]:
    """Return the criteria with what was left out named, in the one that holds its characters."""
    by_id = {criterion.id: criterion for criterion in criteria}
    for mention, part in left:
        gap = Uncovered(part.start, part.end, UNLINKED)
        name: str | None = mention.criterion
        while name is not None:
            one = by_id[name]
            if one.start <= part.start < one.end and gap not in one.uncovered:
                one = replace(one, uncovered=(*one.uncovered, gap))
            if one.status == "exact":
                one = replace(one, status="partial")
            by_id[name], name = one, one.parent
    return tuple(by_id[criterion.id] for criterion in criteria)


def redrawn(mention: Mention, spans: Sequence[Drawn]) -> Mention:
    """Return the mention with its parts' characters as in `spans`."""
    return replace(
        mention,
        values=tuple(_drawn(v, spans, "VALUE") for v in mention.values),
        windows=tuple(_drawn(w, spans, "TEMPORAL") for w in mention.windows),
        qualifiers=tuple(_drawn(q, spans, "QUALIFIER") for q in mention.qualifiers),
    )


def _drawn(part: _Part, spans: Sequence[Drawn], label: str) -> _Part:
    """Return the part with the characters of the span that shares most with it, if any does."""
    near = [span for span in spans if span.label == label and span.meets(part)]
    if not near:
        return part
    best = max(near, key=lambda span: min(part.end, span.end) - max(part.start, span.start))
    return replace(part, start=best.start, end=best.end)
