"""Train the mention model from annotated corpora and unannotated criteria, stage by stage.

1. Word vectors from counts of neighbours in all criteria (`critextract.learn.vectors`).
2. The token network, pretrained to guess hidden words (`critextract.learn.pretrain`).
3. Teachers: networks that differ in seed and shape, on the annotated lines of Chia and LCT.
4. Silver lines: unannotated lines with the spans that most teachers found (`...learn.silver`).
5. The student, on annotated and silver lines: this is the model that ships. Beside the word
   vectors it sees what kinds of names a word is found in (`critextract.learn.names`).

The corpora differ in what they call a mention. Every second time a line is shown with the name of
its corpus (its convention), else without: asked with the name, a model follows that corpus'
annotators; asked without, it guesses between them (`critextract.learn.network.lean`).

Fixed seeds, one thread: same weights.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, field, replace
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import spacy
from spacy.language import Language
from spacy.vectors import Vectors

from critextract import __version__
from critextract.components.prediction import quicken
from critextract.components.tokens import CONVENTIONS
from critextract.errors import InputError, ModelError
from critextract.learn.calibrate import calibration_error, confidence_table, figures
from critextract.learn.corpora import Example, hash_of, read_corpus
from critextract.learn.labels import LABELS
from critextract.learn.load import MODEL_NAME, MODEL_VERSION, following
from critextract.learn.names import evidence, read_names
from critextract.learn.network import (
    Progress,
    Settings,
    blank_model,
    fit,
    lean,
    token_network,
)
from critextract.learn.pretrain import PretrainSettings, pretrain
from critextract.learn.silver import predict, raw_lines, sample, silver_examples
from critextract.learn.vectors import (
    NAME,
    VectorSettings,
    add_columns,
    add_vectors,
    raw_texts,
    set_precision,
    token_lines,
    train_vectors,
)

RAW = Path("raw") / "criteria.jsonl.gz"
CORPORA = CONVENTIONS
SHORTEST = 20
"""Characters below which a line is not read in pretraining."""


TEACHERS = (
    Settings(epochs=4),
    Settings(epochs=4, evidence=True, hidden=128, first_batch=300, last_batch=1000),
    Settings(epochs=5, evidence=True, pretrained=False, width=96),
    Settings(epochs=4, extra_tokens=True, dropout=0.35, first_batch=300, last_batch=1000),
    Settings(epochs=5, pretrained=False, depth=6, first_batch=200, last_batch=800),
)
"""They differ in shape as well as seed: what they agree on owes less to one shape's habits."""
STUDENT = Settings(epochs=4, evidence=True, first_batch=300, last_batch=1000)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of all stages; the defaults made the shipped model.

    teachers : of the networks whose spans are put to the vote.
    student : of the network that ships; of the same width and depth.
    silver_words : of the unannotated lines that the teachers label.
    leaning : how far the model without a convention leans towards Chia's, see `lean`.
    eagerness : what `prefer_mentions` takes, by the convention asked for; these and `leaning`
        were chosen on dev.
    """

    vectors: VectorSettings = field(default_factory=VectorSettings)
    pretrain: PretrainSettings = field(default_factory=PretrainSettings)
    teachers: tuple[Settings, ...] = TEACHERS
    student: Settings = STUDENT
    silver_words: int = 2_000_000
    leaning: float = 0.5
    eagerness: dict[str, float] = field(
        default_factory=lambda: {"": 0.8, "lct": 0.75, "chia": -0.2}
    )


class Workbench:
    """The stages' results in a folder: a stage whose result is there is not run again.

    Parameters
    ----------
    corpora : folder with ``chia/train``, ``lct/train`` and ``raw/criteria.jsonl.gz``.
    folder : for the results; it holds text of the corpora and is no part of a model.
    names : folder of open vocabularies; None for a student without their evidence.
    """

    def __init__(
        self,
        corpora: Path,
        folder: Path,
        recipe: Recipe,
        *,
        seed: int,
        names: Path | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.corpora, self.folder = corpora, folder
        self.recipe, self.seed = recipe, seed
        self.progress = progress
        if not (corpora / RAW).is_file():
            raise InputError(f"{corpora / RAW}: missing; expected unannotated criteria, one a line")
        self.data = data_hashes(corpora)
        self.names = read_names(names) if names else []
        self.lines = raw_lines(corpora / RAW)
        folder.mkdir(parents=True, exist_ok=True)

    def place(self, name: str, *teachers: Settings) -> Path:
        """Return where a stage's result is kept; the name tells all that it depends on."""
        recipe = self.recipe
        shape = (recipe.student.width, recipe.student.depth)
        facts = [self.data, self.seed, asdict(recipe.vectors), asdict(recipe.pretrain), shape]
        facts += [asdict(settings) for settings in teachers]
        key = sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
        return self.folder / f"{name}_{key[:12]}"

    def say(self, news: str) -> None:
        """Tell how the work goes."""
        if self.progress is not None:
            self.progress(news)

    def blank(self, settings: Settings) -> Language:
        """Return an untrained model with the word vectors."""
        nlp = blank_model(settings)
        nlp.vocab.vectors = Vectors(strings=nlp.vocab.strings)
        nlp.vocab.vectors.from_bytes(self.place("vectors").read_bytes())
        nlp.vocab.vectors.name = NAME
        return nlp

    def pretrained(self) -> bytes:
        """Return the weights of the token network; make the word vectors first."""
        path = self.place("encoder")
        if not path.exists():
            nlp = blank_model(self.recipe.student)
            found = train_vectors(_all_lines(self.corpora), self.recipe.vectors)
            add_vectors(nlp, found, self.recipe.vectors)
            self.place("vectors").write_bytes(nlp.vocab.vectors.to_bytes())
            self.say(f"vectors of {len(found.words)} words")
            network = token_network(self.recipe.student)
            lines = [line for line in self.lines if len(line) >= SHORTEST]
            share = pretrain(nlp, network, lines, found, self.recipe.pretrain, seed=self.seed)
            self.say(f"pretrained: {share:.2f} of hidden words guessed")
            path.write_bytes(network.to_bytes())
        return path.read_bytes()

    def gold(self, settings: Settings) -> list[Example]:
        """Return the annotated lines, as often as the settings say."""
        copies = {"chia": settings.chia_copies, "lct": settings.lct_copies}
        return [
            replace(example, convention=corpus if number % 2 == 0 else "")
            for corpus, times in copies.items()
            for number in range(times)
            for example in read_split(self.corpora, "train", corpus)
        ]

    def teacher(self, number: int) -> Language:
        """Return the trained teacher `number`, from 0."""
        settings = self.recipe.teachers[number]
        path = self.place(f"teacher_{number + 1}", settings)
        if not path.exists():
            self.pretrained()
            self.say(f"teacher {number + 1}")
            self.fitted(settings, seed=self.seed + 1 + number).to_disk(path)
        return spacy.load(path)

    def fitted(self, settings: Settings, *, seed: int, silver: Sequence[Example] = ()) -> Language:
        """Return a network trained on the annotated lines, and on `silver`."""
        start = self.pretrained()
        nlp = self.blank(settings)
        if settings.evidence:
            self.add_evidence(nlp)
        fit(
            nlp,
            self.gold(settings),
            settings,
            seed=seed,
            silver=silver,
            start=start if settings.pretrained else None,
            progress=self.progress,
        )
        return nlp

    def silver(self) -> list[Example]:
        """Return the unannotated lines with the teachers' spans; none without teachers.

        Of each line they are asked by one convention in turn, or by none.
        """
        path = self.place(f"silver_{self.recipe.silver_words}", *self.recipe.teachers)
        if not self.recipe.teachers:
            return []
        if not path.exists():
            known = {example.text for example in read_split(self.corpora, "train", *CORPORA)}
            new = [line for line in self.lines if line not in known]
            lines = sample(new, self.recipe.silver_words, seed=self.seed)
            ways = list(islice(cycle(("", *CONVENTIONS)), len(lines)))
            teachers = [self.teacher(n) for n in range(len(self.recipe.teachers))]
            for teacher in teachers:
                quicken(teacher)
            votes = zip(*(predict(nlp, lines, ways) for nlp in teachers), strict=True)
            made = silver_examples(lines, ways, votes)
            text = "".join(json.dumps(astuple(example)) + "\n" for example in made)
            path.write_text(text, encoding="utf-8")
            self.say(f"{len(lines)} silver lines")
        return list(_read_examples(path))

    def add_evidence(self, nlp: Language) -> None:
        """Add what kinds of names words are found in to the word vectors of `nlp`."""
        if self.names:
            texts = {word for line in _all_lines(self.corpora) for word in line}
            found = evidence(self.names, sorted(texts))
            add_columns(nlp, found, self.recipe.vectors)

    def student(self) -> Language:
        """Return the trained student."""
        settings = self.recipe.student
        name = f"student_{self.recipe.silver_words}_{len(self.names)}"
        path = self.place(name, *self.recipe.teachers, settings)
        if not path.exists():
            silver = self.silver()
            self.say("student")
            self.fitted(settings, seed=self.seed, silver=silver).to_disk(path)
        return spacy.load(path)


