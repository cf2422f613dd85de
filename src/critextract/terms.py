"""The packaged lexicons: names, abbreviations, codes, scales; name normalisation; matching.

The tables are ``lexicons/terms_*.tsv``, one entry a row. A form that ends in ``?`` is ambiguous
("weight", "PT", "K"): it is a mention only where a value stands beside it. Phrases that hold a
term's words and are not the term ("iron deficiency") are in ``lexicons/not_terms.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from critextract.errors import LexiconError
from critextract.lexicons import read_rows
from critextract.names import Token, normalise_name, tokenise, words_of
from critextract.schema import Label

__all__ = ["Term", "TermMatch", "find_terms", "lookup", "normalise_name", "terms"]

TABLES = ("demographics", "laboratory", "other", "scores", "vitals")
"""Names of the packaged tables, ``lexicons/terms_<name>.tsv``."""

_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the packaged lexicons.

    Parameters
    ----------
    synonyms : further names, case ignored.
    exact_synonyms : abbreviations, compared as written.
    ambiguous : those of the names and abbreviations that are a mention only beside a value.
    system, code : the vocabulary entry, both ``""`` where none is given.
    unit : the unit its values have when none is printed: ``{score}``, ``1``; else None.
    units : usual UCUM units.
    scale_low, scale_high : ends of a scale, decimal strings, None where it has none.
    source : where the entry comes from: "LOINC 2345-7", "NYHA 1994".
    """

    id: str
    label: Label
    name: str
    synonyms: tuple[str, ...]
    exact_synonyms: tuple[str, ...]
    ambiguous: tuple[str, ...]
    system: str
    code: str
    unit: str | None
    units: tuple[str, ...]
    scale_low: str | None
    scale_high: str | None
    source: str


class TermMatch(NamedTuple):
    """An entry found in a text, with half-open character offsets."""

    term: Term
    start: int
    end: int


