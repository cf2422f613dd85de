"""`critextract evaluate`, `compare` and `agreement`: records against hand annotations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from critextract.commands.common import console
from critextract.commands.outputs import check_outputs, counted, write_text
from critextract.commands.progress import bar, counting
from critextract.commands.sides import read_sides
from critextract.errors import InputError

if TYPE_CHECKING:
    from rich.table import Table

    from critextract.evaluation.agreement import Agreement
    from critextract.evaluation.compare import Comparison
    from critextract.evaluation.results import Evaluation, TaskResult
    from critextract.evaluation.sides import Side

FORMS = "records (.jsonl), a folder of them, or a brat folder"
Gold = Annotated[Path, typer.Option(help=f"Hand annotations: {FORMS}.")]
Json = Annotated[Path | None, typer.Option("--json", help="Every figure and error, to a .json.")]
Csv = Annotated[Path | None, typer.Option("--csv", help="The figures, to a .csv.")]
Tasks = Annotated[
    list[str] | None,
    typer.Option(
        "--task",
        help="A task (rules.own) or a family of them (mentions); may be repeated; without: all.",
    ),
]
Resamples = Annotated[
    int, typer.Option(min=0, help="Resamples of the documents, for intervals (bootstrap); 0: none.")
]
Seed = Annotated[int, typer.Option(help="Start of the random numbers.")]
SkipFaults = Annotated[
    bool, typer.Option("--skip-faults", help="Score without the annotations that have faults.")
]
MARKED = 0.05
"""Below this p a difference is marked in the table."""


def evaluate_command(
    gold: Gold,
    pred: Annotated[Path, typer.Option(help=f"Predictions: {FORMS}.")],
    json_out: Json = None,
    csv_out: Csv = None,
    report: Annotated[Path | None, typer.Option(help="A report for people, to an .html.")] = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(metavar="TASK=F1", help="Exit with 1 where F1 is below; may be repeated."),
    ] = None,
    task: Tasks = None,
    resamples: Resamples = 1000,
    seed: Seed = 20240601,
    skip_faults: SkipFaults = False,
) -> None:
    """Score predicted records against hand annotations.

    Exit code 1: documents without a usable prediction, or a figure below --fail-under; 2: faults in
    the annotations, all of them listed, or nothing could be scored.

    Example: critextract evaluate --gold annotations/gold/test.jsonl --pred out.jsonl --json f.json
    """
    asked = [_least(text) for text in fail_under or ()]
    check_outputs(json_out, csv_out, report, inputs=(gold, pred))
    if report:
        from critextract.exports.pictures import need_pictures

        need_pictures()
    golds, preds = read_sides([gold, pred], skip_faults=skip_faults)
    _check_asked(golds, task or (), asked)
    found = _evaluation(golds, preds, task or (), resamples, seed)
    console().print(_score_table(found.tasks))
    for line in _beside(found):
        console().print(line)
    _write_scores(found, json_out, csv_out)
    if report:
        _write_report(found, report, (gold, golds), (pred, preds))
    failed = [text for name, least in asked if (text := _below(found, name, least))]
    _tell((*found.problems, *failed))
    raise typer.Exit(1 if found.problems or failed else 0)


def _evaluation(
    golds: Side, preds: Side, tasks: Sequence[str], resamples: int, seed: int
) -> Evaluation:
    from critextract.evaluation.behaviour import boundary_behaviour
    from critextract.evaluation.sides import evaluate_sides

    with bar("scoring") as progress:
        return evaluate_sides(
            golds,
            preds,
            tasks=tasks,
            resamples=resamples,
            seed=seed,
            behave=boundary_behaviour(),
            progress=progress,
        )


def _write_scores(found: Evaluation, json_out: Path | None, csv_out: Path | None) -> None:
    from critextract.evaluation.tables import COLUMNS, evaluation_dict, score_rows, to_csv

    if json_out:
        write_text(json_out, _dumped(evaluation_dict(found)))
    if csv_out:
        write_text(csv_out, to_csv(COLUMNS, score_rows(found.tasks)))


def compare_command(
    a: Annotated[Path, typer.Argument(metavar="A", help=f"One system: {FORMS}.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Another, on the same documents.")],
    gold: Gold,
    json_out: Json = None,
    csv_out: Csv = None,
    task: Tasks = None,
    rounds: Annotated[
        int, typer.Option(min=100, help="Rounds of the test of significance.")
    ] = 10000,
    resamples: Resamples = 1000,
    seed: Seed = 20240601,
    skip_faults: SkipFaults = False,
) -> None:
    """Compare two systems on the same gold: significance, and what each gets that the other misses.

    Example: critextract compare old.jsonl new.jsonl --gold annotations/gold/dev.jsonl
    """
    from critextract.evaluation.compare import compare
    from critextract.evaluation.sides import evaluate_sides
    from critextract.evaluation.tables import (
        DIFFERENCE_COLUMNS,
        comparison_dict,
        difference_rows,
        to_csv,
    )

    check_outputs(json_out, csv_out, inputs=(gold, a, b))
    golds, one, two = read_sides([gold, a, b], skip_faults=skip_faults)
    evaluations = [
        evaluate_sides(golds, side, tasks=task or (), resamples=resamples, seed=seed)
        for side in counting((one, two), "of 2 scored")
    ]
    found = compare(*evaluations, rounds=rounds, seed=seed)
    for table in _difference_tables(found):
        console().print(table)
    if json_out:
        write_text(json_out, _dumped(comparison_dict(found)))
    if csv_out:
        write_text(csv_out, to_csv(DIFFERENCE_COLUMNS, difference_rows(found)))
    _tell(found.problems)
    raise typer.Exit(1 if found.problems else 0)


def agreement_command(
    a: Annotated[Path, typer.Argument(metavar="A", help=f"One annotator: {FORMS}.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Another annotator, or a system.")],
    json_out: Json = None,
    csv_out: Csv = None,
    task: Tasks = None,
    resamples: Resamples = 1000,
    seed: Seed = 20240601,
    skip_faults: SkipFaults = False,
) -> None:
    """Say how far two annotators agree: pairwise F1, Cohen's kappa, Krippendorff's alpha.

    Only documents that both have, with the same text, take part; the others are named.

    Example: critextract agreement first.jsonl second.jsonl
    """
    from critextract.evaluation.sides import agreement_of_sides
    from critextract.evaluation.tables import COLUMNS, agreement_dict, score_rows, to_csv

    check_outputs(json_out, csv_out, inputs=(a, b))
    one, two = read_sides([a, b], skip_faults=skip_faults)
    found = agreement_of_sides(one, two, tasks=task or (), resamples=resamples, seed=seed)
    if not found.documents:
        raise InputError(f"{a} and {b} have no document in common; {'; '.join(found.problems)}")
    for table in _agreement_tables(found):
        console().print(table)
    if json_out:
        write_text(json_out, _dumped(agreement_dict(found)))
    if csv_out:
        write_text(csv_out, to_csv(COLUMNS, score_rows(found.tasks)))
    _tell(found.problems)


# --- options ----------------------------------------------------------------------------------


def _least(text: str) -> tuple[str, float]:
    """Return task and F1 of ``TASK=F1``."""
    name, _, figure = text.partition("=")
    try:
        least = float(figure)
    except ValueError:
        least = -1.0
    if not name or not 0 <= least <= 1:
        raise InputError(f"--fail-under {text!r}: expected TASK=F1, F1 in 0..1: values.number=0.8")
    return name.strip(), least


def _check_asked(golds: Side, tasks: Sequence[str], asked: Iterable[tuple[str, float]]) -> None:
    """Refuse a figure to be reached of a task that is not scored, before anything is."""
    from critextract.evaluation.sides import chosen_tasks

    chosen = chosen_tasks(golds, tasks)
    for name, _ in asked:
        if name not in chosen:
            raise InputError(f"--fail-under {name}: not scored; tasks are {', '.join(chosen)}")


def _below(found: Evaluation, name: str, least: float) -> str | None:
    f1 = found.task(name).micro.f1
    if f1 is None:
        return f"{name}: F1 is undefined, --fail-under asks for {least}"
    return f"{name}: F1 {f1:.4f} is below {least}" if f1 < least else None


def _write_report(
    found: Evaluation, path: Path, gold: tuple[Path, Side], pred: tuple[Path, Side]
) -> None:
    from critextract import __version__
    from critextract.review.report import About, today, write_report

    about = About(str(gold[0]), str(pred[0]), f"critextract {__version__}", today())
    write_report(found, path, gold[1].records, pred[1].records, about)


def _dumped(body: Any) -> str:
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"


def _tell(problems: Iterable[str]) -> None:
    for problem in problems:
        typer.echo(f"critextract: {problem}", err=True)


# --- tables -----------------------------------------------------------------------------------


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _range(ci: tuple[float, float] | None) -> str:
    return "" if ci is None else f"{ci[0]:.3f}-{ci[1]:.3f}"


def _table(first: str, *columns: str) -> Table:
    """Return an empty table of names and figures that fits in 80 columns; names are never cut."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, collapse_padding=True)
    table.add_column(first, no_wrap=True)
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _score_table(tasks: Iterable[TaskResult], sides: tuple[str, str] = ("gold", "pred")) -> Table:
    table = _table("task", *sides, "P", "R", "F1", "95 %", "macro", "credit")
    for task in tasks:
        score = task.micro
        table.add_row(
            task.name,
            str(score.support),
            str(score.predicted),
            *map(_figure, (score.precision, score.recall, score.f1)),
            _range(score.f1_ci),
            _figure(task.macro.f1),
            "" if task.credit is None else _figure(task.credit),
        )
    return table


