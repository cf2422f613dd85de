"""Mentions: the spans of the trained model and the terms of the lexicons, merged into candidates.

The model's spans are `Doc.ents` (its ner runs before this stage). Its labels VALUE, TEMPORAL and
NEGATION belong to the grammars: they stay in `Doc.ents`, and make no candidate here.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from critextract import extensions
from critextract.changes import replace
from critextract.components.drafts import Candidate, QualifierCandidate
from critextract.components.front_words import beside, cut_front, ended, is_beside
from critextract.components.organs import at_sites, join_of, with_organs
from critextract.components.proofs import proven, without_proof
from critextract.components.qualifiers import (
    find_qualifiers,
    load_lexicon,
    qualifier_kind,
    requirements,
)
from critextract.components.through_brackets import join_through_brackets, with_looser_forms
from critextract.schema import Label
from critextract.term_phrases import find_phrases
from critextract.terms import find_terms

LABELS = frozenset(map(str, Label))
ADVERB = re.compile(r"[A-Za-z]{4,}ally|[A-Za-z]{4,}ically")
"""A word that says how, and is no mention of its own ("histologically")."""
NON_NAME = re.compile(
    r"hodgkin|small|squamous|melanoma|alcoholic|isch?aemic|st[ -]|steroidal|invasive|valvular"
    r"|[a-z]+(?:ic|al|ous|oid|ive|ary)\s+[a-z]",
    re.IGNORECASE,
)
"""Words that make a name with "non-" before them ("non-Hodgkin lymphoma")."""
NON_KIND = re.compile(
    r"(?!child|breast|pregnan|lactat|nurs|smok|drink|tobacco|menopaus|fertil|english|ambulat|vaccin"
    r"|hospitali|caucasian|white|(?:\w+[ -])+(?:infected|positive|user|dependent$|exposed|treated)"
    r"|(?:alcohol|drug|tobacco|substance) use)"
    r"[a-z\d][\w-]*\s+[a-z]|insulin-",
    re.IGNORECASE,
)
"""Words of a disease or drug of which "non-" before them denies the first alone."""
PEOPLE = re.compile(
    r"\s*(?:patients?|subjects?|participants?|volunteers?|controls?|individuals|persons?|people"
    r"|(?:wo)?m[ae]n|(?:fe)?males?|children|adults|users?)\b",
    re.IGNORECASE,
)
OUTSIDE = re.compile(
    r"(?:no|neither|nor|without|never|denies|denied|deny|minimum)\s+(?=\S)", re.IGNORECASE
)
"""Words that deny what a name says, or bound it, and are no part of the name."""
AGREED_TRUST, DISPUTED_TRUST, LEXICON_TRUST = 0.79, 0.43, 0.23
"""Measured on held-out lines: how often a mention has the annotated label and characters where
model and lexicon agree, where only their labels differ, and where the lexicon stands alone."""
MODEL_WINS = frozenset({(Label.PROCEDURE, Label.DEVICE)})
"""Labels (model's, term's) on the same characters of which the model was right more often."""
UNMEASURED = 0.5
"""Confidence of a phrase, and of a model span of a length the model's own table does not hold."""


def model_candidates(doc: Doc, table: dict[str, list[float]]) -> list[Candidate]:
    """Return the model's mentions in text order.

    table : by label, the measured precision of spans of 1, 2 … tokens, the last for longer ones.
    """
    text = doc.text
    named = [ent for ent in doc.ents if ent.label_ in LABELS]
    found = [(ent, trimmed(text, ent.start_char, ent.end_char)) for ent in named]
    found = [
        (ent, with_non(text, *place) if ent.label_ in KINDS else place) for ent, place in found
    ]
    return [
        Candidate(Label(ent.label_), start, end, "model", None, _trust(ent, table))
        for ent, (start, end) in found
        if start < end and not ADVERB.fullmatch(text, start, end)
    ]


