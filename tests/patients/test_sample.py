"""The synthetic population: the same for a seed, plausible, and the same in every form."""

import json
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest
from typer.testing import CliRunner

from critextract.cli import app
from critextract.errors import OutputError
from critextract.patients.model import Code, Patient
from critextract.patients.readers import is_known_unit, read_patients
from critextract.patients.sample import sample_patients, tables, write_sample
from critextract.patients.sample.person import share_at
from critextract.patients.sample.population import TODAY, event_order
from critextract.patients.sample.results import filtration_rate
from critextract.terms import lookup

COUNT = 400


@pytest.fixture(scope="module")
def population():
    return list(sample_patients(COUNT))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("population")
    list(write_sample(path, 40))
    return path


def values(patients, name, unit=None):
    """Return the numbers of a measurement, in one unit if that is given."""
    return [
        float(event.value)
        for patient in patients
        for event in patient.events
        if event.name == name and isinstance(event.value, Decimal) and unit in (None, event.unit)
    ]


def having(patients, condition):
    return [p for p in patients if any(e.name == condition for e in p.events)]


def mean(numbers):
    return sum(numbers) / len(numbers)


# --- the same for a seed ----------------------------------------------------------------------


def test_same_seed_same_patients_and_a_larger_sample_begins_with_the_smaller():
    assert list(sample_patients(5, seed=3)) == list(sample_patients(8, seed=3))[:5]
    assert list(sample_patients(5, seed=3)) != list(sample_patients(5, seed=4))


def test_same_bytes(tmp_path):
    for name in ("a", "b"):
        list(write_sample(tmp_path / name, 3, forms=("jsonl", "fhir")))
    files = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*.json*"))
    assert len(files) == 4
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


# --- the same in every form -------------------------------------------------------------------


def comparable(patient, *, in_cdm):
    """Return a patient without what a form cannot hold or adds.

    source : says where an event was read. In a CDM: ids of concepts, and events without a day.
    """
    events = []
    for event in patient.events:
        if in_cdm and event.start is None and event.end is None:
            continue
        codes = tuple(code for code in event.codes if code.system not in (None, "OMOP"))
        code = codes[0].code if codes else None
        events.append(replace(event, source=None, codes=codes, code=code))
    return replace(patient, events=tuple(sorted(events, key=event_order)))


@pytest.mark.parametrize("form", ["patients.jsonl", "fhir", "omop.duckdb"])
def test_reading_a_form_gives_the_patients_that_were_drawn(form, folder):
    in_cdm = form == "omop.duckdb"
    drawn = {p.id: comparable(p, in_cdm=in_cdm) for p in sample_patients(40)}
    items = list(read_patients(folder / form))
    assert [item for item in items if not isinstance(item, Patient)] == []
    assert {p.id: comparable(p, in_cdm=in_cdm) for p in items} == drawn


def test_what_a_cdm_leaves_out_is_counted(tmp_path):
    (done,) = write_sample(tmp_path, 150, forms=("omop",))
    lost = [
        event
        for patient in sample_patients(150)
        for event in patient.events
        if event.start is None and event.end is None
    ]
    assert done.left_out == len(lost) > 0


def test_every_condition_of_the_cdm_has_itself_as_ancestor(folder):
    with duckdb.connect(str(folder / "omop.duckdb"), read_only=True) as base:
        lost = base.execute(
            "SELECT count(*) FROM condition_occurrence WHERE condition_concept_id NOT IN"
            " (SELECT descendant_concept_id FROM concept_ancestor)"
        ).fetchone()
    assert lost == (0,)


def test_a_sample_is_never_written_over_another(folder):
    with pytest.raises(OutputError, match=r"patients\.jsonl: is there already"):
        list(write_sample(folder, 2))


# --- the command ------------------------------------------------------------------------------


