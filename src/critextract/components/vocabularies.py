"""A user's own vocabulary: read from a file, looked up exactly, then by nearest name.

Read are OBO ontologies (``.obo``), tables of code and name (``.tsv``, ``.csv``), the drug bank's
vocabulary (``.csv``) and scispaCy's form of a knowledge base (``.jsonl``).
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from critextract.errors import InputError, reason
from critextract.hierarchies import Name, read_obo, system_of
from critextract.names import normalise_name
from critextract.schema import Concept, Label

THRESHOLD = 0.85
"""Least cosine of character 3-grams at which another name is taken for the same."""

_NEAR = 0.99
"""Most that a name that is not the same scores."""

_LABELS = {
    "DOID": {Label.CONDITION},
    "HP": {Label.CONDITION},
    "MONDO": {Label.CONDITION},
    "ICD-10-CM": {Label.CONDITION},
    "DrugBank": {Label.DRUG},
}
"""What the entries of a system can be; entries of other systems can be anything."""

_AGREE = re.compile(
    r"\d+|\b(?:i{1,3}|iv|vi{0,3}|non|not|without)\b|\b(?:hypo|hyper|anti|non|pre|post|peri|intra|extra)"
)
"""Parts of two names that must be the same for the names to be taken for one."""


def read_table(lines: Iterable[str], delimiter: str) -> Iterator[Name]:
    """Yield the names of a table whose first two columns are code and name, heading or none.

    A heading that holds "Common name" and "Synonyms" (separated by ``|``) is the drug bank's.
    """
    name, synonyms = 1, None
    for row in csv.reader(lines, delimiter=delimiter):
        if "Common name" in row and "Synonyms" in row:
            name, synonyms = row.index("Common name"), row.index("Synonyms")
        elif len(row) > max(name, synonyms or 0) and system_of(row[0]):
            yield Name(row[0], row[name])
            for synonym in row[synonyms].split("|") if synonyms else ():
                if synonym.strip():
                    yield Name(row[0], synonym.strip())


def read_base(path: Path) -> Iterator[Name]:
    """Yield the names of a knowledge base in scispaCy's form, one JSON object a line."""
    from scispacy.linking_utils import KnowledgeBase

    for code, entity in KnowledgeBase(str(path)).cui_to_entity.items():
        yield from (Name(code, name) for name in (entity.canonical_name, *entity.aliases))


def read_names(path: Path) -> list[Name]:
    """Return the names of a vocabulary file, in its order.

    Raises
    ------
    InputError : the file cannot be read, its form is none of those known, or it holds no names.
    """
    try:
        names = list(_names_of(path))
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise InputError(f"{path}: vocabulary cannot be read ({reason(error)})") from None
    if not names:
        raise InputError(f"{path}: no codes and names found; is the code the first column?")
    unknown = next((name.code for name in names if not system_of(name.code)), None)
    if unknown is not None:
        raise InputError(
            f"{path}: code {unknown!r:.40}: expected the form of DOID, MeSH, ICD-10-CM, DrugBank, "
            "UMLS or PREFIX:number"
        )
    return names


def _names_of(path: Path) -> Iterator[Name]:
    if path.suffix == ".jsonl":
        return read_base(path)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    if path.suffix == ".obo":
        return read_obo(lines)
    if path.suffix == ".tsv":
        return read_table(lines, "\t")
    if path.suffix == ".csv":
        semicolons = bool(lines) and lines[0].count(";") > lines[0].count(",")
        return read_table(lines, ";" if semicolons else ",")
    raise InputError(f"{path}: vocabulary is {path.suffix!r}, expected .obo, .tsv, .csv or .jsonl")


class Vocabulary:
    """Names of a vocabulary; `link` finds the entry a mention's text names.

    Parameters
    ----------
    names : the names, the one to show first.
    threshold : least cosine, 0..1, of character 3-grams (tf-idf) of a near name.
    """

    def __init__(self, names: Sequence[Name], threshold: float = THRESHOLD) -> None:
        from scispacy.linking_utils import Entity, KnowledgeBase

        aliases: dict[str, list[str]] = {}
        for code, name in names:
            aliases.setdefault(code, []).append(name)
        self.threshold = threshold
        self.base = KnowledgeBase(
            Entity(code, known[0], known[1:], [], None) for code, known in aliases.items()
        )
        self._exact: dict[str, str] = {}
        for known in (_of_rank(aliases, first=True), _of_rank(aliases, first=False)):
            for code, name in known:
                self._exact.setdefault(normalise_name(name), code)
        self._written = list(self._exact)
        self._matrix: Any = None
        self._vectors: Any = None
        self._near: dict[str, tuple[str, float] | None] = {}

    @classmethod
    def load(cls, path: str | Path, threshold: float = THRESHOLD) -> "Vocabulary":
        """Return the vocabulary a file holds; for the forms and errors see `read_names`."""
        return cls(read_names(Path(path)), threshold)

    def link(self, text: str, label: Label) -> Concept | None:
        """Return the entry that `text` names, None where no name is near enough."""
        name = normalise_name(text)
        if not name:
            return None
        found = (self._exact[name], 1.0) if name in self._exact else self._nearest(name)
        if found is None:
            return None
        code, score = found
        system = system_of(code)
        if label not in _LABELS.get(system, set(Label)):
            return None
        if system == "ICD-10-CM" and len(code) > 3 and "." not in code:
            return Concept(system, f"{code[:3]}.{code[3:]}", self._display(code), score)
        return Concept(system, code, self._display(code), score)

    def _display(self, code: str) -> str:
        return str(self.base.cui_to_entity[code].canonical_name)

    def _nearest(self, name: str) -> tuple[str, float] | None:
        """Return code and score of `_search`, every name searched once."""
        if name not in self._near:
            self._near[name] = self._search(name)
        return self._near[name]

    def _search(self, name: str) -> tuple[str, float] | None:
        """Return code and cosine of the nearest name that agrees in numbers and prefixes."""
        if self._matrix is None:
            from sklearn.feature_extraction.text import TfidfVectorizer

            self._vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3))
            self._matrix = self._vectors.fit_transform(self._written).T.tocsr()
        scores = (self._vectors.transform([name]) @ self._matrix).tocoo()
        pairs = zip(scores.data.tolist(), scores.col.tolist(), strict=True)
        near = sorted(
            (-score, self._written[column]) for score, column in pairs if score >= self.threshold
        )
        share = self._known_share(name)
        for score, other in near:
            if -score * share < self.threshold:
                return None
            if sorted(_AGREE.findall(name)) == sorted(_AGREE.findall(other)):
                return self._exact[other], round(min(-score * share, _NEAR), 4)
        return None

    def _known_share(self, name: str) -> float:
        """Return what is left of a cosine when 3-grams no name of the vocabulary has count too."""
        grams = Counter(self._vectors.build_analyzer()(name))
        weights = self._vectors.vocabulary_
        idf = self._vectors.idf_
        known = sum((n * idf[weights[gram]]) ** 2 for gram, n in grams.items() if gram in weights)
        unknown = sum((n * idf.max()) ** 2 for gram, n in grams.items() if gram not in weights)
        return float((known / (known + unknown)) ** 0.5)


def _of_rank(aliases: dict[str, list[str]], *, first: bool) -> Iterator[Name]:
    """Yield every entry's first name, or all its others."""
    for code, known in aliases.items():
        for name in known[:1] if first else known[1:]:
            yield Name(code, name)