def _read_examples(path: Path) -> Iterator[Example]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            text, spans, unknown, convention = json.loads(line)
            found = tuple((a, b, label) for a, b, label in spans)
            yield Example(text, found, tuple(map(tuple, unknown)), convention)


def read_split(corpora: Path, split: str, *names: str) -> list[Example]:
    """Return the examples of the folders `split` (``train``, ``dev``) of the corpora `names`."""
    return [
        example
        for corpus in names
        for example in read_corpus(corpora / corpus / split, corpus=corpus)
    ]


def _all_lines(corpora: Path) -> Iterator[list[str]]:
    """Yield the lines word vectors are trained on: the unannotated criteria, then ``train``."""
    for text in raw_texts(corpora / RAW):
        yield from token_lines(text)
    for name in CORPORA:
        for path in sorted((corpora / name / "train").glob("*.txt")):
            yield from token_lines(path.read_text(encoding="utf-8"))


def train(
    corpora: Path,
    output: Path,
    *,
    seed: int = 1,
    recipe: Recipe | None = None,
    names: Path | None = None,
    work: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Train the mention model on `corpora` and write it to the folder `output`.

    Parameters
    ----------
    corpora : folder with ``chia/train``, ``lct/train``, their ``dev`` beside them (for the
        confidences and figures in the meta data) and ``raw/criteria.jsonl.gz``.
    output : folder to write; made if it is not there.
    seed : of the weights, the order of examples and dropout.
    names : folder of open vocabularies, see `critextract.learn.names`; None for none.
    work : folder that keeps the stages' results, so that a run that was stopped goes on; None
        for one that is deleted. It holds text of `corpora`.
    progress : called with a line of news after each part of the work.

    Returns
    -------
    The model's own part of its meta data: settings, seed, counts, figures on dev by label.

    Raises
    ------
    InputError, AnnotationError : a corpus is missing or malformed. ModelError : not writable.
    """
    chosen = recipe or Recipe()
    held_out = {name: read_split(corpora, "dev", name) for name in CORPORA}
    with TemporaryDirectory() as temporary:
        bench = Workbench(
            corpora,
            work or Path(temporary),
            chosen,
            seed=seed,
            names=names,
            progress=progress,
        )
        nlp = bench.student()
    lean(nlp, "chia", chosen.leaning)
    facts = {
        "seed": seed,
        "settings": asdict(chosen),
        "data": bench.data,
        "names": len(bench.names),
    }
    return save(nlp, output, held_out=held_out, facts=facts)


def data_hashes(corpora: Path) -> dict[str, str]:
    """Return the SHA-256 of what a model is trained on, by its path in `corpora`."""
    names = (*(f"{name}/train" for name in CORPORA), RAW.as_posix())
    return {name: hash_of(corpora / name) for name in names if (corpora / name).exists()}


def _measured(
    nlp: Language, sets: dict[str, list[Example]], held_out: list[Example]
) -> dict[str, Any]:
    """Return figures of each of `sets`; confidences and their error on `held_out`."""
    return {
        "dev": {name: figures(nlp, lines) for name, lines in sets.items()},
        "calibration_error": calibration_error(nlp, held_out),
        "confidence": confidence_table(nlp, held_out),
    }


def save(
    nlp: Language,
    output: Path,
    *,
    held_out: dict[str, list[Example]],
    facts: dict[str, Any],
) -> dict[str, Any]:
    """Write `nlp` with `facts` and its figures in the meta data; return the model's own part.

    The words of the training texts, which spaCy collects as it reads, are not written: weights and
    hashed vectors do not need them.
    """
    both = [example for lines in held_out.values() for example in lines]
    nlp.meta["critextract"] = facts
    following(nlp, "")
    own = {
        "program": __version__,
        **facts,
        "labels": list(LABELS),
        **_measured(nlp, {**held_out, "both": both}, both),
        "following": {
            name: _measured(following(nlp, name), {name: lines}, lines)
            for name, lines in held_out.items()
        },
    }
    following(nlp, "")
    nlp.meta.update(name=MODEL_NAME, version=MODEL_VERSION, license="CC BY 4.0")
    nlp.meta["critextract"] = own
    set_precision(nlp, "float16")
    try:
        output.mkdir(parents=True, exist_ok=True)
        nlp.to_disk(output)
        (output / "vocab" / "strings.json").write_text("[]\n", encoding="utf-8")
    except OSError as error:
        raise ModelError(f"{output}: the model cannot be written ({error.strerror})") from None
    finally:
        set_precision(nlp, "float32")
    return own
