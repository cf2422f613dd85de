import duckdb
import pytest

from critextract.engines.tables import write_table
from critextract.errors import OutputError
from critextract.exports.table import COLUMNS, to_rows
from sample_record import sample_record

PUBLISHED = [
    "trial", "criterion", "section", "label", "text", "start", "end", "negated", "modality",
    "period", "concept_system", "concept_code", "low", "low_closed", "high", "high_closed", "set",
    "text_value", "unit", "relative_to", "guard", "window_role", "window_low", "window_high",
    "window_unit", "window_direction", "reference_point", "status", "confidence",
]  # fmt: skip


def test_columns_are_the_published_ones():
    assert list(COLUMNS) == PUBLISHED


def test_one_row_a_mention_and_value():
    rows = list(to_rows(sample_record()))
    said = [(r["text"], r["high"], r["set"], r["guard"], r["window_high"]) for r in rows]
    assert said == [
        ("AST", "5", None, '{"rule": {"op": "is", "mention": "m2"}}', None),
        ("AST", "2.5", None, '{"otherwise": true}', None),
        ("liver metastases", None, None, None, None),
        ("stroke", None, None, None, "6; 6"),
        ("ECOG", None, '["0", "2"]', '{"sex": "male"}', None),
    ]
    assert all(list(row) == PUBLISHED for row in rows)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_written_table_reads_back(tmp_path, suffix):
    path = tmp_path / f"it's{suffix}"
    rows = list(to_rows(sample_record()))
    assert write_table(path, rows, COLUMNS) == len(rows)
    quoted = str(path).replace("'", "''")
    source = f"read_csv('{quoted}', all_varchar = true)" if suffix == ".csv" else f"'{quoted}'"
    found = duckdb.sql(f'SELECT trial, text, low, high, "set", "start"::INT FROM {source}')
    assert found.fetchall() == [
        tuple(row[name] for name in ("trial", "text", "low", "high", "set", "start"))
        for row in rows
    ]
    assert list(tmp_path.iterdir()) == [path]


def test_no_rows_make_a_table_with_columns(tmp_path):
    path = tmp_path / "out.csv"
    write_table(path, [], COLUMNS)
    assert path.read_text().strip().replace('"', "") == ",".join(PUBLISHED)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(OutputError, match="cannot write the table"):
        write_table(tmp_path / "no" / "out.csv", [], COLUMNS)
