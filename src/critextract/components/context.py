"""Negation, modality and experiencer of mentions: medspaCy's ConText with rules for eligibility.

Rules are data (``lexicons/context_rules.tsv``): a category, a direction, how many words the cue
reaches (``-``: to the end of its clause) and the cue's words, where ``{a|b|}`` stands for
alternatives. They are expanded to plain phrases, which ConText matches several times faster than
token patterns. ConText works on words of this module's own, so the result does not depend on the
pipeline's tokenizer, and nothing of it stays on the pipeline's `Doc`. `keep` then takes back the
edges that ConText's scopes draw too far.

Sources: Harkema 2009 (ConText), doi:10.1016/j.jbi.2009.05.002; Eyre 2021 (medspaCy).
"""

import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

from spacy.lang.en import English
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab, create_vocab

from critextract import extensions
from critextract.components.attach import aliases
from critextract.components.cue_rules import (
    BETWEEN,
    WORD,
    CueRule,
    lets_through,
    load_rules,
    starts,
    stopped,
    words_of,
)
from critextract.components.denials import carry_denials
from critextract.components.drafts import Candidate, ContextEdge
from critextract.schema import Label

GROUP = "targets"
NEAR = 4
"""Words between a cue and the nearest mention left of it that it reaches."""
LONGEST = 120
"""Words of a segment beyond which it is cut: no cue reaches that far."""

_ALSO = re.compile(r"\s*,?\s*\b(?:and/or|or|nor)\b\s*", re.IGNORECASE)
_BREAK = re.compile(r"[;?!•]|(?<!\b[nN]o)\.(?=\s+[A-Z(\d])|\.$")
_CARRIER = re.compile(
    r".*\b(?:history|evidence|signs?|symptoms?|findings?|diagnosis|presence|use|intake)\b\W*of\W*"
    r"(?:\w+\s+){0,2}",
    re.IGNORECASE,
)
"""A mention, a bar and words after it, where the mention says only that the next one exists."""
_GRADE = (
    r"(?:[≥≤<>=]+\s*)?(?:grade|stage|class)\s*(?:[≥≤<>=]+\s*)?[\dIVX]+[a-c]?"
    r"(?:\s*(?:-|–|/|to|or)\s*(?:[\dIVX]+|greater|higher|more|above|worse|less|lower))?\s+"
)
_LINK = re.compile(
    r"\s*(?:\([^()]{0,40}\)\s*)?(?:,|/|±|\+\s?/\s?-|,?\s*\b(?:and/or|or|and|nor|as well as)\b)"
    rf"(?:\s*(?:{_GRADE})?(?:(?!(?:is|are|was|were|has)\s)[-\w]+\s+){{0,3}})?",
    re.IGNORECASE,
)
"""What stands between two coordinated mentions: a comma or conjunction, a grade, modifiers."""

INTENDED = frozenset({"PLANNED", "HYPOTHETICAL"})
"""What is said of events, not of people."""
ATTRIBUTES: dict[str, dict[str, Any]] = {
    "NEGATED": {"negated": True},
    "HYPOTHETICAL": {"modality": "hypothetical"},
    "UNABLE": {"modality": "hypothetical"},  # and negated, see `_says`
    "UNCERTAIN": {"modality": "uncertain"},
    "PLANNED": {"modality": "planned"},
    "FAMILY": {"experiencer": "family"},
    "OTHER": {"experiencer": "other"},
}


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue that ConText linked to a target, in characters of the text."""

    rule: CueRule
    start: int
    end: int


def without(text: str, times: Sequence[tuple[int, int]], candidates: Sequence[Candidate]) -> str:
    """Return the text with blanks for the times that "or" and a mention follow."""
    for start, end in times:
        link = _ALSO.match(text, end)
        if link and not any(c.start < link.end() and start < c.end for c in candidates):
            text = text[:start] + " " * (end - start) + text[end:]
    return text


def segments(text: str, words: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield ranges of words that no cue reaches across: sentences, parts between semicolons."""
    ends = [bisect_left(words, (m.end(), 0)) for m in _BREAK.finditer(text)]
    first = 0
    for last in [*ends, len(words)]:
        while last - first > LONGEST:
            yield first, first + LONGEST
            first += LONGEST
        if last > first:
            yield first, last
            first = last


