"""critextract: free-text eligibility criteria in, rules a machine can check out.

>>> import critextract
>>> record = critextract.extract("Inclusion Criteria: Age 18 years or older")  # doctest: +SKIP
>>> record.criteria[0].rule                                                   # doctest: +SKIP
Is(mention='m1', op='is')

`load` returns an extractor to keep; `extract` and `extract_many` use the default one. The names
below are imported when they are first used, so ``import critextract`` is fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from critextract.api import extract, extract_many
    from critextract.errors import CritextractError
    from critextract.evaluation.evaluate import evaluate
    from critextract.evaluation.results import Evaluation
    from critextract.patients.check import check
    from critextract.patients.model import Event, Patient
    from critextract.patients.verdicts import Verdict
    from critextract.pipeline import load
    from critextract.rules import (
        AllOf,
        AnyOf,
        AtLeast,
        Child,
        Except,
        If,
        Is,
        Not,
        Rule,
        Unparsed,
    )
    from critextract.schema import Criterion, Label, Mention, Record, Value, Window

_HOMES = {
    "critextract.api": ("extract", "extract_many"),
    "critextract.errors": ("CritextractError",),
    "critextract.evaluation.evaluate": ("evaluate",),
    "critextract.evaluation.results": ("Evaluation",),
    "critextract.patients.check": ("check",),
    "critextract.patients.model": ("Event", "Patient"),
    "critextract.patients.verdicts": ("Verdict",),
    "critextract.pipeline": ("load",),
    "critextract.rules": (
        "AllOf", "AnyOf", "AtLeast", "Child", "Except", "If", "Is", "Not", "Rule", "Unparsed",
    ),
    "critextract.schema": ("Criterion", "Label", "Mention", "Record", "Value", "Window"),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AllOf", "AnyOf", "AtLeast", "Child", "Criterion", "CritextractError", "Evaluation", "Event",
    "Except", "If", "Is", "Label", "Mention", "Not", "Patient", "Record", "Rule", "Unparsed",
    "Value", "Verdict", "Window", "__version__", "check", "evaluate", "extract", "extract_many",
    "load",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
