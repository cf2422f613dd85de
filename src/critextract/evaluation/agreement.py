"""How far two annotators, or an annotator and a system, agree on the same documents.

Neither side is gold: F1 is the same whichever is taken for it, so pairwise F1 is what the tasks of
`critextract.evaluation.tasks` give. Coefficients that take chance off need a set of things that
both sides judged:

======================  ====================================================================
tokens                  words and signs of the text; the label of the mention over each (the
                        longest, then the first), or none. Kappa and alpha
mentions.label          mentions aligned by place; their label
attributes.NAME         mentions aligned by place; the attribute
criteria.section,       criteria that are one (half of all characters common); section and
criteria.status         status
======================  ====================================================================

On aligned things the coefficients say nothing of what one side did not mark at all; F1 does.
Cohen's kappa is scikit-learn's, Krippendorff's alpha (nominal) that of the library krippendorff.
Both are undefined (None) where nothing was judged, and where all judgements are the same: there is
then no chance to take off.

Worked example: of four aligned mentions, A calls past, past, none, none and B past, none, none,
none. They agree on 3 of 4; by chance on (2/4 * 1/4 + 2/4 * 3/4) = 1/2; kappa = (3/4 - 1/2) / (1 -
1/2) = 1/2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from critextract.errors import CritextractError
from critextract.evaluation.alignment import Alignment, align
from critextract.evaluation.entries import ATTRIBUTES
from critextract.evaluation.evaluate import RESAMPLES, SEED, by_id
from critextract.evaluation.results import TaskResult
from critextract.evaluation.scores import pool
from critextract.evaluation.tasks import TASKS, Labels, score_document
from critextract.schema import Record

Judgements = list[tuple[str, str]]
"""What A and what B said of each thing."""

NONE = "none"
_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Coefficient:
    """Chance-corrected agreement on things both sides judged.

    observed : share of things on which they agree; None without things.
    """

    name: str
    things: int
    observed: float | None
    kappa: float | None
    alpha: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two sides on the documents both have.

    Parameters
    ----------
    tasks : as of an evaluation with A in gold's place: ``micro.support`` is the row count of A,
        ``micro.predicted`` that of B, ``micro.f1`` the pairwise F1.
    """

    tasks: tuple[TaskResult, ...]
    coefficients: tuple[Coefficient, ...]
    documents: tuple[str, ...]
    problems: tuple[str, ...] = ()


def agreement(
    a: Iterable[Record],
    b: Iterable[Record],
    *,
    tasks: Sequence[str] = TASKS,
    labels: Labels | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Agreement:
    """Return the agreement of two sides on the documents that both have with the same text.

    The parameters are those of `critextract.evaluation.evaluate.evaluate`.
    Documents of one side only, and those whose texts differ, are left out and named.
    """
    left, right = by_id(a, "A"), by_id(b, "B")
    shared, problems = shared_documents(
        {name: record.text for name, record in left.items()},
        {name: record.text for name, record in right.items()},
    )
    alignments = [align(left[name], right[name]) for name in shared]
    scored = [score_document(alignment, tasks, labels) for alignment in alignments]
    return Agreement(
        pool(scored, tuple(tasks), resamples=resamples, seed=seed) if scored else (),
        coefficients_of(alignments, tasks),
        tuple(shared),
        tuple(problems),
    )


def shared_documents(a: Mapping[str, str], b: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the ids that both sides have with the same text, and what is left out."""
    both = [name for name in a if name in b]
    shared = [name for name in both if a[name] == b[name]]
    problems = [f"{name}: its text differs between the two sides" for name in both]
    problems = [text for name, text in zip(both, problems, strict=True) if a[name] != b[name]]
    for side, alone in (("A", [n for n in a if n not in b]), ("B", [n for n in b if n not in a])):
        if alone:
            problems.append(f"left out, documents of {side} only: {len(alone)}, first {alone[0]}")
    return shared, problems


def coefficients_of(
    alignments: Sequence[Alignment], tasks: Sequence[str]
) -> tuple[Coefficient, ...]:
    """Return the coefficients that the tasks asked for allow."""
    found: dict[str, Judgements] = {}
    for alignment in alignments:
        for name, judgement in _judgements(alignment):
            found.setdefault(name, []).append(judgement)
    wanted = {"tokens": "mentions.strict", "mentions.label": "mentions.strict"}
    wanted |= {"criteria.status": "rules.own", "criteria.section": "criteria.section"}
    wanted |= {f"attributes.{name}": f"attributes.{name}" for name in ATTRIBUTES}
    return tuple(
        coefficient(name, found.get(name, [])) for name, task in wanted.items() if task in tasks
    )


def _judgements(alignment: Alignment) -> Iterator[tuple[str, tuple[str, str]]]:
    a, b = alignment.gold, alignment.pred
    for one, two in zip(token_labels(a), token_labels(b), strict=True):
        yield "tokens", (one, two)
    ours = {mention.id: mention for mention in a.mentions}
    theirs = {mention.id: mention for mention in b.mentions}
    for left, right in alignment.mentions:
        yield "mentions.label", (str(ours[left].label), str(theirs[right].label))
        for name in ATTRIBUTES:
            said = (getattr(ours[left], name), getattr(theirs[right], name))
            yield f"attributes.{name}", (str(said[0] or NONE), str(said[1] or NONE))
    criteria_a = {criterion.id: criterion for criterion in a.criteria}
    criteria_b = {criterion.id: criterion for criterion in b.criteria}
    for left, right in alignment.criteria:
        first, second = criteria_a[left], criteria_b[right]
        yield "criteria.section", (first.section, second.section)
        yield "criteria.status", (first.status, second.status)


def token_labels(record: Record) -> list[str]:
    """Return the label over each word and sign of a text, ``none`` where no mention is."""
    return labels_over(
        record.text,
        [
            (place[0], place[1], str(mention.label))
            for mention in record.mentions
            for place in mention.fragments or ((mention.start, mention.end),)
        ],
    )


def labels_over(text: str, spans: Iterable[tuple[int, int, str]]) -> list[str]:
    """Return the label of the longest, then first, span over each word and sign of a text."""
    over = [NONE] * len(text)
    for start, end, label in sorted(set(spans), key=lambda s: (s[1] - s[0], -s[0], s[2])):
        over[start:end] = [label] * (end - start)  # the longest is written last
    return [over[match.start()] for match in _TOKEN.finditer(text)]


def coefficient(name: str, judgements: Judgements) -> Coefficient:
    """Return observed agreement, kappa and alpha of paired judgements."""
    if not judgements:
        return Coefficient(name, 0, None, None, None)
    observed = sum(a == b for a, b in judgements) / len(judgements)
    values = sorted({said for pair in judgements for said in pair})
    if len(values) < 2:
        return Coefficient(name, len(judgements), observed, None, None)
    return Coefficient(
        name, len(judgements), observed, _kappa(judgements), _alpha(judgements, values)
    )


def _kappa(judgements: Judgements) -> float:
    from sklearn.metrics import cohen_kappa_score

    return float(cohen_kappa_score([a for a, _ in judgements], [b for _, b in judgements]))


def _alpha(judgements: Judgements, values: list[str]) -> float:
    try:
        import krippendorff
    except ImportError:
        raise CritextractError(
            "Krippendorff's alpha needs a library: pip install 'critextract[evaluate]'"
        ) from None
    import numpy as np

    code = {value: float(place) for place, value in enumerate(values)}
    data = np.array([[code[a] for a, _ in judgements], [code[b] for _, b in judgements]])
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))
