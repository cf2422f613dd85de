"""Records as regions and links, and back."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from annotated import records, texts_with_controls
from critextract.io.regions import (
    LABELS,
    TYPES,
    Layer,
    Link,
    Region,
    from_layer,
    repeated_ids,
    to_layer,
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
            Region("DRUG", ((0, 4),), slots={"concept": 5}), "DRUG does not fit", id="concept"
        ),
    ],
)
def test_faulty_regions_are_named(region, message):
    _, (fault,) = from_layer(Layer("x", "Gout", (region,)))
    assert fault.region == 0
    assert message in fault.message


def test_unknown_relations_and_repeated_ids_are_named():
    region = Region("DRUG", ((0, 4),), slots={"id": "m1"})
    layer = Layer("x", "Gout", (region, region), (Link("Treats", 0, 1),))
    assert [fault.message for fault in from_layer(layer)[1]] == ["unknown relation 'Treats'"]
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
