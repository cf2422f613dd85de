"""Evidence from lists of names, on lists written here."""

import numpy
import pytest
import spacy

from critextract.errors import InputError
from critextract.learn.names import evidence, read_names
from critextract.learn.vectors import VectorSettings, add_columns, add_vectors, train_vectors

LISTS = {
    "mesh_2015_tree_numbers.tsv": "mesh_id\tmesh_name\tmesh_tree_number\n"
    "D1\tGoutitis\tC05.550\nD2\tOpenectomy\tE04.100\nD3\tMoodosis\tF03.1\nD4\tOther\tZ01\n",
    "doid_labels.tsv": 'id\tlabel\tsubClassOf\n"DOID:1"\t"acute goutitis"\t"goutitis"\n',
    "drugbank_vocabulary.csv": "Column1;Column2;Column3;Column4;Column5;Column6;Column7\n"
    "DrugBank ID;Accession Numbers;Common name;CAS;UNII;Synonyms;Key\n"
    "DB1;B1;Fooximab;1;U;Barximab | Bazximab;K\n",
}


@pytest.fixture
def folder(tmp_path):
    for name, text in LISTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_names_are_read_with_their_kinds(folder):
    found = read_names(folder)
    assert found == sorted(found)
    assert {
        ("disease", "Goutitis"),
        ("disease", "acute goutitis"),
        ("disease", "Moodosis"),
        ("surgery", "Openectomy"),
        ("drug", "Fooximab"),
        ("drug", "Barximab"),
        ("drug", "Bazximab"),
    } <= set(found)
    assert "Other" not in {name for _, name in found}
    assert "Common name" not in {name for _, name in found}


def test_no_lists_is_an_error(tmp_path):
    with pytest.raises(InputError, match=r"no vocabularies; expected one of mesh_2015"):
        read_names(tmp_path)


def test_evidence_is_for_the_kind_a_word_is_found_in(folder):
    found = evidence(read_names(folder), ["goutitis", "patients"])
    by_word = dict(zip(found.words, found.rows, strict=True))
    kinds = sorted({kind for kind, _ in read_names(folder)})
    assert kinds[by_word["goutitis"].argmax()] == "disease"
    assert kinds[by_word["fooximab"].argmax()] == "drug"
    assert not by_word["patients"].any()
    assert found.counts[found.words.index("patients")] < found.counts[0]


def test_evidence_is_columns_beside_the_vectors(folder):
    settings = VectorSettings(dim=3, least=1, rows=400)
    nlp = spacy.blank("en")
    add_vectors(nlp, train_vectors([["no", "goutitis"], ["no", "gout"]], settings), settings)
    before = nlp.vocab["goutitis"].vector
    names = read_names(folder)
    add_columns(nlp, evidence(names), settings)
    after = nlp.vocab["goutitis"].vector
    assert numpy.array_equal(after[:3], before)
    kinds = sorted({kind for kind, _ in names})
    assert kinds[nlp.vocab["quuximab"].vector[3:].argmax()] == "drug"  # in no list: by its end
