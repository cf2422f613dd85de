"""How two neighbours of a rule are linked: by the words between them.

A leaf is a mention, or characters no rule can hold (consent, judgement). What the words leave
open is named as a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Literal

from critextract.lexicon import Words, lexicon
from critextract.rules import Not, Rule
from critextract.schema import Mention, Uncovered, Value
from critextract.text import TRADE_MARKS

Span = tuple[int, int]
Link = Literal["or", "and", "list", "with", "example", "subject", "apart", "clause"]
IN_BRACKETS = "words in parentheses: example or definition"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A node and the characters it stands on.

    held : every range that belongs to it, values and windows too. cue : its negation's characters.
    qualifiers : the ranges of its qualifiers alone.
    """

    start: int
    end: int
    node: Rule
    mention: Mention | None = None
    cue: Span | None = None
    held: tuple[Span, ...] = ()
    qualifiers: tuple[Span, ...] = ()

    @property
    def kind(self) -> str | None:
        """Return the mention's label; what is done to a patient is of one kind."""
        label = self.mention.label if self.mention else None
        return "exposure" if label in {"DRUG", "PROCEDURE", "DEVICE", "VISIT"} else label


@dataclass(slots=True)
class Parsed:
    """A rule, the characters of the words that were read as structure, and open doubts.

    named : ids of mentions that the text permits or finds indifferent, and asks for nowhere.
    depth : how many exceptions and conditions are being read inside each other.
    """

    rule: Rule | None
    used: list[Span] = field(default_factory=list)
    doubts: list[Uncovered] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    depth: int = 0


@cache
def pattern(name: str) -> Words:
    """Return one pattern of ``lexicons/structure.json``."""
    return lexicon("structure").pattern(name)


def search_outside(
    pattern: Words, text: str, start: int, end: int, leaves: Sequence[Leaf]
) -> re.Match[str] | None:
    """Return the first match that lies in no leaf."""
    for match in pattern.finditer(text, start, end):
        if not any(leaf.start < match.end() and match.start() < leaf.end for leaf in leaves):
            return match
    return None


def gap_between(text: str, a: Leaf, b: Leaf) -> str:
    """Return the words between two leaves, in lower case, without what belongs to either."""
    start, end = a.end, max(a.end, _front(text, a, b))
    if start == end:
        return ""
    gap = [" " if char in TRADE_MARKS else char for char in text[start:end].lower()]
    sure = [m.span() for m in pattern("sure_or_not").finditer(text, start, end)]
    for left, right in ((start, _back(text, a, end)), *a.held, *b.held, *_joins(text, a, b), *sure):
        first, last = max(left, start) - start, min(right, end) - start
        if first < last:
            gap[first:last] = " " * (last - first)
    words = "".join(gap)
    if "(" in words:
        words = _EMPTY.sub(" ", words)
    return _OWN_TIME.sub("", words) if words.rstrip().endswith(("or", "and")) else words


_EMPTY = re.compile(r"\(\s*\)")
_OWN_TIME = re.compile(r"\b(?:existing|current|present|impending)\s+(?:or|and)\s*$")
_EITHER_TIME = re.compile(
    r"\b(?P<time>existing|current|present) or (?:impending|future|imminent|threatened)\s$", re.I
)
"""Before what is said of the second leaf alone: "tumours with existing or impending paralysis"."""
_BETWEEN_OWN = re.compile(r"[\s,/]*(?:(?:and|or|and/or)\b[\s,]*)?", re.IGNORECASE)
_LEADS_TO_OWN = re.compile(r"(?:(?!\b(?:and|or|nor|with|without)\b)[^,;:()/.])*", re.IGNORECASE)
_NEXT_MEMBER = re.compile(r"[\s)]*(?:,|\b(?:and|or)\b)", re.IGNORECASE)


def _front(text: str, a: Leaf, b: Leaf) -> int:
    """Return where a leaf begins with what stands before it: "head and neck", "past or current"."""
    words = [(w.start, w.end) for w in (b.mention.windows if b.mention else ()) if not w.unit]
    front = b.start
    for start, end in sorted({*b.qualifiers, *words} - {*a.held}, reverse=True):
        if a.end <= start < front and _BETWEEN_OWN.fullmatch(text, end, front):
            front = start
    return front


def _joins(text: str, a: Leaf, b: Leaf) -> list[Span]:
    """Return what joins two parts of the first leaf alone: "now or less than 2 weeks ago"."""
    own = sorted(span for span in {*a.held} - {*b.held} if a.end <= span[0] and span[1] <= b.start)
    gaps = [(left[1], right[0]) for left, right in pairwise(own) if left[1] < right[0]]
    return [gap for gap in gaps if _BETWEEN_OWN.fullmatch(text, *gap)]


