"""Figures and confidences of a model, counted by hand on made-up lines."""

import pytest
import spacy

from critextract.learn.calibrate import _error, calibration_error, confidence_table, figures
from critextract.learn.corpora import Example

WORDS = {"gout": "CONDITION", "iron": "DRUG", "weight": "MEASUREMENT"}


@pytest.fixture(scope="module")
def nlp():
    """A model that finds the words above, whatever they are."""
    made = spacy.blank("en")
    ruler = made.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": label, "pattern": word} for word, label in WORDS.items()])
    return made


LINES = [
    Example("gout", ((0, 4, "CONDITION"),)),
    Example("iron", ((0, 4, "CONDITION"),)),
    Example("weight", ((0, 6, "OBSERVATION"),)),
    Example("gout and iron", ((0, 4, "CONDITION"),), ((9, 13),)),
]


def test_figures_count_by_label_and_by_the_types_of_both_corpora(nlp):
    found = figures(nlp, LINES)
    assert found["CONDITION"]["precision"] == 1.0
    assert found["CONDITION"]["recall"] == 0.667
    assert found["DRUG"] == {"gold": 0, "precision": 0.0}
    assert found["MEASUREMENT"]["precision"] == 0.0
    assert found["ENTITIES"]["f1"] == 0.75  # a measurement is an observation there
    assert found["ALL"]["f1"] == 0.5


def test_intervals_hold_the_figure(nlp):
    for row in figures(nlp, LINES * 30).values():
        if "f1" in row:
            assert row["low"] <= row["f1"] <= row["high"]
    assert figures(nlp, LINES) == figures(nlp, LINES)


def test_spans_in_open_ranges_are_out_of_account(nlp):
    assert figures(nlp, LINES[3:])["ALL"]["precision"] == 1.0


def test_confidence_is_the_precision_of_the_label(nlp):
    table = confidence_table(nlp, LINES * 20)
    assert table["CONDITION"] == [1.0] * 4
    assert max(table["DRUG"]) == 0.01  # wrong, and where nobody says what it is; never nothing


def test_calibration_error(nlp):
    assert calibration_error(nlp, LINES[:1] * 40) == 0.0
    assert _error([(0.9, True), (0.9, False)], 10) == pytest.approx(0.4)
    assert _error([], 10) == 0
