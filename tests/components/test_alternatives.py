"""Words joined by "or" before a mention."""

from dataclasses import replace
from decimal import Decimal

import pytest

from critextract.components.alternatives import split_alternatives
from critextract.rules import Is
from critextract.schema import Label, Mention, Qualifier, RuleGuard, Value


def read(text, name, *qualifiers, label="CONDITION", **said):
    start = text.index(name)
    own = []
    for kind, words in qualifiers:
        at = text.index(words)
        own.append(Qualifier(kind, words.lower(), at, at + len(words)))
    end = start + len(name)
    mention = Mention("0", "I1", Label(label), start, end, name, qualifiers=tuple(own), **said)
    return split_alternatives(text, [mention])


@pytest.mark.parametrize(
    ("text", "name", "qualifiers", "expected"),
    [
        ("severe or unstable asthma", "asthma", [("severity", "severe"), ("stability", "unstable")],
         [("asthma", ["severe or unstable"])]),
        ("known acute, severe or unstable asthma", "asthma",
         [("other", "known"), ("acuteness", "acute"), ("severity", "severe"),
          ("stability", "unstable")],
         [("asthma", ["known", "acute, severe or unstable"])]),
        ("renal or hepatic failure", "hepatic failure", [("site", "renal")],
         [("hepatic failure", []), ("renal failure", [])]),
        ("severe renal, cardiac or hepatic failure", "hepatic failure",
         [("severity", "severe"), ("site", "renal"), ("site", "cardiac")],
         [("hepatic failure", ["severe"]), ("renal failure", ["severe"]),
          ("cardiac failure", ["severe"])]),
        ("active or chronic hepatitis", "chronic hepatitis", [("acuteness", "active")],
         [("chronic hepatitis", []), ("hepatitis", ["active"])]),
        ("severe unstable asthma", "asthma", [("severity", "severe"), ("stability", "unstable")],
         [("asthma", ["severe", "unstable"])]),
        ("severe asthma", "asthma", [("severity", "severe")], [("asthma", ["severe"])]),
        ("oral and topical steroids", "steroids", [("other", "oral"), ("other", "topical")],
         [("steroids", ["oral and topical"])]),
        ("severe and topical steroids", "steroids", [("other", "severe"), ("other", "topical")],
         [("steroids", ["severe", "topical"])]),
        ("gastric or gastroesophageal junction cancer", "gastroesophageal junction cancer",
         [("site", "gastric")],
         [("gastroesophageal junction cancer", []), ("gastric cancer", [])]),
        ("alcohol or illicit drug", "illicit drug", [("other", "alcohol")],
         [("illicit drug", []), ("alcohol", [])]),
        ("opioid or alcohol abuse", "alcohol abuse", [("other", "opioid")],
         [("alcohol abuse", []), ("opioid abuse", [])]),
        ("known or impaired renal function", "impaired renal function", [("other", "known")],
         [("impaired renal function", ["known"])]),
        ("cytotoxic agents or kinase inhibitors", "kinase inhibitors",
         [("other", "cytotoxic agents")], [("kinase inhibitors", ["cytotoxic agents"])]),
        ("renal or liver", "liver", [("site", "renal")], [("liver", ["renal"])]),
    ],
)  # fmt: skip
def test_split(text, name, qualifiers, expected):
    found = [(m.text, [q.value for q in m.qualifiers]) for m in read(text, name, *qualifiers)]
    assert found == expected


def test_the_rest_holds_for_each_and_ids_differ():
    first, second = read(
        "No renal or hepatic failure", "hepatic failure", ("site", "renal"), negated=True
    )
    assert first.negated
    assert second.negated
    assert first.id != second.id
    assert second.fragments == ((3, 8), (20, 27))
    assert (second.start, second.end) == (3, 27)


def test_a_bound_is_not_multiplied():
    mentions = read(
        "renal or hepatic score > 5", "hepatic score", ("site", "renal"),
        values=(Value(23, 26),),
    )  # fmt: skip
    assert len(mentions) == 1


