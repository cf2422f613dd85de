"""Write the weights of named features, one a line, readable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from critextract.errors import ModelError


def write_weights(path: Path, data: Mapping[str, Any]) -> None:
    """Write facts and weights as JSON; the folder is made if it is not there.

    Raises
    ------
    ModelError : it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(data, ensure_ascii=False, indent=0, separators=(",", ":"))
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise ModelError(f"{path}: the model cannot be written ({error.strerror})") from None
