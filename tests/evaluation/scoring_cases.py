"""Small records to score, written in a few signs."""

from decimal import Decimal

from critextract.schema import Criterion, Label, Mention, Record, Value, Window

LABELS = {label[0]: label for label in Label if label != Label.DEVICE and label != Label.PERSON}
LABELS |= {"P": Label.PROCEDURE, "N": Label.PERSON}
TEXT = "abcdefghijklmnopqrstuvwxyz0123456789" * 3


def span_mention(number, written, **rest):
    """Return the mention that ``C 0-4+8-12`` writes: a letter of its label, its fragments."""
    letter, places = written.split()
    fragments = tuple(tuple(map(int, place.split("-"))) for place in places.split("+"))
    start, end = min(a for a, _ in fragments), max(b for _, b in fragments)
    words = " ".join(TEXT[a:b] for a, b in fragments)
    return Mention(
        f"m{number}", "I1", LABELS[letter], start, end, words,
        fragments if len(fragments) > 1 else None, **rest,
    )  # fmt: skip


def spans(*written, name="d1", **rest):
    """Return a record of mentions, each written as for `span_mention`."""
    mentions = tuple(span_mention(n, one, **rest) for n, one in enumerate(written, 1))
    return Record(name, TEXT, mentions=mentions)


def one_criterion(text, mentions, rule, name="d1", **rest):
    """Return a record of one criterion over all of a text."""
    fields = {"status": "exact", **rest}
    criterion = Criterion("I1", "inclusion", None, 0, len(text), text, rule=rule, **fields)
    return Record(name, text, criteria=(criterion,), mentions=tuple(mentions))


def value(text, words, **rest):
    """Return a value at the characters of its words."""
    start = text.index(words)
    for side in ("low", "high"):
        if side in rest:
            rest[side] = Decimal(str(rest[side]))
            rest.setdefault(f"{side}_closed", True)
    return Value(start, start + len(words), **rest)


def window(text, words, **rest):
    """Return a window at the characters of its words."""
    start = text.index(words)
    for side in ("low", "high"):
        if side in rest:
            rest[side] = Decimal(str(rest[side]))
            rest.setdefault(f"{side}_closed", True)
    return Window(start, start + len(words), **rest)


def mention(text, words, label="CONDITION", number=1, **rest):
    """Return a mention at the characters of its words."""
    start = text.index(words)
    end = start + len(words)
    return Mention(f"m{number}", "I1", Label(label), start, end, words, **rest)
