"""Registry JSON, registry XML and JSON rows."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_io_documents import read, write

from critextract.io.demographics import age_limit, demographics
from critextract.io.documents import Limits
from critextract.schema import AgeLimit, Demographics


def study(number, text="Adults.", **fields):
    """Return an API v2 record."""
    return {
        "protocolSection": {
            "identificationModule": {"nctId": f"NCT{number:08}"},
            "eligibilityModule": {"eligibilityCriteria": text, **fields},
        },
        "hasResults": False,
    }


STUDIES = [study(n, f"Inclusion Criteria:\n\n* Age \\> {n} µg “x” {{[\\\\") for n in range(1, 6)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("a.json", json.dumps(STUDIES), id="list"),
        pytest.param("a.json", json.dumps(STUDIES, indent=2, ensure_ascii=False), id="pretty"),
        pytest.param("a.json", "\ufeff" + json.dumps(STUDIES), id="byte-order-mark"),
        pytest.param(
            "a.json",
            json.dumps({"totalCount": 5, "studies": STUDIES, "nextPageToken": "x"}),
            id="page",
        ),
        pytest.param("a.json", json.dumps({"next": {"a": 1}, "studies": STUDIES}), id="odd-page"),
        pytest.param("a.jsonl", "\n".join(map(json.dumps, STUDIES)), id="lines"),
        pytest.param("a.ndjson", "\r\n".join(map(json.dumps, STUDIES)) + "\r\n", id="crlf-lines"),
        pytest.param("a.json", json.dumps(STUDIES).encode("utf-16"), id="utf-16"),
    ],
)
def test_json_forms(tmp_path, name, data):
    docs, skips = read(write(tmp_path / name, data))
    assert skips == []
    assert [(d.id, d.text) for d in docs] == [
        (
            s["protocolSection"]["identificationModule"]["nctId"],
            s["protocolSection"]["eligibilityModule"]["eligibilityCriteria"],
        )
        for s in STUDIES
    ]


def test_single_record_with_its_fields(tmp_path):
    record = study(
        7, sex="FEMALE", minimumAge="6 Months", maximumAge="17 Years", healthyVolunteers=True
    )
    docs, _ = read(write(tmp_path / "x.json", json.dumps(record, indent=1)))
    assert docs[0].demographics == Demographics(
        "female", AgeLimit(Decimal(6), "mo"), AgeLimit(Decimal(17), "a"), healthy_volunteers=True
    )


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("page", [False, True])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_cut_list_gives_the_whole_studies_and_names_the_cut(tmp_path_factory, page, indent, data):
    whole = json.dumps({"studies": STUDIES} if page else STUDIES, indent=indent)
    closing = len(whole) - 2 if page else len(whole) - 1
    start = whole.index("[") + 1
    cut = data.draw(st.integers(start, closing - 1))
    path = write(tmp_path_factory.mktemp("cut") / "x.json", whole[:cut])
    docs, skips = read(path)
    ends, at = [], start
    for _ in STUDIES:
        at = whole.index("{", at)
        at = json.JSONDecoder().raw_decode(whole, at)[1]
        ends.append(at)
    assert len(docs) == sum(end <= cut for end in ends)
    assert len(skips) == 1
    assert "ends" in skips[0].message
    assert "at byte" in skips[0].message


def test_broken_study_in_the_middle_costs_only_itself(tmp_path):
    texts = [json.dumps(s) for s in STUDIES]
    texts[2] = texts[2].replace('"hasResults": false', '"hasResults": fa lse')
    byte = len(("[" + ", ".join(texts[:2]) + ", ").encode())
    docs, skips = read(write(tmp_path / "x.json", "[" + ", ".join(texts) + "]"))
    assert [d.id[-1] for d in docs] == ["1", "2", "4", "5"]
    assert f"record 3 at byte {byte}: not JSON at byte" in skips[0].message


def test_broken_line_costs_only_itself(tmp_path):
    lines = ['{"id": "a", "text": "A"}', '{"id": "b", "text": ', '{"id": "c", "text": "C"}']
    docs, skips = read(write(tmp_path / "x.jsonl", "\n".join(lines)))
    assert [d.id for d in docs] == ["a", "c"]
    assert "record 2 at byte 25" in skips[0].message


def test_bad_bytes_of_one_study_are_repaired_and_named(tmp_path):
    data = json.dumps([study(1, "Adults."), study(2, "5 °C")], ensure_ascii=False)
    docs, _ = read(write(tmp_path / "x.json", data.encode("latin-1")))
    assert [(d.text, d.problems) for d in docs] == [
        ("Adults.", ()),
        ("5 °C", ("not UTF-8: read as cp1252",)),
    ]


def test_escaped_lone_surrogate_and_nul(tmp_path):
    data = r'[{"id": "a", "text": "x\ud83dy"}, {"id": "b", "text": "x\u0000"}]'
    docs, skips = read(write(tmp_path / "x.json", data))
    assert [(d.id, d.text, d.problems) for d in docs] == [
        ("a", "x\ufffdy", ("1 lone surrogates are U+FFFD",))
    ]
    assert "NUL character at character 1 of the text of b" in skips[0].message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param('{"schema": "critextract/record/1", "text": ""}', "an output", id="record"),
        pytest.param('{"name": "x"}', "found fields name, expected", id="other-object"),
        pytest.param("[1, 2]", "found a int, expected", id="numbers"),
        pytest.param("[" * 100_000, "nested too deeply", id="deep"),
        pytest.param("no json", "not JSON at byte 0", id="text"),
        pytest.param('{"protocolSection": {"eligibilityModule": 3}}', "no objects", id="module"),
        pytest.param(
            '{"protocolSection": {"eligibilityModule": {"eligibilityCriteria": 3}}}',
            "eligibilityCriteria is a int",
            id="number-as-text",
        ),
        pytest.param('{"protocolSection": {"a": "' + "x" * 3_000_000, "record_bytes", id="limit"),
    ],
)
def test_json_that_is_no_record(tmp_path, data, message):
    docs, skips = read(write(tmp_path / "x.json", data), limits=Limits(record_bytes=2_000_000))
    assert docs == []
    assert message in skips[0].message


@pytest.mark.parametrize("name", ["x.json", "x.xml"])
@pytest.mark.parametrize("data", ["", " \n"])
def test_empty_registry_file_is_a_document_with_a_problem(tmp_path, name, data):
    docs, skips = read(write(tmp_path / name, data))
    assert [(d.id, d.text, d.problems) for d in docs] == [
        ("x", "", ("no eligibility text: the file is empty",))
    ]
    assert skips == []


@pytest.mark.parametrize("record", [study(1, None), study(1, ""), study(1, " \n"), {
    "protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}}])  # fmt: skip
def test_record_without_criteria(tmp_path, record):
    docs, _ = read(write(tmp_path / "x.json", json.dumps(record)))
    assert docs[0].id == "NCT00000001"
    assert docs[0].problems == ("no eligibility text",)


XML = """<?xml version="1.0" encoding="{encoding}"?>
<clinical_study><id_info><nct_id> NCT00000009 </nct_id></id_info>
<eligibility><criteria><textblock>
        Inclusion:&#xD;
          -  Na &gt; 130 – 5 µg <![CDATA[& <more>]]>
