"""Run a function over many documents in worker processes: input order, hard time limits.

The function and all it holds (the loaded models) reach the workers by fork, so nothing is loaded
twice; a document and its result travel through a pipe. A document may take `limit_s` seconds: then
an exception ends it inside the worker, and where code that never returns to Python ignores that,
the worker is killed and another takes its place. A worker that crashes costs its document alone.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import NoReturn

from critextract.errors import CritextractError
from critextract.io.items import Document, Item, Skipped

Work = Callable[[Document], bytes]

GRACE_S = 2.0
"""Seconds after the limit in which a worker may still answer before it is killed."""
DOCUMENTS_A_WORKER = 1000
"""A worker is replaced after so many documents: what libraries cache in it cannot grow for ever."""
DOCUMENTS_AHEAD = 8
"""Documents taken from the input ahead of the oldest unfinished one, for each worker."""


@dataclass(frozen=True, slots=True)
class Done:
    """What the function returned."""

    result: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no result, in one line."""

    reason: str


Outcome = Done | Failed


def run_in_order(
    items: Iterable[Item], work: Work, *, jobs: int = 1, limit_s: float = 10.0
) -> Iterator[tuple[Item, Outcome]]:
    """Yield each item with its outcome, in input order whatever the number of workers.

    Parameters
    ----------
    items : documents for `work`; a `Skipped` among them comes out as failed in its place.
    jobs : number of worker processes, at least 1.
    limit_s : seconds of wall-clock time a document may take.
    """
    pool = _Pool(work, jobs, limit_s)
    try:
        yield from pool.run(items)
    finally:
        pool.close()


@dataclass(slots=True)
class _Slot:
    """An item that was taken, and its outcome once there is one."""

    item: Item
    outcome: Outcome | None = None


class _Worker:
    """One forked process, the pipe to it, and what it is busy with."""

    def __init__(self, work: Work, limit_s: float, siblings: Iterable[_Worker]) -> None:
        fork = multiprocessing.get_context("fork")
        self.pipe, theirs = fork.Pipe()
        ours = [self.pipe, *(worker.pipe for worker in siblings)]
        self.process = fork.Process(target=_serve, args=(theirs, ours, work, limit_s), daemon=True)
        self.process.start()
        theirs.close()
        self.slot: _Slot | None = None
        self.deadline = 0.0
        self.served = 0

    def give(self, slot: _Slot, deadline: float) -> None:
        self.slot, self.deadline = slot, deadline
        self.served += 1
        with suppress(OSError):  # it died: the pipe reads as closed, and `answer` says so
            self.pipe.send(slot.item)

    def answer(self) -> Outcome:
        """Return what the worker sends; a `Failed` where it died instead."""
        try:
            outcome: Outcome = self.pipe.recv()
        except (EOFError, OSError):
            self.end()
            return Failed(f"the worker process ended with status {self.process.exitcode}")
        return outcome

    def end(self) -> None:
        """Kill the process if it is still there, and clear up after it."""
        self.pipe.close()
        self.process.kill()
        self.process.join()


class _Pool:
    def __init__(self, work: Work, jobs: int, limit_s: float) -> None:
        self.work, self.jobs, self.limit_s = work, jobs, limit_s
        self.idle: list[_Worker] = []
        self.busy: list[_Worker] = []
        for _ in range(jobs):
            self.add_worker()

    def add_worker(self) -> None:
        siblings = [*self.idle, *self.busy]
        self.idle.append(_Worker(self.work, self.limit_s, siblings))

    def run(self, items: Iterable[Item]) -> Iterator[tuple[Item, Outcome]]:
        source = iter(items)
        slots: deque[_Slot] = deque()
        exhausted = False
        while not exhausted or slots:
            while not exhausted and self.idle and len(slots) < DOCUMENTS_AHEAD * self.jobs:
                slot = self.take(source)
                exhausted = slot is None
                if slot is not None:
                    slots.append(slot)
            while slots and (outcome := slots[0].outcome) is not None:
                yield slots.popleft().item, outcome
            self.collect()

    def take(self, source: Iterator[Item]) -> _Slot | None:
        """Return the next item's slot, handed to an idle worker; None at the end of the input."""
        item = next(source, None)
        if item is None:
            return None
        if isinstance(item, Skipped):
            return _Slot(item, Failed(item.message))
        slot = _Slot(item)
        worker = self.idle.pop()
        self.busy.append(worker)
        worker.give(slot, time.monotonic() + self.limit_s + GRACE_S)
        return slot

    def collect(self) -> None:
        """Wait for a worker to answer, or for the first deadline."""
        if not self.busy:
            return
        patience = min(worker.deadline for worker in self.busy) - time.monotonic()
        ready = wait([worker.pipe for worker in self.busy], timeout=max(patience, 0.0))
        for worker in list(self.busy):
            if worker.pipe in ready:
                self.finish(worker, worker.answer())
            elif worker.deadline <= time.monotonic():
                worker.end()
                self.finish(worker, Failed(_over(self.limit_s)))

    def finish(self, worker: _Worker, outcome: Outcome) -> None:
        """Note the outcome; keep the worker, or replace one that died or served long enough."""
        assert worker.slot is not None
        worker.slot.outcome, worker.slot = outcome, None
        self.busy.remove(worker)
        if worker.pipe.closed or worker.served >= DOCUMENTS_A_WORKER:
            if not worker.pipe.closed:
                worker.end()
            self.add_worker()
        else:
            self.idle.append(worker)

    def close(self) -> None:
        for worker in (*self.idle, *self.busy):
            worker.end()


class _Overtime(BaseException):
    """The document's time is up; no ``except Exception`` on the way swallows it."""


def _over(limit_s: float) -> str:
    return f"took over {limit_s:g} s and was given up"


def _raise_overtime(*_: object) -> NoReturn:
    raise _Overtime


def _serve(pipe: Connection, not_ours: list[Connection], work: Work, limit_s: float) -> None:
    """Answer documents until the other end of the pipe is closed, by the parent or by its death."""
    for other in not_ours:
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, _raise_overtime)
    try:
        while True:
            pipe.send(_attempt(pipe.recv(), work, limit_s))
    except (EOFError, OSError):
        os._exit(0)  # nothing of the parent's is flushed twice


def _attempt(document: Document, work: Work, limit_s: float) -> Outcome:
    try:
        signal.setitimer(signal.ITIMER_REAL, limit_s)
        try:
            return Done(work(document))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except _Overtime:
        return Failed(_over(limit_s))
    except CritextractError as error:
        return Failed(one_line(error))
    except Exception as error:  # noqa: BLE001  one bad document never stops the others
        return Failed(f"{type(error).__name__}: {one_line(error)}")


def one_line(error: BaseException) -> str:
    """Return an error's message with white space collapsed, at most 300 characters."""
    return " ".join(str(error).split())[:300]
