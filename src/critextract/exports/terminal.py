"""Record to something a terminal shows: one trial in full, or a table of many.

Holds the text with its spans marked, each rule as indented English and the coverage. Left out:
offsets, codes, confidence. Pure: returns rich renderables and prints nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text

from critextract.exports.english import to_english
from critextract.indented import Indented
from critextract.schema import IN_DOUBT, Criterion, Label, Mention, Record, Status

LABEL_STYLES = {
    Label.CONDITION: "red", Label.DRUG: "blue", Label.PROCEDURE: "cyan",
    Label.MEASUREMENT: "green", Label.OBSERVATION: "yellow", Label.PERSON: "magenta",
    Label.DEVICE: "bright_cyan", Label.VISIT: "bright_blue",
}  # fmt: skip
STATUS_STYLES: dict[Status, str] = {
    "exact": "bold green",
    "partial": "bold yellow",
    "non_computable": "dim",
    "unparsed": "bold red",
}
UNCOVERED_STYLE = "underline"


def render_trial(record: Record, *, colour: bool = True) -> RenderableType:
    """Return one trial: every criterion with its marked text, its rule and its coverage.

    colour : False writes each label behind its span instead: ``[AST|MEASUREMENT]``.
    """
    parts: list[RenderableType] = [Line(Text(record.id, "bold"))]
    if colour:
        parts.append(_legend())
    if record.demographics:
        parts.append(Text(f"registry fields: {_demographics(record)}", "dim"))
    parts += [Text(f"problem: {problem}", "yellow") for problem in record.problems]
    section = ""
    for criterion in record.criteria:
        heading = f"{criterion.section}{f' · {criterion.group}' if criterion.group else ''}"
        if heading != section:
            section = heading
            parts += [Text(), Text(heading.upper(), "bold")]
        parts.append(Text())
        parts.append(Indented(_criterion(record, criterion, colour), _depth(criterion)))
    parts += [Text(), Text(coverage_line([record]))]
    return Group(*parts)


def render_table(records: Iterable[Record], *, colour: bool = True) -> RenderableType:
    """Return a table of many trials: a row a criterion, its text, its rule and its status."""
    kept = list(records)
    table = Table(show_lines=True, title_justify="left", header_style="bold")
    table.add_column("Trial", no_wrap=True)
    table.add_column("Criterion", no_wrap=True)
    table.add_column("Text", ratio=1)
    table.add_column("Rule", ratio=1)
    for record in kept:
        name = record.id
        for criterion in record.criteria:
            head = Text(f"{criterion.id}\n") + _status(criterion)
            text = marked_text(record, criterion, colour=colour)
            table.add_row(Text(name), head, text, Group(*_rule(record, criterion)))
            name = ""
        if not record.criteria:
            table.add_row(Text(name), Text("-"), Text("; ".join(record.problems)), Text())
    legend = [_legend()] if colour else []
    return Group(table, *legend, Text(coverage_line(kept)))


def coverage_line(records: Iterable[Record]) -> str:
    """Return "2 trials, 30 criteria: 20 exact, 6 partial, 2 non computable, 2 unparsed"."""
    kept = list(records)
    counts = Counter(criterion.status for record in kept for criterion in record.criteria)
    said = ", ".join(f"{counts[status]} {status.replace('_', ' ')}" for status in STATUS_STYLES)
    trials = f"{len(kept)} trial{'' if len(kept) == 1 else 's'}"
    return f"{trials}, {counts.total()} criteria: {said}"


def marked_text(record: Record, criterion: Criterion, *, colour: bool = True) -> Text:
    """Return the criterion's own text with its mentions marked and uncovered parts underlined."""
    mentions = [m for m in record.mentions if m.criterion == criterion.id]
    if not colour:
        return Text(_bracketed(record, criterion, mentions))
    text = Text(record.text[criterion.start : criterion.end])
    for mention in mentions:
        parts = mention.fragments or ((mention.start, mention.end),)
        _mark(text, criterion, parts, LABEL_STYLES[mention.label])
        _mark(text, criterion, [(found.start, found.end) for found in mention.values], "bold")
        _mark(text, criterion, [(found.start, found.end) for found in mention.windows], "bold")
    uncovered = [(part.start, part.end) for part in criterion.uncovered]
    _mark(text, criterion, uncovered, UNCOVERED_STYLE)
    return text


def _mark(text: Text, criterion: Criterion, spans: Iterable[tuple[int, int]], style: str) -> None:
    """Style the spans, in characters of the record, as far as they lie in the criterion.

    A window that a lead-in gives to its items lies before them; rich would read the negative
    offsets from the end of the text, and fail.
    """
    for start, end in spans:
        low, high = max(start, criterion.start), min(end, criterion.end)
        if low < high:
            text.stylize(style, low - criterion.start, high - criterion.start)


def _bracketed(record: Record, criterion: Criterion, mentions: list[Mention]) -> str:
    """Return the text with ``[AST|MEASUREMENT]`` around the outermost mentions."""
    parts: list[str] = []
    at = criterion.start
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if mention.start >= at and mention.end <= criterion.end:
            parts += [record.text[at : mention.start], f"[{mention.text}|{mention.label}]"]
            at = mention.end
    return "".join([*parts, record.text[at : criterion.end]])


def _criterion(record: Record, criterion: Criterion, colour: bool) -> RenderableType:
    head = Text(f"{criterion.id} ", "bold") + _status(criterion)
    rule = Indented(Group(*_rule(record, criterion)), 4)
    return Group(head, marked_text(record, criterion, colour=colour), rule)


def _rule(record: Record, criterion: Criterion) -> Iterator[RenderableType]:
    """Yield the lines of the rule, wrapped within their indentation, then what it does not hold."""
    for line in to_english(record, criterion).split("\n"):
        words = line.lstrip()
        yield Indented(Text(words), len(line) - len(words))
    for part in criterion.uncovered:
        words = " ".join(record.text[part.start : part.end].split())
        what = "in doubt" if part.reason == IN_DOUBT else "not in the rule"
        yield Text(f"{what}: “{words}” ({part.reason.replace('_', ' ')})", "yellow")


def _status(criterion: Criterion) -> Text:
    sure = "" if criterion.confidence is None else f" {criterion.confidence:.2f}"
    return Text(criterion.status.replace("_", " ") + sure, STATUS_STYLES[criterion.status])


def _depth(criterion: Criterion) -> int:
    return 2 * criterion.id.count(".")


def _legend() -> Text:
    return Text(" ").join(Text(label, style) for label, style in LABEL_STYLES.items())


def _demographics(record: Record) -> str:
    fields = record.demographics
    assert fields is not None
    said = [f"sex {fields.sex}"] if fields.sex else []
    for name, limit in (("from", fields.min_age), ("to", fields.max_age)):
        said += [f"{name} {limit.value} {limit.unit}"] if limit else []
    if fields.healthy_volunteers is not None:
        said.append(f"healthy volunteers {'yes' if fields.healthy_volunteers else 'no'}")
    return ", ".join(said)
