"""The same input gives the same bytes, whatever the hash seed of the process."""

import os
import subprocess
import sys

from critextract import pipeline

TEXT = """Inclusion Criteria:
- Prior radiotherapy is allowed (at the discretion of the investigator, if stable)
- Hb >= 13 (men), >= 12 (women), renal or hepatic disease that may interfere, or is allowed
- Women of childbearing potential must have a negative pregnancy test and be willing to comply
"""
PROGRAM = [sys.executable, "-c", "from critextract.cli import app; app()", "extract", "-"]


def test_the_bytes_do_not_depend_on_the_hash_seed():
    outputs = {
        subprocess.run(
            PROGRAM,
            input=TEXT.encode(),
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1
    assert outputs.pop()


def test_a_line_is_read_alike_again_and_among_others(extractor, monkeypatch):
    monkeypatch.setattr(extractor, "_lines", {})
    first, again = extractor.extract(TEXT), extractor.extract(TEXT)
    assert again == first
    monkeypatch.setattr(extractor, "_lines", {})
    for line in reversed(TEXT.splitlines()):  # each line in a record of its own
        extractor.extract(line)
    assert extractor.extract(TEXT) == first


def test_lines_read_last_are_kept_and_no_more(extractor, monkeypatch):
    monkeypatch.setattr(extractor, "_lines", {})
    monkeypatch.setattr(pipeline, "LINES_KEPT", 2)
    for text in ("Gout", "Asthma", "Gout", "Stroke", "Hypertension or " * 20):
        extractor.extract(text)
    assert list(extractor._lines) == ["Gout", "Stroke"]


def test_a_line_that_is_kept_is_not_read_again(extractor, monkeypatch):
    monkeypatch.setattr(extractor, "_lines", {})
    read = []
    pipe = extractor.nlp.pipe
    monkeypatch.setattr(extractor.nlp, "pipe", lambda texts: pipe(read.extend(texts) or texts))
    extractor.extract("- Gout\n- Asthma\n- Gout\n")
    extractor.extract("- Asthma\n- Stroke\n")
    assert sorted(read) == ["Asthma", "Gout", "Stroke"]
