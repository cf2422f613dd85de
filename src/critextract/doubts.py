"""What looks read but is not: findings of a rule whose own words say that something is missing.

A number without a side, a name that names nothing, a test without a result: a rule that held them
would be wrong at full confidence. Each becomes an `Uncovered` with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from critextract import terms
from critextract.lexicon import lexicon
from critextract.schema import Mention, Uncovered, Value
from critextract.value_doubts import VALUE_CHECKS, denied_bounds, shared_counts

_SAYS_EQUAL = re.compile(r"\b(?:equals?|exactly)\b", re.IGNORECASE)
_ONE_MEMBER = re.compile(
    r"[A-E] (?!cell|lymph|and|or|as)[a-z]{4,}|(?:[Tt]ypes?|[Gg]roups?|[Gg]enotypes?) [A-Z\d]{1,2}$"
)

_NEEDLESS = re.compile(
    r"[\s)]*(?P<words>(?:is|are|was|were|will be) (?:required|necessary|needed|mandatory))\b"
)
_NOT_NEEDED = re.compile(r".*\bnot (?:be )?(?:required|necessary|needed|mandatory)", re.IGNORECASE)
_AND = re.compile(r"\s*(?:,?\s*\band\b|,|&)\s*", re.IGNORECASE)
_ORGAN = re.compile(r"(?:ic|al|ar|ary|ory|ous|oid)$")
_ONE_REGION = re.compile(r"head (?:and|&) neck.*", re.IGNORECASE)
_OPEN_END = re.compile(
    r"\s(?:or|and|for|of|the|with|to|in|on|by|(?-i:a)|an)$|(?<!chemo)(?<!radio)(?<!immuno)\b-$",
    re.IGNORECASE,
)
_VERB = re.compile(r"recovered|resolved|treated|removed|resected", re.IGNORECASE)
_IS_TIME = re.compile(r"any ?time|always|never|ever|currently|previously|recently", re.IGNORECASE)


def doubtful(text: str, mentions: Sequence[Mention]) -> list[Uncovered]:
    """Return what the mentions of a rule leave open, though nothing is uncovered.

    text : the record's text. mentions : those of the rule.
    """
    alone = [
        gap
        for mention in mentions
        for check in (CHECKS if mention.values else CHECKS_WITHOUT_VALUES)
        for gap in check(text, mention)
    ]
    between = (shared_results, before_dashes, denied_bounds, shared_counts)
    return [*alone, *(gap for check in between for gap in check(text, mentions))]


def before_dashes(text: str, mentions: Sequence[Mention]) -> list[Uncovered]:
    """Return the dashes between two mentions of more: "Coma - stroke, trauma or poisoning".

    What stands before may be a title, the whole of what follows, or a part of the list.
    """
    if len(mentions) < 3:
        return []
    found = []
    for first, second in pairwise(sorted(mentions, key=lambda m: m.start)):
        begin = min([second.start, *(q.start for q in second.qualifiers if q.start >= first.end)])
        dash = _DASH.fullmatch(text, first.end, begin)
        if dash and first.criterion == second.criterion:
            found.append(Uncovered(*dash.span(1), "what the dash joins is not said"))
    return found


def shared_results(text: str, mentions: Sequence[Mention]) -> list[Uncovered]:
    """Return the results in words that may be of the next test too: "normal labs and chest x-ray".

    So may that of a specimen's substance: "abnormal serum lactate, ammonia or carnitine".
    """
    found = []
    for test, other in pairwise(sorted(mentions, key=lambda m: m.start)):
        word = next((v for v in test.values if v.text_value and v.low is v.high is None), None)
        if word is None or word.end > test.start or other.values or test.end > other.start:
            continue
        apart = _JOINED_TEST.fullmatch(text, test.end, other.start) is None
        if apart or test.criterion != other.criterion:
            continue
        between = any(word.end <= q.start < test.start for q in test.qualifiers)
        if _is_test(other) or (between and _is_substance(other)):
            found.append(
                Uncovered(word.start, word.end, "the result may be of what is joined to it too")
            )
    return found


def _is_test(mention: Mention) -> bool:
    tested = mention.label in {"MEASUREMENT", "PROCEDURE", "OBSERVATION"}
    return tested and (mention.label == "MEASUREMENT" or _TEST.search(mention.text) is not None)


def _is_substance(mention: Mention) -> bool:
    """Tell whether a name is one word that is no known condition, or is one of the laboratory."""
    term = terms.lookup(mention.text)
    known = term is None or term.id.startswith("lab.")
    return known and " " not in mention.text and not _DISEASE.search(mention.text)


_JOINED_TEST = re.compile(
    r"\s*(?:(?:values?|levels?|results?|tests?|status|findings?)\s*)?"
    r"(?:,\s*(?:(?:and|or|and/or)\s+)?|/|\b(?:and|or|and/or)\b)\s*(?:(?:an?|the|serum|urine|plasma)\s+)*",
    re.IGNORECASE,
)
_TEST = re.compile(
    r"function|test|assay|x-?ray|scan|blot|\bE[CEK]G|echo|culture|smear|imaging|screen|panel|exam"
    r"|ultraso|untraso|muga|laborator|\blabs?\b|doppler|spirometr|serolog|antibod|antigen|urinalysis|biops|graph|gram\b",
    re.IGNORECASE,
)
_DISEASE = re.compile(r"(?:uria|emia|aemia|itis|osis|penia|pathy|plasia|oma|ism|ure|ancy)$", re.I)


def lone_numbers(text: str, mention: Mention) -> list[Uncovered]:
    """Return the numbers of a measure that print no side: "creatinine 1.5 mg/dL", its "≤" lost."""
    return [
        Uncovered(v.start, v.end, "which side of the number is meant is not said")
        for v in mention.values
        if _is_lone(text, v)
    ]


def _is_lone(text: str, value: Value) -> bool:
    """Tell whether a value is one point of a measure that has more than steps."""
    if value.low is None or value.low != value.high or value.text_value:
        return False
    before = text[max(0, value.start - 3) : value.start]
    if _SIGN_LOST.search(before) and text[value.start].isdigit():
        return True
    steps = value.unit is not None and value.unit.startswith("{") and not value.relative_to
    return not steps and not _SAYS_EQUAL.search(text, value.start, value.end)


_SIGN_LOST = re.compile(r"\w  $")
"""Two blanks before a number, between which a sign stood: "ECOG performance status  2"."""


def odd_pairs(text: str, mention: Mention) -> list[Uncovered]:
    """Return the second of two values that no case sets apart and that say one side, or one word.

    "≤ 1.5 × ULN (≤ 5 × ULN if …)" with a case not understood; "HIV negative HBsAg negative" with
    both words on one test; "< 100 or 100-300 with transferrin saturation < 20 %", which is no case.
    """
    del text
    found = []
    for a, b in pairwise(mention.values):
        sides = {_side(a), _side(b)}
        doubled = a.guard == b.guard and len(sides) == 1 and sides != {None}
        if doubled or (a.guard != b.guard and _apart(a, b)):
            found.append(Uncovered(b.start, b.end, "two bounds where one is looked for"))
    return found


def _side(value: Value) -> str | None:
    """Return the side a value bounds, or its word; None of a range, a set, a scale's letter."""
    if value.low is None and value.high is None:
        return value.text_value if value.text_value and len(value.text_value) > 1 else None
    if value.low is not None and value.high is not None:
        return None
    return "above" if value.high is None else "below"