def _back(text: str, a: Leaf, limit: int) -> int:
    """Return where a member of a list ends with what stands behind it: "allergy to penicillin"."""
    back = a.end
    for start, end in sorted(a.held):
        if back <= start and end <= limit and _LEADS_TO_OWN.fullmatch(text, back, start):
            back = end
    return back if _NEXT_MEMBER.match(text, back, limit) else a.end


def link_between(text: str, a: Leaf, b: Leaf, out: Parsed) -> Link:
    """Return how two neighbours are linked, by the words between them; doubts go to `out`."""
    gap = gap_between(text, a, b)
    example = pattern("example").search(gap)
    aside = text.rfind("(", 0, a.end) > text.rfind(")", 0, a.start) and ")" not in gap
    if aside and ";" in gap:  # "(bilirubin > 2 mg/dL; ALT > 3 × ULN)"
        gap = gap.replace(";", ",")
    if ";" in gap or ("." in gap and _SENTENCE_END.search(gap)):
        explicit = re.search(r"\b(and|or)\b", gap)
        return "or" if explicit and explicit.group() == "or" else "clause"
    if example:
        out.used.append((a.end + example.start(), a.end + example.end()))
        _doubt_times(a, b, out)
        _doubt_example(a, b, out)
        some = _SOME.search(text, a.end, b.start)
        if is_person(b) and not is_person(a):  # "a relative with gout (such as a child)"
            out.doubts.append(Uncovered(b.start, b.end, "what the examples are of"))
        if some is not None:  # "thrombosis, including patients with factor V Leiden"
            out.doubts.append(Uncovered(*some.span(), "what is included may be no case of it"))
        aim = _AIM.search(text, a.end, a.end + example.start())
        if (
            aim is not None and a.kind == "exposure"
        ):  # "statins for secondary prevention (e.g. heart failure)"
            out.doubts.append(Uncovered(*aim.span(), "what the examples are of"))
        return "example"
    either = _EITHER_TIME.search(text, a.end, b.start)
    if either and b.mention and not any(w.start == either.start() for w in b.mention.windows):
        out.doubts.append(Uncovered(*either.span("time"), "either is enough"))
    said = _connective(text, a, b, gap)
    _doubt_point(text, a, b, out)
    _doubt_reaction(text, a, b, out)
    if said == "or" and pattern("or_with").search(gap):
        place = (a.end + gap.index("or"), b.start)
        out.doubts.append(Uncovered(*place, "what it is joined to may be left out"))
    return said or _aside(text, a, b, gap, out)


_SENTENCE_END = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<=[a-z)])\.\s")
_LIST = re.compile(
    r",[\s,\-–()+]*(?:(?:an?|the|any|other|all|known|documented|suspected|confirmed|signs of"
    r"|(?:the )?(?:presence|evidence|diagnosis|history) of|(?:patients|subjects) (?:with|in)"
    r"|grade|class|stage|(?:receipt|use|administration) of|treatment with|exposure to"
    r"|(?:plann(?:ing|ed)|plans?|intend(?:s|ing)|scheduled|awaiting|considering|wish(?:es|ing)"
    r"|trying|attempting|desir(?:es|ing)|seeking)(?: (?:to|for))?"
    r"(?: (?:be|become|get|have|undergo|receive|start|use|take))?)\s+)*$"
)
"""What a member of a list begins with; the words before the comma are of the one before."""


_NOR, _OR = re.compile(r"\bnor\b"), re.compile(r"\bor\b|and/or")
_AND = re.compile(r"\band\b|\bas well as\b|\bplus\b|\balong with\b|&")
_TOGETHER = re.compile(r"\bco-?infect", re.IGNORECASE)
"""Behind a slash it is with both: "HCV/HIV co-infection"."""


def _connective(text: str, a: Leaf, b: Leaf, gap: str) -> Link | None:
    if gap.strip() == "/" and b.mention and _TOGETHER.search(b.mention.text):
        return "and"
    nor = _NOR.search(text[a.end : b.start].lower())  # itself a cue, so not in the gap
    if nor or _OR.search(gap) or gap.strip() == "/":
        return "or"
    if _AND.search(gap):
        return "and"
    opened = "(" in gap and ")" not in gap
    if not opened and "," in gap and _LIST.search(gap):
        return "list"
    return None


def _aside(text: str, a: Leaf, b: Leaf, gap: str, out: Parsed) -> Link:
    """Return the link of neighbours that no connective joins."""
    if re.search(r"\bi\.?e\b", text[a.end : b.start], re.IGNORECASE):
        out.doubts.append(Uncovered(b.start, b.end, "what is before it, in other words"))
        return "example"
    if pattern("state_by").search(text, a.end, b.start):
        out.doubts.append(Uncovered(b.start, b.end, "what the state before it is owed to"))
    if not gap.strip() and _bounds_apart(a, b):
        return "clause"  # "bilirubin ≤ 1.5 × ULN AST ≤ 3 × ULN", two lines once
    if "(" in gap and ")" not in gap:
        return _bracketed(text, a, b, out)
    if "PERSON" in {a.kind, b.kind} and _SHOWN.search(gap):  # "women as determined by hCG"
        out.doubts.append(Uncovered(b.start, b.end, "how the two belong together"))
    if is_person(a) != is_person(b) or (is_person(a) and not gap.strip()):
        return "subject"  # "adult men and women"
    if "PERSON" not in {a.kind, b.kind}:
        _doubt_one_thing(a, b, gap, out)
    return "with"