</textblock></criteria>
<gender>Male</gender><minimum_age>18 Years</minimum_age><maximum_age>N/A</maximum_age>
<healthy_volunteers>Accepts Healthy Volunteers</healthy_volunteers></eligibility>
</clinical_study>"""
XML_TEXT = "\n        Inclusion:\r\n          -  Na > 130 – 5 µg & <more>\n"


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        pytest.param(XML.format(encoding="UTF-8").encode(), (), id="utf-8"),
        pytest.param(
            XML.format(encoding="windows-1252").encode("cp1252"),
            ("not UTF-8: read as windows-1252",),
            id="declared",
        ),
        pytest.param(
            XML.format(encoding="UTF-8").encode("cp1252"),
            ("not UTF-8: read as cp1252",),
            id="declared-wrongly",
        ),
    ],
)
def test_xml_record(tmp_path, data, problems):
    docs, skips = read(write(tmp_path / "x.xml", data))
    assert skips == []
    doc = docs[0]
    assert (doc.id, doc.text, doc.problems) == ("NCT00000009", XML_TEXT, problems)
    assert doc.demographics == Demographics(
        "male", AgeLimit(Decimal(18), "a"), None, healthy_volunteers=True
    )


BILLION = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(
            f"<!DOCTYPE x [{BILLION}]><clinical_study>&l9;</clinical_study>",
            "entities or external references",
            id="billion-laughs",
        ),
        pytest.param(
            '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
            "<clinical_study>&e;</clinical_study>",
            "entities or external references",
            id="external-entity",
        ),
        pytest.param("<clinical_study><id_info>", "not well-formed XML", id="truncated"),
        pytest.param("<html></html>", "root <html>", id="other-root"),
        pytest.param(b"<clinical_study>\0</clinical_study>", "NUL", id="nul"),
    ],
)
def test_hostile_or_broken_xml_costs_only_itself(tmp_path, data, message):
    write(tmp_path / "a.xml", data)
    write(tmp_path / "b.xml", XML.format(encoding="utf-8"))
    docs, skips = read(tmp_path)
    assert [d.id for d in docs] == ["NCT00000009"]
    assert len(skips) == 1
    assert message in skips[0].message


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("18 Years", ("18", "a")),
        ("1 Year", ("1", "a")),
        ("6 Months", ("6", "mo")),
        ("2 Weeks", ("2", "wk")),
        ("1 Day", ("1", "d")),
        ("12 Hours", ("12", "h")),
        ("30 minutes", ("30", "min")),
        ("2.5 Years", ("2.5", "a")),
        ("N/A", None),
        (None, None),
        ("", None),
    ],
)
def test_age_limit(printed, expected):
    found = age_limit(printed)
    assert (found and (str(found.value), found.unit)) == expected


@pytest.mark.parametrize("printed", ["18", "Years", "18 Yrs old", "-3 Years", "18 Moons"])
def test_age_that_is_not_understood_is_named_not_guessed(printed):
    with pytest.raises(ValueError, match=r"\w"):
        age_limit(printed)
    assert demographics("All", printed, None, None) == (
        Demographics("all"),
        (f"registry minimum age not understood: {printed!r}",),
    )


def test_unknown_sex_is_named():
    assert demographics("other", None, None, None) == (
        None,
        ("registry sex not understood: 'other'",),
    )
