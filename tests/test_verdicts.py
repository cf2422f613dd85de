"""From text to verdict on the hand table, and the table itself."""

from collections import Counter

import pytest

from verdict_cases import FIELDS, NOT_LISTED, TRUTHS, Outcome, counts, read_cases, run_cases

MIN_RIGHT = 0.97
MAX_CONFIDENT = 0
CASES = read_cases()
FLIPPED = {"true": "false", "false": "true", "unknown": "unknown"}


# --- the table ------------------------------------------------------------------------------


def test_ids_are_unique():
    assert len({c["id"] for c in CASES}) == len(CASES)
    assert {c["patient"]["id"] for c in CASES} == {"p" + c["id"][1:] for c in CASES}


@pytest.mark.parametrize("field", ["id", "topic", "text", "as_of", "patient", "holds", "why"])
def test_fields_are_there(field):
    assert [c["id"] for c in CASES if not c.get(field)] == []


def test_no_field_is_unknown_to_the_reader():
    assert {field for c in CASES for field in c} <= FIELDS


def test_truths():
    assert {c["holds"] for c in CASES} == set(TRUTHS)
    for case in CASES:
        assert case["passes"] in (case["holds"], FLIPPED[case["holds"]]), case["id"]


def test_every_topic_is_covered():
    assert min(Counter(c["topic"] for c in CASES).values()) >= 12
    assert sum(c["holds"] == "unknown" for c in CASES) >= 40


def test_one_truth_for_one_question():
    asked = Counter(str({**c, "id": "", "patient": {**c["patient"], "id": ""}}) for c in CASES)
    assert [question for question, times in asked.items() if times > 1] == []


# --- the comparer ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "found", "right", "confident"),
    [
        ("true", "true", True, False),
        ("unknown", "unknown", True, False),
        ("true", "unknown", False, False),
        ("true", "false", False, True),
        ("unknown", "false", False, True),
        ("unknown", NOT_LISTED, False, False),
    ],
)
def test_outcome(expected, found, right, confident):
    outcome = Outcome({"holds": expected, "passes": expected}, found, found)
    assert (outcome.right, outcome.confident) == (right, confident)


def test_a_wrong_section_is_confident():
    assert Outcome({"holds": "true", "passes": "false"}, "true", "true").confident


# --- from text to verdict -------------------------------------------------------------------


@pytest.fixture(scope="module")
def outcomes(extractor):
    return run_cases(extractor, CASES)


def test_share_right(outcomes):
    told = [o for o in outcomes if "silent" not in o.case]
    right, wrong, _ = counts(told)
    ids = " ".join(o.case["id"] for o in told if not o.right)
    assert right / (right + wrong) >= MIN_RIGHT, f"wrong: {ids}"


def test_none_wrong_and_confident(outcomes):
    ids = [o.case["id"] for o in outcomes if o.confident and "silent" not in o.case]
    assert len(ids) <= MAX_CONFIDENT, f"wrong and confident: {' '.join(ids)}"
