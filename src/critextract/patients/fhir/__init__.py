"""Patients in FHIR R4, read and written."""

from critextract.patients.fhir.reader import read_fhir
from critextract.patients.fhir.writer import write_fhir

__all__ = ["read_fhir", "write_fhir"]
