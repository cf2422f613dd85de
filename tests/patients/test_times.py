"""Windows, periods, durations and ages of events, each on one event of a patient."""

import pytest

from small_rules import event, holds, mention, patient, record, window

T, F, U = "true", "false", "unknown"

SIX_MONTHS = window(high="6", unit="mo", direction="before")
FOUR_WEEKS_AGO = window(low="4", unit="wk", direction="before")
HISTORY = window(start=0, end=3)
DIALYSIS = ("PROCEDURE", "dialysis")
GOUT = ("CONDITION", "gout")
ASPIRIN = ("DRUG", "aspirin")


def gout(start, end=None, name="gout"):
    return event("condition", name, start, end)


def asked(kind, **rest):
    return record(mention("m1", *kind, **rest))


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (gout("2020-01-01"), T),
        (gout("2020-01-01", "2024-06-01"), T),
        (gout("2020-01-01", "2024-05-31"), F),
        (gout("2024-06-01"), T),
        (gout("2024-06-02"), F),
        (gout(None), T),
        (gout("2024-06"), U),
        (gout("2020", "2024"), U),
        (event("condition", "asthma", "2020-01-01"), F),
    ],
)
def test_without_words_of_time_a_condition_goes_on_on_the_day(recorded, expected):
    assert holds(asked(GOUT), patient(recorded)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [("2001-01-01", None, T), ("2024-06-01", None, T), ("2024-06-02", None, F), (None, None, T)],
)
def test_without_words_of_time_a_procedure_took_place_once(start, end, expected):
    assert holds(asked(DIALYSIS), patient(event("procedure", "dialysis", start, end))) == expected


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (gout("2001-01-01", "2001-02-01"), T),
        (gout("2001-01-01"), T),
        (gout(None), T),
        (gout("2024-06-01"), F),
        (gout("2024"), U),
    ],
)
def test_history_of(recorded, expected):
    assert holds(asked(GOUT, period="past", windows=(HISTORY,)), patient(recorded)) == expected


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (gout("2023-12-01", "2023-12-03"), T),
        (gout("2023-11-20", "2023-11-30"), F),
        (gout("2023-11-20", "2023-12-01"), T),
        (gout("2001-01-01"), T),  # it still goes on
        (gout(None), U),
        (gout("2023-12"), T),
        (gout("2023", "2023-12"), T),
        (gout("2023", "2023"), U),
        (gout("2024-06-02", "2024-06-03"), F),
    ],
)
def test_within_six_months_before(recorded, expected):
    assert holds(asked(GOUT, windows=(SIX_MONTHS,)), patient(recorded)) == expected


@pytest.mark.parametrize(
    ("name", "start", "end", "expected"),
    [
        ("myocardial infarction", "2024-01-01", None, T),
        ("myocardial infarction", "2022-01-01", None, U),  # no end, and yet it went by
        ("myocardial infarction", "2022-01-01", "2022-01-09", F),
    ],
)
def test_what_does_not_last_is_not_taken_to_go_on(name, start, end, expected):
    asks = asked(("CONDITION", "myocardial infarction"), windows=(SIX_MONTHS,))
    assert holds(asks, patient(gout(start, end, name))) == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [("2024-05-04", T), ("2024-05-05", F), ("2001-01-01", T), (None, U)],
)
def test_at_least_four_weeks_before(start, expected):
    asks = asked(DIALYSIS, windows=(FOUR_WEEKS_AGO,))
    assert holds(asks, patient(event("procedure", "dialysis", start))) == expected


def test_one_that_is_nearer_makes_far_enough_unknown():
    two = [event("procedure", "dialysis", day) for day in ("2024-01-01", "2024-05-30")]
    assert holds(asked(DIALYSIS, windows=(FOUR_WEEKS_AGO,)), patient(*two)) == U


def test_a_drug_is_far_enough_when_it_has_ended_long_enough_ago():
    asks = asked(ASPIRIN, windows=(FOUR_WEEKS_AGO,))
    assert holds(asks, patient(event("drug", "aspirin", "2024-01-01", "2024-03-01"))) == T
    assert holds(asks, patient(event("drug", "aspirin", "2024-01-01", "2024-05-30"))) == U
    assert holds(asks, patient(event("drug", "aspirin", "2024-05-20", "2024-05-30"))) == F


@pytest.mark.parametrize(
    ("dates", "start", "expected"),
    [
        ({}, "2023-12-01", T),
        ({"enrollment": "2024-06-15"}, "2023-12-14", F),
        ({"enrollment": "2024-06-15"}, "2023-12-15", T),
        ({"randomization": "2024-06-15"}, "2023-12-01", T),
    ],
)
def test_a_reference_point_has_its_own_date_or_the_day_of_screening(dates, start, expected):
    made = window(high="6", unit="mo", direction="before", reference_point="enrollment")
    asks = asked(DIALYSIS, windows=(made,))
    assert holds(asks, patient(event("procedure", "dialysis", start), dates=dates)) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2024-03-01", T), ("2024-03-15", T), ("2024-03-16", F), ("2024-02-29", F)],
)
def test_a_mention_is_a_reference_point(day, expected):
    made = window(high="2", unit="wk", direction="after", reference_point="m2")
    asks = record(mention("m1", *DIALYSIS, windows=(made,)), mention("m2", "PROCEDURE", "biopsy"))
    events = [event("procedure", "dialysis", day), event("procedure", "biopsy", "2024-03-01")]
    assert holds(asks, patient(*events)) == expected


