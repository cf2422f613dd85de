"""The context part of the token network: a CNN over neighbouring tokens, a BiLSTM over the line.

Registered for spaCy's model configuration, so a saved model finds it by name.
"""

from __future__ import annotations

from typing import Any

from spacy.ml.models.tok2vec import MaxoutWindowEncoder
from spacy.util import registry
from thinc.api import LSTM, Dropout, LayerNorm, Model, chain, residual, with_array, with_padded

NAME = "critextract.WindowLSTM.v1"


def _tidy(width: int) -> Model[Any, Any]:
    parts: list[Model[Any, Any]] = [Dropout(0.2), LayerNorm(width)]
    return chain(*parts)


@registry.architectures(NAME)  # type: ignore[untyped-decorator]
def window_lstm(
    width: int, window_size: int, maxout_pieces: int, depth: int
) -> Model[list[Any], list[Any]]:
    """Return a network from token vectors to token vectors of the same width, line by line.

    Parameters
    ----------
    width : of the vectors; even, half of it a direction.
    window_size, maxout_pieces, depth : of the CNN, see spaCy's MaxoutWindowEncoder.
    """
    near = MaxoutWindowEncoder(width, window_size, maxout_pieces, depth)
    far: Model[Any, Any] = chain(
        with_padded(LSTM(width, width, bi=True)),
        with_array(_tidy(width)),
    )
    model: Model[list[Any], list[Any]] = chain(near, residual(far))
    model.set_dim("nO", width)
    return model