def _bracketed(text: str, a: Leaf, b: Leaf, out: Parsed) -> Link:
    """Return how what stands in brackets is linked to the name before it."""
    if isinstance(b.node, Not) or _measures(a, b):
        return "with"  # "asthma (no COPD)"; "heart failure (NYHA III)": its measure
    aged = is_person(a) and b.kind == "PERSON" and (_values(b) or _GROWN.fullmatch(_name(a)))
    if aged and not _OTHERS.search(text, b.end):
        return "subject"  # "children (aged 2 to 11)", "adults (men alone)"
    if _own_time(a, b):
        return "or"  # "4 weeks since X (6 weeks for Y)"
    out.doubts.append(Uncovered(b.start, b.end, IN_BRACKETS))
    return "example"


def _own_time(a: Leaf, b: Leaf) -> bool:
    """Tell whether both have a time with a number, the second its own before it."""
    first = a.mention.windows if a.mention else ()
    second = b.mention.windows if b.mention else ()
    own = any(w.unit and a.end <= w.start and w.end <= b.start for w in second if w not in first)
    return own and any(w.unit and w not in second for w in first)


_OTHERS = re.compile(
    r"\b(?:(?:fe)?males?|(?:wo)?men|girls?|boys?|adults|children)\b", re.IGNORECASE
)


_GROWN = re.compile(r"(?:adult|child|infant|adolescent|minor|p(?:a)?ediatric)\w*", re.IGNORECASE)
_SHOWN = re.compile(
    r"\b(?:determined|assessed|measured|evaluated|confirmed|shown|defined)\s+(?:by|on)\b"
)


def _name(leaf: Leaf) -> str:
    return leaf.mention.text if leaf.mention else ""


def _bounds_apart(a: Leaf, b: Leaf) -> bool:
    """Tell whether two variables stand side by side, the first one's bound between them."""
    measured = a.kind == b.kind == "MEASUREMENT" and bool(_values(b))
    between = any(a.end <= v.start and v.end <= b.start for v in _values(a))
    return measured and between and not any(v in _values(b) for v in _values(a))


_MORE = re.compile(r"\s*,?\s*(?:(?:and|or|and/or)\b|/)\s*(?:other\s+|an?\s+)?", re.IGNORECASE)


def _doubt_point(text: str, a: Leaf, b: Leaf, out: Parsed) -> None:
    """Name what a time may count from too: "asthma after aspirin or NSAIDs", "of dosing with X"."""
    for window in a.mention.windows if a.mention else ():
        point = window.reference_point or ""
        event = point[:1] in {"m", "E"} or point[:1].isdigit()
        dosed = _DOSED.search(text, window.start, window.end) and window.end <= b.start
        more = event and window.end <= b.start and _MORE.fullmatch(text, window.end, b.start)
        if more or (dosed and _DOSED_WITH.fullmatch(text, window.end, b.start)):
            out.doubts.append(Uncovered(b.start, b.end, "the time may count from it too"))


def _doubt_reaction(text: str, a: Leaf, b: Leaf, out: Parsed) -> None:
    """Name a drug that an allergy may be to as well: "allergy to latex or penicillin"."""
    reaction = a.mention is not None and pattern("reaction").search(a.mention.text) is not None
    back = max([end for start, end in a.held if start >= a.end], default=a.end)
    alone = b.kind == "exposure" and b.mention is not None and not b.mention.windows
    if reaction and alone and a.end < back <= b.start and _OR_TO.fullmatch(text, back, b.start):
        out.doubts.append(Uncovered(b.start, b.end, "what is before it may be to it too"))


def _doubt_example(a: Leaf, b: Leaf, out: Parsed) -> None:
    """Name a drug that only an allergy's example is: "allergy to any of its parts, e.g. latex"."""
    allergy = a.mention is not None and _ALLERGY.search(a.mention.text) is not None
    if allergy and b.kind == "exposure" and b.mention is not None and not b.mention.windows:
        out.doubts.append(Uncovered(b.start, b.end, "what is before it may be to it too"))


