"""Which mention a time expression belongs to: tables of marked sentences."""

import re

import pytest

from critextract.components.attach import clauses
from critextract.components.drafts import Candidate
from critextract.components.pairing import is_prefix, numbered, pair_features, scene, time_features
from critextract.components.temporal import find_times
from critextract.components.time_joins import joined_windows
from critextract.components.weights import load_weights, probability
from critextract.components.windows import assign_times, point_to
from critextract.errors import ModelError
from critextract.schema import Label
from marked import MarkedReader

LABELS = {"": "CONDITION", "w": "PERSON", "d": "DRUG", "p": "PROCEDURE", "m": "MEASUREMENT"}


def parse(marked):
    """Return the text and its candidates: ``[stroke]`` a condition, ``d[aspirin]`` a drug."""
    text, found = "", []
    for part in re.split(r"([dpmw]?\[[^\]]+\])", marked):
        match = re.fullmatch(r"([dpmw]?)\[([^\]]+)\]", part)
        name = match[2] if match else part
        if match:
            label = Label(LABELS[match[1]])
            found.append(Candidate(label, len(text), len(text) + len(name), "model"))
        text += name
    return text, found


def assigned(marked):
    text, candidates = parse(marked)
    times = point_to(text, candidates, find_times(text))
    view = scene(text, candidates, times, [])
    return text, candidates, *assign_times(view, times, clauses(text))


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[stroke] within 6 months before screening", ["stroke"]),
        ("[stroke], [TIA] or [angina] within 6 months", ["stroke", "TIA", "angina"]),
        ("History of [seizures]", ["seizures"]),
        ("History of [seizures] or [stroke]", ["seizures", "stroke"]),
        ("No prior d[heparin] or p[dialysis]", ["heparin", "dialysis"]),
        ("Ongoing d[heparin], [heart failure]", ["heparin"]),
        ("History of [anaemia], such as [thalassaemia]", ["anaemia", "thalassaemia"]),
        ("[stroke] ([CVA]) or [angina] within 6 months", ["stroke", "CVA", "angina"]),
        ("> 6 weeks after [stroke], > 90 days after p[bypass]", ["stroke", "bypass"]),
        ("[stroke], or less than 6 weeks since [angina] ended", ["angina"]),
        ("[stroke] currently or within 6 weeks", ["stroke"]),
        ("[pregnant], < 6 months [post-partum], [nursing]", ["post-partum"]),
        ("Within 6 months: [stroke], [angina]", ["stroke", "angina"]),
        ("p[surgery] (p[biopsy], p[resection]) within 4 weeks", ["surgery", "biopsy", "resection"]),
        (
            "d[steroids], including d[prednisone] or d[cortisone], within 4 weeks",
            ["steroids", "prednisone", "cortisone"],
        ),
        (
            "p[phototherapy] (e.g. p[PUVA]) or d[steroids] (d[prednisone]) within 4 weeks",
            ["phototherapy", "PUVA", "steroids", "prednisone"],
        ),
        (
            "Current d[drugs] that slow the [bowel motility] (e.g. d[opioids], d[atropine])",
            ["drugs", "opioids", "atropine"],
        ),
        ("p[surgery] within 4 weeks (p[biopsy], p[resection])", ["surgery", "biopsy", "resection"]),
        ("[heart disease], including [angina] within 6 months", ["angina"]),
        ("[stroke] ([bleeding] within 2 months) or [angina]", ["bleeding"]),
        ("[septic] or planning to move within 6 weeks", []),
        ("[pregnant] or planning to become [pregnant] within 6 weeks", ["pregnant"]),
        (
            "d[drugs], including but not limited to d[rituximab], in the last month",
            ["drugs", "rituximab"],
        ),
        ("Within 8 years of diagnosis with no [stricture]", []),
        ("Within 8 years of [diagnosis] with no [stricture]", ["diagnosis"]),
        ("Within 6 months of diagnosis, [stroke]", ["stroke"]),
        ("p[surgery] < 5 years ago (p[banding] does not count)", ["surgery"]),
        (
            "History of: [failure], [angina] under d[drugs], [infarction] on p[ECG], bad [asthma]",
            ["failure", "angina", "infarction", "asthma"],
        ),
        ("Within 6 months: [stroke]; [asthma]", ["stroke"]),
        (
            "Any of the following [events] within 6 months: [stroke], bad [MI] or p[PCI]; [asthma]",
            ["events", "stroke", "MI", "PCI"],
        ),
        ("Cardiac [events] within 6 months: [stroke]", ["events"]),
        ("[cancer] other than [melanoma] or [lymphoma] within 5 years", ["cancer"]),
        ("[cancer] (except [melanoma] of the skin) in the last 5 years", ["cancer"]),
        ("[cancer] except [melanoma] and [lymphoma] within 5 years", ["melanoma", "lymphoma"]),
        ("[bleeding] (except [melaena]) or [embolism] within 5 years", ["bleeding", "embolism"]),
        ("[cancer] except [melanoma] more than 5 years ago", ["melanoma"]),
        ("[stroke], [birth] within 90 days, or [nursing]", ["birth"]),
        ("[stroke], [MI] within 90 days, if severe [angina]", ["stroke", "MI"]),
        ("[impairment] ([failure], [MI] within 90 days, or bad [arrhythmia])", ["MI"]),
        ("[stroke], [TIA] or [MI] within 90 days, or [angina]", ["stroke", "TIA", "MI"]),
        ("d[heparin], p[PCI] within 90 days, p[CABG] within 7 days", ["heparin", "PCI", "CABG"]),
        ("Current [angina] (i.e. no [pain at rest])", ["angina"]),
        ("> 2 weeks since d[opioids] (6 weeks since d[methadone])", ["opioids", "methadone"]),
        ("[cancer] (p[surgery] is over) within 5 years", ["cancer"]),
        ("p[surgery] (for [infection]) within 4 weeks", ["surgery"]),
        ("p[surgery], other than p[biopsy], within 4 weeks", ["surgery"]),
        ("d[aspirin] within 7 days; [stroke]", ["aspirin"]),
        ("[stroke] or [stroke] within 6 months", ["stroke"]),
        ("History of [allergy] to or [intolerance] of d[aspirin]", ["allergy", "intolerance"]),
        ("m[Test] for women of [childbearing potential] at screening", ["Test"]),
        ("p[Study] concurrently or use of a d[drug] within 6 weeks", ["Study", "drug"]),
        ("m[IOP] > 20 and h/o [glaucoma]", ["glaucoma"]),
        ("[Pain] at exercise: recent (< 6 weeks) [stroke]", ["stroke"]),
        ("Any medical history, [asthma] or [gout]", []),
        ("m[Test] needed prior the study", ["Test"]),
        ("[myeloma] with less than 6 weeks of prior p[therapy]", ["therapy"]),
        ("[myeloma] for at least 6 weeks before p[therapy]", ["myeloma"]),
        ("w[Men] or w[women], w[aged] over 50, at screening", ["aged"]),
        ("w[Women] with recent (within 2 years) history of [stroke]", ["stroke"]),
        ("w[Female] (at birth)", ["Female"]),
        ("w[Men] undergoing an examination", []),
        ("Intends to have w[children] within 2 years", ["children"]),
        ("p[surgery] (any p[surgery] in p[anaesthesia]) in a month", ["surgery", "surgery"]),
        ("[stroke], [asthma] or [strokes] treated within 6 months", ["asthma", "strokes"]),
        ("[pregnancy] or [pregnant] in the last 6 months", ["pregnant"]),
        ("d[prednisone] use or m[ESI] within 6 months", ["ESI"]),
        ("d[prednisone] or m[ACTH] within 6 months", ["prednisone", "ACTH"]),
        (
            "Heart [disease] within 6 months, including [MI] or [stroke]",
            ["disease", "MI", "stroke"],
        ),
        ("[asthma]; within 7 days", []),
        ("[heart failure] (m[NYHA] II) for 3 months", ["heart failure"]),
        ("[relapse] after p[resection]", ["relapse"]),
        ("after p[resection]", []),
        ("before the patient sleeps, [pain]", []),
    ],
)
def test_assign_times(marked, expected):
    _, candidates, owned, _, _ = assigned(marked)
    text = parse(marked)[0]
    assert [text[candidates[n].start : candidates[n].end] for n in sorted(owned)] == expected


