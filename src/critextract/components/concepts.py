"""Concepts: the vocabulary entry a mention refers to, packaged or of a user's own vocabulary."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from critextract import extensions
from critextract.changes import replace
from critextract.components.vocabularies import THRESHOLD, Vocabulary
from critextract.schema import Concept, Label, Mention
from critextract.terms import lookup

OWN_SYSTEM = "critextract"
"""System of terms that have no code in a published one; the code is the term's id."""

_ALIKE = (
    {Label.MEASUREMENT, Label.OBSERVATION, Label.PROCEDURE},
    {Label.CONDITION, Label.OBSERVATION},
    {Label.DRUG, Label.PROCEDURE},
)
"""Labels that the same thing may come under: an electrocardiogram, smoking, chemotherapy."""


@lru_cache(maxsize=65536)
def link(text: str, label: Label) -> Concept | None:
    """Return the packaged term that `text` is a name of, with score 1.0, None if there is none.

    A term whose label excludes the mention's is not taken: "HIV" as a MEASUREMENT is not the
    infection.
    """
    term = lookup(text)
    if term is None:
        return None
    if term.label is not label and not any({term.label, label} <= group for group in _ALIKE):
        return None
    return Concept(term.system or OWN_SYSTEM, term.code or term.id, term.name, 1.0)


@cache
def _abbreviation_pipeline() -> Language:
    import spacy
    from scispacy.abbreviation import AbbreviationDetector  # noqa: F401  (registers its factory)

    nlp = spacy.blank("en")
    nlp.add_pipe("abbreviation_detector")
    return nlp


def expand_abbreviations(text: str) -> dict[str, str]:
    """Return the abbreviations that `text` defines, short form to long form.

    Source: Schwartz and Hearst 2003, as scispaCy implements it.
    """
    if "(" not in text:
        return {}
    doc = _abbreviation_pipeline()(text)
    return {short.text: short._.long_form.text for short in doc._.abbreviations}


def written(text: str, mention: Mention) -> str:
    """Return the mention's words, those of its fragments where it is discontinuous."""
    parts: Sequence[tuple[int, int]] = mention.fragments or ((mention.start, mention.end),)
    return " ".join(text[start:end] for start, end in parts)


class ConceptLinker:
    """Set `concept` on each of ``doc._.critextract_mentions``."""

    def __init__(self, vocabulary: Vocabulary | None, *, abbreviations: bool) -> None:
        self.vocabulary = vocabulary
        self.abbreviations = abbreviations

    def __call__(self, doc: Doc) -> Doc:
        """Link the mentions of one criterion."""
        mentions: Sequence[Mention] = doc._.critextract_mentions
        if not mentions:
            return doc
        text = doc.text  # joined anew at every reading
        long_forms = expand_abbreviations(text) if self.abbreviations else {}
        linked = [self._linked(text, mention, long_forms) for mention in mentions]
        extensions.put(doc, "mentions", linked)
        return doc

    def _linked(self, text: str, mention: Mention, long_forms: dict[str, str]) -> Mention:
        name = written(text, mention)
        for form in (name, long_forms.get(name)):
            found = form and (link(form, mention.label) or self._from_vocabulary(form, mention))
            if found:
                return replace(mention, concept=found)
        return mention

    def _from_vocabulary(self, name: str, mention: Mention) -> Concept | None:
        return self.vocabulary.link(name, mention.label) if self.vocabulary else None


_DEFAULTS: dict[str, Any] = {"vocabulary": None, "threshold": THRESHOLD, "abbreviations": False}


@Language.factory(
    "critextract_concepts",
    default_config=_DEFAULTS,
    requires=["doc._.critextract_mentions"],
    assigns=["doc._.critextract_mentions"],
)
def make_concept_linker(
    nlp: Language,  # noqa: ARG001
    name: str,  # noqa: ARG001
    vocabulary: str | None,
    threshold: float,
    abbreviations: bool,
) -> ConceptLinker:
    """Build the component; `vocabulary` is the path of the user's own file, or null."""
    own = Vocabulary.load(vocabulary, threshold) if vocabulary else None
    return ConceptLinker(own, abbreviations=abbreviations)
