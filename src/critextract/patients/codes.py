"""Codes of vocabularies, whatever way their system is spelled."""

from __future__ import annotations

import re
from functools import lru_cache

_SYSTEMS = (
    ("LOINC", r"loinc|lnc?|2\.16\.840\.1\.113883\.6\.1"),
    ("SNOMED", r"snomed\w*|sct|sctid|2\.16\.840\.1\.113883\.6\.96"),
    ("RxNorm", r"rxnorm\w*|rxcui|2\.16\.840\.1\.113883\.6\.88"),
    ("ATC", r"atc|whoatc|whocc\w*|2\.16\.840\.1\.113883\.6\.73"),
    ("ICD-9", r"icd9\w*|2\.16\.840\.1\.113883\.6\.(?:42|103|104)"),
    ("ICD-10-PCS", r"icd10pcs|2\.16\.840\.1\.113883\.6\.4"),
    ("ICD-10", r"icd10\w*|icd|2\.16\.840\.1\.113883\.6\.(?:3|90)"),
    ("MeSH", r"mesh|msh"),
    ("UMLS", r"umls|cui|2\.16\.840\.1\.113883\.6\.86"),
    ("DrugBank", r"drugbank|db"),
    ("DOID", r"doid|do|diseaseontology"),
    ("OMOP", r"omop|ohdsi|athena|conceptid"),
    ("critextract", r"critextract"),
)
_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _SYSTEMS)
_NAMES = frozenset(name for name, _ in _SYSTEMS)
_PARTS = (
    ("loinc.org", "LOINC"),
    ("snomed.info", "SNOMED"),
    ("umls/rxnorm", "RxNorm"),
    ("whocc.no", "ATC"),
    ("icd-9", "ICD-9"),
    ("icd10pcs", "ICD-10-PCS"),
    ("icd-10-pcs", "ICD-10-PCS"),
    ("icd-10", "ICD-10"),
    ("icd10", "ICD-10"),
    ("ncbi.nlm.nih.gov/mesh", "MeSH"),
    ("id.nlm.nih.gov/mesh", "MeSH"),
    ("drugbank", "DrugBank"),
    ("ohdsi.org", "OMOP"),
)

_PREFIXED = re.compile(r"([A-Za-z]{1,12})[:_]\d+")
"""A code of an ontology, which names it itself: "DOID:1612", "HP:0000118"."""

_LEVELS = {"ICD-10": range(1, 8), "ICD-9": range(3, 6), "ATC": range(1, 7)}
"""Lengths at which the beginning of a code of the system is itself a broader code."""

_BARE = (
    (re.compile(r"\d{1,5}-\d"), "LOINC"),
    (re.compile(r"[A-Z]\d\d[A-Z]{2}\d\d"), "ATC"),
    (re.compile(r"[A-TV-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}"), "ICD-10"),
    (re.compile(r"DOID:\d+"), "DOID"),
    (re.compile(r"DB\d{5}"), "DrugBank"),
)


@lru_cache(maxsize=1024)
def system_name(written: str) -> str:
    """Return the one name of a code system: "http://loinc.org", "LN" and "loinc" are ``LOINC``."""
    lower = written.strip().lower().removeprefix("urn:oid:")
    for part, name in _PARTS:
        if part in lower:
            return name
    bare = re.sub(r"[^a-z0-9.]", "", lower)
    return next((name for name, pattern in _PATTERNS if pattern.fullmatch(bare)), written.strip())


def _system_of(code: str) -> str:
    return next((system for pattern, system in _BARE if pattern.fullmatch(code)), "")


@lru_cache(maxsize=65536)
def code_key(system: str | None, code: str) -> str | None:
    """Return the form in which codes are compared, None where the system cannot be told.

    Examples: ("http://loinc.org", "2160-0") -> ``LOINC 2160-0``; (None, "LOINC:2160-0") the same;
    ("ICD10CM", "I21.4") -> ``ICD-10 I214``.
    """
    code = code.strip()
    if not system:
        named = re.fullmatch(r"([A-Za-z][A-Za-z0-9 -]*?)[:| ]\s*(\S+)", code)
        if named and not code.startswith("DOID:") and system_name(named[1]) in _NAMES:
            system, code = named[1], named[2]
    name = system_name(system) if system else _system_of(code)
    prefixed = _PREFIXED.fullmatch(code)
    if prefixed and name not in _NAMES - {"DOID"}:
        name = prefixed[1]
    if not name or not code:
        return None
    if name in {"ICD-10", "ICD-9"}:
        code = code.upper().replace(".", "").rstrip("-")
    if name == "DOID":
        code = "DOID:" + code.removeprefix("DOID:").removeprefix("DOID_")
    return f"{name} {code}"


@lru_cache(maxsize=65536)
def broader_codes(key: str) -> tuple[str, ...]:
    """Return the codes a code lies under by its own form: ``ICD-10 I21`` for ``ICD-10 I214``."""
    system, _, code = key.rpartition(" ")
    return tuple(f"{system} {code[:n]}" for n in _LEVELS.get(system, ()) if n < len(code))
