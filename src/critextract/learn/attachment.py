"""Learn what a time expression is about: the weights that `components.windows` sums.

Three sets of weights of named features. ``attach``: which of a criterion's mentions an annotated
time expression belongs to (Chia's Has_temporal, LCT's Temporality and Duration). ``keep``: whether
an unnumbered expression is annotated at all, given its likeliest mention (Chia). Both are logistic
regressions. ``value``: which mention a value belongs to (`learn.subjects`), learned so that the
right one wins (`learn.ranking`). Mentions are the mention model's own, as at run time. No seed is
needed: the problems are convex, documents are read in the order of their names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from spacy.language import Language

from critextract import __version__
from critextract.components.attach import clauses
from critextract.components.criteria import split_criteria
from critextract.components.pairing import numbered, pair_features, time_features, within_reach
from critextract.components.relations import Draft, draft_of, scene_of
from critextract.components.sections import find_headings
from critextract.components.weights import FILE, FORMAT, MODEL_NAME, Weights, probability
from critextract.io.plain_text import section_of
from critextract.learn.corpora import BratDocument, hash_of, meet, read_folder
from critextract.learn.load import load_mention_model
from critextract.learn.ranking import fit_ranking
from critextract.learn.subjects import ValueChoice, value_choices, valued_spans
from critextract.learn.weights_file import write_weights
from critextract.text import CleanText, clean

STAGES = ("mentions", "quantities", "temporal", "context")
STRENGTH = 0.1
"""Inverse strength of the L2 penalty, chosen by cross-validation on train."""
LEAST = 4
"""Occurrences below which a feature is left out."""
LINKS = {"Temporality", "Duration"}
CORPORA = ("chia", "lct")

Pair = tuple[tuple[int, int], tuple[int, int]]
Row = tuple[list[str], bool]


@dataclass(frozen=True, slots=True)
class Choice:
    """One time expression of a corpus with the mentions of its clause.

    features, right : one entry a mention: its features, and whether the annotation links it.
    own : features of the expression by itself.
    """

    features: list[list[str]]
    right: list[bool]
    own: list[str]
    is_numbered: bool


def linked_spans(document: BratDocument) -> set[Pair]:
    """Return (mention, time expression) of each annotated link of a brat document, as hulls.

    Relations ``R.. Has_temporal Arg1:T1 Arg2:T2`` and events ``E.. Drug:T1 Temporality:E2``.
    """
    return {
        ((a.start, a.end), (b.start, b.end))
        for kind, a, b in document.links
        if kind in LINKS or kind.lower() == "has_temporal"
    }


def drafts(nlp: Language, document: BratDocument) -> Iterator[tuple[Draft, CleanText]]:
    """Yield the findings of each criterion of a document, unrelated, with its clean text."""
    text, section = document.text, section_of(document.name)
    criteria = split_criteria(text, find_headings(text, section), section)
    whole = {c.parent for c in criteria}
    pieces = [clean(text, c.start, c.end) for c in criteria if c.id not in whole]
    for doc, piece in zip(nlp.pipe(piece.text for piece in pieces), pieces, strict=True):
        yield draft_of(doc), piece


def choices(draft: Draft, piece: CleanText, links: Iterable[Pair]) -> Iterator[Choice]:
    """Yield the time expressions of a criterion with the mentions they may be about."""
    view, times = scene_of(draft)
    spans, pairs = clauses(draft.text), list(links)
    for time in times:
        window = time.window
        place = piece.span(window.start, window.end)
        events = [event for event, other in pairs if meet(other, place)]
        near = within_reach(view, time, spans)
        if near:
            found = [view.candidates[n] for n in near]
            ranges = [piece.span(c.start, c.end) for c in found]
            yield Choice(
                [list(pair_features(view, n, time)) for n in near],
                [any(meet(event, range_) for event in events) for range_ in ranges],
                list(time_features(view, time)),
                numbered(time),
            )


def read_choices(nlp: Language, folder: Path) -> tuple[list[Choice], list[ValueChoice]]:
    """Return the choices of every .ann file in `folder`, in the order of their names.

    Those of time expressions, and those of values.

    Raises
    ------
    InputError : the folder holds no .ann file.
    """
    times: list[Choice] = []
    values: list[ValueChoice] = []
    for document in read_folder(folder):
        linked, valued = linked_spans(document), valued_spans(document)
        for draft, piece in drafts(nlp, document):
            times += choices(draft, piece, linked)
            values += value_choices(draft, piece, valued)
    return times, values


def fit(rows: Sequence[Row], strength: float = STRENGTH) -> dict[str, float]:
    """Return the weights of a logistic regression over named features, the bias as ``""``.

    strength : inverse strength of the L2 penalty.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    counts = Counter(chain.from_iterable(set(features) for features, _ in rows))
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(
        [{f: 1 for f in features if counts[f] >= LEAST} for features, _ in rows]
    )
    model = LogisticRegression(C=strength, max_iter=1000)
    model.fit(matrix, [right for _, right in rows])
    names = vectorizer.get_feature_names_out()
    weights = {str(n): round(float(w), 2) for n, w in zip(names, model.coef_[0], strict=True)}
    kept = {name: weight for name, weight in sorted(weights.items()) if abs(weight) >= 0.02}
    return {"": round(float(model.intercept_[0]), 2), **kept}


