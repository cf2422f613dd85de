"""The notation of annotation sheets: values, windows and rules as a person writes them.

``>= 9 g/dL "at least 9 g/dL"`` is a value, ``<= 6 mo before enrollment "within 6 months before
enrolment"`` a window, ``all(a, not(b))`` a rule. ``annotations/README.md`` shows all of it. What
reads them takes a `Reader`, which knows where quoted characters lie and what names mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, get_args

from critextract.errors import AnnotationError
from critextract.rules import AllOf, AnyOf, AtLeast, Child, Except, If, Is, Not, Rule, Unparsed
from critextract.schema import (
    Direction,
    Guard,
    Otherwise,
    RelativeTo,
    RuleGuard,
    SexGuard,
    Value,
    Window,
    WindowRole,
)
from critextract.text import clean
from critextract.units import TIME_WORDS, match_unit, with_power

REFERENCE_POINTS = frozenset(
    ("screening", "consent", "enrollment", "registration", "randomization", "baseline", "study",
     "first_dose", "last_dose", "treatment", "visit", "study_end", "surgery", "procedure",
     "transplantation", "admission", "discharge", "diagnosis", "onset", "injury", "birth",
     "delivery", "vaccination")
)  # fmt: skip
KEYWORDS = frozenset(
    ("v", "w", "q", "neg", "count", "dose", "alt", "if", "otherwise", "values", "windows", "aside",
     "systolic", "diastolic", "actual", "hypothetical", "uncertain", "planned", "patient",
     "family", "other", "past", "present", "future", "rule", "uncovered", "heading", "none")
)  # fmt: skip
CRITERION_ID = re.compile(r"[IEO]\d+(?:\.\d+)*")
_NODES: dict[str, Any] = {"all": AllOf, "any": AnyOf, "not": Not, "if": If, "except": Except}

_NUMBER = r"-?\d+(?:\.\d+)?"
_PRINTED_NUMBER = re.compile(
    r"\d[\d.,]*(?P<power>\s?[x×*·]\s?10\s?(?:\^|E|\*\*|e)?\s?[0-9⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}(?!\d))?"
)
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<quote>"[^"]+"|`[^`]+`)(?:\#(?P<nth>\d+))?
    |(?P<interval>[\[(]\s*{_NUMBER}\s*,\s*{_NUMBER}\s*[\])])
    |(?P<set>\{{\s*{_NUMBER}(?:\s*,\s*{_NUMBER})*\s*\}})
    |(?P<bound>(?:>=|<=|[<>=])\s*{_NUMBER})
    |(?P<mark>[(),+*])
    |(?P<word>[^\s"`(),+]+)
    )\s*""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of notation; `nth` is the occurrence of quoted characters, counted from 1."""

    kind: str
    text: str
    nth: int | None = None


def tokens(line: str) -> list[Token]:
    """Return the pieces of a line of notation.

    Raises
    ------
    AnnotationError : a quotation is not closed, or a character is none of the notation's.
    """
    found: list[Token] = []
    pos = 0
    while pos < len(line):
        match = _TOKEN.match(line, pos)
        if match is None:
            raise AnnotationError(f"cannot read {line[pos : pos + 30]!r}; a quotation left open?")
        kind = "quote" if match["quote"] else str(match.lastgroup)
        text = match[kind][1:-1] if kind == "quote" else match[kind]
        found.append(Token(kind, text, int(match["nth"]) if match["nth"] else None))
        pos = match.end()
    return found


