"""DocBin files written and read."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import spacy
from hypothesis import given, settings
from spacy.tokens import DocBin, Span
from spacy.vocab import Vocab

from annotated import records, texts_with_controls
from critextract.errors import AnnotationFaults, InputError, SpanError
from critextract.learn.docbin import read_docbin, to_doc, write_docbin
from critextract.schema import Criterion, Label, Mention, Record
from sample_record import sample_record


@settings(max_examples=50)
@given(records(texts=texts_with_controls))
def test_every_record_comes_back(record):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.spacy"
        assert write_docbin([record, record], path) == 2
        assert list(read_docbin(path)) == [record, record]


def test_a_doc_shows_mentions_parts_and_criteria():
    doc = to_doc(sample_record(), Vocab())
    assert [(e.text, e.label_) for e in doc.ents] == [
        ("AST", "MEASUREMENT"),
        ("liver metastases", "CONDITION"),
        ("stroke", "CONDITION"),
        ("ECOG", "MEASUREMENT"),
    ]
    assert {span.label_ for span in doc.spans["parts"]} == {
        "Value",
        "Window",
        "Qualifier",
        "Negation",
    }
    assert len([span for span in doc.spans["criteria"] if span.label_ == "Criterion"]) == 3


def save(path, *docs):
    DocBin(docs=docs, store_user_data=True).to_disk(path)


def test_docs_of_other_programs_are_read(tmp_path):
    nlp = spacy.blank("en")
    doc = nlp.make_doc("No gout or asthma")
    doc.ents = [Span(doc, 1, 2, "CONDITION"), Span(doc, 0, 1, "NO_LABEL_OF_OURS")]
    doc.spans["sc"] = [Span(doc, 1, 2, "CONDITION"), Span(doc, 3, 4, "CONDITION")]
    save(tmp_path / "x.spacy", doc)
    (record,) = read_docbin(tmp_path / "x.spacy")
    assert (record.id, [m.text for m in record.mentions]) == ("x-1", ["gout", "asthma"])


def test_an_edited_span_counts(tmp_path):
    doc = to_doc(sample_record(), Vocab())
    group = doc.spans["mentions"]
    group[2] = Span(doc, group[2].start, group[2].end, "OBSERVATION")
    save(tmp_path / "x.spacy", doc)
    (record,) = read_docbin(tmp_path / "x.spacy")
    stroke = record.mentions[2]
    assert (stroke.text, stroke.label, stroke.negated) == ("stroke", "OBSERVATION", True)


def test_a_span_without_attributes_is_a_fault_and_kept(tmp_path):
    doc = to_doc(sample_record(), Vocab())
    doc.spans["mentions"].append(Span(doc, 0, 1, "DRUG"))
    save(tmp_path / "x.spacy", doc)
    with pytest.raises(AnnotationFaults, match=r"x\.spacy: NCT00000001, mentions: 5 spans, 4 of"):
        list(read_docbin(tmp_path / "x.spacy"))
    (record,) = read_docbin(tmp_path / "x.spacy", [])
    assert [m.text for m in record.mentions][-1] == "Inclusion"


def test_what_is_no_docbin(tmp_path):
    (tmp_path / "x.spacy").write_bytes(b"{}")
    for name in ("x.spacy", "nothing.spacy"):
        with pytest.raises(InputError, match="expected a DocBin"):
            list(read_docbin(tmp_path / name))


def test_a_range_outside_the_text_is_an_error():
    criterion = Criterion("I1", "inclusion", None, 0, 4, "Gout")
    wrong = Mention("m1", "I1", Label.CONDITION, 2, 9, "ut")
    with pytest.raises(SpanError, match=r"x: CONDITION \[2, 9\) is no range"):
        to_doc(Record("x", "Gout", criteria=(criterion,), mentions=(wrong,)), Vocab())
