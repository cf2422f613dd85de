"""Ask the registry's public API (version 2) for one trial."""

from __future__ import annotations

import os
import re
import socket
import time
from typing import TYPE_CHECKING

from critextract.errors import LimitError, NetworkError

if TYPE_CHECKING:
    from urllib.error import HTTPError

REGISTRY_URL = "https://clinicaltrials.gov/api/v2"
URL_VARIABLE = "CRITEXTRACT_REGISTRY_URL"
_NUMBER = re.compile(r"NCT\d{8}", re.IGNORECASE)
_TRY_AGAIN = frozenset({429, 500, 502, 503, 504})


def is_trial_number(text: str) -> bool:
    """Tell whether `text` is an NCT number."""
    return _NUMBER.fullmatch(text) is not None


def registry_url(base_url: str | None) -> str:
    """Return the address asked: the argument, else the environment's, else the public one.

    Raises
    ------
    NetworkError : it is no http address.
    """
    url = (base_url or os.environ.get(URL_VARIABLE) or REGISTRY_URL).rstrip("/")
    if not url.lower().startswith(("http://", "https://")):
        raise NetworkError(f"registry address {url!r}: expected one that begins with https://")
    return url


def fetch_study(
    nct_id: str,
    *,
    base_url: str | None = None,
    timeout: float = 15.0,
    tries: int = 3,
    pause: float = 1.0,
    limit: int = 200_000_000,
) -> bytes:
    """Return the JSON of one trial as the registry sends it.

    timeout, pause : seconds, for each answer and between tries; `pause` doubles.
    limit : bytes of an answer, `LimitError` above.

    Raises
    ------
    NetworkError : no network, no answer in time, or the registry has no such trial.
    """
    from urllib.error import HTTPError, URLError
    from urllib.request import Request, urlopen

    url = f"{registry_url(base_url)}/studies/{nct_id.upper()}?format=json"
    request = Request(url, headers={"Accept": "application/json", "User-Agent": "critextract"})
    for attempt in range(1, tries + 1):
        try:
            with urlopen(request, timeout=timeout) as answer:
                data: bytes = answer.read(limit + 1)
        except HTTPError as error:
            error.close()
            if error.code not in _TRY_AGAIN or attempt == tries:
                raise NetworkError(_refused(nct_id, url, error)) from None
            time.sleep(pause * 2 ** (attempt - 1))
            continue
        except (URLError, OSError, ValueError) as error:
            raise NetworkError(_unreachable(nct_id, url, error, timeout)) from None
        if len(data) > limit:
            raise LimitError(f"{nct_id}: {url} sends over the limit of {limit} bytes")
        return data
    raise NetworkError(f"{nct_id}: {url} was not asked; tries must be at least 1")


def _refused(nct_id: str, url: str, error: HTTPError) -> str:
    cause = "no such trial there?" if error.code == 404 else "try again later"
    return f"{nct_id}: {url} answers {error.code} {error.reason}, expected the trial; {cause}"


def _unreachable(nct_id: str, url: str, error: Exception, timeout: float) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError | socket.timeout):
        reason = f"no answer in {timeout:g} s"
    return f"{nct_id}: {url} cannot be reached ({reason}); no network, or a proxy needed?"