@dataclass(slots=True)
class Reader:
    """A cursor over tokens, with what the sheet knows.

    locate : quoted characters to their range; `mention` : a name to the mention's id, None if
    there is no such name; `everything` : what ``*`` stands for in a rule.
    """

    items: list[Token]
    locate: Callable[[Token], tuple[int, int]]
    mention: Callable[[str], str | None]
    text: str
    everything: tuple[Rule, ...] = ()
    pos: int = field(default=0)

    def peek(self, *texts: str) -> bool:
        """Tell whether the next token is one of these words or marks."""
        token = self.next
        return token is not None and token.kind in ("word", "mark") and token.text in texts

    @property
    def next(self) -> Token | None:
        """The next token, None at the end."""
        return self.items[self.pos] if self.pos < len(self.items) else None

    def take(self, *kinds: str) -> Token:
        """Return the next token and go on; it must be of one of these kinds."""
        token = self.next
        if token is None or (kinds and token.kind not in kinds):
            found = f"{token.text!r}" if token else "the end of the line"
            raise AnnotationError(f"expected {' or '.join(kinds)}, found {found}")
        self.pos += 1
        return token

    def skip(self, *texts: str) -> bool:
        """Go past one of these words or marks, if it is next."""
        if self.peek(*texts):
            self.pos += 1
            return True
        return False

    def must(self, text: str) -> None:
        """Go past this mark, which has to be next."""
        if not self.skip(text):
            raise AnnotationError(
                f"expected {text!r}, found {self.next.text if self.next else ''!r}"
            )

    def word_of(self, choices: Any) -> str | None:
        """Return the next word if it is one of these, and go on."""
        token = self.next
        if token is not None and token.kind == "word" and token.text in choices:
            return self.take().text
        return None

    def end(self) -> None:
        """Raise if anything is left."""
        if self.next is not None:
            raise AnnotationError(f"cannot read {self.next.text!r} and what follows it")

    def words(self) -> list[str]:
        """Return the words up to something else than a word."""
        found = []
        while self.next is not None and self.next.kind == "word":
            found.append(self.take().text)
        return found


# --- bounds -----------------------------------------------------------------------------------


def _bounds(reader: Reader) -> dict[str, Any] | None:
    """Read ``>= 9``, ``[18, 65)`` or ``{1, 3}``; None if there is none."""
    token = reader.next
    if token is None or token.kind not in ("bound", "interval", "set"):
        return None
    text = reader.take().text
    numbers = [Decimal(number) for number in re.findall(_NUMBER, text)]
    if token.kind == "set":
        return {"set": tuple(numbers)}
    if token.kind == "interval":
        low, high = numbers
        return {
            "low": low, "low_closed": text[0] == "[", "high": high, "high_closed": text[-1] == "]"
        }  # fmt: skip
    if text[0] == "=":
        return {"low": numbers[0], "low_closed": True, "high": numbers[0], "high_closed": True}
    side = "low" if text[0] == ">" else "high"
    return {side: numbers[0], f"{side}_closed": text[1] == "="}


# --- values -----------------------------------------------------------------------------------


def read_values(reader: Reader) -> tuple[Value, ...]:
    """Read one value after ``v``; ``within_normal`` is the two of "within normal limits".

    Form: ``BOUND [UNIT] [of LIMIT] [text WORD] "characters" [alt VALUE] [if RULE | otherwise]``.

    Raises
    ------
    AnnotationError : what stands there is no value.
    """
    if not reader.skip("within_normal"):
        value = _value(reader)
        return (replace(value, guard=_guard(reader)),)
    start, end = reader.locate(reader.take("quote"))
    guard = _guard(reader)
    common: dict[str, Any] = {"text_value": "normal", "guard": guard}
    one = Decimal(1)
    return (
        Value(start, end, low=one, low_closed=True, relative_to="LLN", **common),
        Value(start, end, high=one, high_closed=True, relative_to="ULN", **common),
    )


def _value(reader: Reader) -> Value:
    bounds = _bounds(reader)
    rest: dict[str, Any] = bounds or {}
    if bounds is None:
        rest["text_value"] = " ".join(reader.words()) or None
        if rest["text_value"] is None:
            raise AnnotationError("a value needs a bound (>= 9, [1, 2], {1, 3}) or a word")
    else:
        if not reader.peek("of", "text", *KEYWORDS) and reader.next and reader.next.kind == "word":
            rest["unit"] = reader.take().text
        if reader.skip("of"):
            rest["relative_to"] = reader.word_of(get_args(RelativeTo))
            if rest["relative_to"] is None:
                raise AnnotationError(f"after 'of' comes one of {', '.join(get_args(RelativeTo))}")
        if reader.skip("text"):
            rest["text_value"] = reader.take("word").text
    start, end = reader.locate(reader.take("quote"))
    rest["unit_text"] = _unit_text(reader.text, start, end, rest.get("unit"))
    if reader.skip("alt"):
        rest["alternative"] = _value(reader)
    return Value(start, end, **rest)


