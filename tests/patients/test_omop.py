"""OMOP CDM 5.4: each table as the events it makes, in DuckDB, csv, parquet and PostgreSQL alike."""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
import tracemalloc
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from critextract.errors import InputError, OutputError
from critextract.patients.matching import Matcher
from critextract.patients.model import Event, Fault, Patient, day_text
from critextract.patients.omop import concept_hierarchy, narrower_concepts, read_omop, write_omop
from critextract.patients.omop.database import _address
from critextract.schema import Label, Mention

CONCEPTS = [
    (8507, "MALE", "Gender", "M"),
    (8532, "FEMALE", "Gender", "F"),
    (1, "Asthma (disorder)", "SNOMED", "195967001"),
    (2, "Asthma", "ICD10CM", "J45.909"),
    (3, "metformin hydrochloride 500 MG Oral Tablet", "RxNorm", "861007"),
    (4, "Hemoglobin [Mass/volume] in Blood", "LOINC", "718-7"),
    (5, "gram per deciliter", "UCUM", "g/dL"),
    (6, "HIV 1+2 Ab [Presence] in Serum", "LOINC", "7918-6"),
    (7, "Not detected", "SNOMED", "260415000"),
    (8, "Appendectomy", "SNOMED", "80146002"),
    (9, "Tobacco smoking status", "LOINC", "72166-2"),
    (10, "Former smoker", "SNOMED", "8517006"),
    (11, "Lung disease", "SNOMED", "19829001"),
    (12, "Stroke", "SNOMED", "230690007"),
    (13, "Preliminary diagnosis", "Condition Status", "OMOP1"),
    (14, "Family history of diabetes", "SNOMED", "160303001"),
    (9201, "Inpatient Visit", "Visit", "IP"),
    (1340204, "History of event", "SNOMED", ""),
    (4171756, "<", "SNOMED", "276136004"),
]
PERSON = ("person_id", "gender_concept_id", "year_of_birth", "month_of_birth", "day_of_birth")
CONDITION = (
    "condition_occurrence_id", "person_id", "condition_concept_id", "condition_start_date",
    "condition_end_date", "condition_source_concept_id", "condition_source_value",
    "condition_status_concept_id",
)  # fmt: skip
DRUG = (
    "drug_exposure_id", "person_id", "drug_concept_id", "drug_exposure_start_date",
    "drug_exposure_end_date", "drug_source_value",
)  # fmt: skip
ERA = ("drug_era_id", "person_id", "drug_concept_id", "drug_era_start_date", "drug_era_end_date")
PROCEDURE = (
    "procedure_occurrence_id", "person_id", "procedure_concept_id", "procedure_date",
    "procedure_end_date",
)  # fmt: skip
MEASUREMENT = (
    "measurement_id", "person_id", "measurement_concept_id", "measurement_date",
    "operator_concept_id", "value_as_number", "value_as_concept_id", "unit_concept_id",
    "range_low", "range_high", "unit_source_value", "value_source_value",
    "measurement_source_value",
)  # fmt: skip
OBSERVATION = (
    "observation_id", "person_id", "observation_concept_id", "observation_date",
    "value_as_number", "value_as_string", "value_as_concept_id",
)  # fmt: skip
VISIT = (
    "visit_occurrence_id", "person_id", "visit_concept_id", "visit_start_date", "visit_end_date",
)  # fmt: skip

