"""Learn confidences, as `critextract train` does.

Of mentions from annotations (``--gold``), of exact rules from readers' verdicts (``--judged``).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any


def train_confidences(
    gold: Path | None, judged: Path | None, raw: Path, output: Path
) -> dict[str, Any]:
    """Learn the confidences that there is something to learn from; see the functions below."""
    made: dict[str, Any] = {}
    if gold is not None:
        made["confidence"] = train_confidence(gold, output)
    if judged is not None:
        made["rule confidence"] = train_rule_confidence(judged, raw, output)
    return made


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


def train_rule_confidence(table: Path, raw: Path, output: Path) -> dict[str, Any]:
    """Learn when an exact rule is right, from the first verdicts on those that were drawn.

    Parameters
    ----------
    table : see `commands.judged`. A verdict of ``doubt`` counts as right. Later verdicts do not
        count: what was mended for a criterion says nothing of others like it.
    raw : the folder of real trials that it names.

    Returns
    -------
    What `learn.trust.train_rule_trust` writes to the folder `output` beside the weights.

    Raises
    ------
    InputError : table or trials cannot be read. ModelError : not writable.
    """
    from critextract.commands.judged import drawn_criteria, read_judgements
    from critextract.io.documents import Document, read_documents
    from critextract.learn.corpora import hash_of
    from critextract.learn.trust import train_rule_trust
    from critextract.pipeline import load

    extractor = load()
    known = {judgement.place: judgement for judgement in read_judgements(table)}
    wanted = {place.document for place in known}
    documents = []
    for item in read_documents([str(raw)]):
        if not isinstance(item, Document) or item.id not in wanted:
            continue
        read, _ = extractor.read(item.text, item.default_section, item.problems)
        record = replace(read, id=item.id)
        documents.append(
            [
                (criterion, own, judgement.first != "wrong")
                for criterion, judgement in drawn_criteria(record, known)
                for own in [[m for m in record.mentions if m.criterion == criterion.id]]
            ]
        )
    return train_rule_trust(documents, output, data=hash_of(table))
