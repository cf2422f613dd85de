"""Walk folders in a fixed order."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from critextract.io.forms import KNOWN, form_of_name, is_ignored
from critextract.io.items import Skipped, skipped


def walk(folder: Path) -> Iterator[Path | Skipped]:
    """Yield the readable files below `folder`, sorted by name, and what cannot be read.

    Files that are known to be no documents are passed over; links to folders are not followed.
    """
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries)
    except OSError as error:
        yield skipped(str(folder), f"cannot be listed ({error.strerror}); no read rights?")
        return
    for name in names:
        path = folder / name
        if is_ignored(name):
            continue
        if path.is_dir():
            if path.is_symlink():
                yield skipped(str(path), "found a link to a folder, which is not followed")
            else:
                yield from walk(path)
        elif not path.is_file():
            yield skipped(str(path), "found a broken link, pipe or device, expected a file")
        elif form_of_name(name) is None:
            suffix = path.suffix or "no suffix"
            yield skipped(str(path), f"found {suffix}, expected one of {KNOWN}; not a document?")
        else:
            yield path