def reached(
    text: str, cue: Cue, targets: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return those of a cue's targets that it really reaches.

    Parameters
    ----------
    text : one criterion.
    cue : the cue; the rule's direction says which side of it counts.
    targets : characters of the mentions ConText linked to the cue.
    others : characters of the mentions beside the cue, all that share characters with it.

    A target that holds the cue does not negate itself, and a cue inside a mention says nothing
    about others; one that a mention is a part of does ("family history of"). Right of the cue the
    nearest target is reached, and those joined to it by coordination ("no stroke, TIA or MI"); of
    two that touch ("lung cancer screening") the last is the head. Left of the cue the same holds
    within the clause.
    """
    if any(a < cue.end and cue.start < b and not _inside(cue, a, b) for a, b in others):
        return []
    if cue.rule.direction == "BACKWARD":
        return _reached_before(text, cue, [t for t in targets if t[1] <= cue.start])
    return _reached_after(text, cue, [t for t in targets if t[0] >= cue.end])


def _inside(cue: Cue, start: int, end: int) -> bool:
    return cue.start <= start and end <= cue.end


def _reached_after(
    text: str, cue: Cue, targets: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    last, position = (cue.start, cue.end), cue.end
    for target in sorted(targets, key=lambda t: (t[0], -t[1])):
        if found and target[0] < position:  # nested in one already reached
            found.append(target)
            continue
        between = text[position : target[0]]
        if not found and not lets_through(cue.rule, text[cue.end : target[0]]):
            break
        if found and cue.rule.reach is not None:
            break
        beside = found and not between.strip(" -")
        if beside and not _GOES_WITH.match(text, *target):  # a compound: its last part is the head
            found = [t for t in found if t[1] <= last[0]]
        elif found and not beside and not _joined(cue, text[last[0] : position], between):
            break
        if found and _stands_alone(cue, between, text[target[1] :]):
            break
        if found and "," in between and _MUST.match(text, target[1]):
            break  # "in patients without metastases, bilirubin must be normal"
        last, position = target, target[1]
        if not starts(cue.rule.category, "AFTER", text[position : position + 40]):
            found.append(target)
    return found


_MUST = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:must|should|has to|have to|needs? to)\b", re.IGNORECASE
)
_GOES_WITH = re.compile(
    r"(?:wo)?m[ae]n\b|(?:fe)?males?\b|mothers?\b|girls?\b"
    r"|(?:therapy|therapies|treatments?|medications?|use|regimens?)$",
    re.IGNORECASE,
)
"""No heads of a compound: of "no pregnant or nursing women", "no A and B therapy" all is denied."""


def _joined(cue: Cue, mention: str, between: str) -> bool:
    """Tell whether what a cue says of a mention holds for the next one too."""
    if stopped(cue.rule.category, between, free=0):
        return False
    return bool(_LINK.fullmatch(between) or _CARRIER.fullmatch(f"{mention}|{between}"))


def _stands_alone(cue: Cue, between: str, after: str) -> bool:
    """Tell whether a comma begins something else: "contraindication to MRI, chronic pain".

    No "or" or "and" closes the list. What "no" or "history of" says goes on over commas alone.
    """
    said = cue.rule.category in {"HYPOTHETICAL", "PLANNED", "UNCERTAIN", "UNABLE"}
    open_ended = _COMMA.fullmatch(between) is not None and _CLOSED.match(after) is None
    return said and (open_ended or _OWN_HEAD.match(between) is not None)


_OWN_HEAD = re.compile(
    r"\s*,?\s*(?:(?:and/or|or|and)\s+)?(?:an?\s+)?(?:(?:known|prior|previous|personal|medical)\s+)*"
    r"(?:histor(?:y|ies)\s+of|presence\s+of|diagnosis\s+of|known|documented|confirmed|receiving"
    r"|taking)\b",
    re.IGNORECASE,
)
"""Words with which the next of a list begins anew: "contraindication to MRI or history of gout"."""
_COMMA = re.compile(r"\s*,(?!.*\b(?:and|or|nor)\b).*", re.IGNORECASE | re.DOTALL)
_CLOSED = re.compile(r"[^.;:()]*\b(?:and|or|and/or)\b", re.IGNORECASE)


def _reached_before(
    text: str, cue: Cue, targets: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    position = cue.start
    for target in sorted(targets, key=lambda t: (-t[1], t[0])):
        if found and target[1] > position:
            found.append(target)
            continue
        between = text[target[1] : position]
        near = len(words_of(between)) <= NEAR and not re.search("[,()]", between)
        if not (_LINK.fullmatch(between) if found else near):
            break
        found.append(target)
        position = target[0]
    return found


_TO = re.compile(r"[^a-z]*(?:(?:to|be|from|the|of|for|an?|any)\b[^a-z]*)*", re.IGNORECASE)


_NURSING = re.compile(r"breast[- ]?feeding|lactating|lactation|nursing", re.IGNORECASE)
_FORECAST = re.compile(r"(?:life[- ]?(?:expectancy|span)|survival)(?: time)?", re.IGNORECASE)
_SETTLED = re.compile(r"(?<!not )\b(?:proven|confirmed|verified|established)\s", re.IGNORECASE)


def _is_apart(text: str, cue: Cue, candidates: Sequence[Candidate], i: int) -> bool:
    """Tell whether what a cue says holds for the mention before this one, not for this one.

    "Planning a pregnancy or lactating": only the pregnancy is planned. "Suspected glioma, proven
    lymphoma": only the glioma is suspected. An "anticipated life expectancy" is no plan, and
    nobody is unable to have a disease ("unable to undergo MRI, or asthma").
    """
    start, end = candidates[i].start, candidates[i].end
    if cue.rule.category == "PLANNED" and _FORECAST.fullmatch(text, start, end):
        return True
    if not any(cue.end <= c.start and c.end <= start for c in candidates):
        return False
    if cue.rule.category == "UNABLE":
        return candidates[i].label is Label.CONDITION
    if cue.rule.category == "PLANNED":
        return _NURSING.fullmatch(text, start, end) is not None
    said = _SETTLED.search(text, cue.end, start) is not None
    return cue.rule.category == "UNCERTAIN" and said


def _says(text: str, cue: Cue, candidate: Candidate) -> dict[str, Any]:
    """Return what a cue says of a candidate.

    What somebody is unable or unwilling to do, or is prevented from, is negated ("unable to walk");
    what it would be done to or with is neither there nor not ("unable to undergo MRI").
    """
    said = ATTRIBUTES[cue.rule.category]
    if cue.rule.category != "UNABLE":
        return said
    done = candidate.label is Label.OBSERVATION or (
        cue.end <= candidate.start and _TO.fullmatch(text, cue.end, candidate.start) is not None
    )
    return ATTRIBUTES["NEGATED"] if done else said


class ContextReader:
    """ConText with the project's rules over plain text and candidates."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self.rules = load_rules()
        self.phrases = frozenset(
            tuple(WORD.findall(rule.phrase))
            for rule in self.rules
            if rule.direction in ("FORWARD", "BACKWARD")
        )
        self.signals: dict[str, set[tuple[int, int]]] = {}  # word to its place, phrase's length
        for phrase in self.phrases:
            signal = max(phrase, key=len)
            self.signals.setdefault(signal, set()).add((phrase.index(signal), len(phrase)))
        self.context = self._context()

    def _context(self) -> Any:
        """Build ConText; importing medspaCy mutes all warnings, which is undone here."""
        with warnings.catch_warnings():
            from medspacy.context import ConText, ConTextRule
        language = SimpleNamespace(vocab=self.vocab, tokenizer=self._doc_of)
        context = ConText(
            language, rules=None, span_attrs=None, input_span_type="group", span_group_name=GROUP
        )
        context.add(
            [
                ConTextRule(
                    rule.phrase,
                    rule.category,
                    direction=rule.direction,
                    max_scope=rule.reach,
                    metadata={"rule": rule},
                )
                for rule in self.rules
                if rule.direction not in BETWEEN
            ]
        )
        number = [{"LOWER": "no"}, {"ORTH": "."}, {"IS_DIGIT": True}]
        context.add(ConTextRule("no. 1", "PSEUDO", pattern=number, direction="PSEUDO"))
        return context

    def _doc_of(self, text: str) -> Doc:
        return self._doc([text[a:b] for a, b in words_of(text)])

    def _doc(self, words: list[str]) -> Doc:
        starts: list[bool | int | None] = [i == 0 for i in range(len(words))]
        return Doc(self.vocab, words=words, sent_starts=starts)

    def find(
        self,
        text: str,
        candidates: Sequence[Candidate],
        times: Sequence[tuple[int, int]] = (),
    ) -> list[ContextEdge]:
        """Return what the cues of a criterion's clean text say about its candidates.

        Parameters
        ----------
        text : one criterion.
        candidates : its mentions, offsets in `text`, in any order, nested ones included.
        times : characters of its windows between mentions of a list, over which a cue reaches
            ("no stroke within 3 months or embolism within 6 months").

        Returns
        -------
        Edges in order of candidate; of each attribute at most one a candidate, the nearest cue's.
        """
        short = aliases(text, candidates)  # "no X (Y) or Z": of Y is said what is said of X
        text = without(text, times, candidates)
        for long, n in short.items():
            start, end = candidates[long].end, candidates[n].end + 1
            text = text[:start] + " " * (end - start) + text[end:]
        words = words_of(text)
        places = [(c.start, c.end) for c in candidates]
        ordered = sorted(places)
        longest = max((end - start for start, end in places), default=0)
        found: dict[tuple[int, str], tuple[int, Cue]] = {}
        for first, last in segments(text, words):
            for cue, targets in self._cues(text, words[first:last], candidates):
                near = bisect_left(ordered, (cue.start - longest,))
                others = ordered[near : bisect_left(ordered, (cue.end,))]
                kept = set(reached(text, cue, [places[i] for i in targets], others))
                for i in targets:
                    if candidates[i].label is Label.PERSON and cue.rule.category in INTENDED:
                        continue  # "planning surgery and women who nurse", "female candidates"
                    start, end = places[i]
                    if _is_apart(text, cue, candidates, i):
                        continue
                    gap = max(start - cue.end, cue.start - end)
                    key = (i, next(iter(ATTRIBUTES[cue.rule.category])))
                    if places[i] in kept and (key not in found or gap < found[key][0]):
                        found[key] = (gap, cue)
        for (i, attribute), said in list(found.items()):
            if i in short:
                found.setdefault((short[i], attribute), said)
        edges = [
            ContextEdge(i, cue.start, cue.end, **_says(text, cue, candidates[i]))
            for (i, _), (_, cue) in sorted(found.items(), key=lambda item: item[0])
        ]
        return carry_denials(text, candidates, edges)

    def _holds_cue(self, words: list[str]) -> bool:
        """Tell whether the phrase of any cue stands in the words of a segment, in lower case."""
        return any(
            place <= i and tuple(words[i - place : i - place + length]) in self.phrases
            for i, word in enumerate(words)
            if word in self.signals
            for place, length in self.signals[word]
        )

    def _cues(
        self, text: str, places: Sequence[tuple[int, int]], candidates: Sequence[Candidate]
    ) -> Iterator[tuple[Cue, list[int]]]:
        """Yield ConText's links in one segment: each cue with its candidates' indices."""
        words = [text[a:b] for a, b in places]
        if not self._holds_cue([word.lower() for word in words]):
            return
        starts, ends = [a for a, _ in places], [b for _, b in places]
        inside = [
            i
            for i, c in enumerate(candidates)
            if starts[0] <= c.start < ends[-1] and text[c.start : c.end].strip()
        ]
        if not inside:
            return
        doc = self._doc(words)
        spans = []
        for i in inside:
            first = bisect_right(starts, candidates[i].start) - 1
            last = bisect_left(ends, min(candidates[i].end, ends[-1])) + 1
            spans.append(Span(doc, first, last, label=candidates[i].label, span_id=str(i)))
        doc.spans[GROUP] = spans
        targets: dict[Cue, list[int]] = {}
        for target, modifier in self.context(doc)._.context_graph.edges:
            a, b = modifier.modifier_span
            cue = Cue(modifier.rule.metadata["rule"], places[a][0], places[b - 1][1])
            targets.setdefault(cue, []).append(int(target.id_))
        yield from targets.items()


@cache
def load_context() -> ContextReader:
    """Return a reader with a vocabulary of its own, for use without a pipeline."""
    return ContextReader(create_vocab("en", English.Defaults))


class ContextMatcher:
    """Add ``doc._.critextract_edges``: what cues say about ``doc._.critextract_candidates``."""

    def __init__(self, reader: ContextReader) -> None:
        self.reader = reader

    def __call__(self, doc: Doc) -> Doc:
        """Find the edges of one criterion."""
        candidates = doc._.critextract_candidates
        times = [
            (time.window.start, time.window.end)
            for time in doc._.critextract_times
            if time.window.unit is not None
        ]
        edges = self.reader.find(doc.text, candidates, times) if candidates else []
        extensions.put(doc, "edges", edges)
        return doc


@Language.factory("critextract_context")
def make_context_matcher(nlp: Language, name: str) -> Callable[[Doc], Doc]:  # noqa: ARG001
    """Build the component; medspaCy is imported here and nowhere else."""
    return ContextMatcher(ContextReader(nlp.vocab))