def with_non(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a name's range with the "non-" that denies its first word: "non-CNS tumour".

    Not of the people described: "non-sickle cell disease patients" lack the disease.
    """
    before = _NON_BEFORE.search(text, max(0, start - 5), start)
    if before is None or PEOPLE.match(text, end) or not NON_KIND.match(text, start, end):
        return start, end
    return before.start(), end


_NON_BEFORE = re.compile(r"\bnon[- ]\Z", re.IGNORECASE)
KINDS = frozenset({"CONDITION", "DRUG"})


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a range that cuts no pair of brackets and no "non-" that is part of a name.

    The bracket that lacks is added or dropped. Words of `OUTSIDE` are no part of it.
    """
    if before := OUTSIDE.match(text, start, end):
        start = before.end()
    if text[max(0, start - 4) : start].lower() == "non-" and NON_NAME.match(text, start, end):
        start -= 4
    words = text[start:end]
    if words.count("(") > words.count(")"):
        if text[end : end + 1] == ")":
            return start, end + 1
        last = words.rindex("(")
        kept = words[:last].rstrip()
        return (start, start + len(kept)) if kept else (start + last + 1, end)
    if words.endswith(")") and words.count(")") > words.count("("):
        return start, end - 1
    return start, end


def _trust(ent: Span, table: dict[str, list[float]]) -> float:
    row = table.get(ent.label_)
    return row[min(len(ent), len(row)) - 1] if row else UNMEASURED


def merge(
    text: str,
    model: Sequence[Candidate],
    terms: Sequence[Candidate],
    phrases: Sequence[Candidate] = (),
    *,
    whole: bool = False,
) -> list[Candidate]:
    """Return the model's candidates and the terms that add to them, in text order.

    whole : as of `MentionMatcher`.

    - A phrase stands instead of whatever shares characters with it: the annotators left most
      "participation in another trial" unmarked, and of "investigational agent" marked "agent".
    - Same characters: one mention with the term's id and, but for `MODEL_WINS`, its label. On
      held-out lines where the labels differ the lexicon was right 13 times, the model 5 times.
    - A disease's full name stands instead of a part of it: "non-small cell lung cancer"; a test's
      or score's instead of what the model has for another thing: "pregnancy" of "pregnancy test".
      Where a corpus is followed the part keeps its characters and is a measurement.
    - A term that shares some characters with a model span is left out: the corpora differ on how
      far a name goes ("serum creatinine"), and the model has learned from both.
    - A term where the model has nothing is added, but for words of people ("both sexes",
      "gender"): of those the annotators marked one in four, and ages come with their values.
    """
    held = characters(phrases)
    model = [m for m in model if held.isdisjoint(range(m.start, m.end))]
    model = list(dict.fromkeys(_as_test(found, terms, whole) for found in model))
    longer = characters([term for term in terms if _names_more(text, term, model)])
    model = [m for m in model if longer.isdisjoint(range(m.start, m.end))]
    exact = {(term.start, term.end): term for term in terms}
    named = [_named(found, exact.get((found.start, found.end))) for found in model]
    taken = characters(model) | held
    added = [
        term
        for term in terms
        if term.label is not Label.PERSON and taken.isdisjoint(range(term.start, term.end))
    ]
    return sorted([*named, *added, *phrases], key=lambda found: (found.start, found.end))


def _as_test(found: Candidate, terms: Sequence[Candidate], whole: bool) -> Candidate:
    """Return the test or score of which a condition or observation is a part, else itself."""
    if found.label not in (Label.CONDITION, Label.OBSERVATION):
        return found
    for term in terms:
        around = term.start <= found.start and found.end <= term.end
        if (
            around
            and term.label is Label.MEASUREMENT
            and found.end - found.start < term.end - term.start
        ):
            return replace(found, label=term.label) if whole else term
    return found


MORE_SAID = 12
"""Characters a disease's full name must add to the model's span to stand instead of it."""


_RATIO = re.compile(r"[\w -]+:\s?[\w -]+")
_VERSION = re.compile(r"[ -](?:[IVX]{1,3}|\d)(?: score)?")


def _names_more(text: str, term: Candidate, model: Sequence[Candidate]) -> bool:
    """Tell whether a term is the name of a disease of which the model has a part, and no more.

    Or of a score whose version it left out ("APACHE II"), or of a ratio in two ("CD4:CD8 ratio").
    """
    own = set(range(term.start, term.end))
    parts = [m for m in model if not own.isdisjoint(range(m.start, m.end))]
    alike = all(m.label is term.label is Label.CONDITION for m in parts)
    taken = characters(parts)
    version = term.label is Label.MEASUREMENT and any(
        m.label is term.label and _VERSION.fullmatch(text, m.end, term.end) for m in parts
    )
    more = alike and len(own - taken) >= MORE_SAID
    halves = len(parts) > 1 and _RATIO.fullmatch(text, term.start, term.end) is not None
    return bool(parts) and taken <= own and (more or version or halves)


def characters(found: Iterable[Candidate | QualifierCandidate]) -> set[int]:
    """Return the offsets of all characters that `found` covers."""
    return {i for item in found for i in range(item.start, item.end)}


def _named(found: Candidate, term: Candidate | None) -> Candidate:
    """Return the model's candidate with what a term on the same characters says of it."""
    if term is None:
        return found
    if (found.label, term.label) in MODEL_WINS:
        return replace(found, term=term.term)
    if term.label != found.label:
        return replace(found, label=term.label, term=term.term, confidence=DISPUTED_TRUST)
    return replace(found, term=term.term, confidence=max(found.confidence, AGREED_TRUST))


def lexicon_candidates(text: str) -> list[Candidate]:
    """Return the lexicons' terms in `text`, in text order."""
    return [
        Candidate(match.term.label, match.start, match.end, "lexicon", match.term.id, LEXICON_TRUST)
        for match in find_terms(text)
    ]


def phrase_candidates(text: str) -> list[Candidate]:
    """Return the names that are a pattern, in text order."""
    return [
        Candidate(match.label, match.start, match.end, "lexicon", match.id, UNMEASURED)
        for match in find_phrases(text)
    ]


def qualifiers(doc: Doc, mentions: Sequence[Candidate]) -> list[QualifierCandidate]:
    """Return the model's qualifiers, and the lexicon's that lie outside them and all mentions."""
    text = doc.text
    known = find_qualifiers(text)
    model = [
        QualifierCandidate(qualifier_kind(ent.text), _with_non(text, ent), ent.end_char)
        for ent in doc.ents
        if ent.label_ == "QUALIFIER"
        and not any(  # "severe" of "moderate to severe"
            q.start <= ent.start_char < ent.end_char < q.end
            or q.start < ent.start_char < ent.end_char <= q.end
            for q in known
        )
    ]
    taken = characters((*model, *mentions))
    added = [found for found in known if taken.isdisjoint(range(found.start, found.end))]
    return sorted(model + added, key=lambda found: found.start)


def _with_non(text: str, ent: Span) -> int:
    """Return where a model's qualifier begins, the prefix included that denies it."""
    prefix = _NON.search(text, 0, ent.start_char)
    return prefix.start() if prefix else ent.start_char


_NON = re.compile(r"(?<![\w-])non[- ]?$", re.IGNORECASE)


def with_front(
    found: Sequence[QualifierCandidate],
    front: Sequence[QualifierCandidate],
    *,
    over: bool = True,
) -> list[QualifierCandidate]:
    """Return all qualifiers in text order; front words stand instead of what meets them.

    over : else what meets them stands instead of the front words.
    """
    first, second = (front, found) if over else (found, front)
    taken = characters(first)
    others = [q for q in second if taken.isdisjoint(range(q.start, q.end))]
    return sorted([*others, *first], key=lambda q: q.start)


_TO_NEXT = re.compile(r" |\s*(?:,|/|,?\s*\bor\b)\s*(?P<words>[\w-]+(?: [\w-]+)?) ", re.IGNORECASE)


def without_bare_qualifiers(text: str, found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates but those that only qualify the next: "life-threatening infection"."""
    words = load_lexicon()

    def is_word(phrase: str) -> bool:
        return words.get(phrase.lower(), ("other", False))[1]

    def qualifies(candidate: Candidate, following: Candidate | None) -> bool:
        name = text[candidate.start : candidate.end]
        if following is not None and is_beside(name, following.label):
            return text[candidate.end : following.start] == " "
        if following is None or not is_word(name):
            return False
        gap = _TO_NEXT.fullmatch(text, candidate.end, following.start)
        return gap is not None and (gap["words"] is None or is_word(gap["words"]))

    return [one for one, after in zip_longest(found, found[1:]) if not qualifies(one, after)]


class MentionMatcher:
    """Put ``candidates`` and ``qualifiers`` on the Doc.

    table : by label, the measured precision of the model's spans, see `model_candidates`.
    whole : names keep the words before them that only qualify, as where a corpus is followed.
    """

    def __init__(self, table: dict[str, list[float]], *, whole: bool = False) -> None:
        self.table = table
        self.whole = whole

    def __call__(self, doc: Doc) -> Doc:
        """Return `doc` with its candidates and qualifiers."""
        text = doc.text
        terms, phrases = lexicon_candidates(text), phrase_candidates(text)
        model = model_candidates(doc, self.table)
        found = merge(text, model, terms, phrases, whole=self.whole)
        found = join_through_brackets(text, without_bare_qualifiers(text, found))
        found = with_looser_forms(text, found)
        found = with_organs(text, join_of(text, found))
        found, front = (found, []) if self.whole else cut_front(text, without_proof(text, found))
        said = qualifiers(doc, found)
        if not self.whole:
            front += [*requirements(text, found), *at_sites(text, found)]
            proofs = proven(text, found, said)
            said = [q for q in said if not any(p.start < q.start < q.end == p.end for p in proofs)]
            said = with_front(said, [*proofs, *ended(text, found)], over=False)
            said = with_front(said, beside(text, found, said), over=False)
        extensions.put(doc, "candidates", found)
        extensions.put(doc, "qualifiers", with_front(said, front))
        return doc


@Language.factory(
    "critextract_mentions",
    assigns=["doc._.critextract_candidates", "doc._.critextract_qualifiers"],
)
def make_mention_matcher(nlp: Language, name: str) -> MentionMatcher:  # noqa: ARG001
    """Build the component; the table of confidences is the model's own (``nlp.meta``)."""
    own: dict[str, Any] = nlp.meta.get("critextract", {})
    convention = getattr(nlp.tokenizer, "convention", "")
    measured = own.get("following", {}).get(convention, own)
    return MentionMatcher(measured.get("confidence", {}), whole=bool(convention))