def test_an_adjective_takes_the_noun_of_the_next_mention():
    text = "suicidal or homicidal ideation"
    first = Mention("0", "I1", Label.CONDITION, 0, 8, "suicidal")
    second = Mention("1", "I1", Label.CONDITION, 12, 30, "homicidal ideation")
    found = split_alternatives(text, [first, second])
    assert [m.text for m in found] == ["suicidal ideation", "homicidal ideation"]
    assert found[0].fragments == ((0, 8), (22, 30))


def test_a_noun_stays_as_it_is():
    first = Mention("0", "I1", Label.CONDITION, 0, 6, "stroke")
    second = Mention("1", "I1", Label.CONDITION, 10, 23, "heart failure")
    found = split_alternatives("stroke or heart failure", [first, second])
    assert [m.text for m in found] == ["stroke", "heart failure"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("theophylline", "theophylline"),
        ("phenobarbital", "phenobarbital"),
        ("systemic", "systemic blockers"),
        ("antifungal", "antifungal blockers"),
    ],
)
def test_a_drug_is_no_adjective(name, expected):
    text = f"{name} or topical blockers"
    end = len(name)
    first = Mention("0", "I1", Label.DRUG, 0, end, name)
    second = Mention("1", "I1", Label.DRUG, end + 4, len(text), "topical blockers")
    found = split_alternatives(text, [first, second])
    assert [m.text for m in found] == [expected, "topical blockers"]


@pytest.mark.parametrize(
    ("text", "label", "names", "expected"),
    [
        ("LDL or plasma apheresis", "PROCEDURE", ["LDL", "plasma apheresis"],
         ["LDL apheresis", "plasma apheresis"]),
        ("chemo- or radiotherapy", "PROCEDURE", ["chemo-", "radiotherapy"],
         ["chemo- therapy", "radiotherapy"]),
        ("chemotherapy or radiotherapy", "PROCEDURE", ["chemotherapy", "radiotherapy"],
         ["chemotherapy", "radiotherapy"]),
        ("systemic bacterial or viral infection", "CONDITION",
         ["systemic bacterial", "viral infection"], ["systemic bacterial infection",
                                                     "viral infection"]),
        ("hepatic and renal failure", "CONDITION", ["hepatic", "renal failure"],
         ["hepatic failure", "renal failure"]),
        ("cardiac or coronary artery disease", "CONDITION", ["cardiac", "coronary artery disease"],
         ["cardiac disease", "coronary artery disease"]),
        ("hepatic or renal artery stenosis", "CONDITION", ["hepatic", "renal artery stenosis"],
         ["hepatic artery stenosis", "renal artery stenosis"]),
        ("basilar migraine or hemiplegic migraine", "CONDITION",
         ["basilar migraine", "hemiplegic migraine"], ["basilar migraine", "hemiplegic migraine"]),
        ("asthma and renal failure", "CONDITION", ["asthma", "renal failure"],
         ["asthma", "renal failure"]),
    ],
)  # fmt: skip
def test_what_shares_a_noun(text, label, names, expected):
    mentions = []
    for n, name in enumerate(names):
        at = text.index(name)
        mentions.append(Mention(str(n), "I1", Label(label), at, at + len(name), name))
    assert [m.text for m in split_alternatives(text, mentions)] == expected


def test_what_is_said_before_a_shared_noun_is_of_both():
    text = "adequately treated basal cell or squamous cell carcinoma"
    state = Qualifier("stability", "adequately treated", 0, 18)
    first = Mention("0", "I1", Label.CONDITION, 19, 29, "basal cell", qualifiers=(state,))
    second = Mention("1", "I1", Label.CONDITION, 33, len(text), "squamous cell carcinoma")
    found = split_alternatives(text, [first, second])
    assert [(m.text, m.qualifiers) for m in found] == [
        ("basal cell carcinoma", (state,)),
        ("squamous cell carcinoma", (state,)),
    ]


