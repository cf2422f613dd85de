"""Which form a file has, by its name or, without one, by its first bytes."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Literal

Form = Literal["text", "json", "xml", "csv", "parquet", "zip", "tar", "gzip"]
_SUFFIXES: dict[str, Form] = {
    ".txt": "text",
    ".text": "text",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".xml": "xml",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".zip": "zip",
    ".tar": "tar",
    ".tgz": "gzip",
    ".gz": "gzip",
}
KNOWN = ", ".join(_SUFFIXES)
_NO_DOCUMENTS = frozenset(
    {".ann", ".a1", ".a2", ".conf", ".cfg", ".ini", ".toml", ".yaml", ".yml", ".md", ".rst", ".py"}
    | {".ipynb", ".sh", ".r", ".lock", ".log", ".sha256", ".md5", ".sum", ".xsd", ".dtd", ".css"}
)
"""Files that lie beside documents and are none: annotations, settings, notes, code."""
_NO_DOCUMENT_NAMES = frozenset({"license", "licence", "readme", "makefile", "notice", "changelog"})
_JSON_START = re.compile(rb'^(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"')
_XML_START = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE|clinical_study\b)")


OFFICE = frozenset({".docx", ".xlsx", ".pptx", ".odt", ".ods"})
"""Zip archives by their bytes, documents of another kind to their users."""


def form_of_name(name: str) -> Form | None:
    """Return the form the name's suffix says, None where it says none."""
    return _SUFFIXES.get(PurePosixPath(name).suffix.lower())


def form_of_bytes(head: bytes) -> Form:
    """Return the form the first bytes show; what shows none is text."""
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head[257:262] == b"ustar":
        return "tar"
    if _JSON_START.match(head):
        return "json"
    return "xml" if _XML_START.match(head) else "text"


def is_ignored(name: str) -> bool:
    """Tell whether a file of a folder or archive is no document and known to be none."""
    path = PurePosixPath(name)
    if any(part.startswith(".") and part not in {".", ".."} for part in path.parts):
        return True
    if "__MACOSX" in path.parts:
        return True
    plain = path.name.lower()
    return path.suffix.lower() in _NO_DOCUMENTS or plain.split(".")[0] in _NO_DOCUMENT_NAMES
