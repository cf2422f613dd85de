"""What a name says: the keys it is known by, those of what it is a kind of, and the doubtful ones.

A key is an id of the tables ("cond.mi"), ``name`` with a bag of words, ``code`` with a code's key,
or ``entry`` with an entry of the vocabulary.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from critextract.names import normalise_name
from critextract.patients.codes import broader_codes, code_key
from critextract.patients.phrases import Phrase, bag, effect_of, parse
from critextract.patients.shortening import (
    OPPOSITES,
    QUALIFYING,
    TEST_FRONT,
    VAGUE,
    is_another_thing,
    left_out,
    only_narrows,
    shorter,
)
from critextract.patients.synonyms import Kind, name_key, thesaurus
from critextract.patients.vocabulary_index import VocabularyIndex
from critextract.terms import lookup


class Sense(NamedTuple):
    """By what a key holds, in the words of a match, and the words that say it."""

    by: str
    detail: str


@dataclass(eq=False)
class Reading:
    """What a name says; compared by identity, for one is made of every name.

    same : keys the thing is known by. up : those of what it is a kind of. unsure : those of what it
        may be. loose : those of what it is without its adjectives, to be found in events that do
        not say. words : all words. past : the name says that it is over.
    """

    name: str
    words: frozenset[str]
    past: bool = False
    vague: bool = False
    same: dict[str, Sense] = field(default_factory=dict)
    up: dict[str, Sense] = field(default_factory=dict)
    unsure: dict[str, Sense] = field(default_factory=dict)
    loose: dict[str, Sense] = field(default_factory=dict)

    @cached_property
    def keys_of_mention(self) -> frozenset[str]:
        """Keys to look events up by."""
        wide = {f"^{key}" for key in self.up} | {f"~{key}" for key in self.loose}
        return frozenset({f"={key}" for key in self.same} | wide)

    @cached_property
    def keys_of_event(self) -> frozenset[str]:
        """Keys to be looked up by."""
        exact = {f"{sign}{key}" for key in self.same for sign in "=^~"}
        above = {f"{sign}{key}" for key in self.up for sign in "=~"}
        return frozenset(exact | above | {f"={key}" for key in self.unsure})

    def opposes(self, other: Reading) -> bool:
        """Tell whether `other` has a word that one here excludes: chronic, where this is acute."""
        pairs = (*OPPOSITES, *((b, a) for a, b in OPPOSITES))
        return any(
            self.words & one and other.words & two and not other.words & one for one, two in pairs
        )


def read_name(
    name: str,
    kind: Kind,
    codes: tuple[tuple[str | None, str], ...] = (),
    *,
    sure: bool = True,
    may_be_drug: bool = False,
    parts: bool = False,
    vocabulary: VocabularyIndex | None = None,
) -> Reading:
    """Return what a name and its codes say.

    Parameters
    ----------
    kind : what the name is looked up among first.
    sure : whether the codes are the name's own; else they are what it may be a kind of.
    may_be_drug : take "therapy", strengths and dose forms off it.
    parts : the name may list several drugs of one product ("A / B").
    """
    phrase = _phrase(name, kind, may_be_drug=may_be_drug)
    found = Reading(
        name=name.strip(),
        words=frozenset(phrase.words + phrase.aside),
        past=phrase.effect == "past",
        vague=phrase.bag in VAGUE
        or bag(tuple(word for word in phrase.words if word not in QUALIFYING)) in VAGUE,
    )
    if kind == "measurement":
        _read_test(found, phrase)
    else:
        _read_phrase(found, phrase, kind)
    for part in re.split(r"\s[/+]\s|\sand\s", name) if parts else ():
        if part != name:
            _take_up(
                found, read_name(part, kind, may_be_drug=True), f"a product with {part.strip()!r}"
            )
    keys = [key for system, code in codes if (key := code_key(system, code))]
    _read_codes(found, keys, phrase, sure=sure)
    if vocabulary is not None:
        _read_vocabulary(found, keys, phrase, vocabulary)
    if phrase.effect == "unclear":
        _doubt(found, phrase)
    return found


def read_either(
    name: str, kind: Kind, *, may_be_drug: bool = False, vocabulary: VocabularyIndex | None = None
) -> list[tuple[Reading, bool]]:
    """Return the readings of both sides of "A or B", and whether each is a name that is known.

    What the sides share is given to both: "breast or ovarian cancer", "hepatitis B or C". Empty
    where the name is no such pair.
    """
    sides = re.split(r"\s(?:and/or|or)\s|(?<=\w)/(?=\w)", name)
    if len(sides) != 2 or not all(side.strip() for side in sides):
        return []
    left, right = (side.split() for side in sides)
    alone = [bool(_known(" ".join(side), kind)) for side in (left, right)]
    if len(right) == 1 and len(right[0]) == 1:
        right = [*left[:-1], *right]
    elif not alone[0] and len(right) > len(left):
        left = [*left, *right[len(left) :]]
    return [
        (
            read_name(side, kind, may_be_drug=may_be_drug, vocabulary=vocabulary),
            bool(_known(side, kind)),
        )
        for side in (" ".join(left), " ".join(right))
    ]


def _known(name: str, kind: Kind) -> tuple[str, ...]:
    return thesaurus().short_ids(name, kind) or thesaurus().ids(parse(name).bag, kind)


def _phrase(name: str, kind: Kind, *, may_be_drug: bool) -> Phrase:
    """Return the phrase of a name, without "therapy" and strengths where it is a drug's."""
    plain = parse(name)
    if not may_be_drug or thesaurus().ids(plain.bag, kind):
        return plain
    drug = parse(name, drug=True)
    ids = thesaurus().ids(drug.bag, "drug")
    condition = any(id_.startswith(("cond.", "syn.")) for id_ in ids)
    return plain if condition and drug.bag != plain.bag else drug