def _apart(a: Value, b: Value) -> bool:
    """Tell whether two cases have no number in common, in one unit."""
    if (a.unit, a.relative_to) != (b.unit, b.relative_to) or a.low is None or b.high is None:
        return False
    return a.high is not None and b.low is None and b.high <= a.low


def graded(text: str, mention: Mention) -> list[Uncovered]:
    """Return the grade beside the bound it stands for: "creatinine ≤ 1.5 × ULN, grade 1"."""
    del text
    grades = [v for v in mention.values if v.unit == "{grade}"]
    if mention.label != "MEASUREMENT" or not 0 < len(grades) < len(mention.values):
        return []
    return [Uncovered(v.start, v.end, "a grade beside its bound") for v in grades]


def staged_treatments(text: str, mention: Mention) -> list[Uncovered]:
    """Return the stage that is no treatment's: "stage III and completed adjuvant therapy"."""
    del text
    if mention.label not in {"DRUG", "PROCEDURE", "DEVICE", "VISIT"}:
        return []
    staged = (v for v in mention.values if v.unit == "{stage}")
    return [Uncovered(v.start, v.end, "what is at this stage is not said") for v in staged]


def of_standard(text: str, mention: Mention) -> list[Uncovered]:
    """Return the number that is of a standard's name, no count: "Statistical Manual (DSM) 5"."""
    count = mention.count
    if count is None:
        return []
    names = lexicon("coverage").pattern("standards")
    places = names.finditer(text, max(0, count.start - 120), min(len(text), count.end + 40))
    inside = any(m.start() < count.start and count.end <= m.end() for m in places)
    return [Uncovered(count.start, count.end, "may be of the standard's name")] if inside else []