def test_the_command(tmp_path):
    words = ["patients", "--sample", "3", "-o", str(tmp_path / "out"), "--as-of", "2020-01-01"]
    done = CliRunner().invoke(app, [*words, "--form", "jsonl"])
    assert done.exit_code == 0
    lines = (tmp_path / "out" / "patients.jsonl").read_text(encoding="utf-8").splitlines()
    starts = [e["start"] for line in lines for e in json.loads(line)["events"] if e["start"]]
    assert len(lines) == 3
    assert max(starts) < "2020-01-01"
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["patients.jsonl"]


def test_the_command_without_a_number(tmp_path):
    done = CliRunner().invoke(app, ["patients", "-o", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert not (tmp_path / "out").exists()


# --- plausible --------------------------------------------------------------------------------


def test_days_are_consistent(population):
    for patient in population:
        for event in patient.events:
            end = event.end_last or event.end
            assert event.start is None or event.start < TODAY
            assert end is None or end < TODAY
            assert event.start is None or end is None or event.start <= end
            if patient.birth_date and event.start:
                assert event.start >= patient.birth_date


def test_what_follows_from_a_condition_comes_after_it(population):
    reasons = defaultdict(set)
    for row in (*tables.drug_rows(), *tables.procedure_rows()):
        reasons[row.name].add(row.reason)
    for patient in population:
        began = {e.name: e.start for e in patient.events if e.domain == "condition"}
        undated = any(start is None for start in began.values())
        for event in patient.events:
            if event.domain not in ("drug", "procedure") or undated or "-" in reasons[event.name]:
                continue
            causes = [
                start
                for name, start in began.items()
                if any(name.endswith(reason) for reason in reasons[event.name])
            ]
            if reasons[event.name] == {"contraception"}:
                assert patient.sex in ("female", None)
            else:
                assert min(causes) <= event.start, event.name


def test_results_go_with_conditions(population):
    diabetic = having(population, "type 2 diabetes mellitus")
    kidney = having(population, "chronic kidney disease")
    heart = having(population, "heart failure")
    assert mean(values(diabetic, "hemoglobin A1c")) > 6.5
    rest = [p for p in population if p not in diabetic and p not in kidney]
    assert mean(values(rest, "hemoglobin A1c")) < 5.9
    rates = "glomerular filtration rate"
    assert mean(values(kidney, rates)) < mean(values(rest, rates)) - 15
    ejection = "left ventricular ejection fraction"
    sound = [p for p in population if p not in heart]
    assert mean(values(heart, ejection)) < mean(values(sound, ejection)) - 8


def test_results_are_what_a_laboratory_prints(population):
    for patient in population:
        for event in patient.events:
            if isinstance(event.value, Decimal):
                assert event.value >= 0, event
                assert is_known_unit(event.unit), event
            if event.ref_low is not None and event.ref_high is not None:
                assert event.ref_low < event.ref_high, event
            if event.domain == "measurement":
                assert event.value is not None
                assert event.start is not None


def test_body_mass_index_follows_from_weight_and_height(population):
    seen = 0
    for patient in population:
        by_day = defaultdict(dict)
        for event in patient.events:
            by_day[event.start][event.name] = event.value
        for found in by_day.values():
            if "body mass index" in found:
                height = float(found["body height"]) / 100
                index = float(found["body weight"]) / height**2
                assert index == pytest.approx(float(found["body mass index"]), rel=0.03)
                seen += 1
    assert seen > 200


def test_only_women_who_can_be_are_pregnant(population):
    pregnant = having(population, "pregnancy")
    assert pregnant
    for patient in pregnant:
        assert patient.sex in ("female", None)
        if patient.birth_date:
            assert timedelta(days=15 * 365) < TODAY - patient.birth_date < timedelta(days=51 * 366)
    for patient in having(population, "benign prostatic hyperplasia"):
        assert patient.sex in ("male", None)


def test_data_are_missing_as_in_records(population):
    events = [event for patient in population for event in patient.events]
    assert any(p.sex is None for p in population)
    assert any(p.birth_last is not None for p in population)
    assert any(e.start is None and e.end is None for e in events), "since a day not recorded"
    assert any(e.start is None and e.end_last for e in events), "over since a day not recorded"
    assert any(e.domain == "drug" and e.end is None for e in events), "still taken"
    assert any(e.comparator == "<" for e in events), "below the limit of detection"
    assert any(e.name == "creatinine" and e.unit == "umol/L" for e in events), "units of the SI"
    ranges = [e for e in events if e.name == "creatinine"]
    assert 0 < sum(e.ref_high is None for e in ranges) < len(ranges) / 2


@pytest.mark.parametrize("name", [
    "hypertension", "type 2 diabetes mellitus", "hepatitis B surface antigen", "HIV antibody",
    "hepatitis C virus antibody", "pregnancy test", "platelet count", "absolute neutrophil count",
    "hemoglobin", "total bilirubin", "alanine aminotransferase", "creatinine", "hemoglobin A1c",
    "left ventricular ejection fraction", "ECOG performance status", "NYHA class", "QTc interval",
    "systolic blood pressure", "body mass index", "smoking", "hospitalization", "metformin",
    "chemotherapy", "international normalized ratio",
])  # fmt: skip
def test_what_criteria_ask_often_is_there(name, population):
    assert having(population, name)


def test_some_cancers_have_a_stage(population):
    names = {e.name for p in population for e in p.events if e.name.startswith("stage ")}
    assert any(name.startswith("stage IV ") for name in names)


@pytest.mark.parametrize(("creatinine", "age", "female", "rate"), [
    (1.0, 50, False, 92), (1.0, 50, True, 69), (0.6, 30, True, 124), (2.5, 70, False, 27),
])  # fmt: skip
def test_filtration_rate(creatinine, age, female, rate):
    """CKD-EPI 2021, worked by hand from its formula."""
    assert round(filtration_rate(creatinine, age, female=female)) == rate


@pytest.mark.parametrize(("age", "percent"), [(10, 1.5), (20, 3), (30, 9), (60, 45), (95, 65)])
def test_shares_between_the_ages_of_the_table(age, percent):
    row = next(row for row in tables.condition_rows() if row.name == "hypertension")
    assert share_at(row, age) == pytest.approx(percent)


# --- the tables -------------------------------------------------------------------------------


def test_tables_name_only_conditions_there_are():
    known = {row.name for row in tables.condition_rows()}
    asked = {cause for row in tables.condition_rows() for cause, _ in row.raised_by}
    asked |= {row.reason for row in (*tables.drug_rows(), *tables.procedure_rows())}
    asked |= {row.condition for row in tables.word_rows()}
    panels = tables.settings()["panels"]
    asked |= {name for panel in panels.values() for name in panel.get("raised", {})}
    assert asked - known == {"-", "contraception"}
    assert {row.panel for row in tables.measurement_rows()} == set(panels)


def test_factors_that_move_results_are_moved_by_something():
    moved = {name for row in tables.condition_rows() for name, _ in row.moves} | {"smoke", "age"}
    rows = (*tables.measurement_rows(), *tables.score_rows())
    assert {name for row in rows for name, _ in row.moves} <= moved


@pytest.mark.parametrize("row", [*tables.measurement_rows(), *tables.score_rows()],
                         ids=lambda row: row.name)  # fmt: skip
def test_measurements_are_named_as_in_the_lexicons(row):
    found = lookup(row.name)
    assert found is not None, f"{row.name} is in no lexicon"
    assert row.loinc in ("", found.code), f"{row.name}: the lexicons say {found.code}"


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2030, 6, 30)])
def test_another_day(day):
    starts = [e.start for p in sample_patients(5, today=day) for e in p.events if e.start]
    assert day - timedelta(days=120) < max(starts) < day


def test_codes_are_read_back_as_the_form_of_json_lines_does():
    (patient,) = sample_patients(1)
    coded = next(event for event in patient.events if event.code)
    assert coded.codes[0] == Code(coded.code)
