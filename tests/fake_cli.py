"""The command line over the stand-in extractor: ``python fake_cli.py extract …``.

The environment's ``FAKE_PAUSE`` is the seconds each document takes.
"""

import os
import sys
import types

from critextract.cli import app
from fake_extractor import FakeExtractor

if __name__ == "__main__":
    pipeline = types.ModuleType("critextract.pipeline")
    pipeline.load = lambda _: FakeExtractor(pause=float(os.environ.get("FAKE_PAUSE", "0")))
    sys.modules["critextract.pipeline"] = pipeline
    app()