BASE = {
    "person": (PERSON, [(1, 8507, 1970, 3, 1), (2, 8532, 1980, 5, None), (3, 0, 1990, None, None)]),
    "concept": (("concept_id", "concept_name", "vocabulary_id", "concept_code"), CONCEPTS),
    "concept_ancestor": (
        ("ancestor_concept_id", "descendant_concept_id", "min_levels_of_separation"),
        [(11, 1, 2), (1, 1, 0), (11, 12, 3)],
    ),
    "condition_occurrence": (
        CONDITION,
        [
            (1, 1, 1, "2020-02-03", None, 2, "J45.909", None),
            (2, 1, 1, "2020-02-03", "2020-03-04", None, None, None),
            (3, 1, 0, "2020-02-05", None, 0, "local disease", None),
            (4, 1, 1, "2020-02-06", None, None, None, 13),
            (5, 1, 14, "2020-02-07", None, None, None, None),
        ],
    ),
    "drug_exposure": (
        DRUG,
        [
            (1, 1, 3, "2021-01-02", "2021-02-01", None),
            (2, 1, 3, "2021-03-02", "2099-12-31", None),
        ],
    ),
    "drug_era": (ERA, [(1, 2, 3, "2021-01-02", "2021-02-01")]),
    "procedure_occurrence": (
        PROCEDURE,
        [(1, 2, 8, "2010-06-07", None), (2, 2, 8, "2011-06-07", "2011-06-09")],
    ),
    "measurement": (
        MEASUREMENT,
        [
            (1, 1, 4, "2024-05-01", 4171756, 7.5, None, 5, 12, 16.5, None, None, None),
            (2, 1, 4, "2024-05-02", None, 13, None, 0, None, None, "g/dl", None, None),
            (3, 1, 6, "2024-05-03", None, None, 7, None, None, None, None, None, None),
            (4, 1, 6, "2024-05-04", None, None, None, None, None, None, None, "POS", None),
            (5, 1, 4, "2024-05-05", None, None, None, None, None, None, None, None, None),
        ],
    ),
    "observation": (
        OBSERVATION,
        [
            (1, 2, 9, "2022-01-01", None, None, 10),
            (2, 2, 1340204, "2022-01-02", None, None, 12),
        ],
    ),
    "visit_occurrence": (VISIT, [(1, 2, 9201, "2023-01-01", "2023-01-05")]),
}

EXPECTED = {
    "1": [
        "condition | Asthma | 2020-02-03 .. ",
        "condition | Asthma | 2020-02-03 .. 2020-03-04",
        "condition | local disease | 2020-02-05 .. ",
        "condition | suspected Asthma | 2020-02-06 .. ",
        "observation | Family history of diabetes | 2020-02-07 .. ",
        "drug | metformin | 2021-01-02 .. 2021-02-01",
        "drug | metformin | 2021-03-02 .. ",
        "measurement | Hemoglobin [Mass/volume] in Blood | <7.5 g/dL | (12 to 16.5) "
        "| 2024-05-01 .. ",
        "measurement | Hemoglobin [Mass/volume] in Blood | 13 g/dL | 2024-05-02 .. ",
        "measurement | HIV 1+2 Ab [Presence] in Serum | negative | 2024-05-03 .. ",
        "measurement | HIV 1+2 Ab [Presence] in Serum | positive | 2024-05-04 .. ",
        "measurement | Hemoglobin [Mass/volume] in Blood | 2024-05-05 .. ",
    ],
    "2": [
        "drug | metformin | 2021-01-02 .. 2021-02-01",
        "procedure | Appendectomy | 2010-06-07 .. 2010-06-07",
        "procedure | Appendectomy | 2011-06-07 .. 2011-06-09",
        "observation | smoking | ? .. 1980-05-01/2022-01-01",
        "condition | Stroke | ? .. 1980-05-01/2022-01-02",
        "observation | hospitalization | 2023-01-01 .. 2023-01-05",
    ],
    "3": [],
}


def said(event):
    """Return an event in one line: domain, name, value, limits, days."""
    parts = [event.domain, event.name]
    if event.value is not None:
        unit = f" {event.unit}" if event.unit else ""
        parts.append(f"{event.comparator or ''}{event.value}{unit}")
    if event.ref_low is not None or event.ref_high is not None:
        parts.append(f"({event.ref_low} to {event.ref_high})")
    start, end = day_text(event.start, event.start_last), day_text(event.end, event.end_last)
    return " | ".join([*parts, f"{start or '?'} .. {end or ''}"])


