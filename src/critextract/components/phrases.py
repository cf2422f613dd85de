"""The pattern notation of the packaged rule and word lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

_ALTERNATIVES = re.compile(r"\{([^{}]*)\}")


def expand(pattern: str) -> Iterator[str]:
    """Yield the plain phrases of a pattern: ``{no|without} signs{ of|}``."""
    parts = _ALTERNATIVES.split(pattern)
    choices = [p.split("|") if i % 2 else [p] for i, p in enumerate(parts)]
    for chosen in product(*choices):
        yield " ".join("".join(chosen).split())
