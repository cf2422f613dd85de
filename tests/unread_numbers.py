"""Count the forms of the numbers that no finding of a record holds.

Usage: ``python tests/unread_numbers.py RECORDS.jsonl [--top N] [--find FORM]`` on what
``critextract extract`` wrote. A number is read if it lies in a mention, value, window, qualifier,
count, dose or heading; the rest is listed by form (the words beside it, digits as 9), the most
frequent first, with a sample. ``--find`` prints every place of the forms that hold these words.

``--grammars`` asks the grammars alone, on the criteria of the same records: a number is read if
`find_quantities` or `find_times` reads it, whether or not a mention was found that it belongs to.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from critextract.components.quantities import find_quantities
from critextract.components.temporal import find_times
from critextract.text import clean

_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
_BEFORE = re.compile(r"(\S+\s*\S*)\s?$")
_AFTER = re.compile(r"^\s?\S*")


def places(record: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """Yield the characters of every finding of a record."""
    for mention in record["mentions"]:
        found = [mention, mention["count"], mention["dose"]]
        found += mention["values"] + mention["windows"] + mention["qualifiers"]
        found += [value["alternative"] for value in mention["values"]]
        yield from ((f["start"], f["end"]) for f in found if f)
    yield from ((h["start"], h["end"]) for h in record["headings"])


def unread(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield form and surroundings of each number of a criterion that is in no finding."""
    text = record["text"]
    held = bytearray(len(text))
    for start, end in places(record):
        held[start:end] = b"\1" * (end - start)
    owned = {c["parent"] for c in record["criteria"]}
    for criterion in record["criteria"]:
        if criterion["id"] in owned:
            continue
        for match in _NUMBER.finditer(text, criterion["start"], criterion["end"]):
            if not held[match.start()]:
                yield form(text, match.start(), match.end()), _around(text, match)


def unread_by_grammars(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield form and surroundings of each number that no grammar reads."""
    owned = {c["parent"] for c in record["criteria"]}
    names = [(m["start"], m["end"]) for m in record["mentions"]]
    for criterion in record["criteria"]:
        if criterion["id"] in owned:
            continue
        piece = clean(record["text"], criterion["start"], criterion["end"])
        read = bytearray(len(piece.text))
        found = [q.value for q in find_quantities(piece.text)]
        found += [value.alternative for value in found if value.alternative]
        for item in (*found, *(t.window for t in find_times(piece.text))):
            read[item.start : item.end] = b"\1" * (item.end - item.start)
        for match in _NUMBER.finditer(piece.text):
            start, end = piece.span(*match.span())
            named = any(a < end and start < b for a, b in names)
            if not read[match.start()] and not named:
                yield form(piece.text, *match.span()), _around(piece.text, match)


def form(text: str, start: int, end: int) -> str:
    """Return the words before and after a number, lower case, digits as 9."""
    before = _BEFORE.search(text[max(0, start - 25) : start])
    after = _AFTER.search(text[end : end + 15])
    words = (before[0] if before else "") + "N" + (after[0] if after else "")
    return re.sub(r"\s+", " ", re.sub(r"\d+", "9", words.lower())).strip()


def _around(text: str, match: re.Match[str]) -> str:
    return re.sub(r"\s+", " ", text[max(0, match.start() - 45) : match.end() + 30])


def main() -> None:
    """Print the list."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("records", type=Path)
    parser.add_argument("--top", type=int, default=200)
    parser.add_argument("--find")
    parser.add_argument("--grammars", action="store_true")
    asked = parser.parse_args()
    forms, samples, numbers, records = Counter[str](), dict[str, str](), 0, 0
    with asked.records.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            records += 1
            numbers += len(_NUMBER.findall(record["text"]))
            for shape, sample in (unread_by_grammars if asked.grammars else unread)(record):
                forms[shape] += 1
                samples.setdefault(shape, sample)
                if asked.find and asked.find in shape:
                    print(f"{record['id']}: {sample}")
    print(f"{records} records, {numbers} numbers, {forms.total()} in no finding")
    for shape, count in forms.most_common(asked.top):
        print(f"{count:6} {shape:32} | {samples[shape]}")


if __name__ == "__main__":
    main()
