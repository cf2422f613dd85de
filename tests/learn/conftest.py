"""The stages whose findings the attachment model is learned from."""

import pytest

from critextract.learn.attachment import STAGES
from critextract.learn.load import load_mention_model


@pytest.fixture(scope="session")
def nlp():
    model = load_mention_model()
    for stage in STAGES:
        model.add_pipe(f"critextract_{stage}")
    return model
