"""Progress on standard error, where that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Thing = TypeVar("Thing")


def counting(things: Iterable[Thing], what: str, *, shown: bool = True) -> Iterator[Thing]:
    """Yield the things; their count moves on standard error: "120 patients 0:00:03".

    shown : False where the terminal is needed for what is printed.
    """
    if not (shown and sys.stderr.isatty()):
        yield from things
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn(f"{{task.completed}} {what}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        for thing in things:
            yield thing
            bar.advance(task)


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar that is told how many are done, and of how many; None where there is no terminal.

    When all are done it moves without an end: figures over all of them may take a while.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what)

        def step(done: int, total: int) -> None:
            shown.update(task, completed=done, total=total)
            if done == total:
                shown.update(task, visible=False)
                shown.add_task("putting together", total=None)

        yield step
