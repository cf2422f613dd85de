"""csv, tsv and parquet."""

import duckdb
import pytest
from test_io_documents import read, write

from critextract.io.documents import Limits

LONG = 'Inclusion:\r\n- Age > 18, "adult"\n- Na ≥ 130'


@pytest.mark.parametrize(
    ("name", "data", "options"),
    [
        pytest.param("x.csv", "nct_id,criteria\n{id},{text}\n", {}, id="sniffed"),
        pytest.param(
            "x.csv", "NCT Number,x,Eligibility Criteria\r\n{id},1,{text}\r\n", {}, id="spaces"
        ),
        pytest.param(
            "x.csv", "a,b\n{id},{text}\n", {"id_column": "a", "text_column": "b"}, id="named"
        ),
        pytest.param("x.csv", "id;text\n{id};{text}\n", {}, id="semicolon"),
        pytest.param("x.tsv", "id\ttext\n{id}\t{text}\n", {}, id="tabs"),
        pytest.param("x.csv", "\ufeffid,text\n{id},{text}", {}, id="bom-and-no-last-line-end"),
    ],
)
def test_csv_forms(tmp_path, name, data, options):
    quoted = '"' + LONG.replace('"', '""') + '"'
    docs, skips = read(write(tmp_path / name, data.format(id="T1", text=quoted)), **options)
    assert skips == []
    assert [(d.id, d.text, d.problems) for d in docs] == [("T1", LONG, ())]


def test_csv_in_another_encoding(tmp_path):
    data = "id,text\na,Adults\nb,5 µg – “x”\n".encode("cp1252")
    docs, _ = read(write(tmp_path / "x.csv", data))
    assert [(d.text, d.problems) for d in docs] == [
        ("Adults", ()),
        ("5 µg – “x”", ("not UTF-8: read as cp1252",)),
    ]
    docs, _ = read(write(tmp_path / "y.csv", "id,text\nb,≥ 5\n".encode("utf-16")))
    assert docs[0].text == "≥ 5"


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        pytest.param(
            "a,b\n1,2\n", {}, "found columns a, b, expected one with the criteria", id="none"
        ),
        pytest.param(
            "id,text\n1,2\n",
            {"text_column": "body"},
            "found columns id, text, 'body' is not",
            id="absent",
        ),
        pytest.param(
            "id,text\n1,2\n", {"id_column": "key"}, "a wrong --id-column?", id="absent-id"
        ),
        pytest.param(
            "text,text\n1,2\n", {"text_column": "text"}, "is twice among them", id="twice"
        ),
        pytest.param("", {}, "found no header line", id="empty"),
    ],
)
def test_csv_without_the_column_lists_the_columns(tmp_path, data, options, message):
    write(tmp_path / "x.csv", data)
    write(tmp_path / "y.txt", "Adults.")
    docs, skips = read(tmp_path, **options)
    assert [d.id for d in docs] == ["y"]
    assert message in skips[0].message


def test_bad_rows_cost_only_themselves(tmp_path):
    data = 'id,text\na,A\nb,one, two\n\nc,"x"y\nd,D\n,E\ne,"never closed\nf,F\n'
    docs, skips = read(write(tmp_path / "x.csv", data))
    assert [(d.id, d.text) for d in docs] == [("a", "A"), ("d", "D"), ("x:5", "E")]
    assert docs[2].problems == ("no id: named after its file and row",)
    assert [s.message.split("x.csv: ")[1].split(":")[0] for s in skips] == [
        "row 2 from line 3",
        "row 3 from line 5",
        "row 6 from line 8",
    ]
    assert "found 3 fields, expected 2" in skips[0].message
    assert "quotation mark" in skips[2].message


def test_csv_line_over_the_limit(tmp_path):
    data = "id,text\na,A\nb," + "x" * 5000 + "\n"
    docs, skips = read(write(tmp_path / "x.csv", data), limits=Limits(record_bytes=1000))
    assert [d.id for d in docs] == ["a"]
    assert "record_bytes" in skips[0].message


def parquet(path, columns):
    duckdb.sql(f"COPY (SELECT {columns}) TO '{path}' (FORMAT parquet)").close() if False else (
        duckdb.connect().execute(f"COPY ({columns}) TO '{path}' (FORMAT parquet)")
    )
    return path


def test_parquet(tmp_path):
    path = parquet(
        tmp_path / "x[1].parquet",
        "SELECT * FROM (VALUES (7, 'b' || chr(13) || chr(10) || '≥'), (5, NULL)) t(id, criteria)",
    )
    docs, skips = read(path)
    assert skips == []
    assert [(d.id, d.text, d.problems) for d in docs] == [
        ("7", "b\r\n≥", ()),
        ("5", "", ("no eligibility text",)),
    ]


def test_parquet_without_the_column_and_truncated(tmp_path):
    path = parquet(tmp_path / "x.parquet", 'SELECT 1 AS a, \'x\' AS "b""c"')
    assert 'found columns a, b"c' in read(path)[1][0].message
    assert [d.text for d in read(path, text_column='b"c')[0]] == ["x"]
    assert "the text is a int" in read(path, text_column="a")[1][0].message
    write(path, path.read_bytes()[:50])
    assert "not a parquet table" in read(path)[1][0].message
