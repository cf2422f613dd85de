"""Concepts: the packaged terms, a user's vocabulary, abbreviations, the component."""

import pytest
import spacy

from critextract import extensions
from critextract.components.concepts import OWN_SYSTEM, ConceptLinker, expand_abbreviations, link
from critextract.components.vocabularies import Name, Vocabulary, read_names, read_obo, system_of
from critextract.errors import InputError
from critextract.schema import Concept, Label, Mention

NAMES = [
    Name("DOID:1", "type 1 diabetes mellitus"),
    Name("DOID:2", "type 2 diabetes mellitus"),
    Name("DOID:3", "orthostatic hypotension"),
    Name("DOID:4", "chronic lymphocytic leukemia"),
    Name("DOID:4", "CLL"),
    Name("DB00945", "Acetylsalicylic acid"),
    Name("I10", "Essential (primary) hypertension"),
    Name("E804", "Gilbert syndrome"),
]


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary(NAMES)


@pytest.mark.parametrize(
    ("text", "label", "code"),
    [
        ("serum creatinine level", Label.MEASUREMENT, "2160-0"),
        ("ECOG PS", Label.MEASUREMENT, "89247-1"),
        ("pregnant", Label.CONDITION, "Z33.1"),
        ("HIV", Label.CONDITION, "B20"),
        ("HIV", Label.MEASUREMENT, None),
        ("electrocardiogram", Label.MEASUREMENT, "D004562"),
        ("insulin", Label.DRUG, "DB00030"),
        ("insulin", Label.MEASUREMENT, None),
        ("a rare disease", Label.CONDITION, None),
    ],
)
def test_link(text, label, code):
    found = link(text, label)
    assert (found and found.code) == code
    assert found is None or found.score == 1.0


def test_a_term_without_a_published_code_has_its_own():
    assert link("liver enzymes", Label.MEASUREMENT) == Concept(
        OWN_SYSTEM, "lab.liver_enzymes", "liver enzymes", 1.0
    )


@pytest.mark.parametrize(
    ("text", "label", "code", "exact"),
    [
        ("Chronic lymphocytic leukaemia", Label.CONDITION, "DOID:4", True),
        ("CLL", Label.CONDITION, "DOID:4", True),
        ("cronic lymphocytic leukemia", Label.CONDITION, "DOID:4", False),
        ("type 3 diabetes mellitus", Label.CONDITION, None, False),
        ("orthostatic hypertension", Label.CONDITION, None, False),
        ("acetylsalicylic acid", Label.DRUG, "DB00945", True),
        ("acetylsalicylic acid", Label.CONDITION, None, False),
        ("Gilbert's syndrome", Label.CONDITION, "E80.4", True),
        ("consent", Label.CONDITION, None, False),
        ("", Label.CONDITION, None, False),
    ],
)
def test_link_to_a_vocabulary(vocabulary, text, label, code, exact):
    found = vocabulary.link(text, label)
    assert (found and found.code) == code
    if found:
        assert (found.score == 1.0) is exact
        assert vocabulary.threshold <= found.score


def test_the_entry_shown_is_the_first_name(vocabulary):
    assert vocabulary.link("CLL", Label.CONDITION).display == "chronic lymphocytic leukemia"


def test_only_the_same_name_scores_one(vocabulary):
    assert vocabulary.link("leukemia, chronic lymphocytic", Label.CONDITION).score == 0.99


def test_a_lower_threshold_finds_more():
    text = "lymphocytic leukemia of childhood"
    assert Vocabulary(NAMES).link(text, Label.CONDITION) is None
    assert Vocabulary(NAMES, 0.5).link(text, Label.CONDITION).code == "DOID:4"


OBO = """format-version: 1.2
[Term]
id: DOID:8778
name: Crohn's disease
synonym: "regional enteritis" EXACT []
synonym: "ileitis" BROAD []
[Term]
id: DOID:9
name: gone
is_obsolete: true
[Typedef]
id: part_of
name: part of
"""


