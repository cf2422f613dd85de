"""Where the shipped models lie: in the installed package, or in the checkout it was built from."""

from __future__ import annotations

from pathlib import Path

from critextract.errors import ModelError


def model_folder(name: str, holds: str) -> Path:
    """Return the folder of a shipped model.

    Looked for beside the package (``critextract/models``), then in the checkout's ``models``.

    Parameters
    ----------
    name, holds : the folder's name, and a file that must be in it.

    Raises
    ------
    ModelError : it is in neither place.
    """
    package = Path(__file__).resolve().parent
    places = (package / "models" / name, package.parents[1] / "models" / name)
    for place in places:
        if (place / holds).is_file():
            return place
    raise ModelError(
        f"model {name!r} is missing: looked in {' and '.join(map(str, places))}; "
        "is the installation complete?"
    )
