"""A synthetic population, for tests and examples."""

from critextract.patients.sample.files import write_sample
from critextract.patients.sample.population import sample_patients

__all__ = ["sample_patients", "write_sample"]