def test_read_obo_leaves_out_what_is_obsolete_or_no_term():
    assert list(read_obo(OBO.splitlines())) == [
        ("DOID:8778", "Crohn's disease"),
        ("DOID:8778", "regional enteritis"),
    ]


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("a.tsv", "mesh_id\tmesh_name\nD003424\tCrohn Disease\n", [("D003424", "Crohn Disease")]),
        ("b.tsv", 'id\tlabel\tup\n"DOID:1"\t"x"\t"y"\n', [("DOID:1", "x")]),
        ("c.csv", 'A00,"Cholera, any"\n', [("A00", "Cholera, any")]),
        (
            "d.csv",
            "Column1;Column2;Column3;Column4\nDrugBank ID;Common name;CAS;Synonyms\n"
            "DB00945;Aspirin;50-78-2;ASA | Acetylsalicylate\n",
            [("DB00945", "Aspirin"), ("DB00945", "ASA"), ("DB00945", "Acetylsalicylate")],
        ),
        (
            "e.jsonl",
            '{"concept_id": "C0000001", "canonical_name": "gout", "aliases": ["podagra"], '
            '"types": []}\n',
            [("C0000001", "gout"), ("C0000001", "podagra")],
        ),
    ],
)
def test_read_names(tmp_path, file, text, expected):
    path = tmp_path / file
    path.write_text(text, encoding="utf-8")
    assert read_names(path) == expected


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("a.tsv", "name\tcode\nfoo\tD003424\n", "no codes and names found"),
        ("a.csv", "", "no codes and names found"),
        ("a.txt", "D003424 x", "expected .obo, .tsv, .csv or .jsonl"),
        ("a.obo", "[Term]\nid: foo\nname: bar\n", "code 'foo'"),
        ("a.jsonl", "{}\n", "cannot be read"),
        ("absent.tsv", None, "cannot be read"),
    ],
)
def test_read_names_names_the_fault(tmp_path, file, text, message):
    path = tmp_path / file
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_names(path)


@pytest.mark.parametrize(
    ("code", "system"),
    [("DOID:9352", "DOID"), ("DB00945", "DrugBank"), ("D003424", "MeSH"), ("C0011860", "UMLS"),
     ("E80.4", "ICD-10-CM"), ("E804", "ICD-10-CM"), ("HP:0001", "HP"), ("name", "")],
)  # fmt: skip
def test_system_of(code, system):
    assert system_of(code) == system


def test_expand_abbreviations():
    assert expand_abbreviations("systemic lupus erythematosus (SLE) or stroke (any)") == {
        "SLE": "systemic lupus erythematosus"
    }
    assert expand_abbreviations("no bracket") == {}


def mention(text, part, label):
    start = text.index(part)
    return Mention("m1", "I1", label, start, start + len(part), part)


def linked(linker, text, mentions):
    doc = spacy.blank("en").make_doc(text)
    extensions.put(doc, "mentions", mentions)
    return [m.concept and m.concept.code for m in linker(doc)._.critextract_mentions]


def test_component_links_what_it_knows_and_keeps_the_rest(vocabulary):
    text = "AST > 3 in CLL or gout"
    given = [
        mention(text, "AST", Label.MEASUREMENT),
        mention(text, "CLL", Label.CONDITION),
        mention(text, "gout", Label.CONDITION),
    ]
    assert linked(ConceptLinker(None, abbreviations=False), text, given) == ["1920-8", None, None]
    own = ConceptLinker(vocabulary, abbreviations=False)
    assert linked(own, text, given) == ["1920-8", "DOID:4", None]
    assert linked(own, text, []) == []


def test_component_reads_abbreviations_where_asked():
    text = "hepatocellular damage or type 2 diabetes mellitus (TDM)"
    given = [mention(text, "TDM", Label.CONDITION)]
    assert linked(ConceptLinker(None, abbreviations=True), text, given) == ["DOID:9352"]
    assert linked(ConceptLinker(None, abbreviations=False), text, given) == [None]


def test_component_reads_the_words_of_a_discontinuous_mention():
    text = "hepatitis A, B or C"
    parts = ((0, 9), (13, 14))
    given = [Mention("m1", "I1", Label.CONDITION, 0, 14, text[:14], fragments=parts)]
    assert linked(ConceptLinker(None, abbreviations=False), text, given) == ["DOID:2043"]


def test_factory_reads_the_users_vocabulary(tmp_path):
    path = tmp_path / "own.tsv"
    path.write_text("id\tname\nD006073\tgout\n", encoding="utf-8")
    nlp = spacy.blank("en")
    linker = nlp.add_pipe("critextract_concepts", config={"vocabulary": str(path)})
    text = "gout"
    assert linked(linker, text, [mention(text, "gout", Label.CONDITION)]) == ["D006073"]
