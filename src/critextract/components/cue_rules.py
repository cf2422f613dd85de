"""The rules of context as data: cues, how far they reach, and the words that stop them.

Read from ``lexicons/context_rules.tsv``; see `context` for what they do.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from critextract.components.phrases import expand

RULES_FILE = "context_rules.tsv"

LISTED = frozenset({"no", "not", "without", "absence", "free of", "lack of", "never"})
"""Cues that a list of adjectives may follow ("no serious, uncontrolled infection")."""
FARTHEST = 6
"""Words between a cue and the nearest mention right of it that it reaches."""
WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*|\S")
"""A word, a number or a sign."""
_OTHER = re.compile(r"\b(?:and|or) other (?:[-\w]+ )?$", re.IGNORECASE)
"""The end of a list of adjectives ("no mental, nervous or other systemic disease")."""
_ADJECTIVES = re.compile(
    r"\s*(?:(?:grade|stage|class)\s+[\dIVX]+(?:\s+or\s+(?:worse|greater|higher|more|above))?\s+)?"
    r"(?:(?:(?:active|acute|chronic|severe|serious|uncontrolled|known|prior|other|ongoing|systemic"
    r"|current|concurrent|significant)\s+)*[-\w]+\s*(?:,|/|,?\s*\bor\b)\s*){0,4}(?:[-\w]+\s+){0,3}",
    re.IGNORECASE,
)
"""Words that share the noun behind them ("no bacterial, viral, or fungal infection")."""

BETWEEN = ("STOP", "LATER", "PASS", "AFTER")
"""Directions of words that ConText does not see, for they may be mentions themselves. Between cue
and mention they end the scope; do so unless they are among the first two words; do not, though
words in them would. Right after a mention they are what the cue is about ("no drug allergy")."""


@dataclass(frozen=True, slots=True)
class CueRule:
    """One line of the rule file, expanded: `reach` in words, None to the clause's end."""

    category: str
    direction: str
    reach: int | None
    phrase: str


@cache
def load_rules() -> tuple[CueRule, ...]:
    """Read the packaged rules; the first line that has a phrase wins.

    Words between cue and mention (`BETWEEN`) are another list: a phrase may stand in both.
    """
    text = (files("critextract") / "lexicons" / RULES_FILE).read_text(encoding="utf-8")
    rules: dict[tuple[str, bool], CueRule] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        category, direction, reach, pattern = line.split("\t")
        for phrase in expand(pattern):
            rule = CueRule(category, direction, None if reach == "-" else int(reach), phrase)
            rules.setdefault((phrase, direction in BETWEEN), rule)
    return tuple(rules.values())


@cache
def between_pattern(category: str, direction: str) -> re.Pattern[str]:
    """Compile a category's ``STOP`` or ``PASS`` phrases."""
    phrases = [r.phrase for r in load_rules() if (r.category, r.direction) == (category, direction)]
    words = sorted((p for p in phrases if p[0].isalpha()), key=len, reverse=True)
    signs = [re.escape(p) for p in phrases if not p[0].isalpha()]
    forms = [rf"\b(?:{'|'.join(map(re.escape, words))})\b", *signs] if words else signs
    return re.compile("|".join(forms) or r"(?!)", re.IGNORECASE)


def starts(category: str, direction: str, text: str) -> bool:
    """Tell whether the text, white space and hyphens apart, starts with such a phrase."""
    return between_pattern(category, direction).match(text[:40].lstrip(" -")) is not None


def stopped(category: str, between: str, *, free: int = 2) -> bool:
    """Tell whether words right of a cue end its scope; `LATER` ones not among the `free` first."""
    passing = between_pattern(category, "PASS").sub(" ", between)
    later = re.sub(rf"^(?:\W*\w+){{0,{free}}}", "", passing)
    return (
        between_pattern(category, "STOP").search(passing) is not None
        or between_pattern(category, "LATER").search(later) is not None
    )


def words_of(text: str) -> list[tuple[int, int]]:
    """Return the characters of each word, number and sign."""
    return [m.span() for m in WORD.finditer(text)]


def lets_through(rule: CueRule, between: str) -> bool:
    """Tell whether the words between a cue and its nearest mention let it through."""
    if stopped(rule.category, between):
        return False
    passed = between_pattern(rule.category, "PASS").sub(" ", between)
    if rule.reach is not None:
        return len(words_of(passed)) < rule.reach
    if rule.phrase in LISTED and _ADJECTIVES.fullmatch(passed):
        return True
    words = words_of(passed)
    if rule.phrase in LISTED and _OTHER.search(between):
        return len(words) <= FARTHEST + 3
    if re.search(r",|\band\b", between) and (len(words) > 4 or rule.phrase not in LISTED):
        return False
    return len(words) <= FARTHEST
