"""What the names in patients' records say: tags and salts cut off, absent and past facts told.

Records of FHIR and OMOP name things as their vocabularies do: "Prediabetes (finding)", "History
of myocardial infarction", "metformin hydrochloride 500 MG Oral Tablet [Glucophage]". The patterns
are ``lexicons/recorded_names.tsv``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

from critextract.lexicons import read_rows
from critextract.patients.model import Code

Kind = Literal["present", "past", "absent", "family", "uncertain"]

_NOT_NOW: tuple[Kind, ...] = ("absent", "family", "uncertain", "past")
_BRAND = re.compile(r"\s*\[[^\]]*\]")
_PACK = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_AMOUNT_IN_FRONT = re.compile(r"^(?:[\d.]+\s*(?:HR|ACTUAT|ML|MG|DAY|UNT|MCG)\s+)+", re.IGNORECASE)
_STRENGTH = re.compile(r"\s+[\d.,]+\s*(?:-\s*[\d.]+\s*)?[A-Za-z%\[(µ].*$")


class Recorded(NamedTuple):
    """A recorded name without its tag and lead-in, and what the lead-in said."""

    name: str
    kind: Kind


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    parts = [pattern for row_kind, pattern in read_rows("recorded_names.tsv") if row_kind == kind]
    joined = "|".join(f"(?:{part})" for part in parts)
    ends = kind in {"tag", "form"}
    return re.compile(f"(?:{joined}){'$' if ends else ''}", re.IGNORECASE)


def recorded_name(name: str) -> Recorded:
    """Return the name without semantic tag and lead-in, and what the lead-in says.

    Examples: "Prediabetes (finding)" is present; "History of stroke" is "stroke", past; "Family
    history of diabetes" is family, "No known allergy" absent, "Suspected COVID-19" uncertain:
    these three are no facts about the patient.
    """
    name = _pattern("tag").sub("", " ".join(name.split()))
    for kind in _NOT_NOW:
        found = _pattern(kind).match(name)
        if found:
            return Recorded(name[found.end() :].strip() or name, kind)
    return Recorded(name, "present")


def ingredients(name: str) -> tuple[str, ...]:
    """Return the ingredients a drug's recorded name holds, without strength, form, brand and salt.

    Example: "24 HR metformin hydrochloride 500 MG / sitagliptin 50 MG Oral Tablet [Janumet]" is
    metformin and sitagliptin. A name with nothing to cut is its own ingredient.
    """
    bare = " ".join(_BRAND.sub("", name).split())
    packed = _PACK.findall(bare) if bare.startswith("{") else [bare]
    parts = [part for item in packed for part in re.split(r"\s+/\s+", item)]
    found = [_ingredient(part) for part in parts]
    return tuple(dict.fromkeys(part for part in found if part)) or (name,)


def _ingredient(part: str) -> str:
    part = re.sub(r"^\d+\s+\(", "", part)
    part = _AMOUNT_IN_FRONT.sub("", part.strip())
    part = _STRENGTH.sub("", part)
    part = _pattern("form").sub("", part).strip(" ,;()")
    while True:
        head, _, last = part.rpartition(" ")
        if not head or not _pattern("salt").fullmatch(last) or _pattern("metal").fullmatch(head):
            return part
        part = head


def event_codes(codes: list[Code]) -> tuple[str | None, tuple[Code, ...]]:
    """Return the code of an event and all its codes, as the form of JSON Lines reads them back."""
    if not codes:
        return None, ()
    first = codes[0].code
    return first, tuple(dict.fromkeys([Code(first), *codes]))
