"""Times to have passed since something, if it ever was."""

import pytest

import critextract
from critextract.elapsed import limited, washout
from critextract.exports.english import to_english


def read(line):
    record = critextract.extract(f"Inclusion Criteria:\n- {line}\n")
    (criterion,) = record.criteria
    return record, criterion


@pytest.mark.parametrize(
    ("line", "low"),
    [
        ("At least 4 weeks since prior chemotherapy", 4),
        ("More than 30 days since any prior radiotherapy", 30),
        ("At least 6 weeks since completion of prior radiotherapy", 6),
        ("At least 2 weeks since previous surgery", 2),
        ("At least 2 weeks since prior cisplatin (given for 3 days)", 2),
        ("At least 10 days since prior and no concurrent warfarin", 10),
        ("At least 2 weeks since prior and no other concurrent heparin", 2),
        ("No prior and no concurrent warfarin for at least 2 weeks", None),
        ("At least 4 weeks since radiotherapy", 4),
        ("More than 3 weeks since major surgery", 3),
        ("At least 4 weeks since hormone therapy and recovered", 4),
        ("At least 3 months since stroke", None),
        ("At least 100 days since liver transplantation", None),
        ("Radiotherapy for at least 4 weeks since surgery", None),
        ("Radiotherapy at least 4 weeks ago", None),
        ("Less than 4 weeks since prior chemotherapy", None),
        ("Prior chemotherapy for at least 4 weeks", None),
        ("No radiotherapy for at least 4 weeks since any prior surgery", None),
    ],
)
def test_washout(line, low):
    record, _ = read(line)
    found = [washout(mention, record.text) for mention in record.mentions]
    assert [int(w.low) for windows in found for w in windows] == ([low] if low else [])


@pytest.mark.parametrize(
    ("line", "waits", "status"),
    [
        ("At least 4 weeks since prior chemotherapy (6 weeks for carmustine)", [4, 6], "exact"),
        ("At least 4 weeks since prior chemotherapy (6 weeks since carmustine)", [4, 6], "exact"),
        ("> 4 weeks since prior chemotherapy (at least 6 weeks for carmustine)", [4, 6], "exact"),
        ("At least 4 weeks since prior surgery or at least 2 weeks since any radiotherapy",
         [4, 2], "exact"),
        ("At least 4 weeks since prior chemotherapy (2 weeks for cisplatin)", [4], "partial"),
    ],
)  # fmt: skip
def test_each_of_two_has_its_own_wait(line, waits, status):
    record, criterion = read(line)
    found = [w for mention in record.mentions for w in washout(mention, record.text)]
    assert [int(w.low) for w in found] == waits
    assert criterion.status == status
    assert to_english(record, criterion).startswith("all of:" if len(waits) > 1 else "any of:")


def test_recovered_from_what_stands_before_brackets_and_in_them():
    record, criterion = read(
        "At least 4 weeks since prior chemotherapy (6 weeks for carmustine) and recovered"
    )
    assert to_english(record, criterion).count("recovered") == 2


@pytest.mark.parametrize(
    ("line", "own"),
    [
        ("Heparin within 3 days (7 days for warfarin)", {"Heparin": 3, "warfarin": 7}),
        ("Within 3 days (7 days for warfarin)", {"warfarin": 7}),
        ("Stable dose of heparin for 3 days (7 days for warfarin)", {"heparin": None}),
    ],
)
def test_a_longer_time_in_brackets(line, own):
    record = critextract.extract(f"Exclusion Criteria:\n- {line}\n")
    found = {m.text: [w.high for w in m.windows] for m in record.mentions if m.windows}
    assert {name: highs[0] for name, highs in found.items()} == own


def test_all_of_several_lengths_must_have_passed():
    record, _ = read("At least 30 days or 5 half-lives since prior investigational drugs")
    (mention,) = record.mentions
    assert [str(w.low) for w in washout(mention, record.text)] == ["30", "5"]


def test_all_of_a_list_is_waited_for_and_english_says_if_any():
    record, criterion = read("At least 4 weeks since prior chemotherapy or radiotherapy")
    said = to_english(record, criterion)
    assert said.startswith("all of:")
    assert said.count("if any, ≥ 4 weeks before screening") == 2


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("- At least 4 weeks since prior hormones (e.g., tamoxifen)", "all of:"),
        ("- At least 4 weeks since prior steroids, including prednisone or cortisone", "all of:"),
        ("- Prior steroids (e.g., prednisone) within 4 weeks", "any of:"),
        ("- At least 9 days since prior use of any of the following:\n  - Aspirin", "all"),
        (
            "- At least 9 days since prior and no concurrent anticoagulants, including any of the"
            " following:\n  - Aspirin\n  - Heparin",
            "all of:",
        ),
        ("- Prior use of any of the following:\n  - Aspirin\n  - Heparin", "any of:"),
    ],
)
def test_what_a_time_must_have_passed_since_is_all_of_it(text, opening):
    record = critextract.extract(f"Inclusion Criteria:\n{text}\n")
    said = to_english(record, record.criteria[0])
    assert said.startswith(opening)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("No more than 200 mg prior melphalan", True),
        ("Lifetime cumulative doxorubicin dose less than 350 mg/m2", True),
        ("Aspirin no more than 100 mg daily", False),
        ("Prior doxorubicin more than 300 mg/m2", False),
        ("Insulin dose < 60 U/day", False),
    ],
)
def test_limited(line, said):
    record, criterion = read(line)
    assert any(limited(mention, record.text) for mention in record.mentions) == said
    assert ("if any" in to_english(record, criterion)) == said