# --- words ------------------------------------------------------------------------------------


def _put(table: dict[str, Sense], key: str, sense: Sense) -> None:
    table.setdefault(key, sense)


def _ids(words: str, written: str, kind: Kind, found: Reading) -> tuple[str, ...]:
    """Return the ids of a name; an abbreviation of several things is only what it may be."""
    short = thesaurus().short_ids(written, kind)
    if len(short) > 1:
        for id_ in short:
            _put(found.unsure, id_, Sense("synonym", f"{written!r} stands for several things"))
            _put(found.loose, id_, Sense("synonym", written))
        return ()
    return short or thesaurus().ids(words, kind)


def _read_phrase(found: Reading, phrase: Phrase, kind: Kind) -> None:
    words = phrase.bag if phrase.effect != "not" else phrase.whole
    _put(found.same, name_key(phrase.whole), Sense("name", found.name))
    for key in thesaurus().ids(phrase.whole, kind):
        _put(found.same, key, Sense("synonym", found.name))
    if phrase.effect == "not":
        return
    _put(found.same, name_key(words), Sense("name", found.name))
    written = " ".join(found.name.split())
    ids = list(_ids(words, written, kind, found))
    for short in phrase.abbreviations:
        ids += _ids("", short, kind, found)
    for id_ in ids:
        _put(found.same, id_, Sense("synonym", thesaurus().shown[id_]))
    _read_kinds(found, phrase, kind)
    for key in (*found.same, *list(found.up)):
        _climb(found.up, key)
    for key in list(found.unsure):
        _climb(found.unsure, key)
    for key in found.same:
        found.up.pop(key, None)


def _climb(table: dict[str, Sense], key: str) -> None:
    """Add the classes above a key."""
    for id_ in thesaurus().above(key):
        _put(table, id_, Sense("class", f"one of {thesaurus().shown[id_]!r}"))


def _read_kinds(found: Reading, phrase: Phrase, kind: Kind) -> None:
    """Add what the name is a kind of: itself with fewer words, and what its last word says."""
    words = phrase.words
    for kept in shorter(words):
        dropped = left_out(words, kept)
        effects = {effect_of(word) for word in dropped}
        if "not" in effects or is_another_thing(words, kept):
            continue
        adjectives = all(word in QUALIFYING for word in dropped)
        table = found.unsure if "unclear" in effects or not only_narrows(words, kept) else found.up
        shown = " ".join(kept)
        _add_kept(found, table, kept, kind, Sense("narrower name", f"a kind of {shown!r}"))
        if adjectives and table is found.up and "unclear" not in effects:
            _add_kept(found, found.loose, kept, kind, Sense("narrower name", shown))
    if phrase.aside:
        _add_kept(found, found.up, words, kind, Sense("narrower name", f"{' '.join(words)!r}"))
    _read_endings(found, words)


def _add_kept(
    found: Reading, table: dict[str, Sense], kept: tuple[str, ...], kind: Kind, sense: Sense
) -> None:
    _put(table, name_key(bag(kept)), sense)
    written = found.name.split()[-1] if len(kept) == 1 and found.name.split() else ""
    usable = written if normalise_name(written) == kept[0] else ""
    short = thesaurus().short_ids(usable, kind) if usable else ()
    for id_ in short if len(short) == 1 else thesaurus().ids(bag(kept), kind):
        _put(table, id_, sense)


