"""One run of `extract`: documents in, records out as lines, faults named, a count at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from critextract.engines.output import LineFile
from critextract.engines.pool import Done, run_in_order
from critextract.errors import InputError
from critextract.io.items import Document, Item, Skipped
from critextract.io.records import dump_record
from critextract.schema import Provenance, Record


class Extractor(Protocol):
    """What a job needs of `pipeline.Extractor`."""

    made_by: Provenance

    def extract_many(self, documents: Iterable[Document]) -> Iterator[Record]:
        """Yield the record of each document."""


@dataclass(slots=True)
class Tally:
    """Documents written, found already done, and skipped."""

    done: int = 0
    resumed: int = 0
    skipped: int = 0

    @property
    def exit_code(self) -> int:
        """0 all done, 1 some skipped, 2 nothing could be done."""
        if not self.done + self.resumed:
            return 2
        return 1 if self.skipped else 0


def run_job(
    items: Iterable[Item],
    extractor: Extractor,
    output: LineFile,
    *,
    jobs: int = 1,
    limit_s: float = 10.0,
    done: Mapping[str, str] | None = None,
    strict: bool = False,
    fault: Callable[[str], None] = lambda _: None,
    step: Callable[[Tally], None] = lambda _: None,
) -> Tally:
    """Write one line a document, in input order, and return what came of it.

    Parameters
    ----------
    done : id to text hash of the records an interrupted run has written; they are not made again.
    strict : stop at the first document that cannot be read.
    fault : told in one line of each document that was skipped. step : told after each document.

    Raises
    ------
    InputError : `strict` and a document was skipped, or a document of `done` has another text now.
    OutputError : a line could not be written.
    """
    tally = Tally()
    items = _not_done(items, done or {}, tally)
    for item, outcome in run_in_order(items, _worker_of(extractor), jobs=jobs, limit_s=limit_s):
        if isinstance(outcome, Done):
            output.write(outcome.result)
            tally.done += 1
        else:
            message = _message(item, outcome.reason)
            if strict:
                raise InputError(f"{message} (--strict: stopped here)")
            tally.skipped += 1
            fault(message)
        step(tally)
    return tally


def _worker_of(extractor: Extractor) -> Callable[[Document], bytes]:
    def work(document: Document) -> bytes:
        (record,) = extractor.extract_many([document])
        return dump_record(record).encode()

    return work


def _message(item: Item, reason: str) -> str:
    if isinstance(item, Skipped):
        return item.message
    where = item.source if item.id in item.source else f"{item.source}: {item.id}"
    return f"{where}: skipped: {reason}"


def _not_done(items: Iterable[Item], done: Mapping[str, str], tally: Tally) -> Iterator[Item]:
    """Leave out what an interrupted run has written, as long as its text is still the same."""
    for item in items:
        if isinstance(item, Skipped) or item.id not in done:
            yield item
        elif done[item.id] == sha256(item.text.encode("utf-8", "surrogatepass")).hexdigest():
            tally.resumed += 1
        else:
            raise InputError(
                f"{item.source}: {item.id} is in the output with another text; was the input "
                "changed since? Leave out --resume to start over"
            )