def nameless(text: str, mention: Mention) -> list[Uncovered]:
    """Return the words that name no condition of their own: "serious illness", "attention"."""
    del text
    says_more = any(
        q.kind not in {"severity", "acuteness", "stability"}
        and not lexicon("coverage").pattern("unsaying").fullmatch(q.value)
        for q in mention.qualifiers
    )
    if (
        (mention.values and not _VERB.fullmatch(mention.text))
        or says_more
        or not lexicon("coverage").pattern("nameless").fullmatch(mention.text)
    ):
        return []
    return [Uncovered(mention.start, mention.end, "which one is meant is not said")]


def of_what(text: str, mention: Mention) -> list[Uncovered]:
    """Return the parts of something that is not named beside them: "or any of the excipients"."""
    del text
    if lexicon("coverage").pattern("parts").fullmatch(mention.text) is None:
        return []
    return [Uncovered(mention.start, mention.end, "part of what is not said")]


def needless(text: str, mention: Mention) -> list[Uncovered]:
    """Return the words that ask for nothing: "(no HIV test is required)"."""
    if not mention.negated:
        return []
    cue = mention.negation_cue
    said = _NEEDLESS.match(text, mention.end)
    if said is None and cue is not None and _NOT_NEEDED.fullmatch(text, *cue):
        return [Uncovered(*cue, "asks for nothing")]
    return [Uncovered(*said.span("words"), "asks for nothing")] if said else []


def organs(text: str, mention: Mention) -> list[Uncovered]:
    """Return what joins the organs before one condition: "cardiac, renal and malignant disease".

    The condition is of any of them; the rule holds one of all.
    """
    if mention.label != "CONDITION":
        return []
    found = [q for q in mention.qualifiers if q.end <= mention.start]
    before = sorted((q.start, q.end) for q in found if q.kind == "site" or _ORGAN.search(q.value))
    parts = [*before, (mention.start, mention.end)]
    return [
        Uncovered(a, b, "either is enough")
        for (start, a), (b, end) in pairwise(parts)
        if _AND.fullmatch(text, a, b) and not _ONE_REGION.fullmatch(text[start:end])
    ]


def without_result(text: str, mention: Mention) -> list[Uncovered]:
    """Return the tests that are measured in a unit and print no result: "LDL" alone."""
    del text
    timed = any(w.unit for w in mention.windows)
    if mention.label != "MEASUREMENT" or mention.values or mention.qualifiers or timed:
        return []
    term = terms.lookup(mention.text)
    if term is None or not set(term.units) - {"1"}:
        return []
    return [Uncovered(mention.start, mention.end, "a measurement without a value")]


def run_together(text: str, mention: Mention) -> list[Uncovered]:
    """Return the names that run over a line's end into the next item, and those cut short."""
    name = text[mention.start : mention.end]
    if ("\n" in name and _NEXT_ITEM.search(name)) or (" " in name and _TWICE.search(name)):
        return [Uncovered(mention.start, mention.end, "two lines may be two items")]
    if _INNER_DASH.search(name):
        return [Uncovered(mention.start, mention.end, "what the dash joins is not said")]
    if _ONE_MEMBER.match(name) or _OPEN_END.search(name) or _IS_TIME.fullmatch(name):
        return [Uncovered(mention.start, mention.end, "the name is cut short")]
    return []


def either_time(text: str, mention: Mention) -> list[Uncovered]:
    """Return the second of two times either of which is enough: "is using or has used opioids"."""
    if mention.windows_op == "any":
        return []
    return [
        Uncovered(b.start, b.end, "either is enough")
        for a, b in pairwise(sorted(mention.windows, key=lambda w: w.start))
        if _OR_ONCE.search(text, a.end, b.start)
    ]