def column_type(name):
    if name.endswith("_date"):
        return "DATE"
    if name in ("value_as_number", "range_low", "range_high"):
        return "DOUBLE PRECISION"
    text = ("_name", "_code", "_value", "_string", "vocabulary_id")
    return "VARCHAR" if name.endswith(text) else "INTEGER"


def fill(execute, tables, schema=None, mark="?"):
    """Create and fill tables through a function that runs SQL."""
    for table, (columns, rows) in tables.items():
        name = f"{schema}.{table}" if schema else table
        execute(f"CREATE TABLE {name} ({', '.join(f'{c} {column_type(c)}' for c in columns)})", ())
        for row in rows:
            marks = ", ".join([mark] * len(columns))
            execute(f"INSERT INTO {name} VALUES ({marks})", row)


def to_duckdb(folder, tables):
    path = folder / "cdm.duckdb"
    with duckdb.connect(str(path)) as base:
        fill(base.execute, tables)
    return path


def to_csv(folder, tables, delimiter=","):
    for table, (columns, rows) in tables.items():
        with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerows([columns, *rows])
    return folder


def to_parquet(folder, tables):
    with duckdb.connect() as base:
        fill(base.execute, tables)
        for table in tables:
            base.execute(f"COPY {table} TO '{folder / table}.parquet' (FORMAT parquet)")
    return folder


def read(source, **options):
    items = list(read_omop(source, **options))
    patients = {item.id: item for item in items if isinstance(item, Patient)}
    return patients, [item.message for item in items if isinstance(item, Fault)]


@pytest.mark.parametrize("make", [
    to_duckdb, to_csv, to_parquet,
    pytest.param(lambda folder, tables: to_csv(folder, tables, "\t"), id="tabs"),
])  # fmt: skip
def test_every_form_gives_the_same_events(make, tmp_path):
    patients, faults = read(make(tmp_path, BASE))
    assert faults == []
    assert {name: [said(e) for e in patient.events] for name, patient in patients.items()} == (
        EXPECTED
    )


def test_persons_with_what_is_known_of_their_birth(tmp_path):
    patients, _ = read(to_duckdb(tmp_path, BASE))
    told = {p.id: (p.sex, day_text(p.birth_date, p.birth_last)) for p in patients.values()}
    assert told == {"1": ("male", "1970-03-01"), "2": ("female", "1980-05"), "3": (None, "1990")}


def test_codes_are_those_of_concept_and_source(tmp_path):
    patients, _ = read(to_duckdb(tmp_path, BASE))
    event = patients["1"].events[0]
    assert event.code == "195967001"
    assert {tuple(code) for code in event.codes} == {
        ("195967001", None),
        ("195967001", "SNOMED CT"),
        ("J45.909", "ICD-10-CM"),
        ("1", "OMOP"),
    }


@pytest.mark.parametrize(("table", "rows", "fault"), [
    pytest.param("measurement", [(1, 1, 4, "2024-13-01", *[None] * 9)],
                 "person 1: measurement 1: start: date '2024-13-01' is in no calendar",
                 id="impossible-day"),
    pytest.param("measurement", [(1, 1, 4, "2024-01-01", None, "high", *[None] * 7)],
                 "value_as_number is 'high', expected a number", id="no-number"),
    pytest.param("measurement", [(1, 1, 0, "2024-01-01", *[None] * 9)],
                 "no concept and no source value", id="no-name"),
    pytest.param("measurement", [(1, 7, 4, "2024-01-01", *[None] * 9),
                                 (2, 7, 4, "2024-01-01", *[None] * 9)],
                 "2 rows of person_id 7, the first measurement 1, expected a person",
                 id="nobodys-rows"),
    pytest.param("person", [("x", 0, 1970, 1, 1), (1, 0, 1970, 1, 1)],
                 "person without person_id", id="no-person-id"),
    pytest.param("person", [(1, 0, 1970, 1, 1), (1, 0, 1971, 1, 1)],
                 "person 1 is in the table twice", id="twice"),
    pytest.param("person", [(1, 0, 1970, 1, 1), (5, 0, 1970, 2, 30)],
                 "person 5: birth: date '1970-02-30' is in no calendar", id="impossible-birth"),
    pytest.param("condition_occurrence",
                 [(1, 1, 1, "2020-02-03", "2019-01-01", None, None, None)],
                 "ends 2019-01-01 before it starts 2020-02-03", id="ends-before-it-starts"),
])  # fmt: skip
def test_a_fault_costs_no_other_row(table, rows, fault, tmp_path):
    tables = {"person": (PERSON, [(1, 8507, 1970, 3, 1)]), "concept": BASE["concept"]}
    tables["procedure_occurrence"] = (PROCEDURE, [(1, 1, 8, "2010-06-07", None)])
    tables[table] = (BASE[table][0], rows)
    patients, faults = read(to_csv(tmp_path, tables))
    assert [event.name for event in patients["1"].events] == ["Appendectomy"]
    assert len(faults) == 1
    assert fault in faults[0]
    assert "\n" not in faults[0]


