"""Words of proof before a disease."""

import pytest

from critextract.components.drafts import Candidate
from critextract.components.proofs import proven, without_proof
from critextract.schema import Label


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Confirmed sepsis", "Confirmed"),
        ("biopsy-proven sepsis", "biopsy-proven"),
        ("histologically or cytologically proven sepsis", "histologically or cytologically proven"),
        ("a documented sepsis", "documented"),
        ("suspected sepsis", None),
        ("confirmed by culture: sepsis", None),
        ("unconfirmed sepsis", None),
        ("clinically diagnosed sepsis", "clinically diagnosed"),
        ("previously diagnosed sepsis", None),
        ("diagnosed sepsis", None),
        ("Histologic diagnosis of sepsis", "Histologic diagnosis"),
        ("histologic or cytologic evidence of the sepsis", "histologic or cytologic evidence"),
        ("histologically diagnosed with sepsis", "histologically diagnosed"),
        ("biopsy or diagnosis of sepsis", None),
        ("diagnosis of sepsis", None),
        ("radiographic or pathologic evidence of sepsis", "radiographic or pathologic evidence"),
        ("pathologic or radiographic evidence of sepsis", None),
        ("histologic diagnosis without sepsis", None),
    ],
)
def test_proven(text, said):
    start = text.index("sepsis")
    found = proven(text, [Candidate(Label.CONDITION, start, start + 6, "model")])
    assert [text[q.start : q.end] for q in found] == ([] if said is None else [said])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("biopsy-proven sepsis", 0),
        ("biopsy proven", 0),
        ("biopsy of the lung", 1),
        ("biopsy proven to be benign", 1),
    ],
)
def test_without_proof(text, kept):
    assert len(without_proof(text, [Candidate(Label.PROCEDURE, 0, 6, "model")])) == kept
