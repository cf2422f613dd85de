import time

import pytest

from critextract.engines import pool
from critextract.engines.pool import Done, Failed, run_in_order
from critextract.io.items import Skipped
from fake_extractor import documents, misbehave


def work(document):
    misbehave(document.text)
    return document.text.encode()


def results(texts, **options):
    pairs = run_in_order(documents(*texts), work, **options)
    return [o.result.decode() if isinstance(o, Done) else o.reason for _, o in pairs]


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_input_order(jobs):
    texts = [str(n) for n in range(60)]
    assert results(texts, jobs=jobs) == texts


def test_no_documents():
    assert results([]) == []


def test_skipped_items_pass_through_in_their_place():
    one, two = documents("one", "two")
    items = [one, Skipped("x", "x: unreadable"), two]
    outcomes = [outcome for _, outcome in run_in_order(items, work)]
    assert outcomes == [Done(b"one"), Failed("x: unreadable"), Done(b"two")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("!sleep", "took over 0.3 s and was given up", id="sleeps"),
        pytest.param("!swallow", "took over 0.3 s and was given up", id="swallows-exceptions"),
        pytest.param("!hang", "took over 0.3 s and was given up", id="hangs-in-c-code"),
        pytest.param("!die", "the worker process ended with status -9", id="crashes"),
        pytest.param("!bug", "ZeroDivisionError: one two", id="bug"),
        pytest.param("!input", "what was found", id="input-error"),
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_bad_document_costs_only_itself(monkeypatch, text, reason, jobs):
    monkeypatch.setattr(pool, "GRACE_S", 0.3)
    started = time.monotonic()
    assert results(["a", text, "b", "c"], jobs=jobs, limit_s=0.3) == ["a", reason, "b", "c"]
    assert time.monotonic() - started < 5


def test_workers_are_replaced_after_a_number_of_documents(monkeypatch):
    monkeypatch.setattr(pool, "DOCUMENTS_A_WORKER", 3)
    texts = [str(n) for n in range(20)]
    assert results(texts, jobs=2) == texts


def test_the_input_is_not_read_far_ahead_of_the_results():
    taken = 0

    def endless():
        nonlocal taken
        (document,) = documents("x")
        while True:
            taken += 1
            yield document

    run = run_in_order(endless(), work, jobs=2)
    for _ in range(30):
        next(run)
    run.close()
    assert taken <= 30 + 2 * pool.DOCUMENTS_AHEAD


def test_workers_end_with_the_run():
    run = run_in_order(documents("a", "!sleep"), work, jobs=2)
    next(run)
    workers = [w.process for w in _pool_of(run).busy + _pool_of(run).idle]
    run.close()
    assert workers
    assert not any(process.is_alive() for process in workers)


def _pool_of(run):
    return run.gi_frame.f_locals["pool"]
