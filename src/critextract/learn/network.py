"""The mention network: its shape, its examples in spaCy's form, and one fit of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example as SpacyExample
from spacy.util import registry
from thinc.optimizers import Adam
from thinc.schedules import compounding
from thinc.util import fix_random_seed

from critextract.components.encoder import NAME as ENCODER
from critextract.components.tokens import CONVENTIONS, CriterionTokenizer
from critextract.learn.corpora import Example
from critextract.learn.labels import LABELS

EMBEDDED = {"NORM": 5000, "PREFIX": 1000, "SUFFIX": 2500, "SHAPE": 1000, "TAG": 50}
"""What is embedded of a token, in tables of so many rows; the tag is the convention."""
LAST_RATE = 0.05
"""The learning rate falls linearly to this share of its first value."""
Progress = Callable[[str], None]
"""Called with a line of news after each part of the work."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Shape and schedule of a network.

    extra_tokens : whether the parser sees six tokens of its state rather than three.
    first_batch, last_batch : tokens a step, growing.
    chia_copies, lct_copies : how often an epoch shows each example, every second time with the
        name of its corpus; LCT is the smaller one.
    pretrained : whether it starts from the pretrained weights.
    evidence : whether its word vectors hold what kinds of names a word is found in.
    """

    width: int = 128
    depth: int = 4
    hidden: int = 64
    extra_tokens: bool = False
    epochs: int = 6
    dropout: float = 0.25
    learn_rate: float = 0.001
    chia_copies: int = 2
    lct_copies: int = 4
    pretrained: bool = True
    evidence: bool = False
    first_batch: int = 150
    last_batch: int = 600


def token_network_config(settings: Settings, *, static_vectors: bool = True) -> dict[str, Any]:
    """Return the config of the token network: hash embeddings, word vectors, CNN and BiLSTM."""
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": settings.width,
            "attrs": list(EMBEDDED),
            "rows": list(EMBEDDED.values()),
            "include_static_vectors": static_vectors,
        },
        "encode": {
            "@architectures": ENCODER,
            "width": settings.width,
            "window_size": 1,
            "maxout_pieces": 3,
            "depth": settings.depth,
        },
    }


def token_network(settings: Settings) -> Any:
    """Return an untrained token network, as the one inside a model of the same settings."""
    return registry.resolve({"model": token_network_config(settings)})["model"]


def blank_model(settings: Settings, *, static_vectors: bool = True) -> Language:
    """Return the untrained pipeline: our tokenizer and one ner with its own token network."""
    config = {"nlp": {"tokenizer": {"@tokenizers": "critextract_tokenizer"}}}
    nlp = spacy.blank("en", config=config)
    model = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": settings.extra_tokens,
        "hidden_width": settings.hidden,
        "maxout_pieces": 2,
        "use_upper": True,
        "nO": None,
        "tok2vec": token_network_config(settings, static_vectors=static_vectors),
    }
    ner: Any = nlp.add_pipe("ner", config={"model": model})
    for label in LABELS:  # named here, else they are read from the data, a minute of it
        ner.add_label(label)
    return nlp


def spacy_examples(nlp: Language, found: Sequence[Example]) -> list[SpacyExample]:
    """Return spaCy's examples; spans that cut a token are left out (below one in a hundred)."""
    made = []
    for item in found:
        doc = CriterionTokenizer(nlp.vocab, item.convention)(item.text)
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


