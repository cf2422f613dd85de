"""Learn the confidence of mentions from annotations, as `critextract train --gold` does."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def train_confidence(gold: Path, output: Path) -> dict[str, Any]:
    """Hold the program's mentions against the records `gold`, and learn when they are right.

    Returns
    -------
    What `learn.trust.train_trust` writes to the folder `output` beside the weights.

    Raises
    ------
    InputError : `gold` cannot be read. ModelError : not writable.
    """
    from critextract.evaluation.calibration import judged_mentions
    from critextract.evaluation.entries import ATTRIBUTES
    from critextract.io.records import read_records
    from critextract.learn.corpora import hash_of
    from critextract.learn.trust import train_trust
    from critextract.pipeline import load

    extractor = load()
    extractor.weighs_trust = False
    documents = [
        list(judged_mentions(record, extractor.extract(record.text, id=record.id), ATTRIBUTES))
        for record in read_records(gold)
    ]
    return train_trust(documents, output, data=hash_of(gold))
