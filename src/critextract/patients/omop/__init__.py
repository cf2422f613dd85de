"""Patients in an OMOP CDM 5.4, read and written, and its hierarchy of concepts."""

from critextract.patients.omop.hierarchy import Narrower, concept_hierarchy, narrower_concepts
from critextract.patients.omop.reader import read_omop
from critextract.patients.omop.writer import Written, write_omop

__all__ = [
    "Narrower",
    "Written",
    "concept_hierarchy",
    "narrower_concepts",
    "read_omop",
    "write_omop",
]
