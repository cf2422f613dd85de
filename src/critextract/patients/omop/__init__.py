"""Patients in an OMOP CDM 5.4, read and written."""

from critextract.patients.omop.reader import Narrower, narrower_concepts, read_omop

__all__ = ["Narrower", "narrower_concepts", "read_omop"]
