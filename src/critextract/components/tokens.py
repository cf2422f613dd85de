"""The tokenizer: splits signs and numbers from units, which no stock tokenizer does.

One regular expression, no exceptions: every sign is a token of its own, a number is one token
("1,500", "2.5"), letters with digits inside stay together ("HER2", "HbA1c", "mm3"), and a number
is split from the letters after it ("18years" is "18" and "years").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import DummyTokenizer, registry
from spacy.vocab import Vocab

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|\d+(?:[.,]\d+)*"
    r"|[xX](?=\d)"  # "2.5x10": the sign of multiplication
    r"|'s\b"
    r"|[^\W\d_①-⓿]+(?:\d+[^\W\d_①-⓿]*)*"  # letters, with digits inside or after them
    r"|."
    , re.DOTALL
)  # fmt: skip
CONVENTIONS = ("chia", "lct")
"""Corpora whose ways of annotating the mention model has learned to tell apart."""
MAX_TOKEN = 60
"""Longer runs are cut: no word is that long, and a token's length bounds the work on it."""


def split_words(text: str) -> tuple[list[str], list[bool]]:
    """Return the tokens of `text` and whether a single space follows each.

    The tokens and spaces joined give `text` back, whatever it holds.
    """
    words: list[str] = []
    spaces: list[bool] = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        if match.lastgroup == "space":
            if words and word[0] == " " and not spaces[-1]:
                spaces[-1] = True
                word = word[1:]
            if not word:
                continue
        for i in range(0, len(word), MAX_TOKEN):
            words.append(word[i : i + MAX_TOKEN])
            spaces.append(False)
    return words, spaces


class CriterionTokenizer(DummyTokenizer):
    """Turn a criterion's text into a Doc; see `split_words`.

    convention : one of `CONVENTIONS`, whose annotators the mention model is asked to follow; it
        reads it as the tag of every token. Empty: the program's own way.
    """

    def __init__(self, vocab: Vocab, convention: str = "") -> None:
        self.vocab = vocab
        self.convention = convention

    def __call__(self, text: str) -> Doc:
        """Return the Doc of `text`; its tokens join to `text`."""
        words, spaces = split_words(text)
        tags = [self.convention] * len(words) if self.convention else None
        return Doc(self.vocab, words=words, spaces=spaces, tags=tags)

    def pipe(self, texts: Iterable[str], **_: Any) -> Iterator[Doc]:
        """Yield the Doc of each text."""
        for text in texts:
            yield self(text)


@registry.tokenizers("critextract_tokenizer")  # type: ignore[untyped-decorator]
def make_tokenizer() -> Callable[[Language], Tokenizer]:
    """Build the tokenizer factory."""

    def create(nlp: Language) -> Tokenizer:
        return CriterionTokenizer(nlp.vocab)

    return create
