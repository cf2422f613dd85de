"""The token network at prediction: the same weights and sums as in training, in fewer steps.

`quicken` replaces the forward functions of a loaded model's two parts, until it is trained on:
embeddings of words met before are remembered; the CNN and both directions of the LSTM run in
NumPy over all lines at once, without what only backpropagation needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy
from spacy.attrs import ORTH, TAG
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

MOST_REMEMBERED = 50_000
"""Words whose embeddings are kept at a time; 26 MB of them."""
_LEAST_VARIANCE = 1e-8  # as thinc's layer norm
_FEW_LINES, _MANY_LINES = 8, 48
"""Lines of which NumPy's product is taken at a time: of fewer it rounds otherwise, and a line would
not be read alike alone and among others; for more it may start threads, which cost more than they
give."""
Array = Any


def quicken(nlp: Language) -> None:
    """Let the entity recogniser of a loaded model predict faster."""
    ner: Any = nlp.get_pipe("ner")
    network = ner.model.get_ref("tok2vec").layers[0]
    embed, encode = network.get_ref("embed"), network.get_ref("encode")
    layers = embed._func

    def slow(docs: Sequence[Doc]) -> Any:
        return layers(embed, docs, False)[0]

    _replace(embed, RememberedEmbeddings(slow, embed.get_dim("nO")))
    _replace(encode, Encoder(encode))


def _replace(node: Any, predict: Callable[[Any], list[Array]]) -> None:
    """Predict by `predict`, until the node is trained: then its weights change."""
    layers, initialize = node._func, node.init

    def forward(model: Any, inputs: Any, is_train: bool) -> Any:
        if is_train:
            model.replace_callbacks(layers, init=initialize)
            return layers(model, inputs, is_train)
        return predict(inputs), None

    node.replace_callbacks(forward, init=initialize)


class RememberedEmbeddings:
    """Token embeddings, which depend on a token's word and tag alone: each is computed once.

    Parameters
    ----------
    embed : from Docs to one array (tokens, width) each.
    """

    def __init__(self, embed: Callable[[Sequence[Doc]], Any], width: int) -> None:
        self.embed = embed
        self.rows: dict[tuple[int, int], int] = {}
        self.table: Array = numpy.empty((0, width), dtype="f")

    def __call__(self, docs: Sequence[Doc]) -> list[Array]:
        """Return an array (tokens, width) for each Doc."""
        if len(self.rows) > MOST_REMEMBERED:
            self.rows.clear()
        lines = [list(map(tuple, doc.to_array([ORTH, TAG]).tolist())) for doc in docs]
        new = dict.fromkeys(token for line in lines for token in line if token not in self.rows)
        if new:
            self._learn(docs[0].vocab, list(new))
        return [self.table[[self.rows[token] for token in line]] for line in lines]

    def _learn(self, vocab: Vocab, tokens: Sequence[tuple[int, int]]) -> None:
        words = [vocab.strings[orth] for orth, _ in tokens]
        tags = [vocab.strings[tag] for _, tag in tokens]
        (found,) = self.embed([Doc(vocab, words=words, tags=tags)])
        first, end = len(self.rows), len(self.rows) + len(tokens)
        if end > len(self.table):
            grown = numpy.empty((2 * end, found.shape[1]), dtype="f")
            grown[:first] = self.table[:first]
            self.table = grown
        self.table[first:end] = found
        self.rows.update(zip(tokens, range(first, end), strict=True))


class Encoder:
    """The network `window_lstm` returns, with its weights in the order NumPy is fastest with."""

    def __init__(self, model: Any) -> None:
        near, far = model.layers
        self.pad: int = near.attrs["pad"]
        self.blocks = [_Block(layer) for layer in near.layers[0].layers]
        self.lstm = _LSTM(_find(far, "lstm"))
        self.norm = _Norm(_find(far, "layernorm"))

    def __call__(self, lines: Sequence[Array]) -> list[Array]:
        """Return an array (tokens, width) for each such array of token embeddings."""
        lengths = numpy.array([len(line) for line in lines])
        ends = numpy.cumsum(lengths)
        starts = ends - lengths
        pads = self.pad * numpy.arange(1, len(lines) + 1)  # empty rows before each line
        rows = numpy.arange(ends[-1]) + numpy.repeat(pads, lengths)
        inputs = numpy.zeros((ends[-1] + pads[-1] + self.pad, lines[0].shape[1]), "f")
        inputs[rows] = numpy.concatenate(lines)
        for block, places in zip(self.blocks, self._needed(rows, len(inputs)), strict=True):
            found = block(inputs, places)
            after = inputs + found[0]
            after[places] = inputs[places] + found
            inputs = after
        near = inputs[rows]
        near += self.norm(self.lstm(near, starts, lengths))
        return numpy.split(near, ends[:-1])

    def _needed(self, rows: Array, count: int) -> Iterator[Array]:
        """Yield for each layer the places that tokens (at `rows`) reach, or that reach them.

        The first place stands for the empty ones between, which are all alike.
        """
        depth = len(self.blocks)
        step = self.pad // depth
        for n in range(depth):
            reach = step * min(n + 1, depth - n - 1)
            near = numpy.zeros(count, dtype=bool)
            for shift in range(-reach, reach + 1):
                near[rows + shift] = True
            yield numpy.append(step * n, numpy.flatnonzero(near))


class _Norm:
    def __init__(self, layer: Any) -> None:
        self.scale, self.bias = layer.get_param("G"), layer.get_param("b")

    def __call__(self, rows: Array) -> Array:
        """Return `rows`, changed in place."""
        width = rows.shape[1]
        rows -= rows.mean(axis=1, keepdims=True)
        variance = numpy.einsum("ij,ij->i", rows, rows) / width + _LEAST_VARIANCE
        rows *= (1 / numpy.sqrt(variance))[:, None]
        rows *= self.scale
        rows += self.bias
        return rows


class _Block:
    """One layer of the CNN: a window, its maxout, normalised."""

    def __init__(self, layer: Any) -> None:
        maxout = _find(layer, "maxout")
        self.ops: Any = maxout.ops
        self.window: int = _find(layer, "expand_window").attrs["window_size"]
        self.pieces: int = maxout.get_dim("nP")
        weights = maxout.get_param("W").swapaxes(0, 1)  # pieces first
        self.weights = numpy.ascontiguousarray(weights).reshape(-1, weights.shape[2])
        self.bias = numpy.ascontiguousarray(maxout.get_param("b").T).reshape(-1)
        self.norm = _Norm(_find(layer, "layernorm"))

    def __call__(self, rows: Array, places: Array) -> Array:
        """Return what is added to `rows` at `places`."""
        windows = self.ops.seq2col(rows, self.window)[places]
        found = self.ops.gemm(windows, self.weights, trans2=True)
        found += self.bias
        first, *others = numpy.split(found, self.pieces, axis=1)
        best = first.copy()
        for other in others:
            numpy.maximum(best, other, out=best)
        return self.norm(best)


class _LSTM:
    """Both directions of one bidirectional layer, step by step over all lines.

    Sigmoids are computed as hyperbolic tangents of half their argument, so that one call does all
    four gates of a step: the weights of three of them are halved here.
    """

    def __init__(self, layer: Any) -> None:
        self.ops: Any = layer.ops
        self.half = half = layer.get_dim("nO") // 2
        width = layer.get_dim("nI")
        scale = numpy.repeat(numpy.array([0.5, 0.5, 0.5, 1], "f"), half)[:, None]
        sizes = [4 * half * width, 4 * half, 4 * half * half, 4 * half]  # thinc's layout, twice
        parts = numpy.split(layer.get_param("LSTM"), numpy.cumsum(sizes * 2)[:-1])
        inputs, states, biases = [], [], []
        for weights, bias, recurrent, second in (parts[:4], parts[4:]):
            inputs.append(scale * weights.reshape(-1, width))
            states.append((scale * recurrent.reshape(-1, half)).T)
            biases.append(scale[:, 0] * (bias + second))
        self.inputs, self.bias = numpy.concatenate(inputs), numpy.concatenate(biases)
        self.states = numpy.ascontiguousarray(numpy.stack(states))

    def __call__(self, rows: Array, starts: Array, lengths: Array) -> Array:
        """Return the outputs (tokens, width) of both directions side by side.

        Parameters
        ----------
        rows : inputs (tokens, width) of all lines, one after the other.
        starts, lengths : of the lines, in rows.
        """
        order = numpy.argsort(-lengths, kind="stable")  # longest first: the ended ones are last
        starts, lengths = starts[order], lengths[order]
        alive = (lengths[None] > numpy.arange(lengths[0])[:, None]).sum(1)  # lines at each step
        steps = [(starts[:n] + t, starts[:n] + lengths[:n] - 1 - t) for t, n in enumerate(alive)]
        places = numpy.concatenate(steps, axis=1)  # (direction, tokens in order of computing)
        gates = self.ops.gemm(rows, self.inputs, trans2=True)
        gates += self.bias
        gates = gates.reshape(len(rows), 2, -1)
        gates = numpy.stack([gates[places[0], 0], gates[places[1], 1]])
        found = self._run(gates, alive)
        outputs = numpy.empty((len(rows), 2, self.half), "f")
        outputs[places[0], 0], outputs[places[1], 1] = found
        return outputs.reshape(len(rows), -1)

    def _run(self, gates: Array, alive: Array) -> Array:
        """Return the outputs (directions, tokens, half) of `gates` (directions, tokens, 4 half)."""
        half = self.half
        found = numpy.empty((2, gates.shape[1], half), "f")
        states = numpy.zeros((2, max(alive[0], _FEW_LINES), half), "f")
        cells = numpy.zeros_like(states)
        start = 0
        for n in alive:
            step = self._recurrent(states[:, : max(n, _FEW_LINES)])[:, :n]
            step += gates[:, start : start + n]
            numpy.tanh(step, out=step)
            switches = step[..., : 3 * half]
            switches += 1
            switches *= 0.5
            forget, enter, leave = (switches[..., half * i : half * (i + 1)] for i in range(3))
            cell, state = cells[:, :n], states[:, :n]
            cell *= forget
            enter *= step[..., 3 * half :]
            cell += enter
            numpy.tanh(cell, out=state)
            state *= leave
            found[:, start : start + n] = state
            start += n
        return found

    def _recurrent(self, states: Array) -> Array:
        lines = states.shape[1]
        if lines <= _MANY_LINES:
            return numpy.matmul(states, self.states)
        parts = numpy.array_split(states, -(-lines // _MANY_LINES), axis=1)
        return numpy.concatenate([numpy.matmul(part, self.states) for part in parts], axis=1)


def _find(node: Any, name: str) -> Any:
    return next(inner for inner in node.walk() if inner.name == name)
