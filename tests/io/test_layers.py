"""Records as regions and links, and back."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from annotated import records, texts_with_controls
from critextract.io.layers import from_layer, repeated_ids, to_layer
from critextract.io.regions import (
    LABELS,
    TYPES,
    Layer,
    Link,
    Region,
)
from critextract.schema import Label
from sample_record import sample_record


def test_sample_comes_back():
    assert from_layer(to_layer(sample_record())) == (sample_record(), [])


@settings(max_examples=50)
@given(records(texts=texts_with_controls))
def test_every_record_comes_back(record):
    assert from_layer(to_layer(record)) == (record, [])


def test_labels_are_those_of_the_schema():
    assert set(LABELS) == {str(label) for label in Label}
    assert len(TYPES) == len(set(TYPES))


def test_equal_parts_are_one_region():
    window = to_layer(sample_record()).links
    twice = [link for link in window if link.type == "Has_window"]
    assert len(twice) == 2
    assert len({link.target for link in twice}) == 1


def test_hand_made_regions_need_no_ids():
    layer = Layer(
        "x",
        "Gout now\nNo asthma",
        (
            Region("CONDITION", ((0, 4),), slots={"id": "m1"}),
            Region("CONDITION", ((12, 18),)),
            Region("Negation", ((9, 11),)),
        ),
        (Link("Has_negation", 1, 2),),
    )
    record, faults = from_layer(layer)
    assert faults == []
    assert [(c.id, c.text) for c in record.criteria] == [("O1", "Gout now"), ("O2", "No asthma")]
    assert [(m.id, m.criterion, m.negated) for m in record.mentions] == [
        ("m1", "O1", False),
        ("m2", "O2", True),
    ]


@pytest.mark.parametrize(
    ("region", "message"),
    [
        pytest.param(Region("DISEASE", ((0, 4),)), "unknown label 'DISEASE'", id="label"),
        pytest.param(
            Region("DRUG", ((0, 4),), {"Modality": "maybe"}),
            "unknown value Modality 'maybe' of DRUG, expected actual",
            id="value",
        ),
        pytest.param(
            Region("DRUG", ((0, 4),), {"Colour": "red"}), "unknown value Colour", id="attribute"
        ),
        pytest.param(
            Region("Criterion", ((0, 4),), slots={"rule": {"op": "maybe"}}),
            "Criterion does not fit the record: rule node needs an op",
            id="rule",
        ),
        pytest.param(
            Region("DRUG", ((0, 4),), slots={"id": 5}), "id is 5, expected words", id="id"
        ),
        pytest.param(
            Region("DRUG", ((0, 4),), slots={"concept": 5}), "DRUG does not fit", id="concept"
        ),
    ],
)
def test_faulty_regions_are_named(region, message):
    _, (fault,) = from_layer(Layer("x", "Gout", (region,)))
    assert fault.region == 0
    assert message in fault.message


@pytest.mark.parametrize(
    ("regions", "links", "message"),
    [
        pytest.param(["DRUG", "Value"], [], "Value that nothing has; link it", id="loose"),
        pytest.param(
            ["DRUG", "Value"],
            [Link("Has_window", 0, 1), Link("Has_value", 0, 1)],
            "Has_window joins DRUG and Value, expected one to Window",
            id="type-of-end",
        ),
        pytest.param(
            ["DRUG", "DRUG", "Value"],
            [Link("Has_value", 2, 1), Link("Has_value", 0, 2)],
            "Has_value joins Value and DRUG",
            id="turned-round",
        ),
    ],
)
def test_what_is_linked_wrongly_is_named(regions, links, message):
    layer = Layer("x", "Gout", tuple(Region(r, ((0, 4),)) for r in regions), tuple(links))
    _, (fault,) = from_layer(layer)
    assert message in fault.message


def test_document_fields_that_do_not_fit_are_named():
    record, (fault,) = from_layer(Layer("x", "Gout", about={"demographics": 5}))
    assert (fault.region, record.demographics) == (None, None)


def test_unknown_relations_and_repeated_ids_are_named():
    region = Region("DRUG", ((0, 4),), slots={"id": "m1"})
    layer = Layer("x", "Gout", (region, region), (Link("Treats", 0, 1),))
    assert [fault.message for fault in from_layer(layer)[1]] == [
        "unknown relation 'Treats', expected one of Has_value, Has_window, Has_qualifier, "
        "Has_negation, Has_count, Has_dose, Has_uncovered, Has_child"
    ]
    assert [fault.message for fault in repeated_ids(layer)] == [
        "DRUG has id m1, which was given before"
    ]


def test_an_edited_range_takes_its_text_along():
    layer = to_layer(sample_record())
    n = next(n for n, r in enumerate(layer.regions) if r.slots.get("id") == "m2")
    edited = list(layer.regions)
    edited[n] = replace(edited[n], fragments=((38, 48),))
    record, faults = from_layer(replace(layer, regions=tuple(edited)))
    assert faults == []
    assert [m.text for m in record.mentions if m.id == "m2"] == ["metastases"]