def before_or_now(text: str, mention: Mention) -> list[Uncovered]:
    """Return the word for the present of what is also past: "prior or concurrent malignancy"."""
    del text
    return [
        Uncovered(q.start, q.end, "either is enough")
        for q in mention.qualifiers
        if mention.period == "past" and _NOW.fullmatch(q.value)
    ]


def of_itself(text: str, mention: Mention) -> list[Uncovered]:
    """Return the times counted from the mention itself: "entered within 7 days of surgery"."""
    del text
    return [
        Uncovered(w.start, w.end, "what the time is about is not said")
        for w in mention.windows
        if w.reference_point == mention.id and w.unit
    ]


def beside_diagnosis(text: str, mention: Mention) -> list[Uncovered]:
    """Return "diagnosis or" before an event: of "diagnosis or treatment of X" either is enough."""
    before = _DIAGNOSIS.search(text[max(0, mention.start - 30) : mention.start])
    if before is None:
        return []
    begin = mention.start - len(before[0])
    return [Uncovered(begin, begin + len(before[1]), "either is enough")]


def if_any(text: str, mention: Mention) -> list[Uncovered]:
    """Return what must be in some way where it is at all: "brain metastases must be stable"."""
    if mention.label not in {"CONDITION", "DRUG", "PROCEDURE"}:
        return []
    said = any(
        q.kind == "stability" and _MUST_BE.fullmatch(text, mention.end, q.start)
        for q in mention.qualifiers
        if q.start > mention.end
    )
    doubt = Uncovered(mention.start, mention.end, "whether it is asked of all is not said")
    return [doubt] if said else []


_MUST_BE = re.compile(
    r"[^.;:,()]{0,80}?\b(?:must|should|shall|has to|have to|needs? to)"
    r"\s+(?:be|have been|remain|have remained)\s+(?:\w+ly\s+)*",
    re.IGNORECASE,
)


def listed_nouns(text: str, mention: Mention) -> list[Uncovered]:
    """Return the comma behind what is rather an item of its own: "T3, N1 tumour", "rods, stents".

    Adjectives before a comma qualify what follows; a noun or a stage may be one of a list.
    """
    return [
        Uncovered(q.end, mention.start, "what the comma joins is not said")
        for q in mention.qualifiers
        if q.kind == "other" and q.end < mention.start
        if _COMMA.fullmatch(text, q.end, mention.start) and not _QUALIFYING.search(q.value)
        if not _STAGES.match(text, q.start, mention.end)
    ]


_COMMA = re.compile(r"\s*,\s*")
_STAGES = re.compile(r"[cpy]*[TN][\dX][\w/-]*(?:\s(?:or|and)\s\w+)?,\s*[cpy]*[NM][\dX]")
_QUALIFYING = re.compile(
    r"(?:al|ic|ous|ar|ary|ive|ed|ing|[ai]ble|ent|ant|other|ory|ly|oid|ine|less|ful|free|open"
    r"|proven|known|naive|new|old|high|low|grade|stage|term|ER|HER2)$|^(?:type|axis|non)\b",
    re.IGNORECASE,
)
_DASH = re.compile(r"(?:\s+|(?<=\w))([-–—])\s+")
_NEXT_ITEM = re.compile(r"[a-z)]\s*\n\s*[A-Z][a-z]+\s+[a-z]")
_TWICE = re.compile(r"\b([a-z]{5,}) (?:Anti-)?(?=[A-Zh])(?i:\1)\b")
_INNER_DASH = re.compile(r"[a-z]{3}\s*[-–—] (?!and\b|or\b|/)[a-z]{3}", re.IGNORECASE)
_OR_ONCE = re.compile(r"\bor (?:has|have|had|was|were|previously|formerly)\b", re.IGNORECASE)
_NOW = re.compile(r"concurrent|concomitant|current|ongoing|simultaneous", re.IGNORECASE)
_DIAGNOSIS = re.compile(r"\b(diagnosis (?:and/)?or) $", re.IGNORECASE)

CHECKS_WITHOUT_VALUES = (
    of_standard, nameless, of_what, needless, organs, without_result, run_together, either_time,
    before_or_now, of_itself, beside_diagnosis, listed_nouns, if_any,
)  # fmt: skip
"""What is asked of a mention of a rule that has no values."""
CHECKS = (
    *CHECKS_WITHOUT_VALUES, lone_numbers, odd_pairs, graded, staged_treatments, *VALUE_CHECKS,
)  # fmt: skip
"""What is asked of each other mention of a rule."""
