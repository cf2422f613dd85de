"""The pattern notation of the rule and word lists."""

from __future__ import annotations

import pytest

from critextract.components.phrases import expand


@pytest.mark.parametrize(
    ("pattern", "phrases"),
    [
        ("no", ["no"]),
        ("{a|b} c", ["a c", "b c"]),
        ("sign{s|} of", ["signs of", "sign of"]),
        ("{x |}y", ["x y", "y"]),
    ],
)
def test_expand(pattern, phrases):
    assert list(expand(pattern)) == phrases
