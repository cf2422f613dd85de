"""What each type of the two corpora becomes in the mention model.

Two conventions meet in one model. A type is mapped to a label, or named as left out (None). The
mention labels and QUALIFIER are what the model is for. VALUE, TEMPORAL and NEGATION belong to the
grammars; the model learns them so that it does not call their words something else.
"""

from __future__ import annotations

from critextract.schema import Label

AUXILIARY = ("QUALIFIER", "VALUE", "TEMPORAL", "NEGATION")
LABELS = (*(str(label) for label in Label), *AUXILIARY)

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
}

MEASURED = frozenset({"lab", "vital", "clinical-score", "measurement", "survey-or-questionnaire"})
"""LCT's Observation-Type-Value of an Observation that is a MEASUREMENT here."""

TEMPORAL_ROLES = frozenset({"Temporality", "Duration"})
"""Roles in which LCT's Eq-Comparison is a time expression."""

UNKNOWN = frozenset(
    {
        # LCT: mentions in Chia, under other labels
        "Allergy",
        "Organism",
        "Immunization",
        "Birth",
        "Death",
        # Chia: text whose mentions were not annotated though it holds some
        "Pregnancy_considerations",
        "Non-representable",
        "Parsing_Error",
        "Context_Error",
        "Grammar_Error",
    }
)
"""Types over text of which the annotation does not say what it holds: left open in training."""