@pytest.mark.parametrize(
    ("names", "labels", "joint", "expected"),
    [
        (("opioid", "cannabis abuse"), ("DRUG", "CONDITION"), " or ",
         ["opioid abuse", "cannabis abuse"]),
        (("heroin", "cocaine dependence"), ("DRUG", "CONDITION"), ", ",
         ["heroin dependence", "cocaine dependence"]),
        (("postmenopausal", "surgically sterile"), ("CONDITION", "CONDITION"), " or ",
         ["postmenopausal", "surgically sterile"]),
        (("prednisone", "alcohol abuse"), ("DRUG", "CONDITION"), " or ",
         ["prednisone", "alcohol abuse"]),
        (("opioid", "abuse of a child"), ("DRUG", "CONDITION"), " or ",
         ["opioid", "abuse of a child"]),
        (("opioid", "cannabis abuse"), ("DRUG", "CONDITION"), " against ",
         ["opioid", "cannabis abuse"]),
    ],
)  # fmt: skip
def test_substances_share_their_abuse(names, labels, joint, expected):
    text = joint.join(names)
    mentions = [
        Mention(str(n), "I1", Label(label), text.index(name), text.index(name) + len(name), name)
        for n, (name, label) in enumerate(zip(names, labels, strict=True))
    ]
    assert [m.text for m in split_alternatives(text, mentions)] == expected


@pytest.mark.parametrize(
    ("text", "name", "specimen", "expected"),
    [
        ("urine or serum pregnancy test", "serum pregnancy test", "urine",
         ("pregnancy test", ["urine or serum"])),
        ("urine/serum pregnancy test", "serum pregnancy test", "urine",
         ("pregnancy test", ["urine/serum"])),
        ("urine and serum pregnancy test", "serum pregnancy test", "urine",
         ("pregnancy test", ["urine and serum"])),
        ("urine, serum pregnancy test", "serum pregnancy test", "urine",
         ("serum pregnancy test", ["urine"])),
        ("urine pregnancy test", "pregnancy test", "urine", ("pregnancy test", ["urine"])),
    ],
)  # fmt: skip
def test_either_specimen_is_one_qualifier(text, name, specimen, expected):
    (found,) = read(text, name, ("specimen", specimen), label="MEASUREMENT")
    assert (found.text, [q.value for q in found.qualifiers]) == expected
    assert text[found.start : found.end] == found.text


def test_an_and_is_no_mention():
    text = "negative serum and pregnancy test"
    serum = Qualifier("specimen", "serum", 9, 14)
    negative = Value(0, 8, text_value="negative")
    word = Mention("0", "I1", Label.MEASUREMENT, 15, 18, "and", values=(negative,))
    word = replace(word, qualifiers=(serum,))
    test = Mention("1", "I1", Label.MEASUREMENT, 19, 33, "pregnancy test")
    (found,) = split_alternatives(text, [word, test])
    assert (found.text, found.values, found.qualifiers) == (test.text, (negative,), (serum,))
    assert split_alternatives(text, [word]) == ()


def test_a_word_that_a_guard_names_stays():
    """A guard names mentions by their ids, and one that was left out would be nobody's."""
    text = "AST > 2 if histologic"
    value = Value(4, 7, low=Decimal(2), low_closed=False, guard=RuleGuard(Is("1")))
    mentions = [
        Mention("0", "", Label.MEASUREMENT, 0, 3, "AST", values=(value,)),
        Mention("1", "", Label.MEASUREMENT, 11, 21, "histologic"),
    ]
    assert [m.text for m in split_alternatives(text, mentions)] == ["AST", "histologic"]
    alone = split_alternatives(text, [replace(mentions[0], values=()), mentions[1]])
    assert [m.text for m in alone] == ["AST"]
