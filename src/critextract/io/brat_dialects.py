"""What each annotation type of the two public corpora is here.

A type is mapped to a mention label, to one of the parts of a mention (``QUALIFIER``, ``VALUE``,
``TEMPORAL``, ``NEGATION``), or named as left out (None).
Sources: Chia (Kury 2020, doi:10.1038/s41597-020-00620-0), LCT (Dobbins 2022,
doi:10.1038/s41597-022-01521-0).
"""

from __future__ import annotations

from critextract.io.standoff import BratDocument, Entity

CHIA: dict[str, str | None] = {
    "Condition": "CONDITION",
    "Drug": "DRUG",
    "Procedure": "PROCEDURE",
    "Measurement": "MEASUREMENT",
    "Observation": "OBSERVATION",
    "Person": "PERSON",
    "Device": "DEVICE",
    "Visit": "VISIT",
    "Qualifier": "QUALIFIER",
    "Value": "VALUE",
    "Temporal": "TEMPORAL",
    "Negation": "NEGATION",
    # left out: parts of the above, or cues that the context stage owns
    "Reference_point": None,
    "Multiplier": None,
    "Mood": None,
    "Scope": None,
    # left out: flags on a whole criterion, no entities
    "Non-query-able": None,
    "Parsing_Error": None,
    "Post-eligibility": None,
    "Non-representable": None,
    "Undefined_semantics": None,
    "Informed_consent": None,
    "Subjective_judgement": None,
    "Pregnancy_considerations": None,
    "Context_Error": None,
    "Line": None,
    "Not_a_criteria": None,
    "Competing_trial": None,
    "Grammar_Error": None,
    "Intoxication_considerations": None,
    "c-Requires_causality": None,
}

LCT: dict[str, str | None] = {
    "Condition": "CONDITION",
    "Drug": "DRUG",
    "Procedure": "PROCEDURE",
    "Observation": "OBSERVATION",  # MEASUREMENT for the kinds of MEASURED
    "Age": "PERSON",
    "Life-Stage-And-Gender": "PERSON",
    "Ethnicity": "PERSON",
    "Encounter": "VISIT",
    "Severity": "QUALIFIER",
    "Acuteness": "QUALIFIER",
    "Stability": "QUALIFIER",
    "Modifier": "QUALIFIER",
    "Negation": "NEGATION",
    "Eq-Comparison": "VALUE",  # TEMPORAL by its role or parts, see TEMPORAL_ROLES
    # left out: the name inside a mention, and the parts of a comparison
    "Condition-Name": None,
    "Drug-Name": None,
    "Procedure-Name": None,
    "Observation-Name": None,
    "Allergy-Name": None,
    "Organism-Name": None,
    "Immunization-Name": None,
    "Condition-Type": None,
    "Code": None,
    "Eq-Value": None,
    "Eq-Operator": None,
    "Eq-Unit": None,
    "Eq-Temporal-Period": None,
    "Eq-Temporal-Unit": None,
    "Eq-Temporal-Recency": None,
    # left out: cues that the context stage owns, and types without a counterpart here
    "Assertion": None,
    "Polarity": None,
    "Exception": None,
    "Coreference": None,
    "Criteria-Count": None,
    "Study": None,
    "Location": None,
    "Other": None,
    "Language": None,
    "Contraindication": None,
    "Allergy": None,
    "Family-Member": None,
    "Risk": None,
    "Provider": None,
    "Indication": None,
    "Organism": None,
    "Specimen": None,
    "Birth": None,
    "Death": None,
    "Immunization": None,
    "Insurance": None,
    # left out: types of the corpus's older scheme, which its second annotator used
    "And": None,
    "Or": None,
    "Temporal-Connection": None,
    "Encounter-Type": None,
    "Provider-Type": None,
    "Provider-Role": None,
}

MEASURED = frozenset({"lab", "vital", "clinical-score", "measurement", "survey-or-questionnaire"})
"""LCT's Observation-Type-Value of an Observation that is a MEASUREMENT here."""

TEMPORAL_ROLES = frozenset({"Temporality", "Duration"})
"""Roles in which LCT's Eq-Comparison is a time expression."""

FLAGS = frozenset(
    {
        "Non-query-able",
        "Parsing_Error",
        "Post-eligibility",
        "Non-representable",
        "Undefined_semantics",
        "Informed_consent",
        "Subjective_judgement",
        "Pregnancy_considerations",
        "Context_Error",
        "Line",
        "Not_a_criteria",
        "Competing_trial",
        "Grammar_Error",
        "Intoxication_considerations",
        "c-Requires_causality",
    }
)
"""Chia's flags: they say something of a criterion, and are no mentions."""

NOT_COMPUTABLE = frozenset(
    {"Non-query-able", "Informed_consent", "Subjective_judgement", "Post-eligibility"}
)
"""Flags that say that no patient data decide the criterion."""


def is_lct(document: BratDocument) -> bool:
    """Tell LCT's dialect from Chia's: it has events, or types that Chia has not."""
    return bool(document.events) or any(
        entity.type in LCT and entity.type not in CHIA for entity in document.entities.values()
    )


def kind_of(document: BratDocument, entity: Entity, *, lct: bool) -> str | None:
    """Return what an entity is here, None where its type is left out or unknown."""
    if lct and entity.type == "Observation":
        observed = document.values.get(entity.id, {}).get("Observation-Type-Value")
        return "MEASUREMENT" if observed in MEASURED else "OBSERVATION"
    if lct and entity.type == "Eq-Comparison":
        return "TEMPORAL" if _is_temporal(document, entity) else "VALUE"
    return (LCT if lct else CHIA).get(entity.type)


def _is_temporal(document: BratDocument, entity: Entity) -> bool:
    roles = document.roles.get(entity.id, set())
    if roles:
        return bool(roles & TEMPORAL_ROLES)
    return any(part.startswith("Eq-Temporal") for part in document.parts.get(entity.id, ()))
