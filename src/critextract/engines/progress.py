"""Progress and faults on standard error: a moving bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING

from critextract.engines.job import Tally

if TYPE_CHECKING:
    from rich.progress import Progress as Bar


class Progress:
    """Shows how many documents are done and skipped; one line a fault, never broken by the bar."""

    def __init__(self) -> None:
        self._bar = self._make_bar() if sys.stderr.isatty() else None
        self._task = self._bar.add_task("reading", done=0, skipped=0) if self._bar else None

    @staticmethod
    def _make_bar() -> Bar:
        from rich.console import Console
        from rich.progress import Progress as RichBar
        from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

        return RichBar(
            SpinnerColumn(),
            TextColumn("{task.fields[done]} documents, {task.fields[skipped]} skipped"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )

    def __enter__(self) -> Progress:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar.stop()

    def fault(self, message: str) -> None:
        """Print one line on standard error."""
        line = f"critextract: {message}"
        if self._bar:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            print(line, file=sys.stderr, flush=True)  # noqa: T201

    def step(self, tally: Tally) -> None:
        """Show the counts."""
        if self._bar and self._task is not None:
            self._bar.update(self._task, done=tally.done + tally.resumed, skipped=tally.skipped)
