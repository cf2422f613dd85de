"""Characters of values, times and qualifiers as the annotators of a corpus draw them."""

import pytest
import spacy

import critextract
from critextract import extensions
from critextract.schema import Label, Mention, Qualifier, Value, Window

TEXT = "Severe gout for at least 12 months (365 days), urate > 9 mg/dL"


def place(words, text=TEXT):
    start = text.index(words)
    return start, start + len(words)


def drawn(spans):
    """The gout of TEXT, with the model's spans of `spans` (words, label), redrawn."""
    doc = spacy.blank("en")(TEXT)
    doc.ents = [doc.char_span(*place(words), label=label) for words, label in spans]
    mention = Mention(
        "m1",
        "I1",
        Label.CONDITION,
        *place("gout"),
        "gout",
        qualifiers=(Qualifier("severity", "Severe", *place("Severe")),),
        values=(Value(low="9", unit="mg/dL", start=place("> 9")[0], end=place("> 9 mg/dL")[1]),),
        windows=(Window(low="12", start=place("at least")[0], end=place("12 months")[1]),),
    )
    extensions.put(doc, "mentions", [mention])
    spacy.blank("en").add_pipe("critextract_drawn")(doc)
    return doc._.critextract_mentions[0], doc._.critextract_drawn[0]


def words(part):
    return TEXT[part.start : part.end]


def test_parts_get_the_characters_of_the_models_spans():
    read, shown = drawn(
        [
            ("Severe", "QUALIFIER"),
            ("for at least 12 months (365 days)", "TEMPORAL"),
            ("9 mg/dL", "VALUE"),
        ]
    )
    assert words(read.windows[0]) == "at least 12 months"
    assert words(shown.windows[0]) == "for at least 12 months (365 days)"
    assert words(shown.values[0]) == "9 mg/dL"
    assert words(shown.qualifiers[0]) == "Severe"


def test_the_span_that_shares_most_is_taken():
    _, shown = drawn([("for at", "TEMPORAL"), ("least 12 months", "TEMPORAL")])
    assert words(shown.windows[0]) == "least 12 months"


def test_where_the_model_has_nothing_parts_stay_and_qualifiers_are_none():
    read, shown = drawn([("gout", "CONDITION")])
    assert words(shown.windows[0]) == "at least 12 months"
    assert words(shown.values[0]) == "> 9 mg/dL"
    assert read.qualifiers == shown.qualifiers == ()


@pytest.mark.parametrize("name", ["chia", "lct"])
def test_rules_are_told_by_the_programs_own_characters(name):
    """Other characters cover nothing more: status and rule are those of the same stages without."""
    text = "Inclusion Criteria:\n- Gout for at least 12 months (365 days)\n- History of stroke"
    extractor = critextract.load(name)
    record = extractor.extract(text)
    extractor.nlp.remove_pipe("critextract_drawn")
    extractor._lines.clear()
    plain = extractor.extract(text)
    assert [c.rule for c in record.criteria] == [c.rule for c in plain.criteria]
    assert [c.status for c in record.criteria] == [c.status for c in plain.criteria]
    assert [len(m.windows) for m in record.mentions] == [len(m.windows) for m in plain.mentions]
