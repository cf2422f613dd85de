"""What the annotators of a corpus mark, in the configurations that follow one.

The mention model has learned their labels for times, values, cues of negation and qualifying words
too. What they call no qualifier is none here; its words are then named as not covered. The other
spans are kept for `followed`, which decides which of them belong to what.
"""

from collections.abc import Callable
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from critextract import extensions
from critextract.components.drafts import Drawn


def draw(doc: Doc) -> Doc:
    """Put ``drawn`` on the Doc: the model's spans that are no mentions."""
    spans = [
        Drawn(ent.label_, ent.start_char, ent.end_char)
        for ent in doc.ents
        if ent.label_ in ("TEMPORAL", "VALUE", "NEGATION", "QUALIFIER")
    ]
    words = [span for span in spans if span.label == "QUALIFIER"]
    mentions = [
        replace(m, qualifiers=tuple(q for q in m.qualifiers if any(w.meets(q) for w in words)))
        for m in doc._.critextract_mentions
    ]
    extensions.put(doc, "mentions", mentions)
    extensions.put(doc, "drawn", spans)
    return doc


@Language.factory(
    "critextract_drawn",
    requires=["doc._.critextract_mentions", "doc.ents"],
    assigns=["doc._.critextract_mentions", "doc._.critextract_drawn"],
)
def make_drawn(nlp: Language, name: str) -> Callable[[Doc], Doc]:  # noqa: ARG001
    """Build the component."""
    return draw
