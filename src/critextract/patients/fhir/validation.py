"""The check of resources against FHIR; the only module that imports fhir.resources.

The models are those of R4B: the library has none of R4 itself, and for the resources read here
R4B (4.3.0) is R4 (4.0.1) without a change of a field.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from critextract.errors import InputError

READ = frozenset(
    {
        "Patient",
        "Condition",
        "Observation",
        "MedicationRequest",
        "MedicationStatement",
        "MedicationAdministration",
        "Medication",
        "Procedure",
        "Immunization",
        "AllergyIntolerance",
        "Encounter",
    }
)
"""Types of resources that hold what criteria ask; all others are passed over."""


@cache
def _model(kind: str) -> Any:
    try:
        from fhir.resources.R4B import get_fhir_model_class
    except ImportError:
        raise InputError(
            "patients in FHIR need the library fhir.resources: pip install 'critextract[fhir]'"
        ) from None
    return get_fhir_model_class(kind)


def resource_fault(resource: dict[str, Any]) -> str | None:
    """Return what is wrong with a resource of a type in `READ`, in words; None: it is valid.

    Raises
    ------
    InputError : the library is not installed.
    """
    from pydantic_core import ValidationError

    model = _model(str(resource["resourceType"]))
    try:
        model.model_validate(resource)
    except ValidationError as error:
        first, *rest = error.errors(include_url=False, include_context=False)
        more = f" (and {len(rest)} more)" if rest else ""
        place = ".".join(map(str, first["loc"])) or "resource"
        found = first["input"]
        said = "" if isinstance(found, dict) or found is None else f", found {found!r:.40}"
        message = " ".join(first["msg"].removeprefix("Value error, ").split())
        return f"{place}: {message:.160}{said}{more}"
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        return f"no valid {resource['resourceType']} ({' '.join(str(error).split()):.120})"
    return None