_ALLERGY = re.compile(r"allerg|sensitivit|intoleran|anaphyla", re.IGNORECASE)
_OR_TO = re.compile(r"[^\w,]*(?:,|,?\s*\b(?:or|and|and/or)\b)\s*(?:(?:any|other|the|to)\s+)*")
_DOSED = re.compile(
    r"(?:dosing|dose|treatment|therapy|administration|infusion|initiation|start)$", re.IGNORECASE
)
_DOSED_WITH = re.compile(r"\s+(?:with|of|by)\s+(?:\w+\s+)?", re.IGNORECASE)
_SOME = re.compile(r"\b(?:patients|subjects|participants|individuals|those)\b", re.IGNORECASE)
_AIM = re.compile(r"\bfor\b", re.IGNORECASE)


def _measures(a: Leaf, b: Leaf) -> bool:
    """Tell whether a bound in brackets is the measure of the condition before it."""
    said = [v for v in _values(b) if v.text_value and a.cue is None]  # "no gout (normal urate)"
    bounded = bool(said) or any(v.low is not None or v.high is not None for v in _values(b))
    return a.kind == "CONDITION" and not _values(a) and b.kind == "MEASUREMENT" and bounded


def _values(leaf: Leaf) -> tuple[Value, ...]:
    return leaf.mention.values if leaf.mention else ()


def _on_treatment(gap: str, b: Leaf) -> bool:
    """Tell whether "on" names what a patient takes, and no picture something is seen on."""
    treated = b.mention is not None and (
        b.mention.label == "DRUG" or pattern("treatment").search(b.mention.text) is not None
    )
    return gap.strip() in {"on", "while on"} and treated


def _doubt_times(head: Leaf, example: Leaf, out: Parsed) -> None:
    """Name a time that only one of a class and its example has: "X, e.g. Y, within 4 weeks".

    One that stands between them is of the example alone: "X, including a history of Y".
    """
    if head.mention is None or example.mention is None:
        return
    windows = {
        w
        for w in set(head.mention.windows) ^ set(example.mention.windows)
        if not (head.end <= w.start and w.end <= example.start)
    }
    if head.mention.period and head.mention.period == example.mention.period:
        windows = {w for w in windows if w.low is not None or w.high is not None}
    for window in sorted(windows, key=lambda w: w.start)[:1]:
        reason = "the time may hold for all that is named"
        out.doubts.append(Uncovered(window.start, window.end, reason))
    if head.mention.count is not None and example.mention.count is None:
        count = head.mention.count  # "no more than 2 lines of therapy, e.g. cisplatin"
        reason = "the number is of all that is named together"
        out.doubts.append(Uncovered(count.start, count.end, reason))


def _doubt_one_thing(a: Leaf, b: Leaf, gap: str, out: Parsed) -> None:
    """Name words that make two mentions one thing: "therapy for cancer", "drug induced fever".

    The rule asks for both, wherever they come from.
    """
    said = gap.strip()
    scale = any(m and m.label == "MEASUREMENT" and m.values for m in (a.mention, b.mention))
    if not a.mention or not b.mention or (not said and scale):
        return  # "Child-Pugh B cirrhosis": the class is of the disease
    if not said:
        out.doubts.append(Uncovered(b.start, b.end, "may be one thing with what is before it"))
    elif said.endswith(":") and a.kind == "CONDITION" and b.kind in {"CONDITION", "exposure"}:
        out.doubts.append(Uncovered(a.start, a.end, "what is before the colon may be what follows"))
    elif (
        a.mention.label == "VISIT" and b.kind == "CONDITION" and said in {"for", "for an", "for a"}
    ):
        out.used.append((a.end + gap.index(said), b.start))
    elif a.kind == "CONDITION" and _defines(gap, b):
        out.used.append((a.end + gap.index(said[0]), b.start))
    elif said == ")" and b.kind == "CONDITION":  # "anaemia (Hb < 9 g/dL) leukopenia", a list once
        out.doubts.append(Uncovered(b.start, b.end, "how the two belong together"))
    elif not pattern("side_by_side").fullmatch(gap) and not _on_treatment(gap, b):
        start = a.end + gap.index(said[0])
        out.doubts.append(Uncovered(start, start + len(said), "how the two belong together"))


def _defines(gap: str, b: Leaf) -> bool:
    """Tell whether the words say that what follows defines a condition, or is found in it.

    A test without a result is no finding.
    """
    if pattern("defined_by").fullmatch(gap):
        return b.kind in {"CONDITION", "MEASUREMENT"}
    test = b.mention is not None and pattern("examination").search(b.mention.text) is not None
    found = b.kind in {"CONDITION", "OBSERVATION"} and not test
    found = found or (b.kind == "MEASUREMENT" and bool(_values(b)))
    return found and pattern("shown_by").fullmatch(gap) is not None


def is_person(leaf: Leaf) -> bool:
    """Tell whether a leaf names people ("women"), not an age."""
    m = leaf.mention
    return m is not None and m.label == "PERSON" and not m.values
