"""Pictures, drawn by matplotlib, which is imported here only and when it is needed.

Deterministic: the same numbers make the same bytes with one version of matplotlib.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, Literal, Protocol

from critextract.errors import OutputError, writing

_COLOURS = {"left": "#4c78a8", "unknown": "#b8cbe0", "removed": "#e45756", "alone": "#555555"}
_SHOWN = 60
"""Criteria in one picture."""


class AttritionStep(Protocol):
    """What is drawn of one criterion; see the attrition table."""

    @property
    def trial(self) -> str: ...  # noqa: D102
    @property
    def criterion(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def patients(self) -> int: ...  # noqa: D102
    @property
    def removed_alone(self) -> int: ...  # noqa: D102
    @property
    def removed(self) -> int: ...  # noqa: D102
    @property
    def left(self) -> int: ...  # noqa: D102
    @property
    def unknown_of_left(self) -> int: ...  # noqa: D102


def need_pictures() -> None:
    """Check that pictures can be drawn, before the work that leads to them is done.

    Raises
    ------
    OutputError : matplotlib is not installed.
    """
    empty_figure(1, 1)


def empty_figure(
    width: float, height: float, layout: Literal["constrained"] | None = "constrained"
) -> Any:
    """Return an empty figure of so many inches that needs no display.

    layout : None where places are given by hand.

    Raises
    ------
    OutputError : matplotlib is not installed.
    """
    try:
        from matplotlib import rcParams
        from matplotlib.figure import Figure
    except ImportError:
        raise OutputError("pictures need matplotlib: pip install 'critextract[evaluate]'") from None
    rcParams["svg.hashsalt"] = "critextract"
    return Figure(figsize=(width, height), layout=layout)


def save(figure: Any, path: Path) -> None:
    """Write a figure as .png or .svg, without the date it was made.

    Raises
    ------
    OutputError : the file cannot be written.
    """
    metadata = {"Date": None} if path.suffix == ".svg" else {"Software": None}
    with writing(path):
        figure.savefig(path, dpi=120, metadata=metadata)


def to_svg(figure: Any, colours: Mapping[str, str]) -> str:
    """Return a figure as an ``<svg>`` to stand in a page, its words as text.

    Parameters
    ----------
    colours : colour of the figure (``#1c2430``) -> the CSS variable that holds it in the page
        (``--ink``), so that a dark page has a picture in light colours. Outside of such a page
        the picture has its own colours.
    """
    from matplotlib import rc_context

    out = StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "critextract"}):
        figure.savefig(out, format="svg", metadata={"Date": None}, transparent=True)
    svg = "<svg stroke-linejoin='round'" + out.getvalue().partition("<svg")[2]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' width="[\d.]+pt"| height="[\d.]+pt"', "", svg, count=2)
    svg = re.sub(r'<g id="[^"]*"(/?)>', r"<g\1>", svg).replace("<g/>", "")
    svg = re.sub(r"<style.*?</style>", "", svg, flags=re.DOTALL)  # would hold for the whole page
    svg = re.sub(r"font-family: [^;\"]*", "font-family: inherit", svg)
    for colour, variable in colours.items():
        svg = svg.replace(colour, f"var({variable}, {colour})")
    return re.sub(r"\s*\n\s*", " ", svg).strip()


def draw_attrition(steps: Sequence[AttritionStep], path: Path) -> None:
    """Draw how many patients each criterion of one trial leaves, removes, and would alone remove.

    A bar a criterion, from the first on top: those left (pale where a criterion so far is
    unknown), then those it removes; a mark for how many it removes alone.

    Raises
    ------
    OutputError : matplotlib is not installed, or the file cannot be written.
    """
    shown = steps[:_SHOWN]
    figure = empty_figure(9, 1.4 + 0.28 * max(len(shown), 2))
    axes = figure.subplots()
    rows = range(len(shown))
    sure = [step.left - step.unknown_of_left for step in shown]
    unknown = [step.unknown_of_left for step in shown]
    left = [step.left for step in shown]
    axes.barh(rows, sure, color=_COLOURS["left"], label="left")
    axes.barh(rows, unknown, left=sure, color=_COLOURS["unknown"], label="left, unknown so far")
    removed = [step.removed for step in shown]
    axes.barh(rows, removed, left=left, color=_COLOURS["removed"], label="removed")
    alone = [step.removed_alone for step in shown]
    axes.plot(alone, list(rows), "|", color=_COLOURS["alone"], markersize=10, label="removed alone")
    axes.set_yticks(list(rows), [_tick(step) for step in shown], fontsize=8)
    axes.set_ylim(max(len(shown), 1) - 0.4, -0.6)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlim(0, max([1, *(step.patients for step in shown)]))
    axes.set_xlabel("patients")
    more = f" (first {_SHOWN} of {len(steps)} criteria)" if len(steps) > _SHOWN else ""
    axes.set_title(f"{shown[0].trial}{more}" if shown else "no criteria", fontsize=10)
    axes.legend(fontsize=8, loc="lower right")
    save(figure, path)


def _tick(step: AttritionStep) -> str:
    words = step.text.replace("$", r"\$")
    return f"{step.criterion}  {words[:47] + '…' if len(words) > 48 else words}"
