"""Find and load the mention model that ships with the package, with a check of its version."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import spacy
from spacy import about
from spacy.language import Language
from spacy.util import is_compatible_version

from critextract.components import encoder  # noqa: F401  (registers the network's part)
from critextract.components.prediction import quicken
from critextract.components.tokens import CriterionTokenizer
from critextract.errors import ModelError
from critextract.learn.network import prefer_mentions
from critextract.learn.vectors import set_precision
from critextract.packaged import model_folder

META = "meta.json"
MODEL_NAME = "critextract_mentions"
MODEL_VERSION = "1.2.0"
"""Version of the labels, tokens and table that the program expects of a model."""


def read_meta(path: Path) -> dict[str, Any]:
    """Return the meta data of the model at `path`.

    Raises
    ------
    ModelError : missing, unreadable, of another version, or saved by another spaCy.
    """
    try:
        meta: dict[str, Any] = json.loads((path / META).read_text(encoding="utf-8"))
        version, asked = meta["version"], meta["spacy_version"]
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"{path}: no model that can be read ({error}); train or install it"
        ) from None
    if version != MODEL_VERSION:
        raise ModelError(
            f"{path}: model version {version}, expected {MODEL_VERSION}; "
            "it was trained for another version of the program"
        )
    if is_compatible_version(about.__version__, asked) is not True:
        raise ModelError(f"{path}: model needs spaCy {asked}, found {about.__version__}")
    return meta


def load_mention_model(model: str | Path = MODEL_NAME, convention: str = "") -> Language:
    """Return the tokenizer and the trained ner as a pipeline; more stages may be added to it.

    Parameters
    ----------
    model : name of a shipped model, or a folder written by `critextract.learn.train.train`.
    convention : the corpus whose annotators it follows; empty for the program's own way.

    Raises
    ------
    ModelError : missing, or of another version.
    """
    folder = Path(model)
    found = folder if (folder / META).is_file() else model_folder(str(model), META)
    read_meta(found)
    nlp = spacy.load(found)
    set_precision(nlp, "float32")
    quicken(nlp)
    return following(nlp, convention)


def following(nlp: Language, convention: str) -> Language:
    """Return `nlp`, which follows the annotators of one corpus from now on; empty for none."""
    settings = nlp.meta.get("critextract", {}).get("settings", {})
    prefer_mentions(nlp, settings.get("eagerness", {}).get(convention, 0.0))
    nlp.tokenizer = CriterionTokenizer(nlp.vocab, convention)
    return nlp
