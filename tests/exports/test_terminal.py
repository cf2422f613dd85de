from rich.console import Console

from critextract.exports.terminal import coverage_line, marked_text, render_table, render_trial
from critextract.schema import Record
from sample_record import sample_record


def shown(renderable, **options):
    console = Console(width=120, record=True, **options)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


def test_a_trial_shows_text_rule_and_coverage():
    said = shown(render_trial(sample_record(), colour=False))
    for part in (
        "NCT00000001",
        "registry fields: sex all, from 18 a, healthy volunteers no",
        "problem: odd encoding",
        "[AST|MEASUREMENT] <= 5 x ULN if [liver metastases|CONDITION]",
        "not stroke, ≤ 6 months before screening",
        "not in the rule: “readable handwriting” (not understood)",
        "1 trial, 3 criteria: 2 exact, 1 partial, 0 non computable, 0 unparsed",
    ):
        assert part in said


def test_markup_like_text_is_shown_as_it_stands():
    text = "Age [/bold] 18 [red]"
    record = Record("[x]", text, problems=("[y]",))
    assert "[x]" in shown(render_trial(record))
    assert "[y]" in shown(render_table([record]))


def test_colours_mark_the_characters_of_mentions():
    record = sample_record()
    text = marked_text(record, record.criteria[1])
    marked = {text.plain[span.start : span.end]: span.style for span in text.spans}
    assert marked["stroke"] == "red"
    assert marked["within 6 months"] == "bold"


def test_coverage_of_nothing():
    assert coverage_line([]).startswith("0 trials, 0 criteria: 0 exact")
