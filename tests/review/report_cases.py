"""Records whose comparison has errors of many kinds, in texts that are hard on a page."""

from decimal import Decimal

from critextract.rules import AllOf, Is, Not
from critextract.schema import Criterion, Label, Mention, Record, Value

HARD = (
    'Inclusion:\n- 🩸🩸 Hb >= 9 g/dL </script><b>"x"</b> & \u2028 '
    "no stroke or liver and lung cancer\n"
)
HEBREW = "Exclusion:\n- סוכרת sepsis בשנה\n- asthma\n"


def mention(number, text, words, label, *, criterion="I1", parts=(), **rest):
    """Return a mention of words of a text, of several where it has gaps."""
    places = [(text.index(part), text.index(part) + len(part)) for part in (parts or (words,))]
    return Mention(
        f"m{number}", criterion, Label(label), places[0][0], places[-1][1], words,
        tuple(places) if parts else None, **rest,
    )  # fmt: skip


def value(text, words, **rest):
    """Return a value of at least so much, at its words."""
    start = text.index(words)
    fields = {"low": Decimal(9), "low_closed": True, "unit": "g/dL", **rest}
    return Value(start, start + len(words), **fields)


def record(name, text, section, mentions, rule, status="exact"):
    """Return a record of one criterion: the second line of its text."""
    start, end = text.index("- ") + 2, text.index("\n", text.index("- "))
    letter = section[0].upper()
    one = Criterion(
        f"{letter}1", section, None, start, end, text[start:end], rule=rule, status=status
    )
    return Record(name, text, criteria=(one,), mentions=tuple(mentions))


def hard(closed=True, unit="g/dL", stroke="CONDITION", whole=True, rule=None, name="hard"):
    """Return the document with signs of two units, markup and a mention with a gap."""
    bound = value(HARD, ">= 9 g/dL", low_closed=closed, unit=unit)
    lung = {"parts": ("liver", "cancer")} if whole else {}
    mentions = [
        mention(1, HARD, "Hb", "MEASUREMENT", values=(bound,)),
        mention(2, HARD, "stroke", stroke, negated=True),
        mention(3, HARD, "liver cancer" if whole else "lung cancer", "CONDITION", **lung),
    ]
    return record(name, HARD, "inclusion", mentions, rule or AllOf((Is("m1"), Not((Is("m2"),)))))


def hebrew(label="CONDITION", words="sepsis", status="exact"):
    """Return the document from right to left; what it says beside `words` is missed or spurious."""
    found = [mention(1, HEBREW, words, label, criterion="E1")]
    other = ("Exclusion", "PROCEDURE") if label == "OBSERVATION" else ("asthma", "CONDITION")
    found.append(mention(2, HEBREW, *other, criterion="E1"))
    return record("עברית", HEBREW, "exclusion", found, Is("m1"), status)


def gold():
    """Return gold of three documents."""
    return [hard(), hebrew(status="partial"), hard(name="same")]


def pred():
    """Return predictions: a bound, a unit, a label, a gap, a rule and a status are wrong."""
    wrong = hard(closed=False, unit=None, stroke="DRUG", whole=False, rule=Is("m1"))
    return [wrong, hebrew("OBSERVATION", "סוכרת sepsis"), hard(name="same")]