def test_a_reference_point_without_a_day_is_unknown():
    made = window(high="2", unit="wk", direction="before", reference_point="surgery")
    asks = asked(DIALYSIS, windows=(made,))
    assert holds(asks, patient(event("procedure", "dialysis", "2024-05-30"))) == U
    assert holds(asks, patient()) == F


@pytest.mark.parametrize("unit", ["{half_life}", "{cycle}", "{visit}"])
def test_units_no_calendar_has_are_unknown(unit):
    asks = asked(ASPIRIN, windows=(window(high="5", unit=unit, direction="before"),))
    assert holds(asks, patient(event("drug", "aspirin", "2024-05-30", "2024-05-31"))) == U
    assert holds(asks, patient()) == F


@pytest.mark.parametrize(
    ("hours", "start", "expected"),
    [("72", "2024-05-29", T), ("72", "2024-05-28", F), ("12", "2024-06-01", U),
     ("12", "2024-05-31", U), ("12", "2024-05-30", F)],
)  # fmt: skip
def test_hours(hours, start, expected):
    asks = asked(DIALYSIS, windows=(window(high=hours, unit="h", direction="before"),))
    assert holds(asks, patient(event("procedure", "dialysis", start))) == expected


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (gout("2023-12-01"), T),
        (gout("2023-12-02"), F),
        (gout("2020-01-01", "2020-02-01"), F),
        (gout("2020-01-01", "2021-02-01"), U),  # it lasted as long, and is over
        (gout(None), U),
        (gout("2023"), U),
        (gout("2022"), T),
    ],
)
def test_for_at_least_six_months(recorded, expected):
    asks = asked(GOUT, windows=(window(low="6", unit="mo", role="duration"),))
    assert holds(asks, patient(recorded)) == expected


@pytest.mark.parametrize(
    ("start", "birth", "expected"),
    [("1988-02-29", "1970-03-01", T), ("1988-03-01", "1970-03-01", F), ("1988", "1970-03-01", U),
     (None, "1970-03-01", U), ("1980-01-01", None, U), ("1980-01-01", "1970", T)],
)  # fmt: skip
def test_age_at_the_event(start, birth, expected):
    made = window(high="18", unit="a", role="age", open_ends=("high",), direction="after")
    asks = asked(GOUT, windows=(made,))
    assert holds(asks, patient(gout(start), birth_date=birth)) == expected


def test_several_windows_must_all_hold_unless_one_is_enough():
    windows = (SIX_MONTHS, window(low="2", unit="mo", role="duration"))
    recent = patient(gout("2024-05-20"))
    assert holds(asked(GOUT, windows=windows), recent) == F
    assert holds(asked(GOUT, windows=windows, windows_op="any"), recent) == T


@pytest.mark.parametrize(
    ("text", "made", "start", "expected"),
    [
        ("at screening", window(0, 12, direction="during", reference_point="screening"),
         "2024-01-01", T),
        ("recent gout", window(direction="before", start=0, end=6), "2024-01-01", U),
        ("after randomization", window(direction="after", reference_point="randomization"),
         "2024-01-01", U),
        ("during the study", window(direction="during", reference_point="study", start=0, end=16),
         "2024-07-01", U),
        ("before enrolment", window(direction="before", reference_point="enrollment"),
         "2024-01-01", T),
    ],
)  # fmt: skip
def test_times_without_numbers(text, made, start, expected):
    made = window(**{"direction": made.direction, "reference_point": made.reference_point,
                     "start": 0, "end": len(text)})  # fmt: skip
    asks = record(mention("m1", *GOUT, windows=(made,)), text=text + " and gout of any kind")
    assert holds(asks, patient(gout(start))) == expected


@pytest.mark.parametrize(
    "rest",
    [{"modality": "planned"}, {"modality": "uncertain"}, {"modality": "hypothetical"},
     {"period": "future"}, {"experiencer": "family"}, {"experiencer": "other"}],
)  # fmt: skip
def test_what_no_record_holds_is_unknown(rest):
    assert holds(asked(GOUT, **rest), patient(gout("2020-01-01"))) == U
    assert holds(asked(GOUT, **rest), patient()) == U


def test_diagnosed_within_asks_when_it_began():
    text = "gout diagnosed within 6 months"
    made = window(high="6", unit="mo", start=15, end=30)
    asks = record(mention("m1", *GOUT, windows=(made,)), text=text)
    assert holds(asks, patient(gout("2001-01-01"))) == F
    assert holds(asks, patient(gout("2024-01-01"))) == T