def _forms(cell: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return all forms of a cell, and those of them marked ambiguous."""
    forms = [form for form in cell.split("|") if form]
    return (
        tuple(form.removesuffix("?") for form in forms),
        tuple(form.removesuffix("?") for form in forms if form.endswith("?")),
    )


def _term(table: str, row: tuple[str, ...]) -> Term:
    if len(row) != _COLUMNS:
        raise LexiconError(
            f"lexicons/terms_{table}.tsv: {row[0]!r} has {len(row)} columns, expected {_COLUMNS}; "
            "is a tab missing?"
        )
    names, unsure_name = _forms(row[2])
    synonyms, unsure = _forms(row[3])
    exact, unsure_exact = _forms(row[4])
    return Term(
        id=row[0],
        label=Label(row[1]),
        name=names[0],
        synonyms=synonyms,
        exact_synonyms=exact,
        ambiguous=unsure_name + unsure + unsure_exact,
        system=row[5],
        code=row[6],
        unit=row[7] or None,
        units=tuple(row[8].split("|")) if row[8] else (),
        scale_low=row[9] or None,
        scale_high=row[10] or None,
        source=row[11],
    )


@cache
def terms() -> tuple[Term, ...]:
    """Return every entry of the packaged lexicons, by table and id.

    Raises
    ------
    LexiconError : a row has the wrong number of columns.
    """
    return tuple(_term(table, row) for table in TABLES for row in read_rows(f"terms_{table}.tsv"))


# --- looking a name up ------------------------------------------------------------------------


@cache
def _affixes() -> dict[str, frozenset[str]]:
    """Return the words that may stand before (``left``) or after (``right``) a name."""
    rows = read_rows("name_affixes.tsv")
    return {
        side: frozenset(normalise_name(word) for where, word, _ in rows if where == side)
        for side in ("left", "right")
    }


@cache
def _mentioned() -> dict[str, frozenset[str]]:
    """Return those words of `_affixes` that are part of the mention in a text."""
    rows = read_rows("name_affixes.tsv")
    return {
        side: frozenset(
            normalise_name(word) for where, word, use in rows if (where, use) == (side, "mention")
        )
        for side in ("left", "right")
    }


@cache
def _names() -> tuple[dict[str, Term], dict[str, Term]]:
    """Return written abbreviation -> term, and normalised name -> term."""
    exact: dict[str, Term] = {}
    names: dict[str, Term] = {}
    for term in terms():
        for form in term.exact_synonyms:
            exact.setdefault(form, term)
        for form in (term.name, *term.synonyms):
            names.setdefault(normalise_name(form), term)
    return exact, names


@cache
def _ids() -> dict[str, Term]:
    return {term.id: term for term in terms()}


def by_id(id_: str) -> Term | None:
    """Return the entry with an id, None if there is none (names that are a pattern have none)."""
    return _ids().get(id_)


@lru_cache(maxsize=65536)
def lookup(name: str) -> Term | None:
    """Return the entry that `name` is a name of, None if there is none.

    Case, plural, hyphens, spelling and an outer "(ABBREVIATION)" do not matter, nor do words such
    as "serum" and "level" around the name. Abbreviations are compared as written first.
    """
    exact, names = _names()
    found = exact.get(name) or names.get(normalise_name(name))
    if found is None and "(" in name:
        outer, _, inner = name.partition("(")
        found = lookup(outer.strip()) or lookup(inner.rpartition(")")[0].strip())
    return found or _lookup_inside(name)


def _lookup_inside(name: str) -> Term | None:
    """Look `name` up without the words of `_affixes` at its ends."""
    exact, names = _names()
    tokens = tokenise(name)
    written = [token.text for token in tokens]
    words = [token.word for token in tokens]
    affixes = _affixes()
    start, end = 0, len(words)
    while end - start > 1:
        if words[end - 1] in affixes["right"]:
            end -= 1
        elif words[start] in affixes["left"]:
            start += 1
        else:
            return None
        key = " ".join(words[start:end])
        found = exact.get(" ".join(written[start:end])) or names.get(key)
        if found:
            return found
    return None


# --- finding names in a text ------------------------------------------------------------------

_END = ""
"""Key of a trie node that holds what ends there: ``(term or None, ambiguous)``."""

_MAX_BRACKET = 4
"""Words inside a bracket that may stand within a name: "Cooperative Group (ECOG) status"."""


def _add(trie: dict[str, Any], words: list[str], entry: tuple[Term | None, bool]) -> None:
    for word in words:
        trie = trie.setdefault(word, {})
    trie.setdefault(_END, entry)


@cache
def _tries() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the tries of abbreviations (words as written) and of names (words normalised)."""
    exact: dict[str, Any] = {}
    names: dict[str, Any] = {}
    for phrase, *_ in read_rows("not_terms.tsv"):
        _add(names, words_of(phrase), (None, False))
    for term in terms():
        for form in term.exact_synonyms:
            _add(exact, words_of(form, written=True), (term, form in term.ambiguous))
        for form in (term.name, *term.synonyms):
            _add(names, words_of(form), (term, form in term.ambiguous))
    return exact, names


def _after_bracket(tokens: list[Token], i: int) -> int | None:
    """Return the token after the bracket that opens behind token `i`, None if none closes soon."""
    for j in range(i + 1, min(i + 1 + _MAX_BRACKET, len(tokens) - 1)):
        if tokens[j].gap == ") ":
            return j + 1
    return None


def _walk(
    trie: dict[str, Any], tokens: list[Token], i: int, written: bool
) -> tuple[int, tuple[Term | None, bool]] | None:
    """Return the last token of the longest form that starts at token `i`, and its entry."""
    node = trie
    best = None
    following: tuple[int, ...] = (i,)
    while following:
        found = [
            (at, step)
            for at in following
            if (step := node.get(tokens[at].text if written else tokens[at].word)) is not None
        ]
        if not found:
            break
        at, node = found[0]
        if _END in node:
            best = at, node[_END]
        following = _next(tokens, at)
        if tokens[at].gap == "/":
            node = node.get("/", {})
    return best


def _next(tokens: list[Token], at: int) -> tuple[int, ...]:
    """Return the tokens that may go on a form after token `at`; none at a break of the text."""
    gap = tokens[at].gap
    if at + 1 >= len(tokens) or gap in {"", ") "}:
        return ()
    if gap in {" (", "("}:
        behind = _after_bracket(tokens, at)
        inside = (at + 1,) if gap == "(" else ()
        return inside if behind is None else (*inside, behind)
    return (at + 1,)


class _Found(NamedTuple):
    first: int
    last: int
    term: Term | None
    ambiguous: bool


def _candidates(tokens: list[Token]) -> Iterator[_Found]:
    """Yield the longest forms from left to right, no two sharing a token."""
    exact, names = _tries()
    i = 0
    while i < len(tokens):
        token = tokens[i]
        found = _walk(exact, tokens, i, written=True) if token.text in exact else None
        by_name = _walk(names, tokens, i, written=False) if token.word in names else None
        if by_name and (found is None or by_name[0] > found[0]):
            found = by_name
        if found is None:
            i += 1
            continue
        last, (term, ambiguous) = found
        first, last = (i, last) if term is None else _widened(tokens, i, last, term)
        yield _Found(first, last, term, ambiguous)
        i = last + 1


def _widened(tokens: list[Token], first: int, last: int, term: Term) -> tuple[int, int]:
    """Take "serum" before and "level" behind a measurement's name into it."""
    if term.label is not Label.MEASUREMENT:
        return first, last
    words = _mentioned()
    before = first - 1
    if before >= 0 and tokens[before].gap == " " and tokens[before].word in words["left"]:
        first = before
    behind = last + 1
    if tokens[last].gap == " " and behind < len(tokens) and tokens[behind].word in words["right"]:
        last = behind
    return first, last


_WORD_VALUES = (
    r"normal|abnormal|elevated|positive|negative|within|outside|low|high|greater|less|more|fewer|above|below"
    r"|between|under|over|equal|equals|up to|lower|higher|exceed\w*|at least|no more|no less|not"
    r"|not? (?:more|less|greater|lower|higher|exceed)|upper limit|ranging|from \d"
)
_VALUE_AFTER = re.compile(
    r"\+?\s?(?:\([^()]{1,30}\)\s?)?(?:(?:levels?|counts?|concentrations?|values?|class|grade|status)\s)?(?:[,:]\s?|-)?\s?"
    r"(?:(?:is|are|was|of|must|should|be|has|to|have|will|in the)\s){0,3}\(?"
    rf"(?:[<>≤≥=±]|(?:{_WORD_VALUES})(?!\w)"
    r"|(?-i:I{1,3}|IV)(?!\w)"
    r"|\d(?!\S* ?(?:times|sessions?|visits?|x) (?:an?|per|each|weekly)\b)"
    r"(?!\S* ?(?:mg|mcg|μg|g|IU)\b(?!/)))",
    re.IGNORECASE,
)
_BOUND_BEFORE = re.compile(r"[\d.%]\s?[<≤]\s?$|\d\s?%\s$")
_WORDS_BEFORE = tuple(
    f"{word} {fluid}"
    for word in (
        *("elevated", "increased", "raised", "high"),
        *("low", "decreased", "reduced"),
        *("normal", "abnormal"),
    )
    for fluid in ("", "serum ", "plasma ")
)
_JOINED = re.compile(r"\s?(?:/|,|and/or|and|or|\()\s?")
_NOT_BEHIND = re.compile(
    r"-(?:related|matched|adjusted|appropriate|dependent|associated|induced|specific|bearing|based"
    r"|lowering|sparing|restricted|containing|bound|like|free|controlled|responsive|reduction)\b",
    re.IGNORECASE,
)


def find_terms(text: str) -> list[TermMatch]:
    """Return the entries named in a criterion's clean text, in order, none overlapping.

    The longest form wins. A name with its abbreviation ("body mass index (BMI)") is one match.
    Ambiguous forms are found only beside a value: "PT > 14 s", "elevated PT", "weight ≥ 50 kg".
    """
    tokens = tokenise(text)
    found = [
        match
        for match in _candidates(tokens)
        if match.term is None or not _NOT_BEHIND.match(text, tokens[match.last].end)
    ]
    kept = _beside_value(text, tokens, found)
    return _merged(text, kept)


def _beside_value(text: str, tokens: list[Token], found: list[_Found]) -> list[TermMatch]:
    """Drop ambiguous forms that stand beside no value, alone or joined ("K, Na and Cl > ...")."""
    kept: list[TermMatch] = []
    follower: tuple[int, bool] | None = None  # start of the match to the right, has a value
    for match in reversed(found):
        start, end = tokens[match.first].start, tokens[match.last].end
        valued = bool(_VALUE_AFTER.match(text, end)) or (
            follower is not None and follower[1] and _joins(text, end, follower[0])
        )
        if match.term is None:
            follower = None
            continue
        if not match.ambiguous or valued or _value_before(text, start):
            kept.append(TermMatch(match.term, start, _closed(text, start, end)))
            follower = start, valued
    kept.reverse()
    return kept


def _value_before(text: str, start: int) -> bool:
    """Tell whether "elevated", "2 <" or "30 % " stands right before `start`."""
    before = text[max(0, start - 20) : start].lower()
    return before.endswith(_WORDS_BEFORE) or (
        any(sign in before for sign in "<≤%") and _BOUND_BEFORE.search(before) is not None
    )


def _closed(text: str, start: int, end: int) -> int:
    """Return `end`, moved over a bracket that closes one inside the name: "Lp(a)"."""
    opened = text.count("(", start, end) > text.count(")", start, end)
    return end + 1 if opened and text.startswith(")", end) else end


def _joins(text: str, end: int, start: int) -> bool:
    joined = _JOINED.match(text, end)
    return joined is not None and joined.end() == start


def _merged(text: str, matches: list[TermMatch]) -> list[TermMatch]:
    """Join "name (ABBREVIATION)", "name ABBREVIATION" and "NAME/OTHER NAME" of one entry."""
    result: list[TermMatch] = []
    for match in matches:
        last = result[-1] if result else None
        if last is not None and last.term is match.term:
            between = text[last.end : match.start]
            if between in {" (", "("} and text[match.end : match.end + 1] == ")":
                result[-1] = TermMatch(match.term, last.start, match.end + 1)
                continue
            if between in {" ", "/", " - "}:
                result[-1] = TermMatch(match.term, last.start, match.end)
                continue
        result.append(match)
    return result
