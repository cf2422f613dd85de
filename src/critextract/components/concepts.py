"""Concepts: names to vocabulary entries."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc


@Language.factory("critextract_concepts")
def make_concept_linker(nlp: Language, name: str) -> object:
    """Build the component."""

    def component(doc: Doc) -> Doc:
        return doc

    return component
