"""`critextract evaluate`, `compare` and `agreement`: records against hand annotations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from critextract.commands.common import console, write_text
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
Json = Annotated[Path | None, typer.Option("--json", help="Write every figure and error as JSON.")]
Csv = Annotated[Path | None, typer.Option("--csv", help="Write the figures as csv.")]
Tasks = Annotated[
    list[str] | None,
    typer.Option("--task", help="A task or family (mentions, rules.own); repeat; all without."),
]
Resamples = Annotated[
    int, typer.Option(min=0, help="Of the bootstrap over documents; 0: no intervals.")
]
Seed = Annotated[int, typer.Option(help="Of what is drawn at random.")]
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
    report: Annotated[Path | None, typer.Option(help="Write a report for people, HTML.")] = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(metavar="TASK=F1", help="Exit 1 where F1 is below; repeat for more tasks."),
    ] = None,
    task: Tasks = None,
    resamples: Resamples = 1000,
    seed: Seed = 20240601,
    skip_faults: SkipFaults = False,
) -> None:
    """Score predicted records against hand annotations.

    Exit code 1: documents without a usable prediction, or a figure below --fail-under; 2: faults in
    the annotations, all of them listed.

    Example: critextract evaluate --gold annotations/gold/test.jsonl --pred out.jsonl --json f.json
    """
    asked = [_least(text) for text in fail_under or ()]
    if report:
        from critextract.review.report import need_pictures

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

    with _progress("scoring") as progress:
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
    rounds: Annotated[int, typer.Option(min=100, help="Of approximate randomisation.")] = 10000,
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

    golds, one, two = read_sides([gold, a, b], skip_faults=skip_faults)
    evaluations = [
        evaluate_sides(golds, side, tasks=task or (), resamples=resamples, seed=seed)
        for side in (one, two)
    ]
    found = compare(*evaluations, rounds=rounds, seed=seed)
    console().print(_difference_table(found))
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


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on standard error where that is a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    err = Console(stderr=True)
    if not err.is_terminal:
        yield None
        return
    with Progress(console=err, transient=True) as bar:
        job = bar.add_task(what)
        yield lambda done, total: bar.update(job, completed=done, total=total)


# --- tables -----------------------------------------------------------------------------------


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _range(ci: tuple[float, float] | None) -> str:
    return "" if ci is None else f"{ci[0]:.3f}-{ci[1]:.3f}"


def _score_table(tasks: Iterable[TaskResult], sides: tuple[str, str] = ("gold", "pred")) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("task")
    for name in (*sides, "P", "R", "F1", "95 %", "macro F1", "credit"):
        table.add_column(name, justify="right")
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
        yield f"not annotated or not asked for: {', '.join(found.not_annotated)}"


def _difference_table(found: Comparison) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("task")
    for name in ("F1 A", "F1 B", "A - B", "95 %", "p", "both", "only A", "only B", "neither"):
        table.add_column(name, justify="right")
    for one in found.tasks:
        sure = one.p is not None and one.p < MARKED
        held = one.both or one.neither or one.only_a or one.only_b
        table.add_row(
            one.name,
            _figure(one.a.f1),
            _figure(one.b.f1),
            "-" if one.difference is None else f"{one.difference:+.3f}",
            "" if one.difference_ci is None else "{:+.3f} {:+.3f}".format(*one.difference_ci),
            ("-" if one.p is None else f"{one.p:.4f}") + (" *" if sure else "  "),
            *(
                str(n) if held else ""
                for n in (one.both, len(one.only_a), len(one.only_b), one.neither)
            ),
        )
    return table


def _agreement_tables(found: Agreement) -> Iterator[Table]:
    from rich.table import Table

    yield _score_table(found.tasks, ("rows A", "rows B"))
    table = Table(box=None, pad_edge=False)
    table.add_column(f"on {len(found.documents)} documents")
    for name in ("things", "the same", "kappa", "alpha"):
        table.add_column(name, justify="right")
    for one in found.coefficients:
        table.add_row(
            one.name, str(one.things), *map(_figure, (one.observed, one.kappa, one.alpha))
        )
    yield table
