"""The report of an evaluation for people: one HTML file that needs nothing else.

Tables are in the page as they are; the errors are data in it, which its script shows a page at a
time. Nothing is fetched. The same evaluation and the same `About` make the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from critextract.errors import writing
from critextract.evaluation.results import Evaluation
from critextract.review import report_tables as tables
from critextract.review.report_errors import error_data, script_json
from critextract.schema import Record

TEMPLATES = Path(__file__).parent / "templates"
STYLE, SCRIPTS = "report.css", ("report_page.js", "report_texts.js", "report_errors.js")


@dataclass(frozen=True, slots=True)
class About:
    """What the report says of itself.

    Parameters
    ----------
    gold, pred : what was compared, as its user names it.
    program : what wrote the report. date : the day, ``2024-06-01``; "" for none.
    """

    gold: str = "gold"
    pred: str = "prediction"
    program: str = ""
    date: str = ""


def today() -> str:
    """Return the day for `About.date`: that of ``SOURCE_DATE_EPOCH`` where it is set, else now."""
    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(told), UTC) if told.isdigit() else datetime.now(UTC)
    return moment.date().isoformat()


def write_report(
    evaluation: Evaluation,
    path: Path,
    gold: Sequence[Record] = (),
    pred: Sequence[Record] = (),
    about: About | None = None,
) -> None:
    """Write the report of an evaluation as one HTML file.

    Parameters
    ----------
    gold, pred : the records that were compared; the rules of errors are told in English, and what
        made the prediction is named, where they are given.

    Raises
    ------
    OutputError : matplotlib is not installed, or the file cannot be written.
    """
    page = report_html(evaluation, gold, pred, about or About())
    with writing(path):
        path.write_bytes(page.encode("utf-8", "replace"))


def report_html(
    evaluation: Evaluation, gold: Sequence[Record], pred: Sequence[Record], about: About
) -> str:
    """Return the report's page; parameters as of `write_report`."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    pages = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for shown in (tables.figure, tables.percent, tables.span, tables.percents):
        pages.filters[shown.__name__] = shown
    data = error_data(evaluation, gold, pred)
    return pages.get_template("report.html").render(
        about=about,
        evaluation=evaluation,
        made_by=made_by(pred),
        views=tables.task_views(evaluation),
        headlines=tables.headlines(evaluation),
        heat_map=tables.heat_map,
        honesty_link=tables.honesty_link(),
        errors=len(data["errors"]),
        data=Markup(script_json(data)),
        style=Markup(_read(STYLE)),
        script=Markup("\n".join(map(_read, SCRIPTS))),
        **_pictures(evaluation),
    )


def _read(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _pictures(evaluation: Evaluation) -> dict[str, Any]:
    from markupsafe import Markup

    from critextract.exports.score_pictures import forest_svg, reliability_svg

    lines, bins = tables.estimates(evaluation), tables.steps(evaluation)
    return {
        "forest": Markup(forest_svg(lines)) if lines else None,
        "reliability": Markup(reliability_svg(bins)) if bins else None,
    }


def made_by(records: Iterable[Record]) -> list[str]:
    """Return what made the records, each program, model and configuration once."""
    found = {
        f"{one.program}, model {one.model}, configuration {one.config[:12]}"
        for record in records
        if (one := record.made_by)
    }
    return sorted(found)
