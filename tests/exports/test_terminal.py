import pytest
from rich.console import Console

from critextract.exports.terminal import coverage_line, marked_text, render_table, render_trial
from critextract.rules import Is
from critextract.schema import Criterion, Label, Mention, Record, Window
from sample_record import sample_record


def shown(renderable, width=120, **options):
    console = Console(width=width, record=True, **options)
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


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_window_of_the_lead_in_does_not_colour_its_items(width):
    text = "Any of these within 6 months before randomization: stroke, angina"
    window = Window(text.index("within"), text.index(":"))
    start, end = text.index("stroke"), text.index(",")
    mention = Mention("m1", "E1.1", Label.CONDITION, start, end, "stroke", windows=(window,))
    item = Criterion("E1.1", "exclusion", None, start, end, "stroke", None, Is("m1"), "exact")
    record = Record("r", text, criteria=(item,), mentions=(mention,))
    assert [(span.start, span.end) for span in marked_text(record, item).spans] == [(0, 6)]
    assert "exact" in shown(render_table([record]), width, force_terminal=True)


def test_coverage_of_nothing():
    assert coverage_line([]).startswith("0 trials, 0 criteria: 0 exact")
