"""Hypothesis strategies: records as tools meet them, nested, cut up, far from ASCII."""

from decimal import Decimal
from string import ascii_lowercase

from hypothesis import strategies as st

from critextract.rules import AllOf, Is, Not
from critextract.schema import (
    Concept,
    Criterion,
    Demographics,
    Heading,
    Label,
    Mention,
    Otherwise,
    Provenance,
    Qualifier,
    Record,
    RuleGuard,
    SexGuard,
    Uncovered,
    Value,
    Window,
)

PIECES = [*ascii_lowercase[:6], "7", " ", " ", "  ", ".", "≥", "é", "𝛼", "😀", "\n", "\r\n", "\t"]
CONTROLS = ["\x0b", "\x1c", "\x85", "\u2028"]

texts = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
texts_with_controls = st.lists(st.sampled_from(PIECES + CONTROLS), max_size=60).map("".join)
numbers = st.decimals(min_value=0, max_value=999, places=2)
decided = st.none() | st.booleans()


def spans(text):
    ends = st.integers(0, len(text))
    return st.tuples(ends, ends).map(sorted).filter(lambda pair: pair[0] < pair[1]).map(tuple)


@st.composite
def fragments(draw, text):
    """Two or three ranges in text order, some of them adjacent."""
    ends = draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=6).map(sorted))
    found = zip(ends[::2], ends[1::2], strict=False)
    return tuple((start, end) for start, end in found if start < end)


@st.composite
def values(draw, text, ids):
    start, end = draw(spans(text))
    low = draw(st.none() | numbers)
    guards = [None, SexGuard("male"), Otherwise(), *(RuleGuard(Is(name)) for name in ids[:1])]
    limit = draw(st.sampled_from([None, "ULN", "normal_mean"]))
    inner = Value(start, end, high=Decimal("1.5"), high_closed=True, unit="g")
    return Value(
        start,
        end,
        low=low,
        low_closed=None if low is None else draw(st.booleans()),
        set=draw(st.none() | st.lists(numbers, min_size=1, max_size=3).map(tuple)),
        text_value=draw(st.sampled_from([None, "positive", "two\nlines\tand a tab"])),
        unit=draw(st.sampled_from([None, "10*9/L", "%"])),
        relative_to=limit,
        alternative=draw(st.sampled_from([None, inner])),
        guard=draw(st.sampled_from(guards)),
    )


@st.composite
def windows(draw, text):
    return Window(
        *draw(spans(text)),
        role=draw(st.sampled_from(["recency", "duration", "age"])),
        high=draw(st.none() | numbers),
        direction=draw(st.sampled_from([None, "before", "during"])),
        reference_point=draw(st.sampled_from([None, "first_dose", "m1"])),
    )


@st.composite
def qualifiers(draw, text):
    start, end = draw(spans(text))
    words = draw(st.sampled_from([text[start:end], "severe"]))
    return Qualifier(draw(st.sampled_from(["severity", "site", "other"])), words, start, end)


@st.composite
def mentions(draw, name, text, criteria, ids):
    start, end = draw(spans(text))
    cut = draw(st.none() | fragments(text))
    if cut:
        start, end = cut[0][0], cut[-1][1]
    cue = draw(st.none() | spans(text))
    parts = {"min_size": 0, "max_size": 2}
    return Mention(
        name,
        draw(st.sampled_from(criteria)),
        draw(st.sampled_from(list(Label))),
        start,
        end,
        " ".join(text[a:b] for a, b in cut) if cut else text[start:end],
        cut or None,
        negated=cue is not None or draw(st.booleans()),
        negation_cue=cue,
        modality=draw(st.sampled_from(["actual", "planned"])),
        experiencer=draw(st.sampled_from(["patient", "family"])),
        period=draw(st.sampled_from([None, "past"])),
        qualifiers=tuple(draw(st.lists(qualifiers(text), **parts))),
        concept=draw(st.sampled_from([None, Concept("LOINC", "1-8", 'a "name"', 0.5)])),
        component=draw(st.sampled_from([None, "systolic"])),
        values=tuple(draw(st.lists(values(text, ids), **parts))),
        values_op=draw(st.sampled_from(["all", "any"])),
        windows=tuple(draw(st.lists(windows(text), **parts))),
        windows_op=draw(st.sampled_from(["all", "any"])),
        count=draw(st.none() | values(text, ids)),
        dose=draw(st.none() | values(text, ids)),
        confidence=draw(st.sampled_from([1.0, 0.25])),
    )


@st.composite
def criteria(draw, text, ids):
    made = []
    for n in range(draw(st.integers(0, 3))):
        start, end = draw(spans(text))
        rule = AllOf((Not((Is(ids[0]),)),)) if ids else None
        uncovered = draw(st.lists(spans(text), max_size=1))
        made.append(
            Criterion(
                f"E{n + 1}",
                draw(st.sampled_from(["inclusion", "exclusion", "other"])),
                draw(st.sampled_from([None, "Arm A"])),
                start,
                end,
                text[start:end],
                draw(st.sampled_from([None, *(c.id for c in made)])),
                rule,
                draw(st.sampled_from(["exact", "partial", "unparsed"])),
                tuple(Uncovered(a, b, 'not "understood"') for a, b in uncovered),
            )
        )
    return made


@st.composite
def records(draw, texts=texts):
    """A record; without characters it has no parts, without criteria no mentions."""
    text = draw(texts)
    ids = draw(st.permutations(["m1", "m2", "m7"]).map(lambda names: names[:2])) if text else []
    found = draw(criteria(text, ids)) if text else []
    names = [criterion.id for criterion in found]
    made_by = draw(st.sampled_from([None, Provenance("critextract 0", "m 1", "0")]))
    return Record(
        draw(st.sampled_from(["NCT00000001_inc", "a/b: c", "ü", ".hidden", "50%"])),
        text,
        draw(st.sampled_from([None, Demographics(sex="female", healthy_volunteers=True)])),
        tuple(Heading(*place, "exclusion") for place in draw(st.lists(spans(text), max_size=1)))
        if text and found
        else (),
        tuple(found),
        tuple(draw(mentions(name, text, names, ids)) for name in ids) if names else (),
        draw(st.sampled_from([(), ("odd encoding",)])),
        made_by,
    )