def test_a_run_shares_the_period_of_history():
    _, _, _, periods, _ = assigned("History of [seizures] or [stroke]")
    assert periods == {0: "past", 1: "past"}


def test_a_time_without_a_mention_is_left_over():
    text, _, owned, _, loose = assigned("Within 6 months before screening, any of:")
    assert owned == {}
    assert [text[t.window.start : t.window.end].lower() for t in loose] == [
        "within 6 months before screening"
    ]


def test_the_window_runs_through_the_mention_it_points_to():
    text, _, owned, _, _ = assigned("[relapse] after p[resection]")
    (time,) = owned[0]
    assert text[time.window.start : time.window.end] == "after resection"
    assert (time.window.reference_point, time.window.direction) == ("1", "after")


def test_features_name_each_fact_once():
    text, candidates = parse("History of [stroke] (d[aspirin]) within 6 months, p[surgery]")
    times = find_times(text)
    view = scene(text, candidates, times, [])
    for time in times:
        for n in range(len(candidates)):
            features = list(pair_features(view, n, time))
            assert len(features) == len(set(features))
    history, window = times
    assert is_prefix(text, history)
    assert numbered(window)
    assert not numbered(history)
    assert "t history of" in set(time_features(view, history))
    assert "num-recencyL deeper" in set(pair_features(view, 1, window))


