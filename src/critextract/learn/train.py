"""Train the mention model: tokenizer, word vectors, tok2vec and ner, from both corpora together.

The recipe is whole: word vectors are trained on unannotated criteria (or taken from a model that
has them), then one network on the lines of Chia and LCT. Fixed seed, one thread: same weights.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example as SpacyExample
from thinc.optimizers import Adam
from thinc.schedules import compounding
from thinc.util import fix_random_seed

from critextract import __version__
from critextract.errors import ModelError
from critextract.learn.calibrate import confidence_table, figures
from critextract.learn.corpora import Example, hash_of, read_corpus
from critextract.learn.labels import LABELS
from critextract.learn.load import MODEL_NAME, MODEL_VERSION, load_mention_model
from critextract.learn.vectors import add_trained_vectors, copy_vectors, raw_texts, set_precision

LAST_RATE = 0.05
"""The learning rate falls linearly to this share of its first value."""
Progress = Callable[[int, int, float], None]
"""Called after each epoch with its number, the number of epochs, and the loss."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Shape and schedule of the network; the defaults made the shipped model.

    first_batch, last_batch : tokens a step, growing.
    chia_copies, lct_copies : how often an epoch shows each example; LCT is the smaller corpus.
    """

    width: int = 96
    depth: int = 4
    hidden: int = 64
    epochs: int = 6
    dropout: float = 0.25
    learn_rate: float = 0.001
    chia_copies: int = 2
    lct_copies: int = 3
    first_batch: int = 150
    last_batch: int = 600


def tok2vec_config(settings: Settings, *, static_vectors: bool) -> dict[str, Any]:
    """Return the config of the token network: hash embeddings, word vectors, a CNN over them."""
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": settings.width,
            "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
            "rows": [5000, 1000, 2500, 1000],
            "include_static_vectors": static_vectors,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": settings.width,
            "window_size": 1,
            "maxout_pieces": 3,
            "depth": settings.depth,
        },
    }


def blank_model(settings: Settings, *, static_vectors: bool = True) -> Language:
    """Return the untrained pipeline: our tokenizer and one ner with its own tok2vec."""
    config = {"nlp": {"tokenizer": {"@tokenizers": "critextract_tokenizer"}}}
    nlp = spacy.blank("en", config=config)
    model = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": settings.hidden,
        "maxout_pieces": 2,
        "use_upper": True,
        "nO": None,
        "tok2vec": tok2vec_config(settings, static_vectors=static_vectors),
    }
    ner: Any = nlp.add_pipe("ner", config={"model": model})
    for label in LABELS:  # named here, else they are read from the data, a minute of it
        ner.add_label(label)
    return nlp


def spacy_examples(nlp: Language, found: Sequence[Example]) -> list[SpacyExample]:
    """Return spaCy's examples; spans that cut a token are left out (below one in a hundred)."""
    made = []
    for item in found:
        doc = nlp.make_doc(item.text)
        gold = doc.copy()
        spans = [gold.char_span(a, b, label=label) for a, b, label in item.spans]
        kept = [span for span in spans if span is not None]
        covered = {i for span in kept for i in range(span.start, span.end)}
        gold.set_ents(kept, missing=_open_tokens(gold, item, covered))
        made.append(SpacyExample(doc, gold))
    return made


def _open_tokens(doc: Doc, item: Example, covered: set[int]) -> list[Span]:
    """Return the tokens whose label is left open, one span each."""
    spans = [doc.char_span(a, b, alignment_mode="expand") for a, b in item.unknown]
    places = {i for span in spans if span for i in range(span.start, span.end)} - covered
    return [doc[i : i + 1] for i in sorted(places)]


def batches(found: Sequence[SpacyExample], sizes: Iterator[float]) -> Iterator[list[SpacyExample]]:
    """Yield runs of examples of about the next size in tokens each."""
    batch: list[SpacyExample] = []
    tokens, limit = 0, next(sizes)
    for item in found:
        batch.append(item)
        tokens += len(item.x)
        if tokens >= limit:
            yield batch
            batch, tokens, limit = [], 0, next(sizes)
    if batch:
        yield batch


