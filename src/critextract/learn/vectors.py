"""Word vectors for the mention model: floret (hashed subwords) trained on unannotated criteria.

floret is needed to train vectors, never to use them: spaCy reads the table. The table has a fixed
number of rows whatever the vocabulary, so the model stays small and every word has a vector.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from spacy.language import Language
from spacy.training.initialize import convert_vectors
from spacy.vectors import Vectors

from critextract.components.tokens import split_words
from critextract.errors import ModelError
from critextract.text import clean

NAME = "critextract_floret"


@dataclass(frozen=True, slots=True)
class VectorSettings:
    """floret's options; the names are floret's own."""

    model: str = "skipgram"
    dim: int = 96
    bucket: int = 25_000
    hashCount: int = 2  # noqa: N815
    minn: int = 3
    maxn: int = 5
    minCount: int = 5  # noqa: N815
    epoch: int = 8
    lr: float = 0.05
    ws: int = 5
    neg: int = 10


def raw_texts(path: Path) -> Iterator[str]:
    """Yield the criteria of a gzipped JSON-lines file, field ``criteria``."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)["criteria"]


def token_lines(text: str) -> Iterator[str]:
    """Yield each line of `text` as lower-case tokens joined by spaces."""
    for line in text.replace("\r\n", "\n").split("\n"):
        tidy = clean(line, 0, len(line)).text
        if tidy:
            yield " ".join(split_words(tidy)[0]).lower()


def add_trained_vectors(
    nlp: Language, texts: Iterable[str], settings: VectorSettings | None = None
) -> None:
    """Train word vectors on `texts` and put them into the vocabulary of `nlp`.

    One thread and floret's fixed seed: the same texts give the same table.

    Raises
    ------
    ModelError : floret is not installed.
    """
    try:
        floret = import_module("floret")
    except ImportError:
        raise ModelError(
            "training word vectors needs floret, which is not installed: "
            "pip install floret, or name a model whose vectors to use"
        ) from None
    options: dict[str, Any] = asdict(settings or VectorSettings())
    with TemporaryDirectory() as folder:
        source, table = Path(folder) / "tokens.txt", Path(folder) / "table.floret"
        with source.open("w", encoding="utf-8") as stream:
            for text in texts:
                stream.writelines(f"{line}\n" for line in token_lines(text))
        model = floret.train_unsupervised(
            str(source), mode="floret", thread=1, verbose=0, **options
        )
        model.save_floret_vectors(str(table))
        load_table(nlp, table)


def load_table(nlp: Language, path: Path) -> None:
    """Put floret's text table at `path` into the vocabulary; keys are lower-case forms."""
    convert_vectors(nlp, path, truncate=0, prune=-1, mode="floret", attr="LOWER", name=NAME)
    set_precision(nlp, "float16")  # what is stored is what is trained with
    set_precision(nlp, "float32")


def set_precision(nlp: Language, dtype: str) -> None:
    """Store the table as ``float16`` (on disk, half the size) or ``float32`` (to compute with)."""
    nlp.vocab.vectors.data = nlp.vocab.vectors.data.astype(dtype)


def copy_vectors(nlp: Language, source: Language) -> None:
    """Use the word vectors of `source` in `nlp`."""
    nlp.vocab.vectors = Vectors(strings=nlp.vocab.strings)
    nlp.vocab.vectors.from_bytes(source.vocab.vectors.to_bytes())
    nlp.vocab.vectors.name = NAME
    nlp.meta["vectors"]["name"] = NAME