@pytest.mark.parametrize(
    ("marked", "point"),
    [
        ("p[surgery] within 4 weeks before d[chemotherapy]", "1"),
        ("p[surgery] within 4 weeks before the start of d[chemotherapy]", "1"),
        ("[stroke] within 4 weeks of a planned p[biopsy]", "1"),
        ("[relapse] within 4 weeks after completion of d[chemotherapy]", None),
        ("[stroke] within 4 weeks before, [angina]", None),
    ],
)
def test_what_a_window_counts_from(marked, point):
    text, candidates = parse(marked)
    (time,) = [t for t in point_to(text, candidates, find_times(text)) if numbered(t)]
    assert time.window.reference_point == point


def test_a_member_of_a_list_with_words_of_its_own():
    _, candidates, owned, periods, _ = assigned("History of [stroke] or concomitant [angina]")
    words = [[t.window.start for t in owned[n]] for n in range(len(candidates))]
    assert [len(starts) for starts in words] == [1, 1]
    assert periods == {0: "past", 1: "present"}


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Current [stroke] or [stroke] within 6 months", {0: "Current", 1: "within 6 months"}),
        ("Current d[aspirin] use or m[ESI] in a month", {0: "Current", 1: "in a month"}),
        ("History of [stroke] or [stroke]-like [pain]", {0: "History of", 1: "History of"}),
        (
            "Current [smoking] or p[cessation] in the past month",
            {0: "Current", 1: "in the past month"},
        ),
        ("Receiving d[aspirin] or d[heparin] in a month", {0: "in a month", 1: "in a month"}),
        ("Current [gout] or any m[test] in a month", {0: "Current", 1: "in a month"}),
    ],
)
def test_each_of_two_alternatives_has_its_own_time(marked, expected):
    text, _, owned, _, _ = assigned(marked)
    found = {n: [text[t.window.start : t.window.end] for t in times] for n, times in owned.items()}
    assert found == {n: [words] for n, words in expected.items()}


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Receiving any d[aspirin] or has received any d[aspirin]", ["present", "past"]),
        ("Received d[aspirin] or d[heparin]", ["past", "past"]),
    ],
)
def test_each_of_two_alternatives_has_its_own_period(marked, expected):
    _, _, _, periods, _ = assigned(marked)
    assert [periods[n] for n in sorted(periods)] == expected


def test_probability():
    weights = {"": -1.0, "a": 3.0}
    assert probability(weights, []) == pytest.approx(0.2689, abs=1e-4)
    assert probability(weights, ["a", "unknown"]) == pytest.approx(0.8808, abs=1e-4)
    assert probability({"": 1e6}, []) == pytest.approx(1.0)


def test_the_shipped_weights_are_small_and_finite():
    for part in ("attach", "keep"):
        weights = load_weights(part)
        assert 500 < len(weights) < 5000
        assert all(abs(weight) < 10 for weight in weights.values())


