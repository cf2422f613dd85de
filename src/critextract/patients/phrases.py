"""Names as phrases: words in one form and one order, the last of them says what the thing is.

"Carcinoma of the left breast, unspecified" becomes ``left breast carcinoma``, "Diabetes mellitus,
type 2" ``2 type diabetes mellitus``. Words that only say that the thing is recorded are left out;
those that change it ("suspected", "family history of", "previous") are told apart by their effect.
The tables are ``lexicons/name_words.tsv``, ``name_cues.tsv`` and ``drug_words.tsv``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from critextract.lexicons import read_rows
from critextract.names import normalise_name, normalise_word, tokenise

Effect = Literal["same", "past", "unclear", "not"]

RANK: dict[Effect, int] = {"same": 0, "past": 1, "unclear": 2, "not": 3}


class Phrase(NamedTuple):
    """A name in one form.

    words : modifiers first, the head last. aside : words of what comes with the thing ("with
        complications", "due to alcohol"), which narrow it like modifiers. abbreviations : short
        forms given in brackets, as written. effect : what the words in front do, `cue` names them;
        they are left out of `words` unless the effect is ``not``. whole : the bag with them.
    """

    words: tuple[str, ...]
    aside: tuple[str, ...]
    abbreviations: tuple[str, ...]
    effect: Effect
    cue: str
    whole: str

    @property
    def bag(self) -> str:
        """All words in alphabetical order: what names of the same thing share."""
        return bag(self.words + self.aside)


def bag(words: tuple[str, ...]) -> str:
    """Return words in alphabetical order, each once."""
    return " ".join(sorted(set(words)))


# --- the tables -------------------------------------------------------------------------------


@cache
def _same_words() -> dict[str, str]:
    return {normalise_word(word): to for word, to in read_rows("name_words.tsv")}


@cache
def _cues() -> tuple[dict[tuple[str, ...], Effect], dict[str, Effect]]:
    """Return the effect of cues by their words, and of single words inside a name."""
    cues: dict[tuple[str, ...], Effect] = {}
    inner: dict[str, Effect] = {}
    front: set[str] = set()
    effects: dict[str, Effect] = {effect: effect for effect in RANK}
    for effect, phrases in read_rows("name_cues.tsv"):
        for phrase in phrases.split("|"):
            words = tuple(normalise_name(phrase).replace("/", " ").split())
            if effect == "inner":
                inner[words[0]] = "unclear"
            elif effect == "front":
                cues[words] = "not"
                front.add(words[0])
            else:
                cues.setdefault(words, effects[effect])
    alone = {words[0]: effect for words, effect in cues.items() if len(words) == 1}
    return cues, {word: effect for word, effect in alone.items() if word not in front} | inner


@cache
def _drug_words(kind: str) -> frozenset[str]:
    """Return the normalised words of one kind."""
    return frozenset(
        normalise_name(word)
        for row_kind, words in read_rows("drug_words.tsv")
        if row_kind == kind
        for word in words.split("|")
    )


def effect_of(word: str) -> Effect | None:
    """Return what a single word in front of a name does, None if it only narrows it."""
    return _cues()[1].get(word)


# --- from text to words -----------------------------------------------------------------------

_TAG = re.compile(
    r"\s\((?:disorder|finding|procedure|situation|disease|morphologic abnormality|substance"
    r"|product|medicinal product|observable entity|event|person|qualifier value"
    r"|navigational concept"
    r"|regime/therapy|physical object|context-dependent category|clinical drug)\)$",
    re.IGNORECASE,
)
_LOINC = re.compile(r"^(?P<what>.+?) \[[^\]]+\](?: in (?P<where>.+?))?(?: by .+)?$")
_USUAL_SPECIMEN = re.compile(
    r"(?:serum|plasma|blood|serum or plasma|serum, plasma or blood|platelet poor plasma"
    r"|venous blood|capillary blood|arterial blood|serum/plasma|red blood cells)$",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"\b(?:not otherwise specified|not elsewhere classified|nos|nec|type unspecified"
    r"|unspecified(?: type| site| organ| laterality| side| severity)?"
    r"|without (?:mention of )?complications?)\b",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s?\(([^()]*)\)")
_SHORT = re.compile(r"(?=[^a-z]*[A-Z])[A-Za-z0-9/+-]{2,8}$")
_NUMERALS = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_NUMBERED = frozenset({"type", "stage", "grade", "class", "phase", "factor", "level", "group"})
_JOINED = frozenset({"anti", "non", "pseudo", "pre", "post", "peri", "co", "hyper", "hypo"})
_PAIRS = {
    ("gall", "bladder"): "gallbladder",
    ("breast", "feeding"): "breastfeeding",
    ("child", "bearing"): "childbearing",
    ("chicken", "pox"): "chickenpox",
    ("auto", "immune"): "autoimmune",
    ("by", "pass"): "bypass",
}
_SMALL = frozenset({"the", "an", "his", "her", "their"})
_LETTERED = frozenset(
    {"hepatitis", "hemophilia", "influenza", "vitamin", "type", "group", "toxin", "immunoglobulin"}
)
_TURNED = frozenset({"of", "to", "in"})
_ASIDE = frozenset(
    {"with", "without", "due", "following", "after", "on", "by", "from", "requiring", "involving"}
    | {
        "complicating",
        "during",
        "because",
        "caused",
        "for",
        "at",
        "affecting",
        "despite",
        "against",
    }
    | {"via", "per"}
)
_ASIDE_BEFORE_TO = frozenset({"secondary", "related", "associated", "metastatic", "attributable"})
_MALIGNANT = {"tumor": "cancer", "neoplastic": "cancer"}
_LETTER = re.compile(r"[a-z]|\d{1,2}[a-z]?|viii?|vi|ix|iii?")


def _words(text: str) -> list[str]:
    """Return the normalised words of a text: joined prefixes, numerals as digits, one synonym."""
    tokens = tokenise(text)
    raw = [
        token.word
        for place, token in enumerate(tokens)
        if token.text != "a" or (place and tokens[place - 1].word in _LETTERED)
    ]
    same = _same_words()
    words: list[str] = []
    i = 0
    while i < len(raw):
        word, after = raw[i], raw[i + 1] if i + 1 < len(raw) else ""
        if (word, after) in _PAIRS:
            word, i = _PAIRS[word, after], i + 1
        elif word in _JOINED and after and after not in _ASIDE | _TURNED:
            word, i = word + after, i + 1
        elif words and words[-1] in _NUMBERED and word in _NUMERALS:
            word = _NUMERALS[word]
        small = word in _SMALL or (word == "on" and after == "chronic")
        for part in () if small else same.get(word, word).split():
            if words and words[-1] == "malignant" and part in _MALIGNANT:
                words[-1] = _MALIGNANT[part]
            else:
                words.append(part)
        i += 1
    return words


def _opens_aside(words: list[str], place: int) -> bool:
    """Tell whether what comes with the thing begins at `place`: "due to", "related to"."""
    if not place:
        return False
    after = words[place + 1] if place + 1 < len(words) else ""
    return words[place] in _ASIDE or (words[place] in _ASIDE_BEFORE_TO and after in {"to", "with"})


def _turned(words: list[str]) -> tuple[list[str], list[str]]:
    """Return a phrase with its head last, and the words of what comes with it.

    "carcinoma of the left breast" -> "left breast carcinoma"; "hepatitis B" -> "B hepatitis";
    "stroke due to embolism" -> "stroke", aside "due to embolism".
    """
    cut = next((i for i in range(len(words)) if _opens_aside(words, i)), len(words))
    core, aside = words[:cut], [word for word in words[cut:] if word not in _TURNED]
    for i in range(len(core) - 2, 0, -1):
        if core[i] in _TURNED:
            core = core[i + 1 :] + core[:i]
            break
    core = [word for word in core if word not in _TURNED]
    while len(core) > 2 and core[-2] in _NUMBERED:
        core = core[-2:] + core[:-2]
    if len(core) > 1 and _LETTER.fullmatch(core[-1]):
        core = [core[-1], *core[:-1]]
    while len(core) > 1 and core[-1] == "situ":
        core = [core[-1], *core[:-1]]
    return core, aside


def _without_cues(words: list[str]) -> tuple[list[str], Effect, str]:
    """Take the cues off the front; return the rest, the strongest effect and its words."""
    cues = _cues()[0]
    effect: Effect = "same"
    said = ""
    found = True
    while found:
        found = False
        for length in range(min(5, len(words) - 1), 0, -1):
            cue = tuple(words[:length])
            if cue in cues:
                if cues[cue] == "not":
                    return words, "not", " ".join(cue)
                if RANK[cues[cue]] > RANK[effect]:
                    effect, said = cues[cue], " ".join(cue)
                words, found = words[length:], True
                break
    return words, effect, said


def _brackets(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text with brackets opened, and the abbreviations that stood in them."""
    short: list[str] = []
    front: list[str] = []
    for inner in _BRACKET.findall(text):
        if _SHORT.match(inner.strip()):
            short.append(inner.strip())
        elif inner.strip():
            front.append(inner)
    return " ".join([*front, _BRACKET.sub("", text)]), tuple(short)


@lru_cache(maxsize=65536)
def parse(text: str, *, drug: bool = False) -> Phrase:
    """Return the phrase a name is; `drug` takes strengths, dose forms and salts off it."""
    text = _TAG.sub("", text.strip())
    laboratory = _LOINC.match(text)
    if laboratory:
        where = laboratory["where"] or ""
        text = laboratory["what"] + ("" if _USUAL_SPECIMEN.match(where) else f", {where}")
    text, short = _brackets(_EMPTY.sub("", text))
    segments = [segment for segment in re.split(r",\s|;", text) if segment.strip()] or [text]
    words = [word for segment in (*segments[:0:-1], segments[0]) for word in _words(segment)]
    whole = bag(tuple(word for word in words if word not in _TURNED))
    words, effect, cue = _without_cues(words)
    if drug:
        words = _drug(words)
    core, aside = _turned(words)
    return Phrase(tuple(core), tuple(aside), short, effect, cue, whole)


# --- drugs ------------------------------------------------------------------------------------

_STRENGTH = re.compile(
    r"\d[\d.,]*(?:mg|mcg|ug|g|ml|l|iu|unt|u|unit|meq|mmol|hr|h)?|mg|mcg|ug|ml|unt|unit|meq|iu|mmol|g"
)


def _drug(words: list[str]) -> list[str]:
    """Return a drug's words: route first, then the substance; strength, form and salt left out."""
    routes: list[str] = []
    rest: list[str] = []
    form, salt = _drug_words("form"), _drug_words("salt")
    for place, word in enumerate(words):
        route = next(
            (r for r in ("topical", "inhaled", "ophthalmic") if word in _drug_words(r)), ""
        )
        if route or word in _drug_words("route"):
            routes.append(route or ("intravenous" if word == "iv" else word))
        elif (place and (_STRENGTH.fullmatch(word) or (word in form and len(words) > 1))) or (
            rest and word in salt
        ):
            continue
        else:
            rest.append(word)
    return [*dict.fromkeys(routes), *_inside(rest)] if rest else words


def _inside(words: list[str]) -> list[str]:
    """Take "treatment with" and "therapy" off both ends of a drug's name."""
    left, right = _drug_words("left"), _drug_words("right")
    for length in (3, 2, 1):
        if len(words) > length and " ".join(words[:length]) in left:
            return _inside(words[length:])
    if len(words) > 1 and (words[-1] in right or " ".join(words[-2:]) in right):
        return _inside(words[:-1])
    return words
