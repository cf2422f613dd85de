"""What the words and codes of results, flags, smoking and visits mean in patients' records.

The table is ``lexicons/recorded_words.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from critextract.lexicons import read_rows
from critextract.units import to_ucum


@cache
def _table(kind: str) -> dict[str, str]:
    rows = read_rows("recorded_words.tsv")
    return {said.lower(): meaning for row_kind, said, meaning in rows if row_kind == kind}


def meaning(kind: str, said: Iterable[str | None]) -> str | None:
    """Return what the first known of several codes or words means, None where none is known.

    kind : ``result``, ``flag``, ``smoking`` or ``visit``.
    """
    table = _table(kind)
    known = (table.get(" ".join(word.lower().split())) for word in said if word)
    return next((found for found in known if found), None)


NEGATIVE_FINDINGS = frozenset({"negative", "absent"})
"""Values by which an observation that is no test says that something is not there."""


def value_of_words(text: str) -> tuple[Decimal | str | None, str | None]:
    """Return the value of written words and its comparator: "< 5", "Not detected", "trace"."""
    text = text.strip()
    comparator = next((c for c in ("<=", ">=", "<", ">") if text.startswith(c)), None)
    bare = text.removeprefix(comparator or "").strip()
    if bare.replace(".", "", 1).removeprefix("-").isdecimal() and bare.isascii():
        return Decimal(bare), comparator
    return meaning("result", [text]) or text or None, None


_POWER = re.compile(r"(?:[x×]\s*)?10\s*(?:\^|\*{1,2}|e)?\s*(\d{1,2})\s*(/.+)", re.IGNORECASE)
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def unit_of_words(written: str | None) -> str | None:
    """Return the UCUM code of a written unit, the words themselves where it is not known.

    Examples: "mmHg" is ``mm[Hg]``, "x 10^9/L" and "10E9/L" are ``10*9/L``.
    """
    written = (written or "").strip()
    power = _POWER.fullmatch(written.translate(_SUPERSCRIPT))
    below = to_ucum(power[2]) if power else None
    if power and below:
        return f"10*{power[1]}{below}"
    return to_ucum(written) or written or None