def _unit_text(text: str, start: int, end: int, unit: str | None) -> str | None:
    """Return the characters that print a unit, None where the table of units knows none.

    A power of ten is a part of them, as it is of the unit.
    """
    if unit is None:
        return None
    characters = clean(text, start, end)
    body = re.sub(r"^10\*\d+\.?", "", unit)
    for number in _PRINTED_NUMBER.finditer(characters.text):
        found = match_unit(characters.text, number.end())
        if found is None:
            continue
        first = number.start("power") if number["power"] else number.end()
        read = f"{unit[: -len(body)]}{found.code}" if number["power"] else found.code
        if unit in (read, with_power(found.code, found.power)):
            a, b = characters.span(first, found.end)
            return text[a:b].strip()
    return None


def _guard(reader: Reader) -> Guard | None:
    if reader.skip("otherwise"):
        return Otherwise()
    if not reader.skip("if"):
        return None
    sex = reader.word_of(("male", "female"))
    return SexGuard(sex) if sex else RuleGuard(read_rule(reader))  # type: ignore[arg-type]


# --- windows ----------------------------------------------------------------------------------


def read_window(reader: Reader) -> Window:
    """Read one window after ``w``.

    Form: ``[duration|age] [BOUND UNIT] [before|after|during] [POINT or mention] "characters"``.

    Raises
    ------
    AnnotationError : what stands there is no window, or its unit is none of time.
    """
    rest: dict[str, Any] = {"role": reader.word_of(get_args(WindowRole)) or "recency"}
    if bounds := _bounds(reader):
        if "set" in bounds:
            raise AnnotationError("a window has bounds, no set of numbers")
        unit = reader.take("word").text
        if unit not in TIME_WORDS:
            raise AnnotationError(f"{unit!r} is no unit of time: {' '.join(sorted(TIME_WORDS))}")
        rest |= {**bounds, "unit": unit}
    rest["direction"] = reader.word_of(get_args(Direction))
    if reader.next and reader.next.kind == "word":
        rest["reference_point"] = _reference(reader)
    start, end = reader.locate(reader.take("quote"))
    return Window(start, end, **rest)


def _reference(reader: Reader) -> str:
    name = reader.take("word").text
    if name in REFERENCE_POINTS:
        return name
    if mention := reader.mention(name):
        return mention
    raise AnnotationError(
        f"{name!r} is no mention of this criterion and no reference point "
        f"({' '.join(sorted(REFERENCE_POINTS))})"
    )


# --- rules ------------------------------------------------------------------------------------


def read_rule(reader: Reader) -> Rule:
    """Read one rule: a mention's name, a criterion's id, or ``all(...)`` and the like.

    Raises
    ------
    AnnotationError : a name is unknown, or the form is none of a rule's.
    """
    word = reader.take("word").text
    if not reader.peek("("):
        if mention := reader.mention(word):
            return Is(mention)
        if CRITERION_ID.fullmatch(word):
            return Child(word)
        raise AnnotationError(f"{word!r} in a rule is no mention of this criterion")
    reader.must("(")
    if word == "unparsed":
        start, end = reader.locate(reader.take("quote"))
        reader.skip(",")
        reason = " ".join(reader.words())
        reader.must(")")
        return Unparsed(start, end, reason or "not understood")
    if word == "at_least":
        number = int(reader.take("word").text)
        reader.must(",")
        return AtLeast(number, _arguments(reader))
    if word not in _NODES:
        raise AnnotationError(f"{word!r} is no rule: {', '.join(_NODES)}, at_least, unparsed")
    made: Rule = _NODES[word](_arguments(reader))
    return made


def _arguments(reader: Reader) -> tuple[Rule, ...]:
    found: list[Rule] = []
    while not reader.skip(")"):
        if reader.skip("*"):
            found += reader.everything
        else:
            found.append(read_rule(reader))
        if not reader.peek(")"):
            reader.must(",")
    return tuple(found)
