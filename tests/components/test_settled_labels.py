import pytest

from critextract.components.settled_labels import settled, with_settled_labels
from critextract.schema import Label, Mention


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Breast-feeding", "OBSERVATION"),
        ("nursing", "OBSERVATION"),
        ("lactating", "OBSERVATION"),
        ("nursing home", None),
        ("childbearing potential", "OBSERVATION"),
        ("fertile", "OBSERVATION"),
        ("infertility", None),
        ("alcohol abuse", "OBSERVATION"),
        ("alcohol or drug misuse", "OBSERVATION"),
        ("abuse of alcohol", "OBSERVATION"),
        ("opioid use disorder", None),
        ("alcohol dependence", None),
        ("sexual abuse", None),
        ("bone marrow function", "OBSERVATION"),
        ("renal, hepatic function", "OBSERVATION"),
        ("renal dysfunction", None),
        ("good general health", "OBSERVATION"),
        ("Chemotherapy", "DRUG"),
        ("platinum-based chemotherapy regimens", "DRUG"),
        ("chemoradiotherapy", None),
        ("radiotherapy", None),
        ("oral contraceptives", "DRUG"),
        ("birth control", "DRUG"),
        ("antifungal therapy", "DRUG"),
        ("rituximab treatment", "DRUG"),
        ("hormone replacement therapy", "DRUG"),
        ("oxygen therapy", None),
        ("physical therapy", None),
        ("laser treatment", None),
        ("antenatal care", None),
        ("implanted loop recorder", "DEVICE"),
        ("pacemaker implantation", None),
        ("hearing aids", "DEVICE"),
    ],
)
def test_settled(name, label):
    assert settled(name) == (None if label is None else Label(label))


def test_measurements_and_people_keep_their_label():
    found = [
        Mention("0", "", Label.CONDITION, 0, 7, "nursing"),
        Mention("1", "", Label.MEASUREMENT, 8, 22, "renal function"),
        Mention("2", "", Label.PERSON, 23, 30, "healthy"),
    ]
    assert [m.label for m in with_settled_labels(found)] == [
        Label.OBSERVATION,
        Label.MEASUREMENT,
        Label.PERSON,
    ]