def _beside(found: Evaluation) -> Iterator[str]:
    """Yield the lines below the table: honesty, calibration, behaviour, what is not scored."""
    if (honesty := found.honesty) is not None:
        yield (
            f"of {honesty.called} rules called exact, {honesty.right} are: "
            f"{_figure(honesty.share)} {_range(honesty.share_ci)}".rstrip()
        )
    if (calibration := found.calibration) is not None:
        yield (
            f"confidence of {calibration.count} mentions: expected calibration error "
            f"{_figure(calibration.ece)}, Brier score {_figure(calibration.brier)}"
        )
    if (behaviour := found.behaviour) is not None:
        yield (
            f"verdicts on {behaviour.patients} boundary patients: {behaviour.same} the same "
            f"({_figure(behaviour.share)} {_range(behaviour.share_ci)}); "
            f"{behaviour.criteria_same} of {behaviour.criteria} criteria without a difference"
        )
    if found.not_annotated:
        yield f"not annotated in gold: {', '.join(found.not_annotated)}"


def _difference_tables(found: Comparison) -> Iterator[Table]:
    """Yield the differences, marked where they are more than chance, and what each side gets."""
    table = _table("task", "F1 A", "F1 B", "A - B", "95 %", "p")
    for one in found.tasks:
        sure = one.p is not None and one.p < MARKED
        table.add_row(
            one.name,
            _figure(one.a.f1),
            _figure(one.b.f1),
            "-" if one.difference is None else f"{one.difference:+.3f}",
            "" if one.difference_ci is None else "{:+.3f} {:+.3f}".format(*one.difference_ci),
            ("-" if one.p is None else f"{one.p:.4f}") + (" *" if sure else "  "),
        )
    yield table
    table = _table("right in gold", "both", "only A", "only B", "neither")
    for one in found.tasks:
        counts = (one.both, len(one.only_a), len(one.only_b), one.neither)
        if any(counts):
            table.add_row(one.name, *map(str, counts))
    if table.row_count:
        yield table


def _agreement_tables(found: Agreement) -> Iterator[Table]:
    yield _score_table(found.tasks, ("A", "B"))
    table = _table(f"on {counted(len(found.documents), 'document')}", "things", "the same", "kappa",
                   "alpha")  # fmt: skip
    for one in found.coefficients:
        figures = map(_figure, (one.observed, one.kappa, one.alpha))
        table.add_row(one.name, str(one.things), *figures)
    yield table
