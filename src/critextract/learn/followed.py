"""Learn what the annotators of a corpus link: the weights that `components.followed` sums.

A logistic regression for each corpus and kind of link: mention and time, value or cue of negation,
as the annotation has it (Chia's Has_temporal, Has_value and Has_negation; LCT's Temporality,
Duration, Numeric-Filter, Stage and Negates). The least probability is the one with the best F1 of
links on dev.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from critextract import __version__
from critextract.components.drafts import Drawn
from critextract.components.followed import Kind, Link, Links, chosen
from critextract.components.weights import FOLLOWED_FILE, FORMAT, Weights, probability
from critextract.io.standoff import BratDocument
from critextract.learn.attachment import fit
from critextract.learn.corpora import Range, label_of, meet
from critextract.learn.weights_file import write_weights
from critextract.schema import Label, Record

KINDS: Mapping[str, Kind] = {
    "has_temporal": "TEMPORAL",
    "temporality": "TEMPORAL",
    "duration": "TEMPORAL",
    "has_value": "VALUE",
    "numeric-filter": "VALUE",
    "stage": "VALUE",
    "has_negation": "NEGATION",
    "negates": "NEGATION",
}
"""Relation or role of the corpora to the kind of link; of ``negates`` the cue comes first."""
STRENGTH = 0.05
"""Inverse strength of the L2 penalty, chosen by cross-validation on train."""
LEAST = tuple(n / 20 for n in range(13))
"""Probabilities that may be the least of a link."""

Read = tuple[Record, Sequence[Drawn], BratDocument]
"""A compiled record with all that was found, what annotators would mark, and what they did."""


@dataclass(frozen=True)
class _Judged:
    """The links of one kind of a document, whether each is right, and how many are annotated.

    Those in the place of a link whose subject is no mention here are left out.
    """

    links: Links
    right: dict[Link, bool]
    annotated: int


def linked(document: BratDocument, kind: Kind, corpus: str) -> list[tuple[Range, Range, bool]]:
    """Return (subject, time or value or cue, whether the subject is a mention here) of each link.

    Subjects of other types, as LCT's modifiers and assertions, tell nothing of mentions.
    """
    found = []
    for name, a, b in document.links:
        if KINDS.get(name.lower()) == kind:
            subject, part = (b, a) if name.lower() == "negates" else (a, b)
            label = label_of(document, subject.id, corpus=corpus)
            places_ = (subject.start, subject.end), (part.start, part.end)
            found.append((*places_, label in {*Label}))
    return sorted(set(found))


def _judged(kind: Kind, read: Read, corpus: str) -> _Judged:
    record, spans, document = read
    links, pairs = Links(kind, record, spans), linked(document, kind, corpus)
    ours = [(subject, part) for subject, part, is_mention in pairs if is_mention]
    others = [(subject, part) for subject, part, is_mention in pairs if not is_mention]
    right = {link: _is_right(link, ours, kind) for link in links.all}
    asked = {x: y for x, y in right.items() if y or not _is_right(x, others, kind)}
    return _Judged(links, asked, len(ours))


def _is_right(link: Link, pairs: Sequence[tuple[Range, Range]], kind: Kind) -> bool:
    """Tell whether an annotated link is in this one's place; an age is its value's characters."""
    own = (link.mention.start, link.mention.end)
    for subject, part in pairs:
        age = kind == "VALUE" and link.mention.label is Label.PERSON
        same = age or meet(own, subject)
        if same and meet(link.place, part):
            return True
    return False


def train_followed(
    train: Mapping[str, Sequence[Read]],
    dev: Mapping[str, Sequence[Read]],
    output: Path,
    *,
    data: Mapping[str, str],
) -> dict[str, Any]:
    """Learn the weights and write them to the folder `output`.

    Parameters
    ----------
    train, dev : documents by corpus, in an order that does not change.
    data : hashes of the corpora, written with the weights.

    Returns
    -------
    What is written besides the weights: F1 of links on dev, as found and as followed.

    Raises
    ------
    ModelError : `output` cannot be written.
    """
    weights: dict[str, Weights] = {}
    least: dict[str, float] = {}
    figures: dict[str, dict[str, float]] = {}
    for corpus in sorted(train):
        for kind in get_args(Kind):
            name = f"{corpus} {kind}"
            known = [_judged(kind, read, corpus) for read in train[corpus]]
            rows = [(list(j.links.features(x)), y) for j in known for x, y in j.right.items()]
            weights[name] = fit(rows, STRENGTH)
            held_out = [_judged(kind, read, corpus) for read in dev[corpus]]
            tried = {p: _f1(held_out, weights[name], p, corpus) for p in LEAST}
            least[name] = max(tried, key=tried.__getitem__)
            found = _share([(j, [x for x in j.right if x.said]) for j in held_out])
            figures[name] = {"found": found, "followed": tried[least[name]]}
    facts = {"format": FORMAT, "program": __version__, "data": dict(data), "dev": figures}
    write_weights(output / FOLLOWED_FILE, {**facts, "least": least, **weights})
    return facts


def _f1(documents: Sequence[_Judged], weights: Weights, least: float, corpus: str) -> float:
    kept = []
    for judged in documents:
        chances = [(x, probability(weights, judged.links.features(x))) for x in judged.right]
        likely = [(x, p) for x, p in chances if p >= least]
        kept.append((judged, chosen(judged.links, likely, corpus)))
    return _share(kept)


def _share(kept: Sequence[tuple[_Judged, Sequence[Link]]]) -> float:
    right = sum(judged.right[link] for judged, links in kept for link in links)
    many = sum(judged.annotated + len(links) for judged, links in kept)
    return round(2 * right / many, 3) if many else 0.0
