"""Time windows and the words of period."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc


@Language.factory("critextract_temporal")
def make_window_matcher(nlp: Language, name: str) -> object:
    """Build the component."""

    def component(doc: Doc) -> Doc:
        return doc

    return component
