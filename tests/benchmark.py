"""Trials a second in one process, beside blank spaCy tokenisation, and peak memory.

``python tests/benchmark.py ../shared/corpora/ctgov_xml/records.tar.gz`` reads the documents, then
times both on the same texts. Memory is printed as it grows, so that a leak shows. The share of
each stage in the pipeline's time is taken in the same run, and so is the mention model's alone:
sections, criteria and mentions of the same texts, and nothing else.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language

    from critextract.io.documents import Document


GRAMMARS = {"critextract_quantities", "critextract_temporal", "critextract_context"}


def peak_mib() -> float:
    """Return the highest memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed_stages(nlp: Language) -> dict[str, float]:
    """Wrap tokenizer and stages so that their CPU seconds add up in the dictionary returned.

    The mention model works in batches and stays as it is: it is in what the others leave.
    """
    spent = dict.fromkeys(["tokenizer", *nlp.pipe_names], 0.0)

    def timed(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            started = time.process_time()
            try:
                return call(*args, **kwargs)
            finally:
                spent[name] += time.process_time() - started

        return run

    nlp.tokenizer = timed("tokenizer", nlp.tokenizer)
    nlp._components = [
        (name, stage if hasattr(stage, "pipe") else timed(name, stage))
        for name, stage in nlp._components
    ]
    return spent


def mention_seconds(documents: list[Document]) -> float:
    """Return the CPU seconds that the mentions of the documents take by themselves."""
    from critextract import load
    from critextract.components.criteria import split_criteria
    from critextract.components.sections import find_headings
    from critextract.text import clean

    nlp = load().nlp
    for name in set(nlp.pipe_names) - {"ner", "critextract_mentions"}:
        nlp.remove_pipe(name)
    started = time.process_time()
    for document in documents:
        text, section = document.text, document.default_section
        criteria = split_criteria(text, find_headings(text, section), section)
        for _ in nlp.pipe([clean(text, c.start, c.end).text for c in criteria]):
            pass
    return time.process_time() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--limit", type=int, default=None, help="documents at most")
    options = parser.parse_args()
    import spacy

    from critextract import load
    from critextract.io.documents import Document, read_documents

    items = islice(read_documents(options.paths), options.limit)
    documents = [item for item in items if isinstance(item, Document)]
    blank = spacy.blank("en")
    started = time.process_time()
    tokens = sum(len(blank.make_doc(document.text)) for document in documents)
    blank_s = time.process_time() - started
    started = time.process_time()
    extractor = load()
    print(f"load: {time.process_time() - started:.1f} s, {peak_mib():.0f} MiB")
    stages = timed_stages(extractor.nlp)
    started = time.process_time()
    slowest = (0.0, "")
    for number, document in enumerate(documents, start=1):
        before = time.process_time()
        list(extractor.extract_many([document]))
        slowest = max(slowest, (time.process_time() - before, document.id))
        if number % 250 == 0:
            print(f"{number} trials: {peak_mib():.0f} MiB")
    spent = time.process_time() - started
    count = len(documents)
    print(
        f"{count} trials, {tokens} tokens, CPU seconds: critextract {spent:.1f} "
        f"({count / spent:.1f} trials/s), blank spaCy {blank_s:.1f} ({count / blank_s:.0f} "
        f"trials/s), ratio {spent / blank_s:.1f}\n"
        f"slowest {slowest[1]}: {slowest[0]:.2f} s; peak memory {peak_mib():.0f} MiB"
    )
    for name, seconds in stages.items():
        if not seconds:
            continue
        print(f"{name:24} {seconds:6.1f} s  {seconds / spent:6.1%}")
    grammars = sum(seconds for name, seconds in stages.items() if name in GRAMMARS)
    print(f"the grammars (quantities, temporal, context): {grammars / spent:.1%}")
    alone = mention_seconds(documents)
    print(f"the mention model alone: {count / alone:.1f} trials/s, the whole {alone / spent:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
