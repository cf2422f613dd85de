"""Phrases with fewer words: what may be left out of a name, and what then still holds."""

from __future__ import annotations

import re
from itertools import combinations

from critextract.lexicons import read_rows
from critextract.patients.phrases import bag, parse
from critextract.patients.synonyms import not_kinds

_MAX_WORDS = 7
"""Longest phrase of which words are left out one by one; longer ones only lose their front."""

_ADJECTIVE = re.compile(r".+(?:ic|al|ous|ive|ary|ar|ed|oid|ent|ant|ing|less|able|ile)$")

OPPOSITES = (
    ({"acute"}, {"chronic"}),
    ({"mild", "minor", "slight"}, {"severe", "moderate", "major", "serious"}),
    ({"uncontrolled"}, {"controlled"}),
    ({"unstable", "decompensated"}, {"stable", "compensated"}),
    ({"benign"}, {"malignant"}),
    (
        {"metastatic", "advanced", "unresectable"},
        {"localized", "early", "resectable", "nonmetastatic"},
    ),
    ({"bilateral"}, {"unilateral"}),
    ({"left"}, {"right"}),
    (
        {"systemic", "oral", "intravenous", "parenteral"},
        {"topical", "inhaled", "ophthalmic", "nasal"},
    ),
    ({"inhaled"}, {"oral", "topical", "intravenous", "nasal"}),
    ({"topical"}, {"oral", "intravenous", "inhaled"}),
    ({"oral"}, {"intravenous", "subcutaneous", "topical"}),
    ({"intravenous"}, {"oral", "topical"}),
)

QUALIFYING = frozenset(
    word
    for kind, use, words in read_rows("qualifiers.tsv")
    if kind in {"severity", "acuteness", "stability", "stage"} or use == "state"
    for word in re.findall(r"[a-z]+", words)
    if len(word) > 3 and word not in {"bleeding", "dose", "doses", "dosage", "regimen", "failure"}
) | {
    *("major", "minor", "acute", "chronic", "left", "right", "de", "novo", "stage", "grade"),
    *("systemic", "oral", "topical", "inhaled", "intravenous", "bilateral", "unilateral"),
}
"""Words that say how bad, how long, how far or by what route, and not what."""

VAGUE = frozenset(
    bag(parse(name).words)
    for name in (
        *("disease", "condition", "problem", "complication", "abnormality", "syndrome", "symptom"),
        *("drug", "procedure", "treatment", "therapy", "lesion", "event", "reaction", "diagnosis"),
        *(
            "finding",
            "medical condition",
            "medical problem",
            "medical disease",
            "test",
            "comorbidity",
        ),
        *("contraindication", "systemic disease", "chronic disease", "acute disease", "disability"),
        *("chronic condition", "intercurrent disease", "concomitant drug", "medical treatment"),
        *("systemic treatment", "systemic therapy", "standard therapy", "intervention", "relapse"),
        *("inflammatory disease", "health problem", "health condition", "concomitant disease"),
    )
)
"""Names so wide that being a kind of them says little: which disease is meant is not said."""

TEST_FRONT = frozenset(
    {
        "fasting",
        "random",
        "baseline",
        "morning",
        "resting",
        "sitting",
        "seated",
        "supine",
        "standing",
    }
    | {"office", "home", "peak", "trough", "repeat", "point", "care"}
)
"""Words that leave a measurement the measurement it is."""


def shorter(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the phrases that are left when words in front of the head are left out."""
    if len(words) < 2:
        return []
    if len(words) > _MAX_WORDS:
        return [words[i:] for i in range(1, len(words))]
    front, head = words[:-1], words[-1]
    return [
        (*kept, head)
        for size in range(len(front) - 1, -1, -1)
        for kept in dict.fromkeys(combinations(front, size))
    ]


def left_out(words: tuple[str, ...], kept: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a phrase that are not in the shorter one."""
    rest = list(words)
    for word in kept:
        rest.reverse()
        rest.remove(word)
        rest.reverse()
    return tuple(rest)


def only_narrows(words: tuple[str, ...], kept: tuple[str, ...]) -> bool:
    """Tell whether what is left out is the front, or adjectives: nouns inside may matter."""
    if words[-len(kept) :] == kept:
        return True
    place = 0
    gone: list[str] = []
    for word in words:
        if place < len(kept) and word == kept[place]:
            place += 1
        elif place:
            gone.append(word)
    return all(_is_adjective(word) for word in gone)


def _is_adjective(word: str) -> bool:
    return bool(_ADJECTIVE.match(word)) or word in QUALIFYING


def is_another_thing(words: tuple[str, ...], kept: tuple[str, ...]) -> bool:
    """Tell whether what is left out makes the rest another thing: "portal" of hypertension."""
    thing = bag(kept)
    gone = left_out(words, kept)
    return any((bag(gone[i:]), thing) in not_kinds() for i in range(len(gone)))
