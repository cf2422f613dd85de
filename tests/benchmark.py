"""Trials a second in one process, beside blank spaCy tokenisation, and peak memory.

``python tests/benchmark.py ../shared/corpora/ctgov_xml/records.tar.gz`` reads the documents, then
times both on the same texts. Memory is printed as it grows, so that a leak shows.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from itertools import islice


def peak_mib() -> float:
    """Return the highest memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


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
    return 0


if __name__ == "__main__":
    sys.exit(main())
