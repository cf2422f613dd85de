"""Indented lines for a terminal, wrapped within their indentation, without blanks behind them."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.segment import Segment


@dataclass(frozen=True, slots=True)
class Indented:
    """What is shown `columns` further to the right; rich's own padding fills lines with blanks."""

    what: RenderableType
    columns: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines behind their margin."""
        inner = options.update_width(max(1, options.max_width - self.columns))
        for line in console.render_lines(self.what, inner, pad=False):
            yield Segment(" " * self.columns)
            yield from line
            yield Segment.line()

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Return how wide it may be, for the columns of tables."""
        low, high = Measurement.get(console, options, self.what)
        return Measurement(low + self.columns, high + self.columns)
