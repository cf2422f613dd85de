"""critextract: free-text eligibility criteria in, rules a machine can check out."""

__version__ = "0.1.0"