def shares(silver: Sequence[SpacyExample], epochs: int) -> list[Sequence[SpacyExample]]:
    """Return the silver examples of each epoch: each once, fewer in each epoch than before."""
    whole = epochs * epochs
    ends = [len(silver) * (whole - (epochs - n) ** 2) // whole for n in range(epochs + 1)]
    return [silver[ends[n] : ends[n + 1]] for n in range(epochs)]


def fit(
    nlp: Language,
    gold: Sequence[Example],
    settings: Settings,
    *,
    seed: int,
    silver: Sequence[Example] = (),
    start: bytes | None = None,
    progress: Progress | None = None,
) -> None:
    """Train `nlp` in place; it holds the running average of the weights afterwards.

    Parameters
    ----------
    gold : examples of every epoch.
    silver : examples that are shown once each, more of them in the earlier epochs.
    start : weights of a pretrained token network.
    """
    fix_random_seed(seed)
    shuffle = random.Random(seed)
    items = spacy_examples(nlp, gold)
    extra = list(silver)
    shuffle.shuffle(extra)
    parts = shares(spacy_examples(nlp, extra), settings.epochs)
    optimizer = Adam(
        settings.learn_rate, use_averages=True, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0
    )
    nlp.initialize(lambda: islice(items, 200), sgd=optimizer)
    ner: Any = nlp.get_pipe("ner")
    if start is not None:
        _start_from(ner.model.get_ref("tok2vec").layers[0], start, settings)
    sizes = iter(compounding(settings.first_batch, settings.last_batch, 1.002))
    whole = settings.epochs * _tokens(items) + sum(map(_tokens, parts))
    done = 0
    for epoch, part in enumerate(parts, 1):
        shown = [*items, *part]
        shuffle.shuffle(shown)
        losses: dict[str, float] = {}
        for batch in batches(shown, sizes):
            optimizer.learn_rate = settings.learn_rate * max(LAST_RATE, 1 - done / whole)
            nlp.update(batch, sgd=optimizer, drop=settings.dropout, losses=losses)
            done += _tokens(batch)
        if progress is not None:
            progress(f"epoch {epoch} of {settings.epochs}: loss {losses['ner']:.0f}")
    with nlp.use_params(optimizer.averages):
        _keep(ner.model)


def _start_from(network: Any, start: bytes, settings: Settings) -> None:
    """Give `network` the weights of a pretrained one; vectors may have got more columns since."""
    source = token_network(settings).from_bytes(start)
    for node, other in zip(network.walk(), source.walk(), strict=True):
        for name in other.param_names:
            value = other.get_param(name)
            more = [
                (0, n - m) for n, m in zip(node.get_param(name).shape, value.shape, strict=True)
            ]
            node.set_param(name, numpy.pad(value, more))


def _tokens(items: Sequence[SpacyExample]) -> int:
    return sum(len(item.x) for item in items)


def lean(nlp: Language, convention: str, share: float) -> None:
    """Move the program's own way a `share` of the distance towards that of one corpus.

    A convention is one vector, added to what a token's word gives: between two of them the
    network follows the one as far as it has left the other.
    """
    ner: Any = nlp.get_pipe("ner")
    network = ner.model.get_ref("tok2vec")
    tables = [node for node in network.walk() if node.name == "hashembed"]
    table = tables[list(EMBEDDED).index("TAG")]
    keys = numpy.array([0, *(nlp.vocab.strings[name] for name in CONVENTIONS)], dtype="uint64")
    own, *others = table.ops.hash(keys, table.attrs["seed"]) % table.get_dim("nV")
    free = [row for row in own if not any(row in rows for rows in others)]
    weights = table.get_param("E").copy()
    way = weights[others[CONVENTIONS.index(convention)]].sum(0) - weights[own].sum(0)
    for row in set(free):
        weights[row] += share * way / len(free)
    table.set_param("E", weights)


def prefer_mentions(nlp: Language, amount: float) -> None:
    """Take `amount` from the trained score of "no mention begins here": more mentions are found.

    What annotators left out teaches the network to be shy; precision pays for the recall.
    """
    ner: Any = nlp.get_pipe("ner")
    names = [ner.moves.get_class_name(i) for i in range(ner.moves.n_moves)]
    scores = ner.model.get_ref("upper")
    bias = scores.get_param("b").copy()
    bias[names.index("O")] -= amount - ner.cfg.get("taken", 0.0)
    scores.set_param("b", bias)
    ner.cfg["taken"] = amount


def _keep(model: Any) -> None:
    """Make the parameters in use (the averages) the parameters proper."""
    for node in model.walk():
        for name in node.param_names:
            if node.has_param(name):
                node.set_param(name, numpy.array(node.get_param(name)))
