"""Pictures of scores: figures with their confidence intervals, and the reliability curve.

They are drawn to stand in a page: colours are the page's, words are text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from critextract.exports.pictures import empty_figure, to_svg

INK, MUTED, GRID, MAIN, SIDE = "#1c2431", "#5a6573", "#d9dee4", "#0b5cad", "#b45f06"
COLOURS = {
    INK: "--ink",
    MUTED: "--muted",
    GRID: "--rule",
    MAIN: "--pred",
    SIDE: "--gold",
}
"""Colour of a picture -> the page's variable. Blue and orange: told apart without red and green."""

ROW_INCHES, WIDTH = 0.235, 8.4
LETTER, FIGURES = 0.07, 2.3
"""Inches of a letter of a name, and of the figures at the right."""


class Estimate(NamedTuple):
    """One line of a forest plot: F1 and its interval, precision, recall; None where undefined.

    group : lines of one group stand together.
    """

    name: str
    group: str
    f1: float | None
    interval: tuple[float, float] | None
    precision: float | None
    recall: float | None
    support: int


class Step(NamedTuple):
    """One bin of a reliability curve: edges, how many, mean confidence, share right."""

    low: float
    high: float
    mentions: int
    confidence: float | None
    right: float | None


def forest_svg(estimates: Sequence[Estimate]) -> str:
    """Return the forest plot of estimates, the first on top.

    A point and a line: F1 and its confidence interval. Triangles: precision (points right) and
    recall (points left). A figure that is undefined has no mark and a dash.

    Raises
    ------
    OutputError : matplotlib is not installed.
    """
    rows = _rows(estimates)
    height = ROW_INCHES * (max(rows, default=0.0) + 2.2) + 0.35
    figure = empty_figure(WIDTH, height, layout=None)
    left = 0.25 + LETTER * max((len(one.name) for one in estimates), default=0)
    inner = WIDTH - left - FIGURES
    box = (left / WIDTH, 0.35 / height, inner / WIDTH, 1 - 0.6 / height)
    axes = figure.add_axes(box)
    _frame(axes, [one.name for one in estimates], rows)
    inch = 1 / inner
    for row, one in zip(rows, estimates, strict=True):
        _estimate(axes, row, one)
        _figures(axes, row, inch, _said(one), f"{one.support:,}")
    _figures(axes, -0.95, inch, "F1 [interval]", "in gold", MUTED)
    return to_svg(figure, COLOURS)


def _figures(
    axes: Any, row: float, inch: float, said: str, support: str, colour: str = INK
) -> None:
    """Write figures at the right of the picture; inch: of one inch, the share of its width."""
    words = {"va": "center", "fontsize": 8.5, "transform": axes.get_yaxis_transform()}
    axes.text(1 + 0.1 * inch, row, said, color=colour, **words)
    axes.text(1 + (FIGURES - 0.1) * inch, row, support, color=MUTED, ha="right", **words)


def _said(one: Estimate) -> str:
    said = "–" if one.f1 is None else f"{one.f1:.3f}"
    return said + " [{:.3f}, {:.3f}]".format(*one.interval) if one.interval else said


def _rows(estimates: Sequence[Estimate]) -> list[float]:
    """Return the height at which each stands: a gap before every group but the first."""
    rows: list[float] = []
    for place, one in enumerate(estimates):
        gap = place > 0 and one.group != estimates[place - 1].group
        rows.append((rows[-1] + 1 if rows else 0.0) + 0.45 * gap)
    return rows


def _frame(axes: Any, names: Sequence[str], rows: Sequence[float]) -> None:
    axes.set_yticks(list(rows), list(names), fontsize=9, color=INK)
    axes.set_ylim(max(rows, default=0.0) + 0.7, -0.7)
    axes.set_xlim(-0.015, 1.015)
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    _plain(axes)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    for row in rows:
        axes.axhline(row, color=GRID, linewidth=0.4, zorder=0)


def _plain(axes: Any) -> None:
    """Leave of the box around the picture only the line below."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.tick_params(axis="both", length=0, labelsize=9, labelcolor=INK)
    axes.set_axisbelow(True)


def _estimate(axes: Any, row: float, one: Estimate) -> None:
    hollow: dict[str, Any] = {
        "markerfacecolor": "none",
        "markeredgecolor": SIDE,
        "markersize": 5.5,
        "zorder": 3,
    }
    if one.precision is not None:
        axes.plot([one.precision], [row], ">", linestyle="none", **hollow)
    if one.recall is not None:
        axes.plot([one.recall], [row], "<", linestyle="none", **hollow)
    if one.interval:
        axes.plot(one.interval, [row, row], "-", color=MAIN, linewidth=2.6, solid_capstyle="butt")
    if one.f1 is not None:
        axes.plot([one.f1], [row], "o", color=MAIN, markersize=5.5)


def reliability_svg(steps: Sequence[Step]) -> str:
    """Return the reliability curve: share right by confidence, and how many have it.

    Raises
    ------
    OutputError : matplotlib is not installed.
    """
    figure = empty_figure(5.2, 4.8)
    curve, counts = figure.subplots(2, 1, height_ratios=[3, 1], sharex=True)
    known = [one for one in steps if one.confidence is not None and one.right is not None]
    curve.plot([0, 1], [0, 1], "--", color=MUTED, linewidth=1.2)
    curve.plot(
        [one.confidence for one in known],
        [one.right for one in known],
        "o-",
        color=MAIN,
        linewidth=2,
        markersize=5.5,
    )
    for one in known:
        curve.plot([one.confidence] * 2, [one.confidence, one.right], ":", color=SIDE)
    curve.set_ylim(-0.02, 1.02)
    curve.set_ylabel("share that is right", color=MUTED)
    middles = [(one.low + one.high) / 2 for one in steps]
    widths = [0.9 * (one.high - one.low) for one in steps]
    counts.bar(middles, [one.mentions for one in steps], widths, color=MAIN, alpha=0.55)
    counts.set_xlim(-0.015, 1.015)
    counts.set_ylabel("mentions", color=MUTED)
    counts.set_xlabel("confidence", color=MUTED)
    counts.yaxis.get_major_locator().set_params(integer=True, nbins=3)
    for axes in (curve, counts):
        _plain(axes)
        axes.grid(axis="y", color=GRID, linewidth=0.8)
    return to_svg(figure, COLOURS)
