"""A record with most of what a record can hold."""

from decimal import Decimal

from critextract.rules import AnyOf, AtLeast, Child, Except, If, Is, Not
from critextract.schema import (
    AgeLimit,
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

TEXT = (
    "Inclusion:\n"
    "1. AST <= 5 x ULN if liver metastases, else <= 2.5 x ULN\n"
    "2. No stroke within 6 months\n"
    "3. ECOG 0 or 2, readable handwriting\n"
)


def at(words):
    start = TEXT.index(words)
    return start, start + len(words)


def mention(name, criterion, label, words, **rest):
    return Mention(name, criterion, label, *at(words), words, **rest)


def criterion(name, words, **rest):
    return Criterion(name, "inclusion", None, *at(words), words, **rest)


def sample_record():
    cases = (
        Value(*at("<= 5 x ULN"), high=Decimal(5), high_closed=True, relative_to="ULN",
              guard=RuleGuard(Is("m2"))),
        Value(*at("<= 2.5 x ULN"), high=Decimal("2.5"), high_closed=True, relative_to="ULN",
              guard=Otherwise()),
    )  # fmt: skip
    six_months = Window(
        *at("within 6 months"), high=Decimal(6), high_closed=True, unit="mo", direction="before"
    )
    scores = Value(*at("0 or 2"), set=(Decimal(0), Decimal(2)), unit="{score}",
                   guard=SexGuard("male"))  # fmt: skip
    return Record(
        "NCT00000001",
        TEXT,
        Demographics("all", AgeLimit(Decimal(18), "a"), None, False),
        (Heading(0, 10, "inclusion", None),),
        (
            criterion("I1", "AST <= 5 x ULN if liver metastases, else <= 2.5 x ULN",
                      rule=If((Is("m2"), Is("m1"), Is("m1"))), status="exact"),
            criterion("I2", "No stroke within 6 months", rule=Not((Is("m3"),)), status="exact"),
            criterion(
                "I3",
                "ECOG 0 or 2, readable handwriting",
                rule=AtLeast(1, (AnyOf((Is("m4"),)), Except((Child("I2"), Is("m4"))))),
                status="partial",
                uncovered=(Uncovered(*at("readable handwriting"), "not understood"),),
            ),
        ),
        (
            mention("m1", "I1", Label.MEASUREMENT, "AST", values=cases,
                    concept=Concept("LOINC", "1920-8", "AST", 0.9)),
            mention("m2", "I1", Label.CONDITION, "liver metastases", modality="hypothetical",
                    qualifiers=(Qualifier("site", "liver", *at("liver")),)),
            mention("m3", "I2", Label.CONDITION, "stroke", negated=True, negation_cue=at("No "),
                    windows=(six_months, six_months)),
            mention("m4", "I3", Label.MEASUREMENT, "ECOG", values=(scores,)),
        ),
        ("odd encoding",),
        Provenance("critextract 0", "m", "0"),
    )  # fmt: skip
