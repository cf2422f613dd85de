"""The same input gives the same bytes, whatever the hash seed of the process."""

import os
import subprocess
import sys

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