def fit(
    nlp: Language,
    found: Sequence[Example],
    settings: Settings,
    *,
    seed: int,
    progress: Progress | None = None,
) -> None:
    """Train `nlp` in place; it holds the running average of the weights afterwards."""
    fix_random_seed(seed)
    shuffle = random.Random(seed)
    items = spacy_examples(nlp, found)
    optimizer = Adam(
        settings.learn_rate, use_averages=True, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0
    )
    nlp.initialize(lambda: islice(items, 200), sgd=optimizer)
    sizes = iter(compounding(settings.first_batch, settings.last_batch, 1.002))
    whole, done = settings.epochs * sum(len(item.x) for item in items), 0
    for epoch in range(1, settings.epochs + 1):
        shuffle.shuffle(items)
        losses: dict[str, float] = {}
        for batch in batches(items, sizes):
            optimizer.learn_rate = settings.learn_rate * max(LAST_RATE, 1 - done / whole)
            nlp.update(batch, sgd=optimizer, drop=settings.dropout, losses=losses)
            done += sum(len(item.x) for item in batch)
        if progress is not None:
            progress(epoch, settings.epochs, losses["ner"])
    with nlp.use_params(optimizer.averages):
        ner: Any = nlp.get_pipe("ner")
        _keep(ner.model)


def _keep(model: Any) -> None:
    """Make the parameters in use (the averages) the parameters proper."""
    for node in model.walk():
        for name in node.param_names:
            if node.has_param(name):
                node.set_param(name, numpy.array(node.get_param(name)))


def read_split(
    corpora: Path, split: str, *, chia_copies: int = 1, lct_copies: int = 1
) -> list[Example]:
    """Return the examples of both corpora's folder `split` (``train``, ``dev``), Chia first."""
    chia = read_corpus(corpora / "chia" / split, corpus="chia")
    lct = read_corpus(corpora / "lct" / split, corpus="lct")
    return chia_copies * chia + lct_copies * lct


def _vocabulary(corpora: Path) -> Iterator[str]:
    """Yield the texts word vectors are trained on: the unannotated criteria, then ``train``."""
    yield from raw_texts(corpora / "raw" / "criteria.jsonl.gz")
    for corpus in ("chia", "lct"):
        for path in sorted((corpora / corpus / "train").glob("*.txt")):
            yield path.read_text(encoding="utf-8")


def train(
    corpora: Path,
    output: Path,
    *,
    seed: int = 1,
    settings: Settings | None = None,
    vectors: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Train the mention model on `corpora` and write it to the folder `output`.

    Parameters
    ----------
    corpora : folder with ``chia/train``, ``lct/train``, their ``dev`` beside them (for the
        confidences and figures in the meta data) and ``raw/criteria.jsonl.gz``.
    output : folder to write; made if it is not there.
    seed : of the weights, the order of examples and dropout.
    vectors : a model folder whose word vectors to use; None trains them, which needs floret.
    progress : called after each epoch.

    Returns
    -------
    The model's own part of its meta data: settings, seed, counts, figures on dev by label.

    Raises
    ------
    InputError, AnnotationError : a corpus is missing or malformed. ModelError : no floret.
    """
    chosen = settings or Settings()
    found = read_split(
        corpora, "train", chia_copies=chosen.chia_copies, lct_copies=chosen.lct_copies
    )
    nlp = blank_model(chosen)
    if vectors is None:
        add_trained_vectors(nlp, _vocabulary(corpora))
    else:
        copy_vectors(nlp, load_mention_model(vectors))
    fit(nlp, found, chosen, seed=seed, progress=progress)
    facts = {"seed": seed, "settings": asdict(chosen), "data": data_hashes(corpora)}
    return save(nlp, output, held_out=read_split(corpora, "dev"), facts=facts)


def data_hashes(corpora: Path) -> dict[str, str]:
    """Return the SHA-256 of what a model is trained on, by its path in `corpora`."""
    names = ("chia/train", "lct/train", "raw/criteria.jsonl.gz")
    return {name: hash_of(corpora / name) for name in names if (corpora / name).exists()}


def save(
    nlp: Language,
    output: Path,
    *,
    held_out: Sequence[Example],
    facts: dict[str, Any],
) -> dict[str, Any]:
    """Write `nlp` with `facts` and its figures in the meta data; return the model's own part.

    The words of the training texts, which spaCy collects as it reads, are not written: weights and
    hashed vectors do not need them.
    """
    own = {
        "program": __version__,
        **facts,
        "labels": list(LABELS),
        "dev": figures(nlp, held_out),
        "confidence": confidence_table(nlp, held_out),
    }
    nlp.meta.update(name=MODEL_NAME, version=MODEL_VERSION, license="CC BY 4.0")
    nlp.meta["critextract"] = own
    set_precision(nlp, "float16")
    try:
        nlp.to_disk(output)
        (output / "vocab" / "strings.json").write_text("[]\n", encoding="utf-8")
    except OSError as error:
        raise ModelError(f"{output}: the model cannot be written ({error.strerror})") from None
    finally:
        set_precision(nlp, "float32")
    return own
