"""Learn what the annotators of a corpus link, as `critextract train` does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from critextract.learn.followed import Read


def train_links(corpora: Path, output: Path) -> dict[str, Any]:
    """Hold what the program finds in both corpora against their annotations.

    Returns
    -------
    What `learn.followed.train_followed` writes to the folder `output` beside the weights.

    Raises
    ------
    InputError, AnnotationError : a corpus is missing or malformed. ModelError : not writable.
    """
    from critextract.learn.attachment import CORPORA
    from critextract.learn.corpora import hash_of
    from critextract.learn.followed import train_followed

    read = {
        (corpus, part): list(read_corpus(corpora / corpus / part, corpus))
        for corpus in CORPORA
        for part in ("train", "dev")
    }
    return train_followed(
        {corpus: read[corpus, "train"] for corpus in CORPORA},
        {corpus: read[corpus, "dev"] for corpus in CORPORA},
        output,
        data={f"{corpus}/train": hash_of(corpora / corpus / "train") for corpus in CORPORA},
    )


def read_corpus(folder: Path, corpus: str) -> Iterator[Read]:
    """Yield each document of a brat folder with what the program finds in its text.

    Raises
    ------
    InputError : the folder holds no .ann file.
    """
    from critextract.io.plain_text import section_of
    from critextract.learn.corpora import read_folder
    from critextract.pipeline import load

    extractor = load(corpus)
    for document in read_folder(folder):
        record, spans = extractor.read(document.text, section_of(document.name))
        yield record, spans, document
