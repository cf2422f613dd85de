"""Patients in an OMOP CDM 5.4, read and written."""

from critextract.patients.omop.reader import Narrower, narrower_concepts, read_omop
from critextract.patients.omop.writer import Written, write_omop

__all__ = ["Narrower", "Written", "narrower_concepts", "read_omop", "write_omop"]
