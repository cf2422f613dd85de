"""What each type of the two corpora becomes in the mention model.

Two conventions meet in one model. A type is mapped to a label, or named as left out (None). The
mention labels and QUALIFIER are what the model is for. VALUE, TEMPORAL and NEGATION belong to the
grammars; the model learns them so that it does not call their words something else.
"""

from __future__ import annotations

from critextract.io.brat_dialects import CHIA, LCT
from critextract.schema import Label

__all__ = ["AUXILIARY", "CHIA", "LABELS", "LCT", "UNKNOWN"]

AUXILIARY = ("QUALIFIER", "VALUE", "TEMPORAL", "NEGATION")
LABELS = (*(str(label) for label in Label), *AUXILIARY)

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