def _read_endings(found: Reading, words: tuple[str, ...]) -> None:
    """Add the classes that the last word tells: a lymphoma is a malignancy."""
    if not words:
        return
    effects = {effect_of(word) for word in words[:-1]}
    if "not" in effects or "benign" in words:
        return
    table = found.unsure if "unclear" in effects else found.up
    for pattern, id_ in thesaurus().endings:
        if pattern.fullmatch(words[-1]):
            for key in (id_, *thesaurus().above(id_)):
                _put(table, key, Sense("class", f"one of {thesaurus().shown[key]!r}"))
    if words[-1].endswith("carcinoma") and len(words) > 1:
        for start in range(len(words) - 1):
            for head in ("cancer", "carcinoma"):
                if head != words[-1]:
                    kept = (*words[start:-1], head)
                    _add_kept(found, table, kept, "other", Sense("class", f"a {' '.join(kept)!r}"))


# --- tests ------------------------------------------------------------------------------------


def _read_test(found: Reading, phrase: Phrase) -> None:
    """Read a measurement's name: it is looked up whole, and is a kind of few others."""
    name = found.name
    words = phrase.words
    while len(words) > 1 and words[0] in TEST_FRONT - {"fasting"}:
        words = words[1:]
    _put(found.same, name_key(phrase.whole), Sense("name", name))
    _put(found.same, name_key(bag(words + phrase.aside)), Sense("name", name))
    ids = thesaurus().short_ids(name, "measurement") or thesaurus().ids(phrase.bag, "measurement")
    term = None if ids else lookup(name) or lookup(" ".join(words + phrase.aside))
    if term is not None and phrase.bag not in thesaurus().not_same.get(term.id, ()):
        ids = (term.id,)
    for id_ in ids:
        _put(found.same, id_, Sense("synonym", thesaurus().shown[id_]))
    for key in list(found.same):
        _climb(found.up, key)


# --- codes and vocabularies -------------------------------------------------------------------


def _read_codes(found: Reading, keys: list[str], phrase: Phrase, *, sure: bool) -> None:
    apart = any(phrase.bag in names for names in thesaurus().not_same.values())
    table = found.same if sure and not apart else found.up
    for key in keys:
        _put(table, f"code {key}", Sense("code", key))
        own = [key.removeprefix("critextract ")] if key.startswith("critextract ") else []
        for id_ in (*thesaurus().codes.get(key, ()), *own):
            table[id_] = Sense("code", f"{key}: {thesaurus().shown.get(id_, id_)}")
            _climb(found.up, id_)
        for wider in broader_codes(key):
            _put(found.up, f"code {wider}", Sense("code", f"{key}, under {wider}"))
            for id_ in thesaurus().codes.get(wider, ()):
                _put(found.up, id_, Sense("code", f"{key}: {thesaurus().shown[id_]}"))
                _climb(found.up, id_)


def _read_vocabulary(
    found: Reading, keys: list[str], phrase: Phrase, vocabulary: VocabularyIndex
) -> None:
    names = (phrase.whole,) if phrase.effect == "not" else (phrase.bag, phrase.whole)
    for entry in vocabulary.entries(names, tuple(keys)):
        _put(found.same, f"entry {entry}", Sense("vocabulary", vocabulary.name(entry)))
        for above in vocabulary.above(entry):
            shown = vocabulary.name(above)
            _put(found.up, f"entry {above}", Sense("vocabulary", f"a kind of {shown!r}"))
            _put(found.up, name_key(parse(shown).bag), Sense("vocabulary", f"a kind of {shown!r}"))
            for id_ in thesaurus().ids(parse(shown).bag, "other"):
                _put(found.up, id_, Sense("vocabulary", f"a kind of {shown!r}"))


def _take_up(found: Reading, part: Reading, detail: str) -> None:
    for key in (*part.same, *part.up):
        _put(found.up, key, Sense("narrower name", detail))


def _doubt(found: Reading, phrase: Phrase) -> None:
    """Move everything but the whole name to what it may be: "suspected pneumonia"."""
    whole = name_key(phrase.whole)
    detail = f"{found.name!r} is not certain: {phrase.cue!r}"
    for key in (*list(found.same), *list(found.up)):
        if key != whole:
            found.unsure.setdefault(key, Sense("name", detail))
    found.same = {key: sense for key, sense in found.same.items() if key == whole}
    found.up.clear()
    found.loose.clear()