def test_columns_and_tables_that_are_not_there(tmp_path):
    """A CDM with the fewest columns is read; what says nothing is not asked."""
    few = {
        "person": (PERSON[:3], [(1, 8507, 1970)]),
        "concept": BASE["concept"],
        "measurement": (MEASUREMENT[:4], [(1, 1, 4, "2024-05-01")]),
    }
    patients, faults = read(to_duckdb(tmp_path, few))
    assert faults == []
    assert patients["1"].events[0].value is None


@pytest.mark.parametrize(("tables", "message"), [
    ({"person": BASE["person"]}, "no table concept"),
    ({"concept": BASE["concept"]}, "no table person"),
    ({"person": BASE["person"], "concept": BASE["concept"]}, "no table of facts"),
    ({"person": (("id",), [(1,)]), "concept": BASE["concept"]}, "no table of facts"),
])  # fmt: skip
def test_what_is_no_cdm(tables, message, tmp_path):
    with pytest.raises(InputError, match=message):
        read(to_duckdb(tmp_path, tables))


def test_no_database(tmp_path):
    with pytest.raises(InputError, match="no such file or folder"):
        read(tmp_path / "none.duckdb")
    (tmp_path / "text.duckdb").write_text("this is no database " * 40)
    with pytest.raises(InputError, match="no DuckDB database"):
        read(tmp_path / "text.duckdb")


def test_a_schema_is_found_or_named(tmp_path):
    path = tmp_path / "cdm.duckdb"
    with duckdb.connect(str(path)) as base:
        for schema in ("one", "two"):
            base.execute(f"CREATE SCHEMA {schema}")
            fill(base.execute, BASE, schema)
    with pytest.raises(InputError, match="person is in the schemas one, two"):
        read(path)
    assert len(read(path, schema="two")[0]) == 3


def test_narrower_concepts_of_what_patients_have(tmp_path):
    """Stroke is only a value in these tables, so its pair is not asked for."""
    assert list(narrower_concepts(to_duckdb(tmp_path, BASE))) == [("Asthma", "Lung disease")]


def test_a_matcher_meets_by_the_hierarchy_of_a_cdm(tmp_path):
    path = to_duckdb(tmp_path, BASE)
    hierarchy = concept_hierarchy(path)
    assert hierarchy.parents == {"1": ("11",)}
    assert hierarchy.codes == {"SNOMED|195967001": "1", "SNOMED|19829001": "11"}
    asked = Mention("m1", "I1", Label.CONDITION, 0, 12, "lung disease")
    asthma = read(path)[0]["1"].events[0]
    assert Matcher(hierarchy).meets(asked, asthma).by == "vocabulary"
    assert Matcher().meets(replace(asked, text="bone disease"), asthma) is None


def test_narrower_concepts_without_the_table(tmp_path):
    tables = {name: rows for name, rows in BASE.items() if name != "concept_ancestor"}
    with pytest.raises(InputError, match="no table concept_ancestor"):
        list(narrower_concepts(to_duckdb(tmp_path, tables)))