def best(choice: Choice, weights: Weights) -> int:
    """Return which of a choice's mentions is the likeliest; the first of equals."""
    chances = [probability(weights, features) for features in choice.features]
    return chances.index(max(chances))


def keep_rows(found: Iterable[Choice], weights: Weights) -> list[Row]:
    """Return the rows of ``keep``: unnumbered expressions with their likeliest mention."""
    rows = []
    for choice in found:
        if not choice.is_numbered:
            n = best(choice, weights)
            pair = [f"a {feature}" for feature in choice.features[n]]
            rows.append(([*choice.own, *pair], choice.right[n]))
    return rows


def accuracy(found: Iterable[Choice], weights: Weights) -> dict[str, float | int]:
    """Return how often the likeliest mention of an annotated expression is a right one."""
    asked = [choice for choice in found if any(choice.right)]
    right = sum(choice.right[best(choice, weights)] for choice in asked)
    return {**_share("accuracy", right, len(asked)), "expressions": len(asked)}


def value_accuracy(found: Iterable[ValueChoice], weights: Weights) -> dict[str, float | int]:
    """Return how often an annotated value goes to a right mention, by the rules and by both."""
    asked = [choice for choice in found if any(choice.right)]
    ruled = [choice.right[choice.ruled] for choice in asked]
    chosen = [choice.right[choice.chosen(weights)] for choice in asked]
    return {
        **_share("rules", sum(ruled), len(asked)),
        **_share("accuracy", sum(chosen), len(asked)),
        "values": len(asked),
        "open": sum(choice.is_open for choice in asked),
    }


def _share(name: str, right: int, asked: int) -> dict[str, float]:
    return {name: round(right / asked, 3)} if asked else {}


def train_attachment(corpora: Path, output: Path, *, model: str | Path) -> dict[str, Any]:
    """Learn the weights from `corpora` and write them to the folder `output`.

    Parameters
    ----------
    corpora : folder with ``chia`` and ``lct``, each with ``train`` and ``dev``.
    output : folder to write ``weights.json`` to; made if it is not there.
    model : the mention model whose mentions are attached to; train that first.

    Returns
    -------
    What is written besides the weights: counts, data hashes, accuracies on dev.

    Raises
    ------
    InputError, AnnotationError : a corpus is missing or malformed. ModelError : no mention
        model, or `output` cannot be written.
    """
    nlp = load_mention_model(model)
    for stage in STAGES:
        nlp.add_pipe(f"critextract_{stage}")
    read = {name: read_choices(nlp, corpora / name / "train") for name in CORPORA}
    times, values = (list(chain.from_iterable(found)) for found in zip(*read.values(), strict=True))
    pairs = (zip(c.features, c.right, strict=True) for c in times if any(c.right))
    attach, value = fit(list(chain.from_iterable(pairs))), fit_ranking(values)
    keep = fit(keep_rows(read["chia"][0], attach))
    held_out = {name: read_choices(nlp, corpora / name / "dev") for name in CORPORA}
    facts = {
        "format": FORMAT,
        "program": __version__,
        "name": MODEL_NAME,
        "data": {f"{name}/train": hash_of(corpora / name / "train") for name in CORPORA},
        "dev": {name: accuracy(found, attach) for name, (found, _) in held_out.items()},
        "dev_values": {name: value_accuracy(found, value) for name, (_, found) in held_out.items()},
        "rows": {
            "attach": sum(any(choice.right) for choice in times),
            "keep": len(read["chia"][0]),
            "value": sum(any(choice.right) for choice in values),
        },
    }
    write_weights(output / FILE, {**facts, "attach": attach, "keep": keep, "value": value})
    return facts
