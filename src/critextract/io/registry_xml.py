"""The registry's legacy XML, read by a parser that refuses entities and external references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from critextract.errors import InputError
from critextract.io.demographics import demographics
from critextract.io.encodings import decode
from critextract.io.intake import document
from critextract.io.items import Blob, Item, Limits
from critextract.io.plain_text import empty_document, read_whole, section_of, stem

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DECLARED = re.compile(rb"""^(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.-]+)""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")


def read_xml(blob: Blob, limits: Limits) -> Iterator[Item]:
    """Yield the documents of the ``clinical_study`` elements, the decoded string unchanged."""
    data = read_whole(blob, limits.record_bytes, "record_bytes")
    if not data.strip():
        yield empty_document(blob)
        return
    root, problems = _parse(data, blob.label)
    studies = list(root.iter("clinical_study"))
    if not studies:
        raise InputError(
            f"{blob.label}: found XML with root <{root.tag}>, expected <clinical_study>"
        )
    for element in studies:
        yield _study(element, blob, limits, problems)


def _parse(data: bytes, label: str) -> tuple[Element, tuple[str, ...]]:
    from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

    declared = _DECLARED.match(data)
    named = declared[1].decode().lower() if declared else "utf-8"
    odd = () if named in {"utf-8", "us-ascii", "ascii"} else (f"not UTF-8: read as {named}",)
    try:
        try:
            return fromstring(data), odd
        except ParseError:
            text, problems = decode(data, label)
            if not problems:
                raise
            return fromstring(_DECLARATION.sub("", text)), problems
    except DefusedXmlException as error:
        kind = type(error).__name__
        raise InputError(
            f"{label}: found XML with entities or external references ({kind}), which are refused;"
            " not a registry record?"
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise InputError(f"{label}: not well-formed XML ({error}); truncated?") from None


def _study(element: Element, blob: Blob, limits: Limits, problems: tuple[str, ...]) -> Item:
    def printed(path: str) -> str | None:
        found = element.find(path)
        return None if found is None else "".join(found.itertext())

    name = (printed("id_info/nct_id") or "").strip()
    if not name:
        name, problems = stem(blob.name), (*problems, "no NCT number: named after its file")
    found, odd = demographics(
        printed("eligibility/gender"),
        printed("eligibility/minimum_age"),
        printed("eligibility/maximum_age"),
        printed("eligibility/healthy_volunteers"),
    )
    return document(
        name,
        printed("eligibility/criteria/textblock") or "",
        blob.label,
        limits,
        demographics=found,
        default_section=section_of(name),
        problems=(*problems, *odd),
    )