def test_memory_does_not_grow_with_the_patients(tmp_path):
    """The peak of Python's memory is that of a few batches, not of the tables."""
    peaks = []
    for count in (2_500, 6_000):
        folder = tmp_path / str(count)
        folder.mkdir()
        path = folder / "cdm.duckdb"
        with duckdb.connect(str(path)) as base:
            fill(base.execute, {**BASE, "person": (PERSON, []), "measurement": (MEASUREMENT, [])})
            base.execute(
                f"INSERT INTO person SELECT range, 8507, 1970, 1, 1 FROM range(10, {count})"
            )
            base.execute(
                "INSERT INTO measurement (measurement_id, person_id, measurement_concept_id,"
                f" measurement_date, value_as_number) SELECT range, range, 4, '2024-01-01', 1"
                f" FROM range(10, {count})"
            )
        tracemalloc.start()
        assert sum(isinstance(item, Patient) for item in read_omop(path)) == count - 10
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


# --- PostgreSQL -------------------------------------------------------------------------------


def runner():
    """Return what runs a program as a user that is not root; None: there is nobody."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    return [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"] if setpriv else None


@pytest.fixture(scope="module")
def postgres():
    """Yield the address of a private server on a socket, started for these tests."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    if not shutil.which("initdb") or not shutil.which("pg_ctl"):
        pytest.skip("no programs of a PostgreSQL server: initdb, pg_ctl")
    run_as = runner()
    if run_as is None:
        pytest.skip("a PostgreSQL server does not run as root, and there is no setpriv")
    home = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path has about 100 characters
    home.chmod(0o777)

    def run(*words):
        return subprocess.run([*run_as, *words], capture_output=True, text=True, check=False)

    data = str(home / "data")
    made = run("initdb", "-D", data, "-A", "trust", "-U", "tester", "--no-sync", "-E", "UTF8")
    options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off"
    begun = run("pg_ctl", "-D", data, "-o", options, "-w", "-l", str(home / "log"), "start")
    if begun.returncode != 0:
        shutil.rmtree(home, ignore_errors=True)
        pytest.skip(f"the PostgreSQL server did not start: {made.stderr[-200:]}{begun.stderr}")
    try:
        yield f"postgresql://tester@/postgres?host={home}"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def cdm(postgres):
    import psycopg

    with psycopg.connect(postgres) as connection:
        connection.execute("CREATE SCHEMA cdm")
        fill(connection.execute, BASE, "cdm", "%s")
    return postgres


def test_postgresql_gives_the_same_events(cdm):
    for address in (cdm, f"{cdm}&schema=cdm"):
        patients, faults = read(address)
        assert faults == []
        assert {n: [said(e) for e in p.events] for n, p in patients.items()} == EXPECTED
    assert list(narrower_concepts(cdm)) == [("Asthma", "Lung disease")]


def test_postgresql_faults(cdm):
    with pytest.raises(InputError, match="no table person in schema 'other'"):
        read(f"{cdm}&schema=other")
    with pytest.raises(InputError, match="no connection"):
        read("postgresql://tester@/postgres?host=/nowhere")


def test_a_password_is_never_shown():
    address, schema, label = _address(
        "postgresql://ann:secret@db.example.org:5432/cdm?schema=s&password=secret&sslmode=require"
    )
    assert "secret" not in label
    assert "schema" not in address
    assert schema == "s"
    assert address.startswith("postgresql://ann:secret@db.example.org:5432/cdm?")


def test_without_the_library_its_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(InputError, match=r"pip install 'critextract\[omop\]'"):
        read("postgresql://nobody@localhost/none")


# --- written ----------------------------------------------------------------------------------


def test_what_the_cdm_cannot_hold_is_counted(tmp_path):
    undated = Patient("1", events=(Event("condition", "gout"), Event("drug", "aspirin")))
    done = write_omop([undated], tmp_path / "cdm.duckdb")
    assert (done.patients, done.events, done.left_out) == (1, 0, 2)
    with pytest.raises(OutputError, match="is there already"):
        write_omop([undated], tmp_path / "cdm.duckdb")
