"""Bytes to text, odd signs, and languages."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_io_documents import read, write

from critextract.errors import InputError
from critextract.io.encodings import decode, repair
from critextract.io.intake import text_problems
from critextract.io.language import function_words, not_english
from critextract.io.page import find_page


@pytest.mark.parametrize(
    ("data", "text", "problem"),
    [
        pytest.param("≥ 5 µg\r\n".encode(), "≥ 5 µg\r\n", None, id="utf-8"),
        pytest.param(b"\xef\xbb\xbfAge", "Age", None, id="byte-order-mark"),
        pytest.param(
            "5 µg – “x” é".encode("cp1252"), "5 µg – “x” é", "read as cp1252", id="cp1252"
        ),
        pytest.param("37 °C".encode("latin-1"), "37 °C", "read as cp1252", id="latin-1"),
        pytest.param(
            "age ≥ 18 and ≤ 65".encode("mac_roman"), "age ≥ 18 and ≤ 65", "mac_roman", id="mac"
        ),
        pytest.param(
            "10 m² at x³ 5".encode("cp1252"), "10 m² at x³ 5", "cp1252", id="superscripts"
        ),
        pytest.param("age ≥ 18".encode("gb18030"), "age ≥ 18", "gb18030", id="chinese-signs"),
        pytest.param("≥ 5".encode("utf-16"), "≥ 5", "utf-16-le", id="utf-16"),
        pytest.param(
            "Adults, 18 years".encode("utf-16-be"), "Adults, 18 years", "utf-16-be", id="no-mark"
        ),
        pytest.param("≥ 5".encode("utf-32"), "≥ 5", "utf-32-le", id="utf-32"),
        pytest.param(
            "≥ 5 ".encode() + b"37 \xb0C", "≥ 5 37 °C", "mixed encodings: 1 bytes", id="mixed"
        ),
        pytest.param(
            "≥ 5 ≤".encode()[:-1], "≥ 5 \ufffd\ufffd", "2 of them unreadable", id="cut-character"
        ),
    ],
)
def test_decode(data, text, problem):
    found, problems = decode(data, "x")
    assert found == text
    assert [problem in p for p in problems] == ([] if problem is None else [True])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"abc\0def", "a NUL byte at byte 3"),
        (b"%PDF-1.7 x", "found a PDF"),
        (b"PK\x03\x04rest", "zip archive or office document"),
        (bytes(range(1, 32)) * 9, "mostly control characters"),
        ("a\0b".encode("utf-16"), "NUL character in utf-16-le"),
    ],
)
def test_binary_is_refused(data, message):
    with pytest.raises(InputError, match=message):
        decode(data, "x.txt")


@given(st.binary(max_size=200))
def test_decode_gives_writable_text_or_an_input_error(data):
    try:
        text, problems = decode(data, "x")
    except InputError:
        return
    text.encode("utf-8")
    bare = data.removeprefix(b"\xef\xbb\xbf")
    assert problems or text.encode() == bare


@given(st.text())
def test_clean_utf8_is_never_changed(text):
    if "\0" in text or text.startswith("\ufeff"):
        return
    try:
        assert decode(text.encode(), "x") == (text, ())
    except InputError:
        assert any(ord(c) < 32 or ord(c) == 127 for c in text) or text.startswith(
            ("%PDF", "PK", "PAR1", "{\\rtf")
        )


def test_repair_keeps_length_of_lone_surrogates():
    assert repair("a\ud800b", "x") == ("a\ufffdb", ("1 lone surrogates are U+FFFD",))
    assert repair("plain", "x") == ("plain", ())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("Age\x07 18\x1b", "2 control characters (U+0007, U+001B)", id="control"),
        pytest.param("tab\t line\r\n\x0cfeed", None, id="ordinary-white-space-and-page-feed"),
        pytest.param("Age \u202e18\u202c", "2 writing-direction marks", id="direction"),
        pytest.param("Age â‰¥ 18", "looks encoded twice: 'â‰¥' at character 4", id="twice"),
        pytest.param(" \r\n\t", "no eligibility text", id="blank"),
        pytest.param("", "no eligibility text", id="empty"),
    ],
)
def test_text_problems(text, problem):
    found = [p for p in text_problems(text) if not p.startswith("1 control")]
    assert ([] if problem is None else [True]) == [problem in p for p in found]


def test_right_to_left_text_comes_out_unchanged_and_marked(tmp_path):
    text = "גיל מעל 18 שנים ומטה\nعمر المريض ≥ 18 سنة"
    docs, skips = read(write(tmp_path / "x.txt", text))
    assert (docs[0].text, skips) == (text, [])
    assert docs[0].problems[0].startswith("not English")


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        pytest.param(
            "Patients over 18 years of age with asthma who are not smokers.", False, id="en"
        ),
        pytest.param("ECOG 0-1", False, id="short"),
        pytest.param(
            "Age 18-45.\n\nMales.\n\nNo drugs.\n\nNo illness.\n\nNo pain.\n" * 3, False, id="no-no"
        ),
        pytest.param(
            "ketoconazole, itraconazole, ritonavir, indinavir, nelfinavir, saquinavir, "
            "clarithromycin, telithromycin, nefazodone, verapamil, diltiazem, cimetidine, "
            "amiodarone, fluvoxamine",
            False,
            id="drug-names",
        ),
        pytest.param(
            "TNF-α, IFN-γ, IL-1β, TGF-β, β-hCG, α1-antitrypsin ≥ 5 µg/mL", False, id="greek-signs"
        ),
        pytest.param(
            "Diabetes mellitus. Angina pectoris. Lupus erythematosus. Myasthenia gravis. "
            "Anorexia nervosa. Pemphigus vulgaris. Carcinoma in situ.",
            False,
            id="latin-terms",
        ),
        pytest.param(
            "Participants of the Hospital de la Santa Creu i Sant Pau with a diagnosis of asthma "
            "who have signed the form and are able to attend.",
            False,
            id="foreign-name",
        ),
        pytest.param(
            "Pacientes mayores de 18 años con diagnóstico de asma y que no hayan recibido "
            "corticoides por vía oral en los últimos meses.",
            True,
            id="spanish",
        ),
        pytest.param(
            "Patients âgés de plus de 18 ans avec un diagnostic d'asthme et qui sont suivis "
            "dans le service des maladies respiratoires.",
            True,
            id="french",
        ),
        pytest.param(
            "Patienten mit Asthma, die älter sind als 18 Jahre und nicht mit Steroiden "
            "behandelt werden, oder bei denen eine Allergie vorliegt.",
            True,
            id="german",
        ),
        pytest.param("年龄在18岁以上的哮喘患者，签署知情同意书", True, id="chinese"),
        pytest.param("Пациенты старше 18 лет с астмой", True, id="russian"),
        pytest.param("Ασθενείς άνω των 18 ετών με άσθμα", True, id="greek"),
    ],
)
def test_not_english(text, fires):
    assert (not_english(text) is not None) == fires


def test_function_word_lists_hold_no_english_word():
    lists = dict(function_words())
    english = lists.pop("English")
    assert len(lists) >= 8
    assert not [w for words in lists.values() for w in words & english]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 99_000, id="one-word"),
        pytest.param(" " * 20_000 + "x", id="spaces"),
        pytest.param("Ages Eligible for Study" + " " * 20_000, id="field-name"),
        pytest.param("Ages Eligible for Study: x\nSexes Eligible for Study: All\nNCT00000001\n"
                     + "word " * 4_000 + "|" * 20_000, id="page"),
        pytest.param("NCT" * 7_000, id="numbers"),
        pytest.param("\n" * 20_000, id="line-ends"),
    ],
)  # fmt: skip
def test_hostile_text_is_looked_at_in_linear_time(text):
    start = time.perf_counter()
    find_page(text)
    text_problems(text)
    decode(text.encode("utf-8") + b"\xb0", "x")
    assert time.perf_counter() - start < 0.3