def test_a_part_that_is_not_there():
    with pytest.raises(ModelError, match="no attachment model"):
        load_weights("nothing")


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("m[haemoglobin] within 28 days and m[platelets] within 7 days", [28, 7]),
        ("d[heparin] for 48 hours in the past 7 days", [48, 7]),
    ],
)
def test_a_second_time_is_about_what_stands_between(marked, expected):
    _, candidates, owned, _, _ = assigned(marked)
    bounds = [
        t.window.high or t.window.low for n in range(len(candidates)) for t in owned.get(n, [])
    ]
    assert bounds == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[deep thrombosis] ([DT]) or [stroke] within 3 months", [0, 1, 2]),
        ("[stroke] or [deep thrombosis] ([DT]) within 3 months", [0, 1, 2]),
        ("d[steroids] (m[dose], d[cortisone]) within 3 months", [0]),
    ],
)
def test_a_short_form_stands_where_its_long_form_does(marked, expected):
    _, _, owned, _, _ = assigned(marked)
    assert sorted(owned) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("At least 4 weeks after p[surgery]", ("before", None)),
        ("[stroke] at least 4 weeks after surgery", ("after", "surgery")),
        ("Within 72 hours of p[admission]", (None, None)),
        ("For at least 2 months of p[treatment]", (None, None)),
    ],
)
def test_a_time_after_its_own_event_is_counted_from_now(marked, expected):
    _, _, owned, _, _ = assigned(marked)
    (time,) = owned[0]
    assert (time.window.direction, time.window.reference_point) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Less than 6 months since prior adjuvant d[chemotherapy]", {"chemotherapy": "before"}),
        ("< 5 years since diagnosis of [gout]", {"gout": "before"}),
        ("Under 4 weeks have elapsed since the last dose of d[heparin]", {"heparin": "before"}),
        (
            "< 4 weeks from p[biopsy] or < 2 weeks from p[PCI]",
            {"biopsy": "before", "PCI": "before"},
        ),
        ("[asthma] or less than 6 weeks since p[surgery]", {"surgery": "before"}),
        ("[fever] less than 3 days since onset of [rash]", {"fever": "after"}),
        ("[relapse] or [death] < 6 weeks since p[PCI]", {"relapse": "after", "death": "after"}),
        ("[asthma], < 6 weeks after p[surgery]", {"asthma": "after"}),
    ],
)
def test_less_than_a_time_since_it(marked, expected):
    text, candidates, owned, *_ = assigned(marked)
    found = {text[candidates[n].start : candidates[n].end]: t for n, t in owned.items()}
    directions = {
        name: next(time.window.direction for time in times if numbered(time))
        for name, times in found.items()
    }
    assert directions == expected


def test_the_time_since_an_event_is_counted_from_now():
    _, _, owned, _, _ = assigned("Less than 6 months since [infarction]")
    (time,) = owned[0]
    assert (time.window.direction, time.window.reference_point) == ("before", None)


def test_current_or_previous_began_before_today():
    _, _, _, periods, _ = assigned("Current or previous [cancer]")
    assert periods == {0: "past"}


@pytest.mark.parametrize(
    ("text", "own", "others", "expected"),
    [
        ("within 4 weeks or 5 half-lives of screening: aspirin", "aspirin", [], "any"),
        ("History of stroke or angina within 3 months", "stroke", ["angina"], "all"),
        ("History of drug or alcohol abuse within 3 months", "abuse", [], "all"),
        ("current smoker or past", "smoker", [], "any"),
    ],
)
def test_joined_windows(text, own, others, expected):
    windows = [time.window for time in find_times(text)]
    places = [(text.index(w), text.index(w) + len(w)) for w in (own, *others)]
    assert joined_windows(text, windows, places[0], places) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[ALT](MEASUREMENT) > 90 U/L or [stroke](CONDITION) within 6 months", ["stroke"]),
        ("[ALT](MEASUREMENT) > 90 U/L, [stroke](CONDITION) within 6 months", ["stroke"]),
        (
            "[BMI](MEASUREMENT) < 18 kg/m2 or [weight loss](CONDITION) > 10% within 2 months",
            ["weight loss"],
        ),
        (
            "[ALT](MEASUREMENT) > 90 U/L, or a history of [bleeding](CONDITION) within 9 days",
            ["bleeding"],
        ),
        (
            "[ALT](MEASUREMENT) > 90 U/L or [AST](MEASUREMENT) > 90 U/L within 6 days",
            ["ALT", "AST"],
        ),
        ("[gout](CONDITION) or [stroke](CONDITION) within 6 months", ["gout", "stroke"]),
    ],
)
def test_a_time_behind_a_bound_and_an_event(marked, expected):
    mentions = MarkedReader()(marked).mentions
    assert [m.text for m in mentions if any(w.unit for w in m.windows)] == expected


@pytest.mark.parametrize(
    ("marked", "period"),
    [
        ("Receiving [aspirin](DRUG) within 6 weeks before enrollment", None),
        ("Currently receiving [aspirin](DRUG) within 6 weeks before enrollment", "present"),
        ("Receiving [aspirin](DRUG) for 6 weeks before enrollment", "present"),
        ("Receiving [aspirin](DRUG) at least 6 weeks before enrollment", "present"),
        ("Receiving [aspirin](DRUG)", "present"),
        ("Received [aspirin](DRUG) within 6 weeks before enrollment", "past"),
    ],
)
def test_what_lies_before_a_point_need_not_go_on_now(marked, period):
    (mention,) = MarkedReader()(marked).mentions
    assert mention.period == period
