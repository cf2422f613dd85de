"""What annotators of a corpus mark, kept beside the mentions."""

import spacy

from critextract import extensions
from critextract.components.drafts import Drawn
from critextract.schema import Label, Mention, Qualifier

TEXT = "Severe gout for at least 12 months, urate > 9 mg/dL"


def place(words):
    start = TEXT.index(words)
    return start, start + len(words)


def drawn(spans):
    """Mentions and annotators' spans of TEXT where the model has `spans` (words, label)."""
    doc = spacy.blank("en")(TEXT)
    doc.ents = [doc.char_span(*place(words), label=label) for words, label in spans]
    severe = Qualifier("severity", "Severe", *place("Severe"))
    extensions.put(
        doc,
        "mentions",
        [Mention("m1", "I1", Label.CONDITION, *place("gout"), "gout", qualifiers=(severe,))],
    )
    spacy.blank("en").add_pipe("critextract_drawn")(doc)
    return doc._.critextract_mentions, doc._.critextract_drawn


def test_spans_that_are_no_mentions_are_kept():
    _, spans = drawn([("gout", "CONDITION"), ("12 months", "TEMPORAL"), ("9 mg/dL", "VALUE")])
    assert spans == (
        Drawn("TEMPORAL", *place("12 months")),
        Drawn("VALUE", *place("9 mg/dL")),
    )


def test_what_annotators_call_no_qualifier_is_none():
    (mention,), _ = drawn([("Severe", "QUALIFIER")])
    assert mention.qualifiers
    (mention,), _ = drawn([("gout", "CONDITION")])
    assert mention.qualifiers == ()
